"""`-o yaml` against the real kubectl, and what no differential can say."""

from __future__ import annotations

import pytest

from kubectl_svc.errors import SvcError
from kubectl_svc.output import go_yaml
from kubectl_svc.schema import as_service
from tests.output import AS_GIVEN, TYPED, as_typed, assert_same, printed
from tests.strategies import LOOKALIKES, SPECIAL, drawn, some_services, string_maps, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tests.control_plane.build import Programs


def _annotated(annotations: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "annotations": annotations}, "spec": {}}


def test_typed_services_print_as_kubectl_prints_them(programs: Programs) -> None:
    """Whole Services through the Go struct, several of them with kubectl's separator."""
    documents = some_services()
    expected, errors = printed(programs.kubectl, documents, *TYPED, "-o", "yaml", "--show-managed-fields")
    assert errors == ""
    ours = [go_yaml.render(as_service(as_typed(document))) for document in documents]
    assert_same(expected, [ours[0], *(f"---\n{text}" for text in ours[1:])])


@pytest.mark.parametrize(
    "annotations",
    [
        pytest.param([{"a": text} for text in (*LOOKALIKES, *SPECIAL)], id="look-alikes as values"),
        pytest.param([{text: "v", "a": "w"} for text in (*LOOKALIKES, *SPECIAL) if text != "\x85"], id="and as keys"),
        pytest.param([{"a": f"x\n{text}"} for text in (*LOOKALIKES, *SPECIAL)], id="and in a second line"),
        pytest.param([{"a": f"\ufeff{text}"} for text in (*LOOKALIKES, *SPECIAL)], id="after a byte order mark"),
        pytest.param([{f"\ufeff{'k' * n}": "word " * 30} for n in (1, 30, 125, 126, 200)], id="and in long keys"),
        pytest.param([{f"\ufeff{text}k": "word " * 30} for text in SPECIAL if text != "\x85"], id="and in broken keys"),
        pytest.param(
            [{f"{text}\u2028": f"{text}\u2029", "exact": "exact0."} for text in LOOKALIKES], id="before separators"
        ),
        pytest.param([{"k" * n: "word " * 30} for n in (127, 128, 129, 1022)], id="keys at both limits"),
    ],
)
def test_hostile_strings(programs: Programs, annotations: list[dict[str, str]]) -> None:
    """Every string that some rule singles out, in every place that matters."""
    documents = [_annotated(pairs) for pairs in annotations]
    expected, errors = printed(programs.kubectl, documents, *AS_GIVEN, "-o", "yaml")
    assert errors == ""
    assert_same(expected, [go_yaml.render(document) for document in documents])


def test_any_strings(programs: Programs) -> None:
    """Strings of all Unicode as keys and values."""
    documents = [_annotated(pairs) for pairs in drawn(string_maps(max_size=8), 150)]
    documents += [_annotated({"a": text}) for text in drawn(texts(), 300)]
    expected, errors = printed(programs.kubectl, documents, *AS_GIVEN, "-o", "yaml")
    assert errors == ""
    assert_same(expected, [go_yaml.render(document) for document in documents])


def test_python_emitter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml there is a clear error, not YAML that breaks its lines elsewhere."""
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    with pytest.raises(SvcError, match="libyaml"):
        go_yaml.render({})
