"""Each history on the real server: what apply, forced apply and diff make of it, and whose the fields are then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.apply.histories import HISTORIES, History, Outcome

if TYPE_CHECKING:
    import subprocess

    from tests.apply.conftest import Shell

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def _at(service: Any, path: str) -> Any:
    value = service
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = (value or {}).get(part)
    return value


def _owns(service: Any, owner: str, path: str) -> bool:
    """Whether the field is the owner's; the path's last part may have dots."""
    head, name, *rest = path.split(".", 2)
    for entry in service["metadata"]["managedFields"]:
        if f"{entry['manager']} {entry['operation']}" == owner and not entry.get("subresource"):
            fields = entry["fieldsV1"].get(f"f:{head}", {}).get(f"f:{name}")
            if fields is not None and (not rest or f"f:{rest[0]}" in fields):
                return True
    return False


def _check(done: subprocess.CompletedProcess[str], expected: Outcome, before: Any, after: Any) -> None:
    """The run did what was expected, and says so."""
    if expected.done:
        assert (done.returncode, done.stdout) == (0, f"service/web {expected.done}\n"), done.stderr
        assert (before["metadata"]["resourceVersion"] == after["metadata"]["resourceVersion"]) == (
            expected.done == "unchanged"
        )
        for path, value in expected.leaves.items():
            assert _at(after, path) == value, path
        assert "keeps port" not in done.stderr.replace(expected.warning, "")
        assert expected.warning in done.stderr
        return
    assert (done.returncode, done.stdout, after) == (1, "", before)
    if expected.refused:
        assert (
            f'The Service "web" is invalid: {expected.refused}\nhint: a Service does not change this in place'
            in done.stderr
        )
        return
    count = f"{len(expected.conflicts)} conflict{'s' if len(expected.conflicts) > 1 else ''}"
    assert f'error: Apply failed with {count} in Service "web": ' in done.stderr
    said = dict(re.findall(r"(?:\* |: )(\.\S+?): conflict with (.*)$", done.stderr, re.MULTILINE))
    assert said.keys() == expected.conflicts.keys()
    for field, owner in said.items():
        since = owner.removeprefix(expected.conflicts[field])
        if "before-first-apply" in owner:
            assert since == ""
        else:
            assert _TIME.fullmatch(since.removeprefix(" since ")), owner
    assert "\nhint: --apply --force-conflicts takes these fields" in done.stderr


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.told)
def test_history(history: History, shell: Shell) -> None:
    """Looked at first, which changes nothing; then applied, and where that is refused, by force."""
    _replay(history, shell)
    before = shell.live()
    looked = shell.run(f"{history.command} --diff")
    forced_look = shell.run(f"{history.command} --diff --force-conflicts -o json --show-managed-fields")
    assert shell.live() == before
    assert looked.returncode == history.diff, looked.stderr
    assert bool(looked.stdout) == (history.diff == 1)
    _check(shell.run(f"{history.command} --apply"), history.apply, before, after := shell.live())
    if history.apply.done:
        shell.forget()
        _replay(history, shell)
        before = after = shell.live()
    forced = shell.run(f"{history.command} --apply --force-conflicts")
    _check(forced, history.forced, after, live := shell.live())
    for owner, paths in history.owners.items():
        for path in paths.split():
            assert _owns(live, owner, path), (owner, path, live["metadata"]["managedFields"])
    if history.forced.done:
        assert forced_look.returncode == (before != live)
        assert shell.must(f"{history.command} --apply") == "service/web unchanged\n"


def _replay(history: History, shell: Shell) -> None:
    for command in history.past:
        shell.must(command)
