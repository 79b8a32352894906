"""The programs that the tests run beside ours, built from tests/tools into a cache and reused from there."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from kubectl_svc.value import Value
from tests.control_plane.toolchain import Go, ProgramsUnavailableError, find_go, go_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TOOLS = Path(__file__).parent.parent / "tools"

# How Go says that a module could not be fetched; everything else is a fault of the module or of its pins.
_NOT_FETCHED = re.compile(r'Get "https?://|reading https?://|GOPROXY|dial tcp|ls-remote|unrecognized import path')
_TAMPERED = "SECURITY ERROR"


class BuildError(Exception):
    """Go was there and the program did not build; the message ends with what Go said."""


class Program(Value):
    """One program: its file name, its module's folder under tests/tools, its main package there.

    `first_time` says how long a cold build takes on two cores.
    """

    name: str
    module: str
    package: str
    first_time: str


PROGRAMS = {
    program.name: program
    for program in (
        Program(
            name="kubectl",
            module="kubernetes",
            package="k8s.io/kubernetes/cmd/kubectl",
            first_time="about 2 minutes",
        ),
        Program(
            name="kube-apiserver",
            module="kubernetes",
            package="k8s.io/kubernetes/cmd/kube-apiserver",
            first_time="about 5 minutes",
        ),
        Program(
            name="kube-controller-manager",
            module="kubernetes",
            package="k8s.io/kubernetes/cmd/kube-controller-manager",
            first_time="about 2 minutes",
        ),
        Program(name="etcd", module="etcd", package="go.etcd.io/etcd/server/v3", first_time="about 1 minute"),
        Program(name="pflag-reader", module="pflag", package=".", first_time="a few seconds"),
        Program(name="go-types", module="gotypes", package=".", first_time="half a minute"),
        Program(name="go-urls", module="gourls", package=".", first_time="half a minute"),
        Program(name="coredns", module="coredns", package=".", first_time="half a minute"),
        Program(
            name="metallb-controller",
            module="metallb",
            package="go.universe.tf/metallb/controller",
            first_time="about 3 minutes",
        ),
    )
}


class Programs:
    """The paths of the programs. Each is built when it is first asked for, which may take minutes once."""

    __slots__ = ("_path_of",)

    def __init__(self, path_of: Callable[[str], str]) -> None:
        self._path_of = path_of

    @property
    def kubectl(self) -> str:
        """The real kubectl, the measure of ours."""
        return self._path_of("kubectl")

    @property
    def etcd(self) -> str:
        """The API server's store."""
        return self._path_of("etcd")

    @property
    def kube_apiserver(self) -> str:
        """The real API server."""
        return self._path_of("kube-apiserver")

    @property
    def kube_controller_manager(self) -> str:
        """The real controllers."""
        return self._path_of("kube-controller-manager")

    @property
    def go_types(self) -> str:
        """Prints the Go structs behind the kinds that can be exposed."""
        return self._path_of("go-types")

    @property
    def go_urls(self) -> str:
        """Reads URLs and chooses proxies with the real net/url and net/http."""
        return self._path_of("go-urls")

    @property
    def coredns(self) -> str:
        """The DNS server of a cluster."""
        return self._path_of("coredns")

    @property
    def metallb_controller(self) -> str:
        """Gives Services of type LoadBalancer their addresses."""
        return self._path_of("metallb-controller")

    @property
    def pflag_reader(self) -> str:
        """Reads command lines with the real pflag."""
        return self._path_of("pflag-reader")


def default_cache(environ: Mapping[str, str]) -> Path:
    """The folder KUBECTL_SVC_TEST_CACHE, else one of our own in the user's cache folder."""
    if environ.get("KUBECTL_SVC_TEST_CACHE"):
        return Path(environ["KUBECTL_SVC_TEST_CACHE"])
    folder = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache"
    return Path(folder, "kubectl-svc-tests")


def write_to_stderr(text: str) -> None:
    """Progress for people, seen at once."""
    sys.stderr.write(text)
    sys.stderr.flush()


class Builder:
    """Builds programs into `cache` and finds them there again.

    `environ` is taken at the start, because Go's own caches hang on HOME, which tests replace. `write` takes progress:
    whole lines, but for the one that waits for its build's time.
    """

    def __init__(
        self,
        cache: Path,
        environ: Mapping[str, str],
        write: Callable[[str], None] = write_to_stderr,
        tools: Path = TOOLS,
    ) -> None:
        self.cache = cache
        self.environ = dict(environ)
        self._write = write
        self._tools = tools
        self._compilers: dict[str, Go] = {}

    def path(self, program: Program) -> str:
        """The program's path, after building it if it is not in the cache.

        Raises ProgramsUnavailableError where the machine cannot build it and BuildError where it should have.
        """
        module = self._module(program)
        go = self._compiler(module)
        flags = _flags(module)
        target = self._folder(module, go, flags) / program.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._lock(target):
                if not target.exists():  # another run may have built it while this one waited
                    self._build(program, target, flags)
        return str(target)

    def source(self, program: Program) -> Path:
        """The folder of the module that the program is built from, after fetching it if it is not there.

        Raises ProgramsUnavailableError where it cannot be fetched and BuildError for every other failure.
        """
        return Path(self._go(program, "list", "-find", "-f", "{{.Module.Dir}}", program.package).strip())

    def _module(self, program: Program) -> Path:
        module = self._tools / program.module
        if not (module / "go.mod").is_file():
            raise BuildError(f"{program.name} cannot be built: {module / 'go.mod'} is not there")
        return module

    def _compiler(self, module: Path) -> Go:
        required = _line(module, r"^go (\S+)")
        if required not in self._compilers:
            self._compilers[required] = find_go(required, self.environ)
        return self._compilers[required]

    def _folder(self, module: Path, go: Go, flags: list[str]) -> Path:
        """A folder for each thing that the result depends on."""
        digest = hashlib.sha256(repr((go.description, flags)).encode())
        for source in sorted([module / "go.mod", module / "go.sum", *module.glob("**/*.go")]):
            if source.exists():  # a module without dependencies has no go.sum
                content = source.read_bytes()
                digest.update(f"{source.relative_to(module)} {len(content)}\n".encode() + content)
        return self.cache / f"{module.name}-{digest.hexdigest()[:16]}"

    @contextlib.contextmanager
    def _lock(self, target: Path) -> Iterator[None]:
        with target.with_name(f"{target.name}.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._write(f"waiting for another run, which builds {target.name}\n")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _build(self, program: Program, target: Path, flags: list[str]) -> None:
        self._write(f"building {program.name} ({program.first_time} the first time) ... ")
        started = time.monotonic()
        unfinished = target.with_name(f"{target.name}.unfinished")
        try:
            self._go(program, "build", *flags, "-o", str(unfinished), program.package)
        except (BuildError, ProgramsUnavailableError):
            self._write("failed\n")
            raise
        os.replace(unfinished, target)
        self._write(f"{time.monotonic() - started:.0f} s\n")

    def _go(self, program: Program, *arguments: str) -> str:
        """What a go command prints in the program's module."""
        module = self._module(program)
        done = subprocess.run(
            [self._compiler(module).path, *arguments],
            cwd=module,
            env=go_environment(self.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise _failure(program, arguments[0], done.stderr)
        return done.stdout


def _failure(program: Program, command: str, output: str) -> Exception:
    if _NOT_FETCHED.search(output) and _TAMPERED not in output:
        last = output.strip().splitlines()[-1].strip()
        return ProgramsUnavailableError(
            f"the Go modules of {program.name} cannot be fetched ({last}): set GOPROXY to a module proxy within reach"
        )
    return BuildError(f"go {command} of {program.name}:\n{output}")


def _flags(module: Path) -> list[str]:
    # No paths of this machine and no state of this repository in the program: the same sources, the same program.
    flags = ["-trimpath", "-buildvcs=false", "-ldflags"]
    if module.name != "kubernetes":
        return [*flags, "-s -w"]
    version = _line(module, r"^\s*k8s\.io/kubernetes (v\S+)")
    major, minor, _ = version.removeprefix("v").split(".", 2)
    facts = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    stamps = (f"-X k8s.io/component-base/version.{name}={value}" for name, value in facts.items())
    return [*flags, " ".join(("-s -w", *stamps))]


def _line(module: Path, pattern: str) -> str:
    """What the pattern's group finds in the module's go.mod; raises BuildError when there is no such line."""
    found = re.search(pattern, (module / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise BuildError(f"{module / 'go.mod'} has no line {pattern!r}")
    return found[1]
