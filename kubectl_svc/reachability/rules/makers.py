"""What makes the pods of a Service, and why it makes none."""

from __future__ import annotations

from kubectl_svc.golang import quote
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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.reachability.model import Manifest
    from kubectl_svc.reachability.view import View

POD_NAME = "statefulset.kubernetes.io/pod-name"


def one_pod_not_made(view: View) -> Iterator[Diagnosis]:
    """One pod of a StatefulSet is meant, and it is not there."""
    name = view.selector.get(POD_NAME)
    if not name:
        return
    owner = name.rpartition("-")[0]
    why = _refusal(view, "StatefulSet", owner, "")
    message = f"pod {quote(name)} is not there: StatefulSet {quote(owner)} "
    message += f"cannot make its pods: {why}" if why else "makes its pods one after the other, or is to have fewer"
    commands = (view.kubectl("get", "pods"), view.kubectl("describe", "statefulset", owner))
    yield Diagnosis(code="PodsNotCreated", message=message, commands=commands)


def no_pods_made(view: View) -> Iterator[Diagnosis]:
    """Workloads whose pods would have the labels, and that have none: those first that are meant to have some."""
    for workload in sorted(view.scene.workloads() or (), key=_order):
        yield _why_none(view, workload)


def _order(workload: Manifest) -> tuple[bool, bool]:
    return is_at_zero(workload), not is_true(workload, "ReplicaFailure")


def is_at_zero(workload: Manifest) -> bool:
    """Whether it is meant to have no pods: none takes the place of one that goes."""
    return spec_of(workload).get("replicas") == 0


def _why_none(view: View, workload: Manifest) -> Diagnosis:
    maker, target = title(workload), f"{workload['kind'].lower()}/{name_of(workload)}"
    describe = view.kubectl("describe", target)
    if is_at_zero(workload):
        return scaled_to_zero(view, workload)
    if spec_of(workload).get("paused"):
        resume = view.kubectl("rollout", "resume", target)
        return Diagnosis(code="PodsNotCreated", message=f"{maker} is paused, and has made no pod", commands=(resume,))
    if workload["kind"] == "DaemonSet" and status_of(workload).get("desiredNumberScheduled") == 0:
        message = f"{maker} is for none of the nodes there are"
        return Diagnosis(code="PodsNotCreated", message=message, commands=(describe, "kubectl get nodes --show-labels"))
    why = one_line((condition(workload, "ReplicaFailure") or {}).get("message"))
    why = why or _refusal(view, workload["kind"], name_of(workload), str(metadata_of(workload).get("uid") or ""))
    message = f"{maker} cannot make its pods: {why}" if why else f"{maker} has made no pod yet"
    return Diagnosis(code="PodsNotCreated", message=message, commands=(describe, view.kubectl("get", "events")))


def _refusal(view: View, kind: str, name: str, uid: str) -> str:
    """The newest reason why pods could not be made: of a StatefulSet and a DaemonSet only events tell."""
    events = view.scene.events(kind, name, uid) or ()
    return next(
        (one_line(each.get("message")) for each in reversed(events) if each.get("reason") == "FailedCreate"), ""
    )


def scaled_to_zero(view: View, workload: Manifest) -> Diagnosis:
    """That it is meant to have no pods."""
    return Diagnosis(
        code="ScaledToZero",
        message=f"{title(workload)} is scaled to 0, so that there are no pods",
        commands=(view.kubectl("scale", f"{workload['kind'].lower()}/{name_of(workload)}", "--replicas=1"),),
    )


def find_maker(view: View, pod: Manifest) -> Manifest | None:
    """The workload that made a pod, by way of a Deployment's ReplicaSet too; None where it is not seen."""
    owners = [each for each in metadata_of(pod).get("ownerReferences") or () if each.get("controller")]
    for owner in owners:
        kind, name = owner.get("kind") or "", owner.get("name") or ""
        for workload in view.scene.workloads() or ():
            of_set = kind == "ReplicaSet" and workload["kind"] == "Deployment" and name.rpartition("-")[0]
            if (workload["kind"], name_of(workload)) in ((kind, name), ("Deployment", of_set)):
                return workload
    return None


def title(workload: Manifest) -> str:
    """`Deployment "web"`."""
    return f"{workload['kind']} {quote(name_of(workload))}"
