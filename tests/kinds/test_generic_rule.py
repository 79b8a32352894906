"""Kinds of which nothing is known but their shape: the scale subresource first, then the pod template."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import strategies as st

from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.workloads.custom import read_custom_resource
from kubectl_svc.workloads.lookup import Lookup
from kubectl_svc.workloads.objects import read_custom_object
from tests.access.servers import answer, serve
from tests.differential.programs import run_kubectl, run_svc
from tests.kinds import examples, playing
from tests.kinds.exposing import (
    PORTS,
    expose,
    expose_in_all_ways,
    grant,
    landed,
    make_decoys,
    names_of,
    offline,
    ports,
    services,
)
from tests.svc import svc, svc_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kubectl_svc.workloads.model import Workload
    from tests.access.servers import Server
    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_GROUP = "kinds.kubectl-svc.test"
_ROWS = {
    "fleet": {"app": "fleet"},
    "agent": {"app": "agent", "project.cpaas.io/name": "shop", "service.cpaas.io/name": "agent-agent"},
    "agent-selector": {"app": "chosen"},
    "agent-flat-selector": {"app": "flat"},
}
# A scale subresource is all that tells of pods.
_SCALED = {"cache": {"app": "cache"}, "united-deployment": {"app": "united"}}
_TYPED = ("--selector", "app=x", "--port", "80")


@pytest.fixture(scope="module")
def custom_stage(stage: Cluster, custom_resources: frozenset[str]) -> Cluster:
    """One object of each kind without a row, and decoys."""
    del custom_resources  # they only have to be there
    examples.create(stage, *_ROWS, *_SCALED, "cron-tab", "machine-deployment")
    make_decoys(stage, [*_ROWS.values(), *_SCALED.values()])
    return stage


@pytest.mark.parametrize("example", _ROWS)
def test_a_kind_with_a_pod_template_is_exposed(example: str, custom_stage: Cluster) -> None:
    """The same Service by every name and from the file; it reaches the pods of this object and no others."""
    manifest = examples.manifests(example)[0]
    name = manifest["metadata"]["name"]
    pods = playing.pods_from_template(custom_stage, f"{manifest['kind']}.{_GROUP}", name)
    service = expose_in_all_ways(custom_stage, example)
    assert service["spec"]["selector"] == _ROWS[example]
    assert ports(service) == PORTS
    assert custom_stage.endpoints(name, pods) == pods


@pytest.mark.parametrize("example", _SCALED)
def test_a_kind_with_a_scale_subresource_alone_is_exposed(example: str, custom_stage: Cluster) -> None:
    """Where a port is typed: by every name, with the pods of its selector."""
    manifest = examples.manifests(example)[0]
    name, labels = manifest["metadata"]["name"], _SCALED[example]
    template = {**examples.manifests("fleet")[0]["spec"]["template"], "metadata": {"labels": labels}}
    targets = names_of(custom_stage, manifest)
    pods = playing.pods_from_template(custom_stage, *targets[0].split("/"), template=template)
    for word in targets:
        done = expose(custom_stage, word)
        no_port = (
            f'error: couldn\'t find port via --port flag or introspection: {manifest["kind"]} "{name}" lists none; '
            "--port says which to expose\n"
        )
        assert (done.returncode, done.stdout, done.stderr) == (1, "", no_port)
        break
    printed = services(expose(custom_stage, *targets, "--port", "6379", "--dry-run=client", "-o", "yaml"))
    assert [each["spec"] for each in printed] == [
        {"ports": [{"port": 6379, "protocol": "TCP", "targetPort": 6379}], "selector": labels}
    ] * len(targets)
    assert expose(custom_stage, targets[0], "--port", "6379").stdout == f"service/{name} exposed\n"
    files = ("-f", examples.path(example), "--port", "6379", "--name", f"{name}-file")
    assert expose(custom_stage, *files).stdout == f"service/{name}-file exposed\n"
    assert landed(custom_stage, f"{name}-file")["spec"]["selector"] == labels
    assert "error: unable to decode" in offline(*files).stderr
    assert landed(custom_stage, name)["spec"]["selector"] == labels
    assert custom_stage.endpoints(name, pods) == pods


# --- what kubectl says first


_REASONS = {
    "cron-tab": (
        "crontab",
        "nightly",
        'CronTab "nightly" has no pod template, and no scale subresource; --selector and --port say what to expose',
    ),
    "machine-deployment": (
        "md",
        "workers",
        'MachineDeployment "workers" has no pod template, and no pods have the selector '
        '"cluster.x-k8s.io/cluster-name=prod,cluster.x-k8s.io/deployment-name=workers" of its scale subresource; '
        "--selector and --port say what to expose",
    ),
}


@pytest.mark.parametrize("example", _REASONS)
def test_a_kind_without_a_shape(
    example: str, custom_stage: Cluster, programs: Programs, env: dict[str, str], tmp_path: Path
) -> None:
    """kubectl's own line first, then the reason, indented; what is typed works, live and from the file."""
    word, name, reason = _REASONS[example]
    argv = [word, name, "--port", "80"]
    ours = run_svc(argv, env, tmp_path)
    assert ours == run_kubectl(programs.kubectl, argv, env, tmp_path)
    done = expose(custom_stage, *argv)
    assert [done.returncode, done.stdout, *done.stderr.splitlines()[1:]] == [1, "", f"  {reason}"]
    files = ["-f", examples.path(example)]
    assert run_svc(files, env, tmp_path) == run_kubectl(programs.kubectl, files, env, tmp_path)
    printed = [
        services(done)
        for done in (
            expose(custom_stage, word, name, *_TYPED, "--dry-run=client", "-o", "yaml"),
            expose(custom_stage, *files, *_TYPED, "--dry-run=client", "-o", "yaml"),
            offline(*files, *_TYPED, "-o", "yaml"),
        )
    ]
    assert printed == [printed[0]] * 3
    assert printed[0][0]["spec"]["selector"] == {"app": "x"}
    assert expose(custom_stage, *files, *_TYPED, "--name", f"{name}-file").stdout == f"service/{name}-file exposed\n"


def test_a_file_with_kinds_of_all_sorts(
    custom_stage: Cluster, programs: Programs, env: dict[str, str], tmp_path: Path
) -> None:
    """kubectl's error where nothing can be exposed; else what cannot is skipped, with a note for each."""
    deployment = examples.manifests("deployment")[0]
    monitor = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": "shop"},
        "spec": {"selector": {"matchLabels": {"app": "shop-web"}}, "endpoints": [{"port": "http"}]},
    }
    cron_tab = examples.manifests("cron-tab")[0]
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}
    for argv in (["-f", "-", "--dry-run=client", "-o", "yaml"], ["-f", "-", "--port", "80", "--dry-run=client"]):
        for manifests in ([monitor, cron_tab], [cron_tab], [monitor]):
            text = _documents(*manifests)
            theirs = run_kubectl(programs.kubectl, argv, env, tmp_path, text)
            assert run_svc(argv, env, tmp_path, text) == theirs
            assert theirs.code == 1
            assert run_svc(argv, env, tmp_path, _documents(*manifests, config_map)).code == 1
    mixed = _documents(config_map, deployment, monitor, cron_tab)
    done = expose(custom_stage, "-f", "-", stdin=mixed)
    assert (done.returncode, done.stdout) == (0, "service/shop-web exposed\n")
    skipped = [line.split()[2].partition(".")[0] for line in done.stderr.splitlines()]
    assert sorted(skipped) == ["ConfigMap", "CronTab", "ServiceMonitor"]
    assert done.stderr.count("Warning: skipped ") == len(skipped)


def _documents(*manifests: Any) -> str:
    return "---\n".join(json.dumps(each) + "\n" for each in manifests)


# --- selectors of scale subresources


@pytest.mark.parametrize(
    ("said", "replicas", "selector"),
    [
        pytest.param("app=fleet", 2, {"app": "fleet"}, id="believed"),
        pytest.param("app in (fleet)", 2, {"app": "fleet"}, id="one value"),
        pytest.param("app==fleet", 2, {"app": "fleet"}, id="double equals"),
        pytest.param("app=fleet,pod-template-hash=123", 2, {"app": "fleet"}, id="hash"),
        pytest.param("app=other", 0, {"app": "other"}, id="no replicas, no pods"),
        pytest.param("app=other", 2, {"app": "mine"}, id="replicas, but no pods"),
        pytest.param("pod-template-hash=123", 0, {"app": "mine"}, id="only a hash"),
        pytest.param("app in (fleet,other)", 0, {"app": "mine"}, id="two values"),
        pytest.param("app=fleet,tier notin (x)", 0, {"app": "mine"}, id="not in"),
        pytest.param("app=fleet,tier", 0, {"app": "mine"}, id="exists"),
        pytest.param("app=fleet,!tier", 0, {"app": "mine"}, id="exists not"),
        pytest.param("app=fleet,app=other", 0, {"app": "mine"}, id="contradiction"),
        pytest.param("", 2, {"app": "mine"}, id="empty"),
        pytest.param(None, 2, {"app": "mine"}, id="none"),
    ],
)
def test_a_scale_subresource_is_not_believed_blindly(
    said: object, replicas: int, selector: dict[str, str], kinds_cluster: Cluster
) -> None:
    """Where its selector says no map, or selects no pods of those it counts, the pod template does."""
    manifest = copy.deepcopy(examples.manifests("fleet")[0])
    manifest["spec"]["selector"] = {"matchLabels": {"app": "mine"}}
    manifest["spec"]["template"]["metadata"]["labels"]["app"] = "mine"
    kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
    examples.report_status(kinds_cluster, manifest, replicas=replicas, selector=said)
    pod = {**examples.manifests("pod")[0], "metadata": {"name": "one", "labels": {"app": "fleet"}}}
    kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(pod))
    for argv in (["fleet/fleet"], ["-f", "-"]):
        done = expose(kinds_cluster, *argv, "--dry-run=server", "-o", "yaml", stdin=json.dumps(manifest))
        (service,) = services(done)
        assert service["spec"]["selector"] == selector
        doubted = said and selector == {"app": "mine"}
        called = 'Warning: Fleet "fleet" is selected by its spec.selector (app=mine): no '
        assert done.stderr.startswith(called if doubted else "")
        assert done.stderr.count("\n") == (1 if doubted else 0)


def test_rights_that_are_missing(kinds_cluster: Cluster) -> None:
    """Without a look at its scale the pod template counts, and without one at the pods what it does not contradict."""
    examples.create(kinds_cluster, "fleet", "cache")
    grant(kinds_cluster, {f"fleets.{_GROUP}": "get", f"caches.{_GROUP}": "get", "services": "create"})
    examples.report_status(kinds_cluster, examples.manifests("fleet")[0], replicas=2, selector="app=of-scale")

    def as_nobody(*argv: str) -> Any:
        return svc("expose", *argv, kubeconfig=kinds_cluster.nobody_kubeconfig)

    def forbidden(resource: str) -> str:
        plural, _, group = resource.partition(".")
        verb, named = ("get", f' "{plural[:-1]}"') if group else ("list", "")
        return (
            f'{resource}{named} is forbidden: User "nobody" cannot {verb} resource '
            f'"{plural}{"/scale" if group else ""}" in API group "{group}" in the namespace "{kinds_cluster.namespace}"'
        )

    done = as_nobody("flt/fleet", "--dry-run=server", "-o", "yaml")
    assert services(done)[0]["spec"]["selector"] == {"app": "fleet"}
    assert done.stderr == (
        'Warning: Fleet "fleet" is selected by its spec.selector (app=fleet): its scale subresource could not be read '
        f"({forbidden(f'fleets.{_GROUP}')})\n"
    )
    done = as_nobody("cch/cache", "--port", "80")
    first, second = done.stderr.splitlines()
    assert first.startswith('error: no kind "Cache" is registered for version "kinds.kubectl-svc.test/v1" in scheme ')
    assert second == (
        '  Cache "cache" has no pod template, and its scale subresource could not be read '
        f"({forbidden(f'caches.{_GROUP}')}); --selector and --port say what to expose"
    )
    assert as_nobody("cch/cache", *_TYPED, "--dry-run=server").returncode == 0

    grant(kinds_cluster, {f"fleets.{_GROUP}/scale": "get", f"caches.{_GROUP}/scale": "get"})
    unseen = f"whether any pods have that is not known ({forbidden('pods')})"
    contradicted = (
        'Fleet "fleet" is selected by its spec.selector (app=fleet): its pod template lacks "app=of-scale", the '
        f"selector of its scale subresource; {unseen}. If so: --selector app=of-scale"
    )
    believed = f'Cache "cache" is selected by the selector "app=cache" of its scale subresource; {unseen}'
    for target, labels, said in (("flt/fleet", "fleet", contradicted), ("cch/cache", "cache", believed)):
        done = as_nobody(target, "--port", "8080", "--dry-run=server", "-o", "yaml")
        assert services(done)[0]["spec"]["selector"] == {"app": labels}
        assert done.stderr == f"Warning: {said}\n"


# --- what is not known


def _fleet(selector: object, labels: Mapping[str, str]) -> dict[str, Any]:
    """The Fleet, with another `spec.selector` and other labels in its pod template."""
    manifest = copy.deepcopy(examples.manifests("fleet")[0])
    manifest["spec"]["selector"] = selector
    manifest["spec"]["template"]["metadata"]["labels"] = dict(labels)
    return manifest


def _read(
    manifest: Mapping[str, Any], scale: Mapping[str, Any] | SvcError, has_pods: bool | SvcError = True
) -> Workload:
    """The workload where the server answers this of its scale subresource and of the pods."""
    read = read_custom_object(manifest["apiVersion"], manifest["kind"], manifest)
    return read_custom_resource(read, Lookup(scale=lambda: scale, has_pods=lambda _: has_pods))


_FAILURES = {
    "Forbidden": (StatusError({"message": 'x "fleet" is forbidden', "reason": "Forbidden"}), 'x "fleet" is forbidden'),
    "broken": (StatusError({"message": "Internal error:\n  late.", "reason": "InternalError"}), "internal error: late"),
    "cut off": (UnreachableError("example.com:443", "EOF"), "EOF"),
}
_SAYS_NOTHING = (
    SvcError("no scale subresource"),
    SvcError("no cluster was asked"),
    StatusError({"message": 'x "fleet" not found', "reason": "NotFound"}),
    {"status": {"replicas": 2}},
)


@pytest.mark.parametrize("failure", _FAILURES)
def test_a_scale_subresource_that_is_not_to_be_read(failure: str) -> None:
    """The template is used and it is said that there may be more; what there is not is not missed."""
    error, reason = _FAILURES[failure]
    unread = f"its scale subresource could not be read ({reason})"
    for selector, used in (
        ({"matchLabels": {"app": "a"}}, "its spec.selector"),
        (None, "the labels of its pod template"),
    ):
        workload = _read(_fleet(selector, {"app": "a"}), error)
        assert workload.selector == {"app": "a"}
        assert workload.unsure == f'Fleet "fleet" is selected by {used} (app=a): {unread}'
    workload = _read(_fleet(None, {"pod-template-hash": "1"}), error)
    assert workload.no_selector == f"the pods of its template have no labels that last, and {unread}"
    for nothing in _SAYS_NOTHING:
        assert _read(_fleet(None, {"app": "a"}), nothing).unsure == ""


@pytest.mark.parametrize("failure", _FAILURES)
@pytest.mark.parametrize(
    ("labels", "selector", "said"),
    [
        pytest.param(
            {"app": "a", "x": "y"},
            {"app": "a"},
            'the selector "app=a" of its scale subresource; whether any pods have that is not known (%s)',
            id="of the template too",
        ),
        pytest.param(
            {},
            {"app": "a"},
            'the selector "app=a" of its scale subresource; whether any pods have that is not known (%s)',
            id="the template says nothing",
        ),
        pytest.param(
            {"app": "b"},
            {"app": "b"},
            'the labels of its pod template (app=b): its pod template lacks "app=a", the selector of its scale '
            "subresource; whether any pods have that is not known (%s). If so: --selector app=a",
            id="the template says something else",
        ),
    ],
)
def test_pods_of_a_scale_subresource_that_are_not_to_be_seen(
    failure: str, labels: dict[str, str], selector: dict[str, str], said: str
) -> None:
    """Its selector is believed as far as the template does not contradict it, and what is not known is said."""
    error, reason = _FAILURES[failure]
    scale = {"status": {"replicas": 1, "selector": "app=a,pod-template-hash=1"}}
    workload = _read(_fleet(None, labels), scale, error)
    assert workload.selector == selector
    assert workload.unsure == f'Fleet "fleet" is selected by {said % reason}'


_DISAGREES = 'its pod template lacks "app=other", its spec.selector'


@pytest.mark.parametrize("spoken", [{"matchLabels": {"app": "other"}}, {"app": "other"}, "app=other"])
def test_a_selector_that_the_pods_do_not_have(spoken: object) -> None:
    """The labels of the template are used; both are named."""
    manifest = _fleet(spoken, {"app": "a", "x": "y"})
    workload = _read(manifest, SvcError("no scale subresource"))
    assert workload.selector == {"app": "a", "x": "y"}
    begins = 'Fleet "fleet" is selected by the labels of its pod template (app=a,x=y): '
    assert workload.unsure == f"{begins}{_DISAGREES}"
    workload = _read(manifest, _FAILURES["cut off"][0])
    assert workload.unsure == f"{begins}{_DISAGREES}; its scale subresource could not be read (EOF)"
    assert _read(_fleet({"app": "a"}, {"app": "a", "x": "y"}), SvcError("no scale subresource")).unsure == ""


def test_a_file_whose_selector_its_pods_do_not_have() -> None:
    """One warning, which a typed selector makes needless."""
    text = json.dumps(_fleet({"matchLabels": {"app": "other"}}, {"app": "a"}))
    done = offline("-f", "-", stdin=text)
    said = f'Warning: Fleet "fleet" is selected by the labels of its pod template (app=a): {_DISAGREES}\n'
    assert (done.returncode, done.stderr) == (0, said)
    done = offline("-f", "-", "--selector", "example.com/app=x", stdin=text)
    assert (done.returncode, done.stderr) == (0, "")


# --- values of wrong types


_PORTS = ("spec", "containers", 0, "ports")


@pytest.mark.parametrize(
    ("place", "value", "misfit"),
    [
        (_PORTS, "80", "string into Go struct field Container.spec.containers.ports of type []v1.ContainerPort"),
        (
            (*_PORTS, 0, "containerPort"),
            "80",
            "string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
        ),
        (_PORTS[:-1], 7, "number into Go struct field PodSpec.spec.containers of type v1.Container"),
        (
            ("metadata", "labels"),
            ["app"],
            "array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
        ),
        (("metadata", "labels", "app"), 1, "number into Go struct field ObjectMeta.metadata.labels of type string"),
    ],
    ids=["ports", "port", "container", "labels", "label"],
)
def test_a_template_with_a_value_of_a_wrong_type(
    place: tuple[str | int, ...], value: object, misfit: str, custom_stage: Cluster
) -> None:
    """One line, in Go's words, live and from a file: a server takes anything where the schema allows it."""
    manifest = examples.manifests("agent")[0]
    manifest["metadata"]["name"] = "odd"
    _put(manifest, ("spec", "template", *place), value)
    text = json.dumps(manifest)
    error = f"json: cannot unmarshal {misfit}"
    done = offline("-f", "-", stdin=text)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f'error: unable to decode "STDIN": {error}\n')
    custom_stage.kubectl("create", "-f", "-", stdin=text)
    done = expose(custom_stage, "agent/odd")
    custom_stage.kubectl("delete", "-f", "-", stdin=text)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"error: {error}\n")


_SCALARS = st.sampled_from((None, True, 0, -1, 80, 1.5, 1 << 40, "", "a", "80", "app=x", "In"))
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(("app", "matchLabels", "containers", "spec", "name")), inner, max_size=2)
    ),
    max_leaves=4,
)
_FUZZED = tuple(
    manifest
    for example in examples.NAMES
    for manifest in examples.manifests(example)[:1]
    if "kubevirt" not in manifest["apiVersion"]
)


def _places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*at, key)
        yield from _places(each, (*at, key))


@st.composite
def _broken(draw: st.DrawFn) -> dict[str, Any]:
    """An example with one to three values of any type in place of others."""
    manifest: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(_FUZZED)))
    for _ in range(draw(st.integers(1, 3))):
        places = [place for place in _places(manifest) if place[0] not in ("apiVersion", "kind")]
        _put(manifest, draw(st.sampled_from(places)), draw(_VALUES))
    return manifest


def _put(manifest: Any, place: tuple[str | int, ...], value: object) -> None:
    *path, last = place
    for key in path:
        manifest = manifest[key]
    manifest[last] = value


def _assert_one_clear_line(code: int, out: str, err: str) -> None:
    lines = [line for line in err.split("\n") if line and not line.startswith(("Warning: ", "  ", "hint: "))]
    if code == 0:
        assert (lines, out.startswith("service/")) == ([], True)
    else:
        assert (code, out, len(lines)) == (1, "", 1), err
        assert lines[0].startswith(("error: ", "Error from server"))


@hypothesis.given(manifest=_broken(), flags=st.sampled_from(((), ("--port", "80"), _TYPED, ("--selector-from", "acp"))))
def test_a_file_with_wrong_types(
    manifest: dict[str, Any], flags: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A Service or one clear line, never a traceback."""
    file = tmp_path_factory.getbasetemp() / "wrong-types.json"
    file.write_text(json.dumps(manifest))
    _assert_one_clear_line(*svc_here("expose", "-f", str(file), "--dry-run=client", *flags))


@pytest.fixture(scope="module")
def strange_server() -> Iterator[Server]:
    """Gives the answers that a test tells it."""
    with serve() as server:
        yield server


@hypothesis.given(manifest=_broken(), flags=st.sampled_from(((), ("--port", "80"), _TYPED, ("--selector-from", "acp"))))
def test_an_answer_with_wrong_types(manifest: dict[str, Any], flags: tuple[str, ...], strange_server: Server) -> None:
    """The same from a server that gives this object whatever it is asked for, its scale and its pods included."""
    group, slash, version = manifest["apiVersion"].rpartition("/")
    entry = {
        "resource": "things",
        "singularResource": "thing",
        "responseKind": {"kind": manifest["kind"]},
        "scope": "Namespaced",
    }
    nothing = {"kind": "APIGroupDiscoveryList", "items": []}
    found = {
        "kind": "APIGroupDiscoveryList",
        "items": [{"metadata": {"name": group}, "versions": [{"version": version, "resources": [entry]}]}],
    }
    known = [json.dumps(each).encode() for each in ((nothing, found) if slash else (found, nothing))]
    strange_server.next_answers(*(answer(body=body) for body in (*known, json.dumps(manifest).encode())))
    argv = ("expose", "thing/some", "-s", strange_server.url, "--cache-dir", "/nonexistent", "--dry-run=client")
    _assert_one_clear_line(*svc_here(*argv, *flags))
