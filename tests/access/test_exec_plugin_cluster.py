"""Credential plugins and a real API server: it lets us in, and what it refuses has the plugin asked again."""

from __future__ import annotations

import base64
import os
import subprocess

import pytest
import yaml

from tests.access import plugins
from tests.access.plugins import credential, exec_user, printing
from tests.control_plane.kubeconfig import write_kubeconfig
from tests.svc import svc
from tests.trust.watch import WATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster


def _kubeconfig(folder: Path, cluster: Cluster, plugin: str) -> str:
    """The path of a kubeconfig of the test's cluster whose user has this plugin."""
    entry = {"server": cluster.server, "certificate-authority": cluster.ca}
    return write_kubeconfig(folder / "exec.kubeconfig", entry, exec_user(plugin), cluster.namespace)


@pytest.mark.parametrize("kind", ["token", "certificate"])
def test_real_server_lets_us_in(kind: str, cluster: Cluster, tmp_path: Path) -> None:
    """A plugin's token or certificate opens a real API server, for several objects at once, and is never shown."""
    document = credential(**(_token_of(cluster) if kind == "token" else _certificate_of(cluster)))
    kubeconfig = _kubeconfig(tmp_path, cluster, printing(tmp_path, document))
    for name in ("web", "api"):
        cluster.kubectl("create", "deployment", name, "--image=x")
    done = svc("expose", "deployment", "web", "api", "--port=80", "-v=9", kubeconfig=kubeconfig)

    assert done.returncode == 0, done.stderr
    assert {found.metadata.name for found in cluster.core.list_namespaced_service(cluster.namespace).items} == {
        "web",
        "api",
    }
    assert plugins.count(tmp_path) == 1


def _token_of(cluster: Cluster) -> dict[str, str]:
    return {"token": WATCH.plant(cluster.token)}


def _certificate_of(cluster: Cluster) -> dict[str, str]:
    with open(cluster.certificate_kubeconfig, encoding="utf-8") as file:
        user = yaml.safe_load(file)["users"][0]["user"]
    WATCH.plant(user["client-key-data"])
    fields = {"clientCertificateData": "client-certificate-data", "clientKeyData": "client-key-data"}
    return {name: base64.b64decode(user[field]).decode() for name, field in fields.items()}


@pytest.mark.parametrize("second", ["wrong", "right"])
def test_real_server_and_a_stale_token(second: str, cluster: Cluster, tmp_path: Path, programs: Programs) -> None:
    """The real 401 has the plugin asked again: with a good token all goes well, else kubectl's error remains."""
    tokens = ("stale-token", cluster.token if second == "right" else "still-wrong-token")
    plugin = printing(tmp_path, *(credential(token=token) for token in tokens))
    kubeconfig = _kubeconfig(tmp_path, cluster, plugin)
    cluster.kubectl("create", "deployment", "web", "--image=x")
    done = svc("expose", "deployment", "web", "--port=80", kubeconfig=kubeconfig)

    if second == "right":
        assert (done.returncode, done.stdout) == (0, "service/web exposed\n"), done.stderr
        return
    theirs = subprocess.run(
        [programs.kubectl, "expose", "deployment", "web", "--port=80"],
        env={**os.environ, "KUBECONFIG": kubeconfig},
        capture_output=True,
        text=True,
        check=False,
    )
    assert plugins.seen(done.returncode, done.stderr, tmp_path / "none").but(runs=0) == plugins.seen(
        theirs.returncode, theirs.stderr, tmp_path / "none"
    )
