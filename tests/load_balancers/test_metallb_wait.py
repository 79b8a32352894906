"""`--wait` and `status` with the real controller of MetalLB: its address, and its own words where it gives none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.svc import svc
from tests.wait.waiting import waiting

if TYPE_CHECKING:
    from tests.control_plane.cluster import Cluster
    from tests.load_balancers.metallb import MetalLb

_EXAMPLE = Path(__file__).parents[1] / "examples" / "my-app.yaml"
_COMMAND = ("expose", "deployment", "my-app", "--lb", "metallb", "--lb-set", "prefix=old", "--wait")


@pytest.fixture
def app(cluster: Cluster) -> Cluster:
    """A namespace with the Deployment my-app, whose two pods are not ready."""
    cluster.kubectl("apply", "-f", str(_EXAMPLE))
    return cluster


def test_the_address_comes_before_the_pod(app: Cluster, metallb: MetalLb) -> None:
    """The wait goes on until a pod is ready, and tells the address."""
    with waiting(*_COMMAND, "--lb-pool", "internal", "--lb-address", "10.64.0.91", kubeconfig=app.kubeconfig) as run:
        run.read_first_line()
        assert metallb.addresses(app.namespace, "my-app") == ["10.64.0.91"]
        assert not run.is_over()
        app.make_pods_ready(1)
    assert run.code == 0, run.err
    assert run.out.splitlines()[-1].split() == ["http://10.64.0.91", "at", "the", "load", "balancer"]


def test_the_pod_is_ready_before_the_address(app: Cluster, metallb: MetalLb) -> None:
    """MetalLB gives the address while the program waits."""
    del metallb  # it only has to run
    pods = app.make_pods_ready(2)
    assert len(pods) == 2
    done = svc(*_COMMAND, "-o", "json", kubeconfig=app.kubeconfig)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"]["loadBalancer"]["ingress"][0]["ip"].startswith("203.0.113.")


def test_a_wrong_pool_ends_with_the_controllers_own_event(app: Cluster, metallb: MetalLb) -> None:
    """Waited for in vain, and asked about."""
    app.make_pods_ready(2)
    done = svc(*_COMMAND, "--lb-pool", "nowhere", "--timeout", "3s", kubeconfig=app.kubeconfig)
    assert (done.returncode, done.stdout) == (1, "service/my-app exposed\n")
    reason, message = metallb.warning(app.namespace, "my-app")
    said = f"the load balancer has no address: {reason}: {message}"
    assert f"error: timed out waiting for the condition on services/my-app: {said}\n" in done.stderr
    status = svc("status", "my-app", "-o", "json", kubeconfig=app.kubeconfig)
    found = json.loads(status.stdout)
    assert (status.returncode, found["reachable"], found["loadBalancer"]["pending"]) == (1, False, said)
    assert [each["code"] for each in found["diagnoses"]] == ["LoadBalancerFailed"]


def test_status_of_a_load_balancer(app: Cluster, metallb: MetalLb) -> None:
    """Nothing is wrong with it."""
    del metallb  # it only has to run
    app.make_pods_ready(2)
    svc(*_COMMAND, kubeconfig=app.kubeconfig)
    status = svc("status", "my-app", "-o", "json", kubeconfig=app.kubeconfig)
    assert status.returncode == 0
    assert json.loads(status.stdout)["diagnoses"] == []
