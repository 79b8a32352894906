"""One kubeconfig file, from bytes to checked fields, with the words kubectl has for what is wrong in it.

kubectl turns the YAML into JSON (sigs.k8s.io/yaml) and decodes that into Go structs; so unknown fields are ignored,
a number is never taken for a string, and `y` is a boolean.
"""

from __future__ import annotations

from kubectl_svc.go_documents import TOO_DEEP
from kubectl_svc.go_documents.plain_yaml import UnsuitableValueError, read_document
from kubectl_svc.go_structs import decode, struct
from kubectl_svc.golang import quote
from kubectl_svc.type_meta import find_type_meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SECTIONS = (("clusters", "cluster", "Cluster"), ("users", "user", "AuthInfo"), ("contexts", "context", "Context"))


def read(data: bytes) -> dict[str, Any]:
    """The fields of client-go's `Config` by their names in the file; only those that were given.

    Strings, bools, lists and dicts; `...-data` as decoded bytes. Raises ValueError with kubectl's words.
    Source: apimachinery runtime/serializer/json `Decode`, client-go tools/clientcmd/api/v1.
    """
    try:
        config = _decoded(data)
    except UnsuitableValueError:
        # kubectl repeats the value, which may be a token.
        raise ValueError(UnsuitableValueError.WITHOUT_VALUE) from None
    except RecursionError:
        raise ValueError(f"yaml: {TOO_DEEP}") from None
    _check_extensions(config.get("preferences", {}))
    for section, field, entry in _SECTIONS:
        _check_names(config.get(section, []), field, entry)
    _check_extensions(config)
    return config


def _decoded(data: bytes) -> dict[str, Any]:
    """The first document of the data. Of several faults the first in the JSON that kubectl makes of the YAML counts."""
    document = read_document(data) if data else None
    if document is None:
        return {}
    _check_type_meta(document)
    config: dict[str, Any]
    try:
        config = decode(struct("Config"), document)
    except ValueError:
        from kubectl_svc.go_documents.go_printing import go_json  # only errors need them
        from kubectl_svc.go_documents.json_values import parse_json

        config = decode(struct("Config"), parse_json(go_json(document)))
    return config


def _check_type_meta(document: object) -> None:
    """Only `v1` and `Config` are known, and both may be left out."""
    given_version, given_kind = find_type_meta(document)
    version, kind = given_version or "v1", given_kind or "Config"
    if (version, kind) != ("v1", "Config"):
        raise ValueError(
            f'no kind {quote(kind)} is registered for version {quote(version)} in scheme "pkg/runtime/scheme.go:111"'
        )


def _check_names(entries: list[dict[str, Any]], field: str, entry: str) -> None:
    names: set[str] = set()
    for item in entries:
        _check_extensions(item.get(field, {}))
        name = item.get("name", "")
        if name in names:
            raise _duplicate(entry, f"*api.{entry}", name)
        names.add(name)


def _check_extensions(struct_with_them: dict[str, Any]) -> None:
    """An extension that says nothing may be named again."""
    names: set[str] = set()
    for item in struct_with_them.get("extensions", ()):
        name = item.get("name", "")
        if name in names:
            raise _duplicate("Extension", "runtime.Object", name)
        if item.get("extension") is not None:
            names.add(name)


def _duplicate(entry: str, type_of_value: str, name: str) -> ValueError:
    """kubectl prints the whole list after this sentence, with all its tokens: we do not."""
    conversion = f"error converting *[]Named{entry} into *map[string]{type_of_value}"
    return ValueError(f'{conversion}: duplicate name "{name}" in list')
