"""Connections are made in time: whatever the name server and the addresses of the host do."""

from __future__ import annotations

import _socket
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from kubectl_svc.access.http.dial import KEEP_ALIVE_SECONDS, DialError, dial
from tests.access.servers import closed_port, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def full() -> Iterator[int]:
    """A port that lets nobody in: those who wait already are all that there is room for."""
    waiting: list[socket.socket] = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(3):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
    for one in waiting:
        one.close()


def _at(*places: tuple[str, int]) -> Any:
    """A name with these addresses, in this order, as getaddrinfo tells it."""
    return lambda *_asked, **_how: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]


def test_an_address_that_does_not_answer_leaves_time_for_the_next(full: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gets its share of the time (net `partialDeadline`)."""
    with serve() as server:
        open_port = int(server.address.rpartition(":")[2])
        monkeypatch.setattr(_socket, "getaddrinfo", _at(("127.0.0.1", full), ("127.0.0.1", open_port)))
        started = time.monotonic()
        stream = dial("api.example.com", 443, time.monotonic() + 6)
        assert stream.getpeername()[1] == open_port
        assert time.monotonic() - started < 5
        stream.close()


def test_no_address_answers(full: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the time that there was, told of one of them."""
    places = (("127.0.0.1", full), ("127.0.0.1", closed_port()))
    monkeypatch.setattr(_socket, "getaddrinfo", _at(*places))
    with pytest.raises(DialError, match=r"dial tcp 127\.0\.0\.1:443: i/o timeout"):
        dial("api.example.com", 443, time.monotonic() + 0.3)


def test_a_name_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """getaddrinfo knows no deadline, but we do."""
    silence = threading.Event()
    monkeypatch.setattr(_socket, "getaddrinfo", lambda *_asked, **_how: silence.wait(30))
    with pytest.raises(DialError, match=r"dial tcp: lookup api\.example\.com: i/o timeout"):
        dial("api.example.com", 443, time.monotonic() + 0.2)
    silence.set()


@pytest.mark.parametrize("deadline", [None, 30.0])
def test_what_a_name_server_says(monkeypatch: pytest.MonkeyPatch, deadline: float | None) -> None:
    """Its failures are told alike with a time limit and without."""

    def fail(*_asked: object, **_how: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(_socket, "getaddrinfo", fail)
    with pytest.raises(DialError, match=r"dial tcp: lookup api\.example\.com: no such host"):
        dial("api.example.com", 443, deadline and time.monotonic() + deadline)


def test_the_system_notices_a_server_that_is_gone() -> None:
    """By asking it, when nothing has come for a while."""
    with serve() as server:
        host, _, port = server.address.rpartition(":")
        stream = dial(host, int(port), None)
        assert stream.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if hasattr(socket, "TCP_KEEPIDLE"):
            assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == KEEP_ALIVE_SECONDS
        stream.close()
