"""The Go structs of the kinds that can be exposed, as far as exposing them looks: what a manifest may say there.

kubectl reads a whole manifest into these structs and refuses it at the first value of a wrong type, wherever that is;
here stand the fields that a Service is derived from, and those beside them where a type goes wrong easily.
Source: k8s.io/api core/v1 and apps/v1 types.go, apimachinery meta/v1 types.go.
"""

from __future__ import annotations

from kubectl_svc.schema import (
    ALWAYS,
    BOOL,
    FILLED,
    GIVEN,
    INT32,
    INT64,
    MAP,
    OBJECT_META,
    PROTOCOL,
    SERVICE_PORT,
    STRING,
    STRINGS,
    List,
    Raw,
    Struct,
    Text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_LIST_META = Struct(
    name="ListMeta",
    fields={
        "selfLink": (STRING, FILLED),
        "resourceVersion": (STRING, FILLED),
        "continue": (STRING, FILLED),
        "remainingItemCount": (INT64, GIVEN),
    },
)
_CONTAINER_PORT = Struct(
    name="ContainerPort",
    fields={
        "name": (STRING, FILLED),
        "hostPort": (INT32, FILLED),
        "containerPort": (INT32, ALWAYS),
        "protocol": (PROTOCOL, FILLED),
        "hostIP": (STRING, FILLED),
    },
)
_ENVIRONMENT_VARIABLE = Struct(name="EnvVar", fields={"name": (STRING, ALWAYS), "value": (STRING, FILLED)})
_CONTAINER = Struct(
    name="Container",
    fields={
        "name": (STRING, ALWAYS),
        "image": (STRING, FILLED),
        "command": (STRINGS, FILLED),
        "args": (STRINGS, FILLED),
        "ports": (List(item=_CONTAINER_PORT), FILLED),
        "env": (List(item=_ENVIRONMENT_VARIABLE), FILLED),
    },
)
_POD_SPEC = Struct(
    name="PodSpec",
    fields={
        "initContainers": (List(item=_CONTAINER), FILLED),
        "containers": (List(item=_CONTAINER), ALWAYS),
        "nodeSelector": (MAP, FILLED),
        "hostNetwork": (BOOL, FILLED),
    },
)
_POD_TEMPLATE = Struct(name="PodTemplateSpec", fields={"metadata": (OBJECT_META, FILLED), "spec": (_POD_SPEC, FILLED)})
_SELECTOR = Struct(
    name="LabelSelector",
    fields={
        "matchLabels": (MAP, FILLED),
        "matchExpressions": (
            List(
                item=Struct(
                    name="LabelSelectorRequirement",
                    fields={
                        "key": (STRING, ALWAYS),
                        "operator": (Text(go="v1.LabelSelectorOperator"), ALWAYS),
                        "values": (STRINGS, FILLED),
                    },
                )
            ),
            FILLED,
        ),
    },
)
_REPLICATED = {"replicas": (INT32, GIVEN), "minReadySeconds": (INT32, FILLED)}


def _object(kind: str, spec: Struct | None = None) -> Struct:
    return Struct(name=kind, fields={"metadata": (OBJECT_META, FILLED), **({"spec": (spec, FILLED)} if spec else {})})


_OBJECTS = {
    ("v1", "Pod"): _object("Pod", _POD_SPEC),
    ("v1", "Service"): _object(
        "Service",
        Struct(
            name="ServiceSpec",
            fields={
                "ports": (List(item=SERVICE_PORT), FILLED),
                "selector": (MAP, GIVEN),  # an empty one is not the same as none
            },
        ),
    ),
    ("v1", "ReplicationController"): _object(
        "ReplicationController",
        Struct(
            name="ReplicationControllerSpec",
            fields={**_REPLICATED, "selector": (MAP, FILLED), "template": (_POD_TEMPLATE, FILLED)},
        ),
    ),
    **{
        ("apps/v1", kind): _object(
            kind,
            Struct(
                name=f"{kind}Spec",
                fields={**_REPLICATED, "selector": (_SELECTOR, FILLED), "template": (_POD_TEMPLATE, FILLED)},
            ),
        )
        for kind in ("Deployment", "ReplicaSet")
    },
}


def read_object(api_version: str, kind: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest through its Go struct, with the apiVersion and kind that are given; other kinds keep only metadata.

    Raises ValueError with Go's words for the first value of a wrong type.
    """
    struct = _OBJECTS.get((api_version, kind)) or _object(kind)
    return {"apiVersion": api_version, "kind": kind, **_read(struct, manifest)}


def read_items(api_version: str, kind: str, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of a typed list such as `PodList`, each as `read_object` gives it. Raises ValueError."""
    item_kind = kind.removesuffix("List")
    struct = _OBJECTS.get((api_version, item_kind)) or _object(item_kind)
    items = _read(_list(kind, List(item=struct)), manifest)["items"]
    return [{"apiVersion": api_version, "kind": item_kind, **item} for item in items]


def read_raw_items(manifest: Mapping[str, Any]) -> list[Any]:
    """The items of a `List`, as they came. Raises ValueError."""
    items: list[Any] = _read(_list("List", List(item=Raw(go="runtime.RawExtension"))), manifest)["items"]
    return items


def _list(kind: str, items: List) -> Struct:
    return Struct(name=kind, fields={"metadata": (_LIST_META, FILLED), "items": (items, ALWAYS)})


def _read(struct: Struct, manifest: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[str] = []
    read = struct.read(manifest, ("", ""), problems)
    if problems:
        raise ValueError(problems[0])
    return read
