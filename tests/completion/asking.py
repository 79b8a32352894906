"""TAB as shells send it: by the real kubectl, which asks `kubectl_complete-svc`, and without it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.svc import PROGRAM, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = str(Path(PROGRAM).parent)
"""Where our programs are."""


class Offered(NamedTuple):
    """What a shell is told: candidates with what they are, and cobra's directive."""

    words: dict[str, str]
    directive: int

    def names(self) -> set[str]:
        """The candidates alone."""
        return set(self.words)


def tab(line: str) -> list[str]:
    """The words of a line of which the last one, which may be empty, is at the cursor."""
    return line.split(" ")


def asked_by_kubectl(kubectl: str, line: str, environ: Mapping[str, str]) -> Offered:
    """What kubectl tells a shell of `kubectl LINE`; of `svc ...` it has that from us."""
    path = f"{FOLDER}{os.pathsep}{os.environ['PATH']}"
    done = run([kubectl, "__complete", *tab(line)], {"PATH": path, **environ})
    assert done.returncode == 0, done.stderr
    # cobra says for people what it did; whatever else comes is ours.
    assert not [said for said in done.stderr.splitlines() if not said.startswith(("Completion ended", "[Debug] "))]
    return _offered(done.stdout)


def asked(
    words: Sequence[str], environ: Mapping[str, str] | None = None, program: str = "kubectl_complete-svc"
) -> Offered:
    """What our program answers, which says nothing on standard error."""
    done = run([f"{FOLDER}/{program}", *words], environ)
    assert (done.returncode, done.stderr) == (0, "")
    return _offered(done.stdout)


def _offered(output: str) -> Offered:
    *lines, last = output.splitlines()
    pairs = (line.partition("\t") for line in lines)
    return Offered({word: about for word, _, about in pairs}, int(last.removeprefix(":")))
