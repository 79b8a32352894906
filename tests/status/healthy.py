"""Healthy set-ups, of which nothing has to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.status import setups
from tests.status.cases import Table
from tests.status.setups import container, named, unready

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.status.setups import Place

TABLE = Table()
_case = TABLE.case(is_reached=True)
_alone = TABLE.case(is_reached=True, is_alone=True)
_HTTP = ({"name": "http", "port": 80, "targetPort": "http"},)
_BOTH = ({"name": "tcp", "port": 53}, {"name": "udp", "port": 53, "protocol": "UDP"})


@_case
def _cluster_ip(place: Place) -> str:
    place.workload(replicas=2, ports=[{"containerPort": 8080}])
    return place.service(reaches=place.pods(2))


@_case
def _several_ports(place: Place) -> str:
    pod = place.pod(ports=[named("http", 8080), named("metrics", 9090)])
    ports = [*_HTTP, {"name": "metrics", "port": 9090}]
    return place.service(ports=ports, reaches=[pod])


@_case
def _numbers_that_differ_behind_a_name(place: Place) -> str:
    pods = [place.pod(f"{place.label}-{number}", ports=[named("http", number)]) for number in (8080, 9090)]
    return place.service(ports=_HTTP, reaches=pods)


@_case
def _undeclared_ports(place: Place) -> str:
    return place.service(reaches=[place.pod()])


@_case
def _node_port(place: Place) -> str:
    return place.service(type="NodePort", reaches=[place.pod()])


@_case
def _load_balancer(place: Place) -> str:
    name = place.service(
        type="LoadBalancer", reaches=[place.pod()], loadBalancerClass="example.com/some",
        metadata={"finalizers": ["service.kubernetes.io/load-balancer-cleanup"]},
    )  # fmt: skip
    place.service_status(name, loadBalancer={"ingress": [{"ip": "192.0.2.80"}]})
    place.event("Service", name, "EnsuredLoadBalancer", "Ensured load balancer", normal=True)
    place.stack.callback(
        place.kubectl, "patch", "service", name, "--type=merge", "-p", '{"metadata":{"finalizers":null}}'
    )
    return name


@_case
def _load_balancer_by_name(place: Place) -> str:
    name = place.service(type="LoadBalancer", reaches=[place.pod()])
    place.service_status(name, loadBalancer={"ingress": [{"hostname": "lb.example.com"}]})
    return name


@_case
def _load_balancers_of_two_kinds(place: Place) -> str:
    """One inside, one outside: no duplicate."""
    pods = [place.pod()]
    for name, notes in ((f"{place.label}-in", {"networking.gke.io/load-balancer-type": "Internal"}), (place.label, {})):
        place.service(name, type="LoadBalancer", reaches=pods, metadata={"annotations": notes})
        place.service_status(name, loadBalancer={"ingress": [{"ip": "192.0.2.81"}]})
    return place.label


def _stateful(place: Place, **spec: Any) -> list[str]:
    place.workload("StatefulSet", replicas=2, serviceName=place.label, podManagementPolicy="Parallel", **spec)
    return place.pods(2)


@_case
def _headless_of_a_stateful_set(place: Place) -> str:
    """With names for its pods, and a Service with an address for the same pods."""
    pods = _stateful(place)
    place.service(f"{place.label}-read", reaches=pods)
    return place.service(clusterIP="None", reaches=pods)


@_case
def _services_per_replica(place: Place) -> str:
    for pod in _stateful(place):
        place.service(pod, selector={"statefulset.kubernetes.io/pod-name": pod}, reaches=[pod])
    return f"{place.label}-0"


@_case
def _headless_without_ports(place: Place) -> str:
    return place.service(ports=None, clusterIP="None", reaches=[place.pod()])


@_case
def _published_early(place: Place) -> str:
    pod = place.pod(state=unready(setups.running(ready=False)))
    return place.service(clusterIP="None", publishNotReadyAddresses=True, reaches=[pod])


@_case
def _external_name(place: Place) -> str:
    return place.service(selector=None, ports=None, type="ExternalName", externalName="db.example.com")


@_case
def _both_families(place: Place) -> str:
    return place.service(ipFamilyPolicy="RequireDualStack", reaches=[place.pod()])


@_case
def _both_families_before_pods_of_one(place: Place) -> str:
    return place.service(ipFamilyPolicy="RequireDualStack", reaches=[place.pod(state=setups.ready(v6=False))])


@_case
def _the_other_family(place: Place) -> str:
    return place.service(ipFamilies=["IPv6"], ipFamilyPolicy="SingleStack", reaches=[place.pod()])


def _outside(place: Place, behind: Sequence[dict[str, Any]], **spec: Any) -> str:
    name = place.service(selector=None, **spec)
    place.slice(name, [{"addresses": ["192.0.2.1"]}, {"addresses": ["192.0.2.2"]}], behind)
    return name


@_case
def _slice_by_hand(place: Place) -> str:
    return _outside(place, [{"name": "", "port": 5432}])


@_case
def _slice_by_hand_with_names(place: Place) -> str:
    ports = [{"name": "sql", "port": 5432}, {"name": "stats", "port": 9187}]
    return _outside(place, ports, ports=ports)


@_case
def _slice_by_hand_without_ports(place: Place) -> str:
    return _outside(place, [], ports=None, clusterIP="None")


@_case
def _slice_by_hand_to_pods_elsewhere(place: Place) -> str:
    """Whoever made it knows; pods of another namespace are not looked for here."""
    name = place.service(selector=None)
    target = {"kind": "Pod", "name": "elsewhere", "namespace": "kube-system", "uid": "1"}
    place.slice(name, [{"addresses": ["192.0.2.1"], "targetRef": target}], [{"name": "", "port": 8080}])
    return name


@_case
def _both_protocols_on_one_port(place: Place) -> str:
    pod = place.pod(ports=[named("dns", 53, "UDP"), named("dns-tcp", 53)])
    return place.service(ports=_BOTH, reaches=[pod])


@_case
def _rolling_update(place: Place) -> str:
    """Pods of the old ReplicaSet are on their way out."""
    old = place.pod(f"{place.label}-old", metadata={"finalizers": ["example.com/hold"]})
    new = place.pod(f"{place.label}-new")
    place.terminate(old)
    return place.service(reaches=[new])


@_case
def _completed_pods_beside(place: Place) -> str:
    for phase in ("Succeeded", "Failed"):
        place.pod(f"{place.label}-{phase.lower()}", setups.ended(phase), restartPolicy="Never")
    return place.service(reaches=[place.pod()])


@_alone
def _daemon_set_and_local_traffic(place: Place) -> str:
    # A new node is tainted until the node lifecycle controller, which does not run here, has seen it ready.
    place.workload("DaemonSet", template={"nodeName": None, "tolerations": [{"operator": "Exists"}]})
    nodes = [each.metadata.name for each in place.cluster.core.list_node().items]
    pods = place.pods(len(nodes))
    for pod in pods:
        wanted = place.cluster.core.read_namespaced_pod(pod, place.namespace).spec.affinity.node_affinity
        (term,) = wanted.required_during_scheduling_ignored_during_execution.node_selector_terms
        place.bind(pod, term.match_fields[0].values[0])
    return place.service(internalTrafficPolicy="Local", reaches=pods)


@_case
def _external_policy_local(place: Place) -> str:
    return place.service(type="NodePort", externalTrafficPolicy="Local", reaches=[place.pod()])


@_case
def _port_of_a_sidecar(place: Place) -> str:
    sidecar = container("proxy", ports=[named("http", 15000)], restartPolicy="Always")
    pod = place.pod(initContainers=[sidecar])
    place.policy(ingress=[{"ports": [{"port": "http"}]}])
    return place.service(ports=_HTTP, reaches=[pod])


@_case
def _session_affinity(place: Place) -> str:
    """And another Service for those who want none."""
    pods = [place.pod()]
    place.service(f"{place.label}-any", reaches=pods)
    return place.service(sessionAffinity="ClientIP", reaches=pods)


@_case
def _other_ports_of_the_same_pods(place: Place) -> str:
    pods = [place.pod()]
    place.service(f"{place.label}-admin", ports=9090, reaches=pods)
    return place.service(reaches=pods)


@_case
def _stable_and_canary(place: Place) -> str:
    """Argo Rollouts' two Services, while there is one revision."""
    labels = {**place.labels, "rollouts-pod-template-hash": "abc"}
    pods = [place.pod(labels=labels)]
    place.service(f"{place.label}-canary", selector=labels, reaches=pods)
    return place.service(selector=labels, reaches=pods)


def _with_policy(place: Place, *ingress: dict[str, Any], **spec: Any) -> str:
    place.policy(ingress=ingress, **spec)
    return place.service(reaches=[place.pod(ports=[named("http", 8080)])])


@_case
def _policy_that_lets_all_in(place: Place) -> str:
    return _with_policy(place, {})


@_case
def _policy_that_lets_the_port_in(place: Place) -> str:
    return _with_policy(place, {"ports": [{"port": 8080}]})


@_case
def _policy_by_the_name_of_the_port(place: Place) -> str:
    return _with_policy(place, {"ports": [{"port": "http"}]})


@_case
def _policy_by_a_range(place: Place) -> str:
    return _with_policy(place, {"ports": [{"port": 8000, "endPort": 8999}]})


@_case
def _policy_that_lets_all_pods_in(place: Place) -> str:
    return _with_policy(place, {"from": [{"namespaceSelector": {}}]})


@_case
def _policy_that_lets_all_addresses_in(place: Place) -> str:
    return _with_policy(place, {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]})


@_case
def _policy_on_what_leaves(place: Place) -> str:
    return _with_policy(place, policyTypes=["Egress"])


@_case
def _policy_beside_one_that_lets_in(place: Place) -> str:
    place.policy(f"{place.label}-deny")
    return _with_policy(place, {"ports": [{"port": 8080}]})


@_case
def _policy_about_others(place: Place) -> str:
    return _with_policy(place, podSelector={"matchLabels": {"app": "none-of-these"}})


@_case
def _repaired_allocation(place: Place) -> str:
    """kube-apiserver has put it right itself."""
    name = place.service(type="NodePort", reaches=[place.pod()])
    place.event("Service", name, "PortNotAllocated", "Port 30081 is not allocated; repairing")
    place.event("Service", name, "ClusterIPNotAllocated", "Cluster IP [IPv4]: 10.0.0.8 is not allocated; repairing")
    return name


@_case
def _host_network(place: Place) -> str:
    ports = [{**named("http", 8080), "hostPort": 8080}]
    return place.service(ports=_HTTP, reaches=[place.pod(ports=ports, hostNetwork=True)])
