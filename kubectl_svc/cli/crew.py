"""Many objects side by side: threads with a connection each, and what came of the objects in their order."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import deque
from queue import Empty, SimpleQueue

from kubectl_svc.cli.outcome import Outcome
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from kubectl_svc.access.session import Session
    from kubectl_svc.cli.items import Entry

    Work = Callable[[int, Entry, Session], Outcome]

_AHEAD = 2  # objects for each thread that are read before their turn
_WINDOW = 64  # objects for each thread that may be done while one before them is not
_MISSED = 10  # after so many objects in a row without an answer the server is given up
_GRACE_SECONDS = 2.0  # after Ctrl-C, for answers that are on their way
_TICK_SECONDS = 0.1
# An answer that has come is not to wait until the thread that reads files has had its 5 ms.
_SWITCH_SECONDS = 0.0005


class Crew:
    """Works on one object after the other in each of its threads. Ctrl-C ends it between two objects."""

    def __init__(self, work: Work, session: Session, concurrency: int, tick: Callable[[], None]) -> None:
        """`work(number, entry, session)` is called from several threads at once, with a session for each.

        `tick()` is called from the caller's own thread, several times a second. `concurrency` is at least 1.
        """
        self.interrupted = False
        self.is_read = False
        """Whether there are no more objects than those that were read."""
        self.untouched: list[Entry] = []
        """Those that were read and not begun; more may follow that were not read."""
        self._work = work
        self._session = session
        self._concurrency = concurrency
        self._tick = tick
        self._jobs: SimpleQueue[tuple[int, Entry] | None] = SimpleQueue()
        self._finished: SimpleQueue[tuple[int, Outcome | BaseException | None] | None] = SimpleQueue()
        self._open: deque[Entry] = deque()  # from number `first` on, those that were not yielded yet
        self._first = 0
        self._results: dict[int, Outcome | None] = {}
        self._working = 0
        self._begun: set[int] = set()
        self._missed = 0  # objects in a row for which the server was not to be reached
        self._most_missed = max(_MISSED, 2 * concurrency)
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()
        self._may_raise = False  # whether the main thread waits for something that only an exception ends
        self._ends = 0.0  # of time.monotonic: when the answers after Ctrl-C are not waited for any longer

    def outcomes(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, Outcome | None]]:
        """Each object with what came of it, in order; None where that is not known any more after Ctrl-C.

        Those that were not begun then are in `untouched`. Raises what the work raises, and KeyboardInterrupt for a
        second Ctrl-C.
        """
        previous = self._listen()
        interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            yield from self._outcomes(iter(entries))
        finally:
            if previous is not None:
                signal.signal(signal.SIGINT, previous)
            sys.setswitchinterval(interval)
            self._stopped.set()
            for _ in self._threads:
                self._jobs.put(None)
        for thread in self._threads:
            if not self.interrupted:
                thread.join()

    def _outcomes(self, source: Iterator[Entry]) -> Iterator[tuple[Entry, Outcome | None]]:
        while self._working or self._hand_out(source):
            self._hand_out(source)
            if self._working:
                self._receive()
            if self.interrupted:
                self._stopped.set()  # not where the signal is handled: an Event set within its own setting locks up
            yield from self._in_turn()
            if self.interrupted and time.monotonic() > self._ends:
                break
        for number, entry in enumerate(self._open, self._first):
            outcome = self._results.get(number)
            if outcome is not None or number in self._begun:
                yield entry, outcome
            else:
                self.untouched.append(entry)

    def _hand_out(self, source: Iterator[Entry]) -> bool:
        """Hands out as much as there is room for, and tells whether that was anything."""
        handed_out = False
        while not (self.is_read or self.interrupted) and self._has_room():
            entry = self._next(source)
            if entry is None:
                self.is_read = not self.interrupted
                break
            number = self._first + len(self._open)
            self._open.append(entry)
            if self._missed >= self._most_missed:
                self._results[number] = Outcome(failures=(self._not_tried(),))
            else:
                self._give(number, entry)
                self._working += 1
            handed_out = True
        return handed_out

    def _in_turn(self) -> Iterator[tuple[Entry, Outcome | None]]:
        while self._first in self._results:
            outcome = self._results.pop(self._first)
            entry = self._open.popleft()
            self._first += 1
            if outcome is not None:
                yield entry, outcome
            else:
                self.untouched.append(entry)

    def _receive(self) -> None:
        """Takes what has come in; waits for a tick where there is nothing."""
        self._tick()
        try:
            received = self._finished.get(timeout=_TICK_SECONDS)
            while received is not None:
                number, result = received
                self._working -= 1
                self._begun.discard(number)
                if isinstance(result, BaseException):
                    raise result
                self._results[number] = result
                if result is not None and self._missed < self._most_missed:
                    self._missed = self._missed + 1 if result.unreached else 0
                received = self._finished.get_nowait()
        except Empty:
            return

    def _not_tried(self) -> SvcError:
        return SvcError(f"not tried: the server has not answered for {self._missed} objects in a row")

    def _has_room(self) -> bool:
        return self._working < _AHEAD * self._concurrency and len(self._open) < _WINDOW * self._concurrency

    def _next(self, source: Iterator[Entry]) -> Entry | None:
        """The next object; reading it may take a request, in which Ctrl-C must find us."""
        self._may_raise = True
        try:
            return next(source, None)
        except KeyboardInterrupt:
            self._interrupt()
            return None
        finally:
            self._may_raise = False

    def _give(self, number: int, entry: Entry) -> None:
        """Hands an object to whoever is free; a thread more for each two objects, because it costs a handshake."""
        if len(self._threads) < min(self._concurrency, 1 + number // 2):
            session = self._session.another(self._sleep)
            self._threads.append(threading.Thread(target=self._run, args=(session,), daemon=True))
            self._threads[-1].start()
        self._jobs.put((number, entry))

    # --- in the threads

    def _run(self, session: Session) -> None:
        while (job := self._jobs.get()) is not None:
            number, entry = job
            result: Outcome | BaseException | None = None
            if not self._stopped.is_set():
                self._begun.add(number)
                try:
                    result = self._work(number, entry, session)
                except BaseException as error:  # noqa: BLE001 - the main thread raises it; here it would end a thread unseen
                    result = error
            self._finished.put((number, result))
        session.close()

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise SvcError("interrupted while the server had asked to wait")

    # --- Ctrl-C

    def _listen(self) -> Callable[[int, FrameType | None], object] | int | None:
        """Takes Ctrl-C over; returns who had it, or None where it is left alone: it is ignored, or not ours."""
        if threading.current_thread() is not threading.main_thread():
            return None
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return None
        return signal.signal(signal.SIGINT, self._note_interrupt)

    def _note_interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        if self._may_raise or self.interrupted:
            raise KeyboardInterrupt  # whoever presses the keys again does not wait for anything
        self._interrupt()

    def _interrupt(self) -> None:
        """Nothing is begun any more."""
        self._ends = time.monotonic() + _GRACE_SECONDS
        self.interrupted = True
        self._finished.put(None)
