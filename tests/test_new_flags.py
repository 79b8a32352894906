"""The flags that kubectl has not, on the real server: what is printed, what is made, and what others read of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_svc.flags import CREATE, EXPOSE
from kubectl_svc.flags.model import ADDRESSES, METADATA, PORTS, TRAFFIC
from tests.differential.bench import Bench, check, comparable, lines_beside_notes
from tests.differential.new_flags import Line, lines
from tests.differential.programs import without_allotted
from tests.differential.workloads import KINDS, Source, sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.control_plane.cluster import Cluster

_EXAMPLES = settings().max_examples
_SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
_OURS = (PORTS, ADDRESSES, TRAFFIC, METADATA)  # groups of flags that kubectl has not
_POD_NAME = "statefulset.kubernetes.io/pod-name"


@pytest.fixture
def bench(stage: Cluster, env: dict[str, str]) -> Bench:
    return Bench(stage, env)


def _can_be_applied(service: dict[str, Any], line: Line) -> bool:
    """Whether kubectl apply can leave it alone: not one that the server gave a second family, which a list replaces."""
    families = line.says.get("spec.ipFamilies")
    return not families or service["spec"]["ipFamilies"] == families


def _on(source: Source | None) -> st.SearchStrategy[tuple[Source | None, Line]]:
    return st.tuples(st.just(source), lines(source))


_CASES = st.one_of(sources().flatmap(_on), sources().flatmap(_on), _on(None))


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 4, 1))
@given(case=_CASES, format_=st.sampled_from(("yaml", "json", "kyaml")))
def test_what_is_printed_is_what_is_made(case: tuple[Source | None, Line], format_: str, bench: Bench) -> None:
    """The live Service says what the flags say; the printed one makes the same through kubectl, and changes nothing."""
    source, line = case
    argv = ["expose", source.kind, "web", *line.words] if source else ["create", "web", *line.words]
    with bench.holding(*([source.manifest] if source else [])) as stored:
        printed = bench.result(*argv, "--dry-run=client", "-o", format_)
        assert bench.services() == []
        out = bench.result(*argv)
        (ours,) = bench.services()
        assert out == f"service/{ours['metadata']['name']} {'exposed' if source else 'created'}\n"
        check(ours, line, stored)
        if _can_be_applied(ours, line):
            bench.stage.kubectl("apply", "-f", "-", stdin=printed)
            (applied,) = bench.services()
            assert applied["spec"] == ours["spec"]
        bench.take_services()
        bench.stage.kubectl("create", "-f", "-", stdin=printed)
        (theirs,) = bench.services()
        assert comparable(theirs) == comparable(ours)
        check(theirs, line, stored)


@st.composite
def _two_sources(draw: st.DrawFn) -> tuple[list[Source], list[str]]:
    """Two workloads of different names, and flags that fit the first."""
    kinds = sorted(KINDS.keys() - {"Service"})
    found = [draw(sources(kinds)), draw(sources(kinds))]
    found[1].manifest["metadata"]["name"] = "api"
    for source in found:
        source.manifest["spec"].pop("serviceName", None)  # two may have one name
    groups = draw(lines(found[0], alone=False)).groups
    return found, [word for group in groups for word in group if group[0] != "--name"]


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 8, 1))
@given(case=_two_sources(), in_files=st.booleans(), dry_run=st.sampled_from(("none", "client")))
def test_several_objects_give_what_each_gives_alone(
    case: tuple[list[Source], list[str]], in_files: bool, dry_run: str, bench: Bench, tmp_path: Path
) -> None:
    """The Services are the same, and so is what is said of an object that the flags do not fit."""
    found, flags = case
    targets = []
    for source in found:
        path = tmp_path / f"{source.manifest['metadata']['name']}.json"
        path.write_text(json.dumps(source.manifest))
        targets.append(["-f", str(path)] if in_files else [f"{source.kind}/{path.stem}"])
    flags = [*flags, f"--dry-run={dry_run}", "-o", "yaml"]
    with bench.holding(*(source.manifest for source in found)):
        alone = [(*bench.run("expose", *target, *flags), bench.take_services()) for target in targets]
        code, out, err = bench.run("expose", *targets[0], *targets[1], *flags)
        made = bench.take_services()
    assert code == max(code for code, _, _, _ in alone)
    assert _printed(out) == [service for _, its_out, _, _ in alone for service in _printed(its_out)]
    for _, _, its_err, _ in alone:
        assert all(line.removeprefix("error: ") in err for line in its_err.splitlines())
    each = [service for _, _, _, its_made in alone for service in its_made]
    assert sorted(map(comparable, made)) == sorted(map(comparable, each))


def _printed(out: str) -> list[Any]:
    """The documents of a YAML stream, without what the server allots."""
    return list(yaml.safe_load_all(re.sub("healthCheckNodePort: .*", "", without_allotted(out))))


def _name(service: dict[str, Any]) -> str:
    return str(service["metadata"]["name"])


@settings(suppress_health_check=_SLOW, max_examples=max(_EXAMPLES // 4, 1))
@given(data=st.data(), replicas=st.integers(1, 3), start=st.integers(0, 3))
def test_each_replica_has_the_service_of_its_pod(
    data: st.DataObject, replicas: int, start: int, bench: Bench, tmp_path: Path
) -> None:
    """The one that --name and --selector make."""
    source = data.draw(sources(["StatefulSet"]))
    source.manifest["spec"] |= {"replicas": replicas, "ordinals": {"start": start}}
    (tmp_path / "it.json").write_text(json.dumps(source.manifest))
    line = data.draw(lines(source, alone=False).filter(lambda line: line.says.get("spec.type") != "ExternalName"))
    others = ("--selector", "--selector-key", "--selector-from", "--name", "--owner")
    flags = [word for group in line.groups for word in group if group[0].partition("=")[0] not in others]
    argv = ["expose", "-f", str(tmp_path / "it.json"), "--dry-run=client", "-o", "yaml", *flags]
    pods = [f"web-{ordinal}" for ordinal in range(start, start + replicas)]
    each = [bench.result(*argv, "--name", pod, "--selector", f"{_POD_NAME}={pod}") for pod in pods]
    assert list(yaml.safe_load_all(bench.result(*argv, "--per-replica"))) == list(map(yaml.safe_load, each))


_JUNK = ("", "x", "0", "-1", "80", "70000", "99999999999", "A_B", "a=b", "a=", "=b", "é", "1h", "25h", "None", "[::1]")
_FLAGS = {flag.name: flag for flag in EXPOSE.flags if flag.group in _OURS} | {
    flag.name: flag
    for flag in EXPOSE.flags
    if flag.name in ("port", "target-port", "protocol", "type", "name", "cluster-ip", "external-ip", "session-affinity")
}
_PORTS = st.text("0123456789=:/-, abhtp", max_size=12) | st.sampled_from(
    ("80", "80:", ":80", "80:0:0", "80:x:", "53/udp,53/tcp", "a=80,a=81", "a=b=80", "80/TCP/UDP", "080:08", "70000:1")
)


@st.composite
def _typed(draw: st.DrawFn) -> list[str]:
    """A flag of a Service with a value that may fit or not."""
    flag = _FLAGS[draw(st.sampled_from(sorted(_FLAGS)))]
    values = st.sampled_from(_JUNK) | st.text("aé中 =,:/'\"\\#-+.019_%<&\n", max_size=5)
    if flag.values:
        values = st.sampled_from(flag.values) | values
    if flag.name == "port":
        values = _PORTS
    elif flag.type == "int32":
        values = st.sampled_from(("30084", "0", "-1", "80", "70000", "99999999999", "x"))
    return [f"--{flag.name}" if flag.bare and draw(st.booleans()) else f"--{flag.name}={draw(values)}"]


@settings(suppress_health_check=_SLOW, max_examples=_EXAMPLES)
@given(
    groups=st.lists(_typed(), min_size=1, max_size=4),
    sending=st.sampled_from(("--dry-run=none", "--dry-run=server", "--dry-run=client")),
    target=st.sampled_from((("expose", "statefulset", "web"), ("expose", "-f", "FILE"), ("create", "web"))),
)
def test_anything_that_is_typed_is_made_or_refused(
    groups: list[list[str]], sending: str, target: Sequence[str], bench: Bench, smoked: dict[str, list[str]]
) -> None:
    """A Service and notes at most; or one error, exit code 1 and nothing else. Never a traceback."""
    words = [smoked["-f"][-1] if word == "FILE" else word for word in target]
    code, out, err = bench.run(*words, *(word for group in groups for word in group), sending)
    made = bench.take_services()
    rest = lines_beside_notes(err)
    if code == 0:
        assert rest == []
        assert re.fullmatch(r"service/.* (exposed|created)( \((server )?dry run\))?\n", out, re.DOTALL)
        assert len(made) == (sending == "--dry-run=none")
    else:
        assert (code, out, made) == (1, "", [])
        assert re.match("error: |Error from server|The Service ", rest[0])
        assert all(line.startswith(("* ", "  ", "See ")) for line in rest[1:] if line)


# Of each flag of ours: the words, a place in the Service, and what stands there.
_SMOKE: dict[str, tuple[str, str, Any]] = {
    "port": ("--port h=80:8080:30080/grpc", "spec.ports.0", {
        "name": "h", "port": 80, "targetPort": 8080, "nodePort": 30080, "protocol": "TCP", "appProtocol": "grpc",
    }),
    "node-port": ("--port 80 --node-port 30081", "spec.ports.0.nodePort", 30081),
    "app-protocol": ("--port 80 --app-protocol 80=kubernetes.io/ws", "spec.ports.0.appProtocol", "kubernetes.io/ws"),
    "port-naming": ("--port 80 --port-naming descriptive", "spec.ports.0.name", "tcp-80-80"),
    "container": ("--container aside", "spec.ports.0.port", 9090),
    "headless": ("--headless", "spec.clusterIP", "None"),
    "per-replica": ("--per-replica", "spec.selector", {"statefulset.kubernetes.io/pod-name": "web-0"}),
    "external-name": ("--external-name db.example.com", "spec.externalName", "db.example.com"),
    "ip-family": ("--port 80 --ip-family ipv6,ipv4", "spec.ipFamilies", ["IPv6", "IPv4"]),
    "ip-family-policy": ("--port 80 --ip-family-policy requiredualstack", "spec.ipFamilyPolicy", "RequireDualStack"),
    "load-balancer-class": (
        "--port 80 --type LoadBalancer --load-balancer-class a.b/c", "spec.loadBalancerClass", "a.b/c",
    ),
    "load-balancer-source-ranges": (
        "--port 80 --type LoadBalancer --load-balancer-source-ranges 10.0.0.0/8", "spec.loadBalancerSourceRanges",
        ["10.0.0.0/8"],
    ),
    "allocate-load-balancer-node-ports": (
        "--port 80 --type LoadBalancer --allocate-load-balancer-node-ports=false",
        "spec.allocateLoadBalancerNodePorts", False,
    ),
    "session-affinity-timeout": (
        "--port 80 --session-affinity-timeout 10m", "spec.sessionAffinityConfig.clientIP.timeoutSeconds", 600,
    ),
    "external-traffic-policy": (
        "--port 80 --type NodePort --external-traffic-policy local", "spec.externalTrafficPolicy", "Local",
    ),
    "internal-traffic-policy": ("--port 80 --internal-traffic-policy local", "spec.internalTrafficPolicy", "Local"),
    "traffic-distribution": (
        "--port 80 --traffic-distribution prefersamenode", "spec.trafficDistribution", "PreferSameNode",
    ),
    "publish-not-ready-addresses": ("--port 80 --publish-not-ready-addresses", "spec.publishNotReadyAddresses", True),
    "health-check-node-port": (
        "--port 80 --type LoadBalancer --external-traffic-policy Local --health-check-node-port 30082",
        "spec.healthCheckNodePort", 30082,
    ),
    "selector-key": ("--selector-key tier", "spec.selector", {"tier": "back"}),
    "selector-from": (
        "--selector-from acp", "spec.selector", {"project.cpaas.io/name": "p", "service.cpaas.io/name": "s"},
    ),
    "annotation": ("--port 80 --annotation a=b,c=d", "metadata.annotations", {"a": "b,c=d"}),
    "owner": ("--owner", "metadata.ownerReferences.0.kind", "StatefulSet"),
}  # fmt: skip
_FORMATS = ("", "name", "yaml", "json", "kyaml", "jsonpath-as-json={$}", "go-template={{.metadata.name}}", "YAML")
_WAYS = ("named", "-f", "-k", "create")
_ONLY_OF_WORKLOADS = {flag.name for flag in CREATE.flags if flag.refused}
_TEMPLATE_LABELS = {"app": "web", "tier": "back", "project.cpaas.io/name": "p", "service.cpaas.io/name": "s"}
_SMOKED = {
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 1,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": _TEMPLATE_LABELS},
            "spec": {
                "containers": [{"name": "db", "image": "a", "ports": [{"containerPort": 8080}]}],
                "initContainers": [
                    {"name": "aside", "image": "a", "restartPolicy": "Always", "ports": [{"containerPort": 9090}]}
                ],
            },
        },
    },
}


@pytest.fixture(scope="module")
def smoked(
    stage: Cluster, env: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[str]]]:
    """A StatefulSet on the stage, and the arguments that name it, by way."""
    folder = tmp_path_factory.mktemp("smoked")
    (folder / "web.json").write_text(json.dumps(_SMOKED))
    (folder / "kustomization.yaml").write_text("resources: [web.json]")
    with Bench(stage, env).holding(_SMOKED):
        yield {
            "named": ["expose", "sts/web"],
            "-f": ["expose", "-f", str(folder / "web.json")],
            "-k": ["expose", "-k", str(folder)],
            "create": ["create", "web"],
        }


def test_every_flag_of_ours_is_tried() -> None:
    """All that are declared, and the longer words of --port."""
    assert _SMOKE.keys() == {"port"} | {flag.name for flag in EXPOSE.flags if flag.group in _OURS}


@pytest.mark.parametrize("dry_run", ["none", "client", "server"])
@pytest.mark.parametrize(
    ("flag", "way"),
    [(flag, way) for flag in _SMOKE for way in _WAYS if way != "create" or flag not in _ONLY_OF_WORKLOADS],
)
def test_each_flag_each_way(flag: str, way: str, dry_run: str, bench: Bench, smoked: dict[str, list[str]]) -> None:
    """What is printed, and what is made, says it; the formats take turns, so that each flag meets each of them."""
    words, path, value = _SMOKE[flag]
    modes = ("none", "client", "server")
    turn = [*_SMOKE].index(flag) + 3 * _WAYS.index(way) + modes.index(dry_run)
    format_ = _FORMATS[turn % len(_FORMATS)]
    argv = [*smoked[way], *words.split(), f"--dry-run={dry_run}", "-o", format_]
    if flag == "owner" and way in ("-f", "-k") and dry_run == "client":
        code, out, err = bench.run(*argv)
        assert (code, out) == (1, "")
        assert err.startswith("error: --owner needs the object as it lives on the server")
        return
    name = "web-0" if flag == "per-replica" else "web"
    out = bench.result(*argv)
    made = bench.take_services()
    if format_ == "":
        modes_said = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
        assert out == f"service/{name} {'created' if way == 'create' else 'exposed'}{modes_said[dry_run]}\n"
    elif format_ in ("name", _FORMATS[6]):
        assert out.strip().removeprefix("service/") == name
    else:
        printed = yaml.safe_load(out)
        assert _in(printed[0] if isinstance(printed, list) else printed, path, value)
    assert len(made) == (dry_run == "none")
    assert all(_name(service) == name and _in(service, path, value) for service in made)


def _in(service: Any, path: str, value: Any) -> bool:
    """Whether the value stands there; of a ServicePort, that the server may have added nothing matters."""
    for part in path.split("."):
        service = service[int(part)] if part.isdigit() else service[part]
    return bool(service == value)
