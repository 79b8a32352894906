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
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kubectl_svc.request import ServiceOptions
    from kubectl_svc.workloads.model import Workload, WorkloadPort

NAME_LENGTH = 63  # bytes of a Service name (apimachinery util/validation `DNS1035LabelMaxLength`)


class _PortGroup(Value):
    """The ServicePorts that one port number became: one for each protocol."""

    number: int
    protocols: tuple[str, ...]


def derive_service(workload: Workload, options: ServiceOptions) -> dict[str, Any]:
    """The manifest of the Service, without namespace and status.

    Raises SvcError, in kubectl's words and order, where selector, ports or a value cannot be had.
    """
    if not options.selector and workload.no_selector:
        raise SvcError(f"couldn't retrieve selectors via --selector flag or introspection: {workload.no_selector}")
    words = _port_words(workload, options)
    selector = parse_labels(options.selector) if options.selector else spellable(workload.selector)
    if not selector:
        raise SvcError("selector must be specified")
    labels = parse_labels(options.labels) if options.labels else spellable(workload.labels)
    name = options.name or _default_name(workload)
    if not name:
        raise SvcError("name must be specified")
    ports = _service_ports(words, workload, options)
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": name, **({"labels": labels} if labels else {})},
        "spec": {
            "selector": selector,
            **({"ports": ports} if ports else {}),
            **_type_and_addresses(options),
            **_affinity(options),
        },
    }


def _default_name(workload: Workload) -> str:
    """The workload's name, cut to what a Service name can hold.

    Bytes of a character that the cut broke stay, as Python's surrogateescape keeps them: the name is printed with them.
    """
    return workload.name.encode()[:NAME_LENGTH].decode(errors="surrogateescape")


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
    """The ServicePorts of the numbers, in order. What the source of a copy says of a number passes on to its port."""
    groups = _port_groups(words, workload.ports, options.protocol)
    kept_names = {port.name for port in workload.ports if workload.keeps_ports}
    ports = []
    for position, group in enumerate(groups, 1):
        for protocol in group.protocols:
            source = _source_port(workload, group.number, protocol)
            name = source.name if source else ""
            if not name:
                name = _generated_name(position, len(groups), group.protocols, protocol)
                while name and name in kept_names:  # the source gave it to another of its ports
                    name += "-copy"
            ports.append(_service_port(name, group.number, protocol, source, options.target_port))
    return ports


def _port_groups(words: Sequence[str], declared: Sequence[WorkloadPort], typed_protocol: str) -> list[_PortGroup]:
    """The numbers in order, each with its protocols, none of them twice.

    A number without a typed protocol is served over every protocol that the workload declares for it. Words are
    compared as text, as kubectl does: `080` is port 80 but not a declared one.
    """
    by_word = _declared_protocols(declared)
    groups = []
    for word in words:
        protocols = [typed_protocol] if typed_protocol else by_word.get(word, ["TCP"])
        groups.append(_PortGroup(number=_port_number(word), protocols=tuple(dict.fromkeys(protocols))))
    return groups


def _declared_protocols(declared: Sequence[WorkloadPort]) -> dict[str, list[str]]:
    """The protocols that are declared for each number, by its word.

    kubectl carries them as `80/TCP,80/UDP`, so a protocol with a comma or a slash, which only a file can hold, is
    refused (pkg/cmd/expose `parseProtocols`).
    """
    protocols: dict[str, list[str]] = {}
    words = ",".join(f"{port.number}/{port.protocol}" for port in declared)
    for pair in words.split(",") if words else ():
        number, slash, protocol = pair.partition("/")
        if not slash or "/" in protocol:
            raise SvcError(f"unexpected port protocol mapping: {pair}")
        if not number:
            raise SvcError("unexpected empty port")
        if not protocol:
            raise SvcError("unexpected empty protocol")
        protocols.setdefault(number, []).append(protocol)
    return protocols


def _port_number(word: str) -> int:
    """The number that kubectl sends, as Go's int32(int) cuts it. Raises SvcError for a word that is none."""
    try:
        number = atoi(word)
    except ValueError as error:
        raise SvcError(str(error)) from None
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
    """One ServicePort. Its target is the typed word, else the source's, else the number."""
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


def _type_and_addresses(options: ServiceOptions) -> dict[str, Any]:
    """The fields that say where the Service is reached. Two cluster IPs need both fields and a policy."""
    fields: dict[str, Any] = {}
    if options.cluster_ips:
        fields["clusterIP"] = options.cluster_ips[0]
    if len(options.cluster_ips) > 1:
        fields["clusterIPs"] = list(options.cluster_ips)
        fields["ipFamilyPolicy"] = "PreferDualStack"
    if options.type:
        fields["type"] = options.type
    if options.external_ips:
        fields["externalIPs"] = list(options.external_ips)
    if options.type == "LoadBalancer" and options.load_balancer_ip:
        fields["loadBalancerIP"] = options.load_balancer_ip
    return fields


def _affinity(options: ServiceOptions) -> Mapping[str, str]:
    """Raises SvcError for a word that is none of the API's: the only one that kubectl judges itself."""
    if not options.session_affinity:
        return {}
    if options.session_affinity not in SESSION_AFFINITIES:
        raise SvcError(f"unknown session affinity: {options.session_affinity}")
    return {"sessionAffinity": options.session_affinity}
