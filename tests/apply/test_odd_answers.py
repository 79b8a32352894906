"""Servers that answer an apply with something else than Services: one error, or what can be made of it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.access.servers import answer, serve
from tests.svc import svc_here

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIVE: dict[str, Any] = {
    "kind": "Service",
    "apiVersion": "v1",
    "metadata": {
        "name": "web",
        "namespace": "default",
        "uid": "u",
        "resourceVersion": "7",
        "finalizers": ["example.com/x"],
        "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "x", "uid": "o"}],
        "managedFields": [
            {
                "manager": "kubectl-svc",
                "operation": "Update",
                "apiVersion": "v1",
                "time": "2026-11-30T10:00:00Z",
                "fieldsType": "FieldsV1",
                "fieldsV1": {
                    "f:metadata": {"f:finalizers": {".": {}, 'v:"example.com/x"': {}}},
                    "f:spec": {
                        "f:type": {},
                        "f:ports": {".": {}, 'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}}},
                    },
                },
            },
            {
                "manager": "helm",
                "operation": "Apply",
                "apiVersion": "v1",
                "fieldsV1": {"f:spec": {"f:ports": {'k:{"port":81,"protocol":"TCP"}': {}}, "f:selector": {}}},
            },
        ],
    },
    "spec": {
        "type": "ClusterIP",
        "clusterIPs": ["10.0.0.1"],
        "ipFamilies": ["IPv4"],
        "ports": [{"port": 80, "protocol": "TCP"}, {"port": 81, "protocol": "TCP", "name": "b"}],
    },
}
_ODD: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-1, 2)
    | st.sampled_from(("", "x", "k:{", "None"))
    | st.just([])
    | st.just({})
)
_VALUES = st.recursive(
    _ODD,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("f:spec", "k:1", "k:{}", "x")), inner),
)


@st.composite
def _odd(draw: st.DrawFn) -> Any:
    """The live Service with something else in one place, or without that; every other time within its managedFields."""
    whole: dict[str, Any] = {"": copy.deepcopy(_LIVE)}
    place: Any = whole
    key: Any = ""
    if draw(st.booleans()):
        place, key = whole[""]["metadata"], "managedFields"
    while isinstance(place[key], (dict, list)) and place[key] and draw(st.integers(0, 9)):
        place = place[key]
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    if draw(st.booleans()):
        del place[key]
    else:
        place[key] = draw(_VALUES)
    return whole.get("", {})


@given(
    bodies=st.lists(_odd() | st.just(_LIVE), min_size=1, max_size=4),
    flags=st.lists(
        st.sampled_from(("--force-conflicts", "--dry-run=server", "-oname", "--type=NodePort")), unique=True
    ),
    how=st.sampled_from(("--apply", "--diff")),
)
def test_odd_answers(bodies: list[Any], flags: list[str], how: str) -> None:
    """No traceback, and nothing on standard output where it failed."""
    _check(bodies, flags, how)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from _places(part, (*path, key))


@pytest.mark.parametrize("path", [*_places(_LIVE)], ids=lambda path: ".".join(map(str, path)))
def test_each_value_is_null_once(path: tuple[Any, ...]) -> None:
    """Before the apply and after it, where somebody owns it and where nobody is known."""
    odd: Any = copy.deepcopy(_LIVE)
    place = odd
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = None
    nobodys = {**odd, "metadata": {**(odd["metadata"] or {}), "managedFields": []}}
    for flags in ([], ["--force-conflicts"], ["--ip-family-policy=PreferDualStack", "--ip-family=IPv4"]):
        for bodies in ([odd], [_LIVE, odd], [nobodys]):
            _check(bodies, flags, "--apply")


def _check(bodies: list[Any], flags: list[str], how: str) -> None:
    if how == "--diff" and "--dry-run=server" in flags:
        flags.remove("--dry-run=server")
    with serve(*(answer(body=json.dumps(body).encode()) for body in bodies)) as server:
        code, out, err = svc_here("create", "web", "--port=80:81", how, *flags, "-s", server.url)
    errors = [line for line in err.splitlines() if not line.startswith(("Warning: ", "hint: ", "  "))]
    if errors:
        assert (code, out) == (1 + (how == "--diff"), "")
        assert errors[0].startswith(("error: ", "Unable to connect", "The Service"))
    else:
        assert code == 0 or (code, how) == (1, "--diff")
