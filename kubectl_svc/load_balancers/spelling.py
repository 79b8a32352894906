"""What an unknown word may have been meant as, and how words are listed in a sentence. Pure; knows of no provider."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_PIECE = 3  # letters of a long name that it may be meant by


def nearest(word: str, known: Sequence[str], most: int = 3, likeness: float = 0.6) -> list[str]:
    """Those of the known words that the word may have been meant as, the likeliest first; at most so many.

    `likeness` is from 0 to 1, as `difflib` counts it.
    """
    from difflib import get_close_matches  # only mistakes need it

    lower = {one.lower(): one for one in reversed(known)}
    close = get_close_matches(word.lower(), list(lower), n=most, cutoff=likeness)
    parts = [one for one in lower if len(word) >= _PIECE and word.lower() in one]
    return [lower[one] for one in dict.fromkeys((*close, *sorted(parts, key=len)))][:most]


def did_you_mean(word: str, known: Sequence[str], most: int = 3, prefix: str = "") -> str:
    """The end of a sentence about an unknown word, `prefix` before each word that it may mean; empty for none."""
    close = [f"{prefix}{one}" for one in nearest(word, known, most)]
    return f"; did you mean {alternatives(close)}?" if close else ""


def alternatives(words: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
