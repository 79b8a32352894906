"""`make bench`: kubectl expose and kubectl-svc expose, whole processes, interleaved on one API server.

KUBECONFIG and KUBECTL_PATH say which, as `python -m tests.control_plane run` sets them.

We run as users have us: an installed, compiled wheel in an environment of its own, with a kubeconfig as
`kubectl config` writes it. Reported are medians of wall and CPU time, their ratio to kubectl's, and what a login by an
exec plugin costs us beyond the plugin's own time.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.many import measure_many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROOT = Path(__file__).parents[2]
_EXAMPLE = str(_ROOT / "tests" / "examples" / "my-app.yaml")
_BUDGETS = {"plain": 1.2, "offline": 0.8}  # design: at most this much of kubectl's wall time
_LOGIN_BUDGET = 15.0  # milliseconds over the plugin's own time


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
    options.add_argument("--many", default="10,100,1000,10000", help="counts of objects in one file; 0: none")
    arguments = options.parse_args()
    runs, counts = arguments.runs, [int(count) for count in arguments.many.split(",") if int(count)]
    kubectl = os.environ["KUBECTL_PATH"]
    with tempfile.TemporaryDirectory(prefix="kubectl-svc-bench-") as folder:
        ours = _installed_wheel(Path(folder))
        env = {"HOME": folder, "PATH": os.environ["PATH"], "KUBECONFIG": _kubeconfig(kubectl, Path(folder))}
        jobs = _jobs(kubectl, env)
        broken = [job.name for job in jobs if not _measure(job, kubectl, ours, env, runs)]
        if not _measure_login(jobs[0], ours, env, Path(folder), runs):
            broken.append("login")
        broken += measure_many(kubectl, ours, env, Path(folder), counts)
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


def _measure_login(job: Job, ours: str, env: dict[str, str], folder: Path, runs: int) -> bool:
    """Whether credentials from a plugin cost at most its own time and the budget more than the same ones inline."""
    plugin, kubeconfig = _plugin(Path(env["KUBECONFIG"]), folder)
    commands = {
        "inline": ([ours, *job.argv], env, job.undo),
        "plugin": ([ours, *job.argv], {**env, "KUBECONFIG": kubeconfig}, job.undo),
        "alone": ([plugin], env, lambda: None),
    }
    walls: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, (command, environ, undo) in commands.items():
            wall, _ = _timed(command, environ)
            undo()
            if run:
                walls[name].append(wall)
    inline, through, alone = (statistics.median(walls[name]) for name in commands)
    over = through - inline - alone
    print(  # noqa: T201 - as above
        f"login    wall: inline {inline:6.1f} ms, exec plugin {through:6.1f} ms, plugin alone {alone:6.1f} ms, "
        f"over its own time {over:.1f} ms (budget {_LOGIN_BUDGET:.0f});  {runs} runs each"
    )
    return over <= _LOGIN_BUDGET


def _plugin(kubeconfig: Path, folder: Path) -> tuple[str, str]:
    """A plugin that prints the current user's token or certificate, and a kubeconfig that uses it instead."""
    view = [os.environ["KUBECTL_PATH"], "config", "view", "--raw", "--minify", "--output=json"]
    environ = {"KUBECONFIG": str(kubeconfig)}
    config = json.loads(subprocess.run(view, check=True, capture_output=True, env=environ).stdout)
    user = config["users"][0]["user"]
    status = {"token": user["token"]} if "token" in user else _certificate(user)
    version = "client.authentication.k8s.io/v1"
    credential = json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status})
    plugin = folder / "plugin"
    plugin.write_text(f"#!/bin/sh\nprintf %s {shlex.quote(credential)}\n")
    plugin.chmod(0o700)
    config["users"][0]["user"] = {"exec": {"apiVersion": version, "command": str(plugin), "interactiveMode": "Never"}}
    path = folder / "login"
    path.write_text(json.dumps(config))
    # As kubectl writes it, like all that we measure with.
    view = [os.environ["KUBECTL_PATH"], "config", "view", "--raw"]
    path.write_bytes(subprocess.run(view, check=True, capture_output=True, env={"KUBECONFIG": str(path)}).stdout)
    return str(plugin), str(path)


def _certificate(user: dict[str, str]) -> dict[str, str]:
    fields = {"clientCertificateData": "client-certificate-data", "clientKeyData": "client-key-data"}
    return {name: base64.b64decode(user[field]).decode() for name, field in fields.items()}


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
