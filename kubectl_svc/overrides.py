"""`--overrides` as a JSON merge patch, and what of it may go to kubectl as a strategic merge patch.

Pure. Source: kubectl pkg/cmd/util/helpers.go (`Merge`, `StrategicMerge`).
"""

from __future__ import annotations

from kubectl_svc.go_documents import read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def merge(document: Mapping[str, Any], fragment: str) -> dict[str, Any] | list[Any]:
    """The document changed by an RFC 7386 merge patch; a fragment that is an array takes its place.

    The members of every object that the fragment touches come out in the order of their names, the others as they
    were, which decides the wrong type that kubectl names first. Raises ValueError in kubectl's words for a fragment
    that is neither an object nor an array. Source: gopkg.in/evanphx/json-patch.v4 merge.go.
    """
    try:
        patch = read_json(fragment)
    except ValueError:
        patch = None
    if isinstance(patch, dict):
        return _merged(document, patch)
    if isinstance(patch, list):
        return patch
    raise ValueError("Invalid JSON Patch")


def _merged(document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(document)
    for name, value in patch.items():
        current = merged.get(name)
        if value is None:
            merged.pop(name, None)
        elif isinstance(current, dict):
            # What takes an object's place, json-patch leaves as it is, nulls and all.
            merged[name] = _merged(current, value) if isinstance(value, dict) else value
        else:
            merged[name] = _without_nulls(value)
    return {name: merged[name] for name in sorted(merged)}


def _without_nulls(value: Any) -> Any:
    """A value that is new to the document: without the members that are null, in the order of their names."""
    if isinstance(value, dict):
        return {name: _without_nulls(value[name]) for name in sorted(value) if value[name] is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def strategic_patch(fragment: str) -> str:
    """The fragment as `kubectl patch` may have it, which would take YAML as well: a JSON object; an empty one for null.

    Raises ValueError in kubectl's words for anything else.
    Source: apimachinery pkg/util/strategicpatch `handleUnmarshal`.
    """
    try:
        patch = read_json(fragment)
    except ValueError:
        patch = ()
    if patch is None:
        return "{}"
    if not isinstance(patch, dict):
        raise ValueError("invalid JSON document")
    return fragment
