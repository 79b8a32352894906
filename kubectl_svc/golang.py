"""Go's own readings of text, where kubectl's behaviour or wording rests on them: strconv, fmt %q, time.ParseDuration.

Pure; raises ValueError with Go's words.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}  # fmt: skip
_NANOSECONDS = {
    "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9,
}  # fmt: skip


def quote(text: str) -> str:
    """The text as fmt's %q prints it: in double quotes, with Go's escapes (strconv.Quote)."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_quoted, text))}"'


def _quoted(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    point = ord(char)
    if 0xDC80 <= point <= 0xDCFF:  # a byte that was not UTF-8, as surrogateescape keeps it
        return f"\\x{point - 0xDC00:02x}"
    if char.isprintable():
        return char
    if point < 0x80:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def listed(names: Iterable[str]) -> str:
    """The names for a message, each once and in quotes."""
    return ", ".join(map(quote, dict.fromkeys(names)))


def parse_bool(text: str) -> bool:
    """1, t, T, TRUE, true, True and their opposites (strconv.ParseBool)."""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(f"strconv.ParseBool: parsing {quote(text)}: invalid syntax")


def atoi(text: str, *, bits: int = 64, function: str = "Atoi") -> int:
    """A decimal integer with an optional sign, within `bits` (strconv.Atoi; `function` is named in the error)."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"strconv.{function}: parsing {quote(text)}: invalid syntax")
    if len(digits.lstrip("0")) <= 20:
        number = int(digits.lstrip("0") or "0") * (-1 if text[0] == "-" else 1)
        if -(1 << bits - 1) <= number < 1 << bits - 1:
            return number
    raise ValueError(f"strconv.{function}: parsing {quote(text)}: value out of range")


def parse_duration(text: str) -> int:
    """Nanoseconds of a Go duration such as `1h30m`, `1.5s`, `-10ms` or `0` (time.ParseDuration); else ValueError."""
    invalid = ValueError(f"time: invalid duration {quote(text)}")
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    total = 0
    while rest:
        number, rest = _leading(rest, "0123456789.")
        unit, rest = _leading_not(rest, "0123456789.")
        whole, _, fraction = number.partition(".")
        whole_digits = whole.lstrip("0")
        if not (whole or fraction) or "." in fraction or unit not in _NANOSECONDS or len(whole_digits) > 19:
            raise invalid
        scale = _NANOSECONDS[unit]
        total += int(whole_digits or "0") * scale + int(fraction[:18] or "0") * scale // 10 ** len(fraction[:18])
    if text in ("", "+", "-") or total > (1 << 63) - (text[0] != "-"):
        raise invalid
    return -total if text[0] == "-" else total


def _leading(text: str, allowed: str) -> tuple[str, str]:
    rest = text.lstrip(allowed)
    return text[: len(text) - len(rest)], rest


def _leading_not(text: str, refused: str) -> tuple[str, str]:
    for index, char in enumerate(text):
        if char in refused:
            return text[:index], text[index:]
    return text, ""
