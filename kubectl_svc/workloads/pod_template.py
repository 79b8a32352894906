"""Workloads that are, or hold, a pod template: Pod, ReplicationController, Deployment, ReplicaSet, StatefulSet.

Source of the rules: kubectl pkg/polymorphichelpers (mapbasedselectorforobject.go, portsforobject.go,
multiprotocolsforobject.go).
"""

from __future__ import annotations

from kubectl_svc.workloads.model import Workload, WorkloadPort, described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any


def read_pod(manifest: Mapping[str, Any]) -> Workload:
    """A Pod: its own labels select it."""
    labels = (manifest.get("metadata") or {}).get("labels") or {}
    no_selector = "" if labels else "the pod has no labels and cannot be exposed"
    return _workload(manifest, pod=manifest, selector=labels, no_selector=no_selector)


def read_replication_controller(manifest: Mapping[str, Any]) -> Workload:
    """A ReplicationController: its selector is a plain map."""
    return _workload(manifest, selector=_spec(manifest).get("selector") or {})


def read_deployment(manifest: Mapping[str, Any]) -> Workload:
    """A Deployment of the apps group."""
    return _read_labelled(manifest, "Deployment")


def read_replica_set(manifest: Mapping[str, Any]) -> Workload:
    """A ReplicaSet of the apps group."""
    return _read_labelled(manifest, "ReplicaSet")


def read_stateful_set(manifest: Mapping[str, Any]) -> Workload:
    """A StatefulSet of the apps group: its pods are called by their ordinals (apps/v1 `StatefulSetSpec`)."""
    spec = _spec(manifest)
    replicas = spec.get("replicas")
    start = (spec.get("ordinals") or {}).get("start") or 0
    return _read_labelled(manifest, "StatefulSet").but(
        governing_service=spec.get("serviceName") or "",
        ordinals=range(start, start + (1 if replicas is None else replicas)),
    )


def _read_labelled(manifest: Mapping[str, Any], kind: str) -> Workload:
    """A workload whose selector is a LabelSelector."""
    selector = _spec(manifest).get("selector") or {}
    labels = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or ()
    flat = _flat_selector(labels, expressions)
    reason = ""
    if not flat:
        reason = f"invalid {kind.lower()}: no selectors, therefore cannot be exposed"
        if labels:
            reason = f'couldn\'t convert expressions - "{_as_go_prints(expressions)}" to map-based selector format'
    return _workload(manifest, selector=flat, no_selector=reason)


def _flat_selector(labels: Mapping[str, str], expressions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A LabelSelector as the map that a Service can say; empty for one that no map says.

    `key In [value]` is the same as `key: value`; any other expression has no place in a Service.
    """
    flat = dict(labels)
    for expression in expressions:
        key: str = expression.get("key", "")
        values: Sequence[str] = expression.get("values") or ()
        if expression.get("operator") != "In" or len(values) != 1 or flat.get(key, values[0]) != values[0]:
            return {}
        flat[key] = values[0]
    return flat


def _as_go_prints(expressions: Sequence[Mapping[str, Any]]) -> str:
    """The expressions as fmt's %+v prints []LabelSelectorRequirement, for kubectl's own sentence."""
    printed = (
        f"{{Key:{e.get('key', '')} Operator:{e.get('operator', '')} Values:[{' '.join(e.get('values') or ())}]}}"
        for e in expressions
    )
    return f"[{' '.join(printed)}]"


def _spec(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    return manifest.get("spec") or {}


def _workload(
    manifest: Mapping[str, Any],
    *,
    selector: Mapping[str, str],
    no_selector: str = "",
    pod: Mapping[str, Any] | None = None,
) -> Workload:
    """The workload of the manifest; its pods are made from `pod`, or else from `spec.template`."""
    template = _spec(manifest).get("template") or {} if pod is None else pod
    containers = _containers(_spec(template))
    return Workload(
        **described(manifest),
        selector=selector,
        no_selector=no_selector,
        template_labels=(template.get("metadata") or {}).get("labels") or {},
        containers=tuple(container.get("name") or "" for container, _ in containers),
        ports=tuple(port for container, sidecar in containers for port in _ports(container, sidecar)),
    )


def _containers(pod_spec: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], bool]]:
    """The containers that serve for as long as the pod runs, and whether each is a native sidecar (KEP-753)."""
    regular = [(container, False) for container in pod_spec.get("containers") or ()]
    initial = pod_spec.get("initContainers") or ()
    return regular + [(container, True) for container in initial if container.get("restartPolicy") == "Always"]


def _ports(container: Mapping[str, Any], sidecar: bool) -> Iterator[WorkloadPort]:
    for port in container.get("ports") or ():
        yield WorkloadPort(
            number=port.get("containerPort") or 0,
            protocol=port.get("protocol") or "TCP",
            name=port.get("name") or "",
            container=container.get("name") or "",
            sidecar=sidecar,
        )
