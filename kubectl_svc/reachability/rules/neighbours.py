"""What stands beside a Service: its own deletion, other Services, the server's allocators."""

from __future__ import annotations

from kubectl_svc.golang import listed, quote
from kubectl_svc.reachability.model import (
    POSSIBLE,
    WARNING,
    Diagnosis,
    is_headless,
    labels_of,
    metadata_of,
    name_of,
    namespace_of,
    one_line,
    spec_of,
    type_of,
)
from kubectl_svc.reachability.rules.makers import POD_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kubectl_svc.reachability.model import Manifest
    from kubectl_svc.reachability.view import View

# Of kube-apiserver's repair controllers (registry/core/service/ipallocator and portallocator, controller/repair.go):
# those that ask for the Service to be made again. What was not allocated is repaired at once.
_PORT_TAKEN = ("PortAlreadyAllocated", "PortOutOfRange", "PortRangeFull")
_ADDRESS_LOST = ("ClusterIPAlreadyAllocated", "ClusterIPOutOfRange", "ClusterIPNotValid", "ServiceCIDRFull")
_MANNERS = (
    "sessionAffinity", "externalTrafficPolicy", "internalTrafficPolicy", "loadBalancerClass", "loadBalancerIP",
    "loadBalancerSourceRanges", "externalIPs", "publishNotReadyAddresses", "ipFamilies", "trafficDistribution",
)  # fmt: skip


def is_being_deleted(view: View) -> Iterator[Diagnosis]:
    """A finalizer holds it: what has to be cleaned up is not done yet."""
    since = metadata_of(view.service).get("deletionTimestamp")
    if since:
        held = listed(metadata_of(view.service).get("finalizers") or ())
        yield Diagnosis(
            code="BeingDeleted",
            level=WARNING,
            message=f"it is being deleted since {since}" + (f", held by the finalizers {held}" if held else ""),
            commands=(view.kubectl("describe", "service", view.name),),
        )


def is_refused_by_an_allocator(view: View) -> Iterator[Diagnosis]:
    """The server has found, after the fact, that a node port or a cluster IP is not this Service's alone."""
    events = view.scene.events() or ()
    for reasons, code in ((_PORT_TAKEN, "NodePortClash"), (_ADDRESS_LOST, "ClusterIPClash")):
        told = [event for event in events if event.get("reason") in reasons]
        if told:
            yield Diagnosis(
                code=code,
                level=WARNING,
                message=f"{told[-1].get('reason')}: {one_line(told[-1].get('message'))}",
                commands=("kubectl get services -A", view.kubectl("edit", "service", view.name)),
            )


def shares_a_node_port(view: View) -> Iterator[Diagnosis]:
    """Another Service that is at hand has the same node port: no server gives it out twice, but a restored one may."""
    own = {(port.node_port, port.protocol) for port in view.ports if port.node_port}
    for number, protocol in sorted(own):
        others = [
            each for each in view.scene.node_ports().get((number, protocol), ()) if each != (view.namespace, view.name)
        ]
        for namespace, name in others:
            yield Diagnosis(
                code="NodePortClash",
                level=WARNING,
                message=f"node port {number}/{protocol} is also that of Service {namespace}/{name}",
                commands=(view.kubectl("edit", "service", view.name),),
            )


def is_a_duplicate(view: View) -> Iterator[Diagnosis]:
    """Another Service of the same type leads the same ports to the same pods."""
    pods = view.pods
    if not pods:
        return
    for other in view.scene.services() or ():
        selector = spec_of(other).get("selector") or {}
        if namespace_of(other) != view.namespace or name_of(other) == view.name or not selector:
            continue
        if POD_NAME in selector or POD_NAME in view.selector:
            continue  # one for each pod of a StatefulSet, which may have one only
        same = _manner(other) == _manner(view.service) and _leads(other) == _leads(view.service)
        if same and _selects(selector, view, pods):
            yield Diagnosis(
                code="DuplicateService",
                level=POSSIBLE,
                message=f"Service {quote(name_of(other))} leads the same ports to the same pods: one of the two may be "
                "left over",
                commands=(view.kubectl("get", "services", view.name, name_of(other), "-o", "yaml"),),
            )
            return


def _manner(service: Manifest) -> tuple[object, ...]:
    """What two Services for the same pods may well be there for, if it differs."""
    spec, metadata = spec_of(service), metadata_of(service)
    annotations = metadata.get("annotations") or {}
    # Those of a load balancer tell its controller what is wanted.
    wishes = {key: value for key, value in annotations.items() if not key.startswith("kubectl.kubernetes.io/")}
    return (
        type_of(service),
        is_headless(service),
        bool(metadata.get("deletionTimestamp")),
        [spec.get(each) for each in _MANNERS],
        wishes if type_of(service) == "LoadBalancer" else None,
        # Argo Rollouts has a Service for each of two revisions, which are alike while there is only one.
        name_of(service) if "rollout" in str((*(spec.get("selector") or ()), *annotations)) else "",
    )


def _leads(service: Manifest) -> set[tuple[object, ...]]:
    ports = spec_of(service).get("ports") or ()
    return {
        (each.get("port"), each.get("protocol") or "TCP", each.get("targetPort") or each.get("port")) for each in ports
    }


def _selects(selector: Mapping[str, str], view: View, pods: Sequence[Manifest]) -> bool:
    """Whether the selector, in other words or not, means these pods and no others."""
    if selector == view.selector:
        return True
    if not all(selector.items() <= labels_of(pod).items() for pod in pods):
        return False
    everything = view.scene.pod_labels() or {}
    return sum(selector.items() <= labels.items() for labels in everything.values()) == len(pods)
