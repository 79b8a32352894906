"""Whole pytest runs: another kind of cluster, and what a run says and does when it must leave tests out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.control_plane.left_out import in_ci

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.control_plane.build import Builder
    from tests.control_plane.run import ControlPlane

ROOT = Path(__file__).parent.parent.parent
DEPLOYMENT_TEST = "test_cluster.py::test_deployment_is_stored"
KIND = """#!/bin/sh
echo "$@" >> "$0.log"
case "$1 $2" in
"get clusters") echo "No kind clusters found." >&2 ;;
"create cluster") for word; do case "$word" in --kubeconfig=*) cp "$HANDED_OUT" "${word#*=}" ;; esac; done ;;
esac
"""


def run_pytest(folder: Path, builder: Builder, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A pytest run of its own in `folder`, with this project's settings and conftest; CI is not set."""
    command = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"--config-file={ROOT / 'pyproject.toml'}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KUBECTL_SVC_TEST_CACHE": str(builder.cache), "CI": ""}
    return subprocess.run(
        [*command, *args], cwd=folder, env=environment | environ, capture_output=True, text=True, check=False
    )


@pytest.fixture
def two_tests(tmp_path: Path) -> str:
    """A file outside the project with one test that passes and one that is skipped."""
    file = tmp_path / "test_two.py"
    file.write_text("import pytest\ndef test_runs(): pass\ndef test_cannot(): pytest.skip('no moon')\n")
    return str(file)


def test_kind(control_plane: ControlPlane, builder: Builder, tmp_path: Path) -> None:
    """`--cluster kind` has pytest-kind make a cluster, runs the tests in it and removes it again.

    A stub in kind's place hands out this run's control plane; kind's kubeconfigs hold a client certificate too.
    """
    kind = tmp_path / "kind"
    kind.write_text(KIND)
    kind.chmod(0o755)
    args = ("--cluster=kind", f"--kind-bin={kind}", str(Path(__file__).with_name(DEPLOYMENT_TEST)))
    run = run_pytest(tmp_path, builder, *args, HANDED_OUT=control_plane.certificate_kubeconfig)
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout
    calls = [" ".join(line.split()[:2]) for line in Path(f"{kind}.log").read_text().splitlines()]
    assert calls == ["get clusters", "create cluster", "delete cluster"]


def test_current_context(control_plane: ControlPlane, builder: Builder, tmp_path: Path) -> None:
    """`--cluster current` runs the tests on the server of the user's KUBECONFIG; rights come by issued tokens."""
    args = ("--cluster=current", str(Path(__file__).with_name("test_cluster.py")), "-k", "stored or nobody or token")
    run = run_pytest(tmp_path, builder, *args, KUBECONFIG=control_plane.certificate_kubeconfig)
    assert run.returncode == 0, run.stdout
    assert "3 passed" in run.stdout


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, False), *(({"CI": off}, False) for off in ("", "0", "false", "False")), ({"CI": "true"}, True)],
)
def test_in_ci(environ: dict[str, str], expected: bool) -> None:
    """CI counts when it is set to something that does not say no."""
    assert in_ci(environ) == expected


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_skips_are_told(builder: Builder, tmp_path: Path, two_tests: str, ci: str, code: int) -> None:
    """A run says what it left out and why; in CI that fails it."""
    run = run_pytest(tmp_path, builder, "-ptests.conftest", two_tests, CI=ci)
    assert "1 passed, 1 skipped" in run.stdout
    assert "\nleft out: 1 test: no moon\n" in run.stdout
    assert run.returncode == code


def test_nothing_left_out(builder: Builder, tmp_path: Path, two_tests: str) -> None:
    """A complete run says so."""
    run = run_pytest(tmp_path, builder, "-ptests.conftest", f"{two_tests}::test_runs", CI="true")
    assert "\nleft out: nothing\n" in run.stdout
    assert run.returncode == 0


@pytest.mark.parametrize(("ci", "outcome", "code"), [("", "1 skipped", 0), ("true", "1 error", 1)])
def test_machine_without_modules(builder: Builder, tmp_path: Path, ci: str, outcome: str, code: int) -> None:
    """Where the programs cannot be had, their tests are left out with the reason, in CI they fail with it."""
    nowhere = {name: str(tmp_path / name) for name in ("GOMODCACHE", "KUBECTL_SVC_TEST_CACHE")}
    test = str(Path(__file__).with_name(DEPLOYMENT_TEST))
    run = run_pytest(tmp_path, builder, test, **nowhere, CI=ci, GOPROXY="off")
    assert outcome in run.stdout
    assert re.search(r"the Go modules of .* cannot be fetched|Go .* is needed", run.stdout), run.stdout
    assert run.returncode == code


def test_order(builder: Builder, tmp_path: Path) -> None:
    """Pure tests come before those with programs, and these before those with a server, whatever their place."""
    file = tmp_path / "test_order.py"
    file.write_text("def test_c(cluster): pass\ndef test_b(programs): pass\ndef test_a(): pass\n")
    run = run_pytest(tmp_path, builder, "-ptests.conftest", "--collect-only", "-q", str(file))
    collected = [line.rpartition("::")[2] for line in run.stdout.splitlines() if "::" in line]
    assert collected == ["test_a", "test_b", "test_c"]
