"""The DNS of the API server's cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Site
    from tests.dns.coredns import ClusterDns


@pytest.fixture(scope="session")
def cluster_dns(programs: Programs, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterDns]:
    """CoreDNS, started once."""
    from tests.dns.coredns import serve

    with serve(programs.coredns, site.server, tmp_path_factory.mktemp("coredns")) as cluster_dns:
        yield cluster_dns
