"""`make bench`: kubectl expose and kubectl-svc expose, whole processes, interleaved on one API server.

KUBECONFIG and KUBECTL_PATH say which, as `python -m tests.control_plane run` sets them.

We run as users have us: an installed, compiled wheel in an environment of its own, with a kubeconfig as
`kubectl config` writes it. Reported are medians of wall and CPU time, and their ratio to kubectl's.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROOT = Path(__file__).parents[2]
_EXAMPLE = str(_ROOT / "tests" / "examples" / "my-app.yaml")
_BUDGETS = {"plain": 1.2, "offline": 0.8}  # design: at most this much of kubectl's wall time


@dataclass(frozen=True)
class Job:
    """One thing that both programs do. `undo` makes the next run possible and is not timed."""

    name: str
    argv: Sequence[str]
    undo: Callable[[], None]


@dataclass
class Times:
    """Milliseconds of each run."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print a table; what is over budget is said, because a busy machine proves nothing."""
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--runs", type=int, default=40, help="runs of each program and job")
    runs = options.parse_args().runs
    kubectl = os.environ["KUBECTL_PATH"]
    with tempfile.TemporaryDirectory(prefix="kubectl-svc-bench-") as folder:
        ours = _installed_wheel(Path(folder))
        env = {"HOME": folder, "PATH": os.environ["PATH"], "KUBECONFIG": _kubeconfig(kubectl, Path(folder))}
        broken = [job.name for job in _jobs(kubectl, env) if not _measure(job, kubectl, ours, env, runs)]
    if broken:
        print(f"over budget: {', '.join(broken)}")  # noqa: T201 - as below


def _installed_wheel(folder: Path) -> str:
    """The console script of a wheel built from this tree and installed with compiled modules."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--compile", str(_ROOT)], check=True, env=env)
    return str(folder / "venv" / "bin" / "kubectl-svc")


def _kubeconfig(kubectl: str, folder: Path) -> str:
    """The current kubeconfig, in a file of its own as kubectl writes it."""
    view = subprocess.run([kubectl, "config", "view", "--raw", "--flatten"], check=True, capture_output=True)
    path = folder / "config"
    path.write_bytes(view.stdout)
    return str(path)


def _jobs(kubectl: str, env: dict[str, str]) -> list[Job]:
    subprocess.run([kubectl, "apply", "-f", _EXAMPLE], check=True, env=env, stdout=subprocess.DEVNULL)

    def remove() -> None:
        subprocess.run([kubectl, "delete", "service", "my-app"], check=True, env=env, stdout=subprocess.DEVNULL)

    return [
        Job("plain", ["expose", "deployment", "my-app", "--type", "NodePort"], remove),
        Job("offline", ["expose", "-f", _EXAMPLE, "--dry-run=client", "-o", "yaml"], lambda: None),
    ]


def _measure(job: Job, kubectl: str, ours: str, env: dict[str, str], runs: int) -> bool:
    """Whether the job keeps its budget. The first run of each program warms caches and does not count."""
    times = {kubectl: Times(), ours: Times()}
    for run in range(runs + 1):
        for program in (kubectl, ours) if run % 2 else (ours, kubectl):
            wall, cpu = _timed([program, *job.argv], env)
            job.undo()
            if run:
                times[program].wall.append(wall)
                times[program].cpu.append(cpu)
    their_wall, our_wall = (statistics.median(times[program].wall) for program in (kubectl, ours))
    their_cpu, our_cpu = (statistics.median(times[program].cpu) for program in (kubectl, ours))
    ratio = our_wall / their_wall
    print(  # noqa: T201 - its whole purpose
        f"{job.name:8} wall: kubectl {their_wall:6.1f} ms, svc {our_wall:6.1f} ms, ratio {ratio:.2f} "
        f"(budget {_BUDGETS[job.name]:.2f});  CPU: kubectl {their_cpu:6.1f} ms, svc {our_cpu:6.1f} ms, "
        f"ratio {our_cpu / their_cpu:.2f};  {runs} runs each"
    )
    return ratio <= _BUDGETS[job.name]


def _timed(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Wall and CPU time of one process, in milliseconds."""
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, env, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000


if __name__ == "__main__":
    main()
