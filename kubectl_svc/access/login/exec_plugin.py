"""Credential plugins: programs that print a token or a client certificate (EKS, GKE, AKS, OIDC logins and others).

Source: client-go plugin/pkg/client/auth/exec/exec.go, os/exec (`Command`, `LookPath`). They are started through
posix_spawn, because importing `subprocess` takes 13 ms.
"""

from __future__ import annotations

import os
import time

from kubectl_svc.access.connection import address
from kubectl_svc.access.go_files import clean, go_reason, read_file
from kubectl_svc.access.login.exec_credential import cluster_info, exec_info, read_issued
from kubectl_svc.errors import SvcError, UnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kubectl_svc.access.connection import Connection, ExecPlugin
    from kubectl_svc.access.login.credentials import Credentials
    from kubectl_svc.access.login.exec_credential import Issued

_EXEC_INFO = "KUBERNETES_EXEC_INFO"
_NOT_INSTALLED = """

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins"""


class ExecLogin:
    """A plugin with what it has printed. It is run when credentials are first asked for, not before."""

    def __init__(self, plugin: ExecPlugin, connection: Connection, environ: Mapping[str, str]) -> None:
        """Raises SvcError where the plugin is to be told of the cluster and its CA cannot be read."""
        self._plugin = plugin
        self._inherited = environ
        self._connection = connection
        self._cluster = (
            cluster_info(plugin, connection, _authority(connection)) if plugin.provide_cluster_info else None
        )
        self._issued: Issued | None = None

    def credentials(self) -> Credentials:
        """What the plugin has printed; it is run when it has not been yet, and when that has expired."""
        issued = self._issued
        if issued is None or (issued.expires is not None and _now() > issued.expires):
            issued = self._run()
        return issued.credentials

    def renewed(self) -> Credentials:
        """What the plugin prints now."""
        return self._run().credentials

    def _run(self) -> Issued:
        try:
            interactive = _is_interactive(self._plugin.interactive_mode)
            issued = read_issued(self._output(interactive=interactive), self._plugin.api_version)
            self._check_certificate(issued.credentials)
        except ValueError as error:
            server = address(self._connection.server).authority
            raise UnreachableError(server, f"getting credentials: {error}") from None
        self._issued = issued
        return issued

    def _output(self, *, interactive: bool) -> bytes:
        """What one run prints. Raises ValueError when it cannot be started or fails."""
        plugin = self._plugin
        command = clean(plugin.command)
        path = _look_up(command, self._inherited.get("PATH", ""))
        if not path:
            hint = f"\n\n{plugin.install_hint}" if plugin.install_hint else ""
            raise ValueError(f"exec: executable {command} not found{_NOT_INSTALLED}{hint}")
        info = exec_info(plugin.api_version, self._cluster, interactive=interactive)
        environ = _environ(self._inherited, (*plugin.env, (_EXEC_INFO, info)))
        if any("\0" in word for word in (path, *plugin.args)):
            raise ValueError(f"exec: fork/exec {path}: invalid argument")
        try:
            output, code = _run_to_its_end(path, (command, *plugin.args), environ, interactive=interactive)
        except OSError as error:
            raise ValueError(f"exec: fork/exec {path}: {go_reason(error)}") from None
        if code:
            raise ValueError(f"exec: executable {command} failed with exit code {max(code, -1)}")
        return output

    def _check_certificate(self, credentials: Credentials) -> None:
        """Raises ValueError for a certificate that TLS cannot use."""
        if not credentials.certificate:
            return
        from kubectl_svc.access.http.tls import client_context  # most plugins print tokens

        probe = self._connection.but(
            insecure=True,
            certificate_authority="",
            certificate_authority_data=b"",
            client_certificate_data=credentials.certificate,
            client_key_data=credentials.key,
        )
        try:
            client_context(probe)
        except SvcError as error:
            raise ValueError(f"failed parsing client key/certificate: {error}") from None


def _now() -> str:
    """The time as `Issued.expires` has it: such times compare as texts do."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _authority(connection: Connection) -> bytes:
    if connection.certificate_authority_data or not connection.certificate_authority:
        return connection.certificate_authority_data
    try:
        return read_file(connection.certificate_authority)
    except SvcError as error:
        raise SvcError(f"failed to load CA bundle for execProvider: {error}") from None


def _is_interactive(mode: str) -> bool:
    """Whether the plugin gets our standard input, as in kubectl also after a manifest has been read from it.

    Raises ValueError where it must and cannot.
    """
    if mode == "Never":
        return False
    is_terminal = os.isatty(0)
    if mode == "Always" and not is_terminal:
        raise ValueError("exec plugin cannot support interactive mode: standard input is not a terminal")
    return is_terminal


def _environ(inherited: Mapping[str, str], added: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Both together; the last of a name counts, as in os/exec. Raises ValueError for what no environment can hold."""
    environ = dict(inherited)
    for name, value in added:
        if "\0" in name + value:
            raise ValueError("exec: exec: environment variable contains NUL")
        # Go joins them to NAME=VALUE, so a name may hold what begins its value.
        variable, _, content = f"{name}={value}".partition("=")
        environ[variable] = content
    return environ


def _look_up(command: str, path: str) -> str:
    """The path to run; empty where there is none, and where the first on PATH is a relative one (`LookPath`)."""
    if "/" in command:
        return command
    for folder in path.split(os.pathsep) if path else ():
        found = os.path.join(folder, command)
        if os.path.isfile(found) and os.access(found, os.X_OK):
            return found if os.path.isabs(found) else ""
    return ""


def _run_to_its_end(
    path: str, argv: tuple[str, ...], environ: Mapping[str, str], *, interactive: bool
) -> tuple[bytes, int]:
    """What the program writes to standard output, and its exit code, negative for a signal.

    Standard error is ours. When we are interrupted the program is ended too.
    """
    import _signal as signal  # type: ignore[import-not-found]  # `signal` makes enums, which brings half of re

    reading, writing = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, writing, 1)]
    nothing = [] if interactive else [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    try:
        # Python ignores these two; other programs do not expect it.
        restored = (signal.SIGPIPE, signal.SIGXFSZ)
        process = os.posix_spawn(path, argv, environ, file_actions=[*actions, *nothing], setsigdef=restored)
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    ended = False
    try:
        with open(reading, "rb") as output:
            printed = output.read()
        _, status = os.waitpid(process, 0)
        ended = True
    finally:
        if not ended:  # Ctrl-C; on a terminal the program has heard of it as well
            os.kill(process, signal.SIGTERM)
    return printed, os.waitstatus_to_exitcode(status)
