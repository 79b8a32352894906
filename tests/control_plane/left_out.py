"""What a test run left out: said plainly at its end, and a failure of the run where CI is set."""

from __future__ import annotations

import collections

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

_CI_OFF = ("", "0", "false")


def in_ci(environ: Mapping[str, str]) -> bool:
    """Whether nothing may be left out: CI is set, and not to `false` or `0`."""
    return environ.get("CI", "").lower() not in _CI_OFF


def leave_out(reason: str, environ: Mapping[str, str]) -> NoReturn:
    """Skips the running test because this machine cannot run it; where CI is set, fails it."""
    if in_ci(environ):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


class LeftOut:
    """A pytest plugin that counts skips by their reason."""

    def __init__(self, *, forbidden: bool) -> None:
        self._forbidden = forbidden
        self._reasons: collections.Counter[str] = collections.Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes a test that was skipped, or expected to fail: either proves nothing."""
        if report.skipped:
            self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Notes a module that was skipped as a whole."""
        if report.skipped:
            self._note(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fails the run for what it left out."""
        if self._reasons and self._forbidden and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """One line for each reason; after a run that got to its end, one that says that nothing is missing."""
        for reason, count in self._reasons.most_common():
            terminalreporter.write_line(f"left out: {count} {'test' if count == 1 else 'tests'}: {reason}", yellow=True)
        if self._reasons and self._forbidden:
            terminalreporter.write_line("CI is set, so nothing may be left out: the run has failed", red=True)
        if not self._reasons and exitstatus == pytest.ExitCode.OK:
            terminalreporter.write_line("left out: nothing")

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        # For a skip, pytest's report is (file, line, "Skipped: reason").
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        self._reasons[reason.removeprefix("Skipped: ")] += 1
