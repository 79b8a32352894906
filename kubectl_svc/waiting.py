"""For how long a command waits: `--wait` and `--timeout`, as `kubectl wait` reads its own."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import parse_duration, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.command_line import CommandLine

LOOK_SECONDS = 5.0
"""What all requests of one look may take when the time of a wait is over, or beside it."""
_WEEK_SECONDS = 7 * 24 * 3600.0


def read_wait(line: CommandLine) -> float | None:
    """Seconds to wait at most, from 0 (one look) to a week; None without --wait.

    A negative time means a week (kubectl pkg/cmd/wait). Raises SvcError for a time that cannot be read, and for one
    that nothing is to wait for.
    """
    if not line.flag("wait"):
        if line.given("timeout"):
            raise SvcError("--timeout only works with --wait")
        return None
    text = line.text("timeout")
    try:
        nanoseconds = int(text) * 10**9 if text.isascii() and text.removeprefix("-").isdigit() else parse_duration(text)
    except ValueError:
        raise SvcError(f"--timeout {quote(text)}: not a time such as 90s, 10m, 1h30m or 600") from None
    return min(nanoseconds / 10**9, _WEEK_SECONDS) if nanoseconds >= 0 else _WEEK_SECONDS
