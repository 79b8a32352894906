"""Manifests that somebody broke, or nearly: both programs make the same Service of them, or say the same.

`test_go_documents.py` compares what is said about texts that hold no object; here there is one, and it may survive.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.differential.programs import run_kubectl, run_svc

if TYPE_CHECKING:
    from pathlib import Path

_YAML = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web, 'tier': "front"}
  annotations:
    note: |
      several
      lines
spec:
  selector:
    matchLabels: &labels
      app: web
      version: "1"
  template:
    metadata:
      labels: *labels
    spec:
      containers:
      - name: c
        image: i
        ports:
        - containerPort: 8080
        - {containerPort: 53, protocol: UDP, name: dns}
"""
_OBJECT = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app": "w\u00e9b"}},
    "spec": {"containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}]},
}
# Go decodes the second `spec` over the first, item by item.
_GIVEN_TWICE = """\
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"app": "web"}},
 "spec": {"containers": [{"name": "c", "ports": [{"containerPort": 1, "protocol": "UDP"}]}]},
 "spec": {"containers": [{"ports": [{"containerPort": 2}, {"containerPort": 3}]}, {"ports": [{"containerPort": 4}]}]}}
"""
_TEXTS = st.sampled_from([_YAML, _YAML, json.dumps(_OBJECT), json.dumps(_OBJECT, indent=1)])
# No second object: of several, kubectl gives all Services what the first one has, and we do not.
# No byte order mark: within a text goyaml takes it for a letter, libyaml for a fault.
_SNIPPETS = st.sampled_from([
    "\t", "\0", "\r", "\r\n", "\n", " ", "  ", "\x85", "\u2028", "\x7f", "\x1b", "\ud7ff", "\U0001f600",
    "\xa0",
    "%YAML 1.1\n---\n", "%YAML 1.2\n---\n", "%TAG ! tag:a,2000:\n---\n", "%FOO\n", "---\n", "\n---\n", "\n--- # c\n",
    "\n--- x\n", "\n...\n", "---", "{", "}", "[", "]", ",", ":", ": ", "'", '"', "\\", "#", " # c\n", "- ", "? ", "|",
    ">-\n",
    "&a ", "*a", "*labels", "&labels ", "<<: *labels\n", "!!str ", "!!int ", "!!binary ", "!x ", "!!map ", "!!null ",
    "kind: Pod\n", "\nkind: Pod\n", "kind: Service\n", "name: b\n", "{}", "[]", "null", "~", "\n---\nnull\n---\n",
    '"kind": "Pod",', '"metadata": {"name": "b"},', "\\u0041", "\\ud800", "\\x41", "1e3", "0x10", "yes", "08", "1_0",
    ".5",
    "2001-01-01", "x" * 1100, "{a: b}", '{"a": 1}', "\n{}\n",
])  # fmt: skip

# libyaml takes `[]` in `[]a: b` for a key, goyaml for a document of its own; and goyaml forgets that an empty `{}` may
# be a key (scannerc.go `yaml_parser_decrease_flow_level`), so it meets another fault before the one that libyaml meets.
_ONLY_LIBYAML_READS = re.compile(r"[]}][^\s,:\]}]|^ *(\{ *\}|\[ *\])", re.MULTILINE)

# A port that is declared twice we expose once.
_PORTS = ("- containerPort: 8080", "{containerPort: 53,")


@st.composite
def _broken(draw: st.DrawFn) -> str:
    """One of the texts with snippets put in, lines left out or given twice, or its end cut off."""
    text = draw(_TEXTS)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        change = draw(
            st.sampled_from(["insert", "insert", "insert at a line", "insert first", "drop", "repeat", "cut"])
        )
        line = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at) + 1 or len(text)
        if change == "insert":
            text = text[:at] + draw(_SNIPPETS) + text[at:]
        elif change == "insert at a line":
            text = text[:line] + draw(_SNIPPETS) + text[line:]
        elif change == "insert first":
            text = draw(_SNIPPETS) + text
        elif change == "drop":
            text = text[:line] + text[end:]
        elif change == "repeat":
            text = text[:end] + text[line:]
        else:
            text = text[:at]
    assume(not _ONLY_LIBYAML_READS.search(text))
    assume(all(text.count(port) < 2 for port in _PORTS))
    return text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=_broken())
@example(text=_GIVEN_TWICE)
def test_both_programs_do_alike(text: str, env: dict[str, str], tmp_path: Path) -> None:
    """Exit code, standard output and the first error line are the same."""
    argv = ["-f", "-", "--dry-run=client", "-o", "yaml"]
    theirs = run_kubectl(env["KUBECTL_PATH"], argv, env, tmp_path, stdin=text)
    assert run_svc(argv, env, tmp_path, stdin=text) == theirs
