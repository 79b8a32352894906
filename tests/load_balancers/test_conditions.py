"""What settings need and exclude, asked of a finished Service."""

from __future__ import annotations

from typing import Any

import pytest

from kubectl_svc.load_balancers.conditions import find_problems
from kubectl_svc.load_balancers.model import read_provider

_TEXT = {"type": "text"}
_PROVIDER = read_provider(
    {
        "name": "own",
        "title": "Own",
        "settings": [
            {"name": "controller", "value": {"type": "word", "of": ["old", "new"]}, "default": "new"},
            {"key": "own.io/class", "value": _TEXT, "default": "plain"},
            {"key": "own.io/id", "value": _TEXT, "excludes": ["spec.loadBalancerIP", "create"]},
            {"key": "own.io/create", "value": {"type": "json", "fields": {"type": {"type": "text"}}}},
            {"key": "own.io/cert", "value": _TEXT, "needs": ["ports~https:", ["class=tls|both", "create.type=public"]]},
            {"key": "own.io/ports", "value": _TEXT, "value_needs": {"tls:1": ["cert"]}},
            {"key": "own.io/local", "value": _TEXT, "needs": ["spec.externalTrafficPolicy=Local"]},
            {"key": "own.io/nodes", "value": _TEXT, "needs": ["spec.allocateLoadBalancerNodePorts=true"]},
            {"key": "own.io/ranges", "value": _TEXT, "excludes": ["spec.loadBalancerSourceRanges"]},
            {"key": "own.io/port_{port}", "value": _TEXT, "needs": ["class=plain"]},
            {"key": "own.io/shared", "value": _TEXT, "excludes": ["id"]},
            {"key": "own.io/shared", "value": _TEXT, "needs": ["id"], "when": {"controller": "old"}},
            {"key": "own.io/tls", "value": _TEXT, "names_ports": True},
            {"key": "own.io/pool", "is_label": True, "value": _TEXT, "needs": ["controller=old"]},
        ],
    }
)


def _problems(annotations: dict[str, str], spec: dict[str, Any] | None = None, **choices: str) -> list[str]:
    metadata = {"annotations": {f"own.io/{name}": value for name, value in annotations.items()}}
    return find_problems(_PROVIDER, {"metadata": metadata, "spec": spec or {}}, choices)


@pytest.mark.parametrize(
    ("annotations", "spec", "problems"),
    [
        ({}, {}, []),
        ({"id": "1"}, {}, []),
        ({"id": "1"}, {"loadBalancerIP": "1.2.3.4"}, ["id cannot be combined with spec.loadBalancerIP"]),
        ({"id": "1", "create": "{}"}, {}, ["id cannot be combined with create"]),
        ({"cert": "c", "ports": "https:443", "class": "both"}, {}, []),
        ({"cert": "c", "ports": "https:443", "create": '{"type":"public"}'}, {}, []),
        (
            {"cert": "c", "ports": "http:80", "create": '{"type":"inner"}'},
            {},
            ["cert needs ports with https:", "cert needs class=tls or both or create.type=public"],
        ),
        (
            {"cert": "c", "ports": "https:443", "create": "{"},
            {},
            ["cert needs class=tls or both or create.type=public"],
        ),
        ({"ports": "tls:1"}, {}, ["ports=tls:1 needs cert"]),
        ({"local": "x"}, {}, ["local needs spec.externalTrafficPolicy=Local"]),
        ({"local": "x"}, {"externalTrafficPolicy": "Local"}, []),
        ({"nodes": "x"}, {}, []),  # which the API server makes true
        (
            {"nodes": "x"},
            {"allocateLoadBalancerNodePorts": False},
            ["nodes needs spec.allocateLoadBalancerNodePorts=true"],
        ),
        ({"ranges": "x"}, {"loadBalancerSourceRanges": []}, []),
        (
            {"ranges": "x"},
            {"loadBalancerSourceRanges": ["10.0.0.0/8"]},
            ["ranges cannot be combined with spec.loadBalancerSourceRanges"],
        ),
        ({"port_80": "x"}, {"ports": [{"port": 80}]}, []),  # the default of class
        ({"port_80": "x", "class": "tls"}, {"ports": [{"port": 80}]}, ["port_{port} needs class=plain"]),
        ({"port_x": "x", "class": "tls"}, {}, []),
        ({"unknown": "x"}, {}, []),
        ({"tls": "443,https:8443,web"}, {"ports": [{"port": 443}, {"port": 8443}, {"port": 80, "name": "web"}]}, []),
        ({"tls": "443, https:8443"}, {"ports": [{"port": 443}]}, ["tls names the port 8443, and the Service has 443"]),
        ({"tls": "443"}, {}, ["tls names the port 443, and the Service has none"]),
        ({"port_81": "x"}, {"ports": [{"port": 81}]}, []),
        (
            {"port_81": "x", "port_82": "x"},
            {"ports": [{"port": 80}, {"port": 82, "name": "b"}]},
            [
                "port_{port} names the port 81, and the Service has 80, 82, b",
            ],
        ),
    ],
)
def test_needs_and_excludes(annotations: dict[str, str], spec: dict[str, Any], problems: list[str]) -> None:
    """Each condition, met and not met."""
    assert _problems(annotations, spec) == problems


def test_two_settings_with_one_key() -> None:
    """The one that is meant counts."""
    assert _problems({"shared": "x", "id": "1"}) == ["shared cannot be combined with id"]
    assert _problems({"shared": "x"}, controller="old") == ["shared needs id"]
    assert _problems({"shared": "x", "id": "1"}, controller="old") == []


def test_labels_are_settings_too() -> None:
    """Where the provider reads a label."""
    service = {"metadata": {"labels": {"own.io/pool": "a"}}}
    assert find_problems(_PROVIDER, service, {}) == ["pool needs controller=old"]
    assert find_problems(_PROVIDER, service, {"controller": "old"}) == []


def test_a_service_of_which_an_override_left_nothing() -> None:
    """There is nothing to say about it."""
    assert find_problems(_PROVIDER, {"metadata": None, "spec": None}, {}) == []
