"""The endpoints of a Service as its EndpointSlices say them, one for each pod whatever its families and slices.

Source: k8s.io/api discovery/v1 types.go; kubernetes pkg/proxy/endpointslicecache.go.
"""

from __future__ import annotations

from kubectl_svc.reachability.model import (
    Endpoint,
    PortState,
    is_headless,
    name_of,
    namespace_of,
    spec_of,
    status_of,
    type_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kubectl_svc.reachability.model import Manifest


def serves(service: Manifest, endpoint_slice: Manifest) -> bool:
    """Whether the slice has addresses of one of the families in which the Service is reached; names are none.

    kube-proxy has a table for each family; DNS, which is all that a headless Service is, has no such rule.
    """
    families = spec_of(service).get("ipFamilies") or ()
    kind = endpoint_slice.get("addressType")
    if kind == "FQDN":
        return False
    return is_headless(service) or not families or not kind or kind in families


def read_endpoints(service: Manifest, slices: Iterable[Manifest]) -> tuple[Endpoint, ...]:
    """The endpoints in the order of their slices' names; what a slice leaves open is ready, as for kube-proxy."""
    merged: dict[object, Endpoint] = {}
    for each in sorted((one for one in slices if serves(service, one)), key=name_of):
        # kube-proxy leaves a port without a number out, whatever the API says that it means.
        ports = tuple(
            (port.get("name") or "", int(port["port"]), port.get("protocol") or "TCP")
            for port in each.get("ports") or ()
            if port.get("port")
        )
        for raw in each.get("endpoints") or ():
            found = _endpoint(raw, ports, each)
            key = found.pod_uid or found.pod or found.addresses
            known = merged.get(key)
            merged[key] = found if known is None else _joined(known, found)
    return tuple(merged.values())


def _endpoint(raw: Manifest, ports: tuple[tuple[str, int, str], ...], of: Manifest) -> Endpoint:
    conditions = raw.get("conditions") or {}
    target = raw.get("targetRef") or {}
    is_pod = target.get("kind") == "Pod" and target.get("namespace") in (None, "", namespace_of(of))
    return Endpoint(
        addresses=tuple(raw.get("addresses") or ()),
        ready=conditions.get("ready") is not False,
        serving=conditions.get("serving", conditions.get("ready")) is not False,
        terminating=conditions.get("terminating") is True,
        ports=ports,
        pod=target.get("name") or "" if is_pod else "",
        pod_uid=target.get("uid") or "" if is_pod else "",
        node=raw.get("nodeName") or "",
        zone=raw.get("zone") or "",
        hostname=raw.get("hostname") or "",
        slices=(name_of(of),),
    )


def _joined(one: Endpoint, other: Endpoint) -> Endpoint:
    """The same pod in another slice: of the other family, or with other ports."""
    return one.but(
        addresses=tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        ready=one.ready or other.ready,
        serving=one.serving or other.serving,
        terminating=one.terminating and other.terminating,
        ports=tuple(dict.fromkeys((*one.ports, *other.ports))),
        slices=(*one.slices, *other.slices),
    )


def port_states(service: Manifest, endpoints: Sequence[Endpoint]) -> tuple[PortState, ...]:
    """Each port of the Service with its endpoints; a headless Service that has no ports is told by its addresses."""
    ports = spec_of(service).get("ports") or () if type_of(service) != "ExternalName" else ()
    states = [_state(port, endpoints) for port in ports]
    if not states and is_headless(service):
        states = [_split(PortState(), endpoints)]
    return tuple(states)


def _state(port: Manifest, endpoints: Iterable[Endpoint]) -> PortState:
    name, protocol, number = port.get("name") or "", port.get("protocol") or "TCP", port.get("port") or 0
    state = PortState(
        name=name,
        number=number,
        protocol=protocol,
        app_protocol=port.get("appProtocol") or "",
        target=port.get("targetPort") or number,
        node_port=port.get("nodePort") or 0,
    )
    return _split(state, (one for one in endpoints if one.port(name, protocol) is not None))


def _split(state: PortState, endpoints: Iterable[Endpoint]) -> PortState:
    found = tuple(endpoints)
    return state.but(
        ready=tuple(one for one in found if one.ready), not_ready=tuple(one for one in found if not one.ready)
    )


def balancer_addresses(service: Manifest) -> tuple[str, ...]:
    """The addresses and host names that a load balancer has reported."""
    ingress = (status_of(service).get("loadBalancer") or {}).get("ingress") or ()
    return tuple(address for each in ingress if (address := each.get("ip") or each.get("hostname") or ""))


def has_endpoints(service: Manifest, slices: Iterable[Manifest]) -> bool:
    """Whether something ready is behind every port of the Service; behind a headless one, whether anything is ready."""
    if type_of(service) == "ExternalName":
        return True
    endpoints = read_endpoints(service, slices)
    if is_headless(service):
        return any(one.ready for one in endpoints)
    states = port_states(service, endpoints)
    return bool(states) and all(state.ready for state in states)


def is_reached(service: Manifest, slices: Iterable[Manifest]) -> bool:
    """Whether the Service is where `--wait` ends: something is ready, and a load balancer has an address if one is due.

    An ExternalName is at once: nothing of it can be waited for.
    """
    if type_of(service) == "LoadBalancer" and not balancer_addresses(service):
        return False
    return has_endpoints(service, slices)
