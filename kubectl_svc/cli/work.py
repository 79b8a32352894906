"""All objects of one command: one after the other, or side by side where a server is asked for several."""

from __future__ import annotations

from itertools import islice

from kubectl_svc.cli.make import ServiceMaker
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kubectl_svc.access.session import Session
    from kubectl_svc.cli.items import Entry, Found
    from kubectl_svc.cli.override import Overrider
    from kubectl_svc.cli.report import Report
    from kubectl_svc.request import ClusterFlags, ServiceRequest


def work_through(
    found: Found,
    request: ServiceRequest,
    session: Session | None,
    overrider: Overrider | None,
    report: Report,
) -> None:
    """Print or send the Service, or Services, of each object that was found.

    Raises SvcError, after every object had its turn, when one or several failed; InterruptedRunError after Ctrl-C.
    """
    name = request.service.name
    if found.several and name:
        raise SvcError(f"--name={name} cannot name several Services: leave it out, or expose one object at a time")
    balancer = request.load_balancer
    if found.several and balancer and "address" in balancer.intents and "share" not in balancer.intents:
        report.warn(
            f"--lb-address {balancer.intents['address']} is one address for several Services; few providers share one"
        )
    if found.several and session:
        _side_by_side(found, request, session, overrider, report)
    else:
        maker = ServiceMaker(request, overrider, None)
        for number, entry in enumerate(found.entries):
            outcome = maker.make(number, entry, session)
            report.tell(entry, outcome)
            if outcome.interrupted:
                report.interrupt(outcome.interrupted)
    if request.sending.wait_seconds is not None and session:
        _wait(report, session, request.sending.wait_seconds, request.cluster)
    try:
        report.finish(found.unread)
    except KeyboardInterrupt:
        report.interrupt("not all of it was printed")


def _wait(report: Report, session: Session, seconds: float, cluster: ClusterFlags) -> None:
    from kubectl_svc.cli.reached import tell_reached  # few commands wait

    try:
        tell_reached(report, session, seconds, cluster)
    except KeyboardInterrupt:
        report.interrupt("whether it is reached is not known")


def _side_by_side(
    found: Found,
    request: ServiceRequest,
    session: Session,
    overrider: Overrider | None,
    report: Report,
) -> None:
    from kubectl_svc.cli.claims import Claims  # one object needs no threads
    from kubectl_svc.cli.crew import Crew

    session.log_in()  # here, where a plugin may ask for something, and Ctrl-C ends it
    maker = ServiceMaker(request, overrider, Claims(lambda: crew.interrupted))
    crew = Crew(maker.make, session, request.concurrency, lambda: report.show_progress(found.count))
    told = 0
    unknown: list[Entry] = []
    entries = iter(found.entries)
    try:
        for entry, outcome in crew.outcomes(entries):
            told += 1
            if outcome is None:
                unknown.append(entry)
            else:
                report.tell(entry, outcome)
    except KeyboardInterrupt:
        report.interrupt("what became of the others is not known")
    finally:
        report.end_progress()
    if crew.interrupted:
        left = len(crew.untouched) if crew.is_read else None
        untouched = crew.untouched
        if found.count is not None:  # they are all known, and reading on asks nobody
            left = found.count - told
            untouched = untouched or [*islice(entries, 1)]
        report.interrupt(*_unfinished(unknown, untouched, left), unread=found.unread)


def _unfinished(unknown: Sequence[Entry], untouched: Sequence[Entry], left: int | None) -> Iterator[str]:
    """What is not known and what was not begun: `left` objects, None where nobody knows, from `untouched` on."""
    if unknown:
        yield f"not known: {', '.join(map(_called, unknown))}"
    if untouched:
        more = "all after it" if left is None else f"{left - 1} more"
        yield f"not begun: {_called(untouched[0])}" + ("" if left == 1 else f" and {more}")
    elif left is None or left:
        yield f"not begun: {'the rest' if left is None else left}"


def _called(entry: Entry) -> str:
    return str(entry) if isinstance(entry, SvcError) else entry.called
