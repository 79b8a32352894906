"""Credentials that are fetched before the first request instead of standing in the kubeconfig, and who fetches them."""

from __future__ import annotations

from _thread import allocate_lock  # importing `threading` costs more than it gives here

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from kubectl_svc.access.connection import Connection

    class Login(Protocol):
        """Fetches credentials, keeps them, and fetches others when they no longer hold."""

        def credentials(self) -> Credentials:
            """What holds now. Raises UnreachableError in client-go's words where nothing can be had."""

        def renewed(self) -> Credentials | None:
            """What holds after the server answered 401; None where asking again is of no use.

            Raises UnreachableError.
            """


class Credentials(Value):
    """A bearer token, a client certificate with its key (PEM), or all of it; what is not there is empty."""

    token: str = ""
    certificate: bytes = b""
    key: bytes = b""

    def __repr__(self) -> str:
        """Nothing: all of it is secret."""
        return "Credentials(...)"


class SharedLogin:
    """One login for several connections: what one thread has fetched the others use."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._lock = allocate_lock()
        self._fetched = Credentials()
        self._refused: Credentials | None = None

    def credentials(self) -> Credentials:
        """As `Login.credentials`."""
        with self._lock:
            self._fetched = self._login.credentials()
            return self._fetched

    def renewed(self, used: Credentials) -> Credentials | None:
        """As `Login.renewed`, after the server refused those that were `used`: nothing is fetched where others hold."""
        with self._lock:
            if used == self._refused:
                return None
            if used == self._fetched:
                renewed = self._login.renewed()
                if renewed is None or renewed == used:
                    self._refused = used  # asking again brings nothing else
                    return None
                self._fetched = renewed
            return self._fetched


def shared_login(connection: Connection, environ: Mapping[str, str]) -> SharedLogin | None:
    """As `login_for`, for all connections of one command."""
    login = login_for(connection, environ)
    return None if login is None else SharedLogin(login)


def login_for(connection: Connection, environ: Mapping[str, str]) -> Login | None:
    """Who fetches the credentials of this connection; None when it has its own. Nothing is fetched yet.

    A plugin gets the environment `environ` and is looked for on its PATH.

    Raises SvcError for an auth-provider that kubectl does not accept, even where a token makes it needless.
    Source: client-go rest/transport.go `TransportConfig`.
    """
    if connection.exec is not None:
        from kubectl_svc.access.login.exec_plugin import ExecLogin  # most kubeconfigs have no plugin

        return ExecLogin(connection.exec, connection, environ)
    if connection.auth_provider is not None:
        from kubectl_svc.access.login.auth_provider import open_provider  # as above

        provider = open_provider(connection.auth_provider, connection, environ)
        return None if connection.token or connection.token_file or connection.username else provider
    return None
