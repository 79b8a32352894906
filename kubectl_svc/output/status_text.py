"""A Service's status as plain text: for pipes, and for terminals that show no pictures."""

from __future__ import annotations

from kubectl_svc.reachability.addresses import cluster_urls
from kubectl_svc.reachability.model import BROKEN, POSSIBLE, WARNING, spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kubectl_svc.reachability.model import Diagnosis, Endpoint, PortState, Status

MOST_ENDPOINTS = 10
"""Of each port: all of them are in the formats for programs."""
LEVEL_WORDS: Mapping[str, str] = {BROKEN: "Broken", WARNING: "Warning", POSSIBLE: "Possible"}
_WIDTH = 16
TITLES = ("NAME", "TYPE", "ADDRESS", "PORTS", "ENDPOINTS", "REACHABLE", "REASON")
WIDE_TITLES = (*TITLES, "SELECTOR", "URL", "MESSAGE")


def reachable_word(status: Status) -> str:
    """`yes`, `no` or `unknown`."""
    return {True: "yes", False: "no", None: "unknown"}[status.reachable]


def described(status: Status) -> list[str]:
    """The lines about one Service."""
    return [_line(title, text) if text else title for title, text in _described(status)]


def _line(title: str, text: str) -> str:
    return f"{f'{title}:' if not title.startswith(' ') else title:<{_WIDTH}}{text}"


def _described(status: Status) -> Iterator[tuple[str, str]]:
    spec = spec_of(status.service)
    yield "Name", status.name
    yield "Namespace", status.namespace
    yield "Reachable", reachable_word(status)
    yield "Type", status.type
    yield from _given("External name", spec.get("externalName") or "")
    yield from _given("Cluster IPs", ", ".join(spec.get("clusterIPs") or ()) or spec.get("clusterIP") or "")
    yield from _given("External IPs", ", ".join(spec.get("externalIPs") or ()))
    yield "DNS names", ", ".join(status.dns_names)
    yield from _given("Load balancer", balancer_text(status))
    yield from restrictions(status)
    yield from _given("Node URLs", ", ".join(status.node_urls))
    yield from _given("Selector", selector_text(status))
    for port in status.ports:
        yield "Port", port_text(port, status)
        for one in shown(port):
            yield f"  {state_of(one)}", endpoint_text(one, port)
        yield from _given("  and", more(port))
    for each in status.diagnoses:
        yield LEVEL_WORDS[each.level], f"{each.message} ({each.code})"
        for command in each.commands:
            yield "  try", command


def restrictions(status: Status) -> list[tuple[str, str]]:
    """What the Service says of who reaches it, and by whom it is served, as far as that is not the usual."""
    spec = spec_of(status.service)
    policies = ((each, spec.get(f"{each}TrafficPolicy")) for each in ("external", "internal"))
    facts = [
        ("Class", spec.get("loadBalancerClass") or ""),
        ("Source ranges", ", ".join(spec.get("loadBalancerSourceRanges") or ())),
        ("Traffic policy", ", ".join(f"{each} {policy}" for each, policy in policies if policy == "Local")),
    ]
    return [(title, text) for title, text in facts if text]


def _given(title: str, text: str) -> Iterator[tuple[str, str]]:
    if text:
        yield title, text


def selector_text(status: Status) -> str:
    """`app=web,tier=front`; empty where there is none."""
    return ",".join(f"{key}={value}" for key, value in (spec_of(status.service).get("selector") or {}).items())


def balancer_text(status: Status) -> str:
    """The load balancer's addresses, or that there are none yet; empty where none is wanted."""
    if status.type != "LoadBalancer":
        return ""
    if status.balancer_addresses:
        return ", ".join(status.balancer_urls or status.balancer_addresses)
    return "pending"


def port_text(port: PortState, status: Status) -> str:
    """`http 80/TCP to 8080, node port 30080: 2 ready, 1 not ready`."""
    node_port = f", node port {port.node_port}" if port.node_port else ""
    target = f" to {port.target}" if port.target else ""
    not_ready = f", {len(port.not_ready)} not ready" if port.not_ready else ""
    ready = f"{len(port.ready)} ready{not_ready}" if status.is_seen else "endpoints unknown"
    return f"{port.called}{target}{node_port}: {ready}"


def shown(port: PortState) -> Sequence[Endpoint]:
    """The endpoints that are shown, those that are not ready first where there is no room for all."""
    if len(port.ready) + len(port.not_ready) <= MOST_ENDPOINTS:
        return (*port.ready, *port.not_ready)
    return (*port.not_ready, *port.ready)[:MOST_ENDPOINTS]


def more(port: PortState) -> str:
    """How many are not shown; empty for none."""
    left = len(port.ready) + len(port.not_ready) - MOST_ENDPOINTS
    return f"{left} more" if left > 0 else ""


def state_of(one: Endpoint) -> str:
    """`ready`, `terminating` or `not ready`."""
    if one.terminating:
        return "terminating"
    return "ready" if one.ready else "not ready"


def endpoint_text(one: Endpoint, port: PortState) -> str:
    """Where it is, whose it is, and on which node."""
    number = one.port(port.name, port.protocol)
    behind = f":{number}" if number else ""
    where = ", ".join(f"{f'[{each}]' if ':' in each and behind else each}{behind}" for each in one.addresses)
    return "  ".join(filter(None, (where, one.pod and f"pod {one.pod}", one.node and f"node {one.node}")))


def row(status: Status, *, wide: bool) -> list[str]:
    """The cells of one line of the table of several Services, without its namespace."""
    first: Diagnosis | None = next(iter(status.diagnoses), None)
    ready = {one for port in status.ports for one in port.ready}
    everything = {one for port in status.ports for one in (*port.ready, *port.not_ready)}
    cells = [
        status.name,
        status.type,
        _address(status),
        ",".join(map(_ports_cell, (port for port in status.ports if port.number))),
        _counted(len(ready), len(everything), status),
        reachable_word(status),
        first.code if first else "",
    ]
    if not wide:
        return cells
    urls = status.balancer_urls or status.node_urls or cluster_urls(status.service, status.ports)
    return [*cells, selector_text(status), urls[0], first.message if first else ""]


def _counted(ready: int, everything: int, status: Status) -> str:
    if status.type == "ExternalName":
        return ""
    return f"{ready}/{everything}" if status.is_seen else "<unknown>"


def _address(status: Status) -> str:
    spec = spec_of(status.service)
    if status.type == "LoadBalancer":
        return ",".join(status.balancer_addresses) or "<pending>"
    return str(spec.get("externalName") or spec.get("clusterIP") or "")


def _ports_cell(port: PortState) -> str:
    """As `kubectl get services` has it."""
    return f"{port.number}{f':{port.node_port}' if port.node_port else ''}/{port.protocol}"


def not_seen(kinds: Sequence[str]) -> str:
    """A sentence about what may not, or could not, be listed."""
    return f"{', '.join(sorted(kinds))} cannot be listed: nothing is said of what only they show"


def reach_lines(status: Status) -> list[str]:
    """How a Service that was waited for is reached: in the cluster, and at the nodes or at the load balancer."""
    ways = [(url, "in the cluster") for url in cluster_urls(status.service, status.ports)]
    nodes = f"at each of {status.node_count} nodes" if status.node_count != 1 else "at the node"
    ports = [port for port in status.ports if port.node_port] if status.type == "NodePort" else []
    if ports and status.node_urls:
        ways += [(url, nodes) for url in status.node_urls[:: len(status.node_urls) // len(ports)]]
    else:
        ways += [(f"{port.node_port}/{port.protocol}", "on the nodes") for port in ports]
    ways += [(url, "at the load balancer") for url in status.balancer_urls or status.balancer_addresses]
    width = max(len(url) for url, _ in ways)
    return [f"  {url:<{width}}  {where}" for url, where in ways]
