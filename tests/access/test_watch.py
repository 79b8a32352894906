"""One list kept up to date: over every fault that we know, and beside the official client on the real API server."""

from __future__ import annotations

import itertools
import json
import os
import socket
import threading
import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from kubernetes import watch as official

from kubectl_svc.access import watch
from kubectl_svc.access.cluster import Cluster
from kubectl_svc.access.connection import Connection
from kubectl_svc.access.http.dial import Socket
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.access.watch import watched
from kubectl_svc.access.watch_events import watch_query
from kubectl_svc.errors import StatusError, UnreachableError
from kubectl_svc.request import ClusterFlags
from tests.access.servers import STREAM_HEAD, Answer, answer, event, serve, stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from tests.access.servers import Server
    from tests.control_plane.cluster import Cluster as Plane

    Objects = Mapping[tuple[str, str], Mapping[str, Any]]
    Open = Callable[..., Cluster]

PATH = ("api", "v1", "namespaces", "lab", "services")
_FAR = 1e9  # seconds: no test comes to this deadline


class _Clock:
    """A time that only waiting moves on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        """Seconds since the beginning."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Lets so many seconds pass."""
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """The time that `watched` goes by; the connections below have the real one."""
    clock = _Clock()
    monkeypatch.setattr(watch, "monotonic", clock)
    return clock


@pytest.fixture
def reach() -> Iterator[Open]:
    """Opens clusters by URL or connection, and closes their connections at the end."""
    opened: list[Transport] = []

    def open_cluster(where: str | Connection, **fields: object) -> Cluster:
        connection = Connection(server=where, **fields) if isinstance(where, str) else where  # type: ignore[arg-type]  # a test names fields
        opened.append(Transport(connection, sleep=lambda _: None))
        return Cluster(opened[-1], pytest.fail)

    yield open_cluster
    for transport in opened:
        transport.close()


def _service(name: str, version: int, **more: object) -> dict[str, Any]:
    metadata = {"namespace": "lab", "name": name, "resourceVersion": str(version)}
    return {"kind": "Service", "apiVersion": "v1", "metadata": metadata, **more}


def _list(version: int, *items: dict[str, Any], following: str = "") -> Answer:
    """As the server sends it: the items without their type."""
    bare = [{key: value for key, value in item.items() if key not in ("kind", "apiVersion")} for item in items]
    metadata = {"resourceVersion": str(version), **({"continue": following} if following else {})}
    return answer(
        body=json.dumps({"kind": "ServiceList", "apiVersion": "v1", "metadata": metadata, "items": bare}).encode()
    )


def _status(code: int, reason: str = "", message: str = "no") -> dict[str, Any]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": message,
    }


def _refusal(code: int, reason: str = "") -> Answer:
    return answer(f"{code} No", json.dumps(_status(code, reason)).encode())


def _states(objects: Iterator[Objects], count: int) -> list[dict[str, str]]:
    """The next so many states: names and resourceVersions."""
    return [
        {name: found["metadata"]["resourceVersion"] for (_, name), found in state.items()}
        for state in itertools.islice(objects, count)
    ]


def _asked(server: Server) -> list[str]:
    """What was asked for: "list", or the resourceVersion that was watched from."""
    queries = [dict(parse_qsl(urlsplit(asked.target).query)) for asked in server.asked]
    return [query["resourceVersion"] if "watch" in query else "list" for query in queries]


A1, A3, B2, B4 = _service("a", 1), _service("a", 3), _service("b", 2), _service("b", 4)
_FULL = [{"a": "1"}, {"a": "1", "b": "2"}, {"a": "3", "b": "2"}, {"b": "2"}]


# --- as it should be


def test_a_list_and_its_changes(clock: _Clock, reach: Open) -> None:
    """Listed in pages, then watched from the first page's version; nothing that was yielded changes any more."""
    events = [event("ADDED", B2), event("MODIFIED", A3), event("DELETED", A3 | {"gone": True})]
    with serve(_list(1, A1, following="more"), _list(7, _service("c", 1)), stream(*events)) as server:
        objects = watched(reach(server.url), PATH, {"labelSelector": "a=b"}, _FAR, clock.sleep)
        states = list(itertools.islice(objects, 4))
        names = [sorted(name for _, name in state) for state in states]
        assert names == [["a", "c"], ["a", "b", "c"], ["a", "b", "c"], ["b", "c"]]
        assert states[0]["lab", "a"] == A1  # with its type, as in a watch
        assert states[2]["lab", "a"] == A3
        assert len({id(state) for state in states}) == 4
        queries = [dict(parse_qsl(urlsplit(asked.target).query)) for asked in server.asked]
        assert queries == [
            {"labelSelector": "a=b", "limit": "500"},
            {"labelSelector": "a=b", "limit": "500", "continue": "more"},
            {
                "labelSelector": "a=b", "watch": "1", "allowWatchBookmarks": "true",
                "resourceVersion": "1", "timeoutSeconds": "30",
            },
        ]  # fmt: skip
    assert clock.waits == []


@pytest.mark.parametrize(
    ("deadline", "timeout", "asked"), [(9.2, 0, "10"), (0.2, 0, "1"), (99, 0, "30"), (99, 12, "12")]
)
def test_how_long_the_server_is_asked_to_watch(
    deadline: float, timeout: float, asked: str, *, clock: _Clock, reach: Open
) -> None:
    """Half a minute, not beyond the deadline, not beyond --request-timeout, and never 0, which means very long."""
    with serve(_list(1), stream(event("ADDED", B2))) as server:
        _states(watched(reach(server.url, timeout=timeout), PATH, {}, deadline, clock.sleep), 2)
        assert f"timeoutSeconds={asked}" in server.asked[1].target


@pytest.mark.parametrize(("seconds", "asked"), [(0, "1"), (0.1, "1"), (1, "1"), (1.1, "2"), (30.0, "30")])
def test_seconds_are_whole_ones(seconds: float, asked: str) -> None:
    """Rounded up, because 0 would leave it to the server."""
    assert watch_query(seconds)["timeoutSeconds"] == asked


def test_a_watch_that_has_ended_goes_on_from_there(clock: _Clock, reach: Open) -> None:
    """On the same connection, from the last event or bookmark; bookmarks are nobody's news."""
    bookmark = event("BOOKMARK", {"metadata": {"resourceVersion": "9"}})
    replies = [stream(event("ADDED", B2), then="keep"), stream(bookmark, then="keep"), stream(event("ADDED", B4))]
    with serve(_list(1, A1), *replies) as server:
        states = _states(watched(reach(server.url), PATH, {}, _FAR, clock.sleep), 3)
        assert states == [{"a": "1"}, {"a": "1", "b": "2"}, {"a": "1", "b": "4"}]
        assert (_asked(server), server.connections) == (["list", "1", "2", "9"], 1)


def test_no_busy_loop(clock: _Clock, reach: Open) -> None:
    """A server that ends every watch at once is asked less and less often; one that keeps it for long, at once."""
    with serve(_list(1, A1), stream(then="keep")) as server:
        assert _states(watched(reach(server.url), PATH, {}, 4, clock.sleep), 9) == [{"a": "1"}]
        assert len(server.asked) == 1 + len(clock.waits)
    assert clock.waits == [0, 0.1, 0.2, 0.4, 0.8, 1, 1, pytest.approx(0.5)]


def test_unknown_events_are_nothing(clock: _Clock, reach: Open) -> None:
    """A type of tomorrow, an object without a version or metadata: passed over or taken as it is."""
    odd = [event("SYNCED", _service("x", 5)), event("ADDED", {"metadata": {"name": "b"}}), event("BOOKMARK", {})]
    with serve(_list(1, A1), stream(*odd, then="close"), stream(event("DELETED", A3))) as server:
        states = [set(state) for state in itertools.islice(watched(reach(server.url), PATH, {}, _FAR, clock.sleep), 3)]
        assert states == [{("lab", "a")}, {("lab", "a"), ("", "b")}, {("", "b")}]
        assert _asked(server) == ["list", "1", "5"]


# --- faults

_FAULTS = {
    "dropped": stream(event("ADDED", B2), then="close"),
    "dropped in a line": stream(event("ADDED", B2), event("ADDED", B4)[:20], then="close"),
    "half a line at the end": stream(event("ADDED", B2), event("ADDED", B4)[:20], then="keep"),
    "garbage": stream(event("ADDED", B2), b"garbage\n"),
    "no event": stream(event("ADDED", B2), b'{"kind":"Service"}\n'),
    "a bad chunk": Answer(data=stream(event("ADDED", B2)).data + b"zz\r\n", then="stall"),
    "an error on the server": stream(event("ADDED", B2), event("ERROR", _status(500, "InternalError"))),
    "an error without a word": stream(event("ADDED", B2), event("ERROR", {})),
}


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_fault_is_passed_over(fault: str, clock: _Clock, reach: Open) -> None:
    """At once, from the last version that was seen, without a list."""
    with serve(_list(1, A1), _FAULTS[fault], stream(event("MODIFIED", A3), event("DELETED", A3))) as server:
        assert _states(watched(reach(server.url), PATH, {}, _FAR, clock.sleep), 4) == _FULL
        assert _asked(server) == ["list", "1", "2"]
        assert server.connections == 2
    assert clock.waits == [0]


@pytest.mark.parametrize(
    "fault",
    [
        answer("502 Bad Gateway", b"<html>", kind="text/html"),
        answer("503 Service Unavailable", b""),
        answer("429 Too Many Requests", b""),
        answer(body=b"<html>\n<body>", kind="text/html"),
        answer("204 No Content"),
        Answer(data=b"SSH-2.0\r\n", then="close"),
    ],
    ids=["502", "503", "429", "html", "204", "no HTTP"],
)
def test_a_proxy_without_its_server(fault: Answer, clock: _Clock, reach: Open) -> None:
    """It is asked again, at first at once, then with growing waits."""
    replies = [fault] * 7 + [stream(*map(event, ("ADDED", "MODIFIED", "DELETED"), (B2, A3, A3)))]
    with serve(_list(1, A1), *replies) as server:
        assert _states(watched(reach(server.url), PATH, {}, _FAR, clock.sleep), 4) == _FULL
        assert _asked(server) == ["list", *["1"] * 8]
    assert clock.waits == [0, 0.1, 0.2, 0.4, 0.8, 1, 1]


def test_a_server_that_stays_away(clock: _Clock, reach: Open) -> None:
    """It is tried until the deadline; then what was wrong is raised."""
    server_gone = serve(_list(1, A1), stream(event("ADDED", B2)))
    with server_gone as server:
        objects = watched(reach(server.url), PATH, {}, 20, clock.sleep)
        assert _states(objects, 2) == _FULL[:2]
    with pytest.raises(UnreachableError, match="connection refused"):
        next(objects)
    assert clock.now == pytest.approx(20)
    assert max(clock.waits) == 1


def test_a_server_that_is_back_in_the_end(clock: _Clock, reach: Open) -> None:
    """What was wrong before counts no longer."""
    with serve(_list(1, A1), answer("503 No", b""), stream(then="keep")) as server:
        assert _states(watched(reach(server.url), PATH, {}, 5, clock.sleep), 9) == [{"a": "1"}]


@pytest.mark.parametrize("half", [b"", event("ADDED", B2)[:9]], ids=["silent", "half a line"])
def test_a_silent_connection_is_given_up(half: bytes, reach: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long after the watch should have ended as is said there; the next one is asked for at once."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        monkeypatch.setattr(watch, "GO_SECONDS", 30)  # the next one has time

    with serve(_list(1, A1), stream(half), stream(event("ADDED", B2))) as server:
        objects = watched(reach(server.url), PATH, {}, time.monotonic() + _FAR, sleep)
        states = _states(objects, 1)
        monkeypatch.setattr(watch, "GO_SECONDS", 0.1)
        monkeypatch.setattr(watch, "GRACE_SECONDS", 0.1)
        assert states + _states(objects, 1) == _FULL[:2]
        assert (_asked(server), server.connections) == (["list", "1", "1"], 2)
    assert waits == [0]


@pytest.mark.parametrize("reply", [stream(), Answer(data=STREAM_HEAD[:9], then="stall")], ids=["body", "head"])
def test_the_deadline_ends_it(reply: Answer, reach: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the middle of a silent watch, and without an error."""
    passed = [0.0]
    monkeypatch.setattr(watch, "monotonic", lambda: time.monotonic() + passed[0])
    monkeypatch.setattr(watch, "GRACE_SECONDS", 3600)
    with serve(_list(1, A1), reply) as server:
        objects = watched(reach(server.url), PATH, {}, time.monotonic() + 100, lambda _: None)
        assert _states(objects, 1) == _FULL[:1]
        passed[0] = 99.7
        assert _states(objects, 1) == []
        assert _asked(server)[1:] in ([], ["1"])


def test_a_list_that_does_not_come(reach: Open) -> None:
    """It is waited for until the deadline, whatever the time limit of the connection."""
    with serve(Answer(then="stall")) as server:
        objects = watched(reach(server.url), PATH, {}, time.monotonic() + 0.2, lambda _: None)
        with pytest.raises(UnreachableError, match="timed out"):
            next(objects)


@pytest.mark.parametrize(
    "gone",
    [
        _refusal(410, "Expired"),
        _refusal(410),
        stream(event("ERROR", _status(410, "Expired"))),
        stream(event("ERROR", _status(410))),
        stream(event("ERROR", _status(0, "Gone"))),
        answer("504 Gateway Timeout", json.dumps(_status(504, "Timeout", "Too large resource version: 9")).encode()),
    ],
    ids=["status", "bare status", "event", "event by code", "event by reason", "of a backup"],
)
def test_a_version_that_the_server_forgot(gone: Answer, clock: _Clock, reach: Open) -> None:
    """The list is asked for again; what went in the meantime is gone, and what is as it was is no news."""
    replies = [gone, _list(6, B2), gone, _list(8, B2), stream(event("MODIFIED", B4))]
    with serve(_list(1, A1, B2), *replies) as server:
        states = _states(watched(reach(server.url), PATH, {}, _FAR, clock.sleep), 3)
        assert states == [{"a": "1", "b": "2"}, {"b": "2"}, {"b": "4"}]
        assert _asked(server) == ["list", "1", "list", "6", "list", "8"]
    assert clock.waits == [0, 0.1]


def test_a_server_that_forgets_everything_at_once(clock: _Clock, reach: Open) -> None:
    """No busy loop of lists either, and no error at the deadline: the list is what there is."""
    with serve(*[_list(1, A1), _refusal(410)] * 9) as server:
        assert _states(watched(reach(server.url), PATH, {}, 4, clock.sleep), 9) == [{"a": "1"}]
        assert len(server.asked) == 2 * len(clock.waits)
    assert clock.waits[:6] == [0, 0.1, 0.2, 0.4, 0.8, 1]


def test_the_list_is_lost_on_the_way(clock: _Clock, reach: Open) -> None:
    """When it is asked for again, its faults are passed over as those of a watch."""
    replies = [_refusal(410), answer("503 No", b""), Answer(data=b"x\r\n", then="close"), _list(6, B2)]
    with serve(_list(1, A1), *replies, stream()) as server:
        assert _states(watched(reach(server.url), PATH, {}, _FAR, clock.sleep), 2) == [{"a": "1"}, {"b": "2"}]
        assert _asked(server)[:5] == ["list", "1", "list", "list", "list"]


@pytest.mark.parametrize("code", [403, 405])
def test_a_list_that_must_not_be_watched(code: int, clock: _Clock, reach: Open) -> None:
    """It is asked for once a second; the same list is no news."""
    replies = [_refusal(code, "Forbidden"), _list(1, A1), answer("503 No", b""), _list(2, A1, B2)]
    with serve(_list(1, A1), *replies) as server:
        assert _states(watched(reach(server.url), PATH, {}, 6.5, clock.sleep), 9) == _FULL[:2]
        assert _asked(server)[:6] == ["list", "1", "list", "list", "list", "list"]
    assert clock.waits == [1, 1, 1, 1, 1, 1, 0.5]


@pytest.mark.parametrize("code", [401, 403, 404])
def test_a_list_that_is_refused(code: int, clock: _Clock, reach: Open) -> None:
    """The refusal is raised, as for any request."""
    with serve(_refusal(code)) as server, pytest.raises(StatusError) as failure:
        next(watched(reach(server.url), PATH, {}, _FAR, clock.sleep))
    assert failure.value.code == code
    assert clock.waits == []


def test_the_first_list_is_lost_on_the_way(clock: _Clock, reach: Open) -> None:
    """It is asked for again: whoever watches has done something there a moment ago."""
    replies = [answer("503 No", b""), *[Answer(data=b"x\r\n", then="close")] * 2, _list(1, A1)]
    with serve(*replies, stream()) as server:
        assert _states(watched(reach(server.url), PATH, {}, _FAR, clock.sleep), 1) == _FULL[:1]
    assert clock.waits == [0, 0.1, 0.2]


def test_a_right_that_is_taken_away(clock: _Clock, reach: Open) -> None:
    """First to watch, then to list: that ends it."""
    with serve(_list(1, A1), _refusal(403), _refusal(403)) as server:
        objects = watched(reach(server.url), PATH, {}, _FAR, clock.sleep)
        assert _states(objects, 1) == _FULL[:1]
        with pytest.raises(StatusError):
            next(objects)
        assert _asked(server) == ["list", "1", "list"]


@pytest.mark.parametrize("code", [400, 401, 404, 422])
def test_a_watch_that_is_refused(code: int, clock: _Clock, reach: Open) -> None:
    """What would be refused for ever is raised."""
    with serve(_list(1, A1), _refusal(code)) as server:
        objects = watched(reach(server.url), PATH, {}, _FAR, clock.sleep)
        next(objects)
        with pytest.raises(StatusError):
            next(objects)


def test_what_waiting_raises_ends_it(reach: Open) -> None:
    """So another thread can stop it."""

    class Stopped(Exception):  # noqa: N818 - it is none
        pass

    def sleep(_: float) -> None:
        raise Stopped

    with serve(_list(1, A1), stream(then="keep")) as server:
        objects = watched(reach(server.url), PATH, {}, time.monotonic() + 60, sleep)
        next(objects)
        with pytest.raises(Stopped):
            next(objects)


# --- the real API server

_SERVICES = ("api", "v1", "namespaces", "{}", "services")


def _real(cluster: Plane, reach: Open) -> tuple[Cluster, tuple[str, ...]]:
    connection = Kubeconfig(ClusterFlags(kubeconfig=cluster.kubeconfig), os.environ, "").connection()
    return reach(connection), ("api", "v1", "namespaces", cluster.namespace, "services")


def _until(objects: Iterator[Objects], holds: Callable[[Objects], object]) -> Objects:
    return next(state for state in objects if holds(state))


def test_the_same_as_the_official_client_sees(cluster: Plane, reach: Open) -> None:
    """While kubectl creates, changes and deletes Services: in the end every object is the same, to the last field."""
    theirs: dict[tuple[str, str], dict[str, Any]] = {}
    begun = threading.Event()

    def follow() -> None:
        changes = official.Watch().stream(cluster.core.list_namespaced_service, cluster.namespace, timeout_seconds=60)
        for change in changes:
            begun.set()
            found = change["raw_object"]
            key = (found["metadata"]["namespace"], found["metadata"]["name"])
            theirs.pop(key, None)
            if change["type"] != "DELETED":
                theirs[key] = found
            if key[1] == "last":
                return

    cluster.kubectl("create", "service", "clusterip", "before", "--tcp=80")
    follower = threading.Thread(target=follow)
    follower.start()
    assert begun.wait(60)
    ours, path = _real(cluster, reach)
    objects = watched(ours, path, {}, time.monotonic() + 60, time.sleep)
    assert [name for _, name in next(objects)] == ["before"]
    for name in ("a", "b", "c"):
        cluster.kubectl("create", "service", "clusterip", name, "--tcp=80:8080")
    cluster.kubectl("label", "service", "a", "x=y")
    cluster.kubectl("annotate", "service", "a", "x=ü\n\u2028")
    cluster.kubectl("patch", "service", "b", "-p", '{"spec":{"type":"NodePort"}}')
    cluster.kubectl("delete", "service", "c", "before")
    cluster.kubectl("create", "service", "clusterip", "last", "--tcp=80")
    state = _until(objects, lambda state: (cluster.namespace, "last") in state)
    follower.join(60)
    assert {name for _, name in state} == {"a", "b", "last"}
    assert state == theirs


def test_listed_or_watched_it_is_the_same_object(cluster: Plane, reach: Open) -> None:
    """Also in what lists leave out of their items."""
    ours, path = _real(cluster, reach)
    objects = watched(ours, path, {}, time.monotonic() + 60, time.sleep)
    assert next(objects) == {}
    cluster.kubectl("create", "service", "clusterip", "a", "--tcp=80")
    assert next(watched(_real(cluster, reach)[0], path, {}, time.monotonic() + 60, time.sleep)) == next(objects)


def test_a_socket_that_is_shut_down(cluster: Plane, reach: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real server goes on from where we were, and nothing that happened meanwhile is missed."""
    sockets: list[Socket] = []
    connect = Socket.connect

    def noted(self: Socket, address: Any) -> None:
        sockets.append(self)
        connect(self, address)

    monkeypatch.setattr(Socket, "connect", noted)
    ours, path = _real(cluster, reach)
    waits: list[float] = []
    objects = watched(ours, path, {}, time.monotonic() + 60, waits.append)
    assert next(objects) == {}
    cluster.kubectl("create", "service", "clusterip", "a", "--tcp=80")
    cluster.kubectl("create", "service", "clusterip", "b", "--tcp=80")
    assert [name for _, name in next(objects)] == ["a"]
    assert len(sockets) == 1
    duplicate = socket.socket(fileno=os.dup(next(iter(_open_descriptors(ours)))))
    duplicate.shutdown(socket.SHUT_RDWR)
    duplicate.close()
    cluster.kubectl("delete", "service", "a")
    cluster.kubectl("create", "service", "clusterip", "c", "--tcp=80")
    state = _until(objects, lambda state: (cluster.namespace, "c") in state)
    assert [name for _, name in state] == ["b", "c"]
    assert waits
    assert set(waits) == {0}


def _open_descriptors(ours: Cluster) -> Iterator[int]:
    stream = ours._transport._wire._stream  # noqa: SLF001 - nobody else has a use for it
    assert stream is not None
    yield stream.fileno()


def test_a_version_that_the_real_server_forgot(kinds_cluster: Plane, reach: Open) -> None:
    """It knows nothing of a custom kind from before the kind itself: 410, and the list from then on is right."""
    ours, _ = _real(kinds_cluster, reach)
    path = ("apis", "argoproj.io", "v1alpha1", "namespaces", kinds_cluster.namespace, "rollouts")
    with pytest.raises(StatusError) as failure:
        next(ours.watch(path, {"resourceVersion": "1"}, 5, 10))
    assert (failure.value.code, failure.value.reason) == (410, "Expired")

    class Forgetful(Cluster):
        """Watches from the beginning, once."""

        first = True

        def watch(
            self, path: Sequence[str], query: Mapping[str, str], seconds: float, patience: float
        ) -> Iterator[tuple[str, dict[str, Any]]]:
            forgotten = {"resourceVersion": "1"} if self.first else {}
            self.first = False
            return super().watch(path, {**query, **forgotten}, seconds, patience)

    waits: list[float] = []
    forgetful = Forgetful(ours._transport, pytest.fail)  # noqa: SLF001 - the same connection
    objects = watched(forgetful, path, {}, time.monotonic() + 60, waits.append)
    assert next(objects) == {}
    rollout = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "a"}, "spec": {}}
    kinds_cluster.kubectl("create", "-f", "-", stdin=json.dumps(rollout))
    assert [name for _, name in next(objects)] == ["a"]
    assert waits == [0]
