"""Which cluster, which user, which namespace: kubeconfig files, flags and the pod we may run in, by client-go's rules.

Source: client-go tools/clientcmd (loader.go, client_config.go, merged_client_builder.go, validation.go) and
cli-runtime genericclioptions/config_flags.go, which says how kubectl's flags take part.
"""

from __future__ import annotations

import os

from kubectl_svc.access.connection import Connection, address
from kubectl_svc.access.kubeconfig_file import read
from kubectl_svc.errors import AggregateError, ConfigError, SvcError
from kubectl_svc.golang import atoi, parse_duration, quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, TypeVar

    from kubectl_svc.request import ClusterFlags

    Part = TypeVar("Part", bound=Value)
    Ask = Callable[[str, bool], str]

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
_LEGACY_EXEC = ("client.authentication.k8s.io/v1alpha1", "client.authentication.k8s.io/v1beta1")


class _Context(Value):
    cluster: str = ""
    user: str = ""
    namespace: str = ""


class _Cluster(Value):
    server: str = ""
    server_name: str = ""
    insecure: bool = False
    certificate_authority: str = ""
    certificate_authority_data: bytes = b""
    proxy_url: str = ""
    disable_compression: bool = False


class _User(Value):
    """client-go's AuthInfo. `exec` and `auth_provider` are kept as read."""

    client_certificate: str = ""
    client_certificate_data: bytes = b""
    client_key: str = ""
    client_key_data: bytes = b""
    token: str = ""
    token_file: str = ""
    as_user: str = ""
    as_uid: str = ""
    as_groups: tuple[str, ...] = ()
    as_user_extra: Mapping[str, tuple[str, ...]] = {}
    username: str = ""
    password: str = ""
    auth_provider: Mapping[str, Any] | None = None
    exec: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Nothing: nearly all of it is secret."""
        return "_User(...)"


class _Config(Value):
    """All files merged: the first that names a context, cluster or user wins."""

    current_context: str = ""
    contexts: Mapping[str, _Context] = {}
    clusters: Mapping[str, _Cluster] = {}
    users: Mapping[str, _User] = {}


def load(
    flags: ClusterFlags, environ: Mapping[str, str], home: str, *, service_account: str = SERVICE_ACCOUNT
) -> Kubeconfig:
    """The configuration that these flags and this environment choose; files are read when first needed.

    `home` is the user's home folder; `service_account` the folder that a pod finds its token in.
    """
    return Kubeconfig(flags, environ, home, service_account)


def nobody_to_ask(field: str, hidden: bool) -> str:
    """What stands in for a terminal where there is none. Raises SvcError."""
    del hidden
    raise SvcError(f"error reading input for {field}")


class Kubeconfig:
    """The merged configuration seen through the flags. kubectl asks for `connection` before `namespace`."""

    def __init__(
        self, flags: ClusterFlags, environ: Mapping[str, str], home: str, service_account: str = SERVICE_ACCOUNT
    ) -> None:
        self._flags = flags
        self._environ = environ
        self._home = home
        self._service_account = service_account
        self._loaded: _Config | None = None

    def namespace(self) -> tuple[str, bool]:
        """The namespace to work in, and whether a flag said so.

        Raises SvcError for files that cannot be read and ConfigError for a context that cannot be used.
        """
        config = self._config()
        if self._flags.namespace:
            return self._flags.namespace, True
        self._confirm_usable(config)
        context = self._context(config)
        if context.namespace or not self._in_cluster():
            return context.namespace or "default", False
        return self._pod_namespace(), False

    def connection(self, ask: Ask = nobody_to_ask) -> Connection:
        """The server and the identity to use. `ask(field, hidden)` is called when a TLS server has no identity.

        Raises ConfigError for what is missing or contradictory, SvcError for all else that kubectl refuses here.
        """
        config = self._config()
        user = self._user(config)
        self._context(config)  # only for its error, which comes before that of the cluster
        cluster = self._cluster(config)
        self._confirm_usable(config)
        connection = self._connected(user, cluster, ask)
        # Nothing configured at all: a pod then uses its service account (client-go IsDefaultConfig).
        if connection == Connection(server=self._default_server()) and self._in_cluster():
            return self._service_account_connection()
        return connection

    # --- reading

    def _config(self) -> _Config:
        if self._loaded is None:
            self._loaded = _merged(self._read_files())
        return self._loaded

    def _read_files(self) -> list[tuple[str, dict[str, Any]]]:
        """Every file that is there with its fields, in order of precedence."""
        if self._flags.kubeconfig and not _exists(self._flags.kubeconfig):
            raise SvcError(f"stat {self._flags.kubeconfig}: no such file or directory")
        files: list[tuple[str, dict[str, Any]]] = []
        errors: list[SvcError] = []
        for path in self._paths():
            try:
                files.append((path, _read_file(path)))
            except FileNotFoundError:
                continue
            except SvcError as error:
                errors.append(error)
        if errors:
            raise errors[0] if len(errors) == 1 else AggregateError(errors)
        return files

    def _paths(self) -> list[str]:
        if self._flags.kubeconfig:
            return [self._flags.kubeconfig]
        listed = self._environ.get("KUBECONFIG", "")
        if listed:
            return [path for path in dict.fromkeys(listed.split(os.pathsep)) if path]
        return [os.path.join(self._home, ".kube", "config")]

    # --- choosing

    def _default_server(self) -> str:
        return self._environ.get("KUBERNETES_MASTER") or "http://localhost:8080"

    def _context(self, config: _Config) -> _Context:
        name = self._flags.context or config.current_context
        found = config.contexts.get(name)
        if found is None and self._flags.context:
            raise SvcError(f"context {quote(name)} does not exist")
        chosen = _Context(cluster=self._flags.cluster, user=self._flags.user, namespace=self._flags.namespace)
        return _overlaid(found or _Context(), chosen)

    def _cluster_name(self, config: _Config) -> str:
        return self._flags.cluster or self._context(config).cluster

    def _user_name(self, config: _Config) -> str:
        return self._flags.user or self._context(config).user

    def _cluster(self, config: _Config) -> _Cluster:
        flags, name = self._flags, self._cluster_name(config)
        found = config.clusters.get(name)
        if found is None and flags.cluster:
            raise SvcError(f"cluster {quote(name)} does not exist")
        typed = _Cluster(
            server=flags.server,
            server_name=flags.tls_server_name,
            insecure=flags.insecure_skip_tls_verify,
            certificate_authority=flags.certificate_authority,
            disable_compression=flags.disable_compression,
        )
        defaults = _Cluster(server=self._default_server())
        cluster = _overlaid(_overlaid(defaults, found or _Cluster()), typed)
        if typed.insecure or typed.certificate_authority:
            # Either says how to check the server, so what the file says about it no longer counts.
            cluster = cluster.but(
                insecure=typed.insecure,
                certificate_authority=typed.certificate_authority,
                certificate_authority_data=b"",
            )
        if typed.server_name or typed.server:
            cluster = cluster.but(server_name=typed.server_name)
        return cluster

    def _user(self, config: _Config) -> _User:
        flags, name = self._flags, self._user_name(config)
        found = config.users.get(name)
        if found is None and flags.user:
            raise SvcError(f"auth info {quote(name)} does not exist")
        typed = _User(
            client_certificate=flags.client_certificate,
            client_key=flags.client_key,
            token=flags.token,
            as_user=flags.as_user,
            as_uid=flags.as_uid,
            as_groups=flags.as_groups,
            as_user_extra=_extras(flags.as_user_extra),
            username=flags.username,
            password=flags.password,
        )
        user = _overlaid(found or _User(), typed)
        if typed.client_key:
            user = user.but(client_key_data=b"")
        if typed.client_certificate:
            user = user.but(client_certificate_data=b"")
        return user

    def _confirm_usable(self, config: _Config) -> None:
        """Raises ConfigError with every problem of the chosen context, user and cluster."""
        problems: list[str] = []
        context = self._flags.context or config.current_context
        if context and context not in config.contexts:
            # Without its context only the defaults and the flags are left to be checked.
            problems.append(f"context was not found for specified context: {context}")
            if self._flags.context:
                raise ConfigError(problems)
        problems += _user_problems(self._user_name(config), self._user(config))
        problems += _cluster_problems(self._cluster_name(config), self._cluster(config))
        if problems:
            raise ConfigError(problems)

    # --- connecting

    def _connected(self, user: _User, cluster: _Cluster, ask: Ask) -> Connection:
        connection = Connection(
            server=cluster.server,
            timeout=_seconds(self._flags.request_timeout),
            disable_compression=cluster.disable_compression,
            proxy_url=cluster.proxy_url,
        )
        if user.as_user:
            connection = connection.but(
                as_user=user.as_user, as_uid=user.as_uid, as_groups=user.as_groups, as_user_extra=user.as_user_extra
            )
        if address(cluster.server).scheme != "https":
            # What the kubeconfig and the flags know of us is never sent in the clear, as in client-go.
            return connection
        identified: Connection = connection.but(**_identity(user, ask))
        secured: Connection = identified.but(
            certificate_authority=cluster.certificate_authority,
            certificate_authority_data=cluster.certificate_authority_data,
            insecure=cluster.insecure,
            server_name=cluster.server_name,
        )
        return secured

    # --- inside a pod

    def _in_cluster(self) -> bool:
        return bool(
            self._environ.get("KUBERNETES_SERVICE_HOST")
            and self._environ.get("KUBERNETES_SERVICE_PORT")
            and os.path.exists(self._token_file())
            and not os.path.isdir(self._token_file())
        )

    def _token_file(self) -> str:
        return os.path.join(self._service_account, "token")

    def _pod_namespace(self) -> str:
        if self._environ.get("POD_NAMESPACE"):
            return self._environ["POD_NAMESPACE"]
        try:
            found = _file_text(os.path.join(self._service_account, "namespace")).strip()
        except SvcError:
            found = ""
        return found or "default"

    def _service_account_connection(self) -> Connection:
        """The pod's own service account; of the flags only server, token and CA count (rest.InClusterConfig)."""
        host, port = self._environ["KUBERNETES_SERVICE_HOST"], self._environ["KUBERNETES_SERVICE_PORT"]
        authority = os.path.join(self._service_account, "ca.crt")
        return Connection(
            server=self._flags.server or f"https://{f'[{host}]' if ':' in host else host}:{port}",
            certificate_authority=self._flags.certificate_authority or (authority if os.path.exists(authority) else ""),
            token=self._flags.token or _file_text(self._token_file()),
            token_file="" if self._flags.token else self._token_file(),
        )


def _exists(path: str) -> bool:
    """False only when there is surely nothing: what cannot be looked at fails later, when it is opened."""
    try:
        os.stat(path)
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
    return True


def _read_file(path: str) -> dict[str, Any]:
    """The fields of one file. Raises FileNotFoundError, and SvcError with kubectl's words for all else."""
    try:
        with open(path, "rb") as file:
            return read(file.read())
    except FileNotFoundError:
        raise
    except OSError as error:
        operation = "read" if isinstance(error, IsADirectoryError) else "open"
        problem = _go_problem(operation, path, error)
    except ValueError as error:
        problem = str(error)
    raise SvcError(f'error loading config file "{path}": {problem}')


def _merged(files: Sequence[tuple[str, dict[str, Any]]]) -> _Config:
    contexts: dict[str, _Context] = {}
    clusters: dict[str, _Cluster] = {}
    users: dict[str, _User] = {}
    current = ""
    for path, config in files:
        current = current or config.get("current-context", "")
        folder = os.path.abspath(os.path.dirname(path))
        for name, entry in _entries(config, "contexts", "context"):
            contexts.setdefault(name, _context_of(entry))
        for name, entry in _entries(config, "clusters", "cluster"):
            clusters.setdefault(name, _cluster_of(entry, folder))
        for name, entry in _entries(config, "users", "user"):
            users.setdefault(name, _user_of(entry, folder))
    return _Config(current_context=current, contexts=contexts, clusters=clusters, users=users)


def _entries(config: dict[str, Any], section: str, field: str) -> list[tuple[str, dict[str, Any]]]:
    named = [entry or {} for entry in config.get(section) or ()]
    return [(entry.get("name", ""), entry.get(field) or {}) for entry in named]


def _context_of(entry: dict[str, Any]) -> _Context:
    return _Context(cluster=entry.get("cluster", ""), user=entry.get("user", ""), namespace=entry.get("namespace", ""))


def _cluster_of(entry: dict[str, Any], folder: str) -> _Cluster:
    return _Cluster(
        server=entry.get("server", ""),
        server_name=entry.get("tls-server-name", ""),
        insecure=entry.get("insecure-skip-tls-verify", False),
        certificate_authority=_within(folder, entry.get("certificate-authority", "")),
        certificate_authority_data=entry.get("certificate-authority-data", b""),
        proxy_url=entry.get("proxy-url", ""),
        disable_compression=entry.get("disable-compression", False),
    )


def _user_of(entry: dict[str, Any], folder: str) -> _User:
    extra = entry.get("as-user-extra") or {}
    return _User(
        client_certificate=_within(folder, entry.get("client-certificate", "")),
        client_certificate_data=entry.get("client-certificate-data", b""),
        client_key=_within(folder, entry.get("client-key", "")),
        client_key_data=entry.get("client-key-data", b""),
        token=entry.get("token", ""),
        token_file=_within(folder, entry.get("tokenFile", "")),
        as_user=entry.get("as", ""),
        as_uid=entry.get("as-uid", ""),
        as_groups=tuple(group or "" for group in entry.get("as-groups", ())),
        as_user_extra={key: tuple(value or "" for value in values or ()) for key, values in extra.items()},
        username=entry.get("username", ""),
        password=entry.get("password", ""),
        auth_provider=entry.get("auth-provider"),
        exec=entry.get("exec"),
    )


def _within(folder: str, path: str) -> str:
    if not path or os.path.isabs(path):
        return path
    return os.path.normpath(os.path.join(folder, path))


def _overlaid(below: Part, above: Part) -> Part:
    """`below` with everything that `above` gives (client-go tools/clientcmd/merge.go)."""
    given = {field: getattr(above, field) for field in above._fields if getattr(above, field)}
    overlaid: Part = below.but(**given)
    return overlaid


def _extras(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """KEY=VALUE words by key; kubectl drops a word without `=` without a murmur."""
    extras: dict[str, tuple[str, ...]] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if equals:
            extras[key] = (*extras.get(key, ()), value)
    return extras


def _seconds(timeout: str) -> float:
    """Source: client-go tools/clientcmd/helpers.go `ParseTimeout`; not positive means none."""
    if not timeout:
        return 0.0
    try:
        number = atoi(timeout)
        if number >= 0:
            return float(number)
    except ValueError:
        pass
    try:
        return max(parse_duration(timeout) / 1e9, 0.0)
    except ValueError:
        raise SvcError(
            "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by "
            "a corresponding time unit (e.g. 1s | 2m | 3h)"
        ) from None


def _identity(user: _User, ask: Ask) -> dict[str, Any]:
    """The fields of a Connection that say who we are (client_config.go `getUserIdentificationPartialConfig`)."""
    identity: dict[str, Any] = {
        "token": user.token or (_file_text(user.token_file) if user.token_file else ""),
        "token_file": user.token_file,
        "username": user.username,
        "password": user.password,
    }
    if user.client_certificate or user.client_certificate_data:
        identity |= {
            "client_certificate": user.client_certificate,
            "client_certificate_data": user.client_certificate_data,
            "client_key": user.client_key,
            "client_key_data": user.client_key_data,
        }
    if identity["token"] or identity["username"]:
        # A token or password goes into the request itself; kubectl then runs no plugin either.
        return identity
    if user.exec is not None:
        raise SvcError(f"logging in through an exec plugin ({user.exec['command']}) is not supported yet")
    if user.auth_provider is not None:
        raise SvcError(
            f"logging in through the auth provider {user.auth_provider.get('name', '')} is not supported yet"
        )
    if "client_certificate" not in identity:
        identity["username"] = ask("Username", False)
        identity["password"] = ask("Password", True)
    return identity


def _cluster_problems(name: str, cluster: _Cluster) -> list[str]:
    """Source: client-go tools/clientcmd/validation.go `validateClusterInfo`; a server there always is."""
    problems = []
    if cluster.proxy_url:
        scheme, colon, _ = cluster.proxy_url.partition(":")
        scheme = scheme.lower() if colon else ""
        if scheme not in ("http", "https", "socks5"):
            problems.append(
                f"invalid 'proxy-url' {quote(cluster.proxy_url)} for cluster {quote(name)}: "
                f"unsupported scheme {quote(scheme)}, must be http, https, or socks5"
            )
    if cluster.certificate_authority and cluster.certificate_authority_data:
        problems.append(
            f"certificate-authority-data and certificate-authority are both specified for {name}. "
            "certificate-authority-data will override."
        )
    problems += _unreadable("certificate-authority", cluster.certificate_authority, name)
    return problems


def _user_problems(name: str, user: _User) -> list[str]:
    """Source: client-go tools/clientcmd/validation.go `validateAuthInfo`."""
    problems = []
    if user.client_certificate or user.client_certificate_data:
        problems += _certificate_problems(name, user)
    if user.exec is not None:
        problems += _exec_problems(name, user)
    if user.token and (user.username or user.password):
        problems.append(
            f"more than one authentication method found for {name}; found [token basicAuth], only one is allowed"
        )
    if (user.as_uid or user.as_groups or user.as_user_extra) and not user.as_user:
        problems.append(f"requesting uid, groups or user-extra for {name} without impersonating a user")
    return problems


def _certificate_problems(name: str, user: _User) -> list[str]:
    problems = []
    if user.client_certificate and user.client_certificate_data:
        problems.append(
            f"client-cert-data and client-cert are both specified for {name}. client-cert-data will override."
        )
    if user.client_key and user.client_key_data:
        problems.append(f"client-key-data and client-key are both specified for {name}; client-key-data will override")
    if not (user.client_key or user.client_key_data):
        problems.append(
            f"client-key-data or client-key must be specified for {name} to use the clientCert authentication method."
        )
    problems += _unreadable("client-cert", user.client_certificate, name)
    problems += _unreadable("client-key", user.client_key, name)
    return problems


def _exec_problems(name: str, user: _User) -> list[str]:
    plugin = user.exec or {}
    problems = []
    if user.auth_provider is not None:
        problems.append(f"authProvider cannot be provided in combination with an exec plugin for {name}")
    if not plugin.get("command"):
        problems.append(f"command must be specified for {name} to use exec authentication plugin")
    if not plugin.get("apiVersion"):
        problems.append(f"apiVersion must be specified for {name} to use exec authentication plugin")
    problems += [
        f"env variable name must be specified for {name} to use exec authentication plugin"
        for variable in plugin.get("env") or ()
        if not (variable or {}).get("name")
    ]
    mode = plugin.get("interactiveMode", "")
    if not mode and plugin.get("apiVersion") not in _LEGACY_EXEC:
        problems.append(f"interactiveMode must be specified for {name} to use exec authentication plugin")
    elif mode not in ("", "Never", "IfAvailable", "Always"):
        problems.append(f"invalid interactiveMode for {name}: {quote(mode)}")
    return problems


def _unreadable(what: str, path: str, name: str) -> list[str]:
    """One problem when the file is named and cannot be opened."""
    if not path:
        return []
    try:
        os.close(os.open(path, os.O_RDONLY))
    except (OSError, ValueError) as error:
        return [f"unable to read {what} {path} for {name} due to {_go_problem('open', path, error)}"]
    return []


def _file_text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")
    except (OSError, ValueError) as error:
        raise SvcError(_go_problem("open", path, error)) from None


def _go_problem(operation: str, path: str, error: OSError | ValueError) -> str:
    """As Go's fs.PathError reads; ValueError is Python's answer to a path with a zero byte."""
    number = error.errno if isinstance(error, OSError) else None
    return f"{operation} {path}: {os.strerror(number).lower() if number else 'invalid argument'}"
