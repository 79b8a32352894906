"""What an apply takes over first: fields that the same manager created, or by force those of who made the Service.

Ports merge by number and protocol. Without this, a Service whose ports somebody else wrote keeps them beside those that
are applied, even by force.
Source: client-go util/csaupgrade/upgrade.go; apimachinery meta/v1 `ManagedFieldsEntry`.
"""

from __future__ import annotations

from kubectl_svc.ownership.field_sets import fields_of, merged, owners_of, union, without
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from kubectl_svc.ownership.field_sets import FieldSet

    Entry = Mapping[str, Any]

_MAKERS_FIELDS = ("f:ports", "f:selector", "f:externalName")
"""Of the spec: whoever wrote one of these made the Service what it is."""


class Takeover(Value):
    """A change of owners, which changes no field.

    `managed_fields` are the Service's entries as they shall be, `own` all that is then the applier's, `others` all that
    is not.
    """

    managed_fields: Sequence[Entry]
    own: FieldSet
    others: FieldSet


def find_takeover(live: Mapping[str, Any], config: Mapping[str, Any], manager: str, *, force: bool) -> Takeover | None:
    """What the manager takes over of the live Service before it applies; None for nothing.

    That is what it wrote itself other than by applying. By force it is also the spec of everyone who made the Service,
    and what these wrote of the metadata that is applied too; nothing that was written through a subresource, as
    controllers do.
    """
    own: FieldSet = {}
    others: list[Entry] = []
    template: Entry = {}
    takes = False
    named = {**fields_of(config), "f:spec": {}}
    for entry in owners_of(live):
        fields = entry.get("fieldsV1") or {}
        if _is_of(entry, manager, "Apply"):
            own, template = union(own, fields), entry
        elif _is_of(entry, manager, "Update"):
            own, template, takes = union(own, fields), template or entry, True
        elif force and _is_makers(entry):
            own, template, takes = union(own, _common(fields, named)), template or entry, True
            left = _difference(fields, named)
            others += [{**entry, "fieldsV1": left}] if left else []
        else:
            others.append(entry)
    if not takes:
        return None
    applier = {**template, "manager": manager, "operation": "Apply", "fieldsV1": own}
    return Takeover(managed_fields=[applier, *others], own=own, others=_all_of(others))


def owned_by(live: Mapping[str, Any], manager: str) -> FieldSet:
    """The fields that the manager has applied."""
    return _all_of(entry for entry in owners_of(live) if _is_of(entry, manager, "Apply"))


def result_of(takeover: Takeover, live: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """The Service as an apply makes it after the takeover, but for what a server fills in."""
    kept = union(fields_of(config), takeover.others)
    return without(merged(live, config), takeover.own, kept)


def owners_after(takeover: Takeover, answer: Mapping[str, Any], config: Mapping[str, Any], manager: str) -> list[Entry]:
    """The managedFields of the Service after an apply, from a server's answer to `result_of` as an update."""
    applier = {**takeover.managed_fields[0], "fieldsV1": fields_of(config)}
    entries = answer["metadata"].get("managedFields") or ()
    others = [entry for entry in entries if not (_is_of(entry, manager, "Apply") or _is_of(entry, manager, "Update"))]
    # Appliers come first, the latest one last (apimachinery util/managedfields/internal `sortEncodedManagers`).
    return sorted([*others, applier], key=lambda entry: entry.get("operation") != "Apply")


def _is_of(entry: Entry, manager: str, operation: str) -> bool:
    return (entry.get("manager"), entry.get("operation")) == (manager, operation) and not entry.get("subresource")


def _is_makers(entry: Entry) -> bool:
    spec = (entry.get("fieldsV1") or {}).get("f:spec") or {}
    return not entry.get("subresource") and any(field in spec for field in _MAKERS_FIELDS)


def _all_of(entries: Iterable[Entry]) -> FieldSet:
    fields: FieldSet = {}
    for entry in entries:
        fields = union(fields, entry.get("fieldsV1") or {})
    return fields


def _common(fields: FieldSet, named: FieldSet) -> FieldSet:
    """The fields that are named, all of them where the names end."""
    if not named:
        return fields
    return {element: _common(inner, named[element]) for element, inner in fields.items() if element in named}


def _difference(fields: FieldSet, named: FieldSet) -> FieldSet:
    """The fields that are not named; what has nothing left but itself is gone too."""
    left = {}
    for element, inner in fields.items():
        if element not in named:
            left[element] = inner
        elif named[element]:
            rest = _difference(inner, named[element])
            if rest.keys() - {"."}:
                left[element] = rest
    return left
