"""The cluster of one command: where it is, which namespace counts, and connections to it."""

from __future__ import annotations

from kubectl_svc.access.cache_folder import cache_folder
from kubectl_svc.access.cluster import Cluster
from kubectl_svc.access.discovery import Discovery, Known
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from kubectl_svc.output.console import Console
    from kubectl_svc.request import ClusterFlags

    class ClusterRequest(Protocol):
        """What every request says of the cluster that it is about."""

        @property
        def cluster(self) -> ClusterFlags:
            """kubectl's global flags."""

        @property
        def cache_dir(self) -> str:
            """kubectl's cache folder; empty where none was typed."""

        @property
        def verbosity(self) -> int:
            """The level of -v."""

        @property
        def match_server_version(self) -> bool:
            """Whether the server's version has to be ours."""


KUBECTL_MINOR = "36"  # the kubectl 1.x that this program matches


class Session:
    """One connection with the namespace that counts and what discovery learned. Not for several threads at once."""

    def __init__(self, namespace: str, transport: Transport, known: Known, warn: Callable[[str], None]) -> None:
        """`warn(text)` gets the server's warnings."""
        self.namespace = namespace
        self.cluster = Cluster(transport, warn)
        self.discovery = Discovery(self.cluster, known)
        self._transport = transport
        self._known = known
        self._warn = warn

    def heard_by(self, warn: Callable[[str], None]) -> Session:
        """The same connection, whose warnings go to `warn(text)`."""
        return Session(self.namespace, self._transport, self._known, warn)

    def until(self, ends: float) -> Session:
        """The same connection, of which nothing is expected any more when it is `ends` (of time.monotonic)."""
        session = self.heard_by(self._warn)
        session.cluster = session.cluster.until(ends)
        return session

    def another(self, sleep: Callable[[float], None]) -> Session:
        """The same cluster by another connection, for another thread. `sleep(seconds)` waits between its retries."""
        return Session(self.namespace, self._transport.another(sleep), self._known, lambda _: None)

    @property
    def cache_folder(self) -> str:
        """Where kubectl keeps what it learned of this cluster."""
        return self._known.folder

    def log_in(self) -> None:
        """Has the credentials fetched that requests need, if any. Raises UnreachableError where they are not had."""
        self._transport.log_in()

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()

    def hang_up(self) -> None:
        """Ends what another thread does with the connection, as if the server had hung up; it is of no more use."""
        self._transport.hang_up()


def open_session(
    request: ClusterRequest, environ: Mapping[str, str], console: Console, warn: Callable[[str], None]
) -> Session:
    """The session that kubeconfig and flags describe, its server's version compared if --match-server-version asks.

    `warn(text)` gets the server's warnings. Raises ConfigError or SvcError for a kubeconfig that cannot be used, or a
    way to log in that kubectl refuses, and for a server of another version.
    """
    home = environ.get("HOME", "")
    config = Kubeconfig(request.cluster, environ, home)
    connection = config.connection(console.ask)
    log = console.log(request.verbosity) if request.verbosity else None
    folder = cache_folder(request.cache_dir, environ)
    transport = Transport(connection, log, environ=environ)
    session = Session(config.namespace(), transport, Known(folder, connection.server), warn)
    if request.match_server_version:
        _match_version(session.cluster)
    return session


def _match_version(cluster: Cluster) -> None:
    """kubectl compares the whole version; ours is that of the kubectl which this program matches."""
    version = cluster.get(("version",))
    if (version.get("major"), str(version.get("minor", "")).rstrip("+")) != ("1", KUBECTL_MINOR):
        raise SvcError(
            f"server version ({version.get('gitVersion', 'unknown')}) differs from client version (v1.{KUBECTL_MINOR})!"
        )
