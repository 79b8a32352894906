"""Manifests and flags that nobody thought of: hypothesis makes them, both programs expose them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.differential.programs import run_kubectl, run_svc

if TYPE_CHECKING:
    from pathlib import Path

    from tests.control_plane.build import Programs
    from tests.control_plane.cluster import Cluster

_WORDS = st.sampled_from(
    [
        "web",
        "a.b",
        "1e3",
        "y",
        "",
        "on",
        "x_y",
        "é",
        "a b",
        "0x1",
        "-",
        "a/b",
        "1:30",
        "~",
        "null",
        "<&>",
        "\u2028",
        "'",
    ]
)
_KEYS = st.sampled_from(["app", "app.kubernetes.io/name", "y", "tier", "1", "a10", "a2", "Ω"])
_LABELS = st.dictionaries(_KEYS, _WORDS, max_size=3)
_PROTOCOLS = st.sampled_from(["TCP", "UDP", "SCTP"])
# No number twice with one protocol: there we differ on purpose.
_PORTS = st.lists(
    st.tuples(st.integers(1, 65535) | st.sampled_from([53, 80]), _PROTOCOLS | st.none()),
    max_size=4,
    unique_by=lambda port: (port[0], port[1] or "TCP"),
)


def _container(ports: list[tuple[int, str | None]]) -> dict[str, Any]:
    declared = [{"containerPort": number, **({"protocol": protocol} if protocol else {})} for number, protocol in ports]
    return {"name": "a", "image": "a", "ports": declared}


@st.composite
def _manifests(draw: st.DrawFn) -> dict[str, Any]:
    """A workload of one of the kinds that carry a pod template, valid or not."""
    kind, version, labelled = draw(
        st.sampled_from(
            [
                ("Deployment", "apps/v1", True),
                ("ReplicaSet", "apps/v1", True),
                ("ReplicationController", "v1", False),
                ("Pod", "v1", None),
            ]
        )
    )
    labels = draw(_LABELS)
    pod_spec = {"containers": [_container(draw(_PORTS))]}
    manifest: dict[str, Any] = {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": draw(_WORDS), **({"labels": labels} if draw(st.booleans()) else {})},
    }
    if labelled is None:
        return {**manifest, "spec": pod_spec}
    selector = draw(_LABELS)
    return {
        **manifest,
        "spec": {
            "selector": {"matchLabels": selector} if labelled else selector,
            "template": {"metadata": {"labels": selector}, "spec": pod_spec},
        },
    }


_FLAGS = st.lists(
    st.one_of(
        st.tuples(st.just("--port"), st.sampled_from(["80", "80,443", "53", "+1", "0", "x", "70000", "1,", ""])),
        st.tuples(st.just("--target-port"), st.sampled_from(["80", "http", "1e3", "+5", "99999999999", "-1", "é"])),
        st.tuples(st.just("--protocol"), st.sampled_from(["TCP", "UDP", "Wrong"])),
        st.tuples(st.just("--type"), st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName", "X"])),
        st.tuples(st.just("--selector"), st.sampled_from(["a=b", "a=", "a", "=b", "a=b,c=1e3", "y=y"])),
        st.tuples(st.just("-l"), st.sampled_from(["a=b", "a", "on=off", "a=b=c"])),
        st.tuples(st.just("--name"), _WORDS),
        st.tuples(st.just("--cluster-ip"), st.sampled_from(["None", "10.0.0.9", "x"])),
        st.tuples(st.just("--external-ip"), st.sampled_from(["192.0.2.1", "x"])),
        st.tuples(st.just("--load-balancer-ip"), st.just("192.0.2.2")),
        st.tuples(st.just("--session-affinity"), st.sampled_from(["None", "ClientIP", "X"])),
        st.tuples(st.just("-n"), st.sampled_from(["default", "other"])),
        st.tuples(st.just("--save-config")),
        st.tuples(st.just("--record")),
    ),
    max_size=4,
    unique_by=lambda flag: flag[0],  # a repeated flag counts every time with us
)
_FORMATS = st.sampled_from(["yaml", "json", "kyaml", "name", "jsonpath={.spec}"])


@pytest.fixture(scope="module")
def stage(site: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A namespace; nothing is made in it."""
    with site.cluster(tmp_path_factory.mktemp("generated")) as cluster:
        yield cluster


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(manifest=_manifests(), flags=_FLAGS, output=_FORMATS)
def test_both_programs_do_alike(
    *,
    manifest: dict[str, Any],
    flags: list[tuple[str, ...]],
    output: str,
    stage: Cluster,
    programs: Programs,
    tmp_path: Path,
) -> None:
    """Exit code, standard output and the first error line are the same."""
    (tmp_path / "it.json").write_text(json.dumps(manifest))
    argv = ["-f", "it.json", "--dry-run=client", "-o", output, *(word for flag in flags for word in flag)]
    env = {"KUBECONFIG": stage.kubeconfig, "KUBECTL_PATH": programs.kubectl}
    assert run_svc(argv, env, tmp_path) == run_kubectl(programs.kubectl, argv, env, tmp_path)
