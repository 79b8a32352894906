"""Our own credentials in an answer: a gateway may show us the request that we sent, and nobody else shall see it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubectl_svc.access.http.http1 import Response

    Header = tuple[str, str]

MASK = "<masked>"
_SHORTEST = 8  # characters from which on a credential is told from a word


def without_echo(response: Response, sent: Iterable[Header]) -> Response:
    """The answer with all credentials of the sent headers covered; the body of a success stays, it is an object."""
    for secret in _secrets(sent):
        if not _holds(response, secret):
            continue
        response = response.but(
            phrase=response.phrase.replace(secret, MASK),
            headers=tuple((name, value.replace(secret, MASK)) for name, value in response.headers),
            body=response.body if 200 <= response.status < 300 else _covered(response.body, secret),
        )
    return response


def loggable(response: Response, sent: Iterable[Header]) -> Response:
    """As `without_echo`, the body of a success too."""
    body = response.body
    for secret in _secrets(sent):
        body = _covered(body, secret)
    return response if body is response.body else response.but(body=body)


def _secrets(sent: Iterable[Header]) -> list[str]:
    """The credentials of Authorization and Proxy-Authorization, less their scheme."""
    said = (value.partition(" ")[2] for name, value in sent if name.lower().endswith("authorization"))
    return [secret for secret in said if len(secret) >= _SHORTEST]


def _holds(response: Response, secret: str) -> bool:
    in_head = secret in response.phrase or any(secret in value for _, value in response.headers)
    return in_head or _as_bytes(secret) in response.body


def _covered(body: bytes, secret: str) -> bytes:
    word = _as_bytes(secret)
    return body.replace(word, MASK.encode()) if word in body else body


def _as_bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogateescape")
