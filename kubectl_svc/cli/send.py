"""Services to the server: created as kubectl does it, or applied.

Source: kubectl pkg/cmd/expose/expose.go (`RunExpose`) and pkg/cmd/apply/apply.go (`applyOneObject`).
"""

from __future__ import annotations

import time

from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.go_service import as_service
from kubectl_svc.output.made import Made
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    from kubectl_svc.access.cluster import Cluster
    from kubectl_svc.request import SendingOptions

    class Sender(Protocol):
        """Whatever brings a Service to the server."""

        def send(self, service: Mapping[str, Any], namespace: str) -> Made:
            """What came of the Service, which is one of `as_service`.

            Raises StatusError and UnreachableError as `Cluster` does, ConflictError for fields that others own, and
            SvcError for an answer that cannot be read.
            """


def sender_for(sending: SendingOptions, cluster: Cluster, done: str) -> Sender:
    """What sends in the way that was asked for; `done` is the message's word for a Service that was simply made."""
    if sending.how == "create":
        return _Creator(sending, cluster, done)
    from kubectl_svc.cli.apply import Applier  # the plain job does without

    return Applier(sending, cluster)


class _Creator:
    """Creates each Service, which must not be there yet."""

    def __init__(self, sending: SendingOptions, cluster: Cluster, done: str) -> None:
        self._query = {"fieldManager": sending.field_manager}
        if sending.dry_run == "server":
            self._query["dryRun"] = "All"
        self._cluster = cluster
        self._done = done

    def send(self, service: Mapping[str, Any], namespace: str) -> Made:
        path = SERVICES.path(namespace)
        asked = time.monotonic()
        warnings: tuple[str, ...] = ()
        try:
            answer: Mapping[str, Any] = self._cluster.create(path, service, self._query)
        except (StatusError, UnreachableError) as error:
            if not error.in_doubt:
                raise
            from kubectl_svc.cli.lost_answers import LostCreation  # hardly any answer is lost

            creation = LostCreation(self._cluster, path, service, self._query, asked)
            answer = creation.found(error)
            warnings = creation.warnings
        made = read_answer(answer, "checked" if "dryRun" in self._query else "created")
        return Made(service=made, done=self._done, warnings=warnings)


def read_answer(answer: Mapping[str, Any], done: str) -> dict[str, Any]:
    """The Service that a server answered with, after it was `done`. Raises SvcError for what is none."""
    try:
        return as_service(answer)
    except ValueError as error:
        raise SvcError(f"the Service was {done}, but the server's answer cannot be read: {error}") from None
