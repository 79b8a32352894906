"""bash, zsh and fish in a terminal, with the completion of kubectl and our own loaded: a line is typed, TAB pressed.

After every TAB a key of our own (`start/`) has the shell report its line, its cursor and what it was offered. A shell
takes one key after the other, so the report comes when the TAB has been dealt with, however long that took.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from kubectl_svc.value import Value
from tests.shells.terminal import Terminal
from tests.trust.watch import WATCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.control_plane.shells import ShellProgram

_START = Path(__file__).parent / "start"
_PROMPT = "ready> "
_REPORT = "\x18r"  # Ctrl-X r
_ASK = "\x18a"
_CLEAR = "\x18k"
_LEFT = "\x02"
# Around the parts of a report; no line editor shows them by itself.
_BEGIN, _FIELD, _ITEM, _END = "\x1e", "\x1f", "\x1c", "\x1d"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07|\x08")


class Seen(Value):
    """What a TAB has done."""

    line: str
    """The command line up to the cursor."""
    behind: str
    """The rest of it."""
    offered: tuple[str, ...]
    """What the completion gave to the shell, in its order; in fish with what it is behind a tab."""
    printed: str
    """What appeared on the terminal between the key and the report: without control sequences, prompts and the line."""

    @property
    def words(self) -> tuple[str, ...]:
        """What was offered, sorted: unquoted and without descriptions, which kubectl's bash script adds to words."""
        return tuple(sorted(re.split(r"\t|  +\(", word)[0].rstrip().replace("\\", "") for word in self.offered))


class Shell:
    """A running shell."""

    name = ""
    no_blank_after = ""
    """The last characters of a word behind which the shell sets no blank, whatever it is told."""
    _before = _REPORT

    def __init__(
        self, program: ShellProgram, scripts: str, environ: Mapping[str, str], folder: Path, scratch: Path
    ) -> None:
        """Start it in the folder, with these lines run and nobody's own settings; its files go to `scratch`."""
        scratch.mkdir()
        (scratch / "scripts").write_text(scripts)
        self._environ = {
            **environ,
            **program.environ,
            **self._settings(scratch),
            "LC_ALL": "C.UTF-8",
            "TAB_SCRIPTS": str(scratch / "scripts"),
            "TERM": "dumb",
        }
        self._seen: dict[tuple[str, str], Seen] = {}
        self._terminal = Terminal([program.path, *self._options(program, scratch)], self._environ, folder)
        self._terminal.read_until(_PROMPT)  # before, the terminal would take our keys for its own
        self._terminal.type(_REPORT)
        self._read_report()

    def press_tab(self, line: str, behind: str = "") -> Seen:
        """Type a line, go back to where `behind` begins, press TAB. The same line is not typed again."""
        if (line, behind) not in self._seen:
            self._seen[line, behind] = self._press_tab(line, behind)
        return self._seen[line, behind]

    def _press_tab(self, line: str, behind: str) -> Seen:
        self._terminal.type(line + behind + _LEFT * len(behind) + self._before)
        typed = self._read_report()
        assert (typed.line, typed.behind) == (line, behind)
        self._terminal.type("\t" + _REPORT)
        seen = self._read_report()
        self._terminal.type(_CLEAR + _REPORT)
        self._read_report()
        printed = seen.printed
        for shown in (f"{_PROMPT}{seen.line}{seen.behind}", f"{_PROMPT}{line}{behind}"):
            printed = printed.replace(shown, "")
        return seen.but(offered=typed.offered or seen.offered, printed=printed.strip())

    def piece(self, word: str) -> str:
        """What of a word that is typed does not belong to the words that are offered for it."""
        return word[: word.index("=") + 1] if word.startswith("-") and "=" in word else ""

    def close(self) -> None:
        """End it, and have everything that it ever showed searched for secrets."""
        self._terminal.close()
        WATCH.end_run([self.name], self._environ, self._terminal.shown)

    def _read_report(self) -> Seen:
        printed = self._terminal.read_until(_BEGIN)
        line, behind, offered = self._terminal.read_until(_END).split(_FIELD)
        words = tuple(word for word in offered.split(_ITEM) if word)
        return Seen(line=line, behind=behind, offered=words, printed=_ESCAPES.sub("", printed))

    def _settings(self, scratch: Path) -> dict[str, str]:
        del scratch
        return {}

    def _options(self, program: ShellProgram, scratch: Path) -> list[str]:
        raise NotImplementedError


class Bash(Shell):
    """GNU bash: a single TAB inserts what is common to all, and lists nothing."""

    name = "bash"

    def piece(self, word: str) -> str:
        """Bash breaks words at these, wherever they stand."""
        return word[: max(word.rfind("="), word.rfind(":")) + 1]

    def _options(self, program: ShellProgram, scratch: Path) -> list[str]:
        del program, scratch
        return ["--noprofile", "--rcfile", str(_START / "start.bash"), "-i"]


class Zsh(Shell):
    """zsh: a TAB inserts what is common to all, and lists the words where that adds nothing."""

    name = "zsh"

    def _options(self, program: ShellProgram, scratch: Path) -> list[str]:
        # Both are built in, as the places where it was installed; it was moved.
        if program.root:
            functions = " ".join(map(shlex.quote, program.functions))
            (scratch / ".zshenv").write_text(f"module_path=({shlex.quote(program.modules)})\nfpath=({functions})\n")
        (scratch / ".zshrc").write_text(f"source {shlex.quote(str(_START / 'start.zsh'))}\n")
        return ["-d", "-i"]

    def _settings(self, scratch: Path) -> dict[str, str]:
        return {"ZDOTDIR": str(scratch)}


class Fish(Shell):
    """fish: a TAB inserts what is common to all, and shows the words with what they are below the line."""

    name = "fish"
    no_blank_after = "=/:@.,"
    _before = _ASK

    def piece(self, word: str) -> str:
        """Fish wants whole words."""
        del word
        return ""

    def _options(self, program: ShellProgram, scratch: Path) -> list[str]:
        del program, scratch
        return ["--private", "-i", "--no-config", "-C", f"source {shlex.quote(str(_START / 'start.fish'))}"]

    def _settings(self, scratch: Path) -> dict[str, str]:
        return {f"XDG_{name}_HOME": str(scratch / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}


SHELLS: dict[str, type[Shell]] = {shell.name: shell for shell in (Bash, Zsh, Fish)}
