"""`-o kyaml` against the real kubectl."""

from __future__ import annotations

import pytest

from kubectl_svc.go_service import as_service
from kubectl_svc.output import kyaml
from tests.output import TYPED, as_typed, assert_same, printed
from tests.strategies import LOOKALIKES, SPECIAL, drawn, some_services, string_maps, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tests.control_plane.build import Programs

_STRINGS = (*LOOKALIKES, *SPECIAL)


def _annotated(annotations: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "annotations": annotations}}


def _compare(kubectl: str, documents: list[dict[str, Any]]) -> None:
    expected, errors = printed(kubectl, documents, *TYPED, "-o", "kyaml", "--show-managed-fields")
    assert errors == ""
    assert_same(expected, [kyaml.render(as_service(as_typed(document))) for document in documents])


def test_typed_services_print_as_kubectl_prints_them(programs: Programs) -> None:
    """Whole Services through the Go struct, several of them, each with its header."""
    _compare(programs.kubectl, some_services())


def test_any_strings(programs: Programs) -> None:
    """Strings of all Unicode as keys and values."""
    annotations = drawn(string_maps(max_size=8), 150) + [{"a": text} for text in drawn(texts(), 300)]
    _compare(programs.kubectl, [_annotated(pairs) for pairs in annotations])


@pytest.mark.parametrize(
    "annotations",
    [
        pytest.param([{"a": text} for text in _STRINGS], id="values"),
        pytest.param([{text: ""} for text in _STRINGS if text != "\x85"], id="keys"),
        pytest.param([{"a": f"{text}\n{text}\n\n{text}"} for text in _STRINGS], id="lines"),
        pytest.param([{"a": f"\n{text}\n"} for text in _STRINGS], id="lines between line breaks"),
    ],
)
def test_hostile_strings(programs: Programs, annotations: list[dict[str, str]]) -> None:
    """Every string that some rule singles out, in every place that matters."""
    _compare(programs.kubectl, [_annotated(pairs) for pairs in annotations])
