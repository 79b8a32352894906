"""Kubeconfigs, flags and environment, read by us and by the real kubectl: the same requests, the same refusals."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
import sys

import hypothesis
import pytest
from hypothesis import strategies as st

from kubectl_svc.access import kubeconfig
from kubectl_svc.access.kubeconfig_file import read
from kubectl_svc.access.transport import Transport
from kubectl_svc.errors import ConfigError, SvcError
from kubectl_svc.output.console import Console
from kubectl_svc.output.messages import render_error
from kubectl_svc.request import ClusterFlags
from kubectl_svc.value import Value
from tests.access.servers import Authority, closed_port, serve, tls_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from tests.access.servers import Asked, Server
    from tests.control_plane.build import Programs

_TYPED = "typed"  # a token or password on the command line

# kubectl's flag for each field of ClusterFlags that is not named after it.
_FLAG_NAMES = {"as_user": "as", "as_groups": "as-group"}


class Case(Value):
    """Files of a folder, and how kubectl is run in it. `config` is the file that is read when nothing else is said."""

    id: str
    config: str = ""
    flags: ClusterFlags = ClusterFlags()
    environ: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    expected: str = ""  # where kubectl's answer is deliberately not ours


def _base(user: str = "{token: sesame}", cluster: str = "certificate-authority: ca.crt", context: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Config\ncurrent-context: c\n"
        f"clusters:\n- name: a\n  cluster: {{server: SERVER, {cluster}}}\n"
        f"users:\n- name: u\n  user: {user}\n"
        f"contexts:\n- name: c\n  context: {{cluster: a, user: u{context}}}\n"
    )


_SECOND = (
    "current-context: c\ncontexts:\n- name: c\n  context: {cluster: wrong, user: wrong}\n"
    "- name: d\n  context: {cluster: a, user: v}\n"
    "users:\n- name: u\n  user: {as: never, username: never, password: never}\n- name: v\n  user: {token: second}\n"
)

REACHES = [
    Case(id="token", config=_base()),
    Case(id="token-file", config=_base("{tokenFile: token}"), files={"token": " from-file\n"}),
    Case(id="token-file-beats-token", config=_base("{token: x, tokenFile: token}"), files={"token": "from-file"}),
    Case(id="basic", config=_base('{username: jane, password: "pa:ss wörd"}')),
    Case(id="username", config=_base("{username: jane}")),
    Case(id="certificate-files", config=_base("{client-certificate: client.pem, client-key: client.pem}")),
    Case(
        id="certificate-data",
        config=_base("{client-certificate-data: CLIENT_DATA, client-key-data: CLIENT_DATA}"),
    ),
    Case(id="certificate-mixed", config=_base("{client-certificate-data: CLIENT_DATA, client-key: client.pem}")),
    Case(id="certificate-and-token", config=_base(
        "{token: t, client-certificate: client.pem, client-key: client.pem}")),
    Case(id="ca-data", config=_base(cluster="certificate-authority-data: CA_DATA")),
    Case(id="insecure", config=_base(cluster="insecure-skip-tls-verify: true")),
    Case(id="insecure-yes-is-a-bool", config=_base(cluster="insecure-skip-tls-verify: yes")),
    Case(id="server-name", config=_base(cluster="certificate-authority: ca.crt, tls-server-name: api.example.com")),
    Case(
        id="impersonation",
        config=_base("{token: t, as: jane, as-uid: 7f, as-groups: [g1, g2], as-user-extra: {A/b%: [x, z], c: ['y']}}"),
    ),
    Case(
        id="impersonation-flags",
        config=_base("{token: t, as: jane, as-groups: [g1]}"),
        flags=ClusterFlags(
            as_user="joe", as_uid="u", as_groups=("g3", "g4"), as_user_extra=("k=v=w", "k=2", "dropped", "ключ=ü")
        ),
    ),
    Case(id="token-flag", config=_base("{}"), flags=ClusterFlags(token=_TYPED)),
    Case(id="token-flag-beats-exec", config=_base(
        "{exec: {command: never, apiVersion: client.authentication.k8s.io/v1beta1}}"),
         flags=ClusterFlags(token=_TYPED)),
    Case(id="user-flags", config=_base("{}"), flags=ClusterFlags(username="jane", password=_TYPED)),
    Case(
        id="certificate-flags-beat-data",
        config=_base("{client-certificate-data: aGk=, client-key-data: aGk=}"),
        flags=ClusterFlags(client_certificate="client.pem", client_key="client.pem"),
    ),
    Case(
        id="ca-flag-beats-insecure-and-data",
        config=_base(cluster="insecure-skip-tls-verify: true, certificate-authority-data: aGk="),
        flags=ClusterFlags(certificate_authority="ca.crt"),
    ),
    Case(id="insecure-flag-beats-ca", config=_base(cluster="certificate-authority-data: aGk="),
         flags=ClusterFlags(insecure_skip_tls_verify=True)),
    Case(
        id="server-flag-drops-server-name",
        config=_base(cluster="certificate-authority: ca.crt, tls-server-name: wrong.example.com").replace(
            "SERVER", "https://127.0.0.1:1"
        ),
        flags=ClusterFlags(server="SERVER"),
    ),
    Case(
        id="server-name-flag",
        config=_base(cluster="certificate-authority: ca.crt, tls-server-name: wrong.example.com"),
        flags=ClusterFlags(tls_server_name="api.example.com"),
    ),
    Case(id="context-flag", config=_base() + "- name: d\n  context: {cluster: a, user: v}\n", files={"b": _SECOND},
         environ={"KUBECONFIG": "config:b"}, flags=ClusterFlags(context="d")),
    Case(id="user-flag", config=_base(), files={"b": _SECOND}, environ={"KUBECONFIG": "config:b"},
         flags=ClusterFlags(user="v")),
    Case(id="cluster-flag", config=_base().replace("cluster: a,", "cluster: none,"), flags=ClusterFlags(cluster="a")),
    Case(id="list-first-wins", config=_base(), files={"b": _SECOND},
         environ={"KUBECONFIG": ":missing:config:b:config:"}),
    Case(id="list-first-current-context-wins", config=_base(), flags=ClusterFlags(cluster="a"),
         files={"b": _SECOND.replace("context: c\n", "context: d\n")}, environ={"KUBECONFIG": "b:config"}),
    Case(id="explicit-path-beats-list", config=_base(), files={"b": "users: 3"}, environ={"KUBECONFIG": "b"},
         flags=ClusterFlags(kubeconfig="config")),
    Case(
        id="paths-of-its-own-folder",
        files={"sub/k": _base("{tokenFile: ../sub/./t}", cluster="certificate-authority: ../ca.crt"), "sub/t": "near"},
        flags=ClusterFlags(kubeconfig="sub/k"),
    ),
    Case(
        id="json",
        config=json.dumps(
            {
                "clusters": [{"name": "a", "cluster": {"server": "SERVER", "insecure-skip-tls-verify": True}}],
                "users": [{"name": "u", "user": {"token": "json"}}],
                "contexts": [{"name": "c", "context": {"cluster": "a", "user": "u"}}],
                "current-context": "c",
            },
            indent="\t",
        ),
    ),
    Case(id="unknown-fields", config=_base("{token: t, tokne: 3}") + "more: [1]\n"),
    Case(id="anchors", config=_base("&u {token: t}") + "other: *u\n"),
    Case(id="second-document-ignored", config=_base() + "---\nclusters: 3\n"),
    Case(id="duplicate-key-last-wins", config=_base("{token: one, token: two}")),
    Case(id="crlf", config=_base().replace("\n", "\r\n")),
    Case(id="bom", config="\ufeff" + _base()),
    Case(id="name-is-a-date", config=_base().replace(": u", ": 2001-01-01")),
    Case(id="plain-http-drops-credentials", config=_base("{token: t, as: jane}", cluster="tls-server-name: x").replace(
        "SERVER", "PLAIN")),
    Case(id="host-and-port-is-plain-http", flags=ClusterFlags(server="HOSTPORT", token=_TYPED)),
    Case(id="userinfo-in-the-url", flags=ClusterFlags(server="USERINFO")),
    Case(id="default-server", environ={"KUBERNETES_MASTER": "PLAIN"}),
    Case(id="cluster-without-server", config=_base().replace("server: SERVER, ", ""),
         environ={"KUBERNETES_MASTER": "SERVER"}),
    Case(id="request-timeout", config=_base(), flags=ClusterFlags(request_timeout="20")),
]  # fmt: skip

_EXEC = "{exec: {command: x, apiVersion: client.authentication.k8s.io/v1%s}}"
FAILS = [
    Case(id="nothing"),
    Case(id="empty-file", config="\n"),
    Case(id="only-a-comment", config="# nothing\n"),
    Case(id="null-sections", config="clusters: null\nusers:\n- null\n"),
    Case(id="missing-explicit", flags=ClusterFlags(kubeconfig="nope")),
    Case(id="missing-listed", environ={"KUBECONFIG": "nope:neither"}),
    Case(id="folder", flags=ClusterFlags(kubeconfig=".")),
    Case(id="below-a-file", config="a: b", flags=ClusterFlags(kubeconfig="config/x")),
    Case(id="several-bad-files", config="[]", files={"b": "{"}, environ={"KUBECONFIG": "config:b"}),
    Case(id="wrong-kind", config="kind: Pod"),
    Case(id="wrong-version", config="apiVersion: v2"),
    Case(id="version-number", config="apiVersion: 1"),
    Case(id="kind-list", config="kind: []"),
    Case(id="list", config="[]"),
    Case(id="text", config="hello"),
    Case(id="html", config="<html></html>"),
    Case(id="cut-off-flow", config="{"),
    Case(id="bad-json", config='{"clusters": [}'),
    Case(id="tab", config="a:\n\t- b\n"),
    Case(id="colon", config="a: b: c\n"),
    Case(id="colon-later", config=_base("{token: a: b}")),
    Case(id="bad-indent", config="a:\n  - b\n c: d\n"),
    Case(id="unclosed-list", config="a:\n  b: [1, 2\nc: d\n"),
    Case(id="unclosed-quote", config='a: "x\nb: c\n'),
    Case(id="control-character", config="a: \x01\n"),
    Case(id="at-sign", config="@x"),
    Case(id="clusters-object", config="clusters: {}"),
    Case(id="clusters-text", config="clusters: abc"),
    Case(id="name-number", config="clusters:\n- name: 1\n"),
    Case(id="server-number", config="clusters:\n- name: a\n  cluster: {server: 12}\n"),
    Case(id="username-y-is-a-bool", config="users:\n- name: u\n  user: {username: y}\n"),
    Case(id="token-number", config="users:\n- name: u\n  user: {token: 1_000}\n"),
    Case(id="token-octal", config="users:\n- name: u\n  user: {token: 0o17}\n"),
    Case(id="token-float", config="users:\n- name: u\n  user: {token: 1e3}\n"),
    Case(id="first-error-in-key-order", config="users:\n- name: u\n  user: {token: 1}\nclusters: abc\n"),
    Case(id="bool-text", config='clusters:\n- name: a\n  cluster: {insecure-skip-tls-verify: "true"}\n'),
    Case(id="data-number", config="clusters:\n- name: a\n  cluster: {certificate-authority-data: 1}\n"),
    Case(id="groups-number", config="users:\n- name: u\n  user: {as-groups: [1]}\n"),
    Case(id="extra-text", config="users:\n- name: u\n  user: {as-user-extra: {a: b}}\n"),
    Case(id="exec-env", config="users:\n- name: u\n  user: {exec: {env: {}}}\n"),
    Case(id="auth-provider-number", config="users:\n- name: u\n  user: {auth-provider: {config: {a: 1}}}\n"),
    Case(id="preferences", config="preferences: {colors: 3}"),
    Case(id="current-context-list", config="current-context: [1]"),
    Case(id="duplicate-name", config="users:\n- {name: u, user: {token: sesame}}\n- {name: u}\n",
         expected='error: error loading config file "PATH": error converting *[]NamedAuthInfo into '
                  '*map[string]*api.AuthInfo: duplicate name "u" in list'),
    Case(id="current-context-unknown", config="current-context: abc"),
    Case(id="context-flag-unknown", config=_base(), flags=ClusterFlags(context="nope", namespace="x")),
    Case(id="user-flag-unknown", config=_base(), flags=ClusterFlags(user="nope", context="nope")),
    Case(id="cluster-flag-unknown", config=_base(), flags=ClusterFlags(cluster="nope")),
    Case(id="cluster-flag-after-context", config=_base(), flags=ClusterFlags(cluster="nope", context="n", user="u")),
    Case(id="ca-missing", config=_base(cluster="certificate-authority: nope")),
    Case(id="ca-twice", config=_base(cluster="certificate-authority: nope, certificate-authority-data: CA_DATA")),
    Case(id="ca-no-pem", config=_base(cluster="certificate-authority-data: aGk=")),
    Case(id="ca-and-insecure", config=_base(
        cluster="certificate-authority-data: CA_DATA, insecure-skip-tls-verify: true")),
    Case(id="ca-flag-and-insecure-flag", config=_base(),
         flags=ClusterFlags(certificate_authority="ca.crt", insecure_skip_tls_verify=True)),
    Case(id="certificate-without-key", config=_base("{client-certificate: nope}")),
    Case(id="certificate-and-more", config=_base("{client-certificate: nope, client-key: no, as-uid: r}")),
    Case(id="certificate-twice", config=_base(
        "{client-certificate: nope, client-key: no, client-certificate-data: aGk=, client-key-data: aGk=}")),
    Case(id="certificate-no-pem", config=_base("{client-certificate-data: aGk=, client-key-data: aGk=}")),
    Case(id="key-no-pem", config=_base("{client-certificate-data: CLIENT_DATA, client-key-data: aGk=}")),
    Case(id="key-of-another", config=_base("{client-certificate-data: CLIENT_DATA, client-key-data: OTHER_DATA}")),
    Case(id="token-and-password", config=_base("{token: t, username: jane}")),
    Case(id="group-without-user", config=_base(), flags=ClusterFlags(as_groups=("g",))),
    Case(id="token-file-missing", config=_base("{tokenFile: nope}")),
    Case(id="exec-empty", config=_base("{exec: {env: [{value: x}]}}")),
    Case(id="exec-no-mode", config=_base(_EXEC % "")),
    Case(id="exec-bad-mode", config=_base("{exec: {command: x, apiVersion: v, interactiveMode: Sometimes}}")),
    Case(id="exec-and-provider", config=_base("{auth-provider: {name: x}, exec: {command: x, apiVersion: v}}")),
    Case(id="proxy-scheme", config=_base(cluster='proxy-url: "ftp://x"')),
    Case(id="proxy-no-scheme", config=_base(cluster="proxy-url: x")),
    Case(id="timeout", config=_base(), flags=ClusterFlags(request_timeout="x")),
    Case(id="timeout-unit", config=_base(), flags=ClusterFlags(request_timeout="1x")),
    Case(id="server-path-only", flags=ClusterFlags(server="foo/bar")),
    Case(id="server-open-bracket", flags=ClusterFlags(server="http://[::1")),
    Case(id="server-bad-port", flags=ClusterFlags(server="https://h:abc")),
    Case(id="server-no-host", flags=ClusterFlags(server="http://")),
    Case(id="server-scheme", flags=ClusterFlags(server="ftp://127.0.0.1")),
    Case(id="refused", config=_base().replace("SERVER", "https://CLOSED")),
    Case(id="refused-plain", flags=ClusterFlags(server="http://CLOSED/prefix?query")),
    Case(id="refused-ipv6", flags=ClusterFlags(server="http://[::1]:CLOSED6")),
    Case(id="no-identity", config=_base("{}")),
    Case(id="no-identity-empty-token-file", config=_base("{tokenFile: empty}"), files={"empty": ""}),
]  # fmt: skip


class Place:
    """A folder with a TLS and a plain server beside it; fills in the words in capitals."""

    def __init__(self, folder: Path, secure: Server, plain: Server, words: Mapping[str, str]) -> None:
        self.folder = folder
        self.servers = (secure, plain)
        self.words = {
            "SERVER": secure.url,
            "PLAIN": plain.url,
            "HOSTPORT": plain.address,
            "USERINFO": plain.url.replace("://", "://jane:s%40me@"),
            "CLOSED6": str(closed_port()),
            "CLOSED": f"127.0.0.1:{closed_port()}",
            **words,
        }

    def filled(self, text: str) -> str:
        for word, value in self.words.items():
            text = text.replace(word, value)
        return text

    def prepare(self, case: Case) -> tuple[ClusterFlags, dict[str, str]]:
        """Writes the files; flags and environment with absolute paths."""
        path = self.folder / "config"
        for name, text in {**case.files, **({"config": case.config} if case.config else {})}.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(self.filled(text), encoding="utf-8", newline="")
        listed = case.environ.get("KUBECONFIG", str(path) if case.config else "")
        environ = {
            **{name: self.filled(value) for name, value in case.environ.items()},
            "KUBECONFIG": os.pathsep.join(name and str(self.folder / name) for name in listed.split(":")),
        }
        return self._flags(case), environ if listed else environ | {"KUBECONFIG": ""}

    def _flags(self, case: Case) -> ClusterFlags:
        flags: ClusterFlags = case.flags.but(server=self.filled(case.flags.server))
        for field in ("kubeconfig", "certificate_authority", "client_certificate", "client_key"):
            if getattr(flags, field):
                flags = flags.but(**{field: os.path.join(self.folder, getattr(flags, field))})
        return flags

    def take(self) -> list[Asked]:
        """What the servers were asked since last time."""
        asked = [request for server in self.servers for request in server.asked]
        for server in self.servers:
            server.asked.clear()
        return asked


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Signs servers and clients alike."""
    return Authority()


@pytest.fixture
def place(tmp_path: Path, authority: Authority) -> Iterator[Place]:
    """A folder with CA and client certificates, and servers that remember requests."""
    client, other = authority.issue("jane"), authority.issue("other")
    (tmp_path / "ca.crt").write_bytes(authority.certificate)
    (tmp_path / "client.pem").write_bytes(client)
    data = {
        "CLIENT_DATA": base64.b64encode(client).decode(),
        "OTHER_DATA": base64.b64encode(other).decode(),
        "CA_DATA": base64.b64encode(authority.certificate).decode(),
    }
    context = tls_context(tmp_path, authority.issue("server", "127.0.0.1", "api.example.com"), authority.certificate)
    with serve(context=context) as secure, serve() as plain:
        yield Place(tmp_path, secure, plain, data)


def _run_kubectl(
    programs: Programs, flags: ClusterFlags, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs.kubectl, "get", "--raw", "/x", *_words(flags)],
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _words(flags: ClusterFlags) -> Iterator[str]:
    for field in flags._fields:
        value = getattr(flags, field)
        name = _FLAG_NAMES.get(field, field.replace("_", "-"))
        for word in (value,) if isinstance(value, (str, bool)) else value:
            if word:
                yield f"--{name}={str(word).lower() if word is True else word}"


def _send(flags: ClusterFlags, environ: Mapping[str, str], home: Path) -> None:
    console = Console(io.BytesIO(), sys.stdout.buffer, sys.stderr.buffer)
    connection = kubeconfig.load(flags, environ, str(home)).connection(console.ask)
    transport = Transport(connection)
    try:
        transport.request("GET", "/x")
    finally:
        transport.close()


def _identity(asked: Asked) -> tuple[object, ...]:
    headers = asked.headers_named("authorization"), asked.headers_named("impersonate-")
    # kubectl tells the server its --request-timeout too, as ?timeout=; we keep it to ourselves.
    return asked.method, asked.target.partition("?")[0], headers, asked.name, asked.certificate


@pytest.mark.parametrize("case", REACHES, ids=lambda case: case.id)
def test_same_request_as_kubectl(case: Case, place: Place, programs: Programs) -> None:
    """We ask the same server with the same token, password, certificate, TLS name and impersonation as kubectl."""
    flags, environ = place.prepare(case)
    _send(flags, environ, place.folder)
    ours = place.take()

    done = _run_kubectl(programs, flags, environ)

    assert done.returncode == 0, done.stderr
    assert list(map(_identity, ours)) == list(map(_identity, place.take()))
    assert len(ours) == 1


@pytest.mark.parametrize("case", FAILS, ids=lambda case: case.id)
def test_same_refusal_as_kubectl(
    case: Case, place: Place, programs: Programs, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be used is refused with kubectl's words; only after "Unable to connect" they are our own."""
    flags, environ = place.prepare(case)
    with pytest.raises(SvcError) as failure:
        _send(flags, environ, place.folder)
    ours = render_error(failure.value)

    done = _run_kubectl(programs, flags, environ)
    theirs = case.expected.replace("PATH", str(place.folder / "config")) + "\n" if case.expected else done.stderr

    assert done.returncode == 1
    assert _comparable(ours) == _comparable(theirs)
    assert capsys.readouterr().out == done.stdout
    assert place.take() == []


def _comparable(stderr: str) -> str:
    head, colon, _ = stderr.partition("Unable to connect to the server: ")
    return head + colon


# What the official client reads otherwise than client-go: it knows no KUBERNETES_MASTER, merges lists in its own way,
# keeps credentials for plain HTTP, and leaves YAML to PyYAML's rules.
_NOT_FOR_OFFICIAL_CLIENT = (
    "default-server", "cluster-without-server", "token-file-beats-token", "basic", "username", "list-first-wins",
    "json", "second-document-ignored", "bom", "name-is-a-date", "plain-http-drops-credentials",
)  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [case for case in REACHES if case.flags == ClusterFlags() and case.id not in _NOT_FOR_OFFICIAL_CLIENT],
    ids=lambda case: case.id,
)
def test_same_reading_as_official_client(case: Case, place: Place) -> None:
    """The official Python client sees the same server, CA, certificate and token in the same files."""
    from kubernetes import client, config

    _, environ = place.prepare(case)
    ours = kubeconfig.load(ClusterFlags(), environ, str(place.folder)).connection()
    theirs = client.Configuration()
    config.load_kube_config(environ["KUBECONFIG"], client_configuration=theirs, persist_config=False)

    assert ours.server == theirs.host
    assert ours.insecure == (not theirs.verify_ssl)
    assert ours.server_name == (theirs.tls_server_name or "")
    assert _content(ours.certificate_authority, ours.certificate_authority_data) == _content(theirs.ssl_ca_cert)
    assert ours.token.strip() == theirs.api_key.get("authorization", "").removeprefix("Bearer ").strip()
    assert _content(ours.client_certificate, ours.client_certificate_data) == _content(theirs.cert_file)
    assert _content(ours.client_key, ours.client_key_data) == _content(theirs.key_file)


def _content(path: str | None, data: bytes = b"") -> bytes:
    if data or not path:
        return data
    with open(path, "rb") as file:
        return file.read()


@pytest.mark.parametrize(
    ("context", "flags"),
    [
        ("", ClusterFlags()),
        (", namespace: lab", ClusterFlags()),
        (", namespace: lab", ClusterFlags(namespace="typed")),
        (", namespace: default", ClusterFlags()),
    ],
    ids=["none", "context", "flag", "default"],
)
def test_namespace(context: str, flags: ClusterFlags, place: Place) -> None:
    """The flag, then the context, then `default`; only the flag is explicit."""
    flags, environ = place.prepare(Case(id="", config=_base(context=context), flags=flags))
    expected = (flags.namespace, True) if flags.namespace else (context.rpartition(" ")[2] or "default", False)

    assert kubeconfig.load(flags, environ, "").namespace() == expected


def test_namespace_of_broken_user(place: Place) -> None:
    """All that is wrong with the chosen context is said, as `kubectl` does before it asks for anything."""
    _, environ = place.prepare(Case(id="", config=_base("{token: t, username: jane, as-uid: u}")))

    with pytest.raises(ConfigError) as failure:
        kubeconfig.load(ClusterFlags(), environ, "").namespace()

    assert len(failure.value.problems) == 2


def _pod(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}


def test_inside_a_pod(tmp_path: Path) -> None:
    """Without any configuration a pod uses its service account: token, CA, namespace."""
    environ = _pod(tmp_path, {"token": "pod-token", "ca.crt": "ca", "namespace": "team\n"})
    config = kubeconfig.load(ClusterFlags(), environ, str(tmp_path / "home"), service_account=str(tmp_path))
    connection = config.connection()

    assert connection.server == "https://[fd00::1]:443"
    assert (connection.token, connection.token_file) == ("pod-token", str(tmp_path / "token"))
    assert connection.certificate_authority == str(tmp_path / "ca.crt")
    assert config.namespace() == ("team", False)


@pytest.mark.parametrize(
    ("flags", "environ", "server"),
    [
        (ClusterFlags(server="https://elsewhere", token=_TYPED), {}, "https://elsewhere"),
        (ClusterFlags(token=_TYPED), {}, "https://[fd00::1]:443"),
        (ClusterFlags(request_timeout="5s"), {}, "http://localhost:8080"),
        (ClusterFlags(as_user="jane"), {}, "http://localhost:8080"),
        (ClusterFlags(), {"KUBERNETES_SERVICE_PORT": ""}, "http://localhost:8080"),
    ],
    ids=["server", "token", "timeout", "impersonation", "no-port"],
)
def test_flags_inside_a_pod(flags: ClusterFlags, environ: dict[str, str], server: str, tmp_path: Path) -> None:
    """The service account counts only while nothing else is configured; client-go's rule, odd as it is."""
    environ = _pod(tmp_path, {"token": "pod-token"}) | environ
    connection = kubeconfig.load(flags, environ, "", service_account=str(tmp_path)).connection()

    assert connection.server == server
    assert connection.token_file == "" or flags.token == ""


def test_pod_namespace_yields_to_kubeconfig(tmp_path: Path) -> None:
    """A namespace that a context names is not replaced by the pod's, and POD_NAMESPACE beats the file."""
    environ = _pod(tmp_path, {"token": "t", "namespace": "file"}) | {"POD_NAMESPACE": "variable"}
    (tmp_path / "k").write_text(_base(context=", namespace: default").replace("SERVER", "https://h"), encoding="utf-8")
    (tmp_path / "ca.crt").write_text("", encoding="utf-8")

    def namespace(path: str) -> str:
        flags = ClusterFlags(kubeconfig=path)
        return kubeconfig.load(flags, environ, "", service_account=str(tmp_path)).namespace()[0]

    assert namespace("") == "variable"
    assert namespace(str(tmp_path / "k")) == "default"


def test_username_and_password_are_asked_for(place: Place) -> None:
    """A TLS server without any identity: both words are asked for, the password hidden."""
    _, environ = place.prepare(Case(id="", config=_base("{}")))
    asked: list[tuple[str, bool]] = []

    def ask(field: str, hidden: bool) -> str:
        asked.append((field, hidden))
        return field.lower()

    connection = kubeconfig.load(ClusterFlags(), environ, "").connection(ask)

    assert asked == [("Username", False), ("Password", True)]
    assert (connection.username, connection.password) == ("username", "password")


@pytest.mark.parametrize("user", [_EXEC % "beta1", "{auth-provider: {name: oidc}}"], ids=["exec", "auth-provider"])
def test_login_not_supported_yet(user: str, place: Place) -> None:
    """Exec plugins and auth providers are refused plainly as long as nothing runs them."""
    _, environ = place.prepare(Case(id="", config=_base(user)))

    with pytest.raises(SvcError, match="not supported yet"):
        kubeconfig.load(ClusterFlags(), environ, "").connection()


def test_files_are_read_once(place: Place) -> None:
    """A kubeconfig may be a pipe: what was read is kept in the value that `load` returned."""
    _, environ = place.prepare(Case(id="", config=_base(context=", namespace: lab")))
    config = kubeconfig.load(ClusterFlags(), environ, "")
    config.connection()
    (place.folder / "config").unlink()

    assert config.namespace() == ("lab", False)


def test_no_secret_in_any_repr(place: Place) -> None:
    """Neither flags nor connections show what they hold when they end up in a traceback."""
    flags, environ = place.prepare(Case(id="", config=_base(), flags=ClusterFlags(token=_TYPED)))
    connection = kubeconfig.load(flags, environ, "").connection()

    assert _TYPED not in repr(flags) + repr(connection)
    assert "sesame" not in repr(connection)


@hypothesis.given(
    st.binary(max_size=200) | st.text(alphabet="abc:-{}[]\"'&*!|>%@`# \n\t,?0~<=", max_size=60).map(str.encode)
)
def test_any_bytes_give_fields_or_a_reason(data: bytes) -> None:
    """No file makes the reader fail in any other way than with a ValueError that says why."""
    try:
        fields: object = read(data)
    except ValueError as error:
        fields = str(error)

    assert fields == {} or fields


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "], ids=["list", "object", "block", "key"])
def test_deep_nesting_is_no_crash(opening: str) -> None:
    """A file nested 50,000 deep ends in a reason, not in a traceback or a fallen interpreter."""
    program = "import sys\nfrom kubectl_svc.access.kubeconfig_file import read\nread(sys.stdin.buffer.read())"
    done = subprocess.run(
        [sys.executable, "-c", program], input=opening.encode() * 50_000, capture_output=True, check=False
    )

    assert b"ValueError" in done.stderr.splitlines()[-1]


def test_alias_bomb_costs_nothing() -> None:
    """Nested aliases (a "billion laughs") are neither expanded nor walked through."""
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]

    with pytest.raises(ValueError, match="yaml: document contains excessive aliasing"):
        read("\n".join([*rows, "clusters: *a29"]).encode())


@hypothesis.given(st.text(alphabet="YWJj=+/\n *", max_size=12), st.sampled_from(["certificate-authority-data"]))
@hypothesis.settings(max_examples=300)
def test_base64_is_standard(text: str, field: str) -> None:
    """Inline data is taken exactly when it is standard base64 with padding and line breaks at most."""
    field = "certificate-authority-data"
    compact = text.replace("\n", "")
    standard = re.fullmatch("(?:[YWJj+/]{4})*(?:[YWJj+/]{2}==|[YWJj+/]{3}=)?", compact)
    expected = base64.b64decode(compact) if standard else None
    document: dict[str, Any] = {"clusters": [{"name": "a", "cluster": {field: text}}]}
    try:
        decoded: bytes | None = read(json.dumps(document).encode())["clusters"][0]["cluster"][field]
    except ValueError:
        decoded = None

    assert decoded == expected
