"""Our reader of HTTP answers, compared with the standard library's and fed what no server should send."""

from __future__ import annotations

import io
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.access.http.http1 import (
    AnswerReader,
    DroppedError,
    MalformedError,
    Request,
    Response,
    TooLargeError,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_LIMIT = 1 << 20


def _receiver(data: bytes, step: int) -> Callable[[int], bytes]:
    stream = io.BytesIO(data)
    return lambda count: stream.read(min(step, count))


def _read(data: bytes, step: int = 1 << 16) -> tuple[Response, bool]:
    reader = AnswerReader(_receiver(data, step), _LIMIT)
    return reader.read(), reader.must_close


class _Socket:
    """As much of a socket as HTTPResponse wants."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        """The bytes as a file."""
        return io.BytesIO(self._data)


def _theirs(data: bytes) -> HTTPResponse:
    """What the standard library reads the bytes with."""
    return HTTPResponse(_Socket(data), method="GET")  # type: ignore[arg-type]  # of a socket it wants makefile alone


_NAMES = st.sampled_from(["X-A", "Content-Type", "Warning", "x-b", "Retry-After"])
_VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
_HEADERS = st.lists(st.tuples(_NAMES, _VALUES), max_size=5)


@st.composite
def _answers(draw: st.DrawFn) -> bytes:
    """A well-formed answer: any status, some headers, a body in one of the three ways to end one."""
    status = draw(st.sampled_from([200, 201, 204, 304, 404, 409, 500, 599]))
    body = b"" if status in (204, 304) else draw(st.binary(max_size=200))
    head = [f"HTTP/1.{draw(st.sampled_from('01'))} {status} {draw(st.sampled_from(['OK', '', 'Not Found']))}"]
    head += [f"{name}:{draw(st.sampled_from(['', ' ', '  ']))}{value}" for name, value in draw(_HEADERS)]
    if draw(st.booleans()):
        head.append(f"Connection: {draw(st.sampled_from(['close', 'keep-alive', 'Keep-Alive, x']))}")
    # A body's coding has no place where there is no body (RFC 9112 section 6.1); http.client trips over it.
    way = draw(st.sampled_from(["length", "end"] if status in (204, 304) else ["length", "chunked", "end"]))
    if way == "length":
        head.append(f"Content-Length: {len(body)}")
    elif way == "chunked":
        head.append("Transfer-Encoding: chunked")
        cut = draw(st.integers(0, len(body)))
        parts = [part for part in (body[:cut], body[cut:]) if part]
        body = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"
    interim = b"HTTP/1.1 100 Continue\r\n\r\n" if draw(st.booleans()) else b""
    return interim + "\r\n".join((*head, "", "")).encode() + body


@given(data=_answers(), step=st.integers(1, 300))
def test_we_read_what_the_standard_library_reads(data: bytes, step: int) -> None:
    """Status, phrase, headers and body, however the bytes arrive in pieces."""
    theirs = _theirs(data)
    theirs.begin()
    ours, must_close = _read(data, step)
    assert (ours.status, ours.phrase) == (theirs.status, theirs.reason)
    assert [(name, value.strip()) for name, value in ours.headers] == [
        (name, value.strip()) for name, value in theirs.getheaders()
    ]
    assert ours.body == theirs.read()
    if ours.status not in (204, 304):
        assert must_close == theirs.will_close


@given(data=_answers(), step=st.integers(1, 50), cut=st.integers(0, 400))
def test_a_cut_answer_is_never_taken_for_a_whole_one(data: bytes, step: int, cut: int) -> None:
    """Whatever is missing at the end: the reader says so, unless the end of the connection ends the body."""
    part = data[:cut]
    if cut >= len(data):
        return
    try:
        response, must_close = _read(part, step)
    except (DroppedError, MalformedError):
        return
    ends_with_connection = must_close and not response.header("Content-Length")
    assert ends_with_connection or response == _read(data)[0]


@given(data=st.binary(max_size=300))
def test_rubbish_is_refused_where_the_standard_library_refuses_it(data: bytes) -> None:
    """No exception but our own leaves the reader, and nothing passes that http.client would not take."""
    try:
        ours, _ = _read(b"HTTP/1.1 " + data)
    except (DroppedError, MalformedError, TooLargeError):
        return
    theirs = _theirs(b"HTTP/1.1 " + data)
    try:
        theirs.begin()
    except HTTPException:
        pytest.fail(f"http.client refuses what we read as {ours}")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", DroppedError, id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\n", DroppedError, id="half a head"),
        pytest.param(b"HTTP/2 200 OK\r\n\r\n", MalformedError, id="another version"),
        pytest.param(b"<html>\r\n\r\n", MalformedError, id="no HTTP"),
        pytest.param(b"HTTP/1.1 20 OK\r\n\r\n", MalformedError, id="short status"),
        pytest.param(b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n", MalformedError, id="no colon"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", MalformedError, id="two"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", MalformedError, id="negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", DroppedError, id="short body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n", TooLargeError, id="large body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", MalformedError, id="other coding"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", MalformedError, id="no size"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", MalformedError, id="long"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", DroppedError, id="half a chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", TooLargeError, id="chunk"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"80000\r\n" + b"x" * (1 << 19) + b"\r\n") * 3,
            TooLargeError,
            id="chunks",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"x" * (2 << 20), MalformedError, id="endless header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (2 << 20), TooLargeError, id="endless body"),
    ],
)
def test_a_bad_answer_has_its_error(data: bytes, error: type[Exception]) -> None:
    """Dropped, malformed and too large are told apart."""
    with pytest.raises(error):
        _read(data)


def test_answers_follow_one_another() -> None:
    """What was read too far belongs to the next answer."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
    reader = AnswerReader(_receiver(answer + b"a" + answer + b"b", 1 << 16), _LIMIT)
    assert [reader.read().body, reader.read().body] == [b"a", b"b"]


def test_a_request_on_the_wire() -> None:
    """Request line, headers as given, the length of a body, the body."""
    request = Request(method="POST", target="/a?b=c", headers=(("Host", "h"),), body=b"{}")
    assert encode(request) == b"POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
    assert encode(Request(method="GET", target="/", headers=())) == b"GET / HTTP/1.1\r\n\r\n"


def test_a_header_may_go_on() -> None:
    """On lines that begin with white space, as old gateways write them (RFC 9112 section 5.2); Go takes them."""
    response, _ = _read(b"HTTP/1.1 200 OK\r\nX-A: a\r\n \tb\r\nX-B: c\r\nContent-Length: 0\r\n\r\n")
    assert response.headers == (("X-A", "a b"), ("X-B", "c"), ("Content-Length", "0"))


def test_the_first_header_cannot_go_on() -> None:
    """There is nothing that it would go on with."""
    with pytest.raises(MalformedError):
        _read(b"HTTP/1.1 200 OK\r\n X-A: a\r\nContent-Length: 0\r\n\r\n")
