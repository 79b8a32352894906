"""Errors as kubectl prints them. Pure: an error in, the text for stderr out.

Any error may quote a server or a file, and what it quotes may have lines. The lines that begin at the margin are
therefore ours alone: the first of each error or cause, usage, hints and kubectl's own words.
Source: kubectl pkg/cmd/util/helpers.go (`checkErr`, `StandardErrorMessage`, `MultilineError`).
"""

from __future__ import annotations

from kubectl_svc.errors import (
    AggregateError,
    ArgumentsError,
    ConfigError,
    ConflictError,
    InterruptedRunError,
    StatusError,
    SvcError,
    UnreachableError,
    UsageError,
)
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXISTS_HINT = "--diff shows whether and how this command would change it, --apply does it"
# The one error of kubectl's that has several lines and quotes nobody (cli-runtime pkg/resource/builder.go).
NO_SOURCE = """You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'"""


def continued(text: str) -> str:
    """The text with each line after the first indented by two spaces, so that none passes for one of ours."""
    first, *more = text.split("\n")
    return "\n".join((first, *(line and f"  {line}" for line in more)))


def render_error(error: SvcError) -> str:
    """The lines that tell the user about one failed command, each ended by a newline."""
    if isinstance(error, InterruptedRunError):
        return (render_error(error.failures) if error.failures else "") + f"error: {continued(str(error))}\n"
    objects: Sequence[tuple[str, str]] = ()
    summary = ""
    if isinstance(error, AggregateError):
        summary = error.summary and f"error: {error.summary}\n"
        if len(error.errors) == 1:  # once: what is inside may again be several, and then has lines of its own
            objects, error = error.objects, error.errors[0]
    sentences = _sentences(error)
    hints = "".join(f"hint: {continued(hint)}\n" for hint in dict.fromkeys(_hints(error)))
    return sentences + _whose(sentences, objects) + hints + summary


def _sentences(error: SvcError) -> str:
    if isinstance(error, AggregateError):
        objects: dict[tuple[str, int], list[tuple[str, str]]] = {}  # what fails in the same words is told once
        for number, (part, about) in enumerate(zip(error.errors, error.objects, strict=True)):
            line = f"{continued(_sentence(part) or str(part))}\n"
            objects.setdefault((line, 0 if about[0] else number), []).append(about)
        return "".join(line + _whose(line, abouts) for (line, _), abouts in objects.items())
    if isinstance(error, UsageError):
        return f"error: {error}\nSee '{error.command} --help' for usage.\n"
    if isinstance(error, ArgumentsError):
        return f"error: {error}\nSee '{error.command} -h' for help and examples\n"
    if isinstance(error, ConfigError) and (len(error.problems) > 1 or _names_no_context(error)):
        return _listed("Error in configuration: ", error.problems)
    if isinstance(error, ConflictError):
        return _listed(f"error: {error.summary}: ", error.problems)
    if isinstance(error, StatusError) and error.reason == "Invalid":
        return _invalid(error)
    text = _sentence(error)
    if text is None:
        text = str(error) if str(error).startswith("error: ") else f"error: {error}"
    if str(error) != NO_SOURCE:
        text = continued(text)
    return f"{text}\n"


def _whose(text: str, objects: Sequence[tuple[str, str]]) -> str:
    """A line with the objects that failed so, as far as the text does not name them itself."""
    names = dict.fromkeys(called for called, name in objects if called and quote(name) not in text)
    return f"  of {', '.join(names)}\n" if names else ""


def _hints(error: SvcError) -> Iterator[str]:
    """What to do about the error, or about each of several."""
    for part in error.errors if isinstance(error, AggregateError) else (error,):
        yield from part.hints
        if isinstance(part, StatusError) and part.reason == "AlreadyExists":
            yield EXISTS_HINT


def _names_no_context(error: ConfigError) -> bool:
    """The one problem that client-go calls a broken configuration even when it comes alone (`IsContextNotFound`)."""
    return error.problems[0].startswith("context was not found for specified context")


def _sentence(error: SvcError) -> str | None:
    """The standard sentence for what a server said or did not say; None for an error of our own."""
    if isinstance(error, StatusError):
        if error.reason == "Unauthorized":
            return f"error: You must be logged in to the server ({error})"
        return f"Error from server ({error.reason}): {error}" if error.reason else f"Error from server: {error}"
    if isinstance(error, UnreachableError):
        if error.refused:
            return f"The connection to the server {error.server} was refused - did you specify the right host or port?"
        return f"Unable to connect to the server: {error}"
    return None


def _invalid(error: StatusError) -> str:
    text = "The request is invalid"
    if error.kind or error.name:
        text = f"The {error.kind} {quote(error.name)} is invalid"
    elif error.message and not error.causes:
        text += f": {error.message}"
    problems = dict.fromkeys(f"{field}: {message}" for field, message in error.causes)
    return _listed(f"{text}: ", tuple(problems)) if problems else f"{continued(text)}\n"


def _listed(prefix: str, problems: tuple[str, ...]) -> str:
    """One problem behind the prefix, several below it."""
    if len(problems) == 1:
        return f"{continued(prefix + problems[0])}\n"
    return f"{continued(prefix)}\n" + "".join(f"* {continued(problem)}\n" for problem in problems)
