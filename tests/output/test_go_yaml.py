"""`-o yaml` against the real kubectl, and what no differential can say."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.errors import SvcError
from kubectl_svc.go_service import as_service
from kubectl_svc.output import go_yaml, libyaml
from tests.output import AS_GIVEN, TYPED, as_typed, assert_same, printed
from tests.strategies import LOOKALIKES, SPECIAL, drawn, has_order, some_services, string_maps, texts

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
        pytest.param([{"a15": "", "a100": "", "a2": "", "a02": ""}], id="numbers in keys"),
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


_PLAIN_TEXT = st.from_regex(r"[a-zA-Z/0-9][a-zA-Z0-9_./:-]{0,12}", fullmatch=True) | st.sampled_from(
    [
        "10.0.0.1",
        "1.2.3",
        "1.5",
        "9a3e6ac1-3348-4ae8-b4d1-0f777bf3d090",
        "2026-11-23T12:00:00Z",
        "1-1-1-1-1",
        "on",
        "a:",
    ]
)
_PLAIN_NODES = st.recursive(
    _PLAIN_TEXT | st.booleans() | st.integers(-9, 99999),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_PLAIN_TEXT, inner, max_size=3).filter(has_order),
    max_leaves=10,
)


@given(st.dictionaries(_PLAIN_TEXT, _PLAIN_NODES, min_size=1, max_size=4).filter(has_order))
@example({"a" * 128: "b", "c" * 129: "d"})  # from here on keys stand behind `?`
def test_plain_services_are_written_as_libyaml_writes_them(document: dict[str, Any]) -> None:
    """The quick writer never differs."""
    assert go_yaml.render(document) == libyaml.render(document)


def test_a_usual_service_does_not_need_libyaml() -> None:
    """Else the quick writer would be of no use."""
    usual = {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": "my-app", "labels": {"app": "my-app", "app.kubernetes.io/name": "my-app"}},
        "spec": {"ports": [{"protocol": "TCP", "port": 80, "targetPort": "http"}], "clusterIP": "10.0.0.1"},
        "status": {"loadBalancer": {}},
    }
    program = f"import sys; from kubectl_svc.output import go_yaml; go_yaml.render({usual!r}); "
    program += "sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
