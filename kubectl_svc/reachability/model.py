"""What is seen of a Service, and what is said of it."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any, Protocol

    Manifest = Mapping[str, Any]

    class Scene(Protocol):
        """One Service and what is around it, each part asked for when a rule asks, and as Go's structs hold it.

        None stands for what may not be read: a rule that rests on it says nothing.
        """

        @property
        def service(self) -> Manifest:
            """The Service itself."""

        def slices(self) -> Sequence[Manifest] | None:
            """Its EndpointSlices."""

        def pods(self) -> Sequence[Manifest] | None:
            """The pods that its selector selects; None too where that costs more than it is worth."""

        def pod_labels(self) -> Mapping[str, Mapping[str, str]] | None:
            """The labels of all pods of its namespace, by name."""

        def pod_names(self) -> Collection[str] | None:
            """The names of all pods of its namespace."""

        def namespaces_of_pods(self) -> Sequence[str] | None:
            """The other namespaces that have pods which its selector would select."""

        def workloads(self) -> Sequence[Manifest] | None:
            """What makes pods that its selector would select, each with its `kind`."""

        def machine(self, name: str) -> Manifest | None:
            """The VirtualMachine of that name in its namespace."""

        def instance(self, name: str) -> Manifest | None:
            """The VirtualMachineInstance of that name in its namespace."""

        def nodes(self) -> Sequence[Manifest] | None:
            """The nodes of the cluster."""

        def events(self, kind: str = "", name: str = "", uid: str = "") -> Sequence[Manifest] | None:
            """The events of an object of its namespace, else its own; the newest last.

            Those of an earlier object of the same name are left out.
            """

        def services(self) -> Sequence[Manifest] | None:
            """The Services of its namespace, itself among them."""

        def node_ports(self) -> Mapping[tuple[int, str], Sequence[tuple[str, str]]]:
            """Namespace and name of the Services that are at hand, by the number and protocol of their node ports."""

        def find_service(self, namespace: str, name: str) -> bool | None:
            """Whether there is a Service of that name in any namespace."""

        def policies(self) -> Sequence[Manifest] | None:
            """The NetworkPolicies of its namespace."""


BROKEN = "broken"
"""The Service is not reached, or not on all its ports, because of it."""
WARNING = "warning"
"""The Service is reached, and something is wrong all the same."""
POSSIBLE = "possible"
"""It may keep traffic away; nothing that the API shows can tell."""

_LONGEST = 500  # characters that somebody else's sentence may have
LEVELS = (BROKEN, WARNING, POSSIBLE)


class Diagnosis(Value):
    """One thing that is wrong, or may be. `commands` are what to type next, whole command lines."""

    code: str
    """Its name for programs, such as `SelectorMatchesNothing`: it never changes."""
    level: str = BROKEN
    message: str
    commands: tuple[str, ...] = ()


class Endpoint(Value):
    """One address behind a Service, or those of one pod (discovery/v1 `Endpoint`).

    `ports` are name, number and protocol of what the slice says of it.
    """

    addresses: tuple[str, ...]
    ready: bool
    serving: bool
    terminating: bool
    ports: tuple[tuple[str, int, str], ...] = ()
    pod: str = ""
    pod_uid: str = ""
    node: str = ""
    zone: str = ""
    hostname: str = ""
    slices: tuple[str, ...] = ()

    def port(self, name: str, protocol: str) -> int | None:
        """The number behind the Service's port of that name and protocol; None where it has none."""
        for own_name, number, own_protocol in self.ports:
            if (own_name, own_protocol) == (name, protocol):
                return number
        return None


class PortState(Value):
    """A port of a Service, and the endpoints that have it. A headless Service without ports has one, of number 0."""

    name: str = ""
    number: int = 0
    protocol: str = "TCP"
    app_protocol: str = ""
    target: int | str = 0
    node_port: int = 0
    ready: tuple[Endpoint, ...] = ()
    not_ready: tuple[Endpoint, ...] = ()

    @property
    def called(self) -> str:
        """`80/TCP`, `http 80/TCP`; `addresses` where there is no port."""
        if not self.number:
            return "addresses"
        return f"{self.name} {self.number}/{self.protocol}".lstrip()


class Status(Value):
    """All that is said of one Service.

    `reachable` is None where that cannot be seen. `pending` is why there is no load balancer's address yet; empty where
    there is one, or none is wanted.
    """

    service: Manifest
    reachable: bool | None
    ports: tuple[PortState, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    is_seen: bool = True
    """Whether its EndpointSlices may be read: else nothing is known of its endpoints."""
    dns_names: tuple[str, ...] = ()
    node_urls: tuple[str, ...] = ()
    node_count: int | None = None
    """How many nodes answer, of which `node_urls` are some; None where they may not be read."""
    balancer_addresses: tuple[str, ...] = ()
    balancer_urls: tuple[str, ...] = ()
    pending: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()

    @property
    def name(self) -> str:
        """The Service's."""
        return name_of(self.service)

    @property
    def namespace(self) -> str:
        """The Service's."""
        return namespace_of(self.service)

    @property
    def type(self) -> str:
        """The Service's, as the server fills it in."""
        return type_of(self.service)


def for_cluster(status: Status, words: str) -> Status:
    """The same, its commands with these words at the end, which say what cluster they are for."""
    if not words:
        return status
    return status.but(
        diagnoses=tuple(
            each.but(commands=tuple(f"{command} {words}" for command in each.commands)) for each in status.diagnoses
        )
    )


def type_of(service: Manifest) -> str:
    """The Service's type, as the server fills it in (core/v1 defaults.go `SetDefaults_Service`)."""
    return str(spec_of(service).get("type") or "ClusterIP")


def spec_of(manifest: Manifest) -> Manifest:
    """The object's `spec`, empty where it has none."""
    return manifest.get("spec") or {}


def status_of(manifest: Manifest) -> Manifest:
    """The object's `status`, empty where it has none."""
    return manifest.get("status") or {}


def metadata_of(manifest: Manifest) -> Manifest:
    """The object's `metadata`, empty where it has none."""
    return manifest.get("metadata") or {}


def name_of(manifest: Manifest) -> str:
    """The object's name."""
    return str(metadata_of(manifest).get("name") or "")


def namespace_of(manifest: Manifest) -> str:
    """The object's namespace."""
    return str(metadata_of(manifest).get("namespace") or "")


def labels_of(manifest: Manifest) -> Mapping[str, str]:
    """The object's labels."""
    return metadata_of(manifest).get("labels") or {}


def is_headless(service: Manifest) -> bool:
    """Whether the Service has no cluster IP, whatever its type."""
    return spec_of(service).get("clusterIP") == "None"


def condition(manifest: Manifest, kind: str) -> Manifest | None:
    """The object's condition of that type, if it has one."""
    return next((each for each in status_of(manifest).get("conditions") or () if each.get("type") == kind), None)


def is_true(manifest: Manifest, kind: str) -> bool | None:
    """Whether the object's condition of that type is True; None where it has none."""
    found = condition(manifest, kind)
    return None if found is None else found.get("status") == "True"


def kubectl(service: Manifest, *words: str) -> str:
    """A command line for the Service's namespace."""
    return " ".join(("kubectl", *words, "-n", namespace_of(service)))


def one_line(text: object) -> str:
    """What a controller says, without line breaks and without the full stop; no more than tells what it is about."""
    said = " ".join(str(text or "").split()).removesuffix(".")
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}..."
