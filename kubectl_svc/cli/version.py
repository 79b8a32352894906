"""`kubectl svc version`: which program this is."""

from __future__ import annotations

from kubectl_svc import __version__
from kubectl_svc.errors import SvcError


def render_version(output: str) -> str:
    """The version as one line, or as the JSON or YAML document that kubectl gives its own.

    Raises SvcError for any other output, in the words of `kubectl version`.
    """
    if not output:
        return f"Client Version: v{__version__}\n"
    if output == "json":
        return f'{{\n  "clientVersion": {{\n    "gitVersion": "v{__version__}"\n  }}\n}}\n'
    if output == "yaml":
        return f"clientVersion:\n  gitVersion: v{__version__}\n"
    raise SvcError("--output must be 'yaml' or 'json'")
