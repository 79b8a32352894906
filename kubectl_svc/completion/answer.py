"""What is offered for a word, as cobra's scripts read it.

Source: spf13/cobra completions.go (`ShellCompDirective`), kubectl pkg/cmd/plugin/plugin_completion.go.
"""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NO_SPACE = 2
"""The word goes on: no blank after it."""
NO_FILES = 4
"""Names of files are not offered in its place."""
FILE_ENDINGS = 8
"""The candidates are endings of the files to offer."""
FOLDERS = 16
"""Folders are offered."""
KEEP_ORDER = 32
"""The order of the candidates means something."""
FILES = 0
"""Where there is no candidate, the shell offers files."""


class Candidate(Value):
    """A word to offer, and what it is."""

    word: str
    about: str = ""


class Answer(Value):
    """The candidates, and a sum of the numbers above."""

    candidates: tuple[Candidate, ...] = ()
    directive: int = NO_FILES

    def render(self) -> str:
        """The lines that the scripts read; no candidate can be more than a line."""
        lines = [_line(one) for one in self.candidates]
        return "".join(f"{line}\n" for line in (*lines, f":{self.directive}"))


NOTHING = Answer()
"""No candidate, and no files either."""


def offer(word: str, candidates: Iterable[Candidate], directive: int = NO_FILES) -> Answer:
    """Those of the candidates that begin with the word, each once.

    They may come from a cluster: what could be more than a word of one line is left out.
    """
    fitting = {one.word: one for one in candidates if _is_word(one.word) and one.word.startswith(word)}
    return Answer(candidates=tuple(fitting.values()), directive=directive)


def _is_word(text: str) -> bool:
    return bool(text) and text.isprintable()


def _line(candidate: Candidate) -> str:
    about = candidate.about
    if not about.isprintable():
        about = " ".join("".join(char if char.isprintable() else " " for char in about).split())
    return f"{candidate.word}\t{about}" if about else candidate.word
