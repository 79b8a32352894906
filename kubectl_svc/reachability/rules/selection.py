"""Why no pod is behind a Service: nothing is selected, or nothing that lives."""

from __future__ import annotations

from kubectl_svc.golang import listed, quote
from kubectl_svc.reachability.endpoints import serves
from kubectl_svc.reachability.model import (
    Diagnosis,
    metadata_of,
    name_of,
    one_line,
    status_of,
)
from kubectl_svc.reachability.rules import makers
from kubectl_svc.reachability.rules.near_labels import IDENTITIES, find_lacking, find_near
from kubectl_svc.reachability.view import is_finished

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kubectl_svc.reachability.model import Manifest
    from kubectl_svc.reachability.view import View

_LABEL_VM = ("vmi.kubevirt.io/id", "vm.kubevirt.io/name", "kubevirt.io/domain")


def has_no_selector(view: View) -> Iterator[Diagnosis]:
    """Without a selector nobody makes the EndpointSlices."""
    if view.selector or view.slices is None:
        return
    if not view.slices:
        yield Diagnosis(
            code="NoSelector",
            message="it has no selector, and no EndpointSlice with the label "
            f"kubernetes.io/service-name={view.name} says where it leads",
            commands=(
                view.kubectl("get", "pods", "--show-labels"),
                view.kubectl("set", "selector", "service", view.name, "KEY=VALUE"),
            ),
        )
    elif not any(serves(view.service, each) for each in view.slices):
        names = listed(sorted(map(name_of, view.slices)))
        others = " and ".join(sorted({str(each.get("addressType")) for each in view.slices}))
        yield Diagnosis(
            code="AddressFamilyMismatch",
            message=f"it has addresses of {' and '.join(view.spec.get('ipFamilies') or ('no family',))}, "
            f"the EndpointSlice {names} of {others} only",
            commands=(
                *((view.patch('{"ipFamilyPolicy":"PreferDualStack"}'),) if _may_have_more(view) else ()),
                view.kubectl("get", "endpointslices", "-l", f"kubernetes.io/service-name={view.name}"),
            ),
        )
    elif not view.ready_endpoints:
        names = listed(sorted(name_of(each) for each in view.slices))
        yield Diagnosis(
            code="EndpointsNotReady",
            message=f"no endpoint of the EndpointSlice {names} is ready; it has no selector, so that whoever made the "
            "slice has to keep it",
            commands=(
                view.kubectl("get", "endpointslices", "-l", f"kubernetes.io/service-name={view.name}", "-o", "yaml"),
            ),
        )
    else:
        missing = [port.called for port in view.ports if not port.ready]
        yield Diagnosis(
            code="EndpointPortsDiffer",
            message=f"no EndpointSlice has the port {listed(missing)} by its name and protocol",
            commands=(
                view.kubectl("get", "endpointslices", "-l", f"kubernetes.io/service-name={view.name}", "-o", "yaml"),
            ),
        )


def _may_have_more(view: View) -> bool:
    """Whether another family would help: the slices are of one, and the Service has not asked for it."""
    families = {each.get("addressType") for each in view.slices or ()}
    return not families.isdisjoint(("IPv4", "IPv6")) and view.spec.get("ipFamilyPolicy") in (None, "", "SingleStack")


def selects_nothing(view: View) -> Iterator[Diagnosis]:
    """No pod has the labels: its maker makes none, or a label is another one."""
    if not view.selector or view.pods is None or view.pods:
        return
    yield from _first(
        _stopped_machine(view),
        makers.one_pod_not_made(view),
        makers.no_pods_made(view),
        _another_label(view),
        _another_namespace(view),
    )


def _first(*causes: Iterator[Diagnosis]) -> Iterator[Diagnosis]:
    for cause in causes:
        found = next(cause, None)
        if found:
            yield found
            return


def called(labels: Iterable[tuple[str, str]]) -> str:
    """`app=web,tier=front`."""
    return ",".join(f"{key}={value}" for key, value in labels)


def _stopped_machine(view: View) -> Iterator[Diagnosis]:
    name = next((view.selector[key] for key in _LABEL_VM if key in view.selector), "")
    machine = view.scene.machine(name) if name else None
    if machine is None:
        return
    state = status_of(machine).get("printableStatus") or "Stopped"
    if state != "Running":
        yield Diagnosis(
            code="MachineNotRunning",
            message=f"VirtualMachine {quote(name)} is not running: {state}",
            commands=(
                *((f"virtctl start {name} -n {view.namespace}",) if state == "Stopped" else ()),
                view.kubectl("describe", "virtualmachine", name),
            ),
        )


def _another_label(view: View) -> Iterator[Diagnosis]:
    """The pods that come nearest, and what they are labelled instead."""
    labels = view.scene.pod_labels()
    show = view.kubectl("get", "pods", "--show-labels")
    said = f"the selector {called(view.selector.items())} matches"
    if labels is None:
        yield Diagnosis(code="SelectorMatchesNothing", message=f"{said} no pod", commands=(show,))
        return
    none = "not the only pod" if len(labels) == 1 else f"none of the {len(labels)} pods"
    said = f"{said} {none} of namespace {view.namespace}"
    near = find_near(view.selector, labels.values())
    if near is not None:
        # The whole selector, because kubectl replaces it.
        instead = {**dict(pair for pair in view.selector.items() if pair != near.wrong), near.right[0]: near.right[1]}
        mend = view.kubectl("set", "selector", "service", view.name, f"'{called(instead.items())}'")
        yield Diagnosis(
            code="SelectorMatchesNothing",
            message=f"{said}: it says {called([near.wrong])}, {_pods_have(near.count)} {called([near.right])}",
            # Pods of another workload may have the other labels too: only what looks the same is meant.
            commands=(mend, show) if near.is_alike else (show,),
        )
    elif not _namespaces_of_pods(view):
        yield _no_likeness(view, said, labels)


def _no_likeness(view: View, said: str, labels: Mapping[str, Mapping[str, str]]) -> Diagnosis:
    show = view.kubectl("get", "pods", "--show-labels")
    if not labels:
        said = f"the selector {called(view.selector.items())} matches no pod: namespace {view.namespace} has none"
        show = view.kubectl("get", "all")
    lacking = find_lacking(view.selector, labels.values())
    if lacking is not None:
        said += f": {_pods_have(lacking.count)} {called(lacking.has)}, and not {called(lacking.lacks)}"
    return Diagnosis(code="SelectorMatchesNothing", message=said, commands=(show,))


def _pods_have(count: int) -> str:
    return "1 pod has" if count == 1 else f"{count} pods have"


def _namespaces_of_pods(view: View) -> Sequence[str]:
    """Where else there are pods with these labels; one object's pods have namesakes anywhere."""
    if not view.selector.keys().isdisjoint(IDENTITIES):
        return ()
    return view.scene.namespaces_of_pods() or ()


def _another_namespace(view: View) -> Iterator[Diagnosis]:
    elsewhere, labels = _namespaces_of_pods(view), called(view.selector.items())
    if elsewhere:
        yield Diagnosis(
            code="PodsInAnotherNamespace",
            message=f"the selector {labels} matches no pod of namespace {view.namespace}; pods with these labels are "
            f"in {listed(sorted(elsewhere))}, and a Service selects those of its own namespace only",
            commands=(f"kubectl get pods -l '{labels}' -n {min(elsewhere)} --show-labels",),
        )


def hides_its_pods(view: View) -> Iterator[Diagnosis]:
    """Nothing is behind it, and what would tell why may not be listed."""
    if view.pods is None:
        missing = ", ".join(port.called for port in view.ports if not port.ready)
        none = f"no endpoint that is ready has {missing}" if view.ready_endpoints else "no endpoint of it is ready"
        yield Diagnosis(
            code="NoReadyEndpoint",
            message=f"{none}; why, its pods would tell, which may not be listed",
            commands=(view.kubectl("get", "endpointslices", "-l", f"kubernetes.io/service-name={view.name}"),),
        )


def selects_what_has_ended(view: View) -> Iterator[Diagnosis]:
    """All the pods that are selected have run to their end, or are on their way out."""
    if not view.pods or view.live_pods:
        return
    labels = f"'{called(view.selector.items())}'"
    pods = view.kubectl("get", "pods", "-l", labels)
    leaving = [pod for pod in view.pods if not is_finished(pod)]
    if leaving:
        yield _terminating(view, leaving, pods)
        return
    first = view.pods[0]
    reason = one_line(status_of(first).get("reason") or status_of(first).get("phase"))
    yield Diagnosis(
        code="PodsFinished",
        message=f"all its pods have come to their end ({_some(view.pods)}: {reason}), and such pods are no endpoints",
        commands=(pods, view.kubectl("describe", "pod", name_of(first))),
    )


def _terminating(view: View, leaving: Sequence[Manifest], pods: str) -> Diagnosis:
    found = [makers.find_maker(view, pod) for pod in leaving]
    known = [maker for maker in found if maker is not None]
    if known and len(known) == len(found) and all(map(makers.is_at_zero, known)):
        return makers.scaled_to_zero(view, known[0])
    until = max(str(metadata_of(pod).get("deletionTimestamp")) for pod in leaving)
    following = next((maker for maker in known if not makers.is_at_zero(maker)), None)
    after = f"; {makers.title(following)} makes others" if following else ", and there is no other"
    serving = any(one.serving for one in view.endpoints)
    still = "; until then those that still serve get the traffic" if serving else ""
    return Diagnosis(
        code="TerminatingOnly",
        message=f"all its pods are terminating ({_some(leaving)}), to be gone by {until}{after}{still}",
        commands=(pods, view.kubectl("describe", "pod", name_of(leaving[0]))),
    )


def _some(pods: Iterable[Manifest]) -> str:
    names = sorted(map(name_of, pods))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
