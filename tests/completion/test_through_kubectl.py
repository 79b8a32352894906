"""TAB behind `kubectl svc`, asked by the real kubectl on a real cluster, beside what it offers for its own commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.completion.asking import Offered, asked, asked_by_kubectl, tab
from tests.control_plane.cluster import comes_and_goes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_PORTS = [{"name": "http", "containerPort": 8080}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}]
_CONTAINERS = [{"name": "app", "image": "x", "ports": _PORTS}, {"name": "proxy", "image": "x"}]


def _deployment(name: str) -> dict[str, Any]:
    labels = {"app": name, "tier": "front"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": _CONTAINERS}}
    spec = {"selector": {"matchLabels": {"app": name}}, "template": template, "replicas": 0}
    metadata = {"name": name, "labels": {"team": "shop"}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


@pytest.fixture(scope="module")
def shop(stage: Cluster) -> Cluster:
    """Deployments, two Services, and kubectl's cache of what the server has."""
    items = [_deployment(name) for name in ("web", "web-admin", "db")]
    stage.kubectl("create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    labels = "--labels=app=web,pod-template-hash=5d4f"
    stage.kubectl("run", "single", "--image=x", labels)
    for name in ("web", "alias"):
        stage.kubectl("create", "service", "externalname", name, "--external-name=example.com")
    stage.kubectl("label", "service", "web", "tier=front")
    return stage


@pytest.fixture
def kubectl(programs: Programs) -> str:
    """The real one."""
    return programs.kubectl


@pytest.mark.parametrize(
    "line",
    [
        "expose ", "expose d", "expose deploy ", "expose deploy w", "expose deploy web ", "expose deployment/",
        "expose deployment/web", "expose deployment/web ", "expose deployment/web deployment/", "expose svc ",
        "expose -", "expose --", "expose --na", "expose deploy web --t", "expose deploy --port 80 ",
        "expose -n kube-system ", "expose --namespace default svc ", "expose -n ", "expose --namespace=",
        "expose --context ",
        "expose --cluster ", "expose --user ", "expose deploy web -n ", "expose nonsense ", "expose nonsense/",
        "expose --context nowhere deploy ", "expose -n nowhere deploy ",
    ],
)  # fmt: skip
def test_what_kubectl_offers_for_expose(shop: Cluster, kubectl: str, line: str) -> None:
    """Is offered by us too, and files only where kubectl offers them."""
    environ = {"KUBECONFIG": shop.kubeconfig}
    own, ours = (asked_by_kubectl(kubectl, f"{lead}{line}", environ) for lead in ("", "svc "))
    assert {name for name in own.words if not comes_and_goes(name)} <= ours.names()
    assert own.directive == ours.directive


_WORKLOAD = "svc expose deploy web"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("svc status ", "web alias"),
        ("svc status web ", "alias"),
        ("svc status deploy/", "deploy/web deploy/web-admin deploy/db"),
        ("svc status depl", "deployment/"),
        ("svc status -l ", "app=web app=alias tier=front"),
        ("svc status -l tier=front ", ""),
        ("svc expose deploy/web deploy/", "deploy/web-admin deploy/db"),
        ("svc expose deploy/web depl", "deployment/"),
        ("svc expose deployment,sta", "deployment,statefulset"),
        ("svc expose deploy --all ", ""),
        ("svc expose deploy --workload-selector ", "team=shop"),
        (f"{_WORKLOAD} --port ", "8080 53"),
        (f"{_WORKLOAD} --port 80", "8080"),
        (f"{_WORKLOAD} --port 80:", "80:8080 80:http 80:53 80:dns"),
        (f"{_WORKLOAD} --port 8080,", "8080,8080 8080,53"),
        (f"{_WORKLOAD} --port 53/", "53/tcp 53/udp 53/sctp 53/http 53/https 53/http2 53/grpc 53/ws 53/wss"),
        (f"{_WORKLOAD} --port=80:h", "80:http"),
        (f"{_WORKLOAD} --target-port ", "8080 http 53 dns"),
        ("svc expose deployment/web --target-port=d", "dns"),
        ("svc expose --target-port", "--target-port"),
        (f"{_WORKLOAD} --container ", "app proxy"),
        (f"{_WORKLOAD} --selector-key ", "app tier"),
        (f"{_WORKLOAD} --selector ", "app=web tier=front"),
        (f"{_WORKLOAD} --selector app=web,", "app=web,tier=front"),
        (f"{_WORKLOAD} -l ", "team=shop"),
        (f"{_WORKLOAD} --port web=", "web=8080 web=53"),
        (f"{_WORKLOAD} --port 8080,web=80:d", "8080,web=80:dns"),
        (f"{_WORKLOAD} --container app --container ", "proxy"),
        (f"{_WORKLOAD} --container proxy --port ", ""),
        (f"{_WORKLOAD} --selector-key app --selector-key ", "tier"),
        (f"{_WORKLOAD} --app-protocol 8080=htt", "8080=http 8080=https"),
        (f"{_WORKLOAD} --ip-family IPv4 --ip-family ", "IPv6"),
        ("svc create x --name", "--namespace"),
        ("svc create ", ""),
        ("svc create x --selector ", "app=web"),
    ],
)
def test_what_the_cluster_says(shop: Cluster, kubectl: str, line: str, words: str) -> None:
    """Of the chosen workload, of Services, of labels; nothing else, and no files in its place."""
    offered = asked_by_kubectl(kubectl, line, {"KUBECONFIG": shop.kubeconfig})
    assert offered.names() == set(words.split())
    assert offered.directive & ~(2 | 32) == 4


@pytest.mark.parametrize(
    "goes_on", ["svc expose deploy/web depl", "svc status depl", "svc expose --lb aws --lb-set sche"]
)
def test_a_word_that_goes_on(shop: Cluster, kubectl: str, goes_on: str) -> None:
    """Gets no blank behind it."""
    assert asked_by_kubectl(kubectl, goes_on, {"KUBECONFIG": shop.kubeconfig}).directive == 6


def test_which_cluster_and_namespace(shop: Cluster, kubectl: str) -> None:
    """Are those of the flags that were typed before, wherever they stand."""
    environ = {"KUBECONFIG": "/nonexistent"}
    flags = f"--kubeconfig {shop.kubeconfig}"
    contexts = asked_by_kubectl(kubectl, f"svc expose {flags} --context ", environ).names()
    assert len(contexts) == 1
    for line in (
        f"svc {flags} -n {shop.namespace} expose svc ",
        f"svc expose {flags} -n {shop.namespace} --context {min(contexts)} svc ",
        f"svc expose svc {flags} -n={shop.namespace} ",
        f"svc expose svc {flags} --namespace={shop.namespace} ",
    ):
        assert asked_by_kubectl(kubectl, line, environ).names() == {"web", "alias"}, line
    elsewhere = asked_by_kubectl(kubectl, f"svc expose {flags} -n default svc ", environ)
    assert "alias" not in elsewhere.names()
    assert asked_by_kubectl(kubectl, "svc expose --kubeconfig /nonexistent svc ", environ) == Offered({}, 4)


def test_labels_of_all_namespaces(shop: Cluster, kubectl: str) -> None:
    """With -A typed before, as the command would look for them."""
    environ = {"KUBECONFIG": shop.kubeconfig}
    assert "component=apiserver" not in asked_by_kubectl(kubectl, "svc status -l ", environ).names()
    assert "component=apiserver" in asked_by_kubectl(kubectl, "svc status -A -l ", environ).names()
    assert "component=apiserver" in asked_by_kubectl(kubectl, "svc expose svc -A --workload-selector ", environ).names()


def test_kinds_of_other_projects(kinds_cluster: Cluster, kubectl: str) -> None:
    """Are offered when kubectl's cache knows them; their objects are found all the same."""
    environ = {"KUBECONFIG": kinds_cluster.kubeconfig}
    kinds_cluster.kubectl("api-resources")
    found = asked_by_kubectl(kubectl, "svc expose ", environ).words
    assert {"rollout", "virtualmachine"} <= set(found)
    assert found["virtualmachine"] == "kubevirt.io"
    assert asked_by_kubectl(kubectl, "svc expose vm ", environ) == Offered({}, 4)


@pytest.mark.parametrize(
    ("line", "directive"),
    [
        ("svc expose -f ", 8),
        ("svc expose -f=", 8),
        ("svc expose --filename=my", 8),
        ("svc expose -k ", 16),
        ("svc expose --kubeconfig ", 0),
        ("svc expose deploy web --template ", 0),
        ("svc expose --client-key=", 0),
        ("svc expose --cache-dir ", 16),
    ],
)
def test_files(kubectl: str, line: str, directive: int) -> None:
    """The shell offers them: for -f those that kubectl's own -f wants."""
    offered = asked_by_kubectl(kubectl, line, {})
    assert offered.directive == directive
    assert offered.names() == (asked_by_kubectl(kubectl, "expose -f ", {}).names() if directive == 8 else set())


def test_what_files_say(tmp_path: Path) -> None:
    """Of the workloads in them, without a cluster."""
    manifest = tmp_path / "all.yaml"
    manifest.write_text("\n---\n".join(json.dumps(_deployment(name)) for name in ("web", "db")))
    environ = {"KUBECONFIG": "/nonexistent"}
    for flags in (["-f", str(manifest)], [f"--filename={tmp_path}"], ["-Rf", f"https://example.com/x,{tmp_path}"]):
        assert asked(["expose", *flags, "--port", ""], environ).names() == {"8080", "53"}
    assert asked(["expose", "-f", str(manifest), "--selector-key", ""], environ).names() == {"app", "tier"}
    assert asked(["expose", "-f", str(manifest), ""], environ) == Offered({}, 4)
    assert asked(["expose", "-f", "-", "--port", ""], environ) == Offered({}, 4)


def test_load_balancers(kubectl: str) -> None:
    """Providers, their settings with what they mean, and the words that a setting may be."""

    def names(line: str) -> set[str]:
        return asked_by_kubectl(kubectl, line, {}).names()

    assert {"auto", "aws", "metallb"} <= names("svc expose --lb ")
    assert names("svc expose --lb=meta") == {"metallb"}
    assert "auto" not in names("svc providers ")
    assert {"aws", "gke"} <= names("svc providers metallb ")
    settings = asked_by_kubectl(kubectl, "svc create x --lb aws --lb-set ", {}).words
    assert settings["scheme="] == "Reachability of the NLB."
    assert names("svc expose --lb aws --lb-set scheme=") == {"scheme=internal", "scheme=internet-facing"}
    assert names("svc expose --lb nobody --lb-set ") == set()
    assert names("svc expose --lb-set ") == set()


def test_without_descriptions() -> None:
    """As cobra's scripts ask where they show none."""
    with_them = asked(["__complete", "expose", "--ty"], program="kubectl-svc")
    without = asked(["__completeNoDesc", "expose", "--ty"], program="kubectl-svc")
    assert (set(with_them.words), set(without.words)) == ({"--type"}, {"--type"})
    assert with_them.words["--type"]
    assert not without.words["--type"]


def test_oc(shop: Cluster) -> None:
    """Asks in the same way."""
    environ = {"KUBECONFIG": shop.kubeconfig}
    assert asked(tab("status "), environ, program="oc_complete-svc").names() == {"web", "alias"}


def test_what_went_wrong(tmp_path: Path) -> None:
    """Is told where cobra's programs tell it, and nowhere else."""
    log = tmp_path / "log"
    environ = {"KUBECONFIG": "/nonexistent", "BASH_COMP_DEBUG_FILE": str(log)}
    assert asked(tab("status --kubeconfig /nonexistent "), environ) == Offered({}, 4)
    assert "/nonexistent" in log.read_text()
