"""Ctrl-C for a program that a test has started."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess


def interrupt(started: subprocess.Popen[str]) -> None:
    """Ctrl-C for a process that waits, which it has reached when this returns; both where the system tells that.

    A signal between the interpreter's last look for signals and the call in which it then waits is seen only after
    that call: nobody presses keys within that moment, and tests do.
    """
    process = Path(f"/proc/{started.pid}")
    while process.exists() and not all(_waits(process) for _ in range(3)):
        time.sleep(0)  # lets it run
    started.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # it may be gone by then
        while process.exists() and _is_pending(process, signal.SIGINT):
            time.sleep(0)


def _is_pending(process: Path, number: int) -> bool:
    lines = (process / "status").read_text().splitlines()
    sets = [int(line.split()[1], 16) for line in lines if line.startswith(("SigPnd:", "ShdPnd:"))]
    return any(pending & 1 << (number - 1) for pending in sets)


def _waits(process: Path) -> bool:
    """Whether none of its threads runs."""
    stats = [path.read_text() for path in process.glob("task/*/stat")]
    return all(stat.rpartition(")")[2].split()[0] in "SZ" for stat in stats)
