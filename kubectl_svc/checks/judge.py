"""Which findings are told, as what, and when.

Online the server is the judge: what every server refuses is left to it, and its answer explained. Offline, where none
judges, that is an error of ours where a word or a kind takes part that kubectl does not have, else a warning.
"""

from __future__ import annotations

from kubectl_svc.checks.doubtful_fields import FIELD_DOUBTS
from kubectl_svc.checks.doubtful_ports import PORT_DOUBTS
from kubectl_svc.checks.doubtful_workload import WORKLOAD_DOUBTS
from kubectl_svc.checks.model import DEPENDS, HINT, REFUSED
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kubectl_svc.checks.model import Check, Found, Subject
    from kubectl_svc.errors import StatusError

DOUBTS = (*WORKLOAD_DOUBTS, *PORT_DOUBTS, *FIELD_DOUBTS)
"""The checks of Services that a server would take."""


class Finding(Value):
    """A check that failed, and where."""

    check: Check
    found: Found

    @property
    def message(self) -> str:
        """What is wrong; of what every server refuses in a server's words, the path first."""
        text = self.check.message.format_map(self.found.says)
        return f"{self.found.path}: {text}" if self.found.path and self.check.level == REFUSED else text

    @property
    def remedy(self) -> str:
        """What to type instead; empty where the message says it."""
        return self.check.remedy.format_map(self.found.says)

    @property
    def sentence(self) -> str:
        """Both in one line."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


def find_refusals(subject: Subject) -> list[Finding]:
    """What every server refuses of the Service, as far as a server would name it: it stops after each of its stages."""
    from kubectl_svc.checks.refusals import STAGES  # online the server is asked instead

    return next((refused for stage in STAGES if (refused := list(_findings(stage, subject)))), [])


def find_doubts(subject: Subject) -> list[Finding]:
    """What is worth a word about the Service although a server would take it."""
    return list(_findings(DOUBTS, subject))


def _findings(checks: Iterable[Check], subject: Subject) -> Iterator[Finding]:
    return (Finding(check=check, found=found) for check in checks for found in check.find(subject))


def tell_refusals(refused: Sequence[Finding], subject: Subject) -> list[str]:
    """Warnings about what every server refuses of the Service, where none is asked.

    Raises SvcError with all of it where words or a kind take part that kubectl does not have.
    """
    if not refused:
        return []
    from kubectl_svc.checks.typed_flags import combined, takes_part, typed_for  # hardly anything is refused

    words = [typed_for(subject, finding.found.fields) for finding in refused]
    if not any(takes_part(subject, each) for each in words):
        return [f"every server will refuse this Service: {finding.sentence}" for finding in refused]
    problems = [
        f"{combined(each) or f'Service {quote(subject.name)}'}: {finding.message}"
        for finding, each in zip(refused, words, strict=True)
    ]
    raise SvcError("\n".join(problems), hints=[finding.remedy for finding in refused])


def tell_doubts(doubts: Sequence[Finding], *, dry_run: str) -> list[str]:
    """Warnings before the Service is printed or sent; `dry_run` is one of none, client, server.

    What some servers refuse is left to the server that stores it, and what a server may say itself to `tell_unsaid`.
    """
    return [
        finding.sentence
        for finding in doubts
        if finding.check.level != HINT
        and (dry_run == "client" or not finding.check.said_by_server)
        and (dry_run != "none" or finding.check.level != DEPENDS)
    ]


def tell_unsaid(doubts: Sequence[Finding], has_said: Callable[[str], bool]) -> list[str]:
    """What a server that took the Service might have said itself, and did not: older ones do not know of it."""
    silent = (finding for finding in doubts if finding.check.said_by_server)
    return [finding.sentence for finding in silent if not has_said(finding.check.said_by_server)]


def tell_hints(doubts: Sequence[Finding]) -> list[str]:
    """What may be missing although nothing is wrong."""
    return [finding.sentence for finding in doubts if finding.check.level == HINT]


def find_remedies(subject: Subject, error: StatusError) -> tuple[str, ...]:
    """What to do about a server's refusal, for those of its causes that are known here."""
    if error.reason != "Invalid":
        return ()
    fields = {field for field, _ in error.causes}
    known = [finding.remedy for finding in find_refusals(subject) if finding.found.path in fields]
    return tuple(dict.fromkeys(filter(None, known)))
