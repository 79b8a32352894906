"""What came of one Service: what printers print."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Made(Value):
    """A Service, as `go_service.as_service` gives it, and what was done to it.

    `done` is the message's word: exposed, created, configured or unchanged. `before` is the Service as it was, where
    it was looked at; None where there was none. `warnings` are sentences about what came out otherwise than said.
    """

    service: Mapping[str, Any]
    done: str
    before: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
