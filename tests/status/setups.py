"""Set-ups on a real API server: workloads, Services and what stands beside them, and pods in any state.

There is no kubelet, no scheduler and no cloud: what these would report is written here in their words.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shlex
import subprocess
import time
from typing import TYPE_CHECKING, Any

from kubectl_svc.value import Value
from tests.svc import PROGRAM, run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tests.control_plane.cluster import Cluster

IMAGE = "registry.k8s.io/pause:3.10"
_THEN = "2026-11-23T10:00:00Z"
_SECONDS = 60
_POLL_SECONDS = 0.05
_NUMBERS = itertools.count(1)


class Seen(Value):
    """What the program said of a Service."""

    exit_code: int
    document: Mapping[str, Any]
    notes: str

    @property
    def codes(self) -> list[str]:
        """The codes of the diagnoses, in their order."""
        return [each["code"] for each in self.document["diagnoses"]]

    @property
    def commands(self) -> list[str]:
        """Everything that it says to type, in the order in which it says so, each once."""
        return list(dict.fromkeys(line for each in self.document["diagnoses"] for line in each["commands"]))


class Place:
    """Where a set-up is built: a namespace, a node of one's own, and labels that nobody else there has.

    `label` is the value of `app` of all that is made without other labels.
    """

    def __init__(self, cluster: Cluster, node: str, label: str, home: str, kubectl: str) -> None:
        self.cluster = cluster
        self.namespace = cluster.namespace
        self.node = node
        self.label = label
        self._home = home
        self._kubectl = kubectl
        self.stack = contextlib.ExitStack()
        """What is taken away after the test."""
        self.labels = {"app": label}

    # --- what is built

    def create(self, *manifests: Mapping[str, Any]) -> None:
        """Any objects, as kubectl makes them."""
        self.kubectl("create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests}))

    def pod(
        self,
        name: str = "",
        state: Mapping[str, Any] | None = None,
        *,
        labels: Mapping[str, str] | None = None,
        ports: Sequence[Mapping[str, Any]] = (),
        node: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        **spec: Any,
    ) -> str:
        """A pod in a state (ready where none is said), on the place's own node; its name."""
        name = name or self.label
        spec = {"containers": [container(ports=ports)], "nodeName": self.node if node is None else node, **spec}
        about = {"name": name, "labels": self.labels if labels is None else labels, **(metadata or {})}
        self.cluster.core.create_namespaced_pod(
            self.namespace, {"metadata": about, "spec": {key: value for key, value in spec.items() if value != ""}}
        )
        self.report(name, ready() if state is None else state)
        return name

    def report(self, pod: str, state: Mapping[str, Any]) -> None:
        """The pod's status, as its kubelet would report it."""
        if state:
            self.cluster.core.patch_namespaced_pod_status(pod, self.namespace, {"status": state})

    def bind(self, pod: str, node: str) -> None:
        """Gives the pod a node, as a scheduler does."""
        target = {"apiVersion": "v1", "kind": "Node", "name": node}
        self.cluster.core.create_namespaced_pod_binding(
            pod, self.namespace, {"metadata": {"name": pod}, "target": target}, _preload_content=False
        )

    def workload(
        self,
        kind: str = "Deployment",
        name: str = "",
        *,
        replicas: int | None = 1,
        labels: Mapping[str, str] | None = None,
        ports: Sequence[Mapping[str, Any]] = (),
        template: Mapping[str, Any] | None = None,
        **spec: Any,
    ) -> str:
        """A workload of apps/v1, whose controller really makes the pods; its name."""
        name = name or self.label
        labels = self.labels if labels is None else labels
        pod = {"containers": [container(ports=ports)], "nodeName": self.node, **(template or {})}
        count = {} if replicas is None or kind == "DaemonSet" else {"replicas": replicas}
        self.create(
            {
                "apiVersion": "apps/v1",
                "kind": kind,
                "metadata": {"name": name, "namespace": self.namespace},
                "spec": {
                    **count,
                    "selector": {"matchLabels": labels},
                    "template": {"metadata": {"labels": labels}, "spec": pod},
                    **spec,
                },
            }
        )
        return name

    def pods(self, count: int, state: Mapping[str, Any] | None = None, *, selector: str = "") -> list[str]:
        """The pods that controllers have made, once there are as many, brought into that state; their names."""

        def found() -> list[str]:
            listed = self.cluster.core.list_namespaced_pod(
                self.namespace, label_selector=selector or f"app={self.label}"
            ).items
            return sorted(each.metadata.name for each in listed if not each.metadata.deletion_timestamp)

        names: list[str] = eventually(found, lambda some: len(some) == count)
        for each in names:
            self.report(each, ready() if state is None else state)
        return names

    def service(self, name: str = "", ports: Any = 80, *, reaches: Collection[str] | None = (), **spec: Any) -> str:
        """A Service, once its EndpointSlices have just these pods ready; its name.

        `ports` are those of the spec, or one number. None of `reaches` waits for nothing: nobody makes slices for it.
        """
        name = name or self.label
        listed = [{"port": ports, "targetPort": 8080}] if isinstance(ports, int) else ports
        spec = {"selector": self.labels, **({"ports": listed} if listed else {}), **spec}
        metadata = spec.pop("metadata", {})
        body = {"metadata": {"name": name, **metadata}, "spec": {key: value for key, value in spec.items() if value}}
        self.cluster.core.create_namespaced_service(self.namespace, body)
        if reaches is not None and spec["selector"]:
            expected = sorted(reaches)
            assert self.cluster.endpoints(name, expected) == expected
        return name

    def slice(
        self, service: str, endpoints: Sequence[Mapping[str, Any]], ports: Sequence[Mapping[str, Any]], **more: Any
    ) -> str:
        """An EndpointSlice by hand; its name."""
        name = f"{service}-by-hand"
        self.create(
            {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {
                    "name": name,
                    "namespace": self.namespace,
                    "labels": {"kubernetes.io/service-name": service},
                },
                "addressType": "IPv4",
                "endpoints": endpoints,
                "ports": ports,
                **more,
            }
        )
        return name

    def event(
        self,
        kind: str,
        name: str,
        reason: str,
        message: str,
        *,
        normal: bool = False,
        **more: Any,
    ) -> None:
        """An event about an object of the namespace, as client-go's recorder writes it (tools/record/event.go)."""
        uid = json.loads(self.kubectl("get", kind, name, "-o", "json"))["metadata"]["uid"]
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.cluster.core.create_namespaced_event(
            self.namespace,
            {
                "metadata": {"name": f"{name}.{next(_NUMBERS):016x}"},
                "involvedObject": {
                    "apiVersion": "v1", "kind": kind, "name": name, "namespace": self.namespace, "uid": uid,
                },
                "reason": reason,
                "message": message,
                "type": "Normal" if normal else "Warning",
                "source": {"component": "of-the-tests"},
                "firstTimestamp": now,
                "lastTimestamp": now,
                "count": 1,
                **more,
            },
            _preload_content=False,
        )  # fmt: skip

    def policy(self, name: str = "", *, ingress: Sequence[Mapping[str, Any]] = (), **spec: Any) -> str:
        """A NetworkPolicy about the place's pods; its name."""
        name = name or self.label
        spec = {
            "podSelector": {"matchLabels": self.labels}, "policyTypes": ["Ingress"], "ingress": list(ingress), **spec
        }  # fmt: skip
        about = {"name": name, "namespace": self.namespace}
        self.create({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": about, "spec": spec})
        return name

    def service_status(self, name: str, **status: Any) -> None:
        """What a load balancer's controller reports."""
        self.cluster.core.patch_namespaced_service_status(name, self.namespace, {"status": status})

    def terminate(self, pod: str) -> None:
        """Deletes the pod, which stays for as long as its kubelet has not ended it."""
        self.cluster.core.delete_namespaced_pod(pod, self.namespace, grace_period_seconds=600)

    def other_node(self, name: str, *, is_ready: bool = True) -> str:
        """A node beside the place's own, which goes with it; its name."""
        return self.stack.enter_context(node(self.cluster, name, is_ready=is_ready))

    def other_namespace(self) -> str:
        """A namespace beside the place's own, which goes with it."""
        core = self.cluster.core
        name = core.create_namespace({"metadata": {"generateName": "kubectl-svc-test-"}}).metadata.name
        self.stack.callback(core.delete_namespace, name)
        return str(name)

    # --- what is asked

    def status(self, service: str, *words: str, kubeconfig: str = "") -> Seen:
        """What the program says of the Service."""
        command = [PROGRAM, "status", service, "-n", self.namespace, "-o", "json", *words]
        done = run(command, self._environ(kubeconfig))
        assert done.stdout, done.stderr
        return Seen(exit_code=done.returncode, document=json.loads(done.stdout), notes=done.stderr)

    def statuses(self) -> list[dict[str, Any]]:
        """What the program says of all Services of the namespace."""
        done = run([PROGRAM, "status", "-n", self.namespace, "-o", "json"], self._environ(""))
        assert done.stdout, done.stderr
        items: list[dict[str, Any]] = json.loads(done.stdout)["items"]
        return items

    def type_in(self, line: str) -> subprocess.CompletedProcess[str]:
        """Runs a command line that the program says to type."""
        words, stdin = shlex.split(line), None
        environ = {**self._environ(""), "KUBE_EDITOR": "true"}
        if words[0] == "echo":
            _, stdin, _, *words = words
        assert words[0] == "kubectl", line
        if words[1] == "svc":
            return run([PROGRAM, *words[2:]], environ)
        return subprocess.run(
            [self._kubectl, *words[1:]],
            input=stdin,
            env={**os.environ, **environ},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=_SECONDS,
        )

    def kubectl(self, *words: str, stdin: str | None = None) -> str:
        """What the real kubectl prints in the place's namespace."""
        return self.cluster.kubectl(f"--cache-dir={self._home}/kubectl", *words, stdin=stdin).stdout

    def _environ(self, kubeconfig: str) -> dict[str, str]:
        return {"HOME": self._home, "KUBECONFIG": kubeconfig or self.cluster.kubeconfig}


def eventually(look: Any, is_so: Any) -> Any:
    """What `look` gives once that is so, or after a minute: for what no watch tells."""
    deadline = time.monotonic() + _SECONDS
    while not is_so(found := look()) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return found


def container(name: str = "app", *, ports: Sequence[Mapping[str, Any]] = (), **more: Any) -> dict[str, Any]:
    """A container of a pod's spec."""
    return {"name": name, "image": IMAGE, "ports": list(ports), **more}


def named(name: str, number: int, protocol: str = "TCP") -> dict[str, Any]:
    """A port of a container."""
    return {"name": name, "containerPort": number, "protocol": protocol}


def addresses(*, v4: bool = True, v6: bool = True) -> dict[str, Any]:
    """Addresses that no other pod has."""
    number = next(_NUMBERS)
    found = [f"10.245.{number // 250 % 256}.{number % 250 + 1}"] * v4 + [f"fd00:10:245::{number:x}"] * v6
    return {"podIP": found[0], "podIPs": [{"ip": each} for each in found]}


def _conditions(**said: Any) -> list[dict[str, Any]]:
    """Conditions by their types: a word alone is their status, of several the second and third reason and message."""
    listed = []
    for kind, words in said.items():
        status, *why = words if isinstance(words, tuple) else (words,)
        reasons = dict(zip(("reason", "message"), why, strict=False))
        listed.append({"type": kind, "status": status, "lastTransitionTime": _THEN, **reasons})
    return listed


def _container_status(
    name: str, *, ready: bool = False, started: bool = False, restarts: int = 0, **states: Any
) -> Any:
    last = states.pop("last", None)
    return {
        "name": name, "image": IMAGE, "imageID": "", "ready": ready, "started": started, "restartCount": restarts,
        "state": states, **({"lastState": {"terminated": last}} if last else {}),
    }  # fmt: skip


def running(name: str = "app", *, ready: bool = True, started: bool = True) -> Any:
    """A container that runs."""
    return _container_status(name, ready=ready, started=started, running={"startedAt": _THEN})


def waiting(
    reason: str, message: str = "", *, name: str = "app", restarts: int = 0, last: tuple[str, int] | None = None
) -> Any:
    """A container that waits, and reason and exit code of how it ended the last time."""
    state = {"reason": reason, "message": message}
    return _container_status(name, restarts=restarts, last=last and _end(*last), waiting=state)


def terminated(
    reason: str, code: int, *, name: str = "app", restarts: int = 0, last: tuple[str, int] | None = None
) -> Any:
    """A container that has ended, and how it ended before."""
    return _container_status(name, restarts=restarts, last=last and _end(*last), terminated=_end(reason, code))


def _end(reason: str, code: int) -> dict[str, Any]:
    return {"reason": reason, "exitCode": code, "startedAt": _THEN, "finishedAt": _THEN}


def ready(*, v4: bool = True, v6: bool = True, **more: Any) -> dict[str, Any]:
    """The status of a pod that is ready."""
    return {
        "phase": "Running",
        **addresses(v4=v4, v6=v6),
        "conditions": _conditions(PodScheduled="True", Initialized="True", ContainersReady="True", Ready="True"),
        **more,
    }


def unready(*containers: Any, inits: Sequence[Any] = (), phase: str = "Running", **more: Any) -> dict[str, Any]:
    """The status of a pod on a node, with a container that is not ready."""
    names = " ".join(each["name"] for each in (*inits, *containers) if not each["ready"])
    why = ("False", "ContainersNotReady", f"containers with unready status: [{names}]")
    done = "False" if inits else "True"
    return {
        "phase": phase,
        **addresses(),
        "conditions": _conditions(PodScheduled="True", Initialized=done, ContainersReady=why, Ready=why),
        **({"initContainerStatuses": list(inits)} if inits else {}),
        **({"containerStatuses": list(containers)} if containers else {}),
        **more,
    }


def scheduled(status: str, reason: str = "", message: str = "") -> dict[str, Any]:
    """The status of a pod whose scheduler has said something of it."""
    return {"phase": "Pending", "conditions": _conditions(PodScheduled=(status, reason, message))}


def conditions(**said: Any) -> dict[str, Any]:
    """A status of conditions alone."""
    return {"conditions": _conditions(**said)}


def ended(phase: str, reason: str = "", message: str = "") -> dict[str, Any]:
    """The status of a pod that has come to its end."""
    return {"phase": phase, "reason": reason, "message": message, **addresses()}


@contextlib.contextmanager
def node(cluster: Cluster, name: str, *, is_ready: bool = True, address: str = "192.0.2.10") -> Iterator[str]:
    """A node that has reported, for as long as the context is open."""
    cluster.core.create_node({"metadata": {"name": name}})
    try:
        report_node(cluster, name, is_ready=is_ready, address=address)
        yield name
    finally:
        cluster.core.delete_node(name)


def report_node(cluster: Cluster, name: str, *, is_ready: bool | None, address: str = "") -> None:
    """What a kubelet or the node lifecycle controller says of a node; None takes it back."""
    said: list[dict[str, Any]] = [{"type": "Ready", "$patch": "delete"}]
    if is_ready is not None:
        why = ("KubeletReady", "kubelet is posting ready status")
        if not is_ready:
            why = ("NodeStatusUnknown", "Kubelet stopped posting node status.")
        said = [
            {
                "type": "Ready", "status": "True" if is_ready else "Unknown", "reason": why[0], "message": why[1],
                "lastHeartbeatTime": _THEN, "lastTransitionTime": _THEN,
            }
        ]  # fmt: skip
    where = {"addresses": [{"type": "InternalIP", "address": address}]} if address else {}
    cluster.core.patch_node_status(name, {"status": {"conditions": said, **where}})
