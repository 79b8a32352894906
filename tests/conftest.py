"""Fixtures and rules for all tests: isolation from the user's machine, programs built from Go, a real API server."""

from __future__ import annotations

import os
import signal
import sys

import hypothesis
import pytest

from tests.control_plane.build import PROGRAMS, Builder, Programs, default_cache
from tests.control_plane.left_out import LeftOut, in_ci, leave_out
from tests.control_plane.toolchain import ProgramsUnavailableError
from tests.trust.watch import WATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control_plane.cluster import Cluster, Site
    from tests.control_plane.run import ControlPlane

# The user's own environment: builds, kind and the current context need it; tests see another one (`own_home`).
_ENVIRON = dict(os.environ)
# What kubectl and client-go read besides HOME.
_KUBECTL_VARIABLES = ("KUBECACHEDIR", "KUBECONFIG", "KUBECTL_KUBERC", "KUBECTL_PATH", "KUBERC")

# A runner in the background may have SIGINT ignored, and every program that the tests start would ignore it as well.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Whoever starts the program, this sees it: a run whose output is not searched for secrets fails its test.
sys.addaudithook(WATCH.note)

# No deadline: on a shared machine it measures the neighbours. hypothesis has a view of its own on what CI means, so
# both profiles say all that depends on it.
hypothesis.settings.register_profile("dev", deadline=None, max_examples=100, derandomize=False)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=300, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if in_ci(_ENVIRON) else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--cluster`."""
    parser.addoption(
        "--cluster",
        choices=("envtest", "kind", "current"),
        default="envtest",
        help="API server for the tests: envtest (built from source, the default), kind (pytest-kind, needs Docker), "
        "current (the kubeconfig's current context; only namespaces of its own)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Has the run say what it left out."""
    config.pluginmanager.register(LeftOut(forbidden=in_ci(_ENVIRON)), "left-out")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run in which not every output was searched for secrets."""
    if WATCH.unsearched and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line on the search for secrets."""
    if WATCH.started:
        line = f"secrets: searched for in the output of {WATCH.searched} of {WATCH.started} runs of the program"
        terminalreporter.write_line(line, red=bool(WATCH.unsearched))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pure tests first, then those with programs, then those with an API server: what is quick to fail comes first."""
    items.sort(key=_needs)
    for item in items:
        if _needs(item):
            item.add_marker("programs")


def _needs(item: pytest.Item) -> int:
    fixtures = getattr(item, "fixturenames", ())
    if "control_plane" in fixtures or "site" in fixtures:
        return 2
    return 1 if "programs" in fixtures else 0


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A HOME of its own for every test (kubectl keeps a cache there), and none of the user's kubectl settings."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in _KUBECTL_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(autouse=True)
def searched_for_secrets() -> Iterator[None]:
    """Every run of the program that a test starts has its output searched."""
    before = WATCH.unsearched
    yield
    assert WATCH.unsearched == before, "this test starts the program past tests.svc, so nobody searches its output"


@pytest.fixture(scope="session")
def builder(pytestconfig: pytest.Config) -> Builder:
    """Builds and finds the programs with the user's own environment; progress goes past pytest's capturing."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    terminal = pytestconfig.get_terminal_writer()

    def write(text: str) -> None:
        with capture.global_and_fixture_disabled():
            terminal.write(text, flush=True)

    return Builder(default_cache(_ENVIRON), _ENVIRON, write)


@pytest.fixture(scope="session")
def programs(builder: Builder) -> Programs:
    """The paths of kubectl and its kin. A test that asks for one which cannot be built is left out."""

    def path_of(name: str) -> str:
        try:
            return builder.path(PROGRAMS[name])
        except ProgramsUnavailableError as error:
            reason = str(error)
        return leave_out(reason, _ENVIRON)  # outside of the handler, so that the reason stands alone

    return Programs(path_of)


@pytest.fixture(scope="session")
def control_plane(programs: Programs) -> Iterator[ControlPlane]:
    """etcd, kube-apiserver and kube-controller-manager, started once."""
    from tests.control_plane.run import ControlPlane

    with ControlPlane(programs) as plane:
        yield plane


@pytest.fixture(scope="session")
def site(
    request: pytest.FixtureRequest, programs: Programs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The API server that `--cluster` chose."""
    from tests.control_plane.cluster import Site, read_api_server

    choice = request.config.getoption("cluster")
    if choice == "envtest":
        server = request.getfixturevalue("control_plane").server
    elif choice == "kind":
        kubeconfig = str(request.getfixturevalue("kind_cluster").kubeconfig_path)
        server = read_api_server(programs.kubectl, {**_ENVIRON, "KUBECONFIG": kubeconfig})
    else:
        server = read_api_server(programs.kubectl, _ENVIRON)
    site = Site(server, programs.kubectl, tmp_path_factory.mktemp("site"), simulated=choice == "envtest")
    yield site
    site.close()


@pytest.fixture(scope="module")
def stage(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The API server with one namespace for all tests of a module; what one of them makes there, it takes away."""
    with site.cluster(tmp_path_factory.mktemp("stage")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def env(stage: Cluster, programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What both programs see of the environment on the stage; one HOME, where kubectl keeps its discovery cache."""
    home = str(tmp_path_factory.mktemp("home"))
    return {"KUBECONFIG": stage.kubeconfig, "KUBECTL_PATH": programs.kubectl, "HOME": home}


@pytest.fixture
def cluster(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The API server with a namespace, kubeconfigs and clients for this test alone."""
    with site.cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def custom_resources(site: Site) -> Iterator[frozenset[str]]:
    """The API server has the custom kinds of tests/kinds; the names of the definitions that are ours."""
    from tests.kinds.custom_resources import definitions, installed

    with installed(site.client, definitions()) as ours:
        yield ours


@pytest.fixture
def kinds_cluster(cluster: Cluster, custom_resources: frozenset[str]) -> Cluster:
    """A namespace for this test alone, on an API server that has the custom kinds."""
    del custom_resources  # it only has to be there
    return cluster
