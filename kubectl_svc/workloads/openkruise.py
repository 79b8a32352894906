"""The StatefulSet of OpenKruise (apps.kruise.io), whose pods may leave ordinals out."""

from __future__ import annotations

from kubectl_svc.workloads.pod_template import read_stateful_set, spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload

_DIGITS = 10  # of an ordinal, which is an int32


def read_advanced_stateful_set(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A StatefulSet whose `reserveOrdinals`, numbers and ranges such as `3-5`, have no pods."""
    workload = read_stateful_set(manifest, lookup)
    reserved = filter(None, map(_range, spec_of(manifest).get("reserveOrdinals") or ()))
    return workload.but(ordinals=tuple(_free(workload.ordinals or (), sorted(reserved, key=_first))))


def _free(wanted: Iterable[range], reserved: Sequence[range]) -> Iterator[range]:
    """As many ordinals as are wanted, from the first of them on, without the reserved ones: ranges in order."""
    for ordinals in wanted:
        start, left = ordinals.start, len(ordinals)
        for taken in reserved:
            before = range(start, min(taken.start, start + left))
            if before:
                yield before
            left -= len(before)
            start = max(start, before.stop, taken.stop)
        yield range(start, start + left)


def _range(word: int | str) -> range:
    """The ordinals that `4`, `"4"` or `"3-5"` names; none for a word that the API would not have taken."""
    first, dash, last = str(word).partition("-")
    is_number = [part.isascii() and part.isdecimal() and len(part) <= _DIGITS for part in (first, last)]
    if not is_number[0] or (dash and not is_number[1]):
        return range(0)
    return range(int(first), int(last if dash else first) + 1)


def _first(ordinals: range) -> int:
    return ordinals.start
