"""What a YAML reader makes of a Service that was written as JSON.

kubectl prints YAML and KYAML from what goyaml reads back from JSON, so both printers pass their object through
`reread` first. Source: go.yaml.in/yaml/v2 and v3 readerc.go and scannerc.go, alike in both.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Patterns are compiled when first needed: hardly any Service needs one.
_NEL = "\x85"
_REFUSED = "[\x7f-\x84\x86-\x9f\ufffe\uffff]"
_SURROGATE = "[\ud800-\udfff]"
_FOLD = f" *{_NEL}[ {_NEL}]*"
_DOCUMENT_INDICATOR = rf"{_NEL}(?:---|\.\.\.)[ {_NEL}]"
_LONGEST_KEY = 1024  # characters of JSON, quotes included: YAML's limit for a key without `?`
_LONGER_IN_JSON = r'[\n\t\r\b\f"\\]|(?P<unicode>[\0-\x1f<>&\u2028\u2029])'


def reread(document: Any, *, version: int) -> Any:
    """The document as goyaml reads it from JSON: next lines (U+0085) folded, bytes that are no text as U+FFFD.

    Raises ValueError, in the words of goyaml's `version` (2 or 3), for characters and keys that its reader refuses. The
    versions differ in the line they name: 2 the one with the problem, 3 the one where the string or object with the
    problem begins, unless that is the first.
    """
    return _Reader(names_begin=version == 3).read(document)


class _Reader:
    """goyaml's reader over a document that is JSON on one line, but for the next lines in its strings."""

    def __init__(self, *, names_begin: bool) -> None:
        self._names_begin = names_begin
        self._lines = 0

    def read(self, node: Any) -> Any:
        if isinstance(node, str):
            return node if node.isascii() and "\x7f" not in node else self._text(node)
        if isinstance(node, dict):
            begin = self._lines
            return {self._key(key, begin): self.read(child) for key, child in node.items()}
        if isinstance(node, (list, tuple)):
            return [self.read(child) for child in node]
        return node

    def _key(self, key: str, begin: int) -> str:
        text: str = self.read(key)
        if _NEL in key or (len(key) * 6 + 2 > _LONGEST_KEY and _json_length(key) > _LONGEST_KEY):
            line = self._named(begin, self._lines)
            where = f"line {line}: " if line else ""
            raise ValueError(f"yaml: {where}did not find expected ',' or '}}'")
        return text

    def _text(self, text: str) -> str:
        if re.search(_REFUSED, text):
            raise ValueError("yaml: control characters are not allowed")
        text = re.sub(_SURROGATE, "\ufffd", text)
        if _NEL not in text:
            return text
        indicator = re.search(_DOCUMENT_INDICATOR, text)
        if indicator:
            line = self._named(self._lines, self._lines + text.count(_NEL, 0, indicator.start() + 1))
            raise ValueError(f"yaml: line {line + 1}: found unexpected document indicator")
        self._lines += text.count(_NEL)
        return re.sub(_FOLD, _folded, text)

    def _named(self, begin: int, problem: int) -> int:
        return (begin or problem) if self._names_begin else problem


def _folded(breaks: re.Match[str]) -> str:
    return "\n" * (breaks[0].count(_NEL) - 1) or " "


def _json_length(text: str) -> int:
    """How many characters Go's JSON needs for the text, quotes included."""
    return len(text) + 2 + sum(5 if longer["unicode"] else 1 for longer in re.finditer(_LONGER_IN_JSON, text))
