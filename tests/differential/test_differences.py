"""Where we differ from kubectl on purpose: design.md section 1 lists them all, the README says each in one line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.svc import svc

if TYPE_CHECKING:
    from typing import Any

    from tests.control_plane.cluster import Cluster

_README = Path(__file__).parents[2] / "README.md"

_WORKLOADS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: one, labels: {app: one}}
spec:
  selector: {matchLabels: {app: one}}
  template:
    metadata: {labels: {app: one}}
    spec: {containers: [{name: a, image: a, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: two, namespace: elsewhere, labels: {app: two}}
spec: {containers: [{name: a, image: a, ports: [{containerPort: 81, protocol: UDP}]}]}
"""
_OTHERS = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: Service
metadata: {name: one}
spec: {selector: {app: one}, ports: [{port: 80}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: one}
spec: {selector: {matchLabels: {app: one}}, endpoints: [{port: http}]}
"""


def _offline(documents: str, *argv: str) -> list[Any]:
    """The Services that a client dry run prints for the documents: without cluster and kubeconfig."""
    done = svc("expose", "-f", "-", "--dry-run=client", "-o", "yaml", *argv, stdin=documents)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def test_every_object_has_its_own_selector_port_and_labels() -> None:
    """kubectl gives every Service those of the first object."""
    one, two = _offline(_WORKLOADS)
    assert (one["spec"]["selector"], one["spec"]["ports"][0]["port"]) == ({"app": "one"}, 80)
    assert (two["spec"]["selector"], two["spec"]["ports"][0]["port"]) == ({"app": "two"}, 81)
    assert (two["metadata"]["labels"], two["spec"]["ports"][0]["protocol"]) == ({"app": "two"}, "UDP")


def test_one_name_for_several_objects_is_refused() -> None:
    """kubectl creates the first and fails for the rest."""
    done = svc("expose", "-f", "-", "--dry-run=client", "--name", "x", stdin=_WORKLOADS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: --name=x cannot name several Services")


def test_a_file_may_name_its_namespace() -> None:
    """kubectl puts every Service into the context's."""
    one, two = _offline(_WORKLOADS)
    assert "namespace" not in one["metadata"]
    assert two["metadata"]["namespace"] == "elsewhere"


def test_another_explicit_namespace_is_an_error() -> None:
    """kubectl's own error, for that object alone."""
    done = svc("expose", "-f", "-", "--dry-run=client", "-n", "here", stdin=_WORKLOADS)
    assert (done.returncode, done.stdout) == (1, "service/one exposed (dry run)\n")
    assert 'the namespace from the provided object "elsewhere" does not match the namespace "here"' in done.stderr


def test_a_file_is_exposed_in_its_namespace(cluster: Cluster) -> None:
    """Online too: the Service lands where the workload belongs."""
    other = cluster.core.create_namespace({"metadata": {"generateName": "kubectl-svc-test-"}}).metadata.name
    try:
        pod = _WORKLOADS.split("---\n")[1].replace("elsewhere", other)
        done = svc("expose", "-f", "-", kubeconfig=cluster.kubeconfig, stdin=pod)
        assert done.stdout == "service/two exposed\n"
        assert cluster.core.read_namespaced_service("two", other).spec.selector == {"app": "two"}
    finally:
        cluster.core.delete_namespace(other)


def test_a_broken_kubeconfig_does_not_matter_offline(tmp_path: Path) -> None:
    """With --dry-run=client a file needs no cluster and no kubeconfig."""
    (tmp_path / "config").write_text("{{{")
    done = svc("expose", "-f", "-", "--dry-run=client", kubeconfig=str(tmp_path / "config"), stdin=_WORKLOADS)
    assert done.returncode == 0


def test_what_cannot_be_exposed_is_skipped_with_a_note() -> None:
    """So are Services beside workloads, and custom resources that nobody knows pods of."""
    done = svc("expose", "-f", "-", "--dry-run=client", stdin=_WORKLOADS + _OTHERS)
    assert done.returncode == 0
    assert done.stdout == "service/one exposed (dry run)\nservice/two exposed (dry run)\n"
    assert [line.split(":")[1].split('"')[0] for line in done.stderr.splitlines()] == [
        " skipped ConfigMap ",
        " skipped ServiceMonitor.monitoring.coreos.com ",
        " skipped Service ",
    ]


def test_nothing_left_is_an_error() -> None:
    """In kubectl's words."""
    done = svc("expose", "-f", "-", "--dry-run=client", stdin=_OTHERS.split("---")[1])
    assert (done.returncode, done.stderr) == (1, "error: cannot expose a ConfigMap\n")


def test_a_service_alone_in_a_file_is_exposed() -> None:
    """There it is the workload."""
    (copy,) = _offline(_OTHERS.split("---")[2], "--name", "copy")
    assert copy["spec"]["selector"] == {"app": "one"}


def test_a_service_keeps_its_ports_whole(cluster: Cluster) -> None:
    """Target ports, names and application protocols; for a typed number too."""
    ports = [
        {"name": "http", "port": 80, "targetPort": "web", "appProtocol": "http", "protocol": "TCP"},
        {"name": "dns", "port": 53, "targetPort": 5353, "protocol": "UDP"},
    ]
    body = {"metadata": {"name": "source"}, "spec": {"selector": {"app": "a"}, "ports": ports}}
    cluster.core.create_namespaced_service(cluster.namespace, body)
    kubeconfig = cluster.kubeconfig
    done = svc("expose", "service", "source", "--name", "copy", "-o", "yaml", kubeconfig=kubeconfig)
    assert yaml.safe_load(done.stdout)["spec"]["ports"] == ports
    done = svc("expose", "svc/source", "--name", "one", "--port", "53", "-o", "yaml", kubeconfig=kubeconfig)
    assert yaml.safe_load(done.stdout)["spec"]["ports"] == ports[1:]


def test_an_expression_with_one_value_is_a_selector() -> None:
    """`In` with one value says the same as a label."""
    selector = "matchLabels: {app: one}, matchExpressions: [{key: tier, operator: In, values: [front]}]"
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0].replace("matchLabels: {app: one}", selector)
    (service,) = _offline(documents)
    assert service["spec"]["selector"] == {"app": "one", "tier": "front"}


@pytest.mark.parametrize(
    "expression", ["{key: app, operator: In, values: [other]}", "{key: a, operator: In, values: [b, c]}"]
)
def test_any_other_expression_is_refused(expression: str) -> None:
    """One that contradicts a label, or that a map cannot say: kubectl's error."""
    selector = f"matchLabels: {{app: one}}, matchExpressions: [{expression}]"
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0].replace("matchLabels: {app: one}", selector)
    done = svc("expose", "-f", "-", "--dry-run=client", stdin=documents)
    assert "couldn't convert expressions" in done.stderr


def test_the_same_port_twice_is_one_service_port() -> None:
    """Two containers may declare one number."""
    twice = "[{name: a, image: a, ports: [{containerPort: 80}]}, {name: b, image: b, ports: [{containerPort: 80}]}]"
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0].replace(
        "[{name: a, image: a, ports: [{containerPort: 80}]}]", twice
    )
    (service,) = _offline(documents)
    assert service["spec"]["ports"] == [{"port": 80, "protocol": "TCP", "targetPort": 80}]


def test_repeated_flags_count_every_time(cluster: Cluster) -> None:
    """--port, --external-ip and --cluster-ip; the server takes them all."""
    argv = ["--port", "80", "--port", "443", "--external-ip", "192.0.2.1", "--external-ip", "192.0.2.2"]
    addresses = ["--cluster-ip", "10.0.200.1", "--cluster-ip", "fd00:10::200"]
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0]
    done = svc("expose", "-f", "-", *argv, *addresses, "-o", "yaml", kubeconfig=cluster.kubeconfig, stdin=documents)
    spec = yaml.safe_load(done.stdout)["spec"]
    assert [(port["name"], port["port"]) for port in spec["ports"]] == [("port-1", 80), ("port-2", 443)]
    assert spec["externalIPs"] == ["192.0.2.1", "192.0.2.2"]
    assert spec["clusterIPs"] == ["10.0.200.1", "fd00:10::200"]


def test_the_last_selector_and_the_last_labels_win() -> None:
    """As in kubectl."""
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0]
    (service,) = _offline(documents, "-l", "a=b", "-l", "c=d", "--selector", "e=f", "--selector", "g=h")
    assert (service["metadata"]["labels"], service["spec"]["selector"]) == ({"c": "d"}, {"g": "h"})


def test_api_words_in_the_wrong_case_are_put_right() -> None:
    """kubectl sends them as typed, and the server refuses them."""
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0]
    (service,) = _offline(
        documents, "--type", "nodeport", "--protocol", "udp", "--session-affinity", "clientip", "--cluster-ip", "none"
    )
    spec = service["spec"]
    assert (spec["type"], spec["ports"][0]["protocol"]) == ("NodePort", "UDP")
    assert (spec["sessionAffinity"], spec["clusterIP"]) == ("ClientIP", "None")


def test_fields_are_owned_by_kubectl_svc(cluster: Cluster) -> None:
    """Seen only with --show-managed-fields."""
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0]
    argv = ["--dry-run=server", "-o", "yaml", "--show-managed-fields"]
    done = svc("expose", "-f", "-", *argv, kubeconfig=cluster.kubeconfig, stdin=documents)
    assert yaml.safe_load(done.stdout)["metadata"]["managedFields"][0]["manager"] == "kubectl-svc"


def test_kuberc_is_not_read(tmp_path: Path) -> None:
    """A missing file is no error, and one that is there changes nothing."""
    preferences = tmp_path / "kuberc"
    preferences.write_text(
        "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
        "defaults: [{command: expose, options: [{name: port, default: '7'}]}]\n"
    )
    for path in (preferences, tmp_path / "missing"):
        (one, _) = _offline(_WORKLOADS, "--kuberc", str(path))
        assert one["spec"]["ports"][0]["port"] == 80


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--port", "0"], "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"),
        (["--type", "Wrong"], 'spec.type: Unsupported value: "Wrong"'),
        (["--protocol", "WRONG"], 'spec.ports[0].protocol: Unsupported value: "WRONG"'),
    ],
)
def test_what_every_server_refuses_earns_a_warning(argv: list[str], words: str) -> None:
    """kubectl prints it on a client dry run without a murmur; so do we, and say so on standard error."""
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0]
    done = svc("expose", "-f", "-", "--dry-run=client", *argv, stdin=documents)
    assert (done.returncode, done.stdout) == (0, "service/one exposed (dry run)\n")
    assert done.stderr.startswith(f"Warning: every server will refuse this Service: {words}")


def test_a_name_that_is_cut_earns_a_warning() -> None:
    """63 characters are all that a Service name can have."""
    documents = _WORKLOADS.split("---\n", maxsplit=1)[0].replace("name: one", f"name: {'x' * 70}")
    done = svc("expose", "-f", "-", "--dry-run=client", "-o", "name", stdin=documents)
    assert done.stdout == f"service/{'x' * 63}\n"
    assert done.stderr.startswith("Warning: the name ")


@pytest.mark.parametrize(
    "phrase",
    [
        "each Service gets its own",
        "puts the Service into the namespace",
        "are skipped",
        "keeps all of its ports",
        "`matchExpressions`",
        "declared twice",
        "counts every time",
        "wrong case",
        "field manager",
        "kuberc",
    ],
)
def test_the_readme_lists_it(phrase: str) -> None:
    """Each difference has a line of the README's list, and no line is of anything else."""
    section = _README.read_text().partition("## Differences from kubectl expose")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("- ")]
    assert len(lines) == 10
    assert len([line for line in lines if phrase in line]) == 1
