"""What the real kubectl prints for objects that it is given, with no cluster."""

from __future__ import annotations

import json
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# `set selector` reads into the Go struct and overwrites one field; nothing without a cluster leaves all alone.
TYPED = ("set", "selector", "--local", "-f", "-", "web=yes")
# `patch --local` prints the object as given: unknown fields stay, fields are sorted by name.
AS_GIVEN = ("patch", "--local", "-f", "-", "--type=merge", "-p", "{}")


def printed(kubectl: str, documents: Sequence[Any], *words: str) -> tuple[str, str]:
    """kubectl's standard output and its standard error for the documents, all in one process."""
    text = "\n".join(map(json.dumps, documents))
    done = subprocess.run([kubectl, *words], input=text.encode(), capture_output=True, check=False)
    return done.stdout.decode(), done.stderr.decode()


def as_typed(service: dict[str, Any]) -> dict[str, Any]:
    """The object with the selector that `TYPED` gives it."""
    spec = service.get("spec") or {}
    return {**service, "spec": {**spec, "selector": {"web": "yes"}}}


def assert_same(expected: str, ours: Sequence[str]) -> None:
    """Whether our texts, one after the other, are kubectl's output; says which is the first that is not."""
    start = 0
    for text in ours:
        theirs = expected[start : start + len(text)]
        assert theirs == text, f"kubectl: {theirs!a}\n   ours: {text!a}"
        start += len(text)
    assert expected[start:] == "", f"kubectl goes on: {expected[start:]!a}"
