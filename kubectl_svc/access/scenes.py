"""What a server shows of Services and around them, each list asked for when a rule wants it, and once at most."""

from __future__ import annotations

import functools

from kubectl_svc.errors import StatusError, SvcError
from kubectl_svc.go_structs import decode, struct, struct_of
from kubectl_svc.reachability.endpoints import has_endpoints
from kubectl_svc.reachability.model import labels_of, metadata_of, name_of, namespace_of, spec_of
from kubectl_svc.workloads.kinds import KINDS, PODS, SERVICES
from kubectl_svc.workloads.model import Resource, controller_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session

    Manifest = Mapping[str, Any]

FEW = 20
"""Services, each of which may be asked about for itself: lists of everything cost more than that."""
SERVICE_NAME = "kubernetes.io/service-name"
"""The label of an EndpointSlice that says whose it is (discovery/v1 `LabelServiceName`)."""


def _resource(group_version: str, kind: str, plural: str, *, namespaced: bool = True) -> Resource:
    group, _, version = group_version.rpartition("/")
    return Resource(
        group=group, version=version, kind=kind, plural=plural, singular=kind.lower(), namespaced=namespaced
    )


SLICES = _resource("discovery.k8s.io/v1", "EndpointSlice", "endpointslices")
_NODES = _resource("v1", "Node", "nodes", namespaced=False)
_EVENTS = _resource("v1", "Event", "events")
_POLICIES = _resource("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies")
_MACHINES = _resource("kubevirt.io/v1", "VirtualMachine", "virtualmachines")
_INSTANCES = _resource("kubevirt.io/v1", "VirtualMachineInstance", "virtualmachineinstances")
_MAKERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")
_MACHINE = struct_of("VirtualMachine", "metadata:ObjectMeta status:VirtualMachineStatus")
_METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"


class Scenes:
    """The Services of one command. What may not be read is noted in `denied`, once for each kind of object."""

    def __init__(self, session: Session, namespace: str, *, several: bool) -> None:
        """`namespace` is empty for all of them.

        Of `several` Services whole lists are asked for, and pods only for those that have no endpoint; of one or a few
        each for itself.
        """
        self.denied: list[str] = []
        self.namespace = namespace
        self._session = session
        self._several = several
        self._lists: dict[tuple[str, str, str], Sequence[Manifest] | None] = {}
        self._by_label: dict[tuple[str, str], Mapping[tuple[str, str, str], Sequence[Manifest]] | None] = {}
        self._indexes: dict[tuple[str, str], Mapping[tuple[str, str], Sequence[Manifest]] | None] = {}

    def service(self, namespace: str, name: str) -> Manifest:
        """One Service. Raises StatusError where it is not there or may not be read."""
        found: Manifest = _read(struct("Service"), self._session.cluster.get_object(SERVICES, namespace, name))
        return found

    def services(self, selector: str) -> Sequence[Manifest]:
        """The Services with these labels, in the order of their namespaces and names. Raises StatusError."""
        found = self._asked(SERVICES, self.namespace, {"labelSelector": selector} if selector else {})
        if not selector:
            self._lists[SERVICES.plural, self.namespace, "&"] = found  # whoever asks again has it
        return found

    def scene(self, service: Manifest) -> ServerScene:
        """What is around a Service."""
        return ServerScene(service, self, several=self._several)

    # --- for the scenes

    def listed(
        self, resource: Resource, namespace: str, *, labels: str = "", fields: str = "", quiet: bool = False
    ) -> Sequence[Manifest] | None:
        """The objects of a list, None where they may not be read; that is noted, unless `quiet`.

        Of several Services the whole list is asked for, once, and those of the namespace picked from it.
        """
        query = {**({"labelSelector": labels} if labels else {}), **({"fieldSelector": fields} if fields else {})}
        key = (resource.plural, namespace, f"{labels}&{fields}")
        if key not in self._lists:
            self._lists[key] = self._allowed(resource, lambda: self._asked(resource, namespace, query), quiet=quiet)
        return self._lists[key]

    def everything(
        self, resource: Resource, name: Callable[[Manifest], str] = lambda _: "", *, fields: str = ""
    ) -> Mapping[tuple[str, str], Sequence[Manifest]] | None:
        """The objects of the command's namespaces, by namespace and by what `name` says of each."""
        key = (resource.plural, fields)
        if key not in self._indexes:
            found = self.listed(resource, self.namespace, fields=fields)
            index: dict[tuple[str, str], list[Manifest]] = {}
            for each in found or ():
                index.setdefault((namespace_of(each), name(each)), []).append(each)
            self._indexes[key] = None if found is None else index
        return self._indexes[key]

    def labelled(
        self,
        resource: Resource,
        namespace: str,
        selector: Mapping[str, str],
        labels: Callable[[Manifest], Mapping[str, str]],
    ) -> Sequence[Manifest] | None:
        """The objects of the namespace whose `labels` the selector, which is not empty, selects."""
        scope = self.namespace if self._several else namespace
        key = (resource.plural, scope)
        if key not in self._by_label:
            found = self.listed(resource, scope)
            index: dict[tuple[str, str, str], list[Manifest]] = {}
            for each in found or ():
                for name, value in labels(each).items():
                    index.setdefault((namespace_of(each), name, value), []).append(each)
            self._by_label[key] = None if found is None else index
        by_label = self._by_label[key]
        if by_label is None:
            return None
        first = next(iter(selector.items()))
        candidates = by_label.get((namespace, *first), ())
        return [each for each in candidates if selector.items() <= labels(each).items()]

    @functools.cached_property
    def node_ports(self) -> Mapping[tuple[int, str], Sequence[tuple[str, str]]]:
        """Namespace and name of the Services at hand that have a node port, by its number and protocol."""
        owners: dict[tuple[int, str], list[tuple[str, str]]] = {}
        known = [some for (plural, _, _), some in self._lists.items() if plural == SERVICES.plural]
        for each in (each for some in known for each in some or ()):
            place = namespace_of(each), name_of(each)
            for port in spec_of(each).get("ports") or ():
                owner = owners.setdefault((port.get("nodePort") or 0, port.get("protocol") or "TCP"), [])
                if place not in owner:
                    owner.append(place)
        return owners

    def object(self, resource: Resource, namespace: str, name: str) -> Manifest | None:
        """One object, as it came: empty where there is none, None where it may not be read, which is not noted."""

        def ask() -> Manifest:
            found, _ = self._session.cluster.look_up(resource.path(namespace, name))
            return found or {}

        answer: Manifest | None = self._allowed(resource, ask, quiet=True)
        return answer

    def pod_metadata(self, namespace: str, labels: str, *, quiet: bool) -> Sequence[Manifest] | None:
        """Names, namespaces and labels of pods; of all namespaces where none is said."""

        def ask() -> Sequence[Manifest]:
            query = {"labelSelector": labels} if labels else {}
            answer = self._session.cluster.get(PODS.path(namespace), query, accept=_METADATA_ONLY)
            items: Sequence[Manifest] = _read(struct_of("PodList", "items:[]Pod"), answer).get("items") or ()
            return items

        found: Sequence[Manifest] | None = self._allowed(PODS, ask, quiet=quiet)
        return found

    def _asked(self, resource: Resource, namespace: str, query: Mapping[str, str]) -> Sequence[Manifest]:
        kind = struct_of(f"{resource.kind}List", f"items:[]{resource.kind}")
        items: list[Manifest] = []
        for page in self._session.cluster.pages(resource.path(namespace), query):
            items += _read(kind, page).get("items") or ()
        return sorted(items, key=lambda each: (namespace_of(each), name_of(each)))

    def _allowed(self, resource: Resource, ask: Callable[[], Any], *, quiet: bool) -> Any:
        try:
            return ask()
        except StatusError as error:
            if error.reason != "Forbidden":
                raise
            if not quiet and resource.plural not in self.denied:
                self.denied.append(resource.plural)
            return None


class ServerScene:
    """One Service and what the server shows around it."""

    def __init__(self, service: Manifest, scenes: Scenes, *, several: bool) -> None:
        self.service = service
        self._scenes = scenes
        self._several = several
        self._namespace = namespace_of(service)
        self._name = name_of(service)

    def slices(self) -> Sequence[Manifest] | None:
        """As Scene."""
        if not self._several:
            return self._scenes.listed(SLICES, self._namespace, labels=f"{SERVICE_NAME}={self._name}")
        index = self._scenes.everything(SLICES, lambda each: labels_of(each).get(SERVICE_NAME, ""))
        return None if index is None else index.get((self._namespace, self._name), ())

    def pods(self) -> Sequence[Manifest] | None:
        """As Scene; of several Services only for those that have no endpoint."""
        selector: Mapping[str, str] = spec_of(self.service).get("selector") or {}
        if not self._several:
            return self._scenes.listed(PODS, self._namespace, labels=_selector(selector))
        slices = self.slices()
        if slices is None or has_endpoints(self.service, slices):
            return None
        return self._scenes.labelled(PODS, self._namespace, selector, labels_of)

    def pod_labels(self) -> Mapping[str, Mapping[str, str]] | None:
        """As Scene; comparing those of several Services with all pods takes too long."""
        found = None if self._several else self._all_pods
        return None if found is None else {name_of(each): labels_of(each) for each in found}

    def pod_names(self) -> Collection[str] | None:
        """As Scene."""
        found = self._own(PODS) if self._several else self._all_pods
        return None if found is None else set(map(name_of, found))

    @functools.cached_property
    def _all_pods(self) -> Sequence[Manifest] | None:
        return self._scenes.pod_metadata(self._namespace, "", quiet=False)

    def namespaces_of_pods(self) -> Sequence[str] | None:
        """As Scene. Hardly anybody may read all pods, so nothing is noted where that is so."""
        found = None if self._several else self._elsewhere
        return None if found is None else sorted({namespace_of(each) for each in found} - {self._namespace})

    @functools.cached_property
    def _elsewhere(self) -> Sequence[Manifest] | None:
        selector = _selector(spec_of(self.service).get("selector") or {})
        return self._scenes.pod_metadata("", selector, quiet=True) if selector else ()

    def workloads(self) -> Sequence[Manifest] | None:
        """As Scene; those that others control are left out."""
        selector: Mapping[str, str] = spec_of(self.service).get("selector") or {}
        makers: list[Manifest] = []
        for row in KINDS:
            if row.kind in _MAKERS and row.resource:
                found = self._scenes.labelled(row.resource, self._namespace, selector, _template_labels)
                makers += ({**each, "kind": row.kind} for each in found or () if controller_of(each) is None)
        return makers

    def machine(self, name: str) -> Manifest | None:
        """As Scene."""
        found = self._scenes.object(_MACHINES, self._namespace, name)
        machine: Manifest | None = _read(_MACHINE, found) if found else None
        return machine

    def instance(self, name: str) -> Manifest | None:
        """As Scene."""
        found = self._scenes.object(_INSTANCES, self._namespace, name)
        if not found:
            return None
        return {"apiVersion": _INSTANCES.api_version, "kind": _INSTANCES.kind, **_read(struct(_INSTANCES.kind), found)}

    def nodes(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._scenes.listed(_NODES, "")

    def events(self, kind: str = "", name: str = "", uid: str = "") -> Sequence[Manifest] | None:
        """As Scene."""
        about = kind or "Service", name or self._name
        if self._several:
            index = self._scenes.everything(_EVENTS, _involved, fields=f"involvedObject.kind={about[0]}")
            found = None if index is None else index.get((self._namespace, about[1]), ())
        else:
            fields = f"involvedObject.kind={about[0]},involvedObject.name={about[1]}"
            found = self._scenes.listed(_EVENTS, self._namespace, fields=fields)
        if found is None:
            return None
        uid = uid if kind else str(metadata_of(self.service).get("uid") or "")
        own = [each for each in found if not uid or (each.get("involvedObject") or {}).get("uid") in (uid, None, "")]
        return sorted(own, key=_last_seen)

    def services(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._own(SERVICES) if self._several else self._scenes.listed(SERVICES, self._namespace)

    def node_ports(self) -> Mapping[tuple[int, str], Sequence[tuple[str, str]]]:
        """As Scene."""
        if self.services() is None:
            return {}
        return self._scenes.node_ports

    def find_service(self, namespace: str, name: str) -> bool | None:
        """As Scene."""
        if self._several and self._scenes.namespace in ("", namespace):
            index = self._scenes.everything(SERVICES)
            return None if index is None else any(name_of(each) == name for each in index.get((namespace, ""), ()))
        found = self._scenes.object(SERVICES, namespace, name)
        return None if found is None else bool(found)

    def policies(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._own(_POLICIES) if self._several else self._scenes.listed(_POLICIES, self._namespace)

    def _own(self, resource: Resource) -> Sequence[Manifest] | None:
        """Those of its namespace out of the list of all that the command is about."""
        index = self._scenes.everything(resource)
        return None if index is None else index.get((self._namespace, ""), ())


def _selector(labels: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in labels.items())


def _last_seen(event: Manifest) -> tuple[str, str]:
    series = event.get("series") or {}
    times = (
        event.get("lastTimestamp"),
        series.get("lastObservedTime"),
        event.get("eventTime"),
        event.get("firstTimestamp"),
        metadata_of(event).get("creationTimestamp"),
    )
    # Of two within a second the one that was written later counts.
    return max(str(each or "") for each in times), str(metadata_of(event).get("resourceVersion") or "").zfill(20)


def _template_labels(workload: Manifest) -> Mapping[str, str]:
    return labels_of(spec_of(workload).get("template") or {})


def _involved(event: Manifest) -> str:
    return str((event.get("involvedObject") or {}).get("name") or "")


def _read(kind: Any, answer: Mapping[str, Any]) -> Any:
    """What Go's struct holds of an answer. Raises SvcError in Go's words for what does not fit."""
    try:
        return decode(kind, answer)
    except ValueError as error:
        raise SvcError(f"the server's answer cannot be read: {error}") from None
