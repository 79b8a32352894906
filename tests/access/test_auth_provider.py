"""auth-provider: what kubectl refuses, and OpenID Connect with an issuer of our own, refreshed as kubectl does it."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import time
import urllib.parse
from pathlib import Path

import hypothesis
import pytest
import yaml
from hypothesis import strategies as st

from kubectl_svc.access.connection import AuthProvider
from kubectl_svc.access.kubeconfig.write import persist
from tests.access import plugins
from tests.access.plugins import both, unreachable_kubeconfig
from tests.access.servers import Authority, answer, serve, tls_context
from tests.control_plane.kubeconfig import NAME, inline, write_kubeconfig
from tests.svc import svc
from tests.trust.watch import WATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tests.access.servers import Server
    from tests.control_plane.build import Programs

REFRESH, REFRESHED = WATCH.plant("planted-refresh-token-5e"), WATCH.plant("planted-refresh-token-6f")
CLIENT_SECRET = WATCH.plant("planted-client-secret-1a")
_EXPOSE = ("expose", "deployment", "web", "--port=80")


def _jwt(claims: object) -> str:
    payload = claims if isinstance(claims, str) else json.dumps(claims)
    return f"e30.{base64.urlsafe_b64encode(payload.encode()).decode().rstrip('=')}.c2ln"


def _token(seconds: float, **claims: object) -> str:
    return WATCH.plant(_jwt({"exp": int(time.time() + seconds), **claims}))


# --- what is refused, and what is read without an issuer

_OIDC = {"idp-issuer-url": "https://127.0.0.1:2", "client-id": "c"}
PROVIDERS: dict[str, dict[str, Any]] = {
    "gcp": {"name": "gcp", "config": {"access-token": "x"}},
    "azure": {"name": "azure"},
    "unknown": {"name": 'op"en\nstack'},
    "no name": {"config": {}},
    "no configuration": {"name": "oidc"},
    "no client": {"name": "oidc", "config": {"idp-issuer-url": "https://127.0.0.1:2"}},
    "no issuer": {"name": "oidc", "config": {"client-id": "c"}},
    "no tokens": {"name": "oidc", "config": _OIDC},
    "empty tokens": {"name": "oidc", "config": {**_OIDC, "id-token": "", "refresh-token": ""}},
    "expired": {"name": "oidc", "config": {**_OIDC, "id-token": _jwt({"exp": 1})}},
    "nearly expired": {"name": "oidc", "config": {**_OIDC, "id-token": _token(8)}},
    "valid for a minute": {"name": "oidc", "config": {**_OIDC, "id-token": _token(60)}},
    "valid and to be refreshed": {"name": "oidc", "config": {**_OIDC, "id-token": _token(60), "refresh-token": "x"}},
    "expiry as a fraction": {"name": "oidc", "config": {**_OIDC, "id-token": _jwt({"exp": 9e9 + 0.5})}},
    "no expiry": {"name": "oidc", "config": {**_OIDC, "id-token": _jwt({})}},
    "two parts": {"name": "oidc", "config": {**_OIDC, "id-token": "a.b"}},
    "no base64": {"name": "oidc", "config": {**_OIDC, "id-token": "a.ab+c.b"}},
    "cut base64": {"name": "oidc", "config": {**_OIDC, "id-token": "a.abcde.b"}},
    "issuer refuses the connection": {"name": "oidc", "config": {**_OIDC, "refresh-token": "x"}},
    "CA file missing": {"name": "oidc", "config": {**_OIDC, "idp-certificate-authority": "/no/such/file"}},
    "CA no base64": {"name": "oidc", "config": {**_OIDC, "idp-certificate-authority-data": "YQ=!"}},
    "CA no PEM": {"name": "oidc", "config": {**_OIDC, "idp-certificate-authority-data": "YQ=="}},
}


@pytest.mark.parametrize("user", [{}, {"token": "planted"}], ids=["", "with a token"])
@pytest.mark.parametrize("name", PROVIDERS)
def test_provider_is_read_the_same(name: str, user: dict[str, str], programs: Programs, tmp_path: Path) -> None:
    """What kubectl says of a provider and of its tokens, we say, also where a token of another kind is there."""
    kubeconfig = unreachable_kubeconfig(tmp_path, {**user, "auth-provider": PROVIDERS[name]})
    theirs, ours = both(programs.kubectl, kubeconfig, tmp_path)

    assert ours == theirs


@pytest.mark.parametrize(
    "claims", ["no JSON", "[]", '{"exp":"soon"}', '{"exp":{}}', '{"exp":1e999}', '{"a":' * 9999], ids=range(6)
)
def test_token_without_claims(claims: str, programs: Programs, tmp_path: Path) -> None:
    """A token whose claims cannot be read is one clear line; its words after the first ones are our own."""
    provider = {"name": "oidc", "config": {**_OIDC, "id-token": _jwt(claims)}}
    theirs, ours = both(programs.kubectl, unreachable_kubeconfig(tmp_path, {"auth-provider": provider}), tmp_path)

    assert len(ours.errors) == 1
    assert [line[:48] for line in ours.errors] == [line[:48] for line in theirs.errors]
    assert ours.errors[0].startswith("Unable to connect to the server: parsing claims: ")


# --- an issuer


_AUTHORITY = Authority()


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Server]:
    """What stands for an API server: it only notes down who asks."""
    folder = tmp_path / "api"
    folder.mkdir()
    with serve(answer("404 Not Found"), context=tls_context(folder, _AUTHORITY.issue("api", "127.0.0.1"))) as found:
        yield found


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[Server]:
    """An issuer without any answers yet."""
    folder = tmp_path / "issuer"
    folder.mkdir()
    with serve(context=tls_context(folder, _AUTHORITY.issue("issuer", "127.0.0.1"))) as found:
        yield found


def _issue(issuer: Server, tokens: object, status: str = "200 OK") -> None:
    """Has the issuer answer the next two requests: where tokens are, and the tokens."""
    issuer.asked.clear()
    discovery = {"issuer": issuer.url, "token_endpoint": f"{issuer.url}/token"}
    issuer.next_answers(answer(body=json.dumps(discovery).encode()), answer(status, json.dumps(tokens).encode()))


def _kubeconfig(folder: Path, api: Server, issuer: Server, name: str = "config", **config: str) -> Path:
    fields = {
        "idp-issuer-url": issuer.url,
        "client-id": "kubernetes",
        "client-secret": CLIENT_SECRET,
        "idp-certificate-authority-data": inline(_AUTHORITY.certificate),
        "refresh-token": REFRESH,
    }
    entry = {"server": api.url, "certificate-authority-data": inline(_AUTHORITY.certificate)}
    given = {key: value for key, value in {**fields, **config}.items() if value}
    user = {"auth-provider": {"name": "oidc", "config": given}}
    return Path(write_kubeconfig(folder / name, entry, user))


def _kubectl(programs: Programs, kubeconfig: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs.kubectl, *_EXPOSE],
        env={**os.environ, "KUBECONFIG": str(kubeconfig)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("before", ["", "expired"])
@pytest.mark.parametrize("rotated", [False, True], ids=["same refresh-token", "new refresh-token"])
@pytest.mark.parametrize("left_out", ["", "client-secret"])
def test_refresh(
    left_out: str, before: str, *, rotated: bool, api: Server, issuer: Server, programs: Programs, tmp_path: Path
) -> None:
    """A new id-token takes the place of an expired or missing one; the file then holds what kubectl writes."""
    new = _token(3600)
    tokens = {"access_token": "a", "token_type": "bearer", "id_token": new, "expires_in": 3600}
    tokens |= {"refresh_token": REFRESHED} if rotated else {}
    config = {"id-token": _jwt({"exp": 1}) if before else "", **({left_out: ""} if left_out else {})}
    found = []
    for name, run in (("theirs", _kubectl), ("ours", lambda _, path: svc(*_EXPOSE, kubeconfig=str(path)))):
        _issue(issuer, tokens)
        api.asked.clear()
        kubeconfig = _kubeconfig(tmp_path, api, issuer, name, **config)
        run(programs, kubeconfig)
        found.append(yaml.safe_load(kubeconfig.read_text()))
        assert {"".join(value for _, value in asked.headers_named("authorization")) for asked in api.asked} == {
            f"Bearer {new}"
        }
        assert [asked.target for asked in issuer.asked] == ["/.well-known/openid-configuration", "/token"]
        assert f"refresh_token={REFRESH}".encode() in issuer.asked[1].body
        assert list(tmp_path.glob(f"{name}*")) == [kubeconfig]

    theirs, ours = found
    assert ours == theirs
    written = ours["users"][0]["user"]["auth-provider"]["config"]
    assert (written["id-token"], written["refresh-token"]) == (new, REFRESHED if rotated else REFRESH)


def test_refreshed_file_keeps_its_mode_and_its_links(api: Server, issuer: Server, tmp_path: Path) -> None:
    """A kubeconfig behind a link is written where it is, with the mode that it had, other users untouched."""
    _issue(issuer, {"access_token": "a", "token_type": "bearer", "id_token": _token(3600)})
    kubeconfig = _kubeconfig(tmp_path, api, issuer)
    content = yaml.safe_load(kubeconfig.read_text())
    content["users"].insert(0, {"name": "other", "user": {"token": "kept-as-it-is"}})
    kubeconfig.write_text(yaml.safe_dump(content))
    kubeconfig.chmod(0o400)
    link = tmp_path / "link"
    link.symlink_to(kubeconfig)
    svc(*_EXPOSE, kubeconfig=str(link))

    assert link.is_symlink()
    assert stat.S_IMODE(kubeconfig.stat().st_mode) == 0o400
    written = yaml.safe_load(kubeconfig.read_text())
    assert written["users"][0] == content["users"][0]
    assert "id-token" in written["users"][1]["user"]["auth-provider"]["config"]


# --- what else the file holds

# Follows the users that `write_kubeconfig` wrote; each word is one that some reader of YAML takes for something else.
_ODD_NEIGHBOURS = r"""- null
- {name: nobody, user: null}
- name: "yes"
  user: &base
    username: 2024-01-01
    password: 12:30:45
    token: "0o17"
    client-key-data: !!binary MTIzNA==
    as-groups: ["~", null, "010", 'on', 1:30]
    as-user-extra: {"no": ["1_000", ""], 5: [0x]}
- name: 1.2.3
  user:
    <<: *base
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: "!plugin"
      args: ["*a", "&b", "# c", "d: e", "<<", "=", "- ", "\N\x7f\L\uFEFF\U0001F600\e", "null"]
      env: [{name: "OFF", value: "0x1F"}, null, {name: PATTERN, value: "a\n b\n\n"}]
- name: plugin
  user: {auth-provider: {name: gcp, config: {expiry: 2024-01-01T00:00:00Z, access-token: null, scopes: "1e3"}}}
unknown: {010: kept}
extensions:
- name: words
  extension: [010, 0o17, 1_000, ~, yes, 1e3, 12345678901234567890123, .5, 18446744073709551615, 1e-7, -0x1F, 1_0.5, []]
- {name: text, extension: 12:30:45}
- name: keys
  extension: {5: a, 1.5: b, yes: c, "<<": {"x": {}}, "1:30": d, 2024-01-01: e}
"""


def _viewed(programs: Programs, kubeconfig: Path) -> dict[str, Any]:
    """What kubectl reads in the file, user by user; empty for what it refuses."""
    argv = [programs.kubectl, "config", "view", "--raw", "-o", "json", f"--kubeconfig={kubeconfig}"]
    done = subprocess.run(argv, capture_output=True, check=False, timeout=60)
    if done.returncode:
        return {}
    config: dict[str, Any] = json.loads(done.stdout)
    return {**config, "users": {entry["name"]: entry["user"] for entry in config["users"]}}


def test_neighbours_survive_and_kubectl_goes_on(
    api: Server, issuer: Server, programs: Programs, tmp_path: Path
) -> None:
    """A refresh changes nothing else that kubectl sees in the file, and kubectl uses the token that it left there."""
    new = _token(3600)
    _issue(issuer, {"access_token": "a", "token_type": "bearer", "id_token": new})
    kubeconfig = _kubeconfig(tmp_path, api, issuer)
    kubeconfig.write_text(kubeconfig.read_text() + _ODD_NEIGHBOURS)
    before = _viewed(programs, kubeconfig)
    svc(*_EXPOSE, kubeconfig=str(kubeconfig))
    after = _viewed(programs, kubeconfig)

    assert (
        before["users"][NAME]["auth-provider"]["config"].items()
        < after["users"][NAME]["auth-provider"]["config"].items()
    )
    before["users"].pop(NAME)
    after["users"].pop(NAME)
    assert after == before
    assert yaml.safe_load(kubeconfig.read_text())["unknown"] == {"8": "kept"}

    asked = len(issuer.asked)
    api.asked.clear()
    _kubectl(programs, kubeconfig)
    assert {value for seen in api.asked for _, value in seen.headers_named("authorization")} == {f"Bearer {new}"}
    assert len(issuer.asked) == asked


# Plain words that look like numbers, times, truths and merges, and any value that JSON has.
_WORDS = st.from_regex(r"[-+.~<=yYnNfFtT0-9][-+.:_0-9a-fxoTZes]{0,9}", fullmatch=True)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@hypothesis.settings(max_examples=30, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(words=st.lists(_WORDS, min_size=1, max_size=20), values=st.lists(_VALUES, max_size=10))
def test_any_value_survives(words: list[str], values: list[Any], programs: Programs, tmp_path: Path) -> None:
    """Whatever stands in the file, kubectl reads the same after new tokens were written."""
    user = {"auth-provider": {"name": "oidc", "config": {"refresh-token": "old"}}}
    kubeconfig = Path(write_kubeconfig(tmp_path / "config", {"server": "https://127.0.0.1:1"}, user))
    extensions = yaml.safe_dump([{"name": "values", "extension": values}], allow_unicode=False)
    lines = [
        "extensions:",
        extensions.rstrip("\n"),
        "- name: words",
        "  extension:",
        *(f"  - {word}" for word in words),
    ]
    kubeconfig.write_text(kubeconfig.read_text() + "\n".join((*lines, "")))
    before = _viewed(programs, kubeconfig)
    hypothesis.assume(before)
    config = {word: word for word in words}
    persist(AuthProvider(name="oidc", config=config, user=NAME, file=str(kubeconfig)))

    before["users"][NAME]["auth-provider"]["config"] = config
    assert _viewed(programs, kubeconfig) == before


_GONE = {
    "another name": "users: [null, {name: other, user: {auth-provider: {name: oidc}}}]",
    "no auth-provider": "users: [{name: me, user: {token: x}}, null]",
    "no fields": "users: [{name: me, user: null}]",
    "no users": "{}",
    "nothing": "",
    "the same already": "users: [{name: me, user: {auth-provider: {config: {id-token: new}}}}] # kept",
}


@pytest.mark.parametrize("name", _GONE)
def test_user_that_is_gone_is_not_written(name: str, tmp_path: Path) -> None:
    """A kubeconfig that has changed in the meantime stays as it is, byte for byte, comments and all."""
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(_GONE[name])
    persist(AuthProvider(name="oidc", config={"id-token": "new"}, user="me", file=str(kubeconfig)))

    assert kubeconfig.read_text() == _GONE[name]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("users: [{name: me}, {name: me}]", 'duplicate name "me" in list'),
        ("users: [{name: me, user: {token: !!int planted-token-7c1d}}]", "yaml: a value, key or alias is not what"),
        ("- me", "couldn't get version/kind"),
        ("a: [", "yaml: line "),
    ],
)
def test_file_that_kubectl_refuses_is_not_written(content: str, reason: str, tmp_path: Path) -> None:
    """A kubeconfig that was broken in the meantime stays as it is, and the reason shows nothing of it."""
    kubeconfig = tmp_path / "config"
    kubeconfig.write_text(content)
    with pytest.raises(ValueError, match=r"^could not persist new tokens: ") as caught:
        persist(AuthProvider(name="oidc", config={"id-token": "new"}, user="me", file=str(kubeconfig)))

    assert f'error loading config file "{kubeconfig}": ' in str(caught.value)
    assert reason in str(caught.value)
    WATCH.search(str(caught.value))
    assert kubeconfig.read_text() == content
    assert list(tmp_path.iterdir()) == [kubeconfig]


def test_kubeconfig_from_a_pipe(api: Server, issuer: Server, programs: Programs, tmp_path: Path) -> None:
    """Where there is no file to write to, the new token is used all the same."""
    new = _token(3600)
    content = _kubeconfig(tmp_path, api, issuer).read_text()
    environ = {**os.environ, "KUBECONFIG": "/dev/stdin"}
    argv = [programs.kubectl, *_EXPOSE]
    for run in (
        lambda: subprocess.run(argv, env=environ, input=content.encode(), capture_output=True, check=False, timeout=60),
        lambda: svc(*_EXPOSE, kubeconfig="/dev/stdin", stdin=content),
    ):
        _issue(issuer, {"access_token": "a", "token_type": "bearer", "id_token": new})
        api.asked.clear()
        run()
        assert {value for seen in api.asked for _, value in seen.headers_named("authorization")} == {f"Bearer {new}"}


def test_locked_file_is_not_written(api: Server, issuer: Server, programs: Programs, tmp_path: Path) -> None:
    """While kubectl writes, we do not, and say what it says; nothing is changed."""
    found = []
    kubeconfig = _kubeconfig(tmp_path, api, issuer)
    (tmp_path / "config.lock").touch()
    before = kubeconfig.read_bytes()
    for run in (_kubectl, lambda _, path: svc(*_EXPOSE, kubeconfig=str(path))):
        # kubectl asks again for each of its tries to find out what the server has
        _issue(issuer, {"access_token": "a", "token_type": "bearer", "id_token": _token(3600)})
        done = run(programs, kubeconfig)
        found.append(plugins.seen(done.returncode, done.stderr, tmp_path / "none").errors)

    assert (
        found[1][0]
        == f"Unable to connect to the server: could not persist new tokens: open {kubeconfig}.lock: file exists"
    )
    assert found[0][0].startswith("Unable to connect to the server: ")
    assert kubeconfig.read_bytes() == before
    assert api.asked == []


ANSWERS: dict[str, tuple[object, str, str]] = {
    "no id-token": ({"access_token": "a", "token_type": "bearer"}, "200 OK", "the issuer's answer has no id_token"),
    "refused": (
        {"error": "invalid_grant", "error_description": "expired\nlong ago"},
        "400 Bad Request",
        "failed to refresh token: expired long ago",
    ),
    "unknown client": ({"error": "invalid_client_id"}, "401 Unauthorized", "failed to refresh token: "),
    "a list": ([], "200 OK", "failed to refresh token: "),
    "nothing": ({}, "200 OK", "failed to refresh token: "),
    "a number": ({"access_token": "a", "id_token": 1}, "200 OK", "failed to refresh token: "),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_issuer_that_gives_no_token(name: str, api: Server, issuer: Server, programs: Programs, tmp_path: Path) -> None:
    """Whatever the issuer answers instead of a token is one clear line, and changes nothing."""
    tokens, status, reason = ANSWERS[name]
    kubeconfig = _kubeconfig(tmp_path, api, issuer)
    before = kubeconfig.read_bytes()
    _issue(issuer, tokens, status)
    ours = svc(*_EXPOSE, kubeconfig=str(kubeconfig))
    _issue(issuer, tokens, status)
    theirs = _kubectl(programs, kubeconfig)

    assert ours.stderr.startswith(f"Unable to connect to the server: {reason}"), ours.stderr
    assert ours.stderr.count("\n") == 1
    assert ours.returncode == theirs.returncode == 1
    assert plugins.seen(1, theirs.stderr, tmp_path / "none").errors[-1].startswith("Unable to connect to the server: ")
    assert kubeconfig.read_bytes() == before


_URL_HOSTILE = WATCH.plant("planted/refresh+token= 7a")
_LOGIN = base64.b64encode(f"kubernetes:{CLIENT_SECRET}".encode()).decode()


@pytest.mark.parametrize(
    "quoted",
    [
        _URL_HOSTILE,
        urllib.parse.quote(_URL_HOSTILE, safe=""),
        urllib.parse.quote_plus(_URL_HOSTILE),
        CLIENT_SECRET,
        _LOGIN,
    ],
    ids=["refresh-token", "in a URL", "in a form", "client-secret", "Basic"],
)
def test_issuer_that_repeats_secrets(quoted: str, api: Server, issuer: Server, tmp_path: Path) -> None:
    """An issuer may quote in its error what it was sent; nobody sees more than that it did."""
    kubeconfig = _kubeconfig(tmp_path, api, issuer, **{"refresh-token": _URL_HOSTILE})
    _issue(issuer, {"error": "invalid_grant", "error_description": f"what is {quoted}?"}, "400 Bad Request")
    done = svc(*_EXPOSE, kubeconfig=str(kubeconfig))

    assert done.stderr == "Unable to connect to the server: failed to refresh token: what is <masked>?\n"


def test_issuer_that_repeats_secrets_in_its_status(api: Server, issuer: Server, tmp_path: Path) -> None:
    """The words of a status line are the issuer's own, too; and a password in its URL is no part of its name."""
    password = WATCH.plant("planted-issuer-password-8b")
    issuer.next_answers(answer(f"404 {REFRESH}, {password}"))
    url = issuer.url.replace("//", f"//me:{password}@")
    done = svc(*_EXPOSE, kubeconfig=str(_kubeconfig(tmp_path, api, issuer, **{"idp-issuer-url": url})))

    problem = "oidc: failed to query metadata endpoint 404 <masked>, <masked>"
    assert done.stderr == f"Unable to connect to the server: {problem}\n"


def test_url_of_an_issuer_is_shown_without_password(api: Server, tmp_path: Path) -> None:
    """An issuer that cannot be asked is named, without what its URL holds besides."""
    password = WATCH.plant("planted-issuer-password-9c")
    with serve() as plain:
        url = plain.url.replace("http://", f"https://me:{password}@")
        done = svc(*_EXPOSE, kubeconfig=str(_kubeconfig(tmp_path, api, plain, **{"idp-issuer-url": url})))

    assert done.stderr.startswith("Unable to connect to the server: the issuer https://<masked>@127.0.0.1:")


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
def test_issuer_without_discovery(status: str, api: Server, issuer: Server, tmp_path: Path) -> None:
    """An issuer that does not say where its tokens are."""
    issuer.next_answers(answer(status, b"<html>\n"))
    done = svc(*_EXPOSE, kubeconfig=str(_kubeconfig(tmp_path, api, issuer)))

    assert done.stderr == f"Unable to connect to the server: oidc: failed to query metadata endpoint {status}\n"


def test_issuer_whose_answer_nests_too_deeply(api: Server, issuer: Server, tmp_path: Path) -> None:
    """JSON that Python cannot follow is no reason to fall over."""
    issuer.next_answers(answer(body=b"[" * 200_000))
    done = svc(*_EXPOSE, kubeconfig=str(_kubeconfig(tmp_path, api, issuer)))

    reason = "failed to refresh token: the issuer's answer cannot be read"
    assert done.stderr == f"Unable to connect to the server: {reason}\n"


@pytest.mark.parametrize("ca", ["none", "another's"])
def test_issuer_is_always_checked(ca: str, api: Server, issuer: Server, tmp_path: Path) -> None:
    """Without a CA the system's count, and they do not know this issuer: the refresh-token is not sent."""
    _issue(issuer, {"access_token": "a", "token_type": "bearer", "id_token": _token(3600)})
    data = inline(Authority().certificate) if ca == "another's" else ""
    done = svc(*_EXPOSE, kubeconfig=str(_kubeconfig(tmp_path, api, issuer, **{"idp-certificate-authority-data": data})))

    assert done.stderr.startswith("Unable to connect to the server: the issuer https://127.0.0.1:")
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
    assert done.stderr.count("\n") == 1
    assert issuer.asked == []


def test_environment_proxy_and_its_exceptions(api: Server, issuer: Server, tmp_path: Path) -> None:
    """The official client takes HTTPS_PROXY for everything; an issuer on this machine is reached directly, as in Go."""
    _issue(issuer, {"access_token": "a", "token_type": "bearer", "id_token": _token(3600)})
    svc(*_EXPOSE, kubeconfig=str(_kubeconfig(tmp_path, api, issuer)), HTTPS_PROXY="http://127.0.0.1:1")

    assert len(issuer.asked) == 2


def test_401_refreshes_nothing(api: Server, issuer: Server, tmp_path: Path) -> None:
    """client-go has no other id-token for a server that refuses a valid one."""
    api.next_answers(answer("401 Unauthorized"))
    kubeconfig = _kubeconfig(tmp_path, api, issuer, **{"id-token": _token(3600)})
    done = svc(*_EXPOSE, kubeconfig=str(kubeconfig))

    assert done.stderr.startswith("error: You must be logged in to the server (")
    assert issuer.asked == []
