"""What an object says that it is, before its struct is known.

Source: apimachinery pkg/runtime/serializer/json/meta.go (`SimpleMetaFactory`), pkg/runtime/schema/group_version.go.
"""

from __future__ import annotations

from kubectl_svc.go_structs import json_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_STRUCT = r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'


def find_type_meta(document: Any) -> tuple[str, str]:
    """apiVersion and kind, by names in any case, as encoding/json finds them; empty where they are missing.

    Raises ValueError in Go's words for other types and for an apiVersion that is none.
    """
    failure = "couldn't get version/kind; json parse error: json: cannot unmarshal"
    if not isinstance(document, dict):
        raise ValueError(f"{failure} {json_name(document)} into Go value of type {_STRUCT}")
    found = {"apiVersion": "", "kind": ""}
    fields = {field.lower(): field for field in found}
    for name, said in document.items():
        field = fields.get(name.casefold())
        if field and said is not None:
            if not isinstance(said, str):
                raise ValueError(f"{failure} {json_name(said)} into Go struct field .{field} of type string")
            found[field] = said
    group, slash, version = found["apiVersion"].partition("/")
    if "/" in version:
        raise ValueError(f"unexpected GroupVersion string: {found['apiVersion']}")
    if not slash:
        group, version = "", group
    return f"{group}/{version}" if group and version else version, found["kind"]
