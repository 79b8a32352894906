"""The played controllers: their pods are ready, carry the right labels, and are what a Service with those reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.kinds import examples, playing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control_plane.cluster import Cluster

_LONG = "a-very-very-long-virtual-machine-instance-name-used-for-testing-this-logic"


def _select(cluster: Cluster, selector: dict[str, str]) -> None:
    service = {"metadata": {"name": "probe"}, "spec": {"selector": selector, "ports": [{"port": 80}]}}
    cluster.core.create_namespaced_service(cluster.namespace, service)


@pytest.mark.parametrize(
    ("name", "hostname", "label", "identity"),
    [
        pytest.param("testvm", None, "testvm", "testvm", id="short"),
        pytest.param("web.lab", None, "web", "web.lab", id="dotted"),
        pytest.param("testvm", "front", "front", "testvm", id="hostname"),
        pytest.param(
            _LONG, None, _LONG[:63], "a-very-very-long-virtual-machine-instance-name-used-fo-88ed080c", id="long"
        ),
    ],
)
def test_launcher_labels(name: str, hostname: str | None, label: str, identity: str) -> None:
    """As KubeVirt's own tests have them."""
    vmi = {"metadata": {"name": name, "uid": "u", "labels": {"app": "x"}}, "spec": {"hostname": hostname}}
    older = {"app": "x", "kubevirt.io": "virt-launcher", "kubevirt.io/created-by": "u", "vm.kubevirt.io/name": label}
    assert playing.launcher_labels(vmi, identity=False) == older
    assert playing.launcher_labels(vmi) == {**older, "vmi.kubevirt.io/id": identity}


def _template_pods(resource: str) -> Callable[[Cluster, str], list[str]]:
    return lambda cluster, name: playing.pods_from_template(cluster, resource, name)


@pytest.mark.parametrize(
    ("example", "play", "selector"),
    [
        ("vm-ports", playing.start_vm, {"vmi.kubevirt.io/id": "resolver"}),
        ("vmi", playing.start_vmi, {"vm.kubevirt.io/name": "guest"}),
        ("vmi-replica-set", playing.start_vmi_replica_set, {"app": "guests"}),
        ("vm-pool", playing.start_pool, {"kubevirt.io/vm-pool-revision-name": "desktops-1", "app": "desktop"}),
        ("vm-pool-shared-labels", playing.start_pool, {"kubevirt.io/vmpool": "kiosks"}),
        ("rollout-canary", playing.roll_out, {"app": "canary", "rollouts-pod-template-hash": "5b7d7c9f8"}),
        ("rollout-blue-green", playing.roll_out, {"app": "blue-green", "rollouts-pod-template-hash": "687d76d795"}),
        ("rollout-workload-ref", playing.roll_out, {"app": "referred"}),
        ("rollout-pod-template", playing.roll_out, {"app": "templated"}),
        ("deployment-config", playing.deploy_config, {"deployment": "frontend-1", "deploymentconfig": "frontend"}),
        ("clone-set", playing.clone, {"app": "clones"}),
        ("kruise-stateful-set", playing.number_pods, {"app": "kruise-db"}),
        ("kruise-daemon-set", _template_pods("ads"), {"app": "kruise-agent"}),
        ("fleet", _template_pods("fleets"), {"app": "fleet"}),
        ("agent", _template_pods("agents"), {"app": "agent", "project.cpaas.io/name": "shop"}),
    ],
)
def test_pods_are_reached(
    example: str, play: Callable[[Cluster, str], list[str]], selector: dict[str, str], kinds_cluster: Cluster
) -> None:
    """By the labels that their controller gives them, each with a controller that is there."""
    examples.create(kinds_cluster, example)
    manifest: dict[str, Any] = examples.manifests(example)[0]
    pods = play(kinds_cluster, manifest["metadata"]["name"])
    assert len(pods) == (1 if example in ("vm-ports", "vmi") else 2)
    _select(kinds_cluster, selector)
    assert kinds_cluster.endpoints("probe", pods) == pods
    for pod in pods:
        owners = kinds_cluster.core.read_namespaced_pod(pod, kinds_cluster.namespace).metadata.owner_references
        assert [owner.controller for owner in owners] == [True]


def test_no_pod_is_reached_by_what_only_machines_have(kinds_cluster: Cluster) -> None:
    """The pool's own selector is a trap, and the fixture has it."""
    examples.create(kinds_cluster, "vm-pool")
    assert len(playing.start_pool(kinds_cluster, "desktops")) == 2
    _select(kinds_cluster, {"kubevirt.io/vmpool": "desktops"})
    assert kinds_cluster.endpoints("probe", []) == []


def test_a_restart_is_another_pod(kinds_cluster: Cluster) -> None:
    """With the same identity, and the old one gone."""
    examples.create(kinds_cluster, "vm-testvm")
    _select(kinds_cluster, {"vmi.kubevirt.io/id": "testvm"})
    before = playing.start_vm(kinds_cluster, "testvm")
    assert kinds_cluster.endpoints("probe", before) == before
    playing.stop_vm(kinds_cluster, "testvm")
    after = playing.start_vm(kinds_cluster, "testvm")
    assert after != before
    assert kinds_cluster.endpoints("probe", after) == after


def test_kubevirt_reports_its_version_and_goes(kinds_cluster: Cluster) -> None:
    """It would count for other tests' namespaces too."""
    query = ("get", "kubevirts", "-o", "jsonpath={.items[*].status.observedKubeVirtVersion}")
    with playing.kubevirt(kinds_cluster, "v1.6.2"):
        assert kinds_cluster.kubectl(*query).stdout == "v1.6.2"
    assert kinds_cluster.kubectl(*query).stdout == ""
