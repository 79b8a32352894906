"""One kept-open connection, plain or TLS: one request, one complete answer or one clear sentence."""

from __future__ import annotations

import os
import socket
import time

from kubectl_svc.access.connection import address
from kubectl_svc.access.http1 import AnswerReader, DroppedError, MalformedError, Response, TooLargeError, encode
from kubectl_svc.access.tls import client_context
from kubectl_svc.errors import SvcError, UnreachableError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from typing import Any

    from kubectl_svc.access.connection import Connection
    from kubectl_svc.access.http1 import Request

MAX_BODY = 64 << 20  # bytes of an answer, unpacked; etcd holds no object beyond 1.5 MiB
CONNECT_SECONDS = 30.0  # client-go transport/cache.go
HANDSHAKE_SECONDS = 10.0  # apimachinery util/net, as net/http


class Wire:
    """The connection itself: opened with the first request, kept for the next, never used by two threads at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._address = address(connection.server)
        self._context: ssl.SSLContext | None = None
        self._socket: socket.socket | None = None

    def close(self) -> None:
        """Closes the connection, if one is open; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def is_open(self) -> bool:
        """Whether a connection is there to carry another request; one that the server has closed cannot."""
        if self._socket is None:
            return False
        import select  # only a second request needs it

        if select.select([self._socket], [], [], 0)[0]:
            # There is nothing to be read between two answers: this is the end, or rubbish.
            self.close()
            return False
        return True

    def exchange(self, request: Request, deadline: float | None) -> Response:
        """The answer to one request, by `deadline` (of time.monotonic; None for no end).

        Raises DroppedError when the server hung up, UnreachableError for everything else that went wrong, and SvcError
        for certificates that cannot be used. After any of them the connection is closed.
        """
        try:
            return self._exchange(request, deadline)
        except (DroppedError, SvcError):
            self.close()
            raise
        except MalformedError as error:
            reason = str(error)
        except TooLargeError:
            reason = f"the answer is larger than {MAX_BODY >> 20} MiB"
        except TimeoutError:
            limit = self._connection.timeout
            reason = f"no answer within {limit:g}s (--request-timeout)" if limit else "the connection timed out"
        except OSError as error:
            reason = _tls_reason(error, self._server_name()) or _os_reason(error)
        self.close()
        raise self.unreachable(reason)

    def unreachable(self, reason: str, *, refused: bool = False) -> UnreachableError:
        """An error that names this server."""
        return UnreachableError(self._address.authority, reason, refused=refused)

    # --- one request, one answer

    def _exchange(self, request: Request, deadline: float | None) -> Response:
        import ssl  # a plain HTTP server need not cost it

        if self._socket is None:
            self._socket = self._connected(deadline)
        wire = self._socket

        def receive(count: int) -> bytes:
            wire.settimeout(_left(deadline))
            return wire.recv(count)

        answers = AnswerReader(receive, MAX_BODY)
        try:
            wire.settimeout(_left(deadline))
            wire.sendall(encode(request))
            response = answers.read()
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            raise DroppedError from None
        if response.header("Content-Encoding").lower() == "gzip":
            response = response.but(body=self._unpacked(response.body))
        if answers.must_close:
            self.close()
        return response

    def _unpacked(self, body: bytes) -> bytes:
        import zlib  # the server packs only large answers

        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            unpacked = unpacker.decompress(body, MAX_BODY + 1)
        except zlib.error:
            raise self.unreachable("the answer cannot be unpacked (gzip)") from None
        if len(unpacked) > MAX_BODY:
            raise TooLargeError
        if not unpacker.eof:
            raise DroppedError
        return unpacked

    # --- connecting

    def _connected(self, deadline: float | None) -> socket.socket:
        self._refuse_unsupported()
        plain = self._dialled(deadline)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._address.scheme == "http":
            return plain
        try:
            return self._secured(plain, deadline)
        except BaseException:
            plain.close()
            raise

    def _refuse_unsupported(self) -> None:
        if self._address.scheme not in ("http", "https"):
            raise self.unreachable(f"unsupported protocol scheme {quote(self._address.scheme)}")
        if self._address.port > 65535:
            raise self.unreachable(f"dial tcp: address {self._address.port}: invalid port")
        if self._connection.proxy_url:
            raise SvcError("reaching the server through a proxy (proxy-url) is not supported yet")

    def _dialled(self, deadline: float | None) -> socket.socket:
        host, port = self._address.host, self._address.port
        where = f"dial tcp {f'[{host}]' if ':' in host else host}:{port}"
        try:
            # As bytes, because a host in a str makes Python import idna.
            at: tuple[Any, int] = (_ascii_host(host), port)
            return socket.create_connection(at, _left(deadline, CONNECT_SECONDS))
        except UnicodeError:
            raise self.unreachable(f"dial tcp: lookup {host}: no such host") from None
        except ConnectionRefusedError:
            raise self.unreachable(f"{where}: connect: connection refused", refused=True) from None
        except socket.gaierror as error:
            raise self.unreachable(f"dial tcp: lookup {host}: {_lookup_reason(error)}") from None
        except TimeoutError:
            raise self.unreachable(f"{where}: i/o timeout") from None
        except OSError as error:
            raise self.unreachable(f"{where}: connect: {_os_reason(error)}") from None

    def _secured(self, plain: socket.socket, deadline: float | None) -> socket.socket:
        import ssl  # a plain HTTP server need not cost it

        if self._context is None:
            self._context = client_context(self._connection)
        plain.settimeout(_left(deadline, HANDSHAKE_SECONDS))
        try:
            return self._context.wrap_socket(plain, server_hostname=_ascii_host(self._server_name()))
        except TimeoutError:
            raise self.unreachable("net/http: TLS handshake timeout") from None
        except (ConnectionError, ssl.SSLEOFError):
            raise self.unreachable("the server closed the connection during the TLS handshake") from None

    def _server_name(self) -> str:
        """The name that the server's certificate must be for, without the zone of an IPv6 address."""
        return self._connection.server_name or self._address.host.partition("%")[0]


def _left(deadline: float | None, limit: float | None = None) -> float | None:
    """Seconds until the deadline, at most `limit`; None for no end. Raises TimeoutError when it has passed."""
    if deadline is None:
        return limit
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left if limit is None else min(left, limit)


def _ascii_host(host: str) -> bytes:
    return host.encode("ascii") if host.isascii() else host.encode("idna")


def _lookup_reason(error: socket.gaierror) -> str:
    if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
        return "no such host"
    return (error.strerror or "failed").lower()


def _os_reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "the connection failed"


def _tls_reason(error: OSError, name: str) -> str:
    """What went wrong in TLS, in Go's words where it has some; empty for an error that is none of TLS."""
    import ssl  # a plain HTTP server need not cost it

    if isinstance(error, ssl.SSLCertVerificationError):
        return f"tls: failed to verify certificate: x509: {_certificate_reason(error, name)}"
    if not isinstance(error, ssl.SSLError):
        return ""
    reason = error.reason or "handshake failed"
    if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"):
        return "http: server gave HTTP response to HTTPS client"
    words = reason.lower().replace("_", " ")
    return f"remote error: tls: {words.partition(' alert ')[2] or words}"


def _certificate_reason(error: ssl.SSLCertVerificationError, name: str) -> str:
    """Source of the numbers: OpenSSL x509_vfy.h."""
    code = error.verify_code
    if code in (2, 18, 19, 20, 21, 27):  # no issuer, self-signed, not the issuer, untrusted
        return "certificate signed by unknown authority"
    if code in (9, 10):
        return f"certificate has expired or is not yet valid: {error.verify_message}"
    if code in (62, 64):
        return f"certificate is not valid for {name}"
    return error.verify_message
