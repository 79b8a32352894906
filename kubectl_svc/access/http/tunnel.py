"""Connections that lead through a proxy: HTTP (CONNECT, or whole URLs for plain HTTP servers), HTTPS, SOCKS 5.

Source: net/http transport.go (`dialConn`, `connectMethod`).
"""

from __future__ import annotations

import time

from kubectl_svc.access.http.dial import DialError, dial, join_host_port, os_reason, receiver
from kubectl_svc.access.http.echo import without_echo
from kubectl_svc.access.http.go_url import parse
from kubectl_svc.access.http.http1 import AnswerReader, DroppedError, MalformedError, Request, basic_credentials, encode
from kubectl_svc.errors import SvcError
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from kubectl_svc.access.connection import Address
    from kubectl_svc.access.http.dial import Stream

CONNECT_SECONDS = 60.0  # net/http, for the answer to CONNECT
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


class Proxy(Value):
    """Where a proxy is and how it is spoken to. `credentials` are user name and password, None without any."""

    scheme: str
    host: str
    port: int
    credentials: tuple[str, str] | None

    def __repr__(self) -> str:
        """Without the credentials."""
        return f"Proxy({self.scheme}://{join_host_port(self.host, self.port)})"

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS 5; all others speak HTTP, whatever their scheme."""
        return self.scheme in ("socks5", "socks5h")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What a proxy that speaks HTTP is to be sent."""
        return () if self.credentials is None else (("Proxy-Authorization", basic_credentials(*self.credentials)),)

    def forwards(self, scheme: str) -> bool:
        """Whether requests to servers of this scheme are handed to the proxy itself, with their whole URL."""
        return scheme == "http" and not self.is_socks


def proxy_at(url: str) -> Proxy:
    """The proxy that the URL names. Raises SvcError for what is no URL."""
    try:
        parsed = parse(url)
    except ValueError as error:
        raise SvcError(f"the URL of the proxy is not valid: {error}") from None
    username = parsed.username
    return Proxy(
        scheme=parsed.scheme,
        host=parsed.hostname,
        port=int(parsed.port[:9] or _PORTS.get(parsed.scheme, 0)),
        credentials=None if username is None else (username, parsed.password or ""),
    )


def open_tunnel(
    proxy: Proxy, target: Address, secured: Callable[[Stream, str], Stream], deadline: float | None
) -> Stream:
    """A connection through the proxy to the target; one to the proxy itself where it forwards requests.

    `secured` puts TLS on a connection to a host. Raises DialError, and TimeoutError when the deadline has passed.
    """
    stream = _reach(proxy, secured, deadline)
    try:
        limit = min(time.monotonic() + CONNECT_SECONDS, deadline or float("inf"))
        if proxy.is_socks:
            _connect_by_socks(stream, proxy, target, limit)
        elif not proxy.forwards(target.scheme):
            _connect(stream, proxy, target, limit)
    except BaseException:
        stream.close()
        raise
    return stream


def _reach(proxy: Proxy, secured: Callable[[Stream, str], Stream], deadline: float | None) -> Stream:
    try:
        stream: Stream = dial(proxy.host, proxy.port, deadline)
        return secured(stream, proxy.host) if proxy.scheme == "https" else stream
    except DialError as error:
        raise DialError(f"proxyconnect tcp: {error}") from None


def _connect_by_socks(stream: Stream, proxy: Proxy, target: Address, deadline: float) -> None:
    from kubectl_svc.access.http import socks  # only SOCKS proxies need it

    way = f"{join_host_port(proxy.host, proxy.port)}->{join_host_port(target.host, target.port)}"
    try:
        socks.connect(stream.sendall, receiver(stream, deadline), (target.host, target.port), proxy.credentials)
    except DialError as error:
        reason = str(error)
    except TimeoutError:
        raise
    except OSError as error:
        reason = os_reason(error)
    else:
        return
    raise DialError(f"socks connect tcp {way}: {reason}")


def _connect(stream: Stream, proxy: Proxy, target: Address, deadline: float) -> None:
    """Has an HTTP proxy connect to the target."""
    place = join_host_port(target.host, target.port)
    headers = (("Host", place), *proxy.headers)
    where = f"proxy {join_host_port(proxy.host, proxy.port)}"
    try:
        stream.sendall(encode(Request(method="CONNECT", target=place, headers=headers)))
        answer = without_echo(AnswerReader(receiver(stream, deadline), 0).read_head(), headers)
    except (DroppedError, ConnectionError):
        raise DialError(f"{where} closed the connection") from None
    except MalformedError as error:
        raise DialError(f"{where}: {error}") from None
    if answer.status != 200:
        raise DialError(f"{where}: {answer.status} {answer.phrase}".rstrip())
