"""No node at all, or none that is ready: nodes are those of all tests, so that they are put back as they were."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.status import setups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.control_plane.cluster import Cluster
    from tests.status.setups import Place

    PlaceIn = Callable[[Cluster, str], Place]


@contextlib.contextmanager
def _without_ready_nodes(cluster: Cluster) -> Iterator[list[str]]:
    """None of the server's nodes is ready while the context is open."""
    before = {each.metadata.name: _readiness(each) for each in cluster.core.list_node().items}
    try:
        for name in before:
            setups.report_node(cluster, name, is_ready=False)
        yield sorted(before)
    finally:
        for name, is_ready in before.items():
            setups.report_node(cluster, name, is_ready=is_ready)


def _readiness(node: Any) -> bool | None:
    found = [each.status == "True" for each in node.status.conditions or () if each.type == "Ready"]
    return found[0] if found else None


@contextlib.contextmanager
def _without_nodes(cluster: Cluster) -> Iterator[None]:
    """The server has no nodes while the context is open."""
    client = cluster.core.api_client
    before = [client.sanitize_for_serialization(each) for each in cluster.core.list_node().items]
    try:
        cluster.core.delete_collection_node()
        yield
    finally:
        for each in before:
            about = {key: each["metadata"].get(key) for key in ("name", "labels", "annotations")}
            cluster.core.create_node({"metadata": about, "spec": each["spec"]})
            cluster.core.patch_node_status(about["name"], {"status": each.get("status", {})})


@pytest.mark.parametrize("kind", ["ClusterIP", "NodePort"])
def test_none_is_ready(kind: str, stage: Cluster, place_in: PlaceIn) -> None:
    """The pods are not ready because their nodes are not; that is said once, before what the pods are."""
    place = place_in(stage, f"lost-{kind.lower()}")
    place.pod(state=setups.unready(setups.running(ready=False)))
    name = place.service(type=kind)
    with _without_ready_nodes(stage) as nodes:
        seen = place.status(name)
        assert (seen.codes, seen.exit_code) == (["NoNodeReady"], 1)
        (diagnosis,) = seen.document["diagnoses"]
        assert diagnosis["message"].startswith(f"none of the {len(nodes)} nodes is ready")
        assert [place.type_in(line).returncode for line in diagnosis["commands"]] == [0, 0]


def test_none_is_there(stage: Cluster, place_in: PlaceIn) -> None:
    """Pods wait for a node that nobody has."""
    place = place_in(stage, "nowhere")
    place.pod(state=setups.scheduled("False", "Unschedulable", "no nodes available to schedule pods"), node="")
    name = place.service()
    with _without_nodes(stage):
        seen = place.status(name)
    assert (seen.codes, seen.exit_code) == (["NoNodeReady"], 1)
    assert seen.document["diagnoses"][0]["message"] == "the cluster has no nodes"


def test_only_served_nodes_count(stage: Cluster, place_in: PlaceIn) -> None:
    """A Service that nodes do not serve is reached while pods are ready, whatever the nodes last reported."""
    place = place_in(stage, "still-ready")
    pods = [place.pod()]
    inside, outside = place.service(reaches=pods), place.service("outside", type="NodePort", reaches=pods)
    with _without_ready_nodes(stage):
        assert (place.status(inside).codes, place.status(inside).exit_code) == ([], 0)
        assert place.status(outside).codes == ["NoNodeReady"]


@pytest.mark.parametrize("policy", ["internal", "external"])
def test_local_policy_and_a_lost_node(policy: str, stage: Cluster, place_in: PlaceIn) -> None:
    """The endpoints are where no node is ready."""
    place = place_in(stage, f"local-{policy}")
    lost = place.other_node(f"{stage.namespace}-{policy}", is_ready=False)
    spec = {f"{policy}TrafficPolicy": "Local"}
    name = place.service(reaches=[place.pod(node=lost)], type="NodePort", **spec)
    seen = place.status(name)
    assert (seen.codes, seen.exit_code) == (["LocalPolicyWithoutEndpoint"], 1)
    assert lost in seen.document["diagnoses"][0]["message"]
