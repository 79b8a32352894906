"""Ports that every server takes, and that lead nowhere, or not where they are meant to."""

from __future__ import annotations

from kubectl_svc.checks.model import DEPENDS, DOUBTFUL, Check, Found, Subject
from kubectl_svc.checks.node_ports import find_clash
from kubectl_svc.checks.pods import foreign_labels
from kubectl_svc.golang import listed, quote
from kubectl_svc.port_words import PortWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.workloads.model import WorkloadPort

_NODE_PORTS = range(30000, 32768)  # kube-apiserver's --service-node-port-range where it is left out
_OVER_TCP = ("http", "grpc", "kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss")  # https may be HTTP/3
_KNOWN_BY_KUBERNETES = ("kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss")  # KEP-3726


def _declared(subject: Subject) -> Sequence[WorkloadPort] | None:
    """What the pods behind the Service declare; None where nobody knows, or where it selects other pods."""
    workload = subject.workload
    is_told = workload.template_labels is not None and not workload.keeps_ports and not workload.keeps_names
    if not is_told or not workload.containers or subject.type == "ExternalName":
        return None
    return None if foreign_labels(subject) else workload.ports


def _as_declared(ports: Sequence[WorkloadPort]) -> str:
    words = (f"{port.number}/{port.protocol}" + (f" ({port.name})" if port.name else "") for port in ports)
    return ", ".join(dict.fromkeys(words))


def _by_target(declared: Sequence[WorkloadPort] | None, target: int | str) -> list[WorkloadPort]:
    return [port for port in declared or () if target in (port.number, port.name)]


def _unknown_names(subject: Subject) -> Iterator[Found]:
    declared = _declared(subject)
    for _, port in subject.ports if declared is not None else ():
        target = port["targetPort"]
        if isinstance(target, str) and not _by_target(declared, target):
            names = listed(one.name for one in declared or () if one.name)
            says = {
                "number": port.get("port"),
                "target": quote(target),
                "workload": subject.workload,
                "names": names or "none with a name",
            }
            yield Found(says=says)


def _undeclared_numbers(subject: Subject) -> Iterator[Found]:
    declared = _declared(subject) or ()
    targets = {port["targetPort"] for _, port in subject.ports}
    for _, port in subject.ports if declared else ():
        target = port["targetPort"]
        if isinstance(target, int) and not _by_target(declared, target):
            fitting = {one.number for one in declared if one.protocol == port["protocol"] and not one.sidecar} - targets
            better = _another_target(subject, port, fitting.pop()) if len(fitting) == 1 else "another target"
            says = {
                "number": port.get("port"),
                "target": target,
                "workload": subject.workload,
                "declared": _as_declared(declared),
                "better": better,
            }
            yield Found(says=says)


def _other_protocols(subject: Subject) -> Iterator[Found]:
    declared = _declared(subject) or ()
    for _, port in subject.ports if declared else ():
        behind = _by_target(declared, port["targetPort"])
        protocols = list(dict.fromkeys(one.protocol for one in behind))
        if behind and port["protocol"] not in protocols:
            taken = {(other.get("port"), other["protocol"]) for _, other in subject.ports}
            is_free = len(protocols) == 1 and (port.get("port"), protocols[0]) not in taken
            says = {
                "number": port.get("port"),
                "protocol": port["protocol"],
                "target": port["targetPort"],
                "workload": subject.workload,
                "declared": " and ".join(protocols),
                "better": _another_protocol(subject, port, protocols[0]) if is_free else "leave it out",
            }
            yield Found(says=says)


def _another_target(subject: Subject, port: Mapping[str, Any], target: int) -> str:
    """What to type for the port to have that target, and the other ports to keep theirs."""
    word = _own_word(subject, port)
    if word:
        return f"--port {word.but(target=target)}"
    return f"--target-port {target}" if len(subject.ports) == 1 else f"--port {port['port']}:{target}"


def _another_protocol(subject: Subject, port: Mapping[str, Any], protocol: str) -> str:
    """What to type for the port to have that protocol."""
    word = _own_word(subject, port)
    return f"say --port {word.but(protocol=protocol.lower())}" if word else f"say --protocol {protocol}"


def _own_word(subject: Subject, port: Mapping[str, Any]) -> PortWord | None:
    """The longer word of --port that the port comes from."""
    words = (word for word in subject.options.ports.words if isinstance(word, PortWord))
    return next((word for word in words if word.port == port["port"]), None)


def _names_of_sidecars(subject: Subject) -> Iterator[Found]:
    for _, port in subject.ports:
        target = port["targetPort"]
        behind = _by_target(_declared(subject), target) if isinstance(target, str) else []
        if behind and all(one.sidecar for one in behind):
            says = {"target": quote(str(target)), "container": quote(behind[0].container), "better": behind[0].number}
            yield Found(says=says)


def _unmapped(subject: Subject) -> Iterator[Found]:
    for _, port in subject.ports if subject.is_headless and subject.type == "ClusterIP" else ():
        target = port["targetPort"]
        behind = _by_target(_declared(subject), target)
        number = behind[0].number if isinstance(target, str) and behind else target
        if isinstance(number, int) and number != port.get("port"):
            says = {"number": port.get("port"), "target": number}
            yield Found(says=says)


def _beyond_the_range(subject: Subject) -> Iterator[Found]:
    if subject.type not in ("NodePort", "LoadBalancer"):
        return
    numbers = [(f"{path}.nodePort", port.get("nodePort")) for path, port in subject.ports]
    if subject.type == "LoadBalancer" and subject.spec.get("externalTrafficPolicy") == "Local":
        numbers.append(("spec.healthCheckNodePort", subject.spec.get("healthCheckNodePort")))
    for path, number in numbers:
        if number and number not in _NODE_PORTS:
            yield Found(says={"path": path, "number": number})


def _shared_node_ports(subject: Subject) -> Iterator[Found]:
    """Refused at creation alone, which is a fault of servers (kubernetes/kubernetes#135439)."""
    clash = find_clash(subject)
    if clash and not clash.same_protocol:
        port = next(port.get("port") for _, port in subject.ports if port.get("nodePort") == clash.node_port)
        yield Found(says={"number": clash.node_port, "port": port})


def _mixed_protocols(subject: Subject) -> Iterator[Found]:
    protocols = list(dict.fromkeys(port["protocol"] for _, port in subject.ports))
    if subject.type == "LoadBalancer" and len(protocols) > 1:
        yield Found(says={"protocols": " and ".join(protocols)})


def _sctp(subject: Subject) -> Iterator[Found]:
    if subject.type != "ExternalName" and any(port["protocol"] == "SCTP" for _, port in subject.ports):
        yield Found()


def _unknown_app_protocols(subject: Subject) -> Iterator[Found]:
    for _, port in subject.ports:
        said = port.get("appProtocol") or ""
        if said.startswith("kubernetes.io/") and said not in _KNOWN_BY_KUBERNETES:
            known = ", ".join(_KNOWN_BY_KUBERNETES)
            yield Found(says={"said": quote(said), "known": known})


def _ports_of_a_host(subject: Subject) -> Iterator[Found]:
    for _, port in subject.ports if subject.type == "ExternalName" else ():
        if port["targetPort"] != port.get("port"):
            yield Found(says={"what": f"the target port {port['targetPort']}"})
        if port.get("nodePort"):
            yield Found(says={"what": f"the node port {port['nodePort']}"})


def _spoken_over_tcp(subject: Subject) -> Iterator[Found]:
    for _, port in subject.ports:
        if port.get("appProtocol") in _OVER_TCP and port["protocol"] in ("UDP", "SCTP"):
            yield Found(says={"said": port["appProtocol"], "number": port.get("port"), "protocol": port["protocol"]})


PORT_DOUBTS = (
    Check(
        id="target-port-name-unknown", level=DOUBTFUL, field="spec.ports[].targetPort", find=_unknown_names,
        message="port {number} leads to {target}, and no container of {workload} has a port of that name",
        remedy="it has {names}; --target-port takes a number, too",
        passes="expose -f web.yaml --port 80 --target-port http",
        fails="expose -f web.yaml --port 80 --target-port htpp",
    ),
    Check(
        id="target-port-undeclared", level=DOUBTFUL, field="spec.ports[].targetPort", find=_undeclared_numbers,
        message="port {number} leads to port {target} of the pods, and {workload} declares only {declared}",
        remedy="say {better} if nothing listens on {target}",
        passes="expose -f web.yaml --port 80 --target-port 8080", fails="expose -f web.yaml --port 80",
    ),
    Check(
        id="protocol-undeclared", level=DOUBTFUL, field="spec.ports[].protocol", find=_other_protocols,
        message="port {number} is {protocol}, and {workload} declares port {target} as {declared}",
        remedy="{better}, unless something listens there",
        passes="expose -f web.yaml --port 53 --protocol UDP", fails="expose -f web.yaml --port 53 --protocol TCP",
    ),
    Check(
        id="sidecar-port-name", level=DOUBTFUL, field="spec.ports[].targetPort", find=_names_of_sidecars,
        message="servers before 1.32 do not find the port {target} of the sidecar {container} by its name",
        remedy="say --target-port {better} for them",
        passes="expose -f web.yaml --port 15090 --target-port 15090",
        fails="expose -f web.yaml --port 15090 --target-port metrics",
    ),
    Check(
        id="headless-port", level=DOUBTFUL, field="spec.ports[].targetPort", find=_unmapped,
        message="a headless Service changes no port: clients reach the pods at {target}, not at {number}",
        remedy="say --port {target}, or leave --headless out",
        passes="expose -f web.yaml --headless --port 8080",
        fails="expose -f web.yaml --headless --port 80 --target-port 8080",
    ),
    Check(
        id="external-name-ports", level=DOUBTFUL, field="spec.ports[].targetPort, spec.ports[].nodePort",
        find=_ports_of_a_host,
        message="{what} does nothing: a Service that stands for a host is a name in DNS, and changes no port",
        remedy="leave it out; clients say the host's own port",
        passes="create web --external-name example.com --port 443",
        fails="create web --external-name example.com --port 443 --target-port 8443",
    ),
    Check(
        id="node-port-range", level=DEPENDS, field="spec.ports[].nodePort, spec.healthCheckNodePort",
        find=_beyond_the_range,
        message="{path}: {number} is outside of 30000-32767, the node ports of clusters that do not say otherwise",
        remedy="a server with that range refuses it, but a dry run does not tell",
        passes="create web --selector app=web --port 80 --node-port 30080",
        fails="create web --selector app=web --port 80 --node-port 8080",
    ),
    Check(
        id="node-port-shared", level=DEPENDS, field="spec.ports[].nodePort", find=_shared_node_ports,
        message="servers refuse to create a Service with node port {number} for two protocols at two ports",
        remedy="give both the same port: --port {port}::{number}/tcp,{port}::{number}/udp",
        passes="create dns --selector app=web --port 53::30053/tcp,53::30053/udp",
        fails="create dns --selector app=web --port 53::30053/tcp,54::30053/udp",
    ),
    Check(
        id="mixed-protocols", level=DOUBTFUL, field="spec.ports", find=_mixed_protocols,
        message="not every load balancer serves {protocols} at one address",
        remedy="two Services, one for each protocol, are served by more; the condition LoadBalancerPortsError tells",
        passes="create dns --selector app=web --port 53:/udp --type LoadBalancer",
        fails="create dns --selector app=web --port 53:/tcp,53:/udp --type LoadBalancer",
    ),
    Check(
        id="sctp", level=DOUBTFUL, field="spec.ports[].protocol", find=_sctp,
        message="SCTP needs nodes and a network plugin that carry it, and a load balancer hardly ever does",
        remedy="ask who runs the cluster",
        passes="create sip --selector app=web --port 5060 --protocol UDP",
        fails="create sip --selector app=web --port 5060 --protocol SCTP",
    ),
    Check(
        id="app-protocol-unknown", level=DOUBTFUL, field="spec.ports[].appProtocol", find=_unknown_app_protocols,
        message="{said} is none of Kubernetes' own application protocols",
        remedy="these are {known}; any other has no prefix, or one of another domain",
        passes="create web --selector app=web --port 80:/http2",
        fails="create web --selector app=web --port 80 --app-protocol kubernetes.io/http2",
    ),
    Check(
        id="app-protocol-of-udp", level=DOUBTFUL, field="spec.ports[].appProtocol", find=_spoken_over_tcp,
        message="port {number} is {protocol}, and {said} is spoken over TCP",
        remedy="--app-protocol PORT=VALUE says it of a single port",
        passes="create web --selector app=web --port 443 --protocol UDP --app-protocol https",
        fails="create web --selector app=web --port 80 --protocol UDP --app-protocol http",
    ),
)  # fmt: skip
