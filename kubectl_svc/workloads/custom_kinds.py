"""The kinds of other projects that can be exposed, or of which it is worth to say why not: one row each.

A kind whose pods are made from `spec.template` by a LabelSelector `spec.selector` is a row with `read_pod_set`; any
other has a reader of its own in a module for its project. Each has its fields in `custom_types`. What has no row is
read by its shape (`custom`).
"""

from __future__ import annotations

from kubectl_svc.workloads.argo import read_rollout
from kubectl_svc.workloads.kinds import WorkloadKind
from kubectl_svc.workloads.kubevirt import (
    read_replica_set_of_instances,
    read_virtual_machine,
    read_virtual_machine_instance,
    read_virtual_machine_pool,
)
from kubectl_svc.workloads.openkruise import read_advanced_stateful_set
from kubectl_svc.workloads.openshift import read_deployment_config
from kubectl_svc.workloads.pod_template import read_pod_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload


def _row(
    group: str, kind: str, read: Callable[[Mapping[str, Any], Lookup], Workload], *, struct: str = ""
) -> WorkloadKind:
    return WorkloadKind(group=group, kind=kind, read=read, struct=struct or kind)


# Source: knative/serving pkg/reconciler/route.
_KNATIVE = (
    "Knative itself makes the Services behind it, one of the same name among them; "
    "`kubectl get services.serving.knative.dev` shows its URL"
)

CUSTOM_KINDS = (
    _row("kubevirt.io", "VirtualMachine", read_virtual_machine),
    _row("kubevirt.io", "VirtualMachineInstance", read_virtual_machine_instance),
    _row("kubevirt.io", "VirtualMachineInstanceReplicaSet", read_replica_set_of_instances),
    _row("pool.kubevirt.io", "VirtualMachinePool", read_virtual_machine_pool),
    _row("apps.openshift.io", "DeploymentConfig", read_deployment_config),
    _row("argoproj.io", "Rollout", read_rollout).but(refers=True),
    _row("apps.kruise.io", "CloneSet", read_pod_set),
    _row("apps.kruise.io", "StatefulSet", read_advanced_stateful_set, struct="kruise.StatefulSet"),
    _row("apps.kruise.io", "DaemonSet", read_pod_set, struct="kruise.DaemonSet"),
    _row("serving.knative.dev", "Service", read_pod_set, struct="knative.Service").but(refused=_KNATIVE),
)
