"""A category in place of a TYPE: what kubectl makes of it on a real API server."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.differential.programs import run_kubectl, run_svc
from tests.kinds.custom_resources import definitions, installed
from tests.kinds.exposing import expose, services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

# Kind and category: `beta` and `gamma` share one, which `all` is not; `deltas` is called like a category.
_KINDS = {"Alpha": "solo", "Beta": "pair", "Gamma": "pair", "Delta": "own", "Epsilon": "deltas"}


@pytest.fixture(scope="module")
def categories(stage: Cluster) -> Iterator[Cluster]:
    """Kinds of categories of their own, in two versions each, and one object `x` of each with a pod template."""
    group = f"{stage.namespace}.example.com"
    with installed(stage.core.api_client, [_definition(kind, group) for kind in _KINDS]):
        for kind in _KINDS:
            manifest = {
                "apiVersion": f"{group}/v1",
                "kind": kind,
                "metadata": {"name": "x", "labels": {"kind": kind}},
                "spec": {
                    "template": {
                        "metadata": {"labels": {"app": kind}},
                        "spec": {"containers": [{"name": "a", "ports": [{"containerPort": 80}]}]},
                    }
                },
            }
            stage.kubectl("create", "-f", "-", stdin=json.dumps(manifest))
        yield stage


def _definition(kind: str, group: str) -> dict[str, Any]:
    definition = copy.deepcopy(next(each for each in definitions() if each["spec"]["names"]["kind"] == "CronTab"))
    plural = f"{kind.lower()}s"
    definition["metadata"]["name"] = f"{plural}.{group}"
    spec = definition["spec"]
    spec["group"] = group
    spec["names"] = {"plural": plural, "singular": kind.lower(), "kind": kind, "categories": [_KINDS[kind]]}
    (version,) = spec["versions"]
    spec["versions"] = [
        {**version, "name": "v1beta1", "storage": False},
        {**version, "name": "v1"},
    ]
    return definition


@pytest.mark.parametrize(
    "words",
    [
        "solo", "solo x", "solo/x", "solo,solo x", "solo,deployments x", "SOLO x", "solo.example.com x",
        "pair", "pair x", "pair/x", "own", "deltas x", "deltas/x", "delta x", "all x", "all/x",
    ],
)  # fmt: skip
def test_kubectl_says_the_same(
    words: str, categories: Cluster, programs: Programs, env: dict[str, str], tmp_path: Path
) -> None:
    """A category means its resource where it stands alone before names, and it has one; no error tells otherwise."""
    argv = [*words.split(), "--port", "80", "--dry-run=client"]
    theirs = run_kubectl(programs.kubectl, argv, env, tmp_path)
    ours = run_svc(argv, env, tmp_path)
    if theirs.error.startswith("error: no kind "):  # kubectl found the object and can do no more
        assert (ours.code, ours.stdout) == (0, "service/x exposed (dry run)\n")
        kind = theirs.error.split('"')[1]
        (service,) = services(expose(categories, *argv, "-o", "yaml"))
        assert service["metadata"]["labels"] == {"kind": kind}
    else:
        assert ours == theirs
