"""Files, folders and the objects in them, against the real kubectl."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess

import pytest

from kubectl_svc.access.manifests import Document, find_files, read_documents
from kubectl_svc.derive import derive_service
from kubectl_svc.errors import AggregateError, SvcError
from kubectl_svc.go_service import as_service
from kubectl_svc.output.go_yaml import render
from kubectl_svc.service_options import PortOptions, ServiceOptions
from tests.deriving import workload_of
from tests.go_documents.test_go_documents import without_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app": "web", "tier": "front"}},
    "spec": {"containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 8080, "protocol": "UDP"}]}]},
}
_TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": _POD["spec"]}
_DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": _TEMPLATE},
}
_REPLICA_SET = {**_DEPLOYMENT, "kind": "ReplicaSet"}
_CONTROLLER = {
    **_POD,
    "kind": "ReplicationController",
    "spec": {"replicas": 1, "selector": {"app": "web"}, "template": _TEMPLATE},
}
_SERVICE = {**_POD, "kind": "Service", "spec": {"selector": {"app": "web"}, "ports": [{"port": 81}]}}


def _list(*items: object, kind: str = "List", api_version: str = "v1") -> str:
    return json.dumps({"kind": kind, "apiVersion": api_version, "metadata": {"resourceVersion": ""}, "items": items})


def _pod(yaml: str) -> str:
    """A Pod with the lines in its metadata, and a label."""
    lines = "".join(f"  {line}\n" for line in yaml.splitlines())
    return f"kind: Pod\napiVersion: v1\nmetadata:\n  name: web\n  labels: {{a: b}}\n{lines}"


_READABLE = {
    "a Pod": json.dumps(_POD),
    "a Service": json.dumps(_SERVICE),
    "a ReplicationController": json.dumps(_CONTROLLER),
    "a Deployment": json.dumps(_DEPLOYMENT),
    "a ReplicaSet": json.dumps(_REPLICA_SET, indent=2),
    "indented JSON": json.dumps(_DEPLOYMENT, indent="\t"),
    "a List": _list(_DEPLOYMENT),
    "a List in a List": _list(json.loads(_list(_POD))),
    "a typed list, which says the kinds of its items": _list(
        {"kind": "Other", **{name: _POD[name] for name in ("metadata", "spec")}}, kind="PodList"
    ),
    "a typed list of a group": _list(_DEPLOYMENT, kind="DeploymentList", api_version="apps/v1"),
    "names of members in any case": _pod("").replace("kind", "KIND").replace("apiVersion", "apiversion"),
    "an empty group": _pod("").replace("v1", "/v1"),
    "names that are nearly right": _pod("Name: other\nLabels: {c: d}"),
    "a key twice": _pod("name: other"),
    "a label that is null": _pod("annotations: null\nlabels: {a: b, c: null, d: ''}"),
    "words that are strings only in quotes": _pod("labels: {a: 'yes', b: '1', c: \"null\", d: '1e3', yes: x}"),
    "dates": _pod("labels: {a: 2001-01-01, b: 1:60}"),
    "anchors and merges": _pod("annotations: &a {c: d}\nlabels: {<<: *a, e: f}"),
    "a block scalar": _pod("annotations:\n  a: |\n    b: c\n    ---\n  d: >-\n    e\n    f"),
    "comments": f"# a\n---\n# b\n{_pod('')}# c\n",
    "separators": f"---\n---\n{_pod('')}---\n# a\n---\n",
    "line ends of Windows": _pod("").replace("\n", "\r\n"),
    "a byte order mark": f"\ufeff{_pod('')}",
    "JSON, then YAML": f"{json.dumps(_POD)}\n---\nnull\n",
    "YAML with JSON in it": f"---\n{json.dumps(_POD, indent=1)}\n",
    "a flow mapping": "{kind: Pod, apiVersion: v1, metadata: {name: web, labels: {a: b}}}",
    "a float that is whole": f"{_pod('')}spec: {{containers: [{{ports: [{{containerPort: 80.0}}]}}]}}\n",
    "an octal port": f"{_pod('')}spec: {{containers: [{{ports: [{{containerPort: 0o120}}]}}]}}\n",
    "null for everything": f"{_pod('')}spec: {{containers: [null, {{ports: [null]}}, {{ports: null}}]}}\n",
    "null for nothing that counts": f"{_pod('')}spec: null\nstatus: null\n",
    "a key twice in JSON": json.dumps(_POD).replace('"tier"', '"tier": "back"}, "labels": {"tier"'),
    "escapes in JSON": _list(_POD).replace("web", "w\\u0065b"),
    "characters beyond ASCII": _pod("labels: {a: b, c: '\u00e9\U0001f600'}"),
    "fields that nobody knows": f"{_pod('other: 1')}spec: {{other: [1]}}\nother: {{a: b}}\n",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _READABLE.items()])
def test_readable(cluster: Cluster, tmp_path: Path, text: str) -> None:
    """The object in the file makes the Service that kubectl makes of it."""
    path = tmp_path / "manifest"
    path.write_text(text, newline="")
    done = cluster.kubectl("expose", "-f", str(path), "--port=80", "--dry-run=client", "-o", "yaml")
    (document,) = read_documents([str(path)], io.BytesIO(), {})
    assert isinstance(document, Document)
    service = derive_service(workload_of(document.manifest), ServiceOptions(ports=PortOptions(words=("80",))))
    assert render(as_service(service)) == done.stdout


def _with(manifest: dict[str, Any], **fields: object) -> str:
    return json.dumps({**manifest, **fields})


_UNREADABLE = {
    "no kind": "apiVersion: v1\nmetadata: {name: <web>}\n",
    "no apiVersion": "kind: Pod\n",
    "no version": "kind: Deployment\napiVersion: apps/\n",
    "a group of two": "kind: Deployment\napiVersion: a/b/v1\n",
    "an internal version": "kind: Deployment\napiVersion: apps/__internal\n",
    "a kind that is null": "kind: null\napiVersion: v1\n",
    "a kind that is a number": "kind: 5\napiVersion: 6\n",
    "a number": "5\n",
    "a string": "web\n",
    "a list without a kind": "[{kind: Pod, apiVersion: v1}]\n",
    "a bool": "yes\n",
    "a custom kind": "kind: CronTab\napiVersion: stable.example.com/v1\nmetadata: {name: web}\n",
    "a misspelt kind": _with(_DEPLOYMENT, kind="Deploymnet"),
    "a kind in lower case with pods": _with(_DEPLOYMENT, kind="deployment"),
    "a version that never was": _with(_DEPLOYMENT, apiVersion="apps/v2"),
    "a group that is none": _with(_DEPLOYMENT, apiVersion="app/v1"),
    "an unknown kind of a known group": _with(_DEPLOYMENT, apiVersion="networking.k8s.io/v1", kind="Fleet"),
    "a kind in the wrong version": "kind: Deployment\napiVersion: v1\n",
    "a kind in lower case": "kind: pod\napiVersion: v1\n",
    "a kind that kubectl does not have": "kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\n",
    "a list of another group": "kind: List\napiVersion: apps/v1\nitems: []\n",
    "a version that is gone": "kind: Deployment\napiVersion: apps/v1beta1\nmetadata: {name: web, namespace: a}\n",
    "a version long gone": "kind: Ingress\napiVersion: extensions/v1beta1\nmetadata: {name: web}\n",
    "a list of a version that is gone": "kind: CronJobList\napiVersion: batch/v1beta1\nitems: []\n",
    "an alpha version": "kind: ClusterTrustBundle\napiVersion: certificates.k8s.io/v1alpha1\n",
    "what is no resource": "kind: ListOptions\napiVersion: v1\n",
    "a subresource": "kind: Scale\napiVersion: autoscaling/v1\nmetadata: {name: web}\n",
    "a name that is a number": "kind: Pod\napiVersion: v1\nmetadata: {name: 5}\n",
    "a label that is a number": "kind: Pod\napiVersion: v1\nmetadata: {labels: {a: b, c: 1}}\n",
    "a label that is a bool": "kind: Pod\napiVersion: v1\nmetadata: {labels: {a: on}}\n",
    "labels that are a list": "kind: Pod\napiVersion: v1\nmetadata: {labels: [a]}\n",
    "a time that is none": "kind: Pod\napiVersion: v1\nmetadata: {creationTimestamp: yesterday}\n",
    "metadata that is a string": "kind: Pod\napiVersion: v1\nmetadata: web\n",
    "a spec that is a list": _with(_DEPLOYMENT, spec=[]),
    "replicas in quotes": _with(_DEPLOYMENT, spec={"replicas": "3"}),
    "a selector that is a string": _with(_DEPLOYMENT, spec={"selector": "app=web"}),
    "a selector's label that is a number": _with(_CONTROLLER, spec={"selector": {"a": 5}}),
    "an expression without a list": _with(_DEPLOYMENT, spec={"selector": {"matchExpressions": [{"values": "a"}]}}),
    "a port in quotes": _with(_POD, spec={"containers": [{"ports": [{"containerPort": "80"}]}]}),
    "a port out of range": _with(_POD, spec={"containers": [{"ports": [{"containerPort": 1 << 31}]}]}),
    "a port with a fraction": _with(_POD, spec={"containers": [{"ports": [{"containerPort": 80.5}]}]}),
    "a port with a point": _with(_POD, spec={"containers": [{"ports": [{"containerPort": 80.0}]}]}),
    "ports that are a number": _with(_POD, spec={"containers": [{"ports": 80}]}),
    "a variable that is a number": _with(_POD, spec={"containers": [{"env": [{"name": "A", "value": 1}]}]}),
    "a target that is a list": _with(_SERVICE, spec={"ports": [{"port": 80, "targetPort": []}]}),
    "a target with a fraction": _with(_SERVICE, spec={"ports": [{"port": 80, "targetPort": 1.5}]}),
    "several faults, the first in YAML's order": "spec: 5\nmetadata: {name: 5}\nkind: Pod\napiVersion: v1\n",
    "several faults, the first in JSON's order": '{"spec":5,"metadata":{"name":5},"kind":"Pod","apiVersion":"v1"}',
    "items that are a number": "kind: List\napiVersion: v1\nitems: 5\n",
    "a list's metadata that is a number": "kind: PodList\napiVersion: v1\nmetadata: 5\n",
    "an item of a typed list": _list(_POD, _with(_POD), kind="PodList"),
    "a label of an item": _list({"metadata": {"labels": {"a": 5}}}, kind="ServiceList"),
    "items of all sorts": '{"kind":"List","apiVersion":"v1","items":[{"kind": "Pod"}, {}, {}, 5, ["a" , 1], null]}',
    "items of all sorts in YAML": "kind: List\napiVersion: v1\nitems: [{kind: Pod}, {a: 1.0}, 5, ~]\n",
    "an item that is null": "kind: List\napiVersion: v1\nitems: [null]\n",
    "an item of a custom kind": "kind: List\napiVersion: v1\nitems: [{kind: Foo, apiVersion: example.com/v1}]\n",
    "items of versions that are gone": _list(*({**_DEPLOYMENT, "apiVersion": f"apps/v1beta{n}"} for n in (1, 2))),
    "an item of an item": _list({"kind": "List", "apiVersion": "v1", "items": [{"kind": "Pod", "metadata": 5}]}),
    "metadata of what cannot be exposed": "kind: ConfigMap\napiVersion: v1\nmetadata: {labels: 5}\n",
    "nothing": "",
    "comments alone": "# a\n---\n# b\n",
    "null": "---\nnull\n---\n~\n",
    "an empty List": "kind: List\napiVersion: v1\nitems: []\n",
    "a List without items": "kind: List\napiVersion: v1\n",
    "several documents, each for itself": "kind: 5\n---\nkind: Pod\n---\na: b\n---\na: [\n---\nkind: 6\n",
    "a fault of syntax": "kind: Pod\n  apiVersion: v1\n",
    "JSON cut short": json.dumps(_POD)[:-10],
    "JSON with a comma too many": '{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": 5,},}',
}


def test_unreadable(cluster: Cluster, tmp_path: Path) -> None:
    """Every sentence of kubectl for objects that it cannot read, from many files at once."""
    paths = []
    for name, text in _UNREADABLE.items():
        path = tmp_path / name.replace(",", "")  # a comma would make two words
        path.write_text(text)
        paths.append(str(path))
    words = [word for path in paths for word in ("-f", path)]
    done = cluster.kubectl("expose", "--dry-run=client", *words, check=False)
    # The path of a source file of kubectl depends on how it was built.
    expected = re.sub(r'in scheme "[^"]*"', 'in scheme "k8s.io/kubectl/pkg/scheme/scheme.go:28"', done.stderr)
    ours = [without_place(str(found)) for found in read_documents(paths, io.BytesIO(), {})]
    assert "".join(f"{sentence}\n" for sentence in ours) == expected


def test_each_document_is_its_own(tmp_path: Path) -> None:
    """What cannot be read does not keep the rest of a file away, nor a broken file the next one."""
    (tmp_path / "a").write_text(f"kind: Pod\n---\n{_pod('')}---\na: [\n---\n{_pod('')}")
    (tmp_path / "b").write_text(
        _list(_POD, {"kind": "ConfigMap", "apiVersion": "v1"}, {**_POD, "apiVersion": "apps/v1beta1"})
    )
    paths = [str(tmp_path / name) for name in ("a", "none", "b")]
    found = list(read_documents(paths, io.BytesIO(), {}))
    kinds = [item.manifest["kind"] if isinstance(item, Document) else str(item).split(":")[0] for item in found]
    assert kinds == [
        f'unable to decode "{paths[0]}"',
        "Pod",
        f"error parsing {paths[0]}",
        f"open {paths[1]}",
        "Pod",
        "ConfigMap",
        'unable to get type info from the object "*runtime.Unknown"',
    ]


def test_order_of_nested_lists(tmp_path: Path) -> None:
    """Items of inner lists come after those of the outer one, as kubectl takes lists apart."""
    inner = {"kind": "List", "apiVersion": "v1", "items": [{**_POD, "metadata": {"name": "b"}}]}
    (tmp_path / "a").write_text(_list(inner, {**_POD, "metadata": {"name": "a"}}))
    found = read_documents([str(tmp_path / "a")], io.BytesIO(), {})
    names = [item.manifest["metadata"]["name"] for item in found if isinstance(item, Document)]
    assert names == ["a", "b"]


def test_standard_input() -> None:
    """`-` is read from the stream and named STDIN."""
    found = list(read_documents(["-"], io.BytesIO(f"{_pod('')}---\na: b\n".encode()), {}))
    assert isinstance(found[0], Document)
    assert found[0].source == "STDIN"
    assert str(found[1]) == 'unable to decode "STDIN": Object \'Kind\' is missing in \'{"a":"b"}\'\nin document 2'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: manifests without a kind, so that kubectl names each that it reads."""
    for name in (
        "b.yaml",
        "a.json",
        "c.yml",
        "d.txt",
        ".hidden.yaml",
        "Z.YAML",
        "sub/e.yaml",
        "sub/deep/f.yaml",
        "[x].yaml",
    ):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a: b\n")
    (tmp_path / "in" / "none").mkdir()
    (tmp_path / "in" / "link").symlink_to("sub")
    (tmp_path / "in" / "link.yaml").symlink_to("b.yaml")
    (tmp_path / "in" / "folder.yaml").symlink_to("sub")
    (tmp_path / "in" / "broken.yaml").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as unix:
        monkeypatch.chdir(tmp_path)
        unix.bind("in/socket")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ["-f", "in"],
        ["-f", "./in/"],
        ["-f", "in", "-R"],
        ["-f", "in/sub/..", "-R"],
        ["-f", "in/b.yaml", "-f", "in/d.txt"],
        ["-f", "in/b.yaml,in/a.json"],
        ["-f", "in/link"],
        ["-f", "in/link/"],
        ["-f", "in/link", "-R"],
        ["-f", "in/*.yaml"],
        ["-f", "in/[a-b].*"],
        ["-f", "in/[^b].y*"],
        ["-f", "in/?.yaml"],
        ["-f", "in/[x].yaml"],
        ["-f", "in/\\[x\\].yaml"],
        ["-f", "in/*/*.yaml"],
        ["-f", "i*/su?"],
        ["-f", "*"],
        ["-f", "in/[.yaml"],
        ["-f", "in/[]a].yaml"],
        ["-f", "in/[a-]x"],
        ["-f", "in/*.none"],
        ["-f", "in/none"],
        ["-f", "in/none", "-R"],
        ["-f", "in/none", "-f", "in/b.yaml"],
        ["-f", "in/b.yaml", "-f", "in/none"],
        ["-f", "in/n*", "-f", "in/missing"],
        ["-f", "in/missing"],
        ["-f", "in/missing", "-f", "other"],
        ["-f", "in/b.yaml/x"],
        ["-f", "in/socket"],
        ["-f", "in/broken.yaml"],
        ["-f", "x" * 300],
        ["-f", "-", "-f", "-"],
        ["-f", "-", "-f", "in/b.yaml"],
        ["-f", "in/b.yaml", "-f", "in/b.yaml"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("folder")
def test_words(programs: Programs, words: Sequence[str]) -> None:
    """Which files `-f` means, and in which order; or what is wrong with it."""
    done = subprocess.run(
        [programs.kubectl, "expose", "--dry-run=client", *words],
        input="c: d\n",
        capture_output=True,
        text=True,
        check=False,
    )
    filenames = [part for word in words if word not in ("-f", "-R") for part in word.split(",")]
    try:
        found = list(read_documents(find_files(filenames, "-R" in words), io.BytesIO(b"c: d\n"), {}))
    except AggregateError as errors:
        found = list(errors.errors)
    except SvcError as error:
        found = [error]
    assert "".join(f"{problem}\n" for problem in found) == done.stderr.removeprefix("error: ")


@pytest.mark.usefixtures("folder")
def test_a_folder_without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder whose names cannot be read is an error that names it; the tests may run as root, who reads all."""
    real = os.listdir

    def listdir(path: str) -> list[str]:
        if path == "in/sub":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    with pytest.raises(SvcError) as refused:
        find_files(["in"], recursive=False)
    assert str(refused.value) == 'error reading "in": open in/sub: permission denied'


def test_a_url_that_is_none() -> None:
    """A URL that cannot be parsed is refused by name, beside what else is wrong, and nothing is asked for."""
    with pytest.raises(AggregateError) as refused:
        find_files(["https://example.com/%zz", "/nowhere"], recursive=False)
    assert [str(error) for error in refused.value.errors] == [
        'the URL passed to filename "https://example.com/%zz" is not valid: '
        'parse "https://example.com/%zz": invalid URL escape "%zz"',
        'the path "/nowhere" does not exist',
    ]
