"""A Service as kubectl holds it: it reads every Service into `core/v1.Service` before it prints or sends it."""

from __future__ import annotations

from kubectl_svc.go_structs import decode, struct
from kubectl_svc.type_meta import find_type_meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def as_service(document: Mapping[str, Any]) -> dict[str, Any]:
    """The Service as kubectl's typed client holds it: the struct's fields in the struct's order, maps sorted by bytes.

    Unknown fields are dropped, and empty ones where the struct drops them; `metadata`, `spec` and `status.loadBalancer`
    are always there, `kind` and `apiVersion` too. Times are in UTC, whole seconds. Lone surrogates, which `json.loads`
    lets through, become U+FFFD, all but those that stand for bytes (`surrogateescape`).

    Raises ValueError with Go's words for a value of the wrong type, as `go_structs.decode` does.
    """
    api_version, kind = find_type_meta(document)
    service = struct("Service")
    fields = service.written(decode(service, document))
    return {"kind": kind or "Service", "apiVersion": api_version or "v1", **fields}
