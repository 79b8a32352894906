"""Healthy set-ups on the real server give no diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.status import healthy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control_plane.cluster import Cluster
    from tests.status.cases import Case
    from tests.status.setups import Place


@pytest.mark.parametrize("case", [pytest.param(each, id=each.name) for each in healthy.TABLE.cases])
def test_healthy(case: Case, request: pytest.FixtureRequest, place_in: Callable[[Cluster, str], Place]) -> None:
    """It is reached, and nothing is wrong."""
    cluster = request.getfixturevalue("cluster" if case.is_alone else "stage")
    place = place_in(cluster, case.name[:50])
    seen = place.status(case.build(place))
    assert seen.document["diagnoses"] == []
    assert (seen.document["reachable"], seen.exit_code, seen.notes) == (True, 0, "")


def test_all_at_once(stage: Cluster, place_in: Callable[[Cluster, str], Place]) -> None:
    """In the table of a namespace nothing is said of them either: there whole lists are asked for."""
    place = place_in(stage, "all")
    for case in healthy.TABLE.cases[:3]:
        other = place_in(stage, f"all-{case.name[:40]}")
        case.build(other)
    seen = place.statuses()
    assert {each["name"] for each in seen} >= {f"all-{case.name[:40]}" for case in healthy.TABLE.cases[:3]}
    assert {each["name"]: each["diagnoses"] for each in seen if each["diagnoses"] or not each["reachable"]} == {}
