"""Several lists kept up to date side by side: a thread with a connection for each, and what is new to one caller."""

from __future__ import annotations

import threading
import time

from kubectl_svc.access.watch import watched
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from kubectl_svc.access.cluster import Cluster
    from kubectl_svc.access.session import Session

    Objects = Mapping[tuple[str, str], Mapping[str, Any]]
    Watched = Callable[
        [Cluster, Sequence[str], Mapping[str, str], float, Callable[[float], None]],
        Iterator[Objects],
    ]


class Watches:
    """Lists that are watched from when they are started until the context is left, or to the deadline."""

    def __init__(self, session: Session, deadline: float, watched: Watched = watched) -> None:
        """`session` is only asked for others like it; `deadline` is of time.monotonic."""
        self._session = session
        self._deadline = deadline
        self._watched = watched
        self._sessions: list[Session] = []
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._news: dict[int, Objects | BaseException] = {}  # in the order in which the watches had theirs

    def __enter__(self) -> Self:
        """The watches themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Ends all threads, and waits for none."""
        self._stopped.set()
        for session in self._sessions:
            session.hang_up()

    def start(self, path: Sequence[str], query: Mapping[str, str]) -> int:
        """Has the list at `path` watched from now on; the number of this watch, from 0 on."""
        number = len(self._sessions)
        session = self._session.another(self._sleep)
        self._sessions.append(session)
        threading.Thread(
            target=self._run, args=(number, session, path, query), name=f"watch {number}", daemon=True
        ).start()
        return number

    def next(self, seconds: float) -> tuple[int, Objects] | None:
        """A watch of which something is new, and all its objects as they are now; None if nothing is for `seconds`.

        Each watch has its turn. Raises what ended a watch, once: StatusError or UnreachableError as `watched` does.
        One that has come to its deadline has nothing new any more.
        """
        ends = time.monotonic() + seconds
        with self._changed:
            while not self._news:
                left = ends - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)
            number, news = next(iter(self._news.items()))
            del self._news[number]
        if isinstance(news, BaseException):
            raise news
        return number, news

    # --- in the threads

    def _run(self, number: int, session: Session, path: Sequence[str], query: Mapping[str, str]) -> None:
        try:
            for objects in self._watched(session.cluster, path, query, self._deadline, self._sleep):
                self._tell(number, objects)
        except BaseException as error:  # noqa: BLE001 - the caller raises it; here it would end a thread unseen
            self._tell(number, error)
        finally:
            session.close()

    def _tell(self, number: int, news: Objects | BaseException) -> None:
        with self._changed:
            self._news[number] = news
            self._changed.notify()

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise SvcError("the watch has ended")
