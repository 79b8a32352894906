"""KubeVirt's kinds on a real API server: named and from files, which pods their Services reach, what virtctl makes."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from kubectl_svc.value import Value
from tests.kinds import examples, exposing, playing
from tests.svc import svc, svc_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.control_plane.cluster import Cluster, Site

_ID, _NAME = "vmi.kubevirt.io/id", "vm.kubevirt.io/name"
_LONG = "a-very-very-long-virtual-machine-instance-name-used-for-testing-this-logic"
_LONG_ID = "a-very-very-long-virtual-machine-instance-name-used-fo-88ed080c"
_PORTS = [("ssh", 22, "TCP", 22), ("dns", 53, "UDP", 53), ("port-3", 8080, "TCP", 8080)]
_UNSURE = (
    'Warning: VirtualMachine "testvm" is selected by vmi.kubevirt.io/id, which its pod has from KubeVirt 1.7 on; the '
    "version here is not known (%s). On older clusters: --selector vm.kubevirt.io/name=testvm\n"
)
_REQUEST = re.compile(r'"Request" verb="([A-Z]+)" url="https?://[^/]+([^"]*)"')


def _expose(cluster: Cluster, command: str, kubeconfig: str = "") -> tuple[int, str, str]:
    """Exit code, output and errors, as the admin or with another kubeconfig."""
    return svc_here("expose", *command.split(), KUBECONFIG=kubeconfig or cluster.kubeconfig)


def _stable(service: Mapping[str, Any]) -> dict[str, Any]:
    """What does not differ from one Service to the next: no names, times, addresses and node ports."""
    metadata = {key: service["metadata"][key] for key in ("labels", "annotations") if key in service["metadata"]}
    spec = dict(service["spec"])
    if spec["clusterIP"] != "None":
        del spec["clusterIP"], spec["clusterIPs"]
    spec["ports"] = [{key: value for key, value in port.items() if key != "nodePort"} for port in spec["ports"]]
    return {"metadata": metadata, "spec": spec}


def _create(cluster: Cluster, *manifests: Mapping[str, Any]) -> None:
    for manifest in manifests:
        cluster.kubectl("create", "-f", "-", stdin=json.dumps(manifest))


def _testvm(name: str = "testvm", **spec: Any) -> dict[str, Any]:
    """The lab's VirtualMachine, with another name or more in the spec of its instance."""
    (machine,) = examples.manifests("vm-testvm")
    machine["metadata"]["name"] = name
    machine["spec"]["template"]["spec"].update(spec)
    return machine


class Lab(Value):
    """A namespace full of machines, and the pods of each."""

    cluster: Cluster
    pods: Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def lab(stage: Cluster, custom_resources: frozenset[str]) -> Lab:
    """All that runs beside each other: groups, single machines, and some that are hard to tell apart."""
    del custom_resources  # it only has to be there
    groups = ("vmi-replica-set", "vm-pool", "vm-pool-shared-labels", "vm-pool-no-labels")
    examples.create(stage, "vm-ports", "vmi", *groups)
    twin = examples.manifests("vm-ports")[0] | {"metadata": {"name": "resolver-2"}}  # the labels of the pod are alike
    namesake = examples.manifests("vmi")[0]
    namesake["metadata"]["name"] = "guest.lab"  # so is the name of the host
    _create(stage, twin, namesake)
    pods = {
        "guests": playing.start_vmi_replica_set(stage, "guests"),
        **{name: playing.start_pool(stage, name) for name in ("desktops", "kiosks", "bare")},
        **{name: playing.start_vm(stage, name) for name in ("resolver", "resolver-2")},
        **{name: playing.start_vmi(stage, name) for name in ("guest", "guest.lab")},
    }
    return Lab(cluster=stage, pods=pods)


@pytest.mark.parametrize(
    ("example", "resource", "selector"),
    [
        ("vm-ports", "vm", {_ID: "resolver"}),
        ("vmi", "vmi", {_ID: "guest"}),
        ("vmi-replica-set", "vmirs", {"app": "guests"}),
        (
            "vm-pool",
            "vmpool",
            {
                "app": "desktop",
                "project.cpaas.io/name": "shop",
                "service.cpaas.io/name": "virtualmachinepool-desktops",
            },
        ),
        ("vm-pool-shared-labels", "vmpool", {"kubevirt.io/vmpool": "kiosks"}),
    ],
)
def test_the_service_reaches_its_pods(example: str, resource: str, selector: dict[str, str], lab: Lab) -> None:
    """These and no others, by name and from the file, with the same result."""
    (manifest,) = examples.manifests(example)
    name = manifest["metadata"]["name"]
    by_name, by_file = f"{name}-by-name", f"{name}-by-file"
    done = _expose(lab.cluster, f"{resource} {name} --name {by_name}")
    assert done == (0, f"service/{by_name} exposed\n", "")
    done = _expose(lab.cluster, f"-f {examples.path(example)} --name {by_file}")
    assert done == (0, f"service/{by_file} exposed\n", "")
    service = exposing.landed(lab.cluster, by_name)
    assert service["spec"]["selector"] == selector
    assert service["metadata"]["labels"] == manifest["metadata"]["labels"]
    assert exposing.ports(service) == _PORTS
    assert _stable(exposing.landed(lab.cluster, by_file)) == _stable(service)
    for each in (by_name, by_file):
        assert lab.cluster.endpoints(each, lab.pods[name]) == lab.pods[name]


@pytest.mark.parametrize("example", ["vm-ports", "vmi", "vmi-replica-set", "vm-pool"])
def test_every_name_of_the_kind(example: str, lab: Lab) -> None:
    """Whatever kubectl finds it by."""
    (manifest,) = examples.manifests(example)
    name = manifest["metadata"]["name"]
    for target in exposing.names_of(lab.cluster, manifest):
        for words in (target, target.replace("/", " ")):
            code, out, err = _expose(lab.cluster, f"{words} --dry-run=client -o name")
            assert (code, out) == (0, f"service/{name}\n"), (words, err)


@pytest.mark.parametrize(
    ("target", "warned"),
    [("virtualmachines.v1alpha3.kubevirt.io/resolver", True), ("vmpools.v1alpha1.pool.kubevirt.io/desktops", False)],
)
def test_older_versions_of_the_api(target: str, warned: bool, lab: Lab) -> None:
    """The server speaks of those that are deprecated, and its word is shown."""
    code, out, err = _expose(lab.cluster, f"{target} --dry-run=client -o json")
    assert (code, bool(err)) == (0, warned)
    assert not warned or err.startswith("Warning: kubevirt.io/v1alpha3 is now deprecated")
    newest = _expose(
        lab.cluster, f"{target.replace('.v1alpha3', '').replace('.v1alpha1', '')} --dry-run=client -o json"
    )
    assert out == newest[1]


def test_several_at_once(lab: Lab) -> None:
    """Of different kinds, each with its own selector."""
    code, out, err = _expose(lab.cluster, "vm/resolver vmi/guest vmirs/guests vmpool/kiosks --dry-run=client -o yaml")
    assert (code, err) == (0, "")
    selectors = [service["spec"]["selector"] for service in yaml.safe_load_all(out)]
    assert selectors == [{_ID: "resolver"}, {_ID: "guest"}, {"app": "guests"}, {"kubevirt.io/vmpool": "kiosks"}]


def test_a_pool_whose_pods_have_nothing_in_common(lab: Lab) -> None:
    """Refused, by name and from the file; a typed selector is taken."""
    for source in ("vmpool bare", f"-f {examples.path('vm-pool-no-labels')}"):
        code, out, err = _expose(lab.cluster, source)
        assert (code, out) == (1, "")
        assert 'the pods of VirtualMachinePool "bare" have no labels in common' in err
        assert err.count("\n") == 1
    code, _, err = _expose(lab.cluster, "vmpool bare --selector kubevirt.io=virt-launcher --dry-run=server")
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    "output", ["yaml", "json", "name", "kyaml", "jsonpath={.spec.selector}", "go-template={{.kind}}"]
)
def test_every_output_format(output: str, lab: Lab, env: dict[str, str]) -> None:
    """As kubectl prints the same Service, and the file gives what the cluster gives."""
    command = ("expose", "vm", "resolver", "--dry-run=client", "--port", "22", "-o")
    written = svc(*command, "yaml", **env)
    assert (written.returncode, written.stderr) == (0, "")
    theirs = lab.cluster.kubectl(
        "create", "--dry-run=client", "-f", "-", "-o", output, stdin=written.stdout, check=False
    )
    ours = svc(*command, output, **env)
    file = svc(
        "expose",
        "-f",
        examples.path("vm-ports"),
        "--dry-run=client",
        "--port",
        "22",
        "-o",
        output,
        KUBECTL_PATH=env["KUBECTL_PATH"],
    )
    assert (ours.returncode, ours.stderr) == (0, "")
    assert file.stdout == ours.stdout
    if output in ("yaml", "json", "kyaml"):
        placed = yaml.safe_load(theirs.stdout)
        del placed["metadata"]["namespace"]
        assert yaml.safe_load(ours.stdout) == placed
    else:
        assert ours.stdout == theirs.stdout


@pytest.mark.parametrize(
    ("pods", "version", "label"),
    [
        pytest.param("newer", None, _ID, id="its pod"),
        pytest.param("newer", "v1.6.3", _ID, id="its pod before the version"),
        pytest.param("older", None, _NAME, id="its older pod"),
        pytest.param("older", "v1.7.0", _NAME, id="its pod since before the upgrade"),
        pytest.param("finished", "v1.7.0", _ID, id="a finished pod"),
        pytest.param("of a namesake", "v1.7.0", _ID, id="another one's pod"),
        pytest.param("", "v1.6.3", _NAME, id="stopped, 1.6.3"),
        pytest.param("", "v1.7.0", _ID, id="stopped, 1.7.0"),
    ],
)
def test_the_label_of_the_pod(pods: str, version: str | None, label: str, kinds_cluster: Cluster) -> None:
    """What a pod carries that runs, else what KubeVirt's version says; no warning, from the cluster and a file."""
    _create(kinds_cluster, _testvm(), _testvm("testvm.lab"))
    running = playing.start_vm(kinds_cluster, "testvm", identity=pods == "newer") if pods in ("newer", "older") else []
    if pods == "finished":
        _finish(kinds_cluster, *playing.start_vm(kinds_cluster, "testvm", identity=False))
    elif pods == "of a namesake":
        playing.start_vm(kinds_cluster, "testvm.lab", identity=False)
    with _version(kinds_cluster, version):
        for source in ("vm testvm", f"-f {examples.path('vm-testvm')} --name file"):
            code, _, err = _expose(kinds_cluster, f"{source} --port 22")
            assert (code, err) == (0, "")
    assert exposing.landed(kinds_cluster, "testvm")["spec"]["selector"] == {label: "testvm"}
    assert _stable(exposing.landed(kinds_cluster, "file")) == _stable(exposing.landed(kinds_cluster, "testvm"))
    if running:
        assert kinds_cluster.endpoints("testvm", running) == running


@contextlib.contextmanager
def _version(cluster: Cluster, version: str | None) -> Iterator[None]:
    """A cluster whose KubeVirt says this version, or that has none to say one."""
    with playing.kubevirt(cluster, version) if version else contextlib.nullcontext():
        yield


def _finish(cluster: Cluster, *pods: str) -> None:
    """The pods have come to their end and are still there."""
    for pod in pods:
        cluster.core.patch_namespaced_pod_status(pod, cluster.namespace, {"status": {"phase": "Succeeded"}})


@pytest.mark.parametrize(
    ("name", "spec", "older", "newer"),
    [
        pytest.param("web.lab", {}, "web", "web.lab", id="dotted"),
        pytest.param("testvm", {"hostname": "front"}, "front", "testvm", id="hostname"),
        pytest.param(_LONG, {}, _LONG[:63], _LONG_ID, id="long"),
    ],
)
def test_names_that_are_not_the_label(
    name: str, spec: dict[str, Any], older: str, newer: str, kinds_cluster: Cluster
) -> None:
    """Those of a stopped machine are those that its pod will have."""
    _create(kinds_cluster, _testvm(name, **spec))
    for service, version, selector in (("older", "v1.6.3", {_NAME: older}), ("newer", "v1.7.0", {_ID: newer})):
        with playing.kubevirt(kinds_cluster, version):
            assert _expose(kinds_cluster, f"vm {name} --port 22 --name {service}")[::2] == (0, "")
        assert exposing.landed(kinds_cluster, service)["spec"]["selector"] == selector
        pods = playing.start_vm(kinds_cluster, name, identity=_ID in selector)
        assert _expose(kinds_cluster, f"vm {name} --port 22 --name {service}-running")[::2] == (0, "")
        assert _stable(exposing.landed(kinds_cluster, f"{service}-running")) == _stable(
            exposing.landed(kinds_cluster, service)
        )
        assert kinds_cluster.endpoints(service, pods) == pods
        playing.stop_vm(kinds_cluster, name)


def test_nobody_knows_the_version(kinds_cluster: Cluster) -> None:
    """The newer label and one warning, which --warnings-as-errors does not count: it is ours."""
    _create(kinds_cluster, _testvm())
    said = _UNSURE % "no KubeVirt object says it"
    done = _expose(kinds_cluster, "vm testvm --port 22 --warnings-as-errors")
    assert done == (0, "service/testvm exposed\n", said)
    assert exposing.landed(kinds_cluster, "testvm")["spec"]["selector"] == {_ID: "testvm"}


def test_a_file_needs_no_cluster() -> None:
    """Nor does it know one: the newer label and one warning."""
    done = svc("expose", "-f", examples.path("vm-testvm"), "--dry-run=client", "--port", "22", "-o", "name")
    assert (done.returncode, done.stdout) == (0, "service/testvm\n")
    assert done.stderr == _UNSURE % "no cluster was asked"


def _requests(err: str) -> list[tuple[str, str]]:
    """Verb and path of each request in the log of -v=8 that is not discovery."""
    asked = [(verb, path.partition("?")[0]) for verb, path in _REQUEST.findall(err)]
    return [(verb, path) for verb, path in asked if path.count("/") > 3]


def test_no_more_rights_than_the_get_and_the_create(kinds_cluster: Cluster) -> None:
    """What else is asked may be refused: the newer label and one warning that says so."""
    _create(kinds_cluster, _testvm())
    playing.start_vm(kinds_cluster, "testvm", identity=False)
    exposing.grant(kinds_cluster, {"virtualmachines.kubevirt.io": "get", "services": "create"})
    with playing.kubevirt(kinds_cluster, "v1.6.3"):
        code, out, err = _expose(kinds_cluster, "vm testvm --port 22", kinds_cluster.nobody_kubeconfig)
    assert (code, out, err.count("\n")) == (0, "service/testvm exposed\n", 1)
    said = re.escape(_UNSURE).replace("%s", "kubevirts.kubevirt.io is forbidden: .*")
    assert re.fullmatch(said, err)
    assert exposing.landed(kinds_cluster, "testvm")["spec"]["selector"] == {_ID: "testvm"}


def test_a_pod_is_enough_to_know(kinds_cluster: Cluster) -> None:
    """Who may list pods need not see the KubeVirt object."""
    _create(kinds_cluster, _testvm())
    playing.start_vm(kinds_cluster, "testvm", identity=False)
    exposing.grant(kinds_cluster, {"virtualmachines.kubevirt.io": "get", "services": "create", "pods": "list"})
    done = _expose(kinds_cluster, "vm testvm --port 22", kinds_cluster.nobody_kubeconfig)
    assert done == (0, "service/testvm exposed\n", "")
    assert exposing.landed(kinds_cluster, "testvm")["spec"]["selector"] == {_NAME: "testvm"}


def test_the_version_is_not_enough(kinds_cluster: Cluster) -> None:
    """Who may not list pods does not know the machine's, and is told; a pod from before an upgrade is the proof."""
    _create(kinds_cluster, _testvm())
    playing.start_vm(kinds_cluster, "testvm", identity=False)
    exposing.grant(kinds_cluster, {"virtualmachines.kubevirt.io": "get", "services": "create"})
    forbidden = (
        'pods is forbidden: User "nobody" cannot list resource "pods" in API group "" in the namespace '
        f'"{kinds_cluster.namespace}"'
    )
    expected = {
        "v1.7.0": (
            _ID,
            "vmi.kubevirt.io/id, which a pod from before the upgrade to KubeVirt 1.7 lacks; whether it has such a pod "
            f"is not known ({forbidden}). If so: --selector vm.kubevirt.io/name=testvm",
        ),
        "v1.6.3": (
            _NAME,
            "vm.kubevirt.io/name, the name of its host; whether its pod has that, and no other machine's, is not known "
            f"({forbidden})",
        ),
    }
    with _everybody_sees_kubevirt(kinds_cluster):
        for version, (label, said) in expected.items():
            name = version.replace(".", "-")
            with playing.kubevirt(kinds_cluster, version):
                done = _expose(kinds_cluster, f"vm testvm --port 22 --name {name}", kinds_cluster.nobody_kubeconfig)
            warning = f'Warning: VirtualMachine "testvm" is selected by {said}\n'
            assert done == (0, f"service/{name} exposed\n", warning)
            assert exposing.landed(kinds_cluster, name)["spec"]["selector"] == {label: "testvm"}


@contextlib.contextmanager
def _everybody_sees_kubevirt(cluster: Cluster) -> Iterator[None]:
    """The user of `nobody_kubeconfig` may list KubeVirt objects, which count for the whole cluster."""
    role = cluster.namespace
    cluster.kubectl("create", "clusterrole", role, "--verb=list", "--resource=kubevirts.kubevirt.io")
    cluster.kubectl("create", "clusterrolebinding", role, f"--clusterrole={role}", "--user=nobody")
    try:
        yield
    finally:
        cluster.kubectl("delete", "clusterroles,clusterrolebindings", role)


def test_pods_are_not_enough_to_know_where_none_runs(kinds_cluster: Cluster) -> None:
    """Who may not see the KubeVirt object does not know what the next pod will have."""
    _create(kinds_cluster, _testvm())
    exposing.grant(kinds_cluster, {"virtualmachines.kubevirt.io": "get", "services": "create", "pods": "list"})
    with playing.kubevirt(kinds_cluster, "v1.6.3"):
        code, out, err = _expose(kinds_cluster, "vm testvm --port 22", kinds_cluster.nobody_kubeconfig)
    said = _UNSURE % (
        'kubevirts.kubevirt.io is forbidden: User "nobody" cannot list resource "kubevirts" in API group '
        '"kubevirt.io" at the cluster scope'
    )
    assert (code, out, err) == (0, "service/testvm exposed\n", said)
    assert exposing.landed(kinds_cluster, "testvm")["spec"]["selector"] == {_ID: "testvm"}


@pytest.mark.parametrize(
    ("flags", "asked"),
    [
        ("--selector example.com/a=b", []),
        ("--selector-key kubevirt.io/domain", []),
        ("", ["pods", "pods", "kubevirts"]),
    ],
)
def test_what_is_asked(flags: str, asked: list[str], kinds_cluster: Cluster) -> None:
    """The machine and the Service; more only where a selector is to be derived."""
    _create(kinds_cluster, _testvm())
    code, _, err = _expose(kinds_cluster, f"vm testvm --port 22 -v=8 {flags}")
    place = f"namespaces/{kinds_cluster.namespace}"
    paths = {"pods": f"/api/v1/{place}/pods", "kubevirts": "/apis/kubevirt.io/v1/kubevirts"}
    assert code == 0
    assert _requests(err) == [
        ("GET", f"/apis/kubevirt.io/v1/{place}/virtualmachines/testvm"),
        *(("GET", paths[what]) for what in asked),
        ("POST", f"/api/v1/{place}/services"),
    ]
    assert ("Warning: " in err) is bool(asked)


def test_what_a_running_machine_costs(lab: Lab) -> None:
    """One look at its pods."""
    code, _, err = _expose(lab.cluster, "vm resolver --dry-run=client -v=8")
    assert code == 0
    assert [path.rpartition("/")[2] for _, path in _requests(err)] == ["resolver", "pods"]


def test_what_a_group_costs(lab: Lab) -> None:
    """Nothing: its labels are known."""
    for target in ("vmirs guests", "vmpool desktops"):
        _, _, err = _expose(lab.cluster, f"{target} --dry-run=client -v=8")
        assert len(_requests(err)) == 1


@pytest.mark.parametrize("identity", [True, False])
def test_a_restart_keeps_the_endpoints(identity: bool, kinds_cluster: Cluster) -> None:
    """The next pod is another one, and is reached."""
    _create(kinds_cluster, _testvm())
    before = playing.start_vm(kinds_cluster, "testvm", identity=identity)
    assert _expose(kinds_cluster, "vm/testvm --port 22")[::2] == (0, "")
    assert _expose(kinds_cluster, "vmi/testvm --port 22 --name instance")[0] == 0
    assert kinds_cluster.endpoints("testvm", before) == before
    playing.stop_vm(kinds_cluster, "testvm")
    assert kinds_cluster.endpoints("testvm", []) == []
    after = playing.start_vm(kinds_cluster, "testvm", identity=identity)
    assert after != before
    for service in ("testvm", "instance"):
        assert kinds_cluster.endpoints(service, after) == after


def test_a_port_of_the_pod_by_its_name(lab: Lab) -> None:
    """The launcher's container declares the ports of the guest, so the server resolves the name."""
    assert _expose(lab.cluster, "vm resolver --port 2222 --target-port ssh --name by-port-name")[0] == 0
    assert exposing.ports(exposing.landed(lab.cluster, "by-port-name")) == [(None, 2222, "TCP", "ssh")]
    assert lab.cluster.endpoints("by-port-name", lab.pods["resolver"]) == lab.pods["resolver"]
    slices = json.loads(
        lab.cluster.kubectl(
            "get", "endpointslices", "-l", "kubernetes.io/service-name=by-port-name", "-o", "json"
        ).stdout
    )["items"]
    assert [port["port"] for each in slices for port in each["ports"]] == [22]


@pytest.mark.parametrize("example", ["vm-multus", "vm-no-pod-interface"])
def test_a_machine_without_pod_network(example: str, kinds_cluster: Cluster) -> None:
    """Refused with the reason; a typed selector is taken."""
    examples.create(kinds_cluster, example)
    name = examples.manifests(example)[0]["metadata"]["name"]
    code, out, err = _expose(kinds_cluster, f"vm {name} --port 22")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert f'cannot expose VirtualMachine "{name}": it has no pod network' in err
    code, out, err = _expose(kinds_cluster, f"vm {name} --port 22 --selector app={name}")
    assert (code, out, err.count("\n")) == (0, f"service/{name} exposed\n", 1)
    assert err.startswith(f'Warning: VirtualMachine "{name}" is not reached: it has no pod network')
    assert exposing.landed(kinds_cluster, name)["spec"]["selector"] == {"app": name}


def test_labels_of_the_platform(lab: Lab) -> None:
    """Read from the template, and the pods are reached by them: the twin's have the same."""
    assert _expose(lab.cluster, "vm resolver --selector-from acp --name acp") == (0, "service/acp exposed\n", "")
    both = sorted([*lab.pods["resolver"], *lab.pods["resolver-2"]])
    assert lab.cluster.endpoints("acp", both) == both


def test_a_service_goes_with_its_machine(kinds_cluster: Cluster) -> None:
    """From the cluster and from a file; a Service without --owner stays."""
    _create(kinds_cluster, _testvm())
    playing.start_vm(kinds_cluster, "testvm")
    for source in (
        "vm testvm --owner",
        f"-f {examples.path('vm-testvm')} --owner --name file",
        "vm testvm --name stays",
    ):
        code, _, err = _expose(kinds_cluster, f"{source} --port 22")
        assert (code, err) == (0, "")
    live = json.loads(kinds_cluster.kubectl("get", "vm", "testvm", "-o", "json").stdout)
    owner = {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine", "name": "testvm", "uid": live["metadata"]["uid"]}
    for name, owners in {"testvm": [owner], "file": [owner], "stays": None}.items():
        assert exposing.landed(kinds_cluster, name)["metadata"].get("ownerReferences") == owners
    kinds_cluster.kubectl("delete", "vm", "testvm")
    kinds_cluster.kubectl("wait", "--for=delete", "service/testvm", "service/file", "--timeout=60s")
    assert exposing.landed(kinds_cluster, "stays")


@pytest.mark.parametrize(
    ("name", "controller", "ends", "argument"),
    [
        ("resolver", "VirtualMachine", "", "virtualmachine.kubevirt.io/resolver"),
        (
            "guests",
            "VirtualMachineInstanceReplicaSet",
            ", and its selector has labels that do not last",
            "virtualmachineinstancereplicaset.kubevirt.io/guests",
        ),
    ],
)
def test_an_instance_that_is_replaced(name: str, controller: str, ends: str, argument: str, lab: Lab) -> None:
    """A Service that it owns goes with it; that of a ReplicaSet has a selector that goes as well."""
    found = json.loads(lab.cluster.kubectl("get", "vmi", "-o", "json").stdout)["items"]
    instance = next(
        each["metadata"]["name"]
        for each in found
        for owner in each["metadata"].get("ownerReferences", ())
        if (owner["kind"], owner["name"]) == (controller, name)
    )
    belongs = f'Warning: VirtualMachineInstance "{instance}" belongs to {controller} "{name}"'
    goes = ", and a Service that it owns goes when it does"
    instead = f"; expose {argument} instead\n"
    for flags, said in {
        "": f"{belongs}{ends}{instead}" if ends else "",
        "--owner": f"{belongs}{goes}{instead}",
        "--owner --selector example.com/a=b": f"{belongs}{goes}{instead}",
        "--selector example.com/a=b": "",
    }.items():
        done = _expose(lab.cluster, f"vmi {instance} {flags} --dry-run=client -o name")
        assert done == (0, f"service/{instance}\n", said), flags


def _made(selector: Mapping[str, str], port: Mapping[str, Any], **spec: Any) -> dict[str, Any]:
    """The spec of a Service as the server stores it, with one port."""
    return {
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "ports": [{"protocol": "TCP", **port}],
        "selector": selector,
        "sessionAffinity": "None",
        "type": "ClusterIP",
        **spec,
    }


# What virtctl v1.7.0 made on kube-apiserver 1.36.4 with the machines of objects/: `virtctl expose` and these words, and
# `--name`, which it must have. Read with `kubectl get service -o json`: spec, less node ports and less cluster IPs that
# are not None. Of metadata there was nothing but name, namespace, uid, resourceVersion and creationTimestamp. Not here:
# no --port at all, where its ports are port-1, port-2 and so on and ours keep their names; --port-name, which is
# `--port NAME=PORT` here; and --port 53 of a machine that lists it as UDP, where virtctl says TCP.
_VM, _VMI, _VMIRS = {_ID: "testvm"}, {_ID: "guest"}, {"app": "guests"}
_PORT_22, _PORT_80 = {"port": 22, "targetPort": 22}, {"port": 80, "targetPort": 80}
_VIRTCTL = {
    "vm testvm --port 22 --type NodePort": _made(_VM, _PORT_22, type="NodePort", externalTrafficPolicy="Cluster"),
    "vms testvm --port 27017 --target-port 22": _made(_VM, {"port": 27017, "targetPort": 22}),
    "virtualmachine testvm --port 22 --target-port ssh": _made(_VM, {"port": 22, "targetPort": "ssh"}),
    "vm testvm --port 53 --protocol UDP": _made(_VM, {"port": 53, "protocol": "UDP", "targetPort": 53}),
    "vm testvm --port 80 --cluster-ip None": _made(_VM, _PORT_80, clusterIP="None", clusterIPs=["None"]),
    "vm testvm --port 80 --ip-family IPv4": _made(_VM, _PORT_80),
    "vm testvm --port 80 --ip-family IPv4,IPv6": _made(
        _VM, _PORT_80, ipFamilies=["IPv4", "IPv6"], ipFamilyPolicy="PreferDualStack"
    ),
    "vm testvm --port 80 --ip-family-policy SingleStack": _made(_VM, _PORT_80),
    "vm testvm --port 80 --ip-family-policy PreferDualStack": _made(
        _VM, _PORT_80, ipFamilies=["IPv4", "IPv6"], ipFamilyPolicy="PreferDualStack"
    ),
    "vm testvm --port 80 --external-ip 192.0.2.7": _made(
        _VM, _PORT_80, externalIPs=["192.0.2.7"], externalTrafficPolicy="Cluster"
    ),
    "vm testvm --port 80 --type LoadBalancer": _made(
        _VM, _PORT_80, type="LoadBalancer", externalTrafficPolicy="Cluster", allocateLoadBalancerNodePorts=True
    ),
    "vmi guest --port 22": _made(_VMI, _PORT_22),
    "vmirs guests --port 80 --target-port 8080": _made(_VMIRS, {"port": 80, "targetPort": 8080}),
    "virtualmachineinstancereplicasets guests --port 53 --protocol udp": _made(
        _VMIRS, {"port": 53, "protocol": "UDP", "targetPort": 53}
    ),
    f"vm {_LONG} --port 22": _made({_ID: _LONG_ID}, _PORT_22),
    "vm web.lab --port 22": _made({_ID: "web.lab"}, _PORT_22),
}


@pytest.fixture(scope="module")
def stopped(
    site: Site, custom_resources: frozenset[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """A namespace with the machines that virtctl was asked about, none of which runs, on KubeVirt 1.7."""
    del custom_resources  # it only has to be there
    with site.cluster(tmp_path_factory.mktemp("stopped")) as cluster:
        examples.create(cluster, "vm-testvm", "vmi", "vmi-replica-set")
        _create(cluster, _testvm(_LONG), _testvm("web.lab"))
        yield cluster


@pytest.mark.parametrize("command", _VIRTCTL)
def test_as_virtctl_does_it(command: str, stopped: Cluster) -> None:
    """The same words make the same Service; only the labels of the object are ours, as in kubectl expose."""
    with playing.kubevirt(stopped, "v1.7.0"):
        code, out, err = _expose(stopped, f"{command} --name testvm-ssh")
    assert (code, out) == (0, "service/testvm-ssh exposed\n"), err
    known = ("Warning: spec.externalIPs is deprecated", 'Warning: VirtualMachine "testvm" has no TCP port named "ssh"')
    assert all(line.startswith(known) for line in err.splitlines())
    made = _stable(exposing.landed(stopped, "testvm-ssh"))
    stopped.core.delete_namespaced_service("testvm-ssh", stopped.namespace)
    live = json.loads(stopped.kubectl("get", *command.split()[:2], "-o", "json").stdout)
    labels = {key: live["metadata"][key] for key in ("labels",) if key in live["metadata"]}
    assert made == {"metadata": labels, "spec": _VIRTCTL[command]}


def test_a_live_object_of_another_shape(kinds_cluster: Cluster) -> None:
    """One line, in Go's words."""
    _create(kinds_cluster, _testvm() | {"spec": {"template": {"spec": {"networks": "all"}}}})
    code, out, err = _expose(kinds_cluster, "vm testvm --port 22")
    assert (code, out) == (1, "")
    assert err == (
        "error: json: cannot unmarshal string into Go struct field "
        "VirtualMachineInstanceSpec.spec.template.spec.networks of type []v1.Network\n"
    )
