"""Who of several objects gets a name that more than one of them would give to its Service: the first in input order.

Objects are worked on side by side, and only the work itself tells which Services an object becomes.
"""

from __future__ import annotations

from threading import Condition

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote

_LOOK_SECONDS = 0.1  # for whether it was stopped; other news come at once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    Place = tuple[str, str]


class Claims:
    """The Services of one command, each a pair of namespace and name, claimed in the order of the objects' numbers.

    Every number from 0 on must be claimed for or released, once; otherwise those behind it wait for ever.
    """

    def __init__(self, is_stopped: Callable[[], bool]) -> None:
        """`is_stopped()` tells whether nothing more is to be begun."""
        self._is_stopped = is_stopped
        self._changed = Condition()
        self._places: dict[Place, int] = {}
        self._turn = 0
        self._passed: set[int] = set()
        self._working: set[int] = set()

    def claim(self, number: int, places: Collection[Place]) -> set[Place]:
        """Those of the places that an earlier object has, which is done by now; the others are this object's.

        Waits for the turn of `number`, and then for earlier objects that have one of its places. Raises SvcError where
        nothing more is to be begun by then.
        """
        with self._changed:
            self._wait(lambda: self._turn == number)
            holders = {self._places[place] for place in places if place in self._places}
            taken = {place for place in places if place in self._places}
            self._places.update(dict.fromkeys(places, number))
            self._working.add(number)
            self._pass(number)
            self._wait(lambda: not self._working & holders)
            return taken

    def _wait(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            self.check()
            self._changed.wait(_LOOK_SECONDS)

    def check(self, name: str = "") -> None:
        """Raises SvcError where nothing more is to be begun, such as the Service of this name."""
        if self._is_stopped():
            what = f"the Service {quote(name)}" if name else "it"
            raise SvcError(f"interrupted before {what} was sent")

    def release(self, number: int) -> None:
        """The work for the object has ended, whether or not it has claimed anything."""
        with self._changed:
            self._working.discard(number)
            if number >= self._turn:
                self._pass(number)
            self._changed.notify_all()

    def _pass(self, number: int) -> None:
        self._passed.add(number)
        while self._turn in self._passed:
            self._passed.remove(self._turn)
            self._turn += 1
        self._changed.notify_all()
