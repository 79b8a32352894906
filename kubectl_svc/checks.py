"""What is worth a word on standard error about a Service that was derived. Pure."""

from __future__ import annotations

from kubectl_svc.derive import is_headless, stands_for_host, wants_selector
from kubectl_svc.flags.service_flags import EXPOSE_FLAGS, SERVICE_TYPES, TRANSPORTS
from kubectl_svc.golang import quote
from kubectl_svc.port_words import HIGHEST_PORT
from kubectl_svc.workloads.kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.service_options import ServiceOptions
    from kubectl_svc.workloads.model import Reference, Workload


def hints_for(workload: Workload, options: ServiceOptions) -> Iterator[str]:
    """What may be missing although nothing is wrong."""
    says_when = any(field == "publishNotReadyAddresses" for field, _ in options.fields)
    selects = is_headless(options) and not stands_for_host(options)
    if workload.ordinals is not None and selects and not says_when:
        yield (
            f"the pods of {workload} find each other in DNS only when they are ready: add "
            "--publish-not-ready-addresses if they must do so before (or =false, and this is not said again)"
        )


def doubts_about(workload: Workload, options: ServiceOptions, service: Mapping[str, Any]) -> Iterator[str]:
    """Why a Service that every server takes may not reach what is meant, or not for long."""
    if wants_selector(options) and workload.unsure:
        yield workload.unsure
    if workload.unreachable and options.selector:
        yield f"{workload} is not reached: {workload.unreachable}"
    if workload.controller and (options.owner or (wants_selector(options) and not workload.selector_stays)):
        yield _replaced(workload, workload.controller, options)
    if not workload.unreachable and not stands_for_host(options):
        yield from _lost_ports(workload, service)


def _replaced(workload: Workload, controller: Reference, options: ServiceOptions) -> str:
    """That the workload is not the one to expose, and which is."""
    text = f"{workload} belongs to {controller}"
    row = kind_of(controller.api_version, controller.kind)
    is_offered = bool(row and not row.refused)
    if options.owner:
        text += ", and a Service that it owns goes when it does"
    elif workload.selector_ends:
        text += ", and its selector has labels that do not last"
    elif not is_offered:
        text += ", which may replace it"
    return f"{text}: expose {controller.argument} instead" if is_offered else text


def _lost_ports(workload: Workload, service: Mapping[str, Any]) -> Iterator[str]:
    """Ports of the Service whose target no port of the pods is called, or which are not let through."""
    if workload.named_ports is None:
        return
    for port in service["spec"].get("ports") or ():
        target, protocol = port.get("targetPort") or port["port"], port.get("protocol", "TCP")
        if isinstance(target, str):
            named = {one.name: one.number for one in workload.named_ports if one.protocol == protocol}
            if target not in named:
                yield _nameless(workload, port["port"], target, protocol)
                continue
            target = named[target]
        if workload.filters_ports and not _is_let_through(workload, target, protocol):
            yield _held_back(workload, target, protocol)


def _nameless(workload: Workload, port: int, target: str, protocol: str) -> str:
    """That the name of a port's target is nobody's."""
    names = ", ".join(f"{quote(one.name)} ({one.protocol})" for one in workload.ports if one.name)
    only = f", only {names}" if names else ""
    return (
        f"{workload} has no {protocol} port named {quote(target)}{only}: port {port} of the Service leads nowhere; say "
        "the number of its target"
    )


def _is_let_through(workload: Workload, target: int, protocol: str) -> bool:
    ranges = (one for one in workload.port_ranges if one.protocol == protocol)
    is_listed = any((one.number, one.protocol) == (target, protocol) for one in workload.ports)
    return is_listed or any(one.first <= target <= one.last for one in ranges)


def _held_back(workload: Workload, target: int, protocol: str) -> str:
    """That the interface of a machine does not pass the port on."""
    only = ", ".join([*(f"{port.number}/{port.protocol}" for port in workload.ports), *map(str, workload.port_ranges)])
    where = "port ranges" if workload.port_ranges else "ports"
    return (
        f"{workload} lets only {only} through to its guest, not {target}/{protocol}: add that to the {where} of its "
        "masquerade interface, or list none there"
    )


def warnings_for(service: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about values that every server refuses, each with its field (core/v1 ServiceSpec validation).

    kubectl prints such Services on a client dry run without a word; online the server is the check.
    """
    spec = service["spec"]
    service_type = spec.get("type", "ClusterIP")
    if service_type not in SERVICE_TYPES:
        yield f"spec.type: {_unknown(service_type, SERVICE_TYPES)}"
    for flag in EXPOSE_FLAGS:
        said = spec.get(flag.field) if flag.field and flag.values else None
        for value in said if isinstance(said, list) else (said,):
            if value and value not in flag.values:
                yield f"spec.{flag.field}: {_unknown(value, flag.values)}"
    for index, port in enumerate(spec.get("ports") or ()):
        if not 1 <= port["port"] <= HIGHEST_PORT:
            is_not = f"{port['port']} is not between 1 and {HIGHEST_PORT}"
            yield f"spec.ports[{index}].port: {is_not}: the server will refuse it"
        protocol = port.get("protocol", "TCP")
        if protocol not in TRANSPORTS:
            yield f"spec.ports[{index}].protocol: {_unknown(protocol, TRANSPORTS)}"


def _unknown(value: str, known: Sequence[str]) -> str:
    return f"{quote(value)} is not one of {', '.join(known)}: a server that does not know it will refuse it"
