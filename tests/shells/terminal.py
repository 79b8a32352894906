"""A shell behind a terminal: what is typed goes in, what it shows comes out, and nobody waits by the clock."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROWS, COLUMNS = 400, 200  # so high that no list has to be asked for, or scrolled
_SECONDS = 30
# The terminal becomes the controlling one of the session that Popen has started; then the shell takes over.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """A program that runs in a terminal of its own until `close`."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], folder: Path) -> None:
        self._own, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command],
            stdin=other, stdout=other, stderr=other, cwd=folder, env=dict(environ), start_new_session=True,
        )  # fmt: skip
        os.close(other)
        self._unread = b""
        self.shown = ""
        """All that was read of it."""

    def type(self, text: str) -> None:
        """Keys, as a keyboard sends them."""
        os.write(self._own, text.encode())

    def read_until(self, end: str) -> str:
        """What it shows up to that text, which is taken as well; raises AssertionError where it does not come."""
        wanted = end.encode()
        deadline = time.monotonic() + _SECONDS
        while wanted not in self._unread:
            ready, _, _ = select.select([self._own], [], [], max(0.0, deadline - time.monotonic()))
            part = b""
            if ready:
                with contextlib.suppress(OSError):  # Linux says EIO at the end of a terminal that nobody writes to
                    part = os.read(self._own, 1 << 16)
            state = "has ended" if ready else f"says nothing of the kind within {_SECONDS} s"
            assert part, f"the shell {state}; after {self.shown[-400:]!r} it showed {self._unread!r}"
            self._unread += part
        found, _, self._unread = self._unread.partition(wanted)
        text = found.decode("utf-8", "replace")
        self.shown += text + end
        return text

    def close(self) -> None:
        """Hangs up, as a terminal's window that is closed."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGHUP)
        os.close(self._own)
        try:
            self._process.wait(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
