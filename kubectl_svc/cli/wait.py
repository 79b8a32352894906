"""`--wait`: until Services are reached, by watches of them and of their EndpointSlices."""

from __future__ import annotations

from time import monotonic

from kubectl_svc.access.scenes import SERVICE_NAME, SLICES
from kubectl_svc.access.watches import Watches
from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.go_structs import decode, struct
from kubectl_svc.reachability.endpoints import balancer_addresses, has_endpoints, is_reached
from kubectl_svc.reachability.model import labels_of, namespace_of, type_of
from kubectl_svc.waiting import LOOK_SECONDS
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.reachability.model import Status

    Manifest = Mapping[str, Any]
    Place = tuple[str, str]

_TICK_SECONDS = 0.5
_MOST_NAMESPACES = 4  # that are watched each for itself
_FIRST_PAUSE_SECONDS = 0.5  # between two looks; each is twice the last one
_LONGEST_PAUSE_SECONDS = 5.0
_PATIENCE_SECONDS = 1.0  # what is over by then shows nothing
_RIGHTS = "--wait needs the verb list, and is quicker with watch, on services and on endpointslices.discovery.k8s.io"


def wait_until_reached(
    places: Sequence[Place], session: Session, seconds: float, show: Callable[[str], None]
) -> Sequence[Place]:
    """Returns when all of the Services, each a namespace and a name, are reached, or gone, or time is up: those left.

    `show(line)` is told what is still waited for, and nothing in the end. Raises StatusError where Services or
    EndpointSlices may not be listed, and UnreachableError where the server is not there any more.
    """
    if not seconds:
        return places
    ends = monotonic() + seconds
    wanted = _Wanted(places)
    try:
        for followed in wanted.ways():
            try:
                return _followed(wanted, followed, session, ends, show)
            except StatusError as error:
                if error.reason != "Forbidden":
                    raise
                refusal = error
        refusal.hints = (*refusal.hints, _RIGHTS)
        raise refusal
    finally:
        show("")


def _followed(
    wanted: _Wanted,
    followed: Mapping[str, Sequence[Place]],
    session: Session,
    ends: float,
    show: Callable[[str], None],
) -> Sequence[Place]:
    began = monotonic()
    with Watches(session, ends) as watches:
        for namespace, places in followed.items():
            wanted.follow(watches, namespace, places)
        while not wanted.is_over:
            seconds_left = ends - monotonic()
            if seconds_left <= 0:
                break
            news = watches.next(min(seconds_left, _TICK_SECONDS))
            if news is not None:
                wanted.hear(*news)
            elif monotonic() - began > _PATIENCE_SECONDS:
                show(f"{wanted.missing()} ({monotonic() - began:.0f}s)")
    return wanted.left


def settle(
    session: Session,
    seconds: float,
    show: Callable[[str], None],
    places: Sequence[Place],
    look: Callable[[Session], Mapping[Place, Status]],
) -> Mapping[Place, Status]:
    """What `look` says of the Services when all of them are reached, or time is up.

    What watches do not show, such as nodes, is looked at again and again when the rest is well. Raises StatusError
    where Services or EndpointSlices may not be listed, and SvcError where the server is asked in vain in the end.
    """
    began = monotonic()
    ends = began + seconds
    try:
        left = wait_until_reached(places, session, seconds, show)
    except UnreachableError as error:
        raise _unanswered(error, places) from None
    pause = _FIRST_PAUSE_SECONDS
    try:
        while True:
            try:
                statuses = look(session.until(max(ends, monotonic()) + LOOK_SECONDS))
                broken = next((each for each in statuses.values() if not _is_final(each)), None)
                if broken is None or monotonic() >= ends:
                    return statuses
                show(f"waiting for service/{broken.name}: {_reason(broken)} ({monotonic() - began:.0f}s)")
            except (StatusError, UnreachableError) as error:
                if monotonic() >= ends or not is_passing(error):
                    raise _unanswered(error, left or places) from None
            session.cluster.wait(max(0, min(ends - monotonic(), pause)))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    finally:
        show("")


def is_passing(error: SvcError) -> bool:
    """Whether it may go well the next time: no answer, or one that is not about the request."""
    if isinstance(error, StatusError):
        return isinstance(error.code, int) and (error.code >= 500 or error.code == 429)
    return isinstance(error, UnreachableError)


def _unanswered(error: StatusError | UnreachableError, places: Sequence[Place]) -> SvcError:
    if not is_passing(error):
        return error
    names = ", ".join(f"services/{name}" for _, name in places[:3]) + (", ..." if places[3:] else "")
    return SvcError(f"timed out waiting for the condition on {names}: the server does not answer: {error}")


def _reason(status: Status) -> str:
    return next((each.message for each in status.diagnoses), "nothing says why it is not reached")


def _is_final(status: Status) -> bool:
    """Whether time changes nothing of it."""
    return status.reachable is not False or status.type == "ExternalName"


class _Wanted:
    """The Services that are waited for, and how far each of them is."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._open: dict[Place, None] = dict.fromkeys(places)
        self._services: dict[Place, Manifest] = {}
        self._slices: dict[Place, dict[Place, Manifest]] = {place: {} for place in self._open}
        self._hearers: dict[int, Callable[[Mapping[Place, Manifest]], None]] = {}

    @property
    def is_over(self) -> bool:
        """Whether nothing is waited for any more."""
        return not self._open

    @property
    def left(self) -> Sequence[Place]:
        """Those that are still waited for."""
        return tuple(self._open)

    def ways(self) -> Iterator[Mapping[str, Sequence[Place]]]:
        """The Services by namespace, and before that those of many all together: each watch has a connection.

        Not everybody may watch all namespaces.
        """
        found: dict[str, list[Place]] = {}
        for place in self._open:
            found.setdefault(place[0], []).append(place)
        if len(found) > _MOST_NAMESPACES:
            yield {"": list(self._open)}
        yield found

    def follow(self, watches: Watches, namespace: str, places: Sequence[Place]) -> None:
        """Watches the Services of a namespace, or of all: a single one alone, which more people may."""
        single = len(places) == 1
        services = {"fieldSelector": f"metadata.name={places[0][1]}"} if single else {}
        slices = {"labelSelector": f"{SERVICE_NAME}={places[0][1]}" if single else SERVICE_NAME}
        number = watches.start(SERVICES.path(namespace), services)
        self._hearers[number] = _Changes(lambda changed: self._hear_services(places, changed))
        number = watches.start(SLICES.path(namespace), slices)
        self._hearers[number] = _Changes(self._hear_slices)

    def hear(self, number: int, objects: Mapping[Place, Manifest]) -> None:
        """What a watch shows now."""
        self._hearers[number](objects)

    def _hear_services(self, places: Sequence[Place], changed: Mapping[Place, Manifest | None]) -> None:
        for place in places:
            found = changed.get(place)
            if found is not None:
                self._services[place] = _decoded("Service", found)
                self._judge(place)
            elif place in changed or place not in self._services:  # the first list has all that there are
                self._services.pop(place, None)
                self._open.pop(place, None)  # whoever asks for it next is told so

    def _hear_slices(self, changed: Mapping[Place, Manifest | None]) -> None:
        for place, found in changed.items():
            owner = (namespace_of(found), labels_of(found).get(SERVICE_NAME, "")) if found else None
            for service, slices in self._slices.items():  # a slice may go from one to another
                if slices.pop(place, None) is not None and service != owner:
                    self._judge(service)
            if found and owner in self._slices:
                self._slices[owner][place] = _decoded("EndpointSlice", found)
                self._judge(owner)

    def _judge(self, place: Place) -> None:
        service = self._services.get(place)
        if service is None:
            return
        if is_reached(service, self._slices[place].values()):
            self._open.pop(place, None)
        else:
            self._open.setdefault(place)  # it was reached, and others are still waited for

    def missing(self) -> str:
        """What the first of them lacks, and how many more there are."""
        (namespace, name), *others = self._open
        more = f" and {len(others)} more" if others else ""
        return f"waiting for {self._lack((namespace, name))} of service/{name}{more}"

    def _lack(self, place: Place) -> str:
        service = self._services.get(place)
        if service is None:
            return "word"
        lacks = [] if has_endpoints(service, self._slices[place].values()) else ["a ready endpoint"]
        if type_of(service) == "LoadBalancer" and not balancer_addresses(service):
            lacks.append("an address of the load balancer")
        return " and ".join(lacks)


class _Changes:
    """Tells of a list only what is not as it was: objects that are still the same are the same in memory."""

    def __init__(self, tell: Callable[[Mapping[Place, Manifest | None]], None]) -> None:
        self._tell = tell
        self._known: Mapping[Place, Manifest] = {}

    def __call__(self, objects: Mapping[Place, Manifest]) -> None:
        changed: dict[Place, Manifest | None] = {place: None for place in self._known if place not in objects}
        changed.update((place, each) for place, each in objects.items() if self._known.get(place) is not each)
        self._known = objects
        self._tell(changed)


def _decoded(kind: str, found: Manifest) -> Manifest:
    try:
        answer: Manifest = decode(struct(kind), found)
    except ValueError as error:
        raise SvcError(f"the server's answer cannot be read: {error}") from None
    return answer
