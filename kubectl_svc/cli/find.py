"""The objects that one command exposes: named ones read from the cluster, manifests read from files.

Source of the rules: cli-runtime pkg/resource/builder.go (`visitorResult`) and visitor.go.
"""

from __future__ import annotations

from kubectl_svc.cli.items import Found, Item, Unread
from kubectl_svc.cli.resolve import members_of, resolve_type
from kubectl_svc.derive import wants_selector
from kubectl_svc.errors import AggregateError, SvcError
from kubectl_svc.golang import quote
from kubectl_svc.output.messages import NO_SOURCE
from kubectl_svc.targets import Named, parse_targets
from kubectl_svc.workloads.model import NO_WORKLOAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kubectl_svc.access.manifests import Document
    from kubectl_svc.access.session import Session
    from kubectl_svc.output.console import Console
    from kubectl_svc.request import ServiceRequest, SourceOptions
    from kubectl_svc.workloads.model import Resource


def find_items(request: ServiceRequest, session: Session | None, console: Console, environ: Mapping[str, str]) -> Found:
    """The objects that the command names; `session` may only be missing when files or a kustomization are named.

    No source is that of `create`: a Service without an object behind it.
    Raises SvcError, in kubectl's words, for sources that cannot be right together and for types nobody knows.
    """
    source = request.source
    if source is None:
        return Found(entries=(Item(workload=NO_WORKLOAD),), several=False, count=1)
    selects = wants_selector(request.service)
    paths, named = _read_words(source)
    if paths:
        from kubectl_svc.cli.find_in_files import find_in_files  # named objects need no file reader

        namespace = session.namespace if session else request.cluster.namespace
        documents = _documents(source, paths, console, environ)
        if source.selector:
            from kubectl_svc.cli.select import with_labels  # hardly any command selects

            documents = with_labels(source.selector, documents)
        return find_in_files(documents, namespace, session, console, selects=selects)
    if session is None:
        raise SvcError(NO_SOURCE)
    if source.selects:
        from kubectl_svc.cli.select import find_selected  # named objects need no lists

        return find_selected(source, named, session, console, selects=selects)
    if source.all_namespaces:
        raise SvcError(
            "a resource cannot be retrieved by name across all namespaces"
            if named.objects
            else "--all-namespaces (-A) goes with --all or --workload-selector, which say what is meant in each of them"
        )
    if not named.objects:
        failure = session.discovery.failure_before(None) if named.types else None
        if failure:
            raise failure
        for word in named.types:
            _resolve_type(word, session)
        raise SvcError("resource(s) were provided, but no name was specified" if named.types else NO_SOURCE)
    resolve = _resolve_one_type if named.one_type else resolve_type
    resources = {word: resolve(word, session) for word in dict.fromkeys(target.type_word for target in named.objects)}
    count = len(named.objects)
    return Found(entries=_unread(named, resources, session, selects=selects), several=count > 1, count=count)


def _read_words(source: SourceOptions) -> tuple[Sequence[str], Named]:
    """Files and arguments, each read as far as it can be, so that all that is wrong with them is said at once."""
    problems: list[SvcError] = []
    paths: Sequence[str] = ()
    named = Named()
    try:
        paths = _paths(source)
    except SvcError as error:
        problems.append(error)
    try:
        named = parse_targets(source.arguments)
    except SvcError as error:
        problems.append(error)
    if problems:
        raise AggregateError([part for problem in problems for part in _parts(problem)])
    if paths and named.types:
        raise SvcError(
            "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"
        )
    if paths and named.objects:
        raise SvcError("resource/name arguments cannot be provided when a path is specified")
    if paths and source.all_namespaces:
        raise SvcError("--all-namespaces (-A) does not go with files, whose objects say themselves where they belong")
    return paths, named


def _parts(error: SvcError) -> tuple[SvcError, ...]:
    return error.errors if isinstance(error, AggregateError) else (error,)


def _paths(source: SourceOptions) -> Sequence[str]:
    if source.kustomize:
        refusals = []
        if source.filenames:
            refusals.append(SvcError("only one of -f or -k can be specified"))
        if source.recursive:
            refusals.append(SvcError("the -k flag can't be used with -f or -R"))
        if refusals:
            raise AggregateError(refusals)
        return (source.kustomize,)
    if not source.filenames:
        return ()
    from kubectl_svc.access.manifests import find_files  # named objects need no file reader

    return find_files(source.filenames, source.recursive)


def _unread(named: Named, resources: dict[str, Resource], session: Session, *, selects: bool) -> Iterator[Unread]:
    from kubectl_svc.access.live import read_live  # files may do without a cluster

    def reader(resource: Resource, name: str) -> Callable[[Session], Item]:
        return lambda own: Item(workload=read_live(resource, session.namespace, name, own, selects=selects))

    for target in named.objects:
        resource = resources[target.type_word]
        called = f"{resource.kind} {quote(target.name)}"
        yield Unread(called=called, name=target.name, read=reader(resource, target.name))


def _resolve_type(word: str, session: Session) -> None:
    if not members_of(word, session):
        resolve_type(word, session)


def _resolve_one_type(word: str, session: Session) -> Resource:
    """The resource that the TYPE of `TYPE NAME...` means: there it may be a category, if that has one member."""
    members = members_of(word, session)
    if len(members) > 1:
        raise SvcError("you must specify only one resource")
    return members[0] if members else resolve_type(word, session)


def _documents(
    source: SourceOptions, paths: Sequence[str], console: Console, environ: Mapping[str, str]
) -> Iterator[Document | SvcError]:
    from kubectl_svc.access.manifests import build_documents, read_documents  # named objects need no file reader

    if not source.kustomize:
        return read_documents(paths, console.stdin, environ)
    from kubectl_svc.kubectl import Kubectl  # files need no kubectl

    return build_documents(source.kustomize, Kubectl(environ, "a kustomization is built"), console.message)
