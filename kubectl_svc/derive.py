"""From a Workload and the options to the Service that exposes it.

Pure; each call starts from nothing but its arguments. The manifest is a plain JSON object with the API's field names.
Source of kubectl's rules: kubectl pkg/cmd/expose/expose.go (`RunExpose`, `createService`).
"""

from __future__ import annotations

from kubectl_svc.declared_ports import declared_ports
from kubectl_svc.errors import SvcError
from kubectl_svc.flags.service_flags import SESSION_AFFINITIES
from kubectl_svc.golang import listed, quote
from kubectl_svc.labels import parse_labels, spellable
from kubectl_svc.service_ports import service_ports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.port_words import PortWord
    from kubectl_svc.service_options import ServiceOptions
    from kubectl_svc.workloads.model import Workload

_POD_NAME = "statefulset.kubernetes.io/pod-name"  # each pod's label (apps/v1 `StatefulSetPodNameLabel`)
NAME_LENGTH = 63  # bytes of a Service name (apimachinery util/validation `DNS1035LabelMaxLength`)


def derive_service(workload: Workload, options: ServiceOptions) -> dict[str, Any]:
    """The manifest of the Service, without namespace and status.

    Raises SvcError, in kubectl's words and order, where selector, ports or a value cannot be had.
    """
    if workload.unreachable and not (options.selector or stands_for_host(options)):
        raise SvcError(f"cannot expose {workload}: {workload.unreachable}")
    if workload.no_selector and wants_selector(options):
        raise SvcError(f"couldn't retrieve selectors via --selector flag or introspection: {workload.no_selector}")
    words = _port_words(workload, options)
    selector = _selector(workload, options)
    labels = parse_labels(options.labels) if options.labels else spellable(workload.labels)
    if options.more_labels:
        labels = {**labels, **dict(options.more_labels)}
    name, _ = service_name(workload, options)
    if not name:
        raise SvcError("name must be specified")
    ports = service_ports(words, workload, options.ports)
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {
            "name": name,
            **({"labels": labels} if labels else {}),
            **({"annotations": dict(options.annotations)} if options.annotations else {}),
            **({"ownerReferences": [_owner_reference(workload)]} if options.owner else {}),
        },
        "spec": {
            **({"selector": selector} if selector else {}),
            **({"ports": ports} if ports else {}),
            **_type_and_addresses(options),
            **_affinity(options),
            **dict(options.fields),
        },
    }


def each_replica(workload: Workload, options: ServiceOptions) -> Iterator[Workload]:
    """The workload for each of its pods, in the order of their ordinals.

    Raises SvcError for a workload whose pods have no names of their own, for one that has no pods, and for what only
    one Service can have.
    """
    if workload.ordinals is None:
        raise SvcError(f"--per-replica is for the pods of a StatefulSet, and {workload} is not one")
    count = sum(map(len, workload.ordinals))
    if not count:
        raise SvcError(f"--per-replica: {workload} has no replicas, so there is nothing to expose")
    if not workload.name:
        raise SvcError(f"--per-replica: the {workload.kind} has no name yet, which its pods' names begin with")
    taken = _taken_by_one(options)
    if taken and count > 1:
        raise SvcError(
            f"--per-replica cannot be combined with {taken}: {workload} has {count} replicas, and only one Service "
            "can have that"
        )
    return (workload.but(ordinal=ordinal) for ordinals in workload.ordinals for ordinal in ordinals)


def _taken_by_one(options: ServiceOptions) -> str:
    """The words that ask for something which no second Service can have; empty where none do."""
    words = [f"--node-port {options.ports.node_port}"] if options.ports.node_port else []
    words += [f"--port {word}" for word in options.ports.words if not isinstance(word, str) and word.node_port]
    words += [f"--cluster-ip {address}" for address in options.cluster_ips if address != "None"]
    words += [f"--health-check-node-port {value}" for field, value in options.fields if field == "healthCheckNodePort"]
    return words[0] if words else ""


def service_name(workload: Workload, options: ServiceOptions) -> tuple[str, str]:
    """The name of the Service, and the same before it was cut to what a Service name can hold.

    It is the typed one, or a StatefulSet's serviceName for its headless Service, or the workload's; of one pod's
    Service it ends in the pod's ordinal. Bytes of a character that the cut broke stay, as Python's surrogateescape
    keeps them: the name is printed with them.
    """
    suffix = "" if workload.ordinal is None else f"-{workload.ordinal}"
    if options.name:
        return options.name + suffix, options.name + suffix
    governs = is_headless(options) and not stands_for_host(options) and workload.ordinal is None
    whole = (governs and workload.governing_service) or workload.name
    cut = whole.encode()[: NAME_LENGTH - len(suffix)].decode(errors="surrogateescape")
    return cut + suffix, whole + suffix


def is_headless(options: ServiceOptions) -> bool:
    """Whether the options ask for a Service without a cluster IP."""
    return options.cluster_ips[:1] == ("None",)


def stands_for_host(options: ServiceOptions) -> bool:
    """Whether the options ask for an ExternalName, which has neither a selector nor derived ports."""
    return bool(options.external_name) and options.type in ("", "ExternalName")


def wants_selector(options: ServiceOptions) -> bool:
    """Whether the options leave it to the workload which pods are meant."""
    return not (options.selector or options.selector_keys or stands_for_host(options) or options.per_replica)


def _selector(workload: Workload, options: ServiceOptions) -> dict[str, str]:
    """The labels of the pods: typed, or those of the pod template that were named, or the workload's selector."""
    if stands_for_host(options):
        return {}
    if options.selector_keys:
        return _template_labels(workload, options.selector_keys)
    if workload.ordinal is not None:
        return {_POD_NAME: f"{workload.name}-{workload.ordinal}"}
    selector = parse_labels(options.selector) if options.selector else spellable(workload.selector)
    if not selector and workload.exists:
        raise SvcError("selector must be specified")
    return selector


def _template_labels(workload: Workload, keys: Sequence[str]) -> dict[str, str]:
    labels = workload.template_labels
    if labels is None:
        raise SvcError(f"{workload} has no pod template to select by labels of; --selector says the labels themselves")
    for key in keys:
        if key not in labels:
            has = f"only {listed(sorted(labels))}" if labels else "none"
            raise SvcError(
                f"the pod template of {workload} has no label {quote(key)}: it has {has}; --selector takes any labels"
            )
    return {key: labels[key] for key in keys}


def _owner_reference(workload: Workload) -> dict[str, str]:
    """Deleting the workload takes the Service along (apimachinery meta/v1 `OwnerReference`)."""
    return {
        "apiVersion": workload.api_version,
        "kind": workload.kind,
        "name": workload.name,
        "uid": workload.uid,
    }


def _port_words(workload: Workload, options: ServiceOptions) -> Sequence[str | PortWord]:
    """The ports to serve: those typed, else each number that the workload declares, once."""
    if options.ports.words:
        return options.ports.words
    if stands_for_host(options):
        return ()
    declared = dict.fromkeys(str(port.number) for port in declared_ports(workload, options.ports))
    if not declared and not is_headless(options):
        raise SvcError(_no_port(workload, options))
    return list(declared)


def _no_port(workload: Workload, options: ServiceOptions) -> str:
    if workload.exists:
        reason = f": {workload.no_ports}" if workload.no_ports else ""
        return f"couldn't find port via --port flag or introspection{reason}"
    if options.type == "ExternalName":
        return "--type ExternalName needs the host that it stands for: --external-name HOST"
    return "at least one --port is needed, unless the Service is --headless or an --external-name"


def _type_and_addresses(options: ServiceOptions) -> dict[str, Any]:
    """The fields that say where the Service is reached. Two cluster IPs or families need a policy."""
    fields: dict[str, Any] = {}
    if options.cluster_ips:
        fields["clusterIP"] = options.cluster_ips[0]
    if len(options.cluster_ips) > 1:
        fields["clusterIPs"] = list(options.cluster_ips)
    typed = dict(options.fields)
    if "ipFamilyPolicy" not in typed and (len(options.cluster_ips) > 1 or len(set(typed.get("ipFamilies", ()))) > 1):
        fields["ipFamilyPolicy"] = "PreferDualStack"
    service_type = options.type or _implied_type(options)
    if service_type:
        fields["type"] = service_type
    if options.external_name:
        fields["externalName"] = options.external_name
    if options.external_ips:
        fields["externalIPs"] = list(options.external_ips)
    if options.type == "LoadBalancer" and options.load_balancer_ip:
        fields["loadBalancerIP"] = options.load_balancer_ip
    return fields


def _implied_type(options: ServiceOptions) -> str:
    """The type that other words ask for where none was typed."""
    if options.external_name:
        return "ExternalName"
    node_ports = [options.ports.node_port]
    node_ports += [word.node_port for word in options.ports.words if not isinstance(word, str)]
    return "NodePort" if any(port is not None for port in node_ports) else ""


def _affinity(options: ServiceOptions) -> Mapping[str, Any]:
    """Raises SvcError for a word that is none of the API's: the only one that kubectl judges itself."""
    seconds = options.affinity_seconds
    affinity = options.session_affinity or ("" if seconds is None else "ClientIP")
    if not affinity:
        return {}
    if affinity not in SESSION_AFFINITIES:
        raise SvcError(f"unknown session affinity: {affinity}")
    config = {} if seconds is None else {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": seconds}}}
    return {"sessionAffinity": affinity, **config}
