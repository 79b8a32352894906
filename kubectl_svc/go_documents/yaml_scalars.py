"""What a YAML scalar means to Go: plain words and numbers, tags, binary data.

Source: go.yaml.in/yaml/v2 resolve.go, strconv.
"""

from __future__ import annotations

import re

from kubectl_svc.go_documents.go_printing import float_text
from kubectl_svc.go_documents.json_values import Number
from kubectl_svc.go_documents.plain_yaml import UnsuitableValueError
from kubectl_svc.yaml_words import WORDS, is_timestamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TAG_PREFIX = "tag:yaml.org,2002:"
_RESOLVED_TAGS = ("!!bool", "!!int", "!!float", "!!null", "!!timestamp")
_BEYOND_STRINGS = frozenset(("", *"+-0123456789.yYnNtTfFoO~"))  # how plain text begins that may not be a string
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]{0,19}))")
_BASES = (16, 2, 8, 10)
_SIGNED_BINARY = re.compile(r"0b([-+][01]+)")
# Underscores are left only in a text that begins with a point; strconv.ParseFloat takes them between digits.
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+(?:_[0-9]+)*|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_TOO_LARGE = 1 << 64  # for an unsigned integer


class Whole(int):
    """A whole number that was written as a float: an integer in JSON, but as a key it has a float's name."""


def resolve(text: str) -> Any:
    """The value of a plain scalar: bool, None, int, Number, an infinite or undefined float, or the text itself."""
    first = text[:1]
    if first not in _BEYOND_STRINGS:
        return text
    if text in WORDS:
        return WORDS[text]
    if first == ".":
        number = _read_float(text)
    elif first in "yYnNtTfFoO~":
        return text
    else:
        number = _read_number(text.replace("_", ""))
    return text if number is None else number


def resolve_as(tag: str, text: str) -> Any:
    """The value of a scalar with a tag; raises ValueError where the text is something else."""
    if tag == "!!binary":
        return _decode_base64(text)
    if tag not in _RESOLVED_TAGS:
        return text
    value = resolve(text)
    found = _tag_of(value)
    if found == tag or (tag == "!!timestamp" and is_timestamp(text)):
        return value
    if tag == "!!float" and found == "!!int" and fits_int64(value):
        return _as_json_number(float(value))
    raise UnsuitableValueError(f"cannot decode {found} `{text}` as a {tag}")


def _read_number(plain: str) -> int | Number | None:
    """The integer or decimal number without its underscores, or None (strconv.ParseInt with base 0, and more)."""
    found = _INTEGER.fullmatch(plain)
    if found:
        sign, *digits = found.groups()
        number = next(int(text, base) for text, base in zip(digits, _BASES, strict=True) if text)
        number = -number if sign == "-" else number
        if fits_int64(number) or (not sign and number < _TOO_LARGE):
            return number
    signed = _SIGNED_BINARY.fullmatch(plain)
    if signed and fits_int64(int(signed[1], 2)):
        return int(signed[1], 2)
    return _read_float(plain)


def fits_int64(number: int) -> bool:
    return -(1 << 63) <= number < 1 << 63


def _read_float(plain: str) -> int | Number | None:
    if not _FLOAT.fullmatch(plain):
        return None
    number = float(plain)
    return None if number in (float("inf"), float("-inf")) else _as_json_number(number)


def _as_json_number(number: float) -> int | Number:
    """The number as it is once JSON has carried it: a whole one is an integer."""
    text = float_text(number)
    return Whole(text) if text.lstrip("-").isdigit() else Number(text)


def _tag_of(value: Any) -> str:
    if value is None:
        return "!!null"
    names = ((bool, "!!bool"), ((float, Whole), "!!float"), (int, "!!int"))
    return next((name for kind, name in names if isinstance(value, kind)), "!!str")


def _decode_base64(text: str) -> str:
    from base64 import b64decode  # hardly any manifest has a binary scalar

    try:
        data = b64decode(text.replace("\n", ""), validate=True)
    except ValueError:
        raise ValueError("!!binary value contains invalid base64 data") from None
    return re.sub("[\udc80-\udcff]", "\ufffd", data.decode(errors="surrogateescape"))
