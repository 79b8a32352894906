"""Requests to one API server: who we are, retries, redirects, and a log line for each. The wire below knows none of it.

Source: client-go transport/round_trippers.go, rest/request.go, rest/with_retry.go.
"""

from __future__ import annotations

import time

from kubectl_svc.access.connection import address
from kubectl_svc.access.http.echo import loggable
from kubectl_svc.access.http.http1 import DroppedError, Request, TruncatedError
from kubectl_svc.access.http.proxy import through_proxy
from kubectl_svc.access.http.request_headers import authorization, bearer, common_headers
from kubectl_svc.access.http.wire import Wire
from kubectl_svc.access.login.credentials import Credentials, shared_login
from kubectl_svc.errors import SvcError, UnreachableError
from kubectl_svc.golang import atoi, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kubectl_svc.access.connection import Connection
    from kubectl_svc.access.http.http1 import Response
    from kubectl_svc.access.http.request_log import Log, RequestLog
    from kubectl_svc.access.login.credentials import SharedLogin

    Header = tuple[str, str]

MAX_RETRIES = 10  # client-go rest/request.go
_WAITS_FOR_GET = (0, 0.1, 0.4)  # seconds; client-go asks ten times, a second apart
_LONGEST_WAIT = 24 * 3600  # seconds; nobody means more
_REDIRECTIONS = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 10  # net/http `defaultCheckRedirect`


class Transport:
    """Requests to one server over one connection. Not for use by several threads at once."""

    def __init__(
        self,
        connection: Connection,
        log: Log | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`log(level, line)` gets klog-like lines; `environ` may name a proxy; `sleep` waits between retries.

        Raises SvcError for a server that is no URL, and for an auth-provider that kubectl does not accept.
        """
        self._connection = connection
        self._environ = environ
        self._address = address(connection.server)
        login = shared_login(connection, environ or {})
        self._login = None if self._address.username else login  # who the URL says we are counts first (net/http)
        # A plugin is told of the proxy that the kubeconfig names, not of the environment's.
        self._reached = through_proxy(connection, environ or {})
        self._wire = Wire(self._reached)
        self._certificate = Credentials()
        self._common = tuple(common_headers(connection, self._address))
        self._log: RequestLog | None = None
        if log:
            from kubectl_svc.access.http.request_log import RequestLog  # only -v needs it

            self._log = RequestLog(log)
        self._sleep = sleep

    def another(self, sleep: Callable[[float], None]) -> Transport:
        """The same server by another connection, for another thread; who we are is found out once for both."""
        other = Transport(self._connection, environ=self._environ, sleep=sleep)
        other._login, other._certificate, other._log = self._login, self._certificate, self._log
        other._wire = self._wire.another()
        return other

    def log_in(self) -> None:
        """Has the credentials fetched that requests need, if any. Raises UnreachableError where they are not had."""
        if self._login is not None:
            self._login.credentials()

    @property
    def server(self) -> str:
        """The server's host:port as configured, for messages."""
        return self._address.authority

    def close(self) -> None:
        """Closes the connection, if one is open; the next request opens another."""
        self._wire.close()

    @property
    def time_limit(self) -> float | None:
        """Seconds that one request may take, its retries included; None for no end."""
        return self._connection.timeout or None

    def wait(self, seconds: float) -> None:
        """Does nothing for so long."""
        self._sleep(seconds)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Iterable[Header] = (),
        seconds: float | None = None,
    ) -> Response:
        """The server's answer, whatever its status. `path` starts with a slash, is escaped and may have a query.

        Answers that say Retry-After are retried, as often as client-go does: GET on 429 and 5xx, anything else only on
        429, because then nothing was done; client-go repeats a POST on 5xx too, and may so make a thing twice. The time
        limit of the connection, or `seconds` where that is less, covers all of it, but no login.
        Raises UnreachableError when there is no complete answer; a POST whose answer was lost is not sent again.
        """
        target = self._address.prefix + path
        request = Request(method=method, target=target, headers=(*headers, *self._own_headers()), body=body)
        return self._answered(request, seconds)

    def stream(self, path: str, headers: Iterable[Header], seconds: float) -> tuple[Response, Iterator[bytes]]:
        """The answer to a GET, and its lines as they come in, until so many `seconds` from now.

        Lines come without their ends; empty ones are left out. Only a 200 has any: every other answer is complete. The
        time limit of the connection is that of the answer's head. Until the last line was read, the connection carries
        no other request: one that is made ends the stream, as closing the iterator does.
        Raises UnreachableError as `request` does; so does the iterator when the answer does not go on to its end.
        """
        deadline = time.monotonic() + seconds
        own = [header for header in self._own_headers() if header[0] != "Accept-Encoding"]  # a packed line comes late
        request = Request(method="GET", target=self._address.prefix + path, headers=(*headers, *own), in_lines=True)
        response = self._answered(request, seconds)
        return response, self._lines(self._wire, deadline)

    def hang_up(self) -> None:
        """Ends what another thread does with the connection, as if the server had hung up; it is of no more use."""
        self._wire.hang_up()

    def _lines(self, wire: Wire, deadline: float) -> Iterator[bytes]:
        try:
            yield from wire.lines(deadline)
        except DroppedError:
            raise self._dropped() from None

    def _answered(self, request: Request, seconds: float | None) -> Response:
        """The answer to the request of whoever we are; after a 401, of whoever we are by then."""
        if self._login is None:
            return self._in_time(request, seconds)
        used = self._login.credentials()
        response = self._in_time(self._identified(request, used), seconds)
        if response.status != 401:
            return response
        # Nothing was done. Where kubectl fails with new credentials in hand, we use them; old ones would fail again.
        renewed = self._renewed(self._login, used)
        if renewed is None or renewed == used:
            return response
        return self._in_time(self._identified(request, renewed), seconds)

    # --- credentials that are fetched

    def _identified(self, request: Request, credentials: Credentials) -> Request:
        """The request with these credentials; another certificate needs another connection."""
        certificate = credentials.but(token="")
        if certificate != self._certificate:
            self._wire.close()
            self._wire = Wire(
                self._reached.but(client_certificate_data=certificate.certificate, client_key_data=certificate.key)
            )
            self._certificate = certificate
        return request.but(headers=(*request.headers, *self._checked(bearer(credentials.token))))

    def _renewed(self, login: SharedLogin, used: Credentials) -> Credentials | None:
        """What the login has after a 401; None for nothing, which is only logged, because the 401 says enough."""
        try:
            return login.renewed(used)
        except UnreachableError as error:
            if self._log is not None:
                self._log.failure(f"refreshing credentials: {error}")
            return None

    def _in_time(self, request: Request, seconds: float | None) -> Response:
        """The answer within the time limit, after as many retries as the server asks for."""
        limits = [limit for limit in (self.time_limit, seconds) if limit is not None]
        deadline = time.monotonic() + min(limits) if limits else None
        for _ in range(MAX_RETRIES):
            response = self._follow(request, deadline)
            wait = retry_after(response)
            if wait is None or (request.method != "GET" and response.status != 429):
                return response
            if deadline is not None and time.monotonic() + wait > deadline:
                left = "more than --request-timeout leaves"
                raise self._wire.unreachable(f"the server asks to wait {wait}s, which is {left}")
            self._sleep(wait)
        return self._follow(request, deadline)

    # --- one answer

    def _follow(self, request: Request, deadline: float | None) -> Response:
        """Redirects are followed on the same server only: the token must not go elsewhere.

        What changes something goes on as itself or not at all; net/http makes a GET of it on 301, 302 and 303.
        """
        followed = _REDIRECTIONS if request.method == "GET" else (307, 308)
        for _ in range(MAX_REDIRECTS):
            response = self._logged(request, deadline)
            location = response.header("Location")
            if response.status not in _REDIRECTIONS or not location:
                return response
            request = request.but(target=self._redirected(location, follow=response.status in followed))
        raise self._wire.unreachable(f"stopped after {MAX_REDIRECTS} redirects")

    def _redirected(self, location: str, *, follow: bool) -> str:
        base = f"{self._address.scheme}://{self._address.authority}"
        if location.lower().startswith(f"{base}/".lower()):
            location = location[len(base) :]
        is_plain = location.isascii() and location.isprintable() and " " not in location
        if not follow or not is_plain or not location.startswith("/") or location.startswith("//"):
            from kubectl_svc.access.http.go_url import covered  # hardly any server does this

            raise self._wire.unreachable(f"the server redirects to {quote(covered(location))}, which is not followed")
        return location.partition("#")[0]

    def _logged(self, request: Request, deadline: float | None) -> Response:
        url = f"{self._address.scheme}://{self._address.authority}{request.target}"
        if self._log is not None:
            self._log.request(request, url)
        started = time.monotonic()
        response = self._once(request, deadline)
        if self._log is not None:
            self._log.response(request, url, loggable(response, request.headers), time.monotonic() - started)
        return response

    def _once(self, request: Request, deadline: float | None) -> Response:
        """One answer; a GET that the server hangs up on goes again, over a new connection (rest/request.go)."""
        self._wire.is_open()
        for wait in _WAITS_FOR_GET if request.method == "GET" else ():
            try:
                return self._wire.exchange(request, deadline)
            except TruncatedError:
                raise self._dropped(in_doubt=request.method != "GET") from None
            except DroppedError:
                if deadline is not None and time.monotonic() + wait > deadline:
                    raise self._dropped(in_doubt=request.method != "GET") from None
                self._sleep(wait)
        try:
            return self._wire.exchange(request, deadline)
        except DroppedError:
            raise self._dropped(in_doubt=request.method != "GET") from None

    def _dropped(self, *, in_doubt: bool = False) -> SvcError:
        reason = "the server closed the connection before it had answered in full"
        return UnreachableError(self.server, reason, in_doubt=in_doubt, dropped=True)

    # --- headers

    def _own_headers(self) -> list[Header]:
        headers = list(self._common)
        if self._login is None:
            headers += authorization(self._connection, self._address)
        return self._checked(headers)

    def _checked(self, headers: list[Header]) -> list[Header]:
        """The headers. Raises UnreachableError for a value that no header can have."""
        for name, value in headers:
            if not value.isprintable() and any((char < " " and char != "\t") or char == "\x7f" for char in value):
                raise self._wire.unreachable(f"net/http: invalid header field value for {quote(name)}")
        return headers


def retry_after(response: Response) -> int | None:
    """Seconds to wait before the same request again, or None (rest/with_retry.go `checkWait`)."""
    if response.status != 429 and response.status < 500:
        return None
    try:
        wait = max(atoi(response.header("Retry-After")), 0)
    except ValueError:
        return None
    return wait if wait <= _LONGEST_WAIT else None
