"""Runs the program as users do: its own process, the installed console script.

All that it writes is searched for secrets (`tests.trust.watch`), so every test starts it here.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING

from kubectl_svc.cli.run import main
from tests.trust.watch import WATCH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

PROGRAM = str(Path(sys.executable).parent / "kubectl-svc")


def svc(*argv: str, kubeconfig: str = "", stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """`kubectl-svc` with these arguments; `environ` adds to the test's own environment."""
    if kubeconfig:
        environ["KUBECONFIG"] = kubeconfig
    return run([PROGRAM, *argv], environ, stdin=stdin)


def run(
    command: Sequence[str],
    environ: Mapping[str, str] | None = None,
    *,
    cwd: Path | None = None,
    stdin: str = "",
    stdout: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """A command that starts the program, in whichever way; `environ` adds to the test's own environment."""
    env = {**os.environ, **(environ or {})}
    done = subprocess.run(
        command,
        env=env,
        cwd=cwd,
        input=stdin.encode(),
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    written = subprocess.CompletedProcess(command, done.returncode, _as_it_is(done.stdout), _as_it_is(done.stderr))
    WATCH.end_run(command, env, written.stdout, written.stderr)
    return written


def _as_it_is(output: bytes | None) -> str:
    """Every byte: no newline counts as another, and a name that was cut within a character keeps its broken end."""
    return (output or b"").decode("utf-8", "surrogateescape")


def svc_on_a_terminal(*argv: str, columns: int = 0, **environ: str) -> str:
    """What the program writes to a terminal, result and errors alike; without `columns` it says nothing of its size."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 0, columns, 0, 0))
    env = {**os.environ, **environ}
    command = [PROGRAM, *argv]
    written = b""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer, env=env):
        os.close(writer)
        with contextlib.suppress(OSError):  # Linux says EIO at the end of a terminal that nobody writes to any more
            while part := os.read(reader, 1 << 16):
                written += part
    os.close(reader)
    text = written.decode("utf-8", "surrogateescape").replace("\r\n", "\n")  # as the terminal's driver ends lines
    WATCH.end_run(command, env, text)
    return text


class Terminal(io.BytesIO):
    """A stream that says it is a terminal, for tests that have no time for a process each."""

    def isatty(self) -> bool:
        """As a terminal answers."""
        return True


def svc_here(*argv: str, terminal: bool = False, **environ: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a run within this process."""
    stream = Terminal if terminal else io.BytesIO
    out, err = stream(), stream()
    env = {"HOME": "/nonexistent", **environ}
    code = main(argv, stdin=io.BytesIO(), stdout=out, stderr=err, environ=env)
    written = [written.getvalue().decode("utf-8", "surrogateescape") for written in (out, err)]
    WATCH.search(*written)
    return code, written[0], written[1]
