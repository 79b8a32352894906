"""What one test gets of an API server: a namespace of its own, kubeconfigs for it, kubectl and the official client."""

from __future__ import annotations

import base64
import contextlib
import functools
import json
import subprocess
import time
from urllib.parse import urlsplit

import pytest
from kubernetes import client, config, watch

from tests.control_plane.kubeconfig import ApiServer, api_server_from, write_kubeconfig
from tests.control_plane.pods import make_pods_ready, wait_for_ready_pods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path
    from typing import Any


_PREFIX = "kubectl-svc-test-"


def comes_and_goes(name: str) -> bool:
    """Whether it is the name of a test's namespace: there is no saying which of them are there."""
    return name.startswith(_PREFIX)


def read_api_server(kubectl: str, environ: Mapping[str, str]) -> ApiServer:
    """The server of the current context of `environ`'s kubeconfig, read by kubectl itself."""
    command = [kubectl, "config", "view", "--minify", "--flatten", "--raw", "--output=json"]
    view = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)
    if view.returncode:
        raise RuntimeError(f"the current context cannot be read: {view.stderr.strip()}")
    return api_server_from(json.loads(view.stdout))


_ENDPOINTS_SECONDS = 60


class Site:
    """An API server for a whole test session, with one official client; makes a namespace for each test.

    `simulated` when it has no kubelets, so that pods get ready only through `Cluster.make_pods_ready`.
    """

    def __init__(self, server: ApiServer, kubectl: str, folder: Path, *, simulated: bool) -> None:
        self.server = server
        self.kubectl = kubectl
        self.simulated = simulated
        self.ca = folder / "ca.crt"
        if "certificate-authority-data" in server.cluster:
            self.ca.write_bytes(base64.b64decode(server.cluster["certificate-authority-data"]))
        kubeconfig = write_kubeconfig(folder / "site.kubeconfig", server.cluster, server.admin)
        self.client = _connect(server.address, kubeconfig)

    def close(self) -> None:
        """Closes the client's connections."""
        self.client.close()
        self.client.rest_client.pool_manager.clear()

    @contextlib.contextmanager
    def cluster(self, folder: Path) -> Iterator[Cluster]:
        """A new namespace, which is deleted at the end; its files go to `folder`."""
        core = client.CoreV1Api(self.client)
        namespace = core.create_namespace({"metadata": {"generateName": _PREFIX}}).metadata.name
        try:
            yield Cluster(self, namespace, folder)
        finally:
            # Not waited for: nobody else uses the name, and the namespace controller is slow.
            core.delete_namespace(namespace)


def _connect(address: str, kubeconfig: str) -> Any:
    settings = client.Configuration()
    config.load_kube_config(kubeconfig, client_configuration=settings, persist_config=False)
    if urlsplit(address).hostname in ("127.0.0.1", "::1", "localhost"):
        settings.proxy = None  # the client takes it from the environment and forgets NO_PROXY
    return client.ApiClient(settings)


class Cluster:
    """The API server as one test sees it. Every kubeconfig's context has the test's own `namespace`."""

    def __init__(self, site: Site, namespace: str, folder: Path) -> None:
        self._site = site
        self._folder = folder
        self.namespace = namespace
        self.server = site.server.address

    @functools.cached_property
    def kubeconfig(self) -> str:
        """Path of a kubeconfig of the admin, or in `current` of the context's user."""
        return self._kubeconfig("admin", self._site.server.admin)

    @functools.cached_property
    def certificate_kubeconfig(self) -> str:
        """Path of a kubeconfig with all rights by client certificate, inline. Skips the test where there is none."""
        user = self._site.server.certificate
        if user is None:
            pytest.skip("the current context's user has no client certificate")
        return self._kubeconfig("certificate", user)

    @functools.cached_property
    def nobody_kubeconfig(self) -> str:
        """Path of a kubeconfig of a user without any rights. A RoleBinding in the namespace may grant some."""
        return self._kubeconfig("nobody", self._site.server.nobody or {"token": self._issue_token("nobody")})

    @functools.cached_property
    def token(self) -> str:
        """A bearer token with all rights, outside the namespace too only in `envtest`."""
        known = self._site.server.admin.get("token")
        if known:
            return str(known)
        token = self._issue_token("admin")
        self.rbac.create_namespaced_role_binding(
            self.namespace,
            {
                "metadata": {"name": "admin"},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
                "subjects": [{"kind": "ServiceAccount", "name": "admin"}],
            },
        )
        return token

    @property
    def ca(self) -> str:
        """Path of the PEM file that the server's certificate is checked with. Skips the test where there is none."""
        if not self._site.ca.exists():
            pytest.skip("the current context names no certificate authority")
        return str(self._site.ca)

    @functools.cached_property
    def core(self) -> Any:
        """The official client's CoreV1Api."""
        return client.CoreV1Api(self._site.client)

    @functools.cached_property
    def apps(self) -> Any:
        """The official client's AppsV1Api."""
        return client.AppsV1Api(self._site.client)

    @functools.cached_property
    def rbac(self) -> Any:
        """The official client's RbacAuthorizationV1Api."""
        return client.RbacAuthorizationV1Api(self._site.client)

    def kubectl(self, *args: str, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        """The real kubectl as admin in the test's namespace. With `check`, a failure is an AssertionError."""
        done = subprocess.run(
            [self._site.kubectl, f"--kubeconfig={self.kubeconfig}", *args],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"kubectl {' '.join(args)}: exit code {done.returncode}\n{done.stderr}")
        return done

    def make_pods_ready(self, count: int = 1, selector: str = "", seconds: float = 60) -> list[str]:
        """Waits for `count` pods of the namespace and has them ready, so that EndpointSlices fill; their names, sorted.

        Raises TimeoutError after `seconds`.
        """
        obtain = make_pods_ready if self._site.simulated else wait_for_ready_pods
        return obtain(self.core, self.namespace, count=count, selector=selector, seconds=seconds)

    def let_nobody(self, verb: str, resource: str, namespace: str = "") -> None:
        """Returns when the user of `nobody_kubeconfig` has that right, of which the server learns a moment later."""
        words = ("auth", "can-i", verb, resource, "-n", namespace or self.namespace)
        deadline = time.monotonic() + _ENDPOINTS_SECONDS
        while self.kubectl(f"--kubeconfig={self.nobody_kubeconfig}", *words, check=False).stdout != "yes\n":
            assert time.monotonic() < deadline, f"nobody may not {verb} {resource}"

    def endpoints(self, service: str, expected: Collection[str]) -> list[str]:
        """The ready pods in the Service's EndpointSlices, sorted: once they are the expected ones, or after a minute.

        So `assert cluster.endpoints("web", pods) == pods` holds if and only if these and no others are reached.
        """
        changes = watch.Watch().stream(
            # Not by DiscoveryV1Api, which takes a slice without endpoints for an error.
            client.CustomObjectsApi(self._site.client).list_namespaced_custom_object,
            *("discovery.k8s.io", "v1", self.namespace, "endpointslices"),
            label_selector=f"kubernetes.io/service-name={service}",
            timeout_seconds=_ENDPOINTS_SECONDS,
        )
        slices: dict[str, set[str]] = {}
        reached: list[str] = []
        for change in changes:
            endpoint_slice = change["object"]
            found = () if change["type"] == "DELETED" else endpoint_slice["endpoints"] or ()
            slices[endpoint_slice["metadata"]["name"]] = {
                each["targetRef"]["name"] for each in found if each["conditions"]["ready"]
            }
            reached = sorted(set().union(*slices.values()))
            if reached == sorted(expected):
                break
        return reached

    def _kubeconfig(self, name: str, user: dict[str, Any]) -> str:
        return write_kubeconfig(self._folder / f"{name}.kubeconfig", self._site.server.cluster, user, self.namespace)

    def _issue_token(self, account: str) -> str:
        self.core.create_namespaced_service_account(self.namespace, {"metadata": {"name": account}})
        request = self.core.create_namespaced_service_account_token(account, self.namespace, {"spec": {}})
        return str(request.status.token)
