"""What the workload itself makes doubtful: pods that are not reached, not there, or not the ones that are meant."""

from __future__ import annotations

from kubectl_svc.checks.model import DOUBTFUL, HINT, Check, Found, Subject
from kubectl_svc.checks.pods import foreign_labels
from kubectl_svc.derive import NAME_LENGTH, service_name, stands_for_host, wants_selector
from kubectl_svc.golang import quote
from kubectl_svc.workloads.kinds import kind_of
from kubectl_svc.workloads.selectors import FLEETING_LABELS, POD_LABELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from kubectl_svc.workloads.model import Reference, Workload


def _unsure(subject: Subject) -> Iterator[Found]:
    if wants_selector(subject.options) and subject.workload.unsure:
        yield Found(says={"words": subject.workload.unsure})


def _unreachable(subject: Subject) -> Iterator[Found]:
    if subject.workload.unreachable and subject.options.selector:
        yield Found(says={"workload": subject.workload, "reason": subject.workload.unreachable})


def _replaced(subject: Subject) -> Iterator[Found]:
    workload, options = subject.workload, subject.options
    controller = workload.controller
    if not controller or not (options.owner or (wants_selector(options) and not workload.selector_stays)):
        return
    consequence = ""
    if options.owner:
        consequence = ", and a Service that it owns goes when it does"
    elif workload.selector_ends:
        consequence = ", and its selector has labels that do not last"
    elif not _is_offered(controller):
        consequence = ", which may replace it"
    instead = f"expose {controller.argument} instead" if _is_offered(controller) else ""
    says = {"workload": workload, "controller": controller, "consequence": consequence, "instead": instead}
    yield Found(says=says)


def _is_offered(controller: Reference) -> bool:
    row = kind_of(controller.api_version, controller.kind)
    return bool(row and not row.refused)


def _nameless_targets(subject: Subject) -> Iterator[Found]:
    workload = subject.workload
    for port in _guest_ports(subject):
        target, protocol = port["targetPort"], port["protocol"]
        if isinstance(target, str) and (target, protocol) not in _named(workload):
            names = ", ".join(f"{quote(one.name)} ({one.protocol})" for one in workload.ports if one.name)
            says = {
                "workload": workload,
                "protocol": protocol,
                "target": quote(target),
                "only": f", only {names}" if names else "",
                "number": port.get("port"),
            }
            yield Found(says=says)


def _held_back(subject: Subject) -> Iterator[Found]:
    workload = subject.workload
    for port in _guest_ports(subject) if workload.filters_ports else ():
        protocol = port["protocol"]
        target = _named(workload).get((port["targetPort"], protocol), port["targetPort"])
        if isinstance(target, int) and not _is_let_through(workload, target, protocol):
            listed = [f"{one.number}/{one.protocol}" for one in workload.ports]
            says = {
                "workload": workload,
                "only": ", ".join([*listed, *map(str, workload.port_ranges)]),
                "port": f"{target}/{protocol}",
                "where": "port ranges" if workload.port_ranges else "ports",
            }
            yield Found(says=says)


def _guest_ports(subject: Subject) -> list[Mapping[str, Any]]:
    """The ports of a Service that leads to the guests of virtual machines."""
    workload = subject.workload
    is_one = workload.named_ports is not None and not workload.unreachable
    return [port for _, port in subject.ports] if is_one and not stands_for_host(subject.options) else []


def _named(workload: Workload) -> dict[tuple[str, str], int]:
    return {(one.name, one.protocol): one.number for one in workload.named_ports or ()}


def _is_let_through(workload: Workload, target: int, protocol: str) -> bool:
    ranges = (one for one in workload.port_ranges if one.protocol == protocol)
    is_listed = any((one.number, one.protocol) == (target, protocol) for one in workload.ports)
    return is_listed or any(one.first <= target <= one.last for one in ranges)


def _other_pods(subject: Subject) -> Iterator[Found]:
    workload = subject.workload
    is_said = subject.options.selector or subject.spec.get("selector") != subject.derived["spec"].get("selector")
    missing = foreign_labels(subject) if is_said and not workload.unreachable else {}
    if missing:
        says = {
            "whose": f"{workload}" if workload.kind == "Pod" else f"the pod template of {workload}",
            "missing": _as_words(missing),
            "has": _as_words(workload.template_labels or {}) or "no labels",
        }
        yield Found(says=says)


def _no_pods(subject: Subject) -> Iterator[Found]:
    if subject.derived["spec"].get("selector") and not subject.spec.get("selector"):
        yield Found(says={"workload": subject.workload})


def _as_words(labels: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in labels.items())


def _fleeting(subject: Subject) -> Iterator[Found]:
    options = subject.options
    if not (options.selector or options.selector_keys):
        return
    for key in subject.spec.get("selector") or {}:
        if key in FLEETING_LABELS - POD_LABELS:
            yield Found(says={"key": key})


def _governing_name_taken(subject: Subject) -> Iterator[Found]:
    workload, name = subject.workload, subject.name
    if workload.governing_service and name == workload.governing_service and not subject.is_headless:
        headless = "" if subject.type == "ExternalName" else "--headless, or "
        yield Found(says={"workload": workload, "name": quote(name), "headless": headless})


def _governing_name_missed(subject: Subject) -> Iterator[Found]:
    workload, governing = subject.workload, subject.workload.governing_service
    is_whole = workload.ordinal is None and not subject.options.selector and subject.type == "ClusterIP"
    if governing and subject.is_headless and is_whole and subject.name != governing:
        yield Found(says={"workload": workload, "governing": governing})


def _no_replicas(subject: Subject) -> Iterator[Found]:
    workload = subject.workload
    is_final = workload.controller is None and not subject.options.selector  # else another number counts
    if workload.replicas == 0 and is_final and subject.type != "ExternalName":
        yield Found(says={"workload": workload, "argument": workload.reference.argument})


def _host_network(subject: Subject) -> Iterator[Found]:
    workload = subject.workload
    if workload.host_network and subject.type != "ExternalName" and not subject.options.selector:
        yield Found(says={"workload": workload})


def _cut_name(subject: Subject) -> Iterator[Found]:
    name, whole = service_name(subject.workload, subject.options)
    if name != whole:
        yield Found(says={"whole": quote(whole), "most": NAME_LENGTH})


def _early_peers(subject: Subject) -> Iterator[Found]:
    said = "publishNotReadyAddresses" in {**subject.derived["spec"], **subject.spec}
    workload = subject.workload
    names_them = workload.ordinal is not None or workload.governing_service in ("", subject.name)
    is_peer = workload.ordinals is not None and names_them and not subject.options.selector
    if is_peer and not said and subject.is_headless and subject.type == "ClusterIP":
        yield Found(says={"workload": subject.workload})


WORKLOAD_DOUBTS = (
    Check(
        id="selector-unsure", level=DOUBTFUL, field="spec.selector", find=_unsure,
        passes="expose -f web.yaml --port 8080", fails="expose -f vm.yaml --port 22",
    ),
    Check(
        id="unreachable", level=DOUBTFUL, field="spec.selector", find=_unreachable,
        message="{workload} is not reached: {reason}",
        passes="expose -f vm.yaml --port 22 --selector vm.kubevirt.io/name=testvm",
        fails="expose -f vm-without-network.yaml --port 22 --selector vm.kubevirt.io/name=testvm",
    ),
    Check(
        id="controlled", level=DOUBTFUL, field="spec.selector", find=_replaced,
        message="{workload} belongs to {controller}{consequence}", remedy="{instead}",
        passes="expose -f web.yaml --port 8080", fails="expose -f pod.yaml --port 8080",
    ),
    Check(
        id="guest-port-name-unknown", level=DOUBTFUL, field="spec.ports[].targetPort", find=_nameless_targets,
        message="{workload} has no {protocol} port named {target}{only}: port {number} of the Service leads nowhere",
        remedy="say the number of its target",
        passes="expose -f vm.yaml --port 22 --target-port ssh --selector vm.kubevirt.io/name=testvm",
        fails="expose -f vm.yaml --port 22 --target-port shh --selector vm.kubevirt.io/name=testvm",
    ),
    Check(
        id="guest-port-held-back", level=DOUBTFUL, field="spec.ports[].targetPort", find=_held_back,
        message="{workload} lets only {only} through to its guest, not {port}",
        remedy="add that to the {where} of its masquerade interface, or list none there",
        passes="expose -f vm.yaml --port 22 --selector vm.kubevirt.io/name=testvm",
        fails="expose -f vm.yaml --port 80 --selector vm.kubevirt.io/name=testvm",
    ),
    Check(
        id="selector-of-others", level=DOUBTFUL, field="spec.selector", find=_other_pods,
        message="{whose} does not have {missing}, which the Service selects by",
        remedy="it has {has}",
        passes="expose -f web.yaml --port 8080 --selector app=web",
        fails="expose -f web.yaml --port 8080 --selector app=wbe",
    ),
    Check(
        id="selector-overridden", level=DOUBTFUL, field="spec.selector", find=_no_pods,
        message="--overrides takes the selector away, so the Service does not reach the pods of {workload}",
        remedy="leave that out",
        passes='expose -f web.yaml --port 8080 --overrides \'{"spec":{"selector":{"tier":"front"}}}\'',
        fails='expose -f web.yaml --port 8080 --overrides \'{"spec":{"selector":null}}\'',
    ),
    Check(
        id="selector-ends", level=DOUBTFUL, field="spec.selector", find=_fleeting,
        message="the label {key} does not last, and when its pods are replaced the Service reaches nothing",
        remedy="leave it out of the selector",
        passes="create web --port 80 --selector app=web",
        fails="create web --port 80 --selector pod-template-hash=5d4f8c7b9",
    ),
    Check(
        id="governing-name-taken", level=DOUBTFUL, field="metadata.name", find=_governing_name_taken,
        message="{name} is the serviceName of {workload}, and its pods have names in DNS only by a headless Service",
        remedy="say {headless}--name for another Service",
        passes="expose -f db.yaml --headless", fails="expose -f db.yaml --name db-peers --port 5432",
    ),
    Check(
        id="governing-name-missed", level=DOUBTFUL, field="metadata.name", find=_governing_name_missed,
        message="the pods of {workload} have names in DNS only by a Service of the name {governing}, its serviceName",
        remedy="leave --name out, or say --name {governing}",
        passes="expose -f db.yaml --headless",
        fails="expose -f db.yaml --headless --name db",
    ),
    Check(
        id="no-replicas", level=DOUBTFUL, field="spec.selector", find=_no_replicas,
        message="{workload} has 0 replicas, so nothing will answer",
        remedy="kubectl scale {argument} --replicas=1 starts one",
        passes="expose -f web.yaml --port 8080", fails="expose -f idle.yaml --port 8080",
    ),
    Check(
        id="host-network", level=DOUBTFUL, field="spec.selector", find=_host_network,
        message="the pods of {workload} use their nodes' network, where network policies for pods do not hold and a "
        "port may be another program's",
        remedy="leave hostNetwork out unless they need it",
        passes="expose -f web.yaml --port 8080", fails="expose -f agent.yaml --port 9100",
    ),
    Check(
        id="name-cut", level=DOUBTFUL, field="metadata.name", find=_cut_name,
        message="the name {whole} is cut to {most} characters", remedy="--name gives another",
        passes="expose -f web.yaml --port 8080", fails="expose -f long.yaml --port 8080",
    ),
    Check(
        id="peers-not-ready", level=HINT, field="spec.publishNotReadyAddresses", find=_early_peers,
        message="the pods of {workload} find each other in DNS only when they are ready",
        remedy="add --publish-not-ready-addresses if they must do so before (or =false, and this is not said again)",
        passes="expose -f db.yaml --headless --publish-not-ready-addresses", fails="expose -f db.yaml --headless",
    ),
)  # fmt: skip
