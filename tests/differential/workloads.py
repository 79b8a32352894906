"""Workloads whose ports, containers and labels are known one by one, for command lines of flags of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.strategies import seldom

if TYPE_CHECKING:
    from collections.abc import Iterable

    Manifest = dict[str, Any]

KINDS = {"Deployment": "apps/v1", "StatefulSet": "apps/v1", "Pod": "v1", "Service": "v1"}

numbers = st.sampled_from((53, 80, 443, 8080)) | st.integers(1, 65535)
_transports = st.sampled_from(("TCP", "TCP", "UDP", "SCTP"))
_targets: st.SearchStrategy[int | str] = st.sampled_from((0, 8080, "web"))


@dataclass(frozen=True)
class Declared:
    """A port that the workload declares."""

    number: int
    protocol: str
    name: str = ""
    container: str = ""
    sidecar: bool = False
    target: int | str = 0
    app_protocol: str = ""


@dataclass(frozen=True)
class Source:
    """A workload, called `web`, and what is known of it."""

    kind: str
    manifest: Manifest
    declared: list[Declared]
    selector: dict[str, str]
    template_labels: dict[str, str]
    governing_service: str = ""


@st.composite
def sources(draw: st.DrawFn, kinds: Iterable[str] = tuple(KINDS)) -> Source:
    """A workload that every server takes, with no pods of its own."""
    kind = draw(st.sampled_from(tuple(kinds)))
    labels = draw(
        st.dictionaries(st.sampled_from(("tier", "a10", "on")), st.sampled_from(("x", "1e3", "")), max_size=2)
    )
    selector = {"app": "web"}
    template_labels = {**selector, "project.cpaas.io/name": "p", "service.cpaas.io/name": "s", **labels}
    metadata = {"name": "web", "labels": draw(st.sampled_from((selector, labels)))}
    manifest: Manifest = {"apiVersion": KINDS[kind], "kind": kind, "metadata": metadata}
    if kind == "Service":
        declared = draw(_source_ports())
        ports = [_service_port(port) for port in declared]
        manifest["spec"] = {"selector": selector, "ports": ports}
        return Source(kind, manifest, declared, selector, {})
    declared, pod = draw(_pods())
    if kind == "Pod":
        metadata["labels"] = template_labels
        return Source(kind, {**manifest, "spec": pod}, declared, template_labels, template_labels)
    template = {"metadata": {"labels": template_labels}, "spec": pod}
    manifest["spec"] = {"replicas": 0, "selector": {"matchLabels": selector}, "template": template}
    governing = draw(st.sampled_from(("", "web", "peers"))) if kind == "StatefulSet" else ""
    if governing:
        manifest["spec"]["serviceName"] = governing
    return Source(kind, manifest, declared, selector, template_labels, governing)


@st.composite
def _source_ports(draw: st.DrawFn) -> list[Declared]:
    pairs = draw(st.lists(st.tuples(numbers, _transports), min_size=1, max_size=3, unique=True))
    return [
        Declared(
            number,
            protocol,
            name=f"s{index}",
            target=draw(_targets),
            app_protocol=draw(st.sampled_from(("", "http"))),
        )
        for index, (number, protocol) in enumerate(pairs)
    ]


def _service_port(port: Declared) -> Manifest:
    return {
        "name": port.name,
        "port": port.number,
        "protocol": port.protocol,
        **({"targetPort": port.target} if port.target else {}),
        **({"appProtocol": port.app_protocol} if port.app_protocol else {}),
    }


@st.composite
def _pods(draw: st.DrawFn) -> tuple[list[Declared], Manifest]:
    """One to three containers, now and then with a native sidecar; ports may be declared twice, names only once."""
    declared: list[Declared] = []
    names = [f"c{index}" for index in range(draw(st.integers(1, 3)))]
    sidecars = ["aside"] if draw(seldom()) else []
    for container in names + sidecars:
        pairs = draw(st.lists(st.tuples(numbers, _transports), max_size=3, unique=True))
        for number, protocol in pairs:
            name = f"p{len(declared)}" if draw(st.booleans()) else ""
            declared.append(Declared(number, protocol, name, container, sidecar=container in sidecars))

    def manifest(name: str) -> Manifest:
        ports = [
            {"containerPort": one.number, "protocol": one.protocol, **({"name": one.name} if one.name else {})}
            for one in declared
            if one.container == name
        ]
        return {"name": name, "image": "a", "ports": ports}

    pod: Manifest = {"containers": [manifest(name) for name in names]}
    if sidecars:
        pod["initContainers"] = [{**manifest(name), "restartPolicy": "Always"} for name in sidecars]
    return declared, pod
