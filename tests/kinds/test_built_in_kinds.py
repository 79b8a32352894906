"""Kubernetes' own kinds on the real server: by every name and from a file, and whose pods the Service reaches."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.differential.programs import run_kubectl, run_svc
from tests.kinds import examples
from tests.kinds.exposing import (
    PORTS,
    expose,
    expose_in_all_ways,
    landed,
    make_decoys,
    names_of,
    offline,
    pods_called,
    ports,
    services,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_JOB_NAME = "batch.kubernetes.io/job-name"
_ACP = {"project.cpaas.io/name": "shop"}
# What the Service of each selects, and how the names of its pods begin.
_ROWS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "pod": ({"app": "solo", **_ACP, "service.cpaas.io/name": "pod-solo"}, ("solo",)),
    "replication-controller": ({"app": "legacy"}, ("legacy-",)),
    "deployment": ({"app": "shop-web"}, ("shop-web-",)),
    "replica-set": ({"app": "plain"}, ("plain-",)),
    "stateful-set": ({"app": "db"}, ("db-0", "db-1")),
    "daemon-set": ({"app": "node-agent"}, ("node-agent-",)),
    "job": ({_JOB_NAME: "import"}, ("import-",)),
    "cron-job": ({"app": "report", **_ACP, "service.cpaas.io/name": "cronjob-report"}, ("run-one-", "run-two-")),
}
_PODS = 14  # a DaemonSet has one for each node
_TOLERANT = {"spec": {"template": {"spec": {"tolerations": [{"operator": "Exists"}]}}}}  # a node on paper is not ready


@pytest.fixture(scope="module")
def built_in_stage(stage: Cluster, custom_resources: frozenset[str]) -> Cluster:
    """One object of each kind with its ready pods, two runs of the CronJob, and decoys; custom kinds are installed."""
    del custom_resources  # so that the bare names have namesakes
    examples.create(stage, *_ROWS)
    stage.kubectl("patch", "-f", examples.path("daemon-set"), "-p", json.dumps(_TOLERANT))
    for run in ("run-one", "run-two"):
        stage.kubectl("create", "job", run, "--from=cronjob/report")
    make_decoys(stage, [selector for selector, _ in _ROWS.values()])
    decoys = len(pods_called(stage, "decoy-"))
    stage.make_pods_ready(_PODS + decoys)
    return stage


@pytest.mark.parametrize("example", _ROWS)
def test_a_built_in_kind_is_exposed(example: str, built_in_stage: Cluster) -> None:
    """The same Service by every name and from the file; it reaches the pods of this object and no others."""
    selector, prefixes = _ROWS[example]
    service = expose_in_all_ways(built_in_stage, example)
    assert service["spec"]["selector"] == selector
    assert ports(service) == PORTS
    pods = pods_called(built_in_stage, *prefixes)
    assert len({pod.rpartition("-")[0] for pod in pods if pod.startswith("run-")}) == (
        2 if example == "cron-job" else 0
    )
    assert pods
    assert built_in_stage.endpoints(service["metadata"]["name"], pods) == pods


def test_a_service_is_exposed(cluster: Cluster) -> None:
    """By every name and from its file, with its ports whole."""
    source = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "labels": {"tier": "front"}},
        "spec": {
            "selector": {"app": "web"},
            "ports": [{"name": "http", "port": 80, "targetPort": "web", "protocol": "TCP", "appProtocol": "http"}],
        },
    }
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(source))
    flags = ("--name", "copy", "-o", "yaml")
    targets = names_of(cluster, source)
    printed = [services(expose(cluster, target, *flags, "--dry-run=client")) for target in targets]
    assert printed == [services(offline("-f", "-", *flags, stdin=json.dumps(source)))] * len(targets)
    assert expose(cluster, "svc/web", "--name", "copy").returncode == 0
    spec = landed(cluster, "copy")["spec"]
    assert {key: spec[key] for key in ("selector", "ports")} == source["spec"]


def test_a_rollout_leaves_the_service_with_endpoints(kinds_cluster: Cluster) -> None:
    """Pods of the next revision, whose hashes are others, take the place of the first ones."""
    counts = {"deployment": 2, "stateful-set": 2, "daemon-set": 1}
    examples.create(kinds_cluster, *counts)
    kinds_cluster.kubectl("patch", "-f", examples.path("daemon-set"), "-p", json.dumps(_TOLERANT))
    names = {example: examples.manifests(example)[0]["metadata"]["name"] for example in counts}
    before = kinds_cluster.make_pods_ready(sum(counts.values()))
    patch = {"spec": {"template": {"metadata": {"labels": {"revision": "two"}}}}}
    for example, name in names.items():
        assert expose(kinds_cluster, "-f", examples.path(example)).returncode == 0
        reached = pods_called(kinds_cluster, f"{name}-")
        assert kinds_cluster.endpoints(name, reached) == reached
        file = ("-f", examples.path(example))
        patched = json.loads(kinds_cluster.kubectl("patch", *file, "-p", json.dumps(patch), "-o", "json").stdout)
        observed = f"jsonpath={{.status.observedGeneration}}={patched['metadata']['generation']}"
        kinds_cluster.kubectl("wait", *file, f"--for={observed}", "--timeout=60s")
        if example != "deployment":  # their pods go first, and where there is no kubelet nobody would end them
            kinds_cluster.kubectl("delete", "pod", *reached, "--grace-period=0", "--force", "--ignore-not-found")
    after = kinds_cluster.make_pods_ready(sum(counts.values()), "revision=two")
    assert {pod for pod in after if not pod.startswith("db-")}.isdisjoint(before)
    for name in names.values():
        expected = [pod for pod in after if pod.startswith(f"{name}-")]
        assert kinds_cluster.endpoints(name, expected) == expected


def _changed(example: str, spec: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The manifest of an example with other fields in `spec` and `metadata`; None takes a field away."""
    manifest = copy.deepcopy(examples.manifests(example)[0])
    for place, fields in (("spec", spec), ("metadata", metadata or {})):
        manifest[place] = {key: value for key, value in (manifest[place] | fields).items() if value is not None}
    return manifest


def _labelled(example: str, labels: Mapping[str, str]) -> dict[str, Any]:
    template = examples.manifests(example)[0]["spec"]["template"]
    return {**template, "metadata": {"labels": dict(labels)}}


_HASHED = {"app": "web", "controller-revision-hash": "1", "pod-template-generation": "2", "controller-uid": "3"}


@pytest.mark.parametrize(
    ("manifest", "selector"),
    [
        *(
            pytest.param(
                _changed(example, {"selector": {"matchLabels": _HASHED}, "template": _labelled(example, _HASHED)}),
                {"app": "web"},
                id=f"{example} with hashes",
            )
            for example in ("daemon-set", "stateful-set")
        ),
        pytest.param(
            _changed(
                "daemon-set",
                {
                    "selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]},
                    "template": _labelled("daemon-set", {"app": "web"}),
                },
            ),
            {"app": "web"},
            id="an expression that says one value",
        ),
        pytest.param(
            _changed(
                "job",
                {
                    "manualSelector": True,
                    "selector": {"matchLabels": {"app": "web", "controller-uid": "3"}},
                    "template": {
                        **_labelled("job", {"app": "web", "controller-uid": "3"}),
                    },
                },
            ),
            {"app": "web"},
            id="manualSelector",
        ),
    ],
)
def test_hash_labels_stay_out(manifest: dict[str, Any], selector: dict[str, str], cluster: Cluster) -> None:
    """Of a selector that every server takes; the same from the cluster and from the file."""
    text = json.dumps(manifest)
    cluster.kubectl("create", "-f", "-", stdin=text)
    target = f"{manifest['kind']}/{manifest['metadata']['name']}"
    (live,) = services(expose(cluster, target, "--dry-run=client", "-o", "yaml"))
    (file,) = services(offline("-f", "-", "-o", "yaml", stdin=text))
    assert live == file
    assert live["spec"]["selector"] == selector


_NO_SELECTOR = "error: couldn't retrieve selectors via --selector flag or introspection: "
_CRON_JOB = examples.manifests("cron-job")[0]["spec"]["jobTemplate"]["spec"]["template"]


@pytest.mark.parametrize(
    ("manifest", "error"),
    [
        pytest.param(
            _changed("cron-job", {"jobTemplate": {"spec": {"template": {"spec": _CRON_JOB["spec"]}}}}),
            f'{_NO_SELECTOR}the pods of CronJob "report" have no labels of their own, and each run has another name: '
            "add some to spec.jobTemplate.spec.template.metadata.labels, or say --selector\n",
            id="a CronJob without labels",
        ),
        pytest.param(
            _changed("job", {}, {"name": None, "generateName": "import-"}),
            f'{_NO_SELECTOR}the Job with generateName "import-" has no name yet, which its pods are known by\n',
            id="a Job without a name",
        ),
        pytest.param(
            _changed(
                "daemon-set",
                {
                    "selector": {"matchLabels": {"controller-revision-hash": "1"}},
                    "template": _labelled("daemon-set", {"controller-revision-hash": "1"}),
                },
            ),
            f'{_NO_SELECTOR}its selector has only labels that end with the next rollout: "controller-revision-hash"\n',
            id="a DaemonSet with nothing but a hash",
        ),
        pytest.param(
            _changed(
                "stateful-set",
                {
                    "selector": {
                        "matchLabels": {"app": "db"},
                        "matchExpressions": [{"key": "app", "operator": "Exists"}],
                    }
                },
            ),
            f"{_NO_SELECTOR}couldn't convert expressions - "
            '"[{Key:app Operator:Exists Values:[]}]" to map-based selector format\n',
            id="a StatefulSet with an expression",
        ),
    ],
)
def test_no_selector_is_an_error_with_the_reason(manifest: dict[str, Any], error: str, cluster: Cluster) -> None:
    """One line, live and from a file; with --selector and --name the ports are still the template's."""
    text = json.dumps(manifest)
    done = offline("-f", "-", "--name", "web", stdin=text)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", error)
    if "name" in manifest["metadata"]:
        cluster.kubectl("create", "-f", "-", stdin=text)
        done = expose(cluster, f"{manifest['kind']}/{manifest['metadata']['name']}")
        assert (done.returncode, done.stdout, done.stderr) == (1, "", error)
    (service,) = services(offline("-f", "-", "--name", "web", "--selector", "app=x", "-o", "yaml", stdin=text))
    assert service["spec"]["selector"] == {"app": "x"}
    assert ports(service) == PORTS


@pytest.mark.parametrize("example", _ROWS)
def test_a_workload_that_lists_no_ports(example: str, programs: Programs, env: dict[str, str], tmp_path: Path) -> None:
    """kubectl's sentence for the kinds that kubectl exposes; for the others it goes on with what to do."""
    manifest = copy.deepcopy(examples.manifests(example)[0])
    template = manifest["spec"].get("jobTemplate", manifest)["spec"].get("template", manifest)
    for container in template["spec"]["containers"]:
        del container["ports"]
    argv, text = ["-f", "-", "--dry-run=client"], json.dumps(manifest)
    done = offline(*argv[:2], stdin=text)
    begins = "error: couldn't find port via --port flag or introspection"
    if example in ("pod", "replication-controller", "deployment", "replica-set"):
        assert run_svc(argv, env, tmp_path, text) == run_kubectl(programs.kubectl, argv, env, tmp_path, text)
        assert done.stderr == f"{begins}\n"
    else:
        called = f'{manifest["kind"]} "{manifest["metadata"]["name"]}"'
        assert done.stderr == f"{begins}: {called} lists none; --port says which to expose\n"


def test_a_job_of_an_older_server(cluster: Cluster) -> None:
    """Servers before 1.27 give pods the short label alone; what the live template says of them counts."""
    manifest = examples.manifests("job")[0]
    older = {"app": "import", "job-name": "import", "controller-uid": "3"}
    spec = {"selector": {"matchLabels": {"controller-uid": "3"}}, "template": _labelled("job", older)}
    text = json.dumps({**manifest, "spec": spec})
    (service,) = services(offline("-f", "-", "-o", "yaml", stdin=text))
    assert service["spec"]["selector"] == {"job-name": "import"}
    cluster.kubectl("create", "-f", examples.path("job"))
    newer = cluster.kubectl("get", "job", "import", "-o", "json").stdout
    (service,) = services(offline("-f", "-", "-o", "yaml", stdin=newer))
    assert service["spec"]["selector"] == {_JOB_NAME: "import"}
