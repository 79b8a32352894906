"""What is said of a refusal: whose the fields are that stand in the way, and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from kubectl_svc.errors import StatusError
from kubectl_svc.ownership.conflicts import (
    conflicts_with_others,
    explain,
    find_hints,
    find_leftovers,
    find_losses,
    is_stale,
)
from kubectl_svc.ownership.field_managers import FieldManager
from kubectl_svc.ownership.takeover import find_takeover

_PORT_80 = 'k:{"port":80,"protocol":"TCP"}'
_PATH_80 = '.spec.ports[port=80,protocol="TCP"]'
_CONFIG: dict[str, Any] = {"metadata": {"name": "web"}, "spec": {"ports": [{"port": 81, "protocol": "TCP"}]}}
_HELM = FieldManager(
    manager="helm",
    operation="Update",
    time="2026-11-30T10:00:00Z",
    fields={"f:spec": {"f:type": {}, "f:loadBalancerSourceRanges": {}, "f:ports": {_PORT_80: {".": {}, "f:port": {}}}}},
)
_PATCH = FieldManager(manager="p", operation="Apply", fields={"f:spec": {"f:ports": {_PORT_80: {"f:nodePort": {}}}}})


def _refusal(reason: str, *causes: tuple[str, str], **fields: str) -> StatusError:
    listed = [{"field": field, "message": message} for field, message in causes]
    return StatusError({"reason": reason, "message": "no", "details": {**fields, "causes": listed}})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(
            _refusal(
                "Conflict", (".spec.type", 'conflict with "helm" using v1'), (".x", 'conflict with "me" using v1')
            ),
            [(".spec.type", 'conflict with "helm" using v1')],
            id="what we wrote ourselves does not count",
        ),
        pytest.param(
            _refusal(
                "Invalid", ("spec.ports[0].name", "Required value"), ("spec.ports[0].nodePort", "Duplicate value")
            ),
            [(_PATH_80, 'conflict with "helm" using v1')],
            id="a port beside ours; who has a part of it is not in the way",
        ),
        pytest.param(
            _refusal("Invalid", ("spec.LoadBalancerSourceRanges", "Forbidden")),
            [(".spec.loadBalancerSourceRanges", 'conflict with "helm" using v1')],
            id="a field that the command does not say, in the server's spelling",
        ),
        pytest.param(
            _refusal("Invalid", ("spec.ports[0].port", "Invalid value")), [], id="what the command says itself"
        ),
        pytest.param(_refusal("Invalid", ("metadata.labels", "Invalid value")), [], id="not of the spec"),
        pytest.param(_refusal("Invalid"), [], id="no fields at all"),
        pytest.param(_refusal("Forbidden", ("spec.ports[0].name", "Required value")), [], id="another refusal"),
    ],
)
def test_conflicts(error: StatusError, expected: list[tuple[str, str]]) -> None:
    """Field and owner, or nothing."""
    assert conflicts_with_others(error, _CONFIG, (_HELM, _PATCH), "me") == expected


def test_conflicts_in_words() -> None:
    """Sorted, each once, with the time where it is known."""
    conflicts = [(".b", _PATCH.conflict), (".a", _HELM.conflict), (".b", _PATCH.conflict)]
    error = explain(conflicts, _CONFIG, (_HELM, _PATCH))
    assert error.summary == 'Apply failed with 2 conflicts in Service "web"'
    assert error.problems == ('.a: conflict with "helm" using v1 since 2026-11-30T10:00:00Z', '.b: conflict with "p"')


@pytest.mark.parametrize(
    ("live", "result", "expected"),
    [
        pytest.param({"type": "NodePort"}, {"type": "ClusterIP"}, [], id="another value is the server's to tell"),
        pytest.param({"type": "NodePort"}, {}, [".spec.type"], id="gone"),
        pytest.param({}, {}, [], id="owned, but not there"),
        pytest.param(
            {"ports": [{"port": 80, "nodePort": 1}]}, {"ports": [{"port": 80}]}, [f"{_PATH_80}.nodePort"], id="a part"
        ),
        pytest.param({"ports": [{"port": 80}]}, {"ports": [{"port": 81}]}, [_PATH_80], id="a port"),
    ],
)
def test_losses(live: dict[str, Any], result: dict[str, Any], expected: list[str]) -> None:
    """The paths of what others own and what is gone."""
    losses = find_losses({"metadata": {}, "spec": live}, {"metadata": {}, "spec": result}, (_HELM, _PATCH))
    assert [path.removesuffix(".port") for path, _ in losses] == expected


@pytest.mark.parametrize(
    ("error", "is_it"),
    [
        (_refusal("Conflict"), True),
        (_refusal("Conflict", (".spec.type", "conflict")), False),
        (_refusal("NotFound", kind="services"), True),
        (_refusal("NotFound", kind="namespaces"), False),
        (_refusal("Invalid"), False),
    ],
)
def test_what_is_looked_at_anew(error: StatusError, is_it: bool) -> None:
    """A Service that changed or went; not one whose fields are others', and no missing namespace."""
    assert is_stale(error) == is_it


_IN_PLACE = (
    "a Service does not change this in place: leave that out to keep it as it is; or delete the Service, which loses "
    "its addresses and node ports, and run this again with --apply"
)
_SINGLE = "--ip-family-policy SingleStack gives up the second IP family"


@pytest.mark.parametrize(
    ("cause", "spec", "expected"),
    [
        (("spec.clusterIPs[0]", "Invalid value: x: may not change once set"), {"clusterIPs": ["x"]}, [_IN_PLACE]),
        (("spec.clusterIPs[0]", "may not be set to 'None' for NodePort services"), {}, [_IN_PLACE]),
        (("spec.clusterIPs[0]", "may not be set to 'None' for NodePort services"), {"clusterIP": "None"}, []),
        (("spec.clusterIPs[0]", "may not be set to 'None' for NodePort services"), {"clusterIPs": ["None"]}, []),
        (("spec.ipFamilyPolicy", "must be 'SingleStack' to release the secondary IP family"), {}, [_SINGLE]),
        (("spec.ipFamilyPolicy", "to release the secondary"), {"ipFamilyPolicy": "PreferDualStack"}, [_IN_PLACE]),
        (("metadata.uid", "field is immutable"), {}, []),
    ],
)
def test_hints(cause: tuple[str, str], spec: dict[str, Any], expected: list[str]) -> None:
    """What to do, where there is something."""
    live = {"metadata": {"namespace": "lab"}, "spec": {"type": "ClusterIP"}}
    config = {"metadata": {"name": "web"}, "spec": spec}
    assert find_hints(_refusal("Invalid", cause), config, live, (_HELM,)) == expected
    live["spec"]["type"] = "NodePort"
    owned = 'this command does not say spec.type, which is NodePort; "helm" owns it since 2026-11-30T10:00:00Z'
    assert find_hints(_refusal("Invalid", cause), config, live, (_HELM,)) == [*expected, owned]
    assert find_hints(_refusal("Forbidden", cause), config, live, (_HELM,)) == []


def test_leftovers() -> None:
    """A port of others, whoever of them; what the server keeps; and nothing of what the command says."""
    entries = [_HELM.entry(), _HELM.but(manager="b", time="").entry(), _PATCH.entry()]
    entries.append(FieldManager(manager="me", operation="Apply", fields={"f:spec": {"f:ipFamilyPolicy": {}}}).entry())
    spec = {"clusterIP": "None", "ipFamilyPolicy": "PreferDualStack", "externalName": "db.example.com"}
    live = {"metadata": {"managedFields": entries}, "spec": spec}
    takeover = find_takeover(live, _CONFIG, "me", force=False)
    port, *others = find_leftovers(live, _CONFIG, takeover)
    whose = '"helm" owns since 2026-11-30T10:00:00Z and "b" owns'
    assert port == f'Service "web" keeps port 80/TCP, which {whose}; --force-conflicts drops it'
    assert [sentence.split()[2:4] for sentence in others] == [
        ["stays", "headless:"],
        ["stays", "a"],
        ["stays", "PreferDualStack:"],
    ]
    said = {"metadata": {"name": "web"}, "spec": {**spec, "ports": [{"port": 80}]}}
    assert find_leftovers(live, said, takeover) == []
