"""What all shells stand in front of: programs, a kubeconfig, a folder with files; and what the program offers."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

from kubectl_svc.completion.answer import Answer, Candidate
from tests.svc import svc

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("my notes.txt", "my web.yaml", "web.json", "web.toml", "web.yml", "sub/in.yaml", "my dir/deep/x.yaml")


class Stand:
    """The same for every shell."""

    def __init__(self, folder: Path, kubeconfig: str, kubectl: str, ours: Path) -> None:
        """Programs are found in a folder of their own: what else lies beside ours is nobody's business."""
        self.folder = folder
        self.here = folder / "here"
        for name in FILES:
            file = self.here / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        programs = folder / "programs"
        programs.mkdir()
        (programs / "kubectl").symlink_to(kubectl)
        for name in ("kubectl-svc", "kubectl_complete-svc"):
            (programs / name).symlink_to(ours / name)
        self.home = home = folder / "home"
        (home / "manifests").mkdir(parents=True)
        self.environ = {
            "PATH": f"{programs}:{os.defpath}:/usr/local/bin",
            "HOME": str(home),
            "KUBECONFIG": kubeconfig,
        }

    @functools.cache  # noqa: B019 - as long as the session; every shell asks the same
    def answer(self, *words: str) -> Answer:
        """What `kubectl-svc __complete` says for the words."""
        done = svc("__complete", *words, **self.environ)
        assert (done.returncode, done.stderr) == (0, "")
        *lines, last = done.stdout.splitlines()
        parts = (line.partition("\t") for line in lines)
        return Answer(
            candidates=tuple(Candidate(word=word, about=about) for word, _, about in parts),
            directive=int(last.removeprefix(":")),
        )
