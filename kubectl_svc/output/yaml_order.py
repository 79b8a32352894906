"""The order in which goyaml writes the keys of a mapping (go.yaml.in/yaml/v2 sorter.go)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def in_order(keys: Mapping[str, object]) -> list[str]:
    """The keys as goyaml sorts them: numbers in them by value, letters after everything else (sorter.go).

    Some sets of keys have no order by that rule (`a2`, `a10`, `a1b`); kubectl prints those in a random one.
    """
    if len(keys) < 2 or all(map(str.isalpha, keys)):
        return sorted(keys)
    from functools import cmp_to_key  # most mappings need no comparison

    return sorted(keys, key=cmp_to_key(_compared))


def _compared(one: str, other: str) -> int:
    return -1 if _is_before(one, other) else 1


def _is_before(one: str, other: str) -> bool:
    at = 0
    while at < len(one) and at < len(other) and one[at] == other[at]:
        at += 1
    if at == len(one) or at == len(other):
        return len(one) < len(other)
    a, b = one[at], other[at]
    if a.isalpha() and b.isalpha():
        return a < b
    if a.isalpha() or b.isalpha():
        return b.isalpha()
    # A zero inside a number counts by how long the number is, not by its value.
    inside = "0" in {a, b} and _ends_in_number(one[:at])
    digits_a, digits_b = _digits(one, at), _digits(other, at)
    number_a, number_b = _number(digits_a, inside), _number(digits_b, inside)
    if number_a != number_b:
        return number_a < number_b
    if len(digits_a) != len(digits_b):
        return len(digits_a) < len(digits_b)
    return a < b


def _ends_in_number(text: str) -> bool:
    return bool(_digits(text[::-1], 0).strip("0"))


def _digits(text: str, start: int) -> str:
    end = start
    while end < len(text) and text[end].isdecimal():
        end += 1
    return text[start:end]


def _number(digits: str, inside: bool) -> int:
    """The value in 64 bits, as Go computes it: from code points, with overflow."""
    number = int(inside)
    for digit in digits:
        number = number * 10 + ord(digit) - 48
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)
