"""Where a Service is reached: its DNS names, its nodes' ports, its load balancer.

No name ends with the cluster's domain, which no API tells: `web.shop.svc` is found by every pod's search list.
Source: https://github.com/kubernetes/dns/blob/master/docs/specification.md; core/v1 `NodeAddress`.
"""

from __future__ import annotations

from kubectl_svc.reachability.model import (
    is_headless,
    is_true,
    name_of,
    namespace_of,
    spec_of,
    status_of,
    type_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kubectl_svc.reachability.model import Endpoint, Manifest, PortState

MOST_URLS = 10  # of nodes: any one will do
_SCHEMES = {
    "http": "http", "https": "https", "kubernetes.io/h2c": "http", "kubernetes.io/ws": "ws", "kubernetes.io/wss": "wss",
}  # fmt: skip
_USUAL = {80: "http", 443: "https"}


def dns_names(service: Manifest, endpoints: Iterable[Endpoint]) -> tuple[str, ...]:
    """The Service's name, and of a headless one those of its pods that have host names."""
    name = f"{name_of(service)}.{namespace_of(service)}.svc"
    if not is_headless(service):
        return (name,)
    hosts = dict.fromkeys(one.hostname for one in endpoints if one.hostname and one.ready)
    return (name, *(f"{host}.{name}" for host in hosts))


def url(host: str, number: int, port: PortState) -> str:
    """How a client is told to reach a port at a host: a URL where its protocol is known, else host:port.

    The protocol is known by appProtocol, by the port's name, or by a number that IANA gave to it; UDP and SCTP are
    marked.
    """
    host = f"[{host}]" if ":" in host else host
    if port.protocol != "TCP":
        return f"{host}:{number}/{port.protocol.lower()}"
    scheme = _SCHEMES.get(port.app_protocol.lower()) or (
        "" if port.app_protocol else _SCHEMES.get(port.name.partition("-")[0].lower()) or _USUAL.get(port.number, "")
    )
    if not scheme:
        return f"{host}:{number}"
    return f"{scheme}://{host}" + ("" if _USUAL.get(number) == scheme else f":{number}")


def is_ready(node: Manifest) -> bool:
    """Whether a node answers, as far as is known: one that never reported counts as well."""
    return is_true(node, "Ready") is not False


def serving_nodes(service: Manifest, nodes: Sequence[Manifest], endpoints: Iterable[Endpoint]) -> list[Manifest]:
    """The nodes whose node ports answer: all that are ready, or of a Local policy those with a ready endpoint."""
    ready = [node for node in nodes if is_ready(node)]
    if spec_of(service).get("externalTrafficPolicy") != "Local":
        return ready
    local = {one.node for one in endpoints if one.ready}
    return [node for node in ready if name_of(node) in local]


def node_urls(service: Manifest, ports: Iterable[PortState], nodes: Iterable[Manifest]) -> tuple[str, ...]:
    """How the node ports are reached at the first few of the nodes, by an address of one of the Service's families."""
    families = spec_of(service).get("ipFamilies") or ("",)
    hosts = [host for node in nodes if (host := _address(node, families))][:MOST_URLS]
    return tuple(url(host, port.node_port, port) for port in ports if port.node_port for host in hosts)


def _address(node: Manifest, families: Iterable[str]) -> str:
    """Where a node is reached: from outside if it is, else from its own network; by name where it has no address."""
    addresses = [(each.get("type"), str(each.get("address") or "")) for each in status_of(node).get("addresses") or ()]
    for kind in ("ExternalIP", "InternalIP"):
        for family in families:
            for own, address in addresses:
                if own == kind and address and (not family or (":" in address) == (family == "IPv6")):
                    return address
    has_address = any(own in ("ExternalIP", "InternalIP") for own, _ in addresses)
    names = (address for own, address in addresses if own in ("ExternalDNS", "Hostname") and not has_address)
    return next(names, "")


def balancer_urls(ports: Iterable[PortState], addresses: Sequence[str]) -> tuple[str, ...]:
    """How the ports are reached at the load balancer."""
    return tuple(url(address, port.number, port) for port in ports if port.number for address in addresses)


def cluster_urls(service: Manifest, ports: Iterable[PortState]) -> tuple[str, ...]:
    """How the ports are reached from inside the cluster; the bare name where there are none."""
    name = f"{name_of(service)}.{namespace_of(service)}.svc"
    if type_of(service) == "ExternalName":
        return (name,)
    return tuple(url(name, port.number, port) if port.number else name for port in ports) or (name,)
