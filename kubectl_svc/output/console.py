"""The standard streams of one run, and what may be written to them."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.output.messages import continued

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import BinaryIO

_COLUMNS = 80  # where no terminal says better
BOLD, RED, GREEN, CYAN = "\033[1m", "\033[31m", "\033[32m", "\033[36m"
_EMPTY_LINE = "\r\033[2K"
_YELLOW, _PLAIN = "\033[33;1m", "\033[0m"
# What Python calls unprintable and terminals show as nothing but room: French and CJK text is spaced with it.
_BLANK = "\n\t\u00a0\u202f\u3000"


class Console:
    """Standard output for the result, standard error for everything else; both in UTF-8, whatever the locale.

    What comes from a cluster or a file is data: towards a terminal, characters that could steer it are shown, not sent.
    """

    def __init__(self, stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
        self.stdin = stdin
        self._stdout = stdout
        self._stderr = stderr
        self._stdout_is_terminal = stdout.isatty()
        self._stderr_is_terminal = stderr.isatty()
        self._has_line = False  # whether a status line is on the terminal
        self._waits_for = ""

    def result(self, text: str) -> None:
        """Write to standard output.

        Raises BrokenPipeError when nobody reads any more, and SvcError when it cannot be written for another reason.
        """
        self._write_stdout(visible(text) if self._stdout_is_terminal else text)

    def result_line(self, text: str) -> None:
        """Write one line to standard output: on a terminal a newline within it is an escape too. Raises as `result`."""
        if self._stdout_is_terminal:
            text = text.replace("\n", "\\n")
        self.result(f"{text}\n")

    def result_lines(self, lines: Iterable[tuple[str, str]], environ: Mapping[str, str]) -> None:
        """Write lines to standard output, each given behind its colour, or behind nothing. Raises as `result`.

        Colours are for a terminal that can show them and a user who did not refuse them (https://no-color.org).
        """
        if self._stdout_is_terminal and environ.get("TERM") != "dumb" and not environ.get("NO_COLOR"):
            self._write_stdout("".join(f"{colour}{visible(line)}{colour and _PLAIN}\n" for colour, line in lines))
        else:
            self.result("".join(f"{line}\n" for _, line in lines))

    def shows_pictures(self, environ: Mapping[str, str]) -> bool:
        """Whether somebody sees what is drawn on standard output."""
        return self._stdout_is_terminal and environ.get("TERM") != "dumb"

    def picture(self, text: str) -> None:
        """Write what was drawn to standard output: it may hold colours, and nothing unseen that comes from elsewhere.

        Raises as `result`.
        """
        self._write_stdout(text)

    def message(self, text: str) -> None:
        """Write whole lines to standard error."""
        if self._stderr_is_terminal:
            text = visible(text)
        self._write_stderr(text)

    def warn(self, text: str) -> None:
        """One `Warning:`, yellow on a terminal as kubectl's (cli-runtime pkg/printers/warningprinter.go)."""
        text = continued(text)
        if self._stderr_is_terminal:
            self._write_stderr(f"{_YELLOW}Warning:{_PLAIN} {visible(text)}\n")
        else:
            self._write_stderr(f"Warning: {text}\n")

    @property
    def has_status(self) -> bool:
        """Whether a status line would be seen."""
        return self._stderr_is_terminal

    @property
    def status_columns(self) -> int:
        """How many columns a status line may have; 80 where there is no terminal that says."""
        return _columns(self._stderr, {}) if self._stderr_is_terminal else _COLUMNS

    def status(self, line: str) -> None:
        """Show a line that the next text takes the place of; an empty one takes it away. For terminals only.

        It may hold colours, and nothing that comes from elsewhere.
        """
        if self._stderr_is_terminal and (line or self._has_line):
            self._clear()
            self._has_line = bool(line)
            self._put(line)

    def show_wait(self, text: str) -> None:
        """Show what is waited for in the status line; nothing takes it away. Terminals that are dumb show nothing."""
        import os  # hardly any command waits

        if text != self._waits_for and os.environ.get("TERM") != "dumb":
            self._waits_for = text
            self.status(visible(text)[: self.status_columns - 1])

    def hint(self, text: str) -> None:
        """One line about what to type instead, or besides."""
        self.message(f"hint: {continued(text)}\n")

    def ask(self, field: str, hidden: bool) -> str:
        """The word typed after `Please enter FIELD: `, which goes to standard output as in kubectl.

        Raises SvcError with kubectl's words when there is nothing to read, or no terminal to type a hidden word on.
        Source: client-go tools/clientcmd/auth_loaders.go `promptForString`.
        """
        self.result(f"Please enter {field}: ")
        if not hidden:
            words = self.stdin.readline().decode("utf-8", "replace").split()
            if not words:
                raise SvcError("EOF")
            return words[0]
        if not self.stdin.isatty():
            raise SvcError(f"error reading input for {field}")
        from getpass import getpass  # hardly ever needed

        try:
            return getpass("")
        except EOFError:
            raise SvcError("EOF") from None

    def log(self, verbosity: int) -> Callable[[int, str], None]:
        """What writes log lines up to the given level of -v to standard error."""

        def write(level: int, line: str) -> None:
            if level <= verbosity:
                self.message(f"{line}\n")

        return write

    def columns(self, environ: Mapping[str, str]) -> int:
        """The width of the terminal on standard output; 80 where there is none."""
        return _columns(self._stdout, environ) if self._stdout_is_terminal else _COLUMNS

    def _write_stdout(self, text: str) -> None:
        if self._stdout_is_terminal:
            self._clear()
        try:
            self._stdout.write(encoded(text))
            self._stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise SvcError(f"cannot write to standard output: {error.strerror}") from error

    def _write_stderr(self, text: str) -> None:
        self._clear()
        self._put(text)

    def _clear(self) -> None:
        """Takes the status line away: whatever comes next stands in its place."""
        if self._has_line:
            self._has_line = False
            self._put(_EMPTY_LINE)

    def _put(self, text: str) -> None:
        try:
            self._stderr.write(encoded(text))
            self._stderr.flush()
        except OSError:
            pass  # there is no place left where it could be said; the exit code still tells


def _columns(stream: BinaryIO, environ: Mapping[str, str]) -> int:
    import os  # hardly anything asks

    typed = environ.get("COLUMNS", "")
    try:
        columns = int(typed) if typed.isdecimal() else os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):  # no terminal after all; more digits than Python reads
        columns = 0
    return columns or _COLUMNS


def encoded(text: str) -> bytes:
    """The bytes of the text; half a character, which only JSON's escapes can write, becomes U+FFFD as in Go."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        whole = (
            "\ufffd" if "\ud800" <= char <= "\udfff" and not "\udc80" <= char <= "\udcff" else char for char in text
        )
        return "".join(whole).encode("utf-8", "surrogateescape")


def visible(text: str) -> str:
    """The text with everything that a terminal may take for more than a character as Go's escapes (strconv.Quote).

    That is all that is not printable: controls, bidi controls, separators of lines and paragraphs, tags, bytes that are
    no text, and characters without a width. A joined emoji so falls into its parts: a joiner that stayed could hide in
    any name. Tabs, newlines and wide or narrow spaces stay.
    """
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char.isprintable() or char in _BLANK else quote(char)[1:-1] for char in text)
