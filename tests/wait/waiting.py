"""A command that waits while a test does what it waits for."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.interrupting import interrupt
from tests.svc import PROGRAM
from tests.trust.watch import WATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WATCHES = 2  # one of Services and one of EndpointSlices, beside the main thread
_SECONDS = 60  # for everything that has to come at all


class Waiting:
    """The program at work: what it has said so far, and in the end all of it."""

    def __init__(self, started: subprocess.Popen[str]) -> None:
        self._started = started
        self.first = ""
        """Its first line on standard output."""
        self.out, self.err, self.code = "", "", -1

    def read_first_line(self) -> None:
        """Returns when the line is there: the Service is made, and the wait begins."""
        assert self._started.stdout is not None
        self.first = self._started.stdout.readline()

    def is_over(self) -> bool:
        """Whether the program has ended."""
        return self._started.poll() is not None

    def watches(self) -> None:
        """Returns when the program has as many threads as watches, which it has for nothing else."""
        tasks = Path(f"/proc/{self._started.pid}/task")
        until(lambda: self.is_over() or len(list(tasks.iterdir())) > _WATCHES)

    def interrupt(self) -> None:
        """Ctrl-C, when the program waits."""
        interrupt(self._started)

    def end(self) -> None:
        """Returns when the program has ended."""
        out, self.err = self._started.communicate(timeout=_SECONDS)
        self.out, self.code = self.first + out, self._started.returncode


@contextlib.contextmanager
def waiting(*argv: str, kubeconfig: str, **environ: str) -> Iterator[Waiting]:
    """Starts the program; at the end of the context it has ended by itself, unless the test waited for that already."""
    env = {**os.environ, "KUBECONFIG": kubeconfig, **environ}
    command = [PROGRAM, *argv]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        run = Waiting(started)
        try:
            yield run
            if run.code < 0:
                run.end()
        finally:
            started.kill()
            WATCH.end_run(command, env, run.out, run.err)


def until(condition: Callable[[], bool]) -> None:
    """Returns when the condition holds."""
    deadline = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0)
