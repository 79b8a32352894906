"""`expose --wait`, `create --wait` and `status --wait` end when the Service is reached, and say how; or why not."""

from __future__ import annotations

import contextlib
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.svc import svc, svc_here
from tests.wait.relay import relayed
from tests.wait.waiting import until, waiting

if TYPE_CHECKING:
    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster, Site

_EXAMPLE = Path(__file__).parents[1] / "examples" / "my-app.yaml"
_WEB = ("--selector", "app=my-app", "--port", "80/http")


@pytest.fixture
def app(cluster: Cluster) -> Cluster:
    """A namespace with the Deployment my-app, whose two pods are not ready."""
    cluster.kubectl("apply", "-f", str(_EXAMPLE))
    return cluster


def _address(cluster: Cluster, name: str, address: str) -> None:
    """What the controller of a load balancer reports."""
    status = {"status": {"loadBalancer": {"ingress": [{"ip": address}]}}}
    cluster.kubectl("patch", "service", name, "--subresource=status", "-p", json.dumps(status))


def test_a_cluster_ip_is_reached_with_its_first_ready_pod(app: Cluster) -> None:
    """The line of kubectl comes at once, the rest when a pod is ready."""
    with waiting("expose", "deployment", "my-app", "--wait", kubeconfig=app.kubeconfig) as run:
        run.read_first_line()
        assert run.first == "service/my-app exposed\n"
        assert not run.is_over()
        app.make_pods_ready(2)
    host = f"my-app.{app.namespace}.svc"
    assert (run.code, run.err) == (0, "")
    assert run.out == f"service/my-app exposed\nservice/my-app reachable\n  http://{host}  in the cluster\n"


def test_pods_that_are_ready_already_are_not_waited_for(app: Cluster) -> None:
    """One look after the EndpointSlice is made."""
    app.make_pods_ready(2)
    done = svc("create", "web", *_WEB, "--wait", kubeconfig=app.kubeconfig)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("service/web created\nservice/web reachable\n")


def test_every_port_counts(app: Cluster) -> None:
    """A port that no container has by that name is never reached, whatever the others are."""
    app.make_pods_ready(2)
    words = ("--port", "80:8080,81:nobody", "--wait", "--timeout", "1s")
    done = svc("expose", "deployment", "my-app", *words, kubeconfig=app.kubeconfig)
    assert (done.returncode, done.stdout) == (1, "service/my-app exposed\n")
    error = next(line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert error.startswith("error: timed out waiting for the condition on services/my-app: port tcp-81-nobody 81/TCP ")


def test_a_load_balancer_needs_both(app: Cluster) -> None:
    """An address alone is not enough, nor are pods alone."""
    command = ("expose", "deployment", "my-app", "--type", "LoadBalancer", "--wait")
    with waiting(*command, kubeconfig=app.kubeconfig) as run:
        run.read_first_line()
        app.make_pods_ready(2)
        app.endpoints("my-app", [pod.metadata.name for pod in app.core.list_namespaced_pod(app.namespace).items])
        assert not run.is_over()
        _address(app, "my-app", "192.0.2.7")
    assert (run.code, run.err) == (0, "")
    assert [line.split("  ")[1] for line in run.out.splitlines()[2:]] == [
        f"http://my-app.{app.namespace}.svc",
        "http://192.0.2.7",
    ]


def test_the_reason_comes_when_time_is_up(app: Cluster) -> None:
    """Both reasons, the next commands to type, and exit code 1; the Service stays."""
    done = svc(
        *("expose", "deployment", "my-app", "--type", "LoadBalancer", "--wait", "--timeout", "1s"),
        kubeconfig=app.kubeconfig,
    )
    assert (done.returncode, done.stdout) == (1, "service/my-app exposed\n")
    assert done.stderr.startswith("error: timed out waiting for the condition on services/my-app: ")
    assert "nobody has taken up the load balancer yet: " in done.stderr
    assert "\nhint: kubectl svc providers\n" in done.stderr
    assert app.core.read_namespaced_service("my-app", app.namespace).spec.type == "LoadBalancer"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param("--external-name db.example.com", ["  db.{ns}.svc  in the cluster"], id="ExternalName"),
    ],
)
def test_what_is_reached_at_once(cluster: Cluster, words: str, lines: list[str]) -> None:
    """Nothing of an ExternalName can be waited for."""
    done = svc("create", "db", *words.split(), "--wait", kubeconfig=cluster.kubeconfig)
    expected = ["service/db created", "service/db reachable", *(each.format(ns=cluster.namespace) for each in lines)]
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, expected, "")


def test_a_headless_service_is_reached_by_address(app: Cluster) -> None:
    """A ready address is enough; no port is needed."""
    with waiting("expose", "deployment", "my-app", "--headless", "--wait", kubeconfig=app.kubeconfig) as run:
        run.read_first_line()
        app.make_pods_ready(1)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[1] == "service/my-app reachable"


@pytest.mark.parametrize("output", ["json", "yaml", "jsonpath={.status.loadBalancer.ingress[0].ip}"])
def test_a_document_shows_what_was_waited_for(app: Cluster, output: str, programs: Programs) -> None:
    """With the load balancer's address; how it is reached goes to standard error."""
    command = ("expose", "deployment", "my-app", "--type", "LoadBalancer", "--wait", "-o", output)
    with waiting(*command, kubeconfig=app.kubeconfig, KUBECTL_PATH=programs.kubectl) as run:
        pods = app.make_pods_ready(2)
        assert app.endpoints("my-app", pods) == pods
        assert not run.is_over()
        _address(app, "my-app", "192.0.2.7")
    assert run.code == 0, run.err
    assert run.err.startswith("service/my-app reachable\n")
    if output.startswith("jsonpath"):
        assert run.out == "192.0.2.7"
        return
    shown: Any = yaml.safe_load(run.out)
    assert shown["kind"] == "Service"
    assert shown["status"]["loadBalancer"]["ingress"][0]["ip"] == "192.0.2.7"


def test_a_document_is_printed_when_time_is_up_too(app: Cluster) -> None:
    """The Service is there, so that the result is not lost."""
    words = ("expose", "deployment", "my-app", "--wait", "--timeout", "1s", "-o", "json")
    done = svc(*words, kubeconfig=app.kubeconfig)
    assert done.returncode == 1
    assert json.loads(done.stdout)["metadata"]["name"] == "my-app"
    assert done.stderr.startswith("error: timed out waiting for the condition on services/my-app: ")


def test_several_objects_are_waited_for_together(cluster: Cluster, tmp_path: Path) -> None:
    """One that is never reached takes nothing from the others; in the end they are counted."""
    text = _EXAMPLE.read_text()
    (tmp_path / "both.yaml").write_text(f"{text}\n---\n{text.replace('my-app', 'other')}")
    cluster.kubectl("apply", "-f", str(tmp_path / "both.yaml"))
    cluster.make_pods_ready(2, "app=my-app")
    done = svc("expose", "deploy", "my-app", "other", "--wait", "--timeout", "2s", kubeconfig=cluster.kubeconfig)
    assert done.returncode == 1
    first, second, *rest = done.stdout.splitlines()
    assert [first, second] == ["service/my-app exposed", "service/other exposed"]
    assert rest[0] == "service/my-app reachable"
    assert "error: timed out waiting for the condition on services/other: " in done.stderr
    assert done.stderr.splitlines()[-1] == "error: 2 exposed; 1 not reached"


def test_an_interrupt_says_what_is_known(app: Cluster) -> None:
    """The Service is there, and a document of it is printed."""
    with waiting("expose", "deployment", "my-app", "--wait", "-o", "json", kubeconfig=app.kubeconfig) as run:
        app.endpoints("my-app", [])
        run.interrupt()
    assert (run.code, run.err) == (130, "error: interrupted: 1 exposed; whether it is reached is not known\n")
    assert json.loads(run.out)["metadata"]["name"] == "my-app"


def test_services_of_many_namespaces(cluster: Cluster, site: Site, tmp_path: Path) -> None:
    """More of them than are watched each for itself."""
    label = f"of={cluster.namespace}"
    with contextlib.ExitStack() as namespaces:
        others = [namespaces.enter_context(site.cluster(tmp_path)) for _ in range(5)]
        for other in others:
            other.kubectl("apply", "-n", other.namespace, "-f", str(_EXAMPLE))
            other.kubectl("label", "-n", other.namespace, "deployment", "my-app", label)
            other.make_pods_ready(2)
        command = ("expose", "deployments", "--workload-selector", label, "-A", "--wait")
        done = svc(*command, kubeconfig=cluster.kubeconfig)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("service/my-app reachable\n") == len(others)


def test_a_service_that_is_deleted_ends_the_wait(app: Cluster) -> None:
    """With the server's own words."""
    with waiting("expose", "deployment", "my-app", "--wait", kubeconfig=app.kubeconfig) as run:
        run.read_first_line()
        app.kubectl("delete", "service", "my-app")
    assert (run.code, run.out) == (1, "service/my-app exposed\n")
    assert run.err == 'Error from server (NotFound): services "my-app" not found\n'


def test_apply_waits_too(app: Cluster) -> None:
    """For a Service that has been there before as well."""
    app.make_pods_ready(2)
    for done_word in ("created", "unchanged"):
        done = svc("expose", "deployment", "my-app", "--apply", "--wait", kubeconfig=app.kubeconfig)
        assert (done.returncode, done.stdout.splitlines()[:2]) == (
            0,
            [f"service/my-app {done_word}", "service/my-app reachable"],
        ), done.stderr


def test_status_waits(app: Cluster) -> None:
    """And shows what it has come to."""
    svc("expose", "deployment", "my-app", kubeconfig=app.kubeconfig)
    with waiting("status", "my-app", "--wait", "-o", "json", kubeconfig=app.kubeconfig) as run:
        app.make_pods_ready(2)
    assert run.code == 0
    assert json.loads(run.out)["reachable"] is True


def test_status_of_all_services_waits(app: Cluster) -> None:
    """Without a name every Service of the namespace has to be reached."""
    for name in ("one", "two"):
        svc("create", name, *_WEB, kubeconfig=app.kubeconfig)
    with waiting("status", "--wait", kubeconfig=app.kubeconfig) as run:
        app.make_pods_ready(2)
    assert run.code == 0
    assert [line.split()[0] for line in run.out.splitlines()] == ["NAME", "one", "two"]
    done = svc("status", "--wait", "--timeout", "0", kubeconfig=app.kubeconfig)
    assert done.returncode == 0


def test_who_may_not_watch_is_told_what_it_needs(app: Cluster) -> None:
    """The Service is made; whether it is reached cannot be seen."""
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "maker"},
        "rules": [
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]},
            {"apiGroups": [""], "resources": ["services"], "verbs": ["create", "get"]},
        ],
    }
    app.kubectl("create", "-f", "-", stdin=json.dumps(role))
    app.kubectl("create", "rolebinding", "maker", "--role=maker", "--user=nobody")
    app.let_nobody("create", "services")
    done = svc("expose", "deployment", "my-app", "--wait", kubeconfig=app.nobody_kubeconfig)
    assert (done.returncode, done.stdout) == (1, "service/my-app exposed\n")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("Error from server (Forbidden): ")
    assert lines[1] == (
        "hint: --wait needs the verb list, and is quicker with watch, "
        "on services and on endpointslices.discovery.k8s.io"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "--wait --dry-run=client",
            "--wait cannot be combined with --dry-run=client: nothing is made that could be waited for",
        ),
        (
            "--wait --dry-run=server",
            "--wait cannot be combined with --dry-run=server: nothing is made that could be waited for",
        ),
        ("--wait --diff", "--wait cannot be combined with --diff: nothing is made that could be waited for"),
        ("--timeout 5s", "--timeout only works with --wait"),
        ("--wait --timeout soon", '--timeout "soon": not a time such as 90s, 10m, 1h30m or 600'),
        ("--wait --timeout 5", ""),
        ("--wait --timeout=-1s", ""),
    ],
)
def test_words_that_say_nothing(words: str, sentence: str) -> None:
    """Refused before anything is sent."""
    code, out, err = svc_here(
        "create", "web", "--port", "80", "-s", "https://127.0.0.1:1", "--token", "x", *words.split()
    )
    assert (code, out) == (2 if "--diff" in words else 1, "")
    if sentence:
        assert err.splitlines()[0] == f"error: {sentence}"
    else:
        assert "timeout" not in err


def _lead_to_a_pod_that_is_gone(cluster: Cluster, name: str) -> None:
    """An EndpointSlice by hand, for a Service of that name."""
    endpoint_slice = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": name, "labels": {"kubernetes.io/service-name": name}},
        "addressType": "IPv4",
        "ports": [{"name": "", "port": 80, "protocol": "TCP"}],
        "endpoints": [{"addresses": ["10.244.1.1"], "targetRef": {"kind": "Pod", "name": "gone"}}],
    }
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(endpoint_slice))


def test_a_service_that_is_broken_all_the_same(cluster: Cluster) -> None:
    """An endpoint is ready, and of a pod that is not there: that is no end of the wait."""
    _lead_to_a_pod_that_is_gone(cluster, "old")
    done = svc("create", "old", "--port", "80", "--wait", "--timeout", "1s", kubeconfig=cluster.kubeconfig)
    assert (done.returncode, done.stdout) == (1, "service/old created\n")
    error = next(line for line in done.stderr.splitlines() if line.startswith("error: "))
    assert error.startswith("error: timed out waiting for the condition on services/old: ")
    assert '"gone"' in error


def test_dropped_connections_are_resumed(app: Cluster, tmp_path: Path) -> None:
    """Each time that all of them end, the watches go on where they were."""
    with (
        relayed(app.kubeconfig, tmp_path) as (relay, kubeconfig),
        waiting("expose", "deployment", "my-app", "--wait", kubeconfig=kubeconfig) as run,
    ):
        run.read_first_line()
        for count in (3, 2, 2):
            until(functools.partial(relay.has, count))  # one for each watch, at first the command's own too
            relay.cut()
        app.make_pods_ready(1)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[1] == "service/my-app reachable"


def test_a_server_that_is_gone_ends_the_wait_with_its_time(app: Cluster, tmp_path: Path) -> None:
    """The Service was made, which is said already; what is not known is said."""
    with (
        relayed(app.kubeconfig, tmp_path) as (relay, kubeconfig),
        waiting("expose", "deployment", "my-app", "--wait", "--timeout", "3s", kubeconfig=kubeconfig) as run,
    ):
        run.read_first_line()
        until(functools.partial(relay.has, 3))
        relay.close()
    assert (run.code, run.out) == (1, "service/my-app exposed\n")
    assert run.err.startswith(
        "error: timed out waiting for the condition on services/my-app: the server does not answer: "
    )


def test_a_server_that_hangs_ends_the_wait_too(app: Cluster, tmp_path: Path) -> None:
    """A few seconds after its time: the last look is given no more."""
    with (
        relayed(app.kubeconfig, tmp_path) as (relay, kubeconfig),
        waiting("expose", "deployment", "my-app", "--wait", "--timeout", "2s", kubeconfig=kubeconfig) as run,
    ):
        run.read_first_line()
        until(functools.partial(relay.has, 3))
        relay.hold()
        run.end()
    assert (run.code, run.out) == (1, "service/my-app exposed\n")
    assert run.err.startswith(
        "error: timed out waiting for the condition on services/my-app: the server does not answer: "
    )


def test_what_heals_is_waited_for(app: Cluster) -> None:
    """An endpoint is ready, and its pod is not there: then it is."""
    pods = app.make_pods_ready(2)
    _lead_to_a_pod_that_is_gone(app, "by-hand")
    with waiting("create", "by-hand", "--port", "80", "--wait", kubeconfig=app.kubeconfig) as run:
        run.read_first_line()
        there = [{"addresses": ["10.244.1.1"], "targetRef": {"kind": "Pod", "name": pods[0]}}]
        app.kubectl("patch", "endpointslice", "by-hand", "-p", json.dumps({"endpoints": there}))
    assert run.code == 0, run.err


@pytest.mark.parametrize("change", ["delete service slow", "label service slow grp-"])
def test_what_is_not_meant_any_more_is_not_reached(cluster: Cluster, change: str) -> None:
    """A Service that goes, or loses its label, while all with that label are waited for."""
    svc("create", "done", "--external-name", "example.com", "-l", "grp=x", kubeconfig=cluster.kubeconfig)
    svc("create", "slow", *_WEB, "-l", "grp=x", kubeconfig=cluster.kubeconfig)
    with waiting("status", "-l", "grp=x", "--wait", "--timeout", "5s", kubeconfig=cluster.kubeconfig) as run:
        run.watches()
        cluster.kubectl(*change.split())
    assert run.code == 1
    assert [line.split()[0] for line in run.out.splitlines()] == ["NAME", "done"]
    assert "slow" in run.err


def test_rights_in_each_of_many_namespaces(cluster: Cluster, site: Site, tmp_path: Path) -> None:
    """They are enough, though not for all namespaces together."""
    with contextlib.ExitStack() as namespaces:
        others = [namespaces.enter_context(site.cluster(tmp_path)) for _ in range(5)]
        for other in others:
            other.kubectl("create", "rolebinding", "a", "-n", other.namespace, "--clusterrole=admin", "--user=nobody")
            cluster.let_nobody("create", "services", other.namespace)
        documents = [
            {
                **yaml.safe_load(_EXAMPLE.read_text()),
                "metadata": {"name": "my-app", "namespace": other.namespace},
            }
            for other in others
        ]
        path = tmp_path / "all.yaml"
        path.write_text(yaml.safe_dump_all(documents))
        command = ("expose", "-f", str(path), "--external-name", "example.com", "--wait")
        done = svc(*command, kubeconfig=cluster.nobody_kubeconfig)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("service/my-app reachable\n") == len(others)


def test_a_first_look_that_gets_no_answer(app: Cluster, tmp_path: Path) -> None:
    """`status` has no longer for it than the wait and a moment."""
    svc("create", "web", *_WEB, kubeconfig=app.kubeconfig)
    with (
        relayed(app.kubeconfig, tmp_path) as (relay, kubeconfig),
        waiting("status", "web", "--wait", "--timeout", "0", kubeconfig=kubeconfig) as run,
    ):
        relay.hold()
        run.end()
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("Unable to connect to the server: ")
