"""One YAML document as the JSON value that kubectl makes of it: what goyaml.v2 reads, passed on by encoding/json.

Parsed by libyaml, which goyaml was ported from, through PyYAML. Source: go.yaml.in/yaml/v2 decode.go,
sigs.k8s.io/yaml (`yamlToJSONTarget`).
"""

from __future__ import annotations

import yaml
from yaml.events import AliasEvent, MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent, StreamEndEvent

from kubectl_svc.go_documents import yaml_depth
from kubectl_svc.go_documents.go_printing import ODD_FLOATS, float_name, go_syntax
from kubectl_svc.go_documents.limits import MOST_VALUES, TOO_MANY_VALUES, TooMuchError
from kubectl_svc.go_documents.plain_yaml import UnsuitableValueError
from kubectl_svc.go_documents.yaml_scalars import TAG_PREFIX, Whole, fits_int64, resolve, resolve_as

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where PyYAML was built with it

_LIBYAMLS_DEPTH = "exceeded maximum nesting depth"  # what it says since 0.2.6
_LOOKED_AT = 4096  # bytes; libyaml looks at as much before it reads the first token
# How much of a document may come from aliases (`allowedAliasRatio`).
_SMALL, _LARGE = 400_000, 4_000_000  # nodes
_SHARE_IN_SMALL, _SHARE_IN_LARGE = 0.99, 0.10


def read_yaml(document: bytes) -> Any:
    """The JSON value of the first YAML document in the text; None for an empty one.

    Numbers are int or `Number`. Values that aliases repeat are shared: nobody may change them.
    Raises ValueError in Go's words, TooMuchError for too many values, and RecursionError for a depth that Go reads and
    Python cannot follow.
    """
    _check_version(document)
    try:
        return _Reader(document).read()
    except yaml.YAMLError as error:
        _refuse_depth_beyond(error, document)
        raise _in_go_words(error) from None
    except RecursionError:
        _refuse_depth(document)
        raise


def _check_version(document: bytes) -> None:
    """Raises ValueError in goyaml's words for a `%YAML` directive of another version than 1.1; libyaml takes 1.2."""
    if not document.startswith((b"%", b"#", b"\n", b" ")):
        return
    for number, line in enumerate(document.split(b"\n")):
        words = line.split()
        if words and not line.startswith((b"%", b"#")):
            return
        if words[:1] == [b"%YAML"] and len(words) > 1 and words[1] != b"1.1":
            where = f"line {number}: " if number else ""
            raise ValueError(f"yaml: {where}found incompatible YAML document")


def check_characters(beginning: bytes) -> None:
    """Raises ValueError in kubectl's words where a text begins with characters that YAML does not have."""
    whole_characters = beginning[:_LOOKED_AT].rstrip(bytes(range(0x80, 0x100)))
    try:
        _Parser(whole_characters).get_event()
    except yaml.YAMLError as error:
        raise ValueError(f"error converting YAML to JSON: {_in_go_words(error)}") from None


def _in_go_words(error: yaml.YAMLError) -> ValueError:
    if isinstance(error, yaml.MarkedYAMLError):
        return ValueError(f"yaml: {_where(error)}{error.problem}")
    return ValueError(f"yaml: {getattr(error, 'reason', error)}")


def _where(error: yaml.MarkedYAMLError) -> str:
    """The line as goyaml counts it (`parser.fail`): from 1 for the scanner's errors, from 0 for all others."""
    line = error.problem_mark.line if error.problem_mark else 0
    if line:
        line += isinstance(error, yaml.scanner.ScannerError)
    elif error.context_mark:
        line = error.context_mark.line
    return f"line {line}: " if line else ""


def _refuse_depth(document: bytes) -> None:
    """Raises ValueError where goyaml gives up too: for the depth, or for a fault before it is reached."""
    following = _Parser(document).get_event
    open_styles: list[bool] = []
    depths = {True: 0, False: 0}  # of brackets and of indentation
    try:
        while type(event := following()) is not StreamEndEvent:
            if isinstance(event, yaml.CollectionStartEvent):
                style = bool(event.flow_style)
                open_styles.append(style)
                depths[style] += 1
                if depths[style] > yaml_depth.DEEPEST:
                    raise _too_deep(event.start_mark.line if event.start_mark else 0)
            elif isinstance(event, yaml.CollectionEndEvent):
                depths[open_styles.pop()] -= 1
    except yaml.YAMLError as error:
        _refuse_depth_beyond(error, document)
        raise _in_go_words(error) from None


def _refuse_depth_beyond(error: yaml.YAMLError, document: bytes) -> None:
    """Where libyaml gave up for the depth: raises ValueError if goyaml does so too, else RecursionError."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem != _LIBYAMLS_DEPTH or not error.problem_mark:
        return
    text = document.decode(errors="replace").removeprefix("\ufeff")
    if "flow" in str(error.context):
        line = yaml_depth.too_deep_brackets(text, error.problem_mark.index)
    else:
        line = yaml_depth.too_deep_indentation(text)
    if line is None:
        raise RecursionError
    raise _too_deep(line)


def _too_deep(line: int) -> ValueError:
    where = f"line {line + 1}: " if line else ""
    return ValueError(f"yaml: {where}exceeded max depth of {yaml_depth.DEEPEST}")


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
        self._values = 0
        self._names: dict[str, str] = {}  # a List says the same few names thousands of times
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
            raise UnsuitableValueError(f"yaml: unknown anchor '{name}' referenced")
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
            self._count_value()
        return values

    def _mapping(self) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        following = self._next
        while type(event := following()) is not MappingEndEvent:
            if _is_merge(event):
                self._merge(following(), mapping)
                continue
            key = self._value(event)
            name = self._names.setdefault(key, key) if type(key) is str else self._name(key)
            mapping[name] = self._value(following())
            self._count_value()
        return mapping

    def _count_value(self) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise TooMuchError(TOO_MANY_VALUES)

    def _name(self, key: Any) -> Any:
        """A key that is no string as the name of a JSON member; the key itself where JSON has none.

        Source: sigs.k8s.io/yaml `convertToJSONableObject`.
        """
        if isinstance(key, (dict, list)):
            if not self._refusal:  # what aliases blew up must not be printed
                self._refuse(f"invalid map key: {go_syntax(key)}", UnsuitableValueError)
            return ""
        if isinstance(key, bool):
            return "true" if key else "false"
        if isinstance(key, (float, Whole)):
            return float_name(float(key))
        if key is None or not fits_int64(key):
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
            value = resolve(event.value) if event.implicit[0] else event.value
        else:
            try:
                value = resolve_as(event.tag.replace(TAG_PREFIX, "!!"), event.value)
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
        type(event) is ScalarEvent and event.value == "<<" and (event.implicit[0] or event.tag == f"{TAG_PREFIX}merge")
    )


def _refuse_odd_keys(value: Any) -> None:
    """Raises ValueError for the first key that is no name."""
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str):
                kind, printed = ("%!s(<nil>)", "<nil>") if key is None else ("uint64", hex(key))
                raise UnsuitableValueError(
                    f"unsupported map key of type: {kind}, key: {printed}, value: {go_syntax(member)}"
                )
            _refuse_odd_keys(member)
    elif isinstance(value, list):
        for item in value:
            _refuse_odd_keys(item)


def _refuse_odd_floats(value: Any) -> None:
    """Raises ValueError for the first number that JSON does not have, in the order in which Go writes the value."""
    if type(value) is float:
        raise ValueError(f"json: unsupported value: {ODD_FLOATS[repr(value)]}")
    for part in [value[name] for name in sorted(value)] if isinstance(value, dict) else value:
        if isinstance(part, (dict, list)) or type(part) is float:
            _refuse_odd_floats(part)
