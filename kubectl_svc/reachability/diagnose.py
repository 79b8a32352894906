"""Which rules are asked, in which order, and what a Service's status comes to."""

from __future__ import annotations

from kubectl_svc.reachability import addresses
from kubectl_svc.reachability.endpoints import balancer_addresses
from kubectl_svc.reachability.model import BROKEN, LEVELS, Status, is_headless
from kubectl_svc.reachability.rules import (
    balancer,
    external_name,
    headless,
    neighbours,
    nodes,
    pods,
    policies,
    ports,
    selection,
)
from kubectl_svc.reachability.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kubectl_svc.reachability.model import Diagnosis, Manifest, Scene

    Rule = Callable[[View], Iterator[Diagnosis]]

EXTERNAL_NAME: Sequence[Rule] = (external_name.is_an_address, external_name.is_a_service)
"""Of these the first that finds something counts; nothing else is asked of an ExternalName."""
NOTHING_BEHIND: Sequence[Rule] = (
    selection.has_no_selector,
    selection.selects_nothing,
    selection.selects_what_has_ended,
    nodes.none_is_ready,
    ports.has_no_target,
    ports.has_no_address,
    ports.is_not_taken_up,
    pods.not_ready,
    selection.hides_its_pods,
)
"""Asked where a port has no ready endpoint: the first that finds something is the cause."""
NO_ADDRESS: Sequence[Rule] = (balancer.is_pending,)
"""Asked of every load balancer, whatever is behind it."""
BESIDE: Sequence[Rule] = (
    headless.has_no_ready_pod,
    ports.leads_to_a_deleted_pod,
    ports.is_not_let_through,
    nodes.external_policy,
    nodes.internal_policy,
    balancer.has_a_port_error,
    balancer.failed_since,
    neighbours.is_being_deleted,
    neighbours.is_refused_by_an_allocator,
    neighbours.shares_a_node_port,
    ports.goes_by_another_protocol,
    neighbours.is_a_duplicate,
    policies.may_be_kept_away,
)
"""Asked of every Service but an ExternalName; each stands for itself."""
PARTLY_BEHIND: Sequence[Rule] = (nodes.none_is_ready, ports.has_no_target, pods.not_ready)
"""Asked where something is behind every port: what keeps some of the pods, or all nodes."""


def diagnose(scene: Scene) -> Status:
    """What can be said of the Service, the causes that break it first."""
    view = View(scene)
    # What a controller says may have any form.
    found = [each.but(message=" ".join(each.message.split())) for each in _diagnoses(view)]
    found.sort(key=lambda each: LEVELS.index(each.level))
    serving = None if (seen := _nodes(view)) is None else addresses.serving_nodes(view.service, seen, view.endpoints)
    balancers = balancer_addresses(view.service)
    pending = next((each.message for each in found if each.code in _PENDING and each.level == BROKEN), "")
    return Status(
        service=scene.service,
        reachable=_is_reachable(view, found),
        ports=view.ports,
        endpoints=view.endpoints,
        is_seen=view.slices is not None,
        dns_names=addresses.dns_names(view.service, view.endpoints),
        node_urls=addresses.node_urls(view.service, view.ports, serving or ()),
        node_count=None if serving is None else len(serving),
        balancer_addresses=balancers,
        balancer_urls=addresses.balancer_urls(view.ports, balancers),
        pending=pending,
        diagnoses=tuple(found),
    )


_PENDING = (
    "MixedProtocolsRefused", "LoadBalancerFailed", "LoadBalancerInProgress", "LoadBalancerPending",
    "LoadBalancerClassUnknown", "NoLoadBalancerController",
)  # fmt: skip


def _diagnoses(view: View) -> Iterator[Diagnosis]:
    if view.type == "ExternalName":
        yield from _first(EXTERNAL_NAME, view)
        return
    if view.is_served is False:
        yield from _first(NOTHING_BEHIND, view)
    elif view.is_served:
        yield from _first(PARTLY_BEHIND, view)
    for rule in (*NO_ADDRESS, *BESIDE):
        yield from rule(view)


def _first(rules: Iterable[Rule], view: View) -> Sequence[Diagnosis]:
    return next((found for rule in rules if (found := list(rule(view)))), [])


def _is_reachable(view: View, found: Iterable[Diagnosis]) -> bool | None:
    if any(each.level == BROKEN for each in found):
        return False
    return view.is_served


def _nodes(view: View) -> Sequence[Manifest] | None:
    """The nodes, where their ports are of use; asking for them is not for nothing."""
    if view.type not in ("NodePort", "LoadBalancer") or is_headless(view.service):
        return ()
    return view.scene.nodes() if any(port.node_port for port in view.ports) else ()
