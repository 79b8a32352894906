"""The data files: each as the schema wants it, together all of the reference, and nothing beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kubectl_svc
from kubectl_svc.load_balancers.model import Provider, read_provider
from kubectl_svc.load_balancers.schema import find_problems

FOLDER = Path(kubectl_svc.__file__).parent / "load_balancers" / "providers"
FILES = sorted(FOLDER.glob("*.json"))
# Every key of the tables of the reference, by provider; a field of JSON behind its setting's name.
_REFERENCE = Path(__file__).with_name("reference_keys.txt")
_NO_KEY = {("cilium", "Service labels")}  # any label: which, the pools of the cluster say
_PROVIDERS = {
    "aws", "azure", "gke", "huawei", "metallb", "alibaba", "tencent", "cilium", "kube-vip", "openstack", "digitalocean",
    "oci", "hetzner", "linode", "scaleway", "ibm", "civo", "kube-ovn", "purelb",
}  # fmt: skip
_ALIASES = {
    "aws": ["eks"], "azure": ["aks"], "gke": ["gcp", "google"], "huawei": ["cce"], "alibaba": ["ack", "aliyun"],
    "tencent": ["tke"], "openstack": ["octavia"], "digitalocean": ["do"], "oci": ["oracle"], "hetzner": ["hcloud"],
    "linode": ["akamai"],
}  # fmt: skip


def _load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def providers() -> list[Provider]:
    """All of ours."""
    return [read_provider(_load(path)) for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_schema(path: Path) -> None:
    """Each file says only what its readers know, and names nothing that is not there."""
    document = _load(path)
    assert find_problems(document) == []
    assert document["name"] == path.stem


def test_each_provider_of_the_design() -> None:
    """The nineteen, with their aliases, and k3s of the reference's appendix; no word means two of them."""
    ours = {provider.name: provider for provider in providers()}
    assert ours.keys() == _PROVIDERS | {"k3s"}
    assert {name: list(one.aliases) for name, one in ours.items() if one.aliases and name != "k3s"} == _ALIASES
    words = [word for one in ours.values() for word in (one.name, *one.aliases)]
    assert len(words) == len(set(words))


def test_all_of_the_reference() -> None:
    """Each setting of the reference is there, and none that it does not have."""
    expected = {(line[0], line[1]) for line in map(_split, _REFERENCE.read_text().splitlines())}
    known = {pair for provider in providers() for pair in _keys(provider)}
    assert expected - known == _NO_KEY
    # A row of the reference tells of the first of these what holds for the second.
    assert known - expected == {
        ("aws", "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes.{port}"),
    }


def _split(line: str) -> list[str]:
    return line.split("\t")


def _keys(provider: Provider) -> set[tuple[str, str]]:
    keys = {(provider.name, setting.key) for setting in provider.settings if setting.key}
    nested = (
        (provider.name, f"{setting.name}.{field}")
        for setting in provider.settings
        for field in setting.value.get("fields", ())
        if setting.name in ("elb.autocreate", "elb.health-check-options")
    )
    return keys | set(nested)


def test_every_setting_says_what_it_is_and_where_that_is_from() -> None:
    """Meaning and source, and values for whatever may be written."""
    for provider in providers():
        for setting in provider.settings:
            assert setting.source, (provider.name, setting.key)
            assert setting.meaning, (provider.name, setting.key)
            assert setting.value or setting.written_by, (provider.name, setting.key)
            for part in setting.source.split("; "):
                known = (*provider.sources, "docs.k3s.io", "k3s-io/k3s#8809")
                assert any(part.startswith(source) for source in known) or "/" in part, (provider.name, part)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"settings": 7}, "the provider.settings is not a list of objects"),
        ({"title": None}, "the provider.title is not a text"),
        ({"colour": "red"}, "the provider: colour is none of"),
        ({"settings": [{"key": "a/b"}]}, "settings[0] (a/b).value is not an object"),
        ({"settings": [{"key": "a/b", "value": {"type": "wrod"}}]}, "the type wrod is none of boolean, word"),
        ({"settings": [{"key": "a/b", "value": {"type": "word"}}]}, "a word needs the list `of` words"),
        ({"settings": [{"value": {"type": "text"}}]}, "has neither a key nor a name"),
        ({"settings": [{"key": "a/b", "value": {"type": "text", "pattern": "("}}]}, "a pattern needs what it `says`"),
        ({"settings": [{"key": "a/b", "value": {"type": "list"}}]}, ".value.of is not an object"),
        (
            {"settings": [{"key": "a/b", "value": {"type": "boolean"}, "default": "on"}]},
            "a/b: the default on is no value of it",
        ),
        ({"settings": [{"key": "a/b", "value": {"type": "text"}, "needs": ["c=1"]}]}, "a/b: c is no setting"),
        ({"settings": [{"key": "a/b", "value": {"type": "text"}}] * 2}, "the key a/b is there twice"),
        ({"intents": {"schema": []}}, "intents: schema is none of select, scheme=internal"),
        ({"intents": {"id": [{}]}}, "intents.id[0] says neither what it sets nor why it is not possible"),
        ({"intents": {"id": [{"set": {"b": "1"}}]}}, "intents.id[0]: b is no setting"),
        ({"intents": {"id": [{"when": {"b": "1"}, "note": "no"}]}}, "intents.id[0].when: b is no setting"),
        ({"evidence": {"sets": [{"resource": "a.b"}]}}, "evidence.sets[0] has no set"),
    ],
)
def test_the_schema_sees(change: dict[str, Any], problem: str) -> None:
    """What is wrong with a file of one's own is said by name."""
    found = find_problems({"name": "own", "title": "Own", "settings": [], **change})
    assert any(problem in one for one in found), found


def test_a_file_that_is_no_object() -> None:
    """Valid JSON is not enough."""
    assert find_problems([]) == ["it is not a JSON object"]
