"""Virtual machines of KubeVirt: what their launcher pods are known by, and which ports of the guest a pod reaches.

Source: kubevirt pkg/virt-controller/services/template.go (`podLabels`), pkg/apimachinery/labels.go,
pkg/util/net/dns/sanitize.go, pkg/virtctl/expose/expose.go, pkg/virt-controller/services/rendercontainer.go
(`containerPortsFromVMI`), pkg/network/setup/netpod/masquerade.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import listed
from kubectl_svc.workloads.model import (
    PortRange,
    Resource,
    Workload,
    WorkloadPort,
    controller_of,
    described,
    reason_of,
    unnamed,
)
from kubectl_svc.workloads.pod_template import labels_of, spec_of, with_lasting_selector
from kubectl_svc.workloads.selectors import flat_selector, lasting, why_not_flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from kubectl_svc.workloads.lookup import Lookup

_ID = "vmi.kubevirt.io/id"  # of the instance; since KubeVirt 1.7
_NAME = "vm.kubevirt.io/name"  # of the guest's host, which need not be unique; deprecated by 1.7 and still set
_ID_SINCE = (1, 7)
_KUBEVIRTS = Resource(group="kubevirt.io", version="v1", kind="KubeVirt", plural="kubevirts", singular="kubevirt")
_LONGEST_LABEL = 63  # characters of a label's value (apimachinery util/validation `LabelValueMaxLength`)
_KEPT = 54  # characters of a longer name that its id begins with
_HASHED = 8  # hexadecimal digits that it ends in


def read_virtual_machine(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A VirtualMachine: its instance has its name, and the labels of its template."""
    return _machine(manifest, spec_of(manifest).get("template") or {}, lookup)


def read_virtual_machine_instance(manifest: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A VirtualMachineInstance: that of a VirtualMachine is followed by another of the same name."""
    controller = controller_of(manifest)
    of_a_machine = controller is not None and controller.kind == "VirtualMachine"
    workload = _machine(manifest, manifest, lookup)
    return workload.but(controller=controller, selector_ends=not of_a_machine, selector_stays=of_a_machine)


def read_replica_set_of_instances(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A VirtualMachineInstanceReplicaSet: its selector is one of instances, whose labels reach the pods."""
    spec = spec_of(manifest)
    selector = spec.get("selector") or {}
    flat = flat_selector(selector)
    no_selector = "" if flat else why_not_flat(manifest["kind"], selector)
    return with_lasting_selector(_guests(manifest, spec.get("template") or {}, flat, no_selector))


def read_virtual_machine_pool(manifest: Mapping[str, Any], _lookup: Lookup) -> Workload:
    """A VirtualMachinePool: its selector is one of VirtualMachines, whose labels do not reach the pods.

    Where the labels of the machines' own template have them too, it selects the pods as well; else these labels do.
    """
    spec = spec_of(manifest)
    template = spec_of(spec.get("virtualMachineTemplate") or {}).get("template") or {}
    labels = lasting(labels_of(template))
    flat = flat_selector(spec.get("selector") or {})
    selector = flat if flat and flat.items() <= labels.items() else labels
    workload = _guests(manifest, template, selector, "")
    no_selector = (
        f"the pods of {workload} have no labels in common: add some to "
        "spec.virtualMachineTemplate.spec.template.metadata.labels, or say --selector"
    )
    return workload.but(no_selector="" if selector else no_selector)


def instance_id(name: str) -> str:
    """The label that tells an instance from all others: its name, or a beginning of it and a hash of the whole."""
    if len(name) <= _LONGEST_LABEL:
        return name
    from hashlib import sha1  # hardly any name is that long

    return f"{name[:_KEPT]}-{sha1(name.encode(), usedforsecurity=False).hexdigest()[:_HASHED]}"


def host_name(name: str, hostname: str) -> str:
    """The name of the guest's host, as older KubeVirts label its pod."""
    return hostname or name.partition(".")[0][:_LONGEST_LABEL]


def _machine(manifest: Mapping[str, Any], template: Mapping[str, Any], lookup: Lookup) -> Workload:
    """A single machine whose instance has the spec and the labels of the template."""
    workload = _guests(manifest, template, {}, "")
    if workload.unreachable or not lookup.selects:
        return workload
    if not workload.name:
        return workload.but(no_selector=f"{unnamed(manifest)} has no name yet, which its pod is known by")
    identity = instance_id(workload.name)
    host = host_name(workload.name, spec_of(template).get("hostname") or "")
    pods = lookup.pods(f"{_ID}={identity}")
    if _running(pods):
        return workload.but(selector={_ID: identity})
    if not isinstance(pods, SvcError):
        pods = lookup.pods(f"{_NAME},!{_ID}")
    own = _host_of_a_pod(workload.name, host, pods)
    version = _ID_SINCE if own else _installed_version(lookup)
    if own or (not isinstance(version, SvcError) and version < _ID_SINCE):
        return workload.but(selector={_NAME: own or host}, unsure=_doubt_about_host(workload, own or host, lookup))
    return workload.but(selector={_ID: identity}, unsure=_doubt_about_id(workload, host, pods, version))


def _host_of_a_pod(name: str, host: str, pods: Sequence[Mapping[str, Any]] | SvcError) -> str:
    """What the running pod of the machine, if an older KubeVirt started it, has for the name of its host; else empty.

    That may not be the machine's any more, so `pods` are all such pods; one that does not say whose it is counts by
    the name.
    """
    for pod in _running(pods):
        found = labels_of(pod).get(_NAME, "")
        if (_instance_of(pod) or (name if found == host else "")) == name:
            return found
    return ""


def _doubt_about_host(workload: Workload, host: str, lookup: Lookup) -> str:
    """That other machines have hosts of the same name, or that nobody knows; empty where none runs."""
    pods = lookup.pods(f"{_NAME}={host}")
    if isinstance(pods, SvcError):
        return (
            f"{workload} is selected by {_NAME}, the name of its host; whether its pod has that, and no other "
            f"machine's, is not known ({reason_of(pods)})"
        )
    instances = {_instance_of(pod) for pod in _running(pods)} - {"", workload.name}
    also = f"{_NAME}={host} selects the pods of {listed(sorted(instances))} too, whose hosts have the same name"
    return f"{workload}: {also}" if instances else ""


def _doubt_about_id(
    workload: Workload,
    host: str,
    pods: Sequence[Mapping[str, Any]] | SvcError,
    version: tuple[int, int] | SvcError,
) -> str:
    """That the pod may not have the label, and what to type then; empty where pods and version are known."""
    since = _as_text(_ID_SINCE)
    if isinstance(version, SvcError):
        return (
            f"{workload} is selected by {_ID}, which its pod has from KubeVirt {since} on; the version here is not "
            f"known ({reason_of(version)}). On older clusters: --selector {_NAME}={host}"
        )
    if isinstance(pods, SvcError):
        return (
            f"{workload} is selected by {_ID}, which a pod from before the upgrade to KubeVirt {since} lacks; whether "
            f"it has such a pod is not known ({reason_of(pods)}). If so: --selector {_NAME}={host}"
        )
    return ""


def _running(pods: Sequence[Mapping[str, Any]] | SvcError) -> list[Mapping[str, Any]]:
    """The pods that have not come to their end; none where they are not to be seen."""
    if isinstance(pods, SvcError):
        return []
    return [pod for pod in pods if (pod.get("status") or {}).get("phase") not in ("Succeeded", "Failed")]


def _instance_of(pod: Mapping[str, Any]) -> str:
    """The instance that the pod was made for; empty for a pod that does not say."""
    controller = controller_of(pod)
    return controller.name if controller and controller.kind == "VirtualMachineInstance" else ""


def _installed_version(lookup: Lookup) -> tuple[int, int] | SvcError:
    """Major and minor of the cluster's KubeVirt, or why they are not known."""
    installed = lookup.everywhere(_KUBEVIRTS)
    if isinstance(installed, SvcError):
        return installed
    for kubevirt in installed:
        version = _version((kubevirt.get("status") or {}).get("observedKubeVirtVersion") or "")
        if version:
            return version
    return SvcError("no KubeVirt object says it")


def _version(text: str) -> tuple[int, int] | None:
    """Major and minor of `v1.7.0` and its like."""
    numbers = text.removeprefix("v").split(".")[:2]
    if len(numbers) != len(_ID_SINCE) or not all(number.isascii() and number.isdecimal() for number in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def _as_text(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def _guests(
    manifest: Mapping[str, Any], template: Mapping[str, Any], selector: Mapping[str, str], no_selector: str
) -> Workload:
    """The workload of the manifest, whose machines are made from the template."""
    spec = spec_of(template)
    networks = spec.get("networks") or ()
    devices = (spec.get("domain") or {}).get("devices") or {}
    pod_network = next((network.get("name") or "" for network in networks if "pod" in network), None)
    interfaces = devices.get("interfaces") or ()
    reached = [one for one in interfaces if pod_network and one.get("name") == pod_network]
    masquerades = [one for one in reached if "masquerade" in one]
    ports = _ports(reached)
    ranges = _ranges(masquerades)
    workload = Workload(
        **described(manifest),
        selector=selector,
        no_selector=no_selector,
        template_labels=labels_of(template),
        ports=ports,
        port_ranges=ranges,
        named_ports=_ports(interfaces),  # the pod declares the ports of all
        keeps_names=True,
        filters_ports=bool(masquerades) and bool(ports or ranges),
    )
    if pod_network is None and (networks or devices.get("autoattachPodInterface") is False):
        others = f", only {listed(network.get('name') or '' for network in networks)}" if networks else ""
        return workload.but(unreachable=f"it has no pod network{others}, and a Service reaches a guest by no other")
    lists = "only ranges" if ranges else "none"
    return workload.but(no_ports=f"{workload} lists {lists} on its pod network; --port says which to expose")


def _ports(interfaces: Iterable[Mapping[str, Any]]) -> tuple[WorkloadPort, ...]:
    return tuple(
        WorkloadPort(number=port.get("port") or 0, protocol=port.get("protocol") or "TCP", name=port.get("name") or "")
        for interface in interfaces
        for port in interface.get("ports") or ()
    )


def _ranges(interfaces: Iterable[Mapping[str, Any]]) -> tuple[PortRange, ...]:
    return tuple(
        PortRange(first=ports.get("start") or 0, last=ports.get("end") or 0, protocol=ports.get("protocol") or "TCP")
        for interface in interfaces
        for ports in interface.get("portRanges") or ()
    )
