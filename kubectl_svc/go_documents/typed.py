"""JSON documents as the objects that kubectl finds in them: kinds known, types right, lists taken apart.

Pure. Source: cli-runtime pkg/resource mapper.go (`infoForData`, `infoForObject`) and visitor.go
(`FlattenListVisitor`), apimachinery pkg/runtime serializer/json (`Serializer.Decode`, `SimpleMetaFactory`), error.go.
"""

from __future__ import annotations

from kubectl_svc.errors import AggregateError, SvcError
from kubectl_svc.go_documents import TOO_DEEP, JsonDocument, parse_json
from kubectl_svc.golang import quote
from kubectl_svc.type_meta import find_type_meta
from kubectl_svc.value import Value
from kubectl_svc.workloads.kinds import kind_of
from kubectl_svc.workloads.objects import has_pod_template, read_custom_object, read_items, read_object, read_raw_items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

_SCHEME = '"k8s.io/kubectl/pkg/scheme/scheme.go:28"'  # as released kubectls name it; other builds have other paths
_LIST = ("v1", "List")
_NULL_ITEM = "unable to get type info from the object %!q(<nil>): expected pointer, but got invalid kind"
_UNKNOWN_ITEM = (
    'unable to get type info from the object "*runtime.Unknown": '
    f"no kind is registered for the type runtime.Unknown in scheme {_SCHEME}"
)


class _Object(Value):
    """A decoded object; `items` where it is a list: JSON for `List`, decoded ones for `PodList` and its like."""

    api_version: str
    kind: str
    manifest: Mapping[str, Any]
    items: tuple[JsonDocument | _Object | None, ...] | None = None
    unknown: str = ""
    """What kubectl says of a custom resource that nothing in its manifest says how to expose."""


class UnknownKindError(SvcError):
    """What kubectl says of a custom resource, and the object, as `read_custom_object` gives it."""

    def __init__(self, message: str, manifest: Mapping[str, Any], source: str, beside: Sequence[SvcError] = ()) -> None:
        """`beside`: for an item of a list all that is wrong with the list, complete when the list has been read."""
        super().__init__(message)
        self.manifest = manifest
        self.source = source
        self.beside = beside


class ListError(AggregateError):
    """What is wrong with a list or its items: one error, even if there is one alone, which says each sentence once."""

    def __init__(self, problems: Sequence[SvcError], beside: Sequence[SvcError] = ()) -> None:
        """`beside`: all that is wrong with the list, where `problems` are only some of it."""
        super().__init__(tuple({str(problem): problem for problem in problems}.values()))
        self.beside = beside


class _UnregisteredError(ValueError):
    """What is no object of a kind that kubectl's scheme has; in a `List` it is no reason to give up the others.

    `fault`: what is wrong with its values, where another project's kind allows to say that.
    """

    def __init__(self, message: str, fault: str = "") -> None:
        super().__init__(message)
        self.fault = fault


def read_objects(document: JsonDocument, source: str) -> Iterator[Mapping[str, Any] | SvcError]:
    """The objects of one document, in kubectl's order: its own, or a list's, those of lists in it last.

    Each has `apiVersion`, `kind` and, of a kind that can be exposed, what `workloads` reads; of others the metadata.
    A kind that kubectl does not have is read like them if it has a row, or the object a pod template; else it comes as
    an UnknownKindError in its place. What cannot be read is a SvcError in kubectl's words, of a list after its
    objects; one bad item makes a whole list unreadable, unless it is of a kind that kubectl does not have.
    """
    try:
        found = _decode(document)
    except ValueError as error:
        yield SvcError(f"{_cannot_decode(source, error)}{document.place}")
        return
    if found.unknown:
        yield UnknownKindError(f"{_cannot_decode(source, found.unknown)}{document.place}", found.manifest, source)
    elif not _is_served(found):
        metadata = found.manifest.get("metadata") or {}
        name, namespace = (quote(metadata.get(field) or "") for field in ("name", "namespace"))
        yield SvcError(
            f"resource mapping not found for name: {name} namespace: {namespace} from {quote(source)}: "
            f"{_no_match(found)}\nensure CRDs are installed first"
        )
    elif found.items is None:
        yield found.manifest
    else:
        yield from _flatten(found, source)


def _cannot_decode(source: str, reason: object) -> str:
    return f"unable to decode {quote(source)}: {reason}"


def _flatten(outer: _Object, source: str) -> Iterator[Mapping[str, Any] | SvcError]:
    queue: list[_Object | SvcError] = [outer]
    singles: list[_Object | SvcError] = []
    for found in queue:
        if isinstance(found, SvcError) or found.items is None:
            singles.append(found)
            continue
        items, problems = _decode_items(found.items, source)
        if problems:
            yield ListError(problems)
            return
        queue += items
    wrong: list[SvcError] = []
    for single in singles:
        if isinstance(single, SvcError):
            wrong.append(single)
        elif single.unknown:
            unknown = UnknownKindError(_UNKNOWN_ITEM, single.manifest, source, wrong)
            wrong.append(unknown)
            yield unknown
        elif not _is_served(single):
            wrong.append(SvcError(f"unable to recognize {_no_match(single)}"))
        else:
            yield single.manifest
    rest = [problem for problem in wrong if not isinstance(problem, UnknownKindError)]
    if rest:
        yield ListError(rest, wrong)


def _decode_items(
    items: tuple[JsonDocument | _Object | None, ...], source: str
) -> tuple[list[_Object | SvcError], list[SvcError]]:
    """The items of one list, and what makes the list unreadable."""
    decoded: list[_Object | SvcError] = []
    problems = []
    for item in items:
        try:
            if item is None:
                decoded.append(SvcError(_NULL_ITEM))
            else:
                decoded.append(item if isinstance(item, _Object) else _decode(item))
        except _UnregisteredError as error:
            decoded.append(SvcError(_cannot_decode(source, error.fault) if error.fault else _UNKNOWN_ITEM))
        except ValueError as error:
            problems.append(SvcError(str(error)))
    return decoded, problems


def unknown_kind(api_version: str, kind: str) -> str:
    """What kubectl says of a kind that it was not built with; empty for any other kind."""
    from kubectl_svc.go_documents.built_in_kinds import is_registered  # rarely needed

    if (api_version, kind) == _LIST or is_registered(api_version, kind):
        return ""
    return f"no kind {quote(kind)} is registered for {_version(api_version)} in scheme {_SCHEME}"


def _decode(document: JsonDocument) -> _Object:
    """Raises ValueError in kubectl's words; of several faults for the first in the order of the JSON text."""
    try:
        try:
            return _decode_value(document, document.value)
        except ValueError:
            return _decode_value(document, parse_json(document.text()))
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


def _decode_value(document: JsonDocument, value: Any) -> _Object:
    api_version, kind = read_type_meta(value, document.text)
    row = kind_of(api_version, kind)
    if row and row.resource:
        return _single(read_object(api_version, kind, value))
    if (api_version, kind) == _LIST:
        return _list_of(document, value)
    from kubectl_svc.go_documents.built_in_kinds import has_items, is_foreign  # rarely needed

    unknown = unknown_kind(api_version, kind)
    if unknown and is_foreign(api_version):
        return _custom(api_version, kind, value, unknown)
    if unknown:
        raise _UnregisteredError(unknown)
    if not has_items(kind):
        return _single(read_object(api_version, kind, value))
    items = tuple(map(_single, read_items(api_version, kind, value)))
    return _Object(api_version=api_version, kind=kind, manifest={}, items=items)


def _custom(api_version: str, kind: str, value: Mapping[str, Any], unknown: str) -> _Object:
    try:
        if kind_of(api_version, kind):
            return _single(read_object(api_version, kind, value))
        manifest = read_custom_object(api_version, kind, value)
    except ValueError as error:
        raise _UnregisteredError(str(error), str(error)) from None
    return _single(manifest).but(unknown="" if has_pod_template(manifest) else unknown)


def read_type_meta(value: Any, text: Callable[[], str]) -> tuple[str, str]:
    """apiVersion and kind of a JSON value, by names in any case, as encoding/json finds them.

    Raises ValueError in kubectl's words for one that is missing (they repeat the value's `text`), for other types and
    for an apiVersion that is none.
    """
    api_version, kind = find_type_meta(value)
    if not kind or not api_version:
        missing = "apiVersion" if kind else "Kind"
        raise ValueError(f"Object '{missing}' is missing in '{text()}'")
    return api_version, kind


def _version(api_version: str) -> str:
    group, _, version = api_version.rpartition("/")
    return (
        f"the internal version of group {quote(group)}" if version == "__internal" else f"version {quote(api_version)}"
    )


def _single(manifest: Mapping[str, Any]) -> _Object:
    return _Object(api_version=manifest["apiVersion"], kind=manifest["kind"], manifest=manifest)


def _list_of(document: JsonDocument, value: Mapping[str, Any]) -> _Object:
    api_version, kind = _LIST
    items = tuple(
        None if item is None else JsonDocument(value=item, text=_item_text(document, place))
        for place, item in enumerate(read_raw_items(value))
    )
    return _Object(api_version=api_version, kind=kind, manifest={}, items=items)


def _item_text(document: JsonDocument, place: int) -> Callable[[], str]:
    def text() -> str:
        from kubectl_svc.go_documents.json_syntax import item_texts  # only error messages need it

        return item_texts(document.text())[place]

    return text


def _is_served(found: _Object) -> bool:
    if kind_of(found.api_version, found.kind) or unknown_kind(found.api_version, found.kind):
        return True
    if (found.api_version, found.kind) == _LIST:
        return True
    from kubectl_svc.go_documents.built_in_kinds import is_served  # rarely needed

    return is_served(found.api_version, found.kind)


def _no_match(found: _Object) -> str:
    return f"no matches for kind {quote(found.kind)} in version {quote(found.api_version)}"
