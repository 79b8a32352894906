"""The table of checks: each row finds what it says it finds, and nothing else is found there."""

from __future__ import annotations

import re

import pytest

from kubectl_svc.checks.model import LEVELS, REFUSED, Check
from kubectl_svc.checks.table import CHECKS
from tests.checks.judging import found_in, subject_of

_AT_LEAST = 30
_SAID_BY_THE_WORKLOAD = {"selector-unsure", "unreachable"}


def _id(check: Check) -> str:
    return check.id


def test_the_table_is_a_table() -> None:
    """Many rows, each with an id of its own and one of the levels."""
    assert len(CHECKS) >= _AT_LEAST
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert {check.level for check in CHECKS} == set(LEVELS)
    assert all(check.field.startswith(("spec.", "metadata.")) for check in CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=_id)
def test_a_failing_example_is_found(check: Check) -> None:
    """By its check, and by no other."""
    found = found_in(subject_of(check.fails))
    assert [finding.check.id for finding in found] == [check.id], [finding.sentence for finding in found]


@pytest.mark.parametrize("check", CHECKS, ids=_id)
def test_a_passing_example_is_not_found(check: Check) -> None:
    """By its check; another may have a word to say."""
    assert check.id not in {finding.check.id for finding in found_in(subject_of(check.passes))}


@pytest.mark.parametrize("check", CHECKS, ids=_id)
def test_a_finding_reads_well(check: Check) -> None:
    """One line without a period, and with something to do; a refusal begins with the path of the row's field."""
    for finding in found_in(subject_of(check.fails)):
        assert finding.sentence.isprintable()
        assert not finding.sentence.endswith(".")
        assert finding.remedy or check.id in _SAID_BY_THE_WORKLOAD
        if check.level == REFUSED and finding.found.path:
            fields = [re.escape(field).replace(r"\[\]", r"\[\d+\]") for field in check.field.split(", ")]
            path = finding.found.path.replace("LoadBalancerSourceRanges", "loadBalancerSourceRanges")
            assert re.match(rf"({'|'.join(fields)})(\[.*\])?$", path)
