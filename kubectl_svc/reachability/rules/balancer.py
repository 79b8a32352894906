"""Why a load balancer has no address yet.

Who serves a load balancer is not in the API: a controller shows itself by events, conditions and finalizers. Nothing is
said of what none of them shows.
Source: cloud-provider controllers/service/controller.go; KEP-1435 (mixed protocols); core/v1 `PortStatus`.
"""

from __future__ import annotations

from kubectl_svc.golang import quote
from kubectl_svc.reachability.endpoints import balancer_addresses
from kubectl_svc.reachability.model import WARNING, Diagnosis, condition, metadata_of, one_line, status_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kubectl_svc.reachability.model import Manifest
    from kubectl_svc.reachability.view import View

# Of these events load balancers' controllers know nothing.
_OTHERS = (
    "FailedToList", "FailedToUpdateEndpoint", "FailedToCreateEndpoint", "TopologyAware", "ClusterIP", "ServiceCIDR",
    "PortAlreadyAllocated", "PortNotAllocated", "PortOutOfRange", "PortRangeFull", "UnknownError",
)  # fmt: skip
_MIXED = ("mixed protocol", "mixed-protocol", "mixedprotocol", "multiple protocols", "mix protocol")
_PORTS_ERROR = "LoadBalancerPortsError"


def is_pending(view: View) -> Iterator[Diagnosis]:
    """The load balancer's controller says why, or nobody has taken the Service up."""
    if view.type != "LoadBalancer" or balancer_addresses(view.service):
        return
    events = view.scene.events()
    told = _told(events or ())
    said = _said(view, told)
    describe = view.kubectl("describe", "service", view.name)
    if said and _is_mixed(view, said):
        yield Diagnosis(
            code="MixedProtocolsRefused",
            message=f"the load balancer does not take {' and '.join(_protocols(view))} on one Service: {said}; UDP can "
            "go to a second Service, and has to go from this one",
            commands=(describe, view.kubectl("edit", "service", view.name)),
        )
    elif said:
        yield Diagnosis(
            code="LoadBalancerFailed", message=f"the load balancer has no address: {said}", commands=(describe,)
        )
    elif told or _finalizers(view.service) or status_of(view.service).get("conditions"):
        newest = f": {one_line(told[-1].get('message') or told[-1].get('reason'))}" if told else ""
        yield Diagnosis(
            code="LoadBalancerInProgress",
            message=f"the load balancer's controller has taken it up and has given no address yet{newest}",
            commands=(view.kubectl("get", "service", view.name, "--watch"), describe),
        )
    elif events is None:
        yield Diagnosis(
            code="LoadBalancerPending",
            message="the load balancer has no address yet; what its controller says may not be read (events)",
            commands=(describe,),
        )
    else:
        yield _unanswered(view, describe)


def _unanswered(view: View, describe: str) -> Diagnosis:
    wanted = view.spec.get("loadBalancerClass")
    since = metadata_of(view.service).get("creationTimestamp")
    nobody = f"no event, condition or finalizer of a controller since {since}"
    if wanted:
        return Diagnosis(
            code="LoadBalancerClassUnknown",
            message=f"nobody has taken up the load balancer class {quote(wanted)} yet: {nobody}",
            commands=(describe, "kubectl svc providers"),
        )
    return Diagnosis(
        code="NoLoadBalancerController",
        message=f"nobody has taken up the load balancer yet: {nobody}; without one there are node ports only",
        commands=(describe, "kubectl svc providers"),
    )


def has_a_port_error(view: View) -> Iterator[Diagnosis]:
    """There is an address, and the load balancer does not serve one of the ports there."""
    ingress = (status_of(view.service).get("loadBalancer") or {}).get("ingress") or ()
    failed = {
        f"{port.get('port')}/{port.get('protocol') or 'TCP'}": str(port["error"])
        for each in ingress
        for port in each.get("ports") or ()
        if port.get("error")
    }
    for port, error in failed.items():
        yield Diagnosis(
            code="LoadBalancerPortFailed",
            message=f"the load balancer does not serve port {port}: {error}",
            commands=(view.kubectl("describe", "service", view.name),),
        )


def failed_since(view: View) -> Iterator[Diagnosis]:
    """There is an address, and the controller's newest event is a failure: the last change may not have got through."""
    if view.type != "LoadBalancer" or not balancer_addresses(view.service):
        return
    told = _told(view.scene.events() or ())
    if told and told[-1].get("type") == "Warning":
        yield Diagnosis(
            code="LoadBalancerFailed",
            level=WARNING,
            message=f"the load balancer has an address, and its controller's newest event is: {_event(told[-1])}",
            commands=(view.kubectl("describe", "service", view.name),),
        )


def _said(view: View, events: Sequence[Manifest]) -> str:
    """The controller's own words for what went wrong: of a condition, else of the newest event if that is a warning."""
    for found in status_of(view.service).get("conditions") or ():
        # Cilium's are True when all is well (operator/pkg/lbipam), the API's own when it is not.
        bad = "True" if str(found.get("type")).endswith("Error") else "False"
        if found.get("status") == bad:
            return f"{found.get('reason') or found.get('type')}: {one_line(found.get('message'))}"
    if events and events[-1].get("type") == "Warning":
        return _event(events[-1])
    # Some controllers announce each try: what the last one came to stands before that.
    if (
        len(events) > 1
        and str(events[-1].get("reason") or "").startswith("Ensuring")
        and events[-2].get("type") == "Warning"
    ):
        return _event(events[-2])
    return ""


def _told(events: Sequence[Manifest]) -> list[Manifest]:
    return [each for each in events if not str(each.get("reason") or "").startswith(_OTHERS)]


def _event(event: Manifest) -> str:
    return f"{event.get('reason') or 'event'}: {one_line(event.get('message'))}"


def _is_mixed(view: View, said: str) -> bool:
    found = condition(view.service, _PORTS_ERROR)
    reason = str((found or {}).get("reason") or "")
    return len(_protocols(view)) > 1 and ("MixedProtocol" in reason or any(words in said.lower() for words in _MIXED))


def _protocols(view: View) -> list[str]:
    return sorted({port.protocol for port in view.ports})


def _finalizers(service: Manifest) -> list[str]:
    return [
        each
        for each in metadata_of(service).get("finalizers") or ()
        if "/" in each and "foregroundDeletion" not in each
    ]
