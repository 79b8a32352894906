"""Nodes: none answers, or a policy keeps traffic on nodes that have no endpoint."""

from __future__ import annotations

from kubectl_svc.golang import listed
from kubectl_svc.reachability.addresses import is_ready
from kubectl_svc.reachability.model import WARNING, Diagnosis, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.reachability.view import View


def none_is_ready(view: View) -> Iterator[Diagnosis]:
    """Every node has reported that it is not ready, or there is none.

    Where pods are behind a Service that nodes do not serve, nobody has to look: there may be thousands of nodes.
    """
    if view.type not in ("NodePort", "LoadBalancer") and (view.is_served or not view.selector):
        return
    nodes = view.scene.nodes()
    if nodes is None or any(is_ready(node) for node in nodes):
        return
    message = f"none of the {len(nodes)} nodes is ready" if len(nodes) > 1 else "the only node is not ready"
    message = message if nodes else "the cluster has no nodes"
    first = f"kubectl describe node {name_of(nodes[0])}" if nodes else "kubectl get nodes"
    yield Diagnosis(code="NoNodeReady", message=message, commands=("kubectl get nodes", first)[: 2 if nodes else 1])


def external_policy(view: View) -> Iterator[Diagnosis]:
    """externalTrafficPolicy Local: a node without an endpoint of its own drops what comes in."""
    local = view.spec.get("externalTrafficPolicy") == "Local"
    if not local or view.type not in ("NodePort", "LoadBalancer") or not view.ready_endpoints:
        return
    where = {one.node for one in view.ready_endpoints} - {""}
    nodes = view.scene.nodes()
    if where and (nodes is None or any(is_ready(node) and name_of(node) in where for node in nodes)):
        return
    which = f"are on {listed(sorted(where))}, no node that is ready" if where else "name no node"
    yield Diagnosis(
        code="LocalPolicyWithoutEndpoint",
        message=f"externalTrafficPolicy is Local, and the ready endpoints {which}: traffic from outside is dropped",
        commands=(view.patch('{"externalTrafficPolicy":"Cluster"}'), view.kubectl("get", "pods", "-o", "wide")),
    )


def internal_policy(view: View) -> Iterator[Diagnosis]:
    """internalTrafficPolicy Local: pods on a node without an endpoint do not reach the Service."""
    if view.spec.get("internalTrafficPolicy") != "Local" or view.is_headless or not view.ready_endpoints:
        return
    where = {one.node for one in view.ready_endpoints} - {""}
    commands = (view.patch('{"internalTrafficPolicy":"Cluster"}'), view.kubectl("get", "pods", "-o", "wide"))
    nodes = view.scene.nodes()
    if not where or (nodes is not None and not any(is_ready(node) and name_of(node) in where for node in nodes)):
        which = f"are on {listed(sorted(where))}, no node that is ready" if where else "name no node"
        yield Diagnosis(
            code="LocalPolicyWithoutEndpoint",
            message=f"internalTrafficPolicy is Local, and the ready endpoints {which}: traffic of pods is dropped",
            commands=commands,
        )
        return
    without = sorted(name_of(node) for node in nodes or () if is_ready(node) and name_of(node) not in where)
    if without:
        shown = listed(without[:3]) + (f" and {len(without) - 3} more" if len(without) > 3 else "")
        yield Diagnosis(
            code="LocalPolicyLeavesNodesOut",
            level=WARNING,
            message=f"internalTrafficPolicy is Local, and {len(without)} of {len(nodes or ())} nodes have no ready "
            f"endpoint ({shown}): pods there do not reach it",
            commands=commands,
        )
