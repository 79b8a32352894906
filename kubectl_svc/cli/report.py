"""What is said of the objects of one command, in their order: Services, warnings, hints, and in the end what failed."""

from __future__ import annotations

from kubectl_svc.errors import AggregateError, InterruptedRunError, SvcError
from kubectl_svc.output.made import Made
from kubectl_svc.output.printers import DRY
from kubectl_svc.output.progress import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubectl_svc.cli.items import Entry
    from kubectl_svc.cli.outcome import Outcome
    from kubectl_svc.output.console import Console
    from kubectl_svc.output.printers import Printer
    from kubectl_svc.request import SendingOptions


class Report:
    """Tells the console; a warning of the server once, however often it is repeated (client-go rest/warnings.go)."""

    def __init__(self, console: Console, printer: Printer, sending: SendingOptions) -> None:
        self.done: dict[str, int] = {}
        """How many Services came of it so far, by what was done."""
        self._console = console
        self._printer = printer
        self._dry = DRY[sending.dry_run]
        self._counts = sending.how != "diff"  # of which nothing was done
        self._heard: set[str] = set()
        self._failures: list[SvcError] = []
        self._objects: list[tuple[str, str]] = []
        self._told = 0
        self._progress = Progress(console)

    @property
    def warning_count(self) -> int:
        """How many different warnings the server sent."""
        return len(self._heard)

    def hear(self, text: str) -> None:
        """A warning of the server."""
        if text not in self._heard:
            self._heard.add(text)
            self._console.warn(text)

    def warn(self, sentence: str) -> None:
        """A warning of ours about the command as a whole."""
        self._console.warn(sentence)

    def tell(self, entry: Entry, outcome: Outcome) -> None:
        """What came of one object; failures are kept until the end."""
        self._told += 1
        failures = list(outcome.failures)
        for one in outcome.said:
            if not isinstance(one, Made):
                self.hear(one.text) if one.by_server else self._console.warn(one.text)
                continue
            try:
                self._printer.print(one)
            except SvcError as unprintable:
                failures.append(unprintable)
            else:
                self.done[one.done] = self.done.get(one.done, 0) + 1
        for sentence in outcome.hints:
            self._console.hint(sentence)
        for error in failures:
            self.fail(error, entry)

    def show_progress(self, count: int | None) -> None:
        """Shows, where somebody may see it, how many of so many objects were told of."""
        self._progress.show(self._told, count)

    def end_progress(self) -> None:
        """Shows nothing of that any more."""
        self._progress.end()

    def fail(self, error: SvcError, entry: Entry | None = None) -> None:
        """Something failed, of an object or of none."""
        self._failures.append(error)
        self._objects.append(("", "") if entry is None or isinstance(entry, SvcError) else (entry.called, entry.name))

    def finish(self, unread: Sequence[SvcError] = ()) -> None:
        """Raises SvcError where anything failed; of several objects with a count. `unread` are documents of files."""
        failed = len(self._failures) + len(unread)
        total = failed + sum(self.done.values())
        if unread:
            self.fail(AggregateError(unread))
        self._end_output()
        if self._told > 1 and failed:
            counted = "".join(f"; {part}" for part in self._counted())
            raise AggregateError(self._failures, self._objects, f"{failed} of {total} failed{counted}")
        if self._failures:
            raise self._failures[0] if len(self._failures) == 1 else AggregateError(self._failures)

    def interrupt(self, *rest: str, unread: Sequence[SvcError] = ()) -> None:
        """Raises InterruptedRunError: what was done, what failed, and in the words of `rest` what else there is."""
        if unread:
            self.fail(AggregateError(unread))
        self._end_output()
        parts = [*self._counted()]
        if self._failures:
            parts.append(f"{len(self._failures)} failed")
        failures = AggregateError(self._failures, self._objects) if self._failures else None
        raise InterruptedRunError(f"interrupted: {'; '.join((*parts, *rest))}", failures)

    def _end_output(self) -> None:
        try:
            self._printer.finish()
        except SvcError as error:
            self.fail(error)

    def _counted(self) -> list[str]:
        return [f"{count} {done}{self._dry}" for done, count in self.done.items()] if self._counts else []
