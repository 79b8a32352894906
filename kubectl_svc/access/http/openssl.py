"""Our side of TLS from the C module below `ssl`, because importing `ssl` takes a fifth of what a plain job takes.

`ssl` adds enums and sockets of another kind, for which it imports re, base64, selectors and more; a server is verified
by OpenSSL and the C module. What is asked of that module here is what `ssl` asks of it (Lib/ssl.py `SSLContext`,
`SSLSocket`) in the versions of Python on which tests/access/test_openssl.py has been run; any other Python gets `ssl`.
"""

from __future__ import annotations

import sys

from kubectl_svc.access.http.dial import shut_down

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ssl import MemoryBIO, _SSLContext
    from ssl import SSLObject
    from typing import Any

    from kubectl_svc.access.http.dial import Socket, Stream

IS_KNOWN = sys.implementation.name == "cpython" and (3, 10) <= sys.version_info[:2] <= (3, 13)


def client_side() -> _SSLContext:
    """A context that verifies as Go does and trusts nobody yet: TLS 1.2 or later, HTTP/1.1."""
    return _plain_context() if IS_KNOWN else _library_context()


def _plain_context() -> _SSLContext:
    import _ssl  # loading OpenSSL takes 4 ms that a plain HTTP server need not cost

    known: _SSLContext = _ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)
    context: Any = known  # type checkers know only what `ssl` shows
    context.minimum_version = _ssl.PROTO_TLSv1_2
    context._set_alpn_protocols(b"\x08http/1.1")
    # As in Go: any certificate that is trusted ends the chain, and a name counts only as a subject alternative name.
    context.verify_flags |= _ssl.VERIFY_X509_PARTIAL_CHAIN
    context._host_flags |= _ssl.HOSTFLAG_NEVER_CHECK_SUBJECT
    return known


def _library_context() -> _SSLContext:
    """The same, as anybody would write it."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.hostname_checks_common_name = False
    return context


def shake_hands(stream: Socket, context: Any, name: bytes) -> Stream:
    """TLS over the socket, within the time that it has, with a server of this name.

    Raises OSError for what goes wrong, and ValueError for what can be no name; the caller closes the socket then.
    """
    if not IS_KNOWN:
        wrapped: Stream = context.wrap_socket(stream, server_hostname=name)
        return wrapped
    _check_name(context, name)
    return _TlsSocket(stream, context._wrap_socket(stream, False, name.decode("ascii") or None))


def over_memory(context: Any, arrived: MemoryBIO, to_send: MemoryBIO, name: bytes) -> SSLObject:
    """TLS between two buffers, with a server of this name; the handshake is still to be made."""
    if not IS_KNOWN:
        wrapped: SSLObject = context.wrap_bio(arrived, to_send, server_hostname=name)
        return wrapped
    _check_name(context, name)
    bare: SSLObject = context._wrap_bio(arrived, to_send, False, name.decode("ascii") or None)
    return bare


def _check_name(context: _SSLContext, name: bytes) -> None:
    """OpenSSL would verify no name where it is given none."""
    if context.check_hostname and not name:
        raise ValueError("check_hostname requires server_hostname")


class _TlsSocket:
    """A socket with TLS, as much of it as a `Wire` uses."""

    def __init__(self, stream: Socket, tls: Any) -> None:
        self._stream = stream
        self._tls = tls
        self._tls.do_handshake()

    def recv(self, count: int, /) -> bytes:
        """Up to `count` bytes; none at the end, also where the server ends without a word."""
        from _ssl import SSLEOFError

        try:
            arrived: bytes = self._tls.read(count)
        except SSLEOFError:
            return b""
        return arrived

    def sendall(self, data: bytes, /) -> None:
        """Sends all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._tls.write(rest) :]

    def settimeout(self, seconds: float | None, /) -> None:
        """Limits what follows, each call for itself; None for no end."""
        self._stream.settimeout(seconds)

    def fileno(self) -> int:
        """Of the connection, to see whether anything has arrived."""
        return self._stream.fileno()

    def close(self) -> None:
        """Closes the connection without a word, as `ssl` does."""
        self._stream.close()

    def shut_down(self) -> None:
        """Ends the connection, also in the middle of another thread's read."""
        shut_down(self._stream)
