"""The shells that the tests press TAB in: those on PATH, else unpacked from the distribution's packages into the cache.

Nothing is installed, and nobody has to be root: `apt-get download` and `dpkg -x`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from kubectl_svc.value import Value
from tests.control_plane.toolchain import ProgramsUnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PACKAGES = {
    "zsh": ("zsh", "zsh-common"),
    "fish": ("fish", "fish-common", "libpcre2-32-0"),
    "bash-completion": ("bash-completion",),
}
_RELEASE = Path("/etc/os-release")  # a package's programs fit the libraries of their own release
_BASH_COMPLETION = "usr/share/bash-completion/bash_completion"
_MINUTES = 5


class ShellProgram(Value):
    """A shell: its path, and where it was unpacked; `root` is empty for one that is installed."""

    path: str
    root: str = ""

    @property
    def environ(self) -> dict[str, str]:
        """What it needs of the environment to find the libraries that were unpacked with it."""
        return {"LD_LIBRARY_PATH": ":".join(map(str, Path(self.root).glob("usr/lib/*-linux-*")))} if self.root else {}

    @property
    def modules(self) -> str:
        """The folder of an unpacked zsh's modules."""
        return next((str(found) for found in Path(self.root).glob("usr/lib/*/zsh/*")), "") if self.root else ""

    @property
    def functions(self) -> list[str]:
        """The folders of an unpacked zsh's functions."""
        if not self.root:
            return []
        top = Path(self.root, "usr/share/zsh/functions")
        return [str(top), *sorted(str(each) for each in top.rglob("*") if each.is_dir())]


def find_shell(name: str, cache: Path, environ: Mapping[str, str]) -> ShellProgram:
    """The shell on PATH, else an unpacked one; raises ProgramsUnavailableError, whose text is one line, for none."""
    on_path = shutil.which(name, path=environ.get("PATH", os.defpath))
    if on_path:
        return ShellProgram(path=on_path)
    if name not in _PACKAGES:
        raise ProgramsUnavailableError(f"{name} is not on PATH")
    root = _unpacked(name, cache, environ)
    found = ShellProgram(
        path=str(next(path for path in (root / "usr/bin" / name, root / "bin" / name) if path.exists())), root=str(root)
    )
    tried = subprocess.run(
        [found.path, "--version"], env={**environ, **found.environ}, capture_output=True, text=True, check=False
    )
    if tried.returncode:
        raise ProgramsUnavailableError(
            f"the unpacked {name} does not start ({_last_line(tried.stderr)}): install {name}"
        )
    return found


def find_bash_completion(cache: Path, environ: Mapping[str, str]) -> str:
    """The path of bash-completion's functions, without which kubectl's own completion does nothing in bash."""
    installed = Path("/", _BASH_COMPLETION)
    return str(installed if installed.exists() else _unpacked("bash-completion", cache, environ) / _BASH_COMPLETION)


def _unpacked(name: str, cache: Path, environ: Mapping[str, str]) -> Path:
    release = _RELEASE.read_bytes() if _RELEASE.exists() else b""
    target = cache / f"{name}-{hashlib.sha256(repr(_PACKAGES[name]).encode() + release).hexdigest()[:16]}"
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with _lock(target):
            if not target.exists():  # another run may have fetched it while this one waited
                _fetch(_PACKAGES[name], target, environ)
    return target


@contextlib.contextmanager
def _lock(target: Path) -> Iterator[None]:
    with target.with_name(f"{target.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _fetch(packages: Sequence[str], target: Path, environ: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="unpacking-") as scratch:
        files, root = Path(scratch, "files"), Path(scratch, "root")
        files.mkdir()
        root.mkdir()
        _download(packages, files, Path(scratch), environ)
        for package in sorted(files.glob("*.deb")):
            subprocess.run(
                [_tool("dpkg", environ), "-x", str(package), str(root)],
                env=dict(environ),
                check=True,
                capture_output=True,
            )
        if (root / "etc/fish").exists():
            (root / "usr/etc").symlink_to("../etc")  # where fish looks beside its own share/fish when it was moved
        root.rename(target)


def _download(packages: Sequence[str], files: Path, scratch: Path, environ: Mapping[str, str]) -> None:
    """Into `files`; where the machine has no lists of packages, with lists of our own."""
    settings = ["-q", "-o", "APT::Sandbox::User=", "-o", "Acquire::Retries=3"]
    own = [*settings, "-o", f"Dir::State::lists={scratch}/lists", "-o", f"Dir::Cache={scratch}/cache"]
    (scratch / "lists/partial").mkdir(parents=True)
    (scratch / "cache/archives/partial").mkdir(parents=True)
    tries = ((settings, ("download", *packages)), (own, ("update",)), (own, ("download", *packages)))
    for options, words in tries:
        try:
            done = subprocess.run(
                [_tool("apt-get", environ), *options, *words],
                cwd=files, env=dict(environ), capture_output=True, text=True, check=False, timeout=_MINUTES * 60,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise ProgramsUnavailableError(
                f"apt-get takes more than {_MINUTES} minutes to fetch {packages[0]}"
            ) from error
        if not done.returncode and words[0] == "download":
            return
    raise ProgramsUnavailableError(f"{packages[0]} cannot be fetched ({_last_line(done.stderr)}): install it")


def _tool(name: str, environ: Mapping[str, str]) -> str:
    path = shutil.which(name, path=environ.get("PATH", os.defpath))
    if not path:
        raise ProgramsUnavailableError(f"neither the shell is installed, nor {name} to fetch it with")
    return path


def _last_line(text: str) -> str:
    return next(iter(reversed(text.strip().splitlines())), "without a word")
