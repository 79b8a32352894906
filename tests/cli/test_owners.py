"""What a server does not give out twice has an owner, and a refusal says who that is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.svc import svc

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from tests.control_plane.cluster import Cluster


def _create(cluster: Cluster, name: str, *words: str, kubeconfig: str = "") -> CompletedProcess[str]:
    argv = ("create", name, "--selector", "app=web", "--port", "80", *words)
    return svc(*argv, kubeconfig=kubeconfig or cluster.kubeconfig)


def _refused(done: CompletedProcess[str], name: str) -> list[str]:
    """The lines below the server's own."""
    first, *more = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert first.startswith(f'The Service "{name}" is invalid: spec.')
    assert "is already allocated" in first
    return more


@pytest.mark.parametrize("words", [("--node-port", "{node_port}"), ("--cluster-ip", "{cluster_ip}")])
def test_the_owner_is_named(cluster: Cluster, words: tuple[str, str]) -> None:
    """Of a node port and of a cluster IP."""
    assert _create(cluster, "first", "--type", "NodePort").returncode == 0
    spec = cluster.core.read_namespaced_service("first", cluster.namespace).spec
    value = words[1].format(node_port=spec.ports[0].node_port, cluster_ip=spec.cluster_ip)
    done = _create(cluster, "second", words[0], value)
    assert _refused(done, "second") == [f"hint: {value} is that of Service {cluster.namespace}/first"]


def test_who_may_not_look_gets_the_refusal_alone(cluster: Cluster) -> None:
    """The server's words, as without the question."""
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "maker"},
        "rules": [{"apiGroups": [""], "resources": ["services"], "verbs": ["create"]}],
    }
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(role))
    cluster.kubectl("create", "rolebinding", "maker", "--role=maker", "--user=nobody")
    cluster.let_nobody("create", "services")
    assert _create(cluster, "first", "--type", "NodePort").returncode == 0
    port = cluster.core.read_namespaced_service("first", cluster.namespace).spec.ports[0].node_port
    done = _create(cluster, "second", "--node-port", str(port), kubeconfig=cluster.nobody_kubeconfig)
    assert _refused(done, "second") == []
