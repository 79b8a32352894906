"""A cluster that is asked without a word to anybody: what TAB offers, and nothing that is to be believed."""

from __future__ import annotations

import os
from time import monotonic

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kubectl_svc.access.discovery import Known
    from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
    from kubectl_svc.access.session import Session
    from kubectl_svc.command_line import CommandLine
    from kubectl_svc.output.console import Console
    from kubectl_svc.request import ClusterFlags
    from kubectl_svc.workloads.model import Resource, Workload

_NAMES_ONLY = "application/json;as=Table;g=meta.k8s.io;v=v1,application/json"
_METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"


def nobody() -> Console:
    """Who says nothing and is not heard."""
    from io import BytesIO

    from kubectl_svc.output.console import Console  # most kinds are known without

    return Console(BytesIO(), BytesIO(), BytesIO())


class _ClusterRequest(Value):
    """What a session wants to know."""

    cluster: ClusterFlags
    cache_dir: str
    verbosity: int = 0
    match_server_version: bool = False


class QuietCluster:
    """Reads kubeconfig and kubectl's cache, and connects, only when asked for what needs it.

    Everything raises whatever keeps it from being had.
    """

    def __init__(self, line: CommandLine, environ: Mapping[str, str], seconds: float) -> None:
        """The cluster that the command line means. So many `seconds` may pass from the first question to the last."""
        self._line = line
        self._environ = environ
        self._seconds = seconds
        self._opened: Session | None = None

    def configured(self, section: str) -> Sequence[str]:
        """The names in `contexts`, `clusters` or `users` of the kubeconfig."""
        return self._kubeconfig().names(section)

    def known(self, folder: str) -> Known:
        """What kubectl's cache in the folder remembers of the cluster; the server is not asked."""
        from kubectl_svc.access.discovery import Known  # names need no discovery

        return Known(folder, self._kubeconfig().connection(nobody().ask).server)

    def namespaces(self) -> Iterator[str]:
        """The names of its namespaces."""
        return self._names(("api", "v1", "namespaces"))

    def names(self, word: str) -> Iterator[str]:
        """The names of the objects of a TYPE in the namespace."""
        return self._names(self._resource(word).path(self._session.namespace))

    def labels_of(self, word: str) -> Iterator[tuple[str, str]]:
        """The labels of the objects of a TYPE in the namespace, with -A in all; one may come several times."""
        everywhere = self._line.flag("all-namespaces")
        path = self._resource(word).path("" if everywhere else self._session.namespace)
        for page in self._session.cluster.pages(path, {}, accept=_METADATA_ONLY):
            for each in page.get("items") or ():
                yield from (each["metadata"].get("labels") or {}).items()

    def workload(self, word: str, name: str) -> Workload:
        """A workload of the namespace, of the TYPE."""
        from kubectl_svc.access.live import read_live  # names are asked for more often

        return read_live(self._resource(word), self._session.namespace, name, self._session, selects=False)

    def _names(self, path: Sequence[str]) -> Iterator[str]:
        """As the server prints tables: without what whole objects weigh."""
        for page in self._session.cluster.pages(path, {"includeObject": "None"}, accept=_NAMES_ONLY):
            rows = page.get("rows")
            if isinstance(rows, list):
                yield from (str(row["cells"][0]) for row in rows)
            else:  # a server of somebody's own may not print tables
                yield from (str(each["metadata"]["name"]) for each in page.get("items") or ())

    def _resource(self, word: str) -> Resource:
        from kubectl_svc.workloads.kinds import BUILT_IN, find_resource  # contexts and the like need none of it

        built_in = find_resource(word, BUILT_IN)
        if built_in:
            return built_in
        from kubectl_svc.cli.resolve import resolve_type  # most types are built in

        return resolve_type(word, self._session)

    def _kubeconfig(self) -> Kubeconfig:
        from kubectl_svc.access.kubeconfig.chooser import Kubeconfig  # most kinds are known without one

        return Kubeconfig(self._flags(), self._environ, self._environ.get("HOME", ""))

    @property
    def _session(self) -> Session:
        if self._opened is None:
            from kubectl_svc.access.session import open_session  # what is configured or remembered needs no connection

            _leave_terminal_alone()
            request = _ClusterRequest(cluster=self._flags(), cache_dir=self._line.text("cache-dir"))
            session = open_session(request, self._environ, nobody(), lambda _: None)
            self._opened = session.until(monotonic() + self._seconds)
        return self._opened

    def _flags(self) -> ClusterFlags:
        from kubectl_svc.request import read_cluster_flags  # as above

        return read_cluster_flags(self._line)

    def close(self) -> None:
        """Nothing is waited for any more."""
        if self._opened is not None:
            self._opened.close()


def _leave_terminal_alone() -> None:
    """Nobody is to read or write it from now on, also no program that logs in."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 2):
        os.dup2(nothing, stream)
