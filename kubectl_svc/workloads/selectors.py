"""Label selectors as the plain map that a Service can say, and labels that have no place in one.

Pure. A map that is empty selects nothing: it must never become a Service's selector, which would then have none.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from typing import Any

# Labels that controllers give single pods, revisions and runs: a selector with one of them ends with the next rollout.
# One more, of OpenShift's alone, is `openshift`'s. Source: apps/v1 and batch/v1 well-known labels, argoproj.io and
# kubevirt.io API types.
FLEETING_LABELS = frozenset(
    {
        "pod-template-hash",
        "controller-revision-hash",
        "pod-template-generation",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "rollouts-pod-template-hash",
        "kubevirt.io/created-by",
        "kubevirt.io/nodeName",
        "kubevirt.io/migrationTargetNodeName",
        "kubevirt.io/migrationJobUID",
        "kubevirt.io/vm-pool-revision-name",
    }
)

POD_LABELS = frozenset({"statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"})
"""Those that a pod's successor has again: a selector with one of them means that pod, for good."""


def lasting(labels: Mapping[str, str], fleeting: Container[str] = FLEETING_LABELS) -> dict[str, str]:
    """The labels that stay when pods are replaced."""
    return {key: value for key, value in labels.items() if key not in fleeting}


def flat_selector(selector: Mapping[str, Any]) -> dict[str, str]:
    """A LabelSelector as a map; empty for one that no map says.

    `key In [value]` is the same as `key: value`; any other expression has no place in a Service.
    """
    flat = dict(selector.get("matchLabels") or {})
    for expression in selector.get("matchExpressions") or ():
        key: str = expression.get("key", "")
        values: Sequence[str] = expression.get("values") or ()
        if expression.get("operator") != "In" or len(values) != 1 or flat.get(key, values[0]) != values[0]:
            return {}
        flat[key] = values[0]
    return flat


def why_not_flat(kind: str, selector: Mapping[str, Any]) -> str:
    """What kubectl says of a LabelSelector that no map says."""
    if selector.get("matchLabels"):
        return cannot_convert(selector)
    return f"invalid {kind.lower()}: no selectors, therefore cannot be exposed"


def cannot_convert(selector: Mapping[str, Any]) -> str:
    """What kubectl says of expressions that have no place in a map."""
    expressions = _as_go_prints(selector.get("matchExpressions") or ())
    return f'couldn\'t convert expressions - "{expressions}" to map-based selector format'


def _as_go_prints(expressions: Sequence[Mapping[str, Any]]) -> str:
    """The expressions as fmt's %+v prints []LabelSelectorRequirement, for kubectl's own sentence."""
    printed = (
        f"{{Key:{e.get('key', '')} Operator:{e.get('operator', '')} Values:[{' '.join(e.get('values') or ())}]}}"
        for e in expressions
    )
    return f"[{' '.join(printed)}]"


def parse_selector(text: str) -> dict[str, str]:
    """The map that a label selector in its string form says; empty for one that no map says, or that is none.

    Terms are `key=value`, `key==value` and `key in (value)` (apimachinery pkg/labels/selector.go `Parse`).
    """
    import re  # only scale subresources of custom resources come in this form

    space, word = "[ \\t\\r\\n]", "[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?"
    values = f"==?{space}*(?P<equal>(?:{word})?)|{space}in{space}*\\({space}*(?P<only>(?:{word})?){space}*\\)"
    term = re.compile(f"{space}*(?P<key>(?:{word}/)?{word}){space}*(?:{values}){space}*")
    flat: dict[str, str] = {}
    for part in text.split(","):
        found = term.fullmatch(part)
        if not found:
            return {}
        key, value = found["key"], found["equal"] or found["only"] or ""
        if flat.setdefault(key, value) != value:
            return {}
    return flat
