"""The words of a watch: what asks for one, and its events line by line (apimachinery meta/v1 `WatchEvent`). Pure."""

from __future__ import annotations

from kubectl_svc import json_bodies
from kubectl_svc.errors import StatusError, UnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def watch_query(seconds: float) -> dict[str, str]:
    """What makes a watch of the question for a list, ended by the server after so many seconds, rounded up."""
    whole = max(1, int(-(-seconds // 1)))  # 0 would leave it to the server: half an hour or more
    return {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": str(whole)}


def read_event(line: bytes, where: str, kind: str, server: str) -> tuple[str, dict[str, Any]]:
    """Type and object of one event, which the server sent in an answer of the media type `kind`.

    `where` names the answer. Raises StatusError for an ERROR event, UnreachableError for anything but an event.
    """
    try:
        event = json_bodies.loads(line)
    except (ValueError, RecursionError):
        event = None
    said = event.get("type") if isinstance(event, dict) else None
    found = event.get("object") if isinstance(event, dict) else None
    if not isinstance(said, str) or not isinstance(found, dict):
        raise UnreachableError(server, f"{where} has a line that is no watch event ({kind}, {len(line)} bytes)")
    if said == "ERROR":
        raise StatusError(found)
    return said, found
