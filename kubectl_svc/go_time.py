"""metav1.Time: what time.Parse reads by the layout RFC 3339, its words for what it does not, and what Go writes of it.

Source: apimachinery pkg/apis/meta/v1 time.go, Go time/format.go and format_rfc3339.go.
"""

from __future__ import annotations

_LAYOUT = "2006-01-02T15:04:05Z07:00"
_STEPS = (
    ("2006", r"([0-9]{4})", "year"),
    ("-", r"-", ""),
    ("01", r"([0-9]{2})", "month"),
    ("-", r"-", ""),
    ("02", r"([0-9]{2})", "day"),
    ("T", r"T", ""),
    ("15", r"([0-9]{1,2})", "hour"),
    (":", r":", ""),
    ("04", r"([0-9]{2})", "minute"),
    (":", r":", ""),
    ("05", r"([0-9]{2})(?:[.,][0-9]+)?", "second"),
    ("Z07:00", r"(Z|[-+][0-9]{2}:[0-9]{2})", "zone"),
)
_SHORT_MONTHS = ("04", "06", "09", "11")
_RANGES = {"month": range(1, 13), "hour": range(24), "minute": range(60), "second": range(60)}


def to_utc(text: str) -> str | None:
    """The moment in UTC and whole seconds, or None for the zero time (the first second of year 1).

    Raises ValueError in Go's words. Year 0, and what a time zone moves out of the years 1 to 9999, Go knows and we do
    not: they count as a day out of range.
    """
    if _is_usual(text):
        return text
    parts = _time_parts(text)
    zone = parts.pop("zone")
    from datetime import datetime, timedelta, timezone  # hardly any time needs it

    try:
        moment = datetime(**{part: int(digits) for part, digits in parts.items()}, tzinfo=timezone.utc)
        if zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
            moment = moment + offset if zone[0] == "-" else moment - offset
    except (ValueError, OverflowError):
        raise ValueError(f"parsing time {_in_quotes(text)}: day out of range") from None
    utc = f"{moment.isoformat()[:19]}Z"
    return None if utc == "0001-01-01T00:00:00Z" else utc


def _is_usual(text: str) -> bool:
    """Whether this is a time as API servers write it, on a day that its month has every year."""
    year, month, day, hour, minute, second = (text[at : at + 2] for at in (0, 5, 8, 11, 14, 17))
    digits = f"{year}{text[2:4]}{month}{day}{hour}{minute}{second}"
    return (
        len(text) == 20
        and text[4::3] == "--T::Z"
        and digits.isascii()
        and digits.isdecimal()
        and year >= "10"
        and "01" <= month <= "12"
        and "01" <= day <= ("28" if month == "02" else "30" if month in _SHORT_MONTHS else "31")
        and hour < "24"
        and minute < "60"
        and second < "60"
    )


def _time_parts(text: str) -> dict[str, str]:
    """The parts of an RFC 3339 time by name, each within its range; raises ValueError."""
    import re  # times in the API's own form never come here

    parts = {}
    rest = text
    for layout, pattern, part in _STEPS:
        found = re.match(pattern, rest)
        if not found:
            where = f"cannot parse {_in_quotes(rest)} as {_in_quotes(layout)}"
            raise ValueError(f"parsing time {_in_quotes(text)} as {_in_quotes(_LAYOUT)}: {where}")
        rest = rest[found.end() :]
        if part:
            parts[part] = found[1]
        if part in _RANGES and int(found[1]) not in _RANGES[part]:
            raise ValueError(f"parsing time {_in_quotes(text)}: {part} out of range")
    zone = parts["zone"]
    if zone != "Z" and int(zone[1:3]) > 24:
        raise ValueError(f"parsing time {_in_quotes(text)}: time zone offset hour out of range")
    if zone != "Z" and int(zone[4:6]) > 60:
        raise ValueError(f"parsing time {_in_quotes(text)}: time zone offset minute out of range")
    if rest:
        raise ValueError(f"parsing time {_in_quotes(text)}: extra text: {_in_quotes(rest)}")
    return parts


def _in_quotes(text: str) -> str:
    """As package time quotes: what is not ASCII as its bytes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogateescape")
    return f'"{"".join(chr(byte) if 0x20 <= byte < 0x80 else f"{chr(92)}x{byte:02x}" for byte in escaped)}"'
