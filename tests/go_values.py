"""Generated JSON for fields of Go structs: the right shape on the way down, at some point any value."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kubectl_svc.go_types import STRUCTS

ANYTHING: tuple[Any, ...] = (
    "x", "1", 1, 1.5, -(2**40), True, None, [], ["x"], [1, 2], [None], {}, {"a": 1}, {"a": "b"}, {"a": None}, "YWI=",
    "2026-11-23T00:00:00Z",
)  # fmt: skip
_DEEPEST = 6


@st.composite
def values_of(draw: st.DrawFn, word: str, depth: int = 0) -> Any:
    """Something for a field of that type, in the words of `go_types`."""
    word = word.rstrip("?!")
    leads_on = word in STRUCTS or word.startswith(("[]", "{"))
    if depth > _DEEPEST or not leads_on or draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(ANYTHING))
    if word.startswith("[]"):
        return [draw(values_of(word[2:], depth))]
    if word.startswith("{"):
        return {"a": draw(values_of(word.partition("}")[2], depth))}
    name, inner = draw(st.sampled_from(sorted(fields_of(word).items())))
    return {name: draw(values_of(inner, depth + 1))}


def fields_of(struct: str) -> dict[str, str]:
    """The types of a struct's fields by their names."""
    said = (field.partition(":") for field in STRUCTS[struct].split())
    return {path.rpartition(".")[2]: word for path, _, word in said}
