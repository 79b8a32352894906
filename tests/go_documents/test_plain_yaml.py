"""The quick reader of plain YAML never differs from the library: it reads the same, or leaves the text to it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.go_documents.plain_yaml import NotPlainError, read_plain
from kubectl_svc.go_documents.yaml_values import read_yaml

_TESTS = Path(__file__).parents[1]

_WORDS = st.sampled_from(
    [
        "a",
        "app",
        "y",
        "on",
        "null",
        "x-y",
        "app.kubernetes.io/name",
        "v1",
        "1e3",
        "0x1f",
        "1_000",
        "2001-01-01",
        "080",
        "80",
        "0",
        "-1",
        "+1",
        "1.5",
        "true",
        "True",
        "~",
        "{}",
        "[]",
        "nginx:1.27",
        "a:",
        ":a",
        "#b",
        "&a",
        '"\\n"',
        "'",
        "*a",
        "!t",
        "a,b",
        "@a",
        "%a",
        "|",
        ">",
        "-",
        "--",
        "---",
        "...",
        "<<",
        "é",
        "=",
        "a b",
        "a #b",
        '"a b"',
        "'it''s'",
        "'a b'",
        '""',
    ]
)
_SCALARS = (
    _WORDS
    | st.text("0123456789abcdefxoXOBE_", min_size=1, max_size=9)
    | st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
)
_LINES = st.builds(
    lambda indent, dash, key, value, comment: " " * indent + dash + key + value + comment,
    st.integers(0, 6),
    st.sampled_from(["", "", "", "- ", "-", "-  ", "- - "]),
    st.just("") | _SCALARS.map(lambda key: f"{key}: ") | _SCALARS.map(lambda key: f"{key}:"),
    st.just("") | _SCALARS,
    st.sampled_from(["", "", "", " ", " # why", "\t"]),
)
_KEYS = st.from_regex(r"[a-zA-Z][a-zA-Z0-9./_-]{0,12}", fullmatch=True)
_VALUES = st.recursive(
    st.booleans() | st.none() | st.integers(-5, 10**25) | st.text(max_size=20) | _KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


def _assert_same(text: str) -> None:
    try:
        plain = read_plain(text)
    except NotPlainError:
        return
    assert repr(plain) == repr(read_yaml(text.encode())), text  # equality would take True for 1


@given(st.lists(_LINES, min_size=1, max_size=8).map("\n".join))
def test_hostile_lines(text: str) -> None:
    """Lines that look like YAML in every way that may go wrong."""
    _assert_same(text)


@given(document=st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=4), compact=st.booleans())
@example(document={"a": (1 << 64) + 1}, compact=True)  # no integer to Go
def test_what_a_library_writes(document: dict[str, object], *, compact: bool) -> None:
    """Both habits of indenting lists, every kind of value."""

    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, indentless and compact)

    _assert_same(yaml.dump(document, Dumper=Dumper))


@given(document=st.dictionaries(_KEYS, _KEYS | st.integers(0, 10**17), min_size=1, max_size=5))
def test_plain_text_is_really_read(document: dict[str, object]) -> None:
    """The quick way is taken: mappings of words and integers, ambiguous words aside."""
    ambiguous = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}
    if not any(str(part).lower() in ambiguous for pair in document.items() for part in pair):
        assert read_plain(yaml.safe_dump(document)) == document


_CLOUD = """\
apiVersion: v1
kind: Config
users:
- name: eks
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - eu-west-1
      - eks
      - get-token
      - --cluster-name
      - my-cluster
      - -o
      - json
      command: aws
      env: null
      interactiveMode: IfAvailable
      provideClusterInfo: false
- name: gke
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args: null
      command: gke-gcloud-auth-plugin
      installHint: Install gke-gcloud-auth-plugin for use with kubectl by following
        https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin
      provideClusterInfo: true
- name: aks
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubelogin
      installHint: |

        kubelogin is not installed which is required to connect to AAD enabled cluster.

        To learn more, please go to https://aka.ms/aks/kubelogin
      installHint2: |

        # kubelogin: is not installed
          - nor is it here

        To learn more, please go to https://aka.ms/aks/kubelogin
      provideClusterInfo: false
"""


def test_kubeconfigs_of_clouds_are_really_read() -> None:
    """What kubectl writes for EKS, GKE and AKS: options, null, texts of several lines."""
    assert read_plain(_CLOUD) == read_yaml(_CLOUD.encode())


@given(
    st.lists(
        st.sampled_from(
            [
                "a: |",
                "a: |-",
                "  a: |",
                "- |",
                "- |-",
                "",
                " ",
                "  ",
                "   x",
                "  x: y",
                "  # c",
                "    - z",
                "x: 1",
                "    x  ",
            ]
        ),
        min_size=1,
        max_size=9,
    ).map("\n".join)
)
def test_hostile_literals(text: str) -> None:
    """Texts line by line, with empty lines, comments and odd indentation."""
    _assert_same(text)
    _assert_same(f"k:\n{text}")


@given(
    st.lists(
        st.sampled_from(
            [
                "a: b",
                "a: b c",
                "  c d",
                "   e#f",
                "  #g",
                "",
                "  h: i",
                "  j:",
                "  - k",
                "l:",
                "- m",
                "  n",
                "a: 'b",
                "  c'",
                "a: 1",
                "  null",
            ]
        ),
        min_size=1,
        max_size=7,
    ).map("\n".join)
)
def test_hostile_texts_of_several_lines(text: str) -> None:
    """Lines that go on, and those that only look like it."""
    _assert_same(text)
    _assert_same(f"k:\n{text}")


@pytest.mark.parametrize("path", ["examples/my-app.yaml", "differential/files/list.yaml"])
def test_manifests_as_people_write_them(path: str) -> None:
    """The example is plain; a file with flow mappings is left to the library."""
    text = (_TESTS / path).read_text()
    if "{" in text:
        with pytest.raises(NotPlainError):
            read_plain(text)
    else:
        assert read_plain(text) == read_yaml(text.encode())
