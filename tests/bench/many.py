"""Many objects: kubectl expose -f and ours on the same file, 10 of them and 100 and so on.

A server's own work for a ClusterIP grows with the number of Services that it has (it counts them for a metric), so each
run begins without any, and what a run takes is shown for each object, beside our own CPU time, which does not grow.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.bench.timing import Took, timed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NAMESPACE = "bench-many"
_SERVICES = f"/api/v1/namespaces/{_NAMESPACE}/services"
_SLICES = f"/apis/discovery.k8s.io/v1/namespaces/{_NAMESPACE}/endpointslices"
_BUDGETS = {1000: 0.5}  # design: at most this much of kubectl's wall time
_STATUS_BUDGETS = {1000: 2.0}  # seconds
_MOST_FOR_KUBECTL = 1000  # it gives every Service the first object's selector anyway
_MEMORY_BUDGET = 150.0  # MB
_REPETITIONS = {10: 5, 100: 3, 1000: 2}


def measure_many(kubectl: str, ours: str, env: dict[str, str], folder: Path, counts: Sequence[int]) -> list[str]:
    """Prints a line for each count, and one for the memory that the largest takes; returns what is over budget."""
    subprocess.run([kubectl, "create", "namespace", _NAMESPACE], check=True, env=env, stdout=subprocess.DEVNULL)
    broken: list[str] = []
    for count in counts:
        path = _file(folder, count)
        programs = [ours, kubectl] if count <= _MOST_FOR_KUBECTL else [ours]
        took: dict[str, list[Took]] = {program: [] for program in programs}
        for run in range(_REPETITIONS.get(count, 1)):
            for program in programs if run % 2 else reversed(programs):
                _clear(kubectl, env)
                took[program].append(timed([program, "expose", "-f", path, "-n", _NAMESPACE], env))
                if program == ours:
                    _check(kubectl, env, count)
        if not _told(count, *(took[program] for program in programs)):
            broken.append(f"{count} objects")
        if not _looked_at(kubectl, ours, env, count):
            broken.append(f"status of {count}")
    if counts and not _offline(ours, env, path):
        broken.append("memory")
    return broken


def _offline(ours: str, env: dict[str, str], path: str) -> bool:
    """Whether a client dry run of the largest file keeps within the memory that it may take."""
    took = timed([ours, "expose", "-f", path, "--dry-run=client"], env)
    print(f"       offline: {took.wall:.2f} s, memory {took.memory:.0f} MB (budget {_MEMORY_BUDGET:.0f})")  # noqa: T201
    return took.memory <= _MEMORY_BUDGET


def _told(count: int, ours: list[Took], theirs: list[Took] | None = None) -> bool:
    """Prints the line of a count; whether it is within its budget."""
    wall, cpu = (statistics.median(getattr(one, part) for one in ours) for part in ("wall", "cpu"))
    memory = max(one.memory for one in ours)
    line = f"{count:6} wall: svc {wall:7.2f} s, {wall / count * 1000:6.2f} ms each (CPU {cpu / count * 1000:5.2f} ms)"
    ratio = 0.0
    if theirs:
        their_wall = statistics.median(one.wall for one in theirs)
        ratio = wall / their_wall
        budget = f" (budget {_BUDGETS[count]:.2f})" if count in _BUDGETS else ""
        line += f", kubectl {their_wall:7.2f} s, ratio {ratio:.2f}{budget}"
    print(f"{line};  memory {memory:.0f} MB;  {len(ours)} runs each")  # noqa: T201 - its whole purpose
    return ratio <= _BUDGETS.get(count, ratio) and memory <= _MEMORY_BUDGET


def _looked_at(kubectl: str, ours: str, env: dict[str, str], count: int) -> bool:
    """Whether the status of all Services, none of which has pods, keeps its budget; kubectl only lists them."""
    listing = [kubectl, "get", "services,endpointslices", "-A"]
    both = [(timed([ours, "status", "-A"], env, fails=True), timed(listing, env)) for _ in range(3)]
    wall, theirs = (statistics.median(pair[side].wall for pair in both) for side in (0, 1))
    budget = f" (budget {_STATUS_BUDGETS[count]:.1f} s)" if count in _STATUS_BUDGETS else ""
    print(f"       status -A: {wall:.2f} s{budget}, kubectl get services,endpointslices -A {theirs:.2f} s")  # noqa: T201
    return wall <= _STATUS_BUDGETS.get(count, wall)


def _file(folder: Path, count: int) -> str:
    """Deployments as people write them, each with a selector of its own."""
    path = folder / f"{count}.yaml"
    path.write_text("".join(map(_document, range(count))))
    return str(path)


def _document(number: int) -> str:
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: bench-{number}
  labels:
    app: bench-{number}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: bench-{number}
  template:
    metadata:
      labels:
        app: bench-{number}
    spec:
      containers:
      - name: web
        image: nginx:1.29
        ports:
        - name: http
          containerPort: 8080
"""


def _check(kubectl: str, env: dict[str, str], count: int) -> None:
    """A Service that is not as it should be makes any time worthless."""
    listed = subprocess.run([kubectl, "get", "--raw", _SERVICES], check=True, env=env, capture_output=True).stdout
    services = json.loads(listed)["items"]
    right = sum(one["spec"]["selector"] == {"app": one["metadata"]["name"]} for one in services)
    if right != count:
        sys.exit(f"{right} of {count} Services are right")


def _clear(kubectl: str, env: dict[str, str]) -> None:
    """Takes the Services of the run before away and waits for what the controllers do about it."""
    while any(_some(kubectl, env, path) for path in (_SERVICES, _SLICES)):
        if _some(kubectl, env, _SERVICES):  # thousands take longer than one request may
            subprocess.run([kubectl, "delete", "--raw", _SERVICES], check=False, env=env, stdout=subprocess.DEVNULL)
        time.sleep(0.5)


def _some(kubectl: str, env: dict[str, str], path: str) -> bool:
    """Whether there are any."""
    command = [kubectl, "get", "--raw", f"{path}?limit=1"]
    return bool(json.loads(subprocess.run(command, check=True, env=env, capture_output=True).stdout)["items"])
