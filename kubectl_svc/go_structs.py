"""Go structs: what a JSON value becomes in one, Go's words for what does not fit, and when Go writes a field.

A struct is read into a dict of the known fields that were given, in the order of the document; null gives nothing.
Which structs there are say `go_types` and `custom_types`; most documents come to a dozen of them, so each is made when
it is first read.
Source: sigs.k8s.io/json (the decoder: names match case-sensitively), encoding/json (omitempty, omitzero), apimachinery
pkg/util/intstr.
"""

from __future__ import annotations

from kubectl_svc.go_types import STRUCTS
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_LONE_SURROGATE = "[\ud800-\udc7f\udd00-\udfff]"


def struct(name: str) -> Struct:
    """The struct of that name in `go_types`, else in `custom_types`. Raises KeyError."""
    known = _STRUCTS.get(name)
    if known is None:
        known = _STRUCTS[name] = struct_of(name, STRUCTS.get(name) or _custom_fields(name))
    return known


def _custom_fields(name: str) -> str:
    from kubectl_svc import custom_types  # most objects are of Kubernetes' own kinds

    return custom_types.STRUCTS[name]


def struct_of(name: str, fields: str) -> Struct:
    """A struct with these fields, in the words of `go_types`."""
    said = (field.partition(":") for field in fields.split())
    name = name.rpartition(".")[2]  # Go's errors leave out what tells namesakes apart
    return Struct(go=f"v1.{name}", name=name, fields={path.rpartition(".")[2]: (path, word) for path, _, word in said})


def list_of(item: Type) -> List:
    """A slice of that type."""
    return List(go=f"[]{item.go}", item=item)


def decode(kind: Type, document: Any) -> Any:
    """The document, which is not null, as that type holds it.

    Raises ValueError with Go's words for a value of the wrong type. Of several it names the first in the order of the
    document, as Go does. A floating point number is named by its shortest form (`1.5`); Go repeats it as written.
    """
    problems: list[str] = []
    value = kind.read(document, ("", ""), problems)
    if problems:
        raise ValueError(problems[0])
    return value


def json_name(value: Any) -> str:
    """What Go calls a JSON value of that type."""
    names = ((bool, "bool"), ((int, float), "number"), (str, "string"), ((list, tuple), "array"))
    return next((name for types, name in names if isinstance(value, types)), "object")


class Type(Value):
    """A Go type; `go` is its name in Go's errors, `zero` what it holds of a null, None where Go writes that as null."""

    go: str
    zero: Any = None

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        """What Go holds of a JSON value, never null; `zero` after adding to `problems` where it does not fit.

        `place` is a struct and the path below it. Raises ValueError where Go stops reading at once: for the types that
        decode themselves.
        """
        raise NotImplementedError

    def written(self, value: Any) -> Any:
        """What Go writes of a value that was read."""
        return value


class _Text(Type):
    """A string. Lone surrogates become U+FFFD, all but those that stand for bytes (`surrogateescape`)."""

    zero: Any = ""

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        if isinstance(value, str):
            return _decoded(value)
        problems.append(_mismatch(value, place, self.go))
        return self.zero


class _Integer(Type):
    least: int
    most: int
    zero: Any = 0

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return value
        # Here alone Go repeats a number.
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        problems.append(_mismatch(value, place, self.go, literal=f" {value}" if is_number else ""))
        return self.zero


class _Boolean(Type):
    zero: Any = False

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        if isinstance(value, bool):
            return value
        problems.append(_mismatch(value, place, self.go))
        return self.zero


class _IntOrString(Type):
    zero: Any = 0

    def read(self, value: Any, place: tuple[str, str], _problems: list[str]) -> Any:
        if isinstance(value, str):
            return _decoded(value)
        own: list[str] = []
        number = _INT32.read(value, place, own)
        if own:
            raise ValueError(own[0])
        return number


class _Time(Type):
    """metav1.Time in UTC and whole seconds; the zero time is None."""

    def read(self, value: Any, place: tuple[str, str], _problems: list[str]) -> Any:
        if not isinstance(value, str):
            raise ValueError(_mismatch(value, place, "string"))
        from kubectl_svc.go_time import to_utc  # most manifests have no times

        return to_utc(value)


class Raw(Type):
    """JSON that is kept as it came."""

    def read(self, value: Any, _place: tuple[str, str], _problems: list[str]) -> Any:
        """The value."""
        return value


class _Bytes(Type):
    """Text in base64, or a list of numbers. Only read: nothing that we write has bytes."""

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        if not isinstance(value, str):
            return bytes(list_of(_UINT8).read(value, place, problems) or ())
        from kubectl_svc.go_base64 import decode_base64  # only kubeconfigs have bytes

        try:
            return decode_base64(value)
        except ValueError as error:
            problems.append(str(error))
            return self.zero


class List(Type):
    """A slice of one type."""

    item: Type

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        """As Type.read."""
        if not isinstance(value, (list, tuple)):
            problems.append(_mismatch(value, place, self.go))
            return self.zero
        kind = self.item
        return [kind.zero if item is None else kind.read(item, place, problems) for item in value]

    def written(self, value: Any) -> Any:
        """As Type.written."""
        return value and [self.item.written(item) for item in value]


class _Map(Type):
    item: Type

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        if not isinstance(value, dict):
            problems.append(_mismatch(value, place, self.go))
            return self.zero
        kind = self.item
        return {
            _decoded(key): kind.zero if item is None else kind.read(item, place, problems)
            for key, item in value.items()
        }

    def written(self, value: Any) -> Any:
        """In the order of the keys' bytes."""
        return value and {key: self.item.written(value[key]) for key in sorted(value, key=_bytes)}


class Struct(Type):
    """A Go struct; `fields` are path and type by name, in the struct's order and in the words of `go_types`."""

    name: str
    fields: Mapping[str, tuple[str, str]]
    zero: Mapping[str, Any] = {}

    def read(self, value: Any, place: tuple[str, str], problems: list[str]) -> Any:
        """As Type.read."""
        if not isinstance(value, dict):
            problems.append(_mismatch(value, place, self.go))
            return self.zero
        above = f"{place[1]}." if place[1] else ""
        given = {}
        for name, item in value.items():
            if name in self.fields and item is not None:
                path, word = self.fields[name]
                given[name] = _type(word).read(item, (self.name, above + path), problems)
        return given

    def written(self, value: Any) -> Any:
        """The fields that Go writes, in the struct's order."""
        fields = {}
        for name, (_, word) in self.fields.items():
            if name in value:
                if word[-1] in "?!" or value[name]:  # a mark: even when it is empty
                    fields[name] = _type(word).written(value[name])
            elif word[-1] == "!":
                kind = _type(word)
                fields[name] = None if "?" in word else kind.written(kind.zero)
        return fields


_INT32 = _Integer(go="int32", least=-(1 << 31), most=(1 << 31) - 1)
_UINT8 = _Integer(go="uint8", least=0, most=255)
# What the words of `go_types` mean: made when it is first asked for, never changed.
_STRUCTS: dict[str, Struct] = {}
_TYPES: dict[str, Type] = {
    "string": _Text(go="string"),
    "bool": _Boolean(go="bool"),
    "int32": _INT32,
    "int64": _Integer(go="int64", least=-(1 << 63), most=(1 << 63) - 1),
    "intstr": _IntOrString(go="intstr.IntOrString"),
    "time": _Time(go="v1.Time"),
    "bytes": _Bytes(go="[]uint8"),
    "raw": Raw(go="runtime.RawExtension"),
}


def _type(word: str) -> Type:
    """The type, whatever its marks."""
    known = _TYPES.get(word)
    if known is None:
        known = _TYPES[word] = _new_type(word)
    return known


def _new_type(word: str) -> Type:
    if word[-1] in "?!":
        return _type(word[:-1])
    if word.startswith("[]"):
        return list_of(_type(word[2:]))
    if word.startswith("{"):
        name, _, value = word[1:].partition("}")
        return _Map(go=name, item=_type(value))
    if word.startswith("="):
        return _Text(go=word[1:])
    return struct(word)


def _mismatch(value: Any, place: tuple[str, str], go: str, literal: str = "") -> str:
    """Go's sentence for a value of the wrong type."""
    struct_name, path = place
    return f"json: cannot unmarshal {json_name(value)}{literal} into Go struct field {struct_name}.{path} of type {go}"


def _decoded(text: str) -> str:
    if text.isascii():
        return text
    import re  # hardly any object needs it

    return re.sub(_LONE_SURROGATE, "\ufffd", text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
