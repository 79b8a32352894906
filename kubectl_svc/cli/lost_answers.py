"""What became of a request whose answer was lost: that is looked up before it is said to have failed, or done again.

A name stands for one Service, and an apply says of which version it is: doing it again makes no second one. What must
not happen is that somebody else's Service is taken for ours, or ours for somebody else's.
"""

from __future__ import annotations

import time
from datetime import datetime
from email.utils import parsedate_to_datetime

from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.go_service import as_service
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.access.cluster import Cluster
    from kubectl_svc.output.made import Made

    Manifest = Mapping[str, Any]
    NoAnswer = StatusError | UnreachableError

_ATTEMPTS = 10  # as often as client-go repeats a request (rest/request.go)
_HANG_UPS = 3  # so often a server hangs up on us before we believe that it means it
_LOOKS = 3  # until something is known
_LOOK_SECONDS = 5.0  # for a look when the time for the request is over
_GATEWAY_TIMEOUT = 504  # "may still be processing the request"
_SLACK_SECONDS = 3.0  # timestamps have whole seconds, and the servers of one cluster not quite the same clock


class _Patience:
    """Whether one Service is worth another attempt, and how much time there is for it."""

    def __init__(self, cluster: Cluster, asked: float) -> None:
        self._cluster = cluster
        self._asked = asked
        self._hang_ups = 0
        self._attempts = 0

    @property
    def seconds_left(self) -> float | None:
        """Of the time limit, which is for all attempts together; None for no end."""
        limit = self._cluster.time_limit
        return None if limit is None else max(limit - (time.monotonic() - self._asked), 0.0)

    @property
    def _seconds_to_look(self) -> float | None:
        """What is left; and when that is nothing, a moment all the same, because not to know is worse."""
        left, limit = self.seconds_left, self._cluster.time_limit
        return None if left is None or limit is None else max(left, min(_LOOK_SECONDS, limit / 2))

    def waited(self, lost: NoAnswer) -> bool:
        """Whether the server may answer now, after the wait that it asked for: or it hung up, and not too often."""
        self._attempts += 1
        if isinstance(lost, UnreachableError):
            self._hang_ups += 1
            wait: float | None = self._hang_ups / 10 if lost.dropped and self._hang_ups < _HANG_UPS else None
        else:
            wait = lost.retry_after
        return self._attempts < _ATTEMPTS and wait is not None and self._wait(wait)

    def look(self, path: tuple[str, ...]) -> tuple[Manifest | None, str]:
        """What is there now, and when the server says so: asked again where it only stumbles. Raises as `Cluster`."""
        for attempt in range(1, _LOOKS):
            try:
                return self._look(path)
            except StatusError as error:
                if not error.in_doubt or not self._wait(error.retry_after or attempt / 10):
                    raise
            except UnreachableError as error:
                if error.refused or error.dropped or not self._wait(attempt / 10):
                    raise
        return self._look(path)

    def _look(self, path: tuple[str, ...]) -> tuple[Manifest | None, str]:
        live, answered = self._cluster.within(self._seconds_to_look).look_up(path)
        if live is None:
            return None, answered
        try:
            as_service(live)  # which refuses what is none
        except ValueError as error:
            raise SvcError(str(error)) from None
        return {**live, "metadata": live.get("metadata") or {}, "spec": live.get("spec") or {}}, answered

    def _wait(self, seconds: float) -> bool:
        """Waits, and tells whether there was time for it."""
        left = self.seconds_left
        if left is not None and seconds >= left:
            return False
        self._cluster.wait(seconds)
        return True


class LostCreation:
    """One Service that a server was asked to make without that we know what came of it."""

    def __init__(
        self, cluster: Cluster, path: tuple[str, ...], service: Manifest, query: Mapping[str, str], asked: float
    ) -> None:
        """What was sent to which list of objects, and when (of time.monotonic)."""
        self._cluster = cluster
        self._path = path
        self._service = service
        self._query = query
        self._asked = asked
        self._patience = _Patience(cluster, asked)
        self._name = service["metadata"].get("name") or ""
        self._is_otherwise = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to say of a Service that was found."""
        if not self._is_otherwise:
            return ()
        what = f"the Service {quote(self._name)}, whose answer was lost, is there otherwise than it was sent"
        return (f"{what}: the server changed it, or somebody else made it at the same moment",)

    def found(self, lost: NoAnswer) -> Manifest:
        """The Service as the server has it, made now if it was not made before.

        Raises the error for which it is not there, or may not be, and which says so.
        """
        while True:
            made = self._look(lost)
            if made is not None:
                return made
            if not self._patience.waited(lost):
                raise self._explained(lost)
            try:
                return self._cluster.within(self._patience.seconds_left).create(self._path, self._service, self._query)
            except (StatusError, UnreachableError) as error:
                if isinstance(error, StatusError) and error.reason == "AlreadyExists":
                    made = self._look(error)  # the first request was only slow
                    if made is not None:
                        return made
                if not error.in_doubt:
                    raise
                lost = error

    def _look(self, lost: NoAnswer) -> Manifest | None:
        """The Service if we made it, None where there is none. Raises `lost` where that is not to be known."""
        if "dryRun" in self._query:
            return None  # it leaves nothing behind
        if not self._name:
            raise _with_words(lost, "whether the Service was created is not known")
        try:
            live, answered = self._patience.look((*self._path, self._name))
        except SvcError:
            raise _with_words(lost, f"whether the Service {quote(self._name)} was created is not known") from None
        if live is not None and not self._is_ours(live, answered):
            raise StatusError(_already_exists(self._name))
        return live

    def _is_ours(self, live: Manifest, answered: str) -> bool:
        """Whether the Service was made since we asked, by us; by what it says, where the server does not tell that."""
        metadata = live["metadata"]
        age = _age(metadata.get("creationTimestamp"), answered)
        if age is not None and age > time.monotonic() - self._asked + _SLACK_SECONDS:
            return False
        if not _is_managed(live, self._query["fieldManager"]):
            return False
        self._is_otherwise = not self._is_as_sent(live)
        return not self._is_otherwise or (age is not None and bool(metadata.get("managedFields")))

    def _is_as_sent(self, live: Manifest) -> bool:
        sent = {part: value for part, value in self._service["metadata"].items() if part != "namespace"}
        return _holds(live["metadata"], sent) and _holds(live["spec"], self._service["spec"])

    def _explained(self, lost: NoAnswer) -> NoAnswer:
        if "dryRun" in self._query or (isinstance(lost, StatusError) and lost.code != _GATEWAY_TIMEOUT):
            return lost
        return _with_words(lost, f"the Service {quote(self._name)} is not there")


class LostApply:
    """One Service that was to be applied, while answers to that were lost."""

    def __init__(self, cluster: Cluster, config: Manifest, manager: str, asked: float) -> None:
        """What is applied, by which field manager, and since when (of time.monotonic)."""
        self._config = config
        self._manager = manager
        self._patience = _Patience(cluster, asked)
        self._before: list[Manifest | None] = []
        self._is_ours = False
        self.is_over = False
        """Whether the Service is there as it was applied, and the server does not answer that."""

    def look(self, path: tuple[str, ...], lost: NoAnswer, live: Manifest | None) -> Manifest | None:
        """The Service as it is now, where it is worth trying again. It was `live` before the answer was lost.

        Raises the error where the server does not take the request.
        """
        self._before = self._before or [live]
        what = f"the Service {quote(path[-1])}"
        try:
            now, _ = self._patience.look(path)
        except SvcError:
            raise _with_words(lost, f"whether {what} was changed is not known") from None
        changed = _version(now) != _version(self._before[0])
        self._is_ours = self._is_ours or (now is not None and _is_managed(now, self._manager))
        if not self._patience.waited(lost) and _version(now) == _version(live):
            if not (changed and now and self._is_ours and _holds(now["spec"], self._config["spec"])):
                raise lost if now else _with_words(lost, f"{what} is not there")
            self.is_over = True
        return now

    def told(self, made: Made) -> Made:
        """What came of all attempts together."""
        before = self._before[0]
        if before is None:
            return made.but(done="created", before=None) if self._is_ours else made
        changed = _version(made.service) != _version(before)
        return made.but(done="configured" if changed else made.done, before=as_service(before))


def _is_managed(service: Manifest, manager: str) -> bool:
    """Whether the field manager is one of the Service's; where none is named it may be."""
    entries = service["metadata"].get("managedFields") or ()
    return not entries or any(entry.get("manager") == manager for entry in entries)


def _version(service: Manifest | None) -> object:
    return service and ((service.get("metadata") or {}).get("resourceVersion"), service["metadata"].get("uid"))


def _age(created: object, answered: str) -> float | None:
    """Seconds from an object's creation to an answer; None where the server does not say one or the other."""
    try:
        beginning = datetime.fromisoformat(str(created).replace("Z", "+00:00"))
        return (parsedate_to_datetime(answered) - beginning).total_seconds()
    except (TypeError, ValueError):
        return None


def _with_words(lost: NoAnswer, words: str) -> NoAnswer:
    """The error with what is known of the Service: of a server's own words behind them, as a hint."""
    if isinstance(lost, UnreachableError):
        return UnreachableError(lost.server, f"{lost}; {words}", in_doubt=lost.in_doubt)
    lost.hints = (*lost.hints, words)
    return lost


def _already_exists(name: str) -> dict[str, Any]:
    """What the server says of a Service that is there (apimachinery api/errors `NewAlreadyExists`)."""
    return {
        "message": f"services {quote(name)} already exists",
        "reason": "AlreadyExists",
        "details": {"name": name, "kind": "services"},
        "code": 409,
    }


def _holds(live: object, sent: object) -> bool:
    """Whether all that was sent is there; a server adds to it, and to each item of a list."""
    if not sent:
        return True  # it may be filled in
    if isinstance(sent, dict):
        return isinstance(live, dict) and all(_holds(live.get(name), value) for name, value in sent.items())
    if isinstance(sent, list):
        return isinstance(live, list) and len(live) >= len(sent) and all(map(_holds, live, sent))
    return live == sent
