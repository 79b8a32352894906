"""What the README says is true: its commands run, its help is the program's."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.cli.usage import render_help
from kubectl_svc.flags import EXPOSE
from tests.svc import PROGRAM, run

if TYPE_CHECKING:
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

_TESTVM = {
    "apiVersion": "kubevirt.io/v1",
    "kind": "VirtualMachine",
    "metadata": {"name": "testvm"},
    "spec": {"runStrategy": "Halted", "template": {"spec": {"domain": {"devices": {}}}}},
}


def test_the_help_is_the_programs() -> None:
    """Every flag is in the README, in the words of `--help`."""
    assert f"```text\n{render_help(EXPOSE)}```" in _README


def test_every_command_runs(programs: Programs, kinds_cluster: Cluster, tmp_path: Path) -> None:
    """In their order, in a shell, against a real API server."""
    path = os.pathsep.join((str(Path(programs.kubectl).parent), str(Path(PROGRAM).parent), os.environ["PATH"]))
    env = {"PATH": path, "KUBECONFIG": kinds_cluster.kubeconfig}
    for manifest in (_DB, _TESTVM):
        kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
    assert len(_COMMANDS) > 10
    for command in _COMMANDS:
        done = run(["/bin/sh", "-c", command], env, cwd=tmp_path)
        assert done.returncode == 0, f"{command}: {done.stderr}"


@pytest.mark.parametrize("name", ["demo", "test", "lint", "bench", "test-pythons"])
def test_every_make_target_exists(name: str) -> None:
    """The targets that the README names are in the Makefile."""
    assert f"make {name}" in _README
    assert f"\n{name}:" in (_HERE.parent / "Makefile").read_text()
