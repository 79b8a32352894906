"""What a scheduler and a kubelet would do to pods, where there is neither: nodes on paper, pods ready at once."""

from __future__ import annotations

import datetime as dt
import http
import itertools
import time

from kubernetes.client.exceptions import ApiException

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_NODE = "kubectl-svc-test"
_POLL_SECONDS = 0.05
_ADDRESSES = itertools.count(1)


def make_pods_ready(core: Any, namespace: str, *, count: int, selector: str, seconds: float) -> list[str]:
    """Binds the namespace's pods that `selector` selects to a node and reports them ready; their names, sorted.

    `core` is an official CoreV1Api. Pods that their controller makes one after the other are met as they come. Raises
    TimeoutError when fewer than `count` are ready after `seconds`.
    """
    _ensure_node(core)

    def act(pod: Any) -> None:
        if not is_ready(pod):
            _bind(core, pod)
            _report_ready(core, pod)

    return wait_for_ready_pods(core, namespace, count=count, selector=selector, seconds=seconds, act=act)


def wait_for_ready_pods(
    core: Any,
    namespace: str,
    *,
    count: int,
    selector: str,
    seconds: float,
    act: Callable[[Any], None] = lambda _: None,
) -> list[str]:
    """The names of the ready pods once there are `count`; `act` sees every pod in each round. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        pods = core.list_namespaced_pod(namespace, label_selector=selector).items
        ready = sorted(pod.metadata.name for pod in pods if is_ready(pod))
        if len(ready) >= count:
            return ready
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(ready)} of {count} pods in {namespace} are ready after {seconds:g} s")
        for pod in pods:
            act(pod)
        time.sleep(_POLL_SECONDS)


def is_ready(pod: Any) -> bool:
    """Whether the pod's condition Ready is True."""
    return any(each.type == "Ready" and each.status == "True" for each in pod.status.conditions or ())


def _ensure_node(core: Any) -> None:
    """The endpointslice controller refuses pods whose node is not there."""
    try:
        core.create_node({"metadata": {"name": _NODE}})
    except ApiException as error:
        if error.status != http.HTTPStatus.CONFLICT:
            raise


def _bind(core: Any, pod: Any) -> None:
    if pod.spec.node_name:
        return
    core.create_namespaced_pod_binding(
        pod.metadata.name,
        pod.metadata.namespace,
        {"metadata": {"name": pod.metadata.name}, "target": {"apiVersion": "v1", "kind": "Node", "name": _NODE}},
        _preload_content=False,  # the answer is a Status, which the client insists on reading as a Binding
    )


def _report_ready(core: Any, pod: Any) -> None:
    number = next(_ADDRESSES)
    addresses = [f"10.244.{number // 250 % 256}.{number % 250 + 1}", f"fd00:10:244::{number:x}"]
    now = dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = {
        "phase": "Running",
        "startTime": now,
        "podIP": addresses[0],
        "podIPs": [{"ip": address} for address in addresses],
        "conditions": [
            {"type": kind, "status": "True", "lastTransitionTime": now}
            for kind in ("PodScheduled", "Initialized", "ContainersReady", "Ready")
        ],
    }
    core.patch_namespaced_pod_status(pod.metadata.name, pod.metadata.namespace, {"status": status})
