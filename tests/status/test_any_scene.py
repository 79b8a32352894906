"""Whatever a server may show: something is said of it, and it fits together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from kubectl_svc.output.status_document import as_document
from kubectl_svc.output.status_text import described, reach_lines, row
from kubectl_svc.output.status_tree import draw
from kubectl_svc.reachability.diagnose import diagnose
from kubectl_svc.reachability.model import BROKEN, LEVELS
from tests.status.scenes import scenes

if TYPE_CHECKING:
    from tests.status.scenes import FakeScene


@given(scenes())
def test_any_scene(scene: FakeScene) -> None:
    """No rule fails, the levels agree with what is said, and every diagnosis is one line with a command."""
    status = diagnose(scene)
    levels = [LEVELS.index(each.level) for each in status.diagnoses]
    assert levels == sorted(levels)
    assert status.reachable is not True or not any(each.level == BROKEN for each in status.diagnoses)
    for each in status.diagnoses:
        assert each.commands
        assert all(each.commands)
        assert each.message
        assert "\n" not in "".join((each.message, *each.commands))
    if scene.sees_all and status.reachable is False:
        assert any(each.level == BROKEN for each in status.diagnoses)
    assert as_document(status)["reachable"] is status.reachable
    assert described(status)
    assert row(status, wide=True)
    assert reach_lines(status)
    assert draw(status, 80, colours=False)
