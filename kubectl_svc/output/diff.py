"""What --diff prints: each Service as it is beside what would become of it.

Source: kubectl pkg/cmd/diff/diff.go.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.output.console import BOLD, CYAN, GREEN, RED, encoded
from kubectl_svc.output.printers import Printer, reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from kubectl_svc.output.console import Console
    from kubectl_svc.output.made import Made

    Manifest = Mapping[str, Any]

_COLOURS = {"-": RED, "+": GREEN, "@": CYAN}
_NO_NEWLINE = "\\ No newline at end of file"


class _DiffPrinter(Printer):
    """Renders both sides of a Service; `status` is on neither, because no apply changes it."""

    def __init__(self, console: Console, render: Callable[[Manifest], str]) -> None:
        """`render` gives the text of one side, and may raise ValueError in kubectl's words."""
        self._console = console
        self._render = render

    def _sides(self, made: Made) -> tuple[str, str]:
        """The text before, which is empty where no Service was, and the text after. Raises SvcError for neither."""
        before, after = (made.before and _without_status(made.before)), _without_status(made.service)
        try:
            return self._render(before) if before else "", self._render(after)
        except ValueError as error:
            raise SvcError(str(error)) from None


class ChangedNames(_DiffPrinter):
    """`-o name`: the Services that would change."""

    def print(self, made: Made) -> None:
        before, after = self._sides(made)
        if before != after:
            self.differs = True
            self._console.result_line(reference(made.service))


class UnifiedDiff(_DiffPrinter):
    """A unified diff of each Service that would change, written when it is known."""

    def __init__(self, console: Console, render: Callable[[Manifest], str], environ: Mapping[str, str]) -> None:
        """`environ` may say that colours are not wanted."""
        super().__init__(console, render)
        self._environ = environ

    def print(self, made: Made) -> None:
        before, after = self._sides(made)
        if before != after:
            self.differs = True
            self._console.result_lines(_compared(_file_name(made.service), before, after), self._environ)


class ExternalDiff(_DiffPrinter):
    """Leaves the comparison to the program in KUBECTL_EXTERNAL_DIFF: one run for all Services, in two folders."""

    def __init__(self, console: Console, render: Callable[[Manifest], str], environ: Mapping[str, str]) -> None:
        """`environ` names the program, and may name the place for its folders."""
        super().__init__(console, render)
        self._environ = environ
        self._documents: dict[str, tuple[str, str]] = {}  # both sides by file name

    def print(self, made: Made) -> None:
        self._documents[_file_name(made.service)] = self._sides(made)

    def finish(self) -> None:
        """Raises SvcError, in kubectl's words, for a program that cannot be run or ends with more than 1."""
        if not self._documents:
            return
        from tempfile import TemporaryDirectory  # only an external program needs files

        place = self._environ.get("TMPDIR") or "/tmp"  # noqa: S108 - Go's os.TempDir; nobody else can open what is made there
        try:
            with (
                TemporaryDirectory(prefix="LIVE-", dir=place, ignore_cleanup_errors=True) as live,
                TemporaryDirectory(prefix="MERGED-", dir=place, ignore_cleanup_errors=True) as merged,
            ):
                for name, (before, after) in self._documents.items():
                    _write(f"{live}/{name}", before)
                    _write(f"{merged}/{name}", after)
                self.differs = _run(self._environ["KUBECTL_EXTERNAL_DIFF"], (live, merged), self._environ)
        except OSError as error:
            raise SvcError(f"cannot write {error.filename}: {error.strerror}") from error


def _without_status(service: Manifest) -> Manifest:
    return {part: value for part, value in service.items() if part != "status"}


def _file_name(service: Manifest) -> str:
    """kubectl's name for the Service's file. Raises SvcError for one that no API server gives and no folder holds."""
    metadata = service["metadata"]
    name = f"v1.Service.{metadata.get('namespace', '')}.{metadata.get('name', '')}"
    if not name.isprintable() or "/" in name or "\\" in name:
        raise SvcError(f"a Service named {quote(name)} cannot be compared: that is no name for a file")
    return name


def _compared(name: str, before: str, after: str) -> Iterator[tuple[str, str]]:
    """The lines of a unified diff, as GNU diff writes it, each behind its colour."""
    from difflib import unified_diff  # and with it re, which the other formats do without
    from io import StringIO

    # Its lines end at line feeds alone, as those of diff and patch do; str.splitlines knows seven more ends.
    live, merged = (StringIO(text, newline="\n").readlines() for text in (before, after))
    for number, line in enumerate(unified_diff(live, merged, f"LIVE/{name}", f"MERGED/{name}")):
        yield BOLD if number < 2 else _COLOURS.get(line[0], ""), line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "", _NO_NEWLINE


def _write(path: str, text: str) -> None:
    import os

    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o700)) as file:  # kubectl's mode
        file.write(encoded(text))


def _run(command: str, folders: tuple[str, str], environ: Mapping[str, str]) -> bool:
    """Whether the program found a difference; it writes to our own streams, and reads nothing, as under kubectl.

    Words that could be more than a flag are dropped, and the others follow the folders: kubectl's rules (`getCommand`).
    A program that a signal ended counts as one that found differences, as there.
    """
    import re
    import subprocess

    program, *words = command.split(" ")
    kept = (word for word in words if re.fullmatch("[a-zA-Z0-9=-]+", word))
    failed = f"failed to run {quote(program)}: "
    if not program:
        raise SvcError(f"{failed}exec: no command")
    try:
        done = subprocess.run((program, *folders, *kept), stdin=subprocess.DEVNULL, env=environ, check=False)
    except OSError:  # whatever the reason, kubectl gives this one (k8s.io/utils exec `handleError`)
        raise SvcError(f"{failed}executable file not found in $PATH") from None
    if done.returncode > 1:
        raise SvcError(f"{failed}exit status {done.returncode}")
    return done.returncode != 0
