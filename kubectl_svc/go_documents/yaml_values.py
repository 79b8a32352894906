"""One YAML document as the JSON value that kubectl makes of it: what goyaml.v2 reads, passed on by encoding/json.

Parsed by libyaml, which goyaml was ported from, through PyYAML. Source: go.yaml.in/yaml/v2 decode.go and resolve.go,
sigs.k8s.io/yaml (`yamlToJSONTarget`), encoding/json encode.go.
"""

from __future__ import annotations

import re

import yaml
from yaml.events import AliasEvent, MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent, StreamEndEvent

from kubectl_svc.go_documents import Number
from kubectl_svc.go_documents.plain_yaml import UnsuitableValueError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TAG_PREFIX = "tag:yaml.org,2002:"
_RESOLVED_TAGS = ("!!bool", "!!int", "!!float", "!!null", "!!timestamp")
_BEYOND_STRINGS = frozenset(("", *"+-0123456789.yYnNtTfFoO~"))  # how plain text begins that may not be a string
_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_ODD_FLOATS = {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]{0,19}))")
_BASES = (16, 2, 8, 10)
_SIGNED_BINARY = re.compile(r"0b([-+][01]+)")
# Underscores are left only in a text that begins with a point; strconv.ParseFloat takes them between digits.
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+(?:_[0-9]+)*|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_TIMESTAMP = re.compile(
    r"[0-9]{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])"
    r"(?:[Tt][0-9]{1,2}(?::[0-9]{1,2}){2}(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
    r"| +[0-9]{1,2}(?::[0-9]{1,2}){2}(?:[.,][0-9]+)?)?"
)
_TOO_LARGE = 1 << 64  # for an unsigned integer

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where PyYAML was built with it

# How much of a document may come from aliases (`allowedAliasRatio`).
_SMALL, _LARGE = 400_000, 4_000_000  # nodes
_SHARE_IN_SMALL, _SHARE_IN_LARGE = 0.99, 0.10


def read_yaml(document: bytes) -> Any:
    """The JSON value of the first YAML document in the text; None for an empty one.

    Numbers are int or `Number`. Values that aliases repeat are shared: nobody may change them.
    Raises ValueError in Go's words, and RecursionError for a depth that Python cannot follow.
    """
    try:
        return _Reader(document).read()
    except yaml.reader.ReaderError as error:
        raise ValueError(f"yaml: {error.reason}") from None
    except yaml.MarkedYAMLError as error:
        raise ValueError(f"yaml: {_where(error)}{error.problem}") from None


def _where(error: yaml.MarkedYAMLError) -> str:
    """The line as goyaml counts it (`parser.fail`): from 1 for the scanner's errors, from 0 for all others."""
    line = error.problem_mark.line if error.problem_mark else 0
    if line:
        line += isinstance(error, yaml.scanner.ScannerError)
    elif error.context_mark:
        line = error.context_mark.line
    return f"line {line}: " if line else ""


class _Whole(int):
    """A whole number that was written as a float: an integer in JSON, but as a key it has a float's name."""


class _Anchor:
    """A node with a name: its value and how many nodes it counts, once it is complete."""

    value: Any = None
    nodes = 0
    complete = False


class _Reader:
    """Builds the value while libyaml parses.

    goyaml decodes after it has parsed the whole document and converts after that, so the reader keeps what those steps
    refuse until the end.
    """

    def __init__(self, document: bytes) -> None:
        self._next = _Parser(document).get_event
        self._anchors: dict[str, _Anchor] = {}
        self._nodes = 0  # with each repetition by an alias
        self._repeated = 0
        self._refusal: ValueError | None = None
        self._has_odd_keys = self._has_odd_floats = False

    def read(self) -> Any:
        self._next()  # the start of the stream
        if type(self._next()) is StreamEndEvent:
            return None
        value = self._value(self._next())
        self._next()  # the end of the document, which may be wrong too
        if self._refusal:
            raise self._refusal
        if self._has_odd_keys:
            _refuse_odd_keys(value)
        if self._has_odd_floats:
            _refuse_odd_floats(value)
        return value

    def _refuse(self, sentence: str, kind: type[ValueError] = ValueError) -> None:
        self._refusal = self._refusal or kind(f"yaml: {sentence}")

    def _value(self, event: Any) -> Any:
        """The value that begins with the event, read to its end."""
        before = self._nodes
        self._nodes += 1
        kind = type(event)
        if kind is AliasEvent:
            return self._repeat(event.anchor)
        anchor = None
        if event.anchor is not None:
            anchor = self._anchors[event.anchor] = _Anchor()
        if kind is ScalarEvent:
            value = self._scalar(event)
        elif kind is SequenceStartEvent:
            value = self._sequence()
        else:
            value = self._mapping()
        if anchor:
            anchor.value, anchor.nodes, anchor.complete = value, self._nodes - before, True
        if self._repeated:
            self._limit_repetition()
        return value

    def _repeat(self, name: str) -> Any:
        anchor = self._anchors.get(name)
        if anchor is None:
            raise ValueError(f"yaml: unknown anchor '{name}' referenced")
        if not anchor.complete:
            self._refuse(f"anchor '{name}' value contains itself")
        self._nodes += anchor.nodes
        self._repeated += anchor.nodes
        self._limit_repetition()
        return anchor.value

    def _limit_repetition(self) -> None:
        if self._repeated > 100 and self._nodes > 1000 and self._repeated / self._nodes > _allowed_share(self._nodes):
            self._refuse("document contains excessive aliasing")

    def _sequence(self) -> list[Any]:
        values = []
        following = self._next
        while type(event := following()) is not SequenceEndEvent:
            values.append(self._value(event))
        return values

    def _mapping(self) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        following = self._next
        while type(event := following()) is not MappingEndEvent:
            if _is_merge(event):
                self._merge(following(), mapping)
                continue
            key = self._value(event)
            name = key if type(key) is str else self._name(key)
            mapping[name] = self._value(following())
        return mapping

    def _name(self, key: Any) -> Any:
        """A key that is no string as the name of a JSON member; the key itself where JSON has none.

        Source: sigs.k8s.io/yaml `convertToJSONableObject`.
        """
        if isinstance(key, (dict, list)):
            if not self._refusal:  # what aliases blew up must not be printed
                self._refuse(f"invalid map key: {_go_syntax(key)}", UnsuitableValueError)
            return ""
        if isinstance(key, bool):
            return "true" if key else "false"
        if isinstance(key, (float, _Whole)):
            return _float_name(float(key))
        if key is None or not _fits_int64(key):
            self._has_odd_keys = True
            return key
        return str(key)

    def _merge(self, event: Any, mapping: dict[str, Any]) -> None:
        """Puts what `<<` names into the mapping, over the keys before it. Of several, the first one wins."""
        given = self._value(event)
        sources = given if type(event) is SequenceStartEvent else [given]
        for source in reversed(sources):
            if isinstance(source, dict):
                mapping.update(source)
            else:
                self._refuse("map merge requires map or sequence of maps as the value")

    def _scalar(self, event: Any) -> Any:
        if event.tag is None:
            value = _resolve(event.value) if event.implicit[0] else event.value
        else:
            try:
                value = _resolve_as(event.tag.replace(_TAG_PREFIX, "!!"), event.value)
            except ValueError as error:
                self._refuse(str(error), type(error))
                return None
        if type(value) is float:
            self._has_odd_floats = True
        return value


def _allowed_share(nodes: int) -> float:
    place = (min(max(nodes, _SMALL), _LARGE) - _SMALL) / (_LARGE - _SMALL)
    return _SHARE_IN_SMALL - (_SHARE_IN_SMALL - _SHARE_IN_LARGE) * place


def _is_merge(event: Any) -> bool:
    return (
        type(event) is ScalarEvent and event.value == "<<" and (event.implicit[0] or event.tag == f"{_TAG_PREFIX}merge")
    )


def _resolve(text: str) -> Any:
    """The value of a plain scalar: bool, None, int, Number, an infinite or undefined float, or the text itself."""
    first = text[:1]
    if first not in _BEYOND_STRINGS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if first == ".":
        number = _read_float(text)
    elif first in "yYnNtTfFoO~":
        return text
    else:
        number = _read_number(text.replace("_", ""))
    return text if number is None else number


def _read_number(plain: str) -> int | Number | None:
    """The integer or decimal number without its underscores, or None (strconv.ParseInt with base 0, and more)."""
    found = _INTEGER.fullmatch(plain)
    if found:
        sign, *digits = found.groups()
        number = next(int(text, base) for text, base in zip(digits, _BASES, strict=True) if text)
        number = -number if sign == "-" else number
        if _fits_int64(number) or (not sign and number < _TOO_LARGE):
            return number
    signed = _SIGNED_BINARY.fullmatch(plain)
    if signed and _fits_int64(int(signed[1], 2)):
        return int(signed[1], 2)
    return _read_float(plain)


def _fits_int64(number: int) -> bool:
    return -(1 << 63) <= number < 1 << 63


def _read_float(plain: str) -> int | Number | None:
    if not _FLOAT.fullmatch(plain):
        return None
    number = float(plain)
    return None if number in (float("inf"), float("-inf")) else _as_json_number(number)


def _as_json_number(number: float) -> int | Number:
    """The number as it is once JSON has carried it: a whole one is an integer."""
    text = _float_text(number)
    return _Whole(text) if text.lstrip("-").isdigit() else Number(text)


def _float_text(number: float) -> str:
    """As encoding/json prints a float64: the shortest digits, without exponent from 1e-6 up to 1e21."""
    text = repr(number).removesuffix(".0")
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    if 1e-6 <= abs(number) < 1e21:
        from decimal import Decimal  # hardly any number is that large or small

        return f"{Decimal(text):f}"
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}"


def _resolve_as(tag: str, text: str) -> Any:
    """The value of a scalar with a tag; raises ValueError where the text is something else."""
    if tag == "!!binary":
        return _decode_base64(text)
    if tag not in _RESOLVED_TAGS:
        return text
    value = _resolve(text)
    found = _tag_of(value)
    if found == tag or (tag == "!!timestamp" and _TIMESTAMP.fullmatch(text)):
        return value
    if tag == "!!float" and found == "!!int" and _fits_int64(value):
        return _as_json_number(float(value))
    raise UnsuitableValueError(f"cannot decode {found} `{text}` as a {tag}")


def _tag_of(value: Any) -> str:
    if value is None:
        return "!!null"
    names = ((bool, "!!bool"), ((float, _Whole), "!!float"), (int, "!!int"))
    return next((name for kind, name in names if isinstance(value, kind)), "!!str")


def _decode_base64(text: str) -> str:
    from base64 import b64decode  # hardly any manifest has a binary scalar

    try:
        data = b64decode(text.replace("\n", ""), validate=True)
    except ValueError:
        raise ValueError("!!binary value contains invalid base64 data") from None
    return re.sub("[\udc80-\udcff]", "\ufffd", data.decode(errors="surrogateescape"))


def _float_name(number: float) -> str:
    """A float as the name of a member: strconv.FormatFloat(number, 'g', -1, 32), the infinite ones as YAML has them."""
    single = _as_float32(number)
    if repr(single) in _ODD_FLOATS:
        return repr(single).replace("inf", ".inf").replace("nan", ".nan")
    texts = (f"{single:.{places}e}" for places in range(9))
    shortest = next(text for text in texts if _as_float32(float(text)) == single)
    exponent = int(shortest.partition("e")[2])
    return repr(float(shortest)).removesuffix(".0") if -4 <= exponent < 6 else shortest


def _as_float32(number: float) -> float:
    from ctypes import c_float  # hardly any key is a float

    return c_float(number).value


def _refuse_odd_keys(value: Any) -> None:
    """Raises ValueError for the first key that is no name."""
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str):
                kind, printed = ("%!s(<nil>)", "<nil>") if key is None else ("uint64", hex(key))
                raise UnsuitableValueError(
                    f"unsupported map key of type: {kind}, key: {printed}, value: {_go_syntax(member)}"
                )
            _refuse_odd_keys(member)
    elif isinstance(value, list):
        for item in value:
            _refuse_odd_keys(item)


def _refuse_odd_floats(value: Any) -> None:
    """Raises ValueError for the first number that JSON does not have, in the order in which Go writes the value."""
    if type(value) is float:
        raise ValueError(f"json: unsupported value: {_ODD_FLOATS[repr(value)]}")
    for part in [value[name] for name in sorted(value)] if isinstance(value, dict) else value:
        if isinstance(part, (dict, list)) or type(part) is float:
            _refuse_odd_floats(part)


def _go_syntax(value: Any) -> str:
    """The value as fmt's %#v prints what goyaml holds, but for keys: they have become strings."""
    if isinstance(value, dict):
        members = (f"{_go_element(name)}:{_go_element(value[name])}" for name in sorted(value, key=_go_rank))
        return f"map[interface {{}}]interface {{}}{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_element, value))}}}"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not _fits_int64(value):
        return hex(value)
    return "<nil>" if value is None else str(value)


def _go_element(value: Any) -> str:
    return "interface {}(nil)" if value is None else _go_syntax(value)


def _go_rank(key: str | int | None) -> tuple[bool, str]:
    return key is not None, str(key)


def go_json(value: Any) -> str:
    """The value as json.Marshal prints it: compact, members in order of their names, HTML's characters escaped."""
    import json  # only error messages need it

    if isinstance(value, dict):
        return f"{{{','.join(f'{go_json(name)}:{go_json(value[name])}' for name in sorted(value))}}}"
    if isinstance(value, list):
        return f"[{','.join(map(go_json, value))}]"
    if isinstance(value, Number):
        return str(value)
    text = json.dumps(value, ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
