"""What an apply takes over first: fields that the same manager created, or by force those of who made the Service.

Ports merge by number and protocol. Without this, a Service whose ports somebody else wrote keeps them beside those that
are applied, even by force.
Source: client-go util/csaupgrade/upgrade.go.
"""

from __future__ import annotations

from kubectl_svc.ownership.field_managers import FieldManager, field_managers_of
from kubectl_svc.ownership.field_sets import common, difference, fields_of, merged, ordered, union, without
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from kubectl_svc.ownership.field_sets import FieldSet

    Service = Mapping[str, Any]

_MAKERS_FIELDS = ("f:ports", "f:selector", "f:externalName", "f:clusterIP")
"""Of the spec: whoever wrote one of these made the Service what it is."""


class Takeover(Value):
    """Whose the fields of a Service are when it is applied, which changes none of them.

    `applier` owns what the command may change and drop, `others` the rest. `is_needed` where the server does not have
    it so yet.
    """

    applier: FieldManager
    others: tuple[FieldManager, ...]
    is_needed: bool

    def managed_fields(self) -> list[dict[str, Any]]:
        """The managedFields that say so."""
        return [self.applier.entry(), *(other.entry() for other in self.others)]

    def result(self, live: Service, config: Service) -> dict[str, Any]:
        """The live Service as the apply then makes it, but for what a server fills in."""
        kept = fields_of(config)
        for other in self.others:
            kept = union(kept, other.fields)
        return {"metadata": {}, "spec": {}, **without(merged(live, config), self.applier.fields, kept)}

    def managed_fields_after(self, answer: Service, config: Service) -> list[dict[str, Any]]:
        """The managedFields after the apply, from a server's answer to `result` as an update."""
        name = self.applier.manager
        others = [one for one in field_managers_of(answer) if not _is_ours(one, name)]
        applier = self.applier.but(fields=ordered(fields_of(config)))
        # Appliers come first, the latest one last (apimachinery util/managedfields/internal `sortEncodedManagers`).
        return [one.entry() for one in sorted([*others, applier], key=lambda one: one.operation != "Apply")]


def find_takeover(
    live: Service, config: Service, manager: str, *, force: bool, obstacles: Collection[str] = ()
) -> Takeover:
    """What the manager takes over of the live Service before it applies.

    That is what it wrote itself other than by applying. By force it is also the spec of everyone who made the Service,
    and what these wrote of the metadata that is applied too; nothing that was written through a subresource, as
    controllers do. Fields of the spec that are `obstacles` are taken over from everybody else.
    """
    ours: list[FieldManager] = []
    others: list[FieldManager] = []
    of_makers = {**fields_of(config), "f:spec": {}}
    of_others: FieldSet = {"f:spec": {f"f:{name}": {} for name in obstacles}} if obstacles else {}
    for one in field_managers_of(live):
        is_maker = force and not one.subresource and any(field in one.spec for field in _MAKERS_FIELDS)
        taken = one.fields if _is_ours(one, manager) else common(one.fields, of_makers if is_maker else of_others)
        left = difference(one.fields, taken) if taken else one.fields
        ours += [one.but(fields=taken)] if taken else []
        others += [one.but(fields=left)] if left else []
    fields = fields_of({})
    for one in ours:
        fields = union(fields, one.fields)
    time = ours[-1].time if ours else ""
    applier = FieldManager(manager=manager, operation="Apply", time=time, fields=fields)
    is_needed = any(not one.is_of(manager, "Apply") for one in ours)
    return Takeover(applier=applier, others=tuple(others), is_needed=is_needed)


def _is_ours(one: FieldManager, manager: str) -> bool:
    return one.is_of(manager, "Apply") or one.is_of(manager, "Update")
