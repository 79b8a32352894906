"""Workloads that are, or hold, a pod template: Pod, ReplicationController, Deployment, ReplicaSet.

Source of the rules: kubectl pkg/polymorphichelpers (mapbasedselectorforobject.go, portsforobject.go,
multiprotocolsforobject.go).
"""

from __future__ import annotations

from kubectl_svc.workloads.model import Workload, WorkloadPort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any


def read_pod(manifest: Mapping[str, Any]) -> Workload:
    """A Pod: its own labels select it."""
    metadata = manifest.get("metadata") or {}
    labels = metadata.get("labels") or {}
    return _workload(
        manifest,
        selector=labels,
        no_selector="" if labels else "the pod has no labels and cannot be exposed",
        pod_spec=manifest.get("spec") or {},
    )


def read_replication_controller(manifest: Mapping[str, Any]) -> Workload:
    """A ReplicationController: its selector is a plain map."""
    spec = manifest.get("spec") or {}
    return _workload(manifest, selector=spec.get("selector") or {}, pod_spec=_pod_spec(spec))


def read_deployment(manifest: Mapping[str, Any]) -> Workload:
    """A Deployment of the apps group."""
    return _read_labelled(manifest, "Deployment")


def read_replica_set(manifest: Mapping[str, Any]) -> Workload:
    """A ReplicaSet of the apps group."""
    return _read_labelled(manifest, "ReplicaSet")


def _read_labelled(manifest: Mapping[str, Any], kind: str) -> Workload:
    """A workload whose selector is a LabelSelector."""
    spec = manifest.get("spec") or {}
    selector = spec.get("selector") or {}
    labels = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or ()
    flat = _flat_selector(labels, expressions)
    reason = ""
    if not flat:
        reason = f"invalid {kind.lower()}: no selectors, therefore cannot be exposed"
        if labels:
            reason = f'couldn\'t convert expressions - "{_as_go_prints(expressions)}" to map-based selector format'
    return _workload(manifest, selector=flat, no_selector=reason, pod_spec=_pod_spec(spec))


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


def _pod_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    template = spec.get("template") or {}
    return template.get("spec") or {}


def _container_ports(pod_spec: Mapping[str, Any]) -> Iterator[WorkloadPort]:
    for container in pod_spec.get("containers") or ():
        for port in container.get("ports") or ():
            yield WorkloadPort(
                number=port.get("containerPort") or 0,
                protocol=port.get("protocol") or "TCP",
                name=port.get("name") or "",
            )


def _workload(
    manifest: Mapping[str, Any],
    *,
    selector: Mapping[str, str],
    no_selector: str = "",
    pod_spec: Mapping[str, Any],
) -> Workload:
    metadata = manifest.get("metadata") or {}
    return Workload(
        name=metadata.get("name") or "",
        namespace=metadata.get("namespace") or "",
        labels=metadata.get("labels") or {},
        selector=selector,
        no_selector=no_selector,
        ports=tuple(_container_ports(pod_spec)),
    )
