"""Who we are in the end: the user's own words completed from files, by asking, or by a plugin that is to be run."""

from __future__ import annotations

from kubectl_svc.access.connection import EXEC_VERSIONS
from kubectl_svc.access.go_files import read_file
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from kubectl_svc.access.connection import ExecPlugin, Identity

    Ask = Callable[[str, bool], str]
    """Asks for the field of this name, hidden or not."""


def nobody_to_ask(field: str, hidden: bool) -> str:
    """What stands in for a terminal where there is none. Raises SvcError."""
    del hidden
    raise SvcError(f"error reading input for {field}")


def complete_identity(user: Identity, ask: Ask) -> Identity:
    """The user with the token of its file; one without any identity is asked for name and password.

    Raises SvcError for a file that cannot be read, and what `ask` raises.
    Source: client_config.go `getUserIdentificationPartialConfig`, `canIdentifyUser`.
    """
    if user.token_file and not user.token:
        user = user.but(token=read_file(user.token_file).decode("utf-8", "surrogateescape"))
    if not _has_certificate(user):
        user = user.but(client_key="", client_key_data=b"")  # a key alone says nothing
    if user.token or user.username or _has_certificate(user):
        return user
    if user.exec is not None or user.auth_provider is not None:
        return user
    username, password = ask("Username", False), ask("Password", True)
    asked: Identity = user.but(username=username, password=user.password or password)
    return asked


def plugin_to_run(user: Identity, config: Any) -> ExecPlugin | None:
    """The user's exec plugin with its `config`, unless the user has something else to show.

    Raises SvcError for an API version that is not known, whether the plugin is needed or not.
    Source: client-go plugin/pkg/client/auth/exec/exec.go `newAuthenticator`, `UpdateTransportConfig`.
    """
    plugin = user.exec
    if plugin is None:
        return None
    if plugin.api_version not in EXEC_VERSIONS:
        raise SvcError(f"exec plugin: invalid apiVersion {quote(plugin.api_version)}")
    if user.token or user.token_file or user.username or _has_certificate(user):
        return None
    prepared: ExecPlugin = plugin.but(config=config, install_hint=_printable(plugin.install_hint))
    return prepared


def _has_certificate(user: Identity) -> bool:
    return bool(user.client_certificate or user.client_certificate_data)


def _printable(text: str) -> str:
    """The text with control and format characters as U+001B (client_config.go `cleanANSIEscapeCodes`)."""
    return "".join(char if char.isprintable() or _is_space(char) else f"U+{ord(char):04X}" for char in text)


def _is_space(char: str) -> bool:
    """Whether Go lets it pass as white space or as a separator, which Python counts as not printable."""
    return char.isspace() and char not in "\x1c\x1d\x1e\x1f\x85"
