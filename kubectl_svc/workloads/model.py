"""What the rest of the program knows of the object that is exposed, whatever its kind."""

from __future__ import annotations

from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


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


class Workload(Value):
    """One object to expose, reduced to what a Service is derived from."""

    api_version: str = ""
    kind: str = ""
    name: str
    namespace: str = ""  # as the object says; empty when a file leaves it open
    uid: str = ""  # empty when a file leaves it open
    labels: Mapping[str, str]
    selector: Mapping[str, str]
    no_selector: str = ""  # why there is no selector to derive, in kubectl's words
    template_labels: Mapping[str, str] | None = None  # of its pods; None: it has no pod template
    containers: tuple[str, ...] = ()  # native sidecars last
    ports: tuple[WorkloadPort, ...] = ()
    keeps_ports: bool = False  # port names, targets and application protocols pass on to the Service
    governing_service: str = ""  # a StatefulSet's serviceName
    ordinals: range | None = None  # of its pods, where each pod has a name of its own
    ordinal: int | None = None  # of the one pod that is meant, if it is not all of them

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


NO_WORKLOAD = Workload(name="", labels={}, selector={})
"""What stands behind a Service of `kubectl svc create`."""
