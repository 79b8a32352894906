"""Which Services `kubectl svc status` shows, in which form, and what it says of words that mean none."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.svc import svc

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from tests.control_plane.cluster import Cluster

_TEMPLATE = {"spec": {"containers": [{"name": "c", "image": "x", "ports": [{"containerPort": 80}]}]}}


def _workload(kind: str, name: str, app: str) -> dict[str, Any]:
    labels = {"app": app}
    spec = {"selector": {"matchLabels": labels}, "template": {**_TEMPLATE, "metadata": {"labels": labels}}}
    if kind == "StatefulSet":
        spec["serviceName"] = name
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


@pytest.fixture(scope="module")
def shop(stage: Cluster) -> Cluster:
    """A Deployment and a StatefulSet of the same name, and Services for them."""
    workloads = [_workload("Deployment", "db", "web"), _workload("StatefulSet", "db", "db")]
    items = {"apiVersion": "v1", "kind": "List", "items": [*workloads, _workload("Deployment", "alone", "alone")]}
    stage.kubectl("create", "-f", "-", stdin=json.dumps(items))
    stage.make_pods_ready(1, "app=db")
    for name, selector in {
        "web": "app=web",
        "both": "app=db",
        "db-0": "statefulset.kubernetes.io/pod-name=db-0",
    }.items():
        svc("create", name, "--selector", selector, "--port", "80", kubeconfig=stage.kubeconfig)
    svc("create", "alias", "--external-name", "example.com", "-l", "kind=alias", kubeconfig=stage.kubeconfig)
    return stage


def _status(shop: Cluster, *words: str) -> CompletedProcess[str]:
    return svc("status", *words, kubeconfig=shop.kubeconfig)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("svc/web", ["web"]),
        ("services/web svc/alias web", ["web", "alias"]),
        ("deploy/db", ["web"]),
        ("sts/db", ["both", "db-0"]),
        ("pod/db-0", ["both", "db-0"]),
        ("deployment.apps/db svc/db-0", ["web", "db-0"]),
        ("-l kind=alias", ["alias"]),
        ("", ["alias", "both", "db-0", "web"]),
    ],
)
def test_which_are_meant(shop: Cluster, words: str, names: list[str]) -> None:
    """By their names, by what they lead to, by their labels; each once, in the order of the words."""
    document = json.loads(_status(shop, *words.split(), "-o", "json").stdout)
    assert [each["name"] for each in document.get("items", [document])] == names


def test_the_form_of_a_document_is_that_of_the_words(shop: Cluster) -> None:
    """One Service by its name is an object; a workload may have several, so it is a list however many there are."""
    assert json.loads(_status(shop, "svc/web", "-o", "json").stdout)["name"] == "web"
    assert json.loads(_status(shop, "deploy/db", "-o", "JSON").stdout).keys() == {"items"}
    assert json.loads(_status(shop, "web", "alias", "-o", "json").stdout).keys() == {"items"}
    assert json.loads(_status(shop, "-l", "kind=none", "-o", "json").stdout) == {"items": []}
    assert "name: web\n" in _status(shop, "web", "-o", "yaml").stdout


@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        (["-l", "kind=none"], 0, "No resources found in {ns} namespace.\n"),
        (["-l", "kind=none", "--wait"], 1, "error: no matching resources found\n"),
        ([""], 1, "error: resource name may not be empty\n"),
        (["web", "-l", "a=b"], 1, "error: name cannot be provided when a selector is specified\n"),
        (["web", "-A"], 1, "error: a resource cannot be retrieved by name across all namespaces\n"),
        (["nope"], 1, 'Error from server (NotFound): services "nope" not found\n'),
        (
            ["deployment"],
            1,
            'Error from server (NotFound): services "deployment" not found\n'
            "hint: a workload's Services are shown with TYPE/NAME, as in deployment/NAME\n",
        ),
        (
            ["deploy/alone"],
            1,
            'error: no Service of namespace {ns} selects the pods of Deployment "alone"\n'
            "hint: kubectl svc expose deployment/alone -n {ns} --kubeconfig {kubeconfig}\n",
        ),
        (["x/y/z"], 1, "error: arguments in resource/name form may not have more than one slash\n"),
        (["nokind/x"], 1, 'error: the server doesn\'t have a resource type "nokind"\n'),
        (
            ["web", "-o", "name"],
            1,
            'error: unable to match a printer suitable for the output format "name", allowed formats are: '
            "json,yaml,wide\n",
        ),
    ],
)
def test_words_that_mean_none(shop: Cluster, words: list[str], code: int, err: str) -> None:
    """kubectl's words where it has any."""
    done = _status(shop, *words, "--kubeconfig", shop.kubeconfig)
    expected = err.format(ns=shop.namespace, kubeconfig=shop.kubeconfig)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", expected)


def test_one_that_is_missing_hides_no_other(shop: Cluster) -> None:
    """The error comes after what is there."""
    done = _status(shop, "alias", "nope")
    assert done.returncode == 1
    assert done.stdout.startswith("Name:           alias\n")
    assert done.stderr == 'Error from server (NotFound): services "nope" not found\n'


def test_commands_lead_to_the_same_cluster(shop: Cluster) -> None:
    """With the flags that were typed to reach it."""
    flags = ("--kubeconfig", shop.kubeconfig, "--as", "admin user", "--as-group", "system:masters")
    document = json.loads(_status(shop, "web", *flags, "-o", "json").stdout)
    commands = [command for each in document["diagnoses"] for command in each["commands"]]
    end = f" --kubeconfig {shop.kubeconfig} --as 'admin user' --as-group system:masters"
    assert commands
    assert all(command.endswith(end) for command in commands)


def test_the_table_of_all_namespaces(shop: Cluster) -> None:
    """Has their names in front, and needs whole lists, each once: other tests' Services may be among them."""
    done = _status(shop, "-A", "-v6")
    assert done.stdout.split("\n")[0].split()[:2] == ["NAMESPACE", "NAME"]
    assert [shop.namespace, "alias"] in [line.split()[:2] for line in done.stdout.splitlines()]
    lists = [url for url in re.findall(r'verb="GET" url="(\S+)"', done.stderr) if "limit=" in url]
    assert lists
    assert len(lists) == len(set(lists))
    assert not [url for url in lists if "/namespaces/" in url]
