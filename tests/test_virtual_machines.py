"""Virtual machines without a cluster: what their pods are known by, which ports reach them, what cannot be read."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.checks.judge import find_doubts
from kubectl_svc.checks.model import Subject
from kubectl_svc.derive import derive_service
from kubectl_svc.errors import SvcError
from kubectl_svc.workloads.custom_kinds import CUSTOM_KINDS
from kubectl_svc.workloads.kubevirt import host_name, instance_id
from kubectl_svc.workloads.lookup import Lookup
from kubectl_svc.workloads.objects import read_object
from tests.deriving import options_of
from tests.kinds import examples
from tests.svc import svc_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kubectl_svc.workloads.model import Resource, Workload

_ID, _NAME = "vmi.kubevirt.io/id", "vm.kubevirt.io/name"
_LONG = "a-very-very-long-virtual-machine-instance-name-used-for-testing-this-logic"
_LONG_ID = "a-very-very-long-virtual-machine-instance-name-used-fo-88ed080c"
_EXAMPLES = ("vm-testvm", "vm-ports", "vmi", "vmi-replica-set", "vm-pool", "vm-pool-shared-labels")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")  # apimachinery `IsValidLabelValue`, not empty
_CANNOT_SELECT = "error: couldn't retrieve selectors via --selector flag or introspection: "


def _machine(name: str = "testvm", kind: str = "VirtualMachine", **spec: Any) -> dict[str, Any]:
    """A VirtualMachine, or an instance, with this spec of the instance."""
    manifest = {"apiVersion": "kubevirt.io/v1", "kind": kind, "metadata": {"name": name}}
    return manifest | {"spec": {"template": {"spec": spec}} if kind == "VirtualMachine" else spec}


def _example(name: str) -> dict[str, Any]:
    """The manifest of an example, which the caller may change."""
    return examples.manifests(name)[0]


def _with_devices(name: str, **devices: Any) -> dict[str, Any]:
    """A VirtualMachine of the examples, with some of its devices replaced."""
    machine = _example(name)
    machine["spec"]["template"]["spec"]["domain"]["devices"].update(devices)
    return machine


def _read(manifest: Mapping[str, Any], lookup: Lookup | None = None) -> Workload:
    """The workload as the program reads it."""
    version, kind = manifest["apiVersion"], manifest["kind"]
    group = version.partition("/")[0]
    row = next(row for row in CUSTOM_KINDS if (row.group, row.kind) == (group, kind))
    return row.read(read_object(version, kind, manifest), lookup or Lookup())


def _pod(labels: Mapping[str, str], *, of: str = "", phase: str = "Running") -> dict[str, Any]:
    """A pod, made for the VirtualMachineInstance `of`, or by nobody."""
    owner = {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "name": of, "controller": True}
    metadata = {"labels": labels, "ownerReferences": [owner] if of else []}
    return {"metadata": metadata, "status": {"phase": phase}}


def _matches(labels: Mapping[str, str], term: str) -> bool:
    """Whether labels fit `key=value`, `key` or `!key`."""
    key, equals, value = term.partition("=")
    if equals:
        return labels.get(key) == value
    return key in labels if not key.startswith("!") else key[1:] not in labels


def _around(
    *pods: Mapping[str, Any], versions: Sequence[str] | None = (), pods_known: bool = True, refuses: str = ""
) -> Lookup:
    """A namespace with these pods, in a cluster whose KubeVirt objects say these versions; None: nobody may see it.

    Nor may the pods be seen where they are not known, or where the selector that is asked for begins with `refuses`.
    """

    def select(selector: str) -> Sequence[Mapping[str, Any]] | SvcError:
        terms = selector.split(",")
        found = [pod for pod in pods if all(_matches(pod["metadata"]["labels"], term) for term in terms)]
        refused = not pods_known or (refuses and selector.startswith(refuses))
        return SvcError("pods is forbidden") if refused else found

    def everywhere(resource: Resource) -> Sequence[Mapping[str, Any]] | SvcError:
        assert resource.path("") == ("apis", "kubevirt.io", "v1", "kubevirts")
        if versions is None:
            return SvcError("kubevirts is forbidden")
        return [{"status": {"observedKubeVirtVersion": version}} if version else {} for version in versions]

    return Lookup(pods=select, everywhere=everywhere)


@st.composite
def _names(draw: st.DrawFn) -> str:
    """Names of machines: DNS subdomains, of every length and around the longest label."""
    part = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
    return ".".join(draw(st.lists(part, min_size=1, max_size=6)))[:253].rstrip("-.")


@pytest.mark.parametrize(("name", "identity"), [("testvm", "testvm"), ("web.lab", "web.lab"), (_LONG, _LONG_ID)])
def test_known_ids(name: str, identity: str) -> None:
    """As KubeVirt's own test and virtctl v1.7.0 have them."""
    assert instance_id(name) == identity


@pytest.mark.parametrize(("length", "whole"), [(62, True), (63, True), (64, False), (253, False)])
def test_the_longest_id(length: int, whole: bool) -> None:
    """A name of 63 characters is its own id."""
    identity = instance_id("n" * length)
    assert (identity == "n" * length) is whole
    assert len(identity) == min(length, 63)


@given(_names())
def test_every_id_is_a_label(name: str) -> None:
    """One that begins like the name; the same every time."""
    identity = instance_id(name)
    assert _LABEL.fullmatch(identity)
    assert identity[:54] == name[:54]
    assert instance_id(name) == identity


@given(st.sets(st.text("ab", min_size=1, max_size=6), min_size=2, max_size=2))
def test_long_names_with_one_beginning_have_ids_of_their_own(ends: set[str]) -> None:
    """Where the label of older KubeVirts is the same."""
    one, other = (_LONG + end for end in ends)
    assert instance_id(one) != instance_id(other)
    assert host_name(one, "") == host_name(other, "")


@pytest.mark.parametrize(
    ("name", "hostname", "label"),
    [
        ("testvm", "", "testvm"),
        ("web.lab", "", "web"),
        (_LONG, "", _LONG[:63]),
        (f"{_LONG}.lab", "", _LONG[:63]),
        ("testvm", "front", "front"),
        (_LONG, "front.x", "front.x"),
    ],
)
def test_the_name_of_the_host(name: str, hostname: str, label: str) -> None:
    """The hostname as it stands, else the name before its first dot, cut (kubevirt `SanitizeHostname`)."""
    assert host_name(name, hostname) == label


_OLDER = {_NAME: "testvm"}
_NEWER = {_NAME: "testvm", _ID: "testvm"}


@pytest.mark.parametrize("kind", ["VirtualMachine", "VirtualMachineInstance"])
@pytest.mark.parametrize(
    ("lookup", "key"),
    [
        pytest.param(_around(_pod(_NEWER, of="testvm")), _ID, id="pod of 1.7"),
        pytest.param(_around(_pod(_NEWER, of="testvm"), versions=["v1.6.3"]), _ID, id="pod before the version"),
        pytest.param(_around(_pod(_OLDER, of="testvm")), _NAME, id="pod of an older one"),
        pytest.param(_around(_pod(_OLDER, of="testvm"), versions=["v1.7.0"]), _NAME, id="not restarted since 1.7"),
        pytest.param(_around(_pod(_OLDER), versions=["v1.7.0"]), _NAME, id="pod without controller"),
        pytest.param(_around(_pod(_OLDER, of="testvm", phase="Pending"), versions=["v1.7.0"]), _NAME, id="starting"),
        pytest.param(
            _around(_pod(_OLDER, of="testvm"), _pod(_NEWER, of="testvm")), _ID, id="migrating to a pod of 1.7"
        ),
        pytest.param(
            _around(_pod(_OLDER, of="testvm", phase="Succeeded"), versions=["v1.7.0"]), _ID, id="finished pod"
        ),
        pytest.param(_around(_pod(_NEWER, of="testvm", phase="Failed"), versions=["v1.6.0"]), _NAME, id="failed pod"),
        pytest.param(_around(_pod(_OLDER, of="testvm.lab"), versions=["v1.7.0"]), _ID, id="pod of a namesake"),
        pytest.param(_around(_pod({_NAME: "front"}), versions=["v1.7.0"]), _ID, id="pod of nobody, another host"),
        pytest.param(_around(versions=["v1.7.0"]), _ID, id="stopped, 1.7"),
        pytest.param(_around(versions=["v1.6.3"]), _NAME, id="stopped, 1.6"),
        *(
            pytest.param(_around(versions=[version]), key, id=version)
            for version, key in {
                "v1.7.0-beta.0": _ID,
                "v1.7.0-12-g6a33784": _ID,
                "1.7.1": _ID,
                "v1.10.0": _ID,
                "v2.0.0": _ID,
                "v1.4.1": _NAME,
                "v0.59.2": _NAME,
            }.items()
        ),
        pytest.param(_around(versions=["", "devel", "v1.6.3"]), _NAME, id="the first that says one"),
    ],
)
def test_the_label_that_the_pod_has(kind: str, lookup: Lookup, key: str) -> None:
    """What a running pod carries, else by KubeVirt's version; and no doubt about it."""
    workload = _read(_machine(kind=kind), lookup)
    assert (workload.selector, workload.unsure) == ({key: "testvm"}, "")


_FROM_BEFORE = (
    f'VirtualMachine "testvm" is selected by {_ID}, which a pod from before the upgrade to KubeVirt 1.7 lacks; whether '
    f"it has such a pod is not known (pods is forbidden). If so: --selector {_NAME}=front"
)
_HOST_NOT_CHECKED = (
    f'VirtualMachine "testvm" is selected by {_NAME}, the name of its host; whether its pod has that, and no other '
    "machine's, is not known (pods is forbidden)"
)


@pytest.mark.parametrize(
    ("version", "selector", "unsure"),
    [
        ("v1.7.0", {_ID: "testvm"}, _FROM_BEFORE),
        ("v1.10.0", {_ID: "testvm"}, _FROM_BEFORE),
        ("v1.6.3", {_NAME: "front"}, _HOST_NOT_CHECKED),
    ],
)
@pytest.mark.parametrize("refused", [{"pods_known": False}, {"refuses": f"{_NAME}"}])
def test_pods_that_nobody_may_see(version: str, selector: dict[str, str], unsure: str, refused: dict[str, Any]) -> None:
    """The version says what a pod of today has, not what the machine's pod was started with."""
    workload = _read(_machine(hostname="front"), _around(_pod(_OLDER, of="testvm"), versions=[version], **refused))
    assert (workload.selector, workload.unsure) == (selector, unsure)


def test_other_hosts_that_nobody_may_see() -> None:
    """A pod of its own was seen, and then no more."""
    pod = _pod({_NAME: "front"}, of="testvm")
    workload = _read(_machine(hostname="front"), _around(pod, versions=["v1.7.0"], refuses=f"{_NAME}=front"))
    assert (workload.selector, workload.unsure) == ({_NAME: "front"}, _HOST_NOT_CHECKED)


@pytest.mark.parametrize(
    ("lookup", "reason"),
    [
        pytest.param(Lookup(), "no cluster was asked", id="a file"),
        pytest.param(_around(), "no KubeVirt object says it", id="no KubeVirt"),
        pytest.param(_around(versions=["", "devel"]), "no KubeVirt object says it", id="no version"),
        pytest.param(
            _around(versions=["v1.x", "v1", "v-1.7", "v\u0661.\u0667"]), "no KubeVirt object says it", id="odd"
        ),
        pytest.param(_around(versions=None), "kubevirts is forbidden", id="Forbidden"),
        pytest.param(
            _around(_pod(_OLDER, of="testvm"), versions=None, pods_known=False), "kubevirts is forbidden", id="nothing"
        ),
        pytest.param(
            Lookup(everywhere=lambda _: SvcError("Internal error occurred:\n  too bad.")),
            "internal error occurred: too bad",
            id="several lines",
        ),
    ],
)
def test_nobody_knows_the_label(lookup: Lookup, reason: str) -> None:
    """The newer label, with why that is unsure and what to type if it is wrong."""
    workload = _read(_machine(hostname="front"), lookup)
    assert workload.selector == {_ID: "testvm"}
    assert workload.unsure == (
        f'VirtualMachine "testvm" is selected by {_ID}, which its pod has from KubeVirt 1.7 on; the version here is '
        f"not known ({reason}). On older clusters: --selector {_NAME}=front"
    )


def test_a_label_that_two_machines_share() -> None:
    """It is all that there is, and what else it selects is said."""
    pods = [_pod(_OLDER, of=name) for name in ("testvm.b", "testvm", "testvm.a", "testvm.a")]
    pods += [_pod(_OLDER, of="testvm.c", phase="Succeeded"), _pod({_NAME: "front"}, of="testvm.d")]
    workload = _read(_machine(), _around(*pods, versions=["v1.7.0"]))
    assert workload.selector == _OLDER
    assert workload.unsure == (
        f'VirtualMachine "testvm": {_NAME}=testvm selects the pods of "testvm.a", "testvm.b" too, whose hosts have '
        "the same name"
    )


def test_a_host_that_was_renamed_since_its_start() -> None:
    """The pod keeps the label of its start, and that is its value."""
    workload = _read(_machine(hostname="front"), _around(_pod({_NAME: "back"}, of="testvm"), versions=["v1.6.3"]))
    assert (workload.selector, workload.unsure) == ({_NAME: "back"}, "")


@pytest.mark.parametrize(
    ("name", "spec", "older", "newer"),
    [
        ("web.lab", {}, "web", "web.lab"),
        ("testvm", {"hostname": "front"}, "front", "testvm"),
        (_LONG, {}, _LONG[:63], _LONG_ID),
    ],
)
def test_the_value_of_the_label(name: str, spec: dict[str, Any], older: str, newer: str) -> None:
    """Of a running pod and of one to come."""
    manifest = _machine(name, **spec)
    for pod in ({_NAME: older}, {_NAME: older, _ID: newer}):
        expected = {_ID: newer} if _ID in pod else {_NAME: older}
        assert _read(manifest, _around(_pod(pod, of=name))).selector == expected
    assert _read(manifest, _around(versions=["v1.6.3"])).selector == {_NAME: older}
    assert _read(manifest, _around(versions=["v1.7.0"])).selector == {_ID: newer}


def test_nobody_is_asked_where_a_selector_was_typed() -> None:
    """Only the object itself is read."""

    def nobody(*asked: object) -> SvcError:
        raise AssertionError(asked)

    lookup = Lookup(selects=False, pods=nobody, everywhere=nobody, workload=nobody, scale=nobody)
    for example in _EXAMPLES:
        assert _read(_example(example), lookup).unsure == ""


def test_groups_of_machines_ask_nobody() -> None:
    """Labels of their templates are all that they need."""

    def nobody(*asked: object) -> SvcError:
        raise AssertionError(asked)

    lookup = Lookup(pods=nobody, everywhere=nobody, workload=nobody, scale=nobody)
    assert _read(_example("vmi-replica-set"), lookup).selector == {"app": "guests"}
    assert _read(_example("vm-pool-shared-labels"), lookup).selector == {"kubevirt.io/vmpool": "kiosks"}


def _pool(selector: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    pool = _example("vm-pool")
    pool["spec"]["selector"] = selector
    pool["spec"]["virtualMachineTemplate"]["spec"]["template"]["metadata"]["labels"] = labels
    return pool


@pytest.mark.parametrize(
    ("selector", "labels", "expected"),
    [
        pytest.param({"a": "b"}, {"a": "b", "c": "d"}, {"a": "b"}, id="of the pods too"),
        pytest.param({"a": "b"}, {"c": "d"}, {"c": "d"}, id="of the machines only"),
        pytest.param({"a": "b"}, {"a": "other"}, {"a": "other"}, id="another value"),
        pytest.param({"a": "b", "x": "y"}, {"a": "b"}, {"a": "b"}, id="in part"),
        pytest.param({}, {"a": "b"}, {"a": "b"}, id="none"),
        pytest.param(
            {"a": "b"}, {"c": "d", "kubevirt.io/vm-pool-revision-name": "p-1"}, {"c": "d"}, id="without the revision"
        ),
        pytest.param({"a": "b"}, {"kubevirt.io/vm-pool-revision-name": "p-1"}, {}, id="only the revision"),
        pytest.param({"a": "b"}, {}, {}, id="no labels"),
    ],
)
def test_the_selector_of_a_pool(selector: dict[str, str], labels: dict[str, str], expected: dict[str, str]) -> None:
    """Labels of the pods, never of the VirtualMachines alone."""
    workload = _read(_pool({"matchLabels": selector}, labels))
    assert workload.selector == expected
    assert bool(workload.no_selector) is not bool(expected)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({"matchLabels": {"a": "b"}}, {"a": "b"}),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}, {"a": "b"}),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "c"]}]}, {}),
        ({"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "c", "operator": "Exists"}]}, {}),
        ({}, {}),
    ],
)
def test_the_selector_of_a_replica_set(selector: dict[str, Any], expected: dict[str, str]) -> None:
    """As a Deployment's, or why not."""
    manifest = _example("vmi-replica-set")
    manifest["spec"]["selector"] = selector
    workload = _read(manifest)
    assert workload.selector == expected
    assert bool(workload.no_selector) is not bool(expected)


class Files:
    """Manifests as files, exposed without a cluster, within this process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "machine.json"

    def expose(self, manifest: object, *flags: str) -> tuple[int, str, str]:
        """Exit code, output and errors of a client dry run for the manifest; the output is JSON."""
        self._file.write_text(json.dumps(manifest), encoding="utf-8")
        return svc_here("expose", "-f", str(self._file), "--dry-run=client", "-o", "json", *flags)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """One file for all tests, each of which writes it anew."""
    return Files(tmp_path_factory.mktemp("machines"))


_MASQUERADE = {"name": "default", "masquerade": {}}
_LISTED = [{"name": "ssh", "port": 22}, {"name": "dns", "port": 53, "protocol": "UDP"}, {"port": 8080}]
_THROUGH = (
    'VirtualMachine "resolver" lets only 22/TCP, 53/UDP, 8080/TCP through to its guest, not %s; '
    "add that to the ports of its masquerade interface, or list none there"
)


def _warnings(err: str) -> list[str]:
    """All but the one that a file of a machine always gets."""
    lines = err.splitlines()
    assert all(line.startswith("Warning: ") for line in lines)
    return [line.removeprefix("Warning: ") for line in lines if "no cluster was asked" not in line]


def _ports(out: str) -> list[tuple[Any, ...]]:
    return [
        (port.get("name"), port["port"], port["protocol"], port["targetPort"])
        for port in json.loads(out)["spec"]["ports"]
    ]


@pytest.mark.parametrize(
    ("flags", "ports"),
    [
        ("", [("ssh", 22, "TCP", 22), ("dns", 53, "UDP", 53), ("port-3", 8080, "TCP", 8080)]),
        (
            "--port-naming kubectl",
            [("port-1", 22, "TCP", 22), ("port-2", 53, "UDP", 53), ("port-3", 8080, "TCP", 8080)],
        ),
        ("--port 22", [(None, 22, "TCP", 22)]),
        ("--port 53", [(None, 53, "UDP", 53)]),
        ("--port 2222 --target-port ssh", [(None, 2222, "TCP", "ssh")]),
        ("--port 2222:ssh", [("tcp-2222-ssh", 2222, "TCP", "ssh")]),
        ("--port 5353:dns", [("udp-5353-dns", 5353, "UDP", "dns")]),
        ("--port web=80:8080/http", [("web", 80, "TCP", 8080)]),
    ],
)
def test_ports_of_the_pod_network(flags: str, ports: list[tuple[Any, ...]], files: Files) -> None:
    """Not those of another interface; derived ones keep their names; all of these reach the guest."""
    code, out, err = files.expose(_example("vm-ports"), *flags.split())
    assert (code, _warnings(err)) == (0, [])
    assert _ports(out) == ports


@pytest.mark.parametrize(
    ("flags", "lost"),
    [
        ("--port 80", ["80/TCP"]),
        ("--port 9999", ["9999/TCP"]),  # of the other interface
        ("--port 22 --protocol UDP", ["22/UDP"]),
        ("--port 80:other", ["9999/TCP"]),  # so the pod calls it
        ("--port 22:2222,8080", ["2222/TCP"]),
        ("--port 80,81", ["80/TCP", "81/TCP"]),
    ],
)
def test_ports_that_masquerade_does_not_forward(flags: str, lost: list[str], files: Files) -> None:
    """As soon as some are listed, the others are lost; that is legal, so the Service is made."""
    code, _, err = files.expose(_example("vm-ports"), *flags.split())
    assert (code, _warnings(err)) == (0, [_THROUGH % port for port in lost])


_NAMED = 'has no %s port named "%s"%s: port %s of the Service leads nowhere; say the number of its target'


@pytest.mark.parametrize(
    ("flags", "missing"),
    [
        ("--port 80:http", ("TCP", "http", ', only "ssh" (TCP), "dns" (UDP)', "80")),
        ("--port 80:dns/tcp", ("TCP", "dns", ', only "ssh" (TCP), "dns" (UDP)', "80")),
        ("--port 2222 --target-port ssh --protocol UDP", ("UDP", "ssh", ', only "ssh" (TCP), "dns" (UDP)', "2222")),
    ],
)
def test_a_name_that_no_port_has(flags: str, missing: tuple[str, ...], files: Files) -> None:
    """A target is found by name and protocol among the ports of the pod; those of the right network are listed."""
    code, _, err = files.expose(_example("vm-ports"), *flags.split())
    assert (code, _warnings(err)) == (0, [f'VirtualMachine "resolver" {_NAMED % missing}'])


@pytest.mark.parametrize("example", ["vm-testvm", "vm-default-network"])
def test_a_name_where_nothing_is_held_back(example: str, files: Files) -> None:
    """All ports reach the guest, and still a name must be somebody's."""
    manifest = _example(example)
    code, _, err = files.expose(manifest, "--port", "2222", "--target-port", "ssh")
    said = f'VirtualMachine "{manifest["metadata"]["name"]}" {_NAMED % ("TCP", "ssh", "", "2222")}'
    assert (code, _warnings(err)) == (0, [said])
    (line,) = _warnings(files.expose(manifest, "--external-name", "vm.example.com", "--port", "80:ssh")[2])
    assert line.startswith("the target port ssh does nothing")


def test_a_name_of_a_bridge(files: Files) -> None:
    """The pod declares the ports of all interfaces, and a bridge lets all through."""
    manifest = _example("vm-ports")
    for interface in manifest["spec"]["template"]["spec"]["domain"]["devices"]["interfaces"]:
        interface.pop("masquerade", None)
    code, _, err = files.expose(manifest, "--port", "2222:ssh", "--port", "80:other")
    assert (code, _warnings(err)) == (0, [])
    assert '"http"' in _warnings(files.expose(manifest, "--port", "80:http")[2])[0]


_RANGES = [{"start": 1000, "end": 8000}, {"protocol": "UDP", "start": 53, "end": 53}]


@pytest.mark.parametrize(
    ("flags", "lost"),
    [
        ("--port 1000,8000,80:4000", []),
        ("--port 53 --protocol UDP", []),
        ("--port 999", ["999/TCP"]),
        ("--port 8001", ["8001/TCP"]),
        ("--port 53", ["53/TCP"]),
        ("--port 1000 --protocol UDP", ["1000/UDP"]),
        ("--headless", []),
    ],
)
def test_ranges_of_ports(flags: str, lost: list[str], files: Files) -> None:
    """They let through like ports that are listed one by one."""
    manifest = _with_devices("vm-testvm", interfaces=[_MASQUERADE | {"portRanges": _RANGES}])
    code, _, err = files.expose(manifest, *flags.split())
    said = (
        'VirtualMachine "testvm" lets only 1000-8000/TCP, 53-53/UDP through to its guest, not %s; add that to the port '
        "ranges of its masquerade interface, or list none there"
    )
    assert (code, _warnings(err)) == (0, [said % port for port in lost])


def test_ranges_beside_ports(files: Files) -> None:
    """Which KubeVirt may allow one day: both let through, and only the ports are derived."""
    interface = _MASQUERADE | {"ports": _LISTED, "portRanges": _RANGES}
    code, out, err = files.expose(_with_devices("vm-testvm", interfaces=[interface]))
    assert (code, _warnings(err), [port[1] for port in _ports(out)]) == (0, [], [22, 53, 8080])
    code, _, err = files.expose(_with_devices("vm-testvm", interfaces=[interface]), "--port", "22,4000")
    assert (code, _warnings(err)) == (0, [])


def test_no_ports_are_derived_from_ranges(files: Files) -> None:
    """A range may hold thousands."""
    manifest = _with_devices("vm-testvm", interfaces=[_MASQUERADE | {"portRanges": _RANGES}])
    code, out, err = files.expose(manifest)
    assert (code, out, err.splitlines()[-1]) == (
        1,
        "",
        'error: couldn\'t find port via --port flag or introspection: VirtualMachine "testvm" lists only ranges on its '
        "pod network; --port says which to expose",
    )


@pytest.mark.parametrize(
    "devices",
    [
        pytest.param({"interfaces": [_MASQUERADE]}, id="masquerade lists none"),
        pytest.param({"interfaces": [_MASQUERADE | {"ports": []}]}, id="an empty list"),
        pytest.param({"interfaces": [{"name": "default", "bridge": {}, "ports": _LISTED}]}, id="bridge"),
        pytest.param(
            {"interfaces": [{"name": "lab", "masquerade": {}, "ports": _LISTED}, _MASQUERADE]}, id="of another network"
        ),
        pytest.param(
            {"interfaces": [{"name": "default", "bridge": {}, "portRanges": [{"start": 1, "end": 2}]}]},
            id="ranges of a bridge, which has none",
        ),
        pytest.param({"interfaces": []}, id="no interface"),
    ],
)
def test_ports_that_nothing_holds_back(devices: dict[str, Any], files: Files) -> None:
    """Where nothing is filtered there is nothing to say."""
    code, out, err = files.expose(_with_devices("vm-testvm", **devices), "--port", "80")
    assert (code, _warnings(err)) == (0, [])
    assert _ports(out) == [(None, 80, "TCP", 80)]


@pytest.mark.parametrize("example", ["vm-testvm", "vm-default-network"])
def test_a_machine_without_ports(example: str, files: Files) -> None:
    """Nothing to derive, which is said; a headless Service needs none."""
    manifest = _example(example)
    name = manifest["metadata"]["name"]
    code, out, err = files.expose(manifest)
    assert (code, out) == (1, "")
    assert err == (
        f'error: couldn\'t find port via --port flag or introspection: VirtualMachine "{name}" lists none on its pod '
        "network; --port says which to expose\n"
    )
    code, out, _ = files.expose(manifest, "--headless")
    assert (code, json.loads(out)["spec"]) == (0, {"selector": {_ID: name}, "clusterIP": "None"})


@pytest.mark.parametrize(
    ("example", "reason"),
    [
        ("vm-multus", 'it has no pod network, only "lab", and a Service reaches a guest by no other'),
        ("vm-no-pod-interface", "it has no pod network, and a Service reaches a guest by no other"),
    ],
)
def test_a_machine_without_pod_network(example: str, reason: str, files: Files) -> None:
    """Refused with the reason, unless a selector says what else is meant."""
    manifest = _example(example)
    code, out, err = files.expose(manifest, "--port", "22")
    assert (code, out) == (1, "")
    machine = f'VirtualMachine "{manifest["metadata"]["name"]}"'
    assert err == f"error: cannot expose {machine}: {reason}\n"
    code, out, err = files.expose(manifest, "--port", "22", "--selector", "app=proxy")
    assert (code, json.loads(out)["spec"]["selector"]) == (0, {"app": "proxy"})
    assert err == f"Warning: {machine} is not reached: {reason}\n"
    code, out, err = files.expose(manifest, "--external-name", "vm.example.com")
    assert (code, err, json.loads(out)["spec"]["type"]) == (0, "", "ExternalName")


def test_a_pod_network_in_spite_of_everything(files: Files) -> None:
    """`autoattachPodInterface: false` only says that none is added to those that are there."""
    code, _, _ = files.expose(_with_devices("vm-ports", autoattachPodInterface=False))
    assert code == 0


def test_a_pool_without_labels(files: Files) -> None:
    """There is no selector for its pods; the sentence says what to do."""
    pool = _example("vm-pool-no-labels")
    code, out, err = files.expose(pool)
    assert (code, out) == (1, "")
    assert err == (
        f'{_CANNOT_SELECT}the pods of VirtualMachinePool "bare" have no labels in common: add some to '
        "spec.virtualMachineTemplate.spec.template.metadata.labels, or say --selector\n"
    )
    code, out, err = files.expose(pool, "--selector", "a=b")
    assert (code, json.loads(out)["spec"]["selector"]) == (0, {"a": "b"})
    assert _warnings(err) == [
        'the pod template of VirtualMachinePool "bare" does not have a=b, which the Service selects by; it '
        "has no labels"
    ]


def test_a_machine_without_name(files: Files) -> None:
    """Its pod is known by the name, so `generateName` is not enough."""
    for metadata, called in (({"generateName": "vm-"}, ' with generateName "vm-"'), ({}, "")):
        code, out, err = files.expose(_machine() | {"metadata": metadata}, "--port", "22", "--name", "ssh")
        assert (code, out) == (1, "")
        assert err == f"{_CANNOT_SELECT}the VirtualMachine{called} has no name yet, which its pod is known by\n"


@pytest.mark.parametrize(
    ("example", "flags", "selector"),
    [
        ("vm-ports", "acp", {"project.cpaas.io/name": "shop", "service.cpaas.io/name": "virtualmachine-resolver"}),
        ("vmi", "acp", {"project.cpaas.io/name": "shop", "service.cpaas.io/name": "virtualmachineinstance-guest"}),
        (
            "vmi-replica-set",
            "acp",
            {
                "project.cpaas.io/name": "shop",
                "service.cpaas.io/name": "virtualmachineinstancereplicaset-guests",
            },
        ),
        ("vm-pool", "acp", {"project.cpaas.io/name": "shop", "service.cpaas.io/name": "virtualmachinepool-desktops"}),
        ("vm-ports", "app", {"app": "resolver"}),
        ("vm-testvm", "kubevirt.io/domain", {"kubevirt.io/domain": "testvm"}),
    ],
)
def test_a_selector_from_the_labels_of_the_pods(
    example: str, flags: str, selector: dict[str, str], files: Files
) -> None:
    """The template's, which no KubeVirt version changes: no doubt, no warning."""
    flag = "--selector-from" if flags == "acp" else "--selector-key"
    code, out, err = files.expose(_example(example), flag, flags, "--port", "22")
    assert (code, err, json.loads(out)["spec"]["selector"]) == (0, "", selector)


@pytest.mark.parametrize(
    ("flags", "missing"),
    [("--selector-from acp", "project.cpaas.io/name"), ("--selector-key app", "app")],
)
def test_labels_that_the_pods_do_not_have(flags: str, missing: str, files: Files) -> None:
    """Named, with those there are."""
    code, out, err = files.expose(_example("vm-testvm"), "--port", "22", *flags.split())
    assert (code, out) == (1, "")
    assert err == (
        f'error: the pod template of VirtualMachine "testvm" has no label "{missing}": it has only '
        '"kubevirt.io/domain", "kubevirt.io/size"; --selector takes any labels\n'
    )


def _owned(kind: str, api_version: str = "kubevirt.io/v1") -> dict[str, Any]:
    owner = {"apiVersion": api_version, "kind": kind, "name": "boss", "uid": "u", "controller": True}
    manifest = _example("vmi")
    manifest["metadata"]["ownerReferences"] = [owner]
    return manifest


@pytest.mark.parametrize(
    ("maker", "flag", "said"),
    [
        ("VirtualMachine", "", ""),
        ("VirtualMachine", "--owner", ", and a Service that it owns goes when it does"),
        ("VirtualMachineInstanceReplicaSet", "", ", and its selector has labels that do not last"),
    ],
)
def test_an_instance_that_is_replaced(maker: str, flag: str, said: str) -> None:
    """That of a VirtualMachine by one of the same name, that of a ReplicaSet by one of another."""
    manifest = _example("vmi")
    owner = {"apiVersion": "kubevirt.io/v1", "kind": maker, "name": "boss", "uid": "u", "controller": True}
    manifest["metadata"]["ownerReferences"] = [owner]
    workload = _read(manifest, _around(versions=["v1.7.0"]))
    belongs = f'VirtualMachineInstance "guest" belongs to {maker} "boss"{said}'
    expected = [f"{belongs}; expose {maker.lower()}.kubevirt.io/boss instead"] if said else []
    assert _said_of_the_controller(workload, *flag.split()) == expected
    assert not _said_of_the_controller(workload, "--selector", "a=b")


def _said_of_the_controller(workload: Workload, *flags: str) -> list[str]:
    options = options_of("--port", "80", *flags)
    service = derive_service(workload, options)
    subject = Subject(service=service, derived=service, workload=workload, options=options, flags={})
    return [finding.sentence for finding in find_doubts(subject) if finding.check.id == "controlled"]


def test_hosts_of_one_name() -> None:
    """The label of older KubeVirts is not the machine's alone: whoever else has it is named, whatever started it."""
    other = _pod({_NAME: "testvm", _ID: "testvm.lab"}, of="testvm.lab")
    for lookup in (_around(_pod(_OLDER, of="testvm"), other), _around(other, versions=["v1.6.3"])):
        workload = _read(_machine(), lookup)
        assert workload.selector == {_NAME: "testvm"}
        assert '"testvm.lab"' in workload.unsure
    assert not _read(_machine(), _around(_pod(_OLDER, of="testvm"))).unsure


def test_a_host_that_has_another_name_now() -> None:
    """The pod keeps the label that it was started with, and is known by its controller."""
    pod = _pod({_NAME: "before"}, of="testvm")
    assert _read(_machine(), _around(pod, versions=["v1.7.0"])).selector == {_NAME: "before"}


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each value of a manifest stands."""
    yield above
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in entries:
        yield from _paths(item, (*above, key))


def _with(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """The manifest with another value in one place."""
    if not path:
        return other
    changed = copy.copy(value)
    changed[path[0]] = _with(value[path[0]], path[1:], other)
    return changed


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_MACHINES = [manifest for example in _EXAMPLES for manifest in examples.manifests(example)] + [
    _example("vm-ports") | {"metadata": {"name": "x", "ownerReferences": [{"kind": "a", "controller": True}]}},
    _with_devices("vm-ports", autoattachPodInterface=True),
    _with_devices("vm-testvm", interfaces=[_MASQUERADE | {"portRanges": _RANGES}]),
    _machine(hostname="front", networks=[{"name": "default", "pod": {}}]),
]


@st.composite
def _spoilt(draw: st.DrawFn) -> Any:
    """A machine with any JSON in place of one or two of its values."""
    manifest = draw(st.sampled_from(_MACHINES))
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(list(_paths(manifest))[1:]))
        manifest = _with(manifest, path, draw(_ANY_JSON))
    return manifest


@given(
    manifest=_spoilt(), flags=st.sampled_from([(), ("--port", "22"), ("--selector", "a=b"), ("--selector-from", "acp")])
)
def test_any_json_anywhere(manifest: Any, flags: tuple[str, ...], files: Files) -> None:
    """A Service, or one clear error."""
    code, out, err = files.expose(manifest, *flags)
    errors = [line for line in err.split("\n") if line and not line.startswith(("Warning: ", "  ", "hint: "))]
    if code:
        assert (code, out, len(errors)) == (1, "", 1), err
        assert errors[0].startswith(("error: ", "Error "))
    else:
        assert errors == []
        assert json.loads(out)["kind"] == "Service"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("spec",), [], "array into Go struct field VirtualMachine.spec of type v1.VirtualMachineSpec"),
        (
            ("spec", "template"),
            "x",
            "string into Go struct field VirtualMachineSpec.spec.template of type v1.VirtualMachineInstanceTemplate",
        ),
        (
            ("spec", "template", "spec", "networks"),
            {},
            "object into Go struct field VirtualMachineInstanceSpec.spec.template.spec.networks of type []v1.Network",
        ),
        (
            ("spec", "template", "spec", "hostname"),
            7,
            "number into Go struct field VirtualMachineInstanceSpec.spec.template.spec.hostname of type string",
        ),
        (
            ("spec", "template", "spec", "domain", "devices", "interfaces"),
            [{"ports": [{"port": "22"}]}],
            "string into Go struct field Port.spec.template.spec.domain.devices.interfaces.ports.port of type int32",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_named(path: tuple[str, ...], value: object, said: str, files: Files) -> None:
    """Where it stands and what it should be, as Go says it."""
    manifest = _with(_machine(hostname="x", networks=[], domain={"devices": {"interfaces": []}}), path, value)
    code, out, err = files.expose(manifest, "--port", "22")
    assert (code, out) == (1, "")
    assert f"json: cannot unmarshal {said}" in err
    assert err.count("\n") == 1
