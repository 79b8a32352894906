"""Words of a command line in, `CommandLine` out: the grammar of pflag and cobra, with their errors.

Sources: spf13/pflag flag.go `parseArgs` and errors.go, spf13/cobra command.go `Find` and `execute` in the versions that
kubectl is built with. Pure; whatever the words mean beyond the grammar is `request`'s.
"""

from __future__ import annotations

from kubectl_svc.errors import UsageError
from kubectl_svc.flags import PROGRAM
from kubectl_svc.golang import atoi, parse_bool, parse_duration, quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kubectl_svc.flags import Command, Flag

CLASSIFIED = "CLASSIFIED"
"""What stands in `CommandLine.written` for a secret, as in kubectl's records."""


class CommandLine(Value):
    """What was typed, by flag. The methods raise KeyError for a flag that the command does not declare."""

    command: Command
    """The program itself, which only shows help, or one of its commands."""
    help: bool
    """Whether the command's help is asked for; everything else is then without meaning."""
    args: tuple[str, ...] = ()
    written: tuple[tuple[str, str], ...] = ()
    """Name and value of every flag in the order typed (pflag `ParseAll`), secrets covered."""
    notices: tuple[str, ...] = ()
    """Lines for stderr."""
    declared: Mapping[str, Flag]
    typed: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        """Without `typed`, which holds the secrets."""
        return f"CommandLine(command={self.command.name!r}, args={self.args!r}, written={self.written!r})"

    def given(self, name: str) -> bool:
        """Whether the flag was typed (pflag's Changed)."""
        return self.declared[name].name in self.typed

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of the flag, or its default; a flag that does not repeat has one."""
        flag = self.declared[name]
        default = () if flag.repeats else (flag.default,)
        return self.typed.get(name, default)

    def text(self, name: str) -> str:
        """The flag's last value, or its default."""
        texts = self.texts(name)
        return texts[-1] if texts else ""

    def flag(self, name: str) -> bool:
        """The value of a bool."""
        return parse_bool(self.text(name))

    def number(self, name: str) -> int:
        """The value of a level."""
        return int(self.text(name))


def read(argv: Sequence[str], commands: Sequence[Command]) -> CommandLine:
    """The command line that these words are.

    `commands` is the program itself, then its commands (`flags.COMMANDS`).
    Raises UsageError.
    """
    command, words = _find(argv, commands)
    line = _Parser(command, words).line()
    if command.name == "help" and not line.help:
        return _help_topic(line, commands)
    if command.name and not line.help and line.args and not command.takes_args:
        raise UsageError(f"extra arguments: [{' '.join(line.args)}]", command.path)  # kubectl pkg/cmd/version
    return line


def _find(argv: Sequence[str], commands: Sequence[Command]) -> tuple[Command, list[str]]:
    """The command that is named, and the words without its name (cobra `Find`)."""
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
            is_value = "=" not in word and _normal(word[2:]) not in bare
        elif word.startswith("-"):
            is_value = len(_encode(word)) == 2 and word != "-=" and word[1] not in letters
        elif word:
            return index
    return None


def _help_topic(line: CommandLine, commands: Sequence[Command]) -> CommandLine:
    """cobra's `help [command]`: an unknown topic shows the program's help."""
    notices = line.notices
    try:
        topic, _ = _find(line.args, commands)
    except UsageError:
        topic = commands[0]
        quoted = " ".join(f"`{arg}`" if _fits_backquotes(arg) else quote(arg) for arg in line.args)
        notices = (*notices, f"Unknown help topic [{quoted}]")
    return CommandLine(command=topic, help=True, notices=notices, declared=line.declared, typed={})


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
    letters = _encode(other)
    row = list(range(len(letters) + 1))
    for above, letter in enumerate(_encode(one)):
        diagonal, row[0] = row[0], above + 1
        for index, against in enumerate(letters):
            cost = diagonal if letter == against else 1 + min(diagonal, row[index], row[index + 1])
            diagonal, row[index + 1] = row[index + 1], cost
    return row[-1]


class _Parser:
    """pflag's `Parse` over the words that follow one command."""

    def __init__(self, command: Command, words: list[str]) -> None:
        self._command = command
        self._declared = {flag.name: flag for flag in command.flags}
        self._shorthands = {flag.shorthand: flag for flag in command.flags if flag.shorthand}
        self._waiting = words[::-1]
        self._args: list[str] = []
        self._typed: dict[str, tuple[str, ...]] = {}
        self._written: list[tuple[str, str]] = []
        self._notices: list[str] = []

    def line(self) -> CommandLine:
        while self._waiting:
            word = self._waiting.pop()
            if word == "--":
                self._args += self._waiting[::-1]
                break
            if len(word) < 2 or word[0] != "-":
                self._args.append(word)
            elif word[1] == "-":
                self._long(word)
            else:
                self._cluster(word[1:])
        asked = "help" in self._typed and parse_bool(self._typed["help"][0])
        return CommandLine(
            command=self._command,
            help=asked or not self._command.name,
            args=tuple(self._args),
            written=tuple(self._written),
            notices=tuple(self._notices),
            declared=self._declared,
            typed=self._typed,
        )

    def _long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        if not name or name[0] == "-":
            raise self._error(f"bad flag syntax: {word}")
        flag = self._declared.get(_normal(name))
        if flag is None:
            raise self._error(f"unknown flag: --{name}")
        if not equals:
            value = flag.bare or self._next_word(f"--{name}")
        self._set(flag, value)

    def _cluster(self, letters: str) -> None:
        # pflag leaves alone what looks like a flag of a Go test binary (golangflag.go).
        while letters and not letters.startswith("test."):
            letter, rest = letters[0], letters[1:]
            flag = self._shorthands.get(letter)
            if flag is None:
                raise self._error(f"unknown shorthand flag: {_quote_shorthand(letter)} in -{letters}")
            if len(rest) > 1 and rest[0] == "=":
                value, rest = rest[1:], ""
            elif flag.bare:
                value = flag.bare
            elif rest:
                value, rest = rest, ""
            else:
                value = self._next_word(f"{_quote_shorthand(letter)} in -{letters}")
            self._set(flag, value)
            letters = rest

    def _next_word(self, described: str) -> str:
        if not self._waiting:
            raise self._error(f"flag needs an argument: {described}")
        return self._waiting.pop()

    def _set(self, flag: Flag, text: str) -> None:
        try:
            values = _READERS[flag.type](text)
        except ValueError as problem:
            label = f"-{flag.shorthand}, --{flag.name}" if flag.shorthand else f"--{flag.name}"
            raise self._error(f"invalid argument {quote(text)} for {quote(label)} flag: {problem}") from None
        before = self._typed.get(flag.name, ()) if flag.repeats else ()
        self._typed[flag.name] = before + values
        self._written.append((flag.name, CLASSIFIED if flag.classified else text))
        if flag.deprecated:
            self._notices.append(f"Flag --{flag.name} has been deprecated, {flag.deprecated}")

    def _error(self, message: str) -> UsageError:
        return UsageError(message, self._command.path)


def _normal(name: str) -> str:
    """component-base's `WordSepNormalizeFunc`."""
    return name.replace("_", "-")


def _encode(text: str) -> bytes:
    """The bytes that the user typed: Go counts and reads these, not characters."""
    return text.encode("utf-8", "surrogateescape")


def _quote_shorthand(char: str) -> str:
    """The shorthand in quotes (fmt's %q of a rune).

    pflag takes one byte for a character and prints the first byte of that character, again as a character.
    """
    shown = chr(chr(_encode(char)[0]).encode()[0])
    if shown in "'\"":
        return "'\\''" if shown == "'" else "'\"'"
    return f"'{quote(shown)[1:-1]}'"


def _read_string(text: str) -> tuple[str, ...]:
    return (text,)


def _read_bool(text: str) -> tuple[str, ...]:
    parse_bool(text)
    return (text,)


def _read_level(text: str) -> tuple[str, ...]:
    """klog `Level.Set`."""
    atoi(text, bits=32, function="ParseInt")
    return (text,)


def _read_modules(text: str) -> tuple[str, ...]:
    """klog `parseModuleSpec`."""
    for pair in filter(None, text.split(",")):
        pattern, _, level = pair.partition("=")
        try:
            negative = atoi(level, bits=32) < 0
        except ValueError:
            pattern = ""
        if not pattern:
            raise ValueError("syntax error: expect comma-separated list of filename=N")
        if negative:
            raise ValueError("negative value for vmodule level")
    return (text,)


def _read_duration(text: str) -> tuple[str, ...]:
    try:
        parse_duration(text)
    except ValueError:
        raise ValueError("parse error") from None  # all that Go's flag package says
    return (text,)


def _read_slice(text: str) -> tuple[str, ...]:
    """pflag `readAsCSV`: the first record of a CSV text."""
    if not text:
        return ()
    if any(char in text for char in '"\n\r'):
        return _CsvRecord(_encode(text)).fields()
    return tuple(text.split(","))


_READERS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "string": _read_string,
    "strings": _read_string,
    "stringArray": _read_string,
    "stringSlice": _read_slice,
    "bool": _read_bool,
    "level": _read_level,
    "modules": _read_modules,
    "duration": _read_duration,
}


class _CsvRecord:
    """The first record of a text that is not empty, as Go's encoding/csv reads it.

    Lines and columns in its errors count from 1, columns in bytes.
    """

    def __init__(self, text: bytes) -> None:
        *ended, last = text.removesuffix(b"\r").replace(b"\r\n", b"\n").split(b"\n")
        self._lines = [*(line + b"\n" for line in ended), last]
        self._line_number = self._start = self._column = 1
        self._rest = self._lines[0]

    def fields(self) -> tuple[str, ...]:
        while self._rest in (b"", b"\n"):
            if not self._next_line():
                raise ValueError("EOF")
        self._start = self._line_number
        fields = []
        more = True
        while more:
            field, more = self._quoted() if self._rest.startswith(b'"') else self._plain()
            fields.append(field.decode("utf-8", "surrogateescape"))
        return tuple(fields)

    def _plain(self) -> tuple[bytes, bool]:
        """The field, and whether another one follows."""
        field, comma, _ = self._rest.partition(b",")
        if b'"' in field:
            raise self._error(self._column + field.index(b'"'), 'bare " in non-quoted-field')
        self._skip(len(field) + len(comma))
        return field if comma else field.removesuffix(b"\n"), bool(comma)

    def _quoted(self) -> tuple[bytes, bool]:
        """The field without its quotes, and whether another one follows."""
        misplaced = 'extraneous or missing " in quoted-field'
        field = b""
        self._skip(1)
        while self._rest:
            part, quoted, rest = self._rest.partition(b'"')
            field += part
            self._skip(len(part) + len(quoted))
            if not quoted:
                self._next_line()
            elif rest.startswith(b'"'):
                field += b'"'
                self._skip(1)
            elif rest.startswith(b","):
                self._skip(1)
                return field, True
            elif rest in (b"", b"\n"):
                return field, False
            else:
                raise self._error(self._column - 1, misplaced)
        raise self._error(self._column, misplaced)

    def _skip(self, count: int) -> None:
        self._rest = self._rest[count:]
        self._column += count

    def _next_line(self) -> bool:
        """Moves on, unless this was the last line: an empty rest behind the last newline is none."""
        if self._line_number == len(self._lines) or not self._lines[self._line_number]:
            return False
        self._rest = self._lines[self._line_number]
        self._line_number += 1
        self._column = 1
        return True

    def _error(self, column: int, problem: str) -> ValueError:
        record = f"record on line {self._start}; " if self._start != self._line_number else ""
        return ValueError(f"{record}parse error on line {self._line_number}, column {column}: {problem}")
