"""Files and folders in place of words: which are offered, and what becomes of their names."""

from __future__ import annotations

import re

import pytest

from kubectl_svc.completion.answer import FILE_ENDINGS, FOLDERS, NO_FILES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.shells.shell import Seen, Shell
    from tests.shells.stand import Stand

_FOLDERS = {"sub", "my dir"}
_MANIFESTS = _FOLDERS | {"my web.yaml", "web.json", "web.yml"}
_ALL = _MANIFESTS | {"my notes.txt", "web.toml"}


def _names(seen: Seen) -> set[str]:
    """The last parts of the paths: shells differ in what stands before them, and in the slash behind a folder."""
    return {re.split("[/=]", word.rstrip("/"))[-1] for word in seen.words}


@pytest.mark.parametrize("program", ["kubectl-svc", "kubectl svc"])
@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("expose -f ", _MANIFESTS),
        ("expose -Rf ", _MANIFESTS),
        ("expose --filename=", _MANIFESTS),
        ("expose -f we", {"web.json", "web.yml"}),
        ("expose -f sub/", {"in.yaml"}),
        ("expose -k ", _FOLDERS),
        ("expose --kustomize=", _FOLDERS),
        ("expose --kubeconfig ", _ALL),
        ("expose --kubeconfig=web", {"web.json", "web.toml", "web.yml"}),
    ],
)
def test_files_that_are_offered(shell: Shell, stand: Stand, program: str, line: str, names: set[str]) -> None:
    """Manifests and folders for -f, folders for -k, everything where anything may be meant."""
    answer = stand.answer(*line.split(" "))
    assert answer.directive & (FILE_ENDINGS | FOLDERS) or answer.directive & NO_FILES == 0
    found = _names(shell.press_tab(f"{program} {line}"))
    if program == "kubectl-svc" or shell.name == "zsh":
        assert found == names
    elif shell.name == "fish":  # where kubectl's own script offers every file
        assert found >= names
    elif answer.directive:  # else the script leaves it to readline, which does not tell
        assert found == names


@pytest.mark.parametrize("program", ["kubectl-svc", "kubectl svc"])
@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("expose -f web.j", "expose -f web.json "),
        ("expose --filename=web.j", "expose --filename=web.json "),
        ("expose -f=web.j", "expose -f=web.json "),
        ("expose -f ./web.j", "expose -f ./web.json "),
        ("expose -f sub/", "expose -f sub/in.yaml "),
        ("expose -f sub", "expose -f sub/"),
        ("expose --kubeconfig we", "expose --kubeconfig web."),
        ("expose -k my\\ d", "expose -k my\\ dir/"),
        ("expose -k ~/ma", "expose -k ~/manifests/"),
        ("expose -f ~/ma", "expose -f ~/manifests/"),
        ("expose --kubeconfig web.t", "expose --kubeconfig web.toml "),
        ("expose -f web.json -k my\\ dir/de", "expose -f web.json -k my\\ dir/deep/"),
    ],
)
def test_names_of_files_are_completed(shell: Shell, program: str, typed: str, becomes: str) -> None:
    """A unique name is inserted whole; a folder ends in a slash, and its name goes on."""
    seen = shell.press_tab(f"{program} {typed}")
    assert seen.line == f"{program} {becomes}"


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("expose -k m", "expose -k my\\ dir/"),
        ("expose -f m", "expose -f my\\ "),
        ("expose -f my\\ w", "expose -f my\\ web.yaml "),
        ('expose -f "my w', 'expose -f "my web.yaml" '),
        ("expose -f 'my w", "expose -f 'my web.yaml' "),
        ("expose --filename=my\\ w", "expose --filename=my\\ web.yaml "),
    ],
)
def test_blanks_in_names_of_files_are_quoted(shell: Shell, typed: str, becomes: str) -> None:
    """As the shell's user has begun to quote them."""
    assert shell.press_tab(f"kubectl-svc {typed}").line == f"kubectl-svc {becomes}"
