"""The document that a credential plugin is given, and the one that it prints: `ExecCredential`. Pure.

Source: client-go pkg/apis/clientauthentication (v1 and v1beta1, which have the same fields), rest/exec.go,
plugin/pkg/client/auth/exec/exec.go, apimachinery pkg/runtime/serializer/json.
"""

from __future__ import annotations

from kubectl_svc.access.connection import EXEC_GROUP, EXEC_VERSIONS
from kubectl_svc.access.login.credentials import Credentials
from kubectl_svc.go_documents import TOO_DEEP, read_json
from kubectl_svc.go_documents.plain_yaml import UnsuitableValueError, read_document
from kubectl_svc.go_structs import decode, struct
from kubectl_svc.golang import quote
from kubectl_svc.output.go_json import encode_compact
from kubectl_svc.type_meta import find_type_meta
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.access.connection import Connection, ExecPlugin

_INTERNAL = f"{EXEC_GROUP}/__internal"  # what a document without apiVersion counts as
_SCHEME = '"pkg/runtime/scheme.go:111"'  # as released kubectls name it
_SECRETS = ("token", "clientCertificateData", "clientKeyData")


class Issued(Value):
    """What a plugin printed. The credentials hold until `expires`, as `2026-01-31T12:00:00Z`; None for ever."""

    credentials: Credentials
    expires: str | None


def cluster_info(plugin: ExecPlugin, connection: Connection, authority: bytes) -> dict[str, Any]:
    """The cluster as a plugin with `provideClusterInfo` is told of it, in the order of the Go struct.

    `authority` is the CA's PEM, also when it stands in a file.
    """
    from binascii import b2a_base64  # most plugins are not told

    fields = {
        "server": connection.server,
        "tls-server-name": connection.server_name,
        "insecure-skip-tls-verify": connection.insecure,
        "certificate-authority-data": b2a_base64(authority, newline=False).decode(),
        "proxy-url": connection.proxy_url,
        "disable-compression": connection.disable_compression,
    }
    given = {name: value for name, value in fields.items() if value or name == "server"}
    return {**given, "config": _sorted(plugin.config)}


def _sorted(value: Any) -> Any:
    """The extension went through YAML and Go's maps, which lose the order of its keys."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def exec_info(api_version: str, cluster: Mapping[str, Any] | None, *, interactive: bool) -> str:
    """The text of KUBERNETES_EXEC_INFO, with the newline that client-go's encoder ends it with."""
    told = {} if cluster is None else {"cluster": cluster}
    spec = {**told, "interactive": interactive}
    return encode_compact({"kind": "ExecCredential", "apiVersion": api_version, "spec": spec})


def read_issued(output: bytes, api_version: str) -> Issued:
    """What the plugin printed, in JSON or YAML. Raises ValueError in client-go's words, none of them a secret."""
    status = _status(output, api_version)
    token, certificate, key = (status.get(name, "") for name in _SECRETS)
    if not (token or certificate or key):
        raise ValueError("exec plugin didn't return a token or cert/key pair")
    if bool(certificate) != bool(key):
        raise ValueError("exec plugin returned only certificate or key, not both")
    return Issued(
        credentials=Credentials(token=token, certificate=certificate.encode(), key=key.encode()),
        expires=status.get("expirationTimestamp"),
    )


def _status(output: bytes, api_version: str) -> Mapping[str, Any]:
    try:
        document = _document(output)
        version = _version(document)
        credential = decode(struct("ExecCredential"), document)
    except UnsuitableValueError:
        # kubectl repeats the value, which may be a token.
        raise ValueError(f"decoding stdout: {UnsuitableValueError.WITHOUT_VALUE}") from None
    except ValueError as error:
        raise ValueError(f"decoding stdout: {error}") from None
    if version != api_version:
        raise ValueError(
            f"exec plugin is configured to use API version {api_version}, plugin returned version {version}"
        )
    if "status" not in credential:
        raise ValueError("exec plugin didn't return a status field")
    status: Mapping[str, Any] = credential["status"]
    return status


def _document(output: bytes) -> Any:
    text = output.decode("utf-8", "surrogateescape")
    try:
        value = _json(text) if text.lstrip().startswith("{") else read_document(output)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    return {} if value is None else value


def _json(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError as error:
        raise ValueError(f"couldn't get version/kind; json parse error: {error}") from None


def _version(document: Any) -> str:
    """The document's apiVersion, which must be one that has an ExecCredential."""
    given_version, given_kind = find_type_meta(document)
    version, kind = given_version or _INTERNAL, given_kind or "ExecCredential"
    if version not in (*EXEC_VERSIONS, _INTERNAL) or kind != "ExecCredential":
        raise ValueError(f"no kind {quote(kind)} is registered for version {quote(version)} in scheme {_SCHEME}")
    return version
