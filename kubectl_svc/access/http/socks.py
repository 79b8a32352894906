"""The client's side of SOCKS 5, as net/http speaks it: names are resolved by the proxy.

Source: RFC 1928, RFC 1929; golang.org/x/net/internal/socks.
"""

from __future__ import annotations

import _socket  # as dial

from kubectl_svc.access.http.dial import DialError, ascii_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Send = Callable[[bytes], None]
    Receive = Callable[[int], bytes]

_VERSION = 5
_NO_AUTHENTICATION, _PASSWORD, _NOTHING_ACCEPTABLE = 0, 2, 255
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_LAST_PORT = 65535
_LONGEST = 255  # bytes of a name or a password: their length is one byte
_REPLIES = (
    "succeeded", "general SOCKS server failure", "connection not allowed by ruleset", "network unreachable",
    "host unreachable", "connection refused", "TTL expired", "command not supported", "address type not supported",
)  # fmt: skip


def connect(send: Send, receive: Receive, target: tuple[str, int], credentials: tuple[str, str] | None) -> None:
    """Has the proxy at the other end connect to host and port; `credentials` are user name and password.

    `send` sends all bytes, `receive(n)` gives up to n, and none at the end. Raises DialError in Go's words.
    """
    host, port = target
    if port > _LAST_PORT:
        raise DialError(f"port number out of range {port}")
    address = _address(host)
    _agree(send, receive, credentials)
    send(bytes((_VERSION, _CONNECT, 0)) + address + port.to_bytes(2, "big"))
    version, reply, reserved, kind = _exactly(receive, 4)
    _check_version(version)
    if reply:
        reason = _REPLIES[reply] if reply < len(_REPLIES) else f"unknown code: {reply}"
        raise DialError(f"unknown error {reason}")
    if reserved:
        raise DialError("non-zero reserved field")
    # Where the proxy connected from says nothing that we ask for, but has to be read.
    if kind == _NAME:
        length = _exactly(receive, 1)[0]
    elif kind in (_IPV4, _IPV6):
        length = 4 if kind == _IPV4 else 16
    else:
        raise DialError(f"unknown address type {kind}")
    _exactly(receive, length + 2)


def _agree(send: Send, receive: Receive, credentials: tuple[str, str] | None) -> None:
    """Agrees on how we prove who we are, and does."""
    methods = (_NO_AUTHENTICATION,) if credentials is None else (_NO_AUTHENTICATION, _PASSWORD)
    send(bytes((_VERSION, len(methods), *methods)))
    version, method = _exactly(receive, 2)
    _check_version(version)
    if method == _NOTHING_ACCEPTABLE:
        raise DialError("no acceptable authentication methods")
    if credentials is None or method == _NO_AUTHENTICATION:
        return
    if method != _PASSWORD:
        raise DialError(f"unsupported authentication method {method}")
    username, password = (word.encode("utf-8", "surrogateescape") for word in credentials)
    if not username or max(len(username), len(password)) > _LONGEST:
        raise DialError("invalid username/password")
    send(b"\x01" + bytes((len(username),)) + username + bytes((len(password),)) + password)
    version, status = _exactly(receive, 2)
    if version != 1:
        raise DialError("invalid username/password version")
    if status:
        raise DialError("username/password authentication failed")


def _check_version(version: int) -> None:
    if version != _VERSION:
        raise DialError(f"unexpected protocol version {version}")


def _address(host: str) -> bytes:
    for kind, family in ((_IPV4, _socket.AF_INET), (_IPV6, _socket.AF_INET6)):
        try:
            return bytes((kind,)) + _socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
    try:
        name = ascii_host(host)
    except UnicodeError:
        raise DialError(f"lookup {host}: no such host") from None
    if len(name) > _LONGEST:
        raise DialError("FQDN too long")
    return bytes((_NAME, len(name))) + name


def _exactly(receive: Receive, count: int) -> bytes:
    got = b""
    while len(got) < count:
        part = receive(count - len(got))
        if not part:
            raise DialError("unexpected EOF" if got else "EOF")
        got += part
    return got
