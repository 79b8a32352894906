"""Workloads as they live on the server, and what is around them there."""

from __future__ import annotations

from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.go_structs import decode, struct, struct_of
from kubectl_svc.golang import quote
from kubectl_svc.workloads.kinds import PODS, kind_of
from kubectl_svc.workloads.lookup import Lookup
from kubectl_svc.workloads.model import Reference, group_kind
from kubectl_svc.workloads.objects import read_custom_object, read_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.go_structs import Struct
    from kubectl_svc.workloads.model import Resource, Workload


def read_live(resource: Resource, namespace: str, name: str, session: Session, *, selects: bool = True) -> Workload:
    """The workload as it lives on the server; `selects` where its selector is wanted, which may cost further requests.

    Raises SvcError, in kubectl's words where it has any, where it is not to be had, or cannot be exposed.
    """
    if not name:
        raise SvcError("resource name may not be empty")
    try:
        manifest = session.cluster.get_object(resource, namespace, name)
    except (StatusError, UnreachableError) as error:
        raise session.discovery.failure_before(error) or error from None
    return read_found(resource, namespace, manifest, session, selects=selects)


def read_found(
    resource: Resource, namespace: str, manifest: Mapping[str, Any], session: Session, *, selects: bool
) -> Workload:
    """The workload of which the server has shown this manifest. Raises SvcError as `read_live` does."""
    metadata = manifest.get("metadata")
    name = str(metadata.get("name") or "") if isinstance(metadata, dict) else ""
    about = Reference(api_version=resource.api_version, kind=resource.kind, name=name)
    lookup = lookup_around(session, namespace, about, selects=selects)
    try:
        # As kubectl's typed client reads it: a server that sends something else is refused in Go's words.
        return _read(resource, manifest, lookup)
    except ValueError as error:
        raise SvcError(str(error)) from None


def _read(resource: Resource, manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    api_version, kind = resource.api_version, resource.kind
    row = kind_of(api_version, kind)
    if row is not None:
        if row.refused:
            raise SvcError(f"cannot expose a {resource.group_kind}: {row.refused}")
        return row.read(read_object(api_version, kind, manifest), lookup)
    from kubectl_svc.go_documents.built_in_kinds import is_foreign  # only other kinds need it
    from kubectl_svc.go_documents.typed import unknown_kind

    if not is_foreign(api_version):
        raise SvcError(unknown_kind(api_version, kind) or f"cannot expose a {resource.group_kind}")
    from kubectl_svc.workloads.custom import ADVICE, is_shapeless, read_custom_resource

    workload = read_custom_resource(read_custom_object(api_version, kind, manifest), lookup)
    if is_shapeless(workload):
        raise SvcError(f"{unknown_kind(api_version, kind)}\n{workload.no_selector}; {ADVICE}")
    return workload


def lookup_around(session: Session, namespace: str, about: Reference, *, selects: bool) -> Lookup:
    """What the server knows around an object of the namespace, each asked for when a reader asks."""
    around = _Surroundings(session, namespace, about)
    return Lookup(
        selects=selects,
        workload=around.workload,
        pods=around.pods,
        has_pods=around.has_pods,
        everywhere=around.everywhere,
        scale=around.scale,
    )


class _Surroundings:
    """The answers to a Lookup, from the server."""

    def __init__(self, session: Session, namespace: str, about: Reference) -> None:
        self._session = session
        self._namespace = namespace
        self._about = about

    def workload(self, reference: Reference) -> Workload | SvcError:
        if (reference.api_version, reference.kind) == ("v1", "PodTemplate"):
            return self._pod_template(reference)
        try:
            return read_live(self._resource(reference), self._namespace, reference.name, self._session, selects=False)
        except SvcError as error:
            return error

    def _pod_template(self, reference: Reference) -> Workload | SvcError:
        from kubectl_svc.workloads.argo import POD_TEMPLATES, read_pod_template  # only Rollouts refer to one

        path = POD_TEMPLATES.path(self._namespace, reference.name)
        answer = self._ask(path, {}, struct(reference.kind))
        if isinstance(answer, SvcError):
            return answer
        return read_pod_template({**answer, "apiVersion": reference.api_version, "kind": reference.kind})

    def pods(self, labels: str) -> Sequence[Mapping[str, Any]] | SvcError:
        return self._list(PODS, self._namespace, {"labelSelector": labels})

    def has_pods(self, labels: str) -> bool | SvcError:
        found = self._list(PODS, self._namespace, {"labelSelector": labels, "limit": "1"})
        return found if isinstance(found, SvcError) else bool(found)

    def everywhere(self, resource: Resource) -> Sequence[Mapping[str, Any]] | SvcError:
        return self._list(resource, "", {})

    def scale(self) -> Mapping[str, Any] | SvcError:
        if not self._about.name:
            return SvcError("no name yet to ask for a scale subresource by")
        try:
            resource = self._resource(self._about)
        except SvcError as error:
            return error
        if not resource.has_scale:
            return SvcError("no scale subresource")
        return self._ask((*resource.path(self._namespace, self._about.name), "scale"), {}, struct("Scale"))

    def _resource(self, reference: Reference) -> Resource:
        """What the server calls the kind. Raises SvcError where it has none such."""
        row = kind_of(reference.api_version, reference.kind)
        found = (row and row.resource) or self._session.discovery.of_kind(reference.api_version, reference.kind)
        if found is None:
            called = group_kind(reference.api_version.rpartition("/")[0], reference.kind)
            raise SvcError(f"the server doesn't have a resource type {quote(called)}")
        return found

    def _list(
        self, resource: Resource, namespace: str, query: Mapping[str, str]
    ) -> Sequence[Mapping[str, Any]] | SvcError:
        kind = resource.kind
        answer = self._ask(resource.path(namespace), query, struct_of(f"{kind}List", f"items:[]{kind}"))
        if isinstance(answer, SvcError):
            return answer
        items: Sequence[Mapping[str, Any]] = answer.get("items") or ()
        return items

    def _ask(self, path: tuple[str, ...], query: Mapping[str, str], answers: Struct) -> Mapping[str, Any] | SvcError:
        try:
            answer: Mapping[str, Any] = decode(answers, self._session.cluster.get(path, query))
        except SvcError as error:
            return error
        except ValueError as error:
            return SvcError(str(error))
        return answer
