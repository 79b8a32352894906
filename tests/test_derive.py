"""From a Workload and the options to the Service: the rules beyond kubectl's, and the laws that hold for all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.derive import derive_service
from kubectl_svc.errors import SvcError
from kubectl_svc.request import ServiceOptions
from kubectl_svc.workloads.model import Workload, WorkloadPort

_PROTOCOLS = st.sampled_from(["TCP", "UDP", "SCTP"])
_NUMBERS = st.integers(1, 65535) | st.sampled_from([53, 80, 443])
_PORTS = st.lists(st.builds(WorkloadPort, number=_NUMBERS, protocol=_PROTOCOLS), max_size=6).map(tuple)


def _workload(*ports: WorkloadPort, keeps_ports: bool = False) -> Workload:
    return Workload(
        name="web",
        labels={"app": "web"},
        selector={"app": "web"},
        ports=ports,
        keeps_ports=keeps_ports,
    )


def _ports(workload: Workload, **options: Any) -> list[tuple[object, ...]]:
    ports = derive_service(workload, ServiceOptions(**options))["spec"].get("ports", [])
    return [(port.get("name", ""), port["port"], port["protocol"], port["targetPort"]) for port in ports]


def test_a_port_that_two_containers_declare_is_one_service_port() -> None:
    """kubectl makes the same ServicePort twice, which every server refuses."""
    twice = _workload(WorkloadPort(number=80), WorkloadPort(number=80))
    assert _ports(twice) == [("", 80, "TCP", 80)]


def test_each_repeated_port_counts() -> None:
    """kubectl silently keeps the last."""
    web = _workload(WorkloadPort(number=80))
    assert _ports(web, ports=("80", "443,8443")) == [
        ("port-1", 80, "TCP", 80),
        ("port-2", 443, "TCP", 443),
        ("port-3", 8443, "TCP", 8443),
    ]


def test_a_single_number_with_two_protocols_is_named_by_protocol() -> None:
    """As kubectl names them, also when another number follows."""
    dns = _workload(WorkloadPort(number=53, protocol="UDP"), WorkloadPort(number=53), WorkloadPort(number=80))
    assert _ports(dns) == [
        ("port-1-udp", 53, "UDP", 53),
        ("port-1-tcp", 53, "TCP", 53),
        ("port-2", 80, "TCP", 80),
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, [("http", 80, "TCP", "web"), ("dns", 53, "UDP", 5353)], id="all ports"),
        pytest.param({"ports": ("53",)}, [("dns", 53, "UDP", 5353)], id="a typed number that the source has"),
        pytest.param(
            {"ports": ("53,99",)}, [("dns", 53, "UDP", 5353), ("port-2", 99, "TCP", 99)], id="and one that it has not"
        ),
        pytest.param({"ports": ("99",)}, [("", 99, "TCP", 99)], id="only one that it has not"),
        pytest.param({"target_port": "7"}, [("http", 80, "TCP", 7), ("dns", 53, "UDP", 7)], id="--target-port counts"),
        pytest.param(
            {"protocol": "SCTP"}, [("http", 80, "SCTP", "web"), ("dns", 53, "SCTP", 5353)], id="--protocol counts"
        ),
    ],
)
def test_a_service_keeps_its_ports(options: dict[str, Any], expected: list[tuple[object, ...]]) -> None:
    """kubectl's copy of a Service points at the wrong port and forgets names."""
    source = _workload(
        WorkloadPort(number=80, name="http", target="web", app_protocol="http"),
        WorkloadPort(number=53, protocol="UDP", name="dns", target=5353),
        keeps_ports=True,
    )
    assert _ports(source, **options) == expected


def test_a_service_keeps_its_application_protocol() -> None:
    """appProtocol passes on with the port."""
    source = _workload(WorkloadPort(number=80, app_protocol="kubernetes.io/h2c"), keeps_ports=True)
    assert derive_service(source, ServiceOptions())["spec"]["ports"][0]["appProtocol"] == "kubernetes.io/h2c"


def test_a_generated_name_never_meets_a_kept_one() -> None:
    """A source port may be called port-2 already."""
    source = _workload(WorkloadPort(number=80, name="port-2", target=80), keeps_ports=True)
    assert [name for name, *_ in _ports(source, ports=("80,443",))] == ["port-2", "port-2-copy"]


def test_two_cluster_ips_are_both_sent() -> None:
    """clusterIP and clusterIPs both, and the policy that two families need."""
    spec = derive_service(_workload(WorkloadPort(number=80)), ServiceOptions(cluster_ips=("10.0.0.9", "fd00::9")))[
        "spec"
    ]
    assert (spec["clusterIP"], spec["clusterIPs"], spec["ipFamilyPolicy"]) == (
        "10.0.0.9",
        ["10.0.0.9", "fd00::9"],
        "PreferDualStack",
    )


def test_every_external_ip_is_sent() -> None:
    """kubectl silently keeps the last."""
    options = ServiceOptions(external_ips=("192.0.2.1", "192.0.2.2"))
    assert derive_service(_workload(WorkloadPort(number=80)), options)["spec"]["externalIPs"] == [
        "192.0.2.1",
        "192.0.2.2",
    ]


@given(ports=_PORTS, typed=st.lists(_NUMBERS, max_size=4, unique=True), protocol=st.just("") | _PROTOCOLS)
def test_pairs_and_names_are_unique(ports: tuple[WorkloadPort, ...], typed: list[int], protocol: str) -> None:
    """Whatever is declared and typed: no (port, protocol) twice, and no name twice where there are several ports."""
    options = ServiceOptions(ports=tuple(map(str, typed)), protocol=protocol, cluster_ips=("None",))
    made = derive_service(_workload(*ports), options)["spec"].get("ports", [])
    assert len({(port["port"], port["protocol"]) for port in made}) == len(made)
    names = [port.get("name", "") for port in made]
    assert len(made) == 1 or (len(set(names)) == len(names) and all(names))


@given(ports=_PORTS.filter(bool))
def test_deriving_twice_gives_the_same(ports: tuple[WorkloadPort, ...]) -> None:
    """Nothing is kept from one object to the next."""
    first = derive_service(_workload(*ports), ServiceOptions())
    derive_service(_workload(WorkloadPort(number=1)), ServiceOptions(name="other"))
    assert derive_service(_workload(*ports), ServiceOptions()) == first


def test_a_label_that_no_command_line_can_say_is_refused() -> None:
    """kubectl carries labels as words, so a file's odd value fails there too, with these words."""
    odd = Workload(name="a", labels={}, selector={"a": "b=c"}, ports=(WorkloadPort(number=1),))
    with pytest.raises(SvcError, match="unexpected label spec: a=b=c"):
        derive_service(odd, ServiceOptions())


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        ("TCP/UDP", "unexpected port protocol mapping: 53/TCP/UDP"),
        ("TCP,UDP", "unexpected port protocol mapping: UDP"),
        ("TCP,/UDP", "unexpected empty port"),
        (",", "unexpected empty protocol"),
    ],
)
def test_a_protocol_that_no_word_can_say_is_refused(protocol: str, words: str) -> None:
    """kubectl carries protocols as words too; what is typed does not save them."""
    odd = _workload(WorkloadPort(number=53, protocol=protocol))
    with pytest.raises(SvcError, match=words):
        derive_service(odd, ServiceOptions(ports=("80",), protocol="TCP"))


def test_a_name_is_cut_by_bytes() -> None:
    """Through a character, if need be: kubectl prints the bytes that are left of it."""
    long = Workload(name="x" * 62 + "é", labels={}, selector={"a": "b"}, ports=(WorkloadPort(number=1),))
    name = derive_service(long, ServiceOptions())["metadata"]["name"]
    assert name.encode(errors="surrogateescape") == b"x" * 62 + b"\xc3"
