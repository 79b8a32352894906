"""Columns as kubectl prints them (cli-runtime pkg/printers/tabwriter.go): three blanks between, none at the end."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BETWEEN = 3  # blanks


def render_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table, its titles first; a cell that is empty shows `<none>`."""
    table = [titles, *([cell or "<none>" for cell in row] for row in rows)]
    widths = [max(map(len, column)) + _BETWEEN for column in zip(*table, strict=True)]
    return ["".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
