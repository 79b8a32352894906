"""Sets of fields as managedFields write them (FieldsV1), for Services.

`f:NAME` is a field, `k:{...}` an item of a list by its keys, `v:...` an item of a set, and `.` stands in an item or map
that is in the set itself. Source: structured-merge-diff fieldpath/serialize.go, typed/merge.go and merge/update.go
(`prune`), with the merge keys of core/v1 `ServiceSpec` and meta/v1 `ObjectMeta`.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    FieldSet = Mapping[str, Any]
    """Field sets of what is inside, by path element; empty for a value that is owned as a whole."""

_KEYS = {"ports": ("port", "protocol"), "ownerReferences": ("uid",)}
_KEY_DEFAULTS = {"protocol": "TCP"}
_SETS = ("finalizers",)
_LISTS = (*_KEYS, *_SETS)
_ATOMIC = ("selector",)
_ATOMIC_ITEMS = ("ownerReferences",)
# What nobody owns (apimachinery util/managedfields/internal/stripmeta.go).
_OWNERLESS = (
    "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
)  # fmt: skip


def read_field_set(fields: Any) -> FieldSet:
    """The field set of an entry of managedFields; what is none is left out.

    Servers from before a list or map was one value wrote what is inside, which does not count any more
    (structured-merge-diff typed/reconcile_schema.go).
    """
    if not isinstance(fields, dict):
        return {}
    return {element: _read_inside(element, inner) for element, inner in fields.items() if _is_element(element)}


def _read_inside(element: str, inner: Any) -> FieldSet:
    name = element.removeprefix("f:")
    if name in _ATOMIC:
        return {}
    fields = read_field_set(inner)
    return {key: {} for key in fields} if name in _ATOMIC_ITEMS else fields


def _is_element(text: str) -> bool:
    if not text.startswith("k:"):
        return text == "." or text.startswith(("f:", "v:", "i:"))
    try:
        return isinstance(json.loads(text.removeprefix("k:")), dict)
    except (ValueError, RecursionError):
        return False


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


def common(one: FieldSet, other: FieldSet) -> FieldSet:
    """The fields of both; what one of them owns as a whole is all that the other one owns there."""
    shared = {}
    for element, inner in one.items():
        if element in other:
            inside = common(inner, other[element]) if other[element] else inner
            if inside or not inner:
                shared[element] = inside
    return shared


def difference(one: FieldSet, other: FieldSet) -> FieldSet:
    """The fields of the first that are not in the second; what has nothing left but itself is gone too."""
    left = {}
    for element, inner in one.items():
        if element not in other:
            left[element] = inner
        elif other[element]:
            rest = difference(inner, other[element])
            if rest.keys() - {"."}:
                left[element] = rest
    return left


def ordered(fields: FieldSet) -> FieldSet:
    """The fields in the order in which servers write them: names by their letters, items by their keys."""
    return {element: ordered(fields[element]) for element in sorted(fields, key=_place)}


def _place(element: str) -> tuple[str, Any]:
    kind, _, value = element.partition(":")
    return kind, (
        sorted((name, str(type(key)), key) for name, key in json.loads(value).items()) if kind == "k" else value
    )


def paths_of(fields: FieldSet, path: str = "") -> Iterator[str]:
    """Each field as servers name it: `.spec.ports[port=80,protocol="TCP"].nodePort`."""
    for element, inner in fields.items():
        if element != ".":
            here = path + path_element(element)
            yield from paths_of(inner, here) if inner.keys() - {"."} else (here,)


def path_element(element: str) -> str:
    """The element as a part of a path (structured-merge-diff fieldpath/element.go `String`)."""
    kind, _, value = element.partition(":")
    if kind == "f":
        return f".{value}"
    if kind == "k":
        keys = json.loads(value)
        return f"[{','.join(f'{name}={_compact(keys[name])}' for name in sorted(keys))}]"
    return f"[{'=' if kind == 'v' else ''}{value}]"


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
    if name not in _LISTS or value is None:
        return {}
    if name in _SETS or name in _ATOMIC_ITEMS:
        return {element: {} for element in _items(name, value)}
    return {element: {".": {}, **_fields("", item)} for element, item in _items(name, value).items()}


def _items(name: str, items: Sequence[Any]) -> dict[str, Any]:
    """The items of a list that is merged, by their path elements."""
    return {_element(name, item or {}): item for item in items}


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
        if name not in _ATOMIC_ITEMS:
            items = {element: _merged("", before.get(element), after.get(element)) for element in items}
        return [items[element] for element in _order([*before], [*after])]
    return live if config is None else config


def _order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Both lists in one: the order of the second, and what only the first has where it stood (`visitListItems`)."""
    order: list[str] = []
    rest = list(after)
    for element in before:
        if element not in after:
            order.append(element)
        elif element == next((one for one in rest if one in before), None):
            end = rest.index(element) + 1
            order, rest = [*order, *rest[:end]], rest[end:]
    return [*order, *rest]


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
    # An item is kept by who owns the item, not by who owns a part of it.
    is_kept = element in kept and (element[0] != "k" or not inner or "." in kept[element])
    if not is_kept and (not inner or "." in inner):
        return None
    left = _without(name, value, inner, kept.get(element, {}))
    return None if value and not left else left
