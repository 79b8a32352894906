"""URLs as Go reads them: taken apart, put together again, and shown without the password.

Pure. Source: net/url `Parse`, `String`, `Redacted`, `ResolveReference`. A URL without `//` (Go's Opaque) has no host
here and its rest as path; nothing can be asked of either.
"""

from __future__ import annotations

from kubectl_svc.access.connection import escape_path, unescape
from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_ALPHANUMERIC = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_UNRESERVED = _ALPHANUMERIC.union(b"-._~")
_IN_HOST = _UNRESERVED.union(b"!$&'()*+,;=:[]<>\"")
_IN_USERINFO = _UNRESERVED.union(b"!$&'()*+,;=:%@")
_KEPT_IN_USERINFO = _UNRESERVED.union(b"$&+,;=")
_KEPT_IN_PATH = _UNRESERVED.union(b"/!$&'()*+,;=:@[]%")
_KEPT_IN_FRAGMENT = _KEPT_IN_PATH.union(b"?")
_HEX = frozenset("0123456789abcdefABCDEF")
_COVER = "xxxxx"


class Url(Value):
    """A URL taken apart. `host` has its port and brackets; `path` and `fragment` are escaped, the rest is not.

    `query` is None without a question mark, `username` without credentials, `password` without a colon in them.
    """

    scheme: str
    username: str | None = None
    password: str | None = None
    host: str = ""
    path: str = ""
    query: str | None = None
    fragment: str = ""

    def __repr__(self) -> str:
        """As shown to people."""
        return f"Url({self.redacted})"

    @property
    def hostname(self) -> str:
        """The host without port and brackets."""
        return _split_port(self.host)[0]

    @property
    def port(self) -> str:
        """The port as typed, or empty."""
        return _split_port(self.host)[1]

    @property
    def target(self) -> str:
        """Path and query, as a request line has them."""
        return (self.path or "/") + ("" if self.query is None else f"?{self.query}")

    @property
    def redacted(self) -> str:
        """The whole URL, the password covered."""
        userinfo = ""
        if self.username is not None:
            userinfo = (
                _escaped(self.username, _KEPT_IN_USERINFO) + ("" if self.password is None else f":{_COVER}") + "@"
            )
        start = f"{self.scheme}:" if self.scheme else ""
        rooted = start and self.path.startswith("/")
        middle = f"//{userinfo}{_escaped(self.host, _IN_HOST)}" if userinfo or self.host or rooted else ""
        query = "" if self.query is None else f"?{self.query}"
        return f"{start}{middle}{self.path}{query}" + (f"#{self.fragment}" if self.fragment else "")

    def resolve(self, reference: Url) -> Url:
        """Where the reference leads to from here."""
        if reference.scheme or reference.host or reference.username is not None:
            return reference.but(scheme=reference.scheme or self.scheme, path=_resolved("", reference.path))
        here = not reference.path and reference.query is None
        return self.but(
            path=_resolved(self.path, reference.path),
            query=self.query if here else reference.query,
            fragment=reference.fragment or (self.fragment if here else ""),
        )


def parse(text: str) -> Url:
    """The parts of a URL or of a reference. Raises ValueError with all of Go's sentence, passwords covered."""
    bare, _, fragment = text.partition("#")
    try:
        return _parsed(bare).but(fragment=_fragment(fragment))
    except ValueError as error:
        reason, shown = str(error), covered(bare)
    if shown != bare:
        reason = reason.partition('"')[0].rstrip()  # what it quotes may be of the password
    raise ValueError(f"parse {quote(shown)}: {reason}")


def _parsed(text: str) -> Url:
    if any(char < " " or char == "\x7f" for char in text):
        raise ValueError("net/url: invalid control character in URL")
    scheme, rest = _scheme(text)
    rest, mark, query = rest.partition("?")
    if scheme and not rest.startswith("/"):
        return Url(scheme=scheme, path=rest, query=query if mark else None)
    if not scheme and ":" in rest.partition("/")[0]:
        raise ValueError("first path segment in URL cannot contain colon")
    username = password = None
    host = ""
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        userinfo, at, host = authority.rpartition("@")
        host = _host(scheme, host)
        if at:
            username, password = _userinfo(userinfo)
    return Url(
        scheme=scheme,
        username=username,
        password=password,
        host=host,
        path=_path(rest),
        query=query if mark else None,
    )


def _scheme(text: str) -> tuple[str, str]:
    """The scheme in lower case, or empty, and what follows it."""
    scheme, colon, rest = text.partition(":")
    if text.startswith(":"):
        raise ValueError("missing protocol scheme")
    known = scheme.isascii() and scheme[:1].isalpha() and all(char.isalnum() or char in "+-." for char in scheme)
    return (scheme.lower(), rest) if colon and known else ("", text)


def _userinfo(text: str) -> tuple[str, str | None]:
    if not _IN_USERINFO.issuperset(text.encode("utf-8", "surrogateescape")):
        raise ValueError("net/url: invalid userinfo")
    username, colon, password = text.partition(":")
    return _unescaped(username), _unescaped(password) if colon else None


def _host(scheme: str, text: str) -> str:
    if text.rfind("[") > 0:
        raise ValueError("invalid IP-literal")
    if text.startswith("["):
        return _address_literal(text)
    # Only of other schemes may the host itself have colons (multi-host URLs of databases).
    _, colon, port = text.partition(":") if scheme in ("http", "https") else text.rpartition(":")
    _check_port(colon + port if colon else "")
    return _unescaped_host(text)


def _address_literal(text: str) -> str:
    inside, bracket, port = text[1:].rpartition("]")
    if not bracket:
        raise ValueError("missing ']' in host")
    _check_port(port)
    address, percent, zone = inside.partition("%25")
    address = _unescaped_host(address) + (_unescaped(percent + zone) if percent else "")
    import ipaddress

    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        raise ValueError(f"invalid host: ParseAddr({quote(address)}): unable to parse IP") from None
    if version == 4:
        raise ValueError("invalid IP-literal")
    return f"[{address}]{port}"


def _check_port(text: str) -> None:
    """Raises ValueError for what is neither empty nor a colon with digits or nothing behind it."""
    if text and not (text[0] == ":" and text.isascii() and (text[1:] or "0").isdigit()):
        raise ValueError(f"invalid port {quote(text)} after host")


def _unescaped_host(text: str) -> str:
    for index, char in enumerate(text):
        if char == "%":
            escape = _escape_at(text, index)
            if int(escape[1], 16) < 8 and escape != "%25":
                raise ValueError(f"invalid URL escape {quote(escape)}")
        elif char.isascii() and ord(char) not in _IN_HOST:
            raise ValueError(f"invalid character {quote(char)} in host name")
    return unescape(text)


def _unescaped(text: str) -> str:
    for index, char in enumerate(text):
        if char == "%":
            _escape_at(text, index)
    return unescape(text)


def _escape_at(text: str, index: int) -> str:
    escape = text[index : index + 3]
    if len(escape) < 3 or not _HEX.issuperset(escape[1:]):
        raise ValueError(f"invalid URL escape {quote(escape)}")
    return escape


def _path(text: str) -> str:
    """The path as it is sent: as typed where that is well escaped, else escaped anew."""
    plain = _unescaped(text)
    if _KEPT_IN_PATH.issuperset(text.encode("utf-8", "surrogateescape")):
        return text
    return escape_path(plain, keep="/")


def _fragment(text: str) -> str:
    plain = _unescaped(text)
    if _KEPT_IN_FRAGMENT.issuperset(text.encode("utf-8", "surrogateescape")):
        return text
    return _escaped(plain, _KEPT_IN_FRAGMENT.difference(b"'[]%"))


def _escaped(text: str, kept: AbstractSet[int]) -> str:
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))


def _split_port(host: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    if not colon or not (port.isascii() and (port or "0").isdigit()):
        name, port = host, ""
    return (name[1:-1] if name.startswith("[") and name.endswith("]") else name), port


def _resolved(base: str, reference: str) -> str:
    """The path without `.` and `..`, joined to the folder of `base` where it is relative (RFC 3986, 5.2)."""
    full = reference if reference.startswith("/") else base[: base.rfind("/") + 1] + reference if reference else base
    if not full:
        return ""
    joined, first = "/", True
    part = ""
    for part in full.split("/"):
        if part == "..":
            joined = joined[: max(joined.rfind("/", 1), 1)]
            first = joined == "/"
            continue
        if part != ".":
            joined += part if first else f"/{part}"
        first = False
    if part in (".", ".."):
        joined += "/"
    return joined[1:] if joined.startswith("//") else joined


def covered(text: str) -> str:
    """A text that may be no URL, with everything covered that may be a password."""
    start, slashes, rest = text.partition("//")
    userinfo, at, location = rest.rpartition("@")
    username, colon, _ = userinfo.partition(":")
    return f"{start}{slashes}{username}:{_COVER}{at}{location}" if colon and at else text
