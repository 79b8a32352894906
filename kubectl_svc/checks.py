"""What is worth a warning before a Service is printed that no server has seen.

kubectl prints such Services on a client dry run without a word; online the server is the check.
"""

from __future__ import annotations

from kubectl_svc.flags import PROTOCOLS, SERVICE_TYPES
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


def warnings_for(service: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about values that every server refuses, each with its field (core/v1 ServiceSpec validation)."""
    spec = service["spec"]
    service_type = spec.get("type", "ClusterIP")
    if service_type not in SERVICE_TYPES:
        yield f"spec.type: {quote(service_type)} is not one of {', '.join(SERVICE_TYPES)}: the server will refuse it"
    for index, port in enumerate(spec.get("ports") or ()):
        if not 1 <= port["port"] <= 65535:
            yield f"spec.ports[{index}].port: {port['port']} is not between 1 and 65535: the server will refuse it"
        protocol = port.get("protocol", "TCP")
        if protocol not in PROTOCOLS:
            yield (
                f"spec.ports[{index}].protocol: {quote(protocol)} is not one of {', '.join(PROTOCOLS)}: "
                "the server will refuse it"
            )
