"""`kubectl svc status`: is a Service reached, where, and if not, why not."""

from __future__ import annotations

from kubectl_svc.access.live import read_live
from kubectl_svc.access.scenes import FEW, Scenes
from kubectl_svc.access.session import open_session
from kubectl_svc.cli.resolve import resolve_type
from kubectl_svc.errors import AggregateError, SvcError
from kubectl_svc.output.documents import check_format, render_document
from kubectl_svc.output.status_document import as_document
from kubectl_svc.output.status_text import TITLES, WIDE_TITLES, described, row
from kubectl_svc.output.table import render_table
from kubectl_svc.reachability.diagnose import diagnose
from kubectl_svc.reachability.model import for_cluster, name_of, namespace_of, spec_of
from kubectl_svc.status_request import FORMATS, SERVICE
from kubectl_svc.value import Value
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.output.console import Console
    from kubectl_svc.reachability.model import Status
    from kubectl_svc.status_request import StatusRequest
    from kubectl_svc.targets import NamedTarget

    Manifest = Mapping[str, Any]

_POD_NAME, _POD_INDEX = "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"


class _Found(Value):
    services: Sequence[Manifest]
    failures: Sequence[SvcError] = ()


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
        return _show(request, session, environ, console)
    finally:
        session.close()


def _show(request: StatusRequest, session: Session, environ: Mapping[str, str], console: Console) -> int:
    namespace = "" if request.all_namespaces else session.namespace
    several = not request.targets or len(request.targets) > FEW
    scenes = Scenes(session, namespace, several=several)
    found = _find(request, session, scenes)
    if request.wait_seconds is not None and found.services:
        from kubectl_svc.cli.wait import wait_until_reached  # most look once

        places = [(namespace_of(each), name_of(each)) for each in found.services]
        wait_until_reached(places, session, request.wait_seconds, console.show_wait)
        scenes = Scenes(session, namespace, several=several)
        found = _find(request, session, scenes)
    statuses = [for_cluster(diagnose(scenes.scene(each)), request.cluster.which) for each in found.services]
    _print(statuses, scenes, request, environ, console)
    if found.failures:
        raise found.failures[0] if len(found.failures) == 1 else AggregateError(found.failures)
    return 0 if all(each.reachable for each in statuses) else 1


def _find(request: StatusRequest, session: Session, scenes: Scenes) -> _Found:
    """The Services that are meant, in the order of the words, each once."""
    if not request.targets:
        return _Found(services=scenes.services(request.selector))
    services: dict[tuple[str, str], Manifest] = {}
    failures: list[SvcError] = []
    for target in request.targets:
        try:
            for each in _services_of(target, session, scenes):
                services.setdefault((namespace_of(each), name_of(each)), each)
        except SvcError as error:
            failures.append(error)
    return _Found(services=tuple(services.values()), failures=failures)


def _services_of(target: NamedTarget, session: Session, scenes: Scenes) -> Iterator[Manifest]:
    """The Service of that name, or those that select the pods of the workload."""
    resource = SERVICES if target.type_word == SERVICE else resolve_type(target.type_word, session)
    if resource == SERVICES:
        yield scenes.service(session.namespace, target.name)
        return
    workload = read_live(resource, session.namespace, target.name, session)
    labels = {**(workload.template_labels or {}), **workload.selector}
    if workload.kind == "Pod":
        labels |= workload.labels
    found = [each for each in scenes.services("") if _selects(spec_of(each).get("selector") or {}, labels, target.name)]
    if not found:
        hint = f"kubectl svc expose {workload.reference.argument} -n {session.namespace}"
        raise SvcError(f"no Service of namespace {session.namespace} selects the pods of {workload}", hints=(hint,))
    yield from found


def _selects(selector: Mapping[str, str], labels: Mapping[str, str], name: str) -> bool:
    """Whether the selector means the workload's pods, which have these labels, or a single one of them."""
    if not selector:
        return False
    if _POD_NAME in selector:
        return selector[_POD_NAME].rpartition("-")[0] == name
    return {key: value for key, value in selector.items() if key != _POD_INDEX}.items() <= labels.items()


def _print(
    statuses: Sequence[Status], scenes: Scenes, request: StatusRequest, environ: Mapping[str, str], console: Console
) -> None:
    if request.output in ("json", "yaml"):
        documents = [{**as_document(each), "notSeen": sorted(scenes.denied)} for each in statuses]
        single = len(documents) == len(request.targets) == 1
        console.result(render_document(documents[0] if single else {"items": documents}, request.output))
    elif not statuses:
        if not request.targets:
            where = "" if request.all_namespaces else f" in {scenes.namespace} namespace."
            console.message(f"No resources found{where}\n")
    elif request.output == "wide" or not request.targets:
        _print_table(statuses, request, console)
    else:
        _print_each(statuses, environ, console)
    if scenes.denied:
        kinds = ", ".join(sorted(scenes.denied))
        console.message(f"note: {kinds} may not be read: nothing is said of what only they show\n")


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
