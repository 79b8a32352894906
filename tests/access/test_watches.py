"""Several watches side by side: what is new comes to one thread, and nobody holds up the end."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from kubectl_svc.access.connection import Connection
from kubectl_svc.access.discovery import Known
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.session import Session
from kubectl_svc.access.watches import Watches
from kubectl_svc.errors import StatusError, UnreachableError
from tests.access.servers import Answer, answer, closed_port, event, serve, stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from kubectl_svc.access.cluster import Cluster

    Objects = Mapping[tuple[str, str], Mapping[str, Any]]

PATH = ("api", "v1", "services")
_LIST = answer(body=b'{"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}')
_FAR = time.monotonic() + 1e6


def _named(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": "2"}}


def _session(server: str, folder: Path) -> Session:
    return Session("lab", Transport(Connection(server=server)), Known(str(folder), server), pytest.fail)


def _join() -> None:
    """Waits for the threads of all watches; they end by themselves."""
    for thread in threading.enumerate():
        if thread.name.startswith("watch "):
            thread.join(10)
            assert not thread.is_alive()


def test_what_is_new_is_told(tmp_path: Path) -> None:
    """A list and its change, with the number of the watch; nothing new is None."""
    with (
        serve(_LIST, stream(event("ADDED", _named("s")))) as server,
        Watches(_session(server.url, tmp_path), _FAR) as watches,
    ):
        assert watches.start(PATH, {}) == 0
        state = watches.next(10)
        if state == (0, {}):  # else both states had come by then
            state = watches.next(10)
        assert state == (0, {("", "s"): _named("s")})
        assert watches.next(0) is None
    _join()


class _Steps:
    """Instead of `watched`: states as the test hands them out."""

    def __init__(self, *states: Sequence[Objects | BaseException]) -> None:
        self.clusters: list[Cluster] = []
        self.done = [threading.Event() for _ in states]
        self._states = states

    def __call__(
        self, cluster: Cluster, path: Sequence[str], query: Mapping[str, str], deadline: float, sleep: object
    ) -> Iterator[Objects]:
        """The states of the watch whose number is its path."""
        del query, deadline, sleep
        self.clusters.append(cluster)
        number = int(path[0])
        for state in self._states[number]:
            if isinstance(state, BaseException):
                self.done[number].set()
                raise state
            yield state
        self.done[number].set()


def _state(name: str) -> Objects:
    return {("", name): _named(name)}


def test_only_the_newest_state_counts(tmp_path: Path) -> None:
    """However many have come, and each watch has its turn."""
    steps = _Steps([_state("a"), _state("b"), _state("c")], [_state("d")])
    with Watches(_session("http://127.0.0.1:1", tmp_path), _FAR, steps) as watches:
        for number in (0, 1):
            watches.start((str(number),), {})
            assert steps.done[number].wait(10)
        assert [watches.next(0), watches.next(0), watches.next(0)] == [(0, _state("c")), (1, _state("d")), None]
        assert len({id(cluster) for cluster in steps.clusters}) == 2
    _join()


@pytest.mark.parametrize("error", [StatusError({"code": 403}), UnreachableError("h", "no"), ZeroDivisionError()])
def test_what_ends_a_watch_is_raised_once(error: BaseException, tmp_path: Path) -> None:
    """In the caller's thread, whatever it is; the other watches go on."""
    steps = _Steps([_state("a"), error], [_state("d")])
    with Watches(_session("http://127.0.0.1:1", tmp_path), _FAR, steps) as watches:
        for number in (0, 1):
            watches.start((str(number),), {})
            assert steps.done[number].wait(10)
        with pytest.raises(type(error)) as failure:
            watches.next(0)
        assert failure.value is error
        assert watches.next(0) == (1, _state("d"))
    _join()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Is asked until the deadline; what was wrong then is raised by `next`."""
    with Watches(_session(f"http://127.0.0.1:{closed_port()}", tmp_path), time.monotonic() + 0.1) as watches:
        watches.start(PATH, {})
        with pytest.raises(UnreachableError, match="connection refused"):
            watches.next(10)
    _join()


@pytest.mark.parametrize(
    "replies",
    [
        [_LIST, stream()],
        [Answer(then="stall")],
        [_LIST, answer("503 No", b"", headers=[("Retry-After", "30")])],
        [answer("429 No", b"", headers=[("Retry-After", "30")])],
    ],
    ids=["in a watch", "in a list", "in a wait", "in a wait for the list"],
)
def test_the_end_of_the_context_ends_the_threads(
    replies: list[Answer], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Wherever they are, at once, and without a word."""
    with serve(*replies) as server:
        with Watches(_session(server.url, tmp_path), _FAR) as watches:
            watches.start(PATH, {})
            while len(server.asked) < len(replies):
                watches.next(0.01)
        _join()
    assert capfd.readouterr() == ("", "")


def test_ctrl_c_ends_the_wait(tmp_path: Path) -> None:
    """At once, although nothing is new for hours."""

    def wait(watches: Watches) -> None:
        interrupt = (threading.main_thread().ident, signal.SIGINT)
        threading.Timer(0.05, signal.pthread_kill, interrupt).start()
        watches.next(3600)

    with serve(_LIST, stream()) as server:
        with Watches(_session(server.url, tmp_path), _FAR) as watches:
            watches.start(PATH, {})
            watches.next(10)
            with pytest.raises(KeyboardInterrupt):
                wait(watches)
        _join()
