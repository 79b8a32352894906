"""Both programs on one command line: what each printed, and what of it must be alike."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.svc import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What command lines name in the tests; `web.yaml` is a Deployment with nothing special.
FILES = Path(__file__).parent / "files"

# What the server allots anew for each Service, and the name under which each program owns its fields.
_ALLOTTED = [
    (re.compile(r"\b(10\.0\.\d+\.\d+|fd00:10::[0-9a-f:]*)"), "<ip>"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<uid>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<time>"),
    (re.compile(r'("?resourceVersion"?): "\d+"'), r'\1: "<version>"'),
    (re.compile(r'("?nodePort"?): 3\d{4}'), r"\1: <node port>"),
    (re.compile(r"kubectl-expose|kubectl-svc"), "<manager>"),
    # Where the scheme was made: a kubectl of the release names its own file, one built as a module apimachinery's.
    (re.compile(r'in scheme ".*?scheme\.go:\d+"'), "in scheme"),
]
_LOG_LINE = re.compile(r"[IWE]\d{4} ")


@dataclass(frozen=True)
class Outcome:
    """What a program did, as far as both must do alike."""

    code: int
    stdout: str
    error: str


def words(command: str) -> list[str]:
    """The arguments of a command line as a shell splits them."""
    return shlex.split(command)


def run_kubectl(
    kubectl: str,
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: Path,
    stdin: str = "",
    *,
    starter: Sequence[str] = (),
) -> Outcome:
    """`kubectl expose` with these arguments; the words of `starter` may start it in another way."""
    done = subprocess.run(
        [*starter, kubectl, "expose", *argv],
        env={**os.environ, **env},
        cwd=cwd,
        input=stdin.encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    # Every byte as it is, as `tests.svc.run` has it.
    return _outcome(
        done.returncode, *(output.decode("utf-8", "surrogateescape") for output in (done.stdout, done.stderr))
    )


def run_svc(
    argv: Sequence[str], env: Mapping[str, str], cwd: Path, stdin: str = "", *, starter: Sequence[str] = ()
) -> Outcome:
    """`kubectl svc expose` with these arguments, as the installed program runs it."""
    done = run([*starter, sys.executable, "-m", "kubectl_svc", "expose", *argv], env, cwd=cwd, stdin=stdin)
    return _outcome(done.returncode, done.stdout, done.stderr)


def _outcome(code: int, stdout: str, stderr: str) -> Outcome:
    return Outcome(code=code, stdout=without_allotted(stdout), error=first_error(stderr))


def first_error(stderr: str) -> str:
    """The first line that is neither a log line nor a warning; of lost connections only the part that is kubectl's."""
    for line in stderr.split("\n"):
        if line.startswith("Warning: ") or _LOG_LINE.match(line):
            continue
        prefix = "Unable to connect to the server: "
        return without_allotted(prefix if line.startswith(prefix) else line)
    return ""


def without_allotted(text: str) -> str:
    """The text with a word in place of each address, time and version that no two Services share."""
    for pattern, replacement in _ALLOTTED:
        text = pattern.sub(replacement, text)
    return text
