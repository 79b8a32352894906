"""The objects that a command means without naming them: all of their types, or those with certain labels.

Source: cli-runtime pkg/resource/builder.go (`visitBySelector`, `visitByPaths`) and selector.go.
"""

from __future__ import annotations

from itertools import chain, islice

from kubectl_svc.access.live import read_found
from kubectl_svc.cli.items import Found, Item, Unread
from kubectl_svc.cli.resolve import members_of, resolve_type
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.label_selectors import parse_label_selector
from kubectl_svc.value import Value
from kubectl_svc.workloads.kinds import SERVICES, kind_of
from kubectl_svc.workloads.model import controller_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from kubectl_svc.access.manifests import Document
    from kubectl_svc.access.session import Session
    from kubectl_svc.output.console import Console
    from kubectl_svc.request import SourceOptions
    from kubectl_svc.targets import Named
    from kubectl_svc.workloads.model import Resource


class _Listing(Value):
    """One list to ask for. Of what a category brings, objects that a controller made are exposed with it, not alone."""

    resource: Resource
    by_category: bool = False


def find_selected(source: SourceOptions, named: Named, session: Session, console: Console, *, selects: bool) -> Found:
    """The objects on the server, in pages as their turn comes. None at all is told, and no error, as in kubectl.

    Raises SvcError, in kubectl's words, for words that do not go together and for a selector that is none.
    """
    if len(named.types) < len({target.type_word for target in named.objects}) or (named.objects and not named.one_type):
        raise SvcError("selectors and the all flag cannot be used when passing resource/name arguments")
    if named.objects:
        raise SvcError("name cannot be provided when a selector is specified")
    if not named.types:
        raise SvcError("at least one resource must be specified to use a selector")
    parse_label_selector(source.selector)  # a server has more words for what is wrong with it
    listings = {one.resource: one for word in named.types for one in _listings(word, session)}
    found = _Lister(source, session, selects=selects).objects(listings.values())
    first = list(islice(found, 2))
    if not first:
        where = "" if source.all_namespaces else f" in {session.namespace} namespace."
        console.message(f"No resources found{where}\n")
    return Found(entries=chain(first, found), several=len(first) > 1, count=len(first) if len(first) < 2 else None)


def with_labels(selector: str, documents: Iterable[Document | SvcError]) -> Iterator[Document | SvcError]:
    """The documents with these labels, and what could not be read; none at all is an error.

    Raises SvcError for a selector that is none. Source: cli-runtime pkg/resource/visitor.go `FilterByLabelSelector`.
    """
    wanted = parse_label_selector(selector)
    left_out = kept = 0
    for document in documents:
        manifest = getattr(document, "manifest", None)
        if manifest is not None and not wanted.matches((manifest.get("metadata") or {}).get("labels") or {}):
            left_out += 1
            continue
        kept += 1
        yield document
    if left_out and not kept:
        yield SvcError(f"none of the objects in the files has labels that match --workload-selector {quote(selector)}")


def _listings(word: str, session: Session) -> Iterator[_Listing]:
    """What a TYPE means: of a category such as `all` the kinds that pods stand behind, all but Services."""
    members = members_of(word, session)
    if not members:
        yield _Listing(resource=resolve_type(word, session))
    for resource in members:
        row = kind_of(resource.api_version, resource.kind)
        if len(members) == 1 or (row and not row.refused and resource.kind != SERVICES.kind):
            yield _Listing(resource=resource, by_category=len(members) > 1)


def _is_controlled(manifest: Mapping[str, Any]) -> bool:
    try:
        return controller_of(manifest) is not None
    except (AttributeError, TypeError):
        return False  # a reader says what is wrong with it


class _Lister:
    """Asks for lists, over the session that finds the objects; each object is read over that of whoever reads it."""

    def __init__(self, source: SourceOptions, session: Session, *, selects: bool) -> None:
        self._source = source
        self._session = session
        self._selects = selects

    def objects(self, listings: Iterable[_Listing]) -> Iterator[Unread | SvcError]:
        """Every object of every list; a list that fails ends there, and the next one begins."""
        for listing in listings:
            try:
                yield from self._listed(listing)
            except SvcError as error:
                yield error

    def _listed(self, listing: _Listing) -> Iterator[Unread]:
        resource = listing.resource
        path = resource.path("" if self._source.all_namespaces else self._session.namespace)
        for page in self._session.cluster.pages(path, {"labelSelector": self._source.selector}):
            items = page.get("items")
            for manifest in items if isinstance(items, list) else ():
                if not isinstance(manifest, dict):
                    raise SvcError(f"the server's list of {resource.plural} cannot be read: an item is no object")
                if not (listing.by_category and _is_controlled(manifest)):
                    yield self._unread(resource, manifest)

    def _unread(self, resource: Resource, manifest: Mapping[str, Any]) -> Unread:
        metadata = manifest.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        name = str(metadata.get("name") or "")
        own = str(metadata.get("namespace") or "") if self._source.all_namespaces else ""
        namespace = own or self._session.namespace

        def read(session: Session) -> Item:
            workload = read_found(resource, namespace, manifest, session, selects=self._selects)
            return Item(workload=workload, namespace=own)

        where = f" of namespace {own}" if own else ""
        # No message about a Service says its namespace.
        known_by = f"{own}/{name}" if own else name
        return Unread(called=f"{resource.kind} {quote(name)}{where}", name=known_by, read=read)
