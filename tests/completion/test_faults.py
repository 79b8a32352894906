"""TAB where something is broken: nothing is offered, nothing is said, and it is soon over."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.access.plugins import exec_user, unreachable_kubeconfig, write_plugin
from tests.access.servers import Answer, answer, serve
from tests.completion.asking import FOLDER, Offered, asked, tab
from tests.control_plane.kubeconfig import write_kubeconfig
from tests.svc import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NOTHING = Offered({}, 4)


def _names(folder: Path, *answers: Answer, line: str = "status ") -> Offered:
    with serve(*answers) as server:
        kubeconfig = write_kubeconfig(folder / "kubeconfig", {"server": server.url}, {})
        return asked(tab(line), {"KUBECONFIG": kubeconfig})


@pytest.mark.parametrize(
    "broken",
    [
        Answer(then="stall"),
        Answer(data=b"HTTP/1.1 200 OK\r\n", then="stall"),
        Answer(data=b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", then="stall"),
        Answer(then="close"),
        Answer(then="reset"),
        answer("429 Too Many Requests", headers=[("Retry-After", "100")]),
        answer("500 Internal Server Error"),
        answer("403 Forbidden", b"no"),
        answer(body=b"<html>"),
        answer(body=b"[]"),
        answer(body=b'{"kind": "Table", "rows": [1, 2]}'),
        answer(body=b'{"kind": "Table", "rows": [{"cells": []}]}'),
        answer(body=b'{"items": [{"metadata": null}]}'),
        answer(body=b'{"items": 1}'),
    ],
)
def test_servers_that_do_not_answer_well(tmp_path: Path, broken: Answer) -> None:
    """A hanging one is given up: its test would never end otherwise."""
    assert _names(tmp_path, broken) == _NOTHING


def _table(*names: str, following: str = "") -> Answer:
    rows = [{"cells": [name, "ClusterIP"]} for name in names]
    return answer(body=json.dumps({"kind": "Table", "metadata": {"continue": following}, "rows": rows}).encode())


def _list(*names: str) -> Answer:
    return answer(body=json.dumps({"kind": "List", "items": [{"metadata": {"name": name}} for name in names]}).encode())


def test_lists_of_several_pages(tmp_path: Path) -> None:
    """Are read to their end."""
    assert _names(tmp_path, _table("a", "b", following="more"), _table("c")).names() == {"a", "b", "c"}


def test_servers_that_print_no_tables(tmp_path: Path) -> None:
    """Send whole objects."""
    assert _names(tmp_path, _list("a", "b")).names() == {"a", "b"}


def test_names_that_are_no_words_of_a_line(tmp_path: Path) -> None:
    """Are left out: a line that is not finished must not run, and a terminal not be steered."""
    wild = ["fine", "two\nlines", "tab\there", "\x1b[31mred", "right\u202eleft", ":4", "zero\0", ""]
    assert _names(tmp_path, _table(*wild)).names() <= {"fine", ":4"}


@pytest.mark.parametrize(
    ("stdin_of", "script"),
    [
        ("IfAvailable", "echo who are you? >&2; read answer; exit 1"),
        ("Always", "echo who are you? >&2; read answer; exit 1"),
        ("Never", "echo $$ >$RECORD; exec sleep 600"),
    ],
)
def test_programs_that_log_in(tmp_path: Path, stdin_of: str, script: str) -> None:
    """Do not ask anybody, and are ended when they take too long."""
    plugin = write_plugin(tmp_path, script=f"#!/bin/sh\n{script}\n")
    kubeconfig = unreachable_kubeconfig(tmp_path, exec_user(plugin, interactiveMode=stdin_of))
    record = tmp_path / "record"
    assert asked(tab("status "), {"KUBECONFIG": kubeconfig, "RECORD": str(record)}) == _NOTHING
    if record.exists():
        assert _has_ended(int(record.read_text()))


def _has_ended(process: int) -> bool:
    """Whether it is gone, or has been ended and nobody has looked yet."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/stat", encoding="ascii") as state:
        return state.read().rpartition(")")[2].split()[0] == "Z"
    return True


_CONTEXTS = """\
apiVersion: v1
kind: Config
contexts:
- {name: fine, context: {}}
- {name: "two words", context: {}}
- {name: "tw\\no", context: {}}
"""


@pytest.mark.parametrize(
    ("content", "found"),
    [(_CONTEXTS, {"fine", "two words"}), ("", set()), ("contexts: 5", set()), ("{", set()), ("\0\xff", set())],
)
def test_kubeconfigs(tmp_path: Path, content: str, found: set[str]) -> None:
    """Of which some can be read."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(content, encoding="latin-1")
    for line in ("expose --context ", "--context=", "status web --context "):
        assert asked(tab(line), {"KUBECONFIG": str(kubeconfig)}) == Offered(dict.fromkeys(found, ""), 4)


def test_a_kubeconfig_that_never_comes(tmp_path: Path) -> None:
    """Is given up as a server is, and so is a manifest."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for line in ("status ", "expose --context ", f"expose -f {pipe} --port "):
        assert asked(tab(line), {"KUBECONFIG": str(pipe)}) == _NOTHING


@pytest.mark.parametrize(
    "words", [[], [""], ["expose", "\udcff"], ["expose", "--port", "\n"], ["-"], ["--"], ["=", "="], ["expose", "-"]]
)
def test_any_words(words: Sequence[str]) -> None:
    """Are answered."""
    asked(words, {"KUBECONFIG": "/nonexistent"})


@pytest.mark.parametrize("line", ["status ", "expose --context ", "expose --lb nobody --lb-set "])
def test_a_log_that_cannot_be_written(tmp_path: Path, line: str) -> None:
    """Is no reason to say anything either."""
    kubeconfig = tmp_path / "broken"
    kubeconfig.write_text("{")
    environ = {"KUBECONFIG": str(kubeconfig), "BASH_COMP_DEBUG_FILE": str(tmp_path / "no" / "log")}
    assert asked(tab(line), environ) == _NOTHING


def test_streams_that_nobody_has(tmp_path: Path) -> None:
    """Are not missed."""
    command = f"exec {FOLDER}/kubectl_complete-svc status '' <&- 2>&-"
    done = run(["sh", "-c", command], {"KUBECONFIG": str(tmp_path / "none")})
    assert (done.returncode, done.stdout) == (0, ":4\n")
