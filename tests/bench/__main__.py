"""`make bench`: kubectl expose and kubectl-svc expose, whole processes, interleaved on one API server.

KUBECONFIG and KUBECTL_PATH say which, as `python -m tests.control_plane run` sets them.

We run as users have us: an installed, compiled wheel in an environment of its own, with a kubeconfig as
`kubectl config` writes it. Reported are medians of wall and CPU time, their ratio to kubectl's, peak memory, and what a
login by an exec plugin costs us beyond the plugin's own time. TAB is measured as kubectl answers it for its own expose,
and through us for ours.
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
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.many import measure_many
from tests.bench.timing import Took, peak_memory, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROOT = Path(__file__).parents[2]
_EXAMPLE = str(_ROOT / "tests" / "examples" / "my-app.yaml")
_LOGIN_BUDGET = 15.0  # milliseconds over the plugin's own time


@dataclass(frozen=True)
class Job:
    """One thing to do, and the commands by which kubectl does it, and we; `budget` is the most of kubectl's time.

    `undo` makes the next run possible and is not timed.
    """

    name: str
    theirs: list[list[str]]
    ours: list[list[str]]
    budget: float
    undo: Callable[[], None] = lambda: None
    alone: list[str] | None = None
    """Ours without kubectl around it, where that is what the memory is asked of."""


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
        path = f"{Path(ours).parent}{os.pathsep}{os.environ['PATH']}"
        env = {"HOME": folder, "PATH": path, "KUBECONFIG": _kubeconfig(kubectl, Path(folder))}
        jobs = _jobs(kubectl, ours, env)
        broken = [name for job in jobs for name in _measure(job, env, runs)]
        if not _measure_login(jobs[0], env, Path(folder), runs):
            broken.append("login")
        broken += measure_many(kubectl, ours, env, Path(folder), counts)
    if broken:
        print(f"over budget: {', '.join(broken)}")  # noqa: T201 - as below


def _installed_wheel(folder: Path) -> str:
    """The console script of a wheel built from this tree, installed with compiled modules.

    As by pipx and uv: into an environment that has nothing else, no pip and no setuptools, by an installer of today,
    whose scripts import less than those of older ones.
    """
    venv.create(folder / "venv", with_pip=False)
    python = str(folder / "venv" / "bin" / "python")
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--compile", str(_ROOT)]
    subprocess.run(pip, check=True, env=env)
    return str(folder / "venv" / "bin" / "kubectl-svc")


def _kubeconfig(kubectl: str, folder: Path) -> str:
    """The current kubeconfig, in a file of its own as kubectl writes it."""
    view = subprocess.run([kubectl, "config", "view", "--raw", "--flatten"], check=True, capture_output=True)
    path = folder / "config"
    path.write_bytes(view.stdout)
    return str(path)


def _jobs(kubectl: str, ours: str, env: dict[str, str]) -> list[Job]:
    subprocess.run([kubectl, "apply", "-f", _EXAMPLE], check=True, env=env, stdout=subprocess.DEVNULL)

    def remove() -> None:
        subprocess.run([kubectl, "delete", "service", "my-app"], check=True, env=env, stdout=subprocess.DEVNULL)

    def same(name: str, argv: str, budget: float, undo: Callable[[], None] = lambda: None) -> Job:
        words = ["expose", *argv.split()]
        return Job(name, [[kubectl, *words]], [[ours, *words]], budget, undo)

    def tab(name: str, words: Sequence[str], budget: float) -> Job:
        theirs, through = ([kubectl, "__complete", *lead, "expose", *words] for lead in ((), ("svc",)))
        return Job(f"TAB {name}", [theirs], [through], budget, alone=[ours, "__complete", "expose", *words])

    balancer = "deployment my-app --type LoadBalancer --port 80 --target-port 8080"
    patch = {"metadata": {"annotations": {"example.com/a": "b"}}, "spec": {"externalTrafficPolicy": "Local"}}
    told = "--annotation example.com/a=b --external-traffic-policy Local"
    return [
        same("plain", "deployment my-app --type NodePort", 0.95, remove),
        same("offline", f"-f {_EXAMPLE} --dry-run=client -o yaml", 0.7),
        Job(
            "policies",
            [[kubectl, "expose", *balancer.split()], [kubectl, "patch", "service", "my-app", "-p", json.dumps(patch)]],
            [[ours, "expose", *f"{balancer} {told}".split()]],
            0.6,
            remove,
        ),
        tab("names", ["deployment", "my-"], 1.6),
        tab("kinds", ["dep"], 1.4),
        tab("flags", ["--"], 1.4),
    ]


def _measure(job: Job, env: dict[str, str], runs: int) -> list[str]:
    """What of the job is over its budget. The first run of each side warms caches and does not count."""
    sides = (job.theirs, job.ours)
    times: tuple[list[Took], list[Took]] = ([], [])
    for run in range(runs + 1):
        for side in (0, 1) if run % 2 else (1, 0):
            each = [timed(command, env) for command in sides[side]]
            job.undo()
            if run:
                times[side].append(Took(sum(one.wall for one in each), sum(one.cpu for one in each), 0))
    memory = []
    for commands in (job.theirs, [job.alone] if job.alone else job.ours):
        memory.append(max(peak_memory(command, env) for command in commands))
        job.undo()
    wall, cpu = (
        [statistics.median(getattr(one, part) for one in side) * 1000 for side in times] for part in ("wall", "cpu")
    )
    ratio = wall[1] / wall[0]
    print(  # noqa: T201 - its whole purpose
        f"{job.name:9} wall: kubectl {wall[0]:6.1f} ms, svc {wall[1]:6.1f} ms, ratio {ratio:.2f} "
        f"(budget {job.budget:.2f});  CPU: {cpu[0]:6.1f}, {cpu[1]:6.1f} ms, ratio {cpu[1] / cpu[0]:.2f};  "
        f"memory: {memory[0]:.0f}, {memory[1]:.0f} MB;  {runs} runs each"
    )
    over = [job.name] if ratio > job.budget else []
    return [*over, f"memory of {job.name}"] if memory[1] > memory[0] else over


def _measure_login(job: Job, env: dict[str, str], folder: Path, runs: int) -> bool:
    """Whether credentials from a plugin cost at most its own time and the budget more than the same ones inline."""
    plugin, kubeconfig = _plugin(Path(env["KUBECONFIG"]), folder)
    commands = {
        "inline": (job.ours[0], env, job.undo),
        "plugin": (job.ours[0], {**env, "KUBECONFIG": kubeconfig}, job.undo),
        "alone": ([plugin], env, lambda: None),
    }
    walls: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, (command, environ, undo) in commands.items():
            wall = timed(command, environ).wall
            undo()
            if run:
                walls[name].append(wall * 1000)
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


if __name__ == "__main__":
    main()
