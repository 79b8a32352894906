"""What two appliers make of one Service on the real server, beside what we say that they make of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_svc.access.cluster import Cluster
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.ownership.field_sets import fields_of, merged, union, without
from kubectl_svc.request import ClusterFlags
from kubectl_svc.workloads.kinds import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.cluster import Cluster as Stage

_EXAMPLES = settings().max_examples
_PORTS = st.lists(st.sampled_from([(number, word) for number in (53, 80, 81) for word in ("TCP", "UDP")]), unique=True)


@pytest.fixture(scope="module")
def cluster(stage: Stage) -> Iterator[Cluster]:
    """Our own access to it."""
    transport = Transport(Kubeconfig(ClusterFlags(kubeconfig=stage.kubeconfig), os.environ, "").connection())
    yield Cluster(transport, lambda _: None)
    transport.close()


@st.composite
def _configs(draw: st.DrawFn) -> dict[str, Any]:
    """What somebody applies to the Service `web`."""
    ports = [
        {
            "port": number,
            "protocol": word,
            "name": f"{word.lower()}-{number}",
            "targetPort": draw(st.sampled_from((80, "x"))),
        }
        for number, word in draw(_PORTS.filter(bool))
    ]
    names = st.sampled_from("abc")
    metadata = {
        "name": "web",
        "labels": draw(st.dictionaries(names, names)),
        "annotations": draw(st.dictionaries(names, st.sampled_from(("", "x", "é\n")))),
        "finalizers": draw(st.lists(names.map("example.com/{}".format), unique=True)),
        "ownerReferences": [
            {"apiVersion": "v1", "kind": "ConfigMap", "name": letter, "uid": letter}
            for letter in draw(st.lists(names, unique=True))
        ],
    }
    spec = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "selector": st.dictionaries(names, names, min_size=1),
                "externalIPs": st.lists(st.sampled_from(("192.0.2.1", "192.0.2.2")), unique=True, min_size=1),
                "publishNotReadyAddresses": st.booleans(),
            },
        )
    )
    kept = {name: value for name, value in metadata.items() if value}
    return {"apiVersion": "v1", "kind": "Service", "metadata": kept, "spec": {**spec, "ports": ports}}


@pytest.fixture(scope="module")
def owners(stage: Stage) -> dict[str, str]:
    """The uids of three ConfigMaps: the garbage collector takes what belongs to nobody."""
    metadata = ({"name": letter} for letter in "abc")
    made = (stage.core.create_namespaced_config_map(stage.namespace, {"metadata": one}).metadata for one in metadata)
    return {one.name: one.uid for one in made}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=max(_EXAMPLES // 2, 1),
)
@given(configs=st.tuples(_configs(), _configs(), _configs()), patched=st.sampled_from(("", "first", "second")))
def test_merged_as_the_server_merges(
    configs: tuple[dict[str, Any], ...], patched: str, cluster: Cluster, stage: Stage, owners: dict[str, str]
) -> None:
    """By force, what the second one applies to what the first one made; then what is left when he applies the third.

    Somebody else may have patched a part of a port that the first or the second one made.
    """
    path = SERVICES.path(stage.namespace, "web")
    first, second, third = configs
    for config in configs:
        for owner in config["metadata"].get("ownerReferences", ()):
            owner["uid"] = owners.get(owner["uid"], owner["uid"])
    ours, theirs = {"fieldManager": "second", "force": "true"}, {"fieldManager": "first", "force": "true"}
    try:
        live = cluster.apply(path, first, theirs)
        if patched == "first":
            live = cluster.set_parts(path, {"/spec/ports/0/appProtocol": "http"}, {"fieldManager": "patch"})
        both = cluster.apply(path, second, ours)
        assert _compared(both) == _compared(merged(live, second))
        assert _fields(both, "second") == fields_of(second)
        if patched == "second":
            number = len(both["spec"]["ports"]) - 1
            both = cluster.set_parts(path, {f"/spec/ports/{number}/appProtocol": "http"}, {"fieldManager": "patch"})
        last = cluster.apply(path, third, ours)
        kept = union(union(fields_of(third), _fields(both, "first")), _fields(both, "patch"))
        expected = without(merged(both, third), _fields(both, "second"), kept)
        assert _compared(last) == _compared(expected)
    finally:
        stage.kubectl("patch", "service", "web", "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
        stage.kubectl("delete", "service", "web")


def _fields(service: dict[str, Any], manager: str) -> Any:
    """What the manager owns."""
    return next((one["fieldsV1"] for one in service["metadata"]["managedFields"] if one["manager"] == manager), {})


def _compared(service: dict[str, Any]) -> Any:
    """What is applied of a Service, less what a server fills in; a field that holds nothing is none."""
    metadata, spec = service["metadata"], service["spec"]
    spec = {**spec, "ports": [{"targetPort": port["port"], **port} for port in spec["ports"]]}
    return [
        *(metadata.get(name) or None for name in ("labels", "annotations", "finalizers", "ownerReferences")),
        *(spec.get(name) or None for name in ("ports", "selector", "externalIPs", "publishNotReadyAddresses")),
    ]
