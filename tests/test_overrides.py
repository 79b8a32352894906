"""`--overrides`, all three types: hypothesis makes fragments right, half right and hostile, and kubectl judges them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_svc.request import OverrideOptions
from tests.differential.programs import FILES, Outcome, run_kubectl, run_svc
from tests.svc import svc

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.build import Programs

_MANIFEST = FILES / "web.yaml"

_ANY: list[Any] = [
    None, "", "x", "80", 0, 1, 80, 8080, -1, 1.5, 1e30, 2**31, 2**70, True, [], {}, [None], ["x"], [5], {"a": "b"},
    {"a": None}, {"a": {"b": None, "c": 1}}, [{"port": 80}], [{"a": None}], "2026-11-23T00:00:00Z", "None", "é\u2028",
]  # fmt: skip
_MAP = {"app": None, "y": None, "a/b": None, "": None}
# A Service's fields: objects, arrays of one shape, and anything else. No fieldsV1, whose numbers we print in our own
# way, and of kinds only those that leave a Service or nothing that anybody knows: another kind is refused on purpose.
_SHAPE: dict[str, Any] = {
    "kind": ["=", "Service", "Foo", "service", "", None, 5],
    "apiVersion": ["=", "v1", "v2", "/v1", "v1/", "apps/v1", "a/b/c", "__internal", "", None, 5],
    "metadata": {
        "name": None,
        "namespace": None,
        "labels": _MAP,
        "annotations": _MAP,
        "finalizers": [None],
        "ownerReferences": [{"uid": None, "name": None, "controller": None}],
        "creationTimestamp": None,
        "generation": None,
        "Labels": _MAP,
    },
    "spec": {
        "ports": [{"name": None, "port": None, "targetPort": None, "protocol": None, "nodePort": None, "x": None}],
        "selector": _MAP,
        "type": None,
        "clusterIP": None,
        "clusterIPs": [None],
        "externalIPs": [None],
        "publishNotReadyAddresses": None,
        "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": None}},
        "ipFamilyPolicy": None,
        "healthCheckNodePort": None,
        "x": {"y": None},
    },
    "status": {"loadBalancer": {"ingress": [{"ip": None, "ports": [{"port": None}]}]}, "conditions": [{"type": None}]},
    "Spec": {"type": None},
    "x": {"y": None},
}
_DIRECTIVES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"$patch": "delete"},
        {"$patch": "replace"},
        {"$patch": "merge"},
        {"$patch": "wrong"},
        {"$patch": 5},
        {"$setElementOrder/ports": [{"port": 80}, {"port": 8080}]},
        {"$setElementOrder/ports": [{"port": 8080}]},
        {"$setElementOrder/ports": ["x"]},
        {"$setElementOrder/finalizers": ["x"]},
        {"$retainKeys": ["ports", "type"]},
        {"$retainKeys": ["x"]},
        {"$retainKeys": 5},
        {"$deleteFromPrimitiveList/finalizers": ["x"]},
    ]
)
_WORDS = st.sampled_from(
    [
        "kind", "metadata", "name", "labels", "app", "annotations", "spec", "ports", "0", "1", "-1", "-2", "-", "7",
        "01", "+0", "x", "port", "targetPort", "selector", "type", "status", "~0", "~1", "a~1b", "",
    ]
)  # fmt: skip


@st.composite
def _values(draw: st.DrawFn, shape: Any = None, *, directives: bool = False) -> Any:
    """A value of the shape, and now and then anything at any place."""
    if shape is None or draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(_ANY))
    if isinstance(shape, list):
        if shape[0] == "=":
            return draw(st.sampled_from(shape[1:]))
        return draw(st.lists(_values(shape[0], directives=directives), max_size=3))
    names = draw(st.lists(st.sampled_from(sorted(shape)), max_size=3, unique=True))
    members: dict[str, Any] = {name: draw(_values(shape[name], directives=directives)) for name in names}
    if directives and draw(st.integers(0, 3)) == 0:
        members.update(draw(_DIRECTIVES))
    return members


@st.composite
def _paths(draw: st.DrawFn) -> Any:
    """A path that leads somewhere, as far as the shape goes, or one that does not."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(["", "/", "x", "x/kind", "//", None, 5, ["/kind"]]))
    if draw(st.integers(0, 4)) == 0:
        return "".join(f"/{word}" for word in draw(st.lists(_WORDS, min_size=1, max_size=4)))
    words: list[str] = []
    shape: Any = _SHAPE
    while isinstance(shape, (dict, list)) and "=" not in shape:
        if words and draw(st.integers(0, 4)) == 0:
            break
        if isinstance(shape, list):
            words.append(draw(st.sampled_from(["0", "0", "1", "-", "-1", "-2", "2", "x"])))
            shape = shape[0]
        else:
            words.append(draw(st.sampled_from(sorted(shape))))
            shape = shape[words[-1]]
    return "".join(f"/{word.replace('/', '~1')}" for word in words)


@st.composite
def _operations(draw: st.DrawFn) -> Any:
    kinds = ["add", "add", "remove", "replace", "replace", "move", "copy", "test", "Add", None]
    operation = {"op": draw(st.sampled_from(kinds)), "path": draw(_paths())}
    if draw(st.integers(0, 9)):
        operation["value"] = draw(_values() | _values(_SHAPE["spec"]) | _values(_SHAPE["spec"]["ports"][0]))
    if operation["op"] in ("move", "copy"):
        operation["from"] = draw(_paths())
    for name in list(operation):
        if draw(st.integers(0, 29)) == 0:
            del operation[name]
    return operation


_FRAGMENTS = {
    "merge": _values(_SHAPE),
    "json": st.lists(_operations() | st.sampled_from([None, 5, []]), max_size=4) | st.sampled_from(_ANY),
    "strategic": _values(_SHAPE, directives=True),
}
_WRITERS = (
    json.dumps,
    lambda value: json.dumps(value, indent=1, ensure_ascii=False),
    lambda value: json.dumps(value).replace("80", "80.0").replace("null", " null\r\n"),
)


@st.composite
def _overrides(draw: st.DrawFn) -> tuple[str, str]:
    """A type of override and a fragment; one in ten is no JSON any more."""
    kind = draw(st.sampled_from(sorted(_FRAGMENTS)))
    text = draw(st.sampled_from(_WRITERS))(draw(_FRAGMENTS[kind]))
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(["", "}", "x", '"', ",", "\\", "1", "null", "\t"])) + text[at + 1 :]
    return kind, text


_REPEATED = "' is missing in '"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(override=_overrides())
def test_both_programs_override_alike(override: tuple[str, str], env: dict[str, str], tmp_path: Path) -> None:
    """Exit code, standard output and the first error line are the same, but where kubectl dies.

    Nor is an escape compared where the error repeats the whole result: kubectl does so as typed, we by what it means.
    """
    kind, fragment = override
    argv = ["-f", str(_MANIFEST), "--dry-run=client", "-o", "json", "--override-type", kind, "--overrides", fragment]
    theirs = run_kubectl(env["KUBECTL_PATH"], argv, env, tmp_path)
    ours = run_svc(argv, env, tmp_path)
    if theirs.code == 2:  # a panic of json-patch, over a value that is not there
        assert (ours.code, ours.stdout) == (1, "")
    elif "\\" in fragment and _REPEATED in theirs.error:
        assert (ours.code, ours.error.partition(_REPEATED)[:2]) == (1, theirs.error.partition(_REPEATED)[:2])
    elif ours != theirs:
        assert ours in _several_runs(argv, env, tmp_path)


def _several_runs(argv: list[str], env: dict[str, str], cwd: Path) -> list[Outcome]:
    """What kubectl says in a dozen runs: it walks a strategic patch in the random order of Go's maps."""
    return [run_kubectl(env["KUBECTL_PATH"], argv, env, cwd) for _ in range(12)]


_OFFLINE = ("expose", "-f", str(_MANIFEST), "--dry-run=client", "-o", "json")
_NODE_PORT = '{"spec":{"type":"NodePort"}}'


@pytest.mark.parametrize(
    ("kind", "fragment"),
    [
        ("merge", _NODE_PORT),
        ("json", '[{"op":"add","path":"/spec/type","value":"NodePort"}]'),
        ("strategic", _NODE_PORT),
    ],
)
def test_a_file_needs_no_cluster(kind: str, fragment: str, programs: Programs, tmp_path: Path) -> None:
    """Nor a kubeconfig that can be read: kubectl merges strategically without one."""
    broken = tmp_path / "config"
    broken.write_text("{")
    done = svc(
        *_OFFLINE,
        "--override-type",
        kind,
        "--overrides",
        fragment,
        kubeconfig=str(broken),
        KUBECTL_PATH=programs.kubectl,
    )
    assert json.loads(done.stdout)["spec"]["type"] == "NodePort"


def test_a_strategic_override_needs_kubectl() -> None:
    """Who has none reads what to do."""
    done = svc(*_OFFLINE, "--override-type", "strategic", "--overrides", _NODE_PORT, PATH="/nonexistent")
    assert done.returncode == 1
    assert done.stderr == (
        "error: strategic overrides are applied by kubectl, which is not on PATH: install it or set KUBECTL_PATH\n"
    )


@pytest.mark.parametrize("kind", ["ConfigMap", "List", "ServiceList"])
def test_only_services_are_made(kind: str) -> None:
    """An override that makes another kind is refused; kubectl would make that."""
    done = svc(*_OFFLINE, "--overrides", json.dumps({"kind": kind}))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: --overrides makes a {kind} of v1, and this command makes Services only\n"


def test_every_object_is_overridden(tmp_path: Path) -> None:
    """Each on its own, from the same fragment."""
    names = ("one", "two")
    for name in names:
        (tmp_path / f"{name}.yaml").write_text(_MANIFEST.read_text().replace("name: from-file", f"name: {name}"))
    fragment = '[{"op":"copy","from":"/metadata/name","path":"/spec/selector/instance"}]'
    done = svc(
        "expose", "-f", str(tmp_path), "--dry-run=client", "-o", "kyaml",
        "--override-type", "json", "--overrides", fragment,
    )  # fmt: skip
    assert [f'instance: "{name}"' in done.stdout for name in names] == [True, True]


def test_the_checks_see_the_overridden_service() -> None:
    """What the override made wrong is warned of, what it left out is no trouble."""
    done = svc(*_OFFLINE, "--overrides", '{"spec":{"type":"Wrong","ports":[{"port":0}]}}')
    refused = "Warning: every server will refuse this Service: "
    assert {line.removeprefix(refused).partition(":")[0] for line in done.stderr.splitlines()} == {
        "spec.type",
        "spec.ports[0].port",
        "spec.ports[0].targetPort",
    }


@pytest.mark.parametrize(
    ("kind", "fragment"),
    [
        ("merge", '{"metadata":{"annotations":{"a":"hunter2"}},"spec":{"ports":"x"}}'),
        ("merge", '{"metadata":{"annotations":{"a":"hunter2"}}'),
        ("json", '[{"op":"add","path":"/metadata/annotations/a","value":"hunter2"}]'),
        ("json", '["hunter2"'),
        ("strategic", 'a: "hunter2"'),
    ],
)
def test_errors_do_not_repeat_the_fragment(kind: str, fragment: str) -> None:
    """People put secrets into annotations; only what kubectl itself repeats is repeated."""
    done = svc(*_OFFLINE, "-v=9", "--override-type", kind, "--overrides", fragment)
    assert done.returncode == 1
    assert "hunter2" not in done.stderr + repr(OverrideOptions(fragment=fragment))


@pytest.mark.parametrize("depth", [2_000, 15_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    """In one line; kubectl takes up to 10,000 levels."""
    done = svc(*_OFFLINE, "--overrides", '{"x":' * depth + "1" + "}" * depth)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: --overrides is nested too deeply to be read\n"


def test_the_library_is_loaded_for_json_patches_only() -> None:
    """Importing it takes as long as a whole run."""
    program = (
        "import os, sys\n"
        "from kubectl_svc import __main__\n"
        "os._exit = lambda code: print(*sys.modules)\n"
        f"sys.argv[1:] = {[*_OFFLINE, '--overrides', _NODE_PORT]!r}\n"
        "__main__.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "kubectl_svc.overrides" in loaded
    assert loaded & {"jsonpatch", "jsonpointer", "subprocess"} == set()
