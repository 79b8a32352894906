"""When a credential plugin is asked again, and when not; its credentials on the way to a server."""

from __future__ import annotations

import contextlib
import os
import threading
import time

import pytest

from kubectl_svc.access.connection import Connection, ExecPlugin
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.errors import UnreachableError
from tests.access import plugins
from tests.access.plugins import V1, certificate_fields, credential, printing
from tests.access.servers import Authority, answer, serve, tls_context
from tests.trust.watch import TOKEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from tests.access.servers import Server

_AUTHORITY = Authority()


def _token(text: str, **status: Any) -> str:
    """What a plugin prints that has this token."""
    return credential(token=text, **status)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A TLS server that asks for client certificates."""
    context = tls_context(tmp_path, _AUTHORITY.issue("x", "127.0.0.1"), _AUTHORITY.certificate)
    with serve(context=context) as found:
        yield found


@contextlib.contextmanager
def _transport(server: Server, plugin: str, log: list[str] | None = None, /, **fields: object) -> Iterator[Transport]:
    connection = Connection(
        server=server.url,
        certificate_authority_data=_AUTHORITY.certificate,
        exec=ExecPlugin(api_version=V1, command=plugin),
    ).but(**fields)
    note = (lambda _level, line: log.append(line)) if log is not None else None
    transport = Transport(connection, note, environ=os.environ)
    yield transport
    transport.close()


def _tokens(server: Server) -> list[str]:
    return [asked.headers_named("authorization")[0][1] for asked in server.asked]


def test_one_run_serves_many_requests(server: Server, tmp_path: Path) -> None:
    """The plugin is run with the first request, not before, and its token serves all others."""
    plugin = printing(tmp_path, _token("one"), _token("two"))
    with _transport(server, plugin) as transport:
        assert plugins.count(tmp_path) == 0
        for _ in range(3):
            transport.request("GET", "/")

    assert _tokens(server) == ["Bearer one"] * 3
    assert (plugins.count(tmp_path), server.connections) == (1, 1)


def test_expired_credentials_are_asked_for_again(server: Server, tmp_path: Path) -> None:
    """What has expired is replaced before the next request; what has not is kept."""
    documents = [
        _token("one", expirationTimestamp="2020-01-31T23:00:00Z"),
        _token("two", expirationTimestamp="2020-01-31T23:00:00-05:00"),
        _token("three", expirationTimestamp="2999-01-31T23:00:00.25+05:00"),
        _token("four"),
    ]
    with _transport(server, printing(tmp_path, *documents)) as transport:
        for _ in range(4):
            transport.request("GET", "/")

    assert _tokens(server) == ["Bearer one", "Bearer two", "Bearer three", "Bearer three"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_401_asks_once_more(method: str, server: Server, tmp_path: Path) -> None:
    """A token that the server does not take any more is replaced, and the request goes out again, body and all."""
    server.next_answers(answer("401 Unauthorized"), answer(body=b"done"))
    with _transport(server, printing(tmp_path, _token("one"), _token("two"))) as transport:
        response = transport.request(method, "/x", b"{}" if method == "POST" else None)
        transport.request("GET", "/y")

    assert (response.status, response.body) == (200, b"done")
    assert _tokens(server) == ["Bearer one", "Bearer two", "Bearer two"]
    assert server.asked[0].body == server.asked[1].body
    assert plugins.count(tmp_path) == 2


def test_401_with_the_same_token_stays(server: Server, tmp_path: Path) -> None:
    """A plugin that has nothing new is asked once more; the server is not."""
    server.next_answers(answer("401 Unauthorized"))
    with _transport(server, printing(tmp_path, _token("one"))) as transport:
        assert transport.request("GET", "/").status == 401

    assert (len(server.asked), plugins.count(tmp_path)) == (1, 2)


def test_second_401_stays(server: Server, tmp_path: Path) -> None:
    """Also new credentials that are refused are no reason to ask on and on."""
    server.next_answers(answer("401 Unauthorized"))
    documents = [credential(token=str(number)) for number in range(9)]
    with _transport(server, printing(tmp_path, *documents)) as transport:
        assert transport.request("GET", "/").status == 401

    assert (len(server.asked), plugins.count(tmp_path)) == (2, 2)


def test_plugin_that_fails_after_401(server: Server, tmp_path: Path) -> None:
    """The 401 is what counts then; a log line says why there was nothing better."""
    server.next_answers(answer("401 Unauthorized"))
    lines: list[str] = []
    with _transport(server, printing(tmp_path, credential(token=TOKEN), "{}"), lines) as transport:
        assert transport.request("GET", "/").status == 401

    text = "\n".join(lines)
    assert "refreshing credentials: getting credentials: exec plugin is configured to use" in text
    assert "Authorization: Bearer <masked>" in text
    assert TOKEN not in text


def test_new_certificate_means_a_new_connection(server: Server, tmp_path: Path) -> None:
    """A client certificate belongs to a connection; a new token alone does not need another."""
    documents = [
        credential(**certificate_fields(_AUTHORITY.issue("jane"))),
        _token("one", **certificate_fields(_AUTHORITY.issue("june"))),
        _token("two"),
    ]
    refused, fine = answer("401 Unauthorized"), answer()
    server.next_answers(refused, fine, refused, fine)
    with _transport(server, printing(tmp_path, *documents)) as transport:
        for _ in range(2):
            assert transport.request("GET", "/").status == 200

    assert [asked.certificate for asked in server.asked] == ["jane", "june", "june", ""]
    assert _tokens_or_none(server) == ["", "Bearer one", "Bearer one", "Bearer two"]
    assert server.connections == 3


def _tokens_or_none(server: Server) -> list[str]:
    return ["".join(value for _, value in asked.headers_named("authorization")) for asked in server.asked]


def test_login_takes_nothing_from_the_time_limit(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who takes an hour to log in, and again after a 401, does not run into --request-timeout."""
    plugin = printing(tmp_path, _token("one"), _token("two"))
    clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 3600 * plugins.count(tmp_path))
    server.next_answers(answer("401 Unauthorized"), answer())
    with _transport(server, plugin, timeout=60) as transport:
        assert transport.request("GET", "/").status == 200

    assert plugins.count(tmp_path) == 2


def test_token_that_is_no_header(server: Server, tmp_path: Path) -> None:
    """A token with a line break never becomes a header of its own, nor part of a message."""
    plugin = printing(tmp_path, credential(token=f"{TOKEN}\nX-Evil: 1"))
    with _transport(server, plugin) as transport, pytest.raises(UnreachableError) as failure:
        transport.request("GET", "/")

    assert str(failure.value) == 'net/http: invalid header field value for "Authorization"'
    assert server.asked == []


def test_lone_surrogate_in_a_token(server: Server, tmp_path: Path) -> None:
    """Half of a pair becomes U+FFFD, as in Go."""
    document = f'{{"apiVersion":"{V1}","status":{{"token":"a\\ud800"}}}}'
    with _transport(server, printing(tmp_path, document)) as transport:
        transport.request("GET", "/")

    assert _tokens(server) == ["Bearer a\ufffd"]


def test_credentials_in_the_url_count_first(server: Server, tmp_path: Path) -> None:
    """As net/http has it, a URL that says who we are leaves nothing for the plugin to say."""
    plugin = printing(tmp_path, _token("one"))
    with _transport(server, plugin, server=server.url.replace("://", "://jane:sesame@")) as transport:
        transport.request("GET", "/")

    assert _tokens(server) == ["Basic amFuZTpzZXNhbWU="]
    assert plugins.count(tmp_path) == 0


def test_several_connections_log_in_once(server: Server, tmp_path: Path) -> None:
    """Side by side they use what one of them has fetched, and after a 401 what one of them has renewed."""
    plugin = printing(tmp_path, _token("one"), _token("two"), _token("three"))
    start = threading.Barrier(4)
    codes: list[int] = []

    def ask(transport: Transport) -> None:
        start.wait(30)
        codes.extend(transport.request("GET", "/").status for _ in range(5))
        transport.close()

    with _transport(server, plugin) as first:
        threads = [threading.Thread(target=ask, args=(first.another(time.sleep),), daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert codes == [200] * 20
        assert plugins.count(tmp_path) == 1
        refused = answer("401 Unauthorized", b"no")
        server.next_answers(refused, refused, answer())
        second = first.another(time.sleep)
        used = [transport.request("GET", "/").status for transport in (first, second)]
        second.close()
    # The first is refused twice; the second begins with what the first had fetched since.
    assert used == [401, 200]
    assert set(_tokens(server)) == {"Bearer one", "Bearer two"}
    assert plugins.count(tmp_path) == 2
    assert server.connections <= 6
