"""A manifest of a kind that can be exposed, through kubectl's Go structs: what a value may be, wherever it stands.

kubectl refuses a whole manifest at its first value of a wrong type. Quantities are not looked into.
Source: k8s.io/api core/v1 and apps/v1 types.go, through `go_types`.
"""

from __future__ import annotations

from kubectl_svc.schema import (
    ALWAYS,
    BOOL,
    FILLED,
    GIVEN,
    INT32,
    INT64,
    INT_OR_STRING,
    MAP,
    OBJECT_META,
    STRING,
    TIME,
    AnyMap,
    List,
    Raw,
    Struct,
    Text,
)
from kubectl_svc.value import Value
from kubectl_svc.workloads.go_types import STRUCTS
from kubectl_svc.workloads.kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.schema import Type

_TYPES: dict[str, Type] = {
    "string": STRING, "int32": INT32, "int64": INT64, "bool": BOOL, "map": MAP, "meta": OBJECT_META,
    "intstr": INT_OR_STRING, "time": TIME, "raw": Raw(),
}  # fmt: skip
_LIST_META = Struct(
    name="ListMeta",
    fields={
        "selfLink": (STRING, FILLED),
        "resourceVersion": (STRING, FILLED),
        "continue": (STRING, FILLED),
        "remainingItemCount": (INT64, GIVEN),
    },
)


class _Reference(Value):
    """A struct by its name: made when a manifest first comes to it, because most manifests come to a dozen of 150."""

    name: str

    @property
    def go(self) -> str:
        return f"v1.{self.name}"

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        """As Struct.read."""
        return _struct(self.name).read(value, place, problems)


def _struct(name: str) -> Struct:
    known = _TYPES.get(f"struct {name}")
    if not isinstance(known, Struct):
        fields, embedded = {}, {}
        for path, _, word in (field.partition(":") for field in STRUCTS[name].split()):
            within, dot, field = path.rpartition(".")
            fields[field] = (_type(word.removesuffix("?")), GIVEN if word.endswith("?") else FILLED)
            if dot:
                embedded[field] = f"{within}."
        known = Struct(name=name, fields=fields, embedded=embedded)
        _TYPES[f"struct {name}"] = known  # what a name means never changes
    return known


def _type(word: str) -> Type:
    if word.startswith("[]"):
        return List(item=_type(word[2:]))
    if word.startswith("{}"):
        return AnyMap(go=word[2:])
    if word.startswith("="):
        return Text(go=word[1:])
    return _TYPES.get(word) or _Reference(name=word)


def _object(api_version: str, kind: str) -> Struct:
    """The struct of a kind; of one that cannot be exposed, only its metadata."""
    if kind_of(api_version, kind):
        return _struct(kind)
    return Struct(name=kind, fields={"metadata": (OBJECT_META, FILLED)})


def read_object(api_version: str, kind: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest through its Go struct, with the apiVersion and kind that are given; other kinds keep only metadata.

    Raises ValueError with Go's words for the first value of a wrong type.
    """
    struct = _object(api_version, kind)
    return {"apiVersion": api_version, "kind": kind, **_read(struct, manifest)}


def read_items(api_version: str, kind: str, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of a typed list such as `PodList`, each as `read_object` gives it. Raises ValueError."""
    item_kind = kind.removesuffix("List")
    struct = _object(api_version, item_kind)
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
