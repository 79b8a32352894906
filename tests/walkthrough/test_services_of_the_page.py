"""Every Service of ACP's page "Configure Services" by one command: the cluster stores what it stores for the page's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

from tests.walkthrough import recipe
from tests.walkthrough.stored import Place, applied, contains, created, printed, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tests.control_plane.cluster import Cluster, Site

_HERE = Path(__file__).parent
_MANIFESTS = list(yaml.safe_load_all((_HERE / "page.yaml").read_text()))
# The one Service that the page makes without a manifest.
_EXPOSE = "expose deployment my-app --port=80 --target-port=8080 --name=test-service --type=NodePort"
_COMMANDS = recipe.page_commands(recipe.text())

_each_command = pytest.mark.parametrize(
    ("command", "manifest"),
    list(zip(_COMMANDS, [*_MANIFESTS, None], strict=False)),  # one that is missing has a test of its own
    ids=_COMMANDS[: len(_MANIFESTS) + 1],
)


class _Namespaces(NamedTuple):
    """The current context's, the one that stands for every `-n` of the page, and one that only kubectl knows."""

    context: Cluster
    named: Cluster
    reference: Cluster


class _Case(NamedTuple):
    """A command in the namespaces of the test, and its Service as the page says it."""

    argv: list[str]
    place: Place
    reference: Place
    manifest: dict[str, Any]


@pytest.fixture(scope="module")
def namespaces(stage: Cluster, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Namespaces]:
    """Three, each with the Deployments that the page takes for granted."""
    folder = tmp_path_factory.mktemp
    with site.cluster(folder("named")) as named, site.cluster(folder("reference")) as reference:
        for cluster in (stage, named, reference):
            cluster.kubectl("create", "-f", str(_HERE / "workloads.yaml"))
        yield _Namespaces(stage, named, reference)


@pytest.fixture
def case(command: str, manifest: dict[str, Any] | None, namespaces: _Namespaces) -> _Case:
    """Nothing is written to the namespaces that the page names, which may be somebody's (`--cluster current`)."""
    context, named, reference = namespaces
    argv = recipe.words(command)
    lands = context
    if "-n" in argv:
        lands = named
        argv[argv.index("-n") + 1] = named.namespace
    return _Case(argv, Place(context, lands), Place(reference, reference), manifest or _kubectl_exposes(reference))


def _kubectl_exposes(reference: Cluster) -> dict[str, Any]:
    """The manifest that the page's own `kubectl expose` stands for."""
    done = reference.kubectl(*_EXPOSE.split(), "--dry-run=client", "-o", "yaml")
    manifest: dict[str, Any] = yaml.safe_load(done.stdout)
    return manifest


def _referred(case: _Case) -> Any:
    """What the cluster stores when the real kubectl applies the page's manifest, as `settled` gives it."""
    metadata = {key: value for key, value in case.manifest["metadata"].items() if key != "namespace"}
    service = applied(case.reference, yaml.safe_dump({**case.manifest, "metadata": metadata}))
    return settled(service, case.manifest["spec"])


def test_the_recipe_has_every_service_of_the_page() -> None:
    """In the page's order and namespaces; the page's own `kubectl expose` word for word."""
    *commands, exposed = _COMMANDS
    assert exposed == f"kubectl svc {_EXPOSE} -n p1-1"
    for command, manifest in zip(commands, _MANIFESTS, strict=True):
        argv = recipe.words(command)
        assert manifest["metadata"]["name"] in argv
        assert (argv[argv.index("-n") + 1] if "-n" in argv else None) == manifest["metadata"].get("namespace")


@_each_command
def test_the_command_makes_the_service(case: _Case) -> None:
    """All that the page says is stored, and beside it what is stored beside the page's; nothing is warned of."""
    service = created(case.place, case.argv, silent=True)
    assert contains(service["spec"], case.manifest["spec"])
    assert settled(service, case.manifest["spec"]) == _referred(case)


@_each_command
def test_kubectl_applies_what_is_printed(case: _Case) -> None:
    """A client dry run as YAML, in the namespace that it says."""
    service = applied(case.place, printed(case.place.context, case.argv))
    assert contains(service["spec"], case.manifest["spec"])
    assert settled(service, case.manifest["spec"]) == _referred(case)
