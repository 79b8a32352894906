"""Words of a command line in, `CommandLine` out: which command they name, as cobra finds it, and its flags (`pflag`).

Source: spf13/cobra command.go (`Find`, `stripFlags`, `SuggestionsFor`, `execute`) in the version that kubectl is built
with. Pure; whatever the words mean beyond the grammar is `request`'s.
"""

from __future__ import annotations

from kubectl_svc.command_line import CommandLine
from kubectl_svc.errors import ArgumentsError, SvcError, UsageError
from kubectl_svc.flags.model import PROGRAM, normal_name
from kubectl_svc.golang import parse_bool, quote
from kubectl_svc.pflag import as_bytes, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubectl_svc.flags.model import Command, Flag
    from kubectl_svc.pflag import Parsed


def read(argv: Sequence[str], commands: Sequence[Command]) -> CommandLine:
    """The command line that these words are.

    `commands` is the program itself, then its commands (`flags.COMMANDS`).
    Raises SvcError, mostly a UsageError.
    """
    command, words = _find(argv, commands)
    declared = {flag.name: flag for flag in command.flags}
    parsed = parse(words, declared, command.path)
    notices = parsed.notices
    asked = "help" in parsed.typed and parse_bool(parsed.typed["help"][0])
    if command.name == "help" and not asked:
        command, unknown = _find_topic(parsed.args, commands)
        notices, asked = (*notices, *unknown), True
    if command.name and not asked:
        _check(parsed, command, declared)
    return CommandLine(
        command=command,
        help=asked or not command.name,
        args=parsed.args,
        written=parsed.written,
        notices=notices,
        declared=declared,
        typed=parsed.typed,
    )


def _check(parsed: Parsed, command: Command, declared: Mapping[str, Flag]) -> None:
    """Raises UsageError for a flag that the command refuses, another SvcError for too few or too many arguments."""
    for name in parsed.typed:
        if declared[name].refused:
            raise UsageError(f"--{name} cannot be used with {command.name}: {declared[name].refused}", command.path)
    if command.arguments == 0 and parsed.args:
        raise SvcError(f"extra arguments: [{' '.join(parsed.args)}]")  # kubectl pkg/cmd/version
    if command.arguments == 1 and len(parsed.args) != 1:  # kubectl pkg/cmd/create `NameFromCommandArgs`
        raise ArgumentsError(f"exactly one NAME is required, got {len(parsed.args)}", command.path)


def _find(argv: Sequence[str], commands: Sequence[Command]) -> tuple[Command, list[str]]:
    """The command that is named, and the words without its name (cobra `Find`).

    `commands` is the program itself, which words without a command's name mean, then its commands. Raises UsageError.
    """
    index = _command_index(argv, commands[0])
    if index is None:
        return commands[0], list(argv)
    for command in commands[1:]:
        if command.name == argv[index]:
            return command, [*argv[:index], *argv[index + 1 :]]
    suggestions = _suggestions(argv[index], commands)
    raise UsageError(f"unknown command {quote(argv[index])} for {quote(PROGRAM)}{suggestions}", PROGRAM)


def _command_index(argv: Sequence[str], root: Command) -> int | None:
    """Where the first word stands that is neither a flag nor a flag's value (cobra `stripFlags`).

    cobra looks before it adds --help: `--help` hides the word behind it, as an unknown flag does.
    """
    bare = {flag.name for flag in root.flags if flag.bare and flag.name != "help"}
    letters = {flag.shorthand for flag in root.flags if flag.name in bare}
    is_value = False
    for index, word in enumerate(argv):
        if is_value:
            is_value = False
        elif word == "--":
            return None
        elif word.startswith("--"):
            is_value = "=" not in word and normal_name(word[2:]) not in bare
        elif word.startswith("-"):
            is_value = len(as_bytes(word)) == 2 and word != "-=" and word[1] not in letters
        elif word:
            return index
    return None


def _find_topic(args: Sequence[str], commands: Sequence[Command]) -> tuple[Command, tuple[str, ...]]:
    """What `help ARGS...` is about, and lines for stderr: an unknown topic shows the program's help."""
    try:
        return _find(args, commands)[0], ()
    except UsageError:
        quoted = " ".join(f"`{arg}`" if _fits_backquotes(arg) else quote(arg) for arg in args)
        return commands[0], (f"Unknown help topic [{quoted}]",)


def _fits_backquotes(text: str) -> bool:
    """Go's strconv.CanBackquote: no backquotes, no control characters but tabs, nothing that is not UTF-8."""
    return not any(
        char in "`\x7f\ufeff" or (char < " " and char != "\t") or "\udc80" <= char <= "\udcff" for char in text
    )


def _suggestions(word: str, commands: Sequence[Command]) -> str:
    """The commands that may have been meant, on lines of their own (cobra `SuggestionsFor`)."""
    typed = word.lower()
    names = [
        command.name
        for command in commands[1:]
        if command.name != "help" and (command.name.startswith(typed) or _distance(typed, command.name) <= 2)
    ]
    return "".join(("\n\nDid you mean this?", *(f"\n\t{name}" for name in names))) if names else ""


def _distance(one: str, other: str) -> int:
    """Levenshtein distance in bytes."""
    letters = as_bytes(other)
    row = list(range(len(letters) + 1))
    for above, letter in enumerate(as_bytes(one)):
        diagonal, row[0] = row[0], above + 1
        for index, against in enumerate(letters):
            cost = diagonal if letter == against else 1 + min(diagonal, row[index], row[index + 1])
            diagonal, row[index + 1] = row[index + 1], cost
    return row[-1]
