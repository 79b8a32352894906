"""Contexts, clusters and users of all kubeconfig files, merged: the first file that names one of them wins.

Source: client-go tools/clientcmd loader.go (`Load`, `ResolveLocalPaths`), merge.go, api/v1/conversion.go.
"""

from __future__ import annotations

import os

from kubectl_svc.access.connection import EXEC_GROUP, AuthProvider, ExecPlugin, Identity
from kubectl_svc.access.go_files import absolute, contents, read_problem
from kubectl_svc.access.kubeconfig.file import read
from kubectl_svc.errors import AggregateError, SvcError
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

_EXEC_EXTENSION = f"{EXEC_GROUP}/exec"
_WITHOUT_MODE = (f"{EXEC_GROUP}/v1alpha1", f"{EXEC_GROUP}/v1beta1")


class Context(Value):
    """Which cluster, user and namespace belong together; the first two are names."""

    cluster: str = ""
    user: str = ""
    namespace: str = ""


class ClusterEntry(Value):
    """Where a server is. `exec_config` is what a plugin shall know of it, any JSON value."""

    server: str = ""
    server_name: str = ""
    insecure: bool = False
    certificate_authority: str = ""
    certificate_authority_data: bytes = b""
    proxy_url: str = ""
    disable_compression: bool = False
    exec_config: Any = None

    def __repr__(self) -> str:
        """Without URLs, which may hold passwords, and what is meant for a plugin."""
        return f"ClusterEntry(server_name={self.server_name!r})"


class MergedConfig(Value):
    """All files as one. Paths in it are absolute, but for commands without a folder."""

    current_context: str = ""
    contexts: Mapping[str, Context] = {}
    clusters: Mapping[str, ClusterEntry] = {}
    users: Mapping[str, Identity] = {}


def load_explicit(path: str, environ: Mapping[str, str]) -> MergedConfig:
    """The configuration of this file alone. Raises SvcError, also where it does not exist."""
    try:
        os.stat(path)
    except FileNotFoundError:
        raise SvcError(f"stat {path}: no such file or directory") from None
    except (OSError, ValueError):
        pass  # opening it says why
    return load([path], environ)


def load(paths: Sequence[str], environ: Mapping[str, str]) -> MergedConfig:
    """The files that exist, merged in this order of precedence.

    Raises SvcError for a file that cannot be read, AggregateError for several. Of `environ` only PWD counts.
    """
    files: list[tuple[str, dict[str, Any]]] = []
    errors: list[SvcError] = []
    for path in paths:
        try:
            files.append((absolute(path, environ), _read(path)))
        except FileNotFoundError:
            continue
        except SvcError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else AggregateError(errors)
    return _merged(files)


def _read(path: str) -> dict[str, Any]:
    """The fields of one file. Raises FileNotFoundError, and SvcError with kubectl's words for all else."""
    try:
        data = contents(path)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise _unusable(path, read_problem(path, error)) from None
    try:
        return read(data)
    except ValueError as error:
        raise _unusable(path, str(error)) from None


def _unusable(path: str, problem: str) -> SvcError:
    return SvcError(f'error loading config file "{path}": {problem}')


def _merged(files: Sequence[tuple[str, dict[str, Any]]]) -> MergedConfig:
    contexts: dict[str, Context] = {}
    clusters: dict[str, ClusterEntry] = {}
    users: dict[str, Identity] = {}
    current = ""
    for path, config in files:
        current = current or config.get("current-context", "")
        folder = os.path.dirname(path)
        for name, entry in _entries(config, "contexts", "context"):
            contexts.setdefault(name, _context(entry))
        for name, entry in _entries(config, "clusters", "cluster"):
            clusters.setdefault(name, _cluster(entry, folder))
        for name, entry in _entries(config, "users", "user"):
            if name not in users:
                users[name] = _user(entry, folder).but(auth_provider=_auth_provider(entry, name, path))
    return MergedConfig(current_context=current, contexts=contexts, clusters=clusters, users=users)


def _entries(config: dict[str, Any], section: str, field: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in config.get(section) or ():
        named = entry or {}
        yield named.get("name", ""), named.get(field) or {}


def _context(entry: dict[str, Any]) -> Context:
    return Context(cluster=entry.get("cluster", ""), user=entry.get("user", ""), namespace=entry.get("namespace", ""))


def _cluster(entry: dict[str, Any], folder: str) -> ClusterEntry:
    extensions = [extension or {} for extension in entry.get("extensions") or ()]
    return ClusterEntry(
        server=entry.get("server", ""),
        server_name=entry.get("tls-server-name", ""),
        insecure=entry.get("insecure-skip-tls-verify", False),
        certificate_authority=_within(folder, entry.get("certificate-authority", "")),
        certificate_authority_data=entry.get("certificate-authority-data", b""),
        proxy_url=entry.get("proxy-url", ""),
        disable_compression=entry.get("disable-compression", False),
        exec_config=next(
            (found.get("extension") for found in extensions if found.get("name") == _EXEC_EXTENSION), None
        ),
    )


def _user(entry: dict[str, Any], folder: str) -> Identity:
    extra = entry.get("as-user-extra") or {}
    return Identity(
        client_certificate=_within(folder, entry.get("client-certificate", "")),
        client_certificate_data=entry.get("client-certificate-data", b""),
        client_key=_within(folder, entry.get("client-key", "")),
        client_key_data=entry.get("client-key-data", b""),
        token=entry.get("token", ""),
        token_file=_within(folder, entry.get("tokenFile", "")),
        as_user=entry.get("as", ""),
        as_uid=entry.get("as-uid", ""),
        as_groups=_texts(entry.get("as-groups")),
        as_user_extra={key: _texts(values) for key, values in extra.items()},
        username=entry.get("username", ""),
        password=entry.get("password", ""),
        exec=_exec_plugin(entry, folder),
    )


def _exec_plugin(entry: dict[str, Any], folder: str) -> ExecPlugin | None:
    """As written; only old API versions have a default for the mode (api/v1/defaults.go `SetDefaults_ExecConfig`)."""
    plugin = entry.get("exec")
    if plugin is None:
        return None
    version, command = plugin.get("apiVersion", ""), plugin.get("command", "")
    return ExecPlugin(
        api_version=version,
        # A plain name is looked up in PATH; a path counts from the file that names it, as all its paths do.
        command=_within(folder, command) if os.sep in command else command,
        args=_texts(plugin.get("args")),
        env=tuple(
            ((variable or {}).get("name", ""), (variable or {}).get("value", ""))
            for variable in plugin.get("env") or ()
        ),
        install_hint=plugin.get("installHint", ""),
        provide_cluster_info=plugin.get("provideClusterInfo", False),
        interactive_mode=plugin.get("interactiveMode") or ("IfAvailable" if version in _WITHOUT_MODE else ""),
    )


def _auth_provider(entry: dict[str, Any], user: str, path: str) -> AuthProvider | None:
    provider = entry.get("auth-provider")
    if provider is None:
        return None
    config = {key: value or "" for key, value in (provider.get("config") or {}).items()}
    return AuthProvider(name=provider.get("name", ""), config=config, user=user, file=path)


def _texts(values: Sequence[str | None] | None) -> tuple[str, ...]:
    """Go reads a null in a list of strings as an empty one."""
    return tuple(value or "" for value in values or ())


def _within(folder: str, path: str) -> str:
    if not path or os.path.isabs(path):
        return path
    return os.path.normpath(os.path.join(folder, path))
