"""What TAB offers: `kubectl_complete-svc`, which kubectl calls, and `kubectl-svc __complete`, which our scripts call.

Nothing is ever written to standard error, and nothing takes longer than a moment: what cannot be had is not offered.
Source: kubectl pkg/cmd/plugin/plugin_completion.go, spf13/cobra completions.go.
"""

from __future__ import annotations

import contextlib
import os

from kubectl_svc.completion.answer import NOTHING
from kubectl_svc.completion.declared import answer_by_declaration
from kubectl_svc.completion.question import read_question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import NoReturn

    from kubectl_svc.completion.answer import Answer

SECONDS = 3.0
"""All that may pass until there is an answer."""
_LOG = "BASH_COMP_DEBUG_FILE"  # where cobra's programs tell what went wrong (`CompDebug`)


def render_completion(words: Sequence[str], environ: Mapping[str, str], *, described: bool) -> str:
    """The lines for the shell: a candidate each, `described` or not, and the directive.

    `words` are those behind the program's name, the last one, which may be empty, at the cursor.
    """
    answer = _answer(words, environ)
    if not described:
        answer = answer.but(candidates=tuple(one.but(about="") for one in answer.candidates))
    return answer.render()


def _answer(words: Sequence[str], environ: Mapping[str, str]) -> Answer:
    question = read_question(words)
    known = answer_by_declaration(question)
    if known is not None:
        return known
    from kubectl_svc.cli.lookups import Lookups  # flags and commands need no cluster

    try:
        with _alone_within(SECONDS):
            return Lookups(question, environ, SECONDS).answer()
    except Exception as error:  # noqa: BLE001 - a shell that waits for words is told nothing else
        if environ.get(_LOG):
            with open(environ[_LOG], "a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(f"{type(error).__name__}: {error}\n")
        return NOTHING


@contextlib.contextmanager
def _alone_within(seconds: float) -> Iterator[None]:
    """A time in which nobody reads or writes the terminal, also no program that logs in; it ends with TimeoutError."""
    import signal  # flags and commands take no time

    def end(_number: int, _frame: object) -> NoReturn:
        raise TimeoutError

    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 2):
        os.dup2(nothing, stream)
    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
