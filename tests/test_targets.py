"""The arguments that name objects; the table of the differential tests has the rest."""

from __future__ import annotations

import pytest

from kubectl_svc.errors import SvcError
from kubectl_svc.targets import Named, NamedTarget, parse_targets


def _targets(*pairs: str) -> tuple[NamedTarget, ...]:
    return tuple(NamedTarget(type_word=pair.split("/")[0], name=pair.split("/")[1]) for pair in pairs)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param([], Named(), id="nothing"),
        pytest.param(["deploy"], Named(types=("deploy",), one_type=True), id="a type alone"),
        pytest.param(
            ["deploy", "a", "b"],
            Named(objects=_targets("deploy/a", "deploy/b"), types=("deploy",), one_type=True),
            id="names",
        ),
        pytest.param(["a/b", "c/d"], Named(objects=_targets("a/b", "c/d")), id="pairs"),
        pytest.param(["a,b", "x", "y"], Named(objects=_targets("a/x", "a/y", "b/x", "b/y")), id="types times names"),
        pytest.param(["a,a", "x"], Named(objects=_targets("a/x"), types=("a",), one_type=True), id="a type twice"),
        pytest.param(
            ["a", "x,y"], Named(objects=_targets("a/x,y"), types=("a",), one_type=True), id="a comma is a name"
        ),
    ],
)
def test_arguments_name_objects(arguments: list[str], expected: Named) -> None:
    """Each form that kubectl knows."""
    assert parse_targets(arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a/b", "c"], "there is no need to specify a resource type as a separate argument"),
        (["a/b/c"], "may not have more than one slash"),
        (["/b"], "must have a single resource and name"),
        (["a/"], "must have a single resource and name"),
        (["a,b/c"], "must have a single resource and name"),
    ],
)
def test_malformed_arguments_are_refused(arguments: list[str], words: str) -> None:
    """In kubectl's words."""
    with pytest.raises(SvcError, match=words):
        parse_targets(arguments)
