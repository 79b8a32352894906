"""Pods are ready, and a port of the Service still leads nowhere, or to where nobody listens."""

from __future__ import annotations

from kubectl_svc.golang import listed, quote
from kubectl_svc.reachability.model import (
    BROKEN,
    POSSIBLE,
    WARNING,
    Diagnosis,
    metadata_of,
    name_of,
    one_line,
    spec_of,
)
from kubectl_svc.reachability.view import pod_addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.reachability.model import Manifest
    from kubectl_svc.reachability.view import View


def has_no_target(view: View) -> Iterator[Diagnosis]:
    """A target port goes by a name that not all ready pods have, or have for another protocol.

    Source: kubernetes pkg/api/v1/pod/util.go `FindPort`: name and protocol have to be the same.
    """
    for port in view.ports:
        if not isinstance(port.target, str) or not view.ready_pods:
            continue
        without = [pod for pod in view.ready_pods if _number(pod, port.target, port.protocol) is None]
        if not without:
            continue
        others = sorted({protocol for pod in without for protocol in _protocols(pod, port.target)})
        some = without != view.ready_pods
        which = f"{len(without)} of {len(view.ready_pods)} pods" if some else f"pod {quote(name_of(without[0]))}"
        level = WARNING if some or view.is_headless else BROKEN  # a headless one's name leads to the pods all the same
        commands = _compare(view, without[0])
        if others:
            yield Diagnosis(
                code="ProtocolMismatch",
                level=level,
                message=f"port {port.called} leads to the container port {quote(port.target)} for {port.protocol}, "
                f"which {which} declare{'' if some else 's'} for {' and '.join(others)}",
                commands=commands,
            )
            continue
        declared = sorted({name for pod in without for name, _, _ in _declared(pod) if name})
        instead = f"; the names there are {listed(declared)}" if declared else "; no container port has a name"
        yield Diagnosis(
            code="TargetPortMissing",
            level=level,
            message=f"port {port.called} leads to the container port {quote(port.target)}, which {which} "
            f"do{'' if some else 'es'} not declare{instead}",
            commands=commands,
        )


def _compare(view: View, pod: Manifest) -> tuple[str, str]:
    """The ports that a pod declares, and the Service to put right."""
    show = view.kubectl("get", "pod", name_of(pod), "-o", "jsonpath='{.spec.containers[*].ports}'")
    return show, view.kubectl("edit", "service", view.name)


def has_no_address(view: View) -> Iterator[Diagnosis]:
    """The ready pods have no address of the Service's family (kubernetes endpointslice controller)."""
    families = view.spec.get("ipFamilies") or ()
    pods = view.ready_pods
    if not families or not pods or view.is_served is not False or view.ready_endpoints:
        return
    own = {_family(each) for pod in pods for each in pod_addresses(pod)}
    if own and not own & set(families):
        yield Diagnosis(
            code="AddressFamilyMismatch",
            message=f"it has addresses of {' and '.join(families)}, its pods of {' and '.join(sorted(own))} only",
            commands=(
                view.patch('{"ipFamilyPolicy":"PreferDualStack"}'),  # the first family of a Service never changes
                view.kubectl("get", "pods", "-o", "wide"),
            ),
        )


def is_not_taken_up(view: View) -> Iterator[Diagnosis]:
    """The pods are ready, and nobody has put them into an EndpointSlice."""
    if view.is_served is not False or not view.ready_pods or not view.selector or view.ready_endpoints:
        return
    failed = [
        str(event.get("message"))
        for event in view.scene.events() or ()
        if str(event.get("reason") or "").startswith("FailedTo")
    ]
    why = f": {one_line(failed[-1])}" if failed else "; the EndpointSlice controller may be busy, or may not run"
    count = len(view.ready_pods)
    yield Diagnosis(
        code="EndpointsMissing",
        message=f"{count} of its pods {'is' if count == 1 else 'are'} ready, and no EndpointSlice has "
        f"{'it' if count == 1 else 'them'}{why}",
        commands=(
            view.kubectl("get", "endpointslices", "-l", f"kubernetes.io/service-name={view.name}"),
            "kubectl get pods -n kube-system -l component=kube-controller-manager",
        ),
    )


def leads_to_a_deleted_pod(view: View) -> Iterator[Diagnosis]:
    """Endpoints of pods that are not there any more: whoever made the slice does not follow."""
    pods = view.pods or ()
    known = {metadata_of(pod).get("uid") for pod in pods} | {name_of(pod) for pod in pods}
    gone = [one for one in view.ready_endpoints if one.pod and one.pod_uid not in known and one.pod not in known]
    if gone and (view.pods is None or not view.selector):
        names = view.scene.pod_names()
        gone = [] if names is None else [one for one in gone if one.pod not in names]
    if not gone:
        return
    slices = sorted({each for one in gone for each in one.slices})
    yield Diagnosis(
        code="EndpointOfDeletedPod",
        level=BROKEN if len(gone) == len(view.ready_endpoints) else WARNING,
        message=f"the EndpointSlice {listed(slices)} leads to {listed(sorted(one.pod for one in gone))}, "
        + ("pods that are" if len(gone) > 1 else "a pod that is")
        + (" not there any more" if not view.selector else " not there any more, or has other labels"),
        commands=(view.kubectl("get", "endpointslice", slices[0], "-o", "yaml"), view.kubectl("get", "pods")),
    )


def goes_by_another_protocol(view: View) -> Iterator[Diagnosis]:
    """A number that the containers declare for another protocol only, or not at all beside others that they do."""
    pods = [pod for pod in view.ready_pods if not _instance_of(pod)]  # of machines `is_not_let_through` knows more
    for port in view.ports:
        if not isinstance(port.target, int) or not port.number or not pods:
            continue
        declared = [entry for pod in pods for entry in _declared(pod)]
        same = {protocol for _, number, protocol in declared if number == port.target}
        if port.protocol in same or not declared:
            continue
        commands = _compare(view, pods[0])
        if same:
            yield Diagnosis(
                code="ProtocolMismatch",
                level=WARNING,
                message=f"port {port.called} is {port.protocol}, and its pods declare {port.target} for "
                f"{' and '.join(sorted(same))} only",
                commands=commands,
            )
        else:
            numbers = sorted({number for _, number, _ in declared})
            yield Diagnosis(
                code="TargetPortNotDeclared",
                level=POSSIBLE,
                message=f"port {port.called} leads to {port.target}, and its pods declare "
                f"{', '.join(map(str, numbers))}: nothing says that somebody listens there",
                commands=commands,
            )


def is_not_let_through(view: View) -> Iterator[Diagnosis]:
    """A virtual machine's masquerade lets only the ports through that its interface lists, if it lists any.

    Source: kubevirt pkg/network/setup/netpod/masquerade.
    """
    machines = {name for pod in view.ready_pods if (name := _instance_of(pod))}
    shut: dict[str, list[tuple[Manifest, str]]] = {}
    for name in sorted(machines):
        instance = view.scene.instance(name)
        lists = _let_through(instance) if instance is not None else []
        shown = ", ".join(f"{first}{f'-{last}' if last != first else ''}/{each}" for first, last, each in lists)
        for port in view.ports if lists else ():
            target = port.target
            if not isinstance(target, int) or not port.number:
                continue
            if not any(protocol == port.protocol and first <= target <= last for first, last, protocol in lists):
                shut.setdefault(port.called, []).append((instance or {}, f"{shown}|{target}/{port.protocol}"))
    for called, found in shut.items():
        instance, (shown, _, target) = found[0][0], found[0][1].partition("|")
        beside = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        kind, name = _owner_of(instance)
        yield Diagnosis(
            code="MasqueradePortNotListed",
            level=BROKEN if len(found) == len(view.ready_pods) else WARNING,
            message=f"VirtualMachineInstance {quote(name_of(instance))}{beside} lets {shown} through to its guest, and "
            f"not {target}, which port {called} leads to",
            commands=(view.kubectl("edit", kind, name),),
        )


def _owner_of(instance: Manifest) -> tuple[str, str]:
    """Kind and name of what makes the machine anew: it has to say the port."""
    owners = metadata_of(instance).get("ownerReferences") or ()
    found = next((each for each in owners if each.get("controller")), None)
    if found is None:
        return "virtualmachineinstance", name_of(instance)
    return str(found.get("kind")).lower(), str(found.get("name"))


def _declared(pod: Manifest) -> list[tuple[str, int, str]]:
    """Name, number and protocol of every port that containers declare, and those init containers that keep running."""
    spec = spec_of(pod)
    sidecars = [each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always"]
    return [
        (port.get("name") or "", port.get("containerPort") or 0, port.get("protocol") or "TCP")
        for container in (*(spec.get("containers") or ()), *sidecars)
        for port in container.get("ports") or ()
    ]


def _number(pod: Manifest, name: str, protocol: str) -> int | None:
    return next((number for own, number, each in _declared(pod) if (own, each) == (name, protocol)), None)


def _protocols(pod: Manifest, name: str) -> set[str]:
    return {protocol for own, _, protocol in _declared(pod) if own == name}


def _family(address: str) -> str:
    return "IPv6" if ":" in address else "IPv4"


def _instance_of(pod: Manifest) -> str:
    owners = metadata_of(pod).get("ownerReferences") or ()
    return next((str(each.get("name")) for each in owners if each.get("kind") == "VirtualMachineInstance"), "")


def _let_through(instance: Manifest) -> list[tuple[int, int, str]]:
    """First, last and protocol of what a masquerade on the pod network lets through; none where it lets all through."""
    from kubectl_svc.workloads.kubevirt import read_virtual_machine_instance  # only machines have it
    from kubectl_svc.workloads.lookup import Lookup

    workload = read_virtual_machine_instance(instance, Lookup(selects=False))
    if not workload.filters_ports:
        return []
    return [
        *((port.number, port.number, port.protocol) for port in workload.ports),
        *((each.first, each.last, each.protocol) for each in workload.port_ranges),
    ]
