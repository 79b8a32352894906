"""The README's table of warnings is what the checks say."""

from __future__ import annotations

from pathlib import Path

from kubectl_svc.checks.model import REFUSED
from kubectl_svc.checks.table import CHECKS
from tests.checks.judging import found_in, subject_of

_README = Path(__file__).parents[2] / "README.md"
_HEAD = "| you type | it says |\n| --- | --- |\n"


def readme_table() -> str:
    """One row for each check that is told where a server would take the Service."""
    rows = [
        f"| `{check.fails}` | {finding.sentence.replace('|', chr(92) + '|')} |\n"
        for check in CHECKS
        if check.level != REFUSED
        for finding in found_in(subject_of(check.fails))
    ]
    return _HEAD + "".join(rows)


def test_the_readme_has_the_table() -> None:
    """Word for word; `readme_table()` makes it anew."""
    assert readme_table() in _README.read_text(encoding="utf-8")
