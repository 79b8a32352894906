"""What is said of the objects of one command, in their order: Services, warnings, hints, and in the end what failed."""

from __future__ import annotations

from kubectl_svc.errors import AggregateError, InterruptedRunError, SvcError
from kubectl_svc.output.made import Made
from kubectl_svc.output.printers import DRY
from kubectl_svc.output.progress import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kubectl_svc.cli.items import Entry
    from kubectl_svc.cli.outcome import Outcome
    from kubectl_svc.output.console import Console
    from kubectl_svc.output.printers import Printer
    from kubectl_svc.request import ServiceRequest


class Report:
    """Tells the console; a warning of the server once, however often it is repeated (client-go rest/warnings.go)."""

    def __init__(self, console: Console, printer: Printer, request: ServiceRequest) -> None:
        self.done: dict[str, int] = {}
        """How many Services came of it so far, by what was done."""
        self.made: list[tuple[Entry, Made]] = []
        """Those that are to be waited for, each with what it was made from."""
        sending = request.sending
        self._waits = sending.wait_seconds is not None
        self._tells = request.output.format == "message"
        # A document shows its Service as it is in the end: with its load balancer's address.
        self._holds = self._waits and request.output.format not in ("message", "name")
        self._unreached = 0
        self._misses = 0  # failures that are about them
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

    def note(self, sentence: str) -> None:
        """What was not looked at."""
        self._console.message(f"note: {sentence}\n")

    def tell(self, entry: Entry, outcome: Outcome) -> None:
        """What came of one object; failures are kept until the end."""
        self._told += 1
        failures = list(outcome.failures)
        for one in outcome.said:
            if not isinstance(one, Made):
                self.hear(one.text) if one.by_server else self._console.warn(one.text)
                continue
            if self._waits:
                self.made.append((entry, one))
            try:
                if not self._holds:
                    self._printer.print(one)
            except SvcError as unprintable:
                failures.append(unprintable)
            else:
                self.done[one.done] = self.done.get(one.done, 0) + 1
        for sentence in outcome.hints:
            self._console.hint(sentence)
        for error in failures:
            self.fail(error, entry)

    def release(self, services: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
        """Prints what was held back until it was waited for: the Services as they are now, else as they were made."""
        for entry, made in self.made if self._holds else ():
            metadata = made.service["metadata"]
            now = services.get((metadata.get("namespace") or "", metadata.get("name") or ""), made.service)
            try:
                self._printer.print(made.but(service=now))
            except SvcError as unprintable:
                self.fail(unprintable, entry)

    def reach(self, name: str, lines: Sequence[str]) -> None:
        """A Service that was waited for, and how it is reached: part of the result where that is a message."""
        text = "".join(f"{line}\n" for line in (f"service/{name} reachable", *lines))
        if self._tells:
            self._console.result(text)
        else:
            self._console.message(text)

    def miss(self, error: SvcError, entry: Entry | None = None, count: int = 1) -> None:
        """A Service was made and is not reached, or so many are not known to be."""
        self._unreached += count
        self._misses += 1
        self.fail(error, entry)

    def show_progress(self, count: int | None) -> None:
        """Shows, where somebody may see it, how many of so many objects were told of."""
        self._progress.show(self._told, count)

    def show_status(self, line: str) -> None:
        """Shows, where somebody may see it, what is waited for; an empty line ends that."""
        self._console.show_wait(line)

    def end_progress(self) -> None:
        """Shows nothing of that any more."""
        self._progress.end()

    def fail(self, error: SvcError, entry: Entry | None = None) -> None:
        """Something failed, of an object or of none."""
        self._failures.append(error)
        self._objects.append(("", "") if entry is None or isinstance(entry, SvcError) else (entry.called, entry.name))

    def finish(self, unread: Sequence[SvcError] = ()) -> None:
        """Raises SvcError where anything failed; of several objects with a count. `unread` are documents of files."""
        failed = len(self._failures) + len(unread) - self._misses
        total = failed + sum(self.done.values())
        if unread:
            self.fail(AggregateError(unread))
        self._end_output()
        if self._told > 1 and self._failures:
            parts = [f"{failed} of {total} failed"] if failed else []
            parts += self._counted()
            parts += [f"{self._unreached} not reached"] if self._unreached else []
            raise AggregateError(self._failures, self._objects, "; ".join(parts))
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
