"""The crew itself, at work on nothing: what no server can be made to show."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, cast

import pytest

from kubectl_svc.cli.crew import Crew
from kubectl_svc.cli.outcome import Outcome
from kubectl_svc.errors import SvcError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kubectl_svc.access.session import Session
    from kubectl_svc.cli.items import Entry

_GONE = Outcome(failures=(UnreachableError("here:80", "gone"),), unreached=True)


class _Session:
    """Leads to no server."""

    def __init__(self) -> None:
        self.closed = threading.Semaphore(0)

    def another(self, sleep: Callable[[float], None]) -> _Session:
        """The same for each thread."""
        self.sleep = sleep
        return self

    def close(self) -> None:
        """At the end of a thread."""
        self.closed.release()


def _entries(count: int) -> list[Entry]:
    return [SvcError(str(number)) for number in range(count)]


def test_what_the_work_raises() -> None:
    """It is raised where the outcomes are taken, and nothing is begun after it."""
    begun: list[int] = []
    another, let_go = threading.Event(), threading.Event()

    def work(number: int, _entry: Entry, _session: Session) -> Outcome:
        begun.append(number)
        if number == 0:
            another.wait(30)
            raise SystemExit
        another.set()
        let_go.wait(30)
        return Outcome()

    session = _Session()
    crew = Crew(work, cast("Session", session), 2, lambda: None)
    with pytest.raises(SystemExit):
        list(crew.outcomes(_entries(9)))
    let_go.set()
    assert session.closed.acquire(timeout=30)
    assert session.closed.acquire(timeout=30)
    assert set(begun) <= {0, 1, 2}


def test_nobody_waits_for_what_is_not_tried() -> None:
    """A server that is given up costs no time, however many objects there are."""
    ticks: list[None] = []
    crew = Crew(lambda *_: _GONE, cast("Session", _Session()), 1, lambda: ticks.append(None))
    outcomes = [outcome for _, outcome in crew.outcomes(_entries(9000))]
    assert len(outcomes) == 9000
    assert len([outcome for outcome in outcomes if outcome is _GONE]) in (10, 11)
    assert len(ticks) < 100


def test_a_server_that_answers_again_too_late() -> None:
    """It stays given up, so that what is said of it is true."""
    read = threading.Event()

    def entries() -> Iterator[Entry]:
        for number, entry in enumerate(_entries(50)):
            if number == 10:
                read.set()
            yield entry

    def work(number: int, _entry: Entry, _session: Session) -> Outcome:
        if number == 9:
            read.wait(30)
        return _GONE if number < 10 else Outcome()

    crew = Crew(work, cast("Session", _Session()), 1, lambda: None)
    outcomes = [outcome for _, outcome in crew.outcomes(entries())]
    assert outcomes[:11] == [_GONE] * 10 + [Outcome()]
    said = {str(failure) for outcome in outcomes[11:] if outcome for failure in outcome.failures}
    assert said == {"not tried: the server has not answered for 10 objects in a row"}


def test_a_server_that_answers_now_and_then() -> None:
    """It is not given up."""
    crew = Crew(
        lambda number, *_: Outcome() if number % 10 == 9 else _GONE, cast("Session", _Session()), 1, lambda: None
    )
    outcomes = [outcome for _, outcome in crew.outcomes(_entries(100))]
    assert outcomes == ([_GONE] * 9 + [Outcome()]) * 10


@pytest.mark.parametrize(("count", "is_read"), [(2, True), (200, False)])
def test_an_interrupt_knows_whether_that_was_all(count: int, is_read: bool) -> None:
    """There may be more than was read."""
    let_go = threading.Event()

    def work(_number: int, _entry: Entry, _session: Session) -> Outcome:
        let_go.wait(30)
        return Outcome()

    def tick() -> None:
        if not let_go.is_set():
            signal.raise_signal(signal.SIGINT)
            let_go.set()

    crew = Crew(work, cast("Session", _Session()), 2, tick)
    outcomes = list(crew.outcomes(_entries(count)))
    assert crew.interrupted
    assert crew.is_read == is_read
    assert len(outcomes) + len(crew.untouched) == (2 if is_read else 4)


def test_an_interrupt_while_the_server_has_asked_to_wait() -> None:
    """It ends the wait, with an error."""
    session = _Session()
    waits = threading.Event()

    def work(_number: int, _entry: Entry, _session: Session) -> Outcome:
        waits.set()
        try:
            session.sleep(60)
        except SvcError as error:
            return Outcome(failures=(error,))
        return Outcome()

    def tick() -> None:
        assert waits.wait(30)
        if not crew.interrupted:
            signal.raise_signal(signal.SIGINT)

    crew = Crew(work, cast("Session", session), 1, tick)
    ((_, outcome),) = crew.outcomes(_entries(2))
    assert outcome
    assert list(map(str, outcome.failures)) == ["interrupted while the server had asked to wait"]
    assert len(crew.untouched) == 1


def test_in_another_thread() -> None:
    """Ctrl-C is left alone, which only the main thread may take over."""
    done: list[Outcome | None] = []

    def work() -> None:
        crew = Crew(lambda *_: Outcome(), cast("Session", _Session()), 2, lambda: None)
        done.extend(outcome for _, outcome in crew.outcomes(_entries(9)))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(30)
    assert done == [Outcome()] * 9
