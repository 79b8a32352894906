"""Objects that are not named: all of a type, those with certain labels, in one namespace or in all of them."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.access.servers import answer, serve
from tests.many.manifests import deployment, documents
from tests.svc import svc, svc_here

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.cluster import Cluster

_EXISTS = "hint: --diff shows whether and how this command would change it, --apply does it"
_LABELLED = (("api", "backend"), ("db", "backend"), ("ui", "front"))


@pytest.fixture
def shop(cluster: Cluster) -> Cluster:
    """A namespace with three Deployments, two of them of one tier, and a StatefulSet."""
    objects = [deployment(name, labels={"tier": tier}) for name, tier in _LABELLED]
    stateful = {**deployment("store", labels={"tier": "backend"}), "kind": "StatefulSet"}
    cluster.kubectl("apply", "-f", "-", stdin=documents([*objects, stateful]))
    return cluster


def _expose(shop: Cluster, *words: str) -> tuple[int, list[str], str]:
    done = svc("expose", *words, kubeconfig=shop.kubeconfig)
    return (
        done.returncode,
        [line.partition(" ")[0].removeprefix("service/") for line in done.stdout.splitlines()],
        (done.stderr),
    )


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param("deploy --all", ["api", "db", "ui"], id="all of a type"),
        pytest.param("deploy,sts --all", ["api", "db", "ui", "store"], id="all of two types"),
        pytest.param("sts --all", ["store"], id="one object"),
        pytest.param("deploy --workload-selector tier=backend", ["api", "db"], id="by label"),
        pytest.param("deploy --workload-selector tier!=backend", ["ui"], id="by inequality"),
        pytest.param("deploy,sts --workload-selector tier", ["api", "db", "ui", "store"], id="by existence"),
        pytest.param("deploy --workload-selector='tier in (x,front)'", ["ui"], id="by set"),
        pytest.param("all --all", ["api", "db", "ui", "store"], id="a category, less what controllers made"),
    ],
)
def test_selected(shop: Cluster, words: str, names: list[str]) -> None:
    """In the order of the types and of the server's lists, each with its own selector."""
    code, exposed, err = _expose(shop, *shlex.split(words))
    assert (code, sorted(exposed), err) == (0, sorted(names), "")
    listed = json.loads(shop.kubectl("get", "services", "-o", "json").stdout)["items"]
    assert {one["metadata"]["name"]: one["spec"]["selector"] for one in listed} == {
        name: {"app": name} for name in names
    }


def test_one_selected_object_may_be_named(shop: Cluster) -> None:
    """--name is for one Service, and that is all that is made."""
    assert _expose(shop, "deploy", "--workload-selector", "tier=front", "--name", "web") == (0, ["web"], "")
    code, exposed, err = _expose(shop, "deploy", "--all", "--name", "web-2")
    assert (code, exposed) == (1, [])
    assert err.startswith("error: --name=web-2 cannot name several Services")


def test_pages(shop: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that comes in several pages is one list; kubectl get has the same names in the same order."""
    monkeypatch.setattr("kubectl_svc.access.cluster.PAGE", 1)
    words = ("expose", "deploy", "--all", "--dry-run=server", "-v=6", "-o", "name")
    code, out, err = svc_here(*words, KUBECONFIG=shop.kubeconfig)
    theirs = shop.kubectl("get", "deploy", "-o", "name").stdout.replace("deployment.apps/", "service/")
    assert (code, out) == (0, theirs)
    assert err.count("continue=") == 2


def test_all_namespaces(shop: Cluster) -> None:
    """Each Service beside its workload; -n is of no account, as in kubectl get -A."""
    other = f"{shop.namespace}-other"
    mark = f"mark-{uuid4().hex[:8]}"
    shop.kubectl("create", "namespace", other)
    try:
        for namespace in (shop.namespace, other):
            manifest = documents([deployment("far", labels={"mark": mark})])
            shop.kubectl("apply", "-n", namespace, "-f", "-", stdin=manifest)
        selected = ("deploy", "--workload-selector", f"mark={mark}", "-A", "-n", "nowhere")
        assert _expose(shop, *selected) == (0, ["far", "far"], "")
        code, exposed, err = _expose(shop, *selected)
        assert (code, exposed) == (1, [])
        assert err.splitlines() == [
            'Error from server (AlreadyExists): services "far" already exists',
            # In the order of etcd's keys, where the namespace ends with a slash.
            f'  of Deployment "far" of namespace {other}, Deployment "far" of namespace {shop.namespace}',
            _EXISTS,
            "error: 2 of 2 failed",
        ]
        for namespace in (shop.namespace, other):
            found = json.loads(shop.kubectl("get", "service", "far", "-n", namespace, "-o", "json").stdout)
            assert found["spec"]["selector"] == {"app": "far"}
        printed = svc("expose", *selected, "--dry-run=client", "-o", "json", kubeconfig=shop.kubeconfig).stdout
        assert printed.count(f'"namespace": "{other}"') == 1
    finally:
        shop.kubectl("delete", "namespace", other, "--wait=false")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("deploy --workload-selector tier=none", "No resources found in {namespace} namespace.\n"),
        ("deploy --workload-selector tier=none -A", "No resources found\n"),
    ],
)
def test_nothing_found(shop: Cluster, words: str, said: str) -> None:
    """A word about it, as kubectl get has it, and no error."""
    assert _expose(shop, *words.split()) == (0, [], said.format(namespace=shop.namespace))
    theirs = shop.kubectl("get", *words.replace("--workload-selector", "-l").split())
    assert theirs.stderr == said.format(namespace=shop.namespace)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("deploy web --all", "name cannot be provided when a selector is specified"),
        ("deploy/web --all", "selectors and the all flag cannot be used when passing resource/name arguments"),
        ("deploy,sts web --all", "selectors and the all flag cannot be used when passing resource/name arguments"),
        ("--all", "at least one resource must be specified to use a selector"),
        ("deploy --all --workload-selector a=b", "setting 'all' parameter but found a non empty selector. "),
        ("nothings --all", 'the server doesn\'t have a resource type "nothings"'),
        ("deploy web -A", "a resource cannot be retrieved by name across all namespaces"),
        (
            "deploy -A",
            "--all-namespaces (-A) goes with --all or --workload-selector, which say what is meant in each of them",
        ),
        ("deploy", "resource(s) were provided, but no name was specified"),
    ],
)
def test_words_that_do_not_go_together(shop: Cluster, words: str, said: str) -> None:
    """In kubectl's words where it has any (cli-runtime resource/builder.go); nothing is made."""
    assert _expose(shop, *words.split()) == (1, [], f"error: {said}\n")


def test_a_selector_that_is_none(shop: Cluster) -> None:
    """Whatever the server would say, this is before it."""
    code, exposed, err = _expose(shop, "deploy", "--workload-selector", "a in")
    assert (code, exposed) == (1, [])
    assert "unable to parse requirement: " in err


def test_a_right_that_is_missing(shop: Cluster) -> None:
    """One list that may not be read fails; so does the next one, each for itself."""
    done = svc("expose", "deploy,sts", "--all", kubeconfig=shop.nobody_kubeconfig)
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert [line.partition(": ")[0] for line in said] == ["Error from server (Forbidden)"] * 2 + ["error"]
    assert said[-1] == "error: 2 of 2 failed"


# --- files


def test_labels_pick_from_files(tmp_path: Path) -> None:
    """As in kubectl apply -l; without a cluster, if need be."""
    path = tmp_path / "all.yaml"
    path.write_text(documents([deployment(name, labels={"tier": tier}) for name, tier in _LABELLED]))
    done = svc("expose", "-f", str(path), "--workload-selector", "tier notin (front)", "--dry-run=client", "-o", "name")
    assert (done.returncode, done.stdout, done.stderr) == (0, "service/api\nservice/db\n", "")
    done = svc("expose", "-f", str(path), "--all", "--dry-run=client", "-o", "name")
    assert done.stdout == "service/api\nservice/db\nservice/ui\n"


def test_labels_that_nothing_in_the_files_has(tmp_path: Path) -> None:
    """Nothing left is an error there, as with files that hold nothing to expose."""
    path = tmp_path / "all.yaml"
    path.write_text(documents([deployment("api")]))
    done = svc("expose", "-f", str(path), "--workload-selector", "tier=x", "--dry-run=client")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'error: none of the objects in the files has labels that match --workload-selector "tier=x"\n'


def test_all_namespaces_of_a_file(tmp_path: Path) -> None:
    """They say themselves where they belong."""
    path = tmp_path / "all.yaml"
    path.write_text(documents([deployment("api")]))
    done = svc("expose", "-f", str(path), "-A", "--dry-run=client")
    assert done.stderr.startswith("error: --all-namespaces (-A) does not go with files")


# --- lists that go wrong


def _page(*names: str, following: str = "") -> bytes:
    items = [
        {key: value for key, value in deployment(name).items() if key not in ("apiVersion", "kind")} for name in names
    ]
    metadata = {"continue": following} if following else {}
    return json.dumps(
        {"kind": "DeploymentList", "apiVersion": "apps/v1", "metadata": metadata, "items": items}
    ).encode()


def _asked(server_targets: list[str]) -> list[str]:
    return [target.partition("?")[2] for target in server_targets]


def test_a_list_that_takes_too_long_goes_on() -> None:
    """The server has forgotten its beginning (410) and says where to go on with what there is now."""
    gone = {"kind": "Status", "status": "Failure", "reason": "Expired", "code": 410, "metadata": {"continue": "later"}}
    with serve(
        answer(body=_page("a", following="next")),
        answer("410 Gone", json.dumps(gone).encode()),
        answer(body=_page("b")),
    ) as server:
        done = svc("expose", "deploy", "--all", "--dry-run=client", "-o", "name", "-s", server.url)
        assert (done.returncode, done.stdout) == (0, "service/a\nservice/b\n")
        targets = [asked.target for asked in server.asked]
    assert _asked(targets) == [
        "labelSelector=&limit=500",
        "continue=next&labelSelector=&limit=500",
        "continue=later&labelSelector=&limit=500",
    ]


def test_a_list_that_ends_early_fails_for_itself() -> None:
    """What had been listed by then is exposed, and the error is told and counted."""
    with serve(
        answer(body=_page("a", "b", following="next")),
        answer("403 Forbidden", b"no more", kind="text/plain"),
    ) as server:
        done = svc("expose", "deploy", "--all", "--dry-run=client", "-o", "name", "-s", server.url)
    assert (done.returncode, done.stdout) == (1, "service/a\nservice/b\n")
    assert done.stderr.splitlines() == [
        "Error from server (Forbidden): no more (get deployments.apps)",
        "error: 1 of 3 failed; 2 exposed (dry run)",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"kind":"DeploymentList","items":[7]}', "error: the server's list of deployments cannot be read"),
        (b'{"kind":"DeploymentList","items":7}', "No resources found"),
        (b'{"kind":"DeploymentList","metadata":7}', "No resources found"),
        (b'{"kind":"DeploymentList","items":[{}]}', "error: "),
        (b'{"kind":"DeploymentList","items":[{"metadata":[]}]}', "error: "),
        (b'{"kind":"DeploymentList","items":[{"metadata":"x"}]}', "error: "),
    ],
)
def test_lists_of_odd_shapes(body: bytes, said: str) -> None:
    """One line each, and no traceback."""
    with serve(answer(body=body)) as server:
        done = svc("expose", "deploy", "--all", "--dry-run=client", "-s", server.url)
    assert done.stdout == ""
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


def test_a_list_that_goes_round_in_circles() -> None:
    """The same page again and again is no list."""
    with serve(answer(body=_page("a", following="again"))) as server:
        done = svc("expose", "deploy", "--all", "--dry-run=client", "-o", "name", "-s", server.url)
    assert (done.returncode, done.stdout) == (1, "service/a\nservice/a\n")
    assert done.stderr.startswith("error: the server's list of deployments does not end")
