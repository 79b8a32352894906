"""Any other custom resource, by its shape: its scale subresource says which pods are its own, or its pod template does.

A selector of the scale subresource is not believed blindly: that of a VirtualMachinePool or of a cluster's machines
selects no pods at all, and that of a blue-green Rollout one revision's.
"""

from __future__ import annotations

from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.go_structs import decode, struct
from kubectl_svc.golang import quote
from kubectl_svc.value import Value
from kubectl_svc.workloads.model import reason_of
from kubectl_svc.workloads.objects import has_pod_template
from kubectl_svc.workloads.pod_template import labels_of, of_template
from kubectl_svc.workloads.selectors import cannot_convert, flat_selector, lasting, parse_selector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload

ADVICE = "--selector and --port say what to expose"
"""What to do about a custom resource that says nothing of any pods."""


def read_custom_resource(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A custom resource with a scale subresource, or with a pod template; or any, where a selector was typed."""
    spec = manifest.get("spec")
    template = spec["template"] if spec and has_pod_template(manifest) else None
    labels = lasting(labels_of(template))
    workload = of_template(manifest, template, selector={}).but(template_labels=template and labels_of(template))
    if not lookup.selects:
        return workload
    scale = _read_scale(lookup, labels)
    if scale.selector:
        unsure = f"{workload} is selected by {scale.problem}" if scale.problem else ""
        return workload.but(selector=scale.selector, unsure=unsure)
    if template is None:
        reason = f"{workload} has no pod template, and {scale.problem}"
        return workload.but(no_selector=reason)
    return _templated(workload, labels, spec and spec.get("selector"), scale)


def is_shapeless(workload: Workload) -> bool:
    """Whether a custom resource says nothing of any pods, though that was asked of it."""
    return workload.template_labels is None and bool(workload.no_selector)


class _Scale(Value):
    """The selector of a scale subresource, and what is not known of it; or why there is none to use."""

    selector: Mapping[str, str] = {}
    problem: str = ""
    doubtful: bool = False  # there may be a scale subresource that says something else than what is used instead


def _read_scale(lookup: Lookup, labels: Mapping[str, str]) -> _Scale:
    """The selector of the object's scale subresource, held against its pods and the labels of its pod template."""
    scale = lookup.scale()
    if isinstance(scale, SvcError):
        if not _has_failed(scale):
            return _Scale(problem=str(scale))
        return _Scale(problem=f"its scale subresource could not be read ({reason_of(scale)})", doubtful=True)
    status = scale.get("status") or {}
    said = status.get("selector") or ""
    if not said:
        return _Scale(problem="its scale subresource has no selector")
    selector = lasting(parse_selector(said))
    if not selector:
        return _Scale(problem=f"no Service can have the selector {quote(said)} of its scale subresource", doubtful=True)
    found = lookup.has_pods(_words(selector)) if status.get("replicas") else True
    if isinstance(found, SvcError):
        return _unverified(selector, labels, reason_of(found))
    if not found:
        return _Scale(problem=f"no pods have the selector {quote(said)} of its scale subresource", doubtful=True)
    return _Scale(selector=selector)


def _unverified(selector: Mapping[str, str], labels: Mapping[str, str], reason: str) -> _Scale:
    """The selector of a scale subresource, whose pods cannot be seen: believed where the template does not deny it."""
    words = quote(_words(selector))
    if labels and not selector.items() <= labels.items():
        lacks = f"its pod template lacks {words}, the selector of its scale subresource"
        problem = f"{lacks}; whether any pods have that is not known ({reason}). If so: --selector {_words(selector)}"
        return _Scale(problem=problem, doubtful=True)
    return _Scale(
        selector=selector,
        problem=f"the selector {words} of its scale subresource; whether any pods have that is not known ({reason})",
    )


def _has_failed(error: SvcError) -> bool:
    """Whether a server refused to answer, or could not; else there is nothing to be had, or nobody to ask."""
    if isinstance(error, StatusError):
        return error.reason != "NotFound"
    return isinstance(error, UnreachableError)


def _templated(workload: Workload, labels: Mapping[str, str], spoken: object, scale: _Scale) -> Workload:
    """The workload with its own `spec.selector`, where that selects the pods of its template, else by their labels."""
    try:
        own = _own_selector(spoken)
    except SvcError as problem:
        return workload.but(no_selector=str(problem))
    doubts = [scale.problem] if scale.doubtful else []
    if not labels:
        return workload.but(no_selector=", and ".join(["the pods of its template have no labels that last", *doubts]))
    fits = own.items() <= labels.items()
    if not fits:
        doubts = [f"its pod template lacks {quote(_words(own))}, its spec.selector", *doubts]
    used, called = (own, "its spec.selector") if own and fits else (labels, "the labels of its pod template")
    unsure = f"{workload} is selected by {called} ({_words(used)}): {'; '.join(doubts)}" if doubts else ""
    return workload.but(selector=used, unsure=unsure)


def _words(selector: Mapping[str, str]) -> str:
    """The string form of a selector."""
    return ",".join(f"{key}={value}" for key, value in selector.items())


def _own_selector(spoken: object) -> dict[str, str]:
    """A LabelSelector, a plain map or the string form as a map; empty for anything else.

    Raises SvcError for a LabelSelector that no map says: the labels of the template may select more than it.
    """
    if isinstance(spoken, str):
        return lasting(parse_selector(spoken))
    if not isinstance(spoken, dict):
        return {}
    if not {"matchLabels", "matchExpressions"} & spoken.keys():
        return lasting(spoken) if all(isinstance(value, str) for value in spoken.values()) else {}
    try:
        selector = decode(struct("LabelSelector"), spoken)
    except ValueError:
        return {}
    flat = flat_selector(selector)
    if not flat and selector.get("matchExpressions"):
        raise SvcError(cannot_convert(selector))
    return lasting(flat)
