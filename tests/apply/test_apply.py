"""--apply on the real server: again and again, at the same moment, for many, and with the other flags."""

from __future__ import annotations

import json
import subprocess
import time
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
    assert sorted(out for _, out, _ in outcomes) == [*["service/web configured\n"] * 9, "service/web created\n"]
    assert [(code, lines_beside_notes(err)) for code, _, err in outcomes] == [(0, [])] * 10


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


def test_what_others_own_is_not_lost_with_the_type(shell: Shell) -> None:
    """Whether the new type is said, or the old one not said any more; by force it is."""
    policy = """kubectl patch service web -p '{"spec":{"externalTrafficPolicy":"Local"}}'"""
    node_port = "kubectl patch service web --type=json -p "
    node_port += """'[{"op":"replace","path":"/spec/ports/0/nodePort","value":30069}]'"""
    for patch, field in (
        (policy, ".spec.externalTrafficPolicy"),
        (node_port, '.spec.ports[port=80,protocol="TCP"].node'),
    ):
        shell.must(f"{_WEB} --apply --type NodePort")
        shell.must(patch)
        live = shell.live()
        for command in (f"{_WEB} --apply --type ClusterIP", f"{_WEB} --apply", f"{_WEB} --apply --dry-run=server"):
            done = shell.run(command)
            assert (done.returncode, done.stdout) == (1, "")
            (line,) = lines_beside_notes(done.stderr)
            assert line.startswith(f'error: Apply failed with 1 conflict in Service "web": {field}')
            assert 'conflict with "kubectl-patch" using v1 since ' in line
            assert shell.live() == live
        assert shell.must(f"{_WEB} --apply --force-conflicts") == "service/web configured\n"
        assert shell.live()["spec"]["type"] == "ClusterIP"
        shell.forget()


def test_what_others_own_is_not_lost_with_a_port(shell: Shell) -> None:
    """Applied, or created and taken over: their part of the port is in the way, and goes by force."""
    patch = """'[{"op":"add","path":"/spec/ports/0/appProtocol","value":"http"}]'"""
    for past in (_WEB, f"{_WEB} --apply"):
        shell.must(past)
        shell.must(f"kubectl patch service web --type=json -p {patch}")
        live = shell.live()
        assert shell.run(f"{_WEB} --port 81:80 --diff").returncode == 2
        done = shell.run(f"{_WEB} --port 81:80 --apply")
        assert '.spec.ports[port=80,protocol="TCP"].appProtocol: conflict with "kubectl-patch" using v1' in done.stderr
        assert shell.live() == live
        assert shell.must(f"{_WEB} --port 81:80 --apply --force-conflicts") == "service/web configured\n"
        assert [port["port"] for port in shell.live()["spec"]["ports"]] == [81]
        shell.forget()


def test_what_stands_in_the_way_of_a_type_goes_by_force(shell: Shell) -> None:
    """A field that no Service of the new type has, of somebody who did not make it."""
    shell.must(f"{_WEB} --apply --type LoadBalancer")
    shell.must("""kubectl patch service web -p '{"spec":{"loadBalancerSourceRanges":["10.0.0.0/8"]}}'""")
    for how, code in (("--apply", 1), ("--diff", 2)):
        done = shell.run(f"{_WEB} --type ClusterIP {how}")
        assert done.returncode == code
        (line,) = lines_beside_notes(done.stderr)
        assert line.startswith('error: Apply failed with 1 conflict in Service "web": .spec.loadBalancerSourceRanges: ')
    assert shell.run(f"{_WEB} --type ClusterIP --diff --force-conflicts").returncode == 1
    assert shell.must(f"{_WEB} --type ClusterIP --apply --force-conflicts") == "service/web configured\n"
    assert shell.live()["spec"]["type"] == "ClusterIP"
    assert shell.must(f"{_WEB} --type ClusterIP --apply") == "service/web unchanged\n"


def test_a_refusal_that_no_dry_run_meets_changes_no_owners(shell: Shell) -> None:
    """Node ports are given out when a Service is stored, and not before."""
    for past in (_WEB, "kubectl apply --server-side -f theirs.yaml", "kubectl apply -f theirs.yaml"):
        shell.must(past)
        owners = shell.live()["metadata"]["managedFields"]
        done = shell.run(f"{_WEB} --port a=81:80:40000 --apply --force-conflicts")
        assert (done.returncode, done.stdout) == (1, "")
        assert "provided port is not in the valid range" in done.stderr
        assert shell.live()["metadata"]["managedFields"] == owners
        shell.forget()


def test_only_warnings_about_the_result_count(shell: Shell) -> None:
    """Not those about what is looked at on the way."""
    shell.must(f"{_WEB} --external-ip 192.0.2.7")
    assert shell.run(f"{_WEB} --diff --warnings-as-errors").returncode == 1
    done = shell.run(f"{_WEB} --apply --warnings-as-errors")
    assert (done.returncode, done.stdout) == (0, "service/web configured\n")
    assert "externalIPs" not in done.stderr
    done = shell.run(f"{_WEB} --external-ip 192.0.2.7 --apply --warnings-as-errors")
    assert done.returncode == 1
    assert "Warning: spec.externalIPs is deprecated" in done.stderr


def test_a_diff_records_what_apply_records(shell: Shell) -> None:
    """The command that --apply would keep."""
    shell.must(f"{_WEB} --apply --record")
    assert shell.must(f"{_WEB} --diff --record") == ""


def test_what_stays_is_said(shell: Shell) -> None:
    """A host instead of pods, a second family."""
    shell.must("kubectl create service externalname web --external-name db.example.com")
    done = shell.run(f"{_WEB} --apply")
    assert 'Warning: Service "web" stays a name for db.example.com and reaches no pods; --type Clu' in done.stderr
    assert shell.must(f"{_WEB} --apply --type ClusterIP --force-conflicts") == "service/web configured\n"
    assert shell.live()["spec"]["type"] == "ClusterIP"
    shell.forget()
    shell.must(f"{_WEB} --apply --ip-family-policy PreferDualStack")
    done = shell.run(f"{_WEB} --apply")
    assert 'Warning: Service "web" stays PreferDualStack: --ip-family-policy SingleStack gives up the' in done.stderr
    assert "stays" not in shell.run(f"{_WEB} --apply --ip-family-policy SingleStack").stderr
    assert len(shell.live()["spec"]["ipFamilies"]) == 1


def test_the_last_word_on_diff_counts(shell: Shell) -> None:
    """As pflag has it; the code of an error is that of the command that is meant."""
    shell.must(_WEB)
    assert shell.run(f"{_WEB} --diff --diff=false").returncode == 1
    assert shell.run(f"{_WEB} --diff=false --diff --force-conflicts --apply").returncode == 2


def test_two_objects_do_not_apply_one_service(shell: Shell) -> None:
    """The second one is refused, whatever the first one came to."""
    shell.must("sed 's/kind: Deployment/kind: StatefulSet/' web.yaml > sts.yaml")
    runs = (("--apply", 1, "service/web created\n", "; 1 created"), ("--diff", 2, "", ""))
    for how, code, out, counted in runs:
        done = shell.run(f"kubectl svc expose -f web.yaml -f sts.yaml {how}")
        assert (done.returncode, done.stdout) == (code, out)
        said = f'error: {how}: another object of this command has made the Service "web" already'
        assert lines_beside_notes(done.stderr) == [said, f"error: 1 of 2 failed{counted}"]


def test_a_diff_warns_as_a_dry_run_does(shell: Shell) -> None:
    """What only a server that stores finds out is not left to it."""
    done = shell.run(f"{_WEB} --node-port 80 --diff")
    checked = shell.run(f"{_WEB} --node-port 80 --apply --dry-run=server")
    assert "but a dry run does not tell\n" in done.stderr
    assert done.stderr == checked.stderr


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
        _grant(shell.stage, verbs, missing)
        done = svc(*words, kubeconfig=kubeconfig)
        assert (done.returncode, done.stdout) == (1, "")
        assert (
            f'Error from server (Forbidden): services "web" is forbidden: User "nobody" cannot {missing}' in done.stderr
        )
    _grant(shell.stage, ["get", "patch", "create"], "")
    assert svc(*words, kubeconfig=kubeconfig).stdout == "service/web created\n"


def _grant(stage: Cluster, verbs: list[str], missing: str) -> None:
    """The user without rights has these, and not the missing one; the server's authorizer learns of it by and by."""
    stage.kubectl("delete", "rolebinding,role", "nobody", "--ignore-not-found")
    stage.kubectl("create", "role", "nobody", f"--verb={','.join(verbs)}", "--resource=services")
    stage.kubectl("create", "rolebinding", "nobody", "--role=nobody", "--user=nobody")
    asked = ("auth", "can-i", "--as=nobody")
    deadline = time.monotonic() + 30
    while not (
        all(stage.kubectl(*asked, verb, "services", check=False).returncode == 0 for verb in verbs)
        and not (missing and stage.kubectl(*asked, missing, "services", check=False).returncode == 0)
    ):
        assert time.monotonic() < deadline, "the role does not arrive"


_LIVE: dict[str, Any] = {
    "kind": "Service",
    "apiVersion": "v1",
    "metadata": {"name": "web", "namespace": "default", "uid": "u", "resourceVersion": "7"},
    "spec": {"ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]},
}


_PORT_81 = 'k:{"port":81,"protocol":"TCP"}'


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
    for words, done in (("--apply", "applied"), ("--apply --dry-run=server", "checked"), ("--diff", "checked")):
        live, made = (answer(body=json.dumps(body).encode()) for body in (_LIVE, odd))
        code, out, err, _ = _web_of(live, made, words=words)
        assert (code, out) == (2 if words == "--diff" else 1, "")
        assert err.startswith(f"error: the Service was {done}, but the server's answer cannot be read: ")


def test_a_refusal_without_fields_is_said_as_it_is() -> None:
    """A webhook may say no more than that."""
    managed = [{"manager": "x", "operation": "Update", "fieldsV1": {"f:spec": {"f:ports": {_PORT_81: {".": {}}}}}}]
    live = {**_LIVE, "metadata": {**_LIVE["metadata"], "managedFields": managed}}
    invalid = answer("422 Unprocessable Entity", json.dumps(_failure(422, "Invalid")).encode())
    code, out, err, _ = _web_of(answer(body=json.dumps(live).encode()), invalid)
    assert (code, out) == (1, "")
    assert lines_beside_notes(err) == ['The services "web" is invalid']


def _failure(code: int, reason: str) -> dict[str, Any]:
    return {
        "kind": "Status",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": "no",
        "details": {"kind": "services", "name": "web"},
    }
