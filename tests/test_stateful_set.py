"""A StatefulSet on a real API server: its governing Service, one for each pod, and whose pods they reach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.svc import svc

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

    from tests.control_plane.cluster import Cluster

_MY_APP = Path(__file__).parent / "examples" / "my-app.yaml"
_DB = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, labels: {tier: data}}
spec:
  serviceName: db-peers
  replicas: 2
  ordinals: {start: 3}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db, project.cpaas.io/name: shop, service.cpaas.io/name: statefulset-db}}
    spec:
      initContainers:
      - {name: mesh, image: a, restartPolicy: Always, ports: [{name: admin, containerPort: 15000}]}
      - {name: setup, image: a, ports: [{containerPort: 1}]}
      containers:
      - {name: db, image: a, ports: [{name: sql, containerPort: 5432}]}
      - {name: metrics, image: a, ports: [{name: metrics, containerPort: 9187}]}
      - {name: dns, image: a, ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]}
"""
_HINT = (
    'hint: the pods of StatefulSet "db" find each other in DNS only when they are ready; add '
    "--publish-not-ready-addresses if they must do so before (or =false, and this is not said again)\n"
)


def _manifest(metadata: Mapping[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    """The StatefulSet, with other metadata and another spec as far as they are given; None takes a field away."""
    manifest: dict[str, Any] = yaml.safe_load(_DB)
    manifest["metadata"].update(metadata or {})
    manifest["spec"].update(spec)
    manifest["spec"] = {key: value for key, value in manifest["spec"].items() if value is not None}
    return manifest


@pytest.fixture
def db(cluster: Cluster) -> Cluster:
    """A namespace with the StatefulSet db, whose pods are db-3 and db-4."""
    cluster.apps.create_namespaced_stateful_set(cluster.namespace, _manifest())
    return cluster


def _expose(cluster: Cluster, command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return svc("expose", *command.split(), kubeconfig=cluster.kubeconfig, stdin=stdin)


def _services(cluster: Cluster) -> dict[str, Any]:
    """All Services by name, as the official client reads them, in the API's field names."""
    services = cluster.core.list_namespaced_service(cluster.namespace).items
    return {one.metadata.name: cluster.core.api_client.sanitize_for_serialization(one) for one in services}


def _offline(manifest: Mapping[str, Any], command: str) -> subprocess.CompletedProcess[str]:
    """A client dry run for a manifest, without any cluster."""
    return svc("expose", "-f", "-", "--dry-run=client", *command.split(), stdin=json.dumps(manifest))


def _ports(spec: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [(port.get("name"), port["port"], port["protocol"], port["targetPort"]) for port in spec["ports"]]


def test_a_stateful_set_is_exposed(db: Cluster) -> None:
    """By kubectl's rules for a Deployment: its selector, its labels, the ports of its containers."""
    done = _expose(db, "statefulset db")
    assert (done.stdout, done.stderr) == ("service/db exposed\n", "")
    service = _services(db)["db"]
    assert service["metadata"]["labels"] == {"tier": "data"}
    assert service["spec"]["selector"] == {"app": "db"}
    assert _ports(service["spec"]) == [
        ("port-1", 5432, "TCP", 5432),
        ("port-2", 9187, "TCP", 9187),
        ("port-3-tcp", 53, "TCP", 53),
        ("port-3-udp", 53, "UDP", 53),
    ]


@pytest.mark.parametrize("flags", ["", "--headless", "--per-replica", "--port 80:sql/http"])
def test_a_file_gives_what_the_cluster_gives(flags: str, db: Cluster) -> None:
    """The same, to the byte."""
    live = _expose(db, f"sts db {flags} --dry-run=client -o yaml")
    file = _offline(_manifest(), f"{flags} -o yaml")
    assert live.returncode == 0
    assert (live.stdout, live.stderr) == (file.stdout, file.stderr)


@pytest.mark.parametrize("word", ["sts db", "StatefulSets/db", "statefulsets.apps db", "statefulset.v1.apps/db"])
def test_a_stateful_set_goes_by_all_its_names(word: str, db: Cluster) -> None:
    """As kubectl knows kinds."""
    assert _expose(db, f"{word} --dry-run=server").stdout == "service/db exposed (server dry run)\n"


@pytest.mark.parametrize(
    ("manifest", "flags", "name"),
    [
        pytest.param(_manifest(), "--headless", "db-peers", id="serviceName"),
        pytest.param(_manifest(), "--cluster-ip None", "db-peers", id="in kubectl's words"),
        pytest.param(_manifest(), "--headless --name web", "web", id="--name"),
        pytest.param(_manifest(), "", "db", id="not headless"),
        pytest.param(_manifest(serviceName=None), "--headless", "db", id="no serviceName"),
        pytest.param(yaml.safe_load(_MY_APP.read_text()), "--headless", "my-app", id="a Deployment"),
    ],
)
def test_the_default_name(manifest: Mapping[str, Any], flags: str, name: str) -> None:
    """A headless Service of a StatefulSet is the one that its pods' DNS names go by."""
    assert _offline(manifest, f"{flags} -o name").stdout == f"service/{name}\n"


def test_the_governing_service_reaches_all_pods(db: Cluster) -> None:
    """Headless, under the name that the StatefulSet asks for."""
    done = _expose(db, "sts db --headless --container db")
    assert (done.stdout, done.stderr) == ("service/db-peers exposed\n", _HINT)
    assert _services(db)["db-peers"]["spec"]["clusterIP"] == "None"
    assert db.make_pods_ready(2) == ["db-3", "db-4"]
    assert db.endpoints("db-peers", ["db-3", "db-4"]) == ["db-3", "db-4"]


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ("--headless", True),
        ("--cluster-ip none", True),
        ("--headless --per-replica", True),
        ("--headless --publish-not-ready-addresses", False),
        ("--headless --publish-not-ready-addresses=false", False),
        ("--per-replica", False),
        ("", False),
    ],
)
def test_the_hint_for_peers(command: str, hint: bool) -> None:
    """Once, for a headless Service, until the flag says one or the other."""
    done = _offline(_manifest(), command)
    assert (done.returncode, done.stderr) == (0, _HINT if hint else "")


def test_no_hint_beside_an_error() -> None:
    """The first line is what is wrong."""
    assert _offline(_manifest(), "--headless --port x").stderr == ('error: strconv.Atoi: parsing "x": invalid syntax\n')


def test_no_hint_for_a_deployment() -> None:
    """Its pods have no names to be found by."""
    assert _offline(yaml.safe_load(_MY_APP.read_text()), "--headless").stderr == ""


def test_one_service_for_each_replica(db: Cluster) -> None:
    """With the pod's name, and with nobody but that pod behind it."""
    done = _expose(db, "sts db --per-replica --port 5432 --owner")
    assert (done.returncode, done.stdout, done.stderr) == (0, "service/db-3 exposed\nservice/db-4 exposed\n", "")
    for name, service in _services(db).items():
        assert service["spec"]["selector"] == {"statefulset.kubernetes.io/pod-name": name}
        assert service["metadata"]["labels"] == {"tier": "data"}
        assert service["metadata"]["ownerReferences"][0]["name"] == "db"
    db.make_pods_ready(2)
    for name in ("db-3", "db-4"):
        assert db.endpoints(name, [name]) == [name]


@pytest.mark.parametrize(
    ("manifest", "flags", "names"),
    [
        pytest.param(_manifest(), "--name pg", ["pg-3", "pg-4"], id="--name"),
        pytest.param(_manifest(), "--headless", ["db-3", "db-4"], id="--headless"),
        pytest.param(_manifest(replicas=None, ordinals=None), "", ["db-0"], id="defaults"),
    ],
)
def test_names_of_each_replica(manifest: Mapping[str, Any], flags: str, names: list[str]) -> None:
    """The pod's, or the --name with its ordinal."""
    done = _offline(manifest, f"--per-replica {flags} -o name")
    assert done.stdout.split() == [f"service/{name}" for name in names]


def test_a_replica_whose_pod_cannot_be() -> None:
    """No pod has a label for a name that is longer than a label may be, and no Service can select it."""
    done = _offline(_manifest({"name": "d" * 62}, ordinals=None), "--per-replica -o name")
    assert (done.returncode, done.stdout) == (1, "")
    assert f'--per-replica: spec.selector: Invalid value: "{"d" * 62}-0": must be no more than 63 bytes' in done.stderr


def test_one_replica_may_have_what_only_one_service_can() -> None:
    """A node port for the only pod there is."""
    done = _offline(_manifest(replicas=1), "--per-replica --port 5432::30090 -o json")
    assert json.loads(done.stdout)["spec"]["ports"][0]["nodePort"] == 30090


def test_one_replica_that_fails_stops_nothing_else(db: Cluster) -> None:
    """Nor does an object that has no replicas; the errors come at the end, as kubectl lists several."""
    db.core.create_namespaced_service(db.namespace, {"metadata": {"name": "db-3"}, "spec": {"ports": [{"port": 1}]}})
    db.apps.create_namespaced_deployment(db.namespace, yaml.safe_load(_MY_APP.read_text()))
    done = _expose(db, "deployment/my-app sts/db --per-replica")
    assert (done.returncode, done.stdout) == (1, "service/db-4 exposed\n")
    assert done.stderr.splitlines()[:2] == [
        '--per-replica is for the pods of a StatefulSet, and Deployment "my-app" is not one',
        'Error from server (AlreadyExists): services "db-3" already exists',
    ]
    assert _services(db).keys() == {"db-3", "db-4"}


def test_what_fails_for_all_replicas_is_said_once(db: Cluster) -> None:
    """The next pod's Service would be refused too."""
    done = _expose(db, "-f - --per-replica --as nobody", _DB)
    assert done.stderr.count("Forbidden") == 1


@pytest.mark.parametrize(
    ("manifest", "flags", "error"),
    [
        pytest.param(
            _manifest(replicas=0),
            "--per-replica",
            'error: --per-replica: StatefulSet "db" has no replicas, so there is nothing to expose\n',
            id="no replicas",
        ),
        pytest.param(
            _manifest(),
            "--per-replica --selector app=db",
            "error: --selector cannot be combined with --per-replica: ",
            id="two selectors",
        ),
        *(
            pytest.param(
                _manifest(),
                f"--per-replica {flags}",
                f'error: --per-replica cannot be combined with {flags}: StatefulSet "db" has 2 replicas, and only one '
                "Service can have that\n",
                id=flags,
            )
            for flags in (
                "--node-port 30090",
                "--port 80::30090",
                "--cluster-ip 10.0.0.9",
                "--health-check-node-port 30091",
            )
        ),
        pytest.param(
            _manifest(),
            "--owner",
            "error: --owner needs the object as it lives on the server: use --dry-run=server\n",
            id="owner without a cluster",
        ),
        pytest.param(
            _manifest(),
            "--selector-key app,track",
            'error: the pod template of StatefulSet "db" has no label "track": '
            'it has only "app", "project.cpaas.io/name", "service.cpaas.io/name"; --selector takes any labels\n',
            id="no such label",
        ),
        pytest.param(
            yaml.safe_load(_MY_APP.read_text()),
            "--selector-from acp",
            'error: the pod template of Deployment "my-app" has no label "project.cpaas.io/name": it has only "app"; '
            "--selector takes any labels\n",
            id="not of that platform",
        ),
        pytest.param(
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{"port": 80}]}},
            "--selector-key app",
            'error: Service "web" has no pod template to select by labels of; --selector says the labels themselves\n',
            id="no pod template",
        ),
        pytest.param(_manifest(), "--selector-from ocp", 'error: --selector-from "ocp": not one of acp\n', id="ocp"),
        pytest.param(
            _manifest(),
            "--container setup",
            'error: --container "setup": StatefulSet "db" has only "db", "metrics", "dns", "mesh"\n',
            id="no such container",
        ),
    ],
)
def test_what_cannot_be_is_said(manifest: Mapping[str, Any], flags: str, error: str) -> None:
    """Exit code 1, one clear line, nothing on standard output."""
    done = _offline(manifest, flags)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(error)
    assert done.stderr.count("\n") == 1


def test_a_service_goes_with_its_owner(db: Cluster) -> None:
    """From the cluster and from a file, which knows no uid; a Service without --owner stays."""
    assert _expose(db, "sts db --owner").returncode == 0
    assert _expose(db, "-f - --name from-file --owner", _DB).returncode == 0
    assert _expose(db, "sts db --name stays").returncode == 0
    live = db.apps.read_namespaced_stateful_set("db", db.namespace)
    owner = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": live.metadata.uid}
    owners = {name: service["metadata"].get("ownerReferences") for name, service in _services(db).items()}
    assert owners == {"db": [owner], "from-file": [owner], "stays": None}
    db.apps.delete_namespaced_stateful_set("db", db.namespace)
    db.kubectl("wait", "--for=delete", "service/db", "service/from-file", "--timeout=60s")
    assert _services(db).keys() == {"stays"}


def test_a_file_says_all_but_the_uid_of_the_owner(db: Cluster) -> None:
    """What differs from the live object is the file's."""
    other = _manifest(template={"metadata": {"labels": {"app": "db"}}, "spec": {"containers": []}})
    done = _expose(db, "-f - --owner --headless --dry-run=server -o json", json.dumps(other))
    service = json.loads(done.stdout)
    assert "ports" not in service["spec"]
    uid = db.apps.read_namespaced_stateful_set("db", db.namespace).metadata.uid
    assert service["metadata"]["ownerReferences"][0]["uid"] == uid


def test_the_owner_of_a_dry_run(db: Cluster) -> None:
    """A named object is live in every case; a file's is looked up, and must be there."""
    uid = db.apps.read_namespaced_stateful_set("db", db.namespace).metadata.uid
    for command in ("sts db --dry-run=client", "sts db --dry-run=server", "-f - --dry-run=server"):
        done = _expose(db, f"{command} --owner -o json", _DB)
        assert json.loads(done.stdout)["metadata"]["ownerReferences"][0]["uid"] == uid
    done = _expose(db, "-f - --owner", json.dumps(_manifest({"name": "missing"})))
    assert done.stderr == 'Error from server (NotFound): statefulsets.apps "missing" not found\n'
    assert _services(db) == {}


@pytest.mark.parametrize(
    ("flags", "selector"),
    [
        ("--selector-from acp", {"project.cpaas.io/name": "shop", "service.cpaas.io/name": "statefulset-db"}),
        ("--selector-from ACP", {"project.cpaas.io/name": "shop", "service.cpaas.io/name": "statefulset-db"}),
        ("--selector-key project.cpaas.io/name", {"project.cpaas.io/name": "shop"}),
        (
            "--selector-key app,project.cpaas.io/name --selector-key app",
            {"app": "db", "project.cpaas.io/name": "shop"},
        ),
    ],
)
def test_the_selector_is_taken_from_the_pod_template(flags: str, selector: dict[str, str], db: Cluster) -> None:
    """With its values, instead of the StatefulSet's own selector."""
    assert _expose(db, f"sts db {flags}").returncode == 0
    assert _services(db)["db"]["spec"]["selector"] == selector


@pytest.mark.parametrize(
    ("containers", "ports"),
    [
        ("db", [(None, 5432, "TCP", 5432)]),
        ("mesh", [(None, 15000, "TCP", 15000)]),
        ("db,mesh", [("port-1", 5432, "TCP", 5432), ("port-2", 15000, "TCP", 15000)]),
        (
            "metrics --container dns",
            [("port-1", 9187, "TCP", 9187), ("port-2-tcp", 53, "TCP", 53), ("port-2-udp", 53, "UDP", 53)],
        ),
        ("db --port-naming container", [("sql", 5432, "TCP", 5432)]),
        ("db --port-naming descriptive", [("tcp-5432-5432", 5432, "TCP", 5432)]),
    ],
)
def test_the_ports_of_some_containers(containers: str, ports: list[tuple[Any, ...]], db: Cluster) -> None:
    """Native sidecars only when they are named; other init containers never."""
    assert _expose(db, f"sts db --container {containers}").returncode == 0
    assert _ports(_services(db)["db"]["spec"]) == ports


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ("--port 53::30063", ["tcp-53-53", "udp-53-53"]),
        ("--port 53::30063/udp,53::30063/tcp", ["udp-53-53", "tcp-53-53"]),
        ("--port a=53::30063/udp,b=53/tcp", ["a", "b"]),
        ("--port 53 --node-port 30063", ["port-1-tcp", "port-1-udp"]),
        ("--container dns --node-port 30063", ["port-1-tcp", "port-1-udp"]),
    ],
)
def test_two_protocols_share_a_number_and_a_node_port(flags: str, names: list[str], stage: Cluster) -> None:
    """As typed, and as the containers declare them."""
    done = svc("expose", "-f", "-", *flags.split(), kubeconfig=stage.kubeconfig, stdin=_DB)
    assert done.stdout == "service/db exposed\n", done.stderr
    spec = _services(stage)["db"]["spec"]
    stage.core.delete_namespaced_service("db", stage.namespace)  # and so the node port is free again
    assert spec["type"] == "NodePort"
    assert [(port["name"], port["port"], port["nodePort"]) for port in spec["ports"]] == [
        (name, 53, 30063) for name in names
    ]
    assert {port["protocol"] for port in spec["ports"]} == {"TCP", "UDP"}
