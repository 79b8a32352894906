"""Tokens, passwords and keys never leave the program but in a request: not in errors, logs or other processes."""

from __future__ import annotations

import base64
import importlib
import json
import os
import pkgutil
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

import kubectl_svc
from kubectl_svc.value import Value
from tests.access.servers import Authority, answer, serve, tls_context
from tests.svc import PROGRAM, svc, svc_here
from tests.trust.watch import PASSWORD, TOKEN, WATCH, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.access.servers import Answer, Server

_IN_A_URL = quote(PASSWORD, safe="")
_DEPLOYMENT = ("expose", "deployment", "web")


# --- the search itself


@pytest.mark.parametrize(
    "form",
    [
        pytest.param("{secret}", id="as it is"),
        pytest.param("x{quoted}x", id="in a URL"),
        pytest.param("dXNlcjpwbGFudGVkLXdvcmQtMTIzNDU2eA==", id="Basic user:secret"),
        pytest.param("eHBsYW50ZWQtd29yZC0xMjM0NTZ4", id="base64 behind one byte"),
        pytest.param("eHhwbGFudGVkLXdvcmQtMTIzNDU2eA==", id="base64 behind two bytes"),
    ],
)
def test_every_form_of_a_secret_is_found(form: str) -> None:
    """The search fails where there is something to find."""
    watch = Watch()
    secret = watch.plant("planted-word-123456")
    watch.search("nothing", "planted", "word")
    with pytest.raises(AssertionError, match="planted-word"):
        watch.search("", f"before {form.format(secret=secret, quoted=quote(secret, safe=''))} behind")


def test_a_key_is_found_by_any_of_its_lines() -> None:
    """Inline keys are base64 of PEM; either may show."""
    watch = Watch()
    watch.plant("LS0tLS1CRUdJTiBLRVktLS0tLQpNSGNDQVFFRUlCCkFBQUFCQkJCQ0NDQwotLS0tLUVORCBLRVktLS0tLQo=")
    watch.search("-----BEGIN KEY-----")
    with pytest.raises(AssertionError, match="AAAABBBBCCCC"):
        watch.search("AAAABBBBCCCC")


def test_a_run_is_searched_for_what_it_was_given(tmp_path: Path) -> None:
    """Credentials of the command line and of its kubeconfig, without being told."""
    config = tmp_path / "config"
    config.write_text('users: [{name: a, user: {token: "the-kubeconfigs-own"}}]')
    words = (PROGRAM, "--token", "typed-by-hand", "-s", "https://user:within-a-url@host")
    for secret in ("the-kubeconfigs-own", "typed-by-hand", "within-a-url"):
        with pytest.raises(AssertionError, match=secret):
            Watch().end_run(words, {"KUBECONFIG": str(config)}, f"error: {secret}")


def test_the_program_is_searched() -> None:
    """A secret that it is told to print is found, in the output of a process and of a run in this one."""
    argv = ("expose", "-f", "-", "--dry-run=client", "--port", "1", "--selector", "a=b", "--name", TOKEN)
    pod = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}'
    with pytest.raises(AssertionError, match=TOKEN):
        svc(*argv, stdin=pod)
    with pytest.raises(AssertionError, match=TOKEN):
        svc_here("expose", "deployment", "x", "--context", TOKEN)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param([PROGRAM, "version"], id="itself"),
        pytest.param(["/bin/sh", "-c", f"{PROGRAM} version"], id="by a shell"),
    ],
)
def test_a_run_that_nobody_searches_is_noticed(command: list[str]) -> None:
    """Whoever starts the program past `tests.svc` fails."""
    before = WATCH.unsearched
    subprocess.run(command, check=True, capture_output=True)
    assert WATCH.unsearched == before + 1
    WATCH.end_run(command, {})


# --- kubeconfigs

_BROKEN_KUBECONFIGS = [
    "token: !!int {secret}",
    "token: {{{secret}: x}}",
    "? {{token: {secret}}}\n: x",
    "? [{secret}]\n: x",
    "~: {secret}",
    "users: [{{name: a, user: {{token: [{secret}]}}}}]",
    "users: [{{name: a, user: {{password: {{a: {secret}}}}}}}]",
    "users: [{{name: a, user: {{client-key-data: {secret}!}}}}]",
    "users: [{{name: a, user: {{token: {secret}}}}}, {{name: a, user: {{token: {secret}}}}}]",
    "users: {secret}",
    "{secret}",
    "a: b: {secret}",
    'users: [{{name: a, user: {{token: "{secret}}}}}]',
    "<<: {secret}",
    "users: [{{name: a, user: {{password: *{secret}}}}}]",
    "users: [{{name: a, user: {{token: &{secret} {secret}, token: x}}}}]",
    "users: [{{name: a, user: {{token: !{secret} x}}}}]",
    "users: [{{name: a, user: {{token: {secret}\n\tpassword: {secret}}}}}]",
    "users:\n- name: a\n  user:\n    token: |\n   {secret}",
    '{{"users": [{{"name": "a", "user": {{"token": "{secret}"',
    "users: [{{name: a, user: {{auth-provider: {{name: oidc, config: {{id-token: [{secret}]}}}}}}}}]",
    "users: [{{name: a, user: {{exec: {{command: [{secret}]}}}}}}]",
    "users: [{{name: a, user: {{exec: {{args: {secret}}}}}}}]",
    "users: [{{name: a, user: {{exec: {{env: [{{name: A, value: [{secret}]}}]}}}}}}]",
    "users: [{{name: a, user: {{exec: {{env: {secret}}}}}}}]",
]


@pytest.mark.parametrize("config", _BROKEN_KUBECONFIGS)
def test_a_broken_kubeconfig_keeps_its_secrets(config: str, tmp_path: Path) -> None:
    """Whatever is wrong with it, the error does not repeat what may be a token; kubectl does."""
    path = tmp_path / "config"
    path.write_text(config.format(secret=TOKEN))
    code, out, err = svc_here(*_DEPLOYMENT, "-v=9", KUBECONFIG=str(path))
    assert (code, out) == (1, "")
    assert err


def _kubeconfig(path: Path, server: str, user: dict[str, Any], **cluster: object) -> str:
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "a", "cluster": {"server": server, **cluster}}],
        "users": [{"name": "a", "user": user}],
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "current-context": "a",
    }
    path.write_text(json.dumps(content))
    return str(path)


def _plugin(path: Path, script: str, version: str = "v1") -> dict[str, Any]:
    """The `exec` of a user whose plugin is this shell script, with a secret in its arguments and environment."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {
        "apiVersion": f"client.authentication.k8s.io/{version}",
        "command": str(path),
        "args": ["--secret", TOKEN],
        "env": [{"name": "PASSWORD", "value": PASSWORD}],
        "interactiveMode": "Never",
    }


_V1 = '"apiVersion": "client.authentication.k8s.io/v1"'
_EXEC_OUTPUTS = {
    "no JSON": TOKEN,
    "cut off": f'{{"kind": "ExecCredential", {_V1}, "status": {{"token": "{TOKEN}"',
    "wrong version": f'{{"kind": "ExecCredential", "apiVersion": "v9", "status": {{"token": "{TOKEN}"}}}}',
    "wrong kind": f'{{"kind": "Secret", {_V1}, "status": {{"token": "{TOKEN}"}}}}',
    "no status": f'{{"kind": "ExecCredential", {_V1}, "token": "{TOKEN}"}}',
    "token of a wrong type": f'{{"kind": "ExecCredential", {_V1}, "status": {{"token": ["{TOKEN}"]}}}}',
    "token in a list": f'{{"kind": "ExecCredential", {_V1}, "status": ["{TOKEN}"]}}',
    "token that is no header": f'{{"kind": "ExecCredential", {_V1}, "status": {{"token": "{TOKEN}\\n"}}}}',
    "broken time": f'{{"kind": "ExecCredential", {_V1}, "status": {{"token": "{TOKEN}", "expirationTimestamp": "x"}}}}',
    "key without certificate": f'{{"kind": "ExecCredential", {_V1}, "status": {{"clientKeyData": "{TOKEN}"}}}}',
    "broken key": f'{{"kind": "ExecCredential", {_V1}, '
    f'"status": {{"clientCertificateData": "x", "clientKeyData": "{TOKEN}"}}}}',
    "good": f'{{"kind": "ExecCredential", {_V1}, "status": {{"token": "{TOKEN}"}}}}',
}


@pytest.mark.parametrize("printed", _EXEC_OUTPUTS.values(), ids=_EXEC_OUTPUTS)
@pytest.mark.parametrize("code", [0, 3])
def test_an_exec_plugins_secrets_stay_secret(printed: str, code: int, secure: Server, tmp_path: Path) -> None:
    """Whatever it prints, and however it ends; its own standard error is the user's to read."""
    secure.next_answers(answer("401 Unauthorized", b"{}"))
    plugin = _plugin(tmp_path / "plugin", f"cat <<'END'\n{printed}\nEND\nexit {code}")
    config = _kubeconfig(tmp_path / "config", secure.url, {"exec": plugin}, **{"insecure-skip-tls-verify": True})
    assert svc_here(*_DEPLOYMENT, "-v=9", KUBECONFIG=config, PATH=os.environ["PATH"])[0] == 1


@pytest.mark.parametrize(
    "user",
    [
        pytest.param({"token": TOKEN}, id="token"),
        pytest.param({"token": f"{TOKEN}\nX-More: a"}, id="token that is no header"),
        pytest.param({"username": "u", "password": PASSWORD}, id="password"),
        pytest.param({"username": "u", "password": f"{PASSWORD}\x00"}, id="password with a NUL"),
        pytest.param({"token": TOKEN, "username": "u", "password": PASSWORD}, id="token and password"),
        pytest.param({"client-certificate-data": "eA==", "client-key-data": "cGxhbnRlZC13b3Jk"}, id="no PEM"),
        pytest.param({"auth-provider": {"name": "oidc", "config": {"id-token": TOKEN}}}, id="oidc"),
        pytest.param({"auth-provider": {"name": "gcp", "config": {"access-token": TOKEN}}}, id="gcp"),
        pytest.param({"auth-provider": {"name": "none", "config": {"x": TOKEN}}}, id="unknown provider"),
        pytest.param({"exec": {"command": "/nonexistent", "args": [TOKEN], "apiVersion": "x"}}, id="plugin of no API"),
        pytest.param(
            {
                "exec": {
                    "command": "/nonexistent",
                    "args": [TOKEN],
                    "env": [{"name": "A", "value": PASSWORD}],
                    "apiVersion": "client.authentication.k8s.io/v1",
                    "interactiveMode": "Never",
                }
            },
            id="plugin that is not there",
        ),
        pytest.param({"as": "jane", "as-user-extra": {"scopes": ["view"]}, "token": TOKEN}, id="impersonation"),
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "500 Internal Server Error"])
def test_credentials_show_at_no_level(user: dict[str, Any], status: str, secure: Server, tmp_path: Path) -> None:
    """Not even at -v=10, which logs headers and bodies."""
    secure.next_answers(answer(status, b"{}", [("Set-Cookie", f"session={TOKEN}")]))
    config = _kubeconfig(tmp_path / "config", secure.url, user, **{"insecure-skip-tls-verify": True})
    for level in range(6, 11):
        assert svc_here(*_DEPLOYMENT, f"-v={level}", KUBECONFIG=config)[0] == 1


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with TLS: to any other, no credentials are sent."""
    context = tls_context(tmp_path_factory.mktemp("tls"), Authority().issue("server", "127.0.0.1"))
    with serve(context=context) as server:
        yield server


# --- the command line


@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(["--token", TOKEN], id="token"),
        pytest.param(["--token", TOKEN, "--token", TOKEN], id="twice"),
        pytest.param([f"--tokenn={TOKEN}"], id="misspelt"),
        pytest.param([f"---token={TOKEN}"], id="one dash too many"),
        pytest.param([f"-token={TOKEN}"], id="one dash too few"),
        pytest.param(["--token", TOKEN, "--password"], id="nothing behind it"),
        pytest.param(["--token", TOKEN, "--bogus"], id="beside a wrong flag"),
        pytest.param([f"--token={TOKEN}", "--username", "u", f"--password={PASSWORD}"], id="token and password"),
        pytest.param(["--username", "u", "--password", PASSWORD, "--record"], id="recorded"),
        pytest.param(["--token", f"{TOKEN}\n"], id="no header"),
        pytest.param(["--token", TOKEN, "-s", "http://127.0.0.1:1"], id="plain HTTP"),
        pytest.param(["--token", TOKEN, "-s", "https://127.0.0.1:1"], id="refused"),
        pytest.param(["-s", f"https://u:{_IN_A_URL}@127.0.0.1:1"], id="server"),
        pytest.param(["-s", f"https://u:{_IN_A_URL}@127.0.0.1:1/{{}}"], id="server with a path"),
        pytest.param(["-s", f"https://u:{_IN_A_URL}@a b"], id="server that is no URL"),
        pytest.param(["-s", f"https://u:{_IN_A_URL} x@host"], id="user that is none"),
        pytest.param(["-s", f"u:{_IN_A_URL}@host/path"], id="server without a scheme"),
        pytest.param(["-s", f"https://{TOKEN}@"], id="no host"),
        pytest.param(["-s", f"https://u:{_IN_A_URL}@127.0.0.1:1", "--match-server-version"], id="version"),
    ],
)
def test_what_is_typed_is_not_repeated(argv: list[str]) -> None:
    """However wrong the command line is."""
    assert svc(*_DEPLOYMENT, "-v=9", *argv).returncode == 1


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"])
@pytest.mark.parametrize("proxy", [f"http://u:{_IN_A_URL}@127.0.0.1:1", f"ftp://u:{_IN_A_URL}@h", f"u:{_IN_A_URL}@ h"])
def test_a_proxys_password_is_not_repeated(variable: str, proxy: str) -> None:
    """Neither one that answers nobody nor one that is none."""
    for server in ("https://192.0.2.1:1", "http://192.0.2.1:1"):
        argv = ("-s", server, "--token", TOKEN, "--request-timeout=10ms", "-v=9")
        environ: dict[str, Any] = {variable: proxy}
        assert svc_here(*_DEPLOYMENT, *argv, **environ)[0] == 1


# --- the server's answers


_STATUS = json.dumps({"kind": "Status", "status": "Failure", "message": f"Authorization: Bearer {TOKEN}"}).encode()
_ECHO = f"GET /\nAuthorization: Bearer {TOKEN}".encode()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(answer("200 OK", b"{}", [("Set-Cookie", f"a={TOKEN}; Secure")]), id="cookie"),
        pytest.param(
            answer("302 Found", b"", [("Location", f"https://u:{_IN_A_URL}@127.0.0.1:1/")]),
            id="redirect",
        ),
        pytest.param(answer("407 Authenticate", b"{}", [("Proxy-Authorization", f"Basic {TOKEN}")]), id="proxy"),
        pytest.param(answer("502 Bad Gateway", _ECHO, kind="text/plain"), id="text"),
        pytest.param(answer("403 Forbidden", _STATUS), id="status"),
        pytest.param(answer("200 OK", b"{}", [("Warning", f'299 - "Bearer {TOKEN}"')]), id="warning"),
        pytest.param(answer("403 Forbidden", b"{}", [("X-Request", f"Bearer {TOKEN}")]), id="header"),
        pytest.param(answer(f"403 {TOKEN}", b"{}"), id="phrase"),
    ],
)
def test_an_answer_is_not_quoted_with_secrets(reply: Answer, secure: Server) -> None:
    """A gateway that shows us our own request does not make us show it."""
    secure.next_answers(reply)
    argv = ("-s", secure.url, "--insecure-skip-tls-verify", "--token", TOKEN, "-v=9")
    assert svc_here(*_DEPLOYMENT, *argv)[0] == 1


_ECHO_OF_A_PASSWORD = f"403 Basic {base64.b64encode(f'u:{PASSWORD}'.encode()).decode()}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_echoes_is_not_quoted(scheme: str) -> None:
    """Whether it forwards the request or is to make a tunnel."""
    reply = answer(_ECHO_OF_A_PASSWORD, _ECHO_OF_A_PASSWORD.encode(), kind="text/plain")
    with serve(reply) as proxy:
        argv = ("-s", f"{scheme}://kube.example", "--token", TOKEN, "-v=9")
        proxy_url = f"http://u:{_IN_A_URL}@{proxy.address}"
        code, _, err = svc_here(*_DEPLOYMENT, *argv, HTTP_PROXY=proxy_url, HTTPS_PROXY=proxy_url)
    assert code == 1
    assert "403 Basic <masked>" in err


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(answer("404 Not Found"), id="missing"),
        pytest.param(answer(body=b"{"), id="broken"),
        pytest.param(answer("302 Found", b""), id="moved"),
        pytest.param(answer(_ECHO_OF_A_PASSWORD), id="echo"),
    ],
)
def test_a_manifests_url_is_named_without_its_password(reply: Answer) -> None:
    """`-f https://user:password@host/...`, whatever comes back; nobody answers on port 1."""
    with serve(reply) as server:
        for address in (server.address, "127.0.0.1:1"):
            url = f"http://u:{_IN_A_URL}@{address}/x.yaml"
            assert svc_here("expose", "-f", url, "--dry-run=client", "-v=9")[0] == 1


# --- other processes

_RECORDER = """#!/bin/sh
{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; } >> "$RECORD"
echo '{}'
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="there is no /proc to look into")
@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(["-o", "jsonpath={.metadata.name}"], id="template"),
        pytest.param(["--overrides", '{"a": 1}', "--override-type", "strategic"], id="overrides"),
        pytest.param(["-k", "."], id="kustomize"),
    ],
)
def test_ps_shows_no_secret_of_ours(argv: list[str], tmp_path: Path) -> None:
    """A kubectl that we start is told nothing that only the command line or the kubeconfig knows."""
    recorder, record = tmp_path / "kubectl", tmp_path / "record"
    recorder.write_text(_RECORDER)
    recorder.chmod(0o755)
    record.write_text("")
    manifest = tmp_path / "pod.json"
    manifest.write_text('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"a": "b"}}}')
    source = [] if "-k" in argv else ["-f", str(manifest)]
    config = _kubeconfig(tmp_path / "config", "https://127.0.0.1:1", {"token": TOKEN})
    secrets = ("--token", TOKEN, "-s", f"https://u:{_IN_A_URL}@127.0.0.1:1")
    done = svc(
        *("expose", *source, "--port", "1", "--dry-run=client", *secrets, *argv),
        kubeconfig=config,
        KUBECTL_PATH=str(recorder),
        RECORD=str(record),
    )
    seen = record.read_text()
    assert seen, done.stderr
    WATCH.search(seen)


# --- tracebacks

_SECRET_FIELDS = {
    *("token", "password", "client_key_data", "headers", "typed", "config", "env", "proxy_url", "auth_provider", "exec")
}


class _Anything(str):
    """Stands for a field of any type as far as a repr looks at it."""

    name = ""


def _values() -> list[type[Value]]:
    """Every value of the package that has a field which may hold a secret."""
    for module in pkgutil.walk_packages(kubectl_svc.__path__, "kubectl_svc."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting: list[type[Value]] = [Value]
    found: list[type[Value]] = []
    while waiting:
        found += (subclasses := waiting.pop().__subclasses__())
        waiting += subclasses
    ours = [kind for kind in found if kind.__module__.startswith("kubectl_svc.")]
    return [kind for kind in ours if _SECRET_FIELDS.intersection(kind._fields)]


def test_a_value_does_not_show_its_secrets() -> None:
    """Its repr may stand in a traceback."""
    assert len(_values()) > 3
    made = [
        kind(**{field: _Anything(TOKEN if field in _SECRET_FIELDS else "") for field in kind._fields})
        for kind in _values()
    ]
    assert [type(value).__name__ for value in made if TOKEN in repr(value)] == []
