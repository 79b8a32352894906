"""Places for set-ups: namespaces, nodes and labels of their own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.status import setups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster, Site


@pytest.fixture(scope="module")
def own_node(site: Site, stage: Cluster) -> Iterator[str]:
    """A node that has reported itself ready, for the pods of a module."""
    if not site.simulated:
        pytest.skip("what a kubelet would report is written by hand here")
    with setups.node(stage, f"{stage.namespace}-node") as name:
        yield name


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where kubectl keeps what it has discovered, for all tests of a module."""
    return str(tmp_path_factory.mktemp("home"))


@pytest.fixture
def place_in(own_node: str, programs: Programs, home: str) -> Iterator[Callable[[Cluster, str], setups.Place]]:
    """A place in a cluster, with that label."""
    with contextlib.ExitStack() as stack:

        def place(cluster: Cluster, label: str) -> setups.Place:
            made = setups.Place(cluster, own_node, label, home, programs.kubectl)
            stack.enter_context(made.stack)
            return made

        yield place
