"""`kubectl svc expose`, end to end: objects in, Services out, one after the other."""

from __future__ import annotations

from kubectl_svc.checks import warnings_for
from kubectl_svc.cli.find import find_items
from kubectl_svc.derive import NAME_LENGTH, derive_service
from kubectl_svc.errors import AggregateError, StatusError, SvcError, UnreachableError
from kubectl_svc.golang import quote
from kubectl_svc.schema import as_service
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.cli.find import Item
    from kubectl_svc.output.console import Console
    from kubectl_svc.output.printers import Printer
    from kubectl_svc.request import ExposeRequest, SendingOptions

_CHANGE_CAUSE = "kubernetes.io/change-cause"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def expose(request: ExposeRequest, printer: Printer, session: Session | None, console: Console) -> None:
    """Print or send a Service for each object that the request names; without a session nothing leaves this machine.

    Raises SvcError, after every object had its turn, when one or several failed.
    """
    found = find_items(request.source, session, console)
    if found.several and request.service.name:
        raise SvcError(
            f"--name={request.service.name} cannot name several Services: leave it out, or expose one object at a time"
        )
    failures: list[SvcError] = []
    for item in found.items:
        try:
            if isinstance(item, SvcError):
                raise item
            printer.print(_service_for(item, request, session, console))
        except SvcError as error:
            failures.append(error)
    try:
        printer.finish()
    except SvcError as error:
        failures.append(error)
    if found.unread:
        failures.append(AggregateError(found.unread))
    if failures:
        raise failures[0] if len(failures) == 1 else AggregateError(failures)


def _service_for(item: Item, request: ExposeRequest, session: Session | None, console: Console) -> Mapping[str, Any]:
    """The Service as it is to be printed: as derived on a client dry run, else as the server answers."""
    own, explicit = item.namespace, request.cluster.namespace
    if explicit and own and own != explicit:
        raise SvcError(
            f"the namespace from the provided object {quote(own)} does not match the namespace {quote(explicit)}. "
            f"You must pass '--namespace={own}' to perform this operation."
        )
    service: Mapping[str, Any] = derive_service(item.workload, request.service)
    if not request.service.name and len(item.workload.name.encode()) > NAME_LENGTH:
        console.warn(f"the name {item.workload.name} is cut to {NAME_LENGTH} characters; --name gives another")
    sending = request.sending
    if sending.change_cause:
        service = _annotated(service, _CHANGE_CAUSE, sending.change_cause)
    if session is None or sending.dry_run == "client":
        for sentence in warnings_for(service):
            console.warn(sentence)
        return as_service(_placed(service, explicit or own))
    try:
        return _send(as_service(service), own or session.namespace, sending, session)
    except (StatusError, UnreachableError) as error:
        failure = session.discovery.failure_before(error) if item.source else None
        raise session.discovery.unrecognized(item.source, failure) if failure else error from None


def _send(service: Mapping[str, Any], namespace: str, sending: SendingOptions, session: Session) -> Mapping[str, Any]:
    if sending.save_config:
        from kubectl_svc.output.go_json import encode_compact  # only --save-config needs it

        service = _annotated(service, _LAST_APPLIED, encode_compact(service))
    query = {"fieldManager": sending.field_manager}
    if sending.dry_run == "server":
        query["dryRun"] = "All"
    answer = session.cluster.create(SERVICES.path(namespace), service, query)
    try:
        return as_service(answer)
    except ValueError as error:
        done = "checked" if "dryRun" in query else "created"
        raise SvcError(f"the Service was {done}, but the server's answer cannot be read: {error}") from None


def _annotated(service: Mapping[str, Any], key: str, value: str) -> Mapping[str, Any]:
    metadata = service["metadata"]
    annotations = {**metadata.get("annotations", {}), key: value}
    return {**service, "metadata": {**metadata, "annotations": annotations}}


def _placed(service: Mapping[str, Any], namespace: str) -> Mapping[str, Any]:
    if not namespace:
        return service
    return {**service, "metadata": {**service["metadata"], "namespace": namespace}}
