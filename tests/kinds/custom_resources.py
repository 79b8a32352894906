"""The custom kinds of crds/*.yaml on an API server that does not have them, for as long as the tests need them."""

from __future__ import annotations

import contextlib
import http
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from kubernetes import client, watch
from kubernetes.client.exceptions import ApiException

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FOLDER = Path(__file__).parent / "crds"
_LABELS = {"app.kubernetes.io/managed-by": "kubectl-svc-tests"}
_SELECTOR = ",".join(f"{key}={value}" for key, value in _LABELS.items())
_SECONDS = 120  # one is enough; a busy machine may need more
_NOT_YET = (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE)


def definitions() -> list[dict[str, Any]]:
    """The CustomResourceDefinitions of all files."""
    return [each for path in sorted(_FOLDER.glob("*.yaml")) for each in yaml.safe_load_all(path.read_text())]


@contextlib.contextmanager
def installed(api_client: Any, wanted: Sequence[dict[str, Any]]) -> Iterator[frozenset[str]]:
    """Installs the wanted definitions that the API server does not have yet, and gives their names.

    Inside, discovery knows them all. At the end only these are removed, with their objects: a definition that was
    there before is the user's own (`--cluster current`) and is never touched. `api_client` is an official ApiClient.
    Raises TimeoutError when one is not established, for instance because another kind has its short name.
    """
    api = client.ApiextensionsV1Api(api_client)
    mine: set[str] = set()
    try:
        for definition in wanted:
            if _create(api, definition):
                mine.add(definition["metadata"]["name"])
        _wait_until_established(api, mine)
        _wait_until_discovered(api_client, wanted)
        yield frozenset(mine)
    finally:
        _remove(api, mine)


def _create(api: Any, definition: dict[str, Any]) -> bool:
    labelled = {**definition, "metadata": {**definition["metadata"], "labels": _LABELS}}
    try:
        # The answer is not read: its status has no conditions yet, which the client takes for an error.
        api.create_custom_resource_definition(labelled, _preload_content=False)
    except ApiException as error:
        if error.status != http.HTTPStatus.CONFLICT:
            raise
        return False
    return True


def _wait_until_established(api: Any, names: Iterable[str]) -> None:
    waiting = set(names)
    if not waiting:
        return
    for change in watch.Watch().stream(
        api.list_custom_resource_definition, label_selector=_SELECTOR, timeout_seconds=_SECONDS
    ):
        conditions = change["object"].status.conditions or ()
        if any(each.type == "Established" and each.status == "True" for each in conditions):
            waiting.discard(change["object"].metadata.name)
        if not waiting:
            return
    raise TimeoutError(f"not established after {_SECONDS} s: {', '.join(sorted(waiting))}")


def _wait_until_discovered(api_client: Any, wanted: Iterable[dict[str, Any]]) -> None:
    """Discovery follows the condition within milliseconds, and cannot be watched.

    Every kind is listed once: a store that the server never opened cannot be emptied, and its definition never goes.
    """
    waiting = {
        (each["spec"]["group"], version["name"], each["spec"]["names"]["plural"])
        for each in wanted
        for version in each["spec"]["versions"]
    }
    deadline = time.monotonic() + _SECONDS
    while waiting := {each for each in waiting if not _is_discovered(api_client, *each)}:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not in discovery after {_SECONDS} s: {sorted(waiting)}")


def _is_discovered(api_client: Any, group: str, version: str, plural: str) -> bool:
    try:
        api = client.CustomObjectsApi(api_client)
        found = api.get_api_resources(group, version)
        api.list_cluster_custom_object(group, version, plural, limit=1)
    except ApiException as error:
        if error.status not in _NOT_YET:
            raise
        return False
    return any(each.name == plural for each in found.resources)


def _remove(api: Any, names: Iterable[str]) -> None:
    """Waits until they are gone, so that the next run finds none that is about to go and takes it for the user's."""
    waiting = set(names)
    for name in waiting:
        try:
            api.delete_custom_resource_definition(name)
        except ApiException as error:
            if error.status != http.HTTPStatus.NOT_FOUND:
                raise
    left = api.list_custom_resource_definition(label_selector=_SELECTOR)
    waiting &= {each.metadata.name for each in left.items}
    if not waiting:
        return
    for change in watch.Watch().stream(
        api.list_custom_resource_definition,
        label_selector=_SELECTOR,
        resource_version=left.metadata.resource_version,
        timeout_seconds=_SECONDS,
    ):
        if change["type"] == "DELETED":
            waiting.discard(change["object"].metadata.name)
        if not waiting:
            return
    raise TimeoutError(f"not removed after {_SECONDS} s: {', '.join(sorted(waiting))}")
