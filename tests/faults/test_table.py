"""Servers that misbehave on purpose: one clear line each, the right exit code, in time, and nothing made twice."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import re
import socket
import sys
import time
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from kubectl_svc.value import Value
from tests.access.servers import Answer, Authority, answer, closed_port, serve, tls_context
from tests.svc import svc
from tests.trust.watch import TOKEN

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_SLACK_SECONDS = 3  # for the start of the program on a busy machine, and for a look after the time is over


class _Fault(Value):
    """What a server does, one request after the other, and what the program makes of it.

    Answers that can be called are made when the server starts. `words` are the command's, `flags` come behind them,
    `asked` are the methods that the server sees. Where `out` is empty the exit code is 1, else 0. In `url`, `words`,
    `flags` and `err` stand SERVER for the server's host:port, CLOSED for one where nobody listens, FULL for one where
    nobody is let in, CA for the authority's file, OTHER for that of another one, FILE for that of the Deployment.
    """

    id: str
    answers: tuple[Answer | Callable[[], Answer], ...]
    err: str = ""
    out: str = ""
    asked: str
    words: tuple[str, ...] = ("deployment", "web")
    flags: tuple[str, ...] = ()
    seconds: int = 5
    url: str = "http://SERVER"
    host: str = "127.0.0.1"
    certificate: Callable[[Authority], bytes] | None = None


def _reading(name: str, *answers: Answer | Callable[[], Answer], asked: str = "GET", **more: Any) -> _Fault:
    """A fault from the first request on."""
    return _Fault(id=f"GET: {name}", answers=answers, asked=asked, **more)


def _creating(name: str, *answers: Answer | Callable[[], Answer], asked: str, **more: Any) -> _Fault:
    """A fault after the Deployment was read."""
    return _Fault(id=f"POST: {name}", answers=(_DEPLOYMENT, *answers), asked=f"GET {asked}", **more)


def _applying(name: str, *answers: Answer | Callable[[], Answer], asked: str, **more: Any) -> _Fault:
    """A fault after the Deployment was read, and that there is no such Service."""
    answers = (_DEPLOYMENT, _not_found, *answers)
    return _Fault(id=f"PATCH: {name}", answers=answers, asked=f"GET GET {asked}", flags=("--apply",), **more)


# --- what servers say

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_BLANKS = b" " * (1 << 16)
_GZIP = [("Content-Encoding", "gzip")]
_PORTAL = b'{"ok":true}'
_NO_NAME = f"{'x' * 64}.invalid"  # too long for a label, so that no name server is asked
_DRY = ("--dry-run=server",)
_PAGE = b"<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>\n"
_QUOTED_PAGE = r"<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>"


def _later(status: str, seconds: object) -> Answer:
    return answer(status, b"", [("Retry-After", str(seconds))], kind="")


def _page(status: str, body: bytes = _PAGE) -> Answer:
    return answer(status, body, kind="text/html")


def _text(status: str, body: bytes) -> Answer:
    return answer(status, body, kind="text/plain; charset=utf-8")


def _json(document: object, status: str = "200 OK") -> Answer:
    """With the server's clock, as every real one."""
    return answer(status, json.dumps(document).encode(), [("Date", format_datetime(_now(), usegmt=True))])


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def _status(code: int, reason: str, message: str, **more: object) -> dict[str, Any]:
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
    return {**status, "message": message, "reason": reason, "code": code, **more}


def _not_found() -> Answer:
    details = {"name": "web", "kind": "services"}
    return _json(_status(404, "NotFound", 'services "web" not found', details=details), "404 Not Found")


def _exists() -> Answer:
    details = {"name": "web", "kind": "services"}
    return _json(_status(409, "AlreadyExists", 'services "web" already exists', details=details), "409 Conflict")


def _refusal(code: int, reason: str, message: str) -> Answer:
    return _json(_status(code, reason, message), f"{code} {reason}")


def _failed() -> Answer:
    return _refusal(500, "InternalError", "etcdserver: request timed out")


def _good(authority: Authority) -> bytes:
    return authority.issue("x", "127.0.0.1")


def _redirect(location: str, status: str = "302 Found") -> Answer:
    return answer(status, b"", [("Location", location)], kind="")


_POD = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web"}]}}
_WORKLOAD = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "default", "uid": "d"},
    "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": _POD},
}
_MANIFEST = json.dumps(_WORKLOAD).encode()
_DEPLOYMENT = _json(_WORKLOAD)
_FIELDS: dict[str, Any] = {
    "f:spec": {
        "f:ports": {
            ".": {},
            'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}, "f:protocol": {}, "f:targetPort": {}},
        },
        "f:selector": {},
    }
}


def _service(
    status: str = "200 OK",
    *,
    managers: Sequence[str] = ("kubectl-svc",),
    how: str = "Update",
    age: float = 0,
    port: int = 80,
    version: str = "7",
) -> Answer:
    """The Service as a server has it that was asked for it so many seconds ago."""
    created = (_now() - dt.timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%SZ")
    owner = {"operation": how, "apiVersion": "v1", "time": created, "fieldsType": "FieldsV1", "fieldsV1": _FIELDS}
    return _json(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": "web",
                "namespace": "default",
                "uid": "s",
                "resourceVersion": version,
                "creationTimestamp": created,
                "managedFields": [{"manager": manager, **owner} for manager in managers],
            },
            "spec": {
                "clusterIP": "10.0.0.7",
                "clusterIPs": ["10.0.0.7"],
                "internalTrafficPolicy": "Cluster",
                "ipFamilies": ["IPv4"],
                "ipFamilyPolicy": "SingleStack",
                "ports": [{"port": port, "protocol": "TCP", "targetPort": port}],
                "selector": {"app": "web"},
                "sessionAffinity": "None",
                "type": "ClusterIP",
            },
            "status": {"loadBalancer": {}},
        },
        status,
    )


def _created() -> Answer:
    return _service("201 Created")


def _applied() -> Answer:
    return _service(how="Apply")


def _cut(whole: Answer) -> Answer:
    """The answer without its end, and then no connection any more."""
    return Answer(data=whole.data[:-20], then="close")


def _dated(whole: Answer, date: str) -> Answer:
    """The answer with this header, or none, for the server's clock."""
    return whole.but(data=re.sub(rb"Date: .*\r\n", date.encode(), whole.data))


def _slowly(whole: Answer) -> Answer:
    """The answer, the end of it after a moment."""
    return Answer(data=whole.data[:-20], then="repeat", again=whole.data[-20:], pause=0.1)


_WORKS = (_DEPLOYMENT, _created)
_DROPPED = Answer(then="close")
_SILENT = Answer(then="stall")
_DRIPPING = Answer(data=_HEAD + b"Content-Length: 9000\r\n\r\n", then="repeat", again=b" ", pause=0.05)
_DONE = "service/web exposed\n"
_APPLIED = "service/web created\n"

# --- what we say

_UNABLE = "Unable to connect to the server: "
_CUT_OFF = f"{_UNABLE}the server closed the connection before it had answered in full"
_NO_ANSWER = f"{_UNABLE}no answer within 1s (--request-timeout)"
_NO_GET = f"{_UNABLE}the answer to GET /apis/apps/v1/namespaces/default/deployments/web is no JSON object"
_POSTED = "POST /api/v1/namespaces/default/services?fieldManager=kubectl-svc"
_PATCHED = "PATCH /api/v1/namespaces/default/services/web?fieldManager=kubectl-svc&force=false"
_NO_POST = f"{_UNABLE}the answer to {_POSTED} is no JSON object"
_TOO_LARGE = f"{_UNABLE}the answer is larger than 64 MiB"
_REDIRECTED = f'{_UNABLE}the server redirects to "https://login.example.com/?next=/apis", which is not followed'
_UNVERIFIED = f"{_UNABLE}tls: failed to verify certificate: x509: "
_BROKEN = "Error from server (InternalError): an error on the server ({}) has prevented the request from succeeding"
_TOO_MANY = (
    "Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later"
)
_UNAVAILABLE = "Error from server (ServiceUnavailable): the server is currently unable to handle the request"
_TIMED_OUT = (
    "Error from server (Timeout): the server was unable to return a response in the time allotted, "
    "but may still be processing the request"
)
_NO_MORE = "Error from server: the server responded with the status code {} but did not return more information"
_LATE = f"{_UNABLE}the server asks to wait 60s, which is more than --request-timeout leaves"
_EXISTS = (
    'Error from server (AlreadyExists): services "web" already exists\n'
    "hint: --diff shows whether and how this command would change it, --apply does it"
)
_OTHERWISE = (
    'Warning: the Service "web", whose answer was lost, is there otherwise than it was sent: '
    "the server changed it, or somebody else made it at the same moment"
)
_NOT_THERE = 'the Service "web" is not there'
_NOT_KNOWN = 'whether the Service "web" was created is not known'
_NOT_KNOWN_CHANGED = 'whether the Service "web" was changed is not known'

_TLS: dict[str, Any] = {"url": "https://SERVER", "flags": (f"--token={TOKEN}", "--certificate-authority=CA")}
_ENDLESS_WAIT = 2**63 - 1  # seconds: the largest that Go reads
_NO_LIMIT = ("--request-timeout=0",)

_READING = (
    # No connection
    _reading(
        "nobody listens",
        asked="",
        url="http://CLOSED",
        err="The connection to the server CLOSED was refused - did you specify the right host or port?",
    ),
    _reading("nobody is let in", asked="", seconds=1, url="http://FULL", err=f"{_UNABLE}dial tcp FULL: i/o timeout"),
    _reading(
        "a name without an address",
        asked="",
        url=f"http://{_NO_NAME}",
        err=f"{_UNABLE}dial tcp: lookup {_NO_NAME}: no such host",
    ),
    _reading("IPv6 alone", *_WORKS, asked="GET POST", host="::1", out=_DONE),
    # TLS
    _reading("TLS that works", *_WORKS, **_TLS, asked="GET POST", certificate=_good, out=_DONE),
    _reading(
        "expired certificate",
        *_WORKS,
        **_TLS,
        asked="",
        certificate=lambda authority: authority.issue("x", "127.0.0.1", expired=True),
        err=f"{_UNVERIFIED}certificate has expired or is not yet valid: certificate has expired",
    ),
    _reading(
        "another authority",
        *_WORKS,
        asked="",
        url="https://SERVER",
        flags=(f"--token={TOKEN}", "--certificate-authority=OTHER"),
        certificate=_good,
        err=f"{_UNVERIFIED}certificate signed by unknown authority",
    ),
    _reading(
        "another name",
        *_WORKS,
        **_TLS,
        asked="",
        certificate=lambda authority: authority.issue("x", "api.example.com"),
        err=f"{_UNVERIFIED}certificate is not valid for 127.0.0.1",
    ),
    _reading(
        "plain HTTP at https",
        answer("400 Bad Request"),
        **_TLS,
        asked="",
        err=f"{_UNABLE}http: server gave HTTP response to HTTPS client",
    ),
    _reading(
        "silence in the TLS handshake",
        _SILENT,
        **_TLS,
        asked="",
        seconds=1,
        err=f"{_UNABLE}net/http: TLS handshake timeout",
    ),
    _reading(
        "hung up in the TLS handshake",
        _DROPPED,
        **_TLS,
        asked="",
        err=f"{_UNABLE}the server closed the connection during the TLS handshake",
    ),
    _reading("TLS at http", *_WORKS, asked="", certificate=_good, err=_CUT_OFF),
    _reading(
        "TLS at http, of a server that says so",
        Answer(data=b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", then="close"),
        asked="GET GET",
        err="Error from server (BadRequest): the server rejected our request for an unknown reason",
    ),
    # No answer, or half of one
    _reading("closed before the head", _DROPPED, asked="GET GET GET GET", err=_CUT_OFF),
    _reading(
        "closed before the head, then works",
        _DROPPED,
        *_WORKS,
        asked="GET GET POST",
        out=_DONE,
    ),
    _reading(
        "closed within the status line", Answer(data=b"HTTP/1.1 2", then="close"), asked="GET GET GET GET", err=_CUT_OFF
    ),
    _reading("closed within the head", Answer(data=_HEAD, then="close"), asked="GET GET GET GET", err=_CUT_OFF),
    _reading("closed within a body", _cut(_DEPLOYMENT), err=_CUT_OFF),
    _reading("closed within a chunk", Answer(data=_CHUNKED + b"9\r\n{}", then="close"), err=_CUT_OFF),
    _reading("closed before the last chunk", Answer(data=_CHUNKED + b"2\r\n{}\r\n", then="close"), err=_CUT_OFF),
    _reading("reset", Answer(then="reset"), asked="GET GET GET GET", err=_CUT_OFF),
    _reading("reset within a body", Answer(data=_HEAD + b"Content-Length: 9\r\n\r\n{}", then="reset"), err=_CUT_OFF),
    _reading("silence", _SILENT, seconds=1, err=_NO_ANSWER),
    _reading("silence within the head", Answer(data=_HEAD, then="stall"), seconds=1, err=_NO_ANSWER),
    _reading(
        "silence within a body",
        Answer(data=_HEAD + b"Content-Length: 9\r\n\r\n{}", then="stall"),
        seconds=1,
        err=_NO_ANSWER,
    ),
    _reading(
        "a head byte by byte",
        Answer(data=b"HTTP/1.1 200 OK\r\nX: ", then="repeat", again=b"x", pause=0.05),
        seconds=1,
        err=_NO_ANSWER,
    ),
    _reading("a body byte by byte", _DRIPPING, seconds=1, err=_NO_ANSWER),
    # Too much of it
    _reading(
        "too large by its length",
        Answer(data=_HEAD + b"Content-Length: 67108865\r\n\r\n", then="stall"),
        err=_TOO_LARGE,
    ),
    _reading("one chunk too large", Answer(data=_CHUNKED + b"7fffffffffffffff\r\n", then="stall"), err=_TOO_LARGE),
    _reading(
        "endless chunks", Answer(data=_CHUNKED, then="repeat", again=b"10000\r\n" + _BLANKS + b"\r\n"), err=_TOO_LARGE
    ),
    _reading(
        "endless small chunks",
        Answer(data=_CHUNKED, then="repeat", again=b"1\r\n \r\n" * 9999),
        seconds=1,
        err=_NO_ANSWER,
    ),
    _reading("endless body", Answer(data=_HEAD + b"\r\n", then="repeat", again=_BLANKS), err=_TOO_LARGE),
    _reading("a gzip bomb", answer(body=gzip.compress(b" " * ((64 << 20) + 1), 1), headers=_GZIP), err=_TOO_LARGE),
    _reading(
        "endless header",
        Answer(data=_HEAD + b"X: ", then="repeat", again=b"x" * 1000),
        err=f"{_UNABLE}malformed HTTP response: endless header",
    ),
    _reading(
        "endless headers",
        Answer(data=_HEAD, then="repeat", again=b"X: x\r\n" * 1000),
        err=f"{_UNABLE}malformed HTTP response: endless header",
    ),
    _reading(
        "endless trailers",
        Answer(data=_CHUNKED + b"2\r\n{}\r\n0\r\n", then="repeat", again=b"X: x\r\n" * 1000),
        err=f"{_UNABLE}malformed HTTP response: endless header",
    ),
    _reading(
        "endless interim answers",
        Answer(then="repeat", again=b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        err=f"{_UNABLE}net/http: too many 1xx informational responses",
    ),
    # No HTTP
    _reading(
        "another protocol",
        Answer(data=b"SSH-2.0-OpenSSH_9.6\r\n", then="close"),
        err=f"{_UNABLE}malformed HTTP status line",
    ),
    _reading("HTTP/2", Answer(data=b"HTTP/2 200 OK\r\n\r\n", then="stall"), err=f"{_UNABLE}malformed HTTP status line"),
    _reading(
        "a status of two digits",
        Answer(data=b"HTTP/1.1 20 OK\r\n\r\n", then="stall"),
        err=f"{_UNABLE}malformed HTTP status line",
    ),
    _reading(
        "a header without a colon",
        Answer(data=b"HTTP/1.1 200 OK\r\nContent-Type\r\n\r\n", then="stall"),
        err=f"{_UNABLE}malformed HTTP header",
    ),
    _reading(
        "two lengths",
        Answer(data=_HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}}", then="stall"),
        err=f"{_UNABLE}bad Content-Length",
    ),
    _reading(
        "no number as a length",
        Answer(data=_HEAD + b"Content-Length: two\r\n\r\n{}", then="stall"),
        err=f"{_UNABLE}bad Content-Length",
    ),
    _reading(
        "bad chunk length",
        Answer(data=_CHUNKED + b"zz\r\n{}\r\n", then="stall"),
        err=f"{_UNABLE}invalid byte in chunk length",
    ),
    _reading(
        "no end of a chunk",
        Answer(data=_CHUNKED + b"2\r\n{}}\r\n", then="stall"),
        err=f"{_UNABLE}malformed chunked encoding",
    ),
    _reading("no gzip", answer(body=b"{}", headers=_GZIP), err=f"{_UNABLE}gzip: invalid header"),
    _reading(
        "half of a gzip", answer(body=gzip.compress(b"{}" * 99)[:-9], headers=_GZIP), err=f"{_UNABLE}unexpected EOF"
    ),
    _reading(
        "another encoding",
        answer(body=b"\x1b{}", headers=[("Content-Encoding", "br")]),
        err=f"{_NO_GET} (application/json, 3 bytes)",
    ),
    _reading(
        "another transfer encoding",
        Answer(data=_HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", then="stall"),
        err=f"{_UNABLE}unsupported transfer encoding: 'gzip, chunked'",
    ),
    # No object
    _reading("empty", answer(body=b""), err=f"{_NO_GET} (application/json, 0 bytes)"),
    _reading(
        "no content", Answer(data=b"HTTP/1.1 204 No Content\r\n\r\n"), err=f"{_NO_GET} (no content type, 0 bytes)"
    ),
    _reading("no JSON", answer(body=b"hello"), err=f"{_NO_GET} (application/json, 5 bytes)"),
    _reading("half of a JSON", answer(body=b'{"kind":"Deploy'), err=f"{_NO_GET} (application/json, 15 bytes)"),
    _reading("no UTF-8", answer(body=b'{"kind":"\xff"}'), err=f"{_NO_GET} (application/json, 12 bytes)"),
    _reading("deep JSON", answer(body=b'{"a":' * 100_000), err=f"{_NO_GET} (application/json, 500000 bytes)"),
    _reading("no JSON object", answer(body=b'["hello"]'), err=f"{_NO_GET} (application/json, 9 bytes)"),
    _reading("HTML of a proxy", _page("200 OK"), err=f"{_NO_GET} (text/html, 78 bytes)"),
    _reading(
        "an empty object",
        answer(),
        err="error: Object 'Kind' is missing in '{}'",
    ),
    _reading(
        "a portal's JSON",
        answer(body=_PORTAL),
        err=f"error: Object 'Kind' is missing in '{_PORTAL.decode()}'",
    ),
    # Refusals
    _reading("500 Status", _failed(), asked="GET GET", err=_BROKEN.format('"unknown"')),
    _reading(
        "500 Status once",
        _failed(),
        answer(),
        asked="GET GET",
        err="Error from server (InternalError): etcdserver: request timed out",
    ),
    _reading(
        "500 text",
        _text("500 Internal Server Error", b"etcd:\n  gone\n"),
        asked="GET GET",
        err=_BROKEN.format(r'"etcd:\n  gone"'),
    ),
    _reading(
        "500 JSON",
        answer("500 Internal Server Error", b'{"error":"x"}'),
        asked="GET GET",
        err=_BROKEN.format('"unknown"'),
    ),
    _reading("500 empty", answer("500 Internal Server Error", b"", kind=""), asked="GET GET", err=_BROKEN.format('""')),
    _reading("502 HTML", _page("502 Bad Gateway"), asked="GET GET", err=_BROKEN.format(f'"{_QUOTED_PAGE}"')),
    _reading(
        "502 HTML once",
        _page("502 Bad Gateway"),
        answer(),
        asked="GET GET",
        err=_BROKEN.format(f'"{_QUOTED_PAGE}"') + " (get deployments.apps web)",
    ),
    _reading("503 text", _text("503 Service Unavailable", b"no healthy upstream"), asked="GET GET", err=_UNAVAILABLE),
    _reading(
        "503 with Retry-After, then works",
        _later("503 Service Unavailable", 0),
        *_WORKS,
        asked="GET GET POST",
        out=_DONE,
    ),
    _reading(
        "503 with Retry-After for ever",
        _later("503 Service Unavailable", 0),
        asked=" ".join(["GET"] * 22),
        err=_UNAVAILABLE,
    ),
    _reading("504 text", _text("504 Gateway Timeout", b"stream timeout"), asked="GET GET", err=_TIMED_OUT),
    _reading(
        "504 text once",
        _text("504 Gateway Timeout", b"stream timeout"),
        answer(),
        asked="GET GET",
        err=f"{_TIMED_OUT} (get deployments.apps web)",
    ),
    _reading("429", _text("429 Too Many Requests", b"slow down"), asked="GET GET", err=_TOO_MANY),
    _reading(
        "429 with Retry-After, then works", _later("429 Too Many Requests", 1), *_WORKS, asked="GET GET POST", out=_DONE
    ),
    _reading(
        "429 with a date",
        _later("429 Too Many Requests", "Wed, 21 Oct 2026 07:28:00 GMT"),
        asked="GET GET",
        err=_TOO_MANY,
    ),
    _reading("429 with Retry-After beyond the time", _later("429 Too Many Requests", 60), *_WORKS, err=_LATE),
    _reading(
        "429 with Retry-After beyond what is left",
        _later("429 Too Many Requests", 1),
        asked="GET GET",
        seconds=2,
        err=f"{_UNABLE}the server asks to wait 1s, which is more than --request-timeout leaves",
    ),
    _reading(
        "429 with an endless Retry-After",
        _later("429 Too Many Requests", _ENDLESS_WAIT),
        asked="GET GET",
        flags=_NO_LIMIT,
        err=_TOO_MANY,
    ),
    _reading(
        "401",
        _refusal(401, "Unauthorized", "Unauthorized"),
        asked="GET GET",
        err="error: You must be logged in to the server (the server has asked for the client to provide credentials)",
    ),
    _reading(
        "403 HTML",
        _page("403 Forbidden", b"<html>\n<h1>Access denied</h1>\n</html>"),
        asked="GET GET",
        err="Error from server (Forbidden): <html>\n  <h1>Access denied</h1>\n  </html>",
    ),
    _reading(
        "403 JSON", answer("403 Forbidden", _PORTAL), asked="GET GET", err="Error from server (Forbidden): unknown"
    ),
    _reading(
        "404 HTML",
        _page("404 Not Found"),
        asked="GET GET",
        err="Error from server (NotFound): the server could not find the requested resource",
    ),
    # Redirects
    _reading("redirect elsewhere", _redirect("https://login.example.com/?next=/apis"), err=_REDIRECTED),
    _reading(
        "redirect to another port",
        _redirect("http://127.0.0.1:1/x"),
        err=f'{_UNABLE}the server redirects to "http://127.0.0.1:1/x", which is not followed',
    ),
    _reading(
        "redirect in a circle", _redirect("/"), asked=" ".join(["GET"] * 10), err=f"{_UNABLE}stopped after 10 redirects"
    ),
    _reading("redirect that works", _redirect("/there"), *_WORKS, asked="GET GET POST", out=_DONE),
    _reading(
        "redirect to nowhere",
        answer("302 Found", b"", kind=""),
        asked="GET GET",
        err=_NO_MORE.format(302),
    ),
)

_CREATING = (
    # Hung up
    _creating("dropped and there", _DROPPED, _service, asked="POST GET", out=_DONE),
    _creating("reset and there", Answer(then="reset"), _service, asked="POST GET", out=_DONE),
    _creating("dropped and not there, then works", _DROPPED, _not_found, _created, asked="POST GET POST", out=_DONE),
    _creating(
        "dropped and there the second time",
        _DROPPED,
        _not_found,
        _DROPPED,
        _service,
        asked="POST GET POST GET",
        out=_DONE,
    ),
    _creating(
        "dropped every time",
        *(_DROPPED, _not_found) * 3,
        asked="POST GET POST GET POST GET",
        err=f"{_CUT_OFF}; {_NOT_THERE}",
    ),
    _creating(
        "dropped, and there while it is made again",
        _DROPPED,
        _not_found,
        _exists,
        _service,
        asked="POST GET POST GET",
        out=_DONE,
    ),
    _creating(
        "dropped, and somebody's while it is made again",
        _DROPPED,
        _not_found,
        _exists,
        lambda: _service(managers=["helm"]),
        asked="POST GET POST GET",
        err=_EXISTS,
    ),
    _creating(
        "dropped, and gone again while it is made again",
        _DROPPED,
        _not_found,
        _exists,
        _not_found,
        asked="POST GET POST GET",
        err=_EXISTS,
    ),
    _creating(
        "dropped and not there, then refused",
        _DROPPED,
        _not_found,
        _refusal(403, "Forbidden", "services is forbidden"),
        asked="POST GET POST",
        err="Error from server (Forbidden): services is forbidden",
    ),
    _creating(
        "dropped and not there, then fails",
        _DROPPED,
        _not_found,
        _failed(),
        _not_found,
        asked="POST GET POST GET",
        err="Error from server (InternalError): etcdserver: request timed out",
    ),
    _creating(
        "dropped, and the server was to choose the name",
        _DROPPED,
        asked="POST",
        flags=("--overrides", '{"metadata":{"name":null,"generateName":"web-"}}'),
        err=f"{_CUT_OFF}; whether the Service was created is not known",
    ),
    _creating("half of the answer, and there", _cut(_created()), _service, asked="POST GET", out=_DONE),
    _creating(
        "half of the answer, and not there, then works",
        _cut(_created()),
        _not_found,
        _created,
        asked="POST GET POST",
        out=_DONE,
    ),
    # Somebody else's
    _creating(
        "dropped, and another manager's is there",
        _DROPPED,
        lambda: _service(managers=["helm"]),
        asked="POST GET",
        err=_EXISTS,
    ),
    _creating("dropped, and an older one is there", _DROPPED, lambda: _service(age=60), asked="POST GET", err=_EXISTS),
    _creating(
        "dropped, and there since a moment, by two clocks",
        _DROPPED,
        lambda: _service(age=2),
        asked="POST GET",
        out=_DONE,
    ),
    *(
        _creating(
            f"dropped, and there with another port, by a server {what}",
            _DROPPED,
            _dated(_service(port=81), date),
            asked="POST GET",
            err=_EXISTS,
        )
        for what, date in {
            "without a clock": "",
            "with a clock of nowhere": "Date: Wed, 21 Oct 2026 07:28:00 -0000\r\n",
            "with a broken clock": "Date: noon\r\n",
        }.items()
    ),
    _creating(
        "dropped, and there with another port, by a server that names no manager",
        _DROPPED,
        lambda: _service(port=81, managers=()),
        asked="POST GET",
        err=_EXISTS,
    ),
    _creating(
        "dropped, and there, by a server that tells nothing",
        _DROPPED,
        lambda: _dated(_service(managers=()), ""),
        asked="POST GET",
        out=_DONE,
    ),
    *(
        _creating(f"dropped, and the look finds {what}", _DROPPED, answer(body=body), asked="POST GET", err=_EXISTS)
        for what, body in {
            "an empty Service": b'{"kind":"Service"}',
            "a Service without a spec": b'{"kind":"Service","metadata":{"name":"web","namespace":"default"}}',
        }.items()
    ),
    _creating(
        "dropped, and there with another port",
        _DROPPED,
        lambda: _service(port=81),
        asked="POST GET",
        out=_DONE,
        err=_OTHERWISE,
    ),
    _creating(
        "dropped, and there, and another manager has been at it since",
        _DROPPED,
        lambda: _service(managers=["helm", "kubectl-svc"]),
        asked="POST GET",
        out=_DONE,
    ),
    _creating(
        "dropped, and there without its label",
        _DROPPED,
        _service,
        asked="POST GET",
        flags=("--labels", "tier=web"),
        out=_DONE,
        err=_OTHERWISE,
    ),
    # The look fails
    _creating(
        "dropped, and nobody may look",
        _DROPPED,
        _refusal(403, "Forbidden", "no"),
        asked="POST GET",
        err=f"{_CUT_OFF}; {_NOT_KNOWN}",
    ),
    _creating("dropped for ever", _DROPPED, asked="POST GET GET GET GET", err=f"{_CUT_OFF}; {_NOT_KNOWN}"),
    _creating(
        "dropped, and the look is dropped once",
        _DROPPED,
        _DROPPED,
        _service,
        asked="POST GET GET",
        out=_DONE,
    ),
    _creating(
        "dropped, and the look fails once",
        _DROPPED,
        _page("502 Bad Gateway"),
        _service,
        asked="POST GET GET",
        out=_DONE,
    ),
    _creating(
        "dropped, and the look is to wait once",
        _DROPPED,
        _later("503 Service Unavailable", 0),
        _service,
        asked="POST GET GET",
        out=_DONE,
    ),
    _creating(
        "dropped, and the look hangs", _DROPPED, _SILENT, asked="POST GET", seconds=1, err=f"{_CUT_OFF}; {_NOT_KNOWN}"
    ),
    _creating(
        "dropped, and the look is redirected",
        _DROPPED,
        _redirect("https://login.example.com/"),
        asked="POST GET GET GET",
        err=f"{_CUT_OFF}; {_NOT_KNOWN}",
    ),
    *(
        _creating(
            f"dropped, and the look finds {what}",
            _DROPPED,
            answer(body=body),
            asked="POST GET",
            err=f"{_CUT_OFF}; {_NOT_KNOWN}",
        )
        for what, body in {
            "a list as metadata": b'{"kind":"Service","metadata":["web"]}',
            "a number as managedFields": b'{"kind":"Service","metadata":{"name":"web","managedFields":7}}',
            "a list as a manager": b'{"kind":"Service","metadata":{"name":"web","managedFields":[{"manager":[]}]}}',
        }.items()
    ),
    # Something else than a Service
    _creating("201 without JSON, and there", answer("201 Created", b"fine"), _service, asked="POST GET", out=_DONE),
    _creating(
        "201 without JSON, and not there",
        answer("201 Created", b"fine"),
        _not_found,
        asked="POST GET",
        err=f"{_NO_POST} (application/json, 4 bytes); {_NOT_THERE}",
    ),
    _creating("201 empty, and there", answer("201 Created", b""), _service, asked="POST GET", out=_DONE),
    _creating(
        "201 with an empty object, and there",
        answer("201 Created"),
        _service,
        asked="POST GET",
        out=_DONE,
    ),
    _creating(
        "201 with a Service that cannot be read",
        _json(
            {"kind": "Service", "apiVersion": "v1", "metadata": {"name": "web"}, "spec": {"ports": 80}}, "201 Created"
        ),
        asked="POST",
        err="error: the Service was created, but the server's answer cannot be read: "
        "json: cannot unmarshal number into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort",
    ),
    _creating(
        "HTML for everything",
        _page("200 OK"),
        asked="POST GET GET GET",
        err=f"{_NO_POST} (text/html, 78 bytes); {_NOT_KNOWN}",
    ),
    _creating(
        "HTML, and not there",
        _page("200 OK"),
        _not_found,
        asked="POST GET",
        err=f"{_NO_POST} (text/html, 78 bytes); {_NOT_THERE}",
    ),
    _creating(
        "a portal's JSON for everything",
        answer(body=_PORTAL),
        asked="POST GET",
        err=f"{_UNABLE}the answer to {_POSTED} is no Kubernetes object (application/json, 11 bytes); {_NOT_KNOWN}",
    ),
    # No answer in time
    _creating("silence, and there", _SILENT, _service, asked="POST GET", seconds=1, out=_DONE),
    _creating(
        "silence, and not there", _SILENT, _not_found, asked="POST GET", seconds=1, err=f"{_NO_ANSWER}; {_NOT_THERE}"
    ),
    _creating(
        "silence, and there after a moment", _SILENT, _slowly(_service()), asked="POST GET", seconds=1, out=_DONE
    ),
    _creating("silence for ever", _SILENT, asked="POST GET", seconds=1, err=f"{_NO_ANSWER}; {_NOT_KNOWN}"),
    _creating("an answer byte by byte, and there", _DRIPPING, _service, asked="POST GET", seconds=1, out=_DONE),
    _creating("byte by byte for ever", _DRIPPING, asked="POST GET", seconds=1, err=f"{_NO_ANSWER}; {_NOT_KNOWN}"),
    # Failures in the server and before it
    _creating("504, and there", _page("504 Gateway Timeout"), _service, asked="POST GET", out=_DONE),
    _creating(
        "504, and not there",
        _page("504 Gateway Timeout"),
        _not_found,
        asked="POST GET",
        err=f"{_TIMED_OUT} (post services)\nhint: {_NOT_THERE}",
    ),
    _creating(
        "504 for ever",
        _page("504 Gateway Timeout"),
        asked="POST GET GET GET",
        err=f"{_TIMED_OUT} (post services)\nhint: {_NOT_KNOWN}",
    ),
    _creating("502, and there", _page("502 Bad Gateway"), _service, asked="POST GET", out=_DONE),
    _creating("500 Status, and there", _failed(), _service, asked="POST GET", out=_DONE),
    _creating(
        "500 Status, and not there",
        _failed(),
        _not_found,
        asked="POST GET",
        err="Error from server (InternalError): etcdserver: request timed out",
    ),
    _creating(
        "500 Status without a code, and there",
        _json(
            {"kind": "Status", "status": "Failure", "message": "etcdserver: request timed out"},
            "500 Internal Server Error",
        ),
        _service,
        asked="POST GET",
        out=_DONE,
    ),
    _creating(
        "503 with Retry-After, and there", _later("503 Service Unavailable", 0), _service, asked="POST GET", out=_DONE
    ),
    _creating(
        "503 with Retry-After, and not there, then works",
        _later("503 Service Unavailable", 0),
        _not_found,
        _created,
        asked="POST GET POST",
        out=_DONE,
    ),
    _creating(
        "503 with Retry-After for ever",
        *(_later("503 Service Unavailable", 0), _not_found) * 10,
        asked=" ".join(["POST GET"] * 10),
        err=f"{_UNAVAILABLE} (post services)",
    ),
    _creating(
        "503 with Retry-After beyond the time",
        _later("503 Service Unavailable", 60),
        _not_found,
        asked="POST GET",
        err=f"{_UNAVAILABLE} (post services)",
    ),
    _creating(
        "503 with an endless Retry-After",
        _later("503 Service Unavailable", _ENDLESS_WAIT),
        _not_found,
        asked="POST GET",
        flags=_NO_LIMIT,
        err=f"{_UNAVAILABLE} (post services)",
    ),
    _creating(
        "429 with Retry-After, then works", _later("429 Too Many Requests", 0), _created, asked="POST POST", out=_DONE
    ),
    _creating("429 with Retry-After beyond the time", _later("429 Too Many Requests", 60), asked="POST", err=_LATE),
    _creating("429", _text("429 Too Many Requests", b"slow down"), asked="POST", err=f"{_TOO_MANY} (post services)"),
    # Redirects
    _creating(
        "307 on the same host", _redirect("/there", "307 Temporary Redirect"), _created, asked="POST POST", out=_DONE
    ),
    _creating(
        "308 elsewhere",
        _redirect("https://login.example.com/?next=/apis", "308 Permanent Redirect"),
        asked="POST",
        err=_REDIRECTED,
    ),
    _creating(
        "307 in a circle",
        _redirect("/", "307 Temporary Redirect"),
        asked=" ".join(["POST"] * 10),
        err=f"{_UNABLE}stopped after 10 redirects",
    ),
    _creating(
        "302 on the same host",
        _redirect("/there"),
        asked="POST",
        err=f'{_UNABLE}the server redirects to "/there", which is not followed',
    ),
    # Refusals
    _creating("409", _exists, asked="POST", err=_EXISTS),
    _creating(
        "401",
        _refusal(401, "Unauthorized", "Unauthorized"),
        asked="POST",
        err="error: You must be logged in to the server (Unauthorized)",
    ),
    _creating(
        "403",
        _refusal(403, "Forbidden", "services is forbidden"),
        asked="POST",
        err="Error from server (Forbidden): services is forbidden",
    ),
    _creating(
        "413 HTML",
        _page("413 Request Entity Too Large"),
        asked="POST",
        err=f"{_NO_MORE.format(413)} (post services)",
    ),
    # A dry run leaves nothing behind
    _creating(
        "a dry run dropped, then works",
        _DROPPED,
        _created,
        asked="POST POST",
        flags=_DRY,
        out="service/web exposed (server dry run)\n",
    ),
    _creating("a dry run dropped every time", _DROPPED, asked="POST POST POST", flags=_DRY, err=_CUT_OFF),
    _creating("a dry run without an answer", _SILENT, asked="POST", flags=_DRY, seconds=1, err=_NO_ANSWER),
    # Applied
    _applying("dropped and there", _DROPPED, _applied, _applied, asked="PATCH GET PATCH", out=_APPLIED),
    _applying(
        "dropped and not there, then works", _DROPPED, _not_found, _applied, asked="PATCH GET PATCH", out=_APPLIED
    ),
    _applying(
        "dropped every time",
        *(_DROPPED, _not_found) * 3,
        asked="PATCH GET PATCH GET PATCH GET",
        err=f"{_CUT_OFF}; {_NOT_THERE}",
    ),
    _applying(
        "dropped, and nobody may look",
        _DROPPED,
        _refusal(403, "Forbidden", "no"),
        asked="PATCH GET",
        err=f"{_CUT_OFF}; {_NOT_KNOWN_CHANGED}",
    ),
    _applying("504 and there", _page("504 Gateway Timeout"), _applied, _applied, asked="PATCH GET PATCH", out=_APPLIED),
    _applying(
        "dropped and there, and fails the second time",
        _DROPPED,
        _applied,
        _failed(),
        _applied,
        asked="PATCH GET PATCH GET",
        out=_APPLIED,
    ),
    _applying(
        "dropped, and somebody's is there",
        _DROPPED,
        lambda: _service(managers=["helm"]),
        lambda: _service(managers=["helm", "kubectl-svc"], how="Apply", version="8"),
        asked="PATCH GET PATCH",
        out="service/web configured\n",
    ),
    _applying(
        "dropped and there, and somebody takes it over before the second time",
        _DROPPED,
        _applied,
        _DROPPED,
        lambda: _service(managers=["helm"], version="8"),
        lambda: _service(managers=["helm", "kubectl-svc"], how="Apply", version="9"),
        asked="PATCH GET PATCH GET PATCH",
        out=_APPLIED,
    ),
    *(
        _applying(
            f"dropped, and {what} is there, and fails the second time",
            _DROPPED,
            there,
            _failed(),
            there,
            asked="PATCH GET PATCH GET",
            err="Error from server (InternalError): etcdserver: request timed out",
        )
        for what, there in {
            "somebody's": _service(managers=["helm"]),
            "another port": _service(port=81, how="Apply"),
        }.items()
    ),
    _Fault(
        id="PATCH: dropped and changed",
        answers=(_DEPLOYMENT, _service(port=81, how="Apply"), _DROPPED, *[_service(how="Apply", version="8")] * 2),
        asked="GET GET PATCH GET PATCH",
        flags=("--apply",),
        out="service/web configured\n",
    ),
    _Fault(
        id="PATCH: dropped and nothing to change",
        answers=(_DEPLOYMENT, _applied(), _DROPPED, _applied(), _applied()),
        asked="GET GET PATCH GET PATCH",
        flags=("--apply",),
        out="service/web unchanged\n",
    ),
    _Fault(
        id="PATCH: to what it is already, and fails",
        answers=(_DEPLOYMENT, _applied, _failed(), _applied),
        asked="GET GET PATCH GET",
        flags=("--apply",),
        err="Error from server (InternalError): etcdserver: request timed out",
    ),
    _applying(
        "without an answer, and there",
        _SILENT,
        _applied,
        _applied,
        asked="PATCH GET PATCH",
        seconds=1,
        out=_APPLIED,
    ),
    _applying(
        "without an answer for ever",
        _SILENT,
        asked="PATCH GET",
        seconds=3,
        err=f"{_UNABLE}no answer within 3s (--request-timeout); {_NOT_KNOWN_CHANGED}",
    ),
    _applying(
        "a portal's JSON",
        answer(body=_PORTAL),
        asked="PATCH GET",
        err=f"{_UNABLE}the answer to {_PATCHED} is no Kubernetes object (application/json, 11 bytes); "
        f"{_NOT_KNOWN_CHANGED}",
    ),
    # Of a file, where nothing is read before
    _Fault(
        id="POST: of a file, dropped and there",
        words=("-f", "FILE"),
        answers=(_DROPPED, _service),
        asked="POST GET",
        out=_DONE,
    ),
    _Fault(
        id="POST: of a file, dropped for ever",
        words=("-f", "FILE"),
        answers=(_DROPPED,),
        asked="POST GET GET GET GET",
        err=f"{_CUT_OFF}; {_NOT_KNOWN}",
    ),
    _Fault(
        id="POST: of a file, silence for ever",
        words=("-f", "FILE"),
        answers=(_SILENT,),
        asked="POST GET",
        seconds=1,
        err=f"{_NO_ANSWER}; {_NOT_KNOWN}",
    ),
)


class _Place(Value):
    """Where a fault is played: the words of a row and what they stand for, and the certificates."""

    words: dict[str, str]
    authority: Authority
    folder: Path

    def context(self, fault: _Fault) -> ssl.SSLContext | None:
        """The TLS of the fault's server, if it speaks any."""
        return tls_context(self.folder, fault.certificate(self.authority)) if fault.certificate else None

    def read(self, text: str, server: str) -> str:
        """A text of a row as it is meant."""
        for word, meaning in {**self.words, "SERVER": server}.items():
            text = text.replace(word, meaning)
        return text


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Place]:
    """The same for all rows."""
    folder = tmp_path_factory.mktemp("faults")
    authority = Authority()
    files = {"CA": authority.certificate, "OTHER": Authority("other-ca").certificate, "FILE": _MANIFEST}
    for name, content in files.items():
        (folder / name.lower()).write_bytes(content)
    with _full() as full:
        words = {name: str(folder / name.lower()) for name in files}
        words |= {"CLOSED": f"127.0.0.1:{closed_port()}", "FULL": f"127.0.0.1:{full}"}
        yield _Place(words=words, authority=authority, folder=folder)


@contextlib.contextmanager
def _full() -> Iterator[int]:
    """A port whose queue of connections is full, so that the system answers no further one."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


@pytest.mark.parametrize("fault", [*_READING, *_CREATING], ids=lambda fault: fault.id)
def test_fault(fault: _Fault, place: _Place) -> None:
    """Said in these lines, with this exit code, after these requests, and in time."""
    if fault.host == "::1" and not _has_ipv6():
        pytest.skip("this machine has no ::1")
    if "FULL" in fault.url and sys.platform != "linux":
        pytest.skip("only Linux leaves connections unanswered that are too many")
    answers = [reply() if callable(reply) else reply for reply in fault.answers]
    with serve(*answers, context=place.context(fault), host=fault.host) as server:
        argv = ["-s", fault.url, f"--request-timeout={fault.seconds}s", *fault.words, *fault.flags]
        argv = [place.read(word, server.address) for word in argv]
        started = time.monotonic()
        done = svc("expose", "--port", "80", *argv, NO_PROXY="*")
        took = time.monotonic() - started
        asked = " ".join(asked.method for asked in server.asked)

    assert "Traceback" not in done.stderr
    assert (done.stdout, done.stderr) == (fault.out, place.read(fault.err, server.address) + "\n" * bool(fault.err))
    assert done.returncode == (0 if fault.out else 1)
    assert asked == fault.asked
    assert took < fault.seconds + _SLACK_SECONDS


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
