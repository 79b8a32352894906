"""The objects that files hold: those to expose, and what is left out, with a word about it."""

from __future__ import annotations

from kubectl_svc.cli.items import Found, Item
from kubectl_svc.errors import SvcError
from kubectl_svc.go_documents.typed import ListError, UnknownKindError
from kubectl_svc.golang import quote
from kubectl_svc.value import Value
from kubectl_svc.workloads.argo import POD_TEMPLATES, read_pod_template
from kubectl_svc.workloads.custom import ADVICE, is_shapeless, read_custom_resource
from kubectl_svc.workloads.kinds import SERVICES, kind_of
from kubectl_svc.workloads.lookup import Lookup
from kubectl_svc.workloads.model import group_kind, reference_to
from kubectl_svc.workloads.objects import has_pod_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.manifests import Document
    from kubectl_svc.access.session import Session
    from kubectl_svc.output.console import Console
    from kubectl_svc.workloads.model import Reference, Workload


class _Refused(Value):
    """A document that cannot be exposed, what its kind is called, and why, where that is worth a word."""

    document: Document | UnknownKindError
    called: str
    reason: str = ""


class _ExplainedListError(ListError):
    """What is wrong with a list; where that is one of several errors, the reasons come after all that kubectl says."""

    def __init__(self, problems: Sequence[SvcError], reasons: Mapping[SvcError, str]) -> None:
        super().__init__([_explained(problem, reasons) for problem in problems])
        self.args = ("\n".join((str(ListError(problems)), *(reasons[one] for one in problems if one in reasons))),)


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
        if isinstance(document, UnknownKindError):
            reader.read_shapeless(document)
        elif not isinstance(document, SvcError):
            reader.read(document)
        if isinstance(document, SvcError):
            unread.append(document)
    items = reader.items()
    if not items:
        refusals = [
            SvcError(f"cannot expose a {one.called}" + (f": {one.reason}" if one.reason else ""))
            for one in reader.refused
            if not isinstance(one.document, UnknownKindError)
        ]
        nothing_left = _nothing_left(unread, reader.refused)
        return Found(entries=refusals, several=len(refusals) > 1, count=len(refusals), unread=nothing_left)
    for one in reader.refused:
        name = (one.document.manifest.get("metadata") or {}).get("name") or ""
        reason = one.reason or "it cannot be exposed"
        console.warn(f"skipped {one.called} {quote(name)} of {one.document.source}: {reason}")
    chosen = reader.chosen(items, console)
    wrong = tuple(error for error in unread if not isinstance(error, UnknownKindError))
    return Found(entries=chosen, several=len(chosen) > 1, count=len(chosen), unread=wrong)


def _nothing_left(unread: Iterable[SvcError], refused: Iterable[_Refused]) -> tuple[SvcError, ...]:
    """What kubectl says where nothing can be exposed, in its order, one error for each list; and the reasons."""
    reasons: dict[SvcError, str] = {
        one.document: f"{one.reason}; {ADVICE}" for one in refused if isinstance(one.document, UnknownKindError)
    }
    said: list[SvcError] = []
    last: Sequence[SvcError] = ()
    for error in unread:
        beside = error.beside if isinstance(error, (UnknownKindError, ListError)) else ()
        if not beside:
            said.append(_explained(error, reasons))
        elif beside is not last:
            said.append(_ExplainedListError(beside, reasons))
        last = beside
    return tuple(said)


def _explained(error: SvcError, reasons: Mapping[SvcError, str]) -> SvcError:
    return SvcError(f"{error}\n{reasons[error]}") if error in reasons else error


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
        if row is None and not has_pod_template(manifest):
            self._refuse(document)
            if (manifest["apiVersion"], manifest["kind"]) == (POD_TEMPLATES.api_version, POD_TEMPLATES.kind):
                workload = read_pod_template(manifest)
                self._known[workload.namespace or self._namespace, workload.reference] = workload
        elif row and row.refused:
            self._refuse(document, row.refused)
        elif row and row.refers:
            self._read.append(document)
        else:
            self._take(self._item(manifest, document.source))

    def read_shapeless(self, found: UnknownKindError) -> None:
        """Takes a custom resource in of which only its scale subresource may tell a selector, where that is wanted."""
        item = self._item(found.manifest, found.source)
        if is_shapeless(item.workload):
            self._refuse(found, item.workload.no_selector)
        else:
            self._take(item)

    def _refuse(self, document: Document | UnknownKindError, reason: str = "") -> None:
        called = group_kind(document.manifest["apiVersion"].rpartition("/")[0], document.manifest["kind"])
        self.refused.append(_Refused(document=document, called=called, reason=reason))

    def _take(self, item: Item) -> None:
        self._known[self._place(item)] = item.workload
        self._read.append(item)

    def items(self) -> list[Item]:
        """What can be exposed."""
        return [read if isinstance(read, Item) else self._item(read.manifest, read.source) for read in self._read]

    def chosen(self, items: list[Item], console: Console) -> list[Item]:
        """The items without those that others stand for: Services beside workloads, templates of Rollouts.

        So are custom resources without a shape, which a typed selector alone makes items: it means the workloads.
        """
        stood_for = {
            (self._place(item)[0], item.workload.stands_for): item for item in items if item.workload.stands_for
        }
        has_workloads = any(not _stands_aside(item) for item in items)
        chosen = []
        for item in items:
            by = stood_for.get(self._place(item))
            if has_workloads and _stands_aside(item):
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


def _stands_aside(item: Item) -> bool:
    """Whether it is exposed only where no workload is: a Service, or what nobody but a typed selector knows pods of."""
    workload = item.workload
    kind = (workload.api_version, workload.kind)
    if kind_of(*kind):
        return kind == (SERVICES.api_version, SERVICES.kind)
    return workload.template_labels is None and not workload.selector
