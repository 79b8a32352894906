"""Services as a cluster stores them, compared without what it allots anew to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.svc import svc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from tests.control_plane.cluster import Cluster


class Place(NamedTuple):
    """The namespace of the current context, and the one in which the Service must land."""

    context: Cluster
    lands: Cluster


def printed(context: Cluster, argv: Sequence[str]) -> str:
    """The manifest that a client dry run prints. An AssertionError where it fails."""
    done = svc(*argv, "--dry-run=client", "-o", "yaml", kubeconfig=context.kubeconfig)
    assert done.returncode == 0, done.stderr
    return done.stdout


def created(place: Place, argv: Sequence[str], *, silent: bool) -> Any:
    """The Service that the program makes. An AssertionError where it fails, or warns and has to be `silent`."""
    done = svc(*argv, kubeconfig=place.context.kubeconfig)
    assert done.returncode == 0, done.stderr
    service = _taken_away(place.lands)
    assert not (silent and done.stderr), done.stderr
    return service


def applied(place: Place, manifest: str) -> Any:
    """The Service that the real kubectl applies."""
    place.context.kubectl("apply", "-f", "-", stdin=manifest)
    return _taken_away(place.lands)


def _taken_away(cluster: Cluster) -> Any:
    """The namespace's only Service as the official client reads it; deleted, so that its node port is free again."""
    (service,) = cluster.core.list_namespaced_service(cluster.namespace).items
    cluster.core.delete_namespaced_service(service.metadata.name, cluster.namespace)
    return cluster.core.api_client.sanitize_for_serialization(service)


def settled(service: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Name, labels and spec, less the addresses and node ports that the spec `wanted` leaves to the cluster."""
    spec = dict(service["spec"])
    if "clusterIP" not in wanted:
        spec.pop("clusterIP", None)
        spec.pop("clusterIPs", None)
    if "healthCheckNodePort" not in wanted:
        spec.pop("healthCheckNodePort", None)
    fixed = [port.get("nodePort") for port in wanted.get("ports", ())]
    spec["ports"] = [
        {key: value for key, value in port.items() if key != "nodePort" or value in fixed}
        for port in spec.get("ports", ())
    ]
    metadata = service["metadata"]
    return {"name": metadata["name"], "labels": metadata.get("labels"), "spec": spec}


def contains(whole: Any, part: Any) -> bool:
    """Whether every field that `part` names has the same value in `whole`."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(contains(whole.get(key), value) for key, value in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(contains, whole, part))
    return bool(whole == part)
