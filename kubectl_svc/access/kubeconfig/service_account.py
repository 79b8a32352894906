"""The service account of the pod that we may run in: its token, its CA, its namespace.

Source: client-go tools/clientcmd/client_config.go `inClusterClientConfig`, rest/config.go `InClusterConfig`.
"""

from __future__ import annotations

import os

from kubectl_svc.access.connection import Connection
from kubectl_svc.access.go_files import read_file
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.request import ClusterFlags

FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"


class ServiceAccount:
    """What Kubernetes puts into a pod, in `folder` and in the environment."""

    def __init__(self, environ: Mapping[str, str], folder: str = FOLDER) -> None:
        self._environ = environ
        self._folder = folder

    def is_there(self) -> bool:
        """Whether this is a pod that can reach its API server."""
        token = self._path("token")
        return bool(
            self._environ.get("KUBERNETES_SERVICE_HOST")
            and self._environ.get("KUBERNETES_SERVICE_PORT")
            and os.path.exists(token)
            and not os.path.isdir(token)
        )

    def namespace(self) -> str:
        """POD_NAMESPACE, else the namespace of the token, else `default`."""
        if self._environ.get("POD_NAMESPACE"):
            return self._environ["POD_NAMESPACE"]
        try:
            found = read_file(self._path("namespace")).decode("utf-8", "surrogateescape").strip()
        except SvcError:
            found = ""
        return found or "default"

    def connection(self, flags: ClusterFlags) -> Connection:
        """The pod's own API server; of the flags only server, token and CA count. Raises SvcError."""
        host, port = self._environ["KUBERNETES_SERVICE_HOST"], self._environ["KUBERNETES_SERVICE_PORT"]
        token_file, authority = self._path("token"), self._path("ca.crt")
        return Connection(
            server=flags.server or f"https://{f'[{host}]' if ':' in host else host}:{port}",
            certificate_authority=flags.certificate_authority or (authority if os.path.exists(authority) else ""),
            token=flags.token or read_file(token_file).decode("utf-8", "surrogateescape"),
            token_file="" if flags.token else token_file,
        )

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)
