"""Network policies, which may keep traffic away: only the cluster's network knows whether they do."""

from __future__ import annotations

from kubectl_svc.golang import listed, quote
from kubectl_svc.label_selectors import Requirement
from kubectl_svc.reachability.model import POSSIBLE, Diagnosis, labels_of, name_of, spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.reachability.model import Manifest, PortState
    from kubectl_svc.reachability.view import View

_ALL = ("0.0.0.0/0", "::/0")
_OPERATORS = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}


def may_be_kept_away(view: View) -> Iterator[Diagnosis]:
    """Policies that isolate a pod and do not let everybody in to the port (networking/v1 `NetworkPolicySpec`)."""
    policies = [each for each in view.scene.policies() or () if _is_about_ingress(each)] if view.ready_pods else []
    if not policies:
        return
    for pod in _different(view.ready_pods):
        isolating = [each for each in policies if _matches(spec_of(each).get("podSelector") or {}, labels_of(pod))]
        if not isolating:
            continue
        shut = [port for port in view.ports if port.number and not _is_open(isolating, port, pod)]
        if shut:
            names = listed(name_of(each) for each in isolating)
            which = (
                f"the NetworkPolicy {names} selects" if len(isolating) == 1 else f"the NetworkPolicies {names} select"
            )
            lets = "does not let" if len(isolating) == 1 else "do not let"
            yield Diagnosis(
                code="NetworkPolicyMayBlock",
                level=POSSIBLE,
                message=f"{which} pod {quote(name_of(pod))} and {lets} everybody in to "
                f"{', '.join(port.called for port in shut)}, if the cluster's network enforces it",
                commands=(view.kubectl("describe", "networkpolicy", name_of(isolating[0])),),
            )
            return


def _different(pods: Sequence[Manifest]) -> Iterator[Manifest]:
    """One of each of those that differ in what a policy looks at: replicas are alike."""
    seen: set[tuple[object, ...]] = set()
    for pod in pods:
        key = (
            *sorted(labels_of(pod).items()),
            str([each.get("ports") for each in spec_of(pod).get("containers") or ()]),
        )
        if key not in seen:
            seen.add(key)
            yield pod


def _is_about_ingress(policy: Manifest) -> bool:
    types = spec_of(policy).get("policyTypes") or ("Ingress",)
    return "Ingress" in types


def _is_open(policies: list[Manifest], port: PortState, pod: Manifest) -> bool:
    """Whether any rule lets every source in: rules add up."""
    rules = [rule for each in policies for rule in spec_of(each).get("ingress") or ()]
    return any(_is_from_all(rule) and _has_port(rule.get("ports") or (), port, pod) for rule in rules)


def _is_from_all(rule: Manifest) -> bool:
    """Whether the rule names no source, or all pods of the cluster, or all addresses."""
    sources = rule.get("from") or ()
    return not sources or any(
        (each.get("namespaceSelector") == {} and not each.get("podSelector"))
        or ((each.get("ipBlock") or {}).get("cidr") in _ALL and not each["ipBlock"].get("except"))
        for each in sources
    )


def _has_port(ports: Sequence[Manifest], port: PortState, pod: Manifest) -> bool:
    target = _numbered(port.target, port.protocol, pod)
    same = [each for each in ports if (each.get("protocol") or "TCP") == port.protocol]
    return not ports or any(_includes(each, target, _numbered(each.get("port"), port.protocol, pod)) for each in same)


def _includes(allowed: Manifest, target: int | str, first: int | str | None) -> bool:
    if first is None or first == target:
        return True
    if not isinstance(first, int) or not isinstance(target, int):
        return False
    return first <= target <= (allowed.get("endPort") or first)


def _numbered(target: Any, protocol: str, pod: Manifest) -> Any:
    """The number that the pod has for the name of a port; what is no name, or none that it has, stays."""
    if not isinstance(target, str):
        return target
    for container in spec_of(pod).get("containers") or ():
        for port in container.get("ports") or ():
            if port.get("name") == target and (port.get("protocol") or "TCP") == protocol:
                return int(port.get("containerPort") or 0)
    return target


def _matches(selector: Manifest, labels: Mapping[str, str]) -> bool:
    """Whether a meta/v1 LabelSelector selects the labels; an empty one selects all."""
    requirements = [
        Requirement(key=key, operator="in", values=(value,))
        for key, value in (selector.get("matchLabels") or {}).items()
    ]
    requirements += [
        Requirement(
            key=each.get("key") or "",
            operator=_OPERATORS.get(each.get("operator") or "", "exists"),
            values=tuple(each.get("values") or ()),
        )
        for each in selector.get("matchExpressions") or ()
    ]
    return all(requirement.matches(labels) for requirement in requirements)
