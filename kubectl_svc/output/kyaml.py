"""A Service as kubectl prints it in KYAML: YAML in flow style with every value in quotes that is a string.

Fields stay in the order given; `go_service.as_service` puts them into kubectl's. Source: sigs.k8s.io/yaml
kyaml/kyaml.go; cli-runtime pkg/printers/kyaml.go. What Go prints as it is and what as an escape follows the Unicode
version of the Python that runs this, 15 for kubectl 1.36.
"""

from __future__ import annotations

import re

from kubectl_svc.output.yaml_reader import reread
from kubectl_svc.yaml_words import is_timestamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_INDENT = "  "
_SPACES = frozenset(" \t\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\0": "\\0", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r",
    "\t": "\\t", "\v": "\\v", "\x1b": "\\e", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip

_WORDS = frozenset((
    "null", "~", "true", "false", "t", "f", "y", "yes", "on", "n", "no", "off", ".inf", "-.inf", "+.inf", ".nan",
))  # fmt: skip
# Patterns are compiled when first needed: hardly any key needs one.
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]+)?"
_HEX_FLOAT = r"[-+]?0[xX](?:\.[0-9a-fA-F]+|[0-9a-fA-F]+\.?[0-9a-fA-F]*)[pP][-+]?[0-9]+"
_NAMED_FLOATS = frozenset(("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "nan"))
_PREFIXED = r"0(?:[bB][01]+|[oO][0-7]+|[xX][0-9a-fA-F]+)"


def render(service: Mapping[str, object]) -> str:
    """One Service for `-o kyaml`, with a newline at the end; each of several begins with its own line `---`.

    Raises ValueError, in kubectl's words, for text that kubectl cannot print.
    """
    try:
        document = reread(service, version=3)
    except ValueError as error:
        raise ValueError(f"error decoding: {error}") from None
    return f"---\n{_node(document, 0)}\n"


def _node(node: object, depth: int) -> str:
    if isinstance(node, str):
        return _text(node, depth + 1)
    if isinstance(node, dict):
        return _mapping(node, depth)
    if isinstance(node, list):
        return _sequence(node, depth)
    if node is None:
        return "null"
    if isinstance(node, bool):
        return "true" if node else "false"
    return str(node)


def _mapping(mapping: Mapping[str, object], depth: int) -> str:
    if not mapping:
        return "{}"
    indent = _INDENT * depth
    lines = [f"{indent}{_INDENT}{_key(key)}: {_node(value, depth + 1)},\n" for key, value in mapping.items()]
    return f"{{\n{''.join(lines)}{indent}}}"


def _sequence(sequence: list[object], depth: int) -> str:
    if all(isinstance(child, (dict, list)) for child in sequence):
        return f"[{', '.join(_node(child, depth) for child in sequence)}]"
    indent = _INDENT * depth
    lines = [f"{indent}{_INDENT}{_node(child, depth + 1)},\n" for child in sequence]
    return f"[\n{''.join(lines)}{indent}]"


def _key(key: str) -> str:
    if _is_bare(key) and not _is_ambiguous(key):
        return key
    return f'"{"".join(map(_escaped, key))}"'


def _text(text: str, depth: int) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "\n" not in text:
        return f'"{_characters(text)}"'
    lines = text.split("\n")
    last = lines.pop()
    if last:
        folded = [*(f"{line}\\n" for line in map(_line, lines)), _line(last)]
    else:
        folded = [f"{line}\\n" for line in map(_line, lines)]
    indent = _INDENT * depth
    return '"\\\n' + "".join(f"{indent}{line}\\\n" for line in folded) + f'{indent}"'


def _line(line: str) -> str:
    """One line of several: space at its start would be folded away, so it stands behind a backslash."""
    return f"{chr(92) if line[:1] in _SPACES else ' '}{_characters(line)}"


def _characters(text: str) -> str:
    return "".join(char if char == "\t" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    point = ord(char)
    return f"\\x{point:02x}" if point < 0x20 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _is_bare(key: str) -> bool:
    """Whether the key holds letters, numbers and `_` only, with `-`, `.` and `/` between them."""
    if key.isalpha():
        return True
    inner = key.replace("-", "_").replace(".", "_").replace("/", "_") if key[:1] not in "-./" else ""
    return (
        bool(inner)
        and key[-1] not in "-./"
        and all(char == "_" or char.isalpha() or char.isnumeric() for char in inner)
    )


def _is_ambiguous(key: str) -> bool:
    """Whether some YAML reader may take the bare key for something else than a string.

    Base 60 needs a colon and numbers below zero a sign: neither gets here.
    """
    digits = key.replace("_", "")
    if key.lower() in _WORDS or digits.lower() in _NAMED_FLOATS or is_timestamp(key):
        return True
    if digits.isalpha():
        return False
    if re.fullmatch(_FLOAT, digits):
        return abs(float(digits)) != float("inf")
    if re.fullmatch(_HEX_FLOAT, digits):
        return _fits_float(digits)
    return re.fullmatch(_PREFIXED, digits) is not None and int(digits, 0) < 1 << 63


def _fits_float(digits: str) -> bool:
    try:
        float.fromhex(digits)
    except OverflowError:
        return False
    return True
