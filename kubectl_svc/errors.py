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
    Source: apimachinery meta/v1 `Status` and `StatusDetails`.
    """

    def __init__(self, status: Mapping[str, Any]) -> None:
        self.message = _text(status, "message")
        super().__init__(self.message or "unknown")
        self.reason = _text(status, "reason")
        self.code = status.get("code")
        details = status.get("details")
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

    `server` is host:port; `refused` when nothing listens there.
    """

    def __init__(self, server: str, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.server = server
        self.refused = refused


class ConflictError(SvcError):
    """Fields that others own and an apply would change; `problems` has one for each (api/errors `NewApplyConflict`)."""

    def __init__(self, name: str, problems: Sequence[str], hints: Sequence[str]) -> None:
        count = "1 conflict" if len(problems) == 1 else f"{len(problems)} conflicts"
        self.summary = f'Apply failed with {count} in Service "{name}"'
        super().__init__("\n".join((f"{self.summary}: {problems[0]}", *problems[1:])), hints)
        self.problems = tuple(problems)


class AggregateError(SvcError):
    """Failures of several objects of one command, in input order (apimachinery util/errors `Aggregate`)."""

    def __init__(self, errors: Sequence[SvcError]) -> None:
        super().__init__(f"[{', '.join(map(str, errors))}]" if len(errors) > 1 else str(errors[0]))
        self.errors = tuple(errors)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
