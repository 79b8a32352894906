"""The objects that one command exposes: named ones read from the cluster, manifests read from files.

Source of the rules: cli-runtime pkg/resource/builder.go (`visitorResult`) and visitor.go.
"""

from __future__ import annotations

from kubectl_svc.errors import AggregateError, StatusError, SvcError, UnreachableError
from kubectl_svc.golang import quote
from kubectl_svc.output.messages import NO_SOURCE
from kubectl_svc.targets import Named, parse_targets
from kubectl_svc.value import Value
from kubectl_svc.workloads.kinds import KINDS, find_resource, kind_of
from kubectl_svc.workloads.model import NO_WORKLOAD, group_kind
from kubectl_svc.workloads.objects import read_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kubectl_svc.access.manifests import Document
    from kubectl_svc.access.session import Session
    from kubectl_svc.output.console import Console
    from kubectl_svc.request import SourceOptions
    from kubectl_svc.workloads.kinds import WorkloadKind
    from kubectl_svc.workloads.model import Resource, Workload


class Item(Value):
    """One workload to expose; of a file, with its source and the namespace that its manifest names."""

    workload: Workload
    source: str = ""
    namespace: str = ""
    """Empty: the command's."""


class Found(Value):
    """What the sources came to, in order: live objects are read when their turn comes, files all at once."""

    items: Iterable[Item | SvcError]
    several: bool
    unread: tuple[SvcError, ...] = ()  # documents of files that could not be read


def find_items(
    source: SourceOptions | None, session: Session | None, console: Console, environ: Mapping[str, str]
) -> Found:
    """The objects that the command names; `session` may only be missing when files or a kustomization are named.

    No source is that of `create`: a Service without an object behind it.
    Raises SvcError, in kubectl's words, for sources that cannot be right together and for types nobody knows.
    """
    if source is None:
        return Found(items=(Item(workload=NO_WORKLOAD),), several=False)
    paths, named = _read_words(source)
    if paths:
        return _in_files(_documents(source, paths, console, environ), console)
    if session is None:
        raise SvcError(NO_SOURCE)
    if not named.objects:
        failure = session.discovery.failure_before(None) if named.types else None
        if failure:
            raise failure
        for word in named.types:
            _resolve_type(word, session)
        raise SvcError("resource(s) were provided, but no name was specified" if named.types else NO_SOURCE)
    if named.one_type and _is_category(named.types[0], session):
        raise SvcError("you must specify only one resource")
    resources = {target.type_word: _resolve(target.type_word, session) for target in named.objects}
    return Found(items=_live(named, resources, session), several=len(named.objects) > 1)


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


def _live(named: Named, resources: dict[str, Resource], session: Session) -> Iterator[Item | SvcError]:
    for target in named.objects:
        resource = resources[target.type_word]
        try:
            yield Item(workload=read_live(resource, session.namespace, target.name, session))
        except SvcError as error:
            yield error


def read_live(resource: Resource, namespace: str, name: str, session: Session) -> Workload:
    """The workload as it lives on the server. Raises SvcError where it is not to be had, or cannot be exposed."""
    if not name:
        raise SvcError("resource name may not be empty")
    try:
        manifest = session.cluster.get_object(resource, namespace, name)
    except (StatusError, UnreachableError) as error:
        raise session.discovery.failure_before(error) or error from None
    row = kind_of(resource.api_version, resource.kind)
    if row is None:
        from kubectl_svc.go_documents.typed import unknown_kind  # only this error needs it

        unknown = unknown_kind(resource.api_version, resource.kind)
        raise SvcError(unknown or f"cannot expose a {resource.group_kind}")
    try:
        # As kubectl's typed client reads it: a server that sends something else is refused in Go's words.
        return row.read(read_object(resource.api_version, resource.kind, manifest))
    except ValueError as error:
        raise SvcError(str(error)) from None


def _resolve_type(word: str, session: Session) -> None:
    if not _is_category(word, session):
        _resolve(word, session)


def _built_in(word: str) -> Resource | None:
    return find_resource(word, (row.resource for row in KINDS))


def _is_category(word: str, session: Session) -> bool:
    return _built_in(word) is None and session.discovery.is_category(word)


def _resolve(word: str, session: Session) -> Resource:
    """The resource that a TYPE means; only words that no built-in kind answers to cost a look at the server."""
    resource = _built_in(word) or session.discovery.find(word)
    if resource is None:
        raise SvcError(f"the server doesn't have a resource type {quote(word.partition('.')[0])}")
    return resource


def _documents(
    source: SourceOptions, paths: Sequence[str], console: Console, environ: Mapping[str, str]
) -> Iterator[Document | SvcError]:
    from kubectl_svc.access.manifests import build_documents, read_documents  # named objects need no file reader

    if not source.kustomize:
        return read_documents(paths, console.stdin, environ)
    from kubectl_svc.kubectl import Kubectl  # files need no kubectl

    return build_documents(source.kustomize, Kubectl(environ, "a kustomization is built"), console.message)


def _in_files(documents: Iterable[Document | SvcError], console: Console) -> Found:
    """All that the files hold. What cannot be exposed is left out, with a word about it, while something can be."""
    unread: list[SvcError] = []
    exposable: list[tuple[WorkloadKind, Item]] = []
    refused: list[tuple[Document, str]] = []
    for document in documents:
        if isinstance(document, SvcError):
            unread.append(document)
            continue
        manifest = document.manifest
        row = kind_of(manifest["apiVersion"], manifest["kind"])
        if row is None:
            refused.append((document, group_kind(manifest["apiVersion"].rpartition("/")[0], manifest["kind"])))
            continue
        workload = row.read(manifest)
        exposable.append((row, Item(workload=workload, source=document.source, namespace=workload.namespace)))
    if not exposable:
        items = [SvcError(f"cannot expose a {called}") for _, called in refused]
        return Found(items=items, several=len(items) > 1, unread=tuple(unread))
    for document, called in refused:
        name = (document.manifest.get("metadata") or {}).get("name") or ""
        console.warn(f"skipped {called} {quote(name)} of {document.source}: it cannot be exposed")
    chosen = _without_services_beside_workloads(exposable, console)
    return Found(items=chosen, several=len(chosen) > 1, unread=tuple(unread))


def _without_services_beside_workloads(exposable: list[tuple[WorkloadKind, Item]], console: Console) -> list[Item]:
    """The items, less the Services where there are workloads too: those Services expose them already."""
    workloads = [item for row, item in exposable if row.resource.kind != "Service"]
    if not workloads or len(workloads) == len(exposable):
        return [item for _, item in exposable]
    for row, item in exposable:
        if row.resource.kind == "Service":
            console.warn(f"skipped Service {quote(item.workload.name)}: it stands beside the workloads to expose")
    return workloads
