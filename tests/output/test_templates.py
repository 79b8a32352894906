"""Template formats without a kubectl that could print them; with one, the differential table has them."""

from __future__ import annotations

from pathlib import Path

from tests.svc import svc

_EXAMPLE = str(Path(__file__).parents[1] / "examples" / "my-app.yaml")
_ARGV = ("expose", "-f", _EXAMPLE, "--dry-run=client", "-o", "jsonpath={.kind}")


def test_no_kubectl_on_path() -> None:
    """One line that says what to do."""
    done = svc(*_ARGV, PATH="/nonexistent")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: template formats are printed by kubectl, which is not on PATH: install it or set KUBECTL_PATH\n"
    )


def test_kubectl_path_leads_nowhere() -> None:
    """The path is named."""
    done = svc(*_ARGV, KUBECTL_PATH="/nonexistent/kubectl")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: cannot run /nonexistent/kubectl: No such file or directory\n"
