"""Any words for any provider: a Service whose settings are all right, or one line that says what is not."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from kubectl_svc.access.providers import Providers
from kubectl_svc.load_balancers.model import LABEL, Provider, Setting
from kubectl_svc.load_balancers.values import read_value
from tests.svc import svc_here

_PROVIDERS = Providers({}).all()
_WORDS = (
    "true", "false", "on", "off", "1", "80", "65536", "10.0.0.9", "10.0.0.0/8", "fd00::9", "a", "a,b", "a=b", "15s",
    '{"type":"inner"}', "{", "", "subnet-1", "lb-1", "é", "80:http", "6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e",
)  # fmt: skip


def _value(setting: Setting) -> st.SearchStrategy[str]:
    """A right value where that is easy, and any other."""
    known = [*setting.value.get("of", ())] if setting.value.get("type") == "word" else []
    likely = [*known, setting.default] if setting.default else known
    return st.sampled_from(likely or _WORDS) | st.sampled_from(_WORDS)


@st.composite
def _typed(draw: st.DrawFn) -> tuple[str, list[str]]:
    provider = draw(st.sampled_from(_PROVIDERS))
    words = ["--lb", draw(st.sampled_from([provider.name, *provider.aliases]))]
    for setting in draw(st.lists(st.sampled_from(provider.settings), max_size=3)):
        name = draw(st.sampled_from([setting.name, setting.key or setting.name])).replace("{port}", "80")
        words += ["--lb-set", f"{name}={draw(_value(setting))}"]
    for flag, values in draw(st.lists(st.sampled_from(_INTENTS), max_size=2, unique_by=lambda pair: pair[0])):
        words += [flag, *([draw(st.sampled_from(values))] if values else [])]
    return provider.name, words


_INTENTS = [
    ("--lb-scheme", ["internal", "public"]),
    ("--lb-target", ["ip", "instance"]),
    ("--lb-address", ["10.0.0.9", "10.0.0.9,fd00::9", "my-address", "eipalloc-1a"]),
    ("--lb-id", ["lb-1", "7"]),
    ("--lb-pool", ["a"]),
    ("--lb-subnet", ["subnet-1", "a"]),
    ("--lb-share", ["key"]),
    ("--lb-proxy-protocol", []),
    ("--lb-cross-zone", []),
]


@settings(max_examples=300, deadline=None)
@given(_typed())
def test_any_words(typed: tuple[str, list[str]]) -> None:
    """Nothing that is written breaks its own rule, and nothing is half done."""
    name, words = typed
    provider = next(one for one in _PROVIDERS if one.name == name)
    code, out, err = svc_here(
        "expose", "-f", "tests/examples/my-app.yaml", "--dry-run=client", "-o", "json", *words
    )  # fmt: skip
    event("refused" if code else "written")
    if code:
        assert out == ""
        assert err.splitlines()[-1].startswith("error: --lb")
        assert sum(line.startswith("error: ") for line in err.splitlines()) == 1
        return
    service = json.loads(out)
    assert service["spec"]["type"] == "LoadBalancer"
    for setting, value in _settings_of(provider, service):
        assert isinstance(value, str)
        assert not setting.written_by
        assert any(_takes(one, value) for one in provider.settings if one.key == setting.key), (setting.key, value)


def _settings_of(provider: Provider, service: dict[str, Any]) -> list[tuple[Setting, Any]]:
    metadata = service["metadata"]
    return [
        (setting, value)
        for setting in provider.settings
        if setting.key
        for key, value in metadata.get("labels" if setting.kind == LABEL else "annotations", {}).items()
        if setting.matches(key)
    ]


def _takes(setting: Setting, value: str) -> bool:
    try:
        return read_value(setting.value, value) == value
    except ValueError:
        return False
