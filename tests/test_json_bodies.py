"""JSON without `json` is JSON: whatever comes or goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.json_bodies import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXTS = st.text(st.characters(exclude_categories=()), max_size=8)  # halves of surrogate pairs too
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=10,
)
_ODD_KEYS = st.dictionaries(st.none() | st.booleans() | st.integers() | st.floats() | st.tuples(), _VALUES, max_size=2)
_CODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
_FRAGMENTS = st.sampled_from(
    ["{", "}", '"a"', '"', ":", ",", "1", "[", "]", " ", "\n", "\f", "NaN", "-Infinity", "1e5", "\\u00"]
)


def _outcome(act: Callable[[Any], Any], given: Any) -> str:
    """What it gives, in letters, so that NaN equals itself; or what it says."""
    try:
        return repr(act(given))
    except (ValueError, TypeError, RecursionError) as error:
        return f"{type(error).__name__}: {error}"


@given(_VALUES | _ODD_KEYS)
@example({"a": {1, 2}})
@example({"a": (1, 2)})
def test_what_we_send(document: Any) -> None:
    """As `json` writes it."""
    assert _outcome(dumps, document) == _outcome(
        lambda given: json.dumps(given, ensure_ascii=False, separators=(",", ":")), document
    )


@given(
    st.dictionaries(_TEXTS, _VALUES, max_size=3) | _VALUES, _CODINGS, st.sampled_from(["", "\n", " \t\r\n", "\v", "x"])
)
def test_what_we_get(document: Any, coding: str, after: str) -> None:
    """As `json` reads it, in each encoding that it knows."""
    body = (json.dumps(document, ensure_ascii=False) + after).encode(coding, "surrogatepass")
    assert _outcome(loads, body) == _outcome(json.loads, body)


@given(st.lists(_FRAGMENTS, max_size=8).map("".join) | _TEXTS)
@example('{"a": 1}}')
@example("{")
@example('{"a": "\n"}')
@example('{"a":' * 100_000)
def test_what_is_wrong(text: str) -> None:
    """`json` says why."""
    body = text.encode("utf-8", "surrogatepass")
    assert _outcome(loads, body) == _outcome(json.loads, body)


@pytest.mark.parametrize("body", [b"", b"{", b"{\xff}", b'{"\xff": 1}', b"{\0}\0", b"\xef\xbb\xbf{}", b"[1]", b"{}"])
def test_bytes(body: bytes) -> None:
    """Bodies that are no text, short ones, and those that begin with a mark."""
    assert _outcome(loads, body) == _outcome(json.loads, body)


def test_a_circle() -> None:
    """Is refused as `json` refuses it."""
    circle: dict[str, Any] = {}
    circle["a"] = circle
    with pytest.raises(ValueError, match="Circular"):
        dumps(circle)
