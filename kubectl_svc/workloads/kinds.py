"""The kinds that can be exposed, one row each, and the words that name a resource on the command line."""

from __future__ import annotations

from kubectl_svc.value import Value
from kubectl_svc.workloads.batch import read_cron_job, read_job
from kubectl_svc.workloads.model import Resource
from kubectl_svc.workloads.pod_template import (
    read_deployment,
    read_pod,
    read_pod_set,
    read_replica_set,
    read_replication_controller,
    read_stateful_set,
)
from kubectl_svc.workloads.service import read_service

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload


class WorkloadKind(Value):
    """A kind that can be exposed, and how a manifest of it becomes a Workload.

    `struct` names its fields in `go_types`, or in `custom_types` for the kinds of other projects.
    """

    group: str
    kind: str
    struct: str
    read: Callable[[Mapping[str, Any], Lookup], Workload]
    resource: Resource | None = None
    """What every server calls it; None: the server says, and in which version it has it."""
    refers: bool = False
    """Whether others of the same namespace say what it is about."""
    refused: str = ""
    """Why it cannot be exposed at all."""


def _row(
    group_version: str, kind: str, plural: str, short: str, read: Callable[[Mapping[str, Any], Lookup], Workload]
) -> WorkloadKind:
    group, _, version = group_version.rpartition("/")
    resource = Resource(
        group=group,
        version=version,
        kind=kind,
        plural=plural,
        singular=kind.lower(),
        short_names=tuple(short.split()),
    )
    return WorkloadKind(group=group, kind=kind, struct=kind, read=read, resource=resource)


KINDS = (
    _row("v1", "Pod", "pods", "po", read_pod),
    _row("v1", "Service", "services", "svc", read_service),
    _row("v1", "ReplicationController", "replicationcontrollers", "rc", read_replication_controller),
    _row("apps/v1", "Deployment", "deployments", "deploy", read_deployment),
    _row("apps/v1", "ReplicaSet", "replicasets", "rs", read_replica_set),
    _row("apps/v1", "StatefulSet", "statefulsets", "sts", read_stateful_set),
    _row("apps/v1", "DaemonSet", "daemonsets", "ds", read_pod_set),
    _row("batch/v1", "Job", "jobs", "", read_job),
    _row("batch/v1", "CronJob", "cronjobs", "cj", read_cron_job),
)
"""Those of Kubernetes itself; those of other projects are `custom_kinds`."""

_GROUPS = frozenset(row.group for row in KINDS)
BUILT_IN = tuple(row.resource for row in KINDS if row.resource)
PODS, SERVICES = (next(resource for resource in BUILT_IN if resource.kind == kind) for kind in ("Pod", "Service"))


def kind_of(api_version: str, kind: str) -> WorkloadKind | None:
    """The row for a manifest's apiVersion and kind, exactly as they stand there.

    The kinds of other projects count in any version: they are alike in what is read of them.
    """
    for row in KINDS:
        if row.kind == kind and row.resource and row.resource.api_version == api_version:
            return row
    group, slash, _ = api_version.partition("/")
    if not slash or group in _GROUPS:
        return None
    from kubectl_svc.workloads.custom_kinds import CUSTOM_KINDS  # most objects are of Kubernetes' own kinds

    return next((row for row in CUSTOM_KINDS if row.kind == kind and row.group == group), None)


def find_resource(word: str, resources: Iterable[Resource]) -> Resource | None:
    """The first resource that a TYPE on the command line means.

    `word` is a plural or singular name in any case, or a short name as it stands, alone or with `.GROUP` or
    `.VERSION.GROUP`; a group may be cut short (`deployments.ap`).
    Source: cli-runtime pkg/resource `mappingFor`, client-go restmapper/shortcut.go, apimachinery `DefaultRESTMapper`.
    """
    name, _, group = word.partition(".")
    version, dotted, rest = group.partition(".")
    candidates = [resource for resource in resources if _is_called(resource, name)]
    if dotted:
        for resource in candidates:
            if name in resource.short_names:  # kubectl forgets the version of a short name, and may complete the group
                fits = resource.group.startswith(rest)
            else:
                fits = resource.version == version and (not rest or resource.group == rest)
            if fits:
                return resource
    if not group:
        return candidates[0] if candidates else None
    exact = (resource for resource in candidates if resource.group == group)
    prefixed = (resource for resource in candidates if resource.group.startswith(group))
    return next(exact, None) or next(prefixed, None)


def _is_called(resource: Resource, name: str) -> bool:
    return name in resource.short_names or name.lower() in (resource.plural, resource.singular)
