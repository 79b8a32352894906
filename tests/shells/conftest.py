"""One shell of each kind for all tests, with kubectl's completion and ours loaded, in front of one namespace."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path

import pytest
import yaml

from tests.control_plane.left_out import leave_out
from tests.control_plane.shells import find_bash_completion, find_shell
from tests.control_plane.toolchain import ProgramsUnavailableError
from tests.shells.shell import SHELLS, Shell
from tests.shells.stand import Stand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.control_plane.build import Builder, Programs
    from tests.control_plane.cluster import Site

    StartShell = Callable[[str, str], Shell]

_SCRIPTS = Path(__file__).parents[2] / "kubectl_svc" / "completion" / "scripts"
_OURS = Path(sys.executable).parent


@pytest.fixture(scope="session")
def stand(site: Site, programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """What the shells see of the world."""
    folder = tmp_path_factory.mktemp("shells")
    with site.cluster(folder) as cluster:
        cluster.kubectl("apply", "-f", "-", stdin=(Path(__file__).parent / "shop.yaml").read_text())
        contexts = folder / "contexts.yaml"
        names = ("arn:aws:eks:eu-1:7:cluster/shop", "arn:aws:eks:eu-1:7:cluster/test", "lab", "two words")
        named = [{"name": name, "context": {"cluster": "none", "user": "none"}} for name in names]
        contexts.write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", "contexts": named}))
        yield Stand(folder, f"{cluster.kubeconfig}:{contexts}", programs.kubectl, _OURS)


@pytest.fixture(scope="session", params=SHELLS)
def shell(request: pytest.FixtureRequest, builder: Builder, stand: Stand) -> Iterator[Shell]:
    """A shell that has both completions, as its user would load them."""
    kind = SHELLS[request.param]
    with _started(kind, builder, stand, lambda: _both(kind.name, builder), kind.name) as shell:
        yield shell


@pytest.fixture
def start_shell(builder: Builder, stand: Stand) -> Iterator[StartShell]:
    """Starts a shell with other lines than the usual ones, and ends it with the test."""
    with contextlib.ExitStack() as started:

        def start(name: str, scripts: str) -> Shell:
            folder = f"{name}-{len(list(stand.folder.iterdir()))}"
            return started.enter_context(_started(SHELLS[name], builder, stand, lambda: scripts, folder))

        yield start


@contextlib.contextmanager
def _started(
    kind: type[Shell], builder: Builder, stand: Stand, scripts: Callable[[], str], folder: str
) -> Iterator[Shell]:
    try:
        program, lines = find_shell(kind.name, builder.cache, builder.environ), scripts()
    except ProgramsUnavailableError as error:
        reason = str(error)
    else:
        shell = kind(program, lines, stand.environ, stand.here, stand.folder / folder)
        try:
            yield shell
        finally:
            shell.close()
        return
    leave_out(reason, builder.environ)  # outside of the handler, so that the reason stands alone


def script(name: str) -> str:
    """The path of our script for a shell, as a word for it."""
    return shlex.quote(str(_SCRIPTS / f"kubectl-svc.{name}"))


def _both(name: str, builder: Builder) -> str:
    if name == "fish":
        return f"kubectl completion fish | source\nsource {script(name)}"
    lines = f"source <(kubectl completion {name})\nsource {script(name)}"
    if name == "bash":
        return f"source {shlex.quote(find_bash_completion(builder.cache, builder.environ))}\n{lines}"
    return lines
