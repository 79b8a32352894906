"""How long a process takes, and how much memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUIET = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
# Linux counts the memory of whoever starts a process as if it were the process' own: so a small one starts it.
_STARTER = """
import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
print(os.wait4(process, 0)[2].ru_maxrss)
"""


@dataclass(frozen=True)
class Took:
    """What one process took: seconds, seconds of all processors, and MB, the measuring process' own at least."""

    wall: float
    cpu: float
    memory: float


def timed(command: list[str], env: Mapping[str, str], *, fails: bool = False) -> Took:
    """One run of a command that ends well, or `fails`. What it writes goes nowhere."""
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, env, file_actions=_QUIET)
    _, status, usage = os.wait4(pid, 0)
    took = Took(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    if bool(status) != fails:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return took


def peak_memory(command: list[str], env: Mapping[str, str]) -> float:
    """The most memory that a command has at a time, in MB; a bare Python's 9 at least."""
    starter = [sys.executable, "-I", "-S", "-c", _STARTER, *command]
    return int(subprocess.run(starter, check=True, env=env, capture_output=True).stdout) / 1024
