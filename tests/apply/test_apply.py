"""--apply on the real server: again and again, at the same moment, for many, and with the other flags."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.access.servers import Server, answer, serve
from tests.differential.bench import lines_beside_notes
from tests.svc import svc, svc_here
from tests.trust.watch import WATCH

if TYPE_CHECKING:
    from tests.apply.conftest import Shell
    from tests.control_plane.cluster import Cluster

_WEB = "kubectl svc expose deployment web"
_STALE = (
    'Error from server (Conflict): Operation cannot be fulfilled on services "web": the object has been modified; '
    "please apply your changes to the latest version and try again"
)


def _at_once(shell: Shell, commands: list[str]) -> list[tuple[int, str, str]]:
    """Exit code, output and errors of commands that run side by side."""
    started = [
        subprocess.Popen(
            ["/bin/sh", "-c", command],
            env=shell.environ | {"HOME": str(shell.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    outcomes = []
    for command, process in zip(commands, started, strict=True):
        out, err = process.communicate(timeout=120)
        WATCH.end_run(["/bin/sh", "-c", command], shell.environ, out, err)
        outcomes.append((process.returncode, out, err))
    return outcomes


def test_ten_times_the_same(shell: Shell) -> None:
    """Made once and never touched again."""
    first = shell.must(f"{_WEB} --apply --type NodePort --session-affinity-timeout 10m --annotation a=b")
    live = shell.live()
    again = [
        shell.must(f"{_WEB} --apply --type NodePort --session-affinity-timeout 10m --annotation a=b") for _ in range(9)
    ]
    assert first == "service/web created\n"
    assert again == ["service/web unchanged\n"] * 9
    assert shell.live() == live


def test_ten_at_the_same_moment(shell: Shell) -> None:
    """One makes it, the others find it made."""
    outcomes = _at_once(shell, [f"{_WEB} --apply"] * 10)
    assert sorted(out for _, out, _ in outcomes) == ["service/web created\n", *["service/web unchanged\n"] * 9]
    assert [lines_beside_notes(err) for _, _, err in outcomes] == [[]] * 10


def test_ten_different_ones_at_the_same_moment(shell: Shell) -> None:
    """Each has its say, one after the other, and the last one is heard."""
    outcomes = _at_once(shell, [f"{_WEB} --apply --port {8000 + number}:80" for number in range(10)])
    (port,) = shell.live()["spec"]["ports"]
    assert port["port"] in range(8000, 8010)
    said = sorted(out for code, out, _ in outcomes if code == 0)
    assert said == [*["service/web configured\n"] * (len(said) - 1), "service/web created\n"]
    for code, out, err in outcomes:
        assert (code, out, lines_beside_notes(err)) in ((0, out, []), (1, "", [_STALE]))


def test_creation_and_apply_at_the_same_moment(shell: Shell) -> None:
    """Who creates may come late; who applies takes over what our own creation made."""
    outcomes = _at_once(shell, [_WEB, f"{_WEB} --apply --port 81:80"] * 5)
    for code, out, err in outcomes[::2]:
        assert (code, out) == (0, "service/web exposed\n") or "AlreadyExists" in err
    assert {code for code, _, _ in outcomes[1::2]} == {0}
    assert [port["port"] for port in shell.live()["spec"]["ports"]] == [81]


def test_node_ports_survive(shell: Shell) -> None:
    """Another name, another number under the same name, another type: whatever the API keeps them over."""

    def node_ports() -> list[int]:
        return [port.get("nodePort", 0) for port in shell.live()["spec"]["ports"]]

    shell.must(f"{_WEB} --apply --type NodePort --port a=80:80,dns=53:53/udp")
    made = node_ports()
    for words in (
        "--type NodePort --port b=80:80,dns=53:53/udp",
        "--type NodePort --port b=81:80,dns=54:53/udp",
        "--type LoadBalancer --port b=81:8080,dns=54:53/udp",
        "--type NodePort --port b=81:8080,dns=54:53/udp",
    ):
        assert shell.must(f"{_WEB} --apply {words}") == "service/web configured\n"
        assert node_ports() == made
    shell.must(f"{_WEB} --apply --port b=81:8080,dns=54:53/udp")
    assert (node_ports(), shell.live()["spec"]["type"]) == ([0, 0], "ClusterIP")


def test_what_is_refused_as_it_is_typed() -> None:
    """Before anything is asked of a server; with --diff every error has a code of its own."""
    for words, code, line in (
        ("--apply --diff", 2, "error: --diff cannot be combined with --apply: it shows what --apply would change, and"),
        ("--apply --dry-run=client", 1, "error: --dry-run=client doesn't work with --apply (did you mean --dry-run="),
        ("--diff --dry-run", 2, "error: --dry-run=client doesn't work with --diff (did you mean --dry-run=server inst"),
        ("--force-conflicts", 1, "error: --force-conflicts only works with --apply or --diff\n"),
        ("--force-conflicts --dry-run=client", 1, "error: --force-conflicts only works with --apply or --diff\n"),
        ("--diff --prot 80", 2, "error: unknown flag: --prot\n"),
        ("--diff=true --port", 2, "error: flag needs an argument: --port\n"),
        ("--diff=false --port", 1, "error: flag needs an argument: --port\n"),
        ("--port 80 -- --diff", 1, ""),
    ):
        for command in ("expose deployment web", "create web"):
            done, out, err = svc_here(*command.split(), *words.split())
            assert (done, out) == (code, ""), (command, words, err)
            assert line in err


@pytest.mark.parametrize("words", ["-o yaml", "-o json", "-o kyaml", "-o json --show-managed-fields"])
def test_documents_are_those_of_the_server(shell: Shell, words: str) -> None:
    """What is printed is what kubectl then gets, but for the order of fields, which is that of kubectl expose."""
    for flags in ("", "", "--port 81:80"):
        printed = shell.must(f"{_WEB} --apply {flags} {words}")
        assert yaml.safe_load(printed) == yaml.safe_load(shell.must(f"kubectl get service web {words}"))


def test_names_and_templates(shell: Shell) -> None:
    """The other formats."""
    assert shell.must(f"{_WEB} --apply -o name") == "service/web\n"
    assert shell.must(f"{_WEB} --apply -o jsonpath={{.spec.ports[0].port}}") == "80"
    assert shell.must(f"{_WEB} --diff --port 81:80 -o name; test $? = 1") == "service/web\n"


@pytest.mark.parametrize("past", ["", _WEB, f"{_WEB} --apply"], ids=["new", "created", "applied"])
def test_server_dry_run(shell: Shell, past: str) -> None:
    """The same answer as in earnest, and nothing is changed, owners included."""
    if past:
        shell.must(past)
    before = [shell.live(name) for name in shell.names()]
    done = "configured" if past else "created"
    command = f"{_WEB} --apply --port 81:80 --type NodePort --annotation a=b"
    assert shell.must(f"{command} --dry-run=server") == f"service/web {done} (server dry run)\n"
    printed = yaml.safe_load(shell.must(f"{command} --dry-run=server -o yaml --show-managed-fields"))
    assert [shell.live(name) for name in shell.names()] == before
    assert shell.must(command) == f"service/web {done}\n"
    live = shell.live()
    assert [port["port"] for port in printed["spec"]["ports"]] == [81]
    for owner, told in zip(live["metadata"]["managedFields"], printed["metadata"]["managedFields"], strict=True):
        assert {**owner, "time": ""} == {**told, "time": ""}


def test_many(shell: Shell) -> None:
    """In the order of the input; one failure stops nothing else, and a diff of several is one text."""
    for name in ("one", "two", "three", "four"):
        shell.must(f"kubectl create deployment {name} --image=nginx --port=80 --replicas=0 -o yaml > {name}.yaml")
    try:
        shell.must("kubectl svc expose deployment one")
        shell.must("kubectl svc expose deployment two --apply")
        shell.must("kubectl expose deployment three --port 81")
        looked = shell.run("kubectl svc expose deployment one two three four --diff")
        assert looked.returncode == 2
        assert looked.stdout.startswith("--- LIVE/v1.Service.")
        assert looked.stdout.count("--- LIVE/") == 1
        assert f"+++ MERGED/v1.Service.{shell.stage.namespace}.four\n" in looked.stdout
        for objects in ("deployment one two three four", "-f one.yaml -f two.yaml -f three.yaml -f four.yaml"):
            first = objects.startswith("deployment")
            done = shell.run(f"kubectl svc expose {objects} --apply")
            assert done.returncode == 1
            assert done.stdout.splitlines() == [
                f"service/one {'configured' if first else 'unchanged'}",
                "service/two unchanged",
                f"service/four {'created' if first else 'unchanged'}",
            ]
            assert 'Apply failed with 1 conflict in Service "three": .spec.ports[port=81,' in done.stderr
        assert shell.must("kubectl svc expose deployment one two four --diff") == ""
    finally:
        shell.must("kubectl delete deployment one two three four")


def test_create(shell: Shell) -> None:
    """A Service with no workload behind it is applied like any other."""
    command = "kubectl svc create db --external-name db.example.com"
    assert shell.must(command) == "service/db created\n"
    assert shell.must(f"{command} --apply") == "service/db configured\n"
    assert shell.must(f"{command} --apply") == "service/db unchanged\n"
    looked = shell.run("kubectl svc create db --external-name other.example.com --diff")
    assert (looked.returncode, "+  externalName: other.example.com\n" in looked.stdout) == (1, True)
    assert shell.must("kubectl svc create db --external-name other.example.com --apply") == "service/db configured\n"
    assert shell.live("db")["spec"]["externalName"] == "other.example.com"


def test_overrides_and_records_are_applied(shell: Shell) -> None:
    """What --overrides says and the annotations of --save-config and --record belong to the command."""
    words = """--apply --save-config --record --overrides '{"spec":{"internalTrafficPolicy":"Local"}}'"""
    assert shell.must(f"{_WEB} {words}") == "service/web created\n"
    live = shell.live()
    assert live["spec"]["internalTrafficPolicy"] == "Local"
    assert len(live["metadata"]["annotations"]) == 2
    assert shell.must(f"{_WEB} {words}") == "service/web unchanged\n"
    shell.must(f"{_WEB} --apply")
    assert shell.live()["spec"]["internalTrafficPolicy"] == "Cluster"
    assert "annotations" not in shell.live()["metadata"]


def test_a_service_is_not_applied_to_itself(shell: Shell) -> None:
    """It would be made of what it is; under another name it is a copy."""
    shell.must(f"{_WEB} --port http=80:80")
    live = shell.live()
    for how in ("--apply", "--diff"):
        done = shell.run(f"kubectl svc expose service web {how}")
        assert done.stderr == (
            f'error: {how} would change Service "web" itself: say with --name what the new Service is called\n'
        )
        assert shell.live() == live
    assert shell.must("kubectl svc expose service web --name copy --apply") == "service/copy created\n"
    assert shell.must("kubectl svc expose service web --name copy --apply") == "service/copy unchanged\n"


def test_a_service_that_is_being_deleted(shell: Shell) -> None:
    """Changed as long as it is there, and said, in kubectl's words."""
    shell.must(f"{_WEB} --apply")
    shell.must("""kubectl patch service web --type=merge -p '{"metadata":{"finalizers":["example.com/x"]}}'""")
    shell.must("kubectl delete service web --wait=false")
    done = shell.run(f"{_WEB} --apply --port 81:80")
    assert (done.returncode, done.stdout) == (0, "service/web configured\n")
    assert "Warning: Detected changes to resource web which is currently being deleted.\n" in done.stderr


def test_no_such_namespace(shell: Shell) -> None:
    """The server's words, once."""
    done = shell.run("kubectl svc create web --port 80 --apply -n no-such-namespace")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == 'Error from server (NotFound): namespaces "no-such-namespace" not found'


def test_without_a_name_nothing_can_be_found(shell: Shell) -> None:
    """Overrides may leave it to the server."""
    words = """--apply --overrides '{"metadata":{"name":null,"generateName":"web-"}}'"""
    done = shell.run(f"{_WEB} {words}")
    assert (done.returncode, done.stdout) == (1, "")
    assert lines_beside_notes(done.stderr) == ["error: cannot apply a Service that has no name yet: give it one"]


def test_the_rights_that_apply_needs(shell: Shell) -> None:
    """To get and to patch Services, and to create them where there are none; each lack in the server's words."""
    kubeconfig = shell.stage.nobody_kubeconfig
    words = ("create", "web", "--port", "80", "--apply")
    for verbs, missing in ((["list"], "get"), (["get"], "patch"), (["get", "patch"], "create")):
        _grant(shell.stage, verbs)
        done = svc(*words, kubeconfig=kubeconfig)
        assert (done.returncode, done.stdout) == (1, "")
        assert (
            f'Error from server (Forbidden): services "web" is forbidden: User "nobody" cannot {missing}' in done.stderr
        )
    _grant(shell.stage, ["get", "patch", "create"])
    assert svc(*words, kubeconfig=kubeconfig).stdout == "service/web created\n"
    shell.must("kubectl delete rolebinding,role nobody")


def _grant(stage: Cluster, verbs: list[str]) -> None:
    stage.kubectl("delete", "rolebinding,role", "nobody", "--ignore-not-found")
    stage.kubectl("create", "role", "nobody", f"--verb={','.join(verbs)}", "--resource=services")
    stage.kubectl("create", "rolebinding", "nobody", "--role=nobody", "--user=nobody")


_LIVE: dict[str, Any] = {
    "kind": "Service",
    "apiVersion": "v1",
    "metadata": {"name": "web", "namespace": "default", "uid": "u", "resourceVersion": "7"},
    "spec": {"ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]},
}


def _web_of(*answers: Any, words: str = "--apply") -> tuple[int, str, str, Server]:
    """A run of `create web` against a server that answers so."""
    with serve(*answers) as server:
        done = svc("create", "web", "--port", "80", *words.split(), "-s", server.url)
    return done.returncode, done.stdout, done.stderr, server


def test_a_server_without_server_side_apply() -> None:
    """kubectl's words."""
    not_found = answer("404 Not Found", json.dumps(_failure(404, "NotFound")).encode())
    unsupported = answer("415 Unsupported Media Type", json.dumps(_failure(415, "UnsupportedMediaType")).encode())
    code, out, err, _ = _web_of(not_found, unsupported)
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == "error: Server-side apply not available on the server: (no)"


def test_an_answer_that_cannot_be_read() -> None:
    """Said as what was done."""
    odd = {**_LIVE, "spec": {"ports": "x"}}
    code, out, err, _ = _web_of(answer(body=json.dumps(odd).encode()))
    assert (code, out) == (1, "")
    assert err.startswith("error: the Service was looked up, but the server's answer cannot be read: ")
    code, out, err, _ = _web_of(answer(body=json.dumps(_LIVE).encode()), answer(body=json.dumps(odd).encode()))
    assert err.startswith("error: the Service was applied, but the server's answer cannot be read: ")


def _failure(code: int, reason: str) -> dict[str, Any]:
    return {
        "kind": "Status",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": "no",
        "details": {"kind": "services", "name": "web"},
    }
