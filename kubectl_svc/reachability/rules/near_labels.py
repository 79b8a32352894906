"""What a selector that matches no pod may have been meant as: the pods that come nearest, and how they are labelled."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Label = tuple[str, str]

_LIKENESS = 0.6  # of difflib; `wbe` and `web` have 0.67
IDENTITIES = (
    "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/controller-uid", "job-name", "controller-uid", "pod-template-hash", "controller-revision-hash",
    "kubevirt.io/created-by", "vmi.kubevirt.io/id", "vm.kubevirt.io/name", "kubevirt.io/domain",
)  # fmt: skip
"""What tells one object's pods from all others: another pod has another one, and namesakes elsewhere have the same."""
_NAMES = frozenset(("app", "app.kubernetes.io/name", "application", "k8s-app", "name", "run"))


class Near(Value):
    """One label of the selector, what the nearest pods have instead, and how many they are."""

    wrong: Label
    right: Label
    count: int

    @property
    def is_alike(self) -> bool:
        """Whether one looks like the other, apart from what is the same in both."""
        return all(
            one == other or _likeness(one, other) >= _LIKENESS
            for one, other in zip(self.wrong, self.right, strict=True)
        )


class Lacking(Value):
    """What the pods that come nearest have of the selector, what they lack, and how many they are."""

    has: tuple[Label, ...]
    lacks: tuple[Label, ...]
    count: int


def find_near(selector: Mapping[str, str], labels: Iterable[Mapping[str, str]]) -> Near | None:
    """The label that alone keeps the selector from pods that have another one like it; None where there is none."""
    counted: dict[tuple[Label, Label], int] = {}
    for own in labels:
        unmet = [(key, value) for key, value in selector.items() if own.get(key) != value]
        if len(unmet) != 1 or unmet[0][0] in IDENTITIES:
            continue
        instead = _instead(unmet[0], selector, own)
        if instead:
            pair = max(instead, key=lambda each: _likeness("=".join(each), "=".join(unmet[0])))
            counted[unmet[0], pair] = counted.get((unmet[0], pair), 0) + 1
    if not counted:
        return None
    wrong, right = max(counted, key=lambda each: (_likeness("=".join(each[0]), "=".join(each[1])), counted[each]))
    return Near(wrong=wrong, right=right, count=counted[wrong, right])


def _instead(unmet: Label, selector: Mapping[str, str], own: Mapping[str, str]) -> list[Label]:
    """Which of a pod's labels may be meant: the same key, which alone has to look like it, or the same value."""
    key, value = unmet
    others = [pair for pair in own.items() if pair not in selector.items()]
    near = [pair for pair in others if pair[0] == key]
    if len(selector) == 1:
        near = [pair for pair in near if _likeness(pair[1], value) >= _LIKENESS]
    return near + [pair for pair in others if pair[1] == value and _is_another_key(pair[0], key)]


def _is_another_key(one: str, other: str) -> bool:
    """Whether a key may be meant by another: misspelled, cut short, with a prefix, or what others call a name by."""
    if {one, other} <= _NAMES:
        return True
    names = [key.rpartition("/")[2].lower() for key in (one, other)]
    return _likeness(one, other) >= _LIKENESS or names[0].startswith(names[1]) or names[1].startswith(names[0])


def find_lacking(selector: Mapping[str, str], labels: Iterable[Mapping[str, str]]) -> Lacking | None:
    """What the pods lack that have most of the selector; None where none has any of it."""
    counted: dict[frozenset[Label], int] = {}
    for own in labels:
        has = frozenset(selector.items() & own.items())
        counted[has] = counted.get(has, 0) + 1
    best = max(counted, key=lambda each: (len(each), counted[each]), default=frozenset())
    if not best:
        return None
    pairs = list(selector.items())
    return Lacking(
        has=tuple(pair for pair in pairs if pair in best),
        lacks=tuple(pair for pair in pairs if pair not in best),
        count=counted[best],
    )


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # only a Service without pods needs it

    return SequenceMatcher(None, one.lower(), other.lower()).ratio()
