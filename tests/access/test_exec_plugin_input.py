"""What a credential plugin is given: arguments, environment, document, standard input; and what it is not."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.access import plugins
from tests.access.plugins import V1, V1BETA1, both, credential, exec_user, unreachable_kubeconfig, write_plugin
from tests.access.servers import Authority
from tests.control_plane.kubeconfig import inline
from tests.svc import PROGRAM
from tests.trust.watch import PASSWORD, TOKEN, WATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tests.control_plane.build import Programs

_AUTHORITY = Authority()

_EXTENSION = {
    "name": "client.authentication.k8s.io/exec",
    "extension": {"b": [1, None, {"z": "<&>", "a": True}], "a": "\u2028ü \"'", "A": {}, "list": []},
}
_OTHER_EXTENSION = {"name": "other", "extension": {"a": 1}}
_EMPTY: tuple[Any, ...] = ({}, [], "", False, 0, None)

GIVEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "v1": ({}, {}),
    "v1beta1": ({"apiVersion": V1BETA1}, {}),
    "v1beta1 without mode": ({"apiVersion": V1BETA1, "interactiveMode": None}, {}),
    "if available": ({"interactiveMode": "IfAvailable"}, {}),
    "arguments": ({"args": ["-a", "b c", "", "'\"$HOME", "ü"]}, {}),
    "environment": ({"env": [{"name": "A", "value": "1"}, {"name": "INHERITED", "value": "no"}]}, {}),
    "environment twice": ({"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}, {"name": "EMPTY"}]}, {}),
    "environment in a name": ({"env": [{"name": "A=1", "value": "2"}]}, {}),
    "own document": ({"env": [{"name": "KUBERNETES_EXEC_INFO", "value": "mine"}]}, {}),
    "cluster": ({"provideClusterInfo": True}, {}),
    "cluster v1beta1": ({"provideClusterInfo": True, "apiVersion": V1BETA1}, {}),
    "cluster not asked for": ({}, {"extensions": [_EXTENSION], "tls-server-name": "api.example.com"}),
    "server name": ({"provideClusterInfo": True}, {"tls-server-name": "api.example.com"}),
    "insecure": ({"provideClusterInfo": True}, {"insecure-skip-tls-verify": True}),
    "inline CA": ({"provideClusterInfo": True}, {"certificate-authority-data": inline(_AUTHORITY.certificate)}),
    "CA in a file": ({"provideClusterInfo": True}, {"certificate-authority": "ca.crt"}),
    "proxy": ({"provideClusterInfo": True}, {"proxy-url": "http://127.0.0.1:2/"}),
    "no compression": ({"provideClusterInfo": True}, {"disable-compression": True}),
    "extension": ({"provideClusterInfo": True}, {"extensions": [_OTHER_EXTENSION, _EXTENSION]}),
    **{
        f"extension {value!r}": (
            {"provideClusterInfo": True},
            {"extensions": [{"name": _EXTENSION["name"], "extension": value}]},
        )
        for value in _EMPTY
    },
    "other extension": ({"provideClusterInfo": True}, {"extensions": [_OTHER_EXTENSION]}),
    "server with a path": ({"provideClusterInfo": True}, {"server": "https://127.0.0.1:1/a/b/"}),
    "server with a slash": ({"provideClusterInfo": True}, {"server": "https://127.0.0.1:1/"}),
    "all": (
        {"provideClusterInfo": True, "args": ["x"], "env": [{"name": "A", "value": "a\nb"}]},
        {
            "disable-compression": True,
            "certificate-authority-data": inline(_AUTHORITY.certificate),
            "tls-server-name": "h",
            "extensions": [_EXTENSION],
        },
    ),
}


@pytest.mark.parametrize("name", GIVEN)
def test_plugin_is_given_the_same(name: str, programs: Programs, tmp_path: Path) -> None:
    """Arguments, environment, document and standard input are those that kubectl gives, byte for byte."""
    fields, cluster = GIVEN[name]
    (tmp_path / "ca.crt").write_bytes(_AUTHORITY.certificate)
    user = exec_user(write_plugin(tmp_path), **fields)
    kubeconfig = unreachable_kubeconfig(tmp_path, user, cluster)
    environ = {"INHERITED": "yes", "EMPTY": "full", "OUT": credential(fields.get("apiVersion", V1), token=TOKEN)}
    theirs, ours = both(programs.kubectl, kubeconfig, tmp_path, **environ)

    assert ours.first_run == theirs.first_run
    assert theirs.first_run.startswith(("argument[", "info["))
    assert (ours.code, ours.errors) == (theirs.code, theirs.errors)
    assert ours.runs == 1


# --- standard input

_MANIFEST = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {a: b}}\nspec: {containers: [{name: c}]}\n"


@pytest.mark.parametrize("argv", [plugins.EXPOSE, ("expose", "-f", "-", "--port=80")], ids=["deployment", "-f -"])
@pytest.mark.parametrize("stdin", ["terminal", "pipe"])
@pytest.mark.parametrize("mode", ["Never", "IfAvailable", "Always"])
def test_standard_input(mode: str, stdin: str, argv: tuple[str, ...], *, programs: Programs, tmp_path: Path) -> None:
    """A plugin has our terminal where its mode says so, also after a manifest was typed there."""
    user = exec_user(write_plugin(tmp_path), interactiveMode=mode)
    kubeconfig = unreachable_kubeconfig(tmp_path, user)
    found = []
    for name, command in (("kubectl", [programs.kubectl, *argv]), ("svc", [PROGRAM, *argv])):
        record = tmp_path / f"{name}.record"
        env = {**os.environ, "KUBECONFIG": kubeconfig, "RECORD": str(record), "OUT": credential(token=TOKEN)}
        stderr = _typed(command, env, _MANIFEST, terminal=stdin == "terminal")
        found.append(plugins.seen(1, stderr, record))

    theirs, ours = found
    assert (ours.first_run, ours.errors) == (theirs.first_run, theirs.errors)


def _typed(command: list[str], env: dict[str, str], text: str, *, terminal: bool) -> str:
    """What a program writes to standard error while this is typed, or read from a pipe."""
    writer, reader = pty.openpty() if terminal else os.pipe()[::-1]
    with subprocess.Popen(command, stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as process:
        os.close(reader)
        # Each program asks for the end in its own way, so the terminal says it more than once.
        os.write(writer, text.encode() + (b"\x04" * 4 if terminal else b""))
        if not terminal:
            os.close(writer)
        output, errors = (part.decode() for part in process.communicate(timeout=60))
    if terminal:
        os.close(writer)
    WATCH.end_run(command, env, output, errors)
    return errors


# --- what is none of its business

_LOOKS_AROUND = f"""#!/bin/sh
{{
  printf 'run\\n'
  tr '\\0' '\\n' </proc/$$/cmdline
  tr '\\0' '\\n' </proc/$$/environ
}} >>"$RECORD"
echo '{credential(token=TOKEN)}'
"""
# Whether it is run with them: a token and a whole password are who we are already.
_TYPED = {
    "nothing": ([], 1),
    "password": (["--password", PASSWORD], 1),
    "token": (["--token", TOKEN], 0),
    "username and password": (["--username", "u", "--password", PASSWORD], 0),
}


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="there is no /proc to look into")
@pytest.mark.parametrize("name", _TYPED)
def test_ps_shows_no_secret_that_is_not_the_plugins(name: str, programs: Programs, tmp_path: Path) -> None:
    """Neither what is typed nor what the kubeconfig holds for others is told to a plugin, where one is run at all."""
    typed, runs = _TYPED[name]
    own = "given-to-the-plugin"
    user = exec_user(write_plugin(tmp_path, script=_LOOKS_AROUND), args=[own], env=[{"name": "A", "value": own}])
    kubeconfig = unreachable_kubeconfig(tmp_path, user)
    _add_users(
        Path(kubeconfig),
        {"token": TOKEN},
        {"username": "u", "password": PASSWORD},
        {"client-certificate-data": "eA==", "client-key-data": inline(TOKEN.encode())},
        exec_user("never", args=[TOKEN], env=[{"name": "A", "value": PASSWORD}]),
        {"auth-provider": {"name": "oidc", "config": {"id-token": TOKEN, "refresh-token": PASSWORD}}},
    )
    theirs, ours = both(programs.kubectl, kubeconfig, tmp_path, (*plugins.EXPOSE, *typed))

    assert ours.runs == min(theirs.runs, 1) == runs
    assert ours.first_run.count(own) == 2 * runs
    WATCH.search(ours.first_run)


def _add_users(kubeconfig: Path, *users: dict[str, Any]) -> None:
    content = yaml.safe_load(kubeconfig.read_text())
    content["users"] += [{"name": f"other-{number}", "user": user} for number, user in enumerate(users)]
    kubeconfig.write_text(yaml.safe_dump(content))
