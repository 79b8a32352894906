"""How far a long command is, on the terminal of standard error."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.output.console import Console

_PATIENCE_SECONDS = 1.0  # what is over by then shows nothing


class Progress:
    """A bar below all that is written, from the second second on; nothing where no terminal shows it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()
        self._is_shown = console.has_status and os.environ.get("TERM") != "dumb"

    def show(self, done: int, count: int | None) -> None:
        """So many objects are done of so many; None where that is not known before the end."""
        seconds = time.monotonic() - self._began
        if seconds < _PATIENCE_SECONDS or not self._is_shown:
            return
        self._console.status(self._rendered(done, count, int(seconds)))

    def end(self) -> None:
        """Takes the bar away."""
        self._console.status("")

    def _rendered(self, done: int, count: int | None, seconds: int) -> str:
        from rich.console import Console as RichConsole  # 60 ms, in which the server is busy anyway
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        width = self._console.status_columns
        rich = RichConsole(width=width, force_terminal=True, legacy_windows=False, color_system="standard")
        row = Table.grid(padding=(0, 1))
        counted = f"{done}" if count is None else f"{done}/{count}"
        bar = ProgressBar(total=count, completed=done, width=min(40, width - 30), pulse=count is None)
        row.add_row(bar, counted, f"{seconds // 60}:{seconds % 60:02d}")
        with rich.capture() as captured:
            rich.print(row, end="")
        return captured.get().rstrip("\n")
