"""A headless Service, which is a DNS name with nothing behind it until a pod is ready."""

from __future__ import annotations

from kubectl_svc.reachability.model import WARNING, Diagnosis
from kubectl_svc.reachability.view import pod_addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.reachability.view import View


def has_no_ready_pod(view: View) -> Iterator[Diagnosis]:
    """Peers that wait for each other are never ready, unless DNS shows them before."""
    early = view.spec.get("publishNotReadyAddresses")
    if not view.is_headless or view.is_served is not False or view.ready_pods or early:
        return
    if any(map(pod_addresses, view.live_pods)):  # DNS cannot show the others before
        yield Diagnosis(
            code="HeadlessWithoutReadyPods",
            level=WARNING,
            message="DNS has no address for it until a pod is ready; pods that have to find each other first need "
            "publishNotReadyAddresses",
            commands=(view.patch('{"publishNotReadyAddresses":true}'),),
        )
