"""Whose the fields of a Service are before it is applied, and after."""

from __future__ import annotations

from typing import Any

from kubectl_svc.ownership.field_managers import FieldManager
from kubectl_svc.ownership.takeover import Takeover, find_takeover

_PORT = 'k:{"port":80,"protocol":"TCP"}'
_CONFIG: dict[str, Any] = {"metadata": {"name": "web", "labels": {"app": "web"}}, "spec": {"type": "NodePort"}}


def _manager(name: str, operation: str, spec: dict[str, Any] | None = None, *, subresource: str = "") -> FieldManager:
    fields = {"f:metadata": {"f:labels": {"f:app": {}, "f:team": {}}}, "f:spec": spec or {"f:type": {}}}
    return FieldManager(manager=name, operation=operation, subresource=subresource, fields=fields)


def _taken(*managers: FieldManager, force: bool = False, obstacles: tuple[str, ...] = ()) -> Takeover:
    live = {"metadata": {"managedFields": [one.entry() for one in managers]}, "spec": {}}
    return find_takeover(live, _CONFIG, "me", force=force, obstacles=obstacles)


_APPLIED = _manager("me", "Apply").but(time="2026-11-30T10:00:00Z")
_CREATED = _manager("me", "Update", {"f:sessionAffinity": {}})
_EXPOSED = _manager("kubectl-expose", "Update", {"f:type": {}, "f:ports": {_PORT: {".": {}, "f:port": {}}}})
_PATCHED = _manager("kubectl-patch", "Update", {"f:externalTrafficPolicy": {}})
_STATUS = _manager("me", "Update", {"f:ports": {}}, subresource="status")


def test_nothing_is_to_be_taken() -> None:
    """Of others, of what was written through a subresource, and of what was applied."""
    takeover = _taken(_APPLIED, _EXPOSED, _PATCHED, _STATUS)
    assert not takeover.is_needed
    assert takeover.applier == _APPLIED
    assert takeover.others == (_EXPOSED, _PATCHED, _STATUS)


def test_what_we_wrote_otherwise_is_taken() -> None:
    """Both entries become one."""
    for managers in ((_APPLIED, _CREATED), (_CREATED, _APPLIED)):
        takeover = _taken(*managers, _EXPOSED)
        assert takeover.is_needed
        assert (takeover.applier.manager, takeover.applier.operation) == ("me", "Apply")
        assert takeover.applier.spec == {"f:type": {}, "f:sessionAffinity": {}}
        assert takeover.others == (_EXPOSED,)


def test_by_force_the_makers_spec_is_taken() -> None:
    """And of the metadata what is applied; nothing of those who only changed something."""
    takeover = _taken(_EXPOSED, _PATCHED, _STATUS, force=True)
    assert takeover.is_needed
    assert takeover.applier.spec == _EXPOSED.spec
    assert takeover.applier.fields["f:metadata"] == {"f:labels": {"f:app": {}}}
    left, *others = takeover.others
    assert (left.manager, left.fields) == ("kubectl-expose", {"f:metadata": {"f:labels": {"f:team": {}}}})
    assert others == [_PATCHED, _STATUS]
    assert not _taken(_PATCHED, force=True).is_needed


def test_what_is_in_the_way_is_taken() -> None:
    """That field and no other."""
    takeover = _taken(_PATCHED.but(manager="a"), obstacles=("externalTrafficPolicy",), force=True)
    assert takeover.applier.fields == {"f:spec": {"f:externalTrafficPolicy": {}}}
    assert [one.fields for one in takeover.others] == [{"f:metadata": {"f:labels": {"f:app": {}, "f:team": {}}}}]
    assert _taken(_PATCHED, obstacles=("type",), force=True).others == (_PATCHED,)


def test_the_owners_after_an_apply() -> None:
    """Appliers first, the latest one last; what is applied is the applier's, in the server's order."""
    helm = _manager("helm", "Apply")
    takeover = _taken(_CREATED, helm, _PATCHED)
    answer = {"metadata": {"managedFields": [one.entry() for one in (_APPLIED, _PATCHED, _CREATED, helm)]}, "spec": {}}
    ports = [{"targetPort": 1, "port": 443, "protocol": "TCP"}, {"protocol": "TCP", "port": 80}]
    config = {"spec": {"ports": ports, "externalName": "x"}, "metadata": {"labels": {"b": "", "a": ""}}}
    entries = takeover.managed_fields_after(answer, config)
    assert [(one["manager"], one["operation"]) for one in entries] == [
        ("helm", "Apply"),
        ("me", "Apply"),
        ("kubectl-patch", "Update"),
    ]
    written = str(entries[1]["fieldsV1"])
    order = ("f:metadata", "f:a", "f:b", "f:spec", "f:externalName", "f:ports", ":80,", "'.'", ":443,", "f:targetPort")
    places = [written.index(part) for part in order]
    assert places == sorted(places)
