"""Credential plugins for tests: a script that notes down what it was given, and kubeconfigs that name it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess

from kubectl_svc.value import Value
from tests.control_plane.kubeconfig import write_kubeconfig
from tests.differential.programs import without_allotted
from tests.svc import svc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

V1, V1BETA1 = (f"client.authentication.k8s.io/{version}" for version in ("v1", "v1beta1"))
_LOG_LINE = re.compile(r"[IWE]\d{4} |\t| >")  # with the lines of a klog text of several
EXPOSE = ("expose", "deployment", "web", "--port=80")

# Notes down, each time on lines of its own, what came in; then prints what OUT says.
_SCRIPT = r"""#!/bin/sh
{
  printf 'run\n'
  for argument; do printf 'argument[%s]\n' "$argument"; done
  printf 'info[%s]\n' "$KUBERNETES_EXEC_INFO"
  printf 'env[%s][%s][%s]\n' "$A" "$INHERITED" "$EMPTY"
  if [ -t 0 ]; then printf 'stdin[terminal]\n'; else printf 'stdin[%s]\n' "$(readlink /proc/self/fd/0)"; fi
} >>"$RECORD"
printf '%s' "$OUT"
"""


class Seen(Value):
    """What a program said about a plugin, and what its first run saw; `runs` counts them."""

    code: int
    errors: tuple[str, ...]
    first_run: str
    runs: int


def write_plugin(folder: Path, name: str = "plugin", script: str = _SCRIPT) -> str:
    """The path of a plugin; without a script of its own, of one that notes down what it was given in $RECORD."""
    path = folder / name
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


def printing(folder: Path, *credentials: str, name: str = "printing") -> str:
    """The path of a plugin whose n-th run prints the n-th document, the last again and again; see `count`."""
    cases = "\n".join(f"{number}) printf '%s' {shlex.quote(text)};;" for number, text in enumerate(credentials, 1))
    counter = shlex.quote(str(folder / f"{name}.runs"))
    last = shlex.quote(credentials[-1])
    lines = f"echo >>{counter}\ncase $(($(wc -l <{counter}))) in\n{cases}\n*) printf '%s' {last};;\nesac\n"
    return write_plugin(folder, name, f"#!/bin/sh\n{lines}")


def count(folder: Path, name: str = "printing") -> int:
    """How often that plugin has run."""
    runs = folder / f"{name}.runs"
    return len(runs.read_text()) if runs.exists() else 0


def credential(version: str = V1, **status: Any) -> str:
    """What a plugin prints."""
    return json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status})


def certificate_fields(pem: bytes) -> dict[str, str]:
    """Certificate and key of one PEM, as a plugin's status has them."""
    text = pem.decode()
    begin = text.index("-----BEGIN EC")
    return {"clientCertificateData": text[:begin], "clientKeyData": text[begin:]}


def exec_user(command: str, **fields: Any) -> dict[str, Any]:
    """A kubeconfig's user with this plugin."""
    return {"exec": {"apiVersion": V1, "interactiveMode": "Never", "command": command, **fields}}


def both(
    kubectl: str, kubeconfig: str, folder: Path, argv: Sequence[str] = EXPOSE, **environ: str
) -> tuple[Seen, Seen]:
    """What kubectl did with a kubeconfig, and what we did."""
    records = [folder / f"{name}.record" for name in ("kubectl", "svc")]
    theirs = subprocess.run(
        [kubectl, *argv],
        env={**os.environ, **environ, "KUBECONFIG": kubeconfig, "RECORD": str(records[0])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    ours = svc(*argv, kubeconfig=kubeconfig, **environ, RECORD=str(records[1]))
    return (
        seen(theirs.returncode, theirs.stderr.decode(errors="surrogateescape"), records[0]),
        seen(ours.returncode, ours.stderr, records[1]),
    )


def seen(code: int, stderr: str, record: Path) -> Seen:
    """The facts of one run of a program; kubectl says some things again and again, which counts once."""
    lines = [line for line in stderr.split("\n") if line and not _LOG_LINE.match(line)]
    runs = record.read_text().split("run\n")[1:] if record.exists() else []
    return Seen(
        code=code,
        errors=tuple(dict.fromkeys(without_allotted(line.strip()) for line in lines)),
        first_run=runs[0] if runs else "",
        runs=len(runs),
    )


def unreachable_kubeconfig(folder: Path, user: Mapping[str, Any], cluster: Mapping[str, Any] | None = None) -> str:
    """The path of a kubeconfig whose server nobody listens at."""
    entry = {"server": "https://127.0.0.1:1", **(cluster or {})}
    return write_kubeconfig(folder / "unreachable.kubeconfig", entry, dict(user))
