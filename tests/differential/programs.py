"""Both programs on one command line: what each printed, and what of it must be alike."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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


def run_kubectl(kubectl: str, argv: Sequence[str], env: Mapping[str, str], cwd: Path, stdin: str = "") -> Outcome:
    """`kubectl expose` with these arguments."""
    return _run([kubectl, "expose", *argv], env, cwd, stdin)


def run_svc(argv: Sequence[str], env: Mapping[str, str], cwd: Path, stdin: str = "") -> Outcome:
    """`kubectl svc expose` with these arguments, as the installed program runs it."""
    return _run([sys.executable, "-m", "kubectl_svc", "expose", *argv], env, cwd, stdin)


def _run(command: Sequence[str], env: Mapping[str, str], cwd: Path, stdin: str) -> Outcome:
    done = subprocess.run(
        command,
        env={**os.environ, **env},
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Outcome(code=done.returncode, stdout=_without_allotted(done.stdout), error=first_error(done.stderr))


def first_error(stderr: str) -> str:
    """The first line that is neither a log line nor a warning; of lost connections only the part that is kubectl's."""
    for line in stderr.splitlines():
        if line.startswith("Warning: ") or _LOG_LINE.match(line):
            continue
        prefix = "Unable to connect to the server: "
        return _without_allotted(prefix if line.startswith(prefix) else line)
    return ""


def _without_allotted(text: str) -> str:
    for pattern, replacement in _ALLOTTED:
        text = pattern.sub(replacement, text)
    return text
