"""Entries of managedFields, read and written."""

from __future__ import annotations

from typing import Any

from kubectl_svc.ownership.field_managers import FieldManager, field_managers_of

_ENTRY = {
    "manager": "kubectl-edit",
    "operation": "Update",
    "apiVersion": "v1",
    "time": "2026-11-30T10:00:00Z",
    "fieldsType": "FieldsV1",
    "fieldsV1": {"f:spec": {"f:type": {}}},
}


def _of(*entries: Any) -> list[FieldManager]:
    return field_managers_of({"metadata": {"managedFields": list(entries)}, "spec": {}})


def test_what_is_read_is_written() -> None:
    """Field by field, with a subresource and without."""
    for entry in (_ENTRY, {**_ENTRY, "subresource": "status"}, {**_ENTRY, "operation": "Apply"}):
        (read,) = _of(entry)
        assert read.entry() == entry


def test_the_words_for_a_conflict() -> None:
    """As servers have them (`printManager`)."""
    (update, applied, status) = _of(
        _ENTRY, {**_ENTRY, "operation": "Apply"}, {**_ENTRY, "operation": "Apply", "subresource": "status"}
    )
    assert update.conflict == 'conflict with "kubectl-edit" using v1'
    assert applied.conflict == 'conflict with "kubectl-edit"'
    assert status.conflict == 'conflict with "kubectl-edit" with subresource "status"'
    assert update.since == " since 2026-11-30T10:00:00Z"
    assert _of({**_ENTRY, "time": None})[0].since == ""


def test_where_nobody_is_known() -> None:
    """As a server sees it when somebody applies for the first time."""
    (manager,) = field_managers_of({"metadata": {"name": "web"}, "spec": {"type": "ClusterIP"}})
    assert (manager.manager, manager.operation) == ("before-first-apply", "Update")
    assert manager.fields == {"f:spec": {"f:type": {}}}
