"""What every request to the API server says about us: who we are, whom we act as, what we can read.

Source: client-go transport/round_trippers.go.
"""

from __future__ import annotations

import os
import sys

from kubectl_svc import __version__
from kubectl_svc.access.go_files import contents
from kubectl_svc.access.http.http1 import basic_credentials
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.access.connection import Address, Connection

    Header = tuple[str, str]

_HEADER_KEY = frozenset(b"!#$&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}  # as Go calls them


def common_headers(connection: Connection, address: Address) -> list[Header]:
    """Host, program, encodings and impersonation."""
    headers = [("Host", address.authority), ("User-Agent", _user_agent())]
    if not connection.disable_compression:
        headers.append(("Accept-Encoding", "gzip"))
    return headers + _impersonation(connection)


def authorization(connection: Connection, address: Address) -> list[Header]:
    """What the URL says of us, else the connection's token or password; nothing where there is neither.

    Raises SvcError where there are both (net/http `Client.send`, client-go's round trippers).
    """
    token = _token_in(connection.token_file) or connection.token
    password = connection.username or connection.password
    if token and password:
        raise SvcError("username/password or bearer token may be set, but not both")
    if address.username:
        return [("Authorization", basic_credentials(address.username, address.password))]
    if password:
        return [("Authorization", basic_credentials(connection.username, connection.password))]
    return bearer(token)


def bearer(token: str) -> list[Header]:
    """The header for a token; none for an empty one."""
    return [("Authorization", f"Bearer {token}")] if token else []


def _token_in(path: str) -> str:
    """The token in a file, read anew because it is rotated; empty when it cannot be read."""
    if not path:
        return ""
    try:
        return contents(path).decode("utf-8", "surrogateescape").strip()
    except OSError:
        return ""


def _impersonation(connection: Connection) -> list[Header]:
    if not connection.as_user:
        return []
    headers = [("Impersonate-User", connection.as_user)]
    if connection.as_uid:
        headers.append(("Impersonate-Uid", connection.as_uid))
    headers += [("Impersonate-Group", group) for group in connection.as_groups]
    for key, values in connection.as_user_extra.items():
        headers += [(f"Impersonate-Extra-{_header_key(key)}", value) for value in values]
    return headers


def _header_key(key: str) -> str:
    """The key with everything percent-escaped that no header name may hold, and the percent sign itself."""
    return "".join(chr(byte) if byte in _HEADER_KEY else f"%{byte:02X}" for byte in key.encode("utf-8", "replace"))


def _user_agent() -> str:
    machine = os.uname().machine if hasattr(os, "uname") else "unknown"
    return f"kubectl-svc/{__version__} ({sys.platform}/{_ARCHITECTURES.get(machine, machine)})"
