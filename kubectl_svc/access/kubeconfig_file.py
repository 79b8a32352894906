"""One kubeconfig file, from bytes to checked fields, with the words kubectl has for what is wrong in it.

kubectl turns the YAML into JSON (sigs.k8s.io/yaml) and decodes that into Go structs; so unknown fields are ignored,
a number is never taken for a string, and `y` is a boolean.
"""

from __future__ import annotations

from kubectl_svc.go_documents.plain_yaml import UnsuitableValueError, read_document
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The structs of client-go tools/clientcmd/api/v1/types.go: JSON name to Go type.
_STRUCTS: dict[str, dict[str, str]] = {
    "v1.Config": {
        "preferences": "v1.Preferences",
        "clusters": "[]v1.NamedCluster",
        "users": "[]v1.NamedAuthInfo",
        "contexts": "[]v1.NamedContext",
        "current-context": "string",
        "extensions": "[]v1.NamedExtension",
    },
    "v1.Preferences": {"colors": "bool", "extensions": "[]v1.NamedExtension"},
    "v1.NamedCluster": {"name": "string", "cluster": "v1.Cluster"},
    "v1.NamedAuthInfo": {"name": "string", "user": "v1.AuthInfo"},
    "v1.NamedContext": {"name": "string", "context": "v1.Context"},
    "v1.NamedExtension": {"name": "string"},
    "v1.Cluster": {
        "server": "string",
        "tls-server-name": "string",
        "insecure-skip-tls-verify": "bool",
        "certificate-authority": "string",
        "certificate-authority-data": "[]uint8",
        "proxy-url": "string",
        "disable-compression": "bool",
        "extensions": "[]v1.NamedExtension",
    },
    "v1.AuthInfo": {
        "client-certificate": "string",
        "client-certificate-data": "[]uint8",
        "client-key": "string",
        "client-key-data": "[]uint8",
        "token": "string",
        "tokenFile": "string",
        "as": "string",
        "as-uid": "string",
        "as-groups": "[]string",
        "as-user-extra": "map[string][]string",
        "username": "string",
        "password": "string",
        "auth-provider": "v1.AuthProviderConfig",
        "exec": "v1.ExecConfig",
        "extensions": "[]v1.NamedExtension",
    },
    "v1.Context": {
        "cluster": "string",
        "user": "string",
        "namespace": "string",
        "extensions": "[]v1.NamedExtension",
    },
    "v1.AuthProviderConfig": {"name": "string", "config": "map[string]string"},
    "v1.ExecConfig": {
        "command": "string",
        "args": "[]string",
        "env": "[]v1.ExecEnvVar",
        "apiVersion": "string",
        "installHint": "string",
        "provideClusterInfo": "bool",
        "interactiveMode": "string",
    },
    "v1.ExecEnvVar": {"name": "string", "value": "string"},
}
_MAX_DEPTH = 10_000  # go-yaml v2 scannerc.go `max_flow_level`, `max_indents`
_HEADER = r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def read(data: bytes) -> dict[str, Any]:
    """The fields of client-go's `Config` by their names in the file; only those that were given.

    Strings, bools, lists and dicts; `...-data` as decoded bytes. Raises ValueError with kubectl's words.
    Source: apimachinery runtime/serializer/json `Decode`, client-go tools/clientcmd/api/v1.
    """
    document = _from_yaml(data) if data else None
    _check_header(document)
    config: dict[str, Any] = _decoded(document, "v1.Config", "Config", "") or {}
    for section, entry in (("clusters", "Cluster"), ("users", "AuthInfo"), ("contexts", "Context")):
        _check_names(config.get(section) or [], entry)
    return config


def _from_yaml(data: bytes) -> object:
    """The first document of the data. Raises ValueError with go-yaml's words."""
    try:
        return read_document(data)
    except UnsuitableValueError:
        # kubectl repeats the value, which may be a token.
        raise ValueError("yaml: a value or key is not of the type that its place or tag asks for") from None
    except RecursionError:
        raise ValueError(f"yaml: exceeded max depth of {_MAX_DEPTH}") from None


def _kind(value: object) -> str:
    """What JSON calls the value."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _check_header(document: object) -> None:
    """Only `v1` and `Config` are known, and both may be left out."""
    failure = "couldn't get version/kind; json parse error: json: cannot unmarshal"
    if document is None:
        return
    if not isinstance(document, dict):
        problem = f"{failure} {_kind(document)} into Go value of type {_HEADER}"
        raise ValueError(problem)
    for field in ("apiVersion", "kind"):
        value = document.get(field)
        if value is not None and _kind(value) != "string":
            raise ValueError(f"{failure} {_kind(value)} into Go struct field .{field} of type string")
    version, kind = document.get("apiVersion") or "v1", document.get("kind") or "Config"
    if (version, kind) != ("v1", "Config"):
        raise ValueError(
            f'no kind {quote(kind)} is registered for version {quote(version)} in scheme "pkg/runtime/scheme.go:111"'
        )


def _decoded(value: object, wanted: str, struct: str, path: str) -> Any:
    """The value as encoding/json decodes it into Go type `wanted`; `struct` and `path` say where, for the error.

    None stands for what was not given.
    """
    if value is None:
        return None
    kind = _kind(value)
    if wanted in _STRUCTS and isinstance(value, dict):
        return _struct(value, wanted, path)
    if wanted == "[]uint8" and kind == "string":
        return _from_base64(str(value))
    if wanted.startswith("[]") and isinstance(value, list):
        return [_decoded(item, wanted[2:], struct, path) for item in value]
    if wanted.startswith("map[string]") and isinstance(value, dict):
        element = wanted.removeprefix("map[string]")
        return {str(key): _decoded(value[key], element, struct, path) for key in sorted(value, key=str)}
    if kind != wanted:
        raise ValueError(f"json: cannot unmarshal {kind} into Go struct field {struct}.{path} of type {wanted}")
    return value


def _struct(value: dict[Any, Any], wanted: str, path: str) -> dict[str, Any]:
    # In key order, because that is the order of the JSON that kubectl makes of the YAML: the first error counts.
    fields = _STRUCTS[wanted]
    decoded = {
        field: _decoded(value[field], fields[field], wanted.removeprefix("v1."), f"{path}.{field}".lstrip("."))
        for field in sorted(fields)
        if field in value
    }
    return {field: given for field, given in decoded.items() if given is not None}


def _from_base64(text: str) -> bytes:
    """Standard base64 with padding; line breaks are skipped. Errors name Go's byte (encoding/base64)."""
    from binascii import a2b_base64  # only inline data needs it

    compact = text.replace("\n", "").replace("\r", "")
    digits = compact.rstrip("=")
    if len(compact) % 4 or len(compact) - len(digits) > 2 or digits.strip(_BASE64):
        raise ValueError(f"illegal base64 data at input byte {_base64_error(text)}")
    return a2b_base64(text)


def _base64_error(text: str) -> int:
    """Where Go's decoder gives up on text that is no base64."""
    significant = [(index, char) for index, char in enumerate(text) if char not in "\r\n"]
    for count, (index, char) in enumerate(significant):
        if char == "=" and count % 4 >= 2:
            return _padding_error(significant[count + 1 :], needed=3 - count % 4, end=len(text))
        if char not in _BASE64:
            return index
    return len(text) - len(significant) % 4


def _padding_error(rest: list[tuple[int, str]], *, needed: int, end: int) -> int:
    """What is wrong after the first `=`: `needed` more must follow, and then nothing."""
    if len(rest) < needed:
        return end
    if needed and rest[0][1] != "=":
        return rest[0][0] - 1
    return rest[needed][0]


def _check_names(entries: list[dict[str, Any] | None], entry: str) -> None:
    """Each name once. kubectl prints the whole list after this sentence, with all its tokens: we do not."""
    names: set[str] = set()
    for name in ((item or {}).get("name", "") for item in entries):
        if name in names:
            raise ValueError(
                f'error converting *[]Named{entry} into *map[string]*api.{entry}: duplicate name "{name}" in list'
            )
        names.add(name)
