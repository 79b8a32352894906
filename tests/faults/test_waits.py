"""What is made of lost answers, without waiting: how long would be waited, and what counts as ours."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.access.cluster import Cluster
from kubectl_svc.cli.lost_answers import LostCreation
from kubectl_svc.errors import StatusError, SvcError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_SERVICE: dict[str, Any] = {"kind": "Service", "apiVersion": "v1", "metadata": {"name": "web"}, "spec": {}}
_DROPPED = UnreachableError("here:80", "dropped", in_doubt=True, dropped=True)
_REFUSED = UnreachableError("here:80", "refused", refused=True)
_ODD = UnreachableError("here:80", "no JSON", in_doubt=True)
_FAILED = StatusError({"code": 500})


class _Cluster(Cluster):
    """One that has an answer to each request at once, the last one again and again, and notes what it is given."""

    time_limit: float | None = None

    def __init__(self, looked_up: Sequence[SvcError | dict[str, Any] | None], created: Sequence[SvcError] = ()) -> None:
        self.waited: list[float] = []
        self.given: list[float | None] = []
        self._looked_up = deque(looked_up)
        self._created = deque(created)

    def within(self, seconds: float | None) -> Cluster:
        self.given.append(seconds)
        return self

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)

    def look_up(self, path: Sequence[str]) -> tuple[dict[str, Any] | None, str]:
        assert path == ("services", "web")
        found = self._looked_up.popleft() if len(self._looked_up) > 1 else self._looked_up[0]
        if isinstance(found, SvcError):
            raise found
        return found, "Mon, 30 Nov 2026 18:36:00 GMT"

    def create(
        self, path: Sequence[str], manifest: Mapping[str, Any], query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        assert (path, manifest, query) == (("services",), _SERVICE, {"fieldManager": "us"})
        if self._created:
            raise self._created.popleft()
        return _SERVICE


def _found(cluster: Cluster, lost: StatusError | UnreachableError, ago: float = 0) -> object:
    query = {"fieldManager": "us"}
    return LostCreation(cluster, ("services",), _SERVICE, query, time.monotonic() - ago).found(lost)


def test_after_each_time_that_the_server_hangs_up() -> None:
    """A bit longer each time."""
    cluster = _Cluster([None], [_DROPPED])
    assert _found(cluster, _DROPPED) == _SERVICE
    assert cluster.waited == [0.1, 0.2]


@pytest.mark.parametrize("fails", [_FAILED, _ODD], ids=str)
def test_between_looks(fails: SvcError) -> None:
    """A bit longer each time, and then no more."""
    cluster = _Cluster([fails])
    with pytest.raises(SvcError, match=r"whether the Service .* is not known"):
        _found(cluster, _DROPPED)
    assert cluster.waited == [0.1, 0.2]
    cluster = _Cluster([fails, fails, None])
    assert _found(cluster, _DROPPED) == _SERVICE
    assert cluster.waited == [0.1, 0.2, 0.1]


def test_between_looks_as_the_server_asks() -> None:
    """So long as it says."""
    cluster = _Cluster([StatusError({"code": 503}, retry_after=7), None])
    assert _found(cluster, _DROPPED) == _SERVICE
    assert cluster.waited == [7, 0.1]


@pytest.mark.parametrize("fails", [_REFUSED, _DROPPED], ids=str)
def test_no_look_again_where_nobody_answers(fails: SvcError) -> None:
    """A dropped look was repeated by then, and nobody is going to listen in a moment."""
    cluster = _Cluster([fails])
    with pytest.raises(SvcError, match=r"whether the Service .* is not known"):
        _found(cluster, _ODD)
    assert cluster.waited == []


def test_no_attempt_when_the_time_is_over() -> None:
    """Not even where the server asks for no wait."""
    cluster = _Cluster([None])
    cluster.time_limit = 1
    with pytest.raises(StatusError):
        _found(cluster, StatusError({"code": 503}, retry_after=0), ago=100)
    assert cluster.waited == []


@pytest.mark.parametrize(
    ("limit", "ago", "look"),
    [(None, 100, None), (60, 0, 60), (60, 40, 20), (60, 57, 5), (60, 100, 5), (4, 100, 2)],
)
def test_what_a_look_is_given(limit: float | None, ago: float, look: float | None) -> None:
    """What is left of the time; and a moment where that is hardly anything."""
    cluster = _Cluster([_REFUSED])
    cluster.time_limit = limit
    with pytest.raises(SvcError):
        _found(cluster, _ODD, ago)
    assert cluster.given == [look if look is None else pytest.approx(look, abs=0.5)]


def test_no_wait_without_time() -> None:
    """Neither for a look nor for an attempt."""
    for cluster in (_Cluster([_FAILED]), _Cluster([None])):
        cluster.time_limit = 10
        with pytest.raises(SvcError):
            _found(cluster, _DROPPED, ago=100)
        assert cluster.waited == []


def test_what_an_attempt_is_given() -> None:
    """What is left of the time for all of them."""
    cluster = _Cluster([None])
    cluster.time_limit = 60
    assert _found(cluster, _DROPPED, ago=40) == _SERVICE
    assert cluster.given == [pytest.approx(20, abs=0.5)] * 2


@pytest.mark.parametrize(("ago", "is_ours"), [(0, False), (50, False), (70, True)])
def test_how_old_ours_may_be(ago: float, is_ours: bool) -> None:
    """As old as the request."""
    there = {**_SERVICE, "metadata": {"name": "web", "creationTimestamp": "2026-11-30T18:35:00Z"}}
    cluster = _Cluster([there])
    if is_ours:
        assert _found(cluster, _DROPPED, ago) == there
    else:
        with pytest.raises(StatusError, match='services "web" already exists'):
            _found(cluster, _DROPPED, ago)


@pytest.mark.parametrize(
    ("sent", "live", "is_otherwise"),
    [
        ({"ports": [{"port": 80}]}, {"ports": [{"port": 80, "protocol": "TCP"}]}, False),
        ({"ports": [{"port": 80, "targetPort": 0}]}, {"ports": [{"port": 80, "targetPort": 80}]}, False),
        ({"ports": [{"port": 80}]}, {"ports": [{"port": 81}]}, True),
        ({"selector": {"app": "web"}}, {}, True),
        ({"selector": {"app": "web"}}, {"selector": {"app": "web", "tier": "web"}}, False),
        ({"externalIPs": ["10.0.0.1"]}, {}, True),
        ({"externalIPs": ["10.0.0.1"]}, {"externalIPs": ["10.0.0.1", "10.0.0.2"]}, False),
        ({"externalIPs": ["10.0.0.1", "10.0.0.2"]}, {"externalIPs": ["10.0.0.1"]}, True),
    ],
    ids=str,
)
def test_what_counts_as_sent(sent: dict[str, Any], live: dict[str, Any], is_otherwise: bool) -> None:
    """All that was sent; a server fills in and adds."""
    metadata = {"name": "web", "creationTimestamp": "2026-11-30T18:36:00Z", "managedFields": [{"manager": "us"}]}
    cluster = _Cluster([{**_SERVICE, "metadata": metadata, "spec": live}])
    creation = LostCreation(
        cluster, ("services",), {**_SERVICE, "spec": sent}, {"fieldManager": "us"}, time.monotonic()
    )
    assert creation.found(_DROPPED)["spec"] == live
    assert bool(creation.warnings) == is_otherwise
