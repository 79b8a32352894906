"""How a Service's status is shown: as text, as a tree, as a row, as a document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubectl_svc.output import status_text
from kubectl_svc.output.status_document import as_document
from kubectl_svc.output.status_tree import draw
from kubectl_svc.output.table import render_table
from kubectl_svc.reachability.model import BROKEN, POSSIBLE, Diagnosis, Endpoint, PortState, Status

_READY = Endpoint(
    addresses=("10.244.0.5", "fd00::5"), ready=True, serving=True, terminating=False, ports=(("http", 8080, "TCP"),),
    pod="web-1", node="n1",
)  # fmt: skip
_LATE = _READY.but(addresses=("10.244.0.6",), ready=False, serving=False, pod="web-2")
_PORT = PortState(
    name="http", number=80, protocol="TCP", target="web", node_port=30080, ready=(_READY,), not_ready=(_LATE,)
)
_SERVICE: dict[str, Any] = {
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "type": "LoadBalancer",
        "clusterIP": "10.0.0.7",
        "clusterIPs": ["10.0.0.7", "fd00::7"],
        "selector": {"app": "web", "tier": "front"},
    },
}
_STATUS = Status(
    service=_SERVICE,
    reachable=False,
    ports=(_PORT,),
    dns_names=("web.shop.svc",),
    node_urls=("http://10.1.0.1:30080", "http://10.1.0.2:30080"),
    node_count=2,
    pending="nobody answers",
    diagnoses=(
        Diagnosis(code="NoLoadBalancerController", level=BROKEN, message="nobody answers", commands=("kubectl a", "b")),
        Diagnosis(code="NetworkPolicyMayBlock", level=POSSIBLE, message="perhaps", commands=("kubectl c",)),
    ),
)


def test_text() -> None:
    """A line for each thing, the next commands below what they are for."""
    assert status_text.described(_STATUS) == [
        "Name:           web",
        "Namespace:      shop",
        "Reachable:      no",
        "Type:           LoadBalancer",
        "Cluster IPs:    10.0.0.7, fd00::7",
        "DNS names:      web.shop.svc",
        "Load balancer:  pending",
        "Node URLs:      http://10.1.0.1:30080, http://10.1.0.2:30080",
        "Selector:       app=web,tier=front",
        "Port:           http 80/TCP to web, node port 30080: 1 ready, 1 not ready",
        "  ready         10.244.0.5:8080, [fd00::5]:8080  pod web-1  node n1",
        "  not ready     10.244.0.6:8080  pod web-2  node n1",
        "Broken:         nobody answers (NoLoadBalancerController)",
        "  try           kubectl a",
        "  try           b",
        "Possible:       perhaps (NetworkPolicyMayBlock)",
        "  try           kubectl c",
    ]


def test_a_tree() -> None:
    """The same as a picture."""
    assert draw(_STATUS, 60, colours=False).splitlines() == [
        "web  shop  LoadBalancer  not reachable",
        "├── in the cluster  http://web.shop.svc  10.0.0.7, fd00::7",
        "├── nodes           http://10.1.0.1:30080,",
        "│   http://10.1.0.2:30080  2 nodes",
        "├── load balancer   pending",
        "├── selector        app=web,tier=front",
        "├── port http 80/TCP to web, node port 30080: 1 ready, 1 not",
        "│   ready",
        "│   ├── ● 10.244.0.5:8080, [fd00::5]:8080  pod web-1  node",
        "│   │   n1",
        "│   └── ○ 10.244.0.6:8080  pod web-2  node n1  not ready",
        "├── ✗ nobody answers (NoLoadBalancerController)",
        "│   ├── kubectl a",
        "│   └── b",
        "└── ? perhaps (NetworkPolicyMayBlock)",
        "    └── kubectl c",
    ]


def test_a_command_is_never_broken() -> None:
    """However narrow the terminal is: it is there to be copied."""
    command = f"kubectl patch service web -p '{'x' * 100}' -n shop"
    status = _STATUS.but(diagnoses=(_STATUS.diagnoses[0].but(commands=(command,)),))
    assert f"    └── {command}\n" in draw(status, 40, colours=False)


def test_colours_are_a_choice() -> None:
    """Without them nothing but the text is written."""
    assert "\033[" in draw(_STATUS, 80, colours=True)
    assert "\033" not in draw(_STATUS, 80, colours=False)


@pytest.mark.parametrize("text", ["\033[2Jgone", "two\nlines", "[bold]markup[/bold]", ":smile:", "\ue000"])
def test_what_comes_from_a_cluster_is_text(text: str) -> None:
    """No control character, no markup, no character that stands for something else gets through."""
    diagnosis = Diagnosis(code="X", message=f"said {text}", commands=(f"kubectl {text}",))
    drawn = draw(_STATUS.but(diagnoses=(diagnosis,)), 80, colours=False)
    assert "\033" not in drawn
    shown = text if text.isprintable() else text.encode("unicode_escape").decode()
    assert f"said {shown}" in drawn
    assert f"kubectl {shown}" in drawn


def test_a_row() -> None:
    """Of the table of several Services, and of the wide one."""
    wide = status_text.row(_STATUS, wide=True)
    assert wide == [
        *("web", "LoadBalancer", "<pending>", "80:30080/TCP", "1/2", "no", "NoLoadBalancerController"),
        *("app=web,tier=front", "http://10.1.0.1:30080", "nobody answers"),
    ]
    assert status_text.row(_STATUS, wide=False) == wide[:7]
    assert render_table(status_text.WIDE_TITLES, [wide])[0].split() == list(status_text.WIDE_TITLES)


def test_a_document() -> None:
    """Every field by its name."""
    document = as_document(_STATUS)
    assert json.loads(json.dumps(document)) == document
    assert document == {
        "name": "web",
        "namespace": "shop",
        "type": "LoadBalancer",
        "headless": False,
        "reachable": False,
        "clusterIPs": ["10.0.0.7", "fd00::7"],
        "externalIPs": [],
        "externalName": "",
        "selector": {"app": "web", "tier": "front"},
        "dnsNames": ["web.shop.svc"],
        "ports": [
            {
                "name": "http",
                "port": 80,
                "protocol": "TCP",
                "appProtocol": "",
                "targetPort": "web",
                "nodePort": 30080,
                "ready": 1,
                "notReady": 1,
                "endpoints": [
                    {
                        "addresses": ["10.244.0.5", "fd00::5"],
                        "port": 8080,
                        "ready": True,
                        "serving": True,
                        "terminating": False,
                        "pod": "web-1",
                        "node": "n1",
                        "zone": "",
                    },
                    {
                        "addresses": ["10.244.0.6"],
                        "port": 8080,
                        "ready": False,
                        "serving": False,
                        "terminating": False,
                        "pod": "web-2",
                        "node": "n1",
                        "zone": "",
                    },
                ],
            }
        ],
        "nodeURLs": ["http://10.1.0.1:30080", "http://10.1.0.2:30080"],
        "nodeCount": 2,
        "loadBalancer": {"class": "", "addresses": [], "urls": [], "pending": "nobody answers"},
        "diagnoses": [
            {
                "code": "NoLoadBalancerController",
                "level": "broken",
                "message": "nobody answers",
                "commands": ["kubectl a", "b"],
            },
            {"code": "NetworkPolicyMayBlock", "level": "possible", "message": "perhaps", "commands": ["kubectl c"]},
        ],
    }


def test_an_external_name_has_no_endpoints() -> None:
    """And headless Services no address."""
    alias = _STATUS.but(
        service={
            "metadata": {"name": "db", "namespace": "shop"},
            "spec": {"type": "ExternalName", "externalName": "db.example"},
        },
        ports=(),
        reachable=True,
        diagnoses=(),
    )
    assert status_text.row(alias, wide=False) == ["db", "ExternalName", "db.example", "", "", "yes", ""]
    headless = {"metadata": {"name": "db", "namespace": "shop"}, "spec": {"clusterIP": "None"}}
    assert status_text.row(alias.but(service=headless), wide=False)[:3] == ["db", "ClusterIP", "None"]


def test_what_is_out_of_the_ordinary() -> None:
    """Who is let in and who serves it, external addresses, the names of a headless Service's pods."""
    spec = {
        **_SERVICE["spec"],
        "externalIPs": ["198.51.100.7"],
        "loadBalancerClass": "example.com/inside",
        "loadBalancerSourceRanges": ["10.0.0.0/8", "192.0.2.0/24"],
        "externalTrafficPolicy": "Local",
        "internalTrafficPolicy": "Cluster",
    }
    status = _STATUS.but(service={**_SERVICE, "spec": spec}, dns_names=("web.shop.svc", "a.web.shop.svc"))
    lines = status_text.described(status)
    assert lines[5:11] == [
        "External IPs:   198.51.100.7",
        "DNS names:      web.shop.svc, a.web.shop.svc",
        "Load balancer:  pending",
        "Class:          example.com/inside",
        "Source ranges:  10.0.0.0/8, 192.0.2.0/24",
        "Traffic policy: external Local",
    ]
    drawn = draw(status, 100, colours=False)
    for line in ("a pod's name    a.web.shop.svc", "external IPs    198.51.100.7", "traffic policy  external Local"):
        assert f"├── {line}\n" in drawn


def test_many_endpoints_are_cut() -> None:
    """Those that are not ready are shown first; programs get all."""
    ready = tuple(_READY.but(pod=f"web-{number}") for number in range(20))
    port = _PORT.but(ready=ready)
    lines = status_text.described(_STATUS.but(ports=(port,)))
    assert lines[10].startswith("  not ready     10.244.0.6")
    assert "  and           11 more" in lines
    assert len(as_document(_STATUS.but(ports=(port,)))["ports"][0]["endpoints"]) == 21
    assert "and 11 more" in draw(_STATUS.but(ports=(port,)), 80, colours=False)


def test_how_it_is_reached() -> None:
    """At the load balancer, or at the nodes: one of each URL is enough, and the number where no node is seen."""
    balanced = _STATUS.but(balancer_addresses=("192.0.2.7",), balancer_urls=("http://192.0.2.7",))
    inside = "  http://web.shop.svc    in the cluster"
    assert status_text.reach_lines(balanced) == [
        inside.replace("    in", "  in"),
        "  http://192.0.2.7     at the load balancer",
    ]
    spec = {**_SERVICE["spec"], "type": "NodePort"}
    on_nodes = _STATUS.but(service={**_SERVICE, "spec": spec})
    assert status_text.reach_lines(on_nodes) == [inside, "  http://10.1.0.1:30080  at each of 2 nodes"]
    unseen = on_nodes.but(node_urls=(), node_count=None)
    assert status_text.reach_lines(unseen)[1:] == ["  30080/TCP            on the nodes"]
