"""The README's tables of fields and ports leave nothing out, and are true on a real API server."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from kubernetes import client

from kubectl_svc.flags import EXPOSE
from kubectl_svc.flags.model import ADDRESSES, METADATA, PORTS, TRAFFIC
from tests.svc import svc, svc_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.control_plane.cluster import Cluster

_HERE = Path(__file__).parent
_EXAMPLE = _HERE / "examples" / "my-app.yaml"
_SECTION = (_HERE.parent / "README.md").read_text().partition("\n## Every field by flag\n")[2].partition("\n## ")[0]
_FLAGS = {flag.name: flag for flag in EXPOSE.flags}
_API_WORDS = {word for flag in EXPOSE.flags if flag.field or flag.name == "type" for word in flag.values}


@dataclasses.dataclass(frozen=True)
class _Row:
    """One field; `gives` is its value on the server, as JSON."""

    field: str
    flags: tuple[str, ...]
    example: str
    gives: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.example)


def _tables() -> list[list[list[str]]]:
    """The cells of the section's tables, without their heads."""
    blocks = re.findall(r"(?:^\|.*\n)+", _SECTION, re.MULTILINE)
    return [[_cells(line) for line in block.splitlines()[2:]] for block in blocks]


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip("|").split("|")]


def _row(field: str, flags: str, example: str, gives: str) -> _Row:
    names = (name.strip("` ").lstrip("-") for name in flags.split(","))
    return _Row(field, tuple(name for name in names if name != "l"), example, gives)


_FIELD_CELLS, _PORT_CELLS = _tables()
_ROWS = [_row(*cells) for cells in _FIELD_CELLS]
_each_row = pytest.mark.parametrize("row", _ROWS, ids=lambda row: row.example)


def _paths(model: type[Any], prefix: str) -> Iterator[str]:
    """The fields of one of the official client's models, those of the models inside it in their places."""
    for attribute, name in model.attribute_map.items():
        kind = model.openapi_types[attribute]
        inner = getattr(client, kind.removeprefix("list[").removesuffix("]"), None)
        path = f"{prefix}.{name}{'[]' if kind.startswith('list[V1') else ''}"
        yield from _paths(inner, path) if inner else (path,)


def test_every_field_of_a_service_has_a_row() -> None:
    """ServiceSpec with ServicePort and SessionAffinityConfig inside it; nothing is there that the API does not have."""
    rows = [row.field for row in _ROWS if not row.field.startswith("metadata.")]
    assert sorted(rows) == sorted(_paths(client.V1ServiceSpec, "spec"))


def test_every_row_of_the_metadata_is_a_field() -> None:
    """What we set of it is chosen by us, what it is called by the API."""
    rows = {row.field.removeprefix("metadata.") for row in _ROWS if row.field.startswith("metadata.")}
    assert rows == {"name", "labels", "annotations", "ownerReferences"}
    assert rows <= set(client.V1ObjectMeta.attribute_map.values())


def test_every_flag_that_is_a_field_stands_in_its_row() -> None:
    """As `Flag.field` declares it."""
    named = {(row.field, name) for row in _ROWS for name in row.flags}
    assert {(f"spec.{flag.field}", flag.name) for flag in EXPOSE.flags if flag.field} <= named


@_each_row
def test_an_example_uses_a_flag_of_its_row(row: _Row) -> None:
    """And each of these flags is one of ours."""
    assert set(row.flags) <= _FLAGS.keys()
    used = {word.lstrip("-").partition("=")[0] for word in row.words if word.startswith("-")}
    used |= {flag.name for flag in EXPOSE.flags if flag.shorthand in used}
    assert used & set(row.flags)


@pytest.fixture(scope="module")
def app(stage: Cluster) -> Cluster:
    """A namespace with the Deployment my-app."""
    stage.apps.create_namespaced_deployment(stage.namespace, yaml.safe_load(_EXAMPLE.read_text()))
    return stage


def _exposed(app: Cluster, *argv: str) -> Any:
    """The Service that the command line makes, as the official client reads it; it is taken away again."""
    done = svc("expose", "deployment", "my-app", *argv, kubeconfig=app.kubeconfig)
    assert done.returncode == 0, done.stderr
    (service,) = app.core.list_namespaced_service(app.namespace).items
    app.core.delete_namespaced_service(service.metadata.name, app.namespace)
    assert done.stdout == f"service/{service.metadata.name} exposed\n"
    return app.core.api_client.sanitize_for_serialization(service)


def _value(service: Any, field: str) -> Any:
    """The value of a field, which a single port has where it belongs to the ports; None where it is not set."""
    found = service
    for key in field.split("."):
        found = found.get(key.removesuffix("[]"))
        if key.endswith("[]"):
            (found,) = found
    return found


def _promised(row: _Row, app: Cluster) -> Any:
    """What the row says of the Deployment that is there."""
    uid = app.apps.read_namespaced_deployment("my-app", app.namespace).metadata.uid
    return json.loads(row.gives.replace("<uid>", uid))


@_each_row
def test_the_server_takes_a_field(row: _Row, app: Cluster) -> None:
    """What the example makes of the field is what the row says."""
    assert _value(_exposed(app, *row.words), row.field) == _promised(row, app)


def test_kubectl_takes_every_field_from_a_dry_run(app: Cluster) -> None:
    """What --dry-run=client prints, `kubectl create -f -` sends, and the server makes the same of it."""
    printed = []
    for row in _ROWS:
        argv = ("expose", "deployment", "my-app", *row.words, "--dry-run=client", "-o", "yaml")
        printed.append(svc(*argv, kubeconfig=app.kubeconfig).stdout)
    done = app.kubectl("create", "--dry-run=server", "-o", "yaml", "-f", "-", stdin="---\n".join(printed))
    services = yaml.safe_load_all(done.stdout)
    taken = [(row.field, _value(service, row.field)) for row, service in zip(_ROWS, services, strict=True)]
    assert taken == [(row.field, _promised(row, app)) for row in _ROWS]


def _offline(*argv: str, manifest: Path = _EXAMPLE) -> Any:
    """The Service that a client dry run prints for my-app, or another manifest."""
    code, out, err = svc_here("expose", "-f", str(manifest), "--dry-run=client", "-o", "json", *argv)
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize(
    "row",
    [row for row in _ROWS if _API_WORDS & set(re.split(r"[ ,]", row.example))],
    ids=lambda row: row.example,
)
def test_words_of_the_api_are_taken_in_any_case(row: _Row) -> None:
    """Alone and in lists."""
    swapped = re.sub(r"[^ ,]+", lambda word: word[0].swapcase() if word[0] in _API_WORDS else word[0], row.example)
    assert swapped != row.example
    assert _offline(*shlex.split(swapped)) == _offline(*row.words)


@pytest.mark.parametrize(
    "row", [row for row in _ROWS if row.example not in ("--name web", "--owner")], ids=lambda row: row.example
)
def test_create_says_the_same(row: _Row) -> None:
    """With the labels, selector and port of my-app, which it cannot look up."""
    argv = ["my-app", "-l", "app=my-app"]
    if "--external-name" not in row.words:
        argv += ["--selector", "app=my-app"]
        argv += [] if "--port" in row.words else ["--port", "80"]
    code, out, err = svc_here("create", *argv, *row.words, "--dry-run=client", "-o", "json")
    assert code == 0, err
    assert json.loads(out) == _offline(*row.words)


_LISTS = {
    "port": ("80", "443:8443/https", "53/udp"),
    "app-protocol": ("http", "80=https"),
    "ip-family": ("IPv6", "IPv4"),
    "load-balancer-source-ranges": ("198.51.100.0/24", "2001:db8::/32"),
    "selector-key": ("app", "tier"),
    "container": ("web", "metrics"),
}


@pytest.mark.parametrize("name", _LISTS)
def test_commas_say_the_same_as_the_flag_again(name: str, tmp_path: Path) -> None:
    """For every list of which the section says so: both say more than the first or the last word alone."""
    app = yaml.safe_load(_EXAMPLE.read_text())
    template = app["spec"]["template"]
    template["metadata"]["labels"]["tier"] = "front"
    template["spec"]["containers"].append({"name": "metrics", "image": "a", "ports": [{"containerPort": 9090}]})
    manifest = tmp_path / "app.json"
    manifest.write_text(json.dumps(app))
    words = _LISTS[name]
    balanced = ("--type=LoadBalancer",) if name.startswith("load-balancer") else ()
    again = _offline(*(f"--{name}={word}" for word in words), *balanced, manifest=manifest)
    assert _offline(f"--{name}={','.join(words)}", *balanced, manifest=manifest) == again
    for alone in (words[0], words[-1]):
        assert _offline(f"--{name}={alone}", *balanced, manifest=manifest) != again


def test_all_lists_are_tried() -> None:
    """A new list flag belongs into the test above."""
    ours = (PORTS, ADDRESSES, TRAFFIC, METADATA)
    lists = {flag.name for flag in EXPOSE.flags if flag.repeats and flag.group in ours}
    assert lists - {"annotation"} == _LISTS.keys() - {"port"}


_PORT_FIELDS = ("name", "protocol", "appProtocol", "port", "targetPort", "nodePort")


def _as_json(cell: str) -> int | str:
    return int(cell) if cell.isdigit() else cell


def _port_rows() -> list[tuple[str, list[dict[str, Any]]]]:
    """Each word with the ServicePorts that the table says; a row without a word goes on with the one before."""
    rows: list[tuple[str, list[dict[str, Any]]]] = []
    for word, *cells in _PORT_CELLS:
        if word:
            rows.append((word, []))
        rows[-1][1].append({key: _as_json(cell) for key, cell in zip(_PORT_FIELDS, cells, strict=True) if cell})
    return rows


@pytest.mark.parametrize(("word", "ports"), [pytest.param(*row, id=row[0]) for row in _port_rows()])
def test_the_server_takes_a_port_word(word: str, ports: list[dict[str, Any]], app: Cluster) -> None:
    """Its ServicePorts are those of the table, which has a node port exactly where the word makes it a NodePort."""
    spec = _exposed(app, "--port", word)["spec"]
    assert spec["ports"] == ports
    assert spec["type"] == ("NodePort" if "nodePort" in ports[0] else "ClusterIP")
