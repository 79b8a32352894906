"""What the controllers of custom kinds would do, where none runs: pods with the labels and owners that they give them.

Every function reads the live object, makes its pods, has them ready and returns their names, sorted. The built-in
controllers are real: a ReplicaSet or ReplicationController that is made here gets its pods from them.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
from typing import TYPE_CHECKING, Any

from tests.kinds import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.control_plane.cluster import Cluster

_IMAGE = "registry.k8s.io/pause:3.10"
_LABEL_LENGTH = 63
_POOL_REVISION = "kubevirt.io/vm-pool-revision-name"


# KubeVirt. `identity`: whether launcher pods carry vmi.kubevirt.io/id, as from KubeVirt 1.7 on.


@contextlib.contextmanager
def kubevirt(cluster: Cluster, version: str = "v1.7.0") -> Iterator[None]:
    """A KubeVirt object that reports this version. Taken away at the end, because it counts for all namespaces."""
    (manifest,) = examples.manifests("kubevirt")
    _create(cluster, manifest)
    try:
        examples.report_status(cluster, manifest, **{**manifest["status"], "observedKubeVirtVersion": version})
        yield
    finally:
        cluster.kubectl("delete", "kubevirts.kubevirt.io", manifest["metadata"]["name"])


def launcher_labels(vmi: Mapping[str, Any], *, identity: bool = True) -> dict[str, str]:
    """The labels of a VMI's launcher pod. `vmi` is the live object.

    Source: kubevirt v1.7.0 pkg/virt-controller/services/template.go `podLabels`, pkg/util/net/dns/sanitize.go,
    pkg/apimachinery/labels.go.
    """
    metadata = vmi["metadata"]
    added = {
        "kubevirt.io": "virt-launcher",
        "kubevirt.io/created-by": metadata["uid"],
        "vm.kubevirt.io/name": _host_name(vmi),
    }
    if identity:
        added["vmi.kubevirt.io/id"] = _identity(metadata["name"])
    return {**metadata.get("labels", {}), **added}


def _host_name(vmi: Mapping[str, Any]) -> str:
    return str(vmi["spec"].get("hostname") or vmi["metadata"]["name"].partition(".")[0][:_LABEL_LENGTH])


def _identity(name: str) -> str:
    if len(name) <= _LABEL_LENGTH:
        return name
    return f"{name[:54]}-{hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:8]}"


def start_vmi(cluster: Cluster, name: str, *, identity: bool = True) -> list[str]:
    """The launcher pod of a VirtualMachineInstance that is there."""
    return _launch(cluster, _get(cluster, "virtualmachineinstances.kubevirt.io", name), identity=identity)


def start_vm(cluster: Cluster, name: str, *, identity: bool = True) -> list[str]:
    """The VirtualMachineInstance and the launcher pod of a VirtualMachine."""
    machine = _get(cluster, "virtualmachines.kubevirt.io", name)
    instance = _instance(machine, machine["spec"]["template"], name=name)
    return _launch(cluster, _create(cluster, instance), identity=identity)


def stop_vm(cluster: Cluster, name: str) -> None:
    """Takes the VirtualMachineInstance and its pod away; `start_vm` after it is a restart."""
    instance = _get(cluster, "virtualmachineinstances.kubevirt.io", name)
    cluster.kubectl("delete", "virtualmachineinstances.kubevirt.io", name)
    cluster.core.delete_collection_namespaced_pod(
        cluster.namespace,
        label_selector=f"kubevirt.io/created-by={instance['metadata']['uid']}",
        grace_period_seconds=0,  # where there is no kubelet, nobody else would end it
    )


def start_vmi_replica_set(cluster: Cluster, name: str, *, identity: bool = True) -> list[str]:
    """The VirtualMachineInstances and launcher pods of a VirtualMachineInstanceReplicaSet."""
    owner = _get(cluster, "virtualmachineinstancereplicasets.kubevirt.io", name)
    instance = _instance(owner, owner["spec"]["template"], generateName=name)
    replicas = range(owner["spec"]["replicas"])
    return sorted(pod for _ in replicas for pod in _launch(cluster, _create(cluster, instance), identity=identity))


def start_pool(cluster: Cluster, name: str, *, identity: bool = True) -> list[str]:
    """The VirtualMachines of a VirtualMachinePool, their VirtualMachineInstances and launcher pods.

    Source: kubevirt v1.7.0 pkg/virt-controller/watch/pool/pool.go `scaleOut`, `injectPoolRevisionLabelsIntoVM`.
    """
    pool = _get(cluster, "virtualmachinepools.pool.kubevirt.io", name)
    machine = copy.deepcopy(pool["spec"]["virtualMachineTemplate"])
    revision = {_POOL_REVISION: f"{name}-{pool['metadata']['generation']}"}
    for metadata in (machine["metadata"], machine["spec"]["template"].setdefault("metadata", {})):
        metadata["labels"] = {**metadata.get("labels", {}), **revision}
    machine.update(apiVersion="kubevirt.io/v1", kind="VirtualMachine")
    machine["metadata"]["ownerReferences"] = [_controlled_by(pool)]
    pods = []
    for ordinal in range(pool["spec"]["replicas"]):
        machine["metadata"]["name"] = f"{name}-{ordinal}"
        _create(cluster, machine)
        pods += start_vm(cluster, machine["metadata"]["name"], identity=identity)
    return sorted(pods)


def _instance(owner: Mapping[str, Any], template: Mapping[str, Any], **metadata: str) -> dict[str, Any]:
    return {
        "apiVersion": "kubevirt.io/v1",
        "kind": "VirtualMachineInstance",
        "metadata": {**template.get("metadata", {}), **metadata, "ownerReferences": [_controlled_by(owner)]},
        "spec": template["spec"],
    }


def _launch(cluster: Cluster, vmi: Mapping[str, Any], *, identity: bool) -> list[str]:
    interfaces = vmi["spec"]["domain"]["devices"].get("interfaces", ())
    ports = [
        {"containerPort": port["port"], "name": port.get("name"), "protocol": port.get("protocol")}
        for interface in interfaces
        for port in interface.get("ports", ())
    ]
    template = {
        "metadata": {"labels": launcher_labels(vmi, identity=identity)},
        "spec": {
            "hostname": _host_name(vmi),
            "containers": [{"name": "compute", "image": _IMAGE, "ports": ports}],
        },
    }
    return _make_pods(cluster, vmi, template, {"generateName": f"virt-launcher-{vmi['metadata']['name']}-"})


# Argo Rollouts, OpenShift, OpenKruise.


def roll_out(cluster: Cluster, name: str, revision: str = "") -> list[str]:
    """The ReplicaSet of a Rollout's revision, and its pods. Without `revision`, the one that the status names.

    Source: argo-rollouts pkg/apis/rollouts/v1alpha1 `DefaultRolloutUniqueLabelKey`; rollout/sync.go.
    """
    rollout = _get(cluster, "rollouts.argoproj.io", name)
    spec = rollout["spec"]
    if "workloadRef" in spec:
        referred = _get(cluster, spec["workloadRef"]["kind"], spec["workloadRef"]["name"])
        spec = {**referred.get("spec", referred), **spec}  # the template of a PodTemplate stands outside of a spec
    labels = {"rollouts-pod-template-hash": revision or rollout["status"]["currentPodHash"]}
    selector = {**spec["selector"]["matchLabels"], **labels}
    replica_set = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{name}-{labels['rollouts-pod-template-hash']}",
            "labels": {**spec["template"]["metadata"]["labels"], **labels},
            "ownerReferences": [_controlled_by(rollout)],
        },
        "spec": {
            "replicas": spec["replicas"],
            "selector": {"matchLabels": selector},
            "template": _labelled(spec["template"], labels),
        },
    }
    _create(cluster, replica_set)
    return cluster.make_pods_ready(spec["replicas"], _as_selector(selector))


def deploy_config(cluster: Cluster, name: str, version: int = 1) -> list[str]:
    """The ReplicationController NAME-VERSION of a DeploymentConfig, and its pods.

    Source: openshift/library-go pkg/apps/appsutil `MakeDeployment`.
    """
    config = _get(cluster, "deploymentconfigs.apps.openshift.io", name)
    spec = config["spec"]
    labels = {"deployment": f"{name}-{version}", "deploymentconfig": name}
    selector = {**spec["selector"], **labels}
    controller = {
        "apiVersion": "v1",
        "kind": "ReplicationController",
        "metadata": {"name": labels["deployment"], "ownerReferences": [_controlled_by(config)]},
        "spec": {
            "replicas": spec["replicas"],
            "selector": selector,
            "template": _labelled(spec["template"], labels),
        },
    }
    _create(cluster, controller)
    return cluster.make_pods_ready(spec["replicas"], _as_selector(selector))


def clone(cluster: Cluster, name: str, revision: str = "7c9f6d5b8") -> list[str]:
    """The pods of an OpenKruise CloneSet.

    Source: openkruise/kruise pkg/controller/cloneset/core `newVersionedPods`.
    """
    owner = _get(cluster, "clonesets.apps.kruise.io", name)
    pods = []
    for number in range(owner["spec"]["replicas"]):
        instance = f"{revision[:3]}x{number}"
        labels = {"controller-revision-hash": f"{name}-{revision}", "apps.kruise.io/cloneset-instance-id": instance}
        template = _labelled(owner["spec"]["template"], labels)
        pods += _make_pods(cluster, owner, template, {"name": f"{name}-{instance}"})
    return sorted(pods)


def number_pods(cluster: Cluster, name: str, revision: str = "7c9f6d5b8") -> list[str]:
    """The pods NAME-0 and so on of an OpenKruise StatefulSet, with the labels of the built-in one's pods."""
    owner = _get(cluster, "statefulsets.apps.kruise.io", name)
    pods = []
    for ordinal in range(owner["spec"]["replicas"]):
        pod = f"{name}-{ordinal}"
        labels = {
            "controller-revision-hash": f"{name}-{revision}",
            "statefulset.kubernetes.io/pod-name": pod,
            "apps.kubernetes.io/pod-index": str(ordinal),
        }
        pods += _make_pods(cluster, owner, _labelled(owner["spec"]["template"], labels), {"name": pod})
    return sorted(pods)


# Any other kind.


def pods_from_template(
    cluster: Cluster, resource: str, name: str, *, template: Mapping[str, Any] | None = None, count: int = 2
) -> list[str]:
    """Pods of any object with `spec.template`, or of another pod template, which have just the template's labels."""
    owner = _get(cluster, resource, name)
    used = template or owner["spec"]["template"]
    return sorted(pod for _ in range(count) for pod in _make_pods(cluster, owner, used, {"generateName": f"{name}-"}))


def _make_pods(
    cluster: Cluster, owner: Mapping[str, Any], template: Mapping[str, Any], name: Mapping[str, str]
) -> list[str]:
    """One ready pod."""
    labels = template["metadata"].get("labels", {})
    metadata = {**template["metadata"], **name, "ownerReferences": [_controlled_by(owner)]}
    pod = _create(cluster, {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]})
    alike = cluster.core.list_namespaced_pod(cluster.namespace, label_selector=_as_selector(labels)).items
    cluster.make_pods_ready(len(alike), _as_selector(labels))
    return [pod["metadata"]["name"]]


def _labelled(template: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    metadata = template["metadata"]
    return {**template, "metadata": {**metadata, "labels": {**metadata.get("labels", {}), **labels}}}


def _controlled_by(owner: Mapping[str, Any]) -> dict[str, Any]:
    metadata = owner["metadata"]
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _as_selector(labels: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in labels.items())


def _get(cluster: Cluster, resource: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cluster.kubectl("get", resource, name, "-o", "json").stdout)
    return found


def _create(cluster: Cluster, manifest: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        cluster.kubectl("create", "-f", "-", "-o", "json", stdin=json.dumps(manifest)).stdout
    )
    return made
