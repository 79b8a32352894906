"""Runs the program as users do: its own process, the installed console script."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = str(Path(sys.executable).parent / "kubectl-svc")


def svc(*argv: str, kubeconfig: str = "", stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """`kubectl-svc` with these arguments; `environ` adds to the test's own environment."""
    env = {**os.environ, **environ}
    if kubeconfig:
        env["KUBECONFIG"] = kubeconfig
    return subprocess.run(
        [PROGRAM, *argv], env=env, input=stdin, capture_output=True, text=True, check=False, timeout=60
    )
