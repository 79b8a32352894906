"""Go's readings of text: the edges. The reader of argv, which rests on them, is compared with the real pflag."""

from __future__ import annotations

import pytest

from kubectl_svc.golang import atoi, parse_bool, parse_duration, quote


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("plain", '"plain"'),
        ('a"b\\c', r'"a\"b\\c"'),
        ("\a\b\f\n\r\t\v", r'"\a\b\f\n\r\t\v"'),
        ("\0\x7f", r'"\x00\x7f"'),
        ("é€𝄞", '"é€𝄞"'),
        ("\u200b\U000e0001", r'"\u200b\U000e0001"'),
        ("\udcff", r'"\xff"'),
    ],
)
def test_quote(text: str, quoted: str) -> None:
    """As fmt's %q, bytes that are not UTF-8 included."""
    assert quote(text) == quoted


@pytest.mark.parametrize("text", ["1", "t", "T", "TRUE", "true", "True"])
def test_true(text: str) -> None:
    """Six spellings, and no other."""
    assert parse_bool(text)


@pytest.mark.parametrize("text", ["", "yes", "tRUE", " true"])
def test_no_bool(text: str) -> None:
    """Anything else is an error in strconv's words."""
    with pytest.raises(ValueError, match=r"strconv\.ParseBool: parsing .*: invalid syntax"):
        parse_bool(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("+7", 7), ("-7", -7), ("007", 7), ("-" + "0" * 30 + "80", -80), (str(2**63 - 1), 2**63 - 1)],
)
def test_integer(text: str, number: int) -> None:
    """Decimal, with a sign, with zeros in front, up to 64 bits."""
    assert atoi(text) == number


@pytest.mark.parametrize("text", ["", "+", " 1", "1 ", "0x1", "1_0", "1.0", "\u0661"])
def test_no_integer(text: str) -> None:
    """Neither Python's underscores nor other scripts' digits."""
    with pytest.raises(ValueError, match="invalid syntax"):
        atoi(text)


@pytest.mark.parametrize(
    ("text", "bits"), [(str(2**63), 64), (str(-(2**63) - 1), 64), (str(2**31), 32), ("9" * 99, 64)]
)
def test_integer_out_of_range(text: str, bits: int) -> None:
    """The limits are those of the type."""
    with pytest.raises(ValueError, match="value out of range"):
        atoi(text, bits=bits)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("1s", 10**9),
        ("1h2m3.5s", 3723 * 10**9 + 5 * 10**8),
        ("-1.5ms", -1_500_000),
        ("+1µs", 1000),
        (".5s", 5 * 10**8),
        ("1.s", 10**9),
        ("2562047h47m16.854775807s", 2**63 - 1),
        ("-2562047h47m16.854775808s", -(2**63)),
    ],
)
def test_duration(text: str, nanoseconds: int) -> None:
    """As time.ParseDuration."""
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize(
    "text",
    ["", "-", ".s", "1", "1d", "1.2.3s", "99999999999999999999h", "2562047h47m16.854775808s"],
)
def test_no_duration(text: str) -> None:
    """Neither without a unit nor beyond 64 bits."""
    with pytest.raises(ValueError, match="invalid duration"):
        parse_duration(text)
