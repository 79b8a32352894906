"""A running controller of MetalLB, which gives Services of type LoadBalancer addresses that nobody announces."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from kubernetes import client, watch

from tests.control_plane.build import PROGRAMS
from tests.control_plane.cluster import Cluster
from tests.control_plane.kubeconfig import write_kubeconfig
from tests.control_plane.left_out import leave_out
from tests.control_plane.processes import Server
from tests.control_plane.toolchain import ProgramsUnavailableError
from tests.kinds.custom_resources import installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.control_plane.build import Builder, Programs
    from tests.control_plane.cluster import Site

# The ranges of each pool, IPv4 and IPv6; Services that name none get theirs from `default`.
POOLS = {
    "default": ("203.0.113.0/24", "2001:db8:113::/120"),
    "internal": ("10.64.0.0/24", "fd00:10:64::/120"),
    "bgp": ("10.65.0.0/24", "fd00:10:65::/120"),
}

_NAMESPACE = "metallb-system"  # as in MetalLB's own manifests
_ACCOUNT = "controller"
_GROUP, _VERSION = "metallb.io", "v1beta1"
# Of MetalLB's installation all but its workloads, and what only its webhooks and its speaker need.
_INSTALLED = ("Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
_SECONDS = 60  # one or two are enough; a busy machine may need more


class MetalLb:
    """What MetalLB's controller says of the Services of an API server."""

    def __init__(self, core: Any) -> None:
        self._core = core

    def addresses(self, namespace: str, service: str) -> list[str]:
        """The Service's addresses, as soon as it has any. Raises TimeoutError."""
        for found in self._changes(self._core.list_namespaced_service, namespace, f"metadata.name={service}"):
            ingress = found.status.load_balancer.ingress
            if ingress:
                return [each.ip for each in ingress]
        raise TimeoutError(f"service {service} has no address after {_SECONDS} s")

    def warning(self, namespace: str, service: str) -> tuple[str, str]:
        """Reason and message of the first warning about the Service, as soon as there is one. Raises TimeoutError."""
        about = f"involvedObject.kind=Service,involvedObject.name={service},type=Warning,source=metallb-controller"
        for found in self._changes(self._core.list_namespaced_event, namespace, about):
            return found.reason, found.message
        raise TimeoutError(f"no warning about service {service} after {_SECONDS} s")

    @staticmethod
    def _changes(listing: Any, namespace: str, selector: str) -> Iterator[Any]:
        """The objects as they are and as they become, for a patient while."""
        for change in watch.Watch().stream(listing, namespace, field_selector=selector, timeout_seconds=_SECONDS):
            yield change["object"]


@contextlib.contextmanager
def running(programs: Programs, builder: Builder, site: Site, folder: Path) -> Iterator[MetalLb]:
    """MetalLB's controller, built if need be; leaves the test out where that cannot be, or others would see it."""
    if not site.simulated:
        pytest.skip("MetalLB would give addresses to the Services of others")
    program = programs.metallb_controller
    try:
        source = builder.source(PROGRAMS["metallb-controller"])
    except ProgramsUnavailableError as error:
        leave_out(str(error), builder.environ)
    with serve(program, source, site, folder) as metallb:
        yield metallb


@contextlib.contextmanager
def serve(program: str, source: Path, site: Site, folder: Path) -> Iterator[MetalLb]:
    """MetalLB's controller on the API server, with the rights of an installed one, for as long as the context is open.

    `source` is the folder of MetalLB's module; the kinds and the rights are those of its manifests.
    """
    system = Cluster(site, _NAMESPACE, folder)
    with installed(site.client, _definitions(source)), _applied(system, [*_installation(source), *_pools()], folder):
        token = system.core.create_namespaced_service_account_token(_ACCOUNT, _NAMESPACE, {"spec": {}}).status.token
        kubeconfig = write_kubeconfig(folder / "controller.kubeconfig", site.server.cluster, {"token": token})
        flags = {
            "kubeconfig": kubeconfig,
            "namespace": _NAMESPACE,
            "webhook-mode": "disabled",
            "disable-cert-rotation": "true",
            "port": "-1",  # nowhere: metrics would be served to the network, not only on loopback
        }
        argv = [program, *(f"--{flag}={value}" for flag, value in flags.items())]
        process = Server("metallb-controller", argv, folder)
        try:
            process.wait_until(lambda: _has_counted_pools(site), _SECONDS)
            yield MetalLb(system.core)
        finally:
            process.stop()


def _definitions(source: Path) -> list[dict[str, Any]]:
    paths = sorted((source / "config" / "crd" / "bases").glob("*.yaml"))
    return [each for path in paths for each in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def _installation(source: Path) -> list[dict[str, Any]]:
    """Namespace, account and rights of the controller."""
    manifest = source / "config" / "manifests" / "metallb-native.yaml"
    objects = yaml.safe_load_all(manifest.read_text(encoding="utf-8"))
    return [each for each in objects if each["kind"] in _INSTALLED]


def _pools() -> list[dict[str, Any]]:
    """The pools, and what would announce one of them by BGP."""
    announced = {
        "apiVersion": f"{_GROUP}/{_VERSION}",
        "kind": "BGPAdvertisement",
        "metadata": {"name": "bgp", "namespace": _NAMESPACE},
        "spec": {"ipAddressPools": ["bgp"]},
    }
    pools = [
        {
            "apiVersion": f"{_GROUP}/{_VERSION}",
            "kind": "IPAddressPool",
            "metadata": {"name": name, "namespace": _NAMESPACE},
            "spec": {"addresses": list(ranges), "autoAssign": name == "default"},
        }
        for name, ranges in POOLS.items()
    ]
    return [*pools, announced]


@contextlib.contextmanager
def _applied(system: Cluster, objects: Sequence[dict[str, Any]], folder: Path) -> Iterator[None]:
    """The objects are on the API server; at the end they are gone."""
    # Not in the user's HOME, which is the one of a fixture that outlives a test.
    cache = f"--cache-dir={folder / 'kubectl'}"
    manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    try:
        system.kubectl("apply", cache, "-f", "-", stdin=manifest)
        yield
    finally:
        system.kubectl("delete", cache, "--ignore-not-found", "-f", "-", stdin=manifest)


def _has_counted_pools(site: Site) -> bool:
    """Whether the controller has written into every pool how many addresses it has to give."""
    pools = client.CustomObjectsApi(site.client).list_namespaced_custom_object(
        _GROUP, _VERSION, _NAMESPACE, "ipaddresspools"
    )["items"]
    return all(pool.get("status", {}).get("availableIPv4") for pool in pools)
