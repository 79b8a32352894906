"""What is wrong with a JSON text, in Go's words, and the texts of a list's items. Only failures need this.

Source: encoding/json scanner.go and stream.go.
"""

from __future__ import annotations

import json
import re

from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    # A state of the scanner: from the place of the next byte to the place behind what it read, and the state after it.
    _State = Callable[[int], tuple[int, "_State | None"]]

_SPACE = re.compile(rb"[ \t\n\r]*")
_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*')
_ESCAPE = re.compile(rb'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_HEX_DIGITS = re.compile(rb"[0-9a-fA-F]*")
_WHOLE = rb"-?(?:0|[1-9][0-9]*)"
_NUMBER = re.compile(_WHOLE + rb"(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_CUT_NUMBERS = (
    (re.compile(rb"-(?![0-9])"), "in numeric literal"),
    (re.compile(_WHOLE + rb"\.(?![0-9])"), "after decimal point in numeric literal"),
    (re.compile(_WHOLE + rb"(?:\.[0-9]+)?[eE](?:[-+](?![0-9])|(?![-+0-9]))"), "in exponent of numeric literal"),
)
_WORDS = {ord("t"): b"true", ord("f"): b"false", ord("n"): b"null"}
_DEEPEST = 10_000  # `maxNestingDepth`


class JsonError(Value):
    """Go's sentence for a fault; `offset` is the number of bytes read when it was found, 0 where too few were."""

    sentence: str
    offset: int = 0

    def __str__(self) -> str:
        return f"json: offset {self.offset}: {self.sentence}" if self.offset else self.sentence


def find_error(text: str, start: int) -> JsonError:
    """The first fault of the JSON value that begins at character `start` of a stream that has one."""
    data = text.encode()
    try:
        _Scanner(data).scan(len(text[:start].encode()))
    except _FaultError as fault:
        if fault.at < len(data):
            return JsonError(sentence=f"invalid character {_quoted(data[fault.at])} {fault.place}", offset=fault.at + 1)
    return JsonError(sentence="unexpected EOF")


def find_text_error(text: str, start: int) -> str:
    """The first fault of a text that should be one JSON value, which begins at character `start` (`Unmarshal`).

    Go takes the end of the text for one more space first, and so names one within a word or a number.
    """
    data = text.encode() + b" "
    scanner = _Scanner(data)
    try:
        beginning = scanner.skip(len(text[:start].encode()))
        at, place = scanner.skip(scanner.scan(beginning)), "after top-level value"
    except _FaultError as fault:
        at, place = fault.at, fault.place
    return f"invalid character {_quoted(data[at])} {place}" if at < len(data) else "unexpected end of JSON input"


def item_texts(text: str) -> list[str]:
    """The text of each item of a list, where `text` is the list's own, and right.

    Source: apimachinery runtime `RawExtension`, which keeps bytes as they came.
    """
    return [span for name, start in _members(text) if name == "items" for span in _spans(text, start)]


class _FaultError(Exception):
    """Where a scanner stopped, and in which place of the grammar."""

    def __init__(self, at: int, place: str) -> None:
        super().__init__()
        self.at = at
        self.place = place


class _Scanner:
    """Walks over one value; raises _FaultError for the byte that Go's scanner stops at, or for the end of the text."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._open: list[int] = []  # the brackets around the place

    def scan(self, at: int) -> int:
        """The place behind the value that begins at `at`."""
        state: _State | None = self._value
        while state:
            at, state = state(self.skip(at))
        return at

    def skip(self, at: int) -> int:
        """The place behind the white space at `at`."""
        return self._behind(_SPACE, at)

    def _behind(self, pattern: re.Pattern[bytes], at: int) -> int:
        """The place behind what matches the pattern at `at`; `at` where nothing does."""
        found = pattern.match(self._data, at)
        return found.end() if found else at

    def _is(self, at: int, chars: bytes) -> bool:
        return at < len(self._data) and self._data[at] in chars

    def _value(self, at: int) -> tuple[int, _State | None]:
        if self._is(at, b"{["):
            self._open.append(self._data[at])
            if len(self._open) > _DEEPEST:
                raise _FaultError(at, "exceeded max depth")
            return at + 1, self._name_or_end if self._is(at, b"{") else self._value_or_end
        if self._is(at, b'"'):
            return self._string(at), self._after_value
        if self._is(at, b"-0123456789"):
            return self._number(at), self._after_value
        if self._is(at, b"tfn"):
            return self._word(at), self._after_value
        raise _FaultError(at, "looking for beginning of value")

    def _value_or_end(self, at: int) -> tuple[int, _State | None]:
        return self._after_value(at) if self._is(at, b"]") else self._value(at)

    def _name_or_end(self, at: int) -> tuple[int, _State | None]:
        return self._after_value(at) if self._is(at, b"}") else self._name(at)

    def _name(self, at: int) -> tuple[int, _State | None]:
        if not self._is(at, b'"'):
            raise _FaultError(at, "looking for beginning of object key string")
        at = self.skip(self._string(at))
        if not self._is(at, b":"):
            raise _FaultError(at, "after object key")
        return at + 1, self._value

    def _after_value(self, at: int) -> tuple[int, _State | None]:
        if not self._open:
            return at, None
        in_object = self._open[-1] == ord("{")
        if self._is(at, b","):
            return at + 1, self._name if in_object else self._value
        if self._is(at, b"}" if in_object else b"]"):
            self._open.pop()
            return at + 1, self._after_value
        raise _FaultError(at, "after object key:value pair" if in_object else "after array element")

    def _string(self, at: int) -> int:
        end = self._behind(_PLAIN, at + 1)
        while (behind := self._behind(_ESCAPE, end)) > end:
            end = self._behind(_PLAIN, behind)
        if self._is(end, b'"'):
            return end + 1
        if not self._is(end, b"\\"):
            raise _FaultError(end, "in string literal")
        if not self._is(end + 1, b"u"):
            raise _FaultError(end + 1, "in string escape code")
        raise _FaultError(self._behind(_HEX_DIGITS, end + 2), r"in \u hexadecimal character escape")

    def _number(self, at: int) -> int:
        for pattern, place in _CUT_NUMBERS:
            cut = pattern.match(self._data, at)
            if cut:
                raise _FaultError(cut.end(), place)
        return self._behind(_NUMBER, at)

    def _word(self, at: int) -> int:
        word = _WORDS[self._data[at]]
        for place, byte in enumerate(word):
            if not self._is(at + place, bytes([byte])):
                raise _FaultError(at + place, f"in literal {word.decode()} (expecting {_quoted(byte)})")
        return at + len(word)


def _quoted(byte: int) -> str:
    """A byte as Go names it, as the rune of that number (`quoteChar`)."""
    if byte == ord("'"):
        return r"'\''"
    return "'\"'" if byte == ord('"') else f"'{quote(chr(byte))[1:-1]}'"


def _members(text: str) -> Iterator[tuple[str, int]]:
    """The names of an object's members, each with the place where its value begins."""
    at = _token(text, 0) + 1
    while text[_token(text, at)] != "}":
        name, at = _read(text, _token(text, at))
        at = _token(text, _token(text, at) + 1)  # behind the colon
        yield name, at
        at = _next(text, _read(text, at)[1])


def _spans(text: str, start: int) -> Iterator[str]:
    """The texts of an array's elements; none where no array stands."""
    if text[start] != "[":
        return
    at = _token(text, start + 1)
    while text[at] != "]":
        end = _read(text, at)[1]
        yield text[at:end]
        at = _token(text, _next(text, end))


def _read(text: str, at: int) -> tuple[Any, int]:
    return json.JSONDecoder().raw_decode(text, at)


def _token(text: str, at: int) -> int:
    while text[at] in " \t\n\r":
        at += 1
    return at


def _next(text: str, at: int) -> int:
    """Behind the comma, or at the closing bracket."""
    at = _token(text, at)
    return at + 1 if text[at] == "," else at
