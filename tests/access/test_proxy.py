"""Proxies: chosen as Go chooses them, and passed through, beside kubectl, to the real API server."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.access.connection import Connection
from kubectl_svc.access.http import go_url
from kubectl_svc.access.http.proxy import proxy_for, through_proxy
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.errors import UnreachableError
from tests.access.go_urls import ask_go
from tests.access.proxies import carry_http, carry_socks, proxy_through, say, say_nothing
from tests.access.servers import Authority, answer, closed_port, serve, tls_context
from tests.differential.programs import Outcome, run_kubectl, run_svc

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from tests.access.proxies import Carry
    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster, Site

    Both = Callable[..., Outcome]

# --- which proxy

_HOSTS = (
    "localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "example.com", "a.example.com",
    "xexample.com", "EXAMPLE.com", "bücher.example", "10.1.2.3", "10.1.2.4", "[fd00::1]", "[fe80::1%25eth0]", "1.2.3.4",
    "[::ffff:10.1.2.3]", "localhost.", "com", "xn--bcher-kva.example",
)  # fmt: skip
_RULES = (
    "*", "example.com", ".example.com", "*.example.com", "example.com:8443", "com", "10.1.2.3", "10.0.0.0/8",
    "10.1.2.3:8443", "::/0", "0.0.0.0/0", "fd00::/8", "[fd00::1]", "[fd00::1]:8443", "fd00::1", "fe80::1",
    "[fe80::1%eth0]:443", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "10.0.0.0/", "::ffff:10.1.2.0/120", "::ffff:10.1.2.3",
    "", " ", ":8443", ".", "*.", "a:b:c",
    "[", "bücher.example", "xn--bcher-kva.example", "localhost", "EXAMPLE.COM", "10.1.2.3/08", "fe80::%eth0/10", "[::1",
)  # fmt: skip
_PROXIES = (
    "http://proxy:3128", "https://proxy", "socks5://proxy", "socks5h://u:p@proxy:1", "proxy:3128", "proxy",
    "10.9.9.9:1", "u:p@proxy:3128", "http://", "http:", "http:proxy", "ftp://proxy", ":3128", "/proxy", "ht tp://proxy",
    "http://pro xy", "http://proxy:x", "%", "[::1]:3128", "http://[::1]:3128/", "//proxy", "HTTP://Proxy", "",
)  # fmt: skip
_PROXY_NAMES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")

_rules = st.lists(
    st.builds("{}{}{}".format, st.sampled_from(("", " ", "\t")), st.sampled_from(_RULES), st.sampled_from(("", " "))),
    max_size=4,
).map(",".join)
_environments = st.fixed_dictionaries(
    {},
    optional={name: st.sampled_from(_PROXIES) for name in _PROXY_NAMES}
    | {"NO_PROXY": _rules, "no_proxy": _rules, "REQUEST_METHOD": st.sampled_from(("", "GET"))},
)
_targets = st.builds(
    "{}://{}{}/x".format,
    st.sampled_from(("https", "http")),
    st.sampled_from(_HOSTS),
    st.sampled_from(("", ":", ":443", ":8443", ":80")),
)


@given(environ=_environments, targets=st.lists(_targets, min_size=20, max_size=20))
@example(environ={"ALL_PROXY": "http://proxy", "HTTPS_PROXY": ""}, targets=["https://example.com"])
@example(environ={"HTTP_PROXY": "http://proxy", "REQUEST_METHOD": "GET"}, targets=["http://example.com"])
def test_environment_is_read_as_go_reads_it(environ: dict[str, str], targets: list[str], programs: Programs) -> None:
    """The proxy of every URL is the one that http.ProxyFromEnvironment chooses."""
    told = ask_go(programs.go_urls, [{"URL": target, "Proxy": True} for target in targets], environ)
    theirs = {target: answer["Error"] or answer["Proxy"] for target, answer in zip(targets, told, strict=True)}
    assert {target: _chosen(target, environ) for target in targets} == theirs


_PLACES = [f"{scheme}://{host}{port}" for scheme in ("https", "http") for host in _HOSTS for port in ("", ":8443")]


@pytest.mark.parametrize("rule", _RULES)
def test_every_rule_is_read_as_go_reads_it(rule: str, programs: Programs) -> None:
    """Each rule of NO_PROXY by itself, against every host: few of the generated pairs would meet."""
    environ = {"HTTPS_PROXY": "proxy:1", "HTTP_PROXY": "socks5://u:p@proxy", "NO_PROXY": rule}
    told = ask_go(programs.go_urls, [{"URL": place, "Proxy": True} for place in _PLACES], environ)
    assert [_chosen(place, environ) for place in _PLACES] == [answer["Proxy"] for answer in told]


def _chosen(target: str, environ: dict[str, str]) -> str:
    """Our proxy as Go shows one, or why there is none."""
    try:
        proxy = proxy_for(target, environ)
    except UnreachableError as error:
        return str(error)
    return proxy and go_url.parse(proxy).redacted


# --- through it, to the real API server

_CREDENTIALS = "jané:sesame/open"
_USERINFO = "jan%C3%A9:sesame%2Fopen@"


@pytest.fixture(scope="module")
def stage(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A namespace with a Deployment `web`."""
    with site.cluster(tmp_path_factory.mktemp("stage")) as cluster:
        cluster.kubectl("create", "deployment", "web", "--image=web", "--port=80")
        yield cluster


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Signs what the proxies show; every kubeconfig here trusts it beside the API server's own."""
    return Authority()


@pytest.fixture
def tls(authority: Authority, tmp_path: Path) -> ssl.SSLContext:
    """TLS of a proxy on 127.0.0.1."""
    return tls_context(tmp_path, authority.issue("proxy", "127.0.0.1"))


@pytest.fixture
def both(stage: Cluster, programs: Programs, authority: Authority, tmp_path: Path) -> Both:
    """Runs kubectl and ours with these fields in the kubeconfig's cluster; what both did, which has to be the same."""

    def run(environ: dict[str, str] | None = None, **fields: str) -> Outcome:
        content = yaml.safe_load(Path(stage.kubeconfig).read_text())
        cluster = content["clusters"][0]["cluster"]
        roots = base64.b64decode(cluster["certificate-authority-data"]) + authority.certificate
        cluster.update(fields, **{"certificate-authority-data": base64.b64encode(roots).decode()})
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.write_text(yaml.safe_dump(content))
        env = {"KUBECONFIG": str(kubeconfig), "HOME": str(tmp_path), **(environ or {})}
        argv = ["deployment", "web", "--dry-run=server"]
        theirs = run_kubectl(programs.kubectl, argv, env, tmp_path)
        ours = run_svc(argv, env, tmp_path)
        assert ours == theirs
        return ours

    return run


_KINDS = [("http", carry_http), ("https", carry_http), ("socks5", carry_socks)]
_EXPOSED = "service/web exposed (server dry run)\n"


@pytest.mark.parametrize(("scheme", "carry"), _KINDS, ids=["http", "https", "socks5"])
@pytest.mark.parametrize("credentials", ["", _CREDENTIALS], ids=["open", "password"])
def test_proxy_of_the_kubeconfig(
    scheme: str, carry: Carry, credentials: str, *, both: Both, stage: Cluster, tls: ssl.SSLContext
) -> None:
    """Both programs reach the API server through every kind of proxy, and only through it."""
    with proxy_through(carry, tls if scheme == "https" else None, credentials) as proxy:
        userinfo = _USERINFO if credentials else ""
        outcome = both(**{"proxy-url": f"{scheme}://{userinfo}{proxy.address}"})

    assert outcome == Outcome(code=0, stdout=_EXPOSED, error="")
    verb = "SOCKS" if scheme == "socks5" else "CONNECT"
    assert set(proxy.carried) == {f"{verb} {urlsplit(stage.server).netloc}"}
    assert len(proxy.carried) >= 2


_FAULTS = {
    "403": b"HTTP/1.1 403 Forbidden\r\n\r\n",
    "502": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno",
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "no phrase": b"HTTP/1.1 500\r\n\r\n",
    "refused": b"HTTP/1.1 502 connection refused\r\n\r\n",
    "garbage": b"\x00\x01\x02\xff\r\n\r\n",
}


@pytest.mark.parametrize("data", _FAULTS.values(), ids=_FAULTS)
def test_http_proxy_that_fails(data: bytes, both: Both) -> None:
    """What a proxy says instead of carrying us is kubectl's error, and never a success."""
    with proxy_through(say(data)) as proxy:
        outcome = both(**{"proxy-url": f"http://{_USERINFO}{proxy.address}"})
    assert (outcome.code, outcome.stdout) == (1, "")
    assert len(proxy.carried) >= 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "closed the connection"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "closed the connection during the TLS handshake"),
        (b"HTTP/1.1 200 OK\r\n\r\nHello, this is no TLS at all\r\n", "closed the connection|HTTP response to HTTPS"),
    ],
    ids=["nothing", "end", "no TLS behind"],
)
def test_http_proxy_that_hangs_up(data: bytes, reason: str) -> None:
    """An end too early is one clear line at once; kubectl says as much after a minute of attempts."""
    with proxy_through(say(data)) as proxy:
        transport = Transport(Connection(server="https://127.0.0.1:1", proxy_url=f"http://{proxy.address}"))
        with pytest.raises(UnreachableError, match=reason):
            transport.request("POST", "/x", b"{}")
    assert len(proxy.carried) == 1


_SOCKS_FAULTS = {
    "version": b"\x04\x00",
    "no method": b"\x05\xff",
    "unknown method": b"\x05\x07",
    "refused": b"\x05\x00\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00",
    "unreachable": b"\x05\x00\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00",
    "unknown reply": b"\x05\x00\x05\x63\x00\x01",
    "reserved": b"\x05\x00\x05\x00\x01\x01",
    "address type": b"\x05\x00\x05\x00\x00\x09",
    "wrong password": b"\x05\x02\x01\x01",
    "end": b"\x05",
}


@pytest.mark.parametrize("data", _SOCKS_FAULTS.values(), ids=_SOCKS_FAULTS)
def test_socks_proxy_that_fails(data: bytes, both: Both) -> None:
    """The same for a SOCKS proxy; one that says `connection refused` is as good as a server that does."""
    with proxy_through(say(data)) as proxy:
        outcome = both(**{"proxy-url": f"socks5://{_USERINFO}{proxy.address}"})
    assert (outcome.code, outcome.stdout) == (1, "")


@pytest.mark.parametrize(
    ("server", "reason"),
    [("https://kube.example:70000", "port number out of range 70000"), ("https://a..\u00e4", "no such host")],
)
def test_socks_proxy_for_a_server_that_cannot_be(server: str, reason: str) -> None:
    """One line, before the proxy is asked."""
    with proxy_through(say(b"")) as proxy:
        transport = Transport(Connection(server=server, proxy_url=f"socks5://{proxy.address}"))
        with pytest.raises(UnreachableError, match=reason):
            transport.request("GET", "/x")


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@pytest.mark.parametrize(
    "place", ["127.0.0.1:{port}", "proxy.invalid:3128", "127.0.0.1:99999"], ids=["dead", "name", "port"]
)
def test_proxy_that_is_not_there(scheme: str, place: str, both: Both) -> None:
    """A proxy that nobody listens at counts as the server's refusal, as in kubectl."""
    outcome = both(**{"proxy-url": f"{scheme}://{_USERINFO}{place.format(port=closed_port())}"})
    assert (outcome.code, outcome.stdout) == (1, "")
    assert outcome.error.startswith(("Unable to connect", "The connection to the server"))


def test_proxy_that_wants_another_password(both: Both) -> None:
    """407 is an error of its own."""
    with proxy_through(carry_http, credentials="a:b") as proxy:
        assert both(**{"proxy-url": f"http://{_USERINFO}{proxy.address}"}).error == "Unable to connect to the server: "


@pytest.mark.parametrize("own", [True, False], ids=["its own roots", "others"])
def test_tls_proxy_is_checked_with_the_roots_of_the_cluster(
    own: bool,
    both: Both,
    authority: Authority,
    tmp_path: Path,
) -> None:
    """An https proxy shows a certificate for its own name, of an authority that the cluster's CA data holds."""
    signer = authority if own else Authority("another")
    context = tls_context(tmp_path, signer.issue("proxy", "127.0.0.1"))
    with proxy_through(carry_http, context) as proxy:
        assert both(**{"proxy-url": f"https://{proxy.address}"}).code == (0 if own else 1)


@pytest.mark.parametrize(
    "environ", [{}, {"NO_PROXY": "kube.example"}, {"REQUEST_METHOD": "GET"}], ids=["", "no", "cgi"]
)
@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_proxy_of_the_environment(scheme: str, environ: dict[str, str], both: Both, stage: Cluster) -> None:
    """HTTPS_PROXY leads to a server whose name only the proxy knows, unless NO_PROXY names it."""
    carry = carry_http if scheme == "http" else carry_socks
    with proxy_through(carry) as proxy:
        api = urlsplit(stage.server)
        proxy.routes["kube.example"] = (str(api.hostname), int(api.port or 443))
        outcome = both(
            {"HTTPS_PROXY": f"{scheme}://{proxy.address}", **environ},
            **{"server": "https://kube.example", "tls-server-name": str(api.hostname)},
        )
    assert outcome.code == (1 if "NO_PROXY" in environ else 0)
    assert bool(proxy.carried) == ("NO_PROXY" not in environ)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize(("scheme", "carry"), _KINDS, ids=["http", "https", "socks5"])
def test_tunnel_is_kept_open(
    scheme: str, carry: Carry, host: str, *, tls: ssl.SSLContext, authority: Authority, tmp_path: Path
) -> None:
    """Requests and answers of any size go one after the other through one tunnel, until the server ends it."""
    large = b"x" * 300_000
    context = tls_context(tmp_path, authority.issue("server", host))
    with (
        proxy_through(carry, tls if scheme == "https" else None) as proxy,
        serve(answer(body=large), answer(then="close"), answer(), context=context, host=host) as server,
    ):
        proxy_url = f"{scheme}://{proxy.address}"
        transport = Transport(
            Connection(server=server.url, proxy_url=proxy_url, certificate_authority_data=authority.certificate)
        )
        assert transport.request("POST", "/x", large).body == large
        assert transport.request("GET", "/x").status == 200
        assert (server.connections, len(proxy.carried)) == (1, 1)
        assert server.asked[0].body == large
        assert server.hung_up.wait(10)
        assert transport.request("GET", "/x").status == 200
        assert (server.connections, len(proxy.carried)) == (2, 2)
        transport.close()


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
def test_time_limit_holds_for_proxies(scheme: str) -> None:
    """A proxy that says nothing does not outlast --request-timeout."""
    with proxy_through(say_nothing) as proxy:
        transport = Transport(Connection(server="https://h", proxy_url=f"{scheme}://{proxy.address}", timeout=0.5))
        with pytest.raises(UnreachableError, match=r"timeout|no answer within 0\.5s"):
            transport.request("GET", "/x")


def test_plain_http_is_handed_to_the_proxy() -> None:
    """Requests to plain HTTP servers go to the proxy with their whole URL, over one connection, secrets apart."""
    with proxy_through(carry_http, credentials=_CREDENTIALS) as proxy, serve(answer()) as server:
        connection = Connection(server=f"{server.url}/base", proxy_url=f"http://{_USERINFO}{proxy.address}")
        transport = Transport(connection)
        assert [transport.request("GET", "/x?y").status for _ in range(2)] == [200, 200]
        transport.close()

    assert proxy.carried == [f"GET {server.url}/base/x?y"]
    # The second one this proxy passed on as it came.
    assert [asked.target for asked in server.asked] == ["/base/x?y", f"{server.url}/base/x?y"]
    assert server.asked[1].headers_named("proxy-")[0][1].startswith("Basic ")


def test_own_proxy_beats_the_environment() -> None:
    """HTTPS_PROXY counts only where the kubeconfig names no proxy."""
    environ = {"HTTPS_PROXY": "http://proxy", "HTTP_PROXY": "http://plain"}
    own = Connection(server="https://kube.example", proxy_url="socks5://own")
    assert through_proxy(own, environ) is own
    assert through_proxy(own.but(proxy_url=""), environ).proxy_url == "http://proxy"
    assert through_proxy(Connection(server="kube.example:80"), environ).proxy_url == "http://plain"


@pytest.mark.parametrize(
    ("scheme", "data"), [("http", b""), ("http", b"HTTP/1.1 403 No\r\n\r\n"), ("socks5", b"\x05\xff")]
)
def test_no_password_of_a_proxy_is_told(scheme: str, data: bytes) -> None:
    """Errors and reprs name the proxy without its credentials."""
    with proxy_through(say(data)) as proxy:
        transport = Transport(
            Connection(server="https://127.0.0.1:1", proxy_url=f"{scheme}://{_USERINFO}{proxy.address}")
        )
        with pytest.raises(UnreachableError) as failure:
            transport.request("GET", "/x")
    assert "sesame" not in str(failure.value)
    assert proxy.address in str(failure.value)
