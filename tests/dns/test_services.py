"""What the names of Services that the program makes stand for, told by a real CoreDNS.

The rules: Kubernetes DNS-Based Service Discovery, https://github.com/kubernetes/dns/blob/master/docs/specification.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.kinds import examples
from tests.svc import svc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.cluster import Cluster, Site
    from tests.dns.coredns import ClusterDns

_WEB = "app=shop-web"
_DB = ("db-0", "db-1")
_NOT_READY = {"status": {"conditions": [{"type": "Ready", "status": "False"}]}}


@pytest.fixture(scope="module")
def shop(stage: Cluster) -> Cluster:
    """A Deployment `shop-web` with three pods, and a StatefulSet `db` with two, all ready."""
    examples.create(stage, "deployment", "stateful-set")
    stage.kubectl("scale", "deployment/shop-web", "--replicas=3")
    stage.make_pods_ready(3, _WEB)
    stage.make_pods_ready(len(_DB), "app=db")
    return stage


@pytest.fixture(scope="module")
def late_pod(shop: Cluster, site: Site) -> str:
    """The name of a pod of `shop-web` that has an address and is not ready."""
    if not site.simulated:
        pytest.skip("a kubelet would report the pod ready again")
    name = _pods(shop, _WEB)[-1].metadata.name
    shop.kubectl("patch", "pod", name, "--subresource=status", "-p", json.dumps(_NOT_READY))
    return str(name)


@pytest.fixture
def default_namespace(cluster: Cluster, site: Site) -> Iterator[str]:
    """Namespace `default` on an API server of our own, else the test's; without the test's Service at the end."""
    namespace = "default" if site.simulated else cluster.namespace
    yield namespace
    cluster.kubectl("delete", "service", "my-external-service", "-n", namespace, "--ignore-not-found")


def test_external_name(cluster: Cluster, default_namespace: str, cluster_dns: ClusterDns) -> None:
    """The name of an ExternalName Service is another name of the host, whichever kind of record is asked for."""
    flags = ("--external-name", "example.com", "-n", default_namespace)
    _run(cluster, "create", "my-external-service", *flags)
    name = f"my-external-service.{default_namespace}.svc"
    for kind in ("CNAME", "A", "AAAA"):
        assert cluster_dns.answer(name, kind, ["CNAME example.com."]) == ["CNAME example.com."]


@pytest.mark.parametrize("late_too", [False, True])
def test_headless(late_too: bool, shop: Cluster, late_pod: str, cluster_dns: ClusterDns) -> None:
    """A headless Service is its ready pods' own addresses, with --publish-not-ready-addresses those of all pods.

    A port's name leads to the pods' port and to a name of each pod.
    """
    name, *flags = ("all-peers", "--publish-not-ready-addresses") if late_too else ("peers",)
    _run(shop, "expose", "deployment", "shop-web", "--headless", "--name", name, "--port", "web=80:http", *flags)
    pods = [pod for pod in _pods(shop, _WEB) if late_too or pod.metadata.name != late_pod]
    assert len(pods) == (3 if late_too else 2)
    service = f"{name}.{shop.namespace}.svc"
    expected = _addresses(pods)
    assert cluster_dns.answer(service, "A", expected) == expected
    hosts = {f"{pod.status.pod_ip.replace('.', '-')}.{service}": pod for pod in pods}
    expected = sorted(f"SRV 8080 {host}.cluster.local." for host in hosts)
    assert cluster_dns.ask(f"_web._tcp.{service}", "SRV") == expected
    for host, pod in hosts.items():
        assert cluster_dns.ask(host, "A") == _addresses([pod])


def test_headless_without_a_port(shop: Cluster, cluster_dns: ClusterDns) -> None:
    """Its name is the pods' addresses just the same."""
    _run(shop, "create", "bare-peers", "--selector", "app=db", "--headless")
    assert _service(shop, "bare-peers").spec.ports is None
    expected = _addresses(_pods(shop, "app=db"))
    assert cluster_dns.answer(f"bare-peers.{shop.namespace}.svc", "A", expected) == expected


def test_governing_service(shop: Cluster, cluster_dns: ClusterDns) -> None:
    """Called as the StatefulSet's serviceName says, it gives each pod a name; another headless Service does not."""
    pods = _pods(shop, "app=db")
    for flags, service in ((), "db-peers"), (("--name", "db-others"), "db-others"):
        _run(shop, "expose", "statefulset", "db", "--headless", *flags)
        expected = _addresses(pods)
        assert cluster_dns.answer(f"{service}.{shop.namespace}.svc", "A", expected) == expected
        named = service == "db-peers"
        for pod in pods:
            name = f"{pod.metadata.name}.{service}.{shop.namespace}.svc"
            assert cluster_dns.ask(name, "A") == (_addresses([pod]) if named else ["NXDOMAIN"])


def test_service_per_replica(shop: Cluster, cluster_dns: ClusterDns) -> None:
    """Each is known by its pod's name, which stands for its cluster IP, behind which is that pod alone."""
    _run(shop, "expose", "statefulset", "db", "--per-replica", "--port", "5432")
    for pod in _DB:
        expected = [f"A {_service(shop, pod).spec.cluster_ip}"]
        assert cluster_dns.answer(f"{pod}.{shop.namespace}.svc", "A", expected) == expected
        assert shop.endpoints(pod, [pod]) == [pod]


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        pytest.param("plain", (), id="one family"),
        pytest.param("dual", ("--ip-family-policy", "PreferDualStack"), id="both families"),
    ],
)
def test_cluster_ip(name: str, flags: tuple[str, ...], shop: Cluster, cluster_dns: ClusterDns) -> None:
    """An ordinary Service is its cluster IPs, and its port's name leads to the Service's own port."""
    _run(shop, "expose", "deployment", "shop-web", "--name", name, "--port", "web=80:http", *flags)
    addresses = _service(shop, name).spec.cluster_i_ps
    service = f"{name}.{shop.namespace}.svc"
    for kind, separator in (("A", "."), ("AAAA", ":")):
        expected = [f"{kind} {address}" for address in addresses if separator in address]
        assert cluster_dns.answer(service, kind, expected) == expected
    expected = [f"SRV 80 {service}.cluster.local."]
    assert cluster_dns.ask(f"_web._tcp.{service}", "SRV") == expected


def _run(cluster: Cluster, *argv: str) -> None:
    done = svc(*argv, kubeconfig=cluster.kubeconfig)
    assert done.returncode == 0, done.stderr


def _service(cluster: Cluster, name: str) -> Any:
    return cluster.core.read_namespaced_service(name, cluster.namespace)


def _pods(cluster: Cluster, selector: str) -> list[Any]:
    """The pods as the official client reads them, by name."""
    pods = cluster.core.list_namespaced_pod(cluster.namespace, label_selector=selector).items
    return sorted(pods, key=lambda pod: str(pod.metadata.name))


def _addresses(pods: list[Any]) -> list[str]:
    return sorted(f"A {pod.status.pod_ip}" for pod in pods)
