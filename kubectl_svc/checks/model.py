"""What a check is, what it looks at, and what it finds."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from kubectl_svc.service_options import ServiceOptions
    from kubectl_svc.workloads.model import Workload

REFUSED = "refused"
"""Every server refuses it."""
DOUBTFUL = "doubtful"
"""Every server takes it, and it does not do what is meant, or not for long."""
DEPRECATED = "deprecated"
"""It works, and something else should be used."""
DEPENDS = "depends"
"""Some servers refuse it; which, only they can tell, and not all of them on a dry run."""
HINT = "hint"
"""Something may be missing although nothing is wrong."""

LEVELS = (REFUSED, DOUBTFUL, DEPRECATED, DEPENDS, HINT)

SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
TOPOLOGY_MODE = "service.kubernetes.io/topology-mode"
TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints"
"""Annotations that are older than the fields which say the same."""


class Subject(Value):
    """One Service that is about to be made, and what it was made from."""

    service: Mapping[str, Any]
    derived: Mapping[str, Any]
    """The same before `--overrides` had its say."""
    workload: Workload
    options: ServiceOptions
    flags: Mapping[str, str]
    """The flags that were typed, each as messages repeat it."""

    @property
    def spec(self) -> Mapping[str, Any]:
        """The Service's `spec`, empty where an override took it away."""
        return self.service.get("spec") or {}

    @property
    def name(self) -> str:
        """The Service's name, empty where an override took it away."""
        return (self.service.get("metadata") or {}).get("name") or ""

    @property
    def namespace(self) -> str:
        """The Service's namespace, where an override says one."""
        return (self.service.get("metadata") or {}).get("namespace") or ""

    @property
    def annotations(self) -> Mapping[str, str]:
        """The Service's annotations."""
        return (self.service.get("metadata") or {}).get("annotations") or {}

    @property
    def type(self) -> str:
        """The Service's type, as the server fills it in (core/v1 defaults.go `SetDefaults_Service`)."""
        return self.spec.get("type") or "ClusterIP"

    @property
    def cluster_ips(self) -> list[str]:
        """`clusterIPs`, as the server fills them in (registry/core/service/storage `normalizeClusterIPs`)."""
        first = self.spec.get("clusterIP")
        return self.spec.get("clusterIPs") or ([first] if first else [])

    @property
    def is_headless(self) -> bool:
        """Whether the Service has no cluster IP, whatever its type."""
        return self.cluster_ips[:1] == ["None"]

    @property
    def is_external(self) -> bool:
        """Whether traffic from outside the cluster may come in (kubernetes pkg/api/service `ExternallyAccessible`)."""
        if self.type == "ClusterIP":
            return bool(self.spec.get("externalIPs"))
        return self.type in ("NodePort", "LoadBalancer")

    @property
    def ports(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The path of each port, and the port, protocol and target as the server fills them in."""
        return [
            (f"spec.ports[{index}]", {**port, "protocol": port.get("protocol") or "TCP", "targetPort": _target(port)})
            for index, port in enumerate(self.spec.get("ports") or ())
        ]

    @property
    def source_ranges(self) -> list[tuple[str, str]]:
        """The path and text of each range, from the annotation where the field has none.

        As servers read them (`GetLoadBalancerSourceRanges`), who spell the field with a capital.
        """
        ranges = self.spec.get("loadBalancerSourceRanges") or ()
        if ranges:
            return [(f"spec.LoadBalancerSourceRanges[{index}]", text.strip()) for index, text in enumerate(ranges)]
        annotated = self.annotations.get(SOURCE_RANGES, "").strip()
        path = f"metadata.annotations[{SOURCE_RANGES}]"
        return [(path, text.strip()) for text in annotated.split(",")] if annotated else []


def _target(port: Mapping[str, Any]) -> int | str:
    target: int | str = port.get("targetPort") or port.get("port", 0)
    return target


class Found(Value):
    """One place where a check fails."""

    path: str = ""
    """The field, as a server names it that refuses it; empty where it names none."""
    says: Mapping[str, object] = {}
    """What the check's message and remedy leave open."""
    fields: tuple[str, ...] = ()
    """Fields that take part where servers refuse it (`typed_flags`), the one to blame first."""


class Check(Value):
    """One row of the table: a rule, what it says, and what to do."""

    id: str
    """How documents and tests call it: lower-case words with `-`."""
    level: str
    """One of LEVELS: whether it may be an error, and when it is told (`judge`)."""
    field: str
    """Where it looks, as a path of the Service."""
    message: str = "{words}"
    """Of what every server refuses, the server's own words; else a sentence of ours. `Found.says` fills it in."""
    remedy: str = ""
    """What to type instead, or what to know; empty where the message says it."""
    find: Callable[[Subject], Iterator[Found]]
    passes: str
    """Words of a command line that it finds nothing in, and of one that it finds something in."""
    fails: str
    said_by_server: str = ""
    """Words by which newer servers warn of the same themselves."""
