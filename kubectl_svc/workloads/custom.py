"""Any other custom resource, by its shape: its scale subresource says which pods are its own, or its pod template does.

A selector of the scale subresource is not believed blindly: that of a VirtualMachinePool or of a cluster's machines
selects no pods at all, and that of a blue-green Rollout one revision's.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.go_structs import decode, struct
from kubectl_svc.golang import quote
from kubectl_svc.value import Value
from kubectl_svc.workloads.objects import has_pod_template
from kubectl_svc.workloads.pod_template import labels_of, of_template
from kubectl_svc.workloads.selectors import cannot_convert, flat_selector, lasting, parse_selector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup
    from kubectl_svc.workloads.model import Workload


def read_custom_resource(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A custom resource with a scale subresource, or with a pod template; or any, where a selector was typed."""
    spec = manifest.get("spec")
    template = spec["template"] if spec and has_pod_template(manifest) else None
    workload = of_template(manifest, template, selector={}).but(template_labels=template and labels_of(template))
    if not lookup.selects:
        return workload
    scale = _read_scale(lookup)
    if scale.selector:
        return workload.but(selector=scale.selector)
    if template is None:
        reason = f"{workload} has no pod template, and {scale.problem}; --selector and --port say what to expose"
        return workload.but(no_selector=reason)
    unsure = f"{workload} is selected by its pod template, for {scale.problem}" if scale.said else ""
    return _templated(workload.but(unsure=unsure), spec and spec.get("selector"))


def is_shapeless(workload: Workload) -> bool:
    """Whether a custom resource says nothing of any pods, though that was asked of it."""
    return workload.template_labels is None and bool(workload.no_selector)


class _Scale(Value):
    """The selector of a scale subresource, or why that is no use; `said` where there is one all the same."""

    selector: Mapping[str, str] = {}
    problem: str = ""
    said: bool = False


def _read_scale(lookup: Lookup) -> _Scale:
    scale = lookup.scale()
    if isinstance(scale, SvcError):
        return _Scale(problem=str(scale))
    status = scale.get("status") or {}
    said = status.get("selector") or ""
    if not said:
        return _Scale(problem="its scale subresource has no selector")
    selector = lasting(parse_selector(said))
    if not selector:
        return _Scale(problem=f"no Service can have the selector {quote(said)} of its scale subresource", said=True)
    words = ",".join(f"{key}={value}" for key, value in selector.items())
    if status.get("replicas") and lookup.has_pods(words) is False:  # where nobody knows, it is believed
        return _Scale(problem=f"no pods have the selector {quote(said)} of its scale subresource", said=True)
    return _Scale(selector=selector)


def _templated(workload: Workload, spoken: object) -> Workload:
    """The workload with its own `spec.selector`, where that selects the pods of its template, else by their labels."""
    labels = lasting(workload.template_labels or {})
    try:
        own = _own_selector(spoken)
    except SvcError as problem:
        return workload.but(no_selector=str(problem))
    if own and own.items() <= labels.items():
        return workload.but(selector=own)
    no_selector = "" if labels else "the pods of its template have no labels that last"
    return workload.but(selector=labels, no_selector=no_selector)


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
