"""What kubectl's YAML reader refuses, in its own words."""

from __future__ import annotations

import pytest

from kubectl_svc.output import go_yaml, kyaml
from tests.output import AS_GIVEN, printed
from tests.strategies import REFUSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.control_plane.build import Programs


@pytest.mark.parametrize(
    "annotations",
    [
        *(pytest.param({"a": char}, id=f"U+{ord(char):04X}") for char in REFUSED),
        pytest.param({"a": "\x85", "b": "c\x7fd\x85"}, id="a control character after a next line"),
        pytest.param({"a\x85b": "c"}, id="a key of two lines"),
        pytest.param({"a": "\x85\x85", "a\x85b": "c"}, id="a key of two lines in the fourth line"),
        pytest.param({"k" * 1023: "v"}, id="a key too long for YAML"),
        pytest.param({"<" * 170 + "k" * 3: "v"}, id="a key too long with its escapes"),
        pytest.param({"\n" * 500 + "k" * 23: "v"}, id="a key too long with its short escapes"),
        pytest.param({"a": "\x85", "k" * 1023: "v"}, id="a key too long in the second line"),
        pytest.param({"a": "\x85\x85", "b": "c\x85", "c\x85": ""}, id="the same after two strings"),
        pytest.param({"a": "b\x85--- c"}, id="the start of a document"),
        pytest.param({"a": "b\x85\x85", "b": " \x85c\x85...\x85"}, id="the end of a document"),
    ],
)
def test_refusals(programs: Programs, annotations: dict[str, str]) -> None:
    """The sentence, line number included, that kubectl prints instead of the object."""
    metadata = {"annotations": annotations, "name": "web"}
    document = {"apiVersion": "v1", "kind": "Service", "metadata": metadata}
    for name, module in (("yaml", go_yaml), ("kyaml", kyaml)):
        with pytest.raises(ValueError, match="yaml: ") as refused:
            module.render(document)
        assert printed(programs.kubectl, [document], *AS_GIVEN, "-o", name) == ("", f"error: {refused.value}\n")


def test_refusals_in_a_later_object(programs: Programs) -> None:
    """The line is counted through the whole object, and KYAML names the one where the inner object begins."""
    metadata = {"annotations": {"a": "\x85\x85"}, "labels": {"b": "\x85", "c\x85": ""}, "name": "web"}
    document = {"apiVersion": "v1", "kind": "Service", "metadata": metadata}
    for name, module, line in (("yaml", go_yaml, 4), ("kyaml", kyaml, 2)):
        with pytest.raises(ValueError, match=f"line {line}: ") as refused:
            module.render(document)
        assert printed(programs.kubectl, [document], *AS_GIVEN, "-o", name) == ("", f"error: {refused.value}\n")


def test_what_is_no_text_becomes_replacement_characters() -> None:
    """Bytes that are not UTF-8, and lone surrogates."""
    assert go_yaml.render({"a": "\udcff\ud800"}) == "a: \ufffd\ufffd\n"
    assert kyaml.render({"a": "\udcff\ud800"}) == '---\n{\n  a: "\ufffd\ufffd",\n}\n'
