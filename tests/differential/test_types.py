"""A value of a wrong type anywhere in a manifest: kubectl refuses the whole of it, and so do we, in the same words."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_svc.workloads.go_types import STRUCTS
from tests.differential.programs import run_kubectl, run_svc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster, Site

_KINDS = {
    "Pod": "v1", "Service": "v1", "ReplicationController": "v1", "Deployment": "apps/v1", "ReplicaSet": "apps/v1",
}  # fmt: skip
_LEAVES = ("string", "int32", "int64", "bool", "map", "intstr", "time")
_VALUES: list[Any] = [
    "x",
    "1",
    1,
    1.5,
    -(2**40),
    True,
    None,
    [],
    ["x"],
    {},
    {"a": 1},
    {"a": "b"},
    "2026-11-23T00:00:00Z",
]


def test_the_structs_are_kubectls(programs: Programs) -> None:
    """The table is what a Go program finds in the API types of kubectl's version."""
    printed = subprocess.run([programs.go_types], capture_output=True, text=True, check=True).stdout
    assert {name: fields for name, _, fields in (line.partition(" ") for line in printed.splitlines())} == STRUCTS


@st.composite
def _values(draw: st.DrawFn, word: str, depth: int = 0) -> Any:
    """Something for a field of that type: on the way down the right shape, at some point any value."""
    if depth > 6 or word in ("raw", "meta", *_LEAVES) or word.startswith(("=", "{}")) or draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(_VALUES))
    if word.startswith("[]"):
        return [draw(_values(word[2:], depth))]
    fields = [field.partition(":") for field in STRUCTS[word].split()]
    name, _, inner = draw(st.sampled_from(fields))
    return {name.rpartition(".")[2]: draw(_values(inner.removesuffix("?"), depth + 1))}


@st.composite
def _manifests(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(_KINDS)))
    fields = dict(field.partition(":")[::2] for field in STRUCTS[kind].split() if not field.startswith("metadata"))
    name = draw(st.sampled_from(sorted(fields)))
    value = draw(_values(fields[name].removesuffix("?")))
    return {"apiVersion": _KINDS[kind], "kind": kind, "metadata": {"name": "x", "labels": {"a": "b"}}, name: value}


@pytest.fixture(scope="module")
def stage(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A namespace; nothing is made in it."""
    with site.cluster(tmp_path_factory.mktemp("types")) as cluster:
        yield cluster


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(manifest=_manifests())
def test_a_wrong_type_is_refused_in_the_same_words(
    manifest: dict[str, Any], stage: Cluster, programs: Programs, tmp_path: Path
) -> None:
    """Wherever it stands; what is right is exposed."""
    (tmp_path / "it.json").write_text(json.dumps(manifest))
    argv = ["-f", "it.json", "--port", "1", "--selector", "a=b", "--dry-run=client"]
    env = {"KUBECONFIG": stage.kubeconfig}
    theirs = run_kubectl(programs.kubectl, argv, env, tmp_path)
    crashed = theirs.code == 2  # kubectl, over a ReplicationController without a template
    if not crashed and "quantities must match" not in theirs.error:  # the one type that we do not look into
        assert run_svc(argv, env, tmp_path) == theirs
