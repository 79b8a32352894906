"""Connections over TCP and TLS, within Go's time limits, their failures in Go's words where it has some."""

from __future__ import annotations

import _socket  # `socket` makes enums of every constant, which takes longer than the connection
import os
import time
from _thread import allocate_lock, start_new_thread  # importing `threading` costs more than it gives here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ssl import SSLCertVerificationError, _SSLContext
    from collections.abc import Callable
    from typing import Any, Protocol

    class Stream(Protocol):
        """As much of a socket as a `Wire` uses."""

        def recv(self, count: int, /) -> bytes: ...
        def sendall(self, data: bytes, /) -> None: ...
        def settimeout(self, seconds: float | None, /) -> None: ...
        def fileno(self) -> int: ...
        def close(self) -> None: ...


CONNECT_SECONDS = 30.0  # client-go transport/cache.go
_LEAST_SECONDS = 2.0  # for one of several addresses, as long as there are so many (net `partialDeadline`)
HANDSHAKE_SECONDS = 10.0  # apimachinery util/net, as net/http
KEEP_ALIVE_SECONDS = 15  # net `defaultTCPKeepAliveIdle`; a silent server is given up after four times that


class Socket(_socket.socket):
    """A socket that TLS can be put on, which remembers its socket by a weak reference."""

    __slots__ = ("__weakref__",)


class DialError(Exception):
    """There is no connection; the message says why."""


def seconds_left(deadline: float | None, limit: float | None = None) -> float | None:
    """Seconds until the deadline, at most `limit`; None for no end. Raises TimeoutError when it has passed."""
    if deadline is None:
        return limit
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left if limit is None else min(left, limit)


def receiver(stream: Stream, deadline: float | None) -> Callable[[int], bytes]:
    """The connection's `recv`, which raises TimeoutError at the deadline."""
    if deadline is None:
        stream.settimeout(None)
        return stream.recv

    def receive(count: int) -> bytes:
        stream.settimeout(seconds_left(deadline))
        return stream.recv(count)

    return receive


def shut_down(stream: Stream) -> None:
    """Ends a connection in which another thread may wait: that thread reads its end."""
    if not isinstance(stream, _socket.socket):
        secured: Any = stream  # TLS on another, which ends that one
        secured.shut_down()
        return
    try:  # noqa: SIM105 - importing contextlib takes as long as ten modules of ours
        _socket.socket.shutdown(stream, _socket.SHUT_RDWR)  # a TLS socket's own takes away what the thread reads with
    except OSError:  # it is closed already
        pass


def join_host_port(host: str, port: int) -> str:
    """`host:port`, an IPv6 address in brackets (net.JoinHostPort)."""
    return f"{f'[{host}]' if ':' in host else host}:{port}"


def dial(host: str, port: int, deadline: float | None) -> Socket:
    """A TCP connection, by `deadline` (of time.monotonic; None for no end).

    Raises DialError, also when time is up.
    """
    if port > 65535:
        raise DialError(f"dial tcp: address {port}: invalid port")
    problems: dict[bool, str] = {}
    places = _places(host, port, deadline)
    for number, (family, place) in enumerate(places):
        stream = None
        try:
            stream = Socket(family, _socket.SOCK_STREAM)
            stream.settimeout(_share(seconds_left(deadline, CONNECT_SECONDS), len(places) - number))
            stream.connect(place)
        except OSError as error:
            if stream is not None:
                stream.close()
            reason = "i/o timeout" if isinstance(error, TimeoutError) else f"connect: {os_reason(error)}"
            shown = join_host_port(place[0], port) if host else f":{port}"
            problems.setdefault(family == _socket.AF_INET, f"dial tcp {shown}: {reason}")
            continue
        stream.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        _keep_alive(stream)
        return stream
    # Of a name with addresses of both families Go tells what became of IPv4.
    raise DialError(problems.get(True) or problems[False])


def _keep_alive(stream: Socket) -> None:
    """Has the system notice a server that has gone without a word: otherwise nobody would end the wait for it."""
    stream.setsockopt(_socket.SOL_SOCKET, _socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", KEEP_ALIVE_SECONDS),
        ("TCP_KEEPINTVL", KEEP_ALIVE_SECONDS),
        ("TCP_KEEPCNT", 3),
    ):
        if hasattr(_socket, name):  # not every system lets itself be told
            stream.setsockopt(_socket.IPPROTO_TCP, getattr(_socket, name), value)


def _share(seconds: float | None, addresses: int) -> float | None:
    """The part of the time that one of so many addresses may take (net `partialDeadline`)."""
    return None if seconds is None else max(seconds / addresses, min(seconds, _LEAST_SECONDS))


def _places(host: str, port: int, deadline: float | None) -> list[tuple[int, Any]]:
    """The addresses that the host has, an empty one meaning this machine. Raises DialError where it has none."""
    if _is_short_ipv4(host):
        raise DialError(f"dial tcp: lookup {host}: no such host")
    try:
        # As bytes, because a host in a str makes Python import idna.
        found = _looked_up(ascii_host(host) or b"localhost", port, deadline)
    except UnicodeError:
        raise DialError(f"dial tcp: lookup {host}: no such host") from None
    except TimeoutError:
        raise DialError(f"dial tcp: lookup {host}: i/o timeout") from None
    except _socket.gaierror as error:
        raise DialError(f"dial tcp: lookup {host}: {_lookup_reason(error)}") from None
    return [(family, place) for family, _, _, _, place in found]


def _looked_up(host: bytes, port: int, deadline: float | None) -> list[Any]:
    """What getaddrinfo finds. It knows no deadline: a name server that says nothing is left alone with it."""
    seconds = seconds_left(deadline)
    if seconds is None or b":" in host or host.replace(b".", b"").isdigit():
        return _socket.getaddrinfo(host, port, type=_socket.SOCK_STREAM)
    found: list[Any] = []
    done = allocate_lock()
    done.acquire()

    def look() -> None:
        try:
            found.append(_socket.getaddrinfo(host, port, type=_socket.SOCK_STREAM))
        except OSError as error:
            found.append(error)
        finally:
            done.release()

    start_new_thread(look, ())
    if not done.acquire(timeout=seconds):
        raise TimeoutError
    if isinstance(found[0], OSError):
        raise found[0]
    return list(found[0])


def secure(stream: Stream, context: _SSLContext, name: str, deadline: float | None) -> Stream:
    """TLS over the connection, with a server of this name; an IPv6 address may have a zone.

    Raises DialError, also when time is up; the connection is closed then.
    """
    from _ssl import SSLEOFError  # a plain HTTP server need not cost it

    from kubectl_svc.access.http.openssl import shake_hands

    name = name.partition("%")[0].removesuffix(".")  # no certificate has a zone, or a dot behind its name
    if name.lower().startswith("::ffff:") and "." in name:
        name = name[7:]  # to Go an IPv4 address is one in either spelling
    try:
        seconds = seconds_left(deadline, HANDSHAKE_SECONDS)
        stream.settimeout(seconds)
        if isinstance(stream, Socket):
            return shake_hands(stream, context, ascii_host(name))
        from kubectl_svc.access.http.tls_in_tls import TlsInTls  # only a proxy with TLS needs it

        return TlsInTls(stream, context, ascii_host(name), seconds)
    except TimeoutError:
        reason = "net/http: TLS handshake timeout"
    except (ConnectionError, SSLEOFError):
        reason = "the server closed the connection during the TLS handshake"
    except OSError as error:
        reason = tls_reason(error, name) or os_reason(error)
    except ValueError as error:  # a name that no certificate can have
        reason = f"tls: {error}"
    stream.close()
    raise DialError(reason)


def _is_short_ipv4(host: str) -> bool:
    """Whether only the C library takes this for an IPv4 address (`127.1`)."""
    return host.replace(".", "").isdecimal() and host.count(".") != 3


def os_reason(error: OSError) -> str:
    """What the system says of a failure."""
    return os.strerror(error.errno).lower() if error.errno else "the connection failed"


def tls_reason(error: OSError, name: str) -> str:
    """What went wrong in TLS with a server of this name; empty for an error that is none of TLS."""
    from _ssl import SSLCertVerificationError, SSLError  # a plain HTTP server need not cost it

    if isinstance(error, SSLCertVerificationError):
        return f"tls: failed to verify certificate: x509: {_certificate_reason(error, name)}"
    if not isinstance(error, SSLError):
        return ""
    reason = error.reason or "handshake failed"
    if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"):
        return "http: server gave HTTP response to HTTPS client"
    words = reason.lower().replace("_", " ")
    return f"remote error: tls: {words.partition(' alert ')[2] or words}"


def _certificate_reason(error: SSLCertVerificationError, name: str) -> str:
    """Source of the numbers: OpenSSL x509_vfy.h."""
    code = error.verify_code
    if code in (2, 18, 19, 20, 21, 27):  # no issuer, self-signed, not the issuer, untrusted
        return "certificate signed by unknown authority"
    if code in (9, 10):
        return f"certificate has expired or is not yet valid: {error.verify_message}"
    if code in (62, 64):
        return f"certificate is not valid for {name}"
    return error.verify_message


def _lookup_reason(error: _socket.gaierror) -> str:
    if error.errno in (_socket.EAI_NONAME, getattr(_socket, "EAI_NODATA", None)):
        return "no such host"
    return (error.strerror or "failed").lower()


def ascii_host(host: str) -> bytes:
    """The host as it goes over the wire. Raises UnicodeError for what no host can be."""
    return host.encode("ascii") if host.isascii() else host.encode("idna")
