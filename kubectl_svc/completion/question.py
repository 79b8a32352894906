"""What a TAB asks: which word is being typed, and what the words before it say.

Unlike `argv` it takes what is not finished yet, and never complains. Source: spf13/cobra completions.go
(`getCompletions`, `checkIfFlagCompletion`).
"""

from __future__ import annotations

from kubectl_svc.command_line import CommandLine
from kubectl_svc.flags import COMMANDS, ROOT
from kubectl_svc.flags.model import normal_name
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubectl_svc.flags.model import Command, Flag


class Question(Value):
    """The word at the cursor.

    It is the value of `flag`, else a flag's name where `asks_flag`, else an argument: of the program itself that is
    the name of a command.
    """

    word: str
    """As much as is typed of it; of `--flag=value` the value alone."""
    lead: str = ""
    """What stands before the value in the same word where shells do not know that it does: `-n` of `-nlab`."""
    flag: Flag | None = None
    asks_flag: bool = False
    before: CommandLine
    """What the words before it say."""


def read_question(words: Sequence[str]) -> Question:
    """What is asked by the words of a command line, the program's name aside; the last one is at the cursor."""
    *before, word = words or ("",)
    return _Reader(before).question(word)


class _Reader:
    """The words before the cursor."""

    def __init__(self, words: Sequence[str]) -> None:
        self._command = ROOT
        self._declared = _declared(ROOT)
        self._args: list[str] = []
        self._typed: dict[str, tuple[str, ...]] = {}
        self._pending: Flag | None = None  # which takes the next word
        self._only_args = False
        for word in words:
            self._read(word)

    def question(self, word: str) -> Question:
        line = CommandLine(
            command=self._command, help=False, args=tuple(self._args), declared=self._declared, typed=self._typed
        )
        asked = Question(word=word, before=line)
        if self._pending is not None:
            return asked.but(flag=self._pending)
        if self._only_args or not word.startswith("-"):
            return asked
        name, equals, value = word.partition("=")
        if name.startswith("--"):
            flag = self._long(name[2:]) if equals else None
            return asked.but(flag=flag, word=value) if flag else asked.but(asks_flag=True)
        return self._short(asked, word)

    def _short(self, asked: Question, word: str) -> Question:
        """`-n=lab` and `-nlab`; a letter alone may become any flag."""
        flag = self._letter(word[1:2])
        if flag is None or flag.bare or len(word) < 3:
            return asked.but(asks_flag=True)
        if word[2] == "=":
            return asked.but(flag=flag, word=word[3:])
        return asked.but(flag=flag, word=word[2:], lead=word[:2])

    def _read(self, word: str) -> None:
        if self._pending is not None:
            self._keep(self._pending, word)
            self._pending = None
        elif self._only_args or len(word) < 2 or word[0] != "-":
            self._argument(word)
        elif word == "--":
            self._only_args = True
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            self._set(self._long(name), value if equals else None)
        else:
            self._cluster(word[1:])

    def _cluster(self, letters: str) -> None:
        while letters:
            flag, letters = self._letter(letters[0]), letters[1:]
            if flag is not None and (not flag.bare or letters.startswith("=")):
                self._set(flag, letters.removeprefix("=") if letters else None)
                return
            self._set(flag, None)

    def _set(self, flag: Flag | None, value: str | None) -> None:
        """A flag that nobody knows takes no word."""
        if flag is None:
            return
        if value is not None or flag.bare:
            self._keep(flag, flag.bare if value is None else value)
        else:
            self._pending = flag

    def _keep(self, flag: Flag, value: str) -> None:
        self._typed[flag.name] = (*self._typed.get(flag.name, ()), value)

    def _argument(self, word: str) -> None:
        if self._command == ROOT and not self._args:
            found = next((one for one in COMMANDS if one.name == word), None)
            if found is not None:
                self._command, self._declared = found, _declared(found)
                return
        self._args.append(word)

    def _long(self, name: str) -> Flag | None:
        return self._declared.get(normal_name(name))

    def _letter(self, letter: str) -> Flag | None:
        return next((flag for flag in self._command.flags if letter and flag.shorthand == letter), None)


def _declared(command: Command) -> Mapping[str, Flag]:
    return {flag.name: flag for flag in command.flags}
