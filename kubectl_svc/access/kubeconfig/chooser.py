"""Which cluster, which user, which namespace: kubeconfig files, flags and the pod we may run in, by client-go's rules.

Source: client-go tools/clientcmd (client_config.go, merged_client_builder.go, merge.go) and
cli-runtime genericclioptions/config_flags.go, which says how kubectl's flags take part.
"""

from __future__ import annotations

import os

from kubectl_svc.access.connection import Connection, Identity, address
from kubectl_svc.access.kubeconfig import merged_config, service_account
from kubectl_svc.access.kubeconfig.checks import cluster_problems, user_problems
from kubectl_svc.access.kubeconfig.identity import complete_identity, nobody_to_ask, plugin_to_run
from kubectl_svc.access.kubeconfig.merged_config import ClusterEntry, Context, MergedConfig
from kubectl_svc.access.kubeconfig.service_account import ServiceAccount
from kubectl_svc.errors import ConfigError, SvcError
from kubectl_svc.golang import atoi, parse_duration, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeVar

    from kubectl_svc.access.kubeconfig.identity import Ask
    from kubectl_svc.request import ClusterFlags
    from kubectl_svc.value import Value

    Part = TypeVar("Part", bound=Value)

_CERTIFICATE = ("client_certificate", "client_certificate_data", "client_key", "client_key_data")
_IMPERSONATION = ("as_user", "as_uid", "as_groups", "as_user_extra")
_LONGEST = 10**9  # seconds, some thirty years; sockets and clocks do not take what Go does
_SERVER_CHECKS = ("certificate_authority", "certificate_authority_data", "insecure", "server_name")


class Kubeconfig:
    """The merged configuration seen through the flags. kubectl asks for `connection` before `namespace`."""

    def __init__(
        self, flags: ClusterFlags, environ: Mapping[str, str], home: str, pod_folder: str = service_account.FOLDER
    ) -> None:
        """Files are read when first needed, and once: a kubeconfig may be a pipe.

        `home` is the user's home folder; `pod_folder` the one that a pod finds its token in.
        """
        self._flags = flags
        self._environ = environ
        self._home = home
        self._pod = ServiceAccount(environ, pod_folder)
        self._loaded: MergedConfig | None = None

    def namespace(self) -> str:
        """The namespace to work in: the flag's, the context's, the pod's, or `default`.

        Raises SvcError for files that cannot be read and ConfigError for a context that cannot be used.
        """
        config = self._config()
        if self._flags.namespace:
            return self._flags.namespace
        self._confirm_usable(config)
        context = self._context(config)
        if context.namespace or not self._pod.is_there():
            return context.namespace or "default"
        return self._pod.namespace()

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
        if connection == Connection(server=self._default_server()) and self._pod.is_there():
            return self._pod.connection(self._flags)
        return connection

    def names(self, section: str) -> tuple[str, ...]:
        """The names in `contexts`, `clusters` or `users` of the files, in their order."""
        return tuple(getattr(self._config(), section))

    # --- reading

    def _config(self) -> MergedConfig:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> MergedConfig:
        if self._flags.kubeconfig:
            return merged_config.load_explicit(self._flags.kubeconfig, self._environ)
        listed = self._environ.get("KUBECONFIG") or os.path.join(self._home, ".kube", "config")
        return merged_config.load([path for path in dict.fromkeys(listed.split(os.pathsep)) if path], self._environ)

    # --- choosing

    def _default_server(self) -> str:
        return self._environ.get("KUBERNETES_MASTER") or "http://localhost:8080"

    def _context(self, config: MergedConfig) -> Context:
        name = self._flags.context or config.current_context
        found = config.contexts.get(name)
        if found is None and self._flags.context:
            raise SvcError(f"context {quote(name)} does not exist")
        chosen = Context(cluster=self._flags.cluster, user=self._flags.user, namespace=self._flags.namespace)
        return _overlaid(found or Context(), chosen)

    def _cluster_name(self, config: MergedConfig) -> str:
        return self._flags.cluster or self._context(config).cluster

    def _user_name(self, config: MergedConfig) -> str:
        return self._flags.user or self._context(config).user

    def _cluster(self, config: MergedConfig) -> ClusterEntry:
        flags, name = self._flags, self._cluster_name(config)
        found = config.clusters.get(name)
        if found is None and flags.cluster:
            raise SvcError(f"cluster {quote(name)} does not exist")
        typed = ClusterEntry(
            server=flags.server,
            server_name=flags.tls_server_name,
            insecure=flags.insecure_skip_tls_verify,
            certificate_authority=flags.certificate_authority,
            disable_compression=flags.disable_compression,
        )
        defaults = ClusterEntry(server=self._default_server())
        cluster = _overlaid(_overlaid(defaults, found or ClusterEntry()), typed)
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

    def _user(self, config: MergedConfig) -> Identity:
        flags, name = self._flags, self._user_name(config)
        found = config.users.get(name)
        if found is None and flags.user:
            raise SvcError(f"auth info {quote(name)} does not exist")
        typed = Identity(
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
        below = found or Identity()
        user = _overlaid(below, typed).but(as_user_extra={**below.as_user_extra, **typed.as_user_extra})
        if typed.client_key:
            user = user.but(client_key_data=b"")
        if typed.client_certificate:
            user = user.but(client_certificate_data=b"")
        return user

    def _confirm_usable(self, config: MergedConfig) -> None:
        """Raises ConfigError with every problem of the chosen context, user and cluster."""
        problems: list[str] = []
        context = self._flags.context or config.current_context
        if context and context not in config.contexts:
            # Without its context only the defaults and the flags are left to be checked.
            problems.append(f"context was not found for specified context: {context}")
            if self._flags.context:
                raise ConfigError(problems)
        problems += user_problems(self._user_name(config), self._user(config))
        problems += cluster_problems(self._cluster_name(config), self._cluster(config))
        if problems:
            raise ConfigError(problems)

    # --- connecting

    def _connected(self, user: Identity, cluster: ClusterEntry, ask: Ask) -> Connection:
        connection = Connection(
            server=cluster.server,
            timeout=_seconds(self._flags.request_timeout),
            disable_compression=cluster.disable_compression,
            proxy_url=cluster.proxy_url,
            **(_fields(user, _IMPERSONATION) if user.as_user else {}),
        )
        if address(cluster.server).scheme != "https":
            # What the kubeconfig and the flags know of us is never sent in the clear, as in client-go.
            return connection
        identity = complete_identity(user, ask)
        secured: Connection = connection.but(
            **_fields(identity, (*_CERTIFICATE, "token", "token_file", "username", "password", "auth_provider")),
            **_fields(cluster, _SERVER_CHECKS),
            exec=plugin_to_run(identity, cluster.exec_config),
        )
        return secured


def _fields(value: Value, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _overlaid(below: Part, above: Part) -> Part:
    """`below` with everything that `above` gives."""
    nothing = type(above)()
    fields = ((field, getattr(above, field)) for field in above._fields)
    given = {field: value for field, value in fields if value != getattr(nothing, field)}
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
            return float(min(number, _LONGEST))
    except ValueError:
        pass
    try:
        return min(max(parse_duration(timeout) / 1e9, 0.0), _LONGEST)
    except ValueError:
        raise SvcError(
            "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by "
            "a corresponding time unit (e.g. 1s | 2m | 3h)"
        ) from None
