"""Asks the program `go-urls`: what the real net/url and net/http make of a URL."""

from __future__ import annotations

import base64
import json
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def ask_go(
    program: str, questions: Sequence[Mapping[str, str | bool]], environ: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """One answer per question; see tests/tools/gourls for the names of both. The environment is this one alone."""
    lines = [
        json.dumps({key: _packed(value) if isinstance(value, str) else value for key, value in question.items()})
        for question in questions
    ]
    done = subprocess.run(
        [program], env={**(environ or {})}, input="\n".join(lines).encode(), capture_output=True, check=True
    )
    return [
        {
            key: base64.b64decode(value or "").decode("utf-8", "surrogateescape")
            for key, value in json.loads(line).items()
        }
        for line in done.stdout.splitlines()
    ]


def _packed(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
