"""Any Service as kubectl prints it in YAML: libyaml's C emitter, told by Go's rules what to quote and how to sort.

kubectl encodes the object as JSON, reads that JSON as YAML, and writes what it read as YAML (sigs.k8s.io/yaml
`Marshal`). Source: go.yaml.in/yaml/v2 encode.go, emitterc.go, resolve.go, sorter.go.
"""

from __future__ import annotations

import re
from io import StringIO

import yaml

from kubectl_svc.errors import SvcError
from kubectl_svc.output.yaml_order import in_order
from kubectl_svc.output.yaml_reader import reread
from kubectl_svc.yaml_words import WORDS, is_timestamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

# Patterns are compiled when first needed: most Services need none, and compiling one takes longer than printing one.
_DOTTED_FLOAT = r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?"
_PREFIXED = r"([-+]?)0(?:[bB]([01]+)|[oO]([0-7]+)|[xX]([0-9a-fA-F]+))"
_BINARY_SIGN_INSIDE = r"0b([-+][01]+)"
_BREAK = "[\n\r\x85\u2028\u2029]"
_SHORT_KEY = 128  # bytes; longer keys, and those of several lines, stand behind `?`
_BASE_60 = r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"


def render(service: Mapping[str, object]) -> str:
    """One Service for `-o yaml`, with a newline at the end; between several stands the line `---`.

    Keys are sorted as goyaml sorts them. Raises ValueError, in kubectl's words, for text that kubectl cannot print, and
    SvcError when PyYAML was built without libyaml: its Python emitter breaks lines elsewhere.
    """
    document = reread(service, version=2)
    text = _emitted(document, None)
    if '"\\uFEFF' in text or "\u2028" in text or "\u2029" in text:
        mark = "exact"
        while mark in text:
            mark += "x"
        text = _emitted(document, mark)
    return text


def _emitted(document: Any, mark: str | None) -> str:
    if not yaml.__with_libyaml__:
        raise SvcError("-o yaml needs a PyYAML built with libyaml, as its wheels are")
    stream = StringIO()
    emitter = yaml.CSafeDumper(stream, allow_unicode=True)
    emitter.emit(yaml.StreamStartEvent())
    emitter.emit(yaml.DocumentStartEvent(explicit=False))
    writer = _Writer(emitter.emit, mark)
    writer.write(document)
    emitter.emit(yaml.DocumentEndEvent(explicit=False))
    emitter.emit(yaml.StreamEndEvent())
    text = stream.getvalue()
    # libyaml closes a document that ends in kept line breaks; goyaml forgets to.
    return writer.restored(text.removesuffix("...\n") if text.endswith("\n...\n") else text)


class _Writer:
    """Hands a document to an emitter, event by event.

    `mark` is a word that the output does not hold. With it, the few strings that goyaml writes unlike libyaml are
    given to the emitter in disguise, and `restored` puts goyaml's form in their place.
    """

    def __init__(self, emit: Callable[[Any], None], mark: str | None) -> None:
        self._emit = emit
        self._mark = mark
        self._escaped: list[str] = []
        # One event serves for all scalars: the emitter keeps nothing of it, and making events is a third of the work.
        self._scalar = yaml.ScalarEvent(None, None, (True, True), "")
        self._mapping_start = yaml.MappingStartEvent(None, None, True, flow_style=False)
        self._mapping_end = yaml.MappingEndEvent()
        self._sequence_start = yaml.SequenceStartEvent(None, None, True, flow_style=False)
        self._sequence_end = yaml.SequenceEndEvent()

    def write(self, node: Any) -> None:
        """Every node below and including this one, keys in goyaml's order."""
        if isinstance(node, str):
            self._write_text(node)
        elif isinstance(node, dict):
            self._emit(self._mapping_start)
            for key in in_order(node):
                self._write_text(key)
                self.write(node[key])
            self._emit(self._mapping_end)
        elif isinstance(node, list):
            self._emit(self._sequence_start)
            for child in node:
                self.write(child)
            self._emit(self._sequence_end)
        else:
            self._write_scalar(_plain(node), None)

    def _write_text(self, text: str) -> None:
        style = "|" if "\n" in text else '"' if _is_ambiguous(text) else None
        if self._mark and text.startswith("\ufeff"):
            text, style = self._disguised(text), None
        elif self._mark and text.endswith(("\u2028", "\u2029")) and style is None:
            text += f"{self._mark}."
        self._write_scalar(text, style)

    def _write_scalar(self, text: str, style: str | None) -> None:
        self._scalar.value = text
        self._scalar.style = style
        self._emit(self._scalar)

    def _disguised(self, text: str) -> str:
        """A plain word in the text's stead, as wide as what will stand there; it is a short key if the text is one."""
        escaped = _all_escaped(text)
        self._escaped.append(escaped)
        is_short = len(text.encode()) <= _SHORT_KEY and not re.search(_BREAK, text)
        width = min(len(escaped), _SHORT_KEY) if is_short else max(len(escaped), _SHORT_KEY + 1)
        return f"{self._mark}{len(self._escaped) - 1}.".ljust(width, "x")

    def restored(self, text: str) -> str:
        """The emitter's output with goyaml's form of the disguised strings."""
        if self._mark is None:
            return text
        # libyaml indents the closing quote after a line break at the end of a string; goyaml does not.
        text = re.sub(f" *{self._mark}\\.", "", text)
        return re.sub(f"{self._mark}([0-9]+)\\.x*", lambda found: self._escaped[int(found[1])], text)


def _all_escaped(text: str) -> str:
    """goyaml's form of a string that starts with U+FEFF: it takes every character after it for another one."""
    short = {
        "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
        "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P",
    }  # fmt: skip
    return f'"{"".join(short.get(char) or _code(ord(char)) for char in text)}"'


def _code(point: int) -> str:
    return f"\\x{point:02X}" if point < 0x100 else f"\\u{point:04X}" if point < 0x10000 else f"\\U{point:08X}"


def _plain(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_ambiguous(text: str) -> bool:
    """Whether goyaml would read the plain text as something else than a string, or as a number in base 60."""
    if text[:1] not in "+-.0123456789yYnNtTfFoO~":  # holds the empty text too
        return False
    if text in WORDS:
        return True
    first = text[0]
    if first == ".":
        return bool(re.fullmatch(_DOTTED_FLOAT, text)) and _is_float(text.replace("_", ""))
    if first not in "+-0123456789":
        return False
    digits = text.replace("_", "")
    return (
        is_timestamp(text)
        or _is_float(digits)
        or _is_prefixed(digits)
        or (":" in text and bool(re.fullmatch(_BASE_60, text)))
    )


def _is_float(text: str) -> bool:
    if text.strip("0123456789+-.eE"):  # Python reads more than Go: blanks, words, other digits
        return False
    try:
        return abs(float(text)) != float("inf")
    except ValueError:
        return False


def _is_prefixed(text: str) -> bool:
    """A binary, octal or hexadecimal integer: 64 bits without a sign, 63 with one (strconv.ParseInt, ParseUint)."""
    if "0" not in text[:2]:
        return False
    found = re.fullmatch(_PREFIXED, text)
    if found:
        sign, binary, octal, hexadecimal = found.groups()
        number = int(binary, 2) if binary else int(octal, 8) if octal else int(hexadecimal, 16)
        return number < 1 << 64 if not sign else number < 1 << 63 if sign == "+" else number <= 1 << 63
    found = re.fullmatch(_BINARY_SIGN_INSIDE, text)
    return found is not None and -(1 << 63) <= int(found[1], 2) < 1 << 63
