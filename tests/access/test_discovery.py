"""Which resource a word means: kubectl's cache, the aggregated answer, and what servers before 1.26 say instead."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, cast

import pytest

from kubectl_svc.access.discovery import Discovery, Known
from kubectl_svc.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_GROUPS = {
    "groups": [
        {"versions": [{"groupVersion": "v1"}], "preferredVersion": {"groupVersion": "v1"}},
        {
            "versions": [{"groupVersion": "example.com/v1beta1"}, {"groupVersion": "example.com/v1"}],
            "preferredVersion": {"groupVersion": "example.com/v1"},
        },
    ]
}
_GADGETS = {
    "resources": [
        {
            "name": "gadgets",
            "singularName": "gadget",
            "kind": "Gadget",
            "shortNames": ["gdg"],
            "categories": ["nodes"],
            "namespaced": True,
        },
        {"name": "gadgets/status", "kind": "Gadget", "namespaced": True},
    ]
}
_NODES = {"resources": [{"name": "nodes", "singularName": "", "kind": "Node", "categories": ["most"]}]}
_AGGREGATED = {
    "kind": "APIGroupDiscoveryList",
    "items": [
        {
            "metadata": {"name": "example.com"},
            "versions": [
                {
                    "version": "v1",
                    "resources": [
                        {
                            "resource": "gadgets",
                            "responseKind": {"kind": "Gadget"},
                            "scope": "Namespaced",
                            "singularResource": "gadget",
                            "shortNames": ["gdg"],
                        }
                    ],
                }
            ],
        }
    ],
}
_OLD_SERVER = {
    "api": {"kind": "APIVersions", "versions": ["v1"]},
    "apis": {"kind": "APIGroupList", "groups": _GROUPS["groups"][1:]},  # the core group stands under /api
    "api/v1": _NODES,
    "apis/example.com/v1": _GADGETS,
    "apis/example.com/v1beta1": _GADGETS,
}


class _Server:
    """Answers of an API server by path, and which were asked for."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def get(self, path: Sequence[str], *, accept: str = "") -> dict[str, Any]:
        """As Cluster.get."""
        del accept
        self.asked.append("/".join(path))
        answer = self._answers[self.asked[-1]]
        if isinstance(answer, Exception):
            raise answer
        return cast("dict[str, Any]", answer)


def _write_cache(folder: Path) -> None:
    host = folder / "discovery" / "127.0.0.1_6443"
    for name, content in {
        "servergroups.json": _GROUPS,
        "v1/serverresources.json": _NODES,
        "example.com/v1/serverresources.json": _GADGETS,
    }.items():
        path = host / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))


def _discovery(folder: Path, answers: dict[str, Any]) -> tuple[Discovery, _Server]:
    server = _Server(answers)
    known = Known(str(folder), "https://127.0.0.1:6443")
    return Discovery(server, known), server  # type: ignore[arg-type] # as much as it asks


@pytest.mark.parametrize("word", ["gadgets", "Gadget", "gdg", "gadgets.example.com", "gdg.v1.example.com"])
def test_a_fresh_cache_is_enough(word: str, tmp_path: Path) -> None:
    """What kubectl has cached within six hours costs no request."""
    _write_cache(tmp_path)
    discovery, server = _discovery(tmp_path, {})
    found = discovery.find(word)
    assert found
    assert (found.api_version, found.kind, found.namespaced) == ("example.com/v1", "Gadget", True)
    assert server.asked == []


@pytest.mark.parametrize("spoil", ["old", "broken", "missing"])
def test_a_cache_that_cannot_be_trusted_is_passed_over(spoil: str, tmp_path: Path) -> None:
    """Too old, not JSON, not there: the server is asked."""
    _write_cache(tmp_path)
    for path in tmp_path.rglob("*.json"):
        if spoil == "old":
            os.utime(path, (0, 0))
        elif spoil == "broken":
            path.write_text('{"groups": [')
        else:
            path.unlink()
    discovery, server = _discovery(tmp_path, {"api": {"kind": "APIGroupDiscoveryList"}, "apis": _AGGREGATED})
    found = discovery.find("gadgets")
    assert found
    assert found.group_kind == "Gadget.example.com"
    assert server.asked == ["api", "apis"]


def test_an_older_server_is_asked_group_by_group(tmp_path: Path) -> None:
    """Each group's preferred version counts first; what a word means is remembered."""
    discovery, server = _discovery(tmp_path, _OLD_SERVER)
    gadget, node = discovery.find("gdg"), discovery.find("node")
    assert gadget
    assert gadget.api_version == "example.com/v1"
    assert node
    assert not node.namespaced
    assert discovery.find("nonsense") is None
    assert server.asked == ["api", "api/v1", "apis", "apis/example.com/v1", "apis/example.com/v1beta1"]


def test_a_server_that_fails_is_asked_once(tmp_path: Path) -> None:
    """However many documents of a file want to know of it."""
    discovery, server = _discovery(tmp_path, {"api": UnreachableError("127.0.0.1:6443", "no route to host")})
    for word in ("gadgets", "widgets"):
        with pytest.raises(UnreachableError, match="no route to host"):
            discovery.find(word)
    assert server.asked == ["api"]


def test_categories_are_told_from_resources(tmp_path: Path) -> None:
    """`all` and its like stand for resources, each once, in its preferred version; no resource stands for any."""
    discovery, _ = _discovery(tmp_path, _OLD_SERVER)
    assert [each.kind for each in discovery.members("most")] == ["Node"]
    assert [(each.kind, each.version) for each in discovery.members("nodes")] == [("Gadget", "v1")]
    assert discovery.members("gadgets") == discovery.members("nonsense") == ()
