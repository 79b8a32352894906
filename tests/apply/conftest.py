"""A Deployment to expose, and a shell in which kubectl and our program are typed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.apply.histories import MANIFESTS
from tests.svc import PROGRAM, run

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster


class Shell:
    """Runs commands in the stage's namespace, kubectl's and ours through kubectl."""

    def __init__(self, stage: Cluster, kubectl: str, folder: Path) -> None:
        self.stage = stage
        self.folder = folder
        path = os.pathsep.join((str(Path(kubectl).parent), str(Path(PROGRAM).parent), os.environ["PATH"]))
        self.environ = {"PATH": path, "KUBECONFIG": stage.kubeconfig}
        for name, manifest in MANIFESTS.items():
            (folder / name).write_text(json.dumps(manifest))

    def run(self, command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """The command as it is typed."""
        return run(["/bin/sh", "-c", command], self.environ, cwd=self.folder, stdin=stdin)

    def must(self, command: str) -> str:
        """The output of a command that succeeds; an AssertionError where it does not."""
        done = self.run(command)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def live(self, name: str = "web") -> Any:
        """The Service as the official client reads it, in the API's field names."""
        service = self.stage.core.read_namespaced_service(name, self.stage.namespace)
        return self.stage.core.api_client.sanitize_for_serialization(service)

    def names(self) -> list[str]:
        """Of all Services."""
        found = self.stage.core.list_namespaced_service(self.stage.namespace).items
        return sorted(service.metadata.name for service in found)

    def forget(self) -> None:
        """All Services are gone, whatever held them."""
        for name in self.names():
            self.stage.kubectl("patch", "service", name, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
            self.stage.kubectl("delete", "service", name, "--ignore-not-found")


@pytest.fixture(scope="module")
def furnished(stage: Cluster, programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """With the Deployment `web`, which serves on port 80, and its manifest in `web.yaml`."""
    shell = Shell(stage, programs.kubectl, tmp_path_factory.mktemp("shell"))
    shell.must("kubectl create deployment web --image=nginx --port=80 --replicas=0 -o yaml > web.yaml")
    yield shell
    shell.must("kubectl delete deployment web")


@pytest.fixture
def shell(furnished: Shell) -> Iterator[Shell]:
    """The same, without any Service before and after."""
    yield furnished
    furnished.forget()
