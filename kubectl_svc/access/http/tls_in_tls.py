"""TLS over a connection that has TLS already: a server behind a proxy that is reached over https.

Python's own TLS sockets stand on plain sockets only; ssl's buffers in memory (`MemoryBIO`) stand on anything.
"""

from __future__ import annotations

import time
from _ssl import MemoryBIO, SSLWantReadError

from kubectl_svc.access.http.dial import seconds_left, shut_down
from kubectl_svc.access.http.openssl import over_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ssl import _SSLContext
    from collections.abc import Callable
    from typing import TypeVar

    from kubectl_svc.access.http.dial import Stream

    Result = TypeVar("Result")

_CHUNK = 1 << 16  # bytes; a TLS record has at most 2 ** 14


class TlsInTls:
    """The inner connection, as much of a socket as a `Wire` uses."""

    def __init__(self, outer: Stream, context: _SSLContext, server_hostname: bytes, seconds: float | None) -> None:
        """Shakes hands with the server, within `seconds`. Raises OSError, as `openssl.shake_hands` does."""
        self._outer = outer
        self._seconds = seconds
        self._arrived = MemoryBIO()
        self._to_send = MemoryBIO()
        self._tls = over_memory(context, self._arrived, self._to_send, server_hostname)
        self._run(self._tls.do_handshake)

    def recv(self, count: int, /) -> bytes:
        """Up to `count` bytes; none at the end."""
        return self._run(lambda: self._tls.read(count))

    def sendall(self, data: bytes, /) -> None:
        """Sends all of it."""
        self._run(lambda: self._tls.write(data))  # all at once: memory is never full

    def settimeout(self, seconds: float | None, /) -> None:
        """Limits what follows, each call for itself; None for no end."""
        self._seconds = seconds

    def fileno(self) -> int:
        """Of the outer connection, to see whether anything has arrived."""
        return self._outer.fileno()

    def close(self) -> None:
        """Closes both at once."""
        self._outer.close()

    def shut_down(self) -> None:
        """Ends both, also in the middle of another thread's read."""
        shut_down(self._outer)

    def _run(self, step: Callable[[], Result]) -> Result:
        """Repeats the step until it has had from the other side what it needs."""
        deadline = None if self._seconds is None else time.monotonic() + self._seconds
        while True:
            self._outer.settimeout(seconds_left(deadline))
            try:
                return step()
            except SSLWantReadError:
                pass
            finally:
                self._outer.sendall(self._to_send.read())
            part = self._outer.recv(_CHUNK)
            if part:
                self._arrived.write(part)
            else:
                self._arrived.write_eof()
