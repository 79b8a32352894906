"""What is told of Services that were waited for: how they are reached, or why they are not."""

from __future__ import annotations

from kubectl_svc.access.scenes import FEW, Scenes
from kubectl_svc.cli.wait import is_passing, settle
from kubectl_svc.errors import SvcError
from kubectl_svc.go_service import as_service
from kubectl_svc.output.status_text import not_seen, reach_lines
from kubectl_svc.reachability.diagnose import diagnose
from kubectl_svc.reachability.model import BROKEN, for_cluster, name_of, namespace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubectl_svc.access.session import Session
    from kubectl_svc.cli.report import Report
    from kubectl_svc.reachability.model import Status
    from kubectl_svc.request import ClusterFlags

    Place = tuple[str, str]


def tell_reached(report: Report, session: Session, seconds: float, cluster: ClusterFlags) -> None:
    """Waits for the Services that the report has made, and tells of each. What is not reached counts as a failure.

    Raises KeyboardInterrupt, after all that was made is printed.
    """
    places = [(namespace_of(made.service), name_of(made.service)) for _, made in report.made]
    if not places:
        return
    failures: dict[Place, SvcError] = {}
    denied: list[str] = []

    def look(session: Session) -> Mapping[Place, Status]:
        statuses, failed, denied[:] = _look(places, session)
        failures.clear()
        failures.update(failed)
        return statuses

    try:
        statuses = settle(session, seconds, report.show_status, places, look)
    except SvcError as error:
        report.release({})
        report.miss(error, count=len(places))
        return
    except KeyboardInterrupt:
        report.release({})
        raise
    report.release({place: as_service(status.service) for place, status in statuses.items()})
    for entry, made in report.made:
        place = namespace_of(made.service), name_of(made.service)
        status = statuses.get(place)
        if status is None:
            report.miss(failures[place], entry)
        elif status.reachable:
            report.reach(status.name, reach_lines(status))
        else:
            report.miss(_failure(for_cluster(status, cluster.which)), entry)
    if denied:
        report.note(not_seen(denied))


def _look(
    places: Sequence[Place], session: Session
) -> tuple[Mapping[Place, Status], Mapping[Place, SvcError], Sequence[str]]:
    """The status of each of the Services, as it is now, or why it is not to be had; and what may not be read.

    Raises StatusError and UnreachableError for what may go well the next time.
    """
    by_namespace: dict[str, list[Place]] = {}
    for place in places:
        by_namespace.setdefault(place[0], []).append(place)
    statuses: dict[Place, Status] = {}
    failures: dict[Place, SvcError] = {}
    denied: dict[str, None] = {}
    for namespace, own in by_namespace.items():
        several = len(own) > FEW
        scenes = Scenes(session, namespace, several=several)
        listed = {(namespace_of(each), name_of(each)): each for each in scenes.services("")} if several else {}
        for place in own:
            try:
                statuses[place] = diagnose(scenes.scene(listed.get(place) or scenes.service(*place)))
            except SvcError as error:
                if is_passing(error):
                    raise
                failures[place] = error
        denied |= dict.fromkeys(scenes.denied)
    return statuses, failures, tuple(denied)


def _failure(status: Status) -> SvcError:
    """kubectl wait's words, and why. Time changes nothing of an ExternalName, and of what may not be seen."""
    broken = [each for each in status.diagnoses if each.level == BROKEN] or status.diagnoses
    why = "; ".join(each.message for each in broken) or (
        "nothing says why" if status.reachable is False else "its EndpointSlices may not be listed"
    )
    is_late = status.reachable is False and status.type != "ExternalName"
    what = "timed out waiting for the condition on " if is_late else ""
    how = "" if is_late else " is not reachable" if broken else ": whether it is reachable is not known"
    return SvcError(
        f"{what}services/{status.name}{how}: {why}",
        hints=[command for each in broken for command in each.commands],
    )
