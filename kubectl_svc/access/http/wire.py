"""One kept-open connection, plain or TLS, direct or through a proxy: one request, one answer or one clear sentence."""

from __future__ import annotations

from kubectl_svc.access.connection import address
from kubectl_svc.access.http.dial import (
    DialError,
    dial,
    os_reason,
    receiver,
    seconds_left,
    secure,
    shut_down,
    tls_reason,
)
from kubectl_svc.access.http.echo import without_echo
from kubectl_svc.access.http.http1 import (
    AnswerReader,
    DroppedError,
    MalformedBodyError,
    MalformedError,
    TooLargeError,
    encode,
)
from kubectl_svc.access.http.tls import client_context
from kubectl_svc.errors import SvcError, UnreachableError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ssl import _SSLContext
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from kubectl_svc.access.connection import Connection
    from kubectl_svc.access.http.dial import Stream
    from kubectl_svc.access.http.http1 import Request, Response
    from kubectl_svc.access.http.tunnel import Proxy

    Given = TypeVar("Given")
    Result = TypeVar("Result")

_FAILURES = (DialError, MalformedError, TooLargeError, OSError)
MAX_BODY = 64 << 20  # bytes of an answer, unpacked; etcd holds no object beyond 1.5 MiB


class UnreadableBodyError(UnreachableError):
    """An answer came, but its body cannot be read."""


class Wire:
    """The connection itself: opened with the first request, kept for the next, never used by two threads at once."""

    def __init__(self, connection: Connection) -> None:
        """Raises SvcError for a server or a proxy that is no URL."""
        self._connection = connection
        self._address = address(connection.server)
        self._context: _SSLContext | None = None
        self._stream: Stream | None = None
        self._sent = False
        self._begun: tuple[Stream, AnswerReader, Response] | None = None  # an answer whose lines are to be read
        self._hung_up = False
        self._proxy: Proxy | None = None
        if connection.proxy_url:
            from kubectl_svc.access.http.tunnel import proxy_at  # most servers are reached directly

            self._proxy = proxy_at(connection.proxy_url)

    def another(self) -> Wire:
        """Another connection to the same server, for another thread; certificates are read once for both."""
        other = Wire(self._connection)
        if self._address.scheme == "https":
            self._check_certificates()
            other._context = self._context
        return other

    def close(self) -> None:
        """Closes the connection, if one is open; the next request opens another."""
        self._begun = None
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def hang_up(self) -> None:
        """Ends what another thread does with the connection, now and later: to that thread the server hangs up."""
        self._hung_up = True
        stream = self._stream
        if stream is not None:
            shut_down(stream)

    def is_open(self) -> bool:
        """Whether a connection is there to carry another request; one that the server has closed cannot.

        One whose last answer was not read to its end is closed.
        """
        if self._begun is not None:
            self.close()
        if self._stream is None:
            return False
        import select  # only a second request needs it

        if select.select([self._stream], [], [], 0)[0]:
            # There is nothing to be read between two answers: this is the end, or rubbish.
            self.close()
            return False
        return True

    def exchange(self, request: Request, deadline: float | None) -> Response:
        """The answer to one request, by `deadline` (of time.monotonic; None for no end).

        Of a 200 to a request `in_lines` it is the head; `lines` has the rest.
        Raises DroppedError when the server hung up, UnreachableError for everything else that went wrong
        (UnreadableBodyError where the answer had begun), and SvcError for certificates that cannot be used. After any
        of them the connection is closed.
        """
        self._sent = False
        try:
            return self._exchange(request, deadline)
        except (DroppedError, SvcError, KeyboardInterrupt):
            self.close()  # after Ctrl-C too: an answer that still comes is that of no later request
            raise
        except _FAILURES as error:
            failure = self._failed(error, in_doubt=self._sent and request.method != "GET")
        self.close()
        raise failure

    def lines(self, deadline: float) -> Iterator[bytes]:
        """The lines of the answer whose head `exchange` gave, without their ends and the empty ones, by `deadline`.

        Together they may be of any size. Raises as `exchange` does. The connection carries another request only after
        the last line.
        """
        from kubectl_svc.access.http.lines import lines  # only who watches needs it

        if self._begun is None:
            return
        stream, answers, response = self._begun
        answers.receive_by(_receiver(stream, deadline))
        may_stay = False
        try:
            yield from lines(answers.parts(response), MAX_BODY)
            may_stay = not (answers.must_close or answers.has_more)
            if self._stream is stream:
                self._begun = None
        except TimeoutError:
            failure = self.unreachable("the server has not ended its answer in time")
        except _FAILURES as error:
            failure = self._failed(error)
        else:
            return
        finally:
            if not may_stay and self._stream is stream:
                self.close()
        raise failure

    def _failed(self, error: Exception, *, in_doubt: bool = False) -> UnreachableError:
        """What went wrong, in a sentence."""
        body_failed = isinstance(error, (MalformedBodyError, TooLargeError))
        if isinstance(error, TooLargeError):
            reason = f"the answer is larger than {MAX_BODY >> 20} MiB"
        elif isinstance(error, TimeoutError):
            limit = self._connection.timeout
            reason = f"no answer within {limit:g}s (--request-timeout)" if limit else "the connection timed out"
        elif isinstance(error, OSError):
            reason = tls_reason(error, self._server_name(self._address.host)) or os_reason(error)
        else:
            reason = str(error)
        if body_failed:
            return UnreadableBodyError(self._address.authority, reason, in_doubt=in_doubt)
        return self.unreachable(reason, in_doubt=in_doubt)

    def unreachable(self, reason: str, *, in_doubt: bool = False) -> UnreachableError:
        """An error that names this server."""
        # Whoever refused, the server or a proxy: kubectl goes by the words (pkg/cmd/util `StandardErrorMessage`).
        refused = "connection refused" in reason
        return UnreachableError(self._address.authority, reason, refused=refused, in_doubt=in_doubt)

    # --- one request, one answer

    def _exchange(self, request: Request, deadline: float | None) -> Response:
        if self._stream is None:
            self._stream = self._connected(deadline)
        if self._hung_up:
            raise DroppedError
        stream = self._stream
        answers = AnswerReader(_receiver(stream, deadline), MAX_BODY)
        if deadline is not None:
            stream.settimeout(seconds_left(deadline))
        sent = self._as_sent(request)
        self._sent = True
        _or_dropped(stream.sendall, encode(sent))
        response = answers.begin()
        if request.in_lines and response.status == 200:
            if response.header("Content-Encoding").lower() not in ("", "identity"):
                raise MalformedBodyError("the answer is packed, although that was not asked for")
            self._begun = stream, answers, response
            return without_echo(response, sent.headers)
        response = answers.read_body(response)
        if response.header("Content-Encoding").lower() == "gzip":
            from kubectl_svc.access.http.packed import unpacked  # the server packs only large answers

            response = response.but(body=unpacked(response.body, MAX_BODY))
        if answers.must_close:
            self.close()
        return without_echo(response, sent.headers)

    def _as_sent(self, request: Request) -> Request:
        """The request with its whole URL and the proxy's credentials, where a proxy is to forward it."""
        if self._proxy is None or not self._proxy.forwards(self._address.scheme):
            return request
        target = f"{self._address.scheme}://{self._address.authority}{request.target}"
        return request.but(target=target, headers=(*request.headers, *self._proxy.headers))

    # --- connecting

    def _connected(self, deadline: float | None) -> Stream:
        target = self._address
        if target.scheme not in ("http", "https"):
            raise self.unreachable(f"unsupported protocol scheme {quote(target.scheme)}")

        proxied_by_tls = self._proxy is not None and self._proxy.scheme == "https"
        if target.scheme == "https" or proxied_by_tls:
            self._check_certificates()

        def secured(stream: Stream, host: str) -> Stream:
            return secure(stream, self._tls_context(), self._server_name(host), deadline)

        if self._proxy is None:
            stream: Stream = dial(target.host, target.port, deadline)
        else:
            from kubectl_svc.access.http.tunnel import open_tunnel

            stream = open_tunnel(self._proxy, target, secured, deadline)
        return secured(stream, target.host) if target.scheme == "https" else stream

    def _check_certificates(self) -> None:
        """Raises SvcError for inline ones that cannot be used, before a server that is not there is told of.

        Those in files Go reads when it is connected.
        """
        try:  # noqa: SIM105 - importing contextlib takes as long as ten modules of ours
            self._tls_context()
        except UnreachableError:
            pass

    def _tls_context(self) -> _SSLContext:
        """One for the server and for a proxy alike, as in Go: the same roots and our certificate for both."""
        if self._context is None:
            self._context = client_context(self._connection)
        return self._context

    def _server_name(self, host: str) -> str:
        """The name that the certificate of this host must be for; a configured name counts for a proxy as well (Go)."""
        return self._connection.server_name or host


def _receiver(stream: Stream, deadline: float | None) -> Callable[[int], bytes]:
    receive = receiver(stream, deadline)
    return lambda count: _or_dropped(receive, count)


def _or_dropped(act: Callable[[Given], Result], given: Given) -> Result:
    """What sending or receiving gives. Raises DroppedError when the server has hung up."""
    try:
        return act(given)
    except OSError as error:
        from _ssl import SSLEOFError, SSLZeroReturnError  # a plain HTTP server need not cost it

        if isinstance(error, (ConnectionError, SSLEOFError, SSLZeroReturnError)):
            raise DroppedError from None
        raise
