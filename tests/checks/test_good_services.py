"""Services with which nothing is wrong: the checks have nothing to say of them, and a server takes them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checks.judging import found_in, subject_of, words_of
from tests.svc import svc

if TYPE_CHECKING:
    from tests.control_plane.cluster import Cluster

_MANY = 1000
_ON_A_SERVER = 60
# Ports of the example `web`, with targets that it declares in their protocol.
_PORTS = {"http=80:8080/http": 30080, "web=81:http/https": 30081, "grpc=82:8080/grpc": 30082, "dns=53:dns/udp": 30053}
_OUTSIDE = ("--external-traffic-policy Cluster", "--external-traffic-policy Local")
_ANY_PROXIED = (
    "--session-affinity ClientIP",
    "--session-affinity-timeout 1h",
    "--publish-not-ready-addresses",
    "--ip-family IPv4",
    "--ip-family-policy PreferDualStack",
    "--port-naming descriptive",
)
_ANY = ("-l tier=front,app.kubernetes.io/name=web", "--annotation example.com/note='any text'", "--selector tier=front")
_LOCAL = ("--traffic-distribution PreferSameZone", "--internal-traffic-policy Local")
_BALANCED = (
    "--load-balancer-class example.com/lb",
    "--load-balancer-source-ranges 192.0.2.0/24,2001:db8::/32",
    "--allocate-load-balancer-node-ports=false",
)


@st.composite
def _good(draw: st.DrawFn) -> str:
    """Words of a command line that makes a Service as it should be."""
    form = draw(st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer", "headless", "ExternalName"]))
    some = _some(draw, _ANY[:2] if form == "ExternalName" else _ANY)
    if form == "ExternalName":
        host = draw(st.sampled_from(["example.com", "db.default.svc.cluster.local", "a-1.example.org."]))
        return shlex.join(["create", "web", "--external-name", host]) + some
    if form == "headless":
        port = draw(st.sampled_from(["", " --port 8080", " --port 53:dns/udp"]))
        return f"expose -f web.yaml --headless{port}{some}" + _some(draw, _ANY_PROXIED[2:5])
    ports = draw(st.lists(st.sampled_from(sorted(_PORTS)), min_size=1, unique=True))
    if form == "LoadBalancer":
        ports = [port for port in ports if port.endswith("/udp") == ports[0].endswith("/udp")]
    if form == "NodePort" and draw(st.booleans()):
        ports = [port.replace("/", f":{_PORTS[port]}/") for port in ports]
    some += _some(draw, _ANY_PROXIED) + draw(st.sampled_from(["", *(f" {word}" for word in _LOCAL)]))
    some += draw(st.sampled_from(["", *(f" {word}" for word in _OUTSIDE)])) if form != "ClusterIP" else ""
    some += _some(draw, _BALANCED) if form == "LoadBalancer" else ""
    return f"expose -f web.yaml --type {form} --port {','.join(ports)}{some}"


def _some(draw: st.DrawFn, words: tuple[str, ...]) -> str:
    return "".join(f" {word}" for word in draw(st.lists(st.sampled_from(words), unique=True)))


@settings(max_examples=_MANY, deadline=None)
@given(command=_good())
def test_nothing_is_found(command: str) -> None:
    """No check has a word to say."""
    assert [finding.sentence for finding in found_in(subject_of(command))] == []


@settings(max_examples=_ON_A_SERVER, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=_good())
def test_a_server_takes_it(command: str, cluster: Cluster) -> None:
    """Without a warning of its own or of ours."""
    done = svc(*words_of(command), "--dry-run=server", kubeconfig=cluster.kubeconfig)
    verb = "created" if command.startswith("create") else "exposed"
    assert (done.returncode, done.stdout, done.stderr) == (0, f"service/web {verb} (server dry run)\n", "")
