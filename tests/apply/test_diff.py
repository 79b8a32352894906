"""--diff beside the real `kubectl diff --server-side` of the manifest that the same command prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.differential.bench import lines_beside_notes
from tests.svc import svc_on_a_terminal

if TYPE_CHECKING:
    from tests.apply.conftest import Shell

_WEB = "kubectl svc expose deployment web"
_THEIRS = "kubectl diff --server-side --field-manager=kubectl-svc -f svc.yaml"
# Reports what an external program is given; the folders have other names in each run.
_PROGRAM = r"""#!/bin/sh
echo "$# $(basename "$1" | sed 's/-.*//') $(basename "$2" | sed 's/-.*//') $3 $4"
for side in "$1" "$2"; do ls -ld "$side" | cut -c1-10; ls -l "$side" | sed 1d | cut -c1-10,42-; cat "$side"/*; done
exit ${ENDS:-1}
"""
_PASTS = {
    "new": [],
    "applied": [f"{_WEB} --apply"],
    "of another type": [f"{_WEB} --apply --type NodePort"],
    "with more": [f"{_WEB} --apply --type LoadBalancer -l a=b --annotation a=b --port a=81:80,b=82:80/udp"],
    "of kubectl": ["kubectl expose deployment web"],
    "of an external name": ["kubectl svc create web --external-name db.example.com --apply"],
}
_COMMANDS = [
    "",
    "--type LoadBalancer --external-traffic-policy Local",
    "--port x=81:80,y=83:80 --annotation 'a=two\nlines' -l app=web,c=d",
    "--session-affinity-timeout 10m --ip-family-policy PreferDualStack",
]


def _changes(diff: str) -> list[str]:
    """The changed lines, sorted, without the heads, what a server allots, and the status, which ours does not show."""
    lines = re.findall(r"^[-+](?![-+]{2} ).*$", diff, re.MULTILINE)
    plain = [
        re.sub(r"(nodePort|healthCheckNodePort|uid|creationTimestamp|- fd00|- 10\.0|IP): ?.*", r"\1", line)
        for line in lines
    ]
    return sorted(
        re.sub(r"10\.0\.\d+\.\d+|fd00:10::[0-9a-f:]*", "IP", line) for line in plain if not _STATUS.match(line)
    )


_STATUS = re.compile(r"\+(status:|  loadBalancer: \{\})$")


@pytest.mark.parametrize("flags", _COMMANDS)
@pytest.mark.parametrize("past", _PASTS.values(), ids=_PASTS)
def test_the_changes_that_kubectl_shows(shell: Shell, past: list[str], flags: str) -> None:
    """The same lines, and the same exit code, whatever was there; and nothing of it is done."""
    for command in past:
        shell.must(command)
    before = [shell.live(name) for name in shell.names()]
    shell.must(f"{_WEB} {flags} --dry-run=client -o yaml > svc.yaml")
    theirs = shell.run(_THEIRS)
    ours = shell.run(f"{_WEB} {flags} --diff")
    if theirs.returncode > 1:  # a conflict, or a port of others: kubectl has the server's words for it
        assert (ours.returncode, ours.stdout) == (2, "")
    else:
        assert (ours.returncode, _changes(ours.stdout)) == (theirs.returncode, _changes(theirs.stdout))
    assert [shell.live(name) for name in shell.names()] == before


@pytest.mark.parametrize("ends", ["0", "1", "2", "7"])
@pytest.mark.parametrize("past", [[], [f"{_WEB} --apply --port 81:80"]], ids=["new", "changed"])
def test_the_external_program_is_run_as_kubectl_runs_it(shell: Shell, past: list[str], ends: str) -> None:
    """With the same words, in the same folders with the same files and modes, and with the same end."""
    for command in past:
        shell.must(command)
    program = shell.folder / "program"
    program.write_text(_PROGRAM)
    program.chmod(0o755)
    shell.must(f"{_WEB} --dry-run=client -o yaml > svc.yaml")
    environ = f"ENDS={ends} KUBECTL_EXTERNAL_DIFF='{program} -u $HOME'"
    theirs = shell.run(f"{environ} {_THEIRS}")
    ours = shell.run(f"{environ} {_WEB} --diff")
    assert _reported(ours.stdout) == _reported(theirs.stdout)
    assert ours.returncode == min(theirs.returncode, 2)
    ours_said, theirs_said = (lines_beside_notes(done.stderr) for done in (ours, theirs))
    assert ours_said == [line if line.startswith("error: ") else f"error: {line}" for line in theirs_said]


def _reported(out: str) -> list[str]:
    """What the program said, without the time of files and what the server allots; ours have no status."""
    text = re.sub(r"10\.0\.\d+\.\d+", "IP", re.sub(r"(uid|creationTimestamp|resourceVersion): .*", r"\1", out))
    text = re.sub(r"\w{3} [ \d]\d \d\d:\d\d ", "", text)
    return text.replace("status:\n  loadBalancer: {}\n", "").splitlines()


def test_a_diff_can_be_patched(shell: Shell) -> None:
    """`patch` makes of the live Service what the apply makes of it."""
    shell.must(f"{_WEB} --apply --port a=80:80,b=81:80 -l a=b")
    shell.must("kubectl get service web -o yaml > live.yaml")
    words = "--port b=81:8080,c=82:80/udp --session-affinity-timeout 10m --annotation a=b"
    shell.must(f"{_WEB} {words} --diff > the.diff; patch live.yaml the.diff")
    shell.must(f"{_WEB} {words} --apply")
    patched, live = (
        yaml.safe_load(text)
        for text in ((shell.folder / "live.yaml").read_text(), shell.must("kubectl get service web -o yaml"))
    )
    for service in (patched, live):
        service["metadata"].pop("resourceVersion")
    assert patched == live


def test_on_a_terminal(shell: Shell) -> None:
    """Coloured, escapes and all."""
    shell.must(f"{_WEB} --apply")
    words = ("expose", "deployment", "web", "--annotation", "a=\x1b[31m", "--diff")
    kubeconfig = shell.stage.kubeconfig
    coloured = svc_on_a_terminal(*words, KUBECONFIG=kubeconfig, TERM="xterm")
    assert '\n\x1b[32m+    a: "\\e[31m"\x1b[0m\n' in coloured
    assert '\n+    a: "\\e[31m"\n' in svc_on_a_terminal(*words, KUBECONFIG=kubeconfig, NO_COLOR="1")
