"""The API over the wire: objects and refusals of the real server, and answers that are neither."""

from __future__ import annotations

import json
import os
import subprocess
from uuid import uuid4

import hypothesis
import pytest
from hypothesis import strategies as st

from kubectl_svc.access.cluster import Cluster
from kubectl_svc.access.connection import Connection
from kubectl_svc.access.http.transport import Transport
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.errors import StatusError, SvcError, UnreachableError
from kubectl_svc.output.messages import continued, render_error
from kubectl_svc.request import ClusterFlags
from kubectl_svc.workloads.model import Resource
from tests.access.servers import answer, serve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from tests.access.servers import Server
    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster as Plane

    Open = Callable[..., Cluster]

DEPLOYMENTS = Resource(group="apps", version="v1", kind="Deployment", plural="deployments", singular="deployment")
SERVICES = Resource(group="", version="v1", kind="Service", plural="services", singular="service")
NODES = Resource(group="", version="v1", kind="Node", plural="nodes", singular="node", namespaced=False)


@pytest.fixture
def api() -> Iterator[Open]:
    """Opens clusters by kubeconfig path or URL and closes their connections at the end."""
    opened: list[Transport] = []

    def open_cluster(where: str, warn: Callable[[str], None] = pytest.fail, token: str = "") -> Cluster:
        if where.startswith("http"):
            connection = Connection(server=where)
        else:
            connection = Kubeconfig(ClusterFlags(kubeconfig=where, token=token), os.environ, "").connection()
        opened.append(Transport(connection))
        return Cluster(opened[-1], warn)

    yield open_cluster
    for transport in opened:
        transport.close()


def _service(name: str, **spec: object) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"ports": [{"port": 80}], **spec},
    }


# --- the real API server


def test_create_and_get(cluster: Plane, api: Open) -> None:
    """What is created is there, for the official client too, with the manager we gave; a dry run leaves nothing."""
    ours = api(cluster.kubeconfig)
    path = SERVICES.path(cluster.namespace)
    created = ours.create(path, _service("web"), {"fieldManager": "a b&c=d"})
    ours.create(path, _service("dry"), {"dryRun": "All"})

    landed = cluster.core.list_namespaced_service(cluster.namespace).items
    assert [service.metadata.name for service in landed] == ["web"]
    assert landed[0].metadata.managed_fields[0].manager == "a b&c=d"
    assert ours.get_object(SERVICES, cluster.namespace, "web") == created


@pytest.mark.parametrize("name", ["missing", "a b?c#d", "ünï"])
def test_missing_object(name: str, cluster: Plane, api: Open) -> None:
    """NotFound as kubectl prints it, whatever stands in the name."""
    with pytest.raises(StatusError) as failure:
        api(cluster.kubeconfig).get_object(DEPLOYMENTS, cluster.namespace, name)

    assert render_error(failure.value) == cluster.kubectl("get", "deployments.v1.apps", name, check=False).stderr


@pytest.mark.parametrize("namespace", ["no-such-namespace", "default"])
def test_missing_namespace(namespace: str, cluster: Plane, api: Open) -> None:
    """A namespace that is not there is named instead of the object; `default` is not even looked for."""
    with pytest.raises(StatusError) as failure:
        api(cluster.kubeconfig).get_object(DEPLOYMENTS, namespace, "web")

    theirs = cluster.kubectl("get", "deployments.v1.apps", "web", f"--namespace={namespace}", check=False)
    assert render_error(failure.value) == theirs.stderr


def test_cluster_scoped_object(cluster: Plane, api: Open) -> None:
    """A kind without namespaces is asked for without one."""
    with pytest.raises(StatusError) as failure:
        api(cluster.kubeconfig).get_object(NODES, cluster.namespace, "missing")

    assert render_error(failure.value) == cluster.kubectl("get", "nodes", "missing", check=False).stderr


@pytest.mark.parametrize(
    "service",
    [
        _service("web"),
        _service("Not A Name"),
        _service("x", ports=[{"port": 0}, {"port": 70000}]),
        _service("x", type="Wrong"),
        {**_service("x"), "kind": "Pod"},
        _service("x", ports=[{"port": "eighty"}]),
    ],
    ids=["exists", "name", "ports", "type", "kind", "not-a-number"],
)
def test_server_refuses(service: dict[str, Any], cluster: Plane, api: Open) -> None:
    """AlreadyExists, Invalid with one and several causes, BadRequest: the same status that kubectl gets."""
    ours = api(cluster.kubeconfig)
    path = SERVICES.path(cluster.namespace)
    ours.create(path, _service("web"))
    with pytest.raises(StatusError) as failure:
        ours.create(path, service)

    theirs = cluster.kubectl("create", f"--raw=/{'/'.join(path)}", "-f", "-", stdin=json.dumps(service), check=False)
    assert render_error(failure.value).splitlines()[0] == theirs.stderr.splitlines()[0]


def test_forbidden(cluster: Plane, api: Open) -> None:
    """A user without rights is told so in the server's words; the namespace is not asked for then."""
    with pytest.raises(StatusError) as failure:
        api(cluster.nobody_kubeconfig).get_object(SERVICES, cluster.namespace, "web")

    theirs = cluster.kubectl("get", "svc", "web", f"--kubeconfig={cluster.nobody_kubeconfig}", check=False)
    assert render_error(failure.value) == theirs.stderr


def test_unauthorized(cluster: Plane, api: Open) -> None:
    """A token that the server does not know."""
    with pytest.raises(StatusError) as failure:
        api(cluster.kubeconfig, token=uuid4().hex).get(("api", "v1", "namespaces"))

    assert render_error(failure.value) == "error: You must be logged in to the server (Unauthorized)\n"


def test_warnings_of_the_server(cluster: Plane, api: Open) -> None:
    """A deprecated API's warning arrives with kubectl's text."""
    warnings: list[str] = []
    ours = api(cluster.kubeconfig, warnings.append)
    ours.get(("api", "v1", "namespaces", cluster.namespace, "endpoints"))

    assert [f"Warning: {text}" for text in warnings] == cluster.kubectl("get", "endpoints").stderr.splitlines()[:1]


# --- answers that are none


_BODIES = {
    "text": (b"  some words\n", "text/plain"),
    "html": (b"<html>\n<b>\x1b[31mBad</b></html>", "text/html; charset=utf-8"),
    "json": (b'{"a": 1}', "application/json"),
    "no-type": (b"words", ""),
    "no-status": (b'{"kind": "Pod", "apiVersion": "v1", "status": {}}', "application/json"),
    "long": (b"x" * 5000, "text/plain"),
}
_STATUSES = (302, 400, 401, 403, 404, 405, 406, 409, 415, 418, 422, 429, 500, 502, 503, 504)


@pytest.mark.parametrize("status", _STATUSES)
def test_refusal_without_a_status_object(status: int, api: Open, programs: Programs) -> None:
    """Whatever a proxy answers, the sentence is the one that kubectl makes up for it."""
    for body, kind in _BODIES.values():
        with serve(answer(f"{status} Some Phrase", body, kind=kind)) as server:
            with pytest.raises(StatusError) as failure:
                api(server.url).get(("api",))

            # Further lines are indented, so that none passes for one of ours.
            assert render_error(failure.value) == f"{continued(_kubectl_raw(programs, server)[:-1])}\n"


def _kubectl_raw(programs: Programs, server: Server) -> str:
    command = [programs.kubectl, "get", "--raw=/api", f"--server={server.url}"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stderr


@pytest.mark.parametrize(
    ("path", "suffix"),
    [
        (DEPLOYMENTS.path("lab", "web"), " (get deployments.apps web)"),
        (SERVICES.path("lab", "web"), " (get services web)"),
        (SERVICES.path("lab"), " (get services)"),
        (NODES.path("", "n1"), " (get nodes n1)"),
        (("apis",), ""),
        (("apis", "apps", "v1"), ""),
        (("api", "v1"), ""),
        (("version",), ""),
        (("api", "v1", "namespaces", "lab"), ""),
    ],
    ids="/".join,
)
def test_refusal_names_the_object(path: tuple[str, ...], suffix: str, api: Open) -> None:
    """Where an object was asked for, the made-up sentence names it as client-go does."""
    reply = answer("404 Not Found", b"404 page not found", kind="text/plain")
    with serve(reply) as server, pytest.raises(StatusError) as failure:
        api(server.url).get(path)

    assert str(failure.value) == f"the server could not find the requested resource{suffix}"


def test_conflict_of_a_post(api: Open) -> None:
    """409 means "already exists" for a POST, and a conflict for everything else."""
    with serve(answer("409 Conflict", b"")) as server:
        with pytest.raises(StatusError) as failure:
            api(server.url).create(SERVICES.path("lab"), {})

        assert failure.value.reason == "AlreadyExists"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html></html>", "text/html"),
        (b'{"kind": "Pod", "apiV', "application/json"),
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", ""),
        (b"[" * 200_000, "application/json"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "application/json"),
    ],
    ids=["html", "cut-off", "empty", "list", "binary", "deep", "number"],
)
def test_success_that_is_no_object(body: bytes, kind: str, api: Open) -> None:
    """200 with anything but a JSON object: one line that says what came from where."""
    with serve(answer(body=body, kind=kind)) as server:
        with pytest.raises(UnreachableError, match=r"^the answer to POST /api/v1/nodes is no JSON object ") as failure:
            api(server.url).create(NODES.path(""), {})

        assert failure.value.server == server.address


@pytest.mark.parametrize(
    ("document", "refused"),
    [
        ({"kind": "Status", "status": "Success"}, False),
        ({"kind": "Status", "status": "Failure", "message": "no", "reason": "Odd"}, True),
        ({"kind": "Status"}, True),
    ],
)
def test_status_with_200(document: dict[str, Any], refused: bool, api: Open) -> None:
    """A Status object is a refusal unless it says Success, whatever the HTTP status."""
    with serve(answer(body=json.dumps(document).encode())) as server:
        if refused:
            with pytest.raises(StatusError):
                api(server.url).get(("version",))
        else:
            assert api(server.url).get(("version",)) == document


def test_namespace_that_cannot_be_asked_for(api: Open) -> None:
    """When the question about the namespace fails, the object's own NotFound stays."""
    missing = {"kind": "Status", "status": "Failure", "reason": "NotFound", "message": "deployments web not found"}
    with serve() as server:
        server.next_answers(
            answer("404 Not Found", json.dumps(missing).encode()), answer("403 Forbidden", b"no", kind="text/plain")
        )
        with pytest.raises(StatusError, match="deployments web not found"):
            api(server.url).get_object(DEPLOYMENTS, "lab", "web")

        assert [asked.target for asked in server.asked][1] == "/api/v1/namespaces/lab"


@pytest.mark.parametrize("name", [".", "..", "a%2fb", "%"])
def test_name_that_would_lead_elsewhere(name: str, cluster: Plane, api: Open) -> None:
    """A name that is no path segment is refused in kubectl's words before anything is asked."""
    with pytest.raises(SvcError) as failure:
        api(cluster.kubeconfig).get_object(DEPLOYMENTS, cluster.namespace, name)

    theirs = cluster.kubectl("expose", "--port=80", "deployments.v1.apps", name, check=False)
    assert render_error(failure.value) == theirs.stderr


def test_name_with_a_slash(api: Open) -> None:
    """A slash never becomes one of the path, not even after the server has unescaped it."""
    with serve() as server:
        with pytest.raises(SvcError, match="may not contain '/'"):
            api(server.url).get_object(DEPLOYMENTS, "lab", "../../secrets/x")

        assert server.asked == []


def test_accept(api: Open) -> None:
    """JSON is asked for, or what the caller names."""
    with serve() as server:
        ours = api(server.url)
        ours.get(("api",))
        ours.get(("api",), accept="application/json;as=Other")

        sent = [asked.headers_named("accept")[0][1] for asked in server.asked]
        assert sent[0] != sent[1] == "application/json;as=Other"


# --- warnings


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ('299 - "simple"', ["simple"]),
        ('299 - "one" "Wed, 21 Oct 2026 07:28:00 GMT"', ["one"]),
        ('299 - "one", 299 agent "two", 199 - "other"', ["one", "two"]),
        ('299 - "one" "date", 299 - "two"', ["one", "two"]),
        (r'299 - "a \"quoted\" and \\ word"', ['a "quoted" and \\ word']),
        ('  299 - "leading blank"', ["leading blank"]),
        ('299 - "ünï"', ["ünï"]),
        ('299 - ""', []),
        ('199 - "not for us"', []),
        ('29 - "code"', []),
        ('299 "no agent"', []),
        ("299 - unquoted", []),
        ('299 - "open', []),
        ('299 - "one" "open date', []),
        ('299 - "one" more, 299 - "two"', []),
        ('299 - "fine", 299 - "open', ["fine"]),
        ('299 - "tab\there"', []),
        ("", []),
    ],
)
def test_warning_header(header: str, texts: list[str], api: Open) -> None:
    """Code 299 only, as apimachinery reads them; what cannot be read ends the header."""
    warnings: list[str] = []
    with serve(answer(headers=[("Warning", header)])) as server:
        api(server.url, warnings.append).get(("api",))

    assert warnings == texts


def test_warnings_of_a_refusal(api: Open) -> None:
    """A refused request warns too, and every header counts each time."""
    warnings: list[str] = []
    headers = [("Warning", '299 - "one"'), ("warning", '299 - "two"'), ("Warning", '299 - "one"')]
    with serve(answer("403 Forbidden", b"no", headers, kind="text/plain")) as server:
        ours = api(server.url, warnings.append)
        for _ in range(2):
            with pytest.raises(StatusError):
                ours.get(("api",))

    assert warnings == ["one", "two", "one"] * 2


@hypothesis.given(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffd"), min_size=1))
@hypothesis.settings(max_examples=30)
def test_any_warning_text_arrives(text: str) -> None:
    """Whatever the server quotes as apimachinery does comes out as it went in."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    warnings: list[str] = []
    with serve(answer(headers=[("Warning", f'299 - "{quoted}"')])) as server:
        transport = Transport(Connection(server=server.url))
        Cluster(transport, warnings.append).get(("api",))
        transport.close()

    assert warnings == [text]
