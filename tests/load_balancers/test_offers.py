"""What TAB offers for the values of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kubectl_svc.access.providers import Providers
from kubectl_svc.load_balancers.offers import offered_values
from kubectl_svc.load_balancers.values import read_value

if TYPE_CHECKING:
    from collections.abc import Mapping

_RULES = [setting.value for provider in Providers({}).all() for setting in provider.settings]
_COLOURS: Mapping[str, Any] = {"type": "list", "of": {"type": "word", "of": ["red", "green"]}}
_PAIRS: Mapping[str, Any] = {"type": "pairs", "keys": {"on": {"type": "boolean"}, "at": {"type": "text"}}}


def test_every_word_offered_is_right() -> None:
    """In every setting that may be a word; there are many of them."""
    offered = [(rule, word) for rule in _RULES for word in offered_values(rule, "") if not word.endswith("=")]
    assert len(offered) > 300
    for rule, word in offered:
        if rule.get("min", 1) <= 1:
            assert read_value(rule, word) == word


@pytest.mark.parametrize(
    ("rule", "typed", "words"),
    [
        ({"type": "boolean"}, "t", "true false"),
        ({"type": "text"}, "", ""),
        (_COLOURS, "", "red green"),
        (_COLOURS, "red,", "red,green"),
        (_COLOURS, "red,g", "red,green"),
        ({**_COLOURS, "separator": ";"}, "red;", "red;green"),
        (_PAIRS, "", "on= at="),
        (_PAIRS, "on=", "on=true on=false"),
        (_PAIRS, "on=true,", "on=true,at="),
        (_PAIRS, "at=x", ""),
        (_PAIRS, "what=", ""),
    ],
)
def test_behind_what_is_typed(rule: Mapping[str, Any], typed: str, words: str) -> None:
    """A list goes on with what it does not have yet."""
    assert " ".join(offered_values(rule, typed)) == words
