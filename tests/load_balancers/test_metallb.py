"""`--lb metallb` with the real controller of MetalLB: what is asked for is what Services get."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

from tests.load_balancers.metallb import POOLS
from tests.svc import svc

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.cluster import Cluster
    from tests.load_balancers.metallb import MetalLb

_HINT = "hint: MetalLB before 0.14.9 ignores the keys of metallb.io/: for it, --lb-set prefix=old\n"


def _create(cluster: Cluster, name: str, *words: str, port: int = 80) -> str:
    """What the program says of a Service that it creates."""
    done = svc(
        "create", name, "--selector", "app=web", "--port", str(port), *words, kubeconfig=cluster.kubeconfig
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"service/{name} created\n"), done.stderr
    return done.stderr


def _read(cluster: Cluster, name: str) -> Any:
    return cluster.core.read_namespaced_service(name, cluster.namespace)


def test_default_pool(cluster: Cluster, metallb: MetalLb) -> None:
    """A Service that says nothing more gets an address of each of its families from the pool for all."""
    assert _create(cluster, "web", "--lb", "metallb", "--ip-family-policy", "RequireDualStack") == _HINT
    addresses = metallb.addresses(cluster.namespace, "web")
    assert len(addresses) == len(POOLS["default"])
    for address, ranges in zip(addresses, POOLS["default"], strict=True):
        assert ipaddress.ip_address(address) in ipaddress.ip_network(ranges)


def test_chosen_pool_and_address(cluster: Cluster, metallb: MetalLb) -> None:
    """The very address that is asked for, from the pool that is named."""
    _create(cluster, "web", "--lb", "metallb", "--lb-pool", "internal", "--lb-address", "10.64.0.77")
    assert metallb.addresses(cluster.namespace, "web") == ["10.64.0.77"]
    assert _read(cluster, "web").metadata.annotations["metallb.io/ip-allocated-from-pool"] == "internal"


def test_addresses_of_both_families(cluster: Cluster, metallb: MetalLb) -> None:
    """Two addresses for a Service that has both."""
    addresses = ["10.64.0.79", "fd00:10:64::79"]
    words = ("--lb-address", ",".join(addresses), "--ip-family-policy", "RequireDualStack")
    _create(cluster, "web", "--lb", "metallb", *words)
    assert metallb.addresses(cluster.namespace, "web") == addresses


def test_old_prefix(cluster: Cluster, metallb: MetalLb) -> None:
    """Which this version still reads."""
    _create(cluster, "web", "--lb", "metallb", "--lb-set", "prefix=old", "--lb-address", "10.64.0.80")
    assert metallb.addresses(cluster.namespace, "web") == ["10.64.0.80"]


def test_shared_address(cluster: Cluster, metallb: MetalLb) -> None:
    """Services with one sharing key have one address for their different ports; one without the key is refused it."""
    wish = ("--lb", "metallb", "--lb-address", "10.64.0.78")
    for name, port in (("web", 80), ("dns", 53)):
        _create(cluster, name, *wish, "--lb-share", "shop", port=port)
        assert metallb.addresses(cluster.namespace, name) == ["10.64.0.78"]
    _create(cluster, "other", *wish, port=81)
    reason, message = metallb.warning(cluster.namespace, "other")
    assert reason == "AllocationFailed"
    assert "can't change sharing key" in message


def test_unknown_pool(cluster: Cluster, metallb: MetalLb) -> None:
    """A Service that names a pool which does not exist gets a warning of the controller, and no address."""
    _create(cluster, "web", "--lb", "metallb", "--lb-pool", "nowhere")
    assert metallb.warning(cluster.namespace, "web") == (
        "AllocationFailed",
        f'Failed to allocate IP for "{cluster.namespace}/web": unknown pool "nowhere"',
    )
    assert _read(cluster, "web").status.load_balancer.ingress is None


def test_a_pool_for_bgp(cluster: Cluster, metallb: MetalLb) -> None:
    """As on ACP's page: a pool that is announced by BGP, and a Service that keeps its clients' addresses."""
    words = ("--lb", "metallb", "--lb-pool", "bgp", "--external-traffic-policy", "Local")
    _create(cluster, "web", *words)
    (address,) = metallb.addresses(cluster.namespace, "web")
    assert ipaddress.ip_address(address) in ipaddress.ip_network(POOLS["bgp"][0])
    spec = _read(cluster, "web").spec
    assert (spec.type, spec.external_traffic_policy) == ("LoadBalancer", "Local")
    assert spec.health_check_node_port


def test_what_is_applied_again_keeps_its_address(cluster: Cluster, metallb: MetalLb) -> None:
    """The controller's annotation and status are its own: nothing is conflicting, nothing is lost."""
    words = ("--lb", "metallb", "--lb-pool", "internal", "--lb-address", "10.64.0.81", "--apply")
    for done in ("created", "unchanged"):
        applied = svc(
            "create", "web", "--selector", "app=web", "--port", "80", *words, kubeconfig=cluster.kubeconfig
        )  # fmt: skip
        assert applied.stdout == f"service/web {done}\n", applied.stderr
        assert metallb.addresses(cluster.namespace, "web") == ["10.64.0.81"]


def test_auto(cluster: Cluster, metallb: MetalLb, tmp_path: Path) -> None:
    """It is found by its own kinds; which version it is, no Deployment says here."""
    del metallb  # it only has to be there
    done = svc(
        "create", "web", "--selector", "app=web", "--port", "80", "--lb", "auto", "--lb-pool", "internal",
        "--dry-run=server", "-o", "json", "--cache-dir", str(tmp_path), kubeconfig=cluster.kubeconfig,
    )  # fmt: skip
    assert done.stderr == f"load balancer: metallb, because the server has ipaddresspools.metallb.io\n{_HINT}"
    assert json.loads(done.stdout)["metadata"]["annotations"] == {"metallb.io/address-pool": "internal"}
