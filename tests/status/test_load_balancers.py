"""`kubectl svc status` beside a real controller of MetalLB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.load_balancers.metallb import POOLS, running
from tests.status import setups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.control_plane.build import Builder, Programs
    from tests.control_plane.cluster import Cluster, Site
    from tests.load_balancers.metallb import MetalLb
    from tests.status.setups import Place

    PlaceIn = Callable[[Cluster, str], Place]


@pytest.fixture(scope="module")
def metallb(
    programs: Programs, builder: Builder, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MetalLb]:
    """MetalLB's controller, only for the tests of this module: elsewhere nobody serves load balancers."""
    with running(programs, builder, site, tmp_path_factory.mktemp("metallb")) as metallb:
        yield metallb


def test_healthy(stage: Cluster, place_in: PlaceIn, metallb: MetalLb) -> None:
    """With an address of the pool, nothing is said; both protocols on one port are no fault of MetalLB's."""
    place = place_in(stage, "served")
    ports = [{"name": "tcp", "port": 53}, {"name": "udp", "port": 53, "protocol": "UDP"}]
    name = place.service(ports=ports, type="LoadBalancer", reaches=[place.pod()])
    addresses = metallb.addresses(stage.namespace, name)
    seen = place.status(name)
    assert (seen.codes, seen.exit_code) == ([], 0)
    assert seen.document["loadBalancer"]["addresses"] == addresses
    assert addresses[0].startswith(POOLS["default"][0].rpartition(".")[0])


def test_no_such_pool(stage: Cluster, place_in: PlaceIn, metallb: MetalLb) -> None:
    """MetalLB's own words."""
    place = place_in(stage, "no-such-pool")
    notes = {"metallb.io/address-pool": "nowhere"}
    name = place.service(type="LoadBalancer", metadata={"annotations": notes}, reaches=[place.pod()])
    metallb.warning(stage.namespace, name)
    seen = place.status(name)
    assert (seen.codes, seen.exit_code) == (["LoadBalancerFailed"], 1)
    message = f'AllocationFailed: Failed to allocate IP for "{stage.namespace}/{name}": unknown pool "nowhere"'
    assert seen.document["diagnoses"][0]["message"] == f"the load balancer has no address: {message}"
    assert seen.document["loadBalancer"]["pending"] == seen.document["diagnoses"][0]["message"]


def test_no_pod(stage: Cluster, place_in: PlaceIn, metallb: MetalLb) -> None:
    """An address alone is not enough."""
    place = place_in(stage, "no-pod")
    place.pod(state=setups.unready(setups.waiting("ErrImagePull")))
    name = place.service(type="LoadBalancer")
    metallb.addresses(stage.namespace, name)
    assert place.status(name).codes == ["ImageNotPulled"]


def test_another_class(stage: Cluster, place_in: PlaceIn, metallb: MetalLb) -> None:
    """MetalLB, which is told of none, leaves a class to others."""
    del metallb  # it only has to be there
    place = place_in(stage, "another-class")
    name = place.service(type="LoadBalancer", loadBalancerClass="example.com/nobody", reaches=[place.pod()])
    assert place.status(name).codes == ["LoadBalancerClassUnknown"]
