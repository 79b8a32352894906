"""The cluster of one command: where it is, which namespace counts, and one connection to it."""

from __future__ import annotations

from kubectl_svc.access.cluster import Cluster
from kubectl_svc.access.discovery import Discovery
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.output.console import Console
    from kubectl_svc.request import ServiceRequest

KUBECTL_MINOR = "36"  # the kubectl 1.x that this program matches


class Session:
    """Holds what outlives one object: the namespace, the connection, what discovery learned, who warned of what."""

    def __init__(self, request: ServiceRequest, environ: Mapping[str, str], console: Console) -> None:
        """Reads the kubeconfig; nothing is sent yet.

        Raises ConfigError or SvcError for a kubeconfig that cannot be used, or a way to log in that kubectl refuses.
        """
        home = environ.get("HOME", "")
        config = Kubeconfig(request.cluster, environ, home)
        connection = config.connection(console.ask)
        log = console.log(request.verbosity) if request.verbosity else None
        self.namespace = config.namespace()
        self._said: list[str] = []
        self._console = console
        self._transport = Transport(connection, log, environ=environ)
        self.cluster = Cluster(self._transport, self._warn)
        cache_dir = request.cache_dir or environ.get("KUBECACHEDIR") or f"{home}/.kube/cache"
        self.discovery = Discovery(self.cluster, cache_dir, connection.server)

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()

    @property
    def warning_count(self) -> int:
        """How many different warnings the server sent."""
        return len(self._said)

    def has_said(self, words: str) -> bool:
        """Whether the server warned of something in these words."""
        return any(words in text for text in self._said)

    def _warn(self, text: str) -> None:
        self._said.append(text)
        self._console.warn(text)


def open_session(request: ServiceRequest, environ: Mapping[str, str], console: Console) -> Session:
    """The session that kubeconfig and flags describe, its server's version compared if --match-server-version asks.

    Raises ConfigError or SvcError for a kubeconfig that cannot be used, and for a server of another version.
    """
    session = Session(request, environ, console)
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
