"""The controller of MetalLB is a real one: what the tests of its annotations rely on."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING

from tests.load_balancers.metallb import POOLS

if TYPE_CHECKING:
    from tests.control_plane.cluster import Cluster
    from tests.load_balancers.metallb import MetalLb


def balance(cluster: Cluster, name: str, wishes: dict[str, str], port: int = 80, policy: str = "SingleStack") -> None:
    """Creates a Service of type LoadBalancer; the wishes are annotations of MetalLB without their prefix."""
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "annotations": {f"metallb.io/{key}": value for key, value in wishes.items()}},
        "spec": {
            "type": "LoadBalancer",
            "ipFamilyPolicy": policy,
            "ports": [{"port": port}],
            "selector": {"app": "web"},
        },
    }
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(service))


def test_default_pool(cluster: Cluster, metallb: MetalLb) -> None:
    """A Service that says nothing of MetalLB gets an address of each of its families from the pool for all."""
    balance(cluster, "web", {}, policy="RequireDualStack")
    addresses = metallb.addresses(cluster.namespace, "web")
    assert len(addresses) == len(POOLS["default"])
    for address, ranges in zip(addresses, POOLS["default"], strict=True):
        assert ipaddress.ip_address(address) in ipaddress.ip_network(ranges)


def test_chosen_address(cluster: Cluster, metallb: MetalLb) -> None:
    """A Service gets the very address that it asks for, from the pool that it names."""
    balance(cluster, "web", {"address-pool": "internal", "loadBalancerIPs": "10.64.0.77"})
    assert metallb.addresses(cluster.namespace, "web") == ["10.64.0.77"]
    annotations = cluster.core.read_namespaced_service("web", cluster.namespace).metadata.annotations
    assert annotations["metallb.io/ip-allocated-from-pool"] == "internal"


def test_shared_address(cluster: Cluster, metallb: MetalLb) -> None:
    """Services with one sharing key have one address for their different ports; one without the key is refused it."""
    wish = {"loadBalancerIPs": "10.64.0.78"}
    for name, port in (("web", 80), ("dns", 53)):
        balance(cluster, name, {**wish, "allow-shared-ip": "shop"}, port)
        assert metallb.addresses(cluster.namespace, name) == ["10.64.0.78"]
    balance(cluster, "other", wish, 81)
    reason, message = metallb.warning(cluster.namespace, "other")
    assert reason == "AllocationFailed"
    assert "can't change sharing key" in message


def test_unknown_pool(cluster: Cluster, metallb: MetalLb) -> None:
    """A Service that names a pool which does not exist gets a warning of the controller, and no address."""
    balance(cluster, "web", {"address-pool": "nowhere"})
    assert metallb.warning(cluster.namespace, "web") == (
        "AllocationFailed",
        f'Failed to allocate IP for "{cluster.namespace}/web": unknown pool "nowhere"',
    )
    assert cluster.core.read_namespaced_service("web", cluster.namespace).status.load_balancer.ingress is None
