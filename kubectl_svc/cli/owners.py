"""Whose a node port or a cluster IP is that the server refuses to give out twice."""

from __future__ import annotations

from kubectl_svc.errors import StatusError, UnreachableError
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from kubectl_svc.access.cluster import Cluster

_TAKEN = (": provided port is already allocated", ": provided IP is already allocated")


def name_owners(error: StatusError, cluster: Cluster) -> tuple[str, ...]:
    """Sentences that name the Service which has what was asked for; none for another refusal, or where it is not seen.

    Source: kubernetes pkg/registry/core/service/portallocator and ipallocator (`ErrAllocated`).
    """
    taken = [_value(message) for _, message in error.causes if any(words in message for words in _TAKEN)]
    if not taken:
        return ()
    try:
        services = [each for page in cluster.quietly().pages(SERVICES.path(""), {}) for each in page.get("items") or ()]
    except (StatusError, UnreachableError):
        return ()  # what was refused counts more
    owners = {held: _called(each) for each in services if isinstance(each, dict) for held in _held(each)}
    return tuple(f"{value} is that of Service {owners[value]}" for value in dict.fromkeys(taken) if value in owners)


def _value(message: str) -> str:
    """The number or address in `Invalid value: 30080: provided port is already allocated`."""
    return message.partition("Invalid value: ")[2].split(": ")[0].strip('"[]')


def _held(service: Mapping[str, Any]) -> Iterator[str]:
    spec = service.get("spec") or {}
    yield from (str(each) for each in spec.get("clusterIPs") or ())
    for port in spec.get("ports") or ():
        yield str(port.get("nodePort") or "")
    yield str(spec.get("healthCheckNodePort") or "")


def _called(service: Mapping[str, Any]) -> str:
    metadata = service.get("metadata") or {}
    return f"{metadata.get('namespace')}/{metadata.get('name')}"
