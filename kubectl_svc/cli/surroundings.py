"""What `--lb auto` looks at in a cluster, and for how long it remembers what it found."""

from __future__ import annotations

import json
import os
import time

from kubectl_svc.errors import StatusError
from kubectl_svc.load_balancers.detection import Detected, Node, detect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.load_balancers.model import Provider

_CACHE_SECONDS = 600  # controllers are not installed every day, and a wrong answer does not last
_NODES = ("api", "v1", "nodes")
_DEPLOYMENTS = ("apis", "apps", "v1", "deployments")


def detect_provider(session: Session, providers: Sequence[Provider]) -> Detected:
    """What the cluster says whose load balancers it has, remembered for ten minutes under kubectl's cache folder.

    Raises SvcError as `detection.detect`, StatusError and UnreachableError where the server does not tell.
    """
    path = f"{session.cache_folder}/kubectl-svc-load-balancer.json"
    known = _remembered(path)
    if known is not None and known.provider in {one.name for one in providers}:
        return known
    detected = detect(providers, _Surroundings(session))
    _remember(path, detected)
    return detected


class _Surroundings:
    """Each part of the cluster is looked at once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._nodes: tuple[Node, ...] | None = None
        self._resources: frozenset[str] | None = None

    def nodes(self) -> Sequence[Node]:
        if self._nodes is None:
            self._nodes = tuple(map(_node, self._items(_NODES, {})))
        return self._nodes

    def resources(self) -> frozenset[str]:
        if self._resources is None:
            served = self._session.discovery.served()
            self._resources = frozenset(f"{one.plural}.{one.group}" for one in served if one.group)
        return self._resources

    def has_object(self, resource: str) -> bool:
        served = self._session.discovery.served()
        found = next((one for one in served if f"{one.plural}.{one.group}" == resource), None)
        if found is None:
            return False
        try:
            return bool(next(self._session.cluster.pages(found.path(""), {})).get("items"))
        except StatusError as error:
            if error.reason != "Forbidden":
                raise
            return True  # a pool that may not be seen is one that somebody made

    def images(self, selector: str) -> Sequence[str]:
        deployments = self._items(_DEPLOYMENTS, {"labelSelector": selector})
        specs = ((((one.get("spec") or {}).get("template") or {}).get("spec") or {}) for one in deployments)
        return [str(container.get("image", "")) for spec in specs for container in spec.get("containers") or ()]

    def _items(self, path: tuple[str, ...], query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """The first page of a list; nothing where it may not be read."""
        try:
            page = next(self._session.cluster.pages(path, query))
        except StatusError as error:
            if error.reason != "Forbidden":
                raise
            return []
        items = page.get("items")
        return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []


def _node(document: Mapping[str, Any]) -> Node:
    metadata, spec = document.get("metadata") or {}, document.get("spec") or {}
    return Node(provider_id=str(spec.get("providerID") or ""), labels=metadata.get("labels") or {})


def _remembered(path: str) -> Detected | None:
    try:
        with open(path, encoding="utf-8") as file:
            if time.time() - os.fstat(file.fileno()).st_mtime > _CACHE_SECONDS:
                return None
            known = json.load(file)
        settings = tuple((str(name), str(value)) for name, value in known["settings"].items())
        return Detected(provider=known["provider"], reasons=tuple(known["reasons"]), settings=settings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # the cluster knows better


def _remember(path: str, detected: Detected) -> None:
    """Kept for the next run; a folder that cannot be written only costs that run a look."""
    content = {"provider": detected.provider, "reasons": detected.reasons, "settings": dict(detected.settings)}
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o750, exist_ok=True)
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(content, file)
        os.replace(temporary, path)
    except OSError:
        return
