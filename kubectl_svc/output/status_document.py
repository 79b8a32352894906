"""A Service's status for programs. The names of the fields never change, and every field is always there."""

from __future__ import annotations

from kubectl_svc.reachability.model import is_headless, spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kubectl_svc.reachability.model import Endpoint, PortState, Status


def as_document(status: Status) -> dict[str, Any]:
    """The status as a JSON object; `reachable` is null where that cannot be seen."""
    spec = spec_of(status.service)
    cluster_ip = spec.get("clusterIP") or ""
    return {
        "name": status.name,
        "namespace": status.namespace,
        "type": status.type,
        "headless": is_headless(status.service),
        "reachable": status.reachable,
        "clusterIPs": list(spec.get("clusterIPs") or ([cluster_ip] if cluster_ip else [])),
        "externalIPs": list(spec.get("externalIPs") or ()),
        "externalName": spec.get("externalName") or "",
        "selector": dict(spec.get("selector") or {}),
        "dnsNames": list(status.dns_names),
        "ports": [_port(port, is_seen=status.is_seen) for port in status.ports],
        "nodeURLs": list(status.node_urls),
        "nodeCount": status.node_count,
        "loadBalancer": _balancer(status) if status.type == "LoadBalancer" else None,
        "diagnoses": [
            {"code": each.code, "level": each.level, "message": each.message, "commands": list(each.commands)}
            for each in status.diagnoses
        ],
    }


def _balancer(status: Status) -> dict[str, Any]:
    return {
        "class": spec_of(status.service).get("loadBalancerClass") or "",
        "addresses": list(status.balancer_addresses),
        "urls": list(status.balancer_urls),
        "pending": status.pending,
    }


def _port(port: PortState, *, is_seen: bool) -> dict[str, Any]:
    return {
        "name": port.name,
        "port": port.number or None,
        "protocol": port.protocol,
        "appProtocol": port.app_protocol,
        "targetPort": port.target or None,
        "nodePort": port.node_port or None,
        "ready": len(port.ready) if is_seen else None,
        "notReady": len(port.not_ready) if is_seen else None,
        "endpoints": [_endpoint(one, port) for one in (*port.ready, *port.not_ready)],
    }


def _endpoint(one: Endpoint, port: PortState) -> dict[str, Any]:
    return {
        "addresses": list(one.addresses),
        "port": one.port(port.name, port.protocol),
        "ready": one.ready,
        "serving": one.serving,
        "terminating": one.terminating,
        "pod": one.pod,
        "node": one.node,
        "zone": one.zone,
    }
