"""From a Workload and the options to the Service that exposes it.

Pure; each call starts from nothing but its arguments. The manifest is a plain JSON object with the API's field names.
Source of kubectl's rules: kubectl pkg/cmd/expose/expose.go (`RunExpose`, `createService`).
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.flags import SESSION_AFFINITIES
from kubectl_svc.golang import atoi
from kubectl_svc.labels import parse_labels, spellable
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.request import ServiceOptions
    from kubectl_svc.workloads.model import Workload, WorkloadPort

NAME_LENGTH = 63  # bytes of a Service name, a DNS label


class _PortGroup(Value):
    """The ServicePorts that one port number became: one for each protocol."""

    number: int
    protocols: tuple[str, ...]


def derive_service(workload: Workload, options: ServiceOptions) -> dict[str, Any]:
    """The manifest of the Service, without namespace and status.

    Raises SvcError, in kubectl's words and order, where selector, ports or a value cannot be had.
    """
    selector = options.selector
    if not selector and workload.no_selector:
        raise SvcError(f"couldn't retrieve selectors via --selector flag or introspection: {workload.no_selector}")
    words = _port_words(workload, options)
    selects = parse_labels(selector) if selector else spellable(workload.selector)
    if not selects:
        raise SvcError("selector must be specified")
    labels = parse_labels(options.labels) if options.labels else spellable(workload.labels)
    name = options.name or _default_name(workload)
    if not name:
        raise SvcError("name must be specified")
    spec: dict[str, Any] = {"selector": selects}
    ports = _service_ports(words, workload, options)
    if ports:
        spec["ports"] = ports
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": name, **({"labels": labels} if labels else {})},
        "spec": {**spec, **_addresses(options), **_affinity(options)},
    }


def _default_name(workload: Workload) -> str:
    """The workload's name, cut to what a Service name can hold."""
    return workload.name.encode()[:NAME_LENGTH].decode(errors="replace")


def _port_words(workload: Workload, options: ServiceOptions) -> list[str]:
    """The port numbers to serve, as words: those typed, else each number that the workload declares, once."""
    if options.ports:
        return ",".join(options.ports).split(",")
    declared = dict.fromkeys(str(port.number) for port in workload.ports)
    if not declared and not _is_headless(options):
        raise SvcError("couldn't find port via --port flag or introspection")
    return list(declared)


def _is_headless(options: ServiceOptions) -> bool:
    """Whether the options ask for a Service without a cluster IP."""
    return options.cluster_ips[:1] == ("None",)


def _service_ports(words: Sequence[str], workload: Workload, options: ServiceOptions) -> list[dict[str, Any]]:
    groups = list(_port_groups(words, workload.ports, options.protocol))
    taken = {port.name for port in workload.ports if workload.keeps_ports and port.name}
    ports = []
    for position, group in enumerate(groups, 1):
        for protocol in group.protocols:
            source = _source_port(workload, group.number, protocol)
            name = (source and source.name) or ""
            if not name:
                name = _generated_name(position, len(groups), group.protocols, protocol)
                while name in taken:  # a name that the source Service gave to another of its ports
                    name += "-copy"
            ports.append(_service_port(name, group.number, protocol, source, options.target_port))
    return ports


def _port_groups(words: Sequence[str], declared: Sequence[WorkloadPort], typed_protocol: str) -> Iterator[_PortGroup]:
    """The numbers in order, each with its protocols, none of them twice.

    A number without a typed protocol is served over every protocol that the workload declares for it. Words are
    compared as text, as kubectl does: `080` is port 80 but not a declared one.
    """
    for word in words:
        protocols = [typed_protocol] if typed_protocol else [p.protocol for p in declared if str(p.number) == word]
        yield _PortGroup(number=_int32(_atoi(word)), protocols=tuple(dict.fromkeys(protocols or ["TCP"])))


def _atoi(word: str) -> int:
    try:
        return atoi(word)
    except ValueError as error:
        raise SvcError(str(error)) from None


def _int32(number: int) -> int:
    """The number as Go's int32(int) cuts it, which is what kubectl sends."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def _source_port(workload: Workload, number: int, protocol: str) -> WorkloadPort | None:
    """The port of the source Service that is carried over, preferably the one of the same protocol."""
    if not workload.keeps_ports:
        return None
    same_number = [port for port in workload.ports if port.number == number]
    same_protocol = [port for port in same_number if port.protocol == protocol]
    return next(iter(same_protocol or same_number), None)


def _generated_name(position: int, groups: int, protocols: Sequence[str], protocol: str) -> str:
    """kubectl's names: none for a single port, else by position, and by protocol where one number has several."""
    if len(protocols) > 1:
        return f"port-{position}-{protocol.lower()}"
    return f"port-{position}" if groups > 1 else ""


def _service_port(
    name: str, number: int, protocol: str, source: WorkloadPort | None, target_word: str
) -> dict[str, Any]:
    target: int | str = number
    if target_word:
        target = _int_or_string(target_word)
    elif source and source.target:
        target = source.target
    return {
        **({"name": name} if name else {}),
        "protocol": protocol,
        **({"appProtocol": source.app_protocol} if source and source.app_protocol else {}),
        "port": number,
        "targetPort": target,
    }


def _int_or_string(word: str) -> int | str:
    """A target port: a number within int32, else a name (apimachinery util/intstr `Parse`)."""
    try:
        return atoi(word, bits=32)
    except ValueError:
        return word


def _addresses(options: ServiceOptions) -> dict[str, Any]:
    addresses: dict[str, Any] = {}
    if options.cluster_ips:
        addresses["clusterIP"] = options.cluster_ips[0]
    if len(options.cluster_ips) > 1:
        addresses["clusterIPs"] = list(options.cluster_ips)
        addresses["ipFamilyPolicy"] = "PreferDualStack"
    if options.type:
        addresses["type"] = options.type
    if options.external_ips:
        addresses["externalIPs"] = list(options.external_ips)
    if options.type == "LoadBalancer" and options.load_balancer_ip:
        addresses["loadBalancerIP"] = options.load_balancer_ip
    return addresses


def _affinity(options: ServiceOptions) -> Mapping[str, str]:
    if not options.session_affinity:
        return {}
    if options.session_affinity not in SESSION_AFFINITIES:
        raise SvcError(f"unknown session affinity: {options.session_affinity}")
    return {"sessionAffinity": options.session_affinity}
