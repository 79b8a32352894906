"""Workloads and command lines that nobody thought of: hypothesis makes them, both programs expose them.

What design.md section 1 lists as wanted differences never comes up. Of objects: several documents in one file without
the flags that make kubectl's Services right, or with one that cannot be exposed; a namespace in a file without -n; a
Service with names, application protocols or other targets on its ports; `In` with one value; a port declared twice. Of
flags: --port, --external-ip and --cluster-ip twice; API words in the wrong case; --kuberc; with a file on a client dry
run, flags that say how to reach a cluster. And what kubectl refuses and we take: a StatefulSet, `=`, `:` and `/` in
--port, and flags of ours.

Nor does what kubectl does not do alike from run to run, as it walks labels in the random order of Go's maps, nor what
it dies of: a ReplicationController without a template.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.differential.command_lines import (
    ONLINE_FLAGS,
    OTHER_FLAGS,
    SERVICE_FLAGS,
    command_lines,
    flags,
    overrides,
    spelled,
)
from tests.differential.manifests import KINDS, kustomizations, valid_workloads, wild_workloads, written
from tests.differential.programs import run_kubectl, run_svc, without_allotted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control_plane.cluster import Cluster

_EXAMPLES = settings().max_examples
_CALLS = {
    "Deployment": ("apps", "deployment"),
    "ReplicaSet": ("apps", "replica_set"),
    "ReplicationController": ("core", "replication_controller"),
    "Pod": ("core", "pod"),
    "Service": ("core", "service"),
}
_SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)


@st.composite
def _offline(draw: st.DrawFn) -> tuple[list[str], str]:
    """A client dry run of a file, and what stands in the file."""
    some = draw(st.sampled_from((_one_document, _one_document, _one_document, _in_a_namespace, _two_documents)))
    groups, text = draw(some())
    groups += draw(overrides()) + draw(_client_dry_run())
    groups.append(draw(st.sampled_from((["-f", "it"], ["-fit"], ["--filename=it"], ["-f", "-"], ["--filename", "it"]))))
    return draw(command_lines(groups)), text


@st.composite
def _client_dry_run(draw: st.DrawFn) -> list[list[str]]:
    """Its flag and, two times in three, what it prints."""
    groups = [[draw(st.sampled_from(("--dry-run=client", "--dry-run=client", "--dry-run", "--dry_run=client")))]]
    if draw(st.integers(0, 2)):
        groups.append(draw(spelled("output", draw(st.sampled_from(("yaml", "json", "kyaml", "name"))))))
    return groups


@st.composite
def _one_document(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    groups = draw(flags(SERVICE_FLAGS)) + draw(flags(OTHER_FLAGS, 2))
    return groups, draw(written(draw(wild_workloads())))


@st.composite
def _in_a_namespace(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    manifest = draw(valid_workloads())
    manifest["metadata"]["namespace"] = draw(st.sampled_from(("here", "here", "there", "", None)))
    return [*draw(flags(SERVICE_FLAGS)), draw(spelled("namespace", "here"))], draw(written(manifest))


@st.composite
def _two_documents(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    """With the flags that make kubectl's second Service right."""
    typed = {"selector": "a=b", "labels": "c=d", "port": "80,53", "protocol": "UDP"}
    groups = [draw(spelled(name, value)) for name, value in typed.items()]
    groups += draw(flags({name: SERVICE_FLAGS[name] for name in ("target-port", "type", "session-affinity")}))
    workloads = valid_workloads(("Deployment", "ReplicaSet", "ReplicationController", "Pod"))
    texts = [draw(written(draw(workloads))) for _ in range(2)]
    return groups, draw(st.sampled_from(("\n---\n", "\n--- \n", "\n---\n---\n"))).join(texts)


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 4, 1))
@given(case=_offline())
def test_files_on_a_client_dry_run(case: tuple[list[str], str], env: dict[str, str], tmp_path: Path) -> None:
    """Exit code, standard output and the first error line are the same."""
    argv, text = case
    (tmp_path / "it").write_text(text, encoding="utf-8", newline="")
    ours = run_svc(argv, env, tmp_path, text)
    assert ours == run_kubectl(env["KUBECTL_PATH"], argv, env, tmp_path, text)


@st.composite
def _kustomized(draw: st.DrawFn) -> tuple[list[str], str, str]:
    """A client dry run of a folder, the kustomization there and the file that it builds on."""
    others = {name: words for name, words in OTHER_FLAGS.items() if name != "namespace"}
    groups = draw(flags(SERVICE_FLAGS)) + draw(flags(others, 1)) + draw(overrides()) + draw(_client_dry_run())
    groups.append(draw(spelled("namespace", "here")))
    groups.append(draw(spelled("kustomize", draw(st.sampled_from(("folder", "./folder/"))))))
    return draw(command_lines(groups)), draw(kustomizations("it.yaml")), draw(written(draw(valid_workloads())))


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 10, 1))
@given(case=_kustomized())
def test_kustomizations_on_a_client_dry_run(
    case: tuple[list[str], str, str], env: dict[str, str], tmp_path: Path
) -> None:
    """Exit code, standard output and the first error line are the same, whatever the transformers did."""
    argv, kustomization, text = case
    folder = tmp_path / "folder"
    folder.mkdir(exist_ok=True)
    (folder / "kustomization.yaml").write_text(kustomization, encoding="utf-8")
    (folder / "it.yaml").write_text(text, encoding="utf-8", newline="")
    assert run_svc(argv, env, tmp_path) == run_kubectl(env["KUBECTL_PATH"], argv, env, tmp_path)


@st.composite
def _online(draw: st.DrawFn) -> tuple[list[str], dict[str, Any]]:
    """An object on the server, or a file of it, and a command line that exposes it."""
    manifest = draw(valid_workloads())
    kind = manifest["kind"].lower()
    groups = draw(flags(SERVICE_FLAGS)) + draw(flags({**OTHER_FLAGS, **ONLINE_FLAGS}, 3)) + draw(overrides())
    if kind == "service":
        groups.append(draw(spelled("name", "copy")))
    if draw(st.integers(0, 3)) == 0:
        groups.append(["-f", "it"])
        return draw(command_lines(groups)), manifest
    version = KINDS[manifest["kind"]]
    group = version.rpartition("/")[0]
    words = [kind, f"{kind}s", kind.upper(), f"{kind}s.v1.{group}", *([f"{kind}.{group}"] if group else [])]
    word = draw(st.sampled_from(words))
    name = draw(st.sampled_from(("web", "web", "web", "web", "web", "missing")))
    arguments = draw(st.sampled_from(([word, name], [f"{word}/{name}"])))
    return draw(command_lines(groups, arguments)), manifest


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 5, 1))
@given(case=_online())
def test_objects_and_what_the_server_stores(
    case: tuple[list[str], dict[str, Any]], stage: Cluster, env: dict[str, str], tmp_path: Path
) -> None:
    """Exit code, standard output, the first error line and the Services that then stand on the server are the same."""
    argv, manifest = [word.replace("EXPLICIT", stage.namespace) for word in case[0]], case[1]
    text = json.dumps(manifest)
    (tmp_path / "it").write_text(text, encoding="utf-8")
    with _on_the_server(manifest, stage):
        theirs = run_kubectl(env["KUBECTL_PATH"], argv, env, tmp_path, text), _take_services(stage)
        ours = run_svc(argv, env, tmp_path, text), _take_services(stage)
    assert ours == theirs


@contextlib.contextmanager
def _on_the_server(manifest: dict[str, Any], stage: Cluster) -> Iterator[None]:
    """The object, for as long as the block lasts."""
    api, resource = _CALLS[manifest["kind"]]
    getattr(getattr(stage, api), f"create_namespaced_{resource}")(stage.namespace, manifest)
    try:
        yield
    finally:
        delete = getattr(getattr(stage, api), f"delete_namespaced_{resource}")
        delete("web", stage.namespace, grace_period_seconds=0, propagation_policy="Background")


def _take_services(stage: Cluster) -> str:
    """What the server stores of the Services that a program made; they are then gone."""
    answer = stage.core.list_namespaced_service(stage.namespace, _preload_content=False)
    made = [service for service in json.loads(answer.data)["items"] if not _is_source(service)]
    for service in made:
        stage.core.delete_namespaced_service(service["metadata"]["name"], stage.namespace)
    return without_allotted(json.dumps(made, indent=1))


def _is_source(service: dict[str, Any]) -> bool:
    """Whether it is the Service that is exposed: the official client made it, under a name that only it has."""
    return bool(service["metadata"]["managedFields"][0]["manager"] == "OpenAPI-Generator")
