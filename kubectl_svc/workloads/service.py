"""A Service as the source of another: its selector and its ports, whole.

kubectl copies the port numbers alone, so its copy points at the wrong port wherever targetPort differs from port.
"""

from __future__ import annotations

from kubectl_svc.workloads.model import Workload, WorkloadPort, described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup


def read_service(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A Service: what it selects, and each of its ports with name, target and application protocol."""
    spec = manifest.get("spec") or {}
    selector = spec.get("selector")
    return Workload(
        **described(manifest),
        selector=selector or {},
        no_selector="the service has no pod selector set" if selector is None else "",
        ports=tuple(
            WorkloadPort(
                number=port.get("port") or 0,
                protocol=port.get("protocol") or "TCP",
                name=port.get("name") or "",
                target=port.get("targetPort") or 0,
                app_protocol=port.get("appProtocol") or "",
            )
            for port in spec.get("ports") or ()
        ),
        keeps_ports=True,
    )
