"""Of several objects with one name the first gets it, whoever comes first."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import hypothesis
import pytest
from hypothesis import strategies as st

from kubectl_svc.cli.claims import Claims
from kubectl_svc.errors import SvcError

if TYPE_CHECKING:
    import random

_NAMES = st.lists(st.lists(st.sampled_from("abcd"), max_size=3, unique=True), min_size=1, max_size=12)


def _work(claims: Claims, number: int, names: list[str], told: dict[int, set[str]], ended: list[int]) -> None:
    try:
        if names:
            taken = claims.claim(number, {("lab", name) for name in names})
            told[number] = {name for _, name in taken}
            ended.append(number)
    finally:
        claims.release(number)


@hypothesis.given(_NAMES, st.randoms(use_true_random=False))
def test_the_first_in_order_gets_each_name(objects: list[list[str]], chance: random.Random) -> None:
    """Threads that come in any order are told what earlier objects have, after those have ended."""
    claims = Claims(lambda: False)
    told: dict[int, set[str]] = {}
    ended: list[int] = []
    work = [(number, names) for number, names in enumerate(objects)]
    chance.shuffle(work)
    threads = [threading.Thread(target=_work, args=(claims, *one, told, ended), daemon=True) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    seen: dict[str, int] = {}
    for number, names in enumerate(objects):
        if names:
            assert told[number] == {name for name in names if name in seen}
            for name in told[number]:
                assert ended.index(seen[name]) < ended.index(number)
            seen.update(dict.fromkeys(names, number))


# --- what is waited for, and what is not

_A, _B = ("lab", "a"), ("lab", "b")


def test_a_name_is_waited_for_until_its_holder_has_ended() -> None:
    """The last of them that got it, and nobody else."""
    waited: list[int] = []
    working = [0]

    def look() -> bool:
        waited.append(working[0])
        claims.release(working[0])
        return False

    claims = Claims(look)
    assert claims.claim(0, [_A]) == set()
    assert claims.claim(1, [_A]) == {_A}
    assert waited == [0]
    working[0] = 1
    assert claims.claim(2, [_A, _B]) == {_A}
    assert waited == [0, 1]


def test_another_name_is_not_waited_for() -> None:
    """Neither by those behind it, nor by those behind somebody who waits."""
    told: list[set[tuple[str, str]]] = []

    def look() -> bool:
        if told:
            return True
        told.append(claims.claim(2, [_B]))
        claims.release(0)
        return False

    claims = Claims(look)
    assert claims.claim(0, [_A]) == set()
    assert claims.claim(1, [_A]) == {_A}
    assert told == [set()]
    assert claims.claim(3, [("lab", "c")]) == set()


def _claim(claims: Claims, number: int, told: list[object]) -> threading.Thread:
    """A thread of its own for it."""

    def work() -> None:
        try:
            told.append(claims.claim(number, [_A]))
        except SvcError as error:
            told.append(str(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _look_late(monkeypatch: pytest.MonkeyPatch) -> tuple[Claims, threading.Event]:
    """Claims that are hardly ever looked at for nothing, and whether anybody waits for one."""
    monkeypatch.setattr("kubectl_svc.cli.claims._LOOK_SECONDS", 600.0)
    waits = threading.Event()

    def look() -> bool:
        waits.set()
        return False

    return Claims(look), waits


def test_who_waits_for_its_turn_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at the next look."""
    claims, waits = _look_late(monkeypatch)
    told: list[object] = []
    thread = _claim(claims, 1, told)
    assert waits.wait(30)
    claims.claim(0, [_B])
    thread.join(30)
    assert told == [set()]


def test_who_waits_for_a_name_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """When its holder has ended."""
    claims, waits = _look_late(monkeypatch)
    told: list[object] = []
    claims.claim(0, [_A])
    thread = _claim(claims, 1, told)
    assert waits.wait(30)
    claims.release(0)
    thread.join(30)
    assert told == [{_A}]


@pytest.mark.parametrize("held", [True, False], ids=["for a name", "for its turn"])
def test_nobody_waits_when_nothing_is_to_be_begun(held: bool) -> None:
    """That is looked for now and then."""
    told: list[object] = []
    looks = iter((False, True))
    claims = Claims(lambda: next(looks))
    if held:
        claims.claim(0, [_A])
    _claim(claims, 1, told).join(30)
    assert told == ["interrupted before it was sent"]


def test_what_is_not_sent_any_more_is_named() -> None:
    """A Service by its name."""
    with pytest.raises(SvcError, match=r'^interrupted before the Service "web" was sent$'):
        Claims(lambda: True).check("web")
