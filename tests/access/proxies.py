"""Small real proxies: HTTP (CONNECT and whole URLs), the same over TLS, SOCKS 5. Each remembers what it carried."""

from __future__ import annotations

import base64
import contextlib
import socket
import struct
import threading
from urllib.parse import urlsplit

from tests.access.listener import Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    Carry = Callable[["Proxy", socket.socket], None]

_CHUNK = 1 << 16


class Proxy(Listener):
    """`carry` does one connection."""

    def __init__(self, carry: Carry, context: ssl.SSLContext | None, credentials: str = "") -> None:
        """`credentials` are `user:password`, which the proxy then asks for."""
        self.credentials = credentials
        self.routes: dict[str, tuple[str, int]] = {}
        """Where hosts are that no name server knows."""
        self.carried: list[str] = []
        """What was asked for: `CONNECT host:port`, `GET http://...`, `SOCKS host:port`, in the order of arrival."""
        self._carry = carry
        self._context = context
        super().__init__()

    def reach(self, host: str, port: int) -> socket.socket:
        """A connection onwards."""
        onwards = socket.create_connection(self.routes.get(host, (host, port)), 10)
        onwards.settimeout(None)
        self.ends.append(onwards)
        return onwards

    def pump(self, client: socket.socket, onwards: socket.socket) -> None:
        """Carries bytes both ways until one side ends."""
        back = threading.Thread(target=_copy, args=(onwards, client), daemon=True)
        with onwards:
            back.start()
            _copy(client, onwards)
            back.join()

    def _serve(self, peer: socket.socket) -> None:
        self.ends.append(peer)
        with contextlib.suppress(OSError, EOFError), contextlib.ExitStack() as stack:
            stack.callback(peer.close)
            client = self._context.wrap_socket(peer, server_side=True) if self._context else peer
            stack.callback(client.close)
            self.ends.append(client)
            self._carry(self, client)


def carry_http(proxy: Proxy, client: socket.socket) -> None:
    """CONNECT to anywhere, and GET of whole URLs; 407 where credentials are missing."""
    head = _read_until(client, b"\r\n\r\n").decode()
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    wanted = f"Basic {base64.b64encode(proxy.credentials.encode()).decode()}"
    if proxy.credentials and headers.get("proxy-authorization") != wanted:
        client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        return
    proxy.carried.append(f"{method} {target}")
    if method == "CONNECT":
        host, _, port = target.rpartition(":")
        onwards = proxy.reach(host.strip("[]"), int(port))
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    else:
        url = urlsplit(target)
        onwards = proxy.reach(url.hostname or "", url.port or 80)
        path = target.partition("://")[2].partition("/")[2]
        kept = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if not name.startswith("proxy-"))
        onwards.sendall(f"{method} /{path} HTTP/1.1\r\n{kept}\r\n".encode())
    proxy.pump(client, onwards)


def carry_socks(proxy: Proxy, client: socket.socket) -> None:
    """SOCKS 5 CONNECT, with a password where there are credentials."""
    _, count = _exactly(client, 2)
    methods = _exactly(client, count)
    method = 2 if proxy.credentials else 0
    if method not in methods:
        client.sendall(b"\x05\xff")
        return
    client.sendall(bytes((5, method)))
    if method:
        username = _exactly(client, _exactly(client, 2)[1])
        password = _exactly(client, _exactly(client, 1)[0])
        if f"{username.decode()}:{password.decode()}" != proxy.credentials:
            client.sendall(b"\x01\x01")
            return
        client.sendall(b"\x01\x00")
    *_, kind = _exactly(client, 4)
    if kind == 3:
        host = _exactly(client, _exactly(client, 1)[0]).decode()
    else:
        family = socket.AF_INET if kind == 1 else socket.AF_INET6
        host = socket.inet_ntop(family, _exactly(client, 4 if kind == 1 else 16))
    (port,) = struct.unpack(">H", _exactly(client, 2))
    proxy.carried.append(f"SOCKS {host}:{port}")
    onwards = proxy.reach(host, port)
    client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01")
    proxy.pump(client, onwards)


def say(data: bytes) -> Carry:
    """A proxy that answers whatever it is asked with these bytes, and hangs up."""

    def carry(proxy: Proxy, client: socket.socket) -> None:
        proxy.carried.append("")
        client.recv(_CHUNK)
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        while client.recv(_CHUNK):  # a connection closed with something unread would be reset
            pass

    return carry


def say_nothing(proxy: Proxy, client: socket.socket) -> None:
    """A proxy that listens for ever."""
    proxy.carried.append("")
    while client.recv(_CHUNK):
        pass


@contextlib.contextmanager
def proxy_through(carry: Carry, context: ssl.SSLContext | None = None, credentials: str = "") -> Iterator[Proxy]:
    """A `Proxy` for the time of a with-block."""
    proxy = Proxy(carry, context, credentials)
    try:
        yield proxy
    finally:
        proxy.close()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _read_until(client: socket.socket, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        data += _exactly(client, 1)
    return data


def _exactly(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = client.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data
