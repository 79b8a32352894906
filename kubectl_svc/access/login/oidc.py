"""Refreshing OpenID Connect tokens with the official client's own code.

What the client would do worse than kubectl is kept from it: it takes no CA for "trust anybody", and an id-token that
is missing for an error; its logs and warnings are silenced, its exceptions become one sentence without secrets.
Source: kubernetes/config/kube_config.py (`KubeConfigLoader`).
"""

from __future__ import annotations

import contextlib
import os

from kubectl_svc.access.http.echo import MASK
from kubectl_svc.access.http.proxy import proxy_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_EXPIRED = "e30.eyJleHAiOjF9.e30"  # {"exp":1}: the loader refreshes only a token that it can read
_UPPER_CASE = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_PROXY_VARIABLES = (*_UPPER_CASE, *map(str.lower, _UPPER_CASE))
_PUBLIC = ("idp-issuer-url", "client-id", "idp-certificate-authority", "extra-scopes")
_SHORTEST_SECRET = 4  # characters; shorter ones turn up by themselves
# Where systems keep the certificates that everybody trusts, in one file (crypto/x509 root_linux.go, root_bsd.go).
_SYSTEM_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def refresh(config: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """New `id-token` and `refresh-token`, for an auth-provider's configuration that has a refresh-token.

    Of `environ` the proxies count, and SSL_CERT_FILE. Raises ValueError with one sentence for every failure,
    ConnectionRefusedError where nobody listens at the issuer's; both without secrets, whatever the issuer repeats.
    """
    used: dict[str, Any] = {"client-secret": "", **{key: value for key, value in config.items() if value}}
    used["id-token"] = _EXPIRED
    if not used.keys() & {"idp-certificate-authority", "idp-certificate-authority-data"}:
        used["idp-certificate-authority"] = _system_authorities(environ)
    try:
        with _silenced(), _proxied(config["idp-issuer-url"], environ):
            _load(used)
    except ConnectionRefusedError as error:
        raise ConnectionRefusedError(_without_secrets(str(error), config, environ)) from None
    except ValueError as error:
        raise ValueError(_without_secrets(str(error), config, environ)) from None
    if used["id-token"] == _EXPIRED:
        raise ValueError("failed to refresh token: the issuer refuses the client")
    if not isinstance(used["id-token"], str) or not isinstance(used["refresh-token"], str):
        raise ValueError("failed to refresh token: the issuer's tokens are no texts")
    return {name: used[name] for name in ("id-token", "refresh-token")}


def _load(config: dict[str, Any]) -> None:
    """Has the official client refresh the tokens in place."""
    try:
        from kubernetes.client import ApiException, Configuration
        from kubernetes.config import ConfigException
        from kubernetes.config.kube_config import KubeConfigLoader
        from oauthlib.oauth2 import OAuth2Error
        from requests import RequestException
        from urllib3.exceptions import HTTPError
    except ImportError as error:
        raise ValueError(f"failed to refresh token: the Python package {error.name} is not installed") from None

    loader = KubeConfigLoader(_kubeconfig(config), active_context="this")
    try:
        loader.load_and_set(Configuration())
    except ApiException as error:
        raise ValueError(f"oidc: failed to query metadata endpoint {error.status} {error.reason}") from None
    except OAuth2Error as error:
        raise ValueError(f"failed to refresh token: {_one_line(error.description or error.error)}") from None
    except (HTTPError, RequestException) as error:
        reason = _one_line(getattr(error, "reason", None) or error)
        if "Connection refused" in reason:
            raise ConnectionRefusedError(reason) from None
        raise ValueError(f"the issuer {config['idp-issuer-url']} cannot be asked: {reason}") from None
    except KeyError as error:
        raise ValueError(f"the issuer's answer has no {_one_line(error.args[0])}") from None
    except (AttributeError, TypeError, RecursionError):  # how the client's libraries stumble over odd JSON
        raise ValueError("failed to refresh token: the issuer's answer cannot be read") from None
    except (ConfigException, ValueError, OSError) as error:
        raise ValueError(f"failed to refresh token: {_one_line(error)}") from None


def _kubeconfig(config: dict[str, Any]) -> dict[str, Any]:
    """The smallest kubeconfig around this auth-provider; the loader changes `config` itself."""
    return {
        "clusters": [{"name": "this", "cluster": {}}],
        "contexts": [{"name": "this", "context": {"cluster": "this", "user": "this"}}],
        "users": [{"name": "this", "user": {"auth-provider": {"name": "oidc", "config": config}}}],
    }


def _one_line(error: object) -> str:
    return " ".join(str(error).split())


def _without_secrets(sentence: str, config: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """The sentence with all that the issuer and the proxies shall know of us covered, also as it was sent."""
    from base64 import b64encode

    secrets = [value for name, value in config.items() if name not in _PUBLIC]
    for url in (config["idp-issuer-url"], *(environ.get(name, "") for name in _PROXY_VARIABLES)):
        userinfo = url.rpartition("@")[0].rpartition("//")[2]
        secrets += userinfo, userinfo.partition(":")[2]
    login = f"{config['client-id']}:{config.get('client-secret', '')}"
    secrets.append(b64encode(login.encode()).decode())
    forms = {form for secret in secrets for form in _forms(secret) if len(form) >= _SHORTEST_SECRET}
    for form in sorted(forms, key=len, reverse=True):  # one may be a part of another
        sentence = sentence.replace(form, MASK)
    return sentence


def _forms(secret: str) -> tuple[str, ...]:
    """The text as a sentence, a URL and a form hold it."""
    from urllib.parse import quote, quote_plus

    sent = secret.encode("utf-8", "surrogateescape")
    return _one_line(secret), quote(sent, safe=""), quote_plus(sent)


def _system_authorities(environ: Mapping[str, str]) -> str:
    """A file with the certificates that this system trusts, else that which the official client brings."""
    found = next(filter(os.path.exists, (environ.get("SSL_CERT_FILE", ""), *_SYSTEM_AUTHORITIES)), "")
    if not found:
        import certifi

        found = certifi.where()
    return found


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """Nothing that the client's libraries log or warn of reaches the user."""
    import logging
    import warnings

    before = logging.root.manager.disable
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _proxied(issuer: str, environ: Mapping[str, str]) -> Iterator[None]:
    """The client takes every proxy for its own and forgets NO_PROXY, so it sees only what Go would use.

    It sees it in the environment of this process alone: its libraries read nothing else.
    """
    proxy = proxy_for(issuer, environ)
    before = {name: os.environ.pop(name) for name in _PROXY_VARIABLES if name in os.environ}
    if proxy:
        os.environ["HTTPS_PROXY"] = proxy
    try:
        yield
    finally:
        os.environ.pop("HTTPS_PROXY", None)
        os.environ.update(before)
