"""The control plane is a real one: what the tests rely on, checked once."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.control_plane.cluster import Cluster, Site


def deployment(name: str, replicas: int = 1) -> dict[str, Any]:
    """A Deployment whose pods listen on 8080."""
    labels = {"app": name}
    container = {"name": "web", "image": "registry.k8s.io/pause:3.10", "ports": [{"containerPort": 8080}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether the condition becomes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_deployment_is_stored(cluster: Cluster) -> None:
    """A Deployment made by kubectl is seen by the official client, in the test's namespace."""
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(deployment("web")))
    assert [each.metadata.name for each in cluster.apps.list_namespaced_deployment(cluster.namespace).items] == ["web"]


def test_node_port_is_allocated(cluster: Cluster) -> None:
    """The API server chooses a node port from its range."""
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(deployment("web")))
    cluster.kubectl("expose", "deployment", "web", "--type=NodePort")
    assert 30000 <= cluster.core.read_namespaced_service("web", cluster.namespace).spec.ports[0].node_port <= 32767


def test_two_families(cluster: Cluster) -> None:
    """A dual-stack Service gets an address of each family."""
    service = {
        "metadata": {"name": "web"},
        "spec": {"ipFamilyPolicy": "RequireDualStack", "ports": [{"port": 80}], "selector": {"app": "web"}},
    }
    spec = cluster.core.create_namespaced_service(cluster.namespace, service).spec
    assert spec.ip_families == ["IPv4", "IPv6"]
    assert [":" in address for address in spec.cluster_i_ps] == [False, True]


def test_endpoints_fill(cluster: Cluster) -> None:
    """Ready pods appear in the Service's EndpointSlices; before, it has no endpoint."""
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(deployment("web", replicas=2)))
    cluster.kubectl("expose", "deployment", "web")

    def ready_pods() -> set[str]:
        # Not through the official client, which refuses slices that are still empty.
        answer = cluster.kubectl("get", "endpointslices", "-lkubernetes.io/service-name=web", "--output=json")
        endpoints = [endpoint for each in json.loads(answer.stdout)["items"] for endpoint in each["endpoints"] or ()]
        return {endpoint["targetRef"]["name"] for endpoint in endpoints if endpoint["conditions"]["ready"]}

    assert not ready_pods()
    pods = cluster.make_pods_ready(2)
    assert len(pods) == 2
    assert eventually(lambda: ready_pods() == set(pods)), ready_pods()


def test_stateful_pods_come_one_after_the_other(cluster: Cluster) -> None:
    """A StatefulSet's second pod is made ready although it only exists once the first is."""
    manifest = deployment("db", replicas=2) | {"kind": "StatefulSet"}
    manifest["spec"]["serviceName"] = "db"
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
    assert cluster.make_pods_ready(2, "app=db") == ["db-0", "db-1"]


def test_pods_that_never_come(cluster: Cluster) -> None:
    """Waiting for pods ends with an error that says how many there are."""
    with pytest.raises(TimeoutError, match=r"^0 of 1 pods"):
        cluster.make_pods_ready(seconds=0.1)


def test_nobody_is_forbidden(cluster: Cluster) -> None:
    """The user without rights is known to the server and refused."""
    refused = cluster.kubectl(f"--kubeconfig={cluster.nobody_kubeconfig}", "get", "services", check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error from server (Forbidden): services is forbidden: User ")


def test_client_certificate(cluster: Cluster) -> None:
    """The client certificate alone has all rights."""
    assert "token" not in Path(cluster.certificate_kubeconfig).read_text(encoding="utf-8")
    answer = cluster.kubectl(f"--kubeconfig={cluster.certificate_kubeconfig}", "auth", "can-i", "*", "*")
    assert answer.stdout == "yes\n"


def test_token_and_ca(cluster: Cluster) -> None:
    """Server, CA and token as flags do what the kubeconfig does."""
    flags = (f"--server={cluster.server}", f"--certificate-authority={cluster.ca}", f"--token={cluster.token}")
    answer = cluster.kubectl("--kubeconfig=/dev/null", *flags, f"--namespace={cluster.namespace}", "get", "services")
    assert answer.stderr.startswith("No resources found")


def test_namespace_is_removed(site: Site, cluster: Cluster, tmp_path: Path) -> None:
    """A test's namespace ends with the test."""
    with site.cluster(tmp_path) as other:
        assert other.namespace != cluster.namespace
    assert cluster.core.read_namespace(cluster.namespace).status.phase == "Active"
    gone = ("get", "namespace", other.namespace, "--ignore-not-found", "--output=name")
    assert eventually(lambda: cluster.kubectl(*gone).stdout == ""), "the namespace is still there"


def test_own_home(own_home: Path, cluster: Cluster) -> None:
    """kubectl keeps its discovery cache in the test's HOME and finds no kubeconfig of the user."""
    cluster.kubectl("get", "services")
    assert (own_home / ".kube" / "cache").is_dir()
    assert cluster.kubectl("--kubeconfig=", "config", "get-contexts", "--output=name").stdout == ""
