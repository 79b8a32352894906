"""What gives Services of type LoadBalancer their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.control_plane.build import PROGRAMS
from tests.control_plane.left_out import leave_out
from tests.control_plane.toolchain import ProgramsUnavailableError

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
    from tests.load_balancers.metallb import serve

    if not site.simulated:
        pytest.skip("MetalLB would give addresses to the Services of others")
    program = programs.metallb_controller
    try:
        source = builder.source(PROGRAMS["metallb-controller"])
    except ProgramsUnavailableError as error:
        leave_out(str(error), builder.environ)
    with serve(program, source, site, tmp_path_factory.mktemp("metallb")) as metallb:
        yield metallb
