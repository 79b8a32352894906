"""Rollouts of Argo (argoproj.io/v1alpha1): a Deployment of another make, or the stand-in of one.

Their status.selector, which the scale subresource repeats, is that of one revision where they are blue-green: it is
never used. Source: argo-rollouts pkg/apis/rollouts/v1alpha1/types.go.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.workloads.model import Resource, group_kind, reference_to
from kubectl_svc.workloads.pod_template import of_template, read_pod_set, spec_of, with_lasting_selector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload

POD_TEMPLATES = Resource(group="", version="v1", kind="PodTemplate", plural="podtemplates", singular="podtemplate")
"""No pods of their own, nor a selector, so that they cannot be exposed; a Rollout may refer to one."""

_REFERRED_TO = ("Deployment.apps", "ReplicaSet.apps", POD_TEMPLATES.group_kind)  # rollout/templateref.go


def read_rollout(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A Rollout; with a `workloadRef` its pod template, and its selector where it has none, are another workload's."""
    workload = read_pod_set(manifest, lookup)
    spec = spec_of(manifest)
    if not spec.get("workloadRef"):
        return workload
    reference = reference_to(spec["workloadRef"])
    workload = workload.but(stands_for=reference)
    if group_kind(reference.api_version.rpartition("/")[0], reference.kind) in _REFERRED_TO:
        other = lookup.workload(reference)
    else:
        other = SvcError("only a Deployment or a ReplicaSet can stand there, or a PodTemplate")
    if isinstance(other, SvcError):
        unread = f"{workload} takes its pods from {reference}, which cannot be read: {other}"
        no_selector = workload.no_selector if spec.get("selector") else unread
        return workload.but(no_selector=no_selector, no_ports=unread, template_labels=None)
    workload = workload.but(template_labels=other.template_labels, containers=other.containers, ports=other.ports)
    if spec.get("selector"):
        return workload
    return with_lasting_selector(workload.but(selector=other.selector, no_selector=other.no_selector))


def read_pod_template(manifest: Mapping[str, Any]) -> Workload:
    """A PodTemplate, for the Rollout that refers to it: its `template` stands outside of a `spec`."""
    workload = of_template(manifest, manifest.get("template"), selector={})
    return workload.but(no_selector=f"the Rollout needs a spec.selector of its own, for {workload} has none")
