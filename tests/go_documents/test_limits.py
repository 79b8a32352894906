"""Files that ask for too much: one clear line that names file and document, no hang, no gigabyte."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.go_documents import read_json_documents
from kubectl_svc.go_documents.limits import LARGEST, MOST_DOCUMENTS, MOST_VALUES
from tests.svc import PROGRAM, run

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

_MIB = 1 << 20
_POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {a: b}\n"
_JSON_POD = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"a": "b"}}'
_TOO_LARGE = "larger than 64 MiB, the most that is read at once"
_CONTROL = "error converting YAML to JSON: yaml: control characters are not allowed"


def _expose(file: str, *, mib: int, feed: str = "") -> subprocess.CompletedProcess[str]:
    """A client dry run with so much address space and no more, its standard input fed by a shell command."""
    command = shlex.join([PROGRAM, "expose", "-f", file, "--port=80", "--dry-run=client", "-o", "name"])
    limited = f"ulimit -v {mib * 1024}; exec {command}"
    return run(["/bin/sh", "-c", f"{feed} | ({limited})" if feed else limited])


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10_000 * _MIB)


def _alias_bomb(path: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    path.write_text("\n".join(lines))


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        pytest.param(
            lambda path: path.write_text(_POD + "  annotations:\n    x: " + "x" * 100 * _MIB),
            f"document 1 is {_TOO_LARGE}",
            id="a YAML scalar of 100 MiB",
        ),
        pytest.param(
            lambda path: path.write_text(f"---\n{_POD}---\nx: " + "x" * 100 * _MIB),
            f"document 2 is {_TOO_LARGE}",
            id="the second document of 100 MiB",
        ),
        pytest.param(
            lambda path: path.write_text(_JSON_POD + ', "x": "' + "x" * 100 * _MIB + '"}'),
            f"document 1 is {_TOO_LARGE}",
            id="a JSON string of 100 MiB",
        ),
        pytest.param(
            lambda path: path.write_text(_JSON_POD + "}" + " " * 100 * _MIB),
            f"document 2 is {_TOO_LARGE}",
            id="100 MiB of space behind JSON",
        ),
        pytest.param(
            lambda path: path.write_text("{" + "x" * 100 * _MIB),
            "json: offset 2: invalid character 'x' looking for beginning of object key string",
            id="100 MiB that begin like JSON",
        ),
        pytest.param(lambda path: path.write_text("# c\n" * 25 * _MIB), f"document 1 is {_TOO_LARGE}", id="comments"),
        pytest.param(
            lambda path: path.write_bytes(b"\x7fELF" + bytes(range(256)) * 400_000), _CONTROL, id="100 MB of binary"
        ),
        pytest.param(_sparse, _CONTROL, id="a sparse file of 10 GiB"),
        pytest.param(
            lambda path: path.write_text("a: [" + "[]," * MOST_VALUES + "]"),
            "document 1 is too large: it holds more than 1,500,000 values",
            id="more YAML values than there is room for",
        ),
        pytest.param(
            lambda path: path.write_text('{"a": [' + "[]," * MOST_VALUES + "[]]}"),
            "document 1 is too large: it holds more than 1,500,000 values",
            id="more JSON values than there is room for",
        ),
        pytest.param(
            _alias_bomb,
            "error converting YAML to JSON: yaml: document contains excessive aliasing",
            id="an alias bomb",
        ),
        pytest.param(
            lambda path: path.write_text("x: " + "[" * 9000 + "]" * 9000),
            "document 1 is nested too deeply to be read",
            id="a depth that kubectl reads",
        ),
    ],
)
def test_too_much(tmp_path: Path, write: Callable[[Path], object], sentence: str) -> None:
    """Within one GiB of address space the file is refused in one line."""
    path = tmp_path / "it.yaml"
    write(path)
    done = _expose(str(path), mib=1024)
    assert (done.returncode, done.stderr) == (1, f"error: error parsing {path}: {sentence}\n")


def test_a_depth_of_json_that_kubectl_reads(tmp_path: Path) -> None:
    """Some Pythons follow it, and say what kubectl says; others refuse it in one line."""
    path = tmp_path / "it.json"
    path.write_text('{"a": ' + "[" * 9000 + "]" * 9000 + "}")
    done = _expose(str(path), mib=1024)
    assert done.returncode == 1
    assert done.stderr.removeprefix("error: ").startswith(
        (
            f"error parsing {path}: document 1 is nested too deeply to be read\n",
            f"unable to decode \"{path}\": Object 'Kind' is missing in ",
        )
    )


@pytest.mark.parametrize(
    ("feed", "file", "sentence"),
    [
        pytest.param("yes", "-", f"error parsing STDIN: document 1 is {_TOO_LARGE}", id="yes"),
        pytest.param("yes '{}'", "-", "error parsing STDIN: more than 100,000 documents in one file", id="JSON"),
        pytest.param("cat /dev/zero", "-", f"error parsing STDIN: {_CONTROL}", id="zeros"),
        pytest.param("", "/dev/zero", f"error parsing /dev/zero: {_CONTROL}", id="a device"),
    ],
)
def test_without_end(feed: str, file: str, sentence: str) -> None:
    """Input that never ends is refused when it has become too much, in memory and in time."""
    done = _expose(file, mib=1024, feed=feed)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].removeprefix("error: ") == sentence


def test_many_small_documents(tmp_path: Path) -> None:
    """A file of 10,000 documents needs little more room than one of them."""
    path = tmp_path / "it.yaml"
    path.write_text(
        "".join(
            f"---\n{_POD}".replace("web", f"web-{number}").replace("{a: b}", "\n    a: b") for number in range(10_000)
        )
    )
    done = _expose(str(path), mib=150)
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 10_000, "")


def test_an_export(tmp_path: Path) -> None:
    """A List of 10,000 items, as clusters are exported, is read."""
    item = "".join(f"{'- ' if not number else '  '}{line}\n" for number, line in enumerate(_POD.splitlines()))
    path = tmp_path / "it.yaml"
    path.write_text("apiVersion: v1\nkind: List\nitems:\n" + item * 10_000)
    done = _expose(str(path), mib=1024)
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 10_000, "")


def test_just_enough() -> None:
    """What is exactly at a limit is read."""
    text = "a: " + "x" * (LARGEST - 4) + "\n"
    (document,) = read_json_documents([text.encode()])
    assert len(document.value["a"]) == LARGEST - 4
    assert sum(1 for _ in read_json_documents([b"{}"] * MOST_DOCUMENTS)) == MOST_DOCUMENTS
    with pytest.raises(ValueError, match="more than 100,000 documents in one file"):
        list(read_json_documents([b"{}"] * (MOST_DOCUMENTS + 1)))
