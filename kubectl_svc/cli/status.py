"""`kubectl svc status`: is a Service reached, where, and if not, why not."""

from __future__ import annotations

from time import monotonic

from kubectl_svc.access.live import read_live
from kubectl_svc.access.scenes import FEW, Scenes
from kubectl_svc.access.session import open_session
from kubectl_svc.cli.resolve import resolve_type
from kubectl_svc.errors import AggregateError, StatusError, SvcError, UnreachableError
from kubectl_svc.golang import quote
from kubectl_svc.output.documents import check_format, render_document
from kubectl_svc.output.status_document import as_document
from kubectl_svc.output.status_text import TITLES, WIDE_TITLES, described, not_seen, row
from kubectl_svc.output.table import render_table
from kubectl_svc.reachability.diagnose import diagnose
from kubectl_svc.reachability.model import for_cluster, name_of, namespace_of, spec_of
from kubectl_svc.status_request import FORMATS, SERVICE
from kubectl_svc.value import Value
from kubectl_svc.waiting import LOOK_SECONDS
from kubectl_svc.workloads.kinds import BUILT_IN, SERVICES, find_resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.output.console import Console
    from kubectl_svc.reachability.model import Status
    from kubectl_svc.status_request import StatusRequest
    from kubectl_svc.targets import NamedTarget
    from kubectl_svc.workloads.model import Workload

    Manifest = Mapping[str, Any]

_POD_NAME, _POD_INDEX = "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"


class _Look(Value):
    statuses: Sequence[Status]
    failures: Sequence[SvcError] = ()
    denied: Sequence[str] = ()


def show_statuses(request: StatusRequest, environ: Mapping[str, str], console: Console) -> int:
    """Shows them. Returns 0 where every Service is reached, else 1.

    Raises SvcError for what is not there or may not be read; with several, after the others were shown.
    """
    check_format(request.output, FORMATS)
    heard: list[str] = []

    def hear(text: str) -> None:
        if text not in heard:
            heard.append(text)
            console.warn(text)

    session = open_session(request, environ, console, hear)
    try:
        code = _show(request, session, environ, console)
    finally:
        session.close()
    if request.warnings_as_errors and heard:
        raise SvcError(f"{len(heard)} warning{'s' if len(heard) > 1 else ''} received")
    return code


def _show(request: StatusRequest, session: Session, environ: Mapping[str, str], console: Console) -> int:
    first = (
        session if request.wait_seconds is None else session.until(monotonic() + request.wait_seconds + LOOK_SECONDS)
    )
    looked = _look(request, first)
    if request.wait_seconds is not None:
        looked = _waited(looked, request, session, console)
    _print(looked, request, session, environ, console)
    if looked.failures:
        raise looked.failures[0] if len(looked.failures) == 1 else AggregateError(looked.failures)
    return 0 if all(each.reachable for each in looked.statuses) else 1


def _waited(looked: _Look, request: StatusRequest, session: Session, console: Console) -> _Look:
    """What is seen when all of them are reached, or time is up. Raises SvcError where there is nothing to wait for."""
    if not looked.statuses and not looked.failures:
        raise SvcError("no matching resources found")  # as kubectl wait
    if not looked.statuses or request.wait_seconds is None:
        return looked
    from kubectl_svc.cli.wait import settle  # most look once

    last = [looked]

    def look(session: Session) -> Mapping[tuple[str, str], Status]:
        last[:] = [_look(request, session)]
        return {(each.namespace, each.name): each for each in last[0].statuses}

    places = [(each.namespace, each.name) for each in looked.statuses]
    statuses = settle(session, request.wait_seconds, console.show_wait, places, look)
    told = " ".join(map(str, last[0].failures))
    brief = session.until(monotonic() + LOOK_SECONDS)
    gone = [_gone(place, brief) for place in places if place not in statuses and quote(place[1]) not in told]
    return last[0].but(failures=(*last[0].failures, *gone))


def _gone(place: tuple[str, str], session: Session) -> SvcError:
    """What has become of a Service that was waited for, and is not among those that are meant any more."""
    try:
        Scenes(session, place[0], several=False).service(*place)
    except SvcError as error:
        return error
    return SvcError(f"services/{place[1]} was waited for, and is none of those that are meant any more")


def _look(request: StatusRequest, session: Session) -> _Look:
    """The Services that are meant, as they are now, in the order of the words, each once."""
    namespace = "" if request.all_namespaces else session.namespace
    scenes = Scenes(session, namespace, several=not request.targets or len(request.targets) > FEW)
    services: dict[tuple[str, str], Manifest] = {}
    failures: list[SvcError] = []
    if not request.targets:
        services = {(namespace_of(each), name_of(each)): each for each in scenes.services(request.selector)}
    for target in request.targets:
        try:
            for each in _services_of(target, request, session, scenes):
                services.setdefault((namespace_of(each), name_of(each)), each)
        except UnreachableError:
            raise
        except SvcError as error:
            failures.append(error)
    statuses = [for_cluster(diagnose(scenes.scene(each)), request.cluster.which) for each in services.values()]
    return _Look(statuses=statuses, failures=failures, denied=scenes.denied)


def _services_of(target: NamedTarget, request: StatusRequest, session: Session, scenes: Scenes) -> Iterator[Manifest]:
    """The Service of that name, or those that select the pods of the workload."""
    resource = SERVICES if target.type_word == SERVICE else resolve_type(target.type_word, session)
    if resource == SERVICES:
        try:
            yield scenes.service(session.namespace, target.name)
        except StatusError as error:
            if error.reason == "NotFound" and find_resource(target.name, BUILT_IN):
                error.hints = (
                    *error.hints,
                    f"a workload's Services are shown with TYPE/NAME, as in {target.name}/NAME",
                )
            raise
        return
    workload = read_live(resource, session.namespace, target.name, session)
    found = [each for each in scenes.services("") if _selects(spec_of(each).get("selector") or {}, workload)]
    if not found:
        words = f"{workload.reference.argument} -n {session.namespace} {request.cluster.which}".rstrip()
        raise SvcError(
            f"no Service of namespace {session.namespace} selects the pods of {workload}",
            hints=(f"kubectl svc expose {words}",),
        )
    yield from found


def _selects(selector: Mapping[str, str], workload: Workload) -> bool:
    """Whether the selector means the workload's pods, or a single one of them."""
    labels = {**(workload.template_labels or {}), **workload.selector}
    if workload.kind == "Pod":
        labels |= workload.labels
    elif (
        workload.kind == "StatefulSet"
        and selector.get(_POD_NAME, f"{workload.name}-").rpartition("-")[0] == workload.name
    ):
        labels |= {key: value for key, value in selector.items() if key in (_POD_NAME, _POD_INDEX)}
    return bool(selector) and selector.items() <= labels.items()


def _print(
    looked: _Look, request: StatusRequest, session: Session, environ: Mapping[str, str], console: Console
) -> None:
    statuses, denied = looked.statuses, looked.denied
    if not statuses:
        if not request.targets and request.output not in ("json", "yaml"):
            where = "" if request.all_namespaces else f" in {session.namespace} namespace."
            console.message(f"No resources found{where}\n")
            return
        if looked.failures:
            return
    if request.output in ("json", "yaml"):
        documents = [{**as_document(each), "notSeen": sorted(denied)} for each in statuses]
        console.result(render_document(documents[0] if request.names_one else {"items": documents}, request.output))
    elif request.output == "wide" or not request.targets:
        _print_table(statuses, request, console)
    else:
        _print_each(statuses, environ, console)
    if denied:
        console.message(f"note: {not_seen(denied)}\n")


def _print_table(statuses: Sequence[Status], request: StatusRequest, console: Console) -> None:
    wide = request.output == "wide"
    titles = WIDE_TITLES if wide else TITLES
    rows = [row(each, wide=wide) for each in statuses]
    if request.all_namespaces:
        titles = ("NAMESPACE", *titles)
        rows = [[each.namespace, *cells] for each, cells in zip(statuses, rows, strict=True)]
    console.result("".join(f"{line}\n" for line in render_table(titles, rows)))
    broken = next((each for each in statuses if not each.reachable), None)
    if broken is not None:
        command = f"kubectl svc status {broken.name} -n {broken.namespace} {request.cluster.which}".rstrip()
        console.hint(f"{command} says what to do about it")


def _print_each(statuses: Sequence[Status], environ: Mapping[str, str], console: Console) -> None:
    for number, status in enumerate(statuses):
        if number:
            console.result("\n")
        if console.shows_pictures(environ):
            from kubectl_svc.output.status_tree import draw  # only people at a terminal see it

            console.picture(draw(status, console.columns(environ), colours=not environ.get("NO_COLOR")))
        else:
            console.result("".join(f"{line}\n" for line in described(status)))
