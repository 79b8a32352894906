"""`python -m tests.control_plane run` for people: what it starts also ends, whatever ends it."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.control_plane.processes import PortTakenError, Server, StartError, free_ports
from tests.control_plane.run import ControlPlane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.build import Builder, Programs

ROOT = Path(__file__).parent.parent.parent
LINUX = sys.platform == "linux"


@contextlib.contextmanager
def plane_for_people(programs: Programs, builder: Builder) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A control plane started from the command line, once it is ready, and its temporary folder."""
    # Built here, with the user's own Go caches: the new process sees the HOME of a test.
    assert programs.etcd
    assert programs.kube_apiserver
    assert programs.kube_controller_manager
    command = [sys.executable, "-m", "tests.control_plane", "run", "--cache", str(builder.cache)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            kubeconfig = Path(process.stdout.readline().strip())
            assert kubeconfig.is_file()
            yield process, kubeconfig.parent.parent
        finally:
            process.kill()


def servers_in(folder: Path) -> list[bytes]:
    """The command lines of the processes that work in the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # ended since
            found.append((process / "cmdline").read_bytes())
    return [line for line in found if str(folder).encode() in line]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_it_stops(programs: Programs, builder: Builder, end: signal.Signals) -> None:
    """Nothing is left of a control plane that is told to stop, and the exit code says why it ended."""
    with plane_for_people(programs, builder) as (process, folder):
        assert not LINUX or len(servers_in(folder)) == 3
        process.send_signal(end)
        assert process.wait(timeout=30) == 128 + end
    assert not folder.exists()
    assert not LINUX or not servers_in(folder)


@pytest.mark.skipif(not LINUX, reason="only Linux ends children with their parent")
def test_it_is_killed(programs: Programs, builder: Builder) -> None:
    """The servers end with the process that started them even when it had no chance to stop them."""
    with plane_for_people(programs, builder) as (process, folder):
        process.kill()
        process.wait()
    deadline = time.monotonic() + 10
    while servers_in(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not servers_in(folder)
    shutil.rmtree(folder)


def test_command(programs: Programs, builder: Builder) -> None:
    """A command finds kubectl first on PATH, talks to the server with it, and its exit code is handed on."""
    script = 'test "$(command -v kubectl)" = "$KUBECTL_PATH" && kubectl get --raw /readyz && exit 7'
    command = [sys.executable, "-m", "tests.control_plane", "run", "--cache", str(builder.cache), "--"]
    done = subprocess.run([*command, "sh", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert programs.kubectl
    assert (done.stdout, done.returncode) == ("ok", 7), done.stderr


def test_quick_start(programs: Programs) -> None:
    """A control plane is ready in well under 15 seconds, also beside another one."""
    assert programs.kube_apiserver
    started = time.monotonic()
    with ControlPlane(programs) as plane:
        assert time.monotonic() - started < 15
        assert os.path.exists(plane.kubeconfig)
    assert not os.path.exists(plane.kubeconfig)


def test_server_that_ends(tmp_path: Path) -> None:
    """The error of a server that ends at once shows its exit code and the end of its log."""
    server = Server("echo", ["sh", "-c", "echo out of luck; exit 3"], tmp_path)
    with pytest.raises(StartError, match=r"^echo ended with exit code 3; its log ends:\nout of luck$"):
        server.wait_until(lambda: False, 30)


def test_taken_port(tmp_path: Path) -> None:
    """A server that lost its port to somebody else is told from one that fails, so that another port is tried."""
    server = Server("echo", ["sh", "-c", "echo 'listen tcp: bind: address already in use'; exit 1"], tmp_path)
    with pytest.raises(PortTakenError):
        server.wait_until(lambda: False, 30)


def test_server_that_never_answers(tmp_path: Path) -> None:
    """Waiting has an end, and the server can still be stopped then, with its children."""
    os.mkfifo(tmp_path / "held")
    server = Server("sleep", ["sh", "-c", "sleep 60 > held & wait"], tmp_path)
    with open(tmp_path / "held") as held:  # returns once the child has opened the other end
        with pytest.raises(StartError, match=r"^sleep was not ready after 0\.2 s"):
            server.wait_until(lambda: False, 0.2)
        assert not select.select([held], [], [], 0)[0]
        server.stop()
        assert select.select([held], [], [], 10)[0], "the child still runs"


def test_free_ports() -> None:
    """The ports are different ones."""
    assert len(set(free_ports(20))) == 20
