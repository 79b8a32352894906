"""Manifests behind http and https URLs, as `-f` names them: nothing of the cluster's credentials goes there.

Source: cli-runtime pkg/resource visitor.go (`URLVisitor`, `readHttpWithRetries`); net/http `Client`. kubectl would wait
forever and for any size; here one request may take five minutes and an answer may have as many bytes as a `Wire` takes.
--request-timeout does not count, as in kubectl.
"""

from __future__ import annotations

import time

from kubectl_svc import __version__
from kubectl_svc.access.connection import Connection
from kubectl_svc.access.http import go_url
from kubectl_svc.access.http.http1 import DroppedError, Request, TruncatedError, basic_credentials
from kubectl_svc.access.http.proxy import proxy_for
from kubectl_svc.access.http.wire import UnreadableBodyError, Wire
from kubectl_svc.errors import SvcError, UnreachableError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kubectl_svc.access.http.go_url import Url
    from kubectl_svc.access.http.http1 import Response

ATTEMPTS = 3  # cli-runtime builder.go `defaultHttpGetAttempts`
SECONDS_BETWEEN = 1.0
MAX_REQUESTS = 10  # net/http `defaultCheckRedirect`
ANSWER_SECONDS = 300.0


def source_of(word: str) -> str:
    """The URL as errors name it, without its password. Raises SvcError for what is no URL."""
    return _parsed(word).redacted


def read_url(word: str, environ: Mapping[str, str], *, sleep: Callable[[float], None] = time.sleep) -> bytes:
    """What is behind the URL; tried three times where the server fails or cannot be reached.

    Raises UnreachableError where there is no answer, and SvcError in kubectl's words for an answer that is none.
    """
    url = _parsed(word)
    failure = SvcError("")
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(SECONDS_BETWEEN)
        try:
            response = _get(url, environ)
        except UnreachableError as error:
            failure = error
            continue
        if response.status == 200:
            return response.body
        status = f"{response.status} {response.phrase}".rstrip()
        failure = SvcError(
            f"unable to read URL {quote(url.redacted)}, server reported {status}, status code={response.status}"
        )
        if response.status < 500 or response.status >= 600:
            break
    raise failure


def _parsed(word: str) -> Url:
    try:
        return go_url.parse(word)
    except ValueError as error:
        raise SvcError(f"the URL passed to filename {quote(go_url.covered(word))} is not valid: {error}") from None


def _get(start: Url, environ: Mapping[str, str]) -> Response:
    """The answer at the end of all redirects, wherever they lead."""
    url = start
    for _ in range(MAX_REQUESTS):
        response = _ask(url, environ, start)
        location = response.header("Location")
        if response.status not in (301, 302, 303, 307, 308) or not location:
            return response
        try:
            url = url.resolve(go_url.parse(location))
        except ValueError as error:
            raise _failed(url, f"failed to parse Location header: {error}") from None
    raise _failed(url, f"stopped after {MAX_REQUESTS} redirects")


def _ask(url: Url, environ: Mapping[str, str], start: Url) -> Response:
    """The answer of one server. Raises UnreachableError, and SvcError for a body that cannot be read."""
    if url.scheme not in ("http", "https"):
        raise _failed(url, f"unsupported protocol scheme {quote(url.scheme)}")
    if not url.host:
        raise _failed(url, "http: no Host in request URL")
    server = f"{url.scheme}://{url.host}"
    wire = Wire(Connection(server=server, proxy_url=proxy_for(server, environ)))
    try:
        return wire.exchange(_request(url), time.monotonic() + ANSWER_SECONDS)
    except TruncatedError:
        reason = "unexpected EOF"
    except UnreadableBodyError as error:
        reason = str(error)
    except DroppedError:
        raise _failed(url, "EOF") from None
    except UnreachableError as error:
        raise _failed(url, str(error), refused=error.refused) from None
    finally:
        wire.close()
    raise SvcError(f"error parsing {start.redacted}: {reason}")


def _request(url: Url) -> Request:
    headers = [("Host", url.host), ("User-Agent", f"kubectl-svc/{__version__}"), ("Accept-Encoding", "gzip")]
    if url.username is not None:
        headers.append(("Authorization", basic_credentials(url.username, url.password or "")))
    return Request(method="GET", target=url.target, headers=tuple(headers))


def _failed(url: Url, reason: str, *, refused: bool = False) -> UnreachableError:
    return UnreachableError(url.host, f"Get {quote(url.redacted)}: {reason}", refused=refused)
