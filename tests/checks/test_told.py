"""What is found is told as what it is: an error, a warning, a hint, or nothing, and where a server judges, by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.access.servers import answer, serve
from tests.checks.judging import words_of
from tests.svc import svc, svc_on_a_terminal

if TYPE_CHECKING:
    from tests.control_plane.cluster import Cluster

_HEADLESS = "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"
_NUMBER = "Invalid value: 0: must be between 1 and 65535, inclusive"
_YELLOW = "\x1b[33;1mWarning:\x1b[0m "


def _offline(words: str) -> tuple[int, str, list[str]]:
    done = svc(*words_of(words), "--dry-run=client", "-o", "name")
    return done.returncode, done.stdout, done.stderr.splitlines()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        pytest.param(
            "create web --headless --port 80 --type NodePort",
            f"--headless cannot be combined with --type NodePort: {_HEADLESS}",
            id="a new flag and one of kubectl's",
        ),
        pytest.param(
            "expose -f web.yaml --port 8080 --headless --node-port 30080",
            f"--headless cannot be combined with --node-port 30080: {_HEADLESS}",
            id="a type that is implied",
        ),
        pytest.param(
            "expose -f web.yaml --headless --port 80:8080:30080",
            f"--headless cannot be combined with --port 80:8080:30080: {_HEADLESS}",
            id="a type that a port word implies",
        ),
        pytest.param(
            "expose -f web.yaml --port a=80:8080:30080,b=81:8080:30080",
            "--port b=81:8080:30080: spec.ports[1].nodePort: Invalid value: 30080: provided port is already allocated",
            id="a longer port word",
        ),
        pytest.param(
            "expose -f web.yaml --port 8080 --external-traffic-policy local",
            "--external-traffic-policy local: spec.externalTrafficPolicy: "
            'Invalid value: "Local": may only be set for externally-accessible services',
            id="as it was typed",
        ),
        pytest.param(
            "expose -f web.yaml --port 8080 --ip-family IPv4 --ip-family IPv6 --ip-family-policy SingleStack",
            "--ip-family-policy SingleStack cannot be combined with --ip-family IPv4 --ip-family IPv6: "
            "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when "
            "multiple IP families are specified",
            id="a flag that was repeated",
        ),
        pytest.param(
            "expose -f web.yaml --port 8080:/tcp --app-protocol 'two words'",
            '--app-protocol "two words": spec.ports[0].appProtocol: Invalid value: "two words": name part must '
            "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            id="only the word that is wrong",
        ),
        pytest.param(
            "expose -f web.yaml --port 8080 --load-balancer-class x --node-port 30080",
            "--load-balancer-class x: spec.loadBalancerClass: Forbidden: may only be used when `type` is "
            "'LoadBalancer'",
            id="a type that gives way",
        ),
        pytest.param(
            "expose -f web.yaml --port 8080 --headless --external-traffic-policy Local",
            "--external-traffic-policy Local cannot be combined with --headless: spec.externalTrafficPolicy: "
            'Invalid value: "Local": may only be set for externally-accessible services',
            id="what it cannot be combined with",
        ),
        pytest.param(
            "expose -f db.yaml --port 0 --target-port 5432",
            f"--port 0: spec.ports[0].port: {_NUMBER}",
            id="a new kind",
        ),
        pytest.param(
            "expose -f db.yaml --name Db",
            '--name Db: metadata.name: Invalid value: "Db": a lowercase RFC 1123 label must consist of lower case '
            "alphanumeric characters or '-', and must start and end with an alphanumeric character "
            "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
            id="a name of a new kind",
        ),
    ],
)
def test_offline_it_is_an_error_where_new_words_take_part(words: str, line: str) -> None:
    """The flags as they were typed, then the server's words and path; below it what to do. Nothing is printed."""
    code, printed, (first, *more) = _offline(words)
    assert (code, printed, first) == (1, "", f"error: {line}")
    assert len(more) == 1
    assert more[0].startswith("hint: ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("expose -f web.yaml --port 0 --target-port 8080", f"spec.ports[0].port: {_NUMBER}"),
        ("expose -f web.yaml --port 8080 --type Wrong", 'spec.type: Unsupported value: "Wrong"'),
        ("expose -f web.yaml --port 8080 --cluster-ip None --type NodePort", _HEADLESS),
        (
            'expose -f web.yaml --port 8080 --headless --overrides \'{"spec":{"type":"NodePort"}}\'',
            _HEADLESS,
        ),
    ],
)
def test_kubectls_words_are_never_refused(words: str, sentence: str) -> None:
    """What kubectl prints is printed, with a warning; an override's words are kubectl's whatever stands beside them."""
    code, printed, (line,) = _offline(words)
    assert (code, printed) == (0, "service/web\n")
    assert line.startswith(f"Warning: every server will refuse this Service: {sentence}")


def test_all_that_is_wrong_is_said_at_once() -> None:
    """One error, whose further lines are indented; a hint for each."""
    for words in ("create web_1", "expose -f web.yaml --name web_1"):
        flags = "--selector app=web --port 8080 --app-protocol 'two words'"
        _, printed, (first, second, *hints) = _offline(f"{words} {flags}")
        blamed = {first.removeprefix("error: ").partition(":")[0], second.removeprefix("  ").partition(":")[0]}
        assert printed == ""
        assert blamed == {'--app-protocol "two words"', "--name web_1" if "expose" in words else 'Service "web_1"'}
        assert [hint.partition(" ")[0] for hint in hints] == ["hint:"] * len(hints)


def test_online_the_server_is_the_judge(cluster: Cluster) -> None:
    """Its refusal is shown as kubectl shows it, and what to do stands below it."""
    for flags in ((), ("--dry-run=server",)):
        words = ["create", "web", "--headless", "--port", "80", "--type", "NodePort", "--selector", "app=web", *flags]
        done = svc(*words, kubeconfig=cluster.kubeconfig)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines() == [
            f'The Service "web" is invalid: {_HEADLESS}',
            "hint: a headless Service is of type ClusterIP: leave --headless or the type out",
        ]


def test_what_only_the_cluster_can_tell_is_left_to_it(cluster: Cluster) -> None:
    """A node port outside of the usual range: a dry run does not tell, a server that stores it does."""
    words = ["create", "web", "--port", "80", "--node-port", "8080", "--selector", "app=web"]
    range_is = "spec.ports[0].nodePort: 8080 is outside of 30000-32767"
    for mode in ("client", "server"):
        done = svc(*words, f"--dry-run={mode}", kubeconfig=cluster.kubeconfig)
        assert (done.returncode, done.stderr.startswith(f"Warning: {range_is}")) == (0, True)
    done = svc(*words, kubeconfig=cluster.kubeconfig)
    assert done.returncode == 1
    assert "The range of valid ports is 30000-32767" in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.parametrize("flags", ["--port 53:/tcp,53:/udp --type LoadBalancer", "--port 5060 --protocol SCTP"])
def test_what_a_server_takes_without_a_word_earns_one(flags: str, cluster: Cluster) -> None:
    """Also where the Service is made."""
    done = svc("create", "web", "--selector", "app=web", *flags.split(), kubeconfig=cluster.kubeconfig)
    assert (done.returncode, done.stdout) == (0, "service/web created\n")
    assert done.stderr.startswith("Warning: ")


@pytest.mark.parametrize(
    ("flags", "by_server"),
    [
        ("--traffic-distribution PreferClose", 'spec.trafficDistribution: "PreferClose" is deprecated'),
        ("--external-ip 192.0.2.7", "spec.externalIPs is deprecated"),
        ("--headless --session-affinity ClientIP", "spec.SessionAffinity is ignored for headless services"),
    ],
)
def test_a_server_that_warns_is_not_repeated(flags: str, by_server: str, cluster: Cluster) -> None:
    """Offline the warning is ours, and online as well where the server is older and says nothing."""
    words = words_of(f"create web --selector app=web --port 80 {flags}")
    (line,) = svc(*words, "--dry-run=server", kubeconfig=cluster.kubeconfig).stderr.splitlines()
    assert line.startswith(f"Warning: {by_server}")
    (ours,) = svc(*words, "--dry-run=client").stderr.splitlines()
    made = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {}}
    with serve(answer("201 Created", json.dumps(made).encode())) as older:
        done = svc(*words, "-s", older.url, "--token", "t")
    assert (done.returncode, done.stderr.splitlines()) == (0, [ours])


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("--port 80", "say --target-port 8080 if nothing listens on 80"),
        ("--port 80:81/http", "say --port 80:8080/http if nothing listens on 81"),
        ("--port a=80:81:30080", "say --port a=80:8080:30080 if nothing listens on 81"),
        ("--port 80:8080,443:8443/https", "say another target if nothing listens on 8443"),
        ("--port 53 --protocol tcp", "say --protocol UDP, unless something listens there"),
        ("--port 53:dns/tcp", "say --port 53:dns/udp, unless something listens there"),
        ("--port 53:53/tcp,53:53/udp", "leave it out, unless something listens there"),
    ],
)
def test_a_remedy_works(words: str, remedy: str) -> None:
    """It changes the word that says what is wrong, and typed so nothing is found any more."""
    _, _, (line,) = _offline(f"expose -f web.yaml {words}")
    assert line.endswith(f"; {remedy}")
    if "say --" in remedy:
        flags = remedy.removeprefix("say ").partition(" if ")[0].partition(",")[0]
        typed = words if flags.startswith("--target-port") else ""
        code, _, lines = _offline(f"expose -f web.yaml {typed} {flags} {'--port 53' if '--protocol' in flags else ''}")
        assert (code, lines) == (0, [])


def test_one_sentence_is_said_once() -> None:
    """Though it is true of each pod's Service."""
    code, printed, lines = _offline("expose -f db.yaml --per-replica --port 80")
    assert (code, printed.split()) == (0, ["service/db-0", "service/db-1", "service/db-2"])
    assert lines == [
        'Warning: port 80 leads to port 80 of the pods, and StatefulSet "db" declares only 5432/TCP; say --target-port '
        "5432 if nothing listens on 80"
    ]


def test_a_warning_is_yellow_on_a_terminal() -> None:
    """And plain in a pipe."""
    words = words_of("expose -f web.yaml --port 80 --dry-run=client -o name")
    assert f"{_YELLOW}port 80 leads to port 80 of the pods" in svc_on_a_terminal(*words)
    assert svc(*words).stderr.startswith("Warning: port 80 leads")


def test_node_ports_that_the_server_chooses_do_not_clash() -> None:
    """Two protocols on one number share theirs, whatever comes after them."""
    words = "create web --selector a=b --type NodePort --port 53/tcp,53/udp,80,443"
    assert _offline(words) == (0, "service/web\n", [])
