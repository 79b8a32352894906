"""`--lb auto` on a real API server, with nodes and APIs as each provider's clusters have them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.access.providers import Providers
from tests.svc import svc

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.control_plane.cluster import Cluster

_MANIFEST = "tests/examples/my-app.yaml"
_UUID = "6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e"


class Place:
    """A cluster whose nodes and custom resources a test makes; they are gone when it ends."""

    def __init__(self, cluster: Cluster, cache: Path) -> None:
        self.cluster = cluster
        self._cache = cache
        self._made: list[tuple[str, str]] = []
        self._listed: dict[str, str] = {}  # by custom resource, where its objects are listed
        self.nodes = len(cluster.core.list_node().items)
        """How many there are: other tests leave theirs, which say nothing of where they run."""

    def node(self, provider_id: str = "", **labels: str) -> None:
        """One more node."""
        self.nodes += 1
        name = f"auto-{len(self._made)}"
        spec = {"providerID": provider_id} if provider_id else {}
        self._make({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}, "spec": spec})

    def resource(self, name: str) -> None:
        """A custom resource `PLURAL.GROUP`, which the server serves before this returns."""
        plural, _, group = name.partition(".")
        version = {
            "name": "v1",
            "served": True,
            "storage": True,
            "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
        }
        self._make(
            {
                "apiVersion": "apiextensions.k8s.io/v1",
                "kind": "CustomResourceDefinition",
                "metadata": {"name": name, "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"}},
                "spec": {
                    "group": group,
                    "scope": "Cluster",
                    "names": {"plural": plural, "kind": plural.capitalize()},
                    "versions": [version],
                },
            }
        )
        self.cluster.kubectl("wait", "--for=condition=Established", f"crd/{name}", "--timeout=30s")
        self._listed[name] = f"/apis/{group}/v1/{plural}"
        self._list(name)

    def _list(self, name: str) -> None:
        """Has the server open the store of the objects: one that it has not cannot be emptied, and never goes."""
        for _ in range(100):
            if not self.cluster.kubectl("get", "--raw", self._listed[name], check=False).returncode:
                return

    def create(self, manifest: Mapping[str, object]) -> None:
        """Any other object."""
        self._make(manifest)

    def _make(self, manifest: Mapping[str, object]) -> None:
        made = self.cluster.kubectl("create", "-f", "-", "-o", "name", stdin=json.dumps(manifest)).stdout.strip()
        self._made.append((made, str(manifest["kind"])))

    def auto(self, *words: str, kubeconfig: str = "") -> subprocess.CompletedProcess[str]:
        """What comes of --lb auto."""
        where = ("-f", _MANIFEST, "--dry-run=client", "-o", "json", "--cache-dir", str(self._cache))
        return svc("expose", *where, "--lb", "auto", *words, kubeconfig=kubeconfig or self.cluster.kubeconfig)

    def cached(self) -> list[Path]:
        """The files that keep what was found."""
        return list(self._cache.rglob("kubectl-svc-load-balancer.json"))

    def clear(self) -> None:
        """Takes all of it away."""
        for name, _ in reversed(self._made):
            delete = ("delete", name, "--wait=true", "--ignore-not-found", "--timeout=20s")
            for _ in range(5):
                if not self.cluster.kubectl(*delete, check=False).returncode:
                    break
                for listed in self._listed:
                    self._list(listed)
            else:
                raise TimeoutError(f"{name} does not go")


@pytest.fixture
def place(stage: Cluster, tmp_path: Path) -> Iterator[Place]:
    """A cluster none of whose nodes says where it runs."""
    made = Place(stage, tmp_path)
    yield made
    made.clear()


_BY_NODES = {
    "azure": ("azure:///subscriptions/1/resourceGroups/2", {"kubernetes.azure.com/mode": "system"}),
    "gke": ("gce://project/zone/name", {"cloud.google.com/gke-nodepool": "default"}),
    "huawei": (_UUID, {"cce.cloud.com/cce-nodepool": "pool"}),
    "alibaba": ("cn-hangzhou.i-123", {"alibabacloud.com/nodepool-id": "np1"}),
    "tencent": ("qcloud:///800002/ins-1", {"node.tke.cloud.tencent.com/anything": "x"}),
    "openstack": (f"openstack:///{_UUID}", {}),
    "digitalocean": ("digitalocean://123", {}),
    "oci": ("ocid1.instance.oc1.fra.abc", {}),
    "hetzner": ("hcloud://123", {}),
    "linode": ("linode://123", {}),
    "scaleway": (f"scaleway://instance/fr-par-1/{_UUID}", {}),
    "ibm": ("ibm://account///cluster/worker", {}),
    "civo": (f"civo://{_UUID}", {}),
}
_BY_RESOURCES = {
    "metallb": ["ipaddresspools.metallb.io"],
    "purelb": ["servicegroups.purelb.io"],
    "tencent": ["tkeserviceconfigs.cloud.tencent.com"],
}


@pytest.mark.parametrize("name", _BY_NODES)
def test_by_the_nodes(name: str, place: Place) -> None:
    """What the nodes say is said to the user, with how many of them say it."""
    provider_id, labels = _BY_NODES[name]
    place.node(provider_id, **labels)
    place.node(provider_id)
    words = ("--lb-set", "elb.id=" + _UUID) if name == "huawei" else ()
    done = place.auto(*words)
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()[0]
    assert said.startswith(f"load balancer: {name}, because ")
    assert f" of {place.nodes} nodes have " in said
    assert json.loads(done.stdout)["spec"]["type"] == "LoadBalancer"


@pytest.mark.parametrize("name", _BY_RESOURCES)
def test_by_what_the_server_has(name: str, place: Place) -> None:
    """A controller's own resources tell of it, wherever the nodes are."""
    place.node("unknown://1")
    for resource in _BY_RESOURCES[name]:
        place.resource(resource)
    done = place.auto()
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"load balancer: {name}, because the server has {_BY_RESOURCES[name][0]}")


def test_every_provider_with_evidence_is_tested() -> None:
    """Those that nothing certain is known of are never found."""
    tested = {*_BY_NODES, *_BY_RESOURCES, "aws", "cilium", "kube-vip", "k3s"}
    found = {one.name for one in Providers({}).all() if any(getattr(one.evidence, part) for part in _PARTS)}
    assert found == tested


_PARTS = ("provider_ids", "node_labels", "resources", "objects")


def test_aws_and_its_controllers(place: Place) -> None:
    """Nodes of AWS alone have no controller that reads these keys; what is there decides which are written."""
    place.node("aws:///eu-central-1a/i-123", **{"eks.amazonaws.com/nodegroup": "ng"})
    done = place.auto()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f"error: --lb auto is not sure: aws (1 of {place.nodes} nodes have a providerID aws:///..."
    )
    assert "without the AWS Load Balancer Controller" in done.stderr

    place.resource("targetgroupbindings.eks.amazonaws.com")
    done = place.auto()
    assert json.loads(done.stdout)["spec"]["loadBalancerClass"] == "eks.amazonaws.com/nlb"
    assert "; controller=auto-mode\n" in done.stderr

    place.resource("targetgroupbindings.elbv2.k8s.aws")
    _forget(place)
    done = place.auto("--lb-scheme", "internal")
    annotations = json.loads(done.stdout)["metadata"]["annotations"]
    assert annotations["service.beta.kubernetes.io/aws-load-balancer-type"] == "external"
    assert annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"] == "internal"


def _forget(place: Place) -> None:
    """As if the answer were old."""
    (path,) = place.cached()
    os.utime(path, (0, 0))


def test_cilium_counts_when_it_has_a_pool(place: Place) -> None:
    """Its resources are everywhere where Cilium is; a pool is what makes it allocate addresses."""
    place.resource("ciliumloadbalancerippools.cilium.io")
    done = place.auto()
    assert done.returncode == 1
    assert done.stderr.startswith("error: --lb auto: nothing in this cluster")
    pool = {"apiVersion": "cilium.io/v1", "kind": "Ciliumloadbalancerippools", "metadata": {"name": "pool"}}
    place.create(pool)
    done = place.auto("--lb-address", "10.0.0.9")
    assert done.stderr.startswith("load balancer: cilium, because ")
    assert json.loads(done.stdout)["metadata"]["annotations"] == {"lbipam.cilium.io/ips": "10.0.0.9"}


def test_two_of_them(place: Place) -> None:
    """Where a cloud's nodes run MetalLB, both may answer: that is for the user to say."""
    place.node("hcloud://1")
    place.resource("ipaddresspools.metallb.io")
    done = place.auto()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: --lb auto is not sure: hetzner (1 of {place.nodes} nodes have a providerID hcloud://...) or metallb "
        "(the server has ipaddresspools.metallb.io): say --lb hetzner or --lb metallb\n"
    )


def test_nothing_known(place: Place) -> None:
    """No provider is made up."""
    place.node("unknown://1")
    done = place.auto()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: --lb auto: nothing in this cluster says whose load balancers it has: say --lb PROVIDER\n"
    )


def test_an_old_metallb_reads_the_old_keys(place: Place) -> None:
    """The version of its controller decides."""
    place.resource("ipaddresspools.metallb.io")
    container = {"name": "controller", "image": "quay.io/metallb/controller:v0.13.12"}
    labels = {"app": "metallb", "component": "controller"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": "controller", "labels": labels}
    place.create({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec})
    done = place.auto("--lb-pool", "internal")
    assert done.stderr.startswith(
        "load balancer: metallb, because the server has ipaddresspools.metallb.io; prefix=old"
    )
    assert json.loads(done.stdout)["metadata"]["annotations"] == {"metallb.universe.tf/address-pool": "internal"}
    done = place.auto("--lb-pool", "internal", "--lb-set", "prefix=new")
    assert json.loads(done.stdout)["metadata"]["annotations"] == {"metallb.io/address-pool": "internal"}

    image = "deployment/controller", "controller=quay.io/metallb/controller:v0.15.2"
    place.cluster.kubectl("set", "image", *image)
    _forget(place)
    done = place.auto("--lb-pool", "internal")
    assert done.stderr == "load balancer: metallb, because the server has ipaddresspools.metallb.io; prefix=new\n"
    assert json.loads(done.stdout)["metadata"]["annotations"] == {"metallb.io/address-pool": "internal"}


def test_the_answer_is_kept_for_a_while(place: Place) -> None:
    """The cluster is not looked at again for ten minutes; a file that is broken or old counts as none."""
    place.node("civo://1")
    assert place.auto().returncode == 0
    place.node("hcloud://1")
    done = place.auto()
    assert done.stderr.startswith(f"load balancer: civo, because 1 of {place.nodes - 1} nodes")
    (path,) = place.cached()
    for content in ("", "[]", '{"provider": "civo"}', '{"provider": 7, "reasons": [], "settings": {}}'):
        path.write_text(content)
        assert place.auto().stderr.startswith("error: --lb auto is not sure: civo")
    assert place.auto().returncode == 1


def test_who_may_not_list_nodes(place: Place) -> None:
    """What the server has may be enough; otherwise the lack is said."""
    place.node("civo://1")
    nobody = place.cluster.nobody_kubeconfig
    done = place.auto(kubeconfig=nobody)
    assert done.stderr == (
        "error: --lb auto: nothing in this cluster, whose nodes are not to be seen, says whose load balancers it has: "
        "say --lb PROVIDER\n"
    )
    place.resource("ipaddresspools.metallb.io")
    assert place.auto(kubeconfig=nobody).stderr.startswith("load balancer: metallb, because ")


def test_never_run_unless_asked(place: Place) -> None:
    """A provider that is named is not looked for, and no folder is made."""
    place.node("civo://1")
    done = svc(
        "expose", "-f", _MANIFEST, "--dry-run=server", "--lb", "metallb", "-o", "name",
        kubeconfig=place.cluster.kubeconfig,
    )  # fmt: skip
    assert done.stdout == "service/my-app\n"
    assert place.cached() == []
