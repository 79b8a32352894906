"""Why no pod is behind a Service: nothing is selected, or nothing that lives."""

from __future__ import annotations

from kubectl_svc.golang import listed, quote
from kubectl_svc.reachability.endpoints import serves
from kubectl_svc.reachability.model import (
    Diagnosis,
    condition,
    is_true,
    metadata_of,
    name_of,
    one_line,
    spec_of,
    status_of,
)
from kubectl_svc.reachability.view import is_finished

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kubectl_svc.reachability.model import Manifest
    from kubectl_svc.reachability.view import View

_LIKENESS = 0.6  # of difflib; `wbe` and `web` have 0.67
_POD_NAME = "statefulset.kubernetes.io/pod-name"
# What tells one object's pods from all others: that another pod has another one is no mistake.
_IDENTITIES = (
    _POD_NAME, "apps.kubernetes.io/pod-index", "batch.kubernetes.io/job-name", "batch.kubernetes.io/controller-uid",
    "job-name", "controller-uid", "pod-template-hash", "controller-revision-hash", "kubevirt.io/created-by",
)  # fmt: skip
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
            message=f"it has addresses of {' and '.join(view.spec['ipFamilies'])}, "
            f"the EndpointSlice {names} of {others} only",
            commands=(
                view.patch('{"ipFamilyPolicy":"PreferDualStack"}'),
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


def selects_nothing(view: View) -> Iterator[Diagnosis]:
    """No pod has the labels: its maker makes none, or a label is another one."""
    if not view.selector or view.pods is None or view.pods:
        return
    yield from _first(
        _stopped_machine(view), _pod_not_made(view), _no_pods_made(view), _another_label(view), _another_namespace(view)
    )


def _first(*causes: Iterator[Diagnosis]) -> Iterator[Diagnosis]:
    for cause in causes:
        found = next(cause, None)
        if found:
            yield found
            return


def _called(selector: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in selector.items())


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


def _pod_not_made(view: View) -> Iterator[Diagnosis]:
    """One pod of a StatefulSet is meant, which makes them one after the other."""
    name = view.selector.get(_POD_NAME)
    if name:
        owner = name.rpartition("-")[0]
        yield Diagnosis(
            code="PodsNotCreated",
            message=f"pod {quote(name)} is not there; StatefulSet {quote(owner)} makes one pod after the other",
            commands=(view.kubectl("get", "pods"), view.kubectl("describe", "statefulset", owner)),
        )


def _no_pods_made(view: View) -> Iterator[Diagnosis]:
    """A workload whose pods would have the labels, and that has none."""
    # One that fails before one that is meant to have none.
    for workload in sorted(view.scene.workloads() or (), key=lambda each: not is_true(each, "ReplicaFailure")):
        called = f"{workload['kind']} {quote(name_of(workload))}"
        target = f"{workload['kind'].lower()}/{name_of(workload)}"
        if spec_of(workload).get("replicas") == 0:
            yield Diagnosis(
                code="ScaledToZero",
                message=f"{called} is scaled to 0, so that there are no pods",
                commands=(view.kubectl("scale", target, "--replicas=1"),),
            )
        elif is_true(workload, "ReplicaFailure"):
            reason = one_line((condition(workload, "ReplicaFailure") or {}).get("message"))
            yield Diagnosis(
                code="PodsNotCreated",
                message=f"{called} cannot make its pods: {reason}",
                commands=(view.kubectl("describe", target),),
            )
        else:
            uid = str(metadata_of(workload).get("uid") or "")
            failed = [
                one_line(event.get("message"))
                for event in view.scene.events(workload["kind"], name_of(workload), uid) or ()
                if event.get("reason") == "FailedCreate"  # of a StatefulSet and a DaemonSet no condition tells
            ]
            yield Diagnosis(
                code="PodsNotCreated",
                message=f"{called} cannot make its pods: {failed[-1]}" if failed else f"{called} has made no pod yet",
                commands=(view.kubectl("describe", target), view.kubectl("get", "events")),
            )


def _another_label(view: View) -> Iterator[Diagnosis]:
    """The pods that come nearest, and what they are labelled instead."""
    labels = view.scene.pod_labels()
    if labels is None:
        message = f"the selector {_called(view.selector)} matches no pod"
        commands = (view.kubectl("get", "pods", "--show-labels"),)
        yield Diagnosis(code="SelectorMatchesNothing", message=message, commands=commands)
        return
    none = "not the 1 pod" if len(labels) == 1 else f"none of the {len(labels)} pods"
    common = f"the selector {_called(view.selector)} matches {none} of namespace {view.namespace}"
    show = view.kubectl("get", "pods", "--show-labels")
    if not labels:
        if not view.scene.namespaces_of_pods():
            message = f"the selector {_called(view.selector)} matches no pod: namespace {view.namespace} has none"
            yield Diagnosis(code="SelectorMatchesNothing", message=message, commands=(view.kubectl("get", "all"),))
        return
    best = _nearest(view.selector, labels)
    if best is None:
        if not view.scene.namespaces_of_pods():
            yield Diagnosis(code="SelectorMatchesNothing", message=common, commands=(show,))
        return
    wrong, right, count = best
    pods = "1 pod has" if count == 1 else f"{count} pods have"
    # The whole selector, because kubectl replaces it.
    instead = {**{key: value for key, value in view.selector.items() if key != wrong[0]}, right[0]: right[1]}
    mend = view.kubectl("set", "selector", "service", view.name, f"'{_called(instead)}'")
    yield Diagnosis(
        code="SelectorMatchesNothing",
        message=f"{common}: it says {wrong[0]}={wrong[1]}, {pods} {right[0]}={right[1]}",
        # Pods of another workload may have the other labels too: only what looks the same is meant.
        commands=(mend, show) if _is_alike(wrong, right) else (show,),
    )


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # only a Service without pods needs it

    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _is_alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether one label looks like the other, apart from what is the same in both."""
    return all(a == b or _likeness(a, b) >= _LIKENESS for a, b in zip(one, other, strict=True))


def _nearest(
    selector: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, str], tuple[str, str], int] | None:
    """The label that keeps the selector from most pods, what those have instead, and how many they are."""
    counted: dict[tuple[tuple[str, str], tuple[str, str]], int] = {}
    for own in labels.values():
        unmet = [(key, value) for key, value in selector.items() if own.get(key) != value]
        if len(unmet) != 1:
            continue
        key, value = unmet[0]
        if key in (*_IDENTITIES, *_LABEL_VM):
            continue
        others = [pair for pair in own.items() if pair not in selector.items()]
        # With other labels that match, the one is the culprit, whatever it is; alone it has to look like it.
        near = [pair for pair in others if pair[0] == key]
        if len(selector) == 1:
            near = [pair for pair in near if _likeness(pair[1], value) >= _LIKENESS]
        near += [pair for pair in others if pair[1] == value and _likeness(pair[0], key) >= _LIKENESS]
        if near:
            pair = max(near, key=lambda each: _likeness("=".join(each), f"{key}={value}"))
            counted[(key, value), pair] = counted.get(((key, value), pair), 0) + 1
    if not counted:
        return None

    def rank(each: tuple[tuple[str, str], tuple[str, str]]) -> tuple[float, int]:
        return _likeness("=".join(each[0]), "=".join(each[1])), counted[each]

    wrong, right = max(counted, key=rank)
    return wrong, right, counted[wrong, right]


def _another_namespace(view: View) -> Iterator[Diagnosis]:
    elsewhere = view.scene.namespaces_of_pods()
    if elsewhere:
        yield Diagnosis(
            code="PodsInAnotherNamespace",
            message=f"the selector {_called(view.selector)} matches no pod of namespace {view.namespace}; pods with "
            f"these labels are in {listed(sorted(elsewhere))}, and a Service selects those of its own namespace only",
            commands=(f"kubectl get pods -l '{_called(view.selector)}' -n {min(elsewhere)} --show-labels",),
        )


def selects_what_has_ended(view: View) -> Iterator[Diagnosis]:
    """All the pods that are selected have run to their end, or are on their way out."""
    if not view.pods or view.live_pods:
        return
    labels = f"'{_called(view.selector)}'"
    pods = view.kubectl("get", "pods", "-l", labels)
    leaving = [pod for pod in view.pods if not is_finished(pod)]
    if leaving:
        names = _some(leaving)
        since = min(str(metadata_of(pod).get("deletionTimestamp")) for pod in leaving)
        yield Diagnosis(
            code="TerminatingOnly",
            message=f"all its pods are terminating ({names}), since {since}, and no other has taken their place",
            commands=(pods, view.kubectl("describe", "pod", name_of(leaving[0]))),
        )
        return
    first = view.pods[0]
    reason = one_line(status_of(first).get("reason") or status_of(first).get("phase"))
    yield Diagnosis(
        code="PodsFinished",
        message=f"all its pods have come to their end ({_some(view.pods)}: {reason}), and such pods are no endpoints",
        commands=(pods, view.kubectl("describe", "pod", name_of(first))),
    )


def _some(pods: Iterable[Manifest]) -> str:
    names = sorted(map(name_of, pods))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
