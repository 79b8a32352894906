"""Manifests behind URLs: what kubectl makes of a server's answers, and what we make of them."""

from __future__ import annotations

import gzip

import pytest

from kubectl_svc.access.http.urls import ATTEMPTS, MAX_REQUESTS, read_url, source_of
from kubectl_svc.errors import SvcError, UnreachableError
from tests.access.proxies import carry_http, proxy_through
from tests.access.servers import Answer, Authority, answer, closed_port, serve, tls_context
from tests.differential.programs import FILES, Outcome, run_kubectl, run_svc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Both = Callable[..., Outcome]

_DEPLOYMENT = (FILES / "web.yaml").read_bytes()
_GOOD = answer(body=_DEPLOYMENT, kind="application/yaml")
_EXPOSED = "service/from-file exposed (dry run)\n"


@pytest.fixture
def both(env: dict[str, str], tmp_path: Path) -> Both:
    """Runs kubectl and ours on `-f WORD`; what both did, which has to be the same. Each gets the answers anew."""

    def run(*words: str, before: Callable[[], None] = lambda: None, **environ: str) -> Outcome:
        argv = [part for word in words for part in ("-f", word)] + ["--dry-run=client"]
        before()
        theirs = run_kubectl(env["KUBECTL_PATH"], argv, {**env, **environ}, tmp_path)
        before()
        ours = run_svc(argv, {**env, **environ}, tmp_path)
        assert ours == theirs
        return ours

    return run


_ANSWERS: dict[str, tuple[Sequence[Answer], int]] = {
    "good": ([_GOOD], 0),
    "packed": ([answer(body=gzip.compress(_DEPLOYMENT), headers=[("Content-Encoding", "gzip")])], 0),
    "404": ([answer("404 Not Found")], 1),
    "404 without a phrase": ([answer("404")], 1),
    "500 thrice": ([answer("500 Internal Server Error")], 1),
    "503, then good": ([answer("503 Service Unavailable", then="close"), _GOOD], 0),
    "reset, then good": ([Answer(then="reset"), _GOOD], 0),
    "201": ([answer("201 Created", body=_DEPLOYMENT)], 1),
    "204": ([Answer(data=b"HTTP/1.1 204 No Content\r\n\r\n")], 1),
    "304": ([Answer(data=b"HTTP/1.1 304 Not Modified\r\n\r\n")], 1),
    "redirect": ([answer("302 Found", headers=[("Location", "/other?x#y")]), _GOOD], 0),
    "redirect to nowhere": ([answer("302 Found")], 1),
    "redirect to rubbish": ([answer("302 Found", headers=[("Location", "http://[::1")])], 1),
    "redirect to a file": ([answer("302 Found", headers=[("Location", "file:///etc/passwd")])], 1),
    "redirect in a circle": ([answer("301 Moved Permanently", headers=[("Location", "/again")])], 1),
    "html": ([answer(body=b"<html><body>Please log in</body></html>", kind="text/html")], 1),
    "truncated": (
        [Answer(data=b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\napiVersion: v1\nkind: Pod\n", then="close")],
        1,
    ),
    "no gzip": ([answer(body=_DEPLOYMENT, headers=[("Content-Encoding", "gzip")])], 1),
    "bad chunk": ([Answer(data=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", then="close")], 1),
    "no HTTP": ([Answer(data=b"hello\r\n\r\n", then="close")], 1),
    "nothing": ([Answer(then="close")], 1),
}


@pytest.mark.parametrize(("answers", "code"), _ANSWERS.values(), ids=_ANSWERS)
def test_answers(answers: Sequence[Answer], code: int, both: Both) -> None:
    """Result, exit code and first line are kubectl's for everything that a server may answer."""
    with serve() as server:
        outcome = both(f"{server.url}/dir/web.yaml?a=b", before=lambda: server.next_answers(*answers))
    assert outcome.code == code
    assert outcome.stdout == ("" if code else _EXPOSED)


def test_an_empty_answer(both: Both) -> None:
    """Nothing behind the URL is nothing to expose, and no fault."""
    with serve(answer(body=b"")) as server:
        assert both(server.url) == Outcome(code=0, stdout="", error="")


_WORDS = (
    "http://127.0.0.1:{closed}/web.yaml",
    "http://nowhere.invalid/web.yaml",
    "http://",
    "http:///web.yaml",
    "http://[::1/web.yaml",
    "http://127.0.0.1:port/web.yaml",
    "http://127.0.0.1/%zz",
    "https://127.0.0.1:99999/web.yaml",
    "HTTP://127.0.0.1/web.yaml",
    "ftp://127.0.0.1/web.yaml",
    "http:/web.yaml",
)


@pytest.mark.parametrize("word", _WORDS)
def test_words(word: str, both: Both) -> None:
    """What is a URL, what is a path, and what kubectl says of a URL that leads nowhere."""
    assert both(word.format(closed=closed_port())).code == 1


def test_several_faults(both: Both) -> None:
    """URLs beside each other fail each for itself."""
    with serve(answer("404 Not Found")) as first, serve(_GOOD) as second:
        assert both(f"{first.url}/a", f"{second.url}/b").stdout == _EXPOSED


def test_a_server_of_an_unknown_authority(both: Both, tmp_path: Path) -> None:
    """Only the system's authorities count, and one that it is told of (SSL_CERT_FILE)."""
    authority = Authority()
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.certificate)
    with serve(_GOOD, context=tls_context(tmp_path, authority.issue("server", "127.0.0.1"))) as server:
        assert both(f"{server.url}/web.yaml").error == "Unable to connect to the server: "
        assert both(f"{server.url}/web.yaml", SSL_CERT_FILE=str(roots)).stdout == _EXPOSED


def test_redirect_to_another_host_and_to_https(both: Both, tmp_path: Path) -> None:
    """Redirects are followed wherever they lead; the credentials in the first URL stay behind."""
    authority = Authority()
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.certificate)
    context = tls_context(tmp_path, authority.issue("server", "127.0.0.1"))
    with serve(_GOOD, context=context) as second, serve() as first:
        first.next_answers(answer("307 Temporary Redirect", headers=[("Location", f"{second.url}/b")]))
        url = first.url.replace("//", "//user:word@")
        assert both(f"{url}/a", SSL_CERT_FILE=str(roots)).stdout == _EXPOSED
    assert {str(asked.headers_named("authorization")) for asked in first.asked} == {
        "[('authorization', 'Basic dXNlcjp3b3Jk')]"
    }
    assert [asked.headers_named("authorization") for asked in second.asked] == [[], []]


def test_proxy_of_the_environment(both: Both) -> None:
    """HTTP_PROXY counts for URLs as well."""
    with proxy_through(carry_http) as proxy, serve(_GOOD) as server:
        proxy.routes["files.example"] = ("127.0.0.1", server.port)
        assert both("http://files.example/web.yaml", HTTP_PROXY=f"http://{proxy.address}").stdout == _EXPOSED
    assert proxy.carried == ["GET http://files.example/web.yaml"] * 2


def test_waits_a_second_between_attempts() -> None:
    """Three attempts, and no more."""
    waits: list[float] = []
    with serve(answer("502 Bad Gateway")) as server, pytest.raises(SvcError, match=r"status code=502$"):
        read_url(server.url, {}, sleep=waits.append)
    assert (len(server.asked), waits) == (ATTEMPTS, [1.0, 1.0])


def test_stops_after_as_many_redirects_as_go() -> None:
    """Ten requests, the way Go counts."""
    circle = answer("302 Found", headers=[("Location", "/")])
    with serve(circle) as server, pytest.raises(UnreachableError, match=r"stopped after 10 redirects$"):
        read_url(server.url, {}, sleep=lambda _: None)
    assert len(server.asked) == MAX_REQUESTS * ATTEMPTS


@pytest.mark.parametrize("status", ["404 Not Found", "502 Bad Gateway", "200 OK", "302 Found"])
def test_no_password_is_told(status: str) -> None:
    """The password of a URL is covered in every error."""
    headers = [("Location", "gopher://user:sesame@else/")] if status.startswith("302") else []
    cut = Answer(data=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", then="close")
    with serve(cut if status.startswith("200") else answer(status, headers=headers)) as server:
        url = server.url.replace("//", "//user:sesame@")
        with pytest.raises(SvcError) as failure:
            read_url(url, {}, sleep=lambda _: None)
    assert "sesame" not in str(failure.value)
    assert "user:xxxxx@" in str(failure.value)
    assert "sesame" not in source_of(url)
