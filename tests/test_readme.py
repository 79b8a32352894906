"""What the README says is true: its commands run, its help is the program's."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from kubectl_svc import reachability
from kubectl_svc.cli.usage import render_help
from kubectl_svc.flags import EXPOSE, STATUS
from kubectl_svc.workloads.custom_kinds import CUSTOM_KINDS
from tests.kinds import examples, playing
from tests.svc import PROGRAM, run, svc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_HERE = Path(__file__).parent
_README = (_HERE.parent / "README.md").read_text()
# Blocks marked `sh` are for a cluster and run here; those marked `text` install and test, which CI does itself.
_COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", _README, re.DOTALL)[1:] for line in block.splitlines() if line
]

# What the README takes for granted beside the Deployment that it makes.
_LABELS = {"app": "db"}
_DB = {
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": {"name": "db"},
    "spec": {
        "serviceName": "db-peers",
        "replicas": 3,
        "selector": {"matchLabels": _LABELS},
        "template": {"metadata": {"labels": _LABELS}, "spec": {"containers": [{"name": "db", "image": "postgres"}]}},
    },
}

# Diagnoses whose code is one of two.
_BY_CONDITION = {"ContainerWaiting", "ReadinessProbeFails", "ClusterIPClash"}

_TESTVM = {
    "apiVersion": "kubevirt.io/v1",
    "kind": "VirtualMachine",
    "metadata": {"name": "testvm"},
    "spec": {"runStrategy": "Halted", "template": {"spec": {"domain": {"devices": {}}}}},
}


def test_the_help_is_the_programs() -> None:
    """Every flag is in the README, in the words of `--help`."""
    assert f"```text\n{render_help(EXPOSE)}```" in _README
    own, _, cluster = render_help(STATUS).partition("\n\nCluster (global):")
    assert f"```text\n{own}\n```" in _README
    assert cluster.partition("\n\nOther:")[0] in _README


def test_every_command_runs(programs: Programs, kinds_cluster: Cluster, tmp_path: Path) -> None:
    """In their order, in a shell, against a real API server."""
    path = os.pathsep.join((str(Path(programs.kubectl).parent), str(Path(PROGRAM).parent), os.environ["PATH"]))
    env = {"PATH": path, "KUBECONFIG": kinds_cluster.kubeconfig}
    for manifest in (_DB, _TESTVM):
        kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
    assert len(_COMMANDS) > 10
    for command in _COMMANDS:
        if command.startswith("kubectl svc status"):
            _have_endpoints(kinds_cluster)
        done = run(["/bin/sh", "-c", command], env, cwd=tmp_path)
        assert done.returncode == 0, f"{command}: {done.stderr}\n{done.stdout}"


def _have_endpoints(cluster: Cluster) -> None:
    """The Deployments' pods are ready, and the Services lead to them: as it is by now where there are kubelets."""
    for name in ("my-app", "my-api"):
        pods = cluster.make_pods_ready(1, f"app={name}")
        for service in cluster.core.list_namespaced_service(cluster.namespace).items:
            if service.spec.selector == {"app": name} and service.spec.type != "LoadBalancer":
                assert cluster.endpoints(service.metadata.name, pods) == pods


# Each kind of another project that can be exposed, and what is asked of further objects.
_EXPOSED = [
    *(examples.of_kind(row.group, row.kind) for row in CUSTOM_KINDS if not row.refused),
    *("rollout-workload-ref", "rollout-pod-template", "united-deployment"),
]


@pytest.fixture(scope="module")
def rights_stage(stage: Cluster, custom_resources: frozenset[str]) -> Iterator[Cluster]:
    """An object of each kind, the one with a scale subresource with pods, and a user who has the README's rights."""
    del custom_resources  # they only have to be there
    examples.create(stage, *_EXPOSED)
    (template,) = (each["template"] for each in examples.manifests("rollout-pod-template") if "template" in each)
    template["metadata"]["labels"] = {"app": "united"}
    playing.pods_from_template(stage, "uniteddeployment", "united", template=template)
    with playing.kubevirt(stage):
        for block in re.findall(r"```yaml\n(.*?)```", _README, re.DOTALL):
            for role in yaml.safe_load_all(block):
                _give(stage, role)
        yield stage
        stage.kubectl("delete", "clusterroles,clusterrolebindings", "-l", f"of={stage.namespace}")


def _give(cluster: Cluster, role: dict[str, Any]) -> None:
    """Gives the user of `nobody_kubeconfig` a Role, or a ClusterRole, which begins with the namespace's name here."""
    for_all = role["kind"] == "ClusterRole"
    name = f"{cluster.namespace}-{role['metadata']['name']}" if for_all else role["metadata"]["name"]
    role["metadata"] = {"name": name, "labels": {"of": cluster.namespace}}
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(role))
    kind, flag = ("clusterrolebinding", "--clusterrole") if for_all else ("rolebinding", "--role")
    cluster.kubectl("create", kind, name, f"{flag}={name}", "--user=nobody")
    if for_all:
        cluster.kubectl("label", kind, name, f"of={cluster.namespace}")


@pytest.mark.parametrize("example", _EXPOSED)
def test_the_rights_are_all_that_a_custom_kind_asks(example: str, rights_stage: Cluster) -> None:
    """Who has the Roles and the ClusterRole, and nothing else, exposes each kind, and no warning tells of a lack."""
    manifest = examples.manifests(example)[0]
    group, name = manifest["apiVersion"].partition("/")[0], manifest["metadata"]["name"]
    argv = (f"{manifest['kind']}.{group}/{name}", "--port", "8080", "--name", f"{example}-for-nobody")
    done = svc("expose", *argv, kubeconfig=rights_stage.nobody_kubeconfig)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"service/{example}-for-nobody exposed\n", "")


def test_the_rights_are_all_that_finding_load_balancers_asks(rights_stage: Cluster, tmp_path: Path) -> None:
    """Who has that ClusterRole too finds the provider by the nodes."""
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "found"}, "spec": {"providerID": "civo://1"}}
    rights_stage.kubectl("create", "-f", "-", stdin=json.dumps(node))
    words = ("-f", str(_HERE / "examples" / "my-app.yaml"), "--dry-run=client", "--lb", "auto")
    done = svc("expose", *words, "--cache-dir", str(tmp_path), kubeconfig=rights_stage.nobody_kubeconfig)
    rights_stage.kubectl("delete", "node", "found")
    assert done.stderr.startswith("load balancer: civo, because 1 of ")
    assert done.stdout == "service/my-app exposed (dry run)\n"


def test_the_rights_are_all_that_status_asks(rights_stage: Cluster) -> None:
    """Who has that Role and that ClusterRole is not told of anything that may not be read."""
    rights_stage.kubectl("create", "service", "clusterip", "asked-about", "--tcp=80")
    done = svc("status", "asked-about", "--wait", "--timeout", "1s", kubeconfig=rights_stage.nobody_kubeconfig)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Reachable:      no\n" in done.stdout


def test_every_diagnosis_is_there() -> None:
    """The table has the codes that the rules give, and no others."""
    table = _README.partition("<!-- diagnoses -->")[2].partition("<!-- end of diagnoses -->")[0]
    rules = Path(reachability.__file__).parent / "rules"
    given = {code for path in rules.glob("*.py") for code in re.findall(r'code="(\w+)"', path.read_text())}
    assert set(re.findall(r"`(\w+)`", table)) == given | _BY_CONDITION


@pytest.mark.parametrize("name", ["demo", "test", "lint", "bench", "test-pythons"])
def test_every_make_target_exists(name: str) -> None:
    """The targets that the README names are in the Makefile."""
    assert f"make {name}" in _README
    assert f"\n{name}:" in (_HERE.parent / "Makefile").read_text()
