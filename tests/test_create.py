"""`kubectl svc create` on a real API server: what lands there, what is refused, and what kubectl makes of the same."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from kubernetes import client

from kubectl_svc.flags import CREATE
from tests.differential.programs import without_allotted
from tests.svc import svc, svc_here

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.control_plane.cluster import Cluster

# What the server fills in by itself.
_FILLED_IN = ("clusterIPs", "internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy", "sessionAffinity")


def _create(cluster: Cluster, command: str) -> subprocess.CompletedProcess[str]:
    return svc("create", *shlex.split(command), kubeconfig=cluster.kubeconfig)


def _names(cluster: Cluster) -> list[str]:
    return [service.metadata.name for service in cluster.core.list_namespaced_service(cluster.namespace).items]


def _read(cluster: Cluster, name: str) -> Any:
    """The Service as the official client reads it, in the API's field names."""
    service = cluster.core.read_namespaced_service(name, cluster.namespace)
    return cluster.core.api_client.sanitize_for_serialization(service)


def _said(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec without what the server fills in."""
    said = {key: value for key, value in spec.items() if key not in _FILLED_IN}
    if said.get("clusterIP") != "None":
        said.pop("clusterIP", None)
    return said


_BARE = (
    "hint: the Service selects no pods; say --selector, or make EndpointSlices with the label "
    "kubernetes.io/service-name=web\n"
)
_TCP_80 = {"port": 80, "protocol": "TCP", "targetPort": 80}
_HTTP = {"name": "http-80-8080", "port": 80, "protocol": "TCP", "appProtocol": "http", "targetPort": 8080}
_LANDS = {
    "external name": ("--external-name db.example.com", {"type": "ExternalName", "externalName": "db.example.com"}),
    "external name with a port": (
        "--external-name db.example.com --port 80:/http",
        {
            "type": "ExternalName",
            "externalName": "db.example.com",
            "ports": [{**_HTTP, "name": "http-80-80", "targetPort": 80}],
        },
    ),
    "by selector": (
        "--selector app=nginx,tier=front --port 80:8080/http",
        {"type": "ClusterIP", "selector": {"app": "nginx", "tier": "front"}, "ports": [_HTTP]},
    ),
    "bare": ("--port 80", {"type": "ClusterIP", "ports": [_TCP_80]}),
    "headless": (
        "--selector app=db --headless",
        {"type": "ClusterIP", "clusterIP": "None", "selector": {"app": "db"}},
    ),
    "headless with a port": (
        "--selector app=db --headless --port 80",
        {"type": "ClusterIP", "clusterIP": "None", "selector": {"app": "db"}, "ports": [_TCP_80]},
    ),
    "headless and bare": ("--headless", {"type": "ClusterIP", "clusterIP": "None"}),
    "one node port for two protocols": (
        "--port dns=53:5353:30061/tcp,dns-udp=53:5353:30061/udp",
        {
            "type": "NodePort",
            "externalTrafficPolicy": "Cluster",
            "ports": [
                {"name": "dns", "port": 53, "protocol": "TCP", "targetPort": 5353, "nodePort": 30061},
                {"name": "dns-udp", "port": 53, "protocol": "UDP", "targetPort": 5353, "nodePort": 30061},
            ],
        },
    ),
    "plain flags of kubectl expose": (
        "--port 80 --target-port http --protocol udp",
        {"type": "ClusterIP", "ports": [{"port": 80, "protocol": "UDP", "targetPort": "http"}]},
    ),
}


@pytest.mark.parametrize(("flags", "spec"), _LANDS.values(), ids=_LANDS)
def test_a_service_lands(flags: str, spec: dict[str, Any], cluster: Cluster) -> None:
    """One line says so, and the server has what was typed, and nothing else."""
    done = _create(cluster, f"web {flags}")
    hint = "" if "--selector" in flags or "--external-name" in flags else _BARE
    assert (done.returncode, done.stdout, done.stderr) == (0, "service/web created\n", hint)
    service = _read(cluster, "web")
    assert _said(service["spec"]) == spec
    assert not {"labels", "annotations", "ownerReferences"} & service["metadata"].keys()
    assert service["metadata"]["managedFields"][0]["manager"] == "kubectl-svc"


def test_labels_annotations_and_overrides(cluster: Cluster) -> None:
    """An annotation keeps its commas; the overrides come last."""
    done = _create(
        cluster,
        "web --port 80 -l app=web,tier=front --annotation zones=a,b --annotation url=x=y "
        """--overrides '{"spec":{"sessionAffinity":"ClientIP"},"metadata":{"labels":{"tier":"back"}}}'""",
    )
    assert done.returncode == 0, done.stderr
    service = _read(cluster, "web")
    assert service["metadata"]["labels"] == {"app": "web", "tier": "back"}
    assert service["metadata"]["annotations"] == {"zones": "a,b", "url": "x=y"}
    assert service["spec"]["sessionAffinity"] == "ClientIP"


def test_a_bare_service_takes_endpoints_made_by_hand(cluster: Cluster) -> None:
    """An EndpointSlice with its name is all that it needs."""
    _create(cluster, "legacy --port 5432")
    client.DiscoveryV1Api(cluster.core.api_client).create_namespaced_endpoint_slice(
        cluster.namespace,
        {
            "metadata": {"name": "legacy-1", "labels": {"kubernetes.io/service-name": "legacy"}},
            "addressType": "IPv4",
            "ports": [{"name": "", "port": 5432}],
            "endpoints": [{"addresses": ["192.0.2.5"]}],
        },
    )
    told = cluster.kubectl("describe", "service", "legacy").stdout
    assert "192.0.2.5:5432" in told


def test_another_namespace(cluster: Cluster) -> None:
    """`-n` on the server, and in what a client dry run prints; the context's own is printed by neither program."""
    other = cluster.core.create_namespace({"metadata": {"generateName": "kubectl-svc-test-"}}).metadata.name
    try:
        assert _create(cluster, f"web --port 80 -n {other}").stdout == "service/web created\n"
        assert cluster.core.read_namespaced_service("web", other).spec.ports[0].port == 80
        assert _names(cluster) == []
    finally:
        cluster.core.delete_namespace(other)
    for flags, namespace in ((["-n", "lab"], "lab"), ([], None)):
        code, out, _ = svc_here("create", "web", "--port", "80", "--dry-run=client", "-o", "yaml", *flags)
        assert (code, yaml.safe_load(out)["metadata"].get("namespace")) == (0, namespace)


def test_a_server_dry_run_checks_and_stores_nothing(cluster: Cluster) -> None:
    """What the server refuses fails there too."""
    done = _create(cluster, "web --port 80 --dry-run=server")
    assert (done.returncode, done.stdout) == (0, "service/web created (server dry run)\n")
    done = _create(cluster, "Web --port 80 --dry-run=server")
    assert done.returncode == 1
    assert done.stderr.startswith('The Service "Web" is invalid: metadata.name: ')
    assert _names(cluster) == []


def test_a_client_dry_run_needs_nothing(tmp_path: Path) -> None:
    """Neither a cluster nor a kubeconfig, and a broken one does no harm."""
    (tmp_path / "config").write_text("{{{")
    for kubeconfig in (str(tmp_path / "missing"), str(tmp_path / "config")):
        argv = ("create", "web", "--port", "80", "--selector", "app=web", "--dry-run=client")
        done = svc(*argv, kubeconfig=kubeconfig)
        assert (done.returncode, done.stdout, done.stderr) == (0, "service/web created (dry run)\n", "")


def test_record_keeps_the_command_line(cluster: Cluster) -> None:
    """In the annotation that kubectl keeps it in, with the deprecation that pflag says."""
    done = _create(cluster, "web --port 80 --selector app=web --record")
    assert done.stderr == "Flag --record has been deprecated, --record will be removed in the future\n"
    kept = _read(cluster, "web")["metadata"]["annotations"]["kubernetes.io/change-cause"]
    assert kept == "kubectl svc create web --port=80 --selector=app=web --record=true"


def test_a_saved_configuration_is_one_that_kubectl_applies_over(cluster: Cluster) -> None:
    """A later `kubectl apply` takes away what its manifest leaves out, without a warning."""
    assert _create(cluster, "web --port 80 -l a=b --save-config").returncode == 0
    printed = svc("create", "web", "--port", "80", "--dry-run=client", "-o", "yaml").stdout
    done = cluster.kubectl("apply", "-f", "-", stdin=printed)
    assert (done.stdout, done.stderr) == ("service/web configured\n", "")
    assert "labels" not in _read(cluster, "web")["metadata"]


def test_a_name_that_is_taken(cluster: Cluster) -> None:
    """kubectl's words, and a hint; what is there stays."""
    _create(cluster, "web --port 80")
    done = _create(cluster, "web --port 81")
    first, hint = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert first == 'Error from server (AlreadyExists): services "web" already exists'
    assert hint.startswith("hint: ")
    assert _read(cluster, "web")["spec"]["ports"][0]["port"] == 80


_USAGE = "\nSee 'kubectl svc create --help' for usage.\n"
_ADVICE = "\nSee 'kubectl svc create -h' for help and examples\n"
_BAD = {
    "no name": ("--port 80", f"error: exactly one NAME is required, got 0{_ADVICE}"),
    "two names": ("web api --port 80", f"error: exactly one NAME is required, got 2{_ADVICE}"),
    "empty name": ("'' --port 80", "error: name must be specified\n"),
    "bad name": ("Web --port 80", 'The Service "Web" is invalid: metadata.name: Invalid value: "Web": '),
    "no port": ("web", "error: at least one --port is needed, unless the Service is --headless or "),
    "bad part of a port": ("web --port 80:8080:x", 'error: --port "80:8080:x": NODEPORT "x" is not a number'),
    "plain word that is no port": ("web --port http", 'error: strconv.Atoi: parsing "http": invalid syntax\n'),
    "selector of a host": (
        "web --external-name db.example.com --selector a=b",
        "error: --external-name cannot be combined with --selector: ",
    ),
    "headless with an address": (
        "web --headless --cluster-ip 10.0.0.81",
        "error: --headless cannot be combined with --cluster-ip 10.0.0.81: ",
    ),
    "names of containers": (
        "web --port 80 --port-naming container",
        'error: --port-naming "container": not one of kubectl, descriptive\n',
    ),
    "unknown flag": ("web --port 80 --colour red", f"error: unknown flag: --colour{_USAGE}"),
}  # fmt: skip


@pytest.mark.parametrize(("command", "words"), _BAD.values(), ids=_BAD)
def test_a_bad_command_line_makes_nothing(command: str, words: str, cluster: Cluster) -> None:
    """Exit code 1, one clear line first, nothing on standard output."""
    done = _create(cluster, command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(words)
    assert _names(cluster) == []


_REFUSED = [flag for flag in CREATE.flags if flag.refused]


@pytest.mark.parametrize("flag", _REFUSED, ids=lambda flag: flag.name)
def test_a_flag_that_makes_no_sense_says_why(flag: Any) -> None:
    """In one line, before anything is asked of a cluster, whatever its value."""
    value = "" if flag.bare else "=1"
    assert svc_here("create", "web", "--port", "80", f"--{flag.name}{value}") == (
        1, "", f"error: --{flag.name} cannot be used with create: {flag.refused}{_USAGE}"
    )  # fmt: skip
    assert "\n" not in flag.refused


def test_the_flags_that_make_no_sense() -> None:
    """All that would be read from an object."""
    assert {flag.name for flag in _REFUSED} == {
        "all", "workload-selector", "all-namespaces", "concurrency",
        "name", "filename", "kustomize", "recursive", "container", "selector-key", "selector-from", "owner",
        "per-replica",
    }  # fmt: skip


# kubectl's own command, and ours with what kubectl makes up: `app=NAME` as label and selector, and port names.
_APP = "-l app=web --selector app=web"
_ALIKE = {
    "cluster IP": ("clusterip web --tcp 5678:8080", f"--type ClusterIP {_APP} --port 5678-8080=5678:8080"),
    "several ports": (
        "clusterip web --tcp 80:http --tcp 443",
        f"--type ClusterIP {_APP} --port 80-http=80:http,443=443",
    ),
    "headless": ("clusterip web --clusterip None", f"--type ClusterIP {_APP} --headless"),
    "node port": (
        "nodeport web --tcp 80:8080 --node-port 30062",
        f"--type NodePort {_APP} --port 80-8080=80:8080 --node-port 30062",
    ),
    "load balancer": ("loadbalancer web --tcp 80:8080", f"--type LoadBalancer {_APP} --port 80-8080=80:8080"),
}
_FORMATS = [
    "", "-o name", "-o yaml", "-o json", "-o kyaml", "-o jsonpath={.spec.ports[*].port}",
    "-o jsonpath-as-json={.spec}", "-o 'go-template={{.metadata.name}}'", "--template '{{.spec.selector}}'",
]  # fmt: skip


@pytest.mark.parametrize("dry_run", ["client", "server"])
@pytest.mark.parametrize(("theirs", "ours"), _ALIKE.values(), ids=_ALIKE)
def test_kubectl_creates_the_same(theirs: str, ours: str, dry_run: str, cluster: Cluster) -> None:
    """`kubectl create service` prints the same object, and the server makes the same of it."""
    flags = [f"--dry-run={dry_run}", "-o", "json"]
    expected = cluster.kubectl("create", "service", *shlex.split(theirs), *flags).stdout
    done = svc("create", "web", *shlex.split(ours), *flags, kubeconfig=cluster.kubeconfig)
    assert without_allotted(done.stdout) == without_allotted(expected)


def test_kubectl_creates_the_same_external_name(cluster: Cluster) -> None:
    """But for the selector, which kubectl sends along although nothing is selected."""
    flags = ("--dry-run=client", "-o", "json")
    theirs = cluster.kubectl("create", "service", "externalname", "web", "--external-name", "a.example", *flags)
    expected = json.loads(theirs.stdout)
    assert expected["spec"].pop("selector") == {"app": "web"}
    code, out, _ = svc_here("create", "web", "-l", "app=web", "--external-name", "a.example", *flags)
    assert (code, json.loads(out)) == (0, expected)


@pytest.mark.parametrize("output", _FORMATS)
def test_kubectl_prints_the_same(output: str, cluster: Cluster, env: dict[str, str]) -> None:
    """Byte for byte in every format, the message among them."""
    theirs, ours = _ALIKE["several ports"]
    flags = [*shlex.split(output), "--dry-run=client"]
    expected = cluster.kubectl("create", "service", *shlex.split(theirs), *flags).stdout
    assert svc("create", "web", *shlex.split(ours), *flags, **env).stdout == expected
