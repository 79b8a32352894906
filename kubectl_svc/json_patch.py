"""`--override-type json`: a JSON patch as json-patch applies it, which is not quite RFC 6902.

Pure. Paths are json-patch's own: array indices may be negative, what stands before the first slash does not count, and
the document as a whole can be replaced and tested, but neither added nor removed. The library `jsonpatch` makes the
changes, once the paths are put into the standard's words.

Like json-patch, this leaves the members of every object that a path goes through in the order of their names; what is
not touched keeps its order, which decides the wrong type that kubectl names first. Numbers are equal when they are
written alike; of strings we compare what they mean, where json-patch compares how they are written.

Source: gopkg.in/evanphx/json-patch.v4 patch.go. Where it panics, the operation counts as one that does not fit.
"""

from __future__ import annotations

import contextlib

from kubectl_svc.go_documents import read_json
from kubectl_svc.go_structs import json_name
from kubectl_svc.golang import atoi
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

_MISSING = "missing value"


def apply_patch(document: dict[str, Any], fragment: str) -> Any:
    """The document changed in place by a list of operations, one after the other, or what replaced it as a whole.

    Raises ValueError in kubectl's words for a fragment that is no such list, and for the first operation that does not
    fit.
    """
    operations = read_json(fragment)
    if operations is not None and not isinstance(operations, list):
        raise ValueError(_mistyped(operations, "jsonpatch.Patch"))
    for operation in operations or ():
        if operation is not None and not isinstance(operation, dict):
            raise ValueError(_mistyped(operation, "jsonpatch.Operation"))
    _sort(document)
    for operation in operations or ():
        document = _operate(document, operation or {})
        for name in ("path", "from"):
            _sort_along(document, operation.get(name))
    return document


class _Spot(Value):
    """A place that a path leads to: a key of a container that is there."""

    container: dict[str, Any] | list[Any]
    above: Sequence[str]
    """The words that lead to the container, unescaped, indices not negative."""
    key: str

    def value(self) -> Any:
        """What stands there, None for a missing member; raises ValueError for a missing element."""
        if isinstance(self.container, dict):
            return self.container.get(self.key)
        return self.container[_index(self.key, len(self.container))]

    def word(self, size: int) -> str:
        """The key in the standard's words; for an array, an index of one of `size` elements."""
        return self.key if isinstance(self.container, dict) else str(_index(self.key, size))

    def pointer(self, word: str) -> str:
        """The path in the standard's words, `word` at its end."""
        words = (*self.above, word)
        return "".join(f"/{word.replace('~', '~0').replace('/', '~1')}" for word in words)


def _index(word: str, size: int) -> int:
    """The word as an index below `size`; a negative one counts from the end."""
    index = atoi(word)
    if not -size <= index < size:
        raise ValueError(f"Unable to access invalid index: {index}: invalid index referenced")
    return index + size if index < 0 else index


def _operate(document: Any, operation: Mapping[str, Any]) -> Any:
    word = operation.get("op")
    kind = word if isinstance(word, str) else "unknown"
    if kind not in _OPERATIONS:
        raise ValueError(f"Unexpected kind: {kind}")
    return _OPERATIONS[kind](document, operation)


def _add(document: Any, operation: Mapping[str, Any]) -> Any:
    path = _path(operation, "add")
    spot = _locate(document, path, f'add operation does not apply: doc is missing path: "{path}"')
    with _saying(f"error in add for path: '{path}'"):
        return _put(document, spot, operation.get("value"))


def _remove(document: Any, operation: Mapping[str, Any]) -> Any:
    path = _path(operation, "remove")
    spot = _locate(document, path, f'remove operation does not apply: doc is missing path: "{path}"')
    with _saying(f"error in remove for path: '{path}'"):
        return _take(document, spot)


def _replace(document: Any, operation: Mapping[str, Any]) -> Any:
    path = _decoded(operation, "path", "replace")
    value = operation.get("value")
    if not path:
        if not isinstance(value, (dict, list)):
            raise ValueError("replace operation value must be object or array: %!w(<nil>)")
        return _change(document, {"op": "replace", "path": "", "value": value})
    spot = _locate(document, path, f"replace operation does not apply: doc is missing path: {path}")
    try:
        spot.value()
    except ValueError:
        raise ValueError(f"replace operation does not apply: doc is missing key: {path}: {_MISSING}") from None
    if isinstance(spot.container, dict):
        return _put(document, spot, value)
    place = spot.pointer(spot.word(len(spot.container)))
    return _change(document, {"op": "replace", "path": place, "value": value})


def _move(document: Any, operation: Mapping[str, Any]) -> Any:
    source = _decoded(operation, "from", "move")
    spot = _locate(document, source, f"move operation does not apply: doc is missing from path: {source}")
    with _saying(f"error in move for path: '{spot.key}'"):
        value = spot.value()
        document = _take(document, spot)
    path = _decoded(operation, "path", "move")
    destination = _locate(document, path, f"move operation does not apply: doc is missing destination path: {path}")
    with _saying(f"error in move for path: '{path}'"):
        return _put(document, destination, value)


def _copy(document: Any, operation: Mapping[str, Any]) -> Any:
    source = _decoded(operation, "from", "copy")
    spot = _locate(document, source, f"copy operation does not apply: doc is missing from path: {source}")
    with _saying(f"error in copy for from: '{source}'"):
        value = spot.value()
    path = _path(operation, "copy")
    destination = _locate(document, path, f"copy operation does not apply: doc is missing destination path: {path}")
    with _saying("error while adding value during copy"):
        return _put(document, destination, value)


def _test(document: Any, operation: Mapping[str, Any]) -> Any:
    path = _decoded(operation, "path", "test")
    value = document
    if path:
        spot = _locate(document, path, f"test operation does not apply: is missing path: {path}")
        with _saying(f"error in test for path: '{path}'"):
            value = spot.value()
    if not _is_same(value, operation.get("value")):
        raise ValueError(f"testing value {path} failed: test failed")
    return document


_OPERATIONS = {"add": _add, "remove": _remove, "replace": _replace, "move": _move, "test": _test, "copy": _copy}


def _pointer(operation: Mapping[str, Any], name: str) -> str:
    """The path under that name, `path` or `from`."""
    path = operation.get(name)
    if path is None:
        comma = "," if name == "from" else ""
        raise ValueError(f"operation{comma} missing {name} field: {_MISSING}")
    if not isinstance(path, str):
        raise ValueError(_mistyped(path, "string"))
    return path


def _decoded(operation: Mapping[str, Any], name: str, kind: str) -> str:
    with _saying(f"{kind} operation failed to decode {name}"):
        return _pointer(operation, name)


def _path(operation: Mapping[str, Any], kind: str) -> str:
    """The path of an operation for which json-patch does not say what is wrong with it."""
    try:
        return _pointer(operation, "path")
    except ValueError:
        raise ValueError(f"{kind} operation failed to decode path: {_MISSING}") from None


def _locate(document: Any, path: str, refusal: str) -> _Spot:
    """Where the path leads; raises ValueError with the refusal where it leads nowhere."""
    spot = _find(document, path)
    if spot is None:
        raise ValueError(f"{refusal}: {_MISSING}")
    return spot


@contextlib.contextmanager
def _saying(beginning: str) -> Iterator[None]:
    """Errors within say this first."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{beginning}: {error}") from None


def _find(document: Any, path: str) -> _Spot | None:
    """Where the path leads; None where a container on the way is missing, and for a path without a slash."""
    words = [word.replace("~1", "/").replace("~0", "~") for word in path.split("/")[1:]]
    if not words:
        return None
    container = document
    above: list[str] = []
    for word in words[:-1]:
        spot = _Spot(container=container, above=tuple(above), key=word)
        try:
            container = spot.value()
        except ValueError:
            return None
        if not isinstance(container, (dict, list)):
            return None
        above.append(spot.word(len(spot.container)))
    return _Spot(container=container, above=tuple(above), key=words[-1])


def _put(document: Any, spot: _Spot, value: Any) -> Any:
    """The document with the value as a member, or before or behind the elements of an array."""
    word = spot.key
    if isinstance(spot.container, list) and word != "-":
        try:
            atoi(word)
        except ValueError as error:
            raise ValueError(f"value was not a proper array index: '{word}': {error}") from None
        word = spot.word(len(spot.container) + 1)
    return _change(document, {"op": "add", "path": spot.pointer(word), "value": value})


def _take(document: Any, spot: _Spot) -> Any:
    """The document without what stands there."""
    if isinstance(spot.container, dict) and spot.key not in spot.container:
        raise ValueError(f"Unable to remove nonexistent key: {spot.key}: {_MISSING}")
    return _change(document, {"op": "remove", "path": spot.pointer(spot.word(len(spot.container)))})


def _change(document: Any, step: Mapping[str, Any]) -> Any:
    """The document after one operation in the standard's words, which is known to fit."""
    import jsonpatch  # once a step fits

    return jsonpatch.apply_patch(document, [step], in_place=True)


def _is_same(one: Any, other: Any) -> bool:
    """Whether json-patch takes two values for equal: numbers by their text, arrays and objects by what they hold."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return type(one) is type(other) and str(one) == str(other)


def _sort(document: Any) -> None:
    """Put the members of an object into the order of their names."""
    if isinstance(document, dict):
        members = sorted(document.items(), key=lambda member: member[0])
        document.clear()
        document.update(members)


def _sort_along(document: Any, path: object) -> None:
    """Sort every object that leads to the path's end."""
    spot = _find(document, path) if isinstance(path, str) else None
    _sort(document)
    for word in spot.above if spot else ():
        document = document[word] if isinstance(document, dict) else document[int(word)]
        _sort(document)


def _mistyped(value: Any, target: str) -> str:
    """What encoding/json says of a value that cannot be of the Go type `target`."""
    return f"json: cannot unmarshal {json_name(value)} into Go value of type {target}"
