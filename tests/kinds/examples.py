"""One object of each kind: objects/*.yaml, as files and on the API server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from tests.control_plane.cluster import Cluster

FOLDER = Path(__file__).parent / "objects"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def path(example: str) -> str:
    """Where the manifest of an example stands, for -f."""
    return str(FOLDER / f"{example}.yaml")


def manifests(example: str) -> list[dict[str, Any]]:
    """The objects of a file; the first is the one that the example is about."""
    return list(yaml.safe_load_all(Path(path(example)).read_text()))


def of_kind(group: str, kind: str) -> str:
    """The first example that is about an object of that kind. An AssertionError where there is none."""
    found = [name for name in NAMES for about in manifests(name)[:1] if _is_of(about, group, kind)]
    assert found, f"no file in tests/kinds/objects begins with a {kind} of {group}"
    return found[0]


def _is_of(manifest: dict[str, Any], group: str, kind: str) -> bool:
    return (manifest["apiVersion"].rpartition("/")[0], manifest["kind"]) == (group, kind)


def create(cluster: Cluster, *examples: str) -> None:
    """Makes the objects in the test's namespace, with what their `status` says."""
    for example in examples:
        cluster.kubectl("create", "-f", path(example))
        for manifest in manifests(example):
            if "status" in manifest:
                report_status(cluster, manifest, **manifest["status"])


def report_status(cluster: Cluster, manifest: dict[str, Any], **status: Any) -> None:
    """Sets these fields of the status of the object that the manifest names, as its controller would."""
    patch = json.dumps({"status": status})
    arguments = ("-f", "-", "--subresource=status", "--type=merge", "-p", patch)
    cluster.kubectl("patch", *arguments, stdin=json.dumps(manifest))
