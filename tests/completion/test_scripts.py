"""`kubectl svc completion SHELL`, and the files that packages take from it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.flags import COMPLETION
from tests.svc import svc

if TYPE_CHECKING:
    from tests.control_plane.build import Programs

_FILES = {
    "bash": "kubectl-svc.bash",
    "zsh": "_kubectl-svc",
    "fish": "kubectl-svc.fish",
    "powershell": "kubectl-svc.ps1",
}
"""As each shell's packages call theirs."""
_FOLDER = Path(__file__).parents[2] / "completions"


def test_the_files_in_completions() -> None:
    """Are what the command prints, for every shell that it knows."""
    assert tuple(_FILES) == COMPLETION.words
    printed = {name: svc("completion", shell).stdout for shell, name in _FILES.items()}
    assert {path.name: path.read_text() for path in _FOLDER.iterdir()} == printed


@pytest.mark.parametrize("args", [(), ("bash", "zsh"), ("tcsh",), ("",), ("BASH",)])
def test_other_shells(programs: Programs, args: tuple[str, ...]) -> None:
    """Are refused as kubectl refuses them."""
    theirs = subprocess.run([programs.kubectl, "completion", *args], capture_output=True, text=True, check=False)
    ours = svc("completion", *args)
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    assert ours.stderr == theirs.stderr.replace("kubectl completion", "kubectl svc completion")
