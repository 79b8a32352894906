"""`-k`, built by `kubectl kustomize`, against `kubectl expose -k`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kubectl_svc.kubectl import Outcome
from tests.differential.programs import FILES, run_kubectl, run_svc, words
from tests.svc import svc

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_DEPLOYMENT = (FILES / "web.yaml").read_text()
_KUSTOMIZATIONS = {
    "plain/kustomization.yaml": "resources: [web.yaml]\nnamePrefix: my-\n",
    "plain/web.yaml": _DEPLOYMENT,
    "overlay/kustomization.yml": "resources: [../plain]\nlabels: [{pairs: {tier: front}, includeSelectors: true}]\n",
    "old words/kustomization.yaml": "resources: [web.yaml]\ncommonLabels: {tier: front}\n",
    "old words/web.yaml": _DEPLOYMENT,
    "old and broken/kustomization.yaml": "resources: [gone.yaml]\ncommonLabels: {tier: front}\n",
    "sorted/Kustomization": "resources: [web.yaml]\nsortOptions: {order: fifo}\n",
    "sorted/web.yaml": _DEPLOYMENT,
    "outside/kustomization.yaml": "resources: [../plain/web.yaml]\n",
    "broken/kustomization.yaml": "resources: [gone.yaml]\n",
    "wrong/kustomization.yaml": "resources: [\n",
    "custom/kustomization.yaml": "resources: [foo.yaml]\n",
    "custom/foo.yaml": "apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: foo}\n",
    "nothing/kustomization.yaml": "configMapGenerator: []\n",
    "-dash/kustomization.yaml": "resources: [web.yaml]\n",
    "-dash/web.yaml": _DEPLOYMENT,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with kustomizations, right and wrong."""
    for name, text in _KUSTOMIZATIONS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "empty").mkdir()
    return tmp_path


_COMMANDS = [
    "-k plain",
    "-k plain/ -o yaml",
    "-k overlay -o yaml --port 80",
    "-k 'old words' -o yaml",
    "-k 'old and broken'",
    "-k sorted",
    "-k outside",
    "-k broken",
    "-k wrong",
    "-k custom",
    "-k nothing",
    "-k empty",
    "-k nowhere",
    "-k plain/web.yaml",
    "-k -",
    "-k=-dash",
    "-k ''",
    "-k http://127.0.0.1:1/a",
    "-k file:///nowhere",
    "-k plain -k overlay",
    "-k plain -R",
    "-k plain -f plain/web.yaml",
    "-k plain -f plain/web.yaml -R",
    "-k plain deployment",
    "-k plain deployment/web",
    "-k plain deployment/",
    "-k nowhere deployment/web",
]


@pytest.mark.parametrize("command", _COMMANDS)
def test_as_kubectl(env: dict[str, str], folder: Path, command: str) -> None:
    """The same Service, exit code and first line of error, of right and wrong kustomizations."""
    argv = [*words(command), "--dry-run=client"]
    assert run_svc(argv, env, folder) == run_kubectl(env["KUBECTL_PATH"], argv, env, folder)


@pytest.mark.parametrize("name", ["old words", "old and broken"])
def test_what_kustomize_remarks(stage: Cluster, env: dict[str, str], folder: Path, name: str) -> None:
    """All of standard error is kubectl's: warnings first, as they were printed, and the complaint once."""
    argv = ["expose", "-k", str(folder / name), "--dry-run=client", "-o", "name"]
    theirs = stage.kubectl(*argv, check=False)
    ours = svc(*argv, **env)
    assert "commonLabels" in theirs.stderr
    assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)


def test_without_a_cluster(programs: Programs, folder: Path) -> None:
    """A client dry run of a kustomization asks no server, as one of a file does not."""
    done = svc("expose", "-k", str(folder / "plain"), "--dry-run=client", "-o", "name", KUBECTL_PATH=programs.kubectl)
    assert (done.returncode, done.stdout, done.stderr) == (0, "service/my-from-file\n", "")


def test_without_kubectl(folder: Path) -> None:
    """Where no kubectl is to be found, one line says what it is needed for."""
    done = svc("expose", "-k", str(folder / "plain"), "--dry-run=client", PATH="/nonexistent")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: a kustomization is built by kubectl, which is not on PATH: install it or set KUBECTL_PATH\n"
    )


def test_no_credentials_reach_kustomize(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kubectl is run for the build alone: no flag of ours goes along, and no preferences are read."""
    fake = tmp_path / "kubectl"
    fake.write_text('#!/bin/sh\necho "$@ $KUBECTL_KUBERC" > "$0.asked"\ncat web.yaml\n')
    fake.chmod(0o755)
    monkeypatch.chdir(folder / "plain")
    done = svc("expose", "-k", ".", "--dry-run=client", "--token", "secret", KUBECTL_PATH=str(fake))
    assert done.stdout == "service/from-file exposed (dry run)\n"
    assert (tmp_path / "kubectl.asked").read_text() == "kustomize -- . false\n"


@pytest.mark.parametrize(
    ("errors", "notes", "complaint"),
    [
        ("error: gone\n", "", "gone"),
        ("# Warning: old\nerror: gone\nand more\n", "# Warning: old\n", "gone\nand more"),
        ("Error from server: gone\n", "", "Error from server: gone"),
        ("", "", "kubectl ended with exit code 1"),
    ],
)
def test_notes_and_complaint(errors: str, notes: str, complaint: str) -> None:
    """What stands before the complaint is told apart from it."""
    outcome = Outcome(output=b"", errors=errors, code=1)
    assert (outcome.notes, str(outcome.failure)) == (notes, complaint)
    assert Outcome(output=b"", errors=errors, code=0).notes == errors
