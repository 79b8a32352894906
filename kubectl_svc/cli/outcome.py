"""What came of one object of a command: what there is to say, in order, to be said when it is the object's turn."""

from __future__ import annotations

from kubectl_svc.errors import UnreachableError
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubectl_svc.errors import SvcError
    from kubectl_svc.output.made import Made


class Warned(Value):
    """A warning: of ours, or of the server, which says the same of many objects."""

    text: str
    by_server: bool = False


class Outcome(Value):
    """Services and warnings in the order in which they came, then hints; what failed comes last of all."""

    said: tuple[Warned | Made, ...] = ()
    hints: tuple[str, ...] = ()
    failures: tuple[SvcError, ...] = ()
    unreached: bool = False  # the server could not be asked, or gave no answer
    interrupted: str = ""  # what is not known after Ctrl-C, as a sentence


class Notes:
    """Collects the outcome of one object."""

    def __init__(self) -> None:
        self._said: list[Warned | Made] = []
        self._hints: list[str] = []
        self._failures: list[SvcError] = []
        self._told: set[str] = set()
        self._unreached = False
        self._interrupted = ""

    def warn(self, sentences: Iterable[str]) -> None:
        """Our own warnings: what was said of one pod's Service is true of the others'."""
        for sentence in sentences:
            if sentence not in self._told:
                self._told.add(sentence)
                self._said.append(Warned(text=sentence))

    def hear(self, text: str) -> None:
        """A warning of the server."""
        self._said.append(Warned(text=text, by_server=True))

    def has_heard(self, words: str) -> bool:
        """Whether the server warned of something in these words."""
        return any(isinstance(one, Warned) and one.by_server and words in one.text for one in self._said)

    def add(self, made: Made, hints: Iterable[str]) -> None:
        """A Service, and what there is to say about it."""
        self._said.append(made)
        self._hints += hints

    def fail(self, error: SvcError) -> None:
        """What is not there."""
        # What led to it is told by now; with thousands of failures it would be a burden.
        error.__traceback__ = error.__context__ = None
        self._failures.append(error)
        self.miss(error)

    def interrupt(self, doubt: str) -> None:
        """Ctrl-C, and what is not known since."""
        self._interrupted = doubt

    def miss(self, error: SvcError) -> None:
        """What kept us from the server, whatever is told of it."""
        self._unreached = self._unreached or isinstance(error, UnreachableError)

    def outcome(self) -> Outcome:
        """All of it."""
        return Outcome(
            said=tuple(self._said),
            hints=tuple(dict.fromkeys(self._hints)),
            failures=tuple(self._failures),
            unreached=self._unreached,
            interrupted=self._interrupted,
        )
