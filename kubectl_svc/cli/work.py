"""All objects of one command: one after the other, or side by side where a server is asked for several."""

from __future__ import annotations

from kubectl_svc.cli.make import ServiceMaker
from kubectl_svc.errors import AggregateError, SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.access.session import Session
    from kubectl_svc.cli.items import Entry, Found
    from kubectl_svc.cli.override import Overrider
    from kubectl_svc.cli.report import Report
    from kubectl_svc.request import ServiceRequest


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
    if found.several and session:
        _side_by_side(found, request, session, overrider, report)
    else:
        maker = ServiceMaker(request, overrider, None)
        for number, entry in enumerate(found.entries):
            report.tell(entry, maker.make(number, entry, session))
    report.finish(found.unread)


def _side_by_side(
    found: Found,
    request: ServiceRequest,
    session: Session,
    overrider: Overrider | None,
    report: Report,
) -> None:
    from kubectl_svc.cli.claims import Claims  # one object needs no threads
    from kubectl_svc.cli.crew import Crew

    maker = ServiceMaker(request, overrider, Claims())
    crew = Crew(maker.make, session, request.concurrency, lambda: report.show_progress(found.count))
    told = 0
    unknown: list[Entry] = []
    try:
        for entry, outcome in crew.outcomes(found.entries):
            told += 1
            if outcome is None:
                unknown.append(entry)
            else:
                report.tell(entry, outcome)
    finally:
        report.end_progress()
    if crew.interrupted:
        if found.unread:
            report.fail(AggregateError(found.unread))
        left = len(crew.untouched) if crew.is_read else None
        report.interrupt(unknown, crew.untouched, left if found.count is None else found.count - told)
