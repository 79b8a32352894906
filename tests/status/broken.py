"""Broken set-ups, and what has to be said of each: these codes in this order and no other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.status import setups
from tests.status.cases import Table
from tests.status.setups import container, named, unready

if TYPE_CHECKING:
    from tests.status.setups import Place

TABLE = Table()
_case = TABLE.case
_HTTP = ({"name": "http", "port": 80, "targetPort": "http"},)


# --- nothing is selected


@_case("SelectorMatchesNothing", says=("app=wbe", "3 pods have app=web"), mends=True, is_alone=True)
def _value_off_by_a_letter(place: Place) -> str:
    place.workload(labels={"app": "web"}, replicas=3)
    place.pods(3, selector="app=web")
    return place.service(selector={"app": "wbe"})


@_case("SelectorMatchesNothing", says=("ap=web", "1 pod has app=web"), mends=True, is_alone=True)
def _key_off_by_a_letter(place: Place) -> str:
    place.pod("one", labels={"app": "web"})
    return place.service(selector={"ap": "web"})


@_case("SelectorMatchesNothing", says=("app=Web", "app=web"), mends=True, is_alone=True)
def _value_in_the_wrong_case(place: Place) -> str:
    place.pod("one", labels={"app": "web"})
    place.pod("two", labels={"app": "database"})
    return place.service(selector={"app": "Web"})


@_case("SelectorMatchesNothing", says=("tier=frontent", "tier=frontend"), mends=True, is_alone=True)
def _one_of_two_labels_wrong(place: Place) -> str:
    place.pod("one", labels={"app": "shop", "tier": "frontend"})
    place.pod("two", labels={"app": "shop", "tier": "backend"})
    return place.service(selector={"app": "shop", "tier": "frontent"})


@_case("SelectorMatchesNothing", says=("part=web", "part=worker"), never=("set selector",), is_alone=True)
def _one_of_two_labels_is_that_of_another_workload(place: Place) -> str:
    """Nothing says that the worker was meant: the command must not lead there."""
    place.pod("one", labels={"release": "shop", "part": "worker"})
    return place.service(selector={"release": "shop", "part": "web"})


@_case("SelectorMatchesNothing", says=("not the only pod of",), is_alone=True)
def _nothing_alike(place: Place) -> str:
    place.pod("one", labels={"app": "database"})
    return place.service(selector={"app": place.namespace})


@_case("SelectorMatchesNothing", says=("has none",), is_alone=True)
def _no_pods_at_all(place: Place) -> str:
    return place.service(selector={"nobody-has-this": "label"})


@_case("PodsInAnotherNamespace", says=("NAMESPACE", "kubectl-svc-test-"), is_alone=True)
def _service_in_the_wrong_namespace(place: Place) -> str:
    labels = {"app": place.namespace}
    place.cluster.core.create_namespaced_pod(
        place.other_namespace(), {"metadata": {"name": "web", "labels": labels}, "spec": {"containers": [container()]}}
    )
    return place.service(selector=labels)


@_case("ScaledToZero", says=("Deployment", "NAME", "scaled to 0"), mends=True)
def _scaled_to_zero(place: Place) -> str:
    place.workload(replicas=0)
    return place.service()


@_case("ScaledToZero", says=("StatefulSet",), mends=True)
def _stateful_set_scaled_to_zero(place: Place) -> str:
    place.workload("StatefulSet", replicas=0)
    return place.service(clusterIP="None")


def _no_more_pods(place: Place) -> None:
    quota: dict[str, Any] = {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    place.cluster.core.create_namespaced_resource_quota(place.namespace, quota)
    # There is no controller that counts, and a quota counts from when its status says what is used.
    status = {"status": {"hard": {"pods": "0"}, "used": {"pods": "0"}}}
    place.cluster.core.patch_namespaced_resource_quota_status("none", place.namespace, status)


@_case("PodsNotCreated", says=("Deployment", "exceeded quota"), is_alone=True)
def _quota(place: Place) -> str:
    _no_more_pods(place)
    name = place.workload()
    place.kubectl("wait", f"deployment/{name}", "--for=condition=ReplicaFailure", "--timeout=60s")
    return place.service()


@_case("PodsNotCreated", says=("StatefulSet", "exceeded quota"), is_alone=True)
def _quota_of_a_stateful_set(place: Place) -> str:
    """Which only an event tells."""
    _no_more_pods(place)
    name = place.workload("StatefulSet")
    about = f"involvedObject.kind=StatefulSet,involvedObject.name={name},type=Warning"
    assert setups.eventually(lambda: place.kubectl("get", "events", f"--field-selector={about}", "-o", "name"), bool)
    return place.service()


@_case("PodsNotCreated", says=("StatefulSet", "exceeded quota"), never=('"old"',), is_alone=True)
def _quota_beside_an_old_one_at_zero(place: Place) -> str:
    """Which is meant to have none."""
    place.workload(name="old", replicas=0)
    return _quota_of_a_stateful_set(place)


@_case("PodsNotCreated", says=("DaemonSet", "none of the nodes"))
def _daemon_set_without_a_node(place: Place) -> str:
    place.workload("DaemonSet", template={"nodeSelector": {"nowhere": "true"}, "nodeName": None})
    return place.service()


# --- what is selected has ended


@_case("TerminatingOnly", says=("NAME", "terminating"))
def _terminating_only(place: Place) -> str:
    pod = place.pod(metadata={"finalizers": ["example.com/hold"]})
    place.terminate(pod)
    return place.service()


def _terminated(place: Place, owner: str) -> None:
    """The pods that a workload has made are there, and about to go."""
    look = ("get", "pods", "-l", f"app={place.label}", "-o", "name")
    pods = setups.eventually(lambda: place.kubectl(*look).split(), bool)
    if owner == place.label:
        place.kubectl("scale", f"deployment/{owner}", "--replicas=0")
    else:
        place.terminate(pods[0].partition("/")[2])
    leaving = ("get", "pods", "-l", f"app={place.label}", "-o", "jsonpath={.items[*].metadata.deletionTimestamp}")
    assert setups.eventually(lambda: place.kubectl(*leaving), bool)


@_case("ScaledToZero", says=("Deployment", "NAME", "scaled to 0"))
def _scaled_down_and_still_ending(place: Place) -> str:
    _terminated(place, place.workload())
    return place.service()


@_case("TerminatingOnly", says=("NAME-green", "makes others"), never=("NAME-blue",))
def _recreated_beside_an_old_one_at_zero(place: Place) -> str:
    """Only what made a pod says what follows it."""
    place.workload(name=f"{place.label}-blue", replicas=0)
    _terminated(place, place.workload("StatefulSet", f"{place.label}-green"))
    return place.service()


@_case("PodsFinished", says=("NAME", "Evicted"))
def _evicted(place: Place) -> str:
    place.pod(state=setups.ended("Failed", "Evicted", "The node was low on resource: memory."))
    return place.service()


@_case(
    "PodsFinished",
    says=(
        "-0, ",
        "Succeeded",
    ),
)
def _succeeded(place: Place) -> str:
    for number in range(2):
        place.pod(f"{place.label}-{number}", setups.ended("Succeeded"), restartPolicy="Never")
    return place.service()


# --- pods that are not ready


def _one(place: Place, state: Any, **more: Any) -> str:
    place.pod(state=state, **more)
    return place.service()


@_case("PodNotScheduled", says=("NAME", "no scheduler"))
def _not_scheduled(place: Place) -> str:
    return _one(place, {}, node="")


@_case("PodUnschedulable", says=("NAME", "Insufficient cpu"))
def _unschedulable(place: Place) -> str:
    message = "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available."
    return _one(place, setups.scheduled("False", "Unschedulable", message), node="")


@_case("PodSchedulingGated", says=("example.com/wait",))
def _scheduling_gated(place: Place) -> str:
    return _one(place, {}, node="", schedulingGates=[{"name": "example.com/wait"}])


@_case("ImageNotPulled", says=("NAME", '"app"', "ErrImagePull", "not found", setups.IMAGE))
def _image(place: Place) -> str:
    state = unready(setups.waiting("ErrImagePull", "registry.k8s.io/pause:none: not found"), phase="Pending")
    return _one(place, state)


@_case("ImageNotPulled", says=("2 of 2 pods",))
def _image_of_all_replicas(place: Place) -> str:
    place.workload(replicas=2)
    place.pods(2, unready(setups.waiting("ImagePullBackOff", "Back-off pulling image"), phase="Pending"))
    return place.service()


@_case("ContainerCrashes", says=("NAME", '"app"', "7 restarts", "exit code 1"))
def _crash(place: Place) -> str:
    return _one(place, unready(setups.waiting("CrashLoopBackOff", "back-off 5m0s", restarts=7, last=("Error", 1))))


@_case("ContainerCrashes", says=("exit code 2", "1 restart)"))
def _between_two_crashes(place: Place) -> str:
    """The state is newer than the last one."""
    return _one(place, unready(setups.terminated("Error", 2, restarts=1, last=("Error", 1))))


@_case("ContainerOutOfMemory", says=("OOMKilled", "exit code 137"))
def _out_of_memory(place: Place) -> str:
    return _one(place, unready(setups.waiting("CrashLoopBackOff", restarts=3, last=("OOMKilled", 137))))


@_case("ContainerConfigInvalid", says=("CreateContainerConfigError", 'configmap "settings" not found'))
def _config(place: Place) -> str:
    return _one(place, unready(setups.waiting("CreateContainerConfigError", 'configmap "settings" not found')))


@_case("ContainerWaiting", says=("NewReason",))
def _waiting_for_a_reason_of_its_own(place: Place) -> str:
    return _one(place, unready(setups.waiting("NewReason", "wait and see")))


@_case("ContainerEnded", says=('"app"', "Completed", "exit code 0"))
def _container_ended(place: Place) -> str:
    """One of two containers, which nobody starts again."""
    containers = [container(), container("other")]
    state = unready(setups.terminated("Completed", 0), setups.running("other"))
    return _one(place, state, containers=containers, restartPolicy="Never")


@_case("InitContainerRunning", says=('init container "migrate"', "has not finished"))
def _init_container_stuck(place: Place) -> str:
    init = {**setups.running("migrate", ready=False), "started": True}
    state = unready(setups.waiting("PodInitializing"), inits=[init], phase="Pending")
    return _one(place, state, initContainers=[container("migrate")])


@_case("ContainerCrashes", says=('init container "migrate"', "exit code 1"))
def _init_container_crashes(place: Place) -> str:
    init = setups.waiting("CrashLoopBackOff", name="migrate", restarts=4, last=("Error", 1))
    state = unready(setups.waiting("PodInitializing"), inits=[init], phase="Pending")
    return _one(place, state, initContainers=[container("migrate")])


_PROBE = {"httpGet": {"path": "/", "port": 8080}}


@_case("ReadinessProbeFails", says=('"app"', "Readiness probe failed", "statuscode: 503"))
def _readiness_probe(place: Place) -> str:
    """What the liveness probe last said is another thing."""
    pod = place.pod(state=unready(setups.running(ready=False)), containers=[container(readinessProbe=_PROBE)])
    place.event("Pod", pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")
    place.event("Pod", pod, "Unhealthy", "Liveness probe failed: connection refused")
    return place.service()


@_case("StartupProbeFails", says=('"app"', "Startup probe failed"))
def _startup_probe(place: Place) -> str:
    containers = [container(startupProbe=_PROBE, readinessProbe=_PROBE)]
    pod = place.pod(state=unready(setups.running(ready=False, started=False)), containers=containers)
    place.event("Pod", pod, "Unhealthy", "Startup probe failed: connection refused")
    return place.service()


def _with_sidecar(place: Place, sidecar: Any, **probes: Any) -> str:
    state = unready(setups.running(), inits=[sidecar])
    return _one(place, state, initContainers=[container("proxy", restartPolicy="Always", **probes)])


@_case("ReadinessProbeFails", says=('"proxy"',))
def _readiness_probe_of_a_sidecar(place: Place) -> str:
    return _with_sidecar(place, setups.running("proxy", ready=False), readinessProbe=_PROBE)


@_case("StartupProbeFails", says=('"proxy"',))
def _startup_probe_of_a_sidecar(place: Place) -> str:
    return _with_sidecar(place, setups.running("proxy", ready=False, started=False), startupProbe=_PROBE)


@_case("ReadinessGateClosed", says=("example.com/registered", "not reported"))
def _readiness_gate(place: Place) -> str:
    why = ("False", "ReadinessGatesNotReady", 'corresponding condition "example.com/registered" does not exist.')
    state = {
        "phase": "Running", **setups.addresses(), "containerStatuses": [setups.running()],
        **setups.conditions(PodScheduled="True", Initialized="True", ContainersReady="True", Ready=why),
    }  # fmt: skip
    return _one(place, state, readinessGates=[{"conditionType": "example.com/registered"}])


@_case("ContainerCreating", says=("MountVolume.SetUp failed",), never=("0/3 nodes",))
def _volume_not_mounted(place: Place) -> str:
    """That there was no node once is over."""
    pod = place.pod(state=unready(setups.waiting("ContainerCreating"), phase="Pending"))
    place.event("Pod", pod, "FailedMount", 'MountVolume.SetUp failed for volume "data" : secret "data" not found')
    place.event("Pod", pod, "FailedScheduling", "0/3 nodes are available")
    return place.service()


@_case("ReadinessProbeFails", says=("does not succeed",), never=("of another pod",))
def _event_of_an_earlier_pod(place: Place) -> str:
    """A StatefulSet's pods have their names again."""
    pod = place.pod(state={}, node="")
    place.event("Pod", pod, "Unhealthy", "Readiness probe failed: of another pod")
    place.cluster.core.delete_namespaced_pod(pod, place.namespace, grace_period_seconds=0)
    return _one(place, unready(setups.running(ready=False)), containers=[container(readinessProbe=_PROBE)])


@_case("NodeNotReady", says=("NAME-node", "not there any more"))
def _node_gone(place: Place) -> str:
    return _one(place, unready(setups.running(ready=False)), node=f"{place.label}-node")


@_case("PodNotReady", says=("has not reported",))
def _bound_and_nothing_else(place: Place) -> str:
    return _one(place, setups.scheduled("True"))


@_case("PodNotReady", says=("containers with unready status: [app]",))
def _no_probe_at_all(place: Place) -> str:
    """Where there is no probe none can have failed."""
    return _one(place, unready(setups.running(ready=False)))


@_case("NodeNotReady", says=("NAME-node", "stopped posting"))
def _node_lost(place: Place) -> str:
    node = place.other_node(f"{place.label}-node", is_ready=False)
    return _one(place, unready(setups.running(ready=False)), node=node)


@_case("ImageNotPulled", says=("1 of 2 pods",), is_reached=True)
def _one_of_two(place: Place) -> str:
    """A warning only, beside a pod that is reached."""
    place.pod(f"{place.label}-1", unready(setups.waiting("ErrImagePull")))
    good = place.pod(f"{place.label}-2")
    return place.service(reaches=[good])


@_case("PodUnschedulable", says=("Insufficient",))
def _published_early_and_without_an_address(place: Place) -> str:
    """Not ready pods count, but not those that have no address."""
    state = setups.scheduled("False", "Unschedulable", "0/1 nodes are available: Insufficient cpu")
    place.pod(state=state, node="")
    return place.service(clusterIP="None", publishNotReadyAddresses=True)


@_case("ReadinessProbeFails", "HeadlessWithoutReadyPods", says=("NAME",))
def _headless(place: Place) -> str:
    place.pod(state=unready(setups.running(ready=False)), containers=[container(readinessProbe=_PROBE)])
    return place.service(clusterIP="None")


# --- ports


@_case("TargetPortMissing", says=('"http"', "NAME", '"web"'))
def _named_port_absent(place: Place) -> str:
    pod = place.pod(ports=[named("web", 8080)])
    return place.service(ports=_HTTP, reaches=[pod])


@_case("TargetPortMissing", says=('"http"', "1 of 2 pods"), is_reached=True)
def _named_port_absent_in_some_pods(place: Place) -> str:
    pods = [place.pod(f"{place.label}-1", ports=[named("http", 8080)]), place.pod(f"{place.label}-2")]
    return place.service(ports=_HTTP, reaches=pods)


@_case("TargetPortMissing", says=('"http"',), is_reached=True)
def _named_port_absent_and_headless(place: Place) -> str:
    """The Service's name leads to its pods all the same; only the port's does not."""
    pod = place.pod()
    return place.service(ports=_HTTP, clusterIP="None", reaches=[pod])


@_case("ProtocolMismatch", says=("http 80/TCP", "UDP"))
def _named_port_of_another_protocol(place: Place) -> str:
    pod = place.pod(ports=[named("http", 8080, "UDP")])
    return place.service(ports=_HTTP, reaches=[pod])


@_case("ProtocolMismatch", says=("53/UDP", "TCP only"), is_reached=True)
def _number_of_another_protocol(place: Place) -> str:
    pod = place.pod(ports=[named("dns", 53)])
    return place.service(ports=[{"port": 53, "protocol": "UDP"}], reaches=[pod])


@_case("TargetPortNotDeclared", says=("8080", "9090"), is_reached=True)
def _number_that_nobody_declares(place: Place) -> str:
    pod = place.pod(ports=[named("http", 9090)])
    return place.service(reaches=[pod])


@_case("AddressFamilyMismatch", says=("IPv6", "IPv4 only"), mends=True)
def _another_family(place: Place) -> str:
    place.pod(state=setups.ready(v6=False))
    return place.service(ipFamilies=["IPv6"], ipFamilyPolicy="SingleStack")


@_case("EndpointsMissing", says=("1 of its pods is ready", "no-such-node"))
def _endpoints_missing(place: Place) -> str:
    """The controller's own words."""
    place.pod(node="no-such-node")
    name = place.service()
    about = f"involvedObject.kind=Service,involvedObject.name={name}"
    assert setups.eventually(lambda: place.kubectl("get", "events", f"--field-selector={about}", "-o", "name"), bool)
    return name


# --- without a selector


@_case("NoSelector", says=("kubernetes.io/service-name=NAME",))
def _no_selector(place: Place) -> str:
    return place.service(selector=None)


@_case("EndpointsNotReady", says=("NAME-by-hand",))
def _slice_that_is_not_ready(place: Place) -> str:
    name = place.service(selector=None)
    place.slice(name, [{"addresses": ["192.0.2.1"], "conditions": {"ready": False}}], [{"name": "", "port": 8080}])
    return name


@_case("EndpointPortsDiffer", says=("http 80/TCP",))
def _slice_with_other_ports(place: Place) -> str:
    name = place.service(selector=None, ports=[{"name": "http", "port": 80}])
    place.slice(name, [{"addresses": ["192.0.2.1"]}], [{"name": "web", "port": 8080}])
    return name


@_case("EndpointPortsDiffer", says=("80/TCP",))
def _slice_with_a_port_without_a_number(place: Place) -> str:
    """kube-proxy leaves such a port out (pkg/proxy/endpointslicecache.go)."""
    name = place.service(selector=None)
    place.slice(name, [{"addresses": ["192.0.2.1"]}], [{"name": "", "protocol": "TCP"}])
    return name


@_case("AddressFamilyMismatch", says=("IPv4", "NAME-by-hand", "IPv6 only"), mends=True)
def _slice_of_another_family(place: Place) -> str:
    """kube-proxy has one table for each family, and this Service is in one of them."""
    name = place.service(selector=None, ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack")
    endpoints = [{"addresses": ["2001:db8::1"]}]
    place.slice(name, endpoints, [{"name": "", "port": 8080}], addressType="IPv6")
    return name


@_case("EndpointOfDeletedPod", says=("NAME-by-hand", "gone-1"))
def _slice_that_leads_to_a_deleted_pod(place: Place) -> str:
    name = place.service(selector=None)
    target = {"kind": "Pod", "name": "gone-1", "namespace": place.namespace, "uid": "1"}
    place.slice(name, [{"addresses": ["192.0.2.1"], "targetRef": target}], [{"name": "", "port": 8080}])
    return name


@_case("EndpointOfDeletedPod", says=("gone-1",), is_reached=True)
def _slice_that_leads_to_a_deleted_pod_beside_others(place: Place) -> str:
    pod = place.pod()
    name = place.service(reaches=[pod])
    target = {"kind": "Pod", "name": "gone-1", "namespace": place.namespace, "uid": "1"}
    place.slice(name, [{"addresses": ["192.0.2.1"], "targetRef": target}], [{"name": "", "port": 8080}])
    return name


# --- load balancers


def _balanced(place: Place, **spec: Any) -> str:
    pod = place.pod()
    return place.service(reaches=[pod], type="LoadBalancer", **spec)


@_case("NoLoadBalancerController", says=("nobody has taken up",))
def _no_controller(place: Place) -> str:
    return _balanced(place)


@_case("LoadBalancerClassUnknown", says=("example.com/nobody",))
def _class_that_nobody_serves(place: Place) -> str:
    return _balanced(place, loadBalancerClass="example.com/nobody")


@_case("LoadBalancerFailed", says=("SyncLoadBalancerFailed", "quota exceeded"))
def _event_of_a_controller(place: Place) -> str:
    """The try after it has not come to an end yet."""
    name = _balanced(place)
    failed = "Error syncing load balancer: failed to ensure load balancer: quota exceeded"
    place.event("Service", name, "SyncLoadBalancerFailed", failed)
    place.event("Service", name, "EnsuringLoadBalancer", "Ensuring load balancer", normal=True)
    return name


@_case("LoadBalancerInProgress", says=("Ensuring load balancer",))
def _in_progress(place: Place) -> str:
    name = _balanced(place)
    place.event("Service", name, "EnsuringLoadBalancer", "Ensuring load balancer", normal=True)
    return name


@_case("LoadBalancerInProgress", says=("has taken it up",))
def _finalizer_of_a_controller(place: Place) -> str:
    return _balanced(place, metadata={"finalizers": ["service.kubernetes.io/load-balancer-cleanup"]})


@_case("LoadBalancerFailed", says=("no_pool", "no CiliumLoadBalancerIPPools"))
def _condition_of_cilium(place: Place) -> str:
    """operator/pkg/lbipam: it reports by a condition, not by events."""
    name = _balanced(place)
    message = "There are no CiliumLoadBalancerIPPools that match this service"
    said = setups.conditions(**{"cilium.io/IPAMRequestSatisfied": ("False", "no_pool", message)})
    place.service_status(name, **said)
    return name


_BOTH = ({"name": "tcp", "port": 53}, {"name": "udp", "port": 53, "protocol": "UDP"})


@_case("MixedProtocolsRefused", says=("TCP and UDP",))
def _mixed_protocols_by_event(place: Place) -> str:
    name = _balanced(place, ports=_BOTH)
    failed = "Error syncing load balancer: failed to ensure load balancer: mixed protocol is not supported"
    place.event("Service", name, "SyncLoadBalancerFailed", failed)
    return name


@_case("MixedProtocolsRefused", says=("TCP and UDP", "LoadBalancerMixedProtocolNotSupported"))
def _mixed_protocols_by_condition(place: Place) -> str:
    name = _balanced(place, ports=_BOTH)
    why = ("True", "LoadBalancerMixedProtocolNotSupported", "One protocol only.")
    place.service_status(name, **setups.conditions(LoadBalancerPortsError=why))
    return name


@_case("LoadBalancerPortFailed", says=("53/UDP", "MixedProtocolNotSupported"))
def _port_error(place: Place) -> str:
    name = _balanced(place, ports=_BOTH)
    ports = [
        {"port": 53, "protocol": "TCP"},
        {"port": 53, "protocol": "UDP", "error": "MixedProtocolNotSupported"},
    ]
    place.service_status(name, loadBalancer={"ingress": [{"ip": "192.0.2.53", "ports": ports}]})
    return name


@_case("LoadBalancerFailed", says=("has an address", "UpdateLoadBalancerFailed"), is_reached=True)
def _failed_since(place: Place) -> str:
    name = _balanced(place)
    place.service_status(name, loadBalancer={"ingress": [{"ip": "192.0.2.54"}]})
    place.event("Service", name, "UpdateLoadBalancerFailed", "Error updating load balancer: no such subnet")
    return name


@_case("PodNotScheduled", "NoLoadBalancerController")
def _no_controller_and_no_pod(place: Place) -> str:
    place.pod(state={}, node="")
    return place.service(type="LoadBalancer")


# --- policies, neighbours


@_case("LocalPolicyWithoutEndpoint", says=("externalTrafficPolicy", "name no node"), mends=True)
def _external_policy(place: Place) -> str:
    name = place.service(selector=None, type="NodePort", externalTrafficPolicy="Local")
    place.slice(name, [{"addresses": ["192.0.2.1"]}], [{"name": "", "port": 8080}])
    return name


@_case("LocalPolicyWithoutEndpoint", says=("internalTrafficPolicy", "name no node"), mends=True)
def _internal_policy(place: Place) -> str:
    name = place.service(selector=None, internalTrafficPolicy="Local")
    place.slice(name, [{"addresses": ["192.0.2.1"]}], [{"name": "", "port": 8080}])
    return name


@_case("LocalPolicyLeavesNodesOut", says=("NAMESPACE-other",), is_reached=True, mends=True, is_alone=True)
def _internal_policy_leaves_nodes_out(place: Place) -> str:
    pod = place.pod()
    place.other_node(f"{place.namespace}-other")
    return place.service(reaches=[pod], internalTrafficPolicy="Local")


@_case("NodePortClash", says=("Port 30080 was assigned to multiple services",), is_reached=True)
def _node_port_clash(place: Place) -> str:
    """As kube-apiserver's repair loop says it (registry/core/service/portallocator/controller/repair.go)."""
    name = place.service(reaches=[place.pod()], type="NodePort")
    message = "Port 30080 was assigned to multiple services; please recreate service"
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
    told: dict[str, Any] = {
        "eventTime": now, "reportingComponent": "portallocator-repair-controller", "reportingInstance": "one",
        "action": "PortAllocation", "firstTimestamp": None, "lastTimestamp": None, "source": {}, "count": None,
    }  # fmt: skip
    place.event("Service", name, "PortAlreadyAllocated", message, **told)
    return name


@_case("ClusterIPClash", says=("was assigned to multiple services",), is_reached=True)
def _cluster_ip_clash(place: Place) -> str:
    name = place.service(reaches=[place.pod()])
    message = "Cluster IP [IPv4]:10.0.0.7 was assigned to multiple services; please recreate service"
    place.event("Service", name, "ClusterIPAlreadyAllocated", message)
    return name


@_case("BeingDeleted", says=("example.com/hold",), is_reached=True)
def _being_deleted(place: Place) -> str:
    name = place.service(reaches=[place.pod()], metadata={"finalizers": ["example.com/hold"]})
    place.kubectl("delete", "service", name, "--wait=false")
    return name


@_case("DuplicateService", says=("NAME-again",), is_reached=True)
def _duplicate(place: Place) -> str:
    pods = [place.pod()]
    place.service(f"{place.label}-again", reaches=pods)
    return place.service(reaches=pods)


@_case("DuplicateService", says=("NAME-again",), is_reached=True)
def _duplicate_in_other_words(place: Place) -> str:
    pods = [place.pod(labels={**place.labels, "tier": place.label})]
    place.service(f"{place.label}-again", reaches=pods, selector={"tier": place.label})
    return place.service(reaches=pods)


@_case("NetworkPolicyMayBlock", says=("NAME", "80/TCP", "if the cluster's network enforces it"), is_reached=True)
def _default_deny(place: Place) -> str:
    place.policy()
    return place.service(reaches=[place.pod()])


@_case("NetworkPolicyMayBlock", says=("80/TCP",), is_reached=True)
def _only_from_some_pods(place: Place) -> str:
    place.policy(ingress=[{"from": [{"podSelector": {"matchLabels": {"role": "client"}}}]}])
    return place.service(reaches=[place.pod()])


@_case("NetworkPolicyMayBlock", says=("80/TCP",), is_reached=True)
def _only_another_port(place: Place) -> str:
    place.policy(ingress=[{"ports": [{"port": 9090}, {"port": 8080, "protocol": "UDP"}, {"port": 1, "endPort": 99}]}])
    return place.service(reaches=[place.pod()])


@_case("NetworkPolicyMayBlock", says=("80/TCP",), is_reached=True)
def _policy_about_one_of_two_pods(place: Place) -> str:
    pods = [place.pod(f"{place.label}-{each}", labels={**place.labels, "part": each}) for each in ("a", "b")]
    place.policy(podSelector={"matchExpressions": [{"key": "part", "operator": "In", "values": ["b"]}], **_of(place)})
    return place.service(reaches=pods)


def _of(place: Place) -> dict[str, Any]:
    return {"matchLabels": place.labels}


# --- names


def alias(place: Place, host: str) -> str:
    return place.service(selector=None, ports=None, type="ExternalName", externalName=host)


@_case("ExternalNameIsAddress", says=("192.0.2.1",))
def _external_name_is_an_address(place: Place) -> str:
    return alias(place, "192.0.2.1")


@_case("ExternalNameIsItself")
def _external_name_is_itself(place: Place) -> str:
    return alias(place, f"{place.label}.{place.namespace}.svc.cluster.local")


@_case("ExternalNameNotFound", says=("nowhere/NAME",))
def _external_name_is_not_there(place: Place) -> str:
    return alias(place, f"{place.label}.nowhere.svc")


@_case("ExternalNameIsService", says=("NAMESPACE/NAME-target",), is_reached=True)
def _external_name_is_a_service(place: Place) -> str:
    target = place.service(f"{place.label}-target", reaches=[place.pod()])
    return alias(place, f"{target}.{place.namespace}.svc.cluster.local")
