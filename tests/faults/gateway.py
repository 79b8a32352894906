"""A gateway before a real API server that does by chance what gateways do on a bad day.

Which requests it spoils does not depend on the order in which they come: each has dice of its own, seeded by what it
asks for and how often that was asked for before.
"""

from __future__ import annotations

import collections
import contextlib
import json
import random
import ssl
import threading
import time
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.control_plane.cluster import Cluster

FAULTS = ("close", "lose", "cut", "time out", "break", "refuse", "brake", "page", "delay")
_FORWARDED = ("", "lose", "cut", "time out", "page", "delay")
_LONGEST_DELAY = 0.05
_HOP_BY_HOP = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "te", "trailer"))
_PAGE = b"<html>\n<body>\n<h1>The gateway has a bad day</h1>\n</body>\n</html>\n"
_RETRY = [("Retry-After", "0")]


class Ask(Value):
    """A request, and the name of the object that it sends, if any.

    It is the `number` of it among all, and the same was asked for `again` times before.
    """

    method: str
    target: str
    name: str
    number: int
    again: int


class Passed(Value):
    """A request, what the gateway did to it, and the server's status; 0 where the server never saw it."""

    ask: Ask
    fault: str
    status: int


def bad_day(seed: int, share: float) -> Callable[[Ask], str]:
    """A fault, or empty, for each request; so large a `share` of them gets one."""

    def fault(ask: Ask) -> str:
        dice = _dice(seed, ask)
        return dice.choice(FAULTS) if dice.random() < share else ""

    return fault


def gone_from(number: int, lost: int = 0) -> Callable[[Ask], str]:
    """The server answers so many requests and then never again; as many as `lost` of those it still carries out."""
    return lambda ask: "" if ask.number < number else "lose" if ask.number < number + lost else "close"


def _dice(seed: int, ask: Ask) -> random.Random:
    return random.Random(f"{seed} {ask.method} {ask.target} {ask.name} {ask.again}")  # noqa: S311 - dice for faults that a seed repeats


class Gateway(ThreadingHTTPServer):
    """Plain HTTP on a port of its own, a thread for each connection with a TLS connection to the server."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, cluster: Cluster, fault: Callable[[Ask], str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.token = cluster.token
        self.passed: list[Passed] = []
        self.fault = fault
        self._server = urlsplit(cluster.server)
        self._context = ssl.create_default_context(cafile=cluster.ca)
        self._asked: collections.Counter[tuple[str, str, str]] = collections.Counter()
        self._lock = threading.Lock()

    def connect(self) -> HTTPSConnection:
        """A connection to the server, opened with its first request."""
        return HTTPSConnection(self._server.hostname or "", self._server.port, timeout=60, context=self._context)

    def count(self, method: str, target: str, body: bytes) -> Ask:
        """The request among all others."""
        name = json.loads(body)["metadata"]["name"] if body else ""
        with self._lock:
            again, number = self._asked[method, target, name], self._asked.total()
            self._asked[method, target, name] += 1
        return Ask(method=method, target=target, name=name, number=number, again=again)


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Gateway

    def setup(self) -> None:
        super().setup()
        self._upstream = self.server.connect()

    def finish(self) -> None:
        self._upstream.close()
        with contextlib.suppress(OSError):  # a client that has hung up takes nothing any more
            super().finish()

    def log_message(self, *_: object) -> None:
        """Says nothing; `Gateway.passed` holds it."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        ask = self.server.count(self.command, self.path, body)
        fault = self.server.fault(ask)
        whole, status = b"", 0
        if fault == "delay":
            time.sleep(_LONGEST_DELAY * _dice(0, ask).random())
        if fault in _FORWARDED:
            whole, status = self._forward(body)
        self.server.passed.append(Passed(ask=ask, fault=fault, status=status))
        self._answer(fault, whole)

    do_POST = do_PATCH = do_GET  # noqa: N815 - http.server looks for methods of these names

    def _forward(self, body: bytes) -> tuple[bytes, int]:
        """The server's answer, as it goes to the client, and its status."""
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        headers |= {"Host": self._upstream.host, "Authorization": f"Bearer {self.server.token}"}
        self._upstream.request(self.command, self.path, body or None, headers)
        with self._upstream.getresponse() as response:
            content = response.read()
            passed_on = [(name, value) for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP]
            return _answer(f"{response.status} {response.reason}", content, passed_on), response.status

    def _answer(self, fault: str, whole: bytes) -> None:
        self.close_connection = fault in ("close", "lose", "cut")
        answers = {
            "close": b"",
            "lose": b"",
            "cut": whole[: -max(1, len(whole.partition(b"\r\n\r\n")[2]) // 2)],
            "time out": _page("504 Gateway Timeout"),
            "break": _page("500 Internal Server Error"),
            "refuse": _answer("503 Service Unavailable", b"", _RETRY),
            "brake": _answer("429 Too Many Requests", b"", _RETRY),
            "page": _page("201 Created"),
        }
        self.wfile.write(answers.get(fault, whole))


def _page(status: str) -> bytes:
    return _answer(status, _PAGE, [("Content-Type", "text/html")])


def _answer(status: str, body: bytes, headers: list[tuple[str, str]]) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in (*headers, ("Content-Length", len(body))))
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


@contextlib.contextmanager
def gateway(cluster: Cluster, fault: Callable[[Ask], str]) -> Iterator[Gateway]:
    """A `Gateway` for the time of a with-block."""
    with Gateway(cluster, fault) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
