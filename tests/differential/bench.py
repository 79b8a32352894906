"""A stage with workloads on it and our program run there: what was made, and whether it says what the flags say."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Any

from tests.differential.programs import without_allotted
from tests.svc import svc_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.control_plane.cluster import Cluster
    from tests.differential.new_flags import Line

_DELETED = {"grace_period_seconds": 0, "propagation_policy": "Background"}
_CALLS = {
    "Deployment": ("apps", "deployment"),
    "StatefulSet": ("apps", "stateful_set"),
    "Pod": ("core", "pod"),
    "Service": ("core", "service"),
}


class Bench:
    """The stage with a workload or two on it; counts as made whatever else appears."""

    def __init__(self, stage: Cluster, env: dict[str, str]) -> None:
        self.stage = stage
        self._env = env

    @contextlib.contextmanager
    def holding(self, *manifests: dict[str, Any]) -> Iterator[list[Any]]:
        """The objects as the server stores them, for as long as the block lasts."""
        stored = []
        try:
            for manifest in manifests:
                create = self._call("create", manifest["kind"])
                stored.append(create(self.stage.namespace, manifest))
            yield stored
        finally:
            self.take_services()
            for manifest in manifests[: len(stored)]:
                delete = self._call("delete", manifest["kind"])
                delete(manifest["metadata"]["name"], self.stage.namespace, **_DELETED)

    def run(self, *argv: str) -> tuple[int, str, str]:
        """Exit code, output and errors of our program."""
        return svc_here(*argv, terminal=False, **self._env)

    def result(self, *argv: str) -> str:
        """The output of a run that must succeed, with nothing but warnings and hints beside it."""
        code, out, err = self.run(*argv)
        assert (code, lines_beside_notes(err)) == (0, []), (argv, err)
        return out

    def services(self) -> list[dict[str, Any]]:
        """The Services that were made on the stage, in the API's terms, read with the official client."""
        found = self.stage.core.list_namespaced_service(self.stage.namespace).items
        read = (self.stage.core.api_client.sanitize_for_serialization(service) for service in found)
        return [
            service for service in read if service["metadata"]["managedFields"][0]["manager"] != "OpenAPI-Generator"
        ]

    def take_services(self) -> list[dict[str, Any]]:
        """The same; they are then gone."""
        made = self.services()
        for service in made:
            self.stage.core.delete_namespaced_service(service["metadata"]["name"], self.stage.namespace)
        return made

    def _call(self, verb: str, kind: str) -> Any:
        api, resource = _CALLS[kind]
        return getattr(getattr(self.stage, api), f"{verb}_namespaced_{resource}")


def lines_beside_notes(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if not line.startswith(("Warning: ", "hint: "))]


def comparable(service: dict[str, Any]) -> str:
    """A live Service without what the server allots and without who made it."""
    metadata = {
        key: value for key, value in service["metadata"].items() if key not in ("managedFields", "creationTimestamp")
    }
    spec = {key: value for key, value in service["spec"].items() if key != "healthCheckNodePort"}
    return without_allotted(json.dumps({**service, "metadata": metadata, "spec": spec}, indent=1))


def _at(service: dict[str, Any], path: str) -> Any:
    value: Any = service
    for part in path.split("."):
        value = (value or {}).get(part)
    return value


def check(service: dict[str, Any], line: Line, owners: Sequence[Any]) -> None:
    """The Service says what the flags say."""
    for path, value in line.says.items():
        if path == "owner":
            references = service["metadata"]["ownerReferences"]
            found = [(one["kind"], one["name"], one["uid"]) for one in references]
            assert found == [(value, "web", owner.metadata.uid) for owner in owners]
        elif path == "spec.ipFamilies":  # the server may add the second
            assert service["spec"]["ipFamilies"][: len(value)] == value
        elif path != "naming":
            assert (_at(service, path) or None) == (value or None), path
    assert ("owner" in line.says) == ("ownerReferences" in service["metadata"])
    ports = service["spec"].get("ports") or []
    assert len(ports) == len(line.ports)
    names = [port.get("name") for port in ports]
    assert len(ports) == 1 or (all(names) and len(set(names)) == len(names))
    for port, known in zip(ports, line.ports, strict=True):
        expected = dict(known)
        if expected.pop("name is descriptive", False):
            assert re.fullmatch(f"[a-z0-9]+-{port['port']}-{port['targetPort']}(-[0-9]+)?", port["name"])
        assert {key: port.get(key) for key in expected} == expected
