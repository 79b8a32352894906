"""The base of all values."""

from __future__ import annotations

import pytest

from kubectl_svc.value import Value


class _Point(Value):
    x: int
    y: int = 0


class _Named(_Point):
    name: str = ""


def test_fields_come_by_keyword_and_have_defaults() -> None:
    """What is not given has its default."""
    point = _Point(x=1)
    assert (point.x, point.y) == (1, 0)


def test_a_value_cannot_be_changed() -> None:
    """Neither assigning nor deleting works, for fields and for anything else."""
    point = _Point(x=1)
    with pytest.raises(AttributeError, match=r"_Point\.x cannot be changed"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.y
    with pytest.raises(AttributeError):
        point.z = 2


def test_missing_and_unknown_fields_are_named() -> None:
    """A wrong call says which field is wrong."""
    with pytest.raises(TypeError, match="_Point needs a value for 'x'"):
        _Point(y=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="_Point has no field 'z'"):
        _Point(x=1, z=1)  # type: ignore[call-arg]


def test_equality_and_hash_follow_the_content() -> None:
    """Equal fields of the same type are the same value; another type is another value."""
    assert _Point(x=1) == _Point(x=1, y=0)
    assert hash(_Point(x=1)) == hash(_Point(x=1, y=0))
    assert _Point(x=1) != _Point(x=2)
    assert _Point(x=1) != _Named(x=1)


def test_fields_are_inherited() -> None:
    """A derived value has the fields of its base, then its own, and shows them all."""
    assert repr(_Named(x=1, name="a")) == "_Named(x=1, y=0, name='a')"


def test_but_gives_a_changed_copy() -> None:
    """The original stays as it is."""
    point = _Point(x=1)
    assert point.but(y=2) == _Point(x=1, y=2)
    assert point == _Point(x=1)


class _Narrower(_Point):
    """Has a field of its base again, with a default."""

    y: int = 7


def test_a_field_may_be_said_again() -> None:
    """By a subclass, which has it once."""
    assert _Narrower(x=1).y == 7
    assert _Narrower(x=1, y=2) == _Narrower(x=1, y=2)
    with pytest.raises(TypeError, match="no field 'z'"):
        _Narrower(x=1, z=2)  # type: ignore[call-arg]
