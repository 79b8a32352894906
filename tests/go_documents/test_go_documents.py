"""What a file's text holds, and what is wrong with it, against the real kubectl.

kubectl complains of each document without a kind by printing it as JSON, all documents of all files in one run: so it
shows, with no cluster, what it read.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys

import pytest
from hypothesis import strategies as st

from kubectl_svc.access.manifests import read_documents
from kubectl_svc.errors import SvcError
from kubectl_svc.go_documents import read_json_documents
from tests.strategies import drawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.control_plane.build import Programs


def assert_read_alike(kubectl: str, folder: Path, texts: Sequence[str | bytes]) -> None:
    """Whether both programs say the same of every text, each in a file of its own. The failure names the text."""
    files = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append((text, str(path)))
    for start in range(0, len(files), 500):
        _compare(kubectl, files[start : start + 500])


def without_place(sentence: str) -> str:
    """An error less the line that names the document, which kubectl does not."""
    return re.sub(r"\nin document \d+$", "", sentence)


def _compare(kubectl: str, files: Sequence[tuple[str | bytes, str]]) -> None:
    words = [word for _, path in files for word in ("-f", path)]
    done = subprocess.run([kubectl, "expose", "--dry-run=client", *words], capture_output=True, check=False)
    theirs = done.stderr.decode().removeprefix("error: ")
    found = [str(one) for one in read_documents([path for _, path in files], io.BytesIO(), {})]
    ours = "".join(f"{without_place(sentence)}\n" for sentence in found)
    if ours == theirs:
        return
    assert len(files) > 1, f"{files[0][0]!a}\nkubectl: {theirs!a}\n   ours: {ours!a}"
    _compare(kubectl, files[: len(files) // 2])
    _compare(kubectl, files[len(files) // 2 :])
    raise AssertionError("the files are read alike each, but not together")


_LOOK_ALIKES = [
    "y", "n", "yes", "no", "on", "off", "Yes", "NO", "oN", "true", "TRUE", "tRue", "false", "null", "Null", "nUll",
    "~", "<<", "=", "2001-01-01", "2001-1-1", "2001-01-01T00:00:00Z", "2001-13-40", "1:60", "190:20:30", "0o17",
    "0O17", "0017", "08", "09.5", "0x1F", "0X1f", "0xG", "0b11", "0B11", "-0b11", "0b-1", "0b+1", "-0b-1", "0b2",
    "1e3", "1E3", "1e+3", "1e-3", "1e400", "-1e400", "1e-400", "1e21", "1e20", "123456789012345678901234567890", "1e-7",
    "1e-6", "-1e-5", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", "1_000", "_1", "1_", "1__0", "1_000.5", ".5", "-.5", "+.5",
    ".5_0", ".5_", ".5e1_0",
    "5.", ".", "..", "+1", "-1", "+", "-", "--", ".inf", "+.inf", "-.Inf", ".INF", ".iNf", "inf", "nan", ".nan",
    ".NaN", ".NAN", "1.5e", "1.5.5", "0x", "0b", "0o", "1p3", "0x1p3", "16777217.5", "1234567.5", "0.00001234",
    "3.4e38",
]  # fmt: skip
_NUMERIC = st.text(st.sampled_from("0123456789_.+-eExXbBoOa"), min_size=1, max_size=8)
# Not a float -0: JSON says -0 there, which is the integer 0 for everybody who reads it.
_SCALARS = (st.sampled_from(_LOOK_ALIKES) | _NUMERIC).filter(lambda text: not re.match(r"-[0_]*\.?[0_]*([eE]|$)", text))
_TAGS = st.sampled_from(["", "", "", "", "!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!timestamp ", "!own "])
_PLACES = st.sampled_from(["a: {}\n", "{}: a\n", "- {}\n", "[a, {}]\n", "? {}\n: a\n"])


def test_scalars(programs: Programs, tmp_path: Path) -> None:
    """Every plain and tagged scalar has Go's type and value, as a value and as a key."""
    texts = drawn(st.builds(lambda place, tag, text: place.format(tag + text), _PLACES, _TAGS, _SCALARS), 500)
    assert_read_alike(programs.kubectl, tmp_path, texts)


def test_every_look_alike(programs: Programs, tmp_path: Path) -> None:
    """The scalars that YAML's versions and libraries disagree about."""
    texts = [
        place.format(text) for text in _LOOK_ALIKES for place in ("a: {}\n", "{}: a\n", "a: '{}'\n", "a: !!str {}\n")
    ]
    assert_read_alike(programs.kubectl, tmp_path, texts)


_KEYS = st.sampled_from(["a", "b", "c", "<<", "~", "'q'", '"d"', "? x", "&k a", "*k"])
_VALUES = st.sampled_from([
    "", "1", "x", "[1, 2]", "{a: b}", "&x 1", "*x", "&m", "*m", "|", "'s'", '"t\\n"', "- 1", "{{ .V }}", "x: y", "# c",
    "!!str 1", ">-", "null", "@a", "%b", "`", "{<<: *m, a: 1}", "<b>&\u2028", "\u00e9",
])  # fmt: skip
_LINES = st.builds(
    "{}{}: {}{}".format,
    st.sampled_from(["", "  ", "    ", "- ", "  - "]),
    _KEYS,
    _VALUES,
    st.sampled_from(["\n", "\r\n"]),
)
_SEPARATORS = st.sampled_from(["---\n", "--- # c\n", "---\r\n", "...\n", "\n", "# c\n", "----\n", "%YAML 1.1\n"])
_YAML = st.lists(_LINES | _LINES | _LINES | _SEPARATORS, min_size=1, max_size=7).map("".join)


def test_yaml(programs: Programs, tmp_path: Path) -> None:
    """Documents, anchors, merges, block and flow, right and wrong, with line numbers."""
    assert_read_alike(programs.kubectl, tmp_path, drawn(_YAML, 500))


_TOKENS = st.sampled_from([
    "{", "}", "[", "]", ",", ":", "<", "'", " ", "\n", "\u00e9", "{}", "[]", '{"a":1}', '{"a": [1, {"b": null}]}',
    '"a"', '"b"', '"\\u00e9"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\x"', '"\\u12', '"a\tb"', '"a": 1', '"a": ',
    "1", "-", "-0", "01", "1.", "1.50", "1e", "1E+5", "12345678901234567890",
    "true", "tru", "false", "nul", "null", "NaN", "-Infinity",
])  # fmt: skip
_JSON = st.builds(
    "{}{}{}".format,
    st.sampled_from(["{", '{"a":', '{"a": [', ' {"a": 1}{', '{"a":1}\n{', '{"a":1}{"b":2}{"c":']),
    st.lists(_TOKENS, max_size=6).map("".join),
    st.sampled_from(["", "}", "]}", "}\n", "}\n---\n", "}\n---\na: b\n", '}{"b":2}', "}}"]),
)


def _is_read_alike(text: str) -> bool:
    """Not so: values between objects that are none themselves, and a colon before a bracket, which libyaml refuses."""
    documents = read_json_documents([text.encode()])
    with contextlib.suppress(ValueError):
        return all(isinstance(document.value, dict) for document in documents)
    return not re.search(r":[]},[{]", text)


def test_json(programs: Programs, tmp_path: Path) -> None:
    """JSON streams, right and wrong, with offsets, and those that go on, or were from the start, YAML."""
    assert_read_alike(programs.kubectl, tmp_path, drawn(_JSON.filter(_is_read_alike), 500))


_PARTS = [
    b"a", b": ", b"b\n", b"- ", b"\n", b'"', b"'", b"#", b"\t", b"\0", b"\x1f", b"\x7f", b"\xff", b"\x85", b"\xc2\x85",
    b"\xc3\xa9", b"\xc3", b"\xe2\x80", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xf0\x9f",
]  # fmt: skip
_BYTES = st.lists(st.sampled_from(_PARTS), max_size=10).map(b"".join)
_MARKS = st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])


def test_bytes(programs: Programs, tmp_path: Path) -> None:
    """Byte order marks, UTF-16, control characters, and what is not text at all."""
    assert_read_alike(programs.kubectl, tmp_path, drawn(st.builds(bytes.__add__, _MARKS, _BYTES), 500))


_BOMB = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"a: &a [x, x, x, x, x, x, x, x, x]\n{_BOMB}", id="an alias bomb"),
        pytest.param(f"a: &a [x, x, x, x, x, x, x, x, x]\n{_BOMB}? *i\n: b\n", id="an alias bomb as a key"),
        pytest.param("a: &a {b: c}\nd: [" + "*a, " * 200 + "*a]\n", id="many aliases, and still no bomb"),
        pytest.param("a: &a " + "x" * 90 + "\nb: [" + "*a, " * 3000 + "*a]\n", id="nothing but aliases"),
        pytest.param("a: &a [*a]\n", id="an anchor within itself"),
        pytest.param("a: &a [&a x, *a]\n", id="an anchor given twice"),
        pytest.param("a: *a\n", id="an unknown anchor"),
        pytest.param("a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a, x: 4}\n", id="keys before and after a merge"),
        pytest.param("a: &a {x: 1}\nb: &b {x: 2}\nc: {<<: [*a, *b]}\n", id="a merge of several"),
        pytest.param("a: &a [{x: 1}]\nc: {<<: *a}\n", id="a merge of a list by its alias"),
        pytest.param("a: 1\na: 2\n", id="a key twice in YAML"),
        pytest.param('{"a": {"b": 1, "c": [1, 2]}, "a": {"c": [{"d": 1}], "e": 2}}', id="a key twice in JSON"),
        pytest.param("a: {{ .Values.name }}\n", id="a template"),
        pytest.param("a: b\n--- c\nd: e\n", id="text behind a separator"),
        pytest.param("---\n---\n# c\n---\nnull\n---\n~\n---\na: b\n...\nc: d\n---", id="empty documents"),
        pytest.param(" " * 5000 + '{"a": 1}', id="a late brace"),
        pytest.param('{"a": "' + "b" * 9000 + '"}\n{"a": ' + "1" * 5000 + "}", id="long tokens"),
        pytest.param('{"a": 1}\n{"b": "' + "c" * 70_000 + '", d', id="a fault far behind the first document"),
        pytest.param("a:\n\tb: c\n", id="a tab"),
        pytest.param("- {a: http://b:80/c, d: [e, f:g]}\n", id="colons within brackets"),
        pytest.param("a: >\n  b\n\n   c\nd: |+\n  e\n\nf: |2-\n   g\nh: 'i\n\n  j'\n", id="scalars of several lines"),
        pytest.param('"\\x41\\u00e9\\U0001F600\\e\\_\\\n  b": c\n', id="escapes"),
        pytest.param("a: !!binary aGVsbG8=\nb: !!binary |\n  aGVs\n  bG8=\nc: !!binary x\n", id="binary scalars"),
        pytest.param("18446744073709551615: a\n", id="a key that JSON has no name for"),
        pytest.param("a: [.nan]\n", id="a number that JSON does not have"),
        pytest.param("%TAG ! tag:example.com,2000:\n---\na: !b c\n", id="a tag directive of its own"),
    ],
)
def test_edges(programs: Programs, tmp_path: Path, text: str) -> None:
    """Single files at the edges of what kubectl reads."""
    assert_read_alike(programs.kubectl, tmp_path, [text])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x: " + "[" * 100_000 + "]" * 100_000, id="brackets"),
        pytest.param('{"a":' * 100_000 + "1" + "}" * 100_000, id="JSON"),
        pytest.param("- " * 100_000, id="items on one line"),
        pytest.param("\n".join(f"{' ' * level}a:" for level in range(10_010)), id="mappings in mappings"),
        pytest.param("x:\n" + "[{a: " * 50_000 + "}]" * 50_000, id="on the second line"),
        pytest.param("x: " + "[" * 900 + "}", id="a fault below"),
        pytest.param('{"x": ' + "[" * 900 + "}", id="a fault below in JSON"),
    ],
)
def test_depth(programs: Programs, tmp_path: Path, text: str) -> None:
    """A depth that kubectl refuses is refused in its words; the interpreter survives it."""
    assert_read_alike(programs.kubectl, tmp_path, [text])


def test_an_object_nested_too_deeply_to_print(tmp_path: Path) -> None:
    """A depth that can be read, but not named in a message, is a sentence too."""
    path = tmp_path / "deep.yaml"
    for depth in range(100, 500, 3):
        path.write_text("a: " + "[" * depth + "]" * depth)
        (found,) = read_documents([str(path)], io.BytesIO(), {})
        assert isinstance(found, SvcError)


def test_a_json_file_does_not_load_yaml(tmp_path: Path) -> None:
    """Each library costs milliseconds at every start."""
    for name, text, unwanted in (
        ("a.json", '{"kind": "Pod", "apiVersion": "v1"}', "yaml"),
        ("a.yaml", "kind: Pod\napiVersion: v1\n", "json"),
    ):
        (tmp_path / name).write_text(text)
        code = (
            "import sys, kubectl_svc.access.manifests as m\n"
            f"found = m.read_documents([{str(tmp_path / name)!r}], None, {{}})\n"
            "assert [document.manifest['kind'] for document in found] == ['Pod']\n"
            f"sys.exit({unwanted!r} in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_one_document_at_a_time() -> None:
    """A document is handed out before the next one is looked at."""
    documents = read_json_documents([b"a: 1\n---\nb: [\n"])
    assert next(documents).value == {"a": 1}
    with pytest.raises(ValueError, match="did not find expected node content"):
        next(documents)


def test_values_are_json() -> None:
    """Numbers are integers where JSON has them, and keep their text where it has none."""
    (document,) = read_json_documents([b"a: 1.0\nb: 1e30\nc: 0x10\n"])
    assert document.value == {"a": 1, "b": 1e30, "c": 16}
    assert json.loads(document.text()) == document.value
    assert str(document.value["b"]) == "1e+30"
