"""Label selectors select, and are refused, as kubectl does it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.label_selectors import parse_label_selector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.control_plane.build import Programs

    Labels = dict[str, str]
    Ask = Callable[[str, Sequence[Labels]], "list[int] | str"]

_EXAMPLES = settings().max_examples
_MOST = 2**63 - 1
_KEYS = ("app", "n", "in", "notin", "a.b/c", "X-y_z.1")
_BAD_KEYS = (
    "-a", "a_", "é", "\udcff", "a\v", "a\x01", "a:b", "/a", "a/", "/", "a/b/c", "//", "A.b/c", "a..b/c", "-/-", "é/é",
    "a" * 64, "é" * 32, f"{'a' * 64}/a", f"{'a.' * 126}aa/a", f"{'a.' * 127}a/{'b' * 64}",
)  # fmt: skip
_VALUES = ("", "web", "in", "notin", "a-b_C.d", "4", "5", "6", "005", "a" * 63, str(_MOST))
_BAD_VALUES = ("-1", "+5", "5-", "a/b", "é", "\udcff", "a:b", '"', "\x7f", "a" * 64, "é" * 32, str(_MOST + 1))
# Labels of objects in files may be anything: no dry run of the client's minds.
_ANY_VALUES = ("", "web", "in", "4", "5", "5", "6", "-1", "+5", "0x5", "1_0", str(_MOST), str(_MOST + 1), "\u0665")
label_sets = st.fixed_dictionaries({}, optional={key: st.sampled_from(_ANY_VALUES) for key in _KEYS})
keys = st.sampled_from((*_KEYS * 30, *_BAD_KEYS))
values = st.sampled_from((*_VALUES * 12, *_BAD_VALUES))
numbers = st.sampled_from(("0", "4", "5", "6", "005", str(_MOST - 1), str(_MOST))) | values
gaps = st.sampled_from(("", "", "", " ", "  ", "\t", "\r\n"))


@st.composite
def _terms(draw: st.DrawFn) -> str:
    """One requirement, of a right form and seldom of wrong words."""
    key, gap = draw(keys), draw(gaps)
    operator = draw(st.sampled_from(("", "!", "=", "==", "!=", ">", "<", "in", "notin")))
    if operator in ("", "!"):
        return f"{operator}{gap}{key}"
    if operator in ("in", "notin"):
        listed = draw(gaps).join(("(", ",".join(draw(st.lists(values, max_size=4))), ")"))
        return f"{key} {operator}{gap}{listed}"
    return f"{key}{gap}{operator}{draw(gaps)}{draw(numbers if operator in '<>' else values)}"


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    """A selector with parts that are left out, put in, or put for others."""
    text = draw(spelled)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(odd) + text[start + draw(st.integers(0, 2)) :]
    return text


spelled = st.lists(_terms(), min_size=1, max_size=3).flatmap(
    lambda terms: st.tuples(gaps, gaps).map(lambda around: around[0] + ",".join(terms) + around[1])
)
odd = st.sampled_from(
    (*"=!(),<> ", "", "==", "!=", " in ", " notin ", "()", ",,", "\n", "a", "5", "é", "\u2003", "\x1c")
)
junk = st.lists(odd | keys | values, max_size=8).map("".join)
selectors = spelled | spelled | spelled | _mutated() | junk


@pytest.fixture(scope="module")
def ask_kubectl(programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Which of the objects with these labels a selector means to kubectl, or why it means none.

    `--local` makes kubectl forget the selector. A client's dry run of `create` heeds it, and needs no server where its
    cache says what a ConfigMap is.
    """
    folder = tmp_path_factory.mktemp("kubectl")
    discovered = folder / "cache" / "discovery" / "127.0.0.1_1"
    (discovered / "v1").mkdir(parents=True)
    version = {"groupVersion": "v1", "version": "v1"}
    groups = {"kind": "APIGroupList", "apiVersion": "v1", "groups": [{"name": "", "versions": [version]}]}
    resource = {"name": "configmaps", "kind": "ConfigMap", "namespaced": True, "verbs": ["create"]}
    resources = {"kind": "APIResourceList", "groupVersion": "v1", "resources": [resource]}
    (discovered / "servergroups.json").write_text(json.dumps(groups))
    (discovered / "v1" / "serverresources.json").write_text(json.dumps(resources))
    command = [programs.kubectl, "create", "-f", "-", "--dry-run=client", "--validate=false", "-o", "name"]
    command += ["--cache-dir", str(folder / "cache"), "--server", "http://127.0.0.1:1"]

    def ask(selector: str, objects: Sequence[Labels]) -> list[int] | str:
        items = [
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"{number}", "labels": labels}}
            for number, labels in enumerate(objects)
        ]
        done = subprocess.run(
            [*command, f"--selector={selector}"],
            input=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}),
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
        )
        if done.returncode == 0:
            return [int(name.removeprefix("configmap/")) for name in done.stdout.split()]
        error = done.stderr.removeprefix("error: ").removesuffix("\n")
        return [] if error == "no objects passed to create" else error

    return ask


def _answer(selector: str, objects: Sequence[Labels]) -> list[int] | str:
    try:
        parsed = parse_label_selector(selector)
    except SvcError as error:
        return str(error)
    return [number for number, labels in enumerate(objects) if parsed.matches(labels)]


@settings(max_examples=max(_EXAMPLES * 3 // 5, 1), suppress_health_check=[HealthCheck.too_slow])
@given(selector=selectors, objects=st.lists(label_sets, min_size=20, max_size=30))
def test_as_kubectl(ask_kubectl: Ask, selector: str, objects: list[Labels]) -> None:
    """The same objects, or the same words."""
    assert _answer(selector, objects) == ask_kubectl(selector, objects)


_OBJECTS: list[Labels] = [{}, {"app": "web"}, {"app": "db", "n": "5"}, {"app": "", "n": "x"}, {"in": "in", "n": "-7"}]


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("", [0, 1, 2, 3, 4]),
        (" \t\u2003", [0, 1, 2, 3, 4]),
        ("app=web", [1]),
        ("app == web", [1]),
        ("app=", [3]),
        ("app=,n", [3]),
        ("app!=web", [0, 2, 3, 4]),
        ("app", [1, 2, 3]),
        ("!app", [0, 4]),
        ("! app , n", [4]),
        ("app in (web,db)", [1, 2]),
        ("app in(web,,x)", [1, 3]),
        ("app in ()", [3]),
        ("app in (,)", [3]),
        ("app in (,web)", [1, 3]),
        ("app in (web,)", [1, 3]),
        ("app notin (web,db)", [0, 3, 4]),
        ("app notin ()", [0, 1, 2, 4]),
        ("in in (in,notin)", [4]),
        ("n>4", [2]),
        ("n > 5", []),
        ("n<005", [4]),
        ("n<6,app!=web,app", [2]),
        ("app=web,app=db", []),
    ],
)
def test_what_is_selected(selector: str, selected: list[int]) -> None:
    """All requirements count, each in any of its spellings."""
    assert _answer(selector, _OBJECTS) == selected


@pytest.mark.parametrize("value", ["", "x", "0x5", "1_0", "1.0", " 5", "\u0665", str(_MOST + 1), str(-_MOST - 2)])
def test_what_is_neither_more_nor_less(value: str) -> None:
    """A label that Go takes for no integer of 64 bits."""
    assert _answer("n>0", [{"n": value}]) == _answer("n<1", [{"n": value}]) == []


_NAME = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_PREFIX = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_LONG = "must be no more than 63 bytes"
_LONG_PREFIX, _LONG_VALUE, _LONG_NUMBER = f"{'a.' * 126}aa/b", "b" * 64, "9" * 64


@pytest.mark.parametrize(
    ("selector", "problem"),
    [
        (",a", "found ',', expected: !, identifier, or 'end of string'"),
        ("a,", "found '', expected: identifier after ','"),
        ("a,=", "found '=', expected: identifier after ','"),
        ("!a=b", "found '=', expected: ',' or 'end of string'"),
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
    ],
)
def test_what_is_wrong(selector: str, problem: str) -> None:
    """The text is repeated without the space around it, and its first fault named."""
    said = f"the provided selector {quote(selector)} is not valid: {problem}"
    assert _answer(f"\u3000{selector} ", _OBJECTS) == said


@pytest.mark.parametrize(
    ("selector", "problem"),
    [
        ("!", "found '', expected: identifier"),
        ("a===b", "found '=', expected: identifier"),
        ("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a in b", "found 'b' expected: '('"),
        ("a in (", "found '', expected: ',', ')' or identifier"),
        ("a in (b", "found '', expected: ',' or ')'"),
        ("a in (,=", "found '=', expected: ',', or identifier"),
        ("/a", '<nil>: Invalid value: "/a": prefix part must be non-empty'),
        ("a/", f'<nil>: Invalid value: "a/": name part must be non-empty; name part {_NAME}'),
        ("A.b/c", f'<nil>: Invalid value: "A.b/c": prefix part {_PREFIX}'),
        ("\x1ca", f'<nil>: Invalid value: "\\x1ca": name part {_NAME}'),
        ("é" * 32, f'<nil>: Invalid value: "{"é" * 32}": name part {_LONG}; name part {_NAME}'),
        (_LONG_PREFIX, f'<nil>: Invalid value: "{_LONG_PREFIX}": prefix part must be no more than 253 bytes'),
        (
            "a/b/c",
            f'<nil>: Invalid value: "a/b/c": a valid label key {_NAME} with an optional DNS subdomain prefix and '
            "'/' (e.g. 'example.com/MyName')",
        ),
        (f"a notin (c,{_LONG_VALUE})", f'values[0][a]: Invalid value: "{_LONG_VALUE}": {_LONG}'),
        (
            f"a>{_LONG_NUMBER}",
            f"[values[0]: Invalid value: \"{_LONG_NUMBER}\": for 'Gt', 'Lt' operators, the value must be an integer, "
            f'values[0][a]: Invalid value: "{_LONG_NUMBER}": {_LONG}]',
        ),
    ],
)
def test_what_is_wrong_with_a_term(selector: str, problem: str) -> None:
    """The first one that is not right, with all that is wrong in it."""
    said = f"the provided selector {quote(selector)} is not valid: unable to parse requirement: {problem}"
    assert _answer(selector, _OBJECTS) == said
