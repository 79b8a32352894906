"""Servers as child processes: waited for until they answer, and never left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_LOG_LINES = 15
_POLL_SECONDS = 0.05
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Loaded here: between fork and exec nothing may be imported.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class StartError(Exception):
    """A server that ended or did not answer in time; the message ends with the end of its log."""


class PortTakenError(StartError):
    """Somebody else took the port between choosing it and listening there; another port will do."""


class Server:
    """One running server, named for messages, with a log of its own in `folder`."""

    def __init__(self, name: str, argv: Sequence[str], folder: Path) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        parent = os.getpid()
        with self._log.open("wb") as log:
            # A session of its own: a Ctrl-C at the terminal must not reach it before those who still talk to it.
            self._process = subprocess.Popen(
                argv,
                cwd=folder,
                env={"HOME": str(folder), "PATH": os.defpath},  # etcd reads every ETCD_* variable as a flag
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509 - calls nothing but prctl and getppid
            )

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Returns when `ready` does so; raises StartError when the server ends or `seconds` are over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._process.poll() is not None:
                raise self._failure(f"{self.name} ended with exit code {self._process.returncode}")
            if time.monotonic() > deadline:
                raise self._failure(f"{self.name} was not ready after {seconds:g} s")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """Ends it at once with all its children; nothing of what it holds is worth a farewell."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _failure(self, sentence: str) -> StartError:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        kind = PortTakenError if any("address already in use" in line for line in lines) else StartError
        return kind("\n".join((f"{sentence}; its log ends:", *lines[-_LOG_LINES:])))


def free_ports(count: int) -> list[int]:
    """Different loopback ports on which nobody listens now."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _die_with(parent: int) -> None:
    """In the child: have Linux kill it when the process that started it is gone, however that went."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went before the line above
            os._exit(1)
