"""auth-provider: tokens of an OpenID Connect issuer, kept in the kubeconfig and refreshed through the official client.

A token that still holds is read here; only a refresh imports the official client, which takes half a second.
Source: client-go plugin/pkg/client/auth/oidc/oidc.go, rest/plugin.go, and gcp and azure beside them.
"""

from __future__ import annotations

import json
import time

from kubectl_svc.access.connection import Connection, address
from kubectl_svc.access.login.credentials import Credentials
from kubectl_svc.errors import SvcError, UnreachableError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from kubectl_svc.access.connection import AuthProvider

_EXPIRY_SECONDS = 10  # a token counts as expired so much too early (oidc.go `expiryDelta`)
_BASE64_URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_REMOVED = {
    "azure": (
        "The azure auth plugin has been removed.\n"
        "Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.\n"
        "See https://kubernetes.io/docs/reference/access-authn-authz/authentication/"
        "#client-go-credential-plugins for further details"
    ),
    "gcp": (
        "The gcp auth plugin has been removed.\n"
        'Please use the "gke-gcloud-auth-plugin" kubectl/client-go credential plugin instead.\n'
        "See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke "
        "for further details"
    ),
}


def open_provider(provider: AuthProvider, connection: Connection, environ: Mapping[str, str]) -> OidcLogin:
    """The login of this provider; nothing is asked yet. Raises SvcError in kubectl's words for all but sound oidc."""
    if provider.name in _REMOVED:
        raise SvcError(_REMOVED[provider.name])
    if provider.name != "oidc":
        raise SvcError(f"no Auth Provider found for name {quote(provider.name)}")
    for field in ("idp-issuer-url", "client-id"):
        if not provider.config.get(field):
            raise SvcError(f"Must provide {field}")
    _check_authority(provider.config)
    return OidcLogin(provider, connection, environ)


def _check_authority(config: Mapping[str, str]) -> None:
    """Raises SvcError for a CA of the issuer that cannot be used."""
    file, inline = config.get("idp-certificate-authority", ""), config.get("idp-certificate-authority-data", "")
    if not (file or inline):
        return
    from kubectl_svc.access.http.tls import client_context  # issuers mostly have certificates that everybody trusts
    from kubectl_svc.go_base64 import decode_base64

    try:
        data = decode_base64(inline)
    except ValueError as error:
        raise SvcError(str(error)) from None
    issuer = config["idp-issuer-url"]
    client_context(Connection(server=issuer, certificate_authority=file, certificate_authority_data=data))


class OidcLogin:
    """An id-token, and the refresh-token that brings the next one."""

    def __init__(self, provider: AuthProvider, connection: Connection, environ: Mapping[str, str]) -> None:
        self._provider = provider
        self._environ = environ
        self._server = address(connection.server).authority

    def credentials(self) -> Credentials:
        """The id-token; an expired or missing one is refreshed, and the new tokens go into the kubeconfig."""
        try:
            return Credentials(token=self._token())
        except ConnectionRefusedError as error:
            raise UnreachableError(self._server, str(error), refused=True) from None
        except ValueError as error:
            raise UnreachableError(self._server, str(error)) from None

    def renewed(self) -> None:
        """Nothing: client-go refreshes no token that has not expired."""

    def _token(self) -> str:
        """Raises ValueError, and ConnectionRefusedError when nobody listens at the issuer's address."""
        config = self._provider.config
        token = config.get("id-token", "")
        if token and _is_valid(token):
            return token
        if not config.get("refresh-token"):
            raise ValueError("No valid id-token, and cannot refresh without refresh-token")
        from kubectl_svc.access.kubeconfig.write import persist  # both only for a refresh: yaml, the official client
        from kubectl_svc.access.login.oidc import refresh

        tokens = refresh(config, self._environ)
        self._provider = self._provider.but(config={**config, **tokens})
        persist(self._provider)
        return tokens["id-token"]


def _is_valid(token: str) -> bool:
    """Whether the token has not expired. Raises ValueError for what is no JSON Web Token, in client-go's words."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("ID Token is not a valid JWT")
    claims = _decoded_claims(parts[1])
    if not isinstance(claims, dict):
        raise ValueError("parsing claims: json: the claims are no object")
    try:
        return time.time() + _EXPIRY_SECONDS < int(float(claims.get("exp", 0)))
    except (TypeError, ValueError, OverflowError):
        raise ValueError("parsing claims: exp is no number") from None


def _decoded_claims(text: str) -> object:
    from base64 import urlsafe_b64decode  # other ways to log in do not need it

    wrong = next((place for place, char in enumerate(text) if char not in _BASE64_URL), -1)
    if wrong < 0 and len(text) % 4 == 1:
        wrong = len(text) - 1
    if wrong >= 0:
        raise ValueError(f"illegal base64 data at input byte {wrong}")
    try:
        return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        raise ValueError("parsing claims: the payload is no JSON") from None
