"""Workloads by the dozen."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def deployment(name: str, **metadata: Any) -> dict[str, Any]:
    """A Deployment of the name, its selector and its one port."""
    labels = {"app": name}
    container = {"name": "main", "image": "nginx", "ports": [{"containerPort": 8080}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, **metadata},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def documents(objects: Iterable[dict[str, Any]]) -> str:
    """One file of them."""
    return "".join(f"---\n{json.dumps(one)}\n" for one in objects)
