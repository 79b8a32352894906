"""From a Workload and the options to the Service: the rules beyond kubectl's, and the laws that hold for all.

Its ports are tests/test_service_ports.py's.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from kubectl_svc.derive import derive_service
from kubectl_svc.errors import SvcError
from kubectl_svc.service_options import ServiceOptions
from kubectl_svc.workloads.model import Workload, WorkloadPort
from tests.deriving import options_of, workload_of

_LABELS = {"app": "web", "project.cpaas.io/name": "shop", "service.cpaas.io/name": "deployment-web"}
_PORT = {"port": 80, "protocol": "TCP", "targetPort": 80}


def _deployment(ports: list[dict[str, Any]], **metadata: Any) -> dict[str, Any]:
    containers = [{"name": "app", "ports": ports}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "uid": "u-1", **metadata},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}, "matchExpressions": []},
            "template": {"metadata": {"labels": _LABELS}, "spec": {"containers": containers}},
        },
    }


_WEB = _deployment([{"containerPort": 80}], labels={"tier": "front"})


def _derived(*flags: str) -> dict[str, Any]:
    return derive_service(workload_of(_WEB), options_of(*flags))


@pytest.mark.parametrize(
    ("flags", "fields"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("--type loadbalancer", {"type": "LoadBalancer"}, id="a type"),
        pytest.param(
            "--type LoadBalancer --load-balancer-ip 1.2.3.4",
            {"type": "LoadBalancer", "loadBalancerIP": "1.2.3.4"},
            id="an address of the load balancer",
        ),
        pytest.param(
            "--type NodePort --load-balancer-ip 1.2.3.4",
            {"type": "NodePort"},
            id="an address without a load balancer is nothing to kubectl",
        ),
        pytest.param("--cluster-ip 10.0.0.9", {"clusterIP": "10.0.0.9"}, id="an address"),
        pytest.param("--cluster-ip none", {"clusterIP": "None"}, id="no address"),
        pytest.param("--headless", {"clusterIP": "None"}, id="headless"),
        pytest.param("--headless --cluster-ip None", {"clusterIP": "None"}, id="headless twice"),
        pytest.param(
            "--cluster-ip 10.0.0.9 --cluster-ip fd00::9",
            {"clusterIP": "10.0.0.9", "clusterIPs": ["10.0.0.9", "fd00::9"], "ipFamilyPolicy": "PreferDualStack"},
            id="two addresses mean both families",
        ),
        pytest.param("--ip-family ipv6", {"ipFamilies": ["IPv6"]}, id="a family"),
        pytest.param(
            "--ip-family IPv6,IPv4",
            {"ipFamilies": ["IPv6", "IPv4"], "ipFamilyPolicy": "PreferDualStack"},
            id="two families mean both",
        ),
        pytest.param(
            "--ip-family IPv6,IPv4 --ip-family-policy requiredualstack",
            {"ipFamilies": ["IPv6", "IPv4"], "ipFamilyPolicy": "RequireDualStack"},
            id="a policy that is typed counts",
        ),
        pytest.param(
            "--external-ip 192.0.2.1 --external-ip 192.0.2.2",
            {"externalIPs": ["192.0.2.1", "192.0.2.2"]},
            id="every external address, where kubectl keeps the last",
        ),
        pytest.param("--session-affinity None", {"sessionAffinity": "None"}, id="no affinity"),
        pytest.param(
            "--session-affinity-timeout 10m",
            {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 600}}},
            id="a timeout implies affinity",
        ),
        pytest.param(
            "--publish-not-ready-addresses=false --health-check-node-port 30000",
            {"healthCheckNodePort": 30000, "publishNotReadyAddresses": False},
            id="fields of flags",
        ),
        pytest.param(
            "--node-port 30080", {"type": "NodePort", "ports": [{**_PORT, "nodePort": 30080}]}, id="a node port"
        ),
        pytest.param("--node-port 0", {"type": "NodePort"}, id="node port 0 implies the type too"),
        pytest.param(
            "--port 80,81::0 --port-naming kubectl",
            {
                "type": "NodePort",
                "ports": [{**_PORT, "name": "port-1"}, {**_PORT, "name": "port-2", "port": 81, "targetPort": 81}],
            },
            id="so does a word with one",
        ),
        pytest.param(
            "--node-port 30080 --type LoadBalancer",
            {"type": "LoadBalancer", "ports": [{**_PORT, "nodePort": 30080}]},
            id="but not against a type that is typed",
        ),
        pytest.param("--port 80:80 --port-naming kubectl", {}, id="a longer word implies nothing else"),
        pytest.param("--selector a=b", {"selector": {"a": "b"}}, id="a selector"),
        pytest.param(
            "--selector-from ACP",
            {"selector": {key: value for key, value in _LABELS.items() if key != "app"}},
            id="the platform's labels",
        ),
        pytest.param(
            "--selector-key service.cpaas.io/name,app",
            {"selector": {"service.cpaas.io/name": "deployment-web", "app": "web"}},
            id="labels of the pod template",
        ),
    ],
)
def test_the_spec(flags: str, fields: dict[str, Any]) -> None:
    """What each flag adds to the plain Service, or changes in it."""
    plain = {"selector": {"app": "web"}, "ports": [_PORT]}
    assert _derived(*flags.split())["spec"] == {**plain, **fields}


@pytest.mark.parametrize(
    ("flags", "spec"),
    [
        pytest.param(
            "--external-name db.example", {"type": "ExternalName", "externalName": "db.example"}, id="a host alone"
        ),
        pytest.param(
            "--external-name db.example --type externalname --port 80",
            {"ports": [_PORT], "type": "ExternalName", "externalName": "db.example"},
            id="typed ports are kept",
        ),
        pytest.param(
            "--external-name db.example --type NodePort",
            {"selector": {"app": "web"}, "ports": [_PORT], "type": "NodePort", "externalName": "db.example"},
            id="of another type it is a Service like all",
        ),
        pytest.param(
            "--external-name db.example --port 80::30080 --port-naming kubectl",
            {"ports": [{**_PORT, "nodePort": 30080}], "type": "ExternalName", "externalName": "db.example"},
            id="a node port does not change the type",
        ),
    ],
)
def test_a_service_that_stands_for_a_host(flags: str, spec: dict[str, Any]) -> None:
    """It selects nothing and derives no ports."""
    assert _derived(*flags.split())["spec"] == spec


@pytest.mark.parametrize(
    ("flags", "fields"),
    [
        pytest.param([], {}, id="as the workload has it"),
        pytest.param(["--name", "x" * 70], {"name": "x" * 70}, id="a typed name is never cut"),
        pytest.param(["-l", "a=b"], {"labels": {"a": "b"}}, id="labels"),
        pytest.param(
            ["--annotation", "a=b,c=d", "--annotation", "e="],
            {"annotations": {"a": "b,c=d", "e": ""}},
            id="annotations",
        ),
        pytest.param(
            ["--owner"],
            {"ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "u-1"}]},
            id="an owner",
        ),
    ],
)
def test_the_metadata(flags: list[str], fields: dict[str, Any]) -> None:
    """What each flag adds, or changes."""
    assert _derived(*flags)["metadata"] == {"name": "web", "labels": {"tier": "front"}, **fields}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        pytest.param(
            "--selector-key tier",
            'the pod template of Deployment "web" has no label "tier": it has only "app", '
            '"project.cpaas.io/name", "service.cpaas.io/name"; --selector takes any labels',
            id="a label that the template has not",
        ),
        pytest.param("--selector a", "unexpected label spec: a", id="a selector that is none"),
        pytest.param("-l =a", "unexpected empty label key", id="labels that are none"),
        pytest.param("--session-affinity Odd", "unknown session affinity: Odd", id="an affinity that is none"),
    ],
)
def test_refusals(flags: str, message: str) -> None:
    """In kubectl's words where they are kubectl's."""
    with pytest.raises(SvcError) as refusal:
        _derived(*flags.split())
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("workload", "flags", "message"),
    [
        pytest.param(
            Workload(kind="Pod", name="a", labels={}, selector={"a": "b=c"}, ports=(WorkloadPort(number=1),)),
            "",
            "unexpected label spec: a=b=c",
            id="a label that no command line can say",
        ),
        pytest.param(
            Workload(kind="Pod", name="a", labels={}, selector={}, no_selector="why", ports=(WorkloadPort(number=1),)),
            "",
            "couldn't retrieve selectors via --selector flag or introspection: why",
            id="no selector, and why",
        ),
        pytest.param(
            Workload(kind="Service", name="a", labels={}, selector={}, ports=(WorkloadPort(number=1),)),
            "",
            "selector must be specified",
            id="an empty selector",
        ),
        pytest.param(
            Workload(kind="Pod", name="", labels={}, selector={"a": "b"}, ports=(WorkloadPort(number=1),)),
            "",
            "name must be specified",
            id="no name",
        ),
        pytest.param(
            Workload(kind="Pod", name="a", labels={}, selector={"a": "b"}),
            "",
            "couldn't find port via --port flag or introspection",
            id="no port",
        ),
        pytest.param(
            Workload(name="a", labels={}, selector={}),
            "",
            "at least one --port is needed, unless the Service is --headless or an --external-name",
            id="no port and no workload",
        ),
        pytest.param(
            Workload(kind="Service", name="a", labels={}, selector={}),
            "--selector-key k",
            'Service "a" has no pod template to select by labels of; --selector says the labels themselves',
            id="no pod template",
        ),
        pytest.param(
            Workload(kind="Pod", name="a", labels={}, selector={}, template_labels={}),
            "--selector-key k",
            'the pod template of Pod "a" has no label "k": it has none; --selector takes any labels',
            id="a pod template without labels",
        ),
    ],
)
def test_a_workload_that_does_not_say_enough(workload: Workload, flags: str, message: str) -> None:
    """In kubectl's words where they are kubectl's."""
    ports = () if "port" in message else ("--port", "80")
    with pytest.raises(SvcError) as refusal:
        derive_service(workload, options_of(*flags.split(), *ports))
    assert str(refusal.value) == message


@pytest.mark.parametrize("flags", ["--selector a=b", "--selector-key k", "--external-name x.example"])
def test_what_is_typed_makes_up_for_a_selector_that_is_not_there(flags: str) -> None:
    """kubectl does not look for the selector then either."""
    none = Workload(kind="Pod", name="a", labels={}, selector={}, no_selector="why", template_labels={"k": "v"})
    assert derive_service(none, options_of(*flags.split(), "--port", "80"))["metadata"] == {"name": "a"}


def test_without_a_workload_nothing_need_be_selected() -> None:
    """The endpoints are the user's to make then."""
    nothing = Workload(name="", labels={}, selector={})
    assert derive_service(nothing, options_of("--name", "x", "--port", "80"))["spec"] == {"ports": [_PORT]}


def test_a_headless_service_needs_no_port() -> None:
    """kubectl asks for none then."""
    quiet = Workload(kind="Pod", name="a", labels={}, selector={"a": "b"})
    assert derive_service(quiet, options_of("--headless"))["spec"] == {"selector": {"a": "b"}, "clusterIP": "None"}


@pytest.mark.parametrize(
    ("flags", "name"),
    [("", "db"), ("--headless", "peers"), ("--cluster-ip none", "peers"), ("--headless --name x", "x")],
)
def test_the_default_name(flags: str, name: str) -> None:
    """A headless Service of a StatefulSet is the one that its spec names."""
    db = Workload(
        kind="StatefulSet",
        name="db",
        labels={},
        selector={"a": "b"},
        ports=(WorkloadPort(number=1),),
        governing_service="peers",
    )
    assert derive_service(db, options_of(*flags.split()))["metadata"]["name"] == name


def test_a_name_is_cut_by_bytes() -> None:
    """Through a character, if need be: kubectl prints the bytes that are left of it."""
    long = Workload(name="x" * 62 + "é", labels={}, selector={"a": "b"}, ports=(WorkloadPort(number=1),))
    name = derive_service(long, ServiceOptions())["metadata"]["name"]
    assert name.encode(errors="surrogateescape") == b"x" * 62 + b"\xc3"


def test_the_manifest_is_a_service() -> None:
    """With nothing but what a Service consists of."""
    service = _derived()
    assert (service["kind"], service["apiVersion"], *service) == (
        "Service", "v1", "kind", "apiVersion", "metadata", "spec"
    )  # fmt: skip


_LABEL_MAPS = st.dictionaries(st.sampled_from(["app", "tier", "a.b/c"]), st.sampled_from(["", "web", "x"]), max_size=3)
_CONTAINER_PORTS = st.lists(
    st.fixed_dictionaries(
        {"containerPort": st.sampled_from([53, 80, 443, 8080])},
        optional={"protocol": st.sampled_from(["TCP", "UDP"]), "name": st.sampled_from(["http", "dns"])},
    ),
    max_size=4,
)
_MANIFESTS = st.builds(
    _deployment, _CONTAINER_PORTS, name=st.sampled_from(["web", "db", "x" * 70]), labels=st.none() | _LABEL_MAPS
)
_FLAGS = st.lists(
    st.sampled_from(
        [
            "--headless",
            "--port=80",
            "--port=80:http,53",
            "--port=a=443:8443:30443/https",
            "--port-naming=container",
            "--app-protocol=x",
            "--selector=a=b",
            "-l=c=d",
            "--annotation=e=f",
            "--owner",
            "--selector-key=app",
            "--selector-from=acp",
            "--ip-family=IPv4,IPv6",
            "--external-ip=192.0.2.1",
            "--session-affinity-timeout=90s",
            "--external-name=h.example",
            "--type=NodePort",
            "--name=n",
            "--load-balancer-source-ranges=10.0.0.0/8",
            "--container=app",
            "--protocol=udp",
            "--target-port=http",
        ]
    ),
    max_size=5,
)


@given(st.lists(_MANIFESTS, min_size=2, max_size=4), _FLAGS, st.randoms(use_true_random=False))
def test_several_objects_give_what_each_gives_alone(
    manifests: list[dict[str, Any]], flags: list[str], rng: Any
) -> None:
    """In any order, with one set of options; and deriving changes nothing that it was given."""
    before = copy.deepcopy(manifests)
    try:
        options = options_of(*flags)
    except SvcError:
        reject()  # flags that contradict each other are another test's
    told = repr(options)
    alone = [_outcome(copy.deepcopy(manifest), options_of(*flags)) for manifest in manifests]
    order = list(range(len(manifests)))
    rng.shuffle(order)
    together = {index: _outcome(manifests[index], options) for index in order}
    assert [together[index] for index in range(len(manifests))] == alone
    assert manifests == before
    assert repr(options) == told


def _outcome(manifest: dict[str, Any], options: ServiceOptions) -> object:
    """The Service, or why there is none; the workload is as it was."""
    workload = workload_of(manifest)
    read_as = repr(workload)
    try:
        return derive_service(workload, options)
    except SvcError as error:
        return str(error)
    finally:
        assert repr(workload) == read_as


@pytest.mark.parametrize("kind", ["Rollout", "StatefulSet", ""])
def test_a_rollout_takes_its_pods_from_nothing_else(kind: str) -> None:
    """Least of all from itself."""
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "metadata": {"name": "web"},
        "spec": {"workloadRef": {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "name": "web"}},
    }
    assert "only a Deployment or a ReplicaSet can stand there" in workload_of(manifest).no_selector
