"""Reads the plain block YAML in which people and programs write nearly every manifest and kubeconfig.

Importing PyYAML costs more than everything else that a run does with a small file. So plain documents are read here,
and at the first thing that is not plain the library decides: `read_plain` never guesses. What it reads is compared with
the library by hypothesis.

Plain means: printable ASCII; block mappings and sequences, indented with spaces; keys that are words; values on one
line that are a word, a decimal integer, `true`, `false`, a quoted text without escapes, `{}` or `[]`; comments on lines
of their own.
"""

from __future__ import annotations

from kubectl_svc.yaml_words import IN_LOWER_CASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_KEY = _LETTERS | _DIGITS | frozenset("_./-")
_WORD = _KEY | frozenset(":=+@,")
_TEXT = _WORD | frozenset(" #")
_FIRST = _LETTERS | frozenset("/")
_NUMERIC = _DIGITS | frozenset("eE")
_BASES = ("0x", "0b", "0o")
_NAMED = {"true": True, "false": False, "null": None}
_EMPTY = {"{}": dict, "[]": list}
_LARGEST = 1 << 20  # bytes; in a larger document lines would take more room than time
_DEEPEST = 64  # levels; what nests deeper is nothing that people write


class UnsuitableValueError(ValueError):
    """A value, key or alias that Go refuses; the sentence repeats it, so where values are secrets it is not shown."""

    WITHOUT_VALUE = "yaml: a value, key or alias is not what its place or tag asks for"


class NotPlainError(Exception):
    """The text may be YAML, but the library must read it."""


def read_document(document: bytes) -> Any:
    """The JSON value of a YAML document, plain or not; see `yaml_values.read_yaml` for its form and errors."""
    if len(document) <= _LARGEST:
        try:
            return read_plain(document.decode())
        except (NotPlainError, UnicodeDecodeError):
            pass
    from kubectl_svc.go_documents.yaml_values import read_yaml  # costs the import of yaml

    return read_yaml(document)


def read_plain(text: str) -> dict[str, Any]:
    """The mapping that the document holds. Raises NotPlainError."""
    if not text.isascii() or "\t" in text or "\r" in text:
        raise NotPlainError
    raw = text.split("\n")
    if not all(map(str.isprintable, raw)):
        raise NotPlainError
    lines = []
    for number, line in enumerate(raw):
        content = line.lstrip(" ")
        if content and content[0] != "#":
            lines.append((_indentation(line), content.rstrip(" "), number))
    if lines and lines[0][:2] == (0, "---"):
        del lines[0]
    if not lines or lines[0][0] != 0 or lines[0][1].startswith("-"):
        raise NotPlainError
    reader = _Reader(lines, raw)
    mapping = reader.mapping(0)
    if not reader.at_end():
        raise NotPlainError
    return mapping


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


class _Reader:
    """Walks over the lines with content: indentation, content, number of the raw line.

    A line that no block takes is left over at the end.
    """

    def __init__(self, lines: list[tuple[int, str, int]], raw: list[str]) -> None:
        self._lines = lines
        self._raw = raw
        self._at = 0
        self._depth = 0

    def at_end(self) -> bool:
        return self._at == len(self._lines)

    def mapping(self, indent: int) -> dict[str, Any]:
        self._enter()
        mapping: dict[str, Any] = {}
        while self._indent() == indent and not self._is_item():
            key, value = _entry(self._lines[self._at][1])
            if key in mapping:
                raise NotPlainError
            self._at += 1
            mapping[key] = self._below(indent) if value is None else self._value(value, indent)
        self._depth -= 1
        return mapping

    def _sequence(self, indent: int) -> list[Any]:
        self._enter()
        items: list[Any] = []
        while self._indent() == indent and self._is_item():
            _, line, number = self._lines[self._at]
            content = line[2:]
            if not content or content[0] == " " or content.startswith("- ") or content == "-":
                raise NotPlainError
            if content[0] in _LETTERS and (content.endswith(":") or ": " in content):
                self._lines[self._at] = (indent + 2, content, number)
                items.append(self.mapping(indent + 2))
            else:
                self._at += 1
                items.append(self._value(content, indent))
        self._depth -= 1
        return items

    def _value(self, text: str, indent: int) -> Any:
        """The value that begins on the line just read, in a block of this indentation."""
        if text in ("|", "|-"):
            return self._literal(indent, clipped=text == "|")
        while self._indent() > indent and self._follows():
            text = f"{text} {self._lines[self._at][1]}"
            self._at += 1
        return _scalar(text)

    def _follows(self) -> bool:
        """Whether no empty line and no comment stands before the next line."""
        return self._lines[self._at][2] == self._lines[self._at - 1][2] + 1

    def _literal(self, indent: int, *, clipped: bool) -> str:
        """The text below, line by line; a clipped one ends with one newline."""
        first = self._lines[self._at - 1][2] + 1
        inner = next((_indentation(line) for line in self._raw[first:] if line.strip(" ")), 0)
        if inner <= indent:
            raise NotPlainError
        end = first
        while end < len(self._raw) and not self._raw[end][:inner].strip(" "):
            end += 1
        while not self.at_end() and self._lines[self._at][2] < end:
            self._at += 1
        begun_deeper = len(self._raw[first]) > inner and not self._raw[first].strip(" ")
        newline_is_missing = end == len(self._raw) and self._raw[-1]
        if begun_deeper or newline_is_missing or self._indent() > indent:
            raise NotPlainError
        text = "\n".join(line[inner:] for line in self._raw[first:end]).rstrip("\n")
        return f"{text}\n" if clipped else text

    def _below(self, indent: int) -> Any:
        """The value of a key that has none on its own line."""
        below = self._indent()
        if below >= indent and self._is_item():
            return self._sequence(below)
        return self.mapping(below) if below > indent else None

    def _indent(self) -> int:
        return -1 if self.at_end() else self._lines[self._at][0]

    def _is_item(self) -> bool:
        content = self._lines[self._at][1]
        return content.startswith("- ") or content == "-"

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotPlainError


def _entry(content: str) -> tuple[str, str | None]:
    """Key and value of a line; None for no value."""
    key, colon, value = content.partition(":")
    if not colon or not key or key[0] not in _FIRST or not _KEY.issuperset(key) or key.lower() in IN_LOWER_CASE:
        raise NotPlainError
    if not value:
        return key, None
    if value[0] != " ":
        raise NotPlainError
    return key, value.lstrip(" ")


def _scalar(text: str) -> Any:
    first = text[0]
    if first in _FIRST or (first == "-" and text.lstrip("-")[:1] in _LETTERS):  # the latter are options of plugins
        return _word(text)
    if first in _DIGITS:
        if len(text) < 19 and _DIGITS.issuperset(text) and (first != "0" or text == "0"):
            return int(text)
        if text.isalnum() and not _NUMERIC.issuperset(text) and text[:2].lower() not in _BASES:
            return text  # a token: no decimal number has another letter than e, and a time has hyphens
    elif first in "\"'":
        inner = text[1:-1]
        if len(text) > 1 and text[-1] == first and first not in inner and "\\" not in inner:
            return inner
    elif text in _EMPTY:
        return _EMPTY[text]()
    raise NotPlainError


def _word(text: str) -> bool | str | None:
    """What begins like a word: a boolean, null, or a text in which nothing means anything to YAML."""
    if text in _NAMED:
        return _NAMED[text]
    if text.lower() in IN_LOWER_CASE or not _TEXT.issuperset(text):
        raise NotPlainError
    if text[-1] == ":" or ": " in text or " #" in text:
        raise NotPlainError
    return text
