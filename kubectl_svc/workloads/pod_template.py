"""Workloads that are, or hold, a pod template.

Source of the rules: kubectl pkg/polymorphichelpers (mapbasedselectorforobject.go, portsforobject.go,
multiprotocolsforobject.go).
"""

from __future__ import annotations

from kubectl_svc.golang import listed
from kubectl_svc.workloads.model import Reference, Workload, WorkloadPort, controller_of, described
from kubectl_svc.workloads.selectors import FLEETING_LABELS, flat_selector, lasting, why_not_flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup

# Who makes ReplicaSets, by the label that each of their revisions has, which their names end in.
_MAKERS = {
    "pod-template-hash": ("apps/v1", "Deployment"),
    "rollouts-pod-template-hash": ("argoproj.io/v1alpha1", "Rollout"),
}


def read_pod(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A Pod: its own labels select it."""
    labels = (manifest.get("metadata") or {}).get("labels") or {}
    no_selector = "" if labels else "the pod has no labels and cannot be exposed"
    workload = of_template(manifest, manifest, selector=labels, no_selector=no_selector)
    return _as_kubectl(replaceable(workload, manifest))


def read_replication_controller(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A ReplicationController: its selector is a plain map."""
    spec = spec_of(manifest)
    workload = of_template(manifest, spec.get("template"), selector=spec.get("selector") or {})
    return _as_kubectl(replaceable(workload, manifest))


def read_deployment(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A Deployment: its selector is a LabelSelector."""
    return _as_kubectl(_by_label_selector(manifest))


def _as_kubectl(workload: Workload) -> Workload:
    """The workload of a kind that kubectl exposes too: where it lists no ports, kubectl's sentence ends there."""
    return workload.but(no_ports="")


def _by_label_selector(manifest: Mapping[str, Any]) -> Workload:
    selector = spec_of(manifest).get("selector") or {}
    flat = flat_selector(selector)
    no_selector = "" if flat else why_not_flat(manifest["kind"], selector)
    return of_template(manifest, spec_of(manifest).get("template"), selector=flat, no_selector=no_selector)


def read_replica_set(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A ReplicaSet: that of a Deployment selects the pods of one revision."""
    return replaceable(read_deployment(manifest, lookup), manifest)


def read_pod_set(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """Like a Deployment, but of a kind that kubectl does not expose: labels that end do not get into the selector."""
    return with_lasting_selector(_by_label_selector(manifest))


def read_stateful_set(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A StatefulSet: its pods are called by their ordinals (apps/v1 `StatefulSetSpec`)."""
    spec = spec_of(manifest)
    replicas = spec.get("replicas")
    start = (spec.get("ordinals") or {}).get("start") or 0
    return read_pod_set(manifest, lookup).but(
        governing_service=spec.get("serviceName") or "",
        ordinals=(range(start, start + (1 if replicas is None else replicas)),),
    )


def spec_of(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object's `spec`, empty where there is none."""
    return manifest.get("spec") or {}


def of_template(
    manifest: Mapping[str, Any],
    template: Mapping[str, Any] | None,
    *,
    selector: Mapping[str, str],
    no_selector: str = "",
) -> Workload:
    """The workload of the manifest, whose pods are made from the template."""
    containers = _containers(spec_of(template or {}))
    workload = Workload(
        **described(manifest),
        selector=selector,
        no_selector=no_selector,
        template_labels=labels_of(template),
        containers=tuple(container.get("name") or "" for container, _ in containers),
        ports=tuple(port for container, sidecar in containers for port in _ports(container, sidecar)),
        replicas=_replicas(manifest.get("spec")),
        host_network=bool(spec_of(template or {}).get("hostNetwork")),
    )
    return workload.but(no_ports=f"{workload} lists none; --port says which to expose")


def _replicas(spec: Any) -> int | None:
    """How many there shall be; a custom resource's `spec` may be anything."""
    replicas = spec.get("replicas") if isinstance(spec, dict) else None
    return replicas if isinstance(replicas, int) else None


def labels_of(manifest: Mapping[str, Any] | None) -> Mapping[str, str]:
    """The labels of an object or a template."""
    labels: Mapping[str, str] = ((manifest or {}).get("metadata") or {}).get("labels") or {}
    return labels


def with_lasting_selector(workload: Workload, fleeting: Container[str] = FLEETING_LABELS) -> Workload:
    """The workload without those labels in its selector that end with the next rollout or run."""
    selector = lasting(workload.selector, fleeting)
    if selector or not workload.selector:
        return workload.but(selector=selector)
    ending = f"its selector has only labels that end with the next rollout: {listed(sorted(workload.selector))}"
    return workload.but(selector={}, no_selector=ending)


def replaceable(workload: Workload, manifest: Mapping[str, Any]) -> Workload:
    """The workload with what replaces it by another one: its controller, or what made that."""
    controller = controller_of(manifest)
    if controller is None:
        return workload
    labels = labels_of(manifest)
    for label, (api_version, kind) in _MAKERS.items():
        ending = f"-{labels.get(label)}"
        if controller.kind == "ReplicaSet" and controller.name.endswith(ending):
            name = controller.name.removesuffix(ending)
            controller = Reference(api_version=api_version, kind=kind, name=name)
    return workload.but(controller=controller, selector_ends=workload.selector != lasting(workload.selector))


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
