"""The compatibility rule: whatever kubectl expose accepts, kubectl svc expose accepts, with the same result.

Both programs run the same command line against the same API server; `table.txt` holds the command lines.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.differential.programs import FILES, run_kubectl, run_svc, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_HERE = Path(__file__).parent
_TABLE = [line for line in (_HERE / "table.txt").read_text().splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def stage(stage: Cluster) -> Cluster:
    """A namespace with the objects of objects.yaml."""
    stage.kubectl("apply", "--server-side", "-f", str(_HERE / "objects.yaml"))
    return stage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with the files that the command lines name."""
    return Path(shutil.copytree(FILES, tmp_path / "files"))


@pytest.fixture
def services(stage: Cluster) -> Iterator[set[str]]:
    """The names of the Services that stand on the stage; whatever a command line adds is taken away again."""
    before = _service_names(stage)
    yield before
    _remove_new(stage, before)


def test_the_table_is_long_enough() -> None:
    """At least 150 different command lines are compared."""
    assert len(set(_TABLE)) == len(_TABLE) >= 150


@pytest.mark.parametrize("command", _TABLE)
def test_both_programs_do_alike(
    command: str, stage: Cluster, services: set[str], folder: Path, env: dict[str, str]
) -> None:
    """Exit code, standard output and the first error line are the same."""
    argv = words(command.replace("EXPLICIT", stage.namespace))
    stdin = (folder / "web.yaml").read_text() if "-" in argv else ""
    theirs = run_kubectl(env["KUBECTL_PATH"], argv, env, folder, stdin)
    made = _service_names(stage) - services
    _remove_new(stage, services)
    ours = run_svc(argv, env, folder, stdin)
    assert ours == theirs
    assert _service_names(stage) - services == made


@pytest.mark.parametrize(
    "command",
    [
        "deployment web --token wrong",
        "-f web.yaml --token wrong",
        "-f web.yaml --certificate-authority other-ca.crt",
        "-f web.yaml -s https://127.0.0.1:1",
        "deployment web --as system:anonymous",
        "deployment missing",
        "deployment web --dry-run=client",
        "configmap settings",
    ],
)
def test_the_first_command_of_a_new_home(
    command: str, stage: Cluster, programs: Programs, folder: Path, tmp_path: Path
) -> None:
    """kubectl has no discovery cache there, so it meets other failures first."""
    outcomes = []
    for name in ("ours", "theirs"):
        home = tmp_path / name
        home.mkdir()
        env = {"KUBECONFIG": stage.kubeconfig, "HOME": str(home)}
        if name == "ours":
            outcomes.append(run_svc(words(command), env, folder))
        else:
            outcomes.append(run_kubectl(programs.kubectl, words(command), env, folder))
    assert outcomes[0] == outcomes[1]


def _service_names(stage: Cluster) -> set[str]:
    return {service.metadata.name for service in stage.core.list_namespaced_service(stage.namespace).items}


def _remove_new(stage: Cluster, before: set[str]) -> None:
    for name in _service_names(stage) - before:
        stage.core.delete_namespaced_service(name, stage.namespace)
