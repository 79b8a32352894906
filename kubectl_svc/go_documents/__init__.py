"""A file's bytes as the JSON documents that kubectl finds in them: YAML documents, a JSON stream, or one and the other.

Pure. Source: cli-runtime pkg/resource/visitor.go (`FileVisitor`, `StreamVisitor`), apimachinery
pkg/util/yaml/decoder.go (`YAMLOrJSONDecoder`), encoding/json (`Decoder`).
"""

from __future__ import annotations

from kubectl_svc.go_documents.json_values import (
    TOO_DEEP,
    Number,
    after_space,
    parse_json,
    read_json,
    struct_reader,
    without_lone_surrogates,
)
from kubectl_svc.go_documents.limits import (
    MOST_DOCUMENTS,
    TOO_MANY_DOCUMENTS,
    TooMuchError,
)
from kubectl_svc.go_documents.plain_yaml import read_document
from kubectl_svc.go_documents.streams import ANY_SPACE, JsonStream, as_text, as_utf8, with_beginning, yaml_chunks
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from kubectl_svc.go_documents.json_syntax import JsonError

__all__ = ("TOO_DEEP", "JsonDocument", "Number", "parse_json", "read_json", "read_json_documents")

_PEEKED = 4096  # bytes within which a JSON stream shows its first brace
_READ_AHEAD = 4  # bytes that must be left where JSON gives way to YAML


class JsonDocument(Value):
    """A JSON value (numbers are int or `Number`), and its text as kubectl has it.

    That is the text of a JSON file as written, and of a YAML file what Go makes of it. Only error messages call `text`.
    """

    value: Any
    text: Callable[[], str]
    place: str = ""
    """A further line for errors: where in its file the document stands."""


def read_json_documents(blocks: Iterable[bytes], *, is_file: bool = True) -> Iterator[JsonDocument]:
    """The documents of what comes in blocks, one at a time, without empty ones and `null`.

    Of a file, byte order marks count and bytes that are no text do not hurt; what comes over the network or from
    kustomize, kubectl takes as it is.
    No more is read than the next document needs. Raises ValueError where the rest cannot be read: in kubectl's words
    less `error parsing FILE: `, or with what is beyond the `limits`; a second line names a document that is not the
    first.
    """
    number = 0
    try:
        for number, document in enumerate(_documents(as_utf8(blocks) if is_file else blocks), 1):
            if number > MOST_DOCUMENTS:
                break
            if document.value is not None:
                yield document.but(place=in_document(number))
        else:
            return
    except TooMuchError as error:
        raise ValueError(f"document {number + 1} is {error}") from None
    except ValueError as error:
        raise ValueError(f"{error}{in_document(number + 1)}") from None
    raise ValueError(TOO_MANY_DOCUMENTS)


def in_document(number: int) -> str:
    """A line for errors of the `number`th document of a file; nothing for the first, as a file mostly has one."""
    return f"\nin document {number}" if number > 1 else ""


def _documents(blocks: Iterable[bytes]) -> Iterator[JsonDocument]:
    blocks = with_beginning(blocks, _PEEKED)
    beginning = next(blocks)
    peeked = beginning[:_PEEKED].decode(errors="ignore")
    blocks = _chained(beginning, blocks)
    if peeked.startswith("{", after_space(peeked, 0, ANY_SPACE)):
        return _json_documents(JsonStream(as_text(blocks)))
    return _yaml_documents(blocks)


def _chained(first: bytes, blocks: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from blocks


def _json_documents(stream: JsonStream) -> Iterator[JsonDocument]:
    """JSON values one after another. After the first one at most, the rest may turn out to be YAML."""
    read = struct_reader()
    end = count = 0
    while True:
        start = after_space(stream.text, end)
        try:
            value, stop = read(stream.text, start)
        except (ValueError, RecursionError) as problem:
            if stream.may_go_on(start) and stream.grow(end):
                end = 0
                continue
            if start == len(stream.text):
                return
            error = _json_error(stream, start, problem)
            break
        if stop == len(stream.text) and isinstance(value, (int, float)) and stream.grow(end):
            end = 0  # a number may have gone on
            continue
        yield _json_document(value, stream.text, start, stop)
        end = stop
        count += 1
    if count > 1:
        raise ValueError(error.sentence)
    yield from _yaml_after_json(stream.rest(end), str(error))


def _json_error(stream: JsonStream, start: int, problem: ValueError | RecursionError) -> JsonError:
    """What kubectl says of the value; raises TooMuchError where it has nothing to say."""
    from kubectl_svc.go_documents.json_syntax import find_error  # only a failure needs it

    error = find_error(stream.text, start)
    if error.offset:
        return error.but(offset=error.offset + stream.dropped)
    if isinstance(problem, RecursionError):
        raise TooMuchError(TOO_DEEP)
    return error


def _yaml_after_json(blocks: Iterator[bytes], json_error: str) -> Iterator[JsonDocument]:
    """The rest of a file as YAML, without the white space up to and with the first newline (`consumeWhitespace`).

    Raises ValueError with the JSON error where the first document is no YAML either, or bytes are no text.
    """
    blocks = with_beginning(blocks, _PEEKED)
    rest = next(blocks).decode()
    start = 0
    while rest[start : start + 1] != "\n" and after_space(rest[start : start + 1], 0, ANY_SPACE):
        start += 1
    if len(rest[start : start + _READ_AHEAD].encode()) < _READ_AHEAD or rest[start] == "\ufffd":
        raise ValueError(json_error)
    documents = _yaml_documents(_chained(rest[start:].removeprefix("\n").encode(), blocks))
    try:
        first = next(documents, None)
    except ValueError:
        raise ValueError(json_error) from None
    if first is not None:
        yield first
        yield from documents


def _json_document(value: Any, text: str, start: int, stop: int) -> JsonDocument:
    if text.find("\\u", start, stop) >= 0:
        value = without_lone_surrogates(value)
    return JsonDocument(value=value, text=lambda: text[start:stop])


def _yaml_documents(blocks: Iterable[bytes]) -> Iterator[JsonDocument]:
    return map(_yaml_document, yaml_chunks(blocks))


def _yaml_document(chunk: bytes) -> JsonDocument:
    try:
        value = read_document(chunk)
    except RecursionError:
        raise TooMuchError(TOO_DEEP) from None
    except TooMuchError:
        raise
    except ValueError as error:
        raise ValueError(f"error converting YAML to JSON: {error}") from None
    return JsonDocument(value=value, text=lambda: _json_text(value))


def _json_text(value: Any) -> str:
    from kubectl_svc.go_documents.go_printing import go_json  # costs the import of json

    return go_json(value)
