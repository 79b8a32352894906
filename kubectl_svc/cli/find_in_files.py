"""The objects that files hold: those to expose, and what is left out, with a word about it."""

from __future__ import annotations

from kubectl_svc.cli.items import Found, Item
from kubectl_svc.errors import SvcError
from kubectl_svc.go_documents.typed import UnknownKindError
from kubectl_svc.golang import quote
from kubectl_svc.value import Value
from kubectl_svc.workloads.custom import is_shapeless, read_custom_resource
from kubectl_svc.workloads.kinds import SERVICES, kind_of
from kubectl_svc.workloads.lookup import Lookup
from kubectl_svc.workloads.model import group_kind, reference_to
from kubectl_svc.workloads.objects import has_pod_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from kubectl_svc.access.manifests import Document
    from kubectl_svc.access.session import Session
    from kubectl_svc.output.console import Console
    from kubectl_svc.workloads.model import Reference, Workload


class _Refused(Value):
    """A document that cannot be exposed, what its kind is called, and why, where that is worth a word."""

    document: Document
    called: str
    reason: str = ""


def find_in_files(
    documents: Iterable[Document | SvcError],
    namespace: str,
    session: Session | None,
    console: Console,
    *,
    selects: bool,
) -> Found:
    """All that the files hold. What cannot be exposed is left out, with a word about it, while something can be.

    `namespace` is that of objects which name none, as far as it is known. Without a session nobody is asked of what is
    not in the files; `selects` where the objects' selectors are wanted.
    """
    reader = _Reader(namespace, session, selects=selects)
    unread: list[SvcError] = []
    for document in documents:
        if isinstance(document, SvcError):
            unread.append(document)
        else:
            reader.read(document)
    items = reader.items() or reader.shapeless_items(unread)
    if not items:
        refusals = [
            SvcError(f"cannot expose a {one.called}" + (f": {one.reason}" if one.reason else ""))
            for one in reader.refused
        ]
        return Found(items=refusals, several=len(refusals) > 1, unread=tuple(unread))
    for one in reader.refused:
        name = (one.document.manifest.get("metadata") or {}).get("name") or ""
        reason = one.reason or "it cannot be exposed"
        console.warn(f"skipped {one.called} {quote(name)} of {one.document.source}: {reason}")
    chosen = reader.chosen(items, console)
    return Found(items=chosen, several=len(chosen) > 1, unread=tuple(unread))


class _Reader:
    """Reads documents into items, in their order; those that refer to others when all others are known."""

    def __init__(self, namespace: str, session: Session | None, *, selects: bool) -> None:
        self.refused: list[_Refused] = []
        self._namespace = namespace
        self._session = session
        self._selects = selects
        self._known: dict[tuple[str, Reference], Workload] = {}
        self._read: list[Item | Document] = []

    def read(self, document: Document) -> None:
        """Takes a document in."""
        manifest = document.manifest
        row = kind_of(manifest["apiVersion"], manifest["kind"])
        called = group_kind(manifest["apiVersion"].rpartition("/")[0], manifest["kind"])
        if row is None and not has_pod_template(manifest):
            self.refused.append(_Refused(document=document, called=called))
        elif row and row.refused:
            self.refused.append(_Refused(document=document, called=called, reason=row.refused))
        elif row and row.refers:
            self._read.append(document)
        else:
            item = self._item(document.manifest, document.source)
            self._known[self._place(item)] = item.workload
            self._read.append(item)

    def items(self) -> list[Item]:
        """What can be exposed."""
        return [read if isinstance(read, Item) else self._item(read.manifest, read.source) for read in self._read]

    def shapeless_items(self, unread: list[SvcError]) -> list[Item]:
        """The custom resources among what could not be read that can be exposed all the same; these are taken out.

        Such are all where --selector says what they need not, and those whose scale subresource the server has.
        """
        items = []
        for error in [error for error in unread if isinstance(error, UnknownKindError)]:
            if not self._selects or self._session:
                item = self._item(error.manifest, error.source)
                if not is_shapeless(item.workload):
                    unread.remove(error)
                    items.append(item)
        return items

    def chosen(self, items: list[Item], console: Console) -> list[Item]:
        """The items without those that others stand for: Services beside workloads, templates of Rollouts."""
        stood_for = {
            (self._place(item)[0], item.workload.stands_for): item for item in items if item.workload.stands_for
        }
        has_workloads = any(not _is_service(item) for item in items)
        chosen = []
        for item in items:
            by = stood_for.get(self._place(item))
            if has_workloads and _is_service(item):
                console.warn(f"skipped {item.workload}: it stands beside the workloads to expose")
            elif by:
                console.warn(f"skipped {item.workload}: {by.workload} takes its pods from it")
            else:
                chosen.append(item)
        return chosen

    def _item(self, manifest: Mapping[str, Any], source: str) -> Item:
        row = kind_of(manifest["apiVersion"], manifest["kind"])
        workload = (row.read if row else read_custom_resource)(manifest, self._lookup(manifest))
        return Item(workload=workload, source=source, namespace=workload.namespace)

    def _place(self, item: Item) -> tuple[str, Reference]:
        return item.namespace or self._namespace, item.workload.reference

    def _lookup(self, manifest: Mapping[str, Any]) -> Lookup:
        """Others of the same files come first."""
        metadata = manifest.get("metadata") or {}
        namespace = metadata.get("namespace") or self._namespace
        lookup = Lookup(selects=self._selects)
        if self._session:
            from kubectl_svc.access.live import lookup_around  # a client dry run asks nobody

            about = reference_to({**manifest, "name": metadata.get("name")})
            lookup = lookup_around(self._session, namespace, about, selects=self._selects)
        beyond = lookup.workload
        return lookup.but(workload=lambda reference: self._known.get((namespace, reference)) or beyond(reference))


def _is_service(item: Item) -> bool:
    return (item.workload.api_version, item.workload.kind) == (SERVICES.api_version, SERVICES.kind)
