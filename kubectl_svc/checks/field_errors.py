"""What the API server says of a field, in its words (apimachinery pkg/util/validation/field/errors.go `ErrorBody`)."""

from __future__ import annotations

from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def invalid(value: object, detail: str) -> str:
    """A value that the field cannot have."""
    return f"Invalid value: {shown(value)}: {detail}"


def unsupported(value: str, known: Iterable[str]) -> str:
    """A word that is none of the field's own."""
    return f"Unsupported value: {quote(value)}: supported values: {', '.join(map(quote, sorted(known)))}"


def duplicate(value: object) -> str:
    """A value that stands there twice."""
    return f"Duplicate value: {shown(value)}"


def shown(value: object) -> str:
    """A value as Go prints it: text quoted, numbers bare, anything else as JSON."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    import json  # lists and structs are rarely wrong

    return json.dumps(value, separators=(",", ":"))
