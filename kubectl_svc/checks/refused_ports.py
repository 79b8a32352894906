"""What every server refuses of ports.

Source: kubernetes pkg/apis/core/validation/validation.go (`validateServicePort`, `validateService`),
pkg/registry/core/service/storage/alloc.go.
"""

from __future__ import annotations

from kubectl_svc.checks.field_errors import duplicate, invalid, unsupported
from kubectl_svc.checks.formats import dns_label, port_name, port_number, qualified_name
from kubectl_svc.checks.model import REFUSED, Check, Found, Subject
from kubectl_svc.checks.node_ports import find_clash, find_health_check_clash
from kubectl_svc.flags.service_flags import TRANSPORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TAKES = {
    "port": "--port takes a number from 1 to 65535",
    "target-port": "--target-port takes a number from 1 to 65535 or the name of a container port",
}


def _taken_node_ports(subject: Subject) -> Iterator[Found]:
    clash = find_clash(subject)
    if clash and clash.same_protocol:
        path = f"{clash.path}.nodePort"
        yield Found(path=path, says={"number": clash.node_port}, fields=(path,))


def _taken_by_the_health_check(subject: Subject) -> Iterator[Found]:
    number = find_health_check_clash(subject)
    if number:
        yield Found(says={"number": number}, fields=("healthCheckNodePort",))


def _repeated_node_ports(subject: Subject) -> Iterator[Found]:
    seen = set()
    for path, port in subject.ports:
        key = (port["protocol"], port.get("nodePort"))
        if port.get("nodePort") and key in seen:
            says = {"words": duplicate(port["nodePort"])}
            yield Found(path=f"{path}.nodePort", says=says, fields=(f"{path}.nodePort",))
        seen.add(key)


def _no_ports(subject: Subject) -> Iterator[Found]:
    may_lack_them = subject.type == "ExternalName" or subject.is_headless
    if not subject.ports and not may_lack_them:
        yield Found(path="spec.ports", fields=("type", "ports"))


def _unnamed(subject: Subject) -> Iterator[Found]:
    for path, port in subject.ports if len(subject.ports) > 1 else ():
        if not port.get("name"):
            yield Found(path=f"{path}.name", fields=(f"{path}.name",))


def _misnamed(subject: Subject) -> Iterator[Found]:
    for path, port in subject.ports:
        for problem in dns_label(port["name"]) if port.get("name") else ():
            says = {"words": invalid(port["name"], problem)}
            yield Found(path=f"{path}.name", says=says, fields=(f"{path}.name",))


def _named_twice(subject: Subject) -> Iterator[Found]:
    seen = set()
    for path, port in subject.ports:
        name = port.get("name")
        if name and name in seen:
            yield Found(path=f"{path}.name", says={"words": duplicate(name)}, fields=(f"{path}.name",))
        seen.add(name)


def _wrong_numbers(subject: Subject) -> Iterator[Found]:
    for path, port in subject.ports:
        for problem in port_number(port.get("port", 0)):
            says = {"words": invalid(port.get("port", 0), problem)}
            yield Found(path=f"{path}.port", says=says, fields=(f"{path}.port",))


def _unknown_protocols(subject: Subject) -> Iterator[Found]:
    for path, port in subject.ports:
        if port["protocol"] not in TRANSPORTS:
            says = {"words": unsupported(port["protocol"], TRANSPORTS)}
            yield Found(path=f"{path}.protocol", says=says, fields=(f"{path}.protocol",))


def _wrong_targets(subject: Subject) -> Iterator[Found]:
    for path, port in subject.ports:
        target = port["targetPort"]
        followed = "target-port" if target != port.get("port") else "port"  # whose number it is, where it was left open
        for problem in port_number(target) if isinstance(target, int) else port_name(target):
            says = {"words": invalid(target, problem), "remedy": _TAKES[followed]}
            yield Found(path=f"{path}.targetPort", says=says, fields=(f"{path}.targetPort",))


def _wrong_app_protocols(subject: Subject) -> Iterator[Found]:
    for path, port in subject.ports:
        if port.get("appProtocol") is not None:
            for problem in qualified_name(port["appProtocol"]):
                says = {"words": invalid(port["appProtocol"], problem)}
                yield Found(path=f"{path}.appProtocol", says=says, fields=(f"{path}.appProtocol",))


def _node_ports_of_none(subject: Subject) -> Iterator[Found]:
    for path, port in subject.ports if subject.type == "ClusterIP" else ():
        if port.get("nodePort"):
            yield Found(path=f"{path}.nodePort", fields=(f"{path}.nodePort", "type"))


def _repeated(subject: Subject) -> Iterator[Found]:
    seen = set()
    for path, port in subject.ports:
        number, protocol = port.get("port", 0), port["protocol"]
        if (number, protocol) in seen:
            # As Go prints the internal ServicePort that it compares by, which has no JSON names.
            says = {
                "words": f'Duplicate value: {{"Name":"","Protocol":"{protocol}","AppProtocol":null,"Port":{number},'
                '"TargetPort":0,"NodePort":0}'
            }
            yield Found(path=path, says=says, fields=(f"{path}.port",))
        seen.add((number, protocol))


ALLOCATION_CHECKS = (
    Check(
        id="node-port-taken", level=REFUSED, field="spec.ports[].nodePort", find=_taken_node_ports,
        message="Invalid value: {number}: provided port is already allocated",
        remedy="each port of one protocol needs a node port of its own",
        passes="create web --selector app=web --port 80::30080,81::30081",
        fails="create web --selector app=web --port 80::30080,81::30080",
    ),
    Check(
        id="health-check-node-port-taken", level=REFUSED, field="spec.healthCheckNodePort",
        find=_taken_by_the_health_check,
        message="Internal error occurred: failed to allocate requested HealthCheck NodePort {number}: provided port is "
        "already allocated",
        remedy="--health-check-node-port needs a port of its own",
        passes="create web --selector app=web --port 80::30080 --type LoadBalancer --external-traffic-policy Local "
        "--health-check-node-port 30090",
        fails="create web --selector app=web --port 80::30080 --type LoadBalancer --external-traffic-policy Local "
        "--health-check-node-port 30080",
    ),
)  # fmt: skip
"""What a server refuses when it takes node ports, before it looks at the Service as a whole."""

PORT_CHECKS = (
    Check(
        id="ports-missing", level=REFUSED, field="spec.ports", find=_no_ports,
        message="Required value", remedy="--port says which, or --headless does without",
        passes="create web --selector app=web --headless",
        fails='create web --selector app=web --port 80 --overrides \'{"spec":{"ports":null}}\'',
    ),
    Check(
        id="port-name-missing", level=REFUSED, field="spec.ports[].name", find=_unnamed,
        message="Required value", remedy="where there are several ports each has a name: --port NAME=PORT:",
        passes="create web --selector app=web --port 80,81",
        fails='create web --selector app=web --port 80 '
        '--overrides \'{"spec":{"ports":[{"port":80},{"port":81,"name":"b"}]}}\'',
    ),
    Check(
        id="port-name-invalid", level=REFUSED, field="spec.ports[].name", find=_misnamed,
        remedy="--port NAME=PORT: gives another name",
        passes="create web --selector app=web --port http=80:",
        fails='create web --selector app=web --port 80 --overrides \'{"spec":{"ports":[{"port":80,"name":"Web"}]}}\'',
    ),
    Check(
        id="port-name-twice", level=REFUSED, field="spec.ports[].name", find=_named_twice,
        remedy="--port NAME=PORT: gives another name",
        passes="create web --selector app=web --port a=80:,b=81:",
        fails='create web --selector app=web --port 80 '
        '--overrides \'{"spec":{"ports":[{"port":80,"name":"a"},{"port":81,"name":"a"}]}}\'',
    ),
    Check(
        id="port-number", level=REFUSED, field="spec.ports[].port", find=_wrong_numbers,
        remedy=_TAKES["port"],
        passes="create web --selector app=web --port 65535",
        fails="create web --selector app=web --port 65536 --target-port 80",
    ),
    Check(
        id="protocol-unknown", level=REFUSED, field="spec.ports[].protocol", find=_unknown_protocols,
        remedy="--protocol takes TCP, UDP or SCTP; for http and the like see --app-protocol",
        passes="create web --selector app=web --port 80 --protocol udp",
        fails="create web --selector app=web --port 80 --protocol ICMP",
    ),
    Check(
        id="target-port-invalid", level=REFUSED, field="spec.ports[].targetPort", find=_wrong_targets,
        remedy="{remedy}",
        passes="create web --selector app=web --port 80 --target-port http",
        fails="create web --selector app=web --port 80 --target-port Web_UI",
    ),
    Check(
        id="app-protocol-invalid", level=REFUSED, field="spec.ports[].appProtocol", find=_wrong_app_protocols,
        remedy="--app-protocol takes a name such as http, or example.com/name",
        passes="create web --selector app=web --port 80 --app-protocol kubernetes.io/h2c",
        fails="create web --selector app=web --port 80 --app-protocol 'HTTP 2'",
    ),
    Check(
        id="node-port-of-cluster-ip", level=REFUSED, field="spec.ports[].nodePort", find=_node_ports_of_none,
        message="Forbidden: may not be used when `type` is 'ClusterIP'",
        remedy="--type NodePort or LoadBalancer has node ports",
        passes="create web --selector app=web --port 80 --node-port 30080",
        fails="create web --selector app=web --port 80 --node-port 30080 --type ClusterIP",
    ),
    Check(
        id="node-port-twice", level=REFUSED, field="spec.ports[].nodePort", find=_repeated_node_ports,
        remedy="each port of one protocol needs a node port of its own",
        passes="create web --selector app=web --port 80::30080/tcp,80::30080/udp",
        fails='create web --port 80 --type ExternalName --external-name example.com --overrides '
        '\'{"spec":{"ports":[{"name":"a","port":80,"nodePort":30080},{"name":"b","port":81,"nodePort":30080}]}}\'',
    ),
    Check(
        id="port-twice", level=REFUSED, field="spec.ports[]", find=_repeated,
        remedy="each number stands once for each protocol",
        passes="create web --selector app=web --port 53:/tcp,53:/udp",
        fails="create web --selector app=web --port 80,80",
    ),
)  # fmt: skip
