"""The Go struct of a Service against the real kubectl, which reads objects into it."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import strategies as st

from kubectl_svc.go_service import as_service
from tests.output import TYPED, as_typed, printed
from tests.strategies import drawn, some_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tests.control_plane.build import Programs

WRONG: tuple[Any, ...] = (
    True,
    5,
    -1,
    1.5,
    2**31,
    2**63,
    "x",
    [],
    {},
    [[]],
    [{}],
    [1],
    ["x"],
    [None],
    {"a": 1},
    {"ports": 5},
)


def _service(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, **fields}


def _documents(text: str) -> list[Any]:
    found = []
    decoder = json.JSONDecoder()
    while text:
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:].lstrip()
    return found


def test_objects_pass_through_as_through_kubectl(programs: Programs) -> None:
    """Same fields, same order of fields, same values."""
    documents = some_services()
    expected, errors = printed(programs.kubectl, documents, *TYPED, "-o", "json", "--show-managed-fields")
    assert errors == ""
    ours = [as_service(as_typed(document)) for document in documents]
    for theirs, mine in zip(_documents(expected), ours, strict=True):
        assert json.dumps(theirs) == json.dumps(mine)


STRINGS = (
    "clusterIP", "type", "sessionAffinity", "loadBalancerIP", "externalName", "externalTrafficPolicy", "ipFamilyPolicy",
    "loadBalancerClass", "internalTrafficPolicy", "trafficDistribution",
)  # fmt: skip
_ZERO_PORT = {"name": "", "protocol": "", "appProtocol": "", "port": 0, "targetPort": "", "nodePort": 0}
_ZERO_OWNER = {"apiVersion": "", "kind": "", "name": "", "uid": "", "controller": False, "blockOwnerDeletion": False}
_ZERO_MANAGED = {
    **dict.fromkeys(("manager", "operation", "apiVersion", "fieldsType", "subresource"), ""),
    "time": "0001-01-01T00:00:00Z",
    "fieldsV1": {},
}
_ZERO_METADATA = {
    **dict.fromkeys(("generateName", "selfLink", "uid", "resourceVersion", "namespace"), ""),
    **dict.fromkeys(("creationTimestamp", "deletionTimestamp"), "0001-01-01T00:00:00Z"),
    **dict.fromkeys(("generation", "deletionGracePeriodSeconds"), 0),
    "labels": {},
    "annotations": {},
    "ownerReferences": [_ZERO_OWNER],
    "finalizers": [""],
    "managedFields": [_ZERO_MANAGED],
}
_ZERO_SPEC = {
    **dict.fromkeys(STRINGS, ""),
    **{name: [] for name in ("clusterIPs", "externalIPs", "loadBalancerSourceRanges", "ipFamilies")},
    **dict.fromkeys(("publishNotReadyAddresses", "allocateLoadBalancerNodePorts"), False),
    "ports": [_ZERO_PORT],
    "selector": {},
    "healthCheckNodePort": 0,
    "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 0}},
}
_ZERO_INGRESS = {**dict.fromkeys(("ip", "hostname", "ipMode"), ""), "ports": [{"port": 0, "protocol": "", "error": ""}]}
_ZERO_CONDITION = {
    **dict.fromkeys(("type", "status", "reason", "message"), ""),
    "observedGeneration": 0,
    "lastTransitionTime": "0001-01-01T00:00:00Z",
}
_ZERO_STATUS = {"loadBalancer": {"ingress": [_ZERO_INGRESS]}, "conditions": [_ZERO_CONDITION]}


def _nulls(node: dict[str, Any]) -> dict[str, Any]:
    return {
        key: [None, {}] if isinstance(value, list) and value and value != [""] else None for key, value in node.items()
    }


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            _service(metadata={**_ZERO_METADATA, "name": "web"}, spec=_ZERO_SPEC, status=_ZERO_STATUS), id="zero values"
        ),
        pytest.param(
            _service(
                metadata={**_nulls(_ZERO_METADATA), "name": "web"},
                spec={**_nulls(_ZERO_SPEC), "sessionAffinityConfig": {"clientIP": None}},
                status={**_nulls(_ZERO_STATUS), "loadBalancer": {"ingress": [None, {"ports": [None]}]}},
            ),
            id="nulls",
        ),
        pytest.param(
            _service(
                metadata={"name": "web", "ownerReferences": [], "finalizers": [], "managedFields": []},
                spec={"ports": [], "sessionAffinityConfig": {"clientIP": {}}},
                status={"loadBalancer": {"ingress": []}, "conditions": []},
            ),
            id="empty lists and structs",
        ),
        pytest.param(_service(status={"loadBalancer": {"ingress": [{"ports": []}]}}), id="empty lists below"),
        pytest.param(_service(metadata={"name": "web"}, spec=None, status={"loadBalancer": None}), id="null structs"),
    ],
)
def test_what_is_left_out(programs: Programs, document: dict[str, Any]) -> None:
    """Of every field of the struct: whether its zero value, and a null, is written."""
    output, errors = printed(programs.kubectl, [document], *TYPED, "-o", "json", "--show-managed-fields")
    assert errors == ""
    assert json.dumps(_documents(output)) == json.dumps([as_service(as_typed(document))])


def _places(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        found += _places(child, (*path, key))
    return found


@st.composite
def _with_wrong_values(draw: st.DrawFn) -> dict[str, Any]:
    """A Service with values of any type put at one or two places."""
    document: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(some_services())))
    for _ in range(draw(st.integers(1, 2))):
        places = [place for place in _places(document) if place[0] not in {"kind", "apiVersion"}]
        *path, last = draw(st.sampled_from(places))
        node: Any = document
        for step in path:
            node = node[step]
        node[last] = copy.deepcopy(draw(st.sampled_from(WRONG)))
    return document


def _answer(document: dict[str, Any]) -> tuple[Any, str]:
    """What kubectl would print for the object and say about it, by our reading."""
    try:
        service = as_service(document)
    except ValueError as error:
        return [], f'error: unable to decode "STDIN": {error}\n'
    return [as_typed(service)], ""


def test_wrong_types_are_refused_in_the_same_words(programs: Programs) -> None:
    """Go's sentence, with the name of the struct, the path and the type; or no sentence where Go takes the value."""
    answers = set()
    for document in drawn(_with_wrong_values(), 60):
        output, errors = printed(programs.kubectl, [document], *TYPED, "-o", "json", "--show-managed-fields")
        assert (_documents(output), errors) == _answer(document)
        answers.add(errors == "")
    assert answers == {True, False}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(_service(metadata={"creationTimestamp": time}), id=f"time {time}")
        for time in (
            "", "x", "2024", "2024-1-01T00:00:00Z", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-01-01",
            "2024-01-01 00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
            "2024-01-01T00:0:00Z",
            "2024-01-01T00:00:00", "2024-01-01T00:00:00z", "2024-01-01T00:00:00+25:00", "2024-01-01T00:00:00+00:61",
            "2024-01-01T00:00:00Zé\"\\", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+0100",
        )
    ]
    + [
        pytest.param({**_service(), "kind": 5}, id="kind"),
        pytest.param({**_service(), "apiVersion": ["v1"]}, id="apiVersion"),
        pytest.param(_service(spec={"type": 1, "ports": [{"targetPort": []}]}), id="self-decoding first"),
        pytest.param(_service(spec={"ports": [{"port": "x"}], "type": 1}), id="the first of the document"),
        pytest.param(_service(spec={"type": 1, "ports": [{"port": "x"}]}), id="and turned round"),
        pytest.param(_service(spec={"ports": [{"port": 1.5}]}), id="no integer"),
    ],
)  # fmt: skip
def test_refusals(programs: Programs, document: dict[str, Any]) -> None:
    """Sentences that generated objects hardly reach."""
    with pytest.raises(ValueError, match=r"json: |parsing time ") as refused:
        as_service(document)
    _, errors = printed(programs.kubectl, [document], *TYPED, "-o", "json")
    assert errors == f'error: unable to decode "STDIN": {refused.value}\n'


def test_what_is_always_there() -> None:
    """The smallest Service that kubectl prints."""
    assert list(as_service({}).items()) == [
        ("kind", "Service"),
        ("apiVersion", "v1"),
        ("metadata", {}),
        ("spec", {}),
        ("status", {"loadBalancer": {}}),
    ]


def test_lone_surrogates() -> None:
    """Go reads U+FFFD; what stands for a byte stays, and sorts after all text, as bytes do."""
    labels = {"\udcff": "", "\U0001f600": "\ud83d", "a": ""}
    found = as_service({"metadata": {"labels": labels}})["metadata"]["labels"]
    assert list(found.items()) == [("a", ""), ("\U0001f600", "\ufffd"), ("\udcff", "")]
