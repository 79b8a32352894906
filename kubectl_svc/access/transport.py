"""Requests to one API server: who we are, retries, redirects, and a log line for each. The wire below knows none of it.

Source: client-go transport/round_trippers.go, rest/request.go, rest/with_retry.go.
"""

from __future__ import annotations

import os
import sys
import time

from kubectl_svc import __version__
from kubectl_svc.access.connection import address
from kubectl_svc.access.http1 import DroppedError, Request
from kubectl_svc.access.wire import Wire
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import atoi, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kubectl_svc.access.connection import Connection
    from kubectl_svc.access.http1 import Response

    Header = tuple[str, str]
    Log = Callable[[int, str], None]

MAX_RETRIES = 10  # client-go rest/request.go
MAX_REDIRECTS = 10  # net/http `defaultCheckRedirect`
_LOGGED_BODY = 1024  # characters of a body at -v=8 (rest/request.go `truncateBody`)
_HEADER_KEY = frozenset(b"!#$&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}  # as Go calls them


class Transport:
    """Requests to one server over one connection. Not for use by several threads at once."""

    def __init__(
        self, connection: Connection, log: Log | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """`log(level, line)` gets klog-like lines of level 6 and 8; `sleep` waits between retries."""
        self._connection = connection
        self._address = address(connection.server)
        self._wire = Wire(connection)
        self._log = log
        self._sleep = sleep

    @property
    def server(self) -> str:
        """The server's host:port as configured, for messages."""
        return self._address.authority

    def close(self) -> None:
        """Closes the connection, if one is open; the next request opens another."""
        self._wire.close()

    def request(self, method: str, path: str, body: bytes | None = None, headers: Iterable[Header] = ()) -> Response:
        """The server's answer, whatever its status. `path` starts with a slash, is escaped and may have a query.

        Answers that say Retry-After are retried, as often as client-go does: GET on 429 and 5xx, anything else only on
        429, because then nothing was done; client-go repeats a POST on 5xx too, and may so make a thing twice. The time
        limit of the connection covers all of it.
        Raises UnreachableError when there is no complete answer; a POST whose answer was lost is not sent again.
        """
        request = Request(
            method=method, target=self._address.prefix + path, headers=(*headers, *self._own_headers()), body=body
        )
        limit = self._connection.timeout
        deadline = time.monotonic() + limit if limit else None
        for _ in range(MAX_RETRIES):
            response = self._follow(request, deadline)
            wait = _retry_after(method, response)
            if wait is None:
                return response
            if deadline is not None and time.monotonic() + wait > deadline:
                raise self._wire.unreachable(f"the server asks to wait {wait}s, which is more than --request-timeout")
            self._sleep(wait)
        return self._follow(request, deadline)

    # --- one answer

    def _follow(self, request: Request, deadline: float | None) -> Response:
        """Redirects of a GET are followed on the same server only: the token must not go elsewhere."""
        for _ in range(MAX_REDIRECTS):
            response = self._logged(request, deadline)
            location = response.header("Location")
            if request.method != "GET" or response.status not in (301, 302, 303, 307, 308) or not location:
                return response
            request = request.but(target=self._redirected(location))
        raise self._wire.unreachable(f"stopped after {MAX_REDIRECTS} redirects")

    def _redirected(self, location: str) -> str:
        base = f"{self._address.scheme}://{self._address.authority}"
        if location.lower().startswith(f"{base}/".lower()):
            location = location[len(base) :]
        if not location.startswith("/") or location.startswith("//"):
            raise self._wire.unreachable(f"the server redirects to {quote(location)}, which is not followed")
        return location.partition("#")[0]

    def _logged(self, request: Request, deadline: float | None) -> Response:
        if self._log is None:
            return self._once(request, deadline)
        url = f"{self._address.scheme}://{self._address.authority}{request.target}"
        what = f"verb={quote(request.method)} url={quote(url)}"
        self._log(8, _log_line(f'"Request" {what} headers={_masked(request.headers)}'))
        self._log(8, _log_line(f'"Request Body" body={_shown(request.body or b"")}'))
        started = time.monotonic()
        response = self._once(request, deadline)
        status = quote(f"{response.status} {response.phrase}".strip())
        milliseconds = int((time.monotonic() - started) * 1000)
        self._log(6, _log_line(f'"Response" {what} status={status} milliseconds={milliseconds}'))
        self._log(8, _log_line(f'"Response" headers={_masked(response.headers)}'))
        self._log(8, _log_line(f'"Response Body" body={_shown(response.body)}'))
        return response

    def _once(self, request: Request, deadline: float | None) -> Response:
        """One answer; a GET that an old connection has swallowed goes once more, over a new one."""
        kept = self._wire.is_open()
        try:
            return self._wire.exchange(request, deadline)
        except DroppedError:
            if not kept or request.method != "GET":
                raise self._dropped(request) from None
        try:
            return self._wire.exchange(request, deadline)
        except DroppedError:
            raise self._dropped(request) from None

    def _dropped(self, request: Request) -> SvcError:
        doubt = "" if request.method == "GET" else "; whether the request was carried out is not known"
        return self._wire.unreachable(f"the server closed the connection before it had answered in full{doubt}")

    # --- headers

    def _own_headers(self) -> list[Header]:
        """Host, identity and what we can read. Raises UnreachableError for a value that no header can have."""
        headers = [("Host", self._address.authority), ("User-Agent", _user_agent())]
        if not self._connection.disable_compression:
            headers.append(("Accept-Encoding", "gzip"))
        headers += self._credentials()
        headers += _impersonation(self._connection)
        for name, value in headers:
            if any((char < " " and char != "\t") or char == "\x7f" for char in value):
                raise self._wire.unreachable(f"net/http: invalid header field value for {quote(name)}")
        return headers

    def _credentials(self) -> list[Header]:
        """Token or password; those in the URL itself count last (net/http)."""
        connection = self._connection
        token = _token_in(connection.token_file) or connection.token
        password = connection.username or connection.password
        if token and password:
            raise SvcError("username/password or bearer token may be set, but not both")
        if token:
            return [("Authorization", f"Bearer {token}")]
        if password:
            return [_basic(connection.username, connection.password)]
        if self._address.username:
            return [_basic(self._address.username, self._address.password)]
        return []


def _retry_after(method: str, response: Response) -> int | None:
    """Seconds to wait before the same request again, or None (see `request`; rest/with_retry.go `checkWait`)."""
    if response.status != 429 and (response.status < 500 or method != "GET"):
        return None
    try:
        return max(atoi(response.header("Retry-After")), 0)
    except ValueError:
        return None


def _token_in(path: str) -> str:
    """The token in a file, read anew because it is rotated; empty when it cannot be read."""
    if not path:
        return ""
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "surrogateescape").strip()
    except OSError:
        return ""


def _basic(username: str, password: str) -> Header:
    from binascii import b2a_base64  # passwords are rare

    word = b2a_base64(f"{username}:{password}".encode("utf-8", "surrogateescape"), newline=False).decode()
    return "Authorization", f"Basic {word}"


def _impersonation(connection: Connection) -> list[Header]:
    if not connection.as_user:
        return []
    headers = [("Impersonate-User", connection.as_user)]
    if connection.as_uid:
        headers.append(("Impersonate-Uid", connection.as_uid))
    headers += [("Impersonate-Group", group) for group in connection.as_groups]
    for key, values in connection.as_user_extra.items():
        headers += [(f"Impersonate-Extra-{_header_key(key)}", value) for value in values]
    return headers


def _header_key(key: str) -> str:
    """The key with everything percent-escaped that no header name may hold, and the percent sign itself."""
    return "".join(chr(byte) if byte in _HEADER_KEY else f"%{byte:02X}" for byte in key.encode("utf-8", "replace"))


def _user_agent() -> str:
    machine = os.uname().machine if hasattr(os, "uname") else "unknown"
    return f"kubectl-svc/{__version__} ({sys.platform}/{_ARCHITECTURES.get(machine, machine)})"


# --- log lines


def _log_line(text: str) -> str:
    """With klog's head: level, time, process, where from."""
    now = time.time()
    stamp = time.strftime("%m%d %H:%M:%S", time.localtime(now))
    return f"I{stamp}.{int(now % 1 * 1e6):06d} {os.getpid():7d} round_trippers.go:632] {text}"


def _masked(headers: Iterable[Header]) -> str:
    """Headers as klog prints a text of several lines; credentials are left out."""
    lines = "".join(f"\t{name}: {quote(_masked_value(name, value))[1:-1]}\n" for name, value in sorted(headers))
    return f"<\n{lines} >"


def _masked_value(name: str, value: str) -> str:
    if name.lower() not in ("authorization", "set-cookie"):
        return value
    scheme = value.partition(" ")[0]
    return f"{scheme} <masked>" if scheme in ("Bearer", "Basic") else "<masked>"


def _shown(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    if len(text) > _LOGGED_BODY:
        text = f"{text[:_LOGGED_BODY]} [truncated {len(text) - _LOGGED_BODY} chars]"
    return quote(text)
