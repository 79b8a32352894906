"""The fixtures themselves: the custom kinds are on the real server, with their names, versions and subresources."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from kubernetes import client

from tests.kinds import examples
from tests.kinds.custom_resources import definitions, installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.control_plane.cluster import Cluster, Site


def _key(manifest: Mapping[str, Any]) -> tuple[str, str]:
    return manifest["apiVersion"].partition("/")[0], manifest["kind"]


_DEFINITIONS = {(each["spec"]["group"], each["spec"]["names"]["kind"]): each["spec"] for each in definitions()}
# The built-in group comes first, so that these mean a custom kind only with its group.
_TAKEN = {"services", "service", "statefulsets", "statefulset", "sts", "daemonsets", "daemonset"}
_CUSTOM = [
    manifest for example in examples.NAMES for manifest in examples.manifests(example) if _key(manifest) in _DEFINITIONS
]


@pytest.fixture(scope="module")
def kinds_stage(stage: Cluster, custom_resources: frozenset[str]) -> Iterator[Cluster]:
    """A namespace with all examples."""
    del custom_resources  # it only has to be there
    stage.kubectl("create", "-f", str(examples.FOLDER))
    yield stage
    # KubeVirt's own object counts for all namespaces, and this one goes away later.
    stage.kubectl("delete", "-f", examples.path("kubevirt"))


def test_a_second_run_finds_all_and_removes_nothing(site: Site, custom_resources: frozenset[str]) -> None:
    """What was there before is somebody else's."""
    with installed(site.client, definitions()) as made:
        assert made == frozenset()
    there = client.ApiextensionsV1Api(site.client).list_custom_resource_definition().items
    assert custom_resources <= {each.metadata.name for each in there if not each.metadata.deletion_timestamp}


def test_only_what_it_made_is_removed(cluster: Cluster) -> None:
    """One of two definitions was there before, and stays as it was; the other is usable inside, and gone after."""
    api = client.ApiextensionsV1Api(cluster.core.api_client)
    wanted = [_made_up(cluster, plural) for plural in ("owns", "lends")]
    own, lent = (each["metadata"]["name"] for each in wanted)
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(wanted[0]))
    before = api.read_custom_resource_definition(own).spec
    try:
        with installed(cluster.core.api_client, wanted) as made:
            assert made == {lent}
            assert cluster.kubectl("get", f"{own},{lent}").stdout == ""
        there = {each.metadata.name: each for each in api.list_custom_resource_definition().items}
        assert lent not in there
        assert (there[own].spec, there[own].metadata.deletion_timestamp) == (before, None)
    finally:
        cluster.kubectl("delete", "crd", own)


def _made_up(cluster: Cluster, plural: str) -> dict[str, Any]:
    """A definition in a group of this test's own."""
    definition = copy.deepcopy(next(each for each in definitions() if each["spec"]["names"]["kind"] == "CronTab"))
    group = f"{cluster.namespace}.example.com"
    definition["metadata"]["name"] = f"{plural}.{group}"
    definition["spec"]["group"] = group
    definition["spec"]["names"] = {"plural": plural, "singular": plural[:-1], "kind": plural.title()}
    return definition


def test_every_definition_is_on_the_server(site: Site, custom_resources: frozenset[str]) -> None:
    """With the names, versions and subresources of its file; a user's own may differ."""
    api = client.ApiextensionsV1Api(site.client)
    there = {each.metadata.name: each for each in api.list_custom_resource_definition().items}
    for definition in definitions():
        name = definition["metadata"]["name"]
        if name in custom_resources:
            spec = site.client.sanitize_for_serialization(there[name])["spec"]
            assert {**spec, **definition["spec"]} == spec
    assert there.keys() >= {each["metadata"]["name"] for each in definitions()}


def test_every_object_is_accepted(kinds_stage: Cluster) -> None:
    """And found by its manifest."""
    names = kinds_stage.kubectl("get", "-f", str(examples.FOLDER), "-o", "name").stdout.split()
    assert len(names) == sum(len(examples.manifests(example)) for example in examples.NAMES)


def test_every_kind_goes_by_all_its_names(kinds_stage: Cluster) -> None:
    """Plural, singular and short names, with the group where they mean a built-in kind without it, and each version."""
    words: list[str] = []
    found: list[str] = []
    for (group, _), (spec, name) in _one_of_each().items():
        names = spec["names"]
        ways = [names["plural"], names["singular"], *names.get("shortNames", ())]
        ways = [f"{way}.{group}" if way in _TAKEN else way for way in ways]
        ways += [f"{names['plural']}.{version['name']}.{group}" for version in spec["versions"]]
        words += [f"{way}/{name}" for way in ways]
        found += [f"{names['singular']}.{group}/{name}"] * len(ways)
    assert kinds_stage.kubectl("get", "-o", "name", *words).stdout.split() == found


def _one_of_each() -> dict[tuple[str, str], tuple[dict[str, Any], str]]:
    """For each group and kind its definition and the name of an object; a kind without any is an error here."""
    names = {_key(manifest): manifest["metadata"]["name"] for manifest in _CUSTOM}
    return {key: (spec, names[key]) for key, spec in _DEFINITIONS.items()}


@pytest.mark.parametrize(
    "manifest", [each for each in _CUSTOM if "status" in each], ids=lambda each: each["metadata"]["name"]
)
def test_the_status_feeds_the_scale_subresource(manifest: dict[str, Any], kinds_stage: Cluster) -> None:
    """Its selector is the status's, where the real definition says so; other kinds have no scale."""
    examples.report_status(kinds_stage, manifest, **manifest["status"])
    spec = _DEFINITIONS[_key(manifest)]
    version = manifest["apiVersion"].partition("/")[2]
    scale = next(each for each in spec["versions"] if each["name"] == version)["subresources"].get("scale")
    objects = client.CustomObjectsApi(kinds_stage.core.api_client)
    where = (spec["group"], version, kinds_stage.namespace, spec["names"]["plural"], manifest["metadata"]["name"])
    if not scale:
        with pytest.raises(client.ApiException, match="404"):
            objects.get_namespaced_custom_object_scale(*where)
        return
    live = objects.get_namespaced_custom_object_scale(*where)
    selector = live["status"].get("selector")
    assert bool(selector) == ("labelSelectorPath" in scale)
    assert not selector or selector in (manifest["status"].get("selector"), manifest["status"].get("labelSelector"))
    assert live["spec"]["replicas"] == manifest["spec"]["replicas"]
