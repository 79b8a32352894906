"""The ordinals of StatefulSets, those of OpenKruise with gaps: by the rule, and at once, whatever a manifest says."""

from __future__ import annotations

from itertools import chain, count, islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deriving import workload_of

if TYPE_CHECKING:
    from kubectl_svc.workloads.model import Workload

_ORDINALS = st.integers(min_value=0, max_value=12)
_RESERVED = st.one_of(_ORDINALS, _ORDINALS.map(str), st.builds("{}-{}".format, _ORDINALS, _ORDINALS))


def _set(replicas: int, reserved: list[int | str], start: int = 0) -> Workload:
    labels = {"app": "db"}
    spec: dict[str, Any] = {
        "replicas": replicas,
        "ordinals": {"start": start},
        "reserveOrdinals": reserved,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"ports": [{"containerPort": 1}]}]}},
    }
    return workload_of(
        {"apiVersion": "apps.kruise.io/v1beta1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": spec}
    )


def _taken(word: int | str) -> range:
    first, _, last = str(word).partition("-")
    return range(int(first), int(last or first) + 1)


@given(replicas=_ORDINALS, start=_ORDINALS, reserved=st.lists(_RESERVED, max_size=6))
def test_reserved_ordinals_have_no_pods(replicas: int, start: int, reserved: list[int | str]) -> None:
    """The first ones from the start on that nobody reserved, as many as there are replicas."""
    free = (ordinal for ordinal in count(start) if not any(ordinal in _taken(word) for word in reserved))
    assert list(chain(*(_set(replicas, reserved, start).ordinals or ()))) == list(islice(free, replicas))


@pytest.mark.parametrize("word", ["0-2147483646", "0-99999999999", "9" * 5000, "a", "", "-1", "1-", "٣"])
def test_any_word_is_read_at_once(word: str) -> None:
    """Ordinals are not counted, and what names none leaves none out."""
    ordinals = _set(2147483647, [1, word]).ordinals or ()
    assert sum(map(len, ordinals)) == 2147483647
