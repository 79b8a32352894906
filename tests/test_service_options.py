"""What the command line says of the Service: words in any case, lists, times, and what contradicts itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.errors import SvcError
from kubectl_svc.port_words import PortWord
from kubectl_svc.service_options import PortOptions, ServiceOptions
from tests.deriving import options_of


def _refusal(*flags: str) -> str:
    with pytest.raises(SvcError) as refusal:
        options_of(*flags)
    return str(refusal.value)


def _outcome(*flags: str) -> ServiceOptions | str:
    """What the flags say, or why they are refused."""
    try:
        return options_of(*flags)
    except SvcError as refusal:
        return str(refusal)


def test_nothing_typed_says_nothing() -> None:
    """Everything is left to what is derived, and to the server."""
    assert options_of() == ServiceOptions()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("1", 1, id="the shortest, plain"),
        pytest.param("1s", 1, id="the shortest"),
        pytest.param("600", 600, id="plain seconds"),
        pytest.param("0000000000000600", 600, id="plain seconds with zeros"),
        pytest.param("90s", 90, id="seconds"),
        pytest.param("10m", 600, id="minutes"),
        pytest.param("1h30m", 5400, id="hours and minutes"),
        pytest.param("1.5m", 90, id="a fraction that is whole seconds"),
        pytest.param("1000ms", 1, id="milliseconds that are whole seconds"),
        pytest.param("24h", 86400, id="the longest"),
        pytest.param("86400", 86400, id="the longest, plain"),
        pytest.param("", None, id="empty says nothing"),
    ],
)
def test_a_timeout(text: str, seconds: int | None) -> None:
    """A Go duration, or plain seconds."""
    assert options_of(f"--session-affinity-timeout={text}").affinity_seconds == seconds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *(
            pytest.param(text, "not whole seconds from 1s to 24h", id=text)
            for text in ("0", "0s", "000", "1.5s", "1500ms", "1ns", "-1s", "-24h", "24h1s", "86401", "9" * 12)
        ),
        *(
            pytest.param(text, "not a time such as 90s, 10m, 1h30m or 600", id=ascii(text)[:12])
            for text in ("x", "-5", "+5", "10d", "1h 30m", " 90s", "90 s", "1e3", "٣", "²", "\n", "9" * 5000 + "h")
        ),
    ],
)
def test_a_timeout_that_is_none(text: str, problem: str) -> None:
    """The line quotes it."""
    message = _refusal(f"--session-affinity-timeout={text}")
    assert message.startswith("--session-affinity-timeout ")
    assert message.endswith(problem)
    assert message.isprintable()


@given(st.text(max_size=12) | st.from_regex("[0-9.hmsun+-]{1,12}", fullmatch=True))
@example("9" * 5000)
def test_every_timeout_is_read_or_refused(text: str) -> None:
    """1 second to a day, or one line."""
    outcome = _outcome(f"--session-affinity-timeout={text}")
    if isinstance(outcome, str):
        assert outcome.isprintable()
    else:
        assert outcome.affinity_seconds is None if not text else 1 <= (outcome.affinity_seconds or 0) <= 86400


@pytest.mark.parametrize(
    "change", [str.lower, str.upper, str.swapcase, str], ids=["lower", "upper", "swapped", "as is"]
)
@pytest.mark.parametrize(
    ("flag", "word"),
    [
        *(("type", word) for word in ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")),
        *(("session_affinity", word) for word in ("None", "ClientIP")),
        *(("protocol", word) for word in ("TCP", "UDP", "SCTP")),
        *(("naming", word) for word in ("kubectl", "descriptive", "container")),
        *(("ipFamilyPolicy", word) for word in ("SingleStack", "PreferDualStack", "RequireDualStack")),
        *(("externalTrafficPolicy", word) for word in ("Cluster", "Local")),
        *(("internalTrafficPolicy", word) for word in ("Cluster", "Local")),
        *(("trafficDistribution", word) for word in ("PreferSameZone", "PreferSameNode", "PreferClose")),
    ],
)
def test_a_word_of_the_api_is_taken_in_any_case(flag: str, word: str, change: Any) -> None:
    """And put as the API has it."""
    flags = {
        "type": "type", "session_affinity": "session-affinity", "protocol": "protocol", "naming": "port-naming",
        "ipFamilyPolicy": "ip-family-policy", "externalTrafficPolicy": "external-traffic-policy",
        "internalTrafficPolicy": "internal-traffic-policy", "trafficDistribution": "traffic-distribution",
    }  # fmt: skip
    options = options_of(f"--{flags[flag]}", change(word))
    read_as = {
        "type": options.type, "session_affinity": options.session_affinity, "protocol": options.ports.protocol,
        "naming": options.ports.naming, **dict(options.fields),
    }  # fmt: skip
    assert read_as[flag] == word


@pytest.mark.parametrize(
    ("flags", "options"),
    [
        pytest.param(["--type", "Odd"], ServiceOptions(type="Odd"), id="type"),
        pytest.param(["--session-affinity", "Odd"], ServiceOptions(session_affinity="Odd"), id="session affinity"),
        pytest.param(["--protocol", "ICMP"], ServiceOptions(ports=PortOptions(protocol="ICMP")), id="protocol"),
        pytest.param(["--cluster-ip", "x,y"], ServiceOptions(cluster_ips=("x,y",)), id="cluster IP"),
        pytest.param(
            ["--traffic-distribution", "Odd"], ServiceOptions(fields=(("trafficDistribution", "Odd"),)), id="a field"
        ),
        pytest.param(
            ["--ip-family", "ipv6,IPv9"], ServiceOptions(fields=(("ipFamilies", ["IPv6", "IPv9"]),)), id="list"
        ),
    ],
)
def test_a_word_that_the_api_does_not_know_is_sent_as_typed(flags: list[str], options: ServiceOptions) -> None:
    """The server judges it: newer ones may know it."""
    assert options_of(*flags) == options


def test_lines_of_a_list_count_like_commas() -> None:
    """As `$(cat FILE)` gives them; nothing that restricts access is lost."""
    assert dict(options_of("--load-balancer-source-ranges", "10.0.0.0/8\n192.0.2.0/24, 198.51.100.0/24\n").fields) == {
        "loadBalancerSourceRanges": ["10.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24"]
    }
    assert options_of("--selector-key", "app\ntier,app").selector_keys == ("app", "tier")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--port-naming", "odd"], '--port-naming "odd": not one of kubectl, descriptive, container'),
        (["--selector-from", "ocp"], '--selector-from "ocp": not one of acp'),
    ],
)
def test_a_word_of_ours_that_is_none_is_refused(flags: list[str], message: str) -> None:
    """No server would see it."""
    assert _refusal(*flags) == message


@pytest.mark.parametrize(
    ("flag", "read_as"),
    [
        ("port", lambda options: options.ports.words),
        ("container", lambda options: options.ports.containers),
        ("selector-key", lambda options: options.selector_keys),
        ("ip-family", lambda options: dict(options.fields)["ipFamilies"]),
        ("load-balancer-source-ranges", lambda options: dict(options.fields)["loadBalancerSourceRanges"]),
    ],
)
def test_commas_and_repetition_are_alike(flag: str, read_as: Any) -> None:
    """In the order typed."""
    values = list(read_as(options_of(f"--{flag}", "1,2", f"--{flag}=3")))
    assert values == ["1", "2", "3"]
    assert values == list(read_as(options_of(f"--{flag}=1", f"--{flag}=2,3")))


@pytest.mark.parametrize(("flag", "field"), [("cluster-ip", "cluster_ips"), ("external-ip", "external_ips")])
def test_an_address_of_kubectls_flags_may_be_repeated(flag: str, field: str) -> None:
    """Commas are part of the word, as in kubectl, and empty ones say nothing."""
    options = options_of(f"--{flag}", "10.0.0.1", f"--{flag}=", f"--{flag}", "fd00::1,x")
    assert getattr(options, field) == ("10.0.0.1", "fd00::1,x")


@pytest.mark.parametrize("flag", ["ip-family", "load-balancer-source-ranges", "traffic-distribution", "port", "type"])
def test_an_empty_value_says_nothing(flag: str) -> None:
    """As with kubectl's own flags."""
    assert options_of(f"--{flag}=") == ServiceOptions()


@pytest.mark.parametrize(
    ("flags", "options"),
    [
        pytest.param(
            ["--port", "80,443:8443/https"],
            ServiceOptions(ports=PortOptions(words=("80", PortWord(port=443, target=8443, protocol="https")))),
            id="ports",
        ),
        pytest.param(["--target-port", "web"], ServiceOptions(ports=PortOptions(target_port="web")), id="target"),
        pytest.param(["--node-port", "30080"], ServiceOptions(ports=PortOptions(node_port=30080)), id="node port"),
        pytest.param(["--node-port", "0"], ServiceOptions(ports=PortOptions(node_port=0)), id="node port 0"),
        pytest.param(["--node-port", "65535"], ServiceOptions(ports=PortOptions(node_port=65535)), id="the highest"),
        pytest.param(["--headless"], ServiceOptions(cluster_ips=("None",)), id="headless"),
        pytest.param(["--cluster-ip", "NONE"], ServiceOptions(cluster_ips=("None",)), id="as kubectl says it"),
        pytest.param(["--headless=false"], ServiceOptions(), id="not headless"),
        pytest.param(
            ["--cluster-ip", "10.0.0.9", "--cluster-ip", "10.0.0.9"],
            ServiceOptions(cluster_ips=("10.0.0.9",)),
            id="one cluster IP twice",
        ),
        pytest.param(
            ["--external-ip", "192.0.2.1", "--external-ip", "192.0.2.1"],
            ServiceOptions(external_ips=("192.0.2.1",)),
            id="one external IP twice",
        ),
        pytest.param(
            ["--headless", "--cluster-ip", "none"],
            ServiceOptions(cluster_ips=("None",)),
            id="headless twice",
        ),
        pytest.param(["--per-replica"], ServiceOptions(per_replica=True), id="per replica"),
        pytest.param(["--owner"], ServiceOptions(owner=True), id="owner"),
        pytest.param(["--name", "n", "--selector", "a=b", "-l", "c=d"],
                     ServiceOptions(name="n", selector="a=b", labels="c=d"), id="kubectl's own"),
        pytest.param(["--load-balancer-ip", "1.2.3.4"], ServiceOptions(load_balancer_ip="1.2.3.4"), id="LB address"),
        pytest.param(["--external-name", "h.example"], ServiceOptions(external_name="h.example"), id="host"),
        pytest.param(
            ["--selector-from", "acp", "--selector-key", "app"],
            ServiceOptions(selector_keys=("app", "project.cpaas.io/name", "service.cpaas.io/name")),
            id="keys and a platform's keys",
        ),
        pytest.param(
            ["--publish-not-ready-addresses=false", "--health-check-node-port=0"],
            ServiceOptions(fields=(("publishNotReadyAddresses", False), ("healthCheckNodePort", 0))),
            id="false and 0 are values",
        ),
        pytest.param(
            ["--allocate-load-balancer-node-ports"],
            ServiceOptions(fields=(("allocateLoadBalancerNodePorts", True),)),
            id="a default that is typed is sent",
        ),
        pytest.param(
            ["--load-balancer-class", "Example.com/Internal"],
            ServiceOptions(fields=(("loadBalancerClass", "Example.com/Internal"),)),
            id="a free word keeps its case",
        ),
    ],
)  # fmt: skip
def test_what_flags_say(flags: list[str], options: ServiceOptions) -> None:
    """Each flag says one thing, and nothing else."""
    assert options_of(*flags) == options


@pytest.mark.parametrize(
    ("words", "pairs"),
    [
        pytest.param(["http"], {"": "http"}, id="all ports"),
        pytest.param(["80=http,443=https"], {"80": "http", "443": "https"}, id="a list"),
        pytest.param(["80=http", "web=grpc", "x.io/y"], {"80": "http", "web": "grpc", "": "x.io/y"}, id="repeated"),
        pytest.param(["80=http", "80=http"], {"80": "http"}, id="the same twice"),
        pytest.param(["HTTP"], {"": "HTTP"}, id="any value, as typed"),
        pytest.param([""], {}, id="nothing"),
    ],
)
def test_application_protocols(words: list[str], pairs: dict[str, str]) -> None:
    """`[PORT=]VALUE`."""
    assert dict(options_of(*(f"--app-protocol={word}" for word in words)).ports.app_protocols) == pairs


@pytest.mark.parametrize(
    ("key_and_value", "pair"),
    [
        ("a=b", ("a", "b")),
        ("a=", ("a", "")),
        ("example.com/a=b=c,d e", ("example.com/a", "b=c,d e")),
        ('a={"b": "c"}', ("a", '{"b": "c"}')),
    ],
)
def test_an_annotation(key_and_value: str, pair: tuple[str, str]) -> None:
    """All behind the first equals sign is the value."""
    assert options_of("--annotation", key_and_value).annotations == (pair,)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        pytest.param(["--annotation", "a"], '--annotation "a": not KEY=VALUE', id="an annotation without a value"),
        pytest.param(["--annotation", "=a"], '--annotation "=a": not KEY=VALUE', id="an annotation without a key"),
        pytest.param(["--annotation", ""], '--annotation "": not KEY=VALUE', id="an empty annotation"),
        pytest.param(["--app-protocol", "80="], '--app-protocol "80=": not [PORT=]VALUE', id="a port that speaks none"),
        pytest.param(["--app-protocol", "=x"], '--app-protocol "=x": not [PORT=]VALUE', id="an app protocol of none"),
        pytest.param(
            ["--app-protocol", "80=http,80=grpc"],
            '--app-protocol says both "http" and "grpc" of port "80"',
            id="of one port",
        ),
        pytest.param(
            ["--app-protocol", "a", "--app-protocol", "b"],
            '--app-protocol says both "a" and "b" of every port',
            id="of all",
        ),
        pytest.param(["--node-port", "-1"], "--node-port -1: not a number from 0 to 65535", id="node port -1"),
        pytest.param(
            ["--health-check-node-port", "65536"],
            "--health-check-node-port 65536: not a number from 0 to 65535",
            id="health check node port",
        ),
        pytest.param(["--node-port", "65536"], "--node-port 65536: not a number from 0 to 65535", id="node port 65536"),
        pytest.param(["--port", "80:!"], '--port "80:!": TARGET "!" is neither a number', id="a port word"),
    ],
)
def test_what_cannot_be_read_is_refused(flags: list[str], message: str) -> None:
    """Before anything is read or sent."""
    assert _refusal(*flags).startswith(message)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("--external-name h.example", "--selector a=b"),
        ("--external-name h.example", "--selector-key k"),
        ("--external-name h.example", "--selector-from acp"),
        ("--external-name h.example", "--per-replica"),
        ("--selector a=b", "--selector-key k"),
        ("--selector a=b", "--selector-from acp"),
        ("--selector a=b", "--per-replica"),
        ("--per-replica", "--selector-key k"),
        ("--per-replica", "--selector-from acp"),
        ("--headless", "--cluster-ip 10.0.0.9"),
        ("--headless", "--cluster-ip None --cluster-ip 10.0.0.9"),
        ("--session-affinity-timeout 90s", "--session-affinity none"),
    ],
)
def test_contradictions_are_refused(one: str, other: str) -> None:
    """In any order; each alone is taken."""
    options_of(*one.split())
    options_of(*other.split())
    message = _refusal(*one.split(), *other.split())
    assert message == _refusal(*other.split(), *one.split())
    first, second = (flags.partition(" ")[0] for flags in (one, other))
    assert message.startswith(f"{first} cannot be combined with {second}")


@pytest.mark.parametrize(
    "flags",
    [
        "--external-name h.example --selector=",
        "--external-name h.example --per-replica=false",
        "--selector a=b --selector-from=",
        "--headless=false --cluster-ip 10.0.0.9",
        "--session-affinity-timeout= --session-affinity None",
        "--session-affinity-timeout 90s --session-affinity ClientIP",
        "--selector-key k --selector-from acp",
        "--session-affinity-timeout 90s --session-affinity=",
    ],
)
def test_what_says_nothing_contradicts_nothing(flags: str) -> None:
    """An empty value, or false, is as if it were not there."""
    options_of(*flags.split())


_LISTS = st.sampled_from(["--port", "--annotation", "--container"])


@given(st.lists(st.builds("{}={}".format, _LISTS, st.text(max_size=10)), max_size=1))
def test_every_text_is_read_or_refused_in_one_line(flags: list[str]) -> None:
    """No text ends in another exception."""
    outcome = _outcome(*flags)
    assert not isinstance(outcome, str) or len(outcome.splitlines()) == 1
