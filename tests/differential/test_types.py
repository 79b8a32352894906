"""A value of a wrong type anywhere in a manifest: kubectl refuses the whole of it, and so do we, in the same words."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_svc import go_types
from tests.differential.programs import run_kubectl, run_svc
from tests.go_values import fields_of, values_of

if TYPE_CHECKING:
    from tests.control_plane.build import Programs

_KINDS = {
    "Pod": "v1", "Service": "v1", "ReplicationController": "v1", "Deployment": "apps/v1", "ReplicaSet": "apps/v1",
}  # fmt: skip


def test_the_structs_are_kubectls(programs: Programs) -> None:
    """The table is what a Go program prints that walks the types of kubectl's version."""
    printed = subprocess.run([programs.go_types], capture_output=True, text=True, check=True).stdout
    assert Path(go_types.__file__).read_text() == printed


@st.composite
def _manifests(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(_KINDS)))
    fields = fields_of(kind)
    name = draw(st.sampled_from(sorted(fields.keys() - {"metadata"})))
    value = draw(values_of(fields[name]))
    return {"apiVersion": _KINDS[kind], "kind": kind, "metadata": {"name": "x", "labels": {"a": "b"}}, name: value}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(manifest=_manifests())
def test_a_wrong_type_is_refused_in_the_same_words(
    manifest: dict[str, Any], env: dict[str, str], tmp_path: Path
) -> None:
    """Wherever it stands; what is right is exposed."""
    (tmp_path / "it.json").write_text(json.dumps(manifest))
    argv = ["-f", "it.json", "--port", "1", "--selector", "a=b", "--dry-run=client"]
    theirs = run_kubectl(env["KUBECTL_PATH"], argv, env, tmp_path)
    crashed = theirs.code == 2  # kubectl, over a ReplicationController without a template
    if not crashed and "quantities must match" not in theirs.error:  # the one type that we do not look into
        assert run_svc(argv, env, tmp_path) == theirs


@pytest.mark.parametrize("number", [(1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1])
def test_the_ends_of_an_int64(number: int, env: dict[str, str], tmp_path: Path) -> None:
    """The last that fit are read to their last digit, the next are refused."""
    spec = {"containers": [{"name": "c"}], "activeDeadlineSeconds": number}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "labels": {"a": "b"}}, "spec": spec}
    (tmp_path / "it.json").write_text(json.dumps(pod))
    argv = ["-f", "it.json", "--port", "1", "--dry-run=client"]
    assert run_svc(argv, env, tmp_path) == run_kubectl(env["KUBECTL_PATH"], argv, env, tmp_path)
