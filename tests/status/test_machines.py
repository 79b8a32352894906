"""Services of KubeVirt's machines: stopped ones, and a masquerade that lets some ports through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.kinds import examples, playing
from tests.status import setups

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control_plane.cluster import Cluster
    from tests.status.setups import Place

    PlaceIn = Callable[[Cluster, str], Place]

_RESOLVER = {"vm.kubevirt.io/name": "resolver"}


def test_stopped(kinds_cluster: Cluster, place_in: PlaceIn) -> None:
    """The machine that the selector means is known by its name; without a word of its controller it has not run."""
    place = place_in(kinds_cluster, "web")
    examples.create(kinds_cluster, "vm-testvm")
    name = place.service(selector={"vm.kubevirt.io/name": "testvm"})
    seen = place.status(name)
    assert (seen.codes, seen.exit_code) == (["MachineNotRunning"], 1)
    (diagnosis,) = seen.document["diagnoses"]
    assert diagnosis["message"] == 'VirtualMachine "testvm" is not running: Stopped'
    start, describe = diagnosis["commands"]
    assert start == f"virtctl start testvm -n {place.namespace}"
    assert place.type_in(describe).returncode == 0
    _report(kinds_cluster, "testvm", "ErrorUnschedulable")
    (diagnosis,) = place.status(name).document["diagnoses"]
    assert "ErrorUnschedulable" in diagnosis["message"]
    assert diagnosis["commands"] == [describe]


def test_running(kinds_cluster: Cluster, place_in: PlaceIn) -> None:
    """A machine that lists no ports lets all through; one that runs and has no pod yet is not said to be stopped."""
    place = place_in(kinds_cluster, "web")
    examples.create(kinds_cluster, "vm-testvm")
    _report(kinds_cluster, "testvm", "Running")
    labels = {"vm.kubevirt.io/name": "testvm"}
    namesake = {"metadata": {"name": "testvm", "labels": labels}, "spec": {"containers": [setups.container()]}}
    kinds_cluster.core.create_namespaced_pod(place.other_namespace(), namesake)
    early = place.service("early", selector=labels)
    assert place.status(early).codes == ["SelectorMatchesNothing"]
    pods = playing.start_vm(kinds_cluster, "testvm")
    assert kinds_cluster.endpoints(early, pods) == pods
    assert (place.status(early).codes, place.status(early).exit_code) == ([], 0)


def test_masquerade(kinds_cluster: Cluster, place_in: PlaceIn) -> None:
    """Only the ports of its list come through, by number and protocol; nothing else is said of the others."""
    place = place_in(kinds_cluster, "web")
    examples.create(kinds_cluster, "vm-ports")
    pods = playing.start_vm(kinds_cluster, "resolver")
    for port in ({"port": 22}, {"port": 53, "protocol": "UDP"}, {"port": 80, "targetPort": 8080}):
        name = place.service(f"port-{port['port']}", ports=[port], selector=_RESOLVER, reaches=pods)
        assert (place.status(name).codes, place.status(name).exit_code) == ([], 0)
    for name, number in (("other-protocol", 53), ("other-number", 9999)):
        place.service(name, ports=[{"port": number}], selector=_RESOLVER, reaches=pods)
        seen = place.status(name)
        assert (seen.codes, seen.exit_code) == (["MasqueradePortNotListed"], 1)
        (diagnosis,) = seen.document["diagnoses"]
        assert 'VirtualMachineInstance "resolver" lets 22/TCP, 53/UDP, 8080/TCP through' in diagnosis["message"]
        assert f"not {number}/TCP" in diagnosis["message"]
        assert diagnosis["commands"] == [f"kubectl edit virtualmachine resolver -n {place.namespace}"]
        assert place.type_in(diagnosis["commands"][0]).returncode == 0


def test_masquerade_beside_a_pod(kinds_cluster: Cluster, place_in: PlaceIn) -> None:
    """A warning, where something else is behind the port."""
    place = place_in(kinds_cluster, "web")
    examples.create(kinds_cluster, "vm-ports")
    pods = [*playing.start_vm(kinds_cluster, "resolver"), place.pod("plain", labels=_RESOLVER)]
    name = place.service(ports=[{"port": 9999}], selector=_RESOLVER, reaches=pods)
    seen = place.status(name)
    assert [(each["code"], each["level"]) for each in seen.document["diagnoses"]] == [
        ("MasqueradePortNotListed", "warning")
    ]
    assert seen.exit_code == 0


def _report(cluster: Cluster, name: str, state: str) -> None:
    machine = json.loads(cluster.kubectl("get", "virtualmachines.kubevirt.io", name, "-o", "json").stdout)
    about = {"apiVersion": machine["apiVersion"], "kind": machine["kind"], "metadata": {"name": name}}
    examples.report_status(cluster, about, printableStatus=state)
