"""PowerShell, which no machine of ours has: what its script says, beside the one that the real kubectl prints."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.control_plane.build import Programs

_SCRIPT = (Path(__file__).parents[2] / "kubectl_svc" / "completion" / "scripts" / "kubectl-svc.ps1").read_text()
_CODE = re.sub(r"^\s*#.*| # .*", "", _SCRIPT, flags=re.MULTILINE)
_STRINGS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"`]|`.)*\"""")


@pytest.mark.parametrize(
    "part",
    [
        r"Register-ArgumentCompleter .*-CommandName '([\w-]+)'",  # for whom
        r"__complete ",
        r"(?:Typed|WordToComplete)",  # in any case: the parameters
        r"CursorPosition",
        r"PSNativeCommandArgumentPassing",  # an empty word at the cursor
        r"-band",
        r"\[System\.Management\.Automation\.CompletionResult\]::new\(",
    ],
)
def test_it_has_the_parts_of_kubectls_script(programs: Programs, part: str) -> None:
    """The same calls, and the same cares."""
    done = subprocess.run([programs.kubectl, "completion", "powershell"], capture_output=True, text=True, check=True)
    theirs, ours = (re.search(part, text, re.IGNORECASE) for text in (done.stdout, _CODE))
    assert theirs
    assert ours
    assert [name.replace("kubectl", "kubectl-svc") for name in theirs.groups()] == list(ours.groups())


def test_it_escapes_what_kubectls_script_escapes(programs: Programs) -> None:
    """Every character that ends a word or means something in PowerShell, but no other."""
    done = subprocess.run([programs.kubectl, "completion", "powershell"], capture_output=True, text=True, check=True)
    theirs = re.search(r"\$_ -replace '((?:[^']|'')+)'", done.stdout)
    ours = re.search(r"\$word -replace '((?:[^']|'')+)'", _CODE)
    assert theirs
    assert ours
    first, second = (found[1].replace("''", "'") for found in (theirs, ours))
    for character in map(chr, range(32, 127)):
        assert bool(re.fullmatch(first, character)) == bool(re.fullmatch(second, character)), character


def test_nothing_that_is_typed_is_run() -> None:
    """kubectl's script evaluates the line; ours hands its words over."""
    assert "Invoke-Expression" not in _CODE
    assert "iex" not in _CODE.split()


def test_its_brackets_are_closed() -> None:
    """Outside of strings and comments, each by its own kind."""
    opened: list[str] = []
    for character in _STRINGS.sub("", _CODE):
        if character in "({[":
            opened.append(character)
        elif character in ")}]":
            assert opened, character
            assert opened.pop() + character in ("()", "{}", "[]")
    assert opened == []


def test_it_reads_the_directive() -> None:
    """By the numbers of the answers: files and folders, no files, an order to keep."""
    assert set(map(int, re.findall(r"\$directive -band (\d+)", _CODE))) == {8 | 16, 4, 32}
