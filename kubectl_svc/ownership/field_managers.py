"""Who owns which fields of a live Service: its managedFields, read once.

Source: apimachinery meta/v1 `ManagedFieldsEntry`; the words are those of util/managedfields/internal/conflict.go.
"""

from __future__ import annotations

from kubectl_svc.golang import quote
from kubectl_svc.ownership.field_sets import fields_of, read_field_set
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.ownership.field_sets import FieldSet


class FieldManager(Value):
    """One entry of managedFields. `operation` is Apply or Update; `time` is empty where the server keeps none."""

    manager: str
    operation: str
    subresource: str = ""
    api_version: str = "v1"
    time: str = ""
    fields: FieldSet

    @property
    def spec(self) -> FieldSet:
        """What it owns of the spec."""
        spec: FieldSet = self.fields.get("f:spec", {})
        return spec

    @property
    def conflict(self) -> str:
        """The server's words for a conflict with it."""
        using = f" using {self.api_version}" if self.operation == "Update" else ""
        return f"conflict with {self}{using}"

    @property
    def since(self) -> str:
        """The end of a sentence about what it owns; nothing where no time is known."""
        return f" since {self.time}" if self.time else ""

    def __str__(self) -> str:
        """How messages name it."""
        return quote(self.manager) + (f" with subresource {quote(self.subresource)}" if self.subresource else "")

    def is_of(self, manager: str, operation: str) -> bool:
        """Whether it is this manager's, by this operation, on the Service itself."""
        return (self.manager, self.operation, self.subresource) == (manager, operation, "")

    def entry(self) -> dict[str, Any]:
        """The entry of managedFields that says so."""
        written = {
            "manager": self.manager,
            "operation": self.operation,
            "apiVersion": self.api_version,
            "time": self.time,
            "fieldsType": "FieldsV1",
            "fieldsV1": self.fields,
            "subresource": self.subresource,
        }
        return {name: value for name, value in written.items() if value != ""}


def field_managers_of(service: Mapping[str, Any]) -> list[FieldManager]:
    """All of them, as a server sees them when somebody applies.

    What nobody owns is then `before-first-apply`'s (apimachinery util/managedfields/internal/skipnonapplied.go).
    """
    entries = [entry for entry in service["metadata"].get("managedFields") or () if entry]
    if not entries:
        return [FieldManager(manager="before-first-apply", operation="Update", fields=fields_of(service))]
    return [
        FieldManager(
            manager=entry.get("manager") or "",
            operation=entry.get("operation") or "",
            subresource=entry.get("subresource") or "",
            api_version=entry.get("apiVersion") or "",
            time=entry.get("time") or "",
            fields=read_field_set(entry.get("fieldsV1")),
        )
        for entry in entries
    ]
