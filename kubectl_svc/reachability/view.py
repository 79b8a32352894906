"""One Service as the rules look at it: what its slices come to, and what is around it."""

from __future__ import annotations

import functools

from kubectl_svc.reachability.endpoints import has_endpoints, port_states, read_endpoints
from kubectl_svc.reachability.model import (
    is_headless,
    is_true,
    kubectl,
    metadata_of,
    name_of,
    namespace_of,
    spec_of,
    status_of,
    type_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubectl_svc.reachability.model import Endpoint, Manifest, PortState, Scene

FINISHED = ("Succeeded", "Failed")
"""The phases of a pod that has come to its end, and is no endpoint any more."""


class View:
    """What the rules ask of a Service, each worked out when it is first asked for."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.service = scene.service
        self.spec = spec_of(scene.service)
        self.type = type_of(scene.service)
        self.name = name_of(scene.service)
        self.namespace = namespace_of(scene.service)
        self.selector: Mapping[str, str] = self.spec.get("selector") or {}
        self.is_headless = is_headless(scene.service)
        self.slices = () if self.type == "ExternalName" else scene.slices()
        self.endpoints: tuple[Endpoint, ...] = read_endpoints(scene.service, self.slices or ())
        self.ports: tuple[PortState, ...] = port_states(scene.service, self.endpoints)

    @functools.cached_property
    def is_served(self) -> bool | None:
        """Whether something ready is behind all of it; None where that may not be read."""
        return None if self.slices is None else has_endpoints(self.service, self.slices)

    @functools.cached_property
    def ready_endpoints(self) -> tuple[Endpoint, ...]:
        """Those that are ready, whatever their ports."""
        return tuple(one for one in self.endpoints if one.ready)

    @functools.cached_property
    def pods(self) -> Sequence[Manifest] | None:
        """The pods that the selector selects, finished and terminating ones too."""
        return self.scene.pods() if self.selector else ()

    @functools.cached_property
    def live_pods(self) -> list[Manifest]:
        """Those of them that are neither finished nor about to go; none where they may not be read."""
        pods = self.pods or ()
        return [pod for pod in pods if not is_finished(pod) and not is_terminating(pod)]

    @functools.cached_property
    def ready_pods(self) -> list[Manifest]:
        """Those of them that count as ready for the Service: of publishNotReadyAddresses all that have an address.

        Source: k8s.io/endpointslice util/controller_utils.go `ShouldPodBeInEndpoints`.
        """
        early = bool(self.spec.get("publishNotReadyAddresses"))
        return [pod for pod in self.live_pods if (early and pod_addresses(pod)) or is_true(pod, "Ready")]

    def kubectl(self, *words: str) -> str:
        """A command line for the Service's namespace."""
        return kubectl(self.service, *words)

    def patch(self, spec: str) -> str:
        """A command line that changes fields of the Service's spec, given as JSON."""
        return self.kubectl("patch", "service", self.name, "-p", f"'{{\"spec\":{spec}}}'")


def is_finished(pod: Manifest) -> bool:
    """Whether the pod has come to its end."""
    return status_of(pod).get("phase") in FINISHED


def is_terminating(pod: Manifest) -> bool:
    """Whether the pod is about to go."""
    return bool(metadata_of(pod).get("deletionTimestamp"))


def pod_addresses(pod: Manifest) -> list[str]:
    """The pod's IP addresses, of which it has none until its sandbox is there."""
    status = status_of(pod)
    found = [each.get("ip") or "" for each in status.get("podIPs") or ()] or [status.get("podIP") or ""]
    return [each for each in found if each]
