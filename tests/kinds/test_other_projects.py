"""Kinds of Argo, OpenShift, OpenKruise and Knative: by every name and from a file, and whose pods are reached."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from kubectl_svc import custom_types, go_types
from kubectl_svc.go_structs import decode, struct
from kubectl_svc.workloads.custom_kinds import CUSTOM_KINDS
from tests.differential.programs import run_kubectl, run_svc
from tests.kinds import examples, playing
from tests.kinds.exposing import (
    PORTS,
    expose,
    expose_in_all_ways,
    grant,
    landed,
    make_decoys,
    offline,
    ports,
    services,
)
from tests.svc import svc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kubectl_svc.workloads.kinds import WorkloadKind
    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster, Site

_SKIPPED = 'Warning: skipped Deployment "referred": Rollout "referring" takes its pods from it\n'


def _deploy_twice(cluster: Cluster, name: str) -> list[str]:
    return playing.deploy_config(cluster, name) + playing.deploy_config(cluster, name, 2)


def _roll_out_twice(cluster: Cluster, name: str) -> list[str]:
    return playing.roll_out(cluster, name) + playing.roll_out(cluster, name, "next")


def _agents(cluster: Cluster, name: str) -> list[str]:
    return playing.pods_from_template(cluster, "daemonsets.apps.kruise.io", name)


# What the Service of each selects, who makes its pods, and what is said of the rest of its file.
_ROWS: dict[str, tuple[dict[str, str], Callable[[Cluster, str], list[str]], str]] = {
    "deployment-config": ({"app": "frontend"}, _deploy_twice, ""),
    "rollout-canary": ({"app": "canary"}, _roll_out_twice, ""),
    "rollout-blue-green": ({"app": "blue-green"}, _roll_out_twice, ""),
    "rollout-workload-ref": ({"app": "referred"}, playing.roll_out, _SKIPPED),
    "clone-set": ({"app": "clones"}, playing.clone, ""),
    "kruise-stateful-set": ({"app": "kruise-db"}, playing.number_pods, ""),
    "kruise-daemon-set": ({"app": "kruise-agent"}, _agents, ""),
}


# Those of KubeVirt are exposed in test_kubevirt, and by the test of the README's rights.
_ELSEWHERE = {"kubevirt.io", "pool.kubevirt.io"}


@pytest.mark.parametrize("row", CUSTOM_KINDS, ids=lambda row: f"{row.kind}.{row.group}")
def test_a_row_has_what_belongs_to_it(row: WorkloadKind) -> None:
    """Its fields, an object and a test that exposes that: what is forgotten is named here."""
    assert row.struct in {*custom_types.STRUCTS, *go_types.STRUCTS}, f"no fields of {row.struct} in custom_types.py"
    example = examples.of_kind(row.group, row.kind)
    tested = row.refused or row.group in _ELSEWHERE or example in _ROWS
    assert tested, f"{example} is missing in _ROWS of tests/kinds/test_other_projects.py"


@pytest.mark.parametrize("name", custom_types.STRUCTS)
def test_every_field_of_a_custom_kind_can_be_read(name: str) -> None:
    """Its word means a type: a struct that is forgotten is a KeyError with its name."""
    for field in struct(name).fields:
        with contextlib.suppress(ValueError):
            decode(struct(name), {field: object()})


@pytest.fixture(scope="module")
def others_stage(stage: Cluster, custom_resources: frozenset[str]) -> Cluster:
    """One object of each kind, and decoys."""
    del custom_resources  # they only have to be there
    examples.create(stage, *_ROWS, "knative-service")
    make_decoys(stage, [selector for selector, _, _ in _ROWS.values()])
    return stage


@pytest.mark.parametrize("example", _ROWS)
def test_a_kind_is_exposed(example: str, others_stage: Cluster) -> None:
    """The same Service by every name and from the file; it reaches the pods of every revision and no others."""
    selector, play, note = _ROWS[example]
    service = expose_in_all_ways(others_stage, example, note=note)
    name = service["metadata"]["name"]
    assert service["spec"]["selector"] == selector
    assert ports(service) == PORTS
    pods = sorted(play(others_stage, name))
    assert len(pods) == (4 if "twice" in play.__name__ else 2)
    assert others_stage.endpoints(name, pods) == pods


def test_bare_names_mean_the_built_in_kinds(kinds_cluster: Cluster) -> None:
    """Where another project has a kind of the same name; with its group, that one is meant."""
    api_versions = {
        "StatefulSet": ("apps/v1", "apps.kruise.io/v1beta1"),
        "DaemonSet": ("apps/v1", "apps.kruise.io/v1beta1"),
        "Service": ("v1", "serving.knative.dev/v1"),
    }
    sources = {"StatefulSet": "stateful-set", "DaemonSet": "daemon-set"}
    for kind, both in api_versions.items():
        for api_version in both:
            selector = {"is": api_version.replace("/", "-")}
            manifest: dict[str, Any] = {"spec": {"selector": selector, "ports": [{"port": 80}]}}
            if kind in sources:
                (manifest,) = examples.manifests(sources[kind])
                manifest["spec"]["selector"]["matchLabels"] = selector
                manifest["spec"]["template"]["metadata"]["labels"] = selector
            manifest |= {"apiVersion": api_version, "kind": kind, "metadata": {"name": "web"}}
            kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
    built_in = ["sts", "statefulsets", "StatefulSet", "daemonsets", "ds", "statefulsets.apps", "daemonset.v1.apps"]
    kruise = ["sts.apps.kruise.io", "asts", "statefulsets.v1beta1.apps.kruise.io", "statefulset.apps.kruise.io", "ads"]
    kruise += ["statefulsets.v1alpha1.apps.kruise.io", "daemonsets.apps.kruise.io", "daemon"]
    for words, selected in ((built_in, "apps-v1"), (kruise, "apps.kruise.io-v1beta1")):
        printed = services(expose(kinds_cluster, *(f"{word}/web" for word in words), "--dry-run=client", "-o", "yaml"))
        assert [service["spec"]["selector"]["is"] for service in printed] == [selected] * len(words)
    words = ["svc", "services", "Service", "service.v1."]
    printed = services(expose(kinds_cluster, *(f"{word}/web" for word in words), "--dry-run=client", "-o", "yaml"))
    assert [service["spec"]["selector"]["is"] for service in printed] == ["v1"] * len(words)
    done = expose(kinds_cluster, "services.serving.knative.dev/web")
    assert done.stderr.startswith("error: cannot expose a Service.serving.knative.dev: Knative itself ")


# --- DeploymentConfig


def _changed(example: str, **spec: Any) -> dict[str, Any]:
    """The first object of an example with other fields in its spec; None is null."""
    manifest = copy.deepcopy(examples.manifests(example)[0])
    manifest["spec"] |= spec
    return manifest


_NO_SELECTOR = "error: couldn't retrieve selectors via --selector flag or introspection: "


@pytest.mark.parametrize(
    ("spec", "flags", "outcome"),
    [
        pytest.param(
            {"selector": {"app": "frontend", "deployment": "frontend-3", "deploymentconfig": "frontend"}},
            "",
            {"app": "frontend", "deploymentconfig": "frontend"},
            id="the label of one revision",
        ),
        pytest.param({"template": None}, "--port 80", {"app": "frontend"}, id="template null"),
        pytest.param(
            {"template": None},
            "",
            "error: couldn't find port via --port flag or introspection: "
            'DeploymentConfig "frontend" lists none; --port says which to expose\n',
            id="no ports then",
        ),
        pytest.param(
            {"selector": None},
            "",
            {
                "app": "frontend",
                "project.cpaas.io/name": "shop",
                "service.cpaas.io/name": "deploymentconfig-frontend",
            },
            id="no selector: the template's labels",
        ),
        pytest.param(
            {"selector": {"app": 1}},
            "",
            'error: unable to decode "STDIN": json: cannot unmarshal number into Go struct field '
            "DeploymentConfigSpec.spec.selector of type string\n",
            id="a selector of another type",
        ),
    ],
)
def test_a_deployment_config_from_a_file(
    spec: dict[str, Any], flags: str, outcome: dict[str, str] | str, kinds_cluster: Cluster
) -> None:
    """And the same from the cluster."""
    text = json.dumps(_changed("deployment-config", **spec))
    done = offline("-f", "-", *flags.split(), "-o", "yaml", stdin=text)
    if isinstance(outcome, str):
        assert (done.returncode, done.stdout, done.stderr) == (1, "", outcome)
        return
    (service,) = services(done)
    assert service["spec"]["selector"] == outcome
    kinds_cluster.kubectl("create", "-f", "-", stdin=text)
    (live,) = services(expose(kinds_cluster, "dc/frontend", *flags.split(), "--dry-run=client", "-o", "yaml"))
    assert live == service


# --- Rollout with a workloadRef

_REFERRING, _REFERRED = examples.manifests("rollout-workload-ref")
_TAKES = 'Rollout "referring" takes its pods from Deployment "referred", which cannot be read: '


def test_a_referring_rollout_whose_deployment_is_nowhere(kinds_cluster: Cluster) -> None:
    """The line says why; what is typed needs no Deployment; a selector of its own does without one, ports do not."""
    text = json.dumps(_REFERRING)
    typed = ("--selector", "app=x", "--port", "80")
    done = offline("-f", "-", stdin=text)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{_NO_SELECTOR}{_TAKES}no cluster was asked\n")
    (service,) = services(offline("-f", "-", *typed, "-o", "yaml", stdin=text))
    assert service["spec"]["selector"] == {"app": "x"}

    kinds_cluster.kubectl("create", "-f", "-", stdin=text)
    for argv in (["ro/referring"], ["-f", "-"]):
        done = expose(kinds_cluster, *argv, stdin=text)
        missing = 'deployments.apps "referred" not found'
        assert (done.returncode, done.stderr) == (1, f"{_NO_SELECTOR}{_TAKES}{missing}\n")
        assert expose(kinds_cluster, *argv, *typed, "--dry-run=server", stdin=text).returncode == 0

    own = json.dumps(_changed("rollout-workload-ref", selector={"matchLabels": {"app": "own"}}))
    done = offline("-f", "-", stdin=own)
    no_port = "error: couldn't find port via --port flag or introspection: "
    assert (done.returncode, done.stderr) == (1, f"{no_port}{_TAKES}no cluster was asked\n")
    (service,) = services(offline("-f", "-", "--port", "80", "-o", "yaml", stdin=own))
    assert service["spec"]["selector"] == {"app": "own"}


def test_a_referring_rollout_from_a_file_with_its_deployment_on_the_server(kinds_cluster: Cluster) -> None:
    """The cluster is asked for what the file does not have; without the right to read, the line says so."""
    examples.create(kinds_cluster, "rollout-workload-ref")
    text = json.dumps(_REFERRING)
    assert expose(kinds_cluster, "-f", "-", stdin=text).stdout == "service/referring exposed\n"
    assert landed(kinds_cluster, "referring")["spec"]["selector"] == {"app": "referred"}
    grant(kinds_cluster, {"rollouts.argoproj.io": "get", "services": "create"})
    done = svc("expose", "rollout.argoproj.io/referring", kubeconfig=kinds_cluster.nobody_kubeconfig)
    forbidden = (
        'deployments.apps "referred" is forbidden: User "nobody" cannot get resource "deployments" in API group "apps" '
        f'in the namespace "{kinds_cluster.namespace}"'
    )
    assert (done.returncode, done.stderr) == (1, f"{_NO_SELECTOR}{_TAKES}{forbidden}\n")
    typed = ("--selector", "app=x", "--port", "80", "--name", "typed")
    done = svc("expose", "rollout.argoproj.io/referring", *typed, kubeconfig=kinds_cluster.nobody_kubeconfig)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("order", [(_REFERRING, _REFERRED), (_REFERRED, _REFERRING)], ids=["first", "last"])
def test_the_deployment_of_a_rollout_is_not_exposed_too(order: tuple[Any, Any]) -> None:
    """Whichever comes first; the Service has the Rollout's name and labels, and the Deployment's pods."""
    text = "---\n".join(json.dumps(each) + "\n" for each in order)
    done = offline("-f", "-", "-o", "yaml", stdin=text)
    (service,) = services(done)
    assert done.stderr == _SKIPPED
    assert service["metadata"] == {"name": "referring", "labels": {"tier": "front"}}
    assert service["spec"]["selector"] == {"app": "referred"}
    assert ports(service) == PORTS


def test_a_deployment_of_the_same_name_elsewhere_stays() -> None:
    """A Rollout means the Deployment of its own namespace."""
    elsewhere = {**_REFERRED, "metadata": {**_REFERRED["metadata"], "namespace": "elsewhere"}}
    text = "---\n".join(json.dumps(each) + "\n" for each in (_REFERRING, _REFERRED, elsewhere))
    printed = services(offline("-f", "-", "-o", "yaml", stdin=text))
    assert [(each["metadata"]["name"], each["metadata"].get("namespace")) for each in printed] == [
        ("referring", None),
        ("referred", "elsewhere"),
    ]


def test_a_rollout_with_hashes_in_its_selector() -> None:
    """They stay out, as do those of a workload that it refers to."""
    selector = {"matchLabels": {"app": "x", "rollouts-pod-template-hash": "1", "pod-template-hash": "2"}}
    for text in (
        json.dumps(_changed("rollout-canary", selector=selector)),
        "---\n".join(
            json.dumps(each) + "\n"
            for each in (_REFERRING, {**_REFERRED, "spec": {**_REFERRED["spec"], "selector": selector}})
        ),
    ):
        (service,) = services(offline("-f", "-", "-o", "yaml", stdin=text))
        assert service["spec"]["selector"] == {"app": "x"}


# --- Rollout of a PodTemplate

_TEMPLATED, _POD_TEMPLATE = examples.manifests("rollout-pod-template")


def test_a_rollout_of_a_pod_template(kinds_cluster: Cluster) -> None:
    """Its own selector and the template's ports, by name and from files; the cluster has the PodTemplate."""
    examples.create(kinds_cluster, "rollout-pod-template")
    pods = _roll_out_twice(kinds_cluster, "templated")
    both = examples.path("rollout-pod-template")
    skipped = f'Warning: skipped PodTemplate "pods" of {both}: it cannot be exposed\n'
    for name, argv, note in (
        ("live", ["ro/templated"], ""),
        ("file", ["-f", "-"], ""),
        ("both", ["-f", both], skipped),
    ):
        done = expose(kinds_cluster, *argv, "--name", name, stdin=json.dumps(_TEMPLATED))
        assert (done.returncode, done.stdout, done.stderr) == (0, f"service/{name} exposed\n", note)
        service = landed(kinds_cluster, name)
        assert service["spec"]["selector"] == {"app": "templated"}
        assert ports(service) == PORTS
        assert kinds_cluster.endpoints(name, pods) == sorted(pods)
    flags = ("--selector-from", "acp", "--container", "web", "--dry-run=client", "-o", "yaml")
    (service,) = services(expose(kinds_cluster, "ro/templated", *flags))
    labels = _POD_TEMPLATE["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == {key: value for key, value in labels.items() if key != "app"}
    assert [port["port"] for port in service["spec"]["ports"]] == [8080, 9090]


def test_a_rollout_finds_the_pod_template_of_its_file() -> None:
    """No cluster is asked; a value of a wrong type in it is an error in Go's words."""
    both = examples.path("rollout-pod-template")
    done = offline("-f", both, "-o", "yaml")
    assert done.stderr == f'Warning: skipped PodTemplate "pods" of {both}: it cannot be exposed\n'
    (service,) = services(done)
    assert (service["spec"]["selector"], ports(service)) == ({"app": "templated"}, PORTS)
    wrong = {**_POD_TEMPLATE, "template": {"spec": {"containers": 1}}}
    done = offline("-f", "-", stdin=json.dumps(wrong))
    assert (done.returncode, "PodSpec.template.spec.containers" in done.stderr) == (1, True)


def test_a_rollout_of_a_pod_template_needs_a_selector_of_its_own(kinds_cluster: Cluster) -> None:
    """For a PodTemplate has none; and the line says so where it cannot be read."""
    text = json.dumps(_changed("rollout-pod-template", selector=None))
    kinds_cluster.kubectl("create", "-f", "-", stdin=text)
    takes = 'Rollout "templated" takes its pods from PodTemplate "pods", which cannot be read: '
    done = expose(kinds_cluster, "ro/templated")
    assert (done.returncode, done.stderr) == (1, f'{_NO_SELECTOR}{takes}podtemplates "pods" not found\n')
    assert offline("-f", "-", stdin=text).stderr == f"{_NO_SELECTOR}{takes}no cluster was asked\n"
    kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(_POD_TEMPLATE))
    needs = 'the Rollout needs a spec.selector of its own, for PodTemplate "pods" has none\n'
    for argv in (["ro/templated"], ["-f", "-"]):
        done = expose(kinds_cluster, *argv, stdin=text)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{_NO_SELECTOR}{needs}")


@pytest.mark.parametrize("argv", ["podtemplate pods", "podtemplates/pods --port 80", "-f -", "-f - --selector a=b"])
def test_a_pod_template_alone_is_refused_as_kubectl_does_it(
    argv: str, kinds_cluster: Cluster, programs: Programs, tmp_path: Path
) -> None:
    """A Rollout may refer to one; a Service may not."""
    text = json.dumps(_POD_TEMPLATE)
    kinds_cluster.kubectl("create", "-f", "-", stdin=text)
    env = {"KUBECONFIG": kinds_cluster.kubeconfig}
    ours = run_svc(argv.split(), env, tmp_path, text)
    assert ours == run_kubectl(programs.kubectl, argv.split(), env, tmp_path, text)
    assert (ours.code, ours.error) == (1, "error: cannot expose a PodTemplate")


# --- OpenKruise


def test_the_headless_service_of_a_stateful_set(others_stage: Cluster) -> None:
    """Has the name that the StatefulSet asks for, and the hint for peers."""
    done = expose(others_stage, "asts/kruise-db", "--headless")
    assert done.stdout == "service/kruise-db-peers exposed\n"
    assert done.stderr.startswith('hint: the pods of StatefulSet "kruise-db" find each other ')
    assert landed(others_stage, "kruise-db-peers")["spec"]["clusterIP"] == "None"


@pytest.mark.parametrize(
    ("spec", "ordinals"),
    [
        ({}, [0, 1]),
        ({"reserveOrdinals": []}, [0, 1]),
        ({"reserveOrdinals": [0, 2]}, [1, 3]),
        ({"reserveOrdinals": ["0", "1-3", 5], "replicas": 3}, [4, 6, 7]),
        ({"reserveOrdinals": ["1-3"], "ordinals": {"start": 2}}, [4, 5]),
        ({"reserveOrdinals": [7, "x", "3-", "-2", "5-4"]}, [0, 1]),
    ],
    ids=json.dumps,
)
def test_one_service_for_each_replica(spec: dict[str, Any], ordinals: list[int], others_stage: Cluster) -> None:
    """Reserved ordinals, numbers and ranges, have no pods: from a file of each version, and from the cluster."""
    manifest = _changed("kruise-stateful-set", **spec)
    flags = ("--per-replica", "--port", "80", "-o", "yaml", "--dry-run=client")
    older = manifest | {"apiVersion": "apps.kruise.io/v1alpha1"}
    printed = [services(offline("-f", "-", *flags, stdin=json.dumps(each))) for each in (manifest, older)]
    assert printed[0] == printed[1]
    assert [service["spec"]["selector"] for service in printed[0]] == [
        {"statefulset.kubernetes.io/pod-name": f"kruise-db-{ordinal}"} for ordinal in ordinals
    ]
    manifest["metadata"]["name"] = "numbered"
    others_stage.kubectl("apply", "-f", "-", stdin=json.dumps(manifest))
    live = services(expose(others_stage, "asts/numbered", *flags))
    assert [each["metadata"]["name"] for each in live] == [f"numbered-{ordinal}" for ordinal in ordinals]


# --- Knative

_KNATIVE = (
    "Knative itself makes the Services behind it, one of the same name among them; "
    "`kubectl get services.serving.knative.dev` shows its URL\n"
)


def test_a_knative_service_is_refused_with_the_reason(others_stage: Cluster) -> None:
    """From the cluster, from a file, and with all that could be typed."""
    typed = ("--selector", "app=x", "--port", "80", "--name", "other")
    for argv in (["ksvc/hello"], ["kservice", "hello"], ["service.serving.knative.dev/hello"], ["ksvc/hello", *typed]):
        done = expose(others_stage, *argv)
        refused = f"error: cannot expose a Service.serving.knative.dev: {_KNATIVE}"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", refused)
    for words in ((), typed):
        done = offline("-f", examples.path("knative-service"), *words)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", refused)


def test_a_knative_service_beside_a_deployment_is_skipped() -> None:
    """With a note; the Deployment is exposed."""
    files = ("-f", examples.path("knative-service"), "-f", examples.path("deployment"))
    done = offline(*files, "-o", "name")
    note = f'Warning: skipped Service.serving.knative.dev "hello" of {files[1]}: {_KNATIVE}'
    assert (done.returncode, done.stdout, done.stderr) == (0, "service/shop-web\n", note)


# --- flags


_FLAGGED = [
    *("deployment", "replica-set", "replication-controller", "pod", "stateful-set", "daemon-set", "job", "cron-job"),
    *(example for example in _ROWS),
    *("fleet", "agent", "agent-selector", "agent-flat-selector"),
]


def _template(manifest: Mapping[str, Any]) -> Any:
    """What holds the pods' metadata and spec."""
    if manifest["kind"] == "Pod":
        return manifest
    spec = manifest["spec"]
    return (spec["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else spec)["template"]


@pytest.fixture(scope="module")
def flags_stage(
    site: Site, custom_resources: frozenset[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """A namespace with an object of every kind that has a pod template, and no Services."""
    del custom_resources  # they only have to be there
    with site.cluster(tmp_path_factory.mktemp("flags")) as cluster:
        examples.create(cluster, *_FLAGGED)
        yield cluster


@pytest.mark.parametrize("example", _FLAGGED)
def test_the_new_flags_with_every_kind(example: str, flags_stage: Cluster) -> None:
    """Selector, ports and names from its pod template, and its owner, live and from the file."""
    *_, holder = manifests = examples.manifests(example)
    manifest = manifests[0]
    group = manifest["apiVersion"].rpartition("/")[0]
    name = manifest["metadata"]["name"]
    labels = _template(holder)["metadata"]["labels"]
    acp = {key: labels[key] for key in ("project.cpaas.io/name", "service.cpaas.io/name")}
    flags = ("--selector-from", "acp", "--container", "dns", "--port-naming", "container", "--headless", "--owner")
    target = f"{manifest['kind']}.{group}/{name}" if group else f"{manifest['kind']}/{name}"
    (live,) = services(expose(flags_stage, target, *flags, "--dry-run=server", "-o", "yaml"))
    (file,) = services(expose(flags_stage, "-f", examples.path(example), *flags, "--dry-run=server", "-o", "yaml"))
    uid = json.loads(flags_stage.kubectl("get", target, "-o", "json").stdout)["metadata"]["uid"]
    for service in (live, file):
        assert service["metadata"]["name"] == manifest["spec"].get("serviceName", name)
        assert service["spec"]["selector"] == acp
        assert service["spec"]["clusterIP"] == "None"
        assert ports(service) == [("dns", 53, "UDP", 53), ("port-1-tcp", 53, "TCP", 53)]
        assert service["metadata"]["ownerReferences"] == [
            {"apiVersion": manifest["apiVersion"], "kind": manifest["kind"], "name": name, "uid": uid}
        ]
    del _template(holder)["metadata"]["labels"]["service.cpaas.io/name"]
    text = "---\n".join(json.dumps(each) + "\n" for each in manifests)
    done = offline("-f", "-", "--selector-from", "acp", stdin=text)
    first, *_ = (line for line in done.stderr.splitlines() if not line.startswith("Warning: "))
    assert (done.returncode, done.stdout) == (1, "")
    assert first.startswith(
        f'error: the pod template of {manifest["kind"]} "{name}" has no label "service.cpaas.io/name": it has only '
    )
    (service,) = services(offline("-f", "-", "--selector-key", "app", "-o", "yaml", stdin=text))
    assert service["spec"]["selector"] == {"app": labels["app"]}
