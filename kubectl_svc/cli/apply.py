"""Server-side apply of Services: with the version of each, so that what was done is known, if need be after a takeover.

Source: kubectl pkg/cmd/apply/apply.go (`applyOneObject`); https://kubernetes.io/docs/reference/using-api/server-side-apply.
"""

from __future__ import annotations

import contextlib
import time

from kubectl_svc.cli.send import read_answer
from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.go_service import as_service
from kubectl_svc.output.made import Made
from kubectl_svc.ownership.allotted import with_allotted
from kubectl_svc.ownership.conflicts import (
    conflicts_with_others,
    explain,
    find_hints,
    find_leftovers,
    find_losses,
    find_obstacles,
    is_stale,
)
from kubectl_svc.ownership.takeover import find_takeover
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.cluster import Cluster
    from kubectl_svc.cli.lost_answers import LostApply
    from kubectl_svc.ownership.field_managers import FieldManager
    from kubectl_svc.ownership.takeover import Takeover
    from kubectl_svc.request import SendingOptions

    Manifest = Mapping[str, Any]

_ATTEMPTS = 10  # as long as others change the Service between our look and our request
# A version that nothing in etcd has, where a server's first object is the second revision: only what is new passes.
_NOTHING = {"resourceVersion": "1"}
_DRY_RUN = {"dryRun": "All"}
_UNSUPPORTED_MEDIA_TYPE = 415
# Servers drop what no Service has with other values of these (kubernetes pkg/registry/core/service/strategy.go).
_DECIDING = ("type", "sessionAffinity", "externalTrafficPolicy")


class Applier:
    """Applies each Service, or on a dry run has the server say what would come of that."""

    def __init__(self, sending: SendingOptions, cluster: Cluster) -> None:
        self._cluster = cluster
        self._quiet = cluster.quietly()
        self._manager = sending.field_manager
        self._force = sending.force_conflicts
        self._query = {"fieldManager": sending.field_manager, "force": "true" if sending.force_conflicts else "false"}
        self._dry_run = _DRY_RUN if sending.dry_run == "server" else {}
        self._done = "checked" if self._dry_run else "applied"

    def send(self, service: Manifest, namespace: str) -> Made:
        """See `Sender`: the Service, and whether it was created, configured or unchanged."""
        name = service["metadata"].get("name")
        if not name:
            raise SvcError("cannot apply a Service that has no name yet: give it one")
        path = SERVICES.path(namespace, name)
        config = {part: service[part] for part in ("apiVersion", "kind", "metadata", "spec")}
        asked = time.monotonic()
        live = self._find(path)
        lost: LostApply | None = None
        for _ in range(_ATTEMPTS - 1):
            try:
                made = self._attempt(path, config, live)
            except (StatusError, UnreachableError) as error:
                if error.in_doubt:
                    lost = lost or _lost_apply(self._cluster, config, self._manager, asked)
                    live = lost.look(path, error, live)
                    if lost.is_over and live:
                        return lost.told(Made(service=as_service(live), done="configured", before=live))
                elif isinstance(error, StatusError) and is_stale(error):
                    live = self._find(path)
                else:
                    raise
            else:
                return lost.told(made) if lost else made
        return self._attempt(path, config, live)

    def _attempt(self, path: tuple[str, ...], config: Manifest, live: Manifest | None) -> Made:
        if live is None:
            identity = {} if self._dry_run else _NOTHING  # a dry run repeats what it is given
            return Made(service=as_service(self._apply(path, config, identity, self._dry_run)), done="created")
        takeover = find_takeover(live, config, self._manager, force=self._force)
        config = with_allotted(config, live, takeover.applier)
        try:
            answer = self._make(takeover, path, config, live)
        except StatusError as error:
            obstacles = find_obstacles(error, config, takeover.others) if self._force else ()
            if not obstacles:
                raise self._explained(error, takeover, config, live) from None
            takeover = find_takeover(live, config, self._manager, force=True, obstacles=obstacles)
            answer = self._make(takeover, path, config, live)
        return Made(
            service=as_service(answer),
            done="unchanged" if answer == live else "configured",
            before=as_service(live),
            warnings=(*_on_deletion(answer), *find_leftovers(answer, config, takeover)),
        )

    def _make(self, takeover: Takeover, path: tuple[str, ...], config: Manifest, live: Manifest) -> Manifest:
        """The server's answer. Nothing is changed, owners included, until a dry run has met no objection to all of it.

        Raises ConflictError for what others own and what would be lost, unless that is forced.
        """
        may_lose = not self._force and _decides_otherwise(config, live, takeover.applier)
        if not self._force:
            self._refuse_losses(takeover, config, live, takeover.result(live, config))
        if self._dry_run or takeover.is_needed or may_lose:
            preview = self._preview(takeover, path, config, live)
            if may_lose:
                self._refuse_losses(takeover, config, live, preview)
            if self._dry_run:
                return preview
        if not takeover.is_needed:
            return self._apply(path, config, _identity(live), {})
        taken = self._set_managed_fields(path, takeover.managed_fields(), live)
        try:
            return self._apply(path, config, _identity(taken), {})
        except StatusError:
            with contextlib.suppress(StatusError, UnreachableError):  # what was refused counts more
                self._set_managed_fields(path, live["metadata"].get("managedFields") or [{}], taken)
            raise

    def _preview(self, takeover: Takeover, path: tuple[str, ...], config: Manifest, live: Manifest) -> Manifest:
        """What would come of it. After a takeover no server can tell that, so what would come is told to it."""
        if not takeover.is_needed:
            return self._apply(path, config, _identity(live), _DRY_RUN)
        if not self._force:
            self._refuse_conflicts(takeover, path, config, live)
        result = takeover.result(live, config)
        metadata = {**result["metadata"], "managedFields": takeover.managed_fields()}
        parts = {"/metadata": metadata, "/spec": result["spec"]}
        answer = _whole(self._cluster.set_parts(path, parts, {"fieldManager": self._manager, **_DRY_RUN}), self._done)
        managed_fields = takeover.managed_fields_after(answer, config)
        return {**answer, "metadata": {**answer["metadata"], "managedFields": managed_fields}}

    def _refuse_conflicts(self, takeover: Takeover, path: tuple[str, ...], config: Manifest, live: Manifest) -> None:
        """Raises ConflictError for conflicts with others, which are the same before the takeover and after it.

        Every other objection may end with the takeover, and if not, it comes again.
        """
        try:
            self._quiet.apply(path, _identified(config, _identity(live)), {**self._query, **_DRY_RUN})
        except StatusError as error:
            if is_stale(error):
                raise
            if error.reason == "Conflict":
                conflicts = conflicts_with_others(error, config, takeover.others, self._manager)
                if conflicts:
                    raise explain(conflicts, config, takeover.others) from None

    def _refuse_losses(self, takeover: Takeover, config: Manifest, live: Manifest, result: Manifest) -> None:
        """Raises ConflictError for what others own and what goes with something else, such as a port or a type."""
        losses = find_losses(live, result, takeover.others)
        if losses:
            raise explain(losses, config, takeover.others)

    def _explained(self, error: StatusError, takeover: Takeover, config: Manifest, live: Manifest) -> SvcError:
        """The refusal with its owners named, or with what to do about it."""
        conflicts = conflicts_with_others(error, config, takeover.others, self._manager)
        if conflicts:
            return explain(conflicts, config, takeover.others)
        error.hints = (*error.hints, *find_hints(error, config, live, takeover.others))
        return error

    def _find(self, path: tuple[str, ...]) -> Manifest | None:
        live, _ = self._cluster.look_up(path)
        return None if live is None else _whole(live, "looked up")

    def _apply(
        self, path: tuple[str, ...], config: Manifest, identity: Mapping[str, str], query: Mapping[str, str]
    ) -> Manifest:
        """The server's answer, if the Service is still the one that was looked at."""
        try:
            answer = self._cluster.apply(path, _identified(config, identity), {**self._query, **query})
        except StatusError as error:
            if error.code == _UNSUPPORTED_MEDIA_TYPE:
                raise SvcError(f"Server-side apply not available on the server: ({error})") from None
            raise
        return _whole(answer, self._done)

    def _set_managed_fields(self, path: tuple[str, ...], entries: Sequence[Manifest], live: Manifest) -> Manifest:
        """The Service with these owners and unchanged otherwise, so that no warning is about the command."""
        version = live["metadata"].get("resourceVersion")
        parts = {"/metadata/managedFields": entries, "/metadata/resourceVersion": version}
        return _whole(self._quiet.set_parts(path, parts, {"fieldManager": self._manager}), self._done)


def _lost_apply(cluster: Cluster, config: Manifest, manager: str, asked: float) -> LostApply:
    from kubectl_svc.cli.lost_answers import LostApply  # hardly any answer is lost

    return LostApply(cluster, config, manager, asked)


def _whole(answer: Manifest, done: str) -> Manifest:
    """The Service that a server answered with, unknown fields and all. Raises SvcError for what is none."""
    read_answer(answer, done)
    return {**answer, "metadata": answer.get("metadata") or {}, "spec": answer.get("spec") or {}}


def _decides_otherwise(config: Manifest, live: Manifest, applier: FieldManager) -> bool:
    """Whether the command says another value, or none any more, for what decides which other fields there are."""
    said, has = config["spec"], live["spec"]
    return any(
        said.get(name, "" if f"f:{name}" in applier.spec else has.get(name)) != has.get(name) for name in _DECIDING
    )


def _identified(config: Manifest, identity: Mapping[str, str]) -> Manifest:
    return {**config, "metadata": {**identity, **config["metadata"]}}


def _identity(service: Manifest) -> dict[str, str]:
    """What a server holds against the Service that it has; without the uid it would make one that is gone anew."""
    return {name: service["metadata"].get(name, "") for name in ("uid", "resourceVersion")}


def _on_deletion(service: Manifest) -> tuple[str, ...]:
    if not service["metadata"].get("deletionTimestamp"):
        return ()
    return (f"Detected changes to resource {service['metadata'].get('name')} which is currently being deleted.",)
