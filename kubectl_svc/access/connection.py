"""Where the API server is and how to prove who we are: what a kubeconfig comes down to."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_SCHEME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+-.")
_IN_PATH = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~$&+,:;=@")


EXEC_GROUP = "client.authentication.k8s.io"
EXEC_VERSIONS = (f"{EXEC_GROUP}/v1", f"{EXEC_GROUP}/v1beta1")
"""The API versions that plugins may speak."""


class ExecPlugin(Value):
    """A program that prints credentials (client-go api.ExecConfig).

    A `command` with a folder in it is absolute here. `interactive_mode` is one of Never, IfAvailable, Always in every
    plugin of a `Connection`; `install_hint` is fit for a terminal there. `config` is what the cluster's extension
    `client.authentication.k8s.io/exec` holds for the plugin; None without one.
    """

    api_version: str
    command: str
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    install_hint: str = ""
    provide_cluster_info: bool = False
    interactive_mode: str = "IfAvailable"
    config: Any = None

    def __repr__(self) -> str:
        """Only the command: arguments and environment may hold secrets."""
        return f"ExecPlugin(command={self.command!r})"


class AuthProvider(Value):
    """The auth-provider of a user, and where refreshed tokens are written back: `user` in the kubeconfig `file`."""

    name: str
    config: Mapping[str, str]
    user: str
    file: str

    def __repr__(self) -> str:
        """Only the names: the configuration holds tokens."""
        return f"AuthProvider(name={self.name!r}, user={self.user!r})"


class Identity(Value):
    """Who we are, as a user of a kubeconfig says it (client-go api.AuthInfo); empty fields mean "not given".

    Data beats the file of the same name.
    """

    client_certificate: str = ""
    client_certificate_data: bytes = b""
    client_key: str = ""
    client_key_data: bytes = b""
    token: str = ""
    token_file: str = ""
    username: str = ""
    password: str = ""
    exec: ExecPlugin | None = None
    auth_provider: AuthProvider | None = None
    as_user: str = ""
    as_uid: str = ""
    as_groups: tuple[str, ...] = ()
    as_user_extra: Mapping[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        """Nothing: nearly all of it is secret."""
        return f"{type(self).__name__}(...)"


class Connection(Identity):
    """One server with one identity, ready to be used; empty fields mean "not given".

    `server` is a URL or host:port as it was configured. Data beats the file of the same name. `timeout` is in seconds,
    0 for none. A token file is read again for every request and beats `token`, which is what it held at first.
    `exec` is there only when it is to be run.
    Source: client-go rest/config.go `Config`.
    """

    server: str
    certificate_authority: str = ""
    certificate_authority_data: bytes = b""
    insecure: bool = False
    server_name: str = ""
    timeout: float = 0.0
    disable_compression: bool = False
    proxy_url: str = ""

    def __repr__(self) -> str:
        """Only the server: everything else may be secret."""
        return f"Connection(server={self.server.rpartition('@')[2]!r})"


class Address(Value):
    """A server URL taken apart. `authority` is host:port as typed, for messages; `prefix` has no slash at its end."""

    scheme: str
    authority: str
    host: str
    port: int
    prefix: str
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """As a URL, without the credentials that one may carry."""
        return f"Address({self.url})"

    @property
    def url(self) -> str:
        """The URL that paths of the API are appended to."""
        return f"{self.scheme}://{self.authority}{self.prefix}"


def address(server: str) -> Address:
    """The parts of a server URL; without a scheme it is plain HTTP to host:port. Query and fragment are dropped.

    Raises SvcError for what is neither. Source: client-go rest/url_utils.go `DefaultServerURL`.
    """
    scheme, separator, rest = server.partition("://")
    scheme = scheme.lower()
    if not (separator and scheme[:1].isalpha() and _SCHEME.issuperset(scheme)):
        scheme, rest = "http", server
    location = rest.partition("#")[0].partition("?")[0]
    authority, slash, path = location.partition("/")
    userinfo, _, authority = authority.rpartition("@")
    host, port = _host_and_port(authority)
    known = (host or port) and port is not None and server.isprintable() and " " not in server
    if not known or (not separator and path):
        shown = server if not userinfo else server.replace(f"{userinfo}@", "")
        raise SvcError(f"host must be a URL or a host:port pair: {quote(shown)}")
    username, _, password = userinfo.partition(":")
    return Address(
        scheme=scheme,
        authority=authority,
        host=host,
        port=port or (443 if scheme == "https" else 80),
        prefix=escape_path(slash + path, keep="%/").rstrip("/"),
        username=unescape(username),
        password=unescape(password),
    )


def _host_and_port(authority: str) -> tuple[str, int | None]:
    """Host without brackets, and port: 0 when left out, None when it is not a number."""
    if authority.startswith("["):
        host, bracket, port = authority[1:].partition("]")
        if not bracket or port[:1] not in ("", ":"):
            return "", None
        host, port = unescape(host), port[1:]
    else:
        host, _, port = authority.partition(":")
    if not port:
        return host, 0
    return host, int(port) if port.isascii() and port.isdigit() and len(port) < 10 else None


def escape_path(text: str, *, keep: str = "") -> str:
    """The text percent-escaped for use within a URL path: a segment, or with `keep="/"` several."""
    kept = _IN_PATH.union(keep.encode())
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))


def escape_query(text: str) -> str:
    """The text percent-escaped for a name or value of a query string."""
    return "".join(
        chr(byte) if byte in _IN_PATH and byte not in b"$&+,:;=@" else f"%{byte:02X}"
        for byte in text.encode("utf-8", "surrogateescape")
    )


def unescape(text: str) -> str:
    """The text with its percent escapes taken back; what is no escape stays."""
    first, *rest = text.split("%")
    return (first.encode() + b"".join(map(_unescaped, rest))).decode("utf-8", "replace")


def _unescaped(part: str) -> bytes:
    """What came after a percent sign, with the byte that it stands for."""
    try:
        return bytes([int(part[:2], 16)]) + part[2:].encode()
    except ValueError:
        return f"%{part}".encode()
