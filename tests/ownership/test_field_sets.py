"""Field sets as servers write them, and what becomes of a Service whose fields change owners."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.ownership.field_sets import (
    common,
    difference,
    fields_of,
    merged,
    paths_of,
    read_field_set,
    union,
    without,
)


def test_fields_as_a_server_writes_them() -> None:
    """Maps field by field, ports and sets by their items, lists and the selector as a whole; nobody's are left out."""
    service = {
        "apiVersion": "v1",
        "metadata": {
            "name": "web",
            "namespace": "lab",
            "uid": "u",
            "resourceVersion": "7",
            "labels": {"app": "web"},
            "annotations": {},
            "finalizers": ["example.com/x"],
            "ownerReferences": [{"uid": "o", "kind": "Deployment", "name": "web"}],
        },
        "spec": {
            "selector": {"app": "web"},
            "externalIPs": ["192.0.2.1"],
            "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 1}},
            "ports": [{"port": 53, "protocol": "UDP", "name": "dns"}, {"port": 80, "targetPort": 80}],
        },
        "status": {"loadBalancer": {}},
    }
    assert fields_of(service) == {
        "f:metadata": {
            "f:labels": {"f:app": {}},
            "f:annotations": {},
            "f:finalizers": {'v:"example.com/x"': {}},
            "f:ownerReferences": {'k:{"uid":"o"}': {}},
        },
        "f:spec": {
            "f:selector": {},
            "f:externalIPs": {},
            "f:sessionAffinityConfig": {"f:clientIP": {"f:timeoutSeconds": {}}},
            "f:ports": {
                'k:{"port":53,"protocol":"UDP"}': {".": {}, "f:port": {}, "f:protocol": {}, "f:name": {}},
                'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}, "f:targetPort": {}},
            },
        },
    }


_PORT_KEYS = st.lists(st.tuples(st.sampled_from((53, 80)), st.sampled_from(("TCP", "UDP"))), min_size=1, unique=True)
_PORTS = st.tuples(_PORT_KEYS, st.sampled_from(("a", ""))).map(
    lambda drawn: [{"port": port, "protocol": protocol, "name": drawn[1]} for port, protocol in drawn[0]]
)
_METADATA = st.fixed_dictionaries(
    {},
    optional={
        "labels": st.dictionaries(st.sampled_from("ab"), st.sampled_from(("x", "")), min_size=1),
        "finalizers": st.lists(st.sampled_from(("a/x", "a/y", "a/z")), min_size=1, unique=True),
        "ownerReferences": st.dictionaries(st.sampled_from("uv"), st.sampled_from("xy"), min_size=1).map(
            lambda owners: [{"uid": uid, "name": name} for uid, name in owners.items()]
        ),
    },
)
_SPEC = st.fixed_dictionaries(
    {},
    optional={
        "ports": _PORTS,
        "type": st.sampled_from(("ClusterIP", "NodePort")),
        "publishNotReadyAddresses": st.booleans(),
        "selector": st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"), min_size=1),
        "externalIPs": st.lists(st.sampled_from(("192.0.2.1", "192.0.2.2")), min_size=1),
        "sessionAffinityConfig": st.just({"clientIP": {"timeoutSeconds": 1}}),
    },
)
_SERVICES = st.fixed_dictionaries({"metadata": _METADATA, "spec": _SPEC})


def _ordered(service: dict[str, Any]) -> dict[str, Any]:
    """The Service with the items of merged lists sorted."""
    ordered: dict[str, Any] = {part: dict(service.get(part, {})) for part in ("metadata", "spec")}
    for part, name in (("spec", "ports"), ("metadata", "finalizers"), ("metadata", "ownerReferences")):
        if name in ordered[part]:
            ordered[part][name] = sorted(ordered[part][name], key=lambda item: json.dumps(item, sort_keys=True))
    return ordered


@given(before=_SERVICES, after=_SERVICES)
def test_whoever_owns_all_and_applies_something_else_gets_that(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Nothing of what was there stays, and nothing that was given is changed."""
    given_before, given_after = copy.deepcopy(before), copy.deepcopy(after)
    result = without(merged(before, after), fields_of(before), fields_of(after))
    assert _ordered(result) == _ordered(after)
    assert (before, after) == (given_before, given_after)


@given(live=_SERVICES, config=_SERVICES)
def test_nobodys_fields_stay(live: dict[str, Any], config: dict[str, Any]) -> None:
    """What the applier does not own is still there, and all that is applied is there too."""
    result = without(merged(live, config), {}, fields_of(config))
    assert _ordered(merged(result, config)) == _ordered(result)
    for part, element in _leaves(fields_of(live)):
        assert (part, element) in _leaves(fields_of(result))


@given(live=_SERVICES, config=_SERVICES)
def test_what_others_own_too_stays(live: dict[str, Any], config: dict[str, Any]) -> None:
    """Fields with a second owner are not dropped by the first one."""
    result = without(merged(live, config), fields_of(live), union(fields_of(config), fields_of(live)))
    assert _ordered(result) == _ordered(merged(live, config))


def _leaves(fields: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The paths of all fields that are owned as a whole, less the outermost part."""
    found: set[tuple[str, ...]] = set()
    for element, inner in fields.items():
        found |= (
            _leaves(inner, (*path, element)) if inner else {(path[0] if path else "", "/".join((*path[1:], element)))}
        )
    return found


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        ("", "ab", "ab"),
        ("ab", "", "ab"),
        ("ab", "ba", "ba"),
        ("ab", "cb", "acb"),
        ("abc", "b", "abc"),
        ("ab", "bc", "abc"),
        ("ba", "abc", "abc"),
        ("abcd", "dxb", "acdxb"),
    ],
)
def test_the_order_of_merged_lists(before: str, after: str, order: str) -> None:
    """As applied; what only the live Service has stands where it stood (structured-merge-diff `visitListItems`)."""
    live, config = ({"metadata": {"finalizers": list(names)}, "spec": {}} for names in (before, after))
    assert merged(live, config)["metadata"]["finalizers"] == list(order)


def test_field_sets_that_servers_wrote_before_a_selector_was_one_value() -> None:
    """And before owner references were; what is no field set at all is left out."""
    written = {
        "f:metadata": {"f:ownerReferences": {'k:{"uid":"u"}': {".": {}, "f:kind": {}}}, "f:labels": {"f:selector": {}}},
        "f:spec": {"f:selector": {".": {}, "f:app": {}}, "k:{": {}, "k:1": {}, "x": {}, "f:type": None},
    }
    assert read_field_set(written) == {
        "f:metadata": {"f:ownerReferences": {'k:{"uid":"u"}': {}}, "f:labels": {"f:selector": {}}},
        "f:spec": {"f:selector": {}, "f:type": {}},
    }
    assert read_field_set("x") == {}


_PORT = 'k:{"port":80,"protocol":"TCP"}'


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        pytest.param({}, None, id="nobody's"),
        pytest.param({_PORT: {"f:nodePort": {}}}, None, id="of which others have a part"),
        pytest.param({_PORT: {".": {}, "f:port": {}, "f:nodePort": {}}}, [{"port": 80, "nodePort": 1}], id="of others"),
    ],
)
def test_an_item_stays_with_who_owns_the_item(kept: dict[str, Any], left: Any) -> None:
    """As servers add back what others own (structured-merge-diff merge/update.go `addBackOwnedItems`)."""
    live = {"metadata": {}, "spec": {"ports": [{"port": 80, "nodePort": 1, "name": "a"}]}}
    own: dict[str, Any] = {"f:spec": {"f:ports": {_PORT: {".": {}, "f:port": {}, "f:name": {}}}}}
    assert without(live, own, {"f:spec": {"f:ports": kept}}).get("spec", {}).get("ports") == left


def test_paths_as_servers_name_them() -> None:
    """Fields, items by their keys, and members of sets; of what is owned whole, the whole."""
    fields = {
        "f:metadata": {"f:labels": {".": {}, "f:a.b/c": {}}, "f:finalizers": {'v:"x"': {}}},
        "f:spec": {
            "f:type": {},
            "f:ports": {_PORT: {".": {}, "f:nodePort": {}}, 'k:{"port":81,"protocol":"TCP"}': {".": {}}},
        },
    }
    assert list(paths_of(fields)) == [
        ".metadata.labels.a.b/c",
        '.metadata.finalizers[="x"]',
        ".spec.type",
        '.spec.ports[port=80,protocol="TCP"].nodePort',
        '.spec.ports[port=81,protocol="TCP"]',
    ]


@given(one=_SERVICES, other=_SERVICES)
def test_common_and_difference_divide(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Every field of the first is in one of both, and in both only where something is inside."""
    fields, named = fields_of(one), fields_of(other)
    shared, rest = set(paths_of(common(fields, named))), set(paths_of(difference(fields, named)))
    assert shared | rest == set(paths_of(fields))
    assert not shared & rest
