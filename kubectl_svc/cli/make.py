"""`kubectl svc expose` and `create`: an object in, what came of its Services out."""

from __future__ import annotations

from kubectl_svc.checks import judge
from kubectl_svc.checks.model import Subject
from kubectl_svc.cli.items import Item
from kubectl_svc.cli.outcome import Notes
from kubectl_svc.cli.send import sender_for
from kubectl_svc.derive import derive_service, each_replica
from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.go_service import as_service
from kubectl_svc.golang import quote
from kubectl_svc.output.made import Made
from kubectl_svc.workloads.kinds import SERVICES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from kubectl_svc.access.session import Session
    from kubectl_svc.checks.judge import Finding
    from kubectl_svc.cli.claims import Claims, Place
    from kubectl_svc.cli.items import Entry, Unread
    from kubectl_svc.cli.outcome import Outcome
    from kubectl_svc.cli.override import Overrider
    from kubectl_svc.load_balancers.choice import Chosen
    from kubectl_svc.request import ServiceRequest
    from kubectl_svc.workloads.model import Workload

_CHANGE_CAUSE = "kubernetes.io/change-cause"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class ServiceMaker:
    """Makes the Services of one command, of several objects at once where several threads ask."""

    def __init__(self, request: ServiceRequest, overrider: Overrider | None, claims: Claims | None) -> None:
        """The overrider, where there is one, changes each of the Services; claims are for several objects."""
        self._request = request
        self._overrider = overrider
        self._claims = claims

    def make(self, number: int, entry: Entry, session: Session | None) -> Outcome:
        """What came of one object; without a session nothing leaves this machine.

        `number` is its place among those of the command, from 0 on.
        """
        notes = Notes()
        own = session and session.heard_by(notes.hear)
        try:
            if isinstance(entry, SvcError):
                raise entry
            making = _Making(self._request, _read(entry, own), own, notes, is_one_of_many=self._claims is not None)
            subjects = making.subjects(self._overrider)
            taken: set[Place] = set()
            if self._claims:
                taken = self._claims.claim(number, {making.place(subject) for subject in subjects if subject.name})
            for subject in subjects:
                if self._claims:
                    self._claims.check(subject.name)
                if not making.make(subject, taken):
                    break
        except SvcError as error:
            notes.fail(error)
        finally:
            if self._claims:
                self._claims.release(number)
        return notes.outcome()


def _read(entry: Item | Unread, session: Session | None) -> Item:
    if isinstance(entry, Item):
        return entry
    if session is None:
        raise SvcError(f"{entry.called} lives on a server, and none may be asked")
    return entry.read(session)


class _Making:
    """One object and its Services."""

    def __init__(
        self, request: ServiceRequest, item: Item, session: Session | None, notes: Notes, *, is_one_of_many: bool
    ) -> None:
        """Raises SvcError for an object of another namespace than the one that was asked for."""
        self._is_one_of_many = is_one_of_many
        self._request = request
        self._item = item
        self._session = session
        self._notes = notes
        own, explicit = item.namespace, request.cluster.namespace
        if explicit and own and own != explicit:
            raise SvcError(
                f"the namespace from the provided object {quote(own)} does not match the namespace {quote(explicit)}. "
                f"You must pass '--namespace={own}' to perform this operation."
            )

    def subjects(self, overrider: Overrider | None) -> list[Subject]:
        """The Service of the object, or one for each of its pods; what cannot be derived is noted.

        Raises SvcError for an object that cannot be exposed at all.
        """
        options = self._request.service
        workload = self._item.workload
        if options.owner and self._item.source:
            workload = workload.but(uid=self._live().uid)  # which no file knows
        subjects: list[Subject] = []
        for one in each_replica(workload, options) if options.per_replica else (workload,):
            try:
                subjects.append(self._subject(one, overrider))
            except SvcError as error:
                self._notes.fail(error)
        return subjects

    def place(self, subject: Subject) -> Place:
        """Where the Service is going to be, on the server."""
        return self._item.namespace or (self._session.namespace if self._session else ""), subject.name

    def make(self, subject: Subject, taken: Collection[Place]) -> bool:
        """Notes what came of the Service, and tells whether another one of the same object may fare better.

        Those of the places that are `taken` belong to an earlier object.
        """
        try:
            doubts = judge.find_doubts(subject)
            self._notes.add(self._made(subject, doubts, taken), judge.tell_hints(doubts))
        except SvcError as error:
            self._notes.fail(error)
            return not _fails_for_all(error)
        except KeyboardInterrupt:
            sends = self._session is not None and self._request.sending.dry_run == "none"
            doubt = f"whether the Service {quote(subject.name)} was made is not known"
            self._notes.interrupt(doubt if sends else "the others were not begun")
            return False
        return True

    def _live(self) -> Workload:
        """The workload of a file as it lives on the server."""
        item, session = self._item, self._session
        if not item.workload.name:
            raise SvcError(f"--owner: the {item.workload.kind} of {item.source} has no name yet to look it up by")
        if session is None:
            raise SvcError("--owner needs the object as it lives on the server: use --dry-run=server")
        from kubectl_svc.access.live import lookup_around  # most Services have no owner

        about = item.workload.reference
        namespace = item.namespace or session.namespace
        live = lookup_around(session, namespace, about, selects=False).workload(about)
        if isinstance(live, SvcError):
            raise live
        return live

    def _made(self, subject: Subject, doubts: Sequence[Finding], taken: Collection[Place]) -> Made:
        """The Service as it is to be printed: as derived on a client dry run, else as the server answers."""
        item, session, notes, sending = self._item, self._session, self._notes, self._request.sending
        if session is None or sending.dry_run == "client":
            refused = judge.tell_refusals(judge.find_refusals(subject), subject)
            notes.warn(refused or judge.tell_doubts(doubts, dry_run="client"))
            namespace = self._request.cluster.namespace or subject.namespace or item.namespace
            return Made(service=as_service(_placed(subject.service, namespace)), done=self._request.output.done)
        self._refuse_twice(subject, taken)
        notes.warn(judge.tell_doubts(doubts, dry_run=sending.dry_run))
        recorded = _recorded(as_service(subject.service), save=sending.save_config)
        try:
            made = sender_for(sending, session.cluster, self._request.output.done).send(
                recorded, self.place(subject)[0]
            )
        except (StatusError, UnreachableError) as error:
            notes.miss(error)
            failure = session.discovery.failure_before(error) if item.source else None
            if isinstance(error, StatusError):
                error.hints = (*error.hints, *judge.find_remedies(subject, error), *self._owners(error, session))
            raise session.discovery.unrecognized(item.source, failure, error.hints) if failure else error from None
        notes.warn(judge.tell_unsaid(doubts, notes.has_heard))
        notes.warn(made.warnings)
        return made

    def _owners(self, error: StatusError, session: Session) -> tuple[str, ...]:
        """Who has what the server does not give out twice; with many objects that costs too much to find out."""
        if error.reason != "Invalid" or self._is_one_of_many:
            return ()
        from kubectl_svc.cli.owners import name_owners  # hardly anything is taken

        return name_owners(error, session.cluster)

    def _refuse_twice(self, subject: Subject, taken: Collection[Place]) -> None:
        """Raises SvcError where a live Service would be applied to itself, or two objects' Services to each other."""
        item, how = self._item, self._request.sending.how
        workload = item.workload
        if how == "create":
            return  # the server refuses it
        place = self.place(subject)
        is_service = workload.kind == SERVICES.kind and workload.api_version == SERVICES.api_version
        if is_service and not item.source and place == (workload.namespace or place[0], workload.name):
            raise SvcError(f"--{how} would change {workload} itself: say with --name what the new Service is called")
        if place in taken:
            raise SvcError(
                f"--{how}: another object of this command has made the Service {quote(subject.name)} already"
            )

    def _refuse_unmet(self, chosen: Chosen, service: Mapping[str, Any]) -> None:
        """Raises SvcError where the load balancer's provider would ignore or refuse what the Service says to it."""
        from kubectl_svc.load_balancers.conditions import find_problems  # only --lb has conditions

        typed = dict(self._request.service.annotations).keys() - dict(chosen.annotations).keys()
        problems = find_problems(chosen.provider, service, chosen.choices, typed)
        if problems:
            raise SvcError(f"--lb {chosen.provider.name}: {'; '.join(problems)}")

    def _subject(self, workload: Workload, overrider: Overrider | None) -> Subject:
        """The Service of the workload, overridden and recorded, with what it was made from."""
        options = self._request.service
        derived: Mapping[str, Any] = derive_service(workload, options)
        service = derived
        if overrider:
            derived = as_service(derived)
            service = overrider.apply(derived)
        if self._request.sending.change_cause:
            service = _annotated(service, _CHANGE_CAUSE, self._request.sending.change_cause)
        if self._request.chosen:
            self._refuse_unmet(self._request.chosen, service)
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
