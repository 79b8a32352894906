"""Words in, values of flags and arguments out.

Source: spf13/pflag flag.go (`parseArgs`, `parseLongArg`, `parseSingleShortArg`), errors.go and the types that kubectl's
flags have: of pflag itself, of Go's flag package and of klog.
"""

from __future__ import annotations

from kubectl_svc.errors import UsageError
from kubectl_svc.flags.model import normal_name
from kubectl_svc.golang import atoi, parse_bool, parse_duration, quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kubectl_svc.flags.model import Flag

CLASSIFIED = "CLASSIFIED"
"""What stands in `Parsed.written` for a secret, as in kubectl's records."""


class Parsed(Value):
    """What the words came to."""

    args: tuple[str, ...]
    typed: Mapping[str, tuple[str, ...]]
    """The values of each flag that was typed: all of one that repeats, else the last."""
    written: tuple[tuple[str, str], ...]
    """Name and value of every flag in the order typed (pflag `ParseAll`), secrets covered."""
    notices: tuple[str, ...]
    """Lines for stderr."""

    def __repr__(self) -> str:
        """Without `typed`, which holds the secrets."""
        return f"Parsed(args={self.args!r}, written={self.written!r})"


def parse(words: Sequence[str], declared: Mapping[str, Flag], command: str) -> Parsed:
    """pflag's `Parse`, with the declared flags by name. Raises UsageError; `command` is the one whose help to see."""
    return _Parser(words, declared, command).parsed()


class _Parser:
    """The words that wait, and what came of those that were read."""

    def __init__(self, words: Sequence[str], declared: Mapping[str, Flag], command: str) -> None:
        self._command = command
        self._declared = declared
        self._shorthands = {flag.shorthand: flag for flag in declared.values() if flag.shorthand}
        self._waiting = list(reversed(words))
        self._args: list[str] = []
        self._typed: dict[str, tuple[str, ...]] = {}
        self._written: list[tuple[str, str]] = []
        self._notices: list[str] = []

    def parsed(self) -> Parsed:
        while self._waiting:
            word = self._waiting.pop()
            if word == "--":
                self._args += reversed(self._waiting)
                break
            if len(word) < 2 or word[0] != "-":
                self._args.append(word)
            elif word[1] == "-":
                self._long(word)
            else:
                self._cluster(word[1:])
        return Parsed(
            args=tuple(self._args),
            typed=self._typed,
            written=tuple(self._written),
            notices=tuple(self._notices),
        )

    def _long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        if not name or name[0] == "-":
            raise self._error(f"bad flag syntax: {self._covered(word)}")
        flag = self._declared.get(normal_name(name))
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
                raise self._error(f"unknown shorthand flag: {_quote_shorthand(letter)} in -{self._covered(letters)}")
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

    def _covered(self, word: str) -> str:
        """A word that is no flag, less the value of one that was meant to be secret; kubectl repeats it."""
        name, equals, _ = word.partition("=")
        meant = (flag.name for flag in self._declared.values() if flag.classified)
        return f"{name}={CLASSIFIED}" if equals and any(secret in name for secret in meant) else word

    def _error(self, message: str) -> UsageError:
        return UsageError(message, self._command)


def as_bytes(text: str) -> bytes:
    """The bytes that the user typed: Go counts and reads these, not characters."""
    return text.encode("utf-8", "surrogateescape")


def _quote_shorthand(char: str) -> str:
    """The shorthand in quotes (fmt's %q of a rune).

    pflag takes one byte for a character and prints the first byte of that character, again as a character.
    """
    shown = chr(chr(as_bytes(char)[0]).encode()[0])
    if shown in "'\"":
        return "'\\''" if shown == "'" else "'\"'"
    return f"'{quote(shown)[1:-1]}'"


def _read_string(text: str) -> tuple[str, ...]:
    return (text,)


def _read_bool(text: str) -> tuple[str, ...]:
    parse_bool(text)
    return (text,)


def _read_int32(text: str) -> tuple[str, ...]:
    """A decimal number, as klog's `Level.Set` reads it."""
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
        from kubectl_svc.csv_record import CsvRecord  # names of files seldom need it

        return CsvRecord(text).fields()
    return tuple(text.split(","))


_READERS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "string": _read_string,
    "strings": _read_string,
    "stringArray": _read_string,
    "stringSlice": _read_slice,
    "bool": _read_bool,
    "int32": _read_int32,
    "modules": _read_modules,
    "duration": _read_duration,
}
