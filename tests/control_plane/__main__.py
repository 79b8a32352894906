"""`python -m tests.control_plane build | run [-- COMMAND ...]`: the test control plane for people and scripts."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.control_plane.build import PROGRAMS, Builder, BuildError, Programs, default_cache, write_to_stderr
from tests.control_plane.processes import StartError
from tests.control_plane.run import ControlPlane
from tests.control_plane.toolchain import ProgramsUnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """The exit code: that of COMMAND where there is one, 1 for a failure, 130 after Ctrl-C."""
    options = _parser().parse_args(argv)
    builder = Builder(options.cache or default_cache(os.environ), os.environ)
    # A plain `kill` must stop the servers too, so it unwinds like any other end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if options.action == "build":
            return _build(builder, options.programs)
        return _run(builder, options.command)
    except (BuildError, ProgramsUnavailableError, StartError) as error:
        write_to_stderr(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.control_plane", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--cache", type=Path, help="folder for the built programs (KUBECTL_SVC_TEST_CACHE)")
    actions = parser.add_subparsers(dest="action", required=True)
    build = actions.add_parser("build", parents=[common], help="build the programs, or only those named")
    build.add_argument("programs", nargs="*", metavar="PROGRAM", help=", ".join(PROGRAMS))
    run = actions.add_parser("run", parents=[common], help="start a control plane; stop it after COMMAND or Ctrl-C")
    run.add_argument("command", nargs="*", metavar="COMMAND", help="sees KUBECONFIG, KUBECTL_PATH and kubectl on PATH")
    return parser


def _build(builder: Builder, names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        write_to_stderr(f"error: no program {unknown[0]!r}; there are: {', '.join(PROGRAMS)}\n")
        return 1
    for name in names or PROGRAMS:
        sys.stdout.write(f"{builder.path(PROGRAMS[name])}\n")
    return 0


def _run(builder: Builder, command: Sequence[str]) -> int:
    programs = Programs(lambda name: builder.path(PROGRAMS[name]))
    kubectl = programs.kubectl
    started = time.monotonic()
    with ControlPlane(programs) as plane:
        write_to_stderr(f"control plane ready after {time.monotonic() - started:.1f} s at {plane.server.address}\n")
        if command:
            return subprocess.run(command, env=_environment(plane, kubectl), check=False).returncode
        sys.stdout.write(f"{plane.kubeconfig}\n")
        sys.stdout.flush()
        write_to_stderr("stop it with Ctrl-C\n")
        while True:
            signal.pause()


def _environment(plane: ControlPlane, kubectl: str) -> dict[str, str]:
    path = os.pathsep.join((str(Path(kubectl).parent), os.environ.get("PATH", os.defpath)))
    return {**os.environ, "KUBECONFIG": plane.kubeconfig, "KUBECTL_PATH": kubectl, "PATH": path}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
