"""Command lines of our own flags that fit together, on workloads of many shapes, and what the Service must then say.

What is expected is worked out here from the words of design.md section 2, with nothing of the program's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.differential.workloads import Declared, Source, numbers
from tests.strategies import mostly, seldom

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPOKEN = {
    "tcp": ("TCP", ""), "udp": ("UDP", ""), "sctp": ("SCTP", ""), "http": ("TCP", "http"), "https": ("TCP", "https"),
    "grpc": ("TCP", "grpc"), "http2": ("TCP", "kubernetes.io/h2c"), "ws": ("TCP", "kubernetes.io/ws"),
    "wss": ("TCP", "kubernetes.io/wss"),
}  # fmt: skip
_APP_PROTOCOLS = ("http", "https", "postgresql", "kubernetes.io/h2c", "example.com/own")
_TIMES = {"90s": 90, "10m": 600, "600": 600, "1h30m": 5400, "24h": 86400, "1s": 1, "1": 1, "60000ms": 60}
_HAND_PICKED = st.integers(30000, 30080)  # in the band that the server allots last; a few follow each


@dataclass
class Line:
    """A command line in the making, and what the Service must say because of it."""

    groups: list[list[str]] = field(default_factory=list)
    says: dict[str, Any] = field(default_factory=dict)
    """By path, such as `spec.type`; False and None: it says nothing, or false."""
    ports: list[dict[str, Any]] = field(default_factory=list)
    """Of each ServicePort, in order, what is known of it."""

    @property
    def words(self) -> list[str]:
        """All flags, in the order in which they were added."""
        return [word for group in self.groups for word in group]


@st.composite
def lines(draw: st.DrawFn, source: Source | None, *, alone: bool = True) -> Line:
    """Flags for the source, or without one for `create`. Only where it stands `alone` is anything picked by hand."""
    line = Line()
    shape = draw(st.sampled_from(("ClusterIP", "headless", "NodePort", "LoadBalancer", "ExternalName", "ClusterIP")))
    if source is None or source.kind != "Service":
        line.says["metadata.name"] = "web"
    if shape == "ExternalName":
        line.groups.append(["--external-name", "db.example.com"])
        line.says |= {"spec.type": "ExternalName", "spec.externalName": "db.example.com", "spec.selector": None}
        if draw(st.booleans()):
            line.groups.append([f"--type={draw(cased('ExternalName'))}"])
    else:
        _select(draw, line, source)
        _addresses(draw, line, shape, alone=alone)
        _traffic(draw, line, shape)
    if shape == "headless" and source is not None and source.governing_service:
        line.says["metadata.name"] = source.governing_service
    _metadata(draw, line, source)
    node_ports = alone and shape in ("NodePort", "LoadBalancer")
    if not _declared_ports(draw, line, source, shape):
        _typed_ports(draw, line, source, node_ports=node_ports, optional=shape in ("headless", "ExternalName"))
    _publish(draw, line, shape)
    return line


@st.composite
def cased(draw: st.DrawFn, word: str) -> str:
    """A word of the API as people type it."""
    return draw(st.sampled_from((word, word, word.lower(), word.upper())))


@st.composite
def _listed(draw: st.DrawFn, flag: str, words: Sequence[str]) -> list[str]:
    """A list flag: with commas or repeated."""
    return [f"{flag}={','.join(words)}"] if draw(st.booleans()) else [part for word in words for part in (flag, word)]


def _select(draw: st.DrawFn, line: Line, source: Source | None) -> None:
    """Which pods the Service selects."""
    way = draw(st.sampled_from(("workload", "workload", "--selector", "--selector-key", "--selector-from")))
    if way == "--selector":
        line.groups.append(["--selector", "a=b,c=d"])
        line.says["spec.selector"] = {"a": "b", "c": "d"}
    elif source is None:
        line.says["spec.selector"] = None
    elif way == "--selector-key" and source.template_labels:
        keys = draw(st.lists(st.sampled_from(sorted(source.template_labels)), min_size=1, unique=True))
        line.groups.append(draw(_listed("--selector-key", keys)))
        line.says["spec.selector"] = {key: source.template_labels[key] for key in keys}
    elif way == "--selector-from" and source.template_labels:
        line.groups.append(["--selector-from", draw(cased("acp"))])
        line.says["spec.selector"] = {"project.cpaas.io/name": "p", "service.cpaas.io/name": "s"}
    else:
        line.says["spec.selector"] = source.selector


def _addresses(draw: st.DrawFn, line: Line, shape: str, *, alone: bool) -> None:
    """Type, cluster IPs and families, external addresses and load balancer."""
    if shape == "headless":
        line.groups.append(draw(st.sampled_from((["--headless"], ["--cluster-ip", "none"], ["--cluster-ip=None"]))))
        line.says |= {"spec.clusterIP": "None", "spec.type": "ClusterIP"}
    else:
        line.says["spec.type"] = shape
        if shape != "ClusterIP" or draw(st.booleans()):
            line.groups.append([f"--type={draw(cased(shape))}"])
    families = draw(st.sampled_from(((), (), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4"))))
    if families:
        line.groups.append(draw(_listed("--ip-family", [draw(cased(family)) for family in families])))
        line.says["spec.ipFamilies"] = list(families)
    if len(families) == 2:
        line.says["spec.ipFamilyPolicy"] = "PreferDualStack"
    if draw(st.booleans()):
        policies = ("PreferDualStack", "RequireDualStack", *(("SingleStack",) if len(families) < 2 else ()))
        policy = draw(st.sampled_from(policies))
        line.groups.append(["--ip-family-policy", draw(cased(policy))])
        line.says["spec.ipFamilyPolicy"] = policy
    elif alone and not families and shape != "headless" and draw(seldom()):
        line.groups.append(["--cluster-ip", "10.0.0.200", "--cluster-ip", "fd00:10::c8"])
        line.says |= {"spec.clusterIPs": ["10.0.0.200", "fd00:10::c8"], "spec.ipFamilyPolicy": "PreferDualStack"}
    if shape != "headless" and draw(seldom()):
        line.groups.append(["--external-ip", "192.0.2.1", "--external-ip=2001:db8::1"])
        line.says["spec.externalIPs"] = ["192.0.2.1", "2001:db8::1"]
    if shape == "LoadBalancer":
        _load_balancer(draw, line, alone=alone)


def _load_balancer(draw: st.DrawFn, line: Line, *, alone: bool) -> None:
    if draw(st.booleans()):
        line.groups.append(["--load-balancer-class", "example.com/internal"])
        line.says["spec.loadBalancerClass"] = "example.com/internal"
    if draw(st.booleans()):
        ranges = draw(st.sampled_from((["10.0.0.0/8"], ["192.0.2.0/24", "2001:db8::/32"])))
        line.groups.append(draw(_listed("--load-balancer-source-ranges", ranges)))
        line.says["spec.loadBalancerSourceRanges"] = ranges
    if draw(st.booleans()):
        value = draw(st.booleans())
        line.groups.append([f"--allocate-load-balancer-node-ports={str(value).lower()}"])
        line.says["spec.allocateLoadBalancerNodePorts"] = value
    if draw(seldom()):
        line.groups.append(["--load-balancer-ip", "192.0.2.2"])
        line.says["spec.loadBalancerIP"] = "192.0.2.2"
    if alone and draw(st.booleans()):
        policy = draw(cased("Local"))
        line.groups.append([f"--external-traffic-policy={policy}", "--health-check-node-port", "30085"])
        line.says |= {"spec.externalTrafficPolicy": "Local", "spec.healthCheckNodePort": 30085}


def _traffic(draw: st.DrawFn, line: Line, shape: str) -> None:
    """Affinity, policies and distribution."""
    if shape != "headless" and draw(st.booleans()):
        typed, seconds = draw(st.sampled_from(sorted(_TIMES.items())))
        line.groups.append(["--session-affinity-timeout", typed])
        line.says["spec.sessionAffinity"] = "ClientIP"
        line.says["spec.sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": seconds}}
        if draw(st.booleans()):
            line.groups.append(["--session-affinity", draw(cased("ClientIP"))])
    policies = ["--internal-traffic-policy"]
    if shape in ("NodePort", "LoadBalancer") and "spec.externalTrafficPolicy" not in line.says:
        policies.append("--external-traffic-policy")
    for flag in policies:
        if draw(st.booleans()):
            policy = draw(st.sampled_from(("Cluster", "Local")))
            line.groups.append([flag, draw(cased(policy))])
            line.says["spec.internalTrafficPolicy" if "internal" in flag else "spec.externalTrafficPolicy"] = policy
    if draw(seldom()):
        preference = draw(st.sampled_from(("PreferSameZone", "PreferSameNode", "PreferClose")))
        line.groups.append(["--traffic-distribution", draw(cased(preference))])
        line.says["spec.trafficDistribution"] = preference


def _publish(draw: st.DrawFn, line: Line, shape: str) -> None:
    typed = draw(st.sampled_from(("", "", "=true", "=false", "bare")))
    if typed and shape != "ExternalName":
        line.groups.append([f"--publish-not-ready-addresses{'' if typed == 'bare' else typed}"])
        line.says["spec.publishNotReadyAddresses"] = typed != "=false"


def _metadata(draw: st.DrawFn, line: Line, source: Source | None) -> None:
    """Labels, annotations and the owner; a copied Service needs a name."""
    values = draw(st.lists(st.sampled_from(("", "x", "a,b=c", "1e3", " é\n<&>", '{"a": [1]}')), max_size=3))
    annotations = {f"example.com/{index}": value for index, value in enumerate(values)}
    line.groups += [["--annotation", f"{key}={value}"] for key, value in annotations.items()]
    line.says["metadata.annotations"] = annotations or None
    if draw(st.booleans()):
        line.groups.append(["-l", "x=y,on=1e3"])
        line.says["metadata.labels"] = {"x": "y", "on": "1e3"}
    else:
        line.says["metadata.labels"] = (source and source.manifest["metadata"]["labels"]) or None
    if source is None:
        return
    if source.kind == "Service" or draw(seldom()):
        line.groups.append(["--name", "other"])
        line.says["metadata.name"] = "other"
    if draw(seldom()):
        line.groups.append(["--owner"])
        line.says["owner"] = source.kind
    elif draw(seldom()):
        line.groups.append(["--owner=false"])


def _declared_ports(draw: st.DrawFn, line: Line, source: Source | None, shape: str) -> bool:
    """Has the Service take the ports that the workload declares, one time in three and where there are any."""
    if source is None or draw(st.integers(0, 2)):
        return False
    if shape == "ExternalName":
        return True
    taken = [port for port in source.declared if not port.sidecar]
    containers = sorted({port.container for port in source.declared if port.container})
    if draw(st.booleans()) and containers:
        chosen = draw(st.lists(st.sampled_from(containers), min_size=1, unique=True))
        line.groups.append(draw(_listed("--container", chosen)))
        taken = [port for port in source.declared if port.container in chosen]
    if not taken and shape != "headless":
        line.groups = [group for group in line.groups if group[0].partition("=")[0] != "--container"]
        return False
    for number in dict.fromkeys(port.number for port in taken):
        for protocol in dict.fromkeys(port.protocol for port in taken if port.number == number):
            line.ports.append({"port": number, "protocol": protocol})
    _name_ports(draw, line, source, [""] * len(line.ports), longer=[False] * len(line.ports))
    general = _general_app_protocol(draw, line) if line.ports else ""
    for port in line.ports:
        copied = next(one for one in taken if (one.number, one.protocol) == (port["port"], port["protocol"]))
        port["targetPort"] = copied.target or copied.number
        port["appProtocol"] = general or copied.app_protocol or None
    return True


def _general_app_protocol(draw: st.DrawFn, line: Line) -> str:
    """What every port speaks that says nothing else, if anything."""
    value = draw(st.sampled_from(("", "", *_APP_PROTOCOLS)))
    if value:
        line.groups.append(["--app-protocol", value])
    return value


def _typed_ports(draw: st.DrawFn, line: Line, source: Source | None, *, node_ports: bool, optional: bool) -> None:
    """Words for --port in every shape, each number once."""
    declared = source.declared if source else []
    pool = [port.number for port in declared]
    choices = mostly(st.sampled_from(pool), numbers) if pool else numbers
    least = 0 if optional and not (source and source.declared) else 1
    chosen = draw(st.lists(choices, min_size=least, max_size=4, unique=True))
    words: list[str] = []
    names: list[str] = []
    longer: list[bool] = []
    node_port = draw(_HAND_PICKED)
    filler = _Filler("", "", "")
    if chosen:
        filler = _Filler(
            app_protocol=_general_app_protocol(draw, line),
            protocol=draw(mostly(st.just(""), st.sampled_from(("UDP", "SCTP")))),
            target=draw(mostly(st.just(""), st.sampled_from(("9376", "web")))),
        )
        line.groups += [["--protocol", draw(cased(filler.protocol))]] if filler.protocol else []
        line.groups += [["--target-port", filler.target]] if filler.target else []
    for index, number in enumerate(chosen):
        port = _Port(number=number, node_port=node_port + index if node_ports else 0, filler=filler)
        port.draw(draw, source, declared, index)
        words.append(port.word)
        if port.specific:
            line.groups.append(["--app-protocol", port.specific])
        for made in port.made:
            line.ports.append(made)
            names.append(port.name)
            longer.append(port.longer)
    if words:
        line.groups.append(draw(_listed("--port", words)))
    _name_ports(draw, line, source, names, longer)
    if len(words) == 1 and node_ports and all("nodePort" not in port for port in line.ports) and draw(st.booleans()):
        line.groups.append([f"--node-port={node_port}"])
        for made in line.ports:
            made["nodePort"] = node_port


@dataclass(frozen=True)
class _Filler:
    """What fills the places that words for --port leave open."""

    app_protocol: str
    protocol: str
    target: str


@dataclass
class _Port:
    """One word for --port and the ServicePorts that it stands for."""

    number: int
    node_port: int
    filler: _Filler
    word: str = ""
    name: str = ""
    specific: str = ""
    longer: bool = False
    made: list[dict[str, Any]] = field(default_factory=list)

    def draw(self, draw: st.DrawFn, source: Source | None, declared: Sequence[Declared], index: int) -> None:
        copies = source is not None and source.kind == "Service"
        named = [port.name for port in declared if port.name] if not copies else []
        targets = ["", "", str(self.number), "9376", "web", *(str(port.number) for port in declared), *named]
        target = draw(st.sampled_from(targets))
        spoken = draw(st.sampled_from(("", "", "", *_SPOKEN)))
        name = f"n{index}" if draw(st.booleans()) else ""
        node_port = self.node_port if draw(st.booleans()) else 0
        middle = f":{target}" if target or node_port else draw(st.sampled_from(("", ":")))
        end = f"/{draw(cased(spoken))}" if spoken else ""
        self.word = f"{f'{name}=' if name else ''}{self.number}{middle}{f':{node_port}' if node_port else ''}{end}"
        self.longer = self.word != str(self.number)
        target = target or self.filler.target
        transport = _SPOKEN[spoken][0] if spoken else self.filler.protocol
        protocols = [transport] if transport else self._behind(target, declared, copies=copies)
        if len(protocols) > 1 and name:  # one name cannot stand for two
            self.word = self.word.removeprefix(f"{name}=")
            self.longer, name = self.word != str(self.number), ""
        self.name = name
        app_protocol = _SPOKEN[spoken][1] if spoken else ""
        if not app_protocol and draw(seldom()):
            value = draw(st.sampled_from(_APP_PROTOCOLS))
            self.specific, app_protocol = f"{name or self.number}={value}", value
        for protocol in protocols:
            copied = self._copied(declared, protocol) if copies else None
            source_app = copied.app_protocol if copied and copied.protocol == protocol else ""
            made: dict[str, Any] = {
                "port": self.number,
                "protocol": protocol,
                "targetPort": _number_or_name(target) or (copied.target if copied else 0) or self.number,
                "appProtocol": app_protocol or self.filler.app_protocol or source_app or None,
            }
            if node_port:
                made["nodePort"] = node_port
            self.made.append(made)

    def _behind(self, target: str, declared: Sequence[Declared], *, copies: bool) -> list[str]:
        """The protocols that are declared: for a plain word of its number, for a longer one of its target."""
        wanted = _number_or_name(target) or self.number
        same_number = [port for port in declared if port.number == self.number]
        if not self.longer:
            found = [port for port in same_number if not port.sidecar]
        elif copies:
            found = [port for port in declared if target and wanted == (port.target or port.number)] or same_number
        else:
            meant = [port for port in declared if wanted in (port.number, port.name)]
            found = [port for port in meant if not port.sidecar] or meant
        return list(dict.fromkeys(port.protocol for port in found)) or ["TCP"]

    def _copied(self, declared: Sequence[Declared], protocol: str) -> Declared | None:
        same = [port for port in declared if port.number == self.number]
        return next((port for port in same if port.protocol == protocol), same[0] if same else None)


def _number_or_name(target: str) -> int | str:
    return int(target) if target.isdecimal() else target


def _name_ports(
    draw: st.DrawFn, line: Line, source: Source | None, typed: Sequence[str], longer: Sequence[bool]
) -> None:
    """Names that were typed stay; --port-naming says how the others are made."""
    naming = draw(st.sampled_from(("", "", "kubectl", "descriptive", *(("container",) if source else ()))))
    if naming:
        line.groups.append(["--port-naming", draw(cased(naming))])
    line.says["naming"] = naming
    for port, name, is_longer in zip(line.ports, typed, longer, strict=True):
        if name:
            port["name"] = name
        elif naming == "descriptive" or (not naming and is_longer):
            port["name is descriptive"] = True
