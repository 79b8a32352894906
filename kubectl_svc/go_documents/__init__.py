"""A file's bytes as the JSON documents that kubectl finds in them: YAML documents, a JSON stream, or one and the other.

Pure. Source: cli-runtime pkg/resource/visitor.go (`FileVisitor`, `StreamVisitor`), apimachinery
pkg/util/yaml/decoder.go (`YAMLOrJSONDecoder`), encoding/json (`Decoder`).
"""

from __future__ import annotations

import codecs

from kubectl_svc.go_documents.plain_yaml import read_document
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from typing_extensions import Self

TOO_DEEP = "nested too deeply to be read"

_ANY_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"  # unicode.IsSpace, with the next line
_ANY_SPACE += "".join(map(chr, range(0x2000, 0x200B)))
_JSON_SPACE = " \t\n\r"
_PEEKED = 4096  # bytes within which a JSON stream shows its first brace
_READ_AHEAD = 4  # bytes that must be left where JSON gives way to YAML
_LONGEST_INTEGER = 64  # digits, far beyond any Go integer; Python refuses thousands


class Number(float):
    """A JSON number that is no plain integer; `str` gives its text."""

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


class JsonDocument(Value):
    """A JSON value (numbers are int or `Number`), and its text as kubectl has it.

    That is the text of a JSON file as written, and of a YAML file what Go makes of it. Only error messages call `text`.
    """

    value: Any
    text: Callable[[], str]


def read_json_documents(data: bytes) -> Iterator[JsonDocument]:
    """The documents of a file, one at a time, without empty ones and `null`.

    Raises ValueError, in kubectl's words less `error parsing FILE: `, where the file cannot be read on.
    """
    data = _as_utf8(data)
    beginning = data[:_PEEKED].decode(errors="ignore")
    is_json = beginning.startswith("{", _after_space(beginning, 0, _ANY_SPACE))
    documents = _json_stream(data.decode(errors="replace")) if is_json else _yaml_documents(data)
    return (document for document in documents if document.value is not None)


def parse_json(text: str) -> Any:
    """The value of a JSON text that is known to be right."""
    return _json_reader()(text, _after_space(text, 0))[0]


def _as_utf8(data: bytes) -> bytes:
    """The text as UTF-8 without a byte order mark; a mark of UTF-16 says that it is that.

    Bytes that are no text become U+FFFD, but behind UTF-8's own mark they stay, for the YAML reader to refuse.
    Source: golang.org/x/text encoding/unicode (`BOMOverride`).
    """
    if data.startswith(codecs.BOM_UTF8):
        return data.removeprefix(codecs.BOM_UTF8)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data


def _after_space(text: str, at: int, space: str = _JSON_SPACE) -> int:
    while at < len(text) and text[at] in space:
        at += 1
    return at


def _json_stream(text: str) -> Iterator[JsonDocument]:
    """JSON values one after another. After the first one at most, the rest may turn out to be YAML."""
    read = _json_reader()
    end = count = 0
    while (start := _after_space(text, end)) < len(text):
        try:
            value, stop = read(text, start)
            document = _json_document(value, text[start:stop])
        except RecursionError:
            raise ValueError(TOO_DEEP) from None
        except ValueError:
            break
        yield document
        end = stop
        count += 1
    else:
        return
    from kubectl_svc.go_documents.json_syntax import find_error  # only a failure needs it

    error = find_error(text, start)
    if count > 1:
        raise ValueError(error.sentence)
    yield from _yaml_after_json(text[end:], str(error))


def _yaml_after_json(rest: str, json_error: str) -> Iterator[JsonDocument]:
    """The rest of a file as YAML, without the white space up to and with the first newline (`consumeWhitespace`).

    Raises ValueError with the JSON error where the first document is no YAML either, or bytes are no text.
    """
    start = 0
    while rest[start : start + 1] != "\n" and _after_space(rest[start : start + 1], 0, _ANY_SPACE):
        start += 1
    if len(rest[start : start + _READ_AHEAD].encode()) < _READ_AHEAD or rest[start] == "\ufffd":
        raise ValueError(json_error)
    documents = _yaml_documents(rest[start:].removeprefix("\n").encode())
    try:
        first = next(documents, None)
    except ValueError:
        raise ValueError(json_error) from None
    if first is not None:
        yield first
        yield from documents


def _json_document(value: Any, text: str) -> JsonDocument:
    if "\\u" in text:
        value = _without_lone_surrogates(value)
    return JsonDocument(value=value, text=lambda: text)


def _json_reader() -> Callable[[str, int], tuple[Any, int]]:
    """`raw_decode` with Go's grammar (no NaN, no Infinity) and with Go's answer to duplicate names."""
    import json  # a YAML file does not need it

    return json.JSONDecoder(
        object_pairs_hook=_object, parse_float=Number, parse_int=_integer, parse_constant=_no_constant
    ).raw_decode


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    members = {}
    for name, value in pairs:
        members[name] = _decoded_over(members[name], value) if name in members else value
    return members


def _decoded_over(before: Any, value: Any) -> Any:
    """What Go holds after it decoded `value` over `before`: structs, maps and items are filled up, not replaced."""
    if isinstance(before, dict) and isinstance(value, dict):
        both = {name: _decoded_over(before[name], item) for name, item in value.items() if name in before}
        return {**before, **value, **both}
    if isinstance(before, list) and isinstance(value, list):
        return [_decoded_over(*pair) for pair in zip(before, value, strict=False)] + value[len(before) :]
    return value


def _integer(text: str) -> int | Number:
    return int(text) if len(text) <= _LONGEST_INTEGER else Number(text)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _without_lone_surrogates(value: Any) -> Any:
    """The value with U+FFFD for each escape that is half of a pair (encoding/json `unquote`)."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_lone_surrogates(name): _without_lone_surrogates(item) for name, item in value.items()}
    return value


def _yaml_documents(data: bytes) -> Iterator[JsonDocument]:
    return map(_yaml_document, _yaml_chunks(data))


def _yaml_document(chunk: bytes) -> JsonDocument:
    try:
        value = read_document(chunk)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except ValueError as error:
        raise ValueError(f"error converting YAML to JSON: {error}") from None
    return JsonDocument(value=value, text=lambda: _json_text(value))


def _json_text(value: Any) -> str:
    from kubectl_svc.go_documents.yaml_values import go_json  # costs the import of yaml

    return go_json(value)


def _yaml_chunks(data: bytes) -> Iterator[bytes]:
    """The text between separators, each line ended by a newline (`YAMLReader`).

    A separator before any text stays the first line of what follows: kubectl counts it.
    Raises ValueError for a line that goes on after `---`; what stands before it is lost with it, as in kubectl.
    """
    data = data.replace(b"\r\n", b"\n")
    if data and not data.endswith(b"\n"):
        data += b"\n"
    start = 0
    for at, end in _separators(data):
        words = data[at + 3 : end].decode(errors="replace").strip(_ANY_SPACE)
        if words and not words.startswith("#"):
            raise ValueError(f"invalid Yaml document separator: {words}")
        if at > start:
            yield data[start:at]
            start = end + 1
    if start < len(data):
        yield data[start:]


def _separators(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each line that begins with `---` begins and ends; the last line has its newline."""
    at = 0 if data.startswith(b"---") else data.find(b"\n---") + 1
    while data.startswith(b"---", at):
        end = data.index(b"\n", at)
        yield at, end
        at = data.find(b"\n---", end) + 1
        if not at:
            return
