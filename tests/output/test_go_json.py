"""`-o json` and kubectl's compact encoding against the real kubectl."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kubectl_svc.go_service import as_service
from kubectl_svc.output import go_json
from tests.output import AS_GIVEN, TYPED, as_typed, assert_same, printed
from tests.strategies import REFUSED, SPECIAL, some_services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.control_plane.build import Programs


def test_typed_services_print_as_kubectl_prints_them(programs: Programs) -> None:
    """Whole Services through the Go struct, with everything that JSON escapes."""
    documents = some_services()
    expected, errors = printed(programs.kubectl, documents, *TYPED, "-o", "json", "--show-managed-fields")
    assert errors == ""
    assert_same(expected, [go_json.render(as_service(as_typed(document))) for document in documents])


def test_every_kind_of_character(programs: Programs) -> None:
    """Characters that Go escapes, and those that only YAML refuses."""
    names = [f"{char}{char}" for char in f"{SPECIAL}{REFUSED}"]
    documents = [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}} for name in names]
    expected, errors = printed(programs.kubectl, documents, *AS_GIVEN, "-o", "json")
    assert errors == ""
    assert_same(expected, [go_json.render(document) for document in documents])


def test_compact_is_what_kubectl_records_as_last_applied(programs: Programs) -> None:
    """The annotation of `--save-config`, newline included; of a ConfigMap, for want of a Service without a cluster."""
    text = SPECIAL.replace("\0", "")
    words = ("create", "configmap", "web", f"--from-literal=text={text}", "--dry-run=client", "--save-config")
    output, errors = printed(programs.kubectl, [], *words, "-o", "json")
    assert errors == ""
    document = json.loads(output)
    recorded = document["metadata"].pop("annotations")["kubectl.kubernetes.io/last-applied-configuration"]
    assert go_json.encode_compact(document) == recorded


def test_compact_reads_back() -> None:
    """One line that holds what went in."""
    for document in map(as_service, some_services()):
        text = go_json.encode_compact(document)
        assert text.index("\n") == len(text) - 1
        assert json.loads(text) == document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\udcff\udcfe", "\\ufffd\\ufffd", id="bytes that are not UTF-8, one escape each"),
        pytest.param("\ud800", "\ufffd", id="a lone surrogate, which Go drops while reading"),
    ],
)
def test_what_is_no_text(text: str, expected: str) -> None:
    """Strings that cannot be encoded print as Go prints theirs (encoding/json `appendString`)."""
    assert go_json.encode_compact({"a": text}) == f'{{"a":"{expected}"}}\n'


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [("go_json", "yaml"), ("go_yaml", "json"), ("kyaml", "yaml"), ("kyaml", "json")],
)
def test_formats_do_not_load_each_other(module: str, unwanted: str) -> None:
    """Each library costs milliseconds at every start."""
    code = f"import sys, kubectl_svc.output.{module}; sys.exit({unwanted!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
