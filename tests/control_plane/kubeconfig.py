"""Kubeconfigs for the tests, laid out as `kubectl config` writes them."""

from __future__ import annotations

import base64
import os

import yaml

from kubectl_svc.value import Value
from tests.trust.watch import WATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

NAME = "kubectl-svc-test"
_SECRET = frozenset(("client-key-data", "password", "token"))  # fields of a kubeconfig's user


class ApiServer(Value):
    """An API server and who may speak to it, in a kubeconfig's own terms (client-go clientcmd/api/v1).

    `cluster` and the users are the entries of a kubeconfig, with files inlined. `address` is `https://host:port`.
    `certificate` is None where no user has a client certificate, `nobody` where such a user must be made first.
    """

    address: str
    cluster: dict[str, Any]
    admin: dict[str, Any]
    certificate: dict[str, Any] | None
    nobody: dict[str, Any] | None


def api_server_from(kubeconfig: dict[str, Any]) -> ApiServer:
    """The server and the user of a kubeconfig's only context (`kubectl config view --minify --flatten --raw`)."""
    cluster = kubeconfig["clusters"][0]["cluster"]
    user = kubeconfig["users"][0]["user"]
    certificate = user if "client-certificate-data" in user else None
    return ApiServer(address=cluster["server"], cluster=cluster, admin=user, certificate=certificate, nobody=None)


def write_kubeconfig(path: Path, cluster: dict[str, Any], user: dict[str, Any], namespace: str = "") -> str:
    """Writes a kubeconfig with one context; its path. The context has no namespace when that is empty.

    No program may print its credentials from then on.
    """
    for field in _SECRET.intersection(user):
        WATCH.plant(user[field])
    context = {"cluster": NAME, "user": NAME} | ({"namespace": namespace} if namespace else {})
    content = {
        "apiVersion": "v1",
        "clusters": [{"cluster": cluster, "name": NAME}],
        "contexts": [{"context": context, "name": NAME}],
        "current-context": NAME,
        "kind": "Config",
        "users": [{"name": NAME, "user": user}],
    }
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        yaml.safe_dump(content, file, width=1 << 20)  # kubectl never folds a line
    return str(path)


def inline(pem: bytes) -> str:
    """PEM as the `...-data` fields of a kubeconfig hold it."""
    return base64.b64encode(pem).decode("ascii")
