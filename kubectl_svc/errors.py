"""What can go wrong, as facts: no prefix, no colour, no exit code (those are `output.messages`)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


class SvcError(Exception):
    """A failure that the user can read and act on. `str(error)` is the bare sentence, in kubectl's words.

    `hints` are sentences about what to do, for lines of their own.
    """

    def __init__(self, message: str, hints: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.hints = tuple(hints)


class UsageError(SvcError):
    """A command line that cannot be read (cobra and pflag); `command` is the command whose help to see."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


class ArgumentsError(SvcError):
    """Arguments that `command` cannot take (kubectl pkg/cmd/util `UsageErrorf`)."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


class ConfigError(SvcError):
    """A kubeconfig that names what is not there or contradicts itself; one or more sentences.

    Source: client-go tools/clientcmd/validation.go, `errConfigurationInvalid`.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")
        self.problems = tuple(problems)


class StatusError(SvcError):
    """The API server's refusal, from its `Status` object; what is not of the type that it should be counts as left out.

    `reason` is machine-readable (`NotFound`, `AlreadyExists`, ...), `causes` are pairs of field and message.
    `continues_at` is where a list can go on whose beginning the server has forgotten (meta/v1 `ListMeta`), else empty.
    What would change something is `in_doubt` when it may have been carried out all the same.
    `retry_after` is the seconds after which the server wants to be asked again; None where it says nothing of that.
    Source: apimachinery meta/v1 `Status` and `StatusDetails`.
    """

    def __init__(self, status: Mapping[str, Any], retry_after: int | None = None) -> None:
        self.message = _text(status, "message")
        super().__init__(self.message or "unknown")
        self.reason = _text(status, "reason")
        self.code = status.get("code")
        self.retry_after = retry_after
        details = status.get("details")
        metadata = status.get("metadata")
        self.continues_at = _text(metadata, "continue") if isinstance(metadata, dict) else ""
        # A server that failed within a request and a gateway that waited in vain for it both answer so.
        self.in_doubt = isinstance(self.code, int) and self.code >= 500
        self.has_details = isinstance(details, dict)
        known = details if isinstance(details, dict) else {}
        self.kind, self.name = _text(known, "kind"), _text(known, "name")
        causes = known.get("causes")
        listed = causes if isinstance(causes, list) else ()
        self.causes = tuple(
            (_text(cause, "field"), _text(cause, "message")) for cause in listed if isinstance(cause, dict)
        )


class UnreachableError(SvcError):
    """The server could not be asked, or its answer could not be read.

    `server` is host:port; `refused` when nothing listens there. A request that would change something is `in_doubt`
    when it may have been carried out all the same, and `dropped` when the server hung up on it.
    """

    def __init__(
        self, server: str, reason: str, *, refused: bool = False, in_doubt: bool = False, dropped: bool = False
    ) -> None:
        super().__init__(reason)
        self.server = server
        self.refused = refused
        self.in_doubt = in_doubt
        self.dropped = dropped


class ConflictError(SvcError):
    """Fields that others own and an apply would change; `problems` has one for each (api/errors `NewApplyConflict`)."""

    def __init__(self, name: str, problems: Sequence[str], hints: Sequence[str]) -> None:
        count = "1 conflict" if len(problems) == 1 else f"{len(problems)} conflicts"
        self.summary = f'Apply failed with {count} in Service "{name}"'
        super().__init__("\n".join((f"{self.summary}: {problems[0]}", *problems[1:])), hints)
        self.problems = tuple(problems)


class AggregateError(SvcError):
    """Failures of several objects of one command, in input order (apimachinery util/errors `Aggregate`).

    `objects` tells for each of them what failed: how messages call it, and its name; both empty where nothing is known.
    `summary` counts.
    """

    def __init__(self, errors: Sequence[SvcError], objects: Sequence[tuple[str, str]] = (), summary: str = "") -> None:
        super().__init__(f"[{', '.join(map(str, errors))}]" if len(errors) > 1 else str(errors[0]))
        self.errors = tuple(errors)
        self.objects = tuple(objects) or (("", ""),) * len(self.errors)
        self.summary = summary


class InterruptedRunError(SvcError):
    """Ctrl-C. The sentence says what was done and what was not; `failures` are those before it, if any."""

    def __init__(self, message: str, failures: AggregateError | None = None) -> None:
        super().__init__(message)
        self.failures = failures


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
