"""Server-side apply of Services: with the version of each, so that what was done is known, if need be after a takeover.

Source: kubectl pkg/cmd/apply/apply.go (`applyOneObject`); https://kubernetes.io/docs/reference/using-api/server-side-apply.
"""

from __future__ import annotations

from kubectl_svc.cli.send import read_answer
from kubectl_svc.errors import StatusError, SvcError
from kubectl_svc.output.made import Made
from kubectl_svc.ownership.allotted import with_allotted
from kubectl_svc.ownership.conflicts import (
    conflicts_with_others,
    explain,
    find_hints,
    find_leftovers,
    find_losses,
    is_stale,
)
from kubectl_svc.ownership.takeover import find_takeover, owned_by, owners_after, result_of
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.ownership.takeover import Takeover
    from kubectl_svc.request import SendingOptions

    Manifest = Mapping[str, Any]

_ATTEMPTS = 10  # as long as others change the Service between our look and our request
# A version that nothing in etcd has, where a server's first object is the second revision: only what is new passes.
_NOTHING = {"resourceVersion": "1"}
_DRY_RUN = {"dryRun": "All"}
_UNSUPPORTED_MEDIA_TYPE = 415


class Applier:
    """Applies each Service, or on a dry run has the server say what would come of that."""

    def __init__(self, sending: SendingOptions, session: Session) -> None:
        self._cluster = session.cluster
        self._manager = sending.field_manager
        self._force = sending.force_conflicts
        self._query = {"fieldManager": sending.field_manager, "force": "true" if sending.force_conflicts else "false"}
        self._dry_run = _DRY_RUN if sending.how == "diff" or sending.dry_run == "server" else {}

    def send(self, service: Manifest, namespace: str) -> Made:
        """See `Sender`: the Service, and whether it was created, configured or unchanged."""
        name = service["metadata"].get("name")
        if not name:
            raise SvcError("cannot apply a Service that has no name yet: give it one")
        path = SERVICES.path(namespace, name)
        config = {part: service[part] for part in ("apiVersion", "kind", "metadata", "spec")}
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._attempt(path, config)
            except StatusError as error:
                if not is_stale(error):
                    raise
        return self._attempt(path, config)

    def _attempt(self, path: tuple[str, ...], config: Manifest) -> Made:
        live = self._find(path)
        if live is None:
            identity = {} if self._dry_run else _NOTHING  # a dry run repeats what it is given
            made = read_answer(self._apply(path, config, identity, self._dry_run), "applied")
            return Made(service=made, done="created")
        before = read_answer(live, "looked up")
        takeover = find_takeover(live, config, self._manager, force=self._force)
        config = with_allotted(config, live, takeover.own if takeover else owned_by(live, self._manager))
        try:
            if not self._force and (takeover or _changes_type(config, live)):
                self._refuse_conflicts(path, config, live)
            if takeover is None:
                answer = self._apply(path, config, _identity(live), self._dry_run)
            else:
                answer = self._take_over(takeover, path, config, live)
        except StatusError as error:
            raise self._explained(error, config, live) from None
        made = read_answer(answer, "applied")
        warnings = (*_on_deletion(made), *find_leftovers(made, config, self._manager))
        return Made(
            service=made, done="unchanged" if answer == live else "configured", before=before, warnings=warnings
        )

    def _find(self, path: tuple[str, ...]) -> Manifest | None:
        try:
            return self._cluster.get(path)
        except StatusError as error:
            if error.reason == "NotFound":
                return None
            raise

    def _apply(
        self, path: tuple[str, ...], config: Manifest, identity: Mapping[str, str], query: Mapping[str, str]
    ) -> Manifest:
        """The server's answer, if the Service is still the one that was looked at."""
        identified = {**config, "metadata": {**identity, **config["metadata"]}}
        try:
            return self._cluster.apply(path, identified, {**self._query, **query})
        except StatusError as error:
            if error.code == _UNSUPPORTED_MEDIA_TYPE:
                raise SvcError(f"Server-side apply not available on the server: ({error})") from None
            raise

    def _take_over(self, takeover: Takeover, path: tuple[str, ...], config: Manifest, live: Manifest) -> Manifest:
        """The answer to an apply after the takeover; owners change only once the server has no objection to all of it.

        No server can be asked what an apply would do after a change of owners, so what it would do is told to it.
        """
        result = result_of(takeover, live, config)
        parts = {
            "/metadata": {**result["metadata"], "managedFields": takeover.managed_fields},
            "/spec": result["spec"],
        }
        answer = self._cluster.replace_parts(path, parts, {"fieldManager": self._manager, **_DRY_RUN})
        if self._dry_run:
            owners = owners_after(takeover, answer, config, self._manager)
            return {**answer, "metadata": {**answer["metadata"], "managedFields": owners}}
        owners_alone = {
            "/metadata/managedFields": takeover.managed_fields,
            "/metadata/resourceVersion": live["metadata"]["resourceVersion"],
        }
        taken = self._cluster.replace_parts(path, owners_alone, {"fieldManager": self._manager})
        return self._apply(path, config, _identity(taken), {})

    def _refuse_conflicts(self, path: tuple[str, ...], config: Manifest, live: Manifest) -> None:
        """Raises ConflictError for what others own, which is the same before a takeover and after it.

        That is also what they own and what the server would drop, because no Service of the new type has it. Every
        other objection may end with the takeover, and if not, it comes again.
        """
        try:
            conflicts = find_losses(live, self._apply(path, config, _identity(live), _DRY_RUN), self._manager)
        except StatusError as error:
            if is_stale(error):
                raise
            conflicts = conflicts_with_others(error, config, live, self._manager) if error.reason == "Conflict" else []
        if conflicts:
            raise explain(conflicts, live)

    def _explained(self, error: StatusError, config: Manifest, live: Manifest) -> SvcError:
        """The refusal with its owners named, or with what to do about it."""
        conflicts = conflicts_with_others(error, config, live, self._manager)
        if conflicts:
            return explain(conflicts, live)
        error.hints = (*error.hints, *find_hints(error, config, live, self._manager))
        return error


def _changes_type(config: Manifest, live: Manifest) -> bool:
    return bool(config["spec"].get("type", live["spec"]["type"]) != live["spec"]["type"])


def _identity(service: Manifest) -> dict[str, str]:
    """What a server holds against the Service that it has; without the uid it would make one that is gone anew."""
    return {name: service["metadata"][name] for name in ("uid", "resourceVersion")}


def _on_deletion(service: Manifest) -> tuple[str, ...]:
    if not service["metadata"].get("deletionTimestamp"):
        return ()
    return (f"Detected changes to resource {service['metadata']['name']} which is currently being deleted.",)
