"""The log of requests and answers for -v, line by line as klog writes it, and without what is secret.

Source: client-go transport/round_trippers.go (`debuggingRoundTripper`), rest/request.go (`truncateBody`).
"""

from __future__ import annotations

import os
import time

from kubectl_svc.access.http.echo import MASK
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kubectl_svc.access.http.http1 import Request, Response

    Header = tuple[str, str]
    Log = Callable[[int, str], None]

_SECRET_HEADERS = ("authorization", "cookie")  # parts of names: Proxy-Authorization and Set-Cookie too
_LOGGED_BODY = 1024  # characters of a body at -v=8


class RequestLog:
    """Writes through `log(level, line)`: requests and answers at level 8, a line for each answer at level 6."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def failure(self, text: str) -> None:
        """What went wrong and does not end the command."""
        self._write(0, text)

    def request(self, request: Request, url: str) -> None:
        """A request that is about to be sent to `url`."""
        self._write(8, f'"Request" {_what(request, url)} headers={_lines(request.headers)}')
        self._write(8, f'"Request Body" body={_shown(request.body or b"")}')

    def response(self, request: Request, url: str, response: Response, seconds: float) -> None:
        """The answer, `seconds` after the request."""
        status = quote(f"{response.status} {response.phrase}".strip())
        self._write(6, f'"Response" {_what(request, url)} status={status} milliseconds={int(seconds * 1000)}')
        self._write(8, f'"Response" headers={_lines(response.headers)}')
        self._write(8, f'"Response Body" body={_shown(response.body)}')

    def _write(self, level: int, text: str) -> None:
        """With klog's head: level, time, process, where from."""
        now = time.time()
        stamp = time.strftime("%m%d %H:%M:%S", time.localtime(now))
        self._log(level, f"I{stamp}.{int(now % 1 * 1e6):06d} {os.getpid():7d} round_trippers.go:632] {text}")


def _what(request: Request, url: str) -> str:
    return f"verb={quote(request.method)} url={quote(url)}"


def _lines(headers: Iterable[Header]) -> str:
    """Headers as klog prints a text of several lines."""
    lines = "".join(f"\t{name}: {quote(_value(name, value))[1:-1]}\n" for name, value in sorted(headers))
    return f"<\n{lines} >"


def _value(name: str, value: str) -> str:
    if any(part in name.lower() for part in _SECRET_HEADERS):
        scheme = value.partition(" ")[0]
        return f"{scheme} {MASK}" if scheme in ("Bearer", "Basic") else MASK
    if "@" not in value:
        return value
    from kubectl_svc.access.http.go_url import covered  # hardly any header holds a URL with a user

    return covered(value)


def _shown(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    if len(text) > _LOGGED_BODY:
        text = f"{text[:_LOGGED_BODY]} [truncated {len(text) - _LOGGED_BODY} chars]"
    return quote(text)
