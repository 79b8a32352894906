"""Of several objects with one name the first gets it, whoever comes first."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import hypothesis
from hypothesis import strategies as st

from kubectl_svc.cli.claims import Claims

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
