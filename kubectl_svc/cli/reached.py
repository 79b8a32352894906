"""What is told of Services that were waited for: how they are reached, or why they are not."""

from __future__ import annotations

from kubectl_svc.access.scenes import FEW, Scenes
from kubectl_svc.cli.wait import wait_until_reached
from kubectl_svc.errors import SvcError
from kubectl_svc.go_service import as_service
from kubectl_svc.output.status_text import reach_lines
from kubectl_svc.reachability.diagnose import diagnose
from kubectl_svc.reachability.model import BROKEN, for_cluster, name_of, namespace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
    try:
        left = wait_until_reached(places, session, seconds, report.show_status)
        statuses, failures = _look(places, session)
    except SvcError as error:
        report.release({})
        report.miss(error)
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
            report.miss(_failure(for_cluster(status, cluster.which), timed_out=place in left), entry)


def _look(places: Sequence[Place], session: Session) -> tuple[dict[Place, Status], dict[Place, SvcError]]:
    """The status of each of the Services, as it is now, or why it is not to be had."""
    namespaces = {namespace for namespace, _ in places}
    several = len(places) > FEW
    scenes = Scenes(session, namespaces.pop() if len(namespaces) == 1 else "", several=several)
    listed = {(namespace_of(each), name_of(each)): each for each in scenes.services("")} if several else {}
    statuses: dict[Place, Status] = {}
    failures: dict[Place, SvcError] = {}
    for place in places:
        try:
            statuses[place] = diagnose(scenes.scene(listed.get(place) or scenes.service(*place)))
        except SvcError as error:
            failures[place] = error
    return statuses, failures


def _failure(status: Status, *, timed_out: bool) -> SvcError:
    """kubectl wait's words, if it was the time, and why; something may be behind it, and it be broken all the same."""
    broken = [each for each in status.diagnoses if each.level == BROKEN] or status.diagnoses
    why = "; ".join(each.message for each in broken) or "whether anything is behind it cannot be seen"
    what = f"timed out waiting for the condition on services/{status.name}"
    return SvcError(
        f"{what if timed_out else f'services/{status.name} is not reachable'}: {why}",
        hints=[command for each in broken for command in each.commands],
    )
