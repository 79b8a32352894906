"""What a refusal without a Status says, as client-go makes one up from code and text: never raises, asks nobody."""

from __future__ import annotations

from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from kubectl_svc.access.http.http1 import Response

_MAX_TEXT = 2048  # characters of an unstructured answer that a message may quote (rest/request.go)
# What client-go makes of a status code when the answer says no more: reason and message. An empty message means
# the server's own text (apimachinery api/errors/errors.go `NewGenericServerResponse`).
_GENERIC = {
    400: ("BadRequest", "the server rejected our request for an unknown reason"),
    401: ("Unauthorized", "the server has asked for the client to provide credentials"),
    403: ("Forbidden", ""),
    404: ("NotFound", "the server could not find the requested resource"),
    405: ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
    406: ("NotAcceptable", ""),
    409: ("Conflict", "the server reported a conflict"),
    415: ("UnsupportedMediaType", ""),
    422: ("Invalid", "the server rejected our request due to an error in our request"),
    429: ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
    504: (
        "Timeout",
        "the server was unable to return a response in the time allotted, but may still be processing the request",
    ),
}


def status_of_bare(method: str, path: Sequence[str], response: Response) -> dict[str, Any]:
    """The Status that client-go makes up for an answer without one."""
    code = response.status
    text = _text(response)
    reason, message = _GENERIC.get(code, ("", ""))
    if code == 409 and method == "POST":
        reason = "AlreadyExists"
    elif code == 406 and text in ("", "unknown"):
        message = "the server was unable to respond with a content type that the client supports"
    elif not reason and code >= 500:
        reason = "InternalError"
        message = f"an error on the server ({quote(text)}) has prevented the request from succeeding"
    elif not reason:
        message = f"the server responded with the status code {code} but did not return more information"
    resource, name = _resource_and_name(path)
    message = message or text
    if resource:
        message += f" ({method.lower()} {resource}{f' {name}' if name else ''})"
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "message": message,
        "reason": reason,
        "details": {
            "kind": resource.partition(".")[0],
            "name": name,
            "causes": [{"reason": "UnexpectedServerResponse", "message": text}],
        },
        "code": code,
    }


def _text(response: Response) -> str:
    kind = response.header("Content-Type")
    if kind and not kind.lower().startswith("text/"):
        return "unknown"
    return response.body[:_MAX_TEXT].decode("utf-8", "replace").strip()


def _resource_and_name(path: Sequence[str]) -> tuple[str, str]:
    """`deployments.apps` and `web` of the path to an object; empty for anything else, discovery for one."""
    group = f".{path[1]}" if path[0] == "apis" and len(path) > 3 else ""
    rest = path[3:] if path[0] == "apis" else path[2:]
    if len(rest) > 2 and rest[0] == "namespaces":
        rest = rest[2:]
    elif rest[:1] == ("namespaces",):
        return "", ""  # kubectl asks for a namespace by its bare path
    return (f"{rest[0]}{group}", rest[1] if len(rest) > 1 else "") if rest else ("", "")
