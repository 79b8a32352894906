"""One kubeconfig file, field by field, against the real kubectl, which decodes it into client-go's structs."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from kubectl_svc.access.kubeconfig.file import read
from tests.go_values import fields_of, values_of
from tests.strategies import drawn

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.build import Programs

_FIELDS = {name: word for name, word in fields_of("Config").items() if name not in {"apiVersion", "kind"}}


@st.composite
def _configs(draw: st.DrawFn) -> dict[str, Any]:
    """A kubeconfig with something in one to three of its fields, in any order."""
    names = draw(st.lists(st.sampled_from(sorted(_FIELDS)), min_size=1, max_size=3, unique=True))
    return {name: draw(values_of(_FIELDS[name])) for name in names}


def _refusals_by_kubectl(kubectl: str, files: list[Path]) -> dict[str, str]:
    """What kubectl says of each file that it refuses; it reads all that KUBECONFIG lists, and says it all at once."""
    env = {"KUBECONFIG": ":".join(map(str, files)), "HOME": "/nonexistent"}
    done = subprocess.run([kubectl, "config", "view"], env=env, capture_output=True, text=True, check=False)
    lines = re.findall('error loading config file "(.*?)": (.*)', done.stderr)
    return dict(lines)


def _refusal(data: bytes) -> str:
    try:
        read(data)
    except ValueError as error:
        return str(error)
    return ""


def test_a_wrong_type_is_refused_in_the_same_words(tmp_path: Path, programs: Programs) -> None:
    """Wherever it stands; of several the first in the order of the names; and what is right is taken."""
    files = [tmp_path / f"config-{number}" for number in range(300)]
    for file, config in zip(files, drawn(_configs(), len(files)), strict=True):
        file.write_text(json.dumps(config))
    ours = {str(file): refusal for file in files if (refusal := _refusal(file.read_bytes()))}
    assert ours == _refusals_by_kubectl(programs.kubectl, files)
    assert 0 < len(ours) < len(files)


def test_what_is_given_is_kept() -> None:
    """Empty values and extensions as they came, bytes decoded, unknown fields and nulls dropped."""
    given = {
        "name": "a",
        "user": {"token": "", "as-groups": [], "exec": {"args": [None], "provideClusterInfo": False, "x": 1}},
    }
    extension = {"name": "client.authentication.k8s.io/exec", "extension": {"z": [1, None, {"y": 1.5}], "a": {}}}
    cluster = {"certificate-authority-data": "YWI=", "proxy-url": None, "extensions": [extension]}
    config = {"users": [given], "clusters": [{"name": "a", "cluster": cluster}], "contexts": None}
    assert read(json.dumps(config).encode()) == {
        "users": [
            {"name": "a", "user": {"token": "", "as-groups": [], "exec": {"args": [""], "provideClusterInfo": False}}}
        ],
        "clusters": [{"name": "a", "cluster": {"certificate-authority-data": b"ab", "extensions": [extension]}}],
    }


@pytest.mark.parametrize("depth", [100, 450, 900, 5_000])
def test_a_fault_beside_deep_nesting(depth: int) -> None:
    """Ends in a sentence, however deep the rest of the file goes."""
    nested = f'{{"users": 5, "extensions": [{{"name": "a", "extension": {"[" * depth}{"]" * depth}}}]}}'
    assert re.match("json: cannot unmarshal|yaml: nested too deeply to be read$", _refusal(nested.encode()))
