"""What plain words mean in the YAML 1.1 of goyaml: for its readers, and for writers that must quote look-alikes.

Source: go.yaml.in/yaml/v2 and v3 resolve.go, alike in both.
"""

from __future__ import annotations

WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
"""The words that are no strings, with what they are."""
IN_LOWER_CASE = frozenset(word.lower() for word in WORDS)
"""The same for quick readers and writers, which leave every word that is nearly one of them to the slow ones."""

# Patterns are compiled when first needed: hardly any text has a date's hyphen.
_DATE = "([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_CLOCK = "([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?"
_TIMESTAMP = f"{_DATE}(?:[Tt]{_CLOCK}(?:Z|[-+]([0-9]{{2}}):([0-9]{{2}}))| +{_CLOCK})?"


def is_timestamp(text: str) -> bool:
    """Whether goyaml takes the text for a point in time (`parseTimestamp`)."""
    if text[4:5] != "-":
        return False
    import re  # as above

    found = re.fullmatch(_TIMESTAMP, text)
    if not found:
        return False
    year, month, day, *rest = map(int, found.groups("0"))
    hour, minute, second, zone_hour, zone_minute, other_hour, other_minute, other_second = rest
    return (
        1 <= month <= 12
        and 1 <= day <= days_of(year, month)
        and max(hour, other_hour) < 24
        and max(minute, other_minute, second, other_second) < 60
        and zone_hour <= 24
        and zone_minute <= 60
    )


def days_of(year: int, month: int) -> int:
    """How many days the month (1 to 12) has in the Gregorian calendar."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31
