"""Times as API servers write them, read without a detour: every day that there is, and no other."""

from __future__ import annotations

from datetime import datetime

import hypothesis
import pytest
from hypothesis import strategies as st

from kubectl_svc.go_time import to_utc

_TWO = st.integers(0, 61).map("{:02}".format)


@hypothesis.given(st.integers(1000, 9999), st.integers(0, 13), st.integers(0, 32), st.tuples(_TWO, _TWO, _TWO))
@hypothesis.example(2024, 2, 29, ("00", "00", "00"))
@hypothesis.example(2023, 2, 29, ("00", "00", "00"))
@hypothesis.example(2026, 11, 31, ("23", "59", "59"))
def test_days_that_there_are(year: int, month: int, day: int, clock: tuple[str, str, str]) -> None:
    """As the calendar of Python has them."""
    text = f"{year}-{month:02}-{day:02}T{':'.join(clock)}Z"
    try:
        datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        with pytest.raises(ValueError, match="parsing time"):
            to_utc(text)
    else:
        assert to_utc(text) == text
