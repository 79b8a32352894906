"""kubectl's cache folder, and what its names alone tell."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_KUBERNETES = (".k8s.io", ".json")
"""How names end in the cache of a server, beside those without a dot, which are of Kubernetes itself too."""


def cache_folder(cache_dir: str, environ: Mapping[str, str]) -> str:
    """The folder: that of --cache-dir where one was typed (cli-runtime config_flags.go)."""
    return cache_dir or environ.get("KUBECACHEDIR") or f"{environ.get('HOME', '')}/.kube/cache"


def has_met_others(folder: str) -> bool:
    """Whether kubectl may have met kinds of other projects, on whichever server; no file is read to know that."""
    try:
        servers = [os.listdir(f"{folder}/discovery/{server}") for server in os.listdir(f"{folder}/discovery")]
    except OSError:  # one that is no folder is not kubectl's either
        return False
    return any("servergroups.json" not in names or any(map(_is_foreign, names)) for names in servers)


def _is_foreign(name: str) -> bool:
    return "." in name and not name.endswith(_OF_KUBERNETES)
