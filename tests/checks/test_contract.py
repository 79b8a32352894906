"""What the checks refuse and what they let pass, with a real API server as judge: Services made by hypothesis."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from kubernetes.client.exceptions import ApiException

from kubectl_svc.checks.judge import find_doubts, find_refusals
from kubectl_svc.checks.refusals import STAGES
from kubectl_svc.go_service import as_service
from tests.checks.judging import bare_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.control_plane.cluster import Cluster, Site

_EXAMPLES = 600
_RANGE = "provided port is not in the valid range"
_TAKEN = "provided port is already allocated"
_NODE_PORTS = {"node-port-range", "node-port-shared"}


_PORT = {"port": 80, "protocol": "TCP", "targetPort": 8080}
_PORT_FIELDS: dict[str, list[Any]] = {
    "name": ["http", "dns", "Http", "a.b", "x" * 64],
    "port": [80, 81, 443, 0, 65536],
    "protocol": ["UDP", "SCTP", "ICMP"],
    "targetPort": [0, "http", "-bad", "a--b", "443", "waytoolongforaport", 70000],
    "nodePort": [30080, 30081, 8080],
    "appProtocol": ["http", "kubernetes.io/h2c", "two words", "/x", "a/b/c"],
}
_SPEC_FIELDS: dict[str, list[Any]] = {
    "type": ["NodePort", "LoadBalancer", "ExternalName", "Ingress"],
    "selector": [{}, {"app": "web_"}, {"a/b/c": "x"}, {"-a": "x"}, {"A.b/c": ""}],
    "clusterIP": ["None", "10.0.200.7", "fd00:10::77", "10.0.200", "::g"],
    "clusterIPs": [
        ["None"],
        ["None", "10.0.200.7"],
        ["10.0.200.7", "fd00:10::77"],
        ["fd00:10::77", "10.0.200.7"],
        ["10.0.200.7", "10.0.200.8"],
        ["10.0.200.7", "fd00:10::77", "10.0.200.8"],
    ],
    "ipFamilies": [["IPv4"], ["IPv6"], ["IPv6", "IPv4"], ["IPv4", "IPv4"], ["IPv5"]],
    "ipFamilyPolicy": ["SingleStack", "PreferDualStack", "RequireDualStack", "DualStack", ""],
    "externalName": ["example.com", "example.com.", "Example.com", "http://a", "192.0.2.7", "x" * 254],
    "externalIPs": [
        ["192.0.2.7"], ["127.0.0.1"], ["169.254.1.1"], ["224.0.0.5"], ["::"], ["::1"], ["no"], ["fe80::1"], ["ff02::1"],
        ["2001:db8::7"], ["fe80::1%eth0"], ["192.0.2.256"], ["1.2.3"], ["192.0.2.07"], ["::ffff:192.0.2.7"],
    ],
    "sessionAffinity": ["None", "ClientIP", "Cookie"],
    "sessionAffinityConfig": [{"clientIP": {"timeoutSeconds": seconds}} for seconds in (0, 1, 86400, 86401)],
    "externalTrafficPolicy": ["Cluster", "Local", "Node"],
    "internalTrafficPolicy": ["Cluster", "Local", "Node", ""],
    "healthCheckNodePort": [30080, 30090, 9090],
    "loadBalancerClass": ["internal", "example.com/lb", "two words", ""],
    "allocateLoadBalancerNodePorts": [True, False],
    "loadBalancerSourceRanges": [
        ["10.0.0.0/8"], ["10.0.0.7"], [" 10.0.0.0/8 "], ["fd00::/8"], ["10.0.0.0/33"], ["a/8"], ["10.1.2.3/16"],
        ["010.0.0.0/8"], ["10.0.0.0/08"], ["fd00::/129"], ["10.0.0.0/8/8"], [""], ["::ffff:10.0.0.0/104"],
    ],
    "trafficDistribution": ["PreferClose", "PreferSameZone"],
    "publishNotReadyAddresses": [True],
}  # fmt: skip
_METADATA_FIELDS: dict[str, list[Any]] = {
    "name": ["1web", "Web", "a.b", "-web", "x" * 64, "web_1"],
    "labels": [{"app": "web"}, {"app": "a b"}, {"x/y/z": "1"}, {"/x": "1"}, {"a/": "1"}, {"y" * 64: "z" * 64}],
    "annotations": [
        {"Example.com/Note": "any text"},
        {"two words": "x"},
        {"a": "x" * 262144},
        {"service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8, 192.0.2.7"},
        {"service.beta.kubernetes.io/load-balancer-source-ranges": "10.1.2.3/16"},
        {"service.kubernetes.io/topology-mode": "Auto", "service.kubernetes.io/topology-aware-hints": "Auto"},
        {"service.kubernetes.io/topology-mode": "Auto", "service.kubernetes.io/topology-aware-hints": "Disabled"},
    ],
}
# Fields that are there together more often than chance has it.
_TOGETHER = [
    ("type", "externalTrafficPolicy", "healthCheckNodePort"),
    ("type", "externalName"),
    ("type", "loadBalancerClass", "loadBalancerSourceRanges"),
    ("type", "allocateLoadBalancerNodePorts"),
    ("clusterIP", "type"),
    ("clusterIPs", "ipFamilies", "ipFamilyPolicy"),
    ("sessionAffinity", "sessionAffinityConfig"),
]


def _but(draw: st.DrawFn, usual: Mapping[str, Any], unusual: Mapping[str, list[Any]], names: Iterable[str]) -> Any:
    return {**usual, **{name: draw(st.sampled_from(unusual[name])) for name in names}}


def _few(unusual: Mapping[str, list[Any]], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(unusual)), max_size=most, unique=True)


@st.composite
def _services(draw: st.DrawFn) -> dict[str, Any]:
    """A Service that is usual but for a few fields, as it goes to a server."""
    ports = [_but(draw, _PORT, _PORT_FIELDS, draw(_few(_PORT_FIELDS, 1))) for _ in range(draw(st.integers(1, 2)))]
    for place, port in enumerate(ports if len(ports) > 1 and draw(st.integers(0, 9)) else ()):
        port.setdefault("name", f"p{place}")
        port["port"] += place * draw(st.integers(0, 1))
    names = draw(st.one_of(st.sampled_from(_TOGETHER), _few(_SPEC_FIELDS, 3)))
    spec = _but(draw, {"ports": ports, "selector": {"app": "web"}}, _SPEC_FIELDS, names)
    if "clusterIPs" in spec and draw(st.integers(0, 3)):
        spec.setdefault("clusterIP", spec["clusterIPs"][0])
    metadata = _but(draw, {"name": "web"}, _METADATA_FIELDS, draw(_few(_METADATA_FIELDS, 1)))
    return as_service({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})


def _refused_by(cluster: Cluster, service: Mapping[str, Any]) -> set[str]:
    """What the server says of the Service, cause by cause; empty where it takes it, for a moment."""
    try:
        made = cluster.core.create_namespaced_service(cluster.namespace, service)
    except ApiException as error:
        status = json.loads(error.body)
        causes = (status.get("details", {}).get("causes") or []) if status["reason"] == "Invalid" else []
        return {f"{cause.get('field')}: {cause['message']}" for cause in causes} or {status["message"]}
    cluster.core.delete_namespaced_service(made.metadata.name, cluster.namespace)
    return set()


@pytest.mark.usefixtures("programs")
@settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(service=_services())
def test_the_server_is_of_the_same_mind(service: dict[str, Any], cluster: Cluster, site: Site) -> None:
    """What the checks refuse it refuses in the words and at the path that they quote, all else it takes."""
    if not site.simulated:
        pytest.skip("other versions of Kubernetes have other words, other clusters other addresses")
    subject = bare_subject(service)
    refused = {finding.message for finding in find_refusals(subject)}
    doubts = find_doubts(subject)
    said = _refused_by(cluster, service)
    is_early = any(any(check.find(subject)) for stage in STAGES[:2] for check in stage)
    if not is_early and _NODE_PORTS & {finding.check.id for finding in doubts}:
        event("node ports that other clusters, or later servers, have")
        assert any(_RANGE in cause or _TAKEN in cause for cause in said)
        return
    if not is_early and not any(_TAKEN in message for message in refused):
        refused |= {finding.message for finding in doubts if finding.check.id == "address-ambiguous"}
    event("refused" if refused else "taken")
    if any('"AppProtocol":null' in message for message in refused):  # then their node ports are the same, too
        said, refused = ({cause for cause in causes if "nodePort: Dup" not in cause} for causes in (said, refused))
    assert said == refused
