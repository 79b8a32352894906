"""The README's table of pasts is made of the histories that are tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apply.histories import HISTORIES, History, Outcome

_README = (Path(__file__).parents[2] / "README.md").read_text()
_DIFF = {0: "nothing", 1: "the change", 2: "the same error"}


def _told(outcome: Outcome) -> str:
    """What comes of the command, in a few words."""
    if outcome.conflicts:
        whose = {owner.split('"')[1] for owner in outcome.conflicts.values()}
        return f"conflict with {', '.join(whose)}: {', '.join(f'`{field}`' for field in outcome.conflicts)}"
    if outcome.refused:
        return f"refused: `{outcome.refused.partition(':')[0]}` {outcome.refused.rpartition(': ')[2]}"
    return outcome.done + (f"; {outcome.note}" if outcome.note else "")


def row(history: History) -> str:
    """The row of the table."""
    plain, forced = history.apply, history.forced
    is_same = (plain.done, plain.refused) == (forced.done, forced.refused) and not forced.note  # else it has one
    forced_told = "the same" if is_same else _told(forced)
    return f"| {history.told} | {_told(plain)} | {forced_told} | {_DIFF[history.diff]} |"


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.told)
def test_the_table_says_what_is_tested(history: History) -> None:
    """Row by row."""
    assert f"\n{row(history)}\n" in _README


def test_there_are_no_other_rows() -> None:
    """And every one of them has a history."""
    section = _README.partition("\n## Again and again\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    assert rows[2:] == [row(history) for history in HISTORIES]
