"""TLS from the C module is the TLS of `ssl`: the same settings, and the same end of what is refused.

Where all of this passes on a Python that `openssl` does not know yet, it may.
"""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING, Any

import pytest

from kubectl_svc.access.connection import Connection
from kubectl_svc.access.http import openssl
from kubectl_svc.access.http.dial import DialError, dial, secure
from kubectl_svc.access.http.http1 import Request
from kubectl_svc.access.http.tls import client_context
from kubectl_svc.access.http.wire import Wire
from tests.access.servers import Authority, answer, serve, tls_context

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = (
    "_host_flags", "check_hostname", "keylog_filename", "maximum_version", "minimum_version", "num_tickets", "options",
    "post_handshake_auth", "protocol", "security_level", "verify_flags", "verify_mode",
)  # fmt: skip


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(params=[True, False], ids=["C module", "ssl"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether this Python is one whose C module is known."""
    monkeypatch.setattr(openssl, "IS_KNOWN", request.param)


def test_the_settings_are_those_of_ssl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever decides whom we trust and how we talk is as `ssl` sets it."""
    monkeypatch.setattr(openssl, "IS_KNOWN", True)
    ours: Any = openssl.client_side()
    monkeypatch.setattr(openssl, "IS_KNOWN", False)
    theirs: Any = openssl.client_side()
    assert not isinstance(ours, ssl.SSLContext)
    assert isinstance(theirs, ssl.SSLContext)
    assert {name: getattr(ours, name) for name in _SETTINGS} == {name: getattr(theirs, name) for name in _SETTINGS}
    assert ours.get_ciphers() == theirs.get_ciphers()
    assert ours.cert_store_stats() == theirs.cert_store_stats()
    # Nothing else can be set.
    readable = {name for name, kind in vars(type(ours)).items() if type(kind).__name__ == "getset_descriptor"}
    assert readable - set(_SETTINGS) <= {"session_stats", "sni_callback", "_msg_callback"}


def test_the_trusted_ones_of_the_system() -> None:
    """Without a CA of its own the cluster's is one of the system's."""
    ours: Any = client_context(Connection(server="https://127.0.0.1"))
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    theirs.load_default_certs()
    assert ours.cert_store_stats() == theirs.cert_store_stats()


@pytest.mark.usefixtures("way")
def test_an_exchange(authority: Authority, tmp_path: Path) -> None:
    """Large bodies pass in both directions, and the connection stays for the next request."""
    with serve(
        answer(body=b"x" * 3_000_000), context=tls_context(tmp_path, authority.issue("x", "127.0.0.1"))
    ) as server:
        wire = Wire(Connection(server=server.url, certificate_authority_data=authority.certificate))
        request = Request(method="POST", target="/", headers=(("Host", "x"),), body=b"y" * 3_000_000)
        for _ in range(2):
            response = wire.exchange(request, time.monotonic() + 20)
            assert len(response.body) == 3_000_000
            assert wire.is_open()
        wire.close()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("", "tls: check_hostname requires server_hostname", id="none"),
        pytest.param(".a", "tls: server_hostname cannot be an empty string or start with a leading dot.", id="dot"),
        pytest.param("x", "tls: failed to verify certificate: x509: certificate is not valid for x", id="common name"),
    ],
)
def test_a_name_that_is_not_the_servers(name: str, says: str, authority: Authority, tmp_path: Path) -> None:
    """Nobody else is talked to, nor anybody without a name."""
    with serve(answer(), context=tls_context(tmp_path, authority.issue("x", "127.0.0.1"))) as server:
        host, _, port = server.address.rpartition(":")
        context = client_context(Connection(server=server.url, certificate_authority_data=authority.certificate))
        with pytest.raises(DialError) as refused:
            secure(dial(host, int(port), None), context, name, None)
    assert str(refused.value) == says
