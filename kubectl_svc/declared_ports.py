"""What a workload declares of its ports, found by what the port of a Service means. Pure; makes no ServicePorts."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import listed, quote
from kubectl_svc.workloads.model import WorkloadPort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubectl_svc.service_options import PortOptions
    from kubectl_svc.workloads.model import Workload


class Declared:
    """What a workload declares of its ports, to be found by what a port means."""

    def __init__(self, workload: Workload, options: PortOptions) -> None:
        """Raises SvcError for a container that there is not, and for a protocol that kubectl refuses."""
        self.keeps_ports = workload.keeps_ports
        self._by_number: dict[int, list[WorkloadPort]] = {}
        self._by_target: dict[int | str, list[WorkloadPort]] = {}
        derived = declared_ports(workload, options)
        self.protocols = _declared_protocols(derived)
        """Of each number, by its word."""
        for port in workload.ports if workload.keeps_ports else ():
            self._by_number.setdefault(port.number, []).append(port)
            self._by_target.setdefault(port.target or port.number, []).append(port)
        if not workload.keeps_ports:
            self._by_target = _by_target(derived)
            if not options.containers:  # endpoints find sidecars too; nobody else's port is hidden by them
                self._by_target = {**_by_target(workload.ports), **self._by_target}

    def behind(self, number: int, target: int | str) -> list[WorkloadPort]:
        """The declared ports that a target means; an empty one was left open.

        Of a Service these are the ports with the target, else those with the number. Of a workload they are the ports
        that would be derived, else, where no container was named, those of native sidecars.
        """
        if self.keeps_ports:
            return self._by_target.get(target) or self._by_number.get(number, [])
        return self._by_target.get(target or number, [])

    def source(self, number: int, protocol: str) -> WorkloadPort:
        """The port of the copied Service with that number, preferably of the same protocol; or an empty one."""
        same_number = self._by_number.get(number, [])
        same_protocol = [port for port in same_number if port.protocol == protocol]
        return next(iter(same_protocol or same_number), WorkloadPort(number=number))


def _by_target(ports: Iterable[WorkloadPort]) -> dict[int | str, list[WorkloadPort]]:
    """Container ports by the number and by the name that a target may be."""
    found: dict[int | str, list[WorkloadPort]] = {}
    for port in ports:
        found.setdefault(port.number, []).append(port)
        if port.name:
            found.setdefault(port.name, []).append(port)
    return found


def declared_ports(workload: Workload, options: PortOptions) -> tuple[WorkloadPort, ...]:
    """The ports that the workload declares: of the containers that were named, else of all but native sidecars.

    Raises SvcError for a container that there is not.
    """
    if not options.containers:
        return tuple(port for port in workload.ports if not port.sidecar)
    for name in options.containers:
        if name not in workload.containers:
            has = f"only {listed(workload.containers)}" if workload.containers else "no containers"
            raise SvcError(f"--container {quote(name)}: {workload} has {has}")
    return tuple(port for port in workload.ports if port.container in options.containers)


def _declared_protocols(declared: Iterable[WorkloadPort]) -> dict[str, list[str]]:
    """The protocols that are declared for each number, by its word.

    kubectl carries them as `80/TCP,80/UDP`, so a protocol with a comma or a slash, which only a file can hold, is
    refused (pkg/cmd/expose `parseProtocols`).
    """
    protocols: dict[str, list[str]] = {}
    words = ",".join(f"{port.number}/{port.protocol}" for port in declared)
    for pair in words.split(",") if words else ():
        number, slash, protocol = pair.partition("/")
        if not slash or "/" in protocol:
            raise SvcError(f"unexpected port protocol mapping: {pair}")
        if not number:
            raise SvcError("unexpected empty port")
        if not protocol:
            raise SvcError("unexpected empty protocol")
        protocols.setdefault(number, []).append(protocol)
    return protocols
