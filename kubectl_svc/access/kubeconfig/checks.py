"""What kubectl refuses to use of a kubeconfig, each problem in its words.

Source: client-go tools/clientcmd/validation.go (`validateAuthInfo`, `validateClusterInfo`).
"""

from __future__ import annotations

from kubectl_svc.access.go_files import open_problem
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.access.connection import ExecPlugin, Identity
    from kubectl_svc.access.kubeconfig.merged_config import ClusterEntry

_PROXY_SCHEMES = ("http", "https", "socks5")


def cluster_problems(name: str, cluster: ClusterEntry) -> list[str]:
    """Everything that is wrong with the cluster; it has a server, if only the default one."""
    problems = []
    if cluster.proxy_url:
        problems += _proxy_problems(name, cluster.proxy_url)
    if cluster.certificate_authority and cluster.certificate_authority_data:
        problems.append(
            f"certificate-authority-data and certificate-authority are both specified for {name}. "
            "certificate-authority-data will override."
        )
    return problems + _unreadable("certificate-authority", cluster.certificate_authority, name)


def _proxy_problems(name: str, url: str) -> list[str]:
    """One problem at most (tools/clientcmd/helpers.go `parseProxyURL`), the URL's password covered."""
    from kubectl_svc.access.http.go_url import covered, parse  # most servers are reached directly

    shown = covered(url)
    try:
        scheme = parse(url).scheme
    except ValueError:
        problem = f"could not parse: {shown}"
    else:
        if scheme in _PROXY_SCHEMES:
            return []
        problem = f"unsupported scheme {quote(scheme)}, must be http, https, or socks5"
    return [f"invalid 'proxy-url' {quote(shown)} for cluster {quote(name)}: {problem}"]


def user_problems(name: str, user: Identity) -> list[str]:
    """Everything that is wrong with the user."""
    problems = []
    if user.client_certificate or user.client_certificate_data:
        problems += _certificate_problems(name, user)
    if user.exec is not None:
        if user.auth_provider is not None:
            problems.append(f"authProvider cannot be provided in combination with an exec plugin for {name}")
        problems += _exec_problems(name, user.exec)
    if user.token and (user.username or user.password):
        problems.append(
            f"more than one authentication method found for {name}; found [token basicAuth], only one is allowed"
        )
    if (user.as_uid or user.as_groups or user.as_user_extra) and not user.as_user:
        problems.append(f"requesting uid, groups or user-extra for {name} without impersonating a user")
    return problems


def _certificate_problems(name: str, user: Identity) -> list[str]:
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
    return problems + _unreadable("client-key", user.client_key, name)


def _exec_problems(name: str, plugin: ExecPlugin) -> list[str]:
    missing = [
        what
        for what, given in (
            ("command", plugin.command),
            ("apiVersion", plugin.api_version),
            *(("env variable name", variable) for variable, _ in plugin.env),
            ("interactiveMode", plugin.interactive_mode),
        )
        if not given
    ]
    problems = [f"{what} must be specified for {name} to use exec authentication plugin" for what in missing]
    if plugin.interactive_mode not in ("", "Never", "IfAvailable", "Always"):
        problems.append(f"invalid interactiveMode for {name}: {quote(plugin.interactive_mode)}")
    return problems


def _unreadable(what: str, path: str, name: str) -> list[str]:
    """One problem when the file is named and cannot be opened."""
    problem = open_problem(path) if path else ""
    return [f"unable to read {what} {path} for {name} due to {problem}"] if problem else []
