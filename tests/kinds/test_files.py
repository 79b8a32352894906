"""Custom resources among the documents of files: each is decided on its own, wherever it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.differential.programs import run_kubectl, run_svc
from tests.kinds import examples
from tests.kinds.exposing import expose, offline, services

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_TYPED = ("--selector", "example.kubernetes.io/app=x", "--port", "8080")
_DEPLOYMENT = examples.manifests("deployment")[0]
_POD = examples.manifests("pod")[0]
_CACHE = examples.manifests("cache")[0]  # a scale subresource is all that tells of pods
_VM = examples.manifests("vm-testvm")[0]
_MONITOR: dict[str, Any] = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "ServiceMonitor",
    "metadata": {"name": "shop"},
    "spec": {"selector": {"matchLabels": {"app": "shop-web"}}, "endpoints": [{"port": "http"}]},
}
_RULE = {**_MONITOR, "kind": "PrometheusRule", "spec": "of any type"}
_CONFIG_MAP: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}
_SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "plain"},
    "spec": {"selector": {"app": "shop-web"}, "ports": [{"port": 80}]},
}
# Misspelt, or long gone: kubectl's errors, which stay.
_WRONG_VERSION = {**_DEPLOYMENT, "apiVersion": "apps/v2"}
_WRONG_KIND = {"apiVersion": "v1", "kind": "Foo", "metadata": {"name": "foo"}}
_GONE = {**_DEPLOYMENT, "apiVersion": "apps/v1beta1"}


def _list(*items: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": list(items)}


def _documents(*manifests: Any) -> str:
    return "---\n".join(json.dumps(each) + "\n" for each in manifests)


def _errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines on standard error but for warnings."""
    return [line for line in done.stderr.splitlines() if not line.startswith("Warning: ")]


def _exposed(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.partition("/")[2].split()[0] for line in done.stdout.splitlines()]


# --- where the scale subresource tells


def _create_cache(cluster: Cluster) -> None:
    """The object with a scale of no replicas, so that nobody expects pods of its selector."""
    examples.create(cluster, "cache")
    examples.report_status(cluster, _CACHE, replicas=0)


_ARRANGED = {
    "alone": [_CACHE],
    "before": [_CACHE, _DEPLOYMENT],
    "between": [_DEPLOYMENT, _CACHE, _POD],
    "in a List": [_list(_DEPLOYMENT, _CACHE, _POD)],
    "alone in a List": [_list(_CACHE)],
    "in a List in a List": [_list(_list(_CACHE), _DEPLOYMENT)],
    "beside others of its like": [_MONITOR, _CACHE, _list(_RULE, _DEPLOYMENT)],
}


@pytest.mark.parametrize("arrangement", _ARRANGED)
def test_a_scale_subresource_tells_wherever_the_object_stands(arrangement: str, kinds_cluster: Cluster) -> None:
    """In the order of the documents, with what its scale selects; what cannot be exposed is skipped."""
    _create_cache(kinds_cluster)
    manifests = _ARRANGED[arrangement]
    argv = ("-f", "-", "--port", "8080", "--dry-run=server")
    done = expose(kinds_cluster, *argv, "-o", "yaml", stdin=_documents(*manifests))
    text = _documents(*manifests)
    named = {each["metadata"]["name"]: each["spec"]["selector"] for each in services(done)}
    assert named["cache"] == {"app": "cache"}
    if "List in" in arrangement:  # kubectl takes inner lists last
        assert list(named) == [_DEPLOYMENT["metadata"]["name"], "cache"]
    else:
        exposable = {each["metadata"]["name"] for each in (_CACHE, _DEPLOYMENT, _POD)}
        assert list(named) == sorted(exposable & named.keys(), key=lambda name: text.index(f'"name": "{name}"'))
    assert len(_errors(done)) == 0
    assert done.stderr.count("Warning: skipped ") == text.count("monitoring.coreos.com")


def test_a_list_as_kubectl_prints_it(kinds_cluster: Cluster) -> None:
    """`kubectl get -o yaml` of several kinds, the live objects in it."""
    _create_cache(kinds_cluster)
    examples.create(kinds_cluster, "deployment", "cron-tab")
    listed = kinds_cluster.kubectl("get", "crontabs,caches,deployments", "-o", "yaml").stdout
    done = expose(kinds_cluster, "-f", "-", "--port", "8080", stdin=listed)
    assert (done.returncode, _exposed(done)) == (0, ["cache", _DEPLOYMENT["metadata"]["name"]])
    (line,) = done.stderr.splitlines()
    assert line == (
        'Warning: skipped CronTab.kinds.kubectl-svc.test "nightly" of STDIN: CronTab "nightly" has no pod template, '
        "and no scale subresource"
    )


def test_a_cluster_is_asked_for_no_selector_that_was_typed(kinds_cluster: Cluster) -> None:
    """Beside workloads it means them, even where the scale would tell another."""
    _create_cache(kinds_cluster)
    text = _documents(_CACHE, _DEPLOYMENT)
    done = expose(kinds_cluster, "-f", "-", *_TYPED, "--dry-run=server", stdin=text)
    assert (done.returncode, _exposed(done)) == (0, [_DEPLOYMENT["metadata"]["name"]])
    assert done.stderr == 'Warning: skipped Cache "cache": it stands beside the workloads to expose\n'


# --- where nothing tells


@pytest.mark.parametrize("flags", [(), _TYPED], ids=["derived", "typed"])
@pytest.mark.parametrize(
    "manifests",
    [
        [_MONITOR, _DEPLOYMENT],
        [_DEPLOYMENT, _MONITOR],
        [_list(_MONITOR, _DEPLOYMENT)],
        [_list(_DEPLOYMENT), _list(_MONITOR)],
        [_list(_list(_MONITOR), _DEPLOYMENT)],
        [_MONITOR, _VM, _DEPLOYMENT],
    ],
    ids=["first", "last", "in a List", "in a List of its own", "in a List in a List", "beside a VirtualMachine"],
)
def test_beside_workloads_it_is_skipped(manifests: list[Any], flags: tuple[str, ...]) -> None:
    """With a note, and without an error."""
    done = offline("-f", "-", "--port", "8080", *flags, stdin=_documents(*manifests))
    assert (done.returncode, _errors(done)) == (0, [])
    assert _DEPLOYMENT["metadata"]["name"] in _exposed(done)
    assert "shop" not in _exposed(done)
    skipped = (
        'Warning: skipped ServiceMonitor "shop": it stands beside the workloads to expose'
        if flags
        else 'Warning: skipped ServiceMonitor.monitoring.coreos.com "shop" of STDIN: ServiceMonitor "shop" has no pod '
        "template, and no cluster was asked"
    )
    assert skipped in done.stderr.splitlines()


@pytest.mark.parametrize(
    ("manifests", "exposed"),
    [
        ([_MONITOR], ["shop"]),
        ([_list(_MONITOR)], ["shop"]),
        ([_CONFIG_MAP, _list(_CONFIG_MAP, _MONITOR)], ["shop"]),
        ([_MONITOR, _SERVICE], ["shop", "plain"]),
        ([_list(_SERVICE, _MONITOR)], ["plain", "shop"]),
    ],
    ids=["alone", "in a List", "beside ConfigMaps", "before a Service", "after a Service"],
)
def test_a_typed_selector_says_enough(manifests: list[Any], exposed: list[str]) -> None:
    """Where no workload is that it could mean instead."""
    done = offline("-f", "-", *_TYPED, stdin=_documents(*manifests))
    assert (done.returncode, _errors(done), _exposed(done)) == (0, [], exposed)


@pytest.mark.parametrize("wrong", [_WRONG_VERSION, _WRONG_KIND, _GONE], ids=["version", "kind", "gone"])
@pytest.mark.parametrize("in_list", [False, True], ids=["documents", "List"])
def test_what_is_misspelt_stays_an_error(
    wrong: Any, in_list: bool, programs: Programs, env: dict[str, str], tmp_path: Path
) -> None:
    """In kubectl's words and with its exit code, beside what can be exposed too."""
    for manifests in ([_DEPLOYMENT, wrong], [wrong]):
        text = _documents(_list(*manifests)) if in_list else _documents(*manifests)
        argv = ["-f", "-", "--dry-run=client", "-o", "yaml"]
        theirs = run_kubectl(programs.kubectl, argv, env, tmp_path, text)
        assert run_svc(argv, env, tmp_path, text) == theirs
        assert theirs.code == 1
    text = _documents(_list(_MONITOR, _DEPLOYMENT, wrong) if in_list else _MONITOR, _DEPLOYMENT, wrong)
    done = offline("-f", "-", stdin=text)
    assert done.returncode == 1
    assert "ServiceMonitor" not in "".join(_errors(done))


# Nothing of this can be exposed.
_NOTHING = st.sampled_from((_MONITOR, _MONITOR, _RULE, _CONFIG_MAP, _WRONG_VERSION, _WRONG_KIND, _GONE))
_LISTS = st.recursive(_NOTHING | st.none(), lambda inner: st.lists(inner, max_size=3).map(lambda all_: _list(*all_)))


@hypothesis.settings(
    max_examples=20,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
@hypothesis.given(manifests=st.lists(_NOTHING | _LISTS, min_size=1, max_size=4))
def test_where_nothing_is_left_kubectl_has_the_word(
    manifests: list[Any], programs: Programs, env: dict[str, str], tmp_path: Path
) -> None:
    """First line and exit code, however it is arranged."""
    text = _documents(*manifests)
    argv = ["-f", "-", "--dry-run=client"]
    assert run_svc(argv, env, tmp_path, text) == run_kubectl(programs.kubectl, argv, env, tmp_path, text)


def test_where_nothing_is_left_each_has_its_reason() -> None:
    """Below kubectl's own words, a line for each object."""
    reasons = [
        f'  {kind} "shop" has no pod template, and no cluster was asked; --selector and --port say what to expose'
        for kind in ("ServiceMonitor", "PrometheusRule")
    ]
    unknown = 'no kind "{}" is registered for version "monitoring.coreos.com/v1" in scheme '
    scheme = '"k8s.io/kubectl/pkg/scheme/scheme.go:28"'
    done = offline("-f", "-", stdin=_documents(_MONITOR))
    assert (done.returncode, done.stdout) == (1, "")
    monitor, rule = (
        f'unable to decode "STDIN": {unknown.format(kind)}{scheme}' for kind in ("ServiceMonitor", "PrometheusRule")
    )
    assert done.stderr.splitlines() == [f"error: {monitor}", reasons[0]]
    done = offline("-f", "-", stdin=_documents(_MONITOR, _RULE))
    assert done.stderr.splitlines() == [monitor, reasons[0], rule, "  in document 2", reasons[1]]
    item = (
        'unable to get type info from the object "*runtime.Unknown": no kind is registered for the type runtime.Unknown'
    )
    item = f"{item} in scheme {scheme}"
    done = offline("-f", "-", stdin=_documents(_list(_MONITOR, _RULE)))
    assert done.stderr.splitlines() == [item, reasons[0], item, reasons[1]]
    done = offline("-f", "-", stdin=_documents(_list(_MONITOR, _RULE), _WRONG_KIND))
    assert done.stderr.splitlines()[:3] == [item, *reasons]


# --- values of wrong types


_AGENT = examples.manifests("agent")[0]
_MISFITS: dict[str, tuple[Any, str]] = {
    "VirtualMachine": (
        {**_VM, "spec": {"template": 5}},
        "number into Go struct field VirtualMachineSpec.spec.template of type v1.VirtualMachineInstanceTemplateSpec",
    ),
    "pod template": (
        {**_AGENT, "spec": {"template": {"spec": {"containers": [{"name": "a", "ports": "80"}]}}}},
        "string into Go struct field Container.spec.containers.ports of type []v1.ContainerPort",
    ),
    "labels": (
        {**_MONITOR, "metadata": {"labels": ["app"]}},
        "array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
    ),
}


@pytest.mark.parametrize("misfit", _MISFITS)
def test_an_item_of_a_wrong_type_counts_against_itself_alone(misfit: str) -> None:
    """The others of its list are exposed, and the error says what is wrong with which file."""
    manifest, words = _MISFITS[misfit]
    line = f'unable to decode "STDIN": json: cannot unmarshal {words}'
    done = offline("-f", "-", "--port", "8080", stdin=_documents(_list(_DEPLOYMENT, manifest, _list(_VM)), _POD))
    names = [each["metadata"]["name"] for each in (_DEPLOYMENT, _VM, _POD)]
    counted = "error: 1 of 4 failed; 3 exposed (dry run)"
    assert (done.returncode, _exposed(done), _errors(done)) == (1, names, [line, counted])
    done = offline("-f", "-", stdin=_documents(_list(manifest, manifest)))
    assert (done.returncode, done.stdout, _errors(done)) == (1, "", [line])
    done = offline("-f", "-", stdin=_documents(manifest))
    assert (done.returncode, done.stdout, _errors(done)) == (1, "", [f"error: {line}"])


def test_an_item_of_kubernetes_own_kinds_spoils_its_list(
    programs: Programs, env: dict[str, str], tmp_path: Path
) -> None:
    """As in kubectl, whatever else the list holds."""
    bad = {**_DEPLOYMENT, "spec": {"replicas": "3"}}
    argv = ["-f", "-", "--dry-run=client"]
    for items in ([_DEPLOYMENT, bad], [_MONITOR, bad, _DEPLOYMENT], [_MISFITS["VirtualMachine"][0], bad, _DEPLOYMENT]):
        for text in (_documents(_list(*items)), _documents(_list(*items), _DEPLOYMENT)):
            ours = run_svc([*argv, "-o", "name"], env, tmp_path, text)
            assert ours == run_kubectl(programs.kubectl, [*argv, "-o", "name"], env, tmp_path, text)
            assert ours.code == 1
