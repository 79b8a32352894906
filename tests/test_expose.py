"""The main job on a real cluster, as a user does it: through kubectl's own plugin dispatch, and read back by others."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.output.messages import EXISTS_HINT
from tests.svc import PROGRAM, run, svc
from tests.trust.watch import WATCH

if TYPE_CHECKING:
    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_EXAMPLE = str(Path(__file__).parent / "examples" / "my-app.yaml")


@pytest.fixture
def app(cluster: Cluster) -> Cluster:
    """A namespace with the Deployment my-app."""
    cluster.kubectl("apply", "-f", _EXAMPLE)
    return cluster


def _through_kubectl(programs: Programs, app: Cluster, *argv: str) -> subprocess.CompletedProcess[str]:
    """`kubectl svc ...` with our program on PATH."""
    path = os.pathsep.join((str(Path(PROGRAM).parent), os.environ["PATH"]))
    return run([programs.kubectl, "svc", *argv], {"PATH": path, "KUBECONFIG": app.kubeconfig})


def test_kubectl_finds_the_plugin_and_the_service_reaches_its_pods(programs: Programs, app: Cluster) -> None:
    """A node port is allotted, and the EndpointSlices fill with the Deployment's pods once they are ready."""
    done = _through_kubectl(programs, app, "expose", "deployment", "my-app", "--type", "NodePort")
    assert (done.stdout, done.stderr, done.returncode) == ("service/my-app exposed\n", "", 0)
    service = app.core.read_namespaced_service("my-app", app.namespace)
    assert service.spec.type == "NodePort"
    assert 30000 <= service.spec.ports[0].node_port <= 32767
    assert service.spec.selector == {"app": "my-app"}
    assert service.metadata.managed_fields[0].manager == "kubectl-svc"
    pods = app.make_pods_ready(2)
    assert app.endpoints("my-app", pods) == pods


def test_a_dry_run_is_a_manifest_that_kubectl_applies(app: Cluster) -> None:
    """`kubectl-svc expose ... --dry-run=client -o yaml | kubectl apply -f -`."""
    printed = svc(
        "expose", "deployment", "my-app", "--port", "8080", "--dry-run=client", "-o", "yaml", kubeconfig=app.kubeconfig
    )
    assert app.kubectl("apply", "-f", "-", stdin=printed.stdout).stdout == "service/my-app created\n"
    assert app.core.read_namespaced_service("my-app", app.namespace).spec.ports[0].port == 8080


def test_a_client_certificate_is_as_good_as_a_token(app: Cluster) -> None:
    """The inline key never touches a file that others can read; here it only has to work."""
    done = svc("expose", "deployment", "my-app", kubeconfig=app.certificate_kubeconfig)
    assert done.stdout == "service/my-app exposed\n"


def test_several_kubeconfigs_are_merged(app: Cluster, tmp_path: Path) -> None:
    """KUBECONFIG may list several files."""
    empty = tmp_path / "empty"
    empty.write_text("")
    merged = os.pathsep.join((str(tmp_path / "missing"), str(empty), app.kubeconfig))
    assert svc("expose", "deployment", "my-app", kubeconfig=merged).returncode == 0


def test_the_get_and_the_create_are_all_that_is_asked(app: Cluster) -> None:
    """`get` on the workload and `create` on services are enough; the README's Role says so."""
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    app.kubectl("create", "-f", "-", stdin=readme.partition("```yaml\n")[2].partition("```")[0])
    app.rbac.create_namespaced_role_binding(
        app.namespace,
        {
            "metadata": {"name": "expose"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "expose"},
            "subjects": [{"kind": "User", "name": "nobody"}],
        },
    )
    done = svc("expose", "deployment", "my-app", kubeconfig=app.nobody_kubeconfig)
    assert (done.stdout, done.stderr) == ("service/my-app exposed\n", "")


def test_the_servers_warnings_are_shown(app: Cluster) -> None:
    """On standard error, as kubectl shows them."""
    done = svc("expose", "deployment", "my-app", "--external-ip", "192.0.2.1", kubeconfig=app.kubeconfig)
    assert done.stdout == "service/my-app exposed\n"
    assert done.stderr.startswith("Warning: spec.externalIPs")


def test_the_log_never_holds_the_token(app: Cluster) -> None:
    """At no level of -v; kubectl masks it too."""
    done = svc("expose", "deployment", "my-app", "-v=10", "--token", app.token, kubeconfig=app.kubeconfig)
    assert "Bearer <masked>" in done.stderr
    assert app.token not in done.stderr + done.stdout


_INVALID = 'The Service "Not-A-Name" is invalid: '
_BAD = {
    "not found": ("deployment missing", 'Error from server (NotFound): deployments.apps "missing" not found'),
    "exists": ("deployment my-app --name taken", 'Error from server (AlreadyExists): services "taken" already exists'),
    "one cause": ("deployment my-app --name Not-A-Name", f"{_INVALID}metadata.name: Invalid value:"),
    "several causes": (
        "deployment my-app --name Not-A-Name --type Wrong",
        f"{_INVALID}\n* metadata.name: Invalid value:",
    ),
    "unknown type": ("gadget my-app", 'error: the server doesn\'t have a resource type "gadget"\n'),
    "unknown flag": ("deployment my-app --colour red", "error: unknown flag: --colour\n"),
    "nothing named": ("", "error: You must provide one or more resources by argument or filename.\n"),
    "refused": ("deployment my-app -s https://127.0.0.1:1", "The connection to the server 127.0.0.1:1 was refused - "),
    "unauthorized": ("deployment my-app --token wrong", "error: You must be logged in to the server ("),
    "wrong host name": (
        "deployment my-app --tls-server-name elsewhere.example",
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate is not valid for ",
    ),
    "unknown context": ("deployment my-app --context missing", 'error: context "missing" does not exist\n'),
    "missing file": ("-f missing.yaml", 'error: the path "missing.yaml" does not exist\n'),
    "bad file": (
        "-f /dev/null/x",
        'error: the path "/dev/null/x" cannot be accessed: stat /dev/null/x: not a directory\n',
    ),
    "bad output": (
        "deployment my-app -o xml",
        'error: unable to match a printer suitable for the output format "xml", ',
    ),
    "bad dry run": ("deployment my-app --dry-run=maybe", "error: Invalid dry-run value (maybe). Must be "),
    "bad port": ("deployment my-app --port http", 'error: strconv.Atoi: parsing "http": invalid syntax\n'),
    "no port": ("pod portless", "error: couldn't find port via --port flag or introspection\n"),
    "no selector": ("service taken", "error: couldn't retrieve selectors via --selector flag or introspection: "),
}


@pytest.mark.parametrize(("command", "words"), _BAD.values(), ids=_BAD)
def test_a_bad_command_line_says_so_and_does_nothing(command: str, words: str, app: Cluster) -> None:
    """Exit code 1, one clear line first, nothing on standard output, nothing made."""
    app.core.create_namespaced_service(app.namespace, {"metadata": {"name": "taken"}, "spec": {"ports": [{"port": 1}]}})
    container = {"name": "a", "image": "a"}
    portless = {"metadata": {"name": "portless", "labels": {"a": "b"}}, "spec": {"containers": [container]}}
    app.core.create_namespaced_pod(app.namespace, portless)
    done = svc("expose", *command.split(), kubeconfig=app.kubeconfig)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(words)
    assert [item.metadata.name for item in app.core.list_namespaced_service(app.namespace).items] == ["taken"]


def test_forbidden_is_said(app: Cluster) -> None:
    """A user without rights reads who may not do what."""
    done = svc("expose", "deployment", "my-app", kubeconfig=app.nobody_kubeconfig)
    assert done.returncode == 1
    assert done.stderr.startswith(
        'Error from server (Forbidden): deployments.apps "my-app" is forbidden: User "nobody"'
    )


def test_an_existing_service_earns_a_hint(app: Cluster) -> None:
    """What to type next, on a line of its own."""
    svc("expose", "deployment", "my-app", kubeconfig=app.kubeconfig)
    done = svc("expose", "deployment", "my-app", kubeconfig=app.kubeconfig)
    first, hint = done.stderr.splitlines()
    assert first == 'Error from server (AlreadyExists): services "my-app" already exists'
    assert hint == f"hint: {EXISTS_HINT}"


def test_the_wrong_authority_is_refused(app: Cluster) -> None:
    """The server's certificate is checked against the cluster's own CA only."""
    other = Path(__file__).parent / "differential" / "files" / "other-ca.crt"
    done = svc("expose", "deployment", "my-app", "--certificate-authority", str(other), kubeconfig=app.kubeconfig)
    assert done.stderr == (
        "Unable to connect to the server: tls: failed to verify certificate: "
        "x509: certificate signed by unknown authority\n"
    )


def test_one_failure_stops_nothing_else(app: Cluster) -> None:
    """Every object has its turn; the errors come at the end, exit code 1."""
    done = svc("expose", "deployment/missing", "deployment/my-app", "deployment/gone", kubeconfig=app.kubeconfig)
    assert (done.returncode, done.stdout) == (1, "service/my-app exposed\n")
    assert done.stderr.splitlines() == [
        'Error from server (NotFound): deployments.apps "missing" not found',
        'Error from server (NotFound): deployments.apps "gone" not found',
        "error: 2 of 3 failed; 1 exposed",
    ]


def test_discovery_is_asked_for_kinds_that_are_not_built_in(app: Cluster) -> None:
    """A custom resource, right after its definition: by plural, short name and group, without kubectl's cache."""
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"gadgets.{app.namespace}.example.com"},
        "spec": {
            "group": f"{app.namespace}.example.com",
            "scope": "Namespaced",
            "names": {"plural": "gadgets", "kind": "Gadget", "shortNames": ["gdg"]},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
            ],
        },
    }
    try:
        app.kubectl("create", "-f", "-", stdin=json.dumps(definition))
        app.kubectl("wait", "--for=condition=Established", f"crd/gadgets.{app.namespace}.example.com")
        for word in ("gadgets", "Gadget", "gdg", f"gadget.{app.namespace}.example.com", f"gdg.{app.namespace}"):
            done = svc("expose", word, "x", kubeconfig=app.kubeconfig)
            assert done.stderr == (f'Error from server (NotFound): gadgets.{app.namespace}.example.com "x" not found\n')
    finally:
        app.kubectl("delete", "crd", f"gadgets.{app.namespace}.example.com", "--wait=false", check=False)


_OFFLINE = ("expose", "-f", _EXAMPLE, "--dry-run=client", "-o", "yaml")


def test_a_full_disk_is_said() -> None:
    """What could not be written is an error, in one line."""
    with open("/dev/full", "wb") as full:
        done = run([PROGRAM, *_OFFLINE], stdout=full)
    assert done.returncode == 1
    assert done.stderr == "error: cannot write to standard output: No space left on device\n"


def test_nobody_reads_any_more() -> None:
    """`| head` ends the program quietly, as SIGPIPE ends kubectl."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as pipe:
        done = run([PROGRAM, *_OFFLINE], stdout=pipe)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_a_closed_stream_is_no_bug(stream: int) -> None:
    """Daemons run programs so."""
    command = f'"{PROGRAM}" {" ".join(_OFFLINE)} {stream}>&-'
    done = run(["/bin/sh", "-c", command])
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_ends_a_request() -> None:
    """Exit code 130, without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        command = [PROGRAM, "expose", "deployment", "x", "--kubeconfig", "/dev/null", "-s", url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                # Python misses a signal that comes right before a system call; people press Ctrl-C again, too.
                for _ in range(30):
                    process.send_signal(signal.SIGINT)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        assert process.communicate(timeout=1) == (b"", b"")
                        break
        WATCH.end_run(command, os.environ)
        assert process.returncode == 130
