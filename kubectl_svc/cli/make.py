"""`kubectl svc expose` and `create`, end to end: objects in, Services out, one after the other."""

from __future__ import annotations

from kubectl_svc.checks import judge
from kubectl_svc.checks.model import Subject
from kubectl_svc.cli.send import sender_for
from kubectl_svc.derive import derive_service, each_replica
from kubectl_svc.errors import AggregateError, StatusError, SvcError, UnreachableError
from kubectl_svc.go_service import as_service
from kubectl_svc.golang import quote
from kubectl_svc.output.made import Made
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.checks.judge import Finding
    from kubectl_svc.cli.items import Found, Item
    from kubectl_svc.cli.override import Overrider
    from kubectl_svc.output.console import Console
    from kubectl_svc.output.printers import Printer
    from kubectl_svc.request import ServiceRequest
    from kubectl_svc.workloads.model import Workload

_CHANGE_CAUSE = "kubernetes.io/change-cause"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class ServiceMaker:
    """Makes the Services of one command; without a session nothing leaves this machine."""

    def __init__(
        self, request: ServiceRequest, session: Session | None, console: Console, overrider: Overrider | None
    ) -> None:
        """The overrider, where there is one, changes each of the Services."""
        self._request = request
        self._session = session
        self._console = console
        self._overrider = overrider
        self._applied: set[tuple[str, str]] = set()

    def make(self, found: Found, printer: Printer) -> None:
        """Print or send the Service, or Services, of each object that was found.

        Raises SvcError, after every object had its turn, when one or several failed.
        """
        name = self._request.service.name
        if found.several and name:
            raise SvcError(f"--name={name} cannot name several Services: leave it out, or expose one object at a time")
        failures: list[SvcError] = []
        for item in found.items:
            try:
                if isinstance(item, SvcError):
                    raise item
                failures += self._make_for(item, printer)
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

    def _make_for(self, item: Item, printer: Printer) -> list[SvcError]:
        """The Service of the object, or one for each of its pods; what failed is returned, the others had their turn.

        Raises SvcError for an object that cannot be exposed at all.
        """
        own, explicit = item.namespace, self._request.cluster.namespace
        if explicit and own and own != explicit:
            raise SvcError(
                f"the namespace from the provided object {quote(own)} does not match the namespace {quote(explicit)}. "
                f"You must pass '--namespace={own}' to perform this operation."
            )
        options = self._request.service
        workload = item.workload
        if options.owner and item.source:
            workload = workload.but(uid=self._live(item).uid)  # which no file knows
        failures: list[SvcError] = []
        hints: list[str] = []
        told: set[str] = set()  # what was said of one pod's Service is true of the others'
        for one in each_replica(workload, options) if options.per_replica else (workload,):
            try:
                subject = self._subject(one)
                doubts = judge.find_doubts(subject)
                printer.print(self._made_for(item, subject, doubts, told))
                hints += judge.tell_hints(doubts)
            except SvcError as error:
                failures.append(error)
                if _fails_for_all(error):
                    break
        for sentence in dict.fromkeys(hints):
            self._console.hint(sentence)
        return failures

    def _live(self, item: Item) -> Workload:
        """The workload of a file as it lives on the server."""
        if not item.workload.name:
            raise SvcError(f"--owner: the {item.workload.kind} of {item.source} has no name yet to look it up by")
        if self._session is None:
            raise SvcError("--owner needs the object as it lives on the server: use --dry-run=server")
        from kubectl_svc.access.live import lookup_around  # most Services have no owner

        about = item.workload.reference
        namespace = item.namespace or self._session.namespace
        live = lookup_around(self._session, namespace, about, selects=False).workload(about)
        if isinstance(live, SvcError):
            raise live
        return live

    def _made_for(self, item: Item, subject: Subject, doubts: Sequence[Finding], told: set[str]) -> Made:
        """The Service as it is to be printed: as derived on a client dry run, else as the server answers."""
        own, explicit = item.namespace, self._request.cluster.namespace
        sending, session = self._request.sending, self._session
        if session is None or sending.dry_run == "client":
            refused = judge.tell_refusals(judge.find_refusals(subject), subject)
            self._warn(refused or judge.tell_doubts(doubts, dry_run="client"), told)
            service = as_service(_placed(subject.service, explicit or subject.namespace or own))
            return Made(service=service, done=self._request.output.done)
        namespace = own or session.namespace
        self._refuse_twice(item, subject, namespace)
        self._warn(judge.tell_doubts(doubts, dry_run=sending.dry_run), told)
        recorded = _recorded(as_service(subject.service), save=sending.save_config)
        try:
            made = sender_for(sending, session, self._request.output.done).send(recorded, namespace)
        except (StatusError, UnreachableError) as error:
            failure = session.discovery.failure_before(error) if item.source else None
            if isinstance(error, StatusError):
                error.hints = (*error.hints, *judge.find_remedies(subject, error))
            raise session.discovery.unrecognized(item.source, failure) if failure else error from None
        self._warn(judge.tell_unsaid(doubts, session.has_said), told)
        self._warn(made.warnings, told)
        return made

    def _refuse_twice(self, item: Item, subject: Subject, namespace: str) -> None:
        """Raises SvcError where a live Service would be applied to itself, or two objects' Services to each other."""
        workload, how = item.workload, self._request.sending.how
        if how == "create":
            return  # the server refuses it
        place = (namespace, subject.name)
        is_service = workload.kind == SERVICES.kind and workload.api_version == SERVICES.api_version
        if is_service and not item.source and place == (workload.namespace or namespace, workload.name):
            raise SvcError(f"--{how} would change {workload} itself: say with --name what the new Service is called")
        if subject.name and place in self._applied:
            raise SvcError(
                f"--{how}: another object of this command has made the Service {quote(subject.name)} already"
            )
        self._applied.add(place)

    def _warn(self, sentences: Iterable[str], told: set[str]) -> None:
        for sentence in sentences:
            if sentence not in told:
                told.add(sentence)
                self._console.warn(sentence)

    def _subject(self, workload: Workload) -> Subject:
        """The Service of the workload, overridden and recorded, with what it was made from."""
        options = self._request.service
        derived: Mapping[str, Any] = derive_service(workload, options)
        service = derived
        if self._overrider:
            derived = as_service(derived)
            service = self._overrider.apply(derived)
        if self._request.sending.change_cause:
            service = _annotated(service, _CHANGE_CAUSE, self._request.sending.change_cause)
        return Subject(service=service, derived=derived, workload=workload, options=options, flags=self._request.flags)


def _fails_for_all(error: SvcError) -> bool:
    """Whether the next Service of the same object would meet the same refusal."""
    if isinstance(error, StatusError):
        return error.reason in ("Unauthorized", "Forbidden", "NotFound")
    return isinstance(error, UnreachableError)


def _recorded(service: Mapping[str, Any], *, save: bool) -> Mapping[str, Any]:
    """The Service with itself in an annotation, where that is asked for.

    An override may have set it, and what there is kubectl keeps true (pkg/util/apply.go `UpdateApplyAnnotation`).
    """
    if save or service["metadata"].get("annotations", {}).get(_LAST_APPLIED):
        return _with_last_applied(service)
    return service


def _with_last_applied(service: Mapping[str, Any]) -> Mapping[str, Any]:
    """The Service with itself in an annotation, all but that annotation."""
    from kubectl_svc.output.go_json import encode_compact  # only --save-config needs it

    metadata = service["metadata"]
    others = {key: value for key, value in metadata.get("annotations", {}).items() if key != _LAST_APPLIED}
    plain = as_service({**service, "metadata": {**metadata, "annotations": others}})
    return _annotated(service, _LAST_APPLIED, encode_compact(plain))


def _annotated(service: Mapping[str, Any], key: str, value: str) -> Mapping[str, Any]:
    metadata = service["metadata"]
    annotations = {**metadata.get("annotations", {}), key: value}
    return {**service, "metadata": {**metadata, "annotations": annotations}}


def _placed(service: Mapping[str, Any], namespace: str) -> Mapping[str, Any]:
    if not namespace:
        return service
    return {**service, "metadata": {**service["metadata"], "namespace": namespace}}
