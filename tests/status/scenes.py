"""Scenes that no server has shown: any shapes within Go's structs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from kubectl_svc.go_structs import decode, struct
from tests.go_values import values_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Manifest = Mapping[str, Any]

_NAMES = st.sampled_from(["a", "b", "web"])
_LABELS = st.dictionaries(st.sampled_from(["app", "tier"]), st.sampled_from(["web", "wbe", "x"]), max_size=2)
_TIMES = st.sampled_from(["2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"])
_STATUSES = st.sampled_from(["True", "False", "Unknown"])
_PROTOCOLS = st.sampled_from(["TCP", "UDP", "SCTP"])
_NUMBERS = st.sampled_from([80, 8080, 53])
_TARGETS = st.one_of(_NUMBERS, st.sampled_from(["http", "dns"]))
_TEXTS = st.sampled_from(["", "said", "two\nlines. ", "mixed protocol"])


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _few(each: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, max_size=3)


def _metadata(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    always = {"name": _NAMES, "namespace": st.sampled_from(["shop", "other"]), "labels": _LABELS}
    return st.fixed_dictionaries(always, optional={"uid": _NAMES, "deletionTimestamp": _TIMES, **more})


def _condition(*kinds: str) -> st.SearchStrategy[dict[str, Any]]:
    return _some(type=st.sampled_from(kinds), status=_STATUSES, reason=_TEXTS, message=_TEXTS)


_PORT = _some(
    name=st.sampled_from(["", "http", "dns"]), port=_NUMBERS, protocol=_PROTOCOLS, targetPort=_TARGETS,
    nodePort=st.sampled_from([0, 30080]), appProtocol=st.sampled_from(["http", "x"]),
)  # fmt: skip
_SERVICE = st.fixed_dictionaries(
    {
        "metadata": _metadata(finalizers=_few(st.sampled_from(["a/b", "c"]))),
        "spec": _some(
            type=st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName", "Other"]),
            selector=_LABELS, ports=_few(_PORT), clusterIP=st.sampled_from(["None", "10.0.0.1", ""]),
            externalName=st.sampled_from(["web.shop.svc", "b.shop.svc", "10.0.0.1", "example.com", ".svc", "."]),
            externalTrafficPolicy=st.sampled_from(["Local", "Cluster"]),
            internalTrafficPolicy=st.sampled_from(["Local", "Cluster"]),
            publishNotReadyAddresses=st.booleans(), ipFamilies=_few(st.sampled_from(["IPv4", "IPv6"])),
            loadBalancerClass=st.just("example.com/some"),
        ),
        "status": _some(
            conditions=_few(_condition("LoadBalancerPortsError", "cilium.io/IPAMRequestSatisfied")),
            loadBalancer=_some(
                ingress=_few(_some(ip=st.just("192.0.2.1"), hostname=st.just("lb"), ports=_few(_some(error=_TEXTS))))
            ),
        ),
    }
)  # fmt: skip
_STATE = _some(
    waiting=_some(
        reason=st.sampled_from(["CrashLoopBackOff", "ErrImagePull", "ContainerCreating", "X"]), message=_TEXTS
    ),
    running=_some(startedAt=_TIMES),
    terminated=_some(reason=st.sampled_from(["OOMKilled", "Error"]), exitCode=st.integers(0, 2)),
)
_CONTAINER_STATUS = _some(
    name=_NAMES, ready=st.booleans(), started=st.booleans(), state=_STATE, lastState=_STATE, image=_TEXTS,
    restartCount=st.integers(0, 2),
)  # fmt: skip
_CONTAINER = _some(
    name=_NAMES, restartPolicy=st.just("Always"), readinessProbe=st.just({}), startupProbe=st.just({}),
    ports=_few(_some(name=st.sampled_from(["http", "dns"]), containerPort=_NUMBERS, protocol=_PROTOCOLS)),
)  # fmt: skip
_OWNER = st.just({"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "name": "a", "uid": "1"})
_POD = st.fixed_dictionaries(
    {
        "metadata": _metadata(ownerReferences=_few(_OWNER)),
        "spec": _some(
            nodeName=_NAMES, containers=_few(_CONTAINER), initContainers=_few(_CONTAINER),
            readinessGates=_few(_some(conditionType=st.sampled_from(["x", "y"]))),
            schedulingGates=_few(_some(name=_NAMES)),
        ),
        "status": _some(
            phase=st.sampled_from(["Pending", "Running", "Succeeded", "Failed"]), reason=_TEXTS,
            podIP=st.just("10.244.0.1"), podIPs=_few(_some(ip=st.sampled_from(["10.244.0.1", "fd00::1"]))),
            conditions=_few(_condition("Ready", "PodScheduled", "x")),
            containerStatuses=_few(_CONTAINER_STATUS), initContainerStatuses=_few(_CONTAINER_STATUS),
        ),
    }
)  # fmt: skip
_SLICE = st.fixed_dictionaries(
    {
        "metadata": _metadata(),
        "addressType": st.sampled_from(["IPv4", "IPv6", "FQDN"]),
        "endpoints": _few(
            _some(
                addresses=_few(st.sampled_from(["10.244.0.1", "fd00::1"])), nodeName=_NAMES, hostname=_NAMES,
                conditions=_some(ready=st.booleans(), serving=st.booleans(), terminating=st.booleans()),
                targetRef=_some(kind=st.sampled_from(["Pod", "Node"]), name=_NAMES, uid=_NAMES, namespace=_NAMES),
            )
        ),
        "ports": _few(_some(name=st.sampled_from(["", "http", "dns"]), port=_NUMBERS, protocol=_PROTOCOLS)),
    }
)  # fmt: skip
_NODE = st.fixed_dictionaries(
    {
        "metadata": _metadata(),
        "status": _some(
            conditions=_few(_condition("Ready")),
            addresses=_few(_some(type=st.sampled_from(["ExternalIP", "InternalIP"]), address=st.just("192.0.2.9"))),
        ),
    }
)
_EVENT = _some(
    reason=st.sampled_from(
        ["Unhealthy", "FailedMount", "FailedCreate", "SyncLoadBalancerFailed", "EnsuringLoadBalancer", "UpdatedX",
         "PortAlreadyAllocated", "ClusterIPNotValid", "FailedToUpdateEndpointSlices"]
    ),
    message=_TEXTS, type=st.sampled_from(["Normal", "Warning"]), lastTimestamp=_TIMES,
)  # fmt: skip
_MAKER = st.fixed_dictionaries(
    {
        "metadata": _metadata(),
        "spec": _some(replicas=st.integers(0, 1), template=_some(metadata=_some(labels=_LABELS))),
        "status": _some(conditions=_few(_condition("ReplicaFailure"))),
    }
)
_RULE = _some(
    ports=_few(_some(port=_TARGETS, endPort=_NUMBERS, protocol=_PROTOCOLS)),
    **{"from": _few(_some(namespaceSelector=st.just({}), ipBlock=_some(cidr=st.just("0.0.0.0/0"))))},
)
_SELECTOR = _some(
    matchLabels=_LABELS,
    matchExpressions=_few(
        _some(key=st.sampled_from(["app", "tier"]), values=_few(_NAMES),
              operator=st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "Other"]))
    ),
)  # fmt: skip
_POLICY = st.fixed_dictionaries(
    {
        "metadata": _metadata(),
        "spec": _some(
            podSelector=_SELECTOR, policyTypes=_few(st.sampled_from(["Ingress", "Egress"])), ingress=_few(_RULE)
        ),
    }
)
_INTERFACE = _some(
    masquerade=st.just({}), name=st.just("default"), ports=_few(_some(port=_NUMBERS, protocol=_PROTOCOLS))
)
_INSTANCE = st.fixed_dictionaries(
    {
        "metadata": _metadata(),
        "spec": _some(
            domain=_some(devices=_some(interfaces=_few(_INTERFACE))), networks=st.just([{"name": "default", "pod": {}}])
        ),
    }
)


@st.composite
def _held(draw: st.DrawFn, kind: str, likely: st.SearchStrategy[Any]) -> Any:
    """What Go's struct holds of a likely object, or of any that fits."""
    given = draw(likely) if draw(st.integers(0, 9)) else draw(values_of(kind))
    try:
        return decode(struct(kind), given)
    except ValueError:
        return decode(struct(kind), draw(likely))


def _seen(kind: str, likely: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), _few(_held(kind, likely)), _few(_held(kind, likely)))


class FakeScene:
    """A Scene of objects that were made up."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.service: Manifest = draw(_held("Service", _SERVICE))
        self._slices: list[Manifest] | None = draw(_seen("EndpointSlice", _SLICE))
        self._pods: list[Manifest] | None = draw(_seen("Pod", _POD))
        self._labels = draw(st.one_of(st.none(), st.dictionaries(_NAMES, _LABELS)))
        self._elsewhere: list[str] | None = draw(st.one_of(st.none(), _few(st.just("other"))))
        self._workloads = draw(_seen("Deployment", _MAKER))
        self._nodes: list[Manifest] | None = draw(_seen("Node", _NODE))
        self._events: list[Manifest] | None = draw(_seen("Event", _EVENT))
        self._services: list[Manifest] | None = draw(_seen("Service", _SERVICE))
        self._policies: list[Manifest] | None = draw(_seen("NetworkPolicy", _POLICY))
        self._found = draw(st.sampled_from([True, False, None]))
        self._instance = draw(st.one_of(st.none(), _held("VirtualMachineInstance", _INSTANCE)))
        self._machine = draw(
            st.sampled_from(
                [None, {}, {"status": {"printableStatus": "Stopped"}}, {"status": {"printableStatus": "X"}}]
            )
        )
        self.sees_all = None not in (
            self._slices, self._pods, self._labels, self._elsewhere, self._nodes, self._events, self._workloads
        )  # fmt: skip

    def __repr__(self) -> str:
        return repr(vars(self))

    def slices(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._slices

    def pods(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._pods

    def pod_labels(self) -> Mapping[str, Mapping[str, str]] | None:
        """As Scene."""
        return self._labels

    def pod_names(self) -> Collection[str] | None:
        """As Scene."""
        return self._labels

    def namespaces_of_pods(self) -> Sequence[str] | None:
        """As Scene."""
        return self._elsewhere

    def workloads(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return None if self._workloads is None else [{**each, "kind": "Deployment"} for each in self._workloads]

    def machine(self, name: str) -> Manifest | None:
        """As Scene."""
        del name
        return self._machine

    def instance(self, name: str) -> Manifest | None:
        """As Scene."""
        del name
        if self._instance is None:
            return None
        return {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", **self._instance}

    def nodes(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._nodes

    def events(self, kind: str = "", name: str = "", uid: str = "") -> Sequence[Manifest] | None:
        """As Scene."""
        del kind, name, uid
        return self._events

    def services(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._services

    def node_ports(self) -> Mapping[tuple[int, str], Sequence[tuple[str, str]]]:
        """As Scene."""
        return {(30080, "TCP"): [("shop", "web"), ("other", "b")]}

    def find_service(self, namespace: str, name: str) -> bool | None:
        """As Scene."""
        del namespace, name
        return self._found

    def policies(self) -> Sequence[Manifest] | None:
        """As Scene."""
        return self._policies


@st.composite
def scenes(draw: st.DrawFn) -> FakeScene:
    """Any scene."""
    return FakeScene(draw)
