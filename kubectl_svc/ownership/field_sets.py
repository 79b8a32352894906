"""Sets of fields as managedFields write them (FieldsV1), for Services.

`f:NAME` is a field, `k:{...}` an item of a list by its keys, `v:...` an item of a set, and `.` stands in an item or map
that is in the set itself. Source: structured-merge-diff fieldpath/serialize.go, typed/merge.go and merge/update.go
(`prune`), with the merge keys of core/v1 `ServiceSpec` and meta/v1 `ObjectMeta`.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    FieldSet = Mapping[str, Any]
    """Field sets of what is inside, by path element; empty for a value that is owned as a whole."""

_KEYS = {"ports": ("port", "protocol"), "ownerReferences": ("uid",)}
_KEY_DEFAULTS = {"protocol": "TCP"}
_SETS = ("finalizers",)
_LISTS = (*_KEYS, *_SETS)
_ATOMIC = ("selector",)  # and the items of ownerReferences
# What nobody owns (apimachinery util/managedfields/internal/stripmeta.go).
_OWNERLESS = (
    "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
)  # fmt: skip


def owners_of(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of who owns what of a live Service, as a server sees them when somebody applies.

    All that nobody owns is then `before-first-apply`'s (apimachinery util/managedfields/internal/skipnonapplied.go).
    """
    entries: list[dict[str, Any]] = service["metadata"].get("managedFields") or []
    unowned = {"apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": fields_of(service)}
    return entries or [{"manager": "before-first-apply", "operation": "Update", **unowned}]


def fields_of(config: Mapping[str, Any]) -> FieldSet:
    """What whoever applies this Service owns of it."""
    metadata = {name: value for name, value in config.get("metadata", {}).items() if name not in _OWNERLESS}
    owned = {"metadata": metadata, "spec": config.get("spec", {})}
    return {f"f:{name}": _fields(name, value) for name, value in owned.items() if value}


def union(one: FieldSet, other: FieldSet) -> FieldSet:
    """The fields of both."""
    both = dict(one)
    for element, inner in other.items():
        both[element] = union(both[element], inner) if element in both else inner
    return both


def merged(live: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """The live Service with all that is applied in it."""
    result: dict[str, Any] = _merged("", live, config)
    return result


def without(value: Mapping[str, Any], fields: FieldSet, kept: FieldSet) -> dict[str, Any]:
    """The Service without these fields, but for those that are kept, which others own or which were applied again."""
    result: dict[str, Any] = _without("", value, fields, kept)
    return result


def _fields(name: str, value: Any) -> FieldSet:
    if isinstance(value, dict) and name not in _ATOMIC:
        return {f"f:{field}": _fields(field, inner) for field, inner in value.items()}
    if name == "ports":
        return {element: {".": {}, **_fields("", item)} for element, item in _items(name, value).items()}
    return {element: {} for element in _items(name, value)} if name in _LISTS else {}


def _items(name: str, items: Sequence[Any]) -> dict[str, Any]:
    """The items of a list that is merged, by their path elements."""
    return {_element(name, item): item for item in items}


def _element(name: str, item: Any) -> str:
    if name in _SETS:
        return f"v:{_compact(item)}"
    return f"k:{_compact({key: item.get(key, _KEY_DEFAULTS.get(key)) for key in _KEYS[name]})}"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def _merged(name: str, live: Any, config: Any) -> Any:
    if isinstance(live, dict) and isinstance(config, dict) and name not in _ATOMIC:
        added = {field: _merged(field, live.get(field), value) for field, value in config.items()}
        return {**live, **added}
    if live and name in _LISTS:
        before, after = _items(name, live), _items(name, config)
        items = {**before, **after}
        if name == "ports":
            items = {element: _merged("", before.get(element), after.get(element)) for element in items}
        return [items[element] for element in _order([*before], [*after])]
    return live if config is None else config


def _order(before: list[str], after: list[str]) -> list[str]:
    """Both lists in one: the order of the second, and what only the first has where it stood (`visitListItems`)."""
    order: list[str] = []
    shared = [element for element in after if element in before]
    left = right = 0
    while left < len(before) and right < len(after):
        old, new = before[left], after[right]
        if old not in after:
            order.append(old)
            left += 1
        elif old != new and (old in order or (shared and shared[0] != old)):
            left += 1
        else:
            left += old == new
            right += 1
            order.append(new)
            shared = shared[1:] if shared[:1] == [new] else shared
    rest = (element for element in before[left:] if element not in after)
    return [*order, *after[right:], *rest]


def _without(name: str, value: Any, fields: FieldSet, kept: FieldSet) -> Any:
    if isinstance(value, dict):
        parts = {field: _part(field, inner, f"f:{field}", fields, kept) for field, inner in value.items()}
        return {field: part for field, part in parts.items() if part is not None}
    if isinstance(value, list) and name in _LISTS:
        parts = {element: _part("", item, element, fields, kept) for element, item in _items(name, value).items()}
        return [part for part in parts.values() if part is not None]
    return value


def _part(name: str, value: Any, element: str, fields: FieldSet, kept: FieldSet) -> Any:
    """What is left of a part; None for nothing."""
    if element not in fields:
        return value
    inner = fields[element]
    if element not in kept and (not inner or "." in inner):
        return None
    left = _without(name, value, inner, kept.get(element, {}))
    return None if value and not left else left
