"""Node ports as a server gives them out, one port of the Service after the other.

Source: kubernetes pkg/registry/core/service/storage/alloc.go (`initNodePorts`, `allocHealthCheckNodePort`).
"""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.checks.model import Subject


class Clash(Value):
    """A port whose node port another port of the same Service has already."""

    path: str
    """Of the port."""
    node_port: int
    same_protocol: bool
    """Whether the other one has the same protocol: then one node port cannot serve both."""


def find_clash(subject: Subject) -> Clash | None:
    """The first clash, at which a server stops; ports of one number share their node port."""
    if subject.type not in ("NodePort", "LoadBalancer"):
        return None
    allocates = subject.type == "NodePort" or subject.spec.get("allocateLoadBalancerNodePorts") is not False
    of_number: dict[int, int] = {}  # 0: the server chooses one
    protocols: dict[int, set[str]] = {}  # by the node ports that are taken
    for path, port in subject.ports:
        number, wanted = port.get("port", 0), port.get("nodePort") or 0
        if not wanted and not allocates:
            continue
        if number not in of_number:
            wanted = of_number[number] = next(filter(None, _node_ports_of(subject, number)), 0)
        elif wanted in (0, of_number[number]):
            protocols.setdefault(of_number[number], set()).add(port["protocol"])
            continue
        if wanted and wanted in protocols:
            return Clash(path=path, node_port=wanted, same_protocol=port["protocol"] in protocols[wanted])
        protocols[wanted] = {port["protocol"]}
    return None


def find_health_check_clash(subject: Subject) -> int:
    """The health check's node port where a port of the Service has it; else 0."""
    number: int = subject.spec.get("healthCheckNodePort") or 0
    is_wanted = subject.type == "LoadBalancer" and subject.spec.get("externalTrafficPolicy") == "Local"
    return number if is_wanted and number in {port.get("nodePort") for _, port in subject.ports} else 0


def _node_ports_of(subject: Subject, number: int) -> Iterator[int]:
    return (port.get("nodePort") or 0 for _, port in subject.ports if port.get("port") == number)
