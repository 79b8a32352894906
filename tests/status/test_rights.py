"""What a user may not read is noted once, and nothing is guessed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.status import setups
from tests.svc import svc

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.control_plane.cluster import Cluster
    from tests.status.setups import Place, Seen

    PlaceIn = Callable[[Cluster, str], Place]

_ALL = {
    "services": "get,list", "endpointslices.discovery.k8s.io": "list", "pods": "list", "events": "list",
    "networkpolicies.networking.k8s.io": "list", "deployments.apps": "list", "statefulsets.apps": "list",
    "daemonsets.apps": "list", "replicasets.apps": "list", "replicationcontrollers": "list",
}  # fmt: skip
_NODES = "nodes"


@pytest.fixture(scope="module")
def bare(stage: Cluster) -> Cluster:
    """A namespace in which the user of `nobody_kubeconfig` has a Role for each kind, which a test may take away."""
    for resource, verbs in _ALL.items():
        stage.kubectl("create", "role", _role(resource), f"--verb={verbs}", f"--resource={resource}")
    return stage


def _role(resource: str) -> str:
    return resource.replace(".", "-")


def _without(place: Place, *denied: str) -> None:
    """Lets the user read all but these, for the rest of the test."""
    rbac, names = place.cluster.rbac, []
    for resource in _ALL.keys() - set(denied):
        names.append(f"{place.label}-{_role(resource)}"[:60])
        rbac.create_namespaced_role_binding(
            place.namespace,
            {
                "metadata": {"name": names[-1]},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": _role(resource)},
                "subjects": [{"kind": "User", "name": "nobody", "apiGroup": "rbac.authorization.k8s.io"}],
            },
        )
        place.stack.callback(rbac.delete_namespaced_role_binding, names[-1], place.namespace)
    if _NODES not in denied:
        name = f"{place.namespace}-{place.label}"
        rule = {"apiGroups": [""], "resources": ["nodes"], "verbs": ["list"]}
        rbac.create_cluster_role({"metadata": {"name": name}, "rules": [rule]})
        place.stack.callback(rbac.delete_cluster_role, name)
        rbac.create_cluster_role_binding(
            {
                "metadata": {"name": name},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name},
                "subjects": [{"kind": "User", "name": "nobody", "apiGroup": "rbac.authorization.k8s.io"}],
            }
        )
        place.stack.callback(rbac.delete_cluster_role_binding, name)


def _see(place: Place, service: str, until: Callable[[Seen], bool]) -> Seen:
    """What the user sees, once the API server's authorizer has seen the bindings, which no watch tells."""
    seen: Seen = setups.eventually(
        lambda: place.status(service, kubeconfig=place.cluster.nobody_kubeconfig)
        if place.cluster.kubectl(
            f"--kubeconfig={place.cluster.nobody_kubeconfig}", "get", "service", service, check=False
        ).returncode == 0
        else None,
        lambda seen: seen is not None and until(seen),
    )  # fmt: skip
    return seen


def _note(*kinds: str) -> str:
    return f"note: {', '.join(sorted(kinds))} cannot be listed: nothing is said of what only they show\n"


def test_healthy_with_all_rights(bare: Cluster, place_in: PlaceIn) -> None:
    """These rights are enough, and no note is written; pods of all namespaces and nodes are not needed."""
    place = place_in(bare, "enough")
    name = place.service(reaches=[place.pod()])
    _without(place, _NODES)
    seen = _see(place, name, lambda seen: not seen.notes)
    assert (seen.codes, seen.exit_code, seen.notes, seen.document["notSeen"]) == ([], 0, "", [])


@pytest.mark.parametrize(
    ("denied", "reachable"),
    [
        ("pods", True),
        ("events", True),
        ("endpointslices.discovery.k8s.io", None),
        ("networkpolicies.networking.k8s.io", True),
        (_NODES, True),
    ],
)
def test_healthy_without_one(denied: str, reachable: bool | None, bare: Cluster, place_in: PlaceIn) -> None:
    """One note, and what can be seen; exit code 1 where nobody can tell whether it is reached."""
    kind = denied.partition(".")[0]
    place = place_in(bare, f"healthy-{kind}")
    pods = [place.pod()]
    name = place.service(type="NodePort", reaches=pods)
    place.policy(ingress=[{}])
    _without(place, denied)
    seen = _see(place, name, lambda seen: seen.document["notSeen"] == [kind])
    assert seen.notes == _note(kind)
    assert seen.document["notSeen"] == [kind]
    assert (seen.codes, seen.document["reachable"]) == ([], reachable)
    assert seen.exit_code == (0 if reachable else 1)


@pytest.mark.parametrize(
    ("denied", "codes", "reachable"),
    [
        ("pods", ["NoReadyEndpoint"], False),
        ("events", ["ReadinessProbeFails"], False),
        ("endpointslices.discovery.k8s.io", [], None),
        ("networkpolicies.networking.k8s.io", ["ReadinessProbeFails"], False),
        (_NODES, ["ReadinessProbeFails"], False),
    ],
)
def test_broken_without_one(
    denied: str, codes: list[str], reachable: bool | None, bare: Cluster, place_in: PlaceIn
) -> None:
    """The cause is told where it can be seen, and no other in its place."""
    kind = denied.partition(".")[0]
    place = place_in(bare, f"broken-{kind}")
    probe = {"httpGet": {"path": "/", "port": 8080}}
    containers = [setups.container(readinessProbe=probe)]
    place.pod(state=setups.unready(setups.running(ready=False)), containers=containers)
    name = place.service()
    _without(place, denied)
    seen = _see(place, name, lambda seen: set(seen.document["notSeen"]) <= {kind} and seen.codes == codes)
    assert (seen.codes, seen.document["reachable"], seen.exit_code) == (codes, reachable, 1)
    assert seen.notes == ("" if kind == "networkpolicies" else _note(kind))


def test_no_workloads(bare: Cluster, place_in: PlaceIn) -> None:
    """What makes the pods may be hidden: the selector is told of, and not what is behind it."""
    place = place_in(bare, "no-workloads")
    place.workload(replicas=0)
    name = place.service()
    _without(place, "deployments.apps")
    seen = _see(place, name, lambda seen: seen.document["notSeen"] == ["deployments"])
    assert (seen.codes, seen.exit_code, seen.notes) == (["SelectorMatchesNothing"], 1, _note("deployments"))


def test_a_load_balancer_without_events(bare: Cluster, place_in: PlaceIn) -> None:
    """That nobody has taken it up cannot be said."""
    place = place_in(bare, "no-events")
    name = place.service(type="LoadBalancer", reaches=[place.pod()])
    _without(place, "events")
    seen = _see(place, name, lambda seen: seen.document["notSeen"] == ["events"])
    assert seen.codes == ["LoadBalancerPending"]
    assert place.type_in(seen.commands[0]).returncode == 0


def test_the_service_alone(bare: Cluster, place_in: PlaceIn) -> None:
    """All the rest in one note, and no word of what is behind."""
    place = place_in(bare, "alone")
    name = place.service(type="NodePort", reaches=[place.pod()])
    _without(place, *(_ALL.keys() - {"services"}), _NODES)
    seen = _see(place, name, lambda seen: len(seen.document["notSeen"]) > 1)
    assert (seen.codes, seen.document["reachable"], seen.exit_code) == ([], None, 1)
    assert seen.notes.count("\n") == 1
    assert {"endpointslices", "events", "nodes"} <= set(seen.document["notSeen"])


def test_not_the_service_either(bare: Cluster, place_in: PlaceIn) -> None:
    """kubectl's own line, as for `kubectl get`."""
    place = place_in(bare, "nothing")
    name = place.service(reaches=[place.pod()])
    done = svc("status", name, kubeconfig=bare.nobody_kubeconfig)
    theirs = bare.kubectl(f"--kubeconfig={bare.nobody_kubeconfig}", "get", "service", name, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", theirs.stderr)
    assert "Forbidden" in theirs.stderr
