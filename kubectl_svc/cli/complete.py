"""What TAB offers: `kubectl_complete-svc`, which kubectl calls, and `kubectl-svc __complete`, which our scripts call.

Nothing is ever written to standard error, and nothing takes longer than a moment: what cannot be had is not offered.
Source: kubectl pkg/cmd/plugin/plugin_completion.go, spf13/cobra completions.go.
"""

from __future__ import annotations

from kubectl_svc.completion.answer import NOTHING
from kubectl_svc.completion.declared import answer_by_declaration
from kubectl_svc.completion.question import read_question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

    from kubectl_svc.completion.answer import Answer

SECONDS = 3.0
"""All that may pass until there is an answer."""
_LOG = "BASH_COMP_DEBUG_FILE"  # where cobra's programs tell what went wrong (`CompDebug`)


def complete_words(words: Sequence[str], environ: Mapping[str, str], *, described: bool) -> int:
    """Writes the lines for the shell: a candidate each, `described` or not, and the directive.

    `words` are those behind the program's name, the last one, which may be empty, at the cursor. Returns 0, or 1 when
    nobody reads.
    """
    answer = _answer(words, environ)
    if not described:
        answer = answer.but(candidates=tuple(one.but(about="") for one in answer.candidates))
    try:
        with open(1, "wb", closefd=False) as stdout:
            stdout.write(answer.render().encode(errors="surrogateescape"))
    except OSError:
        return 1
    return 0


def _answer(words: Sequence[str], environ: Mapping[str, str]) -> Answer:
    question = read_question(words)
    known = answer_by_declaration(question)
    if known is not None:
        return known
    from kubectl_svc.cli.lookups import Lookups  # flags and commands need no cluster, and no time

    lookups = Lookups(question, environ, SECONDS)
    try:
        try:
            _raise_in(SECONDS)
            return lookups.answer()
        finally:
            _raise_in(0)
    except (Exception, _TimeIsUp) as error:  # noqa: BLE001 - a shell that waits for words is told nothing else
        _log(f"{type(error).__name__}: {error}", environ)
        return NOTHING
    finally:
        lookups.close()


class _TimeIsUp(BaseException):
    """No answer in time. Nothing that goes on after errors goes on after this."""


def _raise_in(seconds: float) -> None:
    """Has _TimeIsUp raised when so many seconds have passed; 0: never."""
    # The C module below `signal`, which makes enums of every number, and that takes longer than many an answer.
    from _signal import ITIMER_REAL, SIGALRM, setitimer, signal  # type: ignore[import-not-found]  # as said

    signal(SIGALRM, _end)
    setitimer(ITIMER_REAL, seconds)


def _end(_number: int, _frame: object) -> NoReturn:
    raise _TimeIsUp(f"no answer within {SECONDS:.0f} s")


def _log(line: str, environ: Mapping[str, str]) -> None:
    if not environ.get(_LOG):
        return
    try:
        with open(environ[_LOG], "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{line}\n")
    except OSError:  # nobody can be told
        pass
