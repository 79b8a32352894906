"""Which proxy leads to a URL: as the kubeconfig says it, else as Go reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY.

Source: net/http `ProxyFromEnvironment` (golang.org/x/net/http/httpproxy), apimachinery util/net
`NewProxierWithNoProxyCIDR`. ALL_PROXY does not count.
"""

from __future__ import annotations

from kubectl_svc.errors import UnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    from kubectl_svc.access.connection import Connection
    from kubectl_svc.access.http.go_url import Url

    IP = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network

_VARIABLES = {"http": ("HTTP_PROXY", "http_proxy"), "https": ("HTTPS_PROXY", "https_proxy")}
_NO_PROXY = ("NO_PROXY", "no_proxy")
_PORTS = {"http": "80", "https": "443"}


def through_proxy(connection: Connection, environ: Mapping[str, str]) -> Connection:
    """The connection with the proxy that leads to its server: its own, else that of the environment.

    Raises UnreachableError as `proxy_for` does.
    """
    if connection.proxy_url or not _is_set(environ):
        return connection
    from kubectl_svc.access.connection import address

    try:
        return connection.but(proxy_url=proxy_for(address(connection.server).url, environ))
    except ValueError:  # a host that Go would not take either; whoever asks it will say so
        return connection


def proxy_for(url: str, environ: Mapping[str, str]) -> str:
    """The URL of the proxy for this http or https URL, or empty for none.

    Raises ValueError for what is no URL, and UnreachableError for a plain HTTP server where HTTP_PROXY may come from a
    web client (REQUEST_METHOD is set).
    """
    if not _is_set(environ):
        return ""
    from kubectl_svc.access.http.go_url import parse

    target = parse(url)
    proxy = _complete(_first(environ, _VARIABLES.get(target.scheme, ())))
    if not proxy:
        return ""
    if target.scheme == "http" and environ.get("REQUEST_METHOD"):
        reason = "refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy"
        raise UnreachableError(target.host, reason)
    return "" if _is_excluded(target, _first(environ, _NO_PROXY)) else proxy


def _is_set(environ: Mapping[str, str]) -> bool:
    """Whether there is any proxy to think about: nearly always not, and then nothing is to be imported."""
    return any(environ.get(name) for names in _VARIABLES.values() for name in names)


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next(filter(None, map(environ.get, names)), "")


def _complete(proxy: str) -> str:
    """The proxy's URL, with http:// where it was left out; empty for what cannot be read."""
    from kubectl_svc.access.http.go_url import parse

    def read(text: str) -> Url | None:
        try:
            return parse(text)
        except ValueError:
            return None

    typed = read(proxy)
    if not proxy or (typed and typed.scheme and typed.host):
        return proxy
    if read(f"http://{proxy}"):
        return f"http://{proxy}"
    return proxy if typed else ""


# --- NO_PROXY


def _is_excluded(target: Url, rules: str) -> bool:
    host, port = _ascii(target.hostname), target.port or _PORTS[target.scheme]
    if host == "localhost" or "[" in host or "]" in host:
        return True
    address = _address(host.partition("%")[0] if ":" in host else host)
    if address is not None and address.is_loopback:
        return True
    name = host.strip().lower()
    return any(_matches(rule.strip().lower(), name, address, port) for rule in rules.split(","))


def _matches(rule: str, name: str, address: IP | None, port: str) -> bool:
    """Whether one rule of NO_PROXY keeps the host from being proxied; `address` when the host is one."""
    if rule == "*":
        return True
    network = _network(rule)
    if network is not None:
        return address is not None and address in network
    host, rule_port = _split_host_port(rule) or (rule, "")
    if not host or rule_port not in ("", port):
        return False
    excluded = None if "%" in host else _address(host)
    if address is not None or excluded is not None:
        return address is not None and excluded == address
    host = _ascii(host.removeprefix("*") if host.startswith("*.") else host)
    return name.endswith(host) if host.startswith(".") else name == host or name.endswith(f".{host}")


def _split_host_port(text: str) -> tuple[str, str] | None:
    """Host and port, or None where there are not both (net.SplitHostPort)."""
    host, colon, port = text.rpartition(":")
    if not colon:
        return None
    if text[0] == "[":
        host, bracket = host[1:-1], host[-1]
        if bracket != "]":
            return None
    elif ":" in host:
        return None
    return None if set("[]") & set(host + port) else (host, port)


def _address(text: str) -> IP | None:
    """The IP address that the text is, IPv4 also where it is written as IPv6; None for anything else."""
    import ipaddress

    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address


def _network(text: str) -> Network | None:
    """The network in CIDR notation (net.ParseCIDR), one of IPv4 also where it is written as IPv6."""
    import ipaddress

    address, slash, length = text.partition("/")
    if not slash or "%" in address or not (length.isascii() and length.isdigit()):
        return None
    try:
        network = ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        return None
    start = _address(str(network.network_address))
    if network.version == 6 and isinstance(start, ipaddress.IPv4Address):
        return ipaddress.ip_network(f"{start}/{network.prefixlen - 96}")
    return network


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
