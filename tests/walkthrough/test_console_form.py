"""Each field of the form in ACP's console by a flag, and every form that can be filled in by one command."""

from __future__ import annotations

import ipaddress
import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from tests.kinds import examples
from tests.svc import svc_here
from tests.walkthrough import recipe
from tests.walkthrough.stored import Place, applied, created, printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.cluster import Cluster
    from tests.walkthrough.recipe import FormRow

_REDIS = Path(__file__).parent / "redis.yaml"
_ROWS = recipe.form_rows(recipe.text())
# What the page says that the form offers.
_FIELDS = {
    "Virtual IP Address": ["on", "off"],
    "Type": ["ClusterIP", "NodePort", "ExternalName", "LoadBalancer"],
    "Target Component": ["Workload", "Virtualization: machine", "Virtualization: group", "Label Selector"],
    "Port: Protocol": ["TCP", "UDP", "HTTP", "HTTP2", "HTTPS", "gRPC"],
    "Port: Service Port": ["80"],
    "Port: Container Port": ["6379", "redis"],
    "Port: Service Port Name": ["generated, with a number", "generated, with a name"],
    "Session Affinity": ["off", "on"],
    "the whole form": [""],
}
_each_row = pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row.field}: {row.value}")


@pytest.fixture(scope="module")
def targets(stage: Cluster, custom_resources: frozenset[str]) -> Cluster:
    """A namespace with all that the form can have for a target."""
    del custom_resources  # it only has to be there
    stage.kubectl("create", "-f", str(_REDIS))
    examples.create(stage, "vm-testvm", "vm-pool")
    return stage


def _value(service: Any, path: str) -> Any:
    """The value at a path; None where it is not set, and for an address of the cluster what the table calls it."""
    found = service
    for key in path.split("."):
        found = found[int(key)] if key.isdigit() else found.get(key)
    return "<IP address>" if path == "spec.clusterIP" and _is_address(found) else found


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _given(service: Any, row: FormRow) -> dict[str, Any]:
    return {path: _value(service, path) for path in row.gives}


def test_the_recipe_has_every_field_of_the_form() -> None:
    """With everything that can be chosen there, in the form's order."""
    found: dict[str, list[str]] = {}
    for row in _ROWS:
        found.setdefault(row.field, []).append(row.value)
        assert row.gives
    assert list(found.items()) == list(_FIELDS.items())


@_each_row
def test_the_command_makes_what_the_form_makes(row: FormRow, targets: Cluster) -> None:
    """Stored by the program, and by the real kubectl from what a client dry run prints."""
    argv = recipe.words(row.command)
    place = Place(targets, targets)
    assert _given(created(place, argv, silent=False), row) == row.gives
    assert _given(applied(place, printed(targets, argv)), row) == row.gives


# Command and selector of each target, protocol and application protocol of each word of the form.
_TARGETS = {
    "workload": (
        ["expose", "-f", str(_REDIS), "--selector-from", "acp"],
        {"project.cpaas.io/name": "shop", "service.cpaas.io/name": "deployment-redis"},
    ),
    "machine": (["expose", "-f", examples.path("vm-testvm")], {"vmi.kubevirt.io/id": "testvm"}),
    "labels": (["create", "redis", "--selector", "environment=release"], {"environment": "release"}),
}
_PROTOCOLS = {
    "TCP": ("TCP", None),
    "UDP": ("UDP", None),
    "HTTP": ("TCP", "http"),
    "HTTP2": ("TCP", "kubernetes.io/h2c"),
    "HTTPS": ("TCP", "https"),
    "gRPC": ("TCP", "grpc"),
}


class _Form(NamedTuple):
    """The form filled in; `container_port` is a number or a name, as it is typed."""

    virtual_ip: bool
    type: str
    target: str
    protocol: str
    container_port: str
    affinity: bool


def _forms() -> Iterator[_Form]:
    """Every form that there is, less those that no server takes: without a virtual IP only ClusterIP."""
    types = ("ClusterIP", "NodePort", "LoadBalancer")
    ports = ("6379", "redis")
    for choice in itertools.product((True, False), types, _TARGETS, _PROTOCOLS, ports, (True, False)):
        form = _Form(*choice)
        if form.virtual_ip or form.type == "ClusterIP":
            yield form


def _argv(form: _Form) -> list[str]:
    """The command for a form, each field of which gives its own flag."""
    argv, _ = _TARGETS[form.target]
    return [
        *argv,
        *(() if form.virtual_ip else ("--headless",)),
        *("--type", form.type),
        *("--port", f"80:{form.container_port}/{form.protocol}"),
        *(("--session-affinity", "ClientIP") if form.affinity else ()),
    ]


def _promised(form: _Form) -> dict[str, Any]:
    protocol, app_protocol = _PROTOCOLS[form.protocol]
    return {
        "spec.clusterIP": "<IP address>" if form.virtual_ip else "None",
        "spec.type": form.type,
        "spec.selector": _TARGETS[form.target][1],
        "spec.ports.0.name": f"{form.protocol.lower()}-80-{form.container_port}",
        "spec.ports.0.port": 80,
        "spec.ports.0.targetPort": int(form.container_port) if form.container_port.isdigit() else form.container_port,
        "spec.ports.0.protocol": protocol,
        "spec.ports.0.appProtocol": app_protocol,
        "spec.sessionAffinity": "ClientIP" if form.affinity else "None",
    }


def test_every_form_is_one_command(stage: Cluster) -> None:
    """The fields stand beside each other: none changes what another gives, and the server takes them all."""
    forms = list(_forms())
    manifests = []
    for form in forms:
        code, out, err = svc_here(*_argv(form), "--dry-run=client", "-o", "json")
        assert code == 0, f"{form}: {err}"
        manifests.append(json.loads(out))
    items = json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests})
    done = stage.kubectl("create", "--dry-run=server", "-o", "yaml", "-f", "-", stdin=items)
    for form, service in zip(forms, yaml.safe_load_all(done.stdout), strict=True):
        promised = _promised(form)
        assert {path: _value(service, path) for path in promised} == promised, form
