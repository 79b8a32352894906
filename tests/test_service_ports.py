"""The ServicePorts of a Service: what words and declared ports become, how ports are named, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kubectl_svc.derive import derive_service
from kubectl_svc.errors import SvcError
from kubectl_svc.flags.service_flags import TRANSPORT_OF
from kubectl_svc.port_words import PortWord, is_port_name
from kubectl_svc.service_options import PortOptions, ServiceOptions
from kubectl_svc.workloads.model import Workload, WorkloadPort
from tests.deriving import options_of, workload_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def _deployment(*containers: dict[str, Any], sidecars: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    initial = [{**sidecar, "restartPolicy": "Always"} for sidecar in sidecars]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"spec": {"containers": list(containers), "initContainers": initial}},
        },
    }


def _container(name: str, *ports: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "ports": list(ports)}


def _port(number: int, protocol: str = "", name: str = "") -> dict[str, Any]:
    said = {"protocol": protocol, "name": name}
    return {"containerPort": number, **{key: value for key, value in said.items() if value}}


def _service(*ports: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": list(ports)},
    }


_ONE = _deployment(_container("app", _port(8080)))
_TWO = _deployment(_container("app", _port(8080, name="http"), _port(9090, name="metrics")))
_DNS = _deployment(
    _container("dns", _port(53, "UDP", "dns"), _port(53, "TCP", "dns-tcp")), _container("web", _port(80))
)
_MIXED = _deployment(
    _container("app", _port(8080, "TCP", "http"), _port(5000, "UDP", "voice")),
    _container("proxy", _port(8443, "TCP", "https"), _port(5000, "SCTP", "voice")),
    sidecars=[_container("mesh", _port(15001, "UDP", "mesh"), _port(8080, "SCTP", "shadow"))],
)
_SOURCE = _service(
    {"name": "http", "port": 80, "targetPort": "web", "appProtocol": "http", "protocol": "TCP", "nodePort": 30080},
    {"name": "dns", "port": 53, "targetPort": 5353, "protocol": "UDP"},
)


def _made(manifest: dict[str, Any], *flags: str) -> list[dict[str, Any]]:
    ports: list[dict[str, Any]] = derive_service(workload_of(manifest), options_of(*flags))["spec"].get("ports", [])
    return ports


def _ports(manifest: dict[str, Any], flags: str = "") -> list[str]:
    """Each ServicePort in a line: `NAME 80/TCP to 8080 at 30080 as http`."""
    return [_shown(port) for port in _made(manifest, *flags.split())]


def _shown(port: dict[str, Any]) -> str:
    return (
        f"{port.get('name', '')} {port['port']}/{port['protocol']} to {port['targetPort']}"
        + (f" at {port['nodePort']}" if "nodePort" in port else "")
        + (f" as {port['appProtocol']}" if "appProtocol" in port else "")
    ).strip()


@pytest.mark.parametrize(
    ("manifest", "flags", "ports"),
    [
        pytest.param(_ONE, "", ["8080/TCP to 8080"], id="one declared port has no name"),
        pytest.param(
            _TWO, "", ["port-1 8080/TCP to 8080", "port-2 9090/TCP to 9090"], id="several are named by position"
        ),
        pytest.param(
            _DNS,
            "",
            ["port-1-udp 53/UDP to 53", "port-1-tcp 53/TCP to 53", "port-2 80/TCP to 80"],
            id="a number with two protocols is named by protocol, the next one still by position",
        ),
        pytest.param(_DNS, "--port 53", ["port-1-udp 53/UDP to 53", "port-1-tcp 53/TCP to 53"], id="alone as well"),
        pytest.param(_DNS, "--port 53 --protocol SCTP", ["53/SCTP to 53"], id="--protocol is for all"),
        pytest.param(_DNS, "--port 053", ["53/TCP to 53"], id="protocols are looked up by the word, not the number"),
        pytest.param(_ONE, "--port +80", ["80/TCP to 80"], id="a sign is Go's to read"),
        pytest.param(_ONE, "--port 80,80", ["port-1 80/TCP to 80", "port-2 80/TCP to 80"], id="twice is twice"),
        pytest.param(_ONE, "--port 0", ["0/TCP to 0"], id="port 0 is the server's to refuse"),
        pytest.param(_ONE, "--port -1", ["-1/TCP to -1"], id="so is a negative one"),
        pytest.param(_ONE, "--port 4294967376", ["80/TCP to 80"], id="Go cuts a port to 32 bits"),
        pytest.param(_ONE, "--port 2147483648", ["-2147483648/TCP to -2147483648"], id="with its sign"),
        pytest.param(_ONE, "--port 80 --target-port web", ["80/TCP to web"], id="a target name"),
        pytest.param(_ONE, "--port 80 --target-port 0", ["80/TCP to 0"], id="target 0 is sent"),
        pytest.param(_ONE, "--port 80 --target-port 007", ["80/TCP to 7"], id="a target number is read"),
        pytest.param(
            _ONE, "--port 80 --target-port 2147483648", ["80/TCP to 2147483648"], id="a number too high is a name"
        ),
        pytest.param(
            _ONE,
            "--port 80,81 --target-port web",
            ["port-1 80/TCP to web", "port-2 81/TCP to web"],
            id="a target is for all ports",
        ),
        pytest.param(
            _ONE,
            "--port 80 --port 443",
            ["port-1 80/TCP to 80", "port-2 443/TCP to 443"],
            id="each repeated port counts, where kubectl keeps the last",
        ),
        pytest.param(
            _deployment(_container("a", _port(80)), _container("b", _port(80))),
            "",
            ["80/TCP to 80"],
            id="a port declared twice is one, where kubectl makes two that every server refuses",
        ),
        pytest.param(
            _MIXED,
            "",
            [
                "port-1 8080/TCP to 8080",
                "port-2-udp 5000/UDP to 5000",
                "port-2-sctp 5000/SCTP to 5000",
                "port-3 8443/TCP to 8443",
            ],
            id="several containers, without native sidecars",
        ),
        pytest.param(_MIXED, "--port 15001", ["15001/TCP to 15001"], id="a sidecar's protocol is not looked up"),
        pytest.param(
            _deployment(_container("a", _port(80, "TCP"), _port(80, "tcp"))),
            "",
            ["port-1-tcp 80/TCP to 80", "port-1-tcp 80/tcp to 80"],
            id="what only a file can hold is kubectl's to name",
        ),
    ],
)
def test_plain_words_are_kubectls(manifest: dict[str, Any], flags: str, ports: list[str]) -> None:
    """kubectl pkg/cmd/expose `createService`."""
    assert _ports(manifest, flags) == ports


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("http", 'strconv.Atoi: parsing "http": invalid syntax'),
        ("80,", 'strconv.Atoi: parsing "": invalid syntax'),
        (" 80", 'strconv.Atoi: parsing " 80": invalid syntax'),
        ("80:8080,x", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("9223372036854775808", 'strconv.Atoi: parsing "9223372036854775808": value out of range'),
    ],
)
def test_a_plain_word_that_is_no_number_is_refused_in_gos_words(word: str, message: str) -> None:
    """Beside a longer word too."""
    with pytest.raises(SvcError) as refusal:
        _made(_ONE, "--port", word)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("manifest", "flags", "ports"),
    [
        pytest.param(_ONE, "--port 80:", ["tcp-80-80 80/TCP to 80"], id="a port alone"),
        pytest.param(_ONE, "--port 80:8080", ["tcp-80-8080 80/TCP to 8080"], id="a target number"),
        pytest.param(_ONE, "--port 80:redis", ["tcp-80-redis 80/TCP to redis"], id="a target name"),
        pytest.param(_ONE, "--port 80:0", ["tcp-80-80 80/TCP to 80"], id="target 0 is the port"),
        pytest.param(_ONE, "--port web=80", ["web 80/TCP to 80"], id="a name"),
        pytest.param(_ONE, "--port 80:8080/http", ["http-80-8080 80/TCP to 8080 as http"], id="an app protocol"),
        pytest.param(_ONE, "--port 80/http2", ["http2-80-80 80/TCP to 80 as kubernetes.io/h2c"], id="http2"),
        pytest.param(_ONE, "--port 80/WSS", ["wss-80-80 80/TCP to 80 as kubernetes.io/wss"], id="wss in capitals"),
        pytest.param(_ONE, "--port 53/udp", ["udp-53-53 53/UDP to 53"], id="a transport"),
        pytest.param(_ONE, "--port 80::30080", ["tcp-80-80 80/TCP to 80 at 30080"], id="a node port"),
        pytest.param(_ONE, "--port 80::0", ["tcp-80-80 80/TCP to 80"], id="node port 0 is the cluster's to choose"),
        pytest.param(_ONE, "--port 80: --target-port web", ["tcp-80-web 80/TCP to web"], id="--target-port fills in"),
        pytest.param(_ONE, "--port 80: --target-port 0", ["tcp-80-80 80/TCP to 80"], id="--target-port 0 is the port"),
        pytest.param(_ONE, "--port 80:web --target-port 7", ["tcp-80-web 80/TCP to web"], id="the word's target wins"),
        pytest.param(_ONE, "--port 53: --protocol udp", ["udp-53-53 53/UDP to 53"], id="--protocol fills in"),
        pytest.param(_ONE, "--port 53/tcp --protocol udp", ["tcp-53-53 53/TCP to 53"], id="the word's protocol wins"),
        pytest.param(
            _ONE, "--port 80: --protocol HTTP", ["http-80-80 80/TCP to 80 as http"], id="--protocol as a word has it"
        ),
        pytest.param(_MIXED, "--port 80:http", ["tcp-80-http 80/TCP to http"], id="the target's protocol, by name"),
        pytest.param(_DNS, "--port 5353:dns", ["udp-5353-dns 5353/UDP to dns"], id="by name among several"),
        pytest.param(
            _DNS,
            "--port 5353:53",
            ["udp-5353-53 5353/UDP to 53", "tcp-5353-53 5353/TCP to 53"],
            id="by number, which has two protocols",
        ),
        pytest.param(_DNS, "--port 53:9999", ["tcp-53-9999 53/TCP to 9999"], id="TCP where the target is not declared"),
        pytest.param(_DNS, "--port 53:", ["udp-53-53 53/UDP to 53", "tcp-53-53 53/TCP to 53"], id="by the port itself"),
        pytest.param(_DNS, "--port 53:0", ["udp-53-53 53/UDP to 53", "tcp-53-53 53/TCP to 53"], id="by target 0"),
        pytest.param(
            _DNS, "--port 9: --target-port dns", ["udp-9-dns 9/UDP to dns"], id="by the target that is filled in"
        ),
        pytest.param(
            _MIXED,
            "--port 80:voice",
            ["udp-80-voice 80/UDP to voice", "sctp-80-voice 80/SCTP to voice"],
            id="a name in two containers with two protocols",
        ),
        pytest.param(_MIXED, "--port 80:mesh", ["udp-80-mesh 80/UDP to mesh"], id="a target that only a sidecar has"),
        pytest.param(_MIXED, "--port 80:15001", ["udp-80-15001 80/UDP to 15001"], id="and its number"),
        pytest.param(_MIXED, "--port 80:8080", ["tcp-80-8080 80/TCP to 8080"], id="a sidecar's port has no say"),
        pytest.param(
            _MIXED,
            "--port 80:voice --container proxy",
            ["sctp-80-voice 80/SCTP to voice"],
            id="a target of the container that is named",
        ),
        pytest.param(
            _MIXED,
            "--port 80:8080 --container mesh",
            ["sctp-80-8080 80/SCTP to 8080"],
            id="a target of a sidecar that is named",
        ),
        pytest.param(
            _MIXED, "--port 80:http --container proxy", ["tcp-80-http 80/TCP to http"], id="a target of another one"
        ),
        pytest.param(
            _DNS,
            "--port 53:53:30053",
            ["udp-53-53 53/UDP to 53 at 30053", "tcp-53-53 53/TCP to 53 at 30053"],
            id="two protocols share a node port",
        ),
        pytest.param(
            _ONE,
            "--port 53::30053/tcp,53::30053/udp",
            ["tcp-53-53 53/TCP to 53 at 30053", "udp-53-53 53/UDP to 53 at 30053"],
            id="two words share a node port",
        ),
        pytest.param(
            _ONE,
            "--port a=53:1:30053/tcp,b=53:2:30054/udp",
            ["a 53/TCP to 1 at 30053", "b 53/UDP to 2 at 30054"],
            id="two protocols with all their own",
        ),
        pytest.param(
            _TWO,
            "--port 80,443:8443",
            ["port-1 80/TCP to 80", "tcp-443-8443 443/TCP to 8443"],
            id="a plain word beside it keeps kubectl's name",
        ),
        pytest.param(
            _TWO,
            "--port 80:8080,80:8080,81",
            ["tcp-80-8080 80/TCP to 8080", "port-2 81/TCP to 81"],
            id="the same twice is one, and leaves no gap",
        ),
        pytest.param(_TWO, "--port 80,80:80", ["80/TCP to 80"], id="a plain one and the same"),
        pytest.param(_TWO, "--port 80:80,80", ["tcp-80-80 80/TCP to 80"], id="the same and a plain one"),
        pytest.param(_TWO, "--port a=80:81,a=080:81/TCP", ["a 80/TCP to 81"], id="the same in other words"),
        pytest.param(
            _DNS,
            "--port 53:53/udp,53:53",
            ["udp-53-53 53/UDP to 53", "tcp-53-53 53/TCP to 53"],
            id="the same in one of its protocols",
        ),
    ],
)
def test_longer_words(manifest: dict[str, Any], flags: str, ports: list[str]) -> None:
    """What each says, and where the rest comes from."""
    assert _ports(manifest, flags) == ports


@pytest.mark.parametrize(
    ("flags", "ports"),
    [
        pytest.param("", ["http 80/TCP to web as http", "dns 53/UDP to 5353"], id="all ports"),
        pytest.param("--port 53", ["dns 53/UDP to 5353"], id="a typed number that the source has"),
        pytest.param("--port 080", ["http 80/TCP to web as http"], id="in other digits"),
        pytest.param("--port 53,99", ["dns 53/UDP to 5353", "port-2 99/TCP to 99"], id="and one that it has not"),
        pytest.param("--port 99", ["99/TCP to 99"], id="only one that it has not"),
        pytest.param("--target-port 7", ["http 80/TCP to 7 as http", "dns 53/UDP to 7"], id="--target-port counts"),
        pytest.param("--target-port 0 --port 53", ["dns 53/UDP to 0"], id="--target-port 0 counts"),
        pytest.param("--protocol SCTP", ["http 80/SCTP to web", "dns 53/SCTP to 5353"], id="--protocol counts"),
        pytest.param("--port 80:", ["http-80-web 80/TCP to web as http"], id="a longer word leaves the target open"),
        pytest.param("--port 53:", ["udp-53-5353 53/UDP to 5353"], id="and the protocol"),
        pytest.param("--port 53:9", ["udp-53-9 53/UDP to 9"], id="another target keeps the protocol"),
        pytest.param("--port 53:0", ["udp-53-53 53/UDP to 53"], id="target 0 is the port"),
        pytest.param("--port 53: --target-port 0", ["udp-53-53 53/UDP to 53"], id="--target-port 0 is the port"),
        pytest.param("--port 9:5353", ["udp-9-5353 9/UDP to 5353"], id="another number has the target's protocol"),
        pytest.param("--port 80:5353", ["udp-80-5353 80/UDP to 5353"], id="before its own number's"),
        pytest.param("--port 80: --protocol grpc", ["grpc-80-web 80/TCP to web as grpc"], id="--protocol as a word"),
        pytest.param("--port 9:web", ["tcp-9-web 9/TCP to web"], id="by name"),
        pytest.param("--port 9:10", ["tcp-9-10 9/TCP to 10"], id="nothing in common"),
        pytest.param("--port 80/grpc", ["grpc-80-web 80/TCP to web as grpc"], id="the word's app protocol wins"),
        pytest.param("--port 80/tcp", ["http-80-web 80/TCP to web as http"], id="a transport keeps the app protocol"),
        pytest.param("--port my=80:", ["my 80/TCP to web as http"], id="a typed name wins"),
        pytest.param(
            "--port-naming kubectl",
            ["port-1 80/TCP to web as http", "port-2 53/UDP to 5353"],
            id="kubectl's names on request",
        ),
        pytest.param(
            "--port-naming descriptive",
            ["http-80-web 80/TCP to web as http", "udp-53-5353 53/UDP to 5353"],
            id="descriptive names on request",
        ),
        pytest.param("--port 80: --port-naming container", ["http 80/TCP to web as http"], id="its own on request"),
    ],
)
def test_a_service_keeps_its_ports(flags: str, ports: list[str]) -> None:
    """kubectl's copy of a Service points at the wrong port and forgets names. Node ports stay: no two can share one."""
    assert _ports(_SOURCE, flags) == ports


@pytest.mark.parametrize(
    ("protocol", "name"),
    [("UDP", "dns"), ("TCP", "dns-tcp"), ("SCTP", "dns")],
    ids=["the first", "the second", "neither: the first"],
)
def test_a_copy_takes_the_source_port_of_its_protocol(protocol: str, name: str) -> None:
    """Where one number has several."""
    source = _service(
        {"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"}
    )
    assert _ports(source, f"--port 53 --protocol {protocol}") == [f"{name} 53/{protocol} to 53"]


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        pytest.param("", ["port-1", "port-2"], id="plain"),
        pytest.param("--port 80", [""], id="one plain port"),
        pytest.param("--port 80:http", ["tcp-80-http"], id="longer"),
        pytest.param("--port-naming kubectl --port 80:http", [""], id="kubectl, one port"),
        pytest.param("--port-naming kubectl --port 80:http,81:", ["port-1", "port-2"], id="kubectl, two"),
        pytest.param("--port-naming kubectl --port a=80:http,81:", ["a", "port-2"], id="kubectl, one is typed"),
        pytest.param("--port-naming descriptive", ["tcp-8080-8080", "tcp-9090-9090"], id="descriptive, derived"),
        pytest.param("--port-naming descriptive --port 80", ["tcp-80-80"], id="descriptive, one plain port"),
        pytest.param("--port-naming Container", ["http", "metrics"], id="container, derived"),
        pytest.param("--port-naming container --port 8080", ["http"], id="container, one plain port"),
        pytest.param("--port-naming container --port 80 --target-port metrics", ["metrics"], id="container, by target"),
        pytest.param("--port-naming container --port 80:8080,9090", ["http", "metrics"], id="container, both"),
        pytest.param("--port-naming container --port 80", [""], id="container, undeclared and plain"),
        pytest.param("--port-naming container --port 80:81", ["tcp-80-81"], id="container, undeclared and longer"),
        pytest.param("--port-naming container --port 8080/udp", ["udp-8080-8080"], id="container, another protocol"),
        pytest.param("--port-naming container --port a=80:8080", ["a"], id="container, typed"),
        pytest.param(
            "--port-naming container --port 8080,http=80", ["port-1", "http"], id="a typed name goes before a declared"
        ),
        pytest.param(
            "--port-naming container --port 80:http,81:http",
            ["http", "tcp-81-http"],
            id="a declared name is given once",
        ),
        pytest.param("--port port-2=80,81", ["port-2", "port-2-2"], id="kubectl's name is taken"),
        pytest.param("--port 81,82,port-1=80", ["port-1-2", "port-2", "port-1"], id="by a later one"),
        pytest.param(
            "--port tcp-80-80=81,80:,tcp-80-80-2=82",
            ["tcp-80-80", "tcp-80-80-3", "tcp-80-80-2"],
            id="a descriptive name is taken, and its second",
        ),
        pytest.param("--port 80:80/http,81/udp", ["http-80-80", "udp-81-81"], id="as spoken"),
        pytest.param("--port 80 --app-protocol http --port-naming descriptive", ["http-80-80"], id="as --app-protocol"),
        pytest.param(
            "--port 80/tcp,80/udp --app-protocol http", ["http-80-80", "udp-80-80"], id="over UDP it is no http"
        ),
        pytest.param("--port 80: --app-protocol example.com/x", ["tcp-80-80"], id="no word of ours"),
        pytest.param(
            "--port 80 --port-naming descriptive --target-port My_Port",
            ["tcp-80-my-port"],
            id="a target that no name can hold",
        ),
        pytest.param(
            "--port 80 --port-naming descriptive --target-port é", ["tcp-80"], id="a target of which nothing is left"
        ),
        pytest.param(
            f"--port 80 --port-naming descriptive --target-port {'x' * 60}",
            [f"tcp-80-{'x' * 56}"],
            id="a target too long",
        ),
        pytest.param(
            f"--port 80 --port-naming descriptive --target-port {'x' * 55}-y",
            [f"tcp-80-{'x' * 55}"],
            id="cut at a dash",
        ),
        pytest.param(
            f"--port 80 --port-naming descriptive --protocol {'é' * 80}",
            ["80-80"],
            id="a protocol of which nothing is left",
        ),
        pytest.param(
            f"--port 80,81 --port-naming descriptive --protocol {'x' * 80}",
            ["x" * 63, f"{'x' * 61}-2"],
            id="two that are cut to the same",
        ),
    ],
)
def test_names(flags: str, names: list[str]) -> None:
    """Each way of naming, and what it falls back on; names that were typed stay."""
    assert [port.get("name", "") for port in _made(_TWO, *flags.split())] == names


@pytest.mark.parametrize(("word", "target"), [("2147483647", 2147483647), ("2147483648", "2147483648"), ("-1", -1)])
def test_a_target_is_a_number_within_32_bits(word: str, target: int | str) -> None:
    """Beyond it is a name, as intstr.Parse has it."""
    assert _made(_ONE, "--target-port", word) == [{"protocol": "TCP", "port": 8080, "targetPort": target}]


def test_a_declared_name_that_is_none_is_passed_over() -> None:
    """A file may hold anything; a ServicePort's name is an RFC 1123 label."""
    odd = _deployment(_container("a", _port(1, name="My_Port"), _port(2, name="x" * 64), _port(3, name="ok")))
    assert _ports(odd, "--port-naming container") == ["port-1 1/TCP to 1", "port-2 2/TCP to 2", "ok 3/TCP to 3"]


def test_a_typed_name_for_several_protocols_ends_in_each() -> None:
    """The ServicePorts of one word have different names, as kubectl's have; --app-protocol means both by NAME."""
    assert _ports(_DNS, "--port a=53:53 --app-protocol a=dns") == [
        "a-udp 53/UDP to 53 as dns",
        "a-tcp 53/TCP to 53 as dns",
    ]
    (name, _) = (port.split()[0] for port in _ports(_DNS, f"--port {'x' * 63}=53"))
    assert name == f"{'x' * 59}-udp"


def test_another_protocol_does_not_speak_the_same() -> None:
    """appProtocol passes on to the port of the same protocol alone."""
    assert _ports(_SOURCE, "--port 80/udp,80/tcp") == ["udp-80-web 80/UDP to web", "http-80-web 80/TCP to web as http"]


def test_app_protocol_means_a_typed_name_before_a_number_before_a_declared_name() -> None:
    """One saying never reaches two ports for different reasons."""
    declared = _deployment(_container("a", _port(80, name="http"), _port(443)))
    assert _ports(declared, "--port http=443:443,80:80 --app-protocol http=x") == [
        "http 443/TCP to 443 as x",
        "tcp-80-80 80/TCP to 80",
    ]
    assert _ports(declared, "--port 80,443 --app-protocol http=x") == [
        "port-1 80/TCP to 80 as x",
        "port-2 443/TCP to 443",
    ]


def test_a_target_is_looked_for_in_the_containers_that_were_named() -> None:
    """What another container declares for it does not count then."""
    pod = _deployment(_container("a", _port(53, "UDP")), _container("b", _port(80)))
    assert _ports(pod, "--port 53:53") == ["udp-53-53 53/UDP to 53"]
    assert _ports(pod, "--container b --port 53:53") == ["tcp-53-53 53/TCP to 53"]


def test_a_generated_name_never_meets_a_kept_one() -> None:
    """A source port may be called port-2 already."""
    source = _service({"name": "port-2", "port": 80})
    assert _ports(source, "--port 80,443") == ["port-2 80/TCP to 80", "port-2-2 443/TCP to 443"]


@pytest.mark.parametrize(
    ("flags", "ports"),
    [
        pytest.param("--container app", ["port-1 8080/TCP to 8080", "port-2 5000/UDP to 5000"], id="one"),
        pytest.param("--container app --container app", ["port-1 8080/TCP to 8080", "port-2 5000/UDP to 5000"],
                     id="the same twice"),
        pytest.param(
            "--container proxy,mesh",
            ["port-1 8443/TCP to 8443", "port-2 5000/SCTP to 5000", "port-3 15001/UDP to 15001",
             "port-4 8080/SCTP to 8080"],
            id="two, one a sidecar",
        ),
        pytest.param("--container app --port 5000", ["5000/UDP to 5000"], id="a typed number has its protocol"),
        pytest.param("--container proxy --port 8080", ["8080/TCP to 8080"], id="and not another's"),
    ],
)  # fmt: skip
def test_containers(flags: str, ports: list[str]) -> None:
    """Only the ports of the containers that are named."""
    assert _ports(_MIXED, flags) == ports


@pytest.mark.parametrize(
    ("flags", "ports"),
    [
        pytest.param("--port 80 --node-port 30080", ["80/TCP to 80 at 30080"], id="a plain port"),
        pytest.param("--port 53 --node-port 30053",
                     ["port-1-udp 53/UDP to 53 at 30053", "port-1-tcp 53/TCP to 53 at 30053"], id="both protocols"),
        pytest.param("--port 80:81 --node-port 30080", ["tcp-80-81 80/TCP to 81 at 30080"], id="a longer word"),
        pytest.param("--port 80::30080 --node-port 30080", ["tcp-80-80 80/TCP to 80 at 30080"], id="said twice"),
        pytest.param("--port 80::0 --node-port 30080", ["tcp-80-80 80/TCP to 80 at 30080"], id="said once, left open"),
        pytest.param("--port 80 --node-port 0", ["80/TCP to 80"], id="0 is the cluster's to choose"),
        pytest.param("--container web --node-port 30080", ["80/TCP to 80 at 30080"], id="a derived port"),
    ],
)  # fmt: skip
def test_a_node_port_of_a_single_port(flags: str, ports: list[str]) -> None:
    """--node-port is for the one number that there is, whatever its protocols."""
    assert _ports(_DNS, flags) == ports


@pytest.mark.parametrize(
    ("flags", "ports"),
    [
        pytest.param("--app-protocol grpc", ["port-1 8080/TCP to 8080 as grpc", "port-2 9090/TCP to 9090 as grpc"],
                     id="all derived ports"),
        pytest.param("--app-protocol 8080=grpc", ["port-1 8080/TCP to 8080 as grpc", "port-2 9090/TCP to 9090"],
                     id="by number"),
        pytest.param("--app-protocol metrics=http", ["port-1 8080/TCP to 8080", "port-2 9090/TCP to 9090 as http"],
                     id="by declared name"),
        pytest.param("--port a=80,81: --app-protocol a=x/y,http",
                     ["a 80/TCP to 80 as x/y", "http-81-81 81/TCP to 81 as http"], id="by typed name, and the others"),
        pytest.param("--port 80/http,81: --app-protocol grpc",
                     ["http-80-80 80/TCP to 80 as http", "grpc-81-81 81/TCP to 81 as grpc"], id="a word has its own"),
        pytest.param("--port 80/http --app-protocol 80=http", ["http-80-80 80/TCP to 80 as http"], id="said twice"),
        pytest.param("--port a=80/http --app-protocol 80=http,a=http", ["a 80/TCP to 80 as http"], id="three times"),
        pytest.param("--port 80 --target-port http --app-protocol http=h2", ["80/TCP to http as h2"],
                     id="by the name of its target"),
    ],
)  # fmt: skip
def test_app_protocols(flags: str, ports: list[str]) -> None:
    """What is said of one port goes before what is said of all."""
    assert _ports(_TWO, flags) == ports


def test_an_app_protocol_of_a_source_gives_way() -> None:
    """Only what is typed changes a copy; `--app-protocol VALUE` is typed of every port."""
    assert _ports(_SOURCE, "--app-protocol x,dns=y") == ["http 80/TCP to web as x", "dns 53/UDP to 5353 as y"]


def _both_say(one: str, other: str) -> str:
    return f"--port {one} and --port {other} both say port 80/TCP, which a Service has once: leave one of them out"


@pytest.mark.parametrize(
    ("manifest", "flags", "message"),
    [
        pytest.param(_ONE, "--port 80:1,80:2", _both_say("80:1", "80:2"), id="two targets"),
        pytest.param(_ONE, "--port 80,80:2", _both_say("80", "80:2"), id="a plain one first"),
        pytest.param(_ONE, "--port 80:2,80", _both_say("80:2", "80"), id="a plain one last"),
        pytest.param(_ONE, "--port a=80,b=80", _both_say("a=80", "b=80"), id="two names"),
        pytest.param(_ONE, "--port 80::1,80::2", _both_say("80::1", "80::2"), id="node ports"),
        pytest.param(_ONE, "--port 80/http,80/grpc", _both_say("80/http", "80/grpc"), id="app protocols"),
        pytest.param(
            _ONE,
            "--port a=80,a=81",
            "--port a=80 and --port a=81 are both called a, and a Service's ports have different names",
            id="one name twice",
        ),
        pytest.param(
            _TWO,
            "--node-port 30080",
            "--node-port 30080 is for a Service with a single port, and this one has ports 8080, 9090: say it of one "
            "of them as --port PORT:TARGET:30080",
            id="a node port for two ports",
        ),
        pytest.param(
            _ONE,
            "--headless --node-port 30080 --external-name x.example",
            "--node-port 30080 is for a Service with a single port, and this one has no port: say one as "
            "--port PORT:TARGET:30080",
            id="a node port for none",
        ),
        pytest.param(
            _ONE, "--port 80::1 --node-port 2", "--node-port 2: --port 80::1 says 1", id="two node ports for one port"
        ),
        pytest.param(
            _ONE, "--port 80::1 --node-port 0", "--node-port 0: --port 80::1 says 1", id="a node port and its opposite"
        ),
        pytest.param(
            _MIXED,
            "--container app,nope",
            '--container "nope": Deployment "web" has only "app", "proxy", "mesh"',
            id="an unknown container",
        ),
        pytest.param(
            _MIXED,
            "--container nope --port 80",
            '--container "nope": Deployment "web" has only "app", "proxy", "mesh"',
            id="an unknown container, with ports",
        ),
        pytest.param(
            _SOURCE, "--container app", '--container "app": Service "web" has no containers', id="no containers"
        ),
        pytest.param(
            _TWO,
            "--app-protocol 80=http",
            '--app-protocol "80=http": the Service has no such port, only 8080, 9090',
            id="an app protocol of no port",
        ),
        pytest.param(
            _DNS,
            "--port 53 --app-protocol x=http",
            '--app-protocol "x=http": the Service has no such port, only 53',
            id="each number once",
        ),
        pytest.param(
            _ONE,
            "--external-name x.example --app-protocol 80=http",
            '--app-protocol "http": the Service has no ports',
            id="an app protocol without ports",
        ),
        pytest.param(
            _ONE,
            "--external-name x.example --app-protocol http",
            '--app-protocol "http": the Service has no ports',
            id="an app protocol for all of no ports",
        ),
        pytest.param(
            _ONE,
            "--port 80: --protocol odd",
            f'--protocol: PROTOCOL "odd" is not one of {", ".join(TRANSPORT_OF)}',
            id="--protocol as a part of a word",
        ),
        pytest.param(
            _ONE,
            "--port 80: --target-port 65536",
            '--target-port: TARGET "65536" is not a number from 0 to 65535',
            id="--target-port as a part of a word",
        ),
        pytest.param(
            _ONE,
            "--port 80/http --app-protocol 80=grpc",
            '--app-protocol "80=grpc": port 80 is said to speak "http" too',
            id="two app protocols",
        ),
        pytest.param(
            _ONE,
            "--port a=80 --app-protocol 80=grpc,a=http",
            '--app-protocol "a=http": port 80 is said to speak "grpc" too',
            id="two app protocols by two names",
        ),
    ],
)  # fmt: skip
def test_contradictions_are_refused(manifest: dict[str, Any], flags: str, message: str) -> None:
    """The flag as typed comes first."""
    with pytest.raises(SvcError) as refusal:
        _ports(manifest, flags)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("protocol", "message"),
    [
        ("TCP/UDP", "unexpected port protocol mapping: 53/TCP/UDP"),
        ("TCP,UDP", "unexpected port protocol mapping: UDP"),
        ("TCP,/UDP", "unexpected empty port"),
        (",", "unexpected empty protocol"),
    ],
)
def test_a_protocol_that_no_word_can_say_is_refused(protocol: str, message: str) -> None:
    """kubectl carries protocols as words, so only a file can hold such a one; what is typed does not save it."""
    odd = _deployment(_container("a", _port(53, protocol)))
    with pytest.raises(SvcError) as refusal:
        _ports(odd, "--port 80 --protocol TCP")
    assert str(refusal.value) == message


# Few numbers and names, so that they meet.
_FEW_NUMBERS = st.sampled_from([1, 53, 80, 65535])
_ODD_NAMES = st.sampled_from(["", "http", "port-1", "port-2", "tcp-80-80", "My_Port", "x" * 64, "-", "é", "a\nb"])
_TRANSPORTS = st.sampled_from(["TCP", "UDP", "SCTP"])
_TARGETS = st.sampled_from([0, 80, 53, "http", "web"])
_WORDS = st.lists(
    _FEW_NUMBERS.map(str)
    | st.builds(
        PortWord,
        port=_FEW_NUMBERS,
        target=st.none() | _TARGETS,
        node_port=st.sampled_from([None, 0, 30080]),
        protocol=st.just("") | st.sampled_from(list(TRANSPORT_OF)),
        name=st.sampled_from(["", "", "http", "port-1", "port-2", "tcp-80-80", "x" * 63]),
    ),
    max_size=4,
).map(tuple)


@st.composite
def _workloads(draw: st.DrawFn) -> Workload:
    """Any mixture of declared ports, of containers and sidecars or of a Service."""
    copied = draw(st.booleans())
    containers = ("app", "proxy", "mesh")
    ports = draw(
        st.lists(
            st.builds(
                WorkloadPort,
                number=_FEW_NUMBERS,
                protocol=_TRANSPORTS,
                name=_ODD_NAMES,
                target=_TARGETS if copied else st.just(0),
                app_protocol=st.sampled_from(["", "http", "kubernetes.io/ws"]) if copied else st.just(""),
                container=st.just("") if copied else st.sampled_from(containers),
            ),
            max_size=6,
        )
    )
    return Workload(
        api_version="v1",
        kind="Service" if copied else "Pod",
        name=draw(st.sampled_from(["web", "db"])),
        labels={"app": "web"},
        selector={"app": "web"},
        containers=() if copied else containers,
        ports=tuple(port.but(sidecar=port.container == "mesh") for port in ports),
        keeps_ports=copied,
    )


_PORT_OPTIONS = st.builds(
    PortOptions,
    words=_WORDS,
    target_port=st.sampled_from(["", "", "0", "80", "http", "My_Port", "é", "x" * 70]),
    protocol=st.sampled_from(["", "", "TCP", "UDP", "http"]),
    node_port=st.sampled_from([None, None, None, 0, 30080]),
    app_protocols=st.sampled_from([(), (), (("", "http"),), (("80", "grpc"),), (("http", "h2"), ("", "x/y"))]),
    naming=st.sampled_from(["", "", "kubectl", "descriptive", "container"]),
    containers=st.sampled_from([(), (), ("app",), ("mesh", "app")]),
)


def _derived(workload: Workload, options: PortOptions) -> dict[str, Any]:
    """The Service, headless so that it needs no ports; contradictions are not what is looked for."""
    try:
        return derive_service(workload, ServiceOptions(ports=options, cluster_ips=("None",)))
    except SvcError:
        assume(False)
        raise


@given(_workloads(), _PORT_OPTIONS)
def test_names_are_valid_and_unique(workload: Workload, options: PortOptions) -> None:
    """Whatever is declared, typed and asked for; only a single port may go without a name."""
    names = [port.get("name", "") for port in _derived(workload, options)["spec"].get("ports", [])]
    assert len(set(names)) == len(names)
    assert names == [""] or all(map(is_port_name, names))


@given(_workloads(), _PORT_OPTIONS)
def test_what_is_typed_survives(workload: Workload, options: PortOptions) -> None:
    """Each longer word is there with all that it says; a plain one with its number."""
    made = _derived(workload, options)["spec"].get("ports", [])
    for word in options.words:
        if isinstance(word, str):
            assert any(port["port"] == int(word) for port in made)
        else:
            assert any(_says(port, word, options) for port in made)
    if not options.words:
        numbers = {port.number for port in workload.ports if not (options.containers or port.sidecar)}
        assert {port["port"] for port in made} >= numbers


def _says(port: dict[str, Any], word: PortWord, options: PortOptions) -> bool:
    """Whether the port has the number, the target, the protocol, the name and the node port of the word."""
    node_ports = {word.node_port or None} if options.node_port is None else {options.node_port or None}
    return (
        port["port"] == word.port
        and (word.target is None or port["targetPort"] == (word.target or word.port))
        and port["protocol"] in ({TRANSPORT_OF[word.protocol]} if word.protocol else {"TCP", "UDP", "SCTP"})
        and port.get("nodePort") in node_ports
        and port.get("name", "").startswith(word.name[:58])  # of several protocols each ends in its own
    )


@given(_workloads(), _PORT_OPTIONS)
@example(workload_of(_SOURCE), PortOptions())
def test_no_port_stands_there_twice(workload: Workload, options: PortOptions) -> None:
    """Except for a plain word that was typed twice, which is kubectl's."""
    assume(len(set(options.words)) == len(options.words))
    made = _derived(workload, options)["spec"].get("ports", [])
    assert len({(port["port"], port["protocol"]) for port in made}) == len(made)


@given(_workloads(), _PORT_OPTIONS)
def test_a_longer_word_never_changes_a_plain_one(workload: Workload, options: PortOptions) -> None:
    """Beside it, a plain word is what it is alone, but for its name."""
    plain = tuple(word for word in options.words if isinstance(word, str))
    assume(plain)
    options = options.but(node_port=None, app_protocols=())
    alone = _derived(workload, options.but(words=plain))["spec"]["ports"]
    together = _derived(workload, options)["spec"]["ports"]
    assert _nameless(alone) <= _nameless(together)


def _nameless(ports: list[dict[str, Any]]) -> set[tuple[tuple[str, Any], ...]]:
    return {tuple((key, value) for key, value in port.items() if key != "name") for port in ports}
