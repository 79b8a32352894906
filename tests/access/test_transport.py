"""Requests over the wire: against the real API server, and against one that misbehaves in every way we know."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import tempfile

import pytest

from kubectl_svc import __version__
from kubectl_svc.access.connection import Connection, address, escape_path, unescape
from kubectl_svc.access.http import wire
from kubectl_svc.access.http.transport import MAX_REDIRECTS, MAX_RETRIES, Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.errors import SvcError, UnreachableError
from kubectl_svc.request import ClusterFlags
from tests.access.servers import Answer, Authority, answer, closed_port, serve, tls_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.control_plane.cluster import Cluster

    Open = Callable[..., Transport]

SECRET = "sesame-open"  # noqa: S105 - not a real one


@pytest.fixture
def reach() -> Iterator[Open]:
    """Opens transports and closes them at the end of the test."""
    opened: list[Transport] = []

    def open_transport(server: str, *, log: object = None, sleep: object = None, **fields: object) -> Transport:
        connection = Connection(server=server, **fields)  # type: ignore[arg-type]  # what a test names is a field
        transport = Transport(connection, log, **({"sleep": sleep} if sleep else {}))  # type: ignore[arg-type]  # as above
        opened.append(transport)
        return transport

    yield open_transport
    for transport in opened:
        transport.close()


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Signs what the servers here show."""
    return Authority()


# --- the real API server


@pytest.mark.parametrize("kind", ["kubeconfig", "certificate_kubeconfig"])
def test_real_server_lets_us_in(kind: str, cluster: Cluster) -> None:
    """Token and client certificate both open the namespaces of a real API server, over one kept-open connection."""
    connection = Kubeconfig(ClusterFlags(kubeconfig=getattr(cluster, kind)), os.environ, "").connection()
    transport = Transport(connection)
    try:
        for _ in range(3):
            response = transport.request("GET", f"/api/v1/namespaces/{cluster.namespace}")
            assert (response.status, json.loads(response.body)["kind"]) == (200, "Namespace")
    finally:
        transport.close()


def test_client_certificate_without_memfd(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is no memfd an inline key goes through a file that is gone afterwards."""
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = cluster.certificate_kubeconfig
    transport = Transport(Kubeconfig(ClusterFlags(kubeconfig=path), os.environ, "").connection())

    assert transport.request("GET", "/api/v1/namespaces").status == 200
    assert list(tmp_path.iterdir()) == []
    transport.close()


def test_real_server_sees_impersonation(cluster: Cluster, reach: Open) -> None:
    """The API server itself says whom it took us for."""
    transport = reach(
        cluster.server,
        certificate_authority=cluster.ca,
        token=cluster.token,
        as_user="jané",
        as_uid="u-1",
        as_groups=("g1", "g 2"),
        as_user_extra={"example.org/Scope%": ("a", "b")},
    )
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    headers = (("Content-Type", "application/json"),)
    body = json.dumps(review).encode()
    response = transport.request("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", body, headers)

    user = json.loads(response.body)["status"]["userInfo"]
    assert (user["username"], user["uid"]) == ("jané", "u-1")
    assert {"g1", "g 2"} < set(user["groups"])
    assert user["extra"] == {"example.org/scope%": ["a", "b"]}  # header names have no case


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"certificate_authority_data": b"ours"}, "certificate signed by unknown authority"),
        ({"server_name": "other.example.com"}, "certificate is not valid for other.example.com"),
    ],
    ids=["ca", "name"],
)
def test_wrong_server_certificate(
    fields: dict[str, object], reason: str, *, cluster: Cluster, authority: Authority, reach: Open, tmp_path: Path
) -> None:
    """Another CA and another name are told apart, in the words that kubectl has for the first."""
    other = tmp_path / "other.crt"
    other.write_bytes(authority.certificate)
    if "certificate_authority_data" in fields:
        fields = {"certificate_authority_data": authority.certificate}
    transport = reach(cluster.server, certificate_authority=cluster.ca, token=SECRET, **fields)

    with pytest.raises(UnreachableError, match=f"^tls: failed to verify certificate: x509: {reason}$"):
        transport.request("GET", "/version")

    theirs = cluster.kubectl("get", "--raw=/version", f"--certificate-authority={other}", check=False)
    assert "x509: certificate signed by unknown authority" in theirs.stderr


def test_insecure(cluster: Cluster, reach: Open) -> None:
    """Without any check the same server is reached under any name."""
    transport = reach(cluster.server, insecure=True, token=cluster.token, server_name="other.example.com")

    assert transport.request("GET", "/version").status == 200


def test_plain_http_to_tls_port(cluster: Cluster, reach: Open) -> None:
    """The API server answers plain HTTP with 400, which is an answer like any other."""
    assert reach(cluster.server.replace("https", "http")).request("GET", "/version").status == 400


# --- what is sent


def test_request_as_sent(reach: Open) -> None:
    """Host, agent, identity, own headers, prefix, body and its length; the same connection for the next one."""
    with serve() as server:
        transport = reach(f"{server.url}/some/prefix/?ignored=yes", username="jane", password=SECRET)
        transport.request("POST", "/api?dryRun=All", b'{"a":1}', [("Content-Type", "application/json")])
        transport.request("GET", "/api")
        first, second = server.asked

        assert (first.method, first.target, first.body) == ("POST", "/some/prefix/api?dryRun=All", b'{"a":1}')
        assert (second.method, second.target, second.body) == ("GET", "/some/prefix/api", b"")
        assert first.headers_named("host") == [("host", server.address)]
        assert first.headers_named("authorization") == [("authorization", "Basic amFuZTpzZXNhbWUtb3Blbg==")]
        assert first.headers_named("user-agent")[0][1].startswith(f"kubectl-svc/{__version__} (")
        assert first.headers_named("content") == [("content-length", "7"), ("content-type", "application/json")]
        assert server.connections == 1


def test_ipv6_server(reach: Open) -> None:
    """An address in brackets is reached and named as it was typed."""
    with serve(host="::1") as server:
        assert reach(server.url).request("GET", "/").status == 200
        assert server.asked[0].headers_named("host") == [("host", server.address)]


def test_token_file_is_read_for_every_request(reach: Open, tmp_path: Path) -> None:
    """A rotated token counts at once; a file that is gone leaves the last word to the token it held at first."""
    file = tmp_path / "token"
    with serve() as server:
        transport = reach(server.url, token="first", token_file=str(file))  # noqa: S106 - not a real one
        for text in ("one\n", "two", None):
            file.write_text(text) if text else file.unlink()
            transport.request("GET", "/")

        sent = [asked.headers_named("authorization")[0][1] for asked in server.asked]
        assert sent == ["Bearer one", "Bearer two", "Bearer first"]


@pytest.mark.parametrize("identity", [{"token": SECRET}, {"username": "june", "password": SECRET}, {}])
def test_credentials_in_the_url_count_first(identity: dict[str, str], reach: Open) -> None:
    """As in net/http, what the URL says of us leaves nothing to be added."""
    with serve() as server:
        reach(server.url.replace("://", "://jane:sesame@"), **identity).request("GET", "/")
        assert server.asked[0].headers_named("authorization") == [("authorization", "Basic amFuZTpzZXNhbWU=")]


@pytest.mark.parametrize("disabled", [False, True])
def test_compressed_answers(disabled: bool, reach: Open) -> None:
    """gzip is asked for unless it is disabled, and undone."""
    packed = answer(body=gzip.compress(b"x" * 5000), headers=[("Content-Encoding", "gzip")])
    with serve(packed) as server:
        assert reach(server.url, disable_compression=disabled).request("GET", "/").body == b"x" * 5000
        assert server.asked[0].headers_named("accept-encoding") == ([] if disabled else [("accept-encoding", "gzip")])


def test_chunked_answer(reach: Open) -> None:
    """An answer in chunks is put together, and the connection stays."""
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with serve(Answer(data=data)) as server:
        transport = reach(server.url)
        assert [transport.request("GET", "/").body for _ in range(2)] == [b"abcde", b"abcde"]
        assert server.connections == 1


@pytest.mark.parametrize("token", ["a\nX-Evil: 1", "a\r", "a\x00", "a\x7f"])
def test_token_that_is_no_header(token: str, reach: Open) -> None:
    """A token with a line break never becomes a header of its own, nor part of a message."""
    with serve() as server:
        with pytest.raises(UnreachableError) as failure:
            reach(server.url, token=token).request("GET", "/")

        assert str(failure.value) == 'net/http: invalid header field value for "Authorization"'
        assert server.asked == []


# --- faults


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_GZIP = [("Content-Encoding", "gzip")]
FAULTS = {
    "dropped": (Answer(then="close"), "the server closed the connection before it had answered in full"),
    "reset": (Answer(then="reset"), "the server closed the connection before it had answered in full"),
    "short-body": (Answer(data=_HEAD + b"Content-Length: 9\r\n\r\n{}", then="close"), "before it had answered in full"),
    "short-chunk": (Answer(data=_HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{}", then="close"), "in full"),
    "no-last-chunk": (Answer(data=_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", then="close"), "in full"),
    "not-http": (Answer(data=b"SSH-2.0-OpenSSH_9.6\r\n", then="close"), "malformed HTTP status line"),
    "long-line": (
        Answer(data=_HEAD + b"X: " + b"x" * 2_000_000 + b"\r\n\r\n", then="close"),
        "malformed HTTP response",
    ),
    "many-headers": (Answer(data=_HEAD + b"X: y\r\n" * 300_000 + b"\r\n", then="close"), "malformed HTTP response"),
    "too-large": (answer(body=b"x" * 5000), "the answer is larger than"),
    "gzip-bomb": (answer(body=gzip.compress(b"x" * 9_000_000), headers=_GZIP), "the answer is larger than"),
    "no-gzip": (answer(body=b"plain", headers=_GZIP), "gzip: invalid header"),
    "half-a-gzip": (answer(body=gzip.compress(b"{}" * 99)[:-9], headers=_GZIP), "unexpected EOF"),
    "silent": (Answer(then="stall"), r"no answer within 0.3s \(--request-timeout\)"),
    "half-and-silent": (Answer(data=_HEAD + b"Content-Length: 9\r\n\r\n{}", then="stall"), "no answer within 0.3s"),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_one_sentence(
    fault: str, method: str, *, reach: Open, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong: one error that names the server, one request, no secret.

    Only a GET without any answer is asked again, as often as we do that.
    """
    monkeypatch.setattr(wire, "MAX_BODY", 4096)
    reply, reason = FAULTS[fault]
    with serve(reply, context=tls_context(tmp_path, authority.issue("x", "127.0.0.1"))) as server:
        identity = {"certificate_authority_data": authority.certificate, "token": SECRET}
        transport = reach(server.url, timeout=0.3 if "silent" in fault else 10, **identity)
        with pytest.raises(UnreachableError, match=reason) as failure:
            transport.request(method, "/", b"{}" if method == "POST" else None)

        assert failure.value.server == server.address
        assert len(server.asked) == (4 if (fault, method) in {("dropped", "GET"), ("reset", "GET")} else 1)
        assert SECRET not in str(failure.value)
        assert "\n" not in str(failure.value)


def test_expired_certificate(reach: Open, authority: Authority, tmp_path: Path) -> None:
    """An expired certificate is called that."""
    pair = authority.issue("x", "127.0.0.1", expired=True)
    with serve(context=tls_context(tmp_path, pair)) as server:
        with pytest.raises(UnreachableError, match="x509: certificate has expired or is not yet valid"):
            reach(server.url, certificate_authority_data=authority.certificate).request("GET", "/")

        assert server.asked == []


def test_common_name_is_no_name(reach: Open, authority: Authority, tmp_path: Path) -> None:
    """As in Go, a certificate without subject alternative names is for nobody."""
    identity = {"certificate_authority_data": authority.certificate, "server_name": "api.example.com"}
    with (
        serve(context=tls_context(tmp_path, authority.issue("api.example.com"))) as server,
        pytest.raises(UnreachableError, match=r"x509: certificate is not valid for api\.example\.com"),
    ):
        reach(server.url, **identity).request("GET", "/")


@pytest.mark.parametrize("name", ["api.example.com", "api.example.com."])
def test_a_name_may_end_with_a_dot(reach: Open, authority: Authority, tmp_path: Path, name: str) -> None:
    """As in Go, which means the same host by it."""
    identity = {"certificate_authority_data": authority.certificate, "server_name": name}
    with serve(context=tls_context(tmp_path, authority.issue("x", "api.example.com"))) as server:
        assert reach(server.url, **identity).request("GET", "/").status == 200


def test_leaf_as_authority(reach: Open, authority: Authority, tmp_path: Path) -> None:
    """As in Go, a kubeconfig may name the server's own certificate as its authority."""
    pair = authority.issue("x", "127.0.0.1")
    with serve(context=tls_context(tmp_path, pair)) as server:
        assert reach(server.url, certificate_authority_data=pair).request("GET", "/").status == 200


def test_system_authorities(reach: Open, authority: Authority, tmp_path: Path) -> None:
    """Without a CA of its own a cluster is checked against the system's, which do not know ours."""
    with (
        serve(context=tls_context(tmp_path, authority.issue("x", "127.0.0.1"))) as server,
        pytest.raises(UnreachableError, match="certificate signed by unknown authority"),
    ):
        reach(server.url).request("GET", "/")


def test_tls_to_a_plain_server(reach: Open) -> None:
    """HTTPS to a server that speaks plain HTTP."""
    with (
        serve(answer("400 Bad Request")) as server,
        pytest.raises(UnreachableError, match=r"^http: server gave HTTP response to HTTPS client$"),
    ):
        reach(server.url.replace("http", "https"), insecure=True, timeout=5).request("GET", "/")


def test_server_that_never_shakes_hands(reach: Open) -> None:
    """A port that accepts and then says nothing ends with the time limit."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        transport = reach(f"https://127.0.0.1:{silent.getsockname()[1]}", insecure=True, timeout=0.3)
        with pytest.raises(UnreachableError, match="TLS handshake timeout"):
            transport.request("GET", "/")


@pytest.mark.parametrize(
    ("server", "reason", "refused"),
    [
        ("http://127.0.0.1:CLOSED", "connection refused", True),
        ("https://[::1]:CLOSED", "connection refused", True),
        ("https://no-such-host.invalid", "lookup no-such-host.invalid: ", False),
        ("ftp://127.0.0.1", 'unsupported protocol scheme "ftp"', False),
        ("http://127.0.0.1:99999", "invalid port", False),
    ],
)
def test_no_way_to_the_server(server: str, reason: str, refused: bool, reach: Open) -> None:
    """Nobody listens, no such host, no such protocol, no such port."""
    server = server.replace("CLOSED", str(closed_port()))
    with pytest.raises(UnreachableError, match=reason) as failure:
        reach(server, insecure=True).request("GET", "/")

    assert failure.value.refused is refused
    assert failure.value.server == server.partition("://")[2]


def test_proxy_is_refused(reach: Open) -> None:
    """A proxy that the kubeconfig asks for is not silently left out."""
    with serve() as server, pytest.raises(SvcError, match="proxy"):
        reach(server.url, proxy_url="http://127.0.0.1:1").request("GET", "/")


# --- connections that die


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_connection_closed_between_requests(method: str, reach: Open) -> None:
    """A kept connection that is known to be dead is replaced before anything is sent, for a POST too."""
    with serve(answer(then="close"), answer()) as server:
        transport = reach(server.url)
        transport.request("GET", "/first")
        assert server.hung_up.wait(10)
        assert transport.request(method, "/second").status == 200
        assert [asked.target for asked in server.asked] == ["/first", "/second"]


def test_get_is_repeated_on_a_new_connection(reach: Open) -> None:
    """A GET that a server hangs up on is asked again, three times and not more, with waits between."""
    waits: list[float] = []
    with serve(answer(), Answer(then="close"), answer(body=b"again"), answer(), Answer(then="close")) as server:
        transport = reach(server.url, sleep=waits.append)
        transport.request("GET", "/")
        assert transport.request("GET", "/").body == b"again"
        transport.request("GET", "/")
        with pytest.raises(UnreachableError, match="closed the connection"):
            transport.request("GET", "/")

        assert len(server.asked) == 8
    assert waits == [0, 0, 0.1, 0.4]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_changes_something_is_redirected_as_itself(reach: Open, method: str) -> None:
    """By 307 and 308 on the same server; what would make a GET of it is not followed."""
    moved = answer("308 Permanent Redirect", headers=[("Location", "/there")])
    with serve(moved, answer(body=b"made"), answer("302 Found", headers=[("Location", "/there")])) as server:
        transport = reach(server.url)
        assert transport.request(method, "/here", b"{}").body == b"made"
        assert [(asked.method, asked.target, asked.body) for asked in server.asked] == [
            (method, "/here", b"{}"), (method, "/there", b"{}"),
        ]  # fmt: skip
        with pytest.raises(UnreachableError, match='the server redirects to "/there", which is not followed'):
            transport.request(method, "/here", b"{}")


@pytest.mark.parametrize(("seconds", "waited"), [("9223372036854775807", []), ("86401", []), ("-1", [0])])
def test_waits_that_nobody_means(reach: Open, seconds: str, waited: list[int]) -> None:
    """More than a day is taken for no word about it, less than nothing for nothing."""
    waits: list[float] = []
    busy = answer("429 Too Many Requests", headers=[("Retry-After", seconds)])
    with serve(busy, answer()) as server:
        assert reach(server.url, sleep=waits.append).request("GET", "/").status == (200 if waited else 429)
    assert waits == waited


def test_lost_post_is_never_repeated(reach: Open) -> None:
    """A POST whose answer was lost may have been carried out: it is not sent again, and the error says so."""
    with serve(answer(), Answer(then="close"), answer()) as server:
        transport = reach(server.url)
        transport.request("GET", "/")
        with pytest.raises(UnreachableError) as failure:
            transport.request("POST", "/", b"{}")

        assert (failure.value.in_doubt, failure.value.dropped) == (True, True)
        assert [asked.method for asked in server.asked] == ["GET", "POST"]


def test_server_that_closes_after_each_answer(reach: Open) -> None:
    """`Connection: close` costs a connection for each request and nothing else."""
    with serve(answer(headers=[("Connection", "close")], then="close")) as server:
        transport = reach(server.url)
        assert [transport.request("POST", "/", b"{}").status for _ in range(3)] == [200, 200, 200]
        assert server.connections == 3


# --- retries and redirects


def _later(status: str, seconds: object) -> Answer:
    return answer(status, headers=[("Retry-After", str(seconds))])


@pytest.mark.parametrize(
    ("method", "replies", "waits", "status"),
    [
        ("GET", [_later("429 Too Many", 1), _later("500 Broken", 3), answer()], [1, 3], 200),
        ("POST", [_later("429 Too Many", 2), answer()], [2], 200),
        ("POST", [_later("503 Unavailable", 2), answer()], [], 503),
        ("GET", [answer("503 Unavailable"), answer()], [], 503),
        ("GET", [_later("429 Too Many", "Wed, 21 Oct 2026 07:28:00 GMT"), answer()], [], 429),
        ("GET", [_later("404 Not Found", 1), answer()], [], 404),
        ("GET", [_later("429 Too Many", -5), answer()], [0], 200),
        ("GET", [_later("429 Too Many", 0)], [0] * MAX_RETRIES, 429),
    ],
    ids=["get", "post-429", "post-503", "no-header", "date", "other-status", "negative", "never-ends"],
)
def test_retry_after(method: str, replies: list[Answer], waits: list[int], status: int, reach: Open) -> None:
    """Retry-After is obeyed up to ten times: any request on 429, only a GET on 5xx."""
    slept: list[float] = []
    with serve(*replies) as server:
        assert reach(server.url, sleep=slept.append).request(method, "/", b"{}").status == status
        assert len(server.asked) == len(waits) + 1
    assert slept == waits


def test_retry_after_beyond_the_time_limit(reach: Open) -> None:
    """No waiting for an answer that would come too late."""
    with serve(_later("429 Too Many", 60)) as server, pytest.raises(UnreachableError, match="asks to wait 60s"):
        reach(server.url, timeout=5.0, sleep=pytest.fail).request("GET", "/")


@pytest.mark.parametrize("location", ["/elsewhere?a=b", "BASE/elsewhere?a=b#part"])
def test_redirect_on_the_same_server(location: str, reach: Open) -> None:
    """A GET follows, with its credentials."""
    with serve() as server:
        server.next_answers(
            answer("307 Moved", headers=[("Location", location.replace("BASE", server.url))]), answer(body=b"there")
        )
        assert reach(server.url, token=SECRET).request("GET", "/").body == b"there"
        assert server.asked[1].target == "/elsewhere?a=b"
        assert server.asked[1].headers_named("authorization")


@pytest.mark.parametrize(
    "location", ["http://elsewhere.invalid/", "//elsewhere.invalid/", "BASE.elsewhere.invalid/", "ftp:x", "https://h"]
)
def test_redirect_elsewhere_is_refused(location: str, reach: Open) -> None:
    """The token is for this server only."""
    with serve() as server:
        server.next_answers(answer("302 Found", headers=[("Location", location.replace("BASE", server.url))]))
        with pytest.raises(UnreachableError, match="the server redirects to"):
            reach(server.url, token=SECRET).request("GET", "/")

        assert len(server.asked) == 1


def test_redirects_come_to_an_end(reach: Open) -> None:
    """A circle of redirects is left after ten."""
    with serve(answer("302 Found", headers=[("Location", "/")])) as server:
        transport = reach(server.url)
        with pytest.raises(UnreachableError, match="stopped after 10 redirects"):
            transport.request("GET", "/")
        assert len(server.asked) == MAX_REDIRECTS


# --- logs


def test_log_lines(reach: Open) -> None:
    """Level 6 has one line for each request; level 8 headers and bodies too, and none of them a secret."""
    lines: list[tuple[int, str]] = []

    def log(level: int, text: str) -> None:
        lines.append((level, text))

    reply = answer("201 Created", body=b'{"a":"\x1b[31m"}', headers=[("Set-Cookie", SECRET)])
    with serve(reply) as server:
        url = server.url.replace("://", f"://jane:{SECRET}@")
        reach(server.url, token=SECRET, log=log).request("POST", "/x", b'{"b":1}')
        reach(url, log=log).request("GET", "/" + "x" * 2000)
        reach(server.url, username="jane", password=SECRET, log=log).request("GET", "/")

    assert [level for level, _ in lines] == [8, 8, 6, 8, 8] * 3
    line = lines[2][1]
    start = r"^I\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ round_trippers\.go:632\] "
    expected = f'"Response" verb="POST" url="{server.url}/x" status="201 Created" milliseconds='
    assert re.match(start + re.escape(expected) + r"\d+$", line)
    text = "\n".join(text for _, text in lines)
    assert "\tAuthorization: Bearer <masked>\n" in text
    assert "\tAuthorization: Basic <masked>\n" in text
    assert '"Request Body" body="{\\"b\\":1}"' in text
    assert "\x1b" not in text
    assert SECRET not in text
    assert "c2VzYW1l" not in text  # the password as Basic sends it


def test_log_cuts_long_bodies(reach: Open) -> None:
    """Level 8 shows the first 1024 characters of a body, as kubectl does."""
    lines: list[str] = []
    with serve(answer(body=b"x" * 3000)) as server:
        reach(server.url, log=lambda _level, text: lines.append(text)).request("GET", "/")

    assert lines[-1].endswith('x [truncated 1976 chars]"')


# --- addresses


@pytest.mark.parametrize(
    ("server", "url", "host", "port"),
    [
        ("https://h", "https://h", "h", 443),
        ("http://h/", "http://h", "h", 80),
        ("HTTPS://H:1/a/b/?q#f", "https://H:1/a/b", "H", 1),
        ("h:8080", "http://h:8080", "h", 8080),
        ("h/", "http://h", "h", 80),
        ("https://[fe80::1%25lo]:6443", "https://[fe80::1%25lo]:6443", "fe80::1%lo", 6443),
        ("https://h:", "https://h:", "h", 443),
        ("https://jane:p%40ss@h/x", "https://h/x", "h", 443),
        ("https://h/a+b/ü%20", "https://h/a+b/%C3%BC%20", "h", 443),
    ],
)
def test_address(server: str, url: str, host: str, port: int) -> None:
    """Scheme, host, port and prefix of what may stand as a server; no credentials in its URL."""
    parts = address(server)

    assert (parts.url, parts.host, parts.port) == (url, host, port)
    assert repr(parts) == f"Address({url})"


@pytest.mark.parametrize(
    "server", ["", "/", "h/x", "https://", "https://[::1", "https://h:x", "http://h\r\nX: y", "a b"]
)
def test_no_address(server: str) -> None:
    """What is no server is refused before anything is sent to it."""
    with pytest.raises(SvcError, match="host must be a URL or a host:port pair"):
        address(server)


def test_escapes() -> None:
    """Nothing leaves its path segment, and unescaping takes back exactly the escapes."""
    assert escape_path("a b/ü?#%:") == "a%20b%2F%C3%BC%3F%23%25:"
    assert unescape(escape_path("a b/ü?#%:")) == "a b/ü?#%:"
    assert unescape("100%") == "100%"
