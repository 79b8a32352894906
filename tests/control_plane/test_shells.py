"""Shells for the tests: the installed one first, else one that is unpacked, once, and a plain word where neither is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.control_plane.shells import find_shell
from tests.control_plane.toolchain import ProgramsUnavailableError

# Stand in for apt-get and dpkg: the download knows no package before an update, and a package is a folder's listing.
_APT = """#!/bin/sh
echo "$@" >> $LOG
case "$*" in
*update*) touch $LOG.updated;;
*lists=*) for each in zsh fish; do : > $each.deb; done;;
*) echo "E: Unable to locate package" >&2; exit 100;;
esac
"""
_DPKG = """#!/bin/sh
mkdir -p "$3/usr/bin" "$3/etc/fish"
printf '#!/bin/sh\\n%s\\n' "$STARTS" > "$3/usr/bin/$NAME"
chmod +x "$3/usr/bin/$NAME"
"""


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine with packages to be had, and no shell but sh."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in (("apt-get", _APT), ("dpkg", _DPKG)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    for name in ("mkdir", "touch", "chmod"):
        (programs / name).symlink_to(f"/bin/{name}")
    return {"PATH": str(programs), "LOG": str(tmp_path / "log"), "NAME": "zsh", "STARTS": "exit 0"}


def test_an_installed_shell_is_taken(tmp_path: Path, machine: dict[str, str]) -> None:
    """Nothing is fetched, and it needs nothing of its environment."""
    shell = tmp_path / "programs" / "zsh"
    shell.write_text("#!/bin/sh\n")
    shell.chmod(0o755)
    found = find_shell("zsh", tmp_path / "cache", machine)
    assert (found.path, found.environ, found.modules, found.functions) == (str(shell), {}, "", [])
    assert not (tmp_path / "log").exists()


def test_a_shell_is_fetched_once(tmp_path: Path, machine: dict[str, str]) -> None:
    """With lists of our own where the machine has none; the next one to ask finds it unpacked."""
    cache = tmp_path / "cache"
    first = find_shell("zsh", cache, machine)
    asked = (tmp_path / "log").read_text().splitlines()
    assert [line.split()[-1] for line in asked] == ["zsh-common", "update", "zsh-common"]
    assert find_shell("zsh", cache, machine) == first
    assert (tmp_path / "log").read_text().splitlines() == asked
    assert Path(first.path).is_relative_to(cache)
    assert not list(cache.glob("unpacking-*"))


def test_fish_finds_its_settings_beside_it(tmp_path: Path, machine: dict[str, str]) -> None:
    """It takes the folder that it was moved to for its own only where there is an etc/fish beside its share."""
    found = find_shell("fish", tmp_path / "cache", {**machine, "NAME": "fish"})
    assert (Path(found.path).parents[1] / "etc" / "fish").is_dir()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"STARTS": "echo no library >&2; exit 127"}, "the unpacked zsh does not start (no library): install zsh"),
        ({"PATH": "/nonexistent"}, "neither the shell is installed, nor apt-get to fetch it with"),
    ],
)
def test_no_shell_is_said_in_a_line(
    tmp_path: Path, machine: dict[str, str], change: dict[str, str], reason: str
) -> None:
    """Why, and what to do."""
    with pytest.raises(ProgramsUnavailableError) as raised:
        find_shell("zsh", tmp_path / "cache", {**machine, **change})
    assert str(raised.value) == reason


def test_what_cannot_be_fetched_leaves_nothing(tmp_path: Path, machine: dict[str, str]) -> None:
    """The last word of apt-get is passed on, and a later run may try again."""
    apt = tmp_path / "programs" / "apt-get"
    apt.write_text("#!/bin/sh\necho 'E: no network' >&2\nexit 100\n")
    with pytest.raises(ProgramsUnavailableError, match=r"^zsh cannot be fetched \(E: no network\): install it$"):
        find_shell("zsh", tmp_path / "cache", machine)
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".lock"]
