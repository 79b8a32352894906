"""etcd, kube-apiserver and kube-controller-manager on loopback, in a temporary folder, for as long as a test run."""

from __future__ import annotations

import functools
import http.client
import secrets
import ssl
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from tests.control_plane.certificates import ClientAuthority, signing_key
from tests.control_plane.kubeconfig import ApiServer, inline, write_kubeconfig
from tests.control_plane.processes import PortTakenError, Server, free_ports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from tests.control_plane.build import Programs

_START_SECONDS = 60  # a few are enough; a busy machine may need more
_ATTEMPTS = 3
_ADMINS = "system:masters"
# Workloads become pods, pods endpoints, and namespaces go away; `admin` gets its rules from the aggregation.
_CONTROLLERS = (
    "clusterrole-aggregation-controller",
    "cronjob-controller",
    "daemonset-controller",
    "deployment-controller",
    "endpointslice-controller",
    "garbage-collector-controller",
    "job-controller",
    "namespace-controller",
    "replicaset-controller",
    "replicationcontroller-controller",
    "statefulset-controller",
)


class ControlPlane:
    """A control plane of its own. Use it as a context manager: inside it runs, after it nothing is left.

    Users: `admin` by token and by client certificate (group system:masters), and `nobody`, who may do nothing but what
    a test grants with a RoleBinding in its namespace. There is no kubelet; see `pods.make_pods_ready`.
    """

    server: ApiServer
    kubeconfig: str
    certificate_kubeconfig: str
    nobody_kubeconfig: str

    def __init__(self, programs: Programs) -> None:
        # Asked for here, so that building is over before anything starts.
        self._etcd = programs.etcd
        self._kube_apiserver = programs.kube_apiserver
        self._kube_controller_manager = programs.kube_controller_manager
        self._servers: list[Server] = []

    def __enter__(self) -> Self:
        # Removing it must not fail a run over a file that a killed server was still writing.
        self._temporary = tempfile.TemporaryDirectory(prefix="kubectl-svc-test-", ignore_cleanup_errors=True)
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def _stop(self) -> None:
        self._stop_servers()
        self._temporary.cleanup()

    def _stop_servers(self) -> None:
        while self._servers:
            self._servers.pop().stop()

    def _start(self) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            folder = Path(self._temporary.name, str(attempt))
            folder.mkdir()
            try:
                self._start_in(folder)
            except PortTakenError:
                if attempt == _ATTEMPTS:
                    raise
                self._stop_servers()
            else:
                return

    def _start_in(self, folder: Path) -> None:
        etcd, peer, api, controllers = free_ports(4)
        self._start_etcd(folder, etcd, peer)
        address = f"https://127.0.0.1:{api}"
        self._start_api_server(folder, etcd, address)
        self._start_controllers(folder, controllers)

    def _start_etcd(self, folder: Path, client: int, peer: int) -> None:
        client_url, peer_url = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
        server = self._run(
            "etcd",
            self._etcd,
            {
                "data-dir": folder / "etcd",
                "unsafe-no-fsync": "true",
                "listen-client-urls": client_url,
                "advertise-client-urls": client_url,
                "listen-peer-urls": peer_url,
                "initial-advertise-peer-urls": peer_url,
                "initial-cluster": f"default={peer_url}",
            },
            folder,
        )
        server.wait_until(lambda: _answers(f"{client_url}/health"), _START_SECONDS)

    def _start_api_server(self, folder: Path, etcd: int, address: str) -> None:
        users = _Users()
        ca = folder / "certs" / "apiserver.crt"  # the server makes and signs it itself
        (folder / "tokens.csv").write_text(users.token_file, encoding="utf-8")
        (folder / "clients.crt").write_bytes(users.client_authority)
        (folder / "service-accounts.key").write_bytes(signing_key())
        server = self._run(
            "kube-apiserver",
            self._kube_apiserver,
            {
                "etcd-servers": f"http://127.0.0.1:{etcd}",
                "cert-dir": ca.parent,
                "bind-address": "127.0.0.1",
                "secure-port": address.rpartition(":")[2],
                "endpoint-reconciler-type": "none",  # loopback is no valid endpoint for its own Service
                "service-cluster-ip-range": "10.0.0.0/16,fd00:10::/108",
                "authorization-mode": "RBAC",
                "token-auth-file": folder / "tokens.csv",
                "client-ca-file": folder / "clients.crt",
                "service-account-issuer": "https://kubernetes.default.svc",
                "service-account-signing-key-file": folder / "service-accounts.key",
                "service-account-key-file": folder / "service-accounts.key",
                "disable-admission-plugins": "ServiceAccount",  # no controller makes the `default` accounts
                "allow-privileged": "true",
            },
            folder,
        )
        # The `kubernetes` Service comes last: namespaces are there then and addresses can be allocated.
        for path in ("/readyz", "/api/v1/namespaces/default/services/kubernetes"):
            url = f"{address}{path}"
            server.wait_until(functools.partial(_answers, url, ca=ca, token=users.admin_token), _START_SECONDS)
        self._publish(folder, users, address, ca)

    def _publish(self, folder: Path, users: _Users, address: str, ca: Path) -> None:
        cluster = {"certificate-authority-data": inline(ca.read_bytes()), "server": address}
        self.server = ApiServer(
            address=address, cluster=cluster, admin=users.admin, certificate=users.certificate, nobody=users.nobody
        )
        self.kubeconfig = write_kubeconfig(folder / "admin.kubeconfig", cluster, users.admin)
        self.certificate_kubeconfig = write_kubeconfig(folder / "certificate.kubeconfig", cluster, users.certificate)
        self.nobody_kubeconfig = write_kubeconfig(folder / "nobody.kubeconfig", cluster, users.nobody)

    def _start_controllers(self, folder: Path, port: int) -> None:
        server = self._run(
            "kube-controller-manager",
            self._kube_controller_manager,
            {
                "kubeconfig": self.kubeconfig,
                "controllers": ",".join(_CONTROLLERS),
                "leader-elect": "false",
                "bind-address": "127.0.0.1",
                "secure-port": str(port),
                "cert-dir": folder / "controller-certs",
            },
            folder,
        )
        ca = folder / "controller-certs" / "kube-controller-manager.crt"
        server.wait_until(lambda: _answers(f"https://127.0.0.1:{port}/healthz", ca=ca), _START_SECONDS)

    def _run(self, name: str, program: str, flags: dict[str, str | Path], folder: Path) -> Server:
        server = Server(name, [program, *(f"--{flag}={value}" for flag, value in flags.items())], folder)
        self._servers.append(server)
        return server


class _Users:
    """Credentials made for one control plane."""

    def __init__(self) -> None:
        self.admin_token = secrets.token_hex(16)
        nobody_token = secrets.token_hex(16)
        self.token_file = f'{self.admin_token},admin,admin,"{_ADMINS}"\n{nobody_token},nobody,nobody\n'
        authority = ClientAuthority()
        certificate, key = authority.issue("admin", _ADMINS)
        self.client_authority = authority.certificate
        self.admin: dict[str, Any] = {"token": self.admin_token}
        self.nobody: dict[str, Any] = {"token": nobody_token}
        self.certificate: dict[str, Any] = {
            "client-certificate-data": inline(certificate),
            "client-key-data": inline(key),
        }


def _answers(url: str, ca: Path | None = None, token: str = "") -> bool:
    """Whether a GET is answered with 200. `ca` is a file that the server may still have to write."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})  # noqa: S310 - the URL is of our own server
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]  # loopback is behind no proxy
    try:
        if ca:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)))
        with urllib.request.build_opener(*handlers).open(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        error.close()
        return False
    except (OSError, http.client.HTTPException):  # not listening yet, certificate not (wholly) written yet
        return False
