"""Why a pod is not ready: the first thing that keeps it, in the order in which a pod comes to life.

Source: core/v1 types.go (`PodConditionType`, `ContainerStateWaiting`), kubernetes pkg/kubelet/images/types.go and
pkg/kubelet/container/sync_result.go for the reasons of waiting containers.
"""

from __future__ import annotations

from kubectl_svc.golang import quote
from kubectl_svc.reachability.addresses import is_ready as is_node_ready
from kubectl_svc.reachability.model import (
    BROKEN,
    WARNING,
    Diagnosis,
    condition,
    is_true,
    metadata_of,
    name_of,
    one_line,
    spec_of,
    status_of,
)
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kubectl_svc.reachability.model import Manifest
    from kubectl_svc.reachability.view import View

_IMAGE = (
    "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError",
    "RegistryUnavailable", "SignatureValidationFailed",
)  # fmt: skip
_CONFIG = (
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "PreCreateHookError",
    "PostStartHookError",
)
_STARTING = ("ContainerCreating", "PodInitializing", "")
_OUT_OF_MEMORY = "OOMKilled"


class _Cause(Value):
    code: str
    text: str
    commands: tuple[str, ...]
    told_by: Callable[[Manifest], bool] | None = None
    """Which of the pod's events tells more. Nobody asks for those of every pod: there may be thousands."""


def not_ready(view: View) -> Iterator[Diagnosis]:
    """One diagnosis for each different cause, about the first of its pods.

    It breaks the Service where no pod is ready, and is a warning beside others that are.
    """
    counted = set(map(name_of, view.ready_pods))
    causes: dict[str, tuple[_Cause, list[Manifest]]] = {}
    for pod in sorted(view.live_pods, key=name_of):
        if is_true(pod, "Ready") or name_of(pod) in counted:
            continue
        cause = _cause(pod, view)
        causes.setdefault(cause.code, (cause, []))[1].append(pod)
    total = len(view.live_pods)
    for cause, pods in causes.values():
        count = "" if total == 1 else f"{len(pods)} of {total} pods: " if len(pods) > 1 else f"1 of {total} pods: "
        yield Diagnosis(
            code=cause.code,
            level=WARNING if view.is_served else BROKEN,
            message=f"{count}pod {quote(name_of(pods[0]))} is not ready: {cause.text}{_told(pods[0], cause, view)}",
            commands=cause.commands,
        )


def _told(pod: Manifest, cause: _Cause, view: View) -> str:
    """What the newest of the events says that tell more."""
    if cause.told_by is None:
        return ""
    events = view.scene.events("Pod", name_of(pod), str(metadata_of(pod).get("uid") or "")) or ()
    told = [one_line(event.get("message") or event.get("reason")) for event in events if cause.told_by(event)]
    return f": {told[-1]}" if told else ""


def _cause(pod: Manifest, view: View) -> _Cause:
    describe = view.kubectl("describe", "pod", name_of(pod))
    for find in (_unscheduled, _on_a_lost_node, _initializing, _not_running, _gated):
        found = find(pod, view)
        if found is not None:
            return found
    ready = condition(pod, "Ready") or {}
    said = one_line(ready.get("message") or ready.get("reason"))
    return _Cause(
        code="PodNotReady",
        text=said or ("nothing says why" if ready else "its node has not reported on it yet"),
        commands=(describe,),
    )


def _unscheduled(pod: Manifest, view: View) -> _Cause | None:
    scheduled = condition(pod, "PodScheduled")
    if spec_of(pod).get("nodeName") or (scheduled or {}).get("status") == "True":
        return None
    commands = (view.kubectl("describe", "pod", name_of(pod)), "kubectl get nodes")
    if scheduled is None:
        return _Cause(code="PodNotScheduled", text="no scheduler has given it a node yet", commands=commands)
    if scheduled.get("reason") == "SchedulingGated":
        gates = ", ".join(quote(gate.get("name") or "") for gate in spec_of(pod).get("schedulingGates") or ())
        return _Cause(
            code="PodSchedulingGated", text=f"its scheduling gates are closed: {gates}", commands=commands[:1]
        )
    said = one_line(scheduled.get("message") or scheduled.get("reason"))
    return _Cause(code="PodUnschedulable", text=f"no node takes it: {said}", commands=commands)


def _on_a_lost_node(pod: Manifest, view: View) -> _Cause | None:
    """What its containers last were is of no use there: nobody reports on them."""
    node_name, nodes = spec_of(pod).get("nodeName"), view.scene.nodes()
    if not node_name or nodes is None:
        return None
    node = next((node for node in nodes if name_of(node) == node_name), None)
    if node is None:
        return _Cause(
            code="NodeNotReady",
            text=f"its node {quote(str(node_name))} is not there any more",
            commands=("kubectl get nodes", view.kubectl("get", "pod", name_of(pod), "-o", "wide")),
        )
    if is_node_ready(node):
        return None
    said = one_line((condition(node, "Ready") or {}).get("message"))
    return _Cause(
        code="NodeNotReady",
        text=f"its node {quote(str(node_name))} is not ready" + (f": {said}" if said else ""),
        commands=(f"kubectl describe node {node_name}",),
    )


def _initializing(pod: Manifest, view: View) -> _Cause | None:
    """The first init container that is not done; one that keeps running is done when it has started."""
    specs = {each.get("name"): each for each in spec_of(pod).get("initContainers") or ()}
    for each in status_of(pod).get("initContainerStatuses") or ():
        state = each.get("state") or {}
        sidecar = (specs.get(each.get("name")) or {}).get("restartPolicy") == "Always"
        ended = state.get("terminated")
        if (ended and not ended.get("exitCode")) or (sidecar and each.get("started")):
            continue
        found = _waiting(pod, view, each) or _ended(pod, view, each)
        if found is not None:
            return found.but(text=f"init {found.text}")
        if sidecar and state.get("running") is not None:
            return _unready(pod, view, each)
        if state.get("running") is not None:
            return _Cause(
                code="InitContainerRunning",
                text=f"init container {quote(each.get('name') or '')} has not finished",
                commands=(view.kubectl("logs", name_of(pod), "-c", each.get("name") or ""),),
            )
    return None


def _not_running(pod: Manifest, view: View) -> _Cause | None:
    """The first container that waits, has ended, or runs and is not ready; one that waits in vain before all others."""
    statuses = [
        each for each in (*_sidecars(pod), *(status_of(pod).get("containerStatuses") or ())) if not each.get("ready")
    ]
    for find in (_waiting, _ended, _unready):
        for each in statuses:
            found = find(pod, view, each)
            if found is not None:
                return found
    starting = next((each for each in statuses if (each.get("state") or {}).get("waiting") is not None), None)
    if starting is not None:
        return _starting(pod, view, starting)
    return None


def _sidecars(pod: Manifest) -> Iterator[Manifest]:
    """The statuses of the init containers that keep running: the pod is ready only when they are."""
    kept = {
        each.get("name") for each in spec_of(pod).get("initContainers") or () if each.get("restartPolicy") == "Always"
    }
    return (each for each in status_of(pod).get("initContainerStatuses") or () if each.get("name") in kept)


def _waiting(pod: Manifest, view: View, status: Manifest) -> _Cause | None:
    waiting = (status.get("state") or {}).get("waiting")
    if waiting is None or (waiting.get("reason") or "") in _STARTING:
        return None
    reason, name = waiting.get("reason") or "", status.get("name") or ""
    said = one_line(waiting.get("message"))
    text = f"container {quote(name)} waits: {reason}" + (f", {said}" if said else "")
    describe = view.kubectl("describe", "pod", name_of(pod))
    if reason == "CrashLoopBackOff":
        return _crashing(pod, view, status)
    if reason in _IMAGE:
        image = f"image {quote(status.get('image') or _image(pod, name))}"
        text = f"container {quote(name)} has no image, {image}: {reason}" + (f", {said}" if said else "")
        return _Cause(code="ImageNotPulled", text=text, commands=(describe,))
    return _Cause(
        code="ContainerConfigInvalid" if reason in _CONFIG else "ContainerWaiting", text=text, commands=(describe,)
    )


def _crashing(pod: Manifest, view: View, status: Manifest) -> _Cause:
    now = (status.get("state") or {}).get("terminated")
    last = now or (status.get("lastState") or {}).get("terminated") or {}
    name = status.get("name") or ""
    logs = view.kubectl("logs", name_of(pod), "-c", name, *(() if now else ("--previous",)))
    count = status.get("restartCount") or 0
    restarts = f"{count} restart{'' if count == 1 else 's'}"
    how = f"{last.get('reason') or 'it ended'}, exit code {last.get('exitCode') or 0}" if last else "it ended"
    text = f"container {quote(name)} ends again and again ({restarts}): {how}"
    if last.get("reason") == _OUT_OF_MEMORY:
        return _Cause(
            code="ContainerOutOfMemory", text=text, commands=(view.kubectl("describe", "pod", name_of(pod)), logs)
        )
    return _Cause(code="ContainerCrashes", text=text, commands=(logs,))


def _ended(pod: Manifest, view: View, status: Manifest) -> _Cause | None:
    if (status.get("state") or {}).get("terminated") is None:
        return None
    if status.get("restartCount") or (status["state"]["terminated"].get("reason") == _OUT_OF_MEMORY):
        return _crashing(pod, view, status)
    ended, name = status["state"]["terminated"], status.get("name") or ""
    how = f"{ended.get('reason') or 'ended'}, exit code {ended.get('exitCode') or 0}"
    return _Cause(
        code="ContainerEnded",
        text=f"container {quote(name)} has ended: {how}",
        commands=(view.kubectl("logs", name_of(pod), "-c", name),),
    )


def _unready(pod: Manifest, view: View, status: Manifest) -> _Cause | None:
    """A container that runs: its probe says no, and only an event tells why. Without a probe it is nobody's fault."""
    if (status.get("state") or {}).get("running") is None:
        return None
    name = str(status.get("name") or "")
    probe = "startup" if status.get("started") is False else "readiness"
    if not _container(pod, name).get(f"{probe}Probe"):
        return None

    def tells(event: Manifest) -> bool:
        path = (event.get("involvedObject") or {}).get("fieldPath") or ""
        of_this = not path or path.endswith(f"{{{name}}}")
        said = str(event.get("message") or "").lower()
        return event.get("reason") in ("Unhealthy", "ProbeWarning") and of_this and said.startswith(probe)

    return _Cause(
        code="StartupProbeFails" if probe == "startup" else "ReadinessProbeFails",
        text=f"container {quote(name)} runs, and its {probe} probe does not succeed",
        commands=(
            view.kubectl("describe", "pod", name_of(pod)),
            view.kubectl("logs", name_of(pod), "-c", name),
        ),
        told_by=tells,
    )


def _starting(pod: Manifest, view: View, status: Manifest) -> _Cause:
    """Nothing has gone wrong yet that the pod itself tells; a volume that cannot be mounted is only in an event."""
    return _Cause(
        code="ContainerCreating",
        text=f"container {quote(status.get('name') or '')} is being created",
        commands=(view.kubectl("describe", "pod", name_of(pod)),),
        told_by=_keeps_from_starting,
    )


def _keeps_from_starting(event: Manifest) -> bool:
    """Whether a kubelet says it, or what mounts volumes: that no node took the pod is over."""
    reason = str(event.get("reason") or "")
    return reason.startswith("Failed") and reason not in ("FailedScheduling", "FailedBinding")


def _gated(pod: Manifest, view: View) -> _Cause | None:
    """All containers are ready, and another controller has to say that the pod is."""
    closed = [
        kind
        for gate in spec_of(pod).get("readinessGates") or ()
        if (kind := gate.get("conditionType") or "") and not is_true(pod, kind)
    ]
    if not closed:
        return None
    gates = ", ".join(_gate(pod, kind) for kind in closed)
    return _Cause(
        code="ReadinessGateClosed",
        text=f"its readiness gates are not met: {gates}",
        commands=(view.kubectl("describe", "pod", name_of(pod)),),
    )


def _gate(pod: Manifest, kind: str) -> str:
    found = condition(pod, kind)
    said = one_line((found or {}).get("message") or (found or {}).get("reason"))
    return (
        f"{quote(kind)} is "
        + ("not reported" if found is None else found.get("status") or "")
        + (said and f" ({said})")
    )


def _image(pod: Manifest, container: str) -> str:
    return str(_container(pod, container).get("image") or "")


def _container(pod: Manifest, name: str) -> Manifest:
    """The container's part of the pod's spec; empty where it has none of that name."""
    containers = (*(spec_of(pod).get("containers") or ()), *(spec_of(pod).get("initContainers") or ()))
    return next((each for each in containers if each.get("name") == name), {})
