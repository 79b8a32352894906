"""The portable flags: every cell of the matrix of providers and intents, and what contradicts itself."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kubectl_svc.access.providers import Providers
from kubectl_svc.load_balancers.conditions import find_problems
from kubectl_svc.load_balancers.model import INTENTS, Provider
from tests.load_balancers.matrix import MATRIX
from tests.svc import svc, svc_here

if TYPE_CHECKING:
    from tests.control_plane.cluster import Cluster

_PROVIDERS = {provider.name: provider for provider in Providers({}).all()}
_EXPOSE = ("expose", "-f", "tests/examples/my-app.yaml", "--dry-run=client", "-o", "json")
_SAMPLES = {"address": "10.0.0.9", "id": "an-id", "pool": "a-pool", "subnet": "a-subnet", "share": "key"}


def _flag(intent: str) -> str:
    name, _, word = intent.partition("=")
    return f"--lb-{name} {word}".rstrip()


_CELLS = [(name, intent) for name in _PROVIDERS for intent in INTENTS]


def _expose(*words: str) -> tuple[dict[str, Any], str]:
    """The Service, empty where there was an error, and what was said."""
    code, out, err = svc_here(*_EXPOSE, *words)
    assert code == (0 if out else 1)
    return json.loads(out or "{}"), err


def _written(service: dict[str, Any]) -> dict[str, str]:
    """All that the Service says to the load balancer."""
    metadata, spec = service["metadata"], service["spec"]
    fields = {f"spec.{name}": value for name, value in spec.items() if name.startswith("loadBalancer")}
    labels = {key: value for key, value in metadata["labels"].items() if key != "app"}
    return {**metadata.get("annotations", {}), **labels, **fields}


@pytest.mark.parametrize(("name", "intent"), _CELLS, ids=lambda value: value)
def test_cell(name: str, intent: str) -> None:
    """What the matrix says is written, all of it and nothing else; where it says nothing, who can do it is said."""
    typed = [flag for flag in MATRIX[name] if flag.split(" ")[0] == _flag(intent).split(" ")[0]]
    typed = [flag for flag in typed if "=" not in intent or flag == _flag(intent)]
    if not typed:
        _refused(name, intent)
        return
    flag = typed[0]
    service, said = _expose("--lb", name, *shlex.split(flag))
    if not service:  # what the provider needs besides, and cannot be guessed
        assert (name, intent) == ("huawei", "target=ip")
        assert "elb.autocreate.available_zone" in said
        return
    assert service["spec"]["type"] == "LoadBalancer"
    assert _written(service) == MATRIX[name][flag]
    assert _PROVIDERS[name].supports(intent)


def _refused(name: str, intent: str) -> None:
    flag = f"{_flag(intent)} {_SAMPLES.get(intent, '')}".rstrip()
    service, said = _expose("--lb", name, *shlex.split(flag))
    assert service == {}
    last = said.splitlines()[-1]
    assert last.startswith(f"error: {flag}: {name} ")
    if _PROVIDERS[name].supports(intent):  # with other words beside it, which are said
        assert last.startswith(f"error: {flag}: {name} cannot do that here: ")
        return
    able = [other for other in _PROVIDERS if other != name and _PROVIDERS[other].supports(intent)]
    named = last.partition("those that can: ")[2] or last
    assert all(other in named for other in able)


def test_every_flag_of_the_matrix_is_a_cell() -> None:
    """No row of it tests nothing."""
    flags = {_flag(intent).split(" ")[0] for intent in INTENTS}
    assert MATRIX.keys() == _PROVIDERS.keys()
    assert {flag.split(" ")[0] for cells in MATRIX.values() for flag in cells} == flags


@pytest.mark.parametrize("provider", _PROVIDERS.values(), ids=lambda provider: provider.name)
def test_every_case_can_be_written(provider: Provider) -> None:
    """No case sets what the schema of its own setting refuses, whatever is typed for it."""
    for intent in INTENTS:
        for case in provider.cases(intent):
            for setting in provider.settings:
                assert not (setting.name in case.set and setting.written_by), (intent, setting.name)


_INTERNAL_LOCAL = {
    "aws": "--lb-target ip",
    "azure": "",
    "gke": "",
    "huawei": "",
    "alibaba": "--lb-target ip",
    "tencent": "--lb-subnet subnet-a1 --lb-target ip",
    "digitalocean": "",
    "oci": "",
    "hetzner": "",
    "openstack": "",
    "scaleway": "",
    "ibm": "",
    "linode": "--lb-subnet 7",
}


@pytest.mark.parametrize("name", sorted(_INTERNAL_LOCAL))
def test_internal_with_the_clients_addresses(name: str) -> None:
    """The command of the issue and its twin on every provider that can."""
    words = shlex.split(f"--lb {name} --lb-scheme internal {_INTERNAL_LOCAL[name]} --external-traffic-policy Local")
    service, _ = _expose(*words)
    assert service["spec"]["externalTrafficPolicy"] == "Local"
    assert service["spec"]["type"] == "LoadBalancer"
    assert find_problems(_PROVIDERS[name], service, {}) == []
    assert all(isinstance(value, str) for value in service["metadata"]["annotations"].values())


def test_all_that_can_be_internal_are_tested() -> None:
    """With whatever they need for it."""
    able = {name for name, provider in _PROVIDERS.items() if provider.supports("scheme=internal")}
    assert able == set(_INTERNAL_LOCAL)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "--lb aws --lb-scheme internal --lb-set scheme=internet-facing",
            "error: --lb-scheme internal contradicts --lb-set scheme=internet-facing: scheme cannot be both internal "
            "and internet-facing\n",
        ),
        (
            "--lb-scheme internal",
            "error: --lb-scheme needs --lb PROVIDER, or --lb auto: see kubectl svc providers\n",
        ),
        (
            "--lb aws --type NodePort",
            "error: --lb cannot be combined with --type NodePort: only a LoadBalancer has a load balancer\n",
        ),
        (
            "--lb aws --external-name a.example.com",
            "error: --lb cannot be combined with --external-name: that is a name for a host, without addresses\n",
        ),
        ("--lb amazon", 'error: no load balancer provider is called "amazon" (there are '),
        ("--lb hetzer", 'error: no load balancer provider is called "hetzer"; did you mean hetzner? (there are '),
        ("--lb aws --lb-set scheme", 'error: --lb-set "scheme": not NAME=VALUE\n'),
        ("--lb aws --lb-target pod", 'error: --lb-target "pod": not one of ip, instance\n'),
        (
            "--lb aws --lb-set shceme=internal",
            'error: --lb-set shceme: aws has no setting "shceme"; did you mean scheme',
        ),
        (
            "--lb aws --lb-set scheme=interal",
            'error: --lb-set scheme=interal: "interal" is not internal or internet-facing; did you mean internal?\n',
        ),
        (
            "--lb huawei --lb-set elb.mark=1",
            "error: --lb-set elb.mark=1: elb.mark is written by ",
        ),
        (
            "--lb kube-ovn --lb-address 10.0.0.9 --load-balancer-ip 10.0.0.8",
            "error: --lb-address 10.0.0.9 contradicts another flag: spec.loadBalancerIP cannot be both 10.0.0.9 and "
            "10.0.0.8\n",
        ),
        (
            "--lb metallb --lb-address 10.0.0.9 --load-balancer-ip 10.0.0.8",
            "error: --lb metallb: loadBalancerIPs cannot be combined with spec.loadBalancerIP\n",
        ),
        (
            "--lb oci --lb-set internal=true --lb-set service.beta.kubernetes.io/oci-load-balancer-internal=false",
            "contradicts --lb-set internal=true: internal cannot be both false and true\n",
        ),
        (
            "--lb oci --lb-set oci-network-load-balancer.oraclecloud.com/internal=true",
            "internal is only for load-balancer-type=nlb\n",
        ),
        (
            "--lb aws --lb-cross-zone --lb-set attributes=load_balancing.cross_zone.enabled=false",
            "load_balancing.cross_zone.enabled cannot be both true and false\n",
        ),
        (
            """--lb cce --lb-scheme internal --lb-set 'elb.autocreate={"type":"public"}'""",
            "error: --lb-scheme internal contradicts --lb-set elb.autocreate=",
        ),
        ("--lb=", "error: --lb says nothing: leave it out, or say a PROVIDER\n"),
        ("--lb azure --lb-scheme ''", "error: --lb-scheme says nothing: leave it out, or say a SCHEME\n"),
        ("--lb cce --lb-set elb.autocreate=", 'error: --lb-set elb.autocreate=: "" is not JSON'),
        ("--lb gke --load-balancer-class foo/bar", 'error: spec.loadBalancerClass: "foo/bar" is not one of '),
        (
            "--lb azure --load-balancer-class foo/bar",
            "error: --lb azure: it would ignore a Service with spec.loadBalancerClass\n",
        ),
        (
            "--lb k3s --lb-pool a -l svccontroller.k3s.cattle.io/lbpool=b",
            "error: --labels contradicts --lb k3s: svccontroller.k3s.cattle.io/lbpool cannot be both b and a\n",
        ),
        (
            "--lb aws --lb-set service.beta.kubernetes.io/aws-load-balancer-shceme=internal",
            "; did you mean service.beta.kubernetes.io/aws-load-balancer-scheme",
        ),
        ("--lb aws --lb-set 'healthcheck-path=/a\nb'", 'error: --lb-set "healthcheck-path=/a\\nb": '),
        ("--lb auto", "The connection to the server localhost:8080 was refused"),
    ],
)
def test_refused(words: str, said: str) -> None:
    """In one line that says what is wrong and what would be right; no Service."""
    service, errors = _expose(*shlex.split(words))
    assert service == {}
    lines = [line for line in errors.splitlines(keepends=True) if line.startswith("error")]
    assert len(lines) <= 1
    assert said in errors


def test_the_unchecked_way_out_has_the_last_word() -> None:
    """An --annotation stands, whatever a flag would have written."""
    key = "service.beta.kubernetes.io/aws-load-balancer-type"
    service, _ = _expose("--lb", "aws", "--annotation", f"{key}=nlb-ip")
    assert service["metadata"]["annotations"][key] == "nlb-ip"
    key = "service.beta.kubernetes.io/azure-pls-name"  # which needs another one
    service, _ = _expose("--lb", "azure", "--annotation", f"{key}=x")
    assert service["metadata"]["annotations"] == {key: "x"}


def test_warnings() -> None:
    """Of what is deprecated, and of what no source confirms."""
    _, said = _expose("--lb", "aws", "--lb-set", "internal=true")
    assert said.startswith("Warning: --lb-set internal=true: internal is deprecated: ")
    _, said = _expose("--lb", "civo", "--lb-set", "loadbalancer-algorithm=round_robin")
    assert "loadbalancer-algorithm is unverified: " in said


def test_the_prefix_of_metallb() -> None:
    """Old versions ignore the new one without a word, so there is one here, unless somebody chose."""
    service, said = _expose("--lb", "metallb", "--lb-pool", "a")
    assert said == "hint: MetalLB before 0.14.9 ignores the keys of metallb.io/: for it, --lb-set prefix=old\n"
    assert service["metadata"]["annotations"] == {"metallb.io/address-pool": "a"}
    service, said = _expose("--lb", "metallb", "--lb-pool", "a", "--lb-set", "prefix=old")
    assert said == ""
    assert service["metadata"]["annotations"] == {"metallb.universe.tf/address-pool": "a"}


def test_needs_of_a_value() -> None:
    """Some values of a setting ask for others."""
    _, said = _expose("--lb", "do", "--lb-set", "protocol=https")
    assert said == (
        "error: --lb digitalocean: protocol=https needs certificate-id or certificate-name or tls-passthrough=true\n"
    )
    _, said = _expose("--lb", "do", "--lb-set", "protocol=https", "--lb-set", "tls-passthrough=true")
    assert said == ""


@pytest.mark.parametrize("how", ["--apply", "--diff"])
def test_what_comes_too_late(how: str, stage: Cluster) -> None:
    """Of settings that only count when the load balancer is made, an --apply warns."""
    words = ("--dry-run=server", "--lb", "aws", "--name", "late")
    done = svc("expose", "-f", "tests/examples/my-app.yaml", how, *words, kubeconfig=stage.kubeconfig)
    warning = "Warning: aws heeds type, nlb-target-type only when the load balancer is made: one that is there already "
    assert (warning in done.stderr) == (how == "--apply")


def test_one_address_for_several(stage: Cluster, tmp_path: Path) -> None:
    """Hardly any provider gives it to all of them."""
    path = tmp_path / "several.yaml"
    manifest = Path("tests/examples/my-app.yaml").read_text()
    path.write_text(f"{manifest}---\n{manifest.replace('my-app', 'other')}")
    words = ("--dry-run=server", "--lb", "metallb", "--lb-set", "prefix=new", "--lb-address", "10.0.0.9")
    done = svc("expose", "-f", str(path), *words, kubeconfig=stage.kubeconfig)
    assert done.stderr.startswith("Warning: --lb-address 10.0.0.9 is one address for several Services")
    assert svc("expose", "-f", str(path), *words, "--lb-share", "a", kubeconfig=stage.kubeconfig).stderr == ""


def test_pairs_are_settings_by_themselves() -> None:
    """What an intent writes among them, and what is typed, are both there; the typed value counts."""
    service, _ = _expose(
        "--lb", "aws", "--lb-cross-zone", "--lb-set", "attributes=deletion_protection.enabled=true",
    )  # fmt: skip
    key = "service.beta.kubernetes.io/aws-load-balancer-attributes"
    assert set(service["metadata"]["annotations"][key].split(",")) == {
        "load_balancing.cross_zone.enabled=true",
        "deletion_protection.enabled=true",
    }


def test_fields_of_json_settings() -> None:
    """A field may be typed by itself; together they are one text, in the order of the reference."""
    service, _ = _expose(
        "--lb", "cce", "--lb-set", "elb.autocreate.bandwidth_size=10", "--lb-scheme", "public",
        "--lb-set", "elb.class=performance", "--lb-set", "elb.autocreate.available_zone=az1,az2",
        "--lb-set", "elb.autocreate.l4_flavor_name=L4_flavor.elb.pro.max",
    )  # fmt: skip
    text = service["metadata"]["annotations"]["kubernetes.io/elb.autocreate"]
    assert json.loads(text)["bandwidth_size"] == 10
    assert json.loads(text)["available_zone"] == ["az1", "az2"]
    assert list(json.loads(text))[:2] == ["type", "bandwidth_name"]
