"""Which EndpointSlices count for a Service: addresses of its families, and no names. Pure."""

from __future__ import annotations

import pytest

from kubectl_svc.reachability.endpoints import has_endpoints


@pytest.mark.parametrize("cluster_ip", ["10.0.0.1", "None"])
@pytest.mark.parametrize(("kind", "counts"), [("IPv4", True), ("FQDN", False)])
def test_names_are_no_addresses(kind: str, counts: bool, cluster_ip: str) -> None:
    """A slice of type FQDN leads nowhere, with a cluster IP and without."""
    ports = [{"name": "", "port": 80, "protocol": "TCP"}]
    service = {"metadata": {"name": "web"}, "spec": {"clusterIP": cluster_ip, "ports": [{"port": 80}]}}
    endpoint_slice = {"addressType": kind, "ports": ports, "endpoints": [{"addresses": ["192.0.2.1"]}]}
    assert has_endpoints(service, [endpoint_slice]) is counts
