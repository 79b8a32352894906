"""A manifest of a kind that can be exposed, through kubectl's Go structs: what a value may be, wherever it stands.

kubectl refuses a whole manifest at its first value of a wrong type. Quantities are not looked into.
"""

from __future__ import annotations

from kubectl_svc.go_structs import Raw, Struct, Type, decode, list_of, struct, struct_of
from kubectl_svc.go_types import STRUCTS
from kubectl_svc.workloads.kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_TYPE_META = "TypeMeta.kind:string TypeMeta.apiVersion:string"
_METADATA = "metadata:ObjectMeta!"
_POD_TEMPLATE = ("v1", "PodTemplate")
_CUSTOM = f"{_METADATA} spec:raw"


def read_object(api_version: str, kind: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields of a manifest, with the apiVersion and kind that are given.

    Of kinds that are neither exposed nor referred to it is only the metadata.
    Raises ValueError with Go's words for the first value of a wrong type.
    """
    row = kind_of(api_version, kind)
    if (api_version, kind) == _POD_TEMPLATE:  # a Rollout may refer to it
        return _read(api_version, kind, struct(kind), manifest)
    return _read(api_version, kind, struct(row.struct) if row else struct_of(kind, _METADATA), manifest)


def read_custom_object(api_version: str, kind: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a manifest, and its `spec` as it stands there, but a pod template in it as Go reads that.

    Raises ValueError with Go's words for the first value of a wrong type.
    """
    found = _read(api_version, kind, struct_of(kind, _CUSTOM), manifest)
    if has_pod_template(found):
        found["spec"] = found["spec"] | {"template": decode(struct("PodTemplateSpec"), found["spec"]["template"])}
    return found


def has_pod_template(manifest: Mapping[str, Any]) -> bool:
    """Whether `spec.template` of a manifest, whose values may be of any type, is the template of a pod."""
    containers: Any = manifest
    for name in ("spec", "template", "spec", "containers"):
        containers = containers.get(name) if isinstance(containers, dict) else None
    return isinstance(containers, list) and bool(containers)


def _read(api_version: str, kind: str, fields: Struct, manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, **decode(fields, manifest)}


def read_items(api_version: str, kind: str, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of a typed list such as `PodList`, each as `read_object` gives it. Raises ValueError."""
    item_kind = kind.removesuffix("List")
    fields = STRUCTS[item_kind] if kind_of(api_version, item_kind) else _METADATA
    items = _items(kind, struct_of(item_kind, f"{_TYPE_META} {fields}"), manifest)
    return [{**item, "apiVersion": api_version, "kind": item_kind} for item in items]


def read_raw_items(manifest: Mapping[str, Any]) -> list[Any]:
    """The items of a `List`, as they came. Raises ValueError."""
    return _items("List", Raw(go="runtime.RawExtension"), manifest)


def _items(kind: str, item: Type, manifest: Mapping[str, Any]) -> list[Any]:
    """The items of a list; what is wrong with its metadata counts as well."""
    items: list[Any] = []
    problems: list[str] = []
    for name, value in manifest.items():
        if name == "metadata" and value is not None:
            struct("ListMeta").read(value, (kind, name), problems)
        elif name == "items" and value is not None:
            items = list_of(item).read(value, (kind, name), problems)
    if problems:
        raise ValueError(problems[0])
    return items
