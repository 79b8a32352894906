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

from kubectl_svc.access.connection import AuthProvider
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.access.kubeconfig.file import read
from kubectl_svc.errors import ConfigError, SvcError
from kubectl_svc.output.console import Console
from kubectl_svc.output.messages import render_error
from kubectl_svc.request import ClusterFlags
from tests.access.kubeconfig_suite import REACHES, REFUSED, TYPED, UNREADABLE, Case, base, prepare
from tests.access.servers import Authority, closed_port, serve, tls_context
from tests.differential.programs import run_kubectl, run_svc
from tests.svc import svc
from tests.unprivileged import unprivileged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from tests.access.servers import Asked, Server
    from tests.control_plane.build import Programs

# kubectl's flag for each field of ClusterFlags that is not named after it.
_FLAG_NAMES = {"as_user": "as", "as_groups": "as-group"}


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

    def prepare(self, case: Case) -> tuple[ClusterFlags, dict[str, str]]:
        """Writes the files; flags and environment with absolute paths."""
        return prepare(case, self.folder, self.words)

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
    connection = Kubeconfig(flags, environ, str(home)).connection(console.ask)
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


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
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


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case.id)
def test_same_refusal_of_unreadable_files(case: Case, place: Place, programs: Programs) -> None:
    """A file or folder whose permissions keep us out is named in kubectl's words."""
    flags, environ = place.prepare(case)
    words = ["deployment", "x", *_words(flags)]
    ours = run_svc(words, environ, place.folder, starter=unprivileged())
    theirs = run_kubectl(programs.kubectl, words, environ, place.folder, starter=unprivileged())

    assert ours == theirs
    assert ours.code == 1
    assert place.take() == []


def _comparable(stderr: str) -> str:
    head, colon, _ = stderr.partition("Unable to connect to the server: ")
    return head + colon


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
    """The flag, then the context, then `default`."""
    flags, environ = place.prepare(Case(id="", config=base(context=context), flags=flags))
    expected = flags.namespace or context.rpartition(" ")[2] or "default"

    assert Kubeconfig(flags, environ, "").namespace() == expected


def test_namespace_of_broken_user(place: Place) -> None:
    """All that is wrong with the chosen context is said, as `kubectl` does before it asks for anything."""
    _, environ = place.prepare(Case(id="", config=base("{token: t, username: jane, as-uid: u}")))

    with pytest.raises(ConfigError) as failure:
        Kubeconfig(ClusterFlags(), environ, "").namespace()

    assert len(failure.value.problems) == 2


def _pod(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}


def test_inside_a_pod(tmp_path: Path) -> None:
    """Without any configuration a pod uses its service account: token, CA, namespace."""
    environ = _pod(tmp_path, {"token": "pod-token", "ca.crt": "ca", "namespace": "team\n"})
    config = Kubeconfig(ClusterFlags(), environ, str(tmp_path / "home"), pod_folder=str(tmp_path))
    connection = config.connection()

    assert connection.server == "https://[fd00::1]:443"
    assert (connection.token, connection.token_file) == ("pod-token", str(tmp_path / "token"))
    assert connection.certificate_authority == str(tmp_path / "ca.crt")
    assert config.namespace() == "team"


@pytest.mark.parametrize(
    ("flags", "environ", "server"),
    [
        (ClusterFlags(server="https://elsewhere", token=TYPED), {}, "https://elsewhere"),
        (ClusterFlags(token=TYPED), {}, "https://[fd00::1]:443"),
        (ClusterFlags(request_timeout="5s"), {}, "http://localhost:8080"),
        (ClusterFlags(as_user="jane"), {}, "http://localhost:8080"),
        (ClusterFlags(), {"KUBERNETES_SERVICE_PORT": ""}, "http://localhost:8080"),
    ],
    ids=["server", "token", "timeout", "impersonation", "no-port"],
)
def test_flags_inside_a_pod(flags: ClusterFlags, environ: dict[str, str], server: str, tmp_path: Path) -> None:
    """The service account counts only while nothing else is configured; client-go's rule, odd as it is."""
    environ = _pod(tmp_path, {"token": "pod-token"}) | environ
    connection = Kubeconfig(flags, environ, "", pod_folder=str(tmp_path)).connection()

    assert connection.server == server
    assert connection.token_file == "" or flags.token == ""


def test_pod_namespace_yields_to_kubeconfig(tmp_path: Path) -> None:
    """A namespace that a context names is not replaced by the pod's, and POD_NAMESPACE beats the file."""
    environ = _pod(tmp_path, {"token": "t", "namespace": "file"}) | {"POD_NAMESPACE": "variable"}
    (tmp_path / "k").write_text(base(context=", namespace: default").replace("SERVER", "https://h"), encoding="utf-8")
    (tmp_path / "ca.crt").write_text("", encoding="utf-8")

    def namespace(path: str) -> str:
        flags = ClusterFlags(kubeconfig=path)
        return Kubeconfig(flags, environ, "", pod_folder=str(tmp_path)).namespace()

    assert namespace("") == "variable"
    assert namespace(str(tmp_path / "k")) == "default"


@pytest.mark.parametrize(("user", "password"), [("{}", "password"), ("{password: p}", "p")])
def test_username_and_password_are_asked_for(user: str, password: str, place: Place) -> None:
    """A TLS server without any identity: both words are asked for, the password hidden; one that is written counts."""
    _, environ = place.prepare(Case(id="", config=base(user)))
    asked: list[tuple[str, bool]] = []

    def ask(field: str, hidden: bool) -> str:
        asked.append((field, hidden))
        return field.lower()

    connection = Kubeconfig(ClusterFlags(), environ, "").connection(ask)

    assert asked == [("Username", False), ("Password", True)]
    assert (connection.username, connection.password) == ("username", password)


def test_where_an_auth_provider_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refreshed tokens go back to the user that was chosen, in the first file that has it."""
    user = "users:\n- {name: v, user: {auth-provider: {name: oidc, config: {id-token: %s}}}}\n"
    (tmp_path / "config").write_text(base(cluster="insecure-skip-tls-verify: true").replace("SERVER", "https://h"))
    (tmp_path / "b").write_text(user % "second")
    (tmp_path / "c").write_text(user % "third")
    monkeypatch.chdir(tmp_path)
    environ = {"KUBECONFIG": "config:b:c", "PWD": str(tmp_path)}
    provider = Kubeconfig(ClusterFlags(user="v"), environ, "").connection().auth_provider

    assert provider == AuthProvider(name="oidc", config={"id-token": "second"}, user="v", file=str(tmp_path / "b"))


def test_install_hint_is_fit_for_a_terminal(place: Place) -> None:
    """What moves the cursor or turns text around is spelt out; white space stays (client-go's own rule)."""
    plugin = r"""{exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, installHint: "%s"}}"""
    _, environ = place.prepare(Case(id="", config=base(plugin % r"\e[1ma\u202e\r\n\t\u00a0\u2028\x85\U000E0001é")))
    connection = Kubeconfig(ClusterFlags(), environ, "").connection()

    assert connection.exec
    assert connection.exec.install_hint == "U+001B[1maU+202E\r\n\t\u00a0\u2028U+0085U+E0001é"


@pytest.mark.parametrize("shown", ["link", "real", "elsewhere"])
def test_relative_kubeconfig_below_a_link(shown: str, tmp_path: Path, programs: Programs) -> None:
    """Paths count from the folder as the shell shows it in PWD, where that is true."""
    (tmp_path / "real").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real" / "k").write_text(base(cluster="certificate-authority: nope"))
    environ = {"KUBECONFIG": "k", "PWD": str(tmp_path / shown)}
    ours = run_svc(["deployment", "x"], environ, tmp_path / "link")
    theirs = run_kubectl(programs.kubectl, ["deployment", "x"], environ, tmp_path / "link")

    assert ours == theirs
    assert f"/{'link' if shown == 'link' else 'real'}/nope" in ours.error


def test_files_are_read_once(place: Place) -> None:
    """A kubeconfig may be a pipe: what was read is kept."""
    _, environ = place.prepare(Case(id="", config=base(context=", namespace: lab")))
    config = Kubeconfig(ClusterFlags(), environ, "")
    config.connection()
    (place.folder / "config").unlink()

    assert config.namespace() == "lab"


def test_no_secret_in_any_repr(place: Place) -> None:
    """Neither flags nor connections show what they hold when they end up in a traceback."""
    flags, environ = place.prepare(Case(id="", config=base(), flags=ClusterFlags(token=TYPED)))
    connection = Kubeconfig(flags, environ, "").connection()

    assert TYPED not in repr(flags) + repr(connection)
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
    program = "import sys\nfrom kubectl_svc.access.kubeconfig.file import read\nread(sys.stdin.buffer.read())"
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


@pytest.mark.parametrize(
    "config",
    [
        "",
        "users: [{name: u, user: {tokenFile: /dev/zero}}]",
        "users: [{name: u, user: {token: t}}]\nclusters: [{name: c, cluster: {certificate-authority: /dev/zero}}]",
    ],
    ids=["kubeconfig", "token", "authority"],
)
def test_a_file_without_end_is_refused(config: str, tmp_path: Path) -> None:
    """kubectl reads it until memory is gone."""
    path = tmp_path / "config"
    path.write_text(f"{config}\ncontexts: [{{name: x, context: {{user: u, cluster: c}}}}]\ncurrent-context: x\n")
    done = svc(
        "expose", "deployment", "web", "-s", "https://127.0.0.1:1", kubeconfig=str(path) if config else "/dev/zero"
    )
    assert done.returncode == 1
    assert "read /dev/zero: file too large" in done.stderr
