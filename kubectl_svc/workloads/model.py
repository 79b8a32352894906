"""What the rest of the program knows of the object that is exposed, whatever its kind."""

from __future__ import annotations

from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.errors import SvcError


class Resource(Value):
    """An API resource and the words it is called by (discovery's `APIResource`)."""

    group: str  # empty for the core group
    version: str
    kind: str
    plural: str
    singular: str
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    namespaced: bool = True
    has_scale: bool = False  # a subresource `scale`

    @property
    def api_version(self) -> str:
        """`v1`, `apps/v1`, ..."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def group_kind(self) -> str:
        """`Pod`, `Deployment.apps`, ...: how messages name a kind."""
        return group_kind(self.group, self.kind)

    def path(self, namespace: str, name: str = "") -> tuple[str, ...]:
        """The segments of the URL of one object, or of the collection when `name` is empty."""
        root = ("apis", self.group, self.version) if self.group else ("api", self.version)
        place = ("namespaces", namespace) if self.namespaced and namespace else ()
        return (*root, *place, self.plural, *((name,) if name else ()))


def group_kind(group: str, kind: str) -> str:
    """A kind with its group, as apimachinery's GroupKind prints it."""
    return f"{kind}.{group}" if group else kind


class WorkloadPort(Value):
    """A port that a workload declares: of a container, or of the Service that is copied."""

    number: int
    protocol: str = "TCP"
    name: str = ""
    target: int | str = 0  # the source Service's targetPort; 0: the number itself
    app_protocol: str = ""
    container: str = ""
    sidecar: bool = False  # of a native sidecar, which kubectl passes over


class PortRange(Value):
    """Ports that are let through, from the first to the last."""

    first: int
    last: int
    protocol: str = "TCP"

    def __str__(self) -> str:
        """`1000-8000/TCP`."""
        return f"{self.first}-{self.last}/{self.protocol}"


class Reference(Value):
    """Another object of the same namespace, as an object refers to it."""

    api_version: str
    kind: str
    name: str

    @property
    def argument(self) -> str:
        """`deployment/web`: how a command line names it. The group tells namesakes of other projects apart."""
        group = self.api_version.rpartition("/")[0]
        return f"{group_kind(group if '.' in group else '', self.kind).lower()}/{self.name}"

    def __str__(self) -> str:
        """`Deployment "web"`: how messages name it."""
        return f"{self.kind} {quote(self.name)}".lstrip()


class Workload(Value):
    """One object to expose, reduced to what a Service is derived from."""

    api_version: str = ""
    kind: str = ""
    name: str
    namespace: str = ""  # as the object says; empty when a file leaves it open
    uid: str = ""  # empty when a file leaves it open
    labels: Mapping[str, str]
    selector: Mapping[str, str]
    no_selector: str = ""  # why there is no selector to derive, in kubectl's words where it has any
    unsure: str = ""  # why the selector may not be the right one, and what to do
    unreachable: str = ""  # why no Service reaches it at all
    controller: Reference | None = None  # what replaces this object by others, and lasts longer
    selector_stays: bool = False  # whatever the controller replaces it by
    selector_ends: bool = False  # with this object: the pods of the controller's next one have other labels
    template_labels: Mapping[str, str] | None = None  # of its pods; None: it has no pod template
    containers: tuple[str, ...] = ()  # native sidecars last
    ports: tuple[WorkloadPort, ...] = ()
    no_ports: str = ""  # why there are none to derive, where that is worth a word
    keeps_ports: bool = False  # port names, targets and application protocols pass on to the Service
    keeps_names: bool = False  # the names of ports that are derived pass on
    filters_ports: bool = False  # traffic to other ports than these and those of the ranges is lost on the way
    port_ranges: tuple[PortRange, ...] = ()
    named_ports: tuple[WorkloadPort, ...] | None = None  # all whose names a target can be; None: not looked into
    stands_for: Reference | None = None  # what has its pod template
    replicas: int | None = None  # as the object says; None where it leaves that open, or has none
    host_network: bool = False  # its pods have no addresses of their own
    governing_service: str = ""  # a StatefulSet's serviceName
    ordinals: tuple[range, ...] | None = None  # of its pods, where each pod has a name of its own
    ordinal: int | None = None  # of the one pod that is meant, if it is not all of them

    @property
    def reference(self) -> Reference:
        """What another object would refer to it by."""
        return Reference(api_version=self.api_version, kind=self.kind, name=self.name)

    @property
    def exists(self) -> bool:
        """Whether there is an object at all."""
        return bool(self.kind)

    def __str__(self) -> str:
        """`Deployment "web"`: how messages name it."""
        return f"{self.kind} {quote(self.name)}"


def described(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a Workload that every object has: its apiVersion, its kind, its metadata."""
    metadata = manifest.get("metadata") or {}
    return {
        "api_version": manifest["apiVersion"],
        "kind": manifest["kind"],
        "name": metadata.get("name") or "",
        "namespace": metadata.get("namespace") or "",
        "uid": metadata.get("uid") or "",
        "labels": metadata.get("labels") or {},
    }


def unnamed(manifest: Mapping[str, Any]) -> str:
    """`the Job with generateName "import-"`: how messages name an object that has no name yet."""
    beginning = (manifest.get("metadata") or {}).get("generateName")
    return f"the {manifest['kind']}" + (f" with generateName {quote(beginning)}" if beginning else "")


def reason_of(error: SvcError) -> str:
    """Why something is not to be had, as a part of a sentence: one line, and no capital that begins a sentence."""
    text = " ".join(str(error).split()).removesuffix(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def controller_of(manifest: Mapping[str, Any]) -> Reference | None:
    """The object's controller (apimachinery meta/v1 `OwnerReference`).

    A node, which the pods that a kubelet makes of its own files name, replaces nothing.
    """
    for owner in (manifest.get("metadata") or {}).get("ownerReferences") or ():
        if owner.get("controller") and owner.get("kind") != "Node":
            return reference_to(owner)
    return None


def reference_to(fields: Mapping[str, Any]) -> Reference:
    """The reference that an object's fields of these names make; what is left open is empty."""
    return Reference(
        api_version=fields.get("apiVersion") or "", kind=fields.get("kind") or "", name=fields.get("name") or ""
    )


NO_WORKLOAD = Workload(name="", labels={}, selector={})
"""What stands behind a Service of `kubectl svc create`."""
