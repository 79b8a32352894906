"""Go's patterns for file names (path/filepath `Glob` and `Match`)."""

from __future__ import annotations

import os
import re

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PATTERN = re.compile(r"[*?\[\\]")
_SET_OPERATOR = re.compile(r"[&~|\[]")  # nothing special in Go's classes
_CLASS_CHAR = r"(?:\\.|[^\\\]-])"
_PIECE = re.compile(
    rf"(?P<any>\*+)|(?P<one>\?)|\[(?P<not>\^?)(?P<class>(?:{_CLASS_CHAR}(?:-{_CLASS_CHAR})?)+)\]"
    r"|\\(?P<escaped>.)|(?P<plain>[^\\\[*?])",
    re.DOTALL,
)


def glob(pattern: str) -> list[str]:
    """The paths that match, sorted. Raises SvcError for a pattern that Go does not understand."""
    if not _PATTERN.search(pattern):
        return [pattern] if os.path.lexists(pattern) else []
    folder, name = os.path.split(pattern)
    try:
        matcher = re.compile("".join(map(_as_regexp, _pieces(name))), re.DOTALL)
        "".join(map(_as_regexp, _pieces(folder)))
    except ValueError as error:
        raise SvcError(f"pattern {quote(pattern)} is not valid: {error}") from None
    folders = glob(folder) if _PATTERN.search(folder) else [folder]
    return [match for place in folders for match in _matching(place, matcher)]


def _matching(folder: str, matcher: re.Pattern[str]) -> list[str]:
    try:
        names = sorted(os.listdir(folder or "."), key=os.fsencode)
    except OSError:
        return []
    return [os.path.normpath(os.path.join(folder, name)) for name in names if matcher.fullmatch(name)]


def _pieces(pattern: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(pattern):
        piece = _PIECE.match(pattern, at)
        if piece is None:
            raise ValueError("syntax error in pattern")
        yield piece
        at = piece.end()


def _as_regexp(piece: re.Match[str]) -> str:
    if piece["any"]:
        return ".*"
    if piece["one"]:
        return "."
    if piece["class"]:
        return "[" + piece["not"] + _SET_OPERATOR.sub(r"\\\g<0>", piece["class"]) + "]"
    return re.escape(piece["escaped"] or piece["plain"])
