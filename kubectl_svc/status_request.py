"""What one `kubectl svc status` was asked. Pure: the words of a command line in, `StatusRequest` out."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.request import ClusterFlags, read_cluster_flags
from kubectl_svc.targets import NamedTarget, parse_targets
from kubectl_svc.value import Value
from kubectl_svc.waiting import read_wait
from kubectl_svc.workloads.kinds import SERVICES, find_resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.command_line import CommandLine

SERVICE = "service"
FORMATS = ("json", "yaml", "wide")


class StatusRequest(Value):
    """Which Services are meant, how they are shown, and for how long they are waited for."""

    targets: tuple[NamedTarget, ...] = ()
    """Services, or workloads whose Services are meant; none: all of the namespace."""
    selector: str = ""  # of the Services' own labels
    all_namespaces: bool = False
    output: str = ""  # one of FORMATS; empty: text
    wait_seconds: float | None = None  # None: not at all
    cluster: ClusterFlags
    match_server_version: bool = False
    warnings_as_errors: bool = False
    cache_dir: str = ""
    verbosity: int = 0

    @property
    def names_one(self) -> bool:
        """Whether a single Service is meant by its own name: a workload may have several."""
        return len(self.targets) == 1 and self.targets[0].type_word == SERVICE


def read_status_request(line: CommandLine) -> StatusRequest:
    """The request that the command line makes. Raises SvcError for words that exclude each other, as kubectl does."""
    output, selector = line.text("output"), line.text("selector").strip()
    targets = tuple(map(_target, line.args))
    everywhere = line.flag("all-namespaces")
    if targets and selector:
        raise SvcError("name cannot be provided when a selector is specified")
    if targets and everywhere:
        raise SvcError("a resource cannot be retrieved by name across all namespaces")
    cluster = read_cluster_flags(line)
    return StatusRequest(
        targets=targets,
        selector=selector,
        all_namespaces=everywhere,
        output=output.lower() if output.lower() in ("json", "yaml") else output,
        wait_seconds=read_wait(line),
        cluster=cluster.but(namespace="") if everywhere else cluster,
        match_server_version=line.flag("match-server-version"),
        warnings_as_errors=line.flag("warnings-as-errors"),
        cache_dir=line.text("cache-dir"),
        verbosity=line.number("v"),
    )


def _target(word: str) -> NamedTarget:
    """A name alone is that of a Service. Raises SvcError for words that name nothing."""
    if not word:
        raise SvcError("resource name may not be empty")
    if "/" not in word:
        return NamedTarget(type_word=SERVICE, name=word)
    target = parse_targets((word,)).objects[0]
    is_service = find_resource(target.type_word, (SERVICES,)) is not None
    return NamedTarget(type_word=SERVICE, name=target.name) if is_service else target
