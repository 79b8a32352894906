"""What gives Services of type LoadBalancer their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.build import Builder, Programs
    from tests.control_plane.cluster import Site
    from tests.load_balancers.metallb import MetalLb


@pytest.fixture(scope="package")
def metallb(
    programs: Programs, builder: Builder, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MetalLb]:
    """MetalLB's controller, started once and only for the tests here: it acts on the Services of all namespaces."""
    from tests.load_balancers.metallb import running

    with running(programs, builder, site, tmp_path_factory.mktemp("metallb")) as metallb:
        yield metallb
