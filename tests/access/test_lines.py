"""Answers that are read line by line: however they come in pieces, and whatever is wrong with them."""

from __future__ import annotations

import contextlib
import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.access.connection import Connection, ExecPlugin
from kubectl_svc.access.http import wire
from kubectl_svc.access.http.http1 import AnswerReader, DroppedError, TooLargeError
from kubectl_svc.access.http.lines import lines
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.watch_events import read_event
from kubectl_svc.errors import UnreachableError
from tests.access.plugins import V1, certificate_fields, credential, printing
from tests.access.proxies import carry_http, proxy_through
from tests.access.servers import STREAM_HEAD, Answer, Authority, answer, chunked, serve, stream, tls_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    Open = Callable[..., Transport]

SECRET = "sesame-open"  # noqa: S105 - not a real one
_HEADS = {
    "chunked": STREAM_HEAD,
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
    "end": b"HTTP/1.1 200 OK\r\n\r\n",
}


@pytest.fixture
def reach() -> Iterator[Open]:
    """Opens transports and closes them at the end of the test."""
    opened: list[Transport] = []

    def open_transport(server: str, **fields: object) -> Transport:
        given = {name: fields.pop(name) for name in ("log", "sleep") if name in fields}
        opened.append(Transport(Connection(server=server, **fields), **given))  # type: ignore[arg-type]  # a test names fields
        return opened[-1]

    yield open_transport
    for transport in opened:
        transport.close()


# --- cut into pieces

_TEXT = st.text(max_size=20)  # of any characters that UTF-8 has
_EVENTS = st.lists(st.tuples(st.sampled_from(["ADDED", "BOOKMARK", "x"]), st.dictionaries(_TEXT, _TEXT)), max_size=5)


def _line(said: str, found: dict[str, str], *, ascii_only: bool) -> bytes:
    return json.dumps({"object": found, "type": said}, ensure_ascii=ascii_only).encode()


@st.composite
def _streams(draw: st.DrawFn) -> tuple[list[tuple[str, dict[str, str]]], bytes, str]:
    """Events, an answer of them, and how its body ends; empty lines and both ends of a line among them."""
    events = draw(_EVENTS)
    body = b""
    for said, found in events:
        end = draw(st.sampled_from([b"\n", b"\r\n", b"\n\n"]))
        body += _line(said, found, ascii_only=draw(st.booleans())) + end
    if draw(st.booleans()):
        body = body.rstrip(b"\r\n")
    way = draw(st.sampled_from(list(_HEADS)))
    if way == "chunked":
        return events, STREAM_HEAD + chunked(body, draw(st.integers(1, 60))), way
    return events, (_HEADS[way] % len(body) if way == "length" else _HEADS[way]) + body, way


def _packets(data: bytes, cuts: list[int]) -> Callable[[int], bytes]:
    """Gives the data in packets that end at the cuts."""
    ends = sorted({cut for cut in cuts if cut < len(data)} | {len(data)})
    left = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return lambda count: left.pop(0) if left and len(left[0]) <= count else b""


def _events(receive: Callable[[int], bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = AnswerReader(receive, 1 << 20)
    for line in lines(reader.parts(reader.begin()), 1 << 20):
        yield read_event(line, "", "", "")


_CUTS = st.lists(st.integers(1, 2000), max_size=20)


@given(made=_streams(), cuts=_CUTS)
def test_events_however_they_come(made: tuple[list[Any], bytes, str], cuts: list[int]) -> None:
    """Chunks and packets may end anywhere."""
    events, data, _ = made
    assert list(_events(_packets(data, cuts))) == events


@given(made=_streams(), cuts=_CUTS, length=st.integers(0, 1500))
def test_a_cut_stream_never_has_another_event(made: tuple[list[Any], bytes, str], cuts: list[int], length: int) -> None:
    """What came before the cut is right, and the cut is noticed, unless the end of the connection is an end."""
    events, data, way = made
    if length >= len(data):
        return
    seen = []
    try:
        for each in _events(_packets(data[:length], cuts)):
            seen.append(each)  # noqa: PERF402 - what came before an error counts
    except (DroppedError, UnreachableError):
        pass
    else:
        assert way == "end"
    assert seen == events[: len(seen)]


@given(data=st.binary(max_size=300), cuts=_CUTS)
def test_rubbish_is_an_error_of_ours(data: bytes, cuts: list[int]) -> None:
    """Nothing else leaves the wire, whatever follows the head."""
    with serve(Answer(data=STREAM_HEAD + data[: cuts[0] if cuts else 300], then="close")) as server:
        transport = Transport(Connection(server=server.url))
        _, found = transport.stream("/", (), 10)
        with contextlib.suppress(UnreachableError):
            list(found)
        transport.close()


def test_a_line_has_an_end_and_a_stream_has_none() -> None:
    """One line is as large as an answer may be, all of them together are not."""
    assert sum(len(line) for line in lines((b"x" * 99 + b"\n" for _ in range(1000)), 100)) == 99_000
    with pytest.raises(TooLargeError):
        list(lines((b"x" * 60 for _ in range(2)), 100))


# --- over a transport


def test_lines_come_as_they_are_sent(reach: Open) -> None:
    """Those that are there do not wait for the next."""
    with serve(stream(b"one\ntw", b"o\nthr")) as server:
        response, found = reach(server.url).stream("/", (), 10)
        assert (response.status, next(found), next(found)) == (200, b"one", b"two")


@pytest.mark.parametrize("way", _HEADS)
def test_the_connection_carries_the_next_request(way: str, reach: Open) -> None:
    """After the last line; where only the end of the connection is an end, a new one does."""
    body = chunked(b"a\nb") if way == "chunked" else b"a\nb"
    head = _HEADS[way] % 3 if way == "length" else _HEADS[way]
    with serve(Answer(data=head + body, then="close" if way == "end" else "keep"), answer(body=b"next")) as server:
        transport = reach(server.url)
        assert list(transport.stream("/", (), 10)[1]) == [b"a", b"b"]
        assert transport.request("GET", "/").body == b"next"
        assert server.connections == (2 if way == "end" else 1)


def test_a_server_that_wants_an_end_after_it(reach: Open) -> None:
    """`Connection: close` counts, also where the server does not hang up by itself."""
    data = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\na\n"
    with serve(Answer(data=data), answer()) as server:
        transport = reach(server.url)
        assert list(transport.stream("/", (), 10)[1]) == [b"a"]
        transport.request("GET", "/")
        assert server.connections == 2


@pytest.mark.parametrize("way", ["closed", "left alone", "never begun", "more than its end"])
def test_a_stream_that_was_not_read_to_its_end(way: str, reach: Open) -> None:
    """The next request has a connection of its own, and its own answer."""
    more = Answer(data=stream(b"a\nb\n", then="keep").data + b"more", then="keep")
    with serve(more if way == "more than its end" else stream(b"a\nb\n"), answer(body=b"next")) as server:
        transport = reach(server.url)
        _, found = transport.stream("/", (), 10)
        if way == "more than its end":
            assert list(found) == [b"a", b"b"]
        elif way != "never begun":
            assert next(found) == b"a"
        if way == "closed":
            found.close()  # type: ignore[attr-defined]  # it is a generator
        assert transport.request("GET", "/").body == b"next"
        assert server.connections == 2
        del found
        assert transport.request("GET", "/").body == b"next"
        assert server.connections == 2


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (stream(b"one\n", then="close"), "the server closed the connection before it had answered in full"),
        (stream(b"one\ntw", then="close"), "the server closed the connection before it had answered in full"),
        (Answer(data=STREAM_HEAD + b"4\r\none\n\r\nzz\r\n", then="close"), "invalid byte in chunk length"),
        (Answer(data=STREAM_HEAD + b"4\r\none\n\r\n\r\n", then="close"), "empty hex number for chunk length"),
        (Answer(data=STREAM_HEAD + b"4\r\none\nx\r\n", then="close"), "malformed chunked encoding"),
        (Answer(data=STREAM_HEAD + b"4\r\none\n\r\n" + b"1" * 17 + b"\r\n", then="close"), "chunk length too large"),
        (stream(b"one\n", b"x" * 5000, then="close"), "the answer is larger than"),
        (stream(b"one\n"), "the server has not ended its answer in time"),
    ],
    ids=["dropped", "half a line", "no size", "empty size", "long chunk", "endless size", "long", "silent"],
)
def test_a_fault_is_one_sentence(
    reply: Answer, reason: str, *, reach: Open, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines before it count; then one error that names the server, and no secret."""
    monkeypatch.setattr(wire, "MAX_BODY", 4096)
    with serve(reply, answer(), context=tls_context(tmp_path, authority.issue("x", "127.0.0.1"))) as server:
        transport = reach(server.url, certificate_authority_data=authority.certificate, token=SECRET)
        _, found = transport.stream("/", (), 0.3 if "in time" in reason else 10)
        assert next(found) == b"one"
        with pytest.raises(UnreachableError, match=reason) as failure:
            next(found)
        assert failure.value.server == server.address
        assert failure.value.dropped == ("closed the connection" in reason)
        assert transport.request("GET", "/").status == 200
        assert server.connections == 2


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Signs what the servers here show."""
    return Authority()


def test_the_head_is_had_as_any_answer(reach: Open) -> None:
    """A dead connection is replaced, a GET hung up on repeated, Retry-After obeyed, a redirect followed."""
    waits: list[float] = []
    server_replies = [
        answer(then="close"),
        Answer(then="close"),
        answer("429 Too Many Requests", headers=[("Retry-After", "3")]),
        answer("307 Moved", headers=[("Location", "/there")]),
        stream(b"one\n", then="keep"),
    ]
    with serve(*server_replies) as server:
        transport = reach(server.url, sleep=waits.append, token=SECRET)
        transport.request("GET", "/")
        assert server.hung_up.wait(10)
        response, found = transport.stream("/here", (("Accept", "application/json"),), 60)
        assert (response.status, list(found)) == (200, [b"one"])
        assert [asked.target for asked in server.asked] == ["/", "/here", "/here", "/here", "/there"]
        for asked in server.asked[1:]:
            assert asked.headers_named("authorization") == [("authorization", f"Bearer {SECRET}")]
            assert asked.headers_named("accept") == [("accept", "application/json")]  # and no gzip
    assert waits == [0, 3]


def test_the_time_limit_is_that_of_the_head(reach: Open) -> None:
    """--request-timeout does not end what goes on as it should."""
    reply = Answer(data=stream(b"a\n").data, then="repeat", again=chunked(b"a\n", last=b""), pause=0.25)
    with serve(reply) as server:
        _, found = reach(server.url, timeout=0.5).stream("/", (), 60)
        assert [next(found) for _ in range(4)] == [b"a"] * 4


def test_another_status_is_a_whole_answer(reach: Open) -> None:
    """It has no lines, and the connection stays."""
    with serve(answer("403 Forbidden", b"a\nb"), answer()) as server:
        transport = reach(server.url)
        response, found = transport.stream("/", (), 10)
        assert (response.status, response.body, list(found)) == (403, b"a\nb", [])
        transport.request("GET", "/")
        assert server.connections == 1


def test_a_packed_stream_is_refused(reach: Open) -> None:
    """Nobody has asked for it."""
    with (
        serve(answer(headers=[("Content-Encoding", "gzip")])) as server,
        pytest.raises(UnreachableError, match="the answer is packed, although that was not asked for"),
    ):
        reach(server.url).stream("/", (), 10)


def test_the_head_has_its_log_lines(reach: Open) -> None:
    """As of any request, when the head is there."""
    written: list[tuple[int, str]] = []
    with serve(stream(b"one\n", then="keep")) as server:
        reach(server.url, log=lambda level, text: written.append((level, text))).stream("/x", (), 10)
        assert [level for level, _ in written] == [8, 8, 6, 8, 8]
        assert f'verb="GET" url="{server.url}/x" status="200 OK"' in written[2][1]


@pytest.mark.parametrize("way", ["plain", "TLS", "TLS in TLS"])
def test_hanging_up_from_another_thread(way: str, *, reach: Open, authority: Authority, tmp_path: Path) -> None:
    """Whoever waits for a line learns at once that there is none, as does whoever asks for anything later."""
    context = tls_context(tmp_path, authority.issue("x", "127.0.0.1"))
    with (
        serve(stream(b"one\n"), context=None if way == "plain" else context) as server,
        proxy_through(carry_http, context) as proxy,
    ):
        waits: list[float] = []
        through = {"proxy_url": f"https://{proxy.address}"} if way == "TLS in TLS" else {}
        transport = reach(server.url, sleep=waits.append, certificate_authority_data=authority.certificate, **through)
        _, found = transport.stream("/", (), 60)
        next(found)
        threading.Timer(0, transport.hang_up).start()
        with pytest.raises(UnreachableError, match="closed the connection"):
            next(found)
        with pytest.raises(UnreachableError, match="closed the connection"):
            transport.request("GET", "/")
        assert len(server.asked) == 1


def test_new_credentials_after_401(authority: Authority, tmp_path: Path) -> None:
    """Are fetched as for any request; the lines are those of the connection that has them."""
    context = tls_context(tmp_path, authority.issue("x", "127.0.0.1"), authority.certificate)
    documents = [credential(**certificate_fields(authority.issue(name))) for name in ("one", "two")]
    plugin = ExecPlugin(api_version=V1, command=printing(tmp_path, *documents))
    with serve(answer("401 Unauthorized"), stream(b"one\n", then="keep"), context=context) as server:
        connection = Connection(server=server.url, certificate_authority_data=authority.certificate, exec=plugin)
        transport = Transport(connection, environ=os.environ)
        assert list(transport.stream("/", (), 10)[1]) == [b"one"]
        transport.close()
        assert [asked.certificate for asked in server.asked] == ["one", "two"]
