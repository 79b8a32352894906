"""Objects that a controller makes and will replace: kubectl's result stays, and a warning names what to expose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.differential.programs import run_kubectl, run_svc
from tests.kinds import examples, playing
from tests.kinds.exposing import expose, grant, offline, pods_called
from tests.svc import svc

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_POD, _REPLICA_SET, _REPLICATION_CONTROLLER, _JOB = "Pod", "ReplicaSet", "ReplicationController", "Job"
_ENDS = ", and its selector has labels that do not last"
# The object by its kind and how its name begins, and what the warning says after its name.
_ROWS = {
    "pod of a Deployment": (_POD, "shop-web-", f'Deployment "shop-web"{_ENDS}: deployment/shop-web'),
    "ReplicaSet of a Deployment": (_REPLICA_SET, "shop-web-", f'Deployment "shop-web"{_ENDS}: deployment/shop-web'),
    "pod of a CronJob": (_POD, "run-", f'Job "run"{_ENDS}: job/run'),
    "Job of a CronJob": (_JOB, "run", f'CronJob "report"{_ENDS}: cronjob/report'),
    "pod of a DeploymentConfig": (
        _POD,
        "frontend-1-",
        'ReplicationController "frontend-1": replicationcontroller/frontend-1',
    ),
    "ReplicationController of a DeploymentConfig": (
        _REPLICATION_CONTROLLER,
        "frontend-1",
        'DeploymentConfig "frontend": deploymentconfig.apps.openshift.io/frontend',
    ),
    "pod of a Rollout": (_POD, "canary-", f'Rollout "canary"{_ENDS}: rollout.argoproj.io/canary'),
    "ReplicaSet of a Rollout": (_REPLICA_SET, "canary-", f'Rollout "canary"{_ENDS}: rollout.argoproj.io/canary'),
    "pod of a ReplicaSet": (_POD, "plain-", 'ReplicaSet "plain": replicaset/plain'),
    "pod of a ReplicationController": (
        _POD,
        "legacy-",
        'ReplicationController "legacy": replicationcontroller/legacy',
    ),
    "pod of a StatefulSet": (_POD, "db-0", f'StatefulSet "db"{_ENDS}: statefulset/db'),
    "pod of a Job": (_POD, "import-", f'Job "import"{_ENDS}: job/import'),
    "pod of a CloneSet": (_POD, "clones-", f'CloneSet "clones"{_ENDS}: cloneset.apps.kruise.io/clones'),
    "pod of OpenKruise's StatefulSet": (
        _POD,
        "kruise-db-0",
        f'StatefulSet "kruise-db"{_ENDS}: statefulset.apps.kruise.io/kruise-db',
    ),
    "pod of a kind without a row": (_POD, "fleet-", 'Fleet "fleet", which may replace it'),
}
# Whom nobody replaces: all warnings lead to one of these; none is named where the kind has no row.
_TOPS = {
    "",
    "cloneset.apps.kruise.io/clones",
    "cronjob/report",
    "deployment/shop-web",
    "deploymentconfig.apps.openshift.io/frontend",
    "job/import",
    "replicaset/plain",
    "replicationcontroller/legacy",
    "rollout.argoproj.io/canary",
    "statefulset.apps.kruise.io/kruise-db",
    "statefulset/db",
}
_OF_OTHERS: dict[str, Callable[[Cluster, str], list[str]]] = {
    "deployment-config": playing.deploy_config,
    "rollout-canary": playing.roll_out,
    "clone-set": playing.clone,
    "kruise-stateful-set": playing.number_pods,
}


@pytest.fixture(scope="module")
def owners_stage(stage: Cluster, custom_resources: frozenset[str]) -> Cluster:
    """Workloads with what their controllers made, a free-standing pod and one that a node has from a file."""
    del custom_resources  # they only have to be there
    built_in = ("deployment", "replica-set", "replication-controller", "stateful-set", "job", "cron-job", "pod")
    examples.create(stage, *built_in, *_OF_OTHERS, "fleet")
    stage.kubectl("create", "job", "run", "--from=cronjob/report")
    for example, play in _OF_OTHERS.items():
        play(stage, examples.manifests(example)[0]["metadata"]["name"])
    playing.pods_from_template(stage, "fleets", "fleet")
    stage.make_pods_ready(12, "service.cpaas.io/name notin (none)")
    stage.kubectl("create", "-f", "-", stdin=json.dumps(_mirror_pod(stage)))
    return stage


def _mirror_pod(cluster: Cluster) -> dict[str, Any]:
    """As a kubelet shows the pod of a file of its own (kubelet pkg/pod/mirror_client.go)."""
    node = cluster.core.list_node().items[0].metadata
    owner = {"apiVersion": "v1", "kind": "Node", "name": node.name, "uid": node.uid, "controller": True}
    metadata = {"name": f"mirror-{node.name}", "labels": {"app": "mirror"}, "ownerReferences": [owner]}
    return {**examples.manifests("pod")[0], "metadata": metadata}


def _find(cluster: Cluster, kind: str, prefix: str) -> str:
    names = cluster.kubectl("get", kind, "-o", "name").stdout.split()
    return next(name.partition("/")[2] for name in sorted(names) if name.partition("/")[2].startswith(prefix))


def _warning(kind: str, name: str, owner: str) -> str:
    said, _, argument = owner.partition(": ")
    instead = f"; expose {argument} instead" if argument else ""
    return f'Warning: {kind} "{name}" belongs to {said}{instead}\n'


@pytest.mark.parametrize("row", _ROWS)
def test_what_a_controller_made(
    row: str, owners_stage: Cluster, programs: Programs, env: dict[str, str], tmp_path: Path
) -> None:
    """kubectl's Service, and one warning: from the cluster, from a file, and from a file without a cluster."""
    kind, prefix, owner = _ROWS[row]
    name = _find(owners_stage, kind, prefix)
    warning = _warning(kind, name, owner)
    live = json.loads(owners_stage.kubectl("get", kind, name, "-o", "json").stdout)
    del live["metadata"]["namespace"]  # kubectl passes it over
    manifest = json.dumps(live)
    for source, stdin in (([f"{kind}/{name}"], ""), (["-f", "-"], manifest)):
        done = expose(owners_stage, *source, "--dry-run=server", stdin=stdin)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"service/{name} exposed (server dry run)\n", warning)
        if kind != _JOB:
            argv = [*source, "--dry-run=client", "-o", "yaml"]
            ours = run_svc(argv, env, tmp_path, stdin)
            assert ours == run_kubectl(programs.kubectl, argv, env, tmp_path, stdin)
            assert ours.code == 0
    done = offline("-f", "-", stdin=manifest)
    assert (done.returncode, done.stderr) == (0, warning)
    done = offline("-f", "-", "--selector", "example.kubernetes.io/app=x", stdin=manifest)
    assert (done.returncode, done.stderr) == (0, "")
    assert _follow(owners_stage, warning) in _TOPS


def _follow(cluster: Cluster, warning: str) -> str:
    """What the warning says to type, or that which the warning about this says; all of it can be typed."""
    argument = ""
    while " instead\n" in warning:
        argument = warning.rpartition("; expose ")[2].removesuffix(" instead\n")
        done = expose(cluster, argument, "--dry-run=server")
        assert done.returncode == 0, f"{warning}{done.stderr}"
        warning = done.stderr
    return argument


def test_the_service_goes_with_an_owner_that_is_replaced(owners_stage: Cluster) -> None:
    """With --owner that is what is said, also beside a typed selector."""
    name = _find(owners_stage, _REPLICA_SET, "shop-web-")
    goes = ", and a Service that it owns goes when it does"
    warning = _warning(_REPLICA_SET, name, f'Deployment "shop-web"{goes}: deployment/shop-web')
    for flags in ([], ["--selector", "app=shop-web"]):
        done = expose(owners_stage, "rs", name, "--owner", "--dry-run=server", *flags)
        assert (done.returncode, done.stderr) == (0, warning)


def test_the_right_to_read_the_object_is_enough(owners_stage: Cluster) -> None:
    """The pod itself tells its Deployment."""
    grant(owners_stage, {"pods": "get", "services": "create"})
    name = _find(owners_stage, _POD, "shop-web-")
    done = svc("expose", "pod", name, "--dry-run=server", kubeconfig=owners_stage.nobody_kubeconfig)
    assert (done.returncode, done.stderr) == (0, _warning(_POD, name, _ROWS["pod of a Deployment"][2]))


@pytest.mark.parametrize("row", ["pod of a Deployment", "pod of a CronJob", "ReplicaSet of a Rollout"])
def test_a_warning_costs_no_request(row: str, owners_stage: Cluster) -> None:
    """The object, and nothing else, is asked for."""
    kind, prefix, _ = _ROWS[row]
    log = expose(owners_stage, kind, _find(owners_stage, kind, prefix), "--dry-run=client", "-v=6").stderr
    assert len([line for line in log.splitlines() if "GET" in line]) == 1


def test_what_nobody_replaces(owners_stage: Cluster) -> None:
    """A free-standing pod, and one that a node runs from its own files: not a word."""
    for name in ("solo", pods_called(owners_stage, "mirror-")[0]):
        manifest = owners_stage.kubectl("get", "pod", name, "-o", "json").stdout
        for argv in (["pod", name, "--dry-run=server"], ["-f", "-", "--dry-run=server"]):
            done = expose(owners_stage, *argv, stdin=manifest)
            assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("example", ["cron-tab", "knative-service"])
def test_an_owner_that_cannot_be_exposed_is_not_recommended(example: str, kinds_cluster: Cluster) -> None:
    """It is named all the same."""
    examples.create(kinds_cluster, example)
    live = json.loads(kinds_cluster.kubectl("get", "-f", examples.path(example), "-o", "json").stdout)
    owner = {
        **{key: live[key] for key in ("apiVersion", "kind")},
        **{key: live["metadata"][key] for key in ("name", "uid")},
        "controller": True,
    }
    pod = examples.manifests("pod")[0]
    pod["metadata"] |= {"name": "owned", "ownerReferences": [owner]}
    kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(pod))
    done = expose(kinds_cluster, "pod/owned", "--dry-run=server")
    called = f'{live["kind"]} "{live["metadata"]["name"]}"'
    assert (done.returncode, done.stderr) == (0, f'Warning: Pod "owned" belongs to {called}, which may replace it\n')
