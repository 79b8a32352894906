"""An object exposed by every name and from its file, what landed, and pods that must not be reached."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from tests.kinds import examples
from tests.svc import svc

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Mapping

    from tests.control_plane.cluster import Cluster

# What the containers of the examples declare, named as kubectl names it: name, port, protocol, target.
PORTS = [
    ("port-1", 8080, "TCP", 8080),
    ("port-2", 9090, "TCP", 9090),
    ("port-3-udp", 53, "UDP", 53),
    ("port-3-tcp", 53, "TCP", 53),
]
# The built-in group comes first, so that these mean another project's kind only with its group.
_BUILT_IN = {"service", "services", "svc", "statefulset", "statefulsets", "sts", "daemonset", "daemonsets", "ds"}
_IMAGE = "registry.k8s.io/pause:3.10"


def expose(cluster: Cluster, *argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """`kubectl svc expose` as the admin in the test's namespace."""
    return svc("expose", *argv, kubeconfig=cluster.kubeconfig, stdin=stdin)


def offline(*argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A client dry run of `kubectl svc expose -f`, with no cluster and no kubeconfig."""
    return svc("expose", *argv, "--dry-run=client", stdin=stdin)


def services(done: subprocess.CompletedProcess[str]) -> list[Any]:
    """What a run with `-o yaml` printed. An AssertionError where it failed."""
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def landed(cluster: Cluster, name: str) -> Any:
    """The Service on the server, as the official client reads it, in the API's field names."""
    service = cluster.core.read_namespaced_service(name, cluster.namespace)
    return cluster.core.api_client.sanitize_for_serialization(service)


def ports(service: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Name, number, protocol and target of each port."""
    return [(port.get("name"), port["port"], port["protocol"], port["targetPort"]) for port in service["spec"]["ports"]]


def names_of(cluster: Cluster, manifest: Mapping[str, Any]) -> list[str]:
    """Every TYPE/NAME by which kubectl finds the object, made of what the server's discovery says of its kind.

    An AssertionError where kubectl takes one of them for something else.
    """
    group, slash, _ = manifest["apiVersion"].rpartition("/")
    name = manifest["metadata"]["name"]
    words: list[str] = []
    singular = ""
    for version in _versions(cluster, group):
        entry = _entry(cluster, f"{group}{slash}{version}", manifest["kind"])
        if entry is None:
            continue
        singular = entry["singularName"]
        long = [entry["name"], singular, entry["kind"], entry["kind"].upper(), entry["kind"].swapcase()]
        bare = [*long, *entry.get("shortNames", ())]
        if "." in group:
            words += [word for word in bare if word.lower() not in _BUILT_IN]
        else:
            words += bare
        words += [f"{word}.{group}" for word in bare if group]
        words += [f"{word}.{version}.{group}" for word in long]
    targets = [f"{word}/{name}" for word in dict.fromkeys(words)]
    found = cluster.kubectl("get", "-o", "name", *targets).stdout.split()
    assert set(found) == {f"{singular}.{group}/{name}" if group else f"{singular}/{name}"}
    return targets


def _versions(cluster: Cluster, group: str) -> list[str]:
    if not group:
        return ["v1"]
    found = json.loads(cluster.kubectl("get", "--raw", f"/apis/{group}").stdout)
    return [version["version"] for version in found["versions"]]


def _entry(cluster: Cluster, api_version: str, kind: str) -> Any:
    root = "apis" if "/" in api_version else "api"
    listed = json.loads(cluster.kubectl("get", "--raw", f"/{root}/{api_version}").stdout)
    entries = (each for each in listed["resources"] if each["kind"] == kind and "/" not in each["name"])
    return next(entries, None)


def expose_in_all_ways(cluster: Cluster, example: str, *flags: str, note: str = "") -> Any:
    """The Service of the first object of an example that is on the server.

    It is the same by every name, from the file with a cluster and without one, printed and created; `note` is what is
    said of the other objects of the file, and nothing else is said. The one from the cluster stays there under the
    object's name, the one from the file under that with `-file`.
    """
    manifest = examples.manifests(example)[0]
    name = manifest["metadata"]["name"]
    targets = names_of(cluster, manifest)
    live = expose(cluster, *targets, *flags, "--dry-run=client", "-o", "yaml")
    printed = services(live)
    assert (len(printed), live.stderr) == (len(targets), "")
    assert all(service == printed[0] for service in printed)
    assert printed[0]["metadata"]["name"] == name
    assert printed[0]["metadata"].get("labels") == manifest["metadata"].get("labels")

    file = offline("-f", examples.path(example), *flags, "-o", "yaml")
    assert (services(file), file.stderr) == ([printed[0]], note.format(file=examples.path(example)))

    created = expose(cluster, *targets[0].split("/"), *flags)
    assert (created.stdout, created.stderr) == (f"service/{name} exposed\n", "")
    created = expose(cluster, "-f", examples.path(example), "--name", f"{name}-file", *flags)
    assert created.stdout == f"service/{name}-file exposed\n", created.stderr
    there, from_file = (landed(cluster, each) for each in (name, f"{name}-file"))
    for service in (there, from_file):
        assert service["spec"]["selector"] == printed[0]["spec"]["selector"]
        assert service["spec"]["ports"] == printed[0]["spec"]["ports"]
        assert service["metadata"].get("labels") == printed[0]["metadata"].get("labels")
    return there


def make_decoys(cluster: Cluster, pods: Iterable[Mapping[str, str]]) -> None:
    """Ready pods `decoy-...` with the labels of each, but for one that is missing or has another value.

    `pods` are the labels by which the pods of one workload are known.
    """
    wanted = [labels for each in pods for labels in _almost(each)]
    items = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"generateName": "decoy-", "labels": {**labels, "decoy": "of-a-pod"}},
            "spec": {"containers": [{"name": "web", "image": _IMAGE, "ports": [{"containerPort": 8080}]}]},
        }
        for labels in wanted
    ]
    cluster.kubectl("create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    cluster.make_pods_ready(len(wanted), "decoy=of-a-pod")


def _almost(labels: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        changed
        for key in labels
        for changed in (
            {**labels, key: f"{labels[key]}x"},
            {other: value for other, value in labels.items() if other != key},
        )
    ]


def pods_called(cluster: Cluster, *prefixes: str) -> list[str]:
    """The names of the pods that begin so, sorted."""
    names = [pod.metadata.name for pod in cluster.core.list_namespaced_pod(cluster.namespace).items]
    return sorted(name for name in names if name.startswith(prefixes))


def grant(cluster: Cluster, rights: Mapping[str, str]) -> None:
    """Lets the user of `nobody_kubeconfig` do this in the namespace: verbs by resource, as kubectl spells both."""
    for resource, verbs in rights.items():
        role = resource.replace("/", "-")
        cluster.kubectl("create", "role", role, f"--verb={verbs}", f"--resource={resource}")
        cluster.kubectl("create", "rolebinding", role, f"--role={role}", "--user=nobody")
