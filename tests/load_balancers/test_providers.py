"""`kubectl svc providers`: columns for people, documents for programs, files of one's own; and the README's table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from kubectl_svc.access.providers import Providers
from tests.load_balancers.readme import matrix_table
from tests.load_balancers.test_catalogue import FOLDER
from tests.output import AS_GIVEN, printed
from tests.svc import svc, svc_here

if TYPE_CHECKING:
    from tests.control_plane.build import Programs

_README = Path(__file__).parents[2] / "README.md"
_OWN = {
    "name": "acme",
    "title": "Acme",
    "aliases": ["acme-cloud"],
    "intents": {"scheme=internal": [{"set": {"exposure": "private"}}]},
    "settings": [
        {
            "key": "lb.acme.example/exposure",
            "value": {"type": "word", "of": ["private", "public"]},
            "default": "public",
            "meaning": "From where it is reached.",
            "source": "Acme",
        }
    ],
}


def _providers(*words: str, own: str = "") -> str:
    code, out, err = svc_here("providers", *words, KUBECTL_SVC_PROVIDERS=own)
    assert (code, err) == (0, "")
    return out


def test_all_of_them() -> None:
    """A line for each, in columns that awk reads: no cell is empty and none has a blank."""
    titles, *lines = _providers().splitlines()
    assert titles.split() == [
        "NAME", "ALIASES", "SETTINGS", "INTERNAL", "PUBLIC", "IP", "INSTANCE", "ADDRESS", "ID", "POOL", "SUBNET",
        "SHARE", "PROXY-PROTOCOL", "CROSS-ZONE",
    ]  # fmt: skip
    rows = [line.split() for line in lines]
    assert {len(row) for row in rows} == {14}
    assert [row[0] for row in rows] == [path.stem for path in sorted(FOLDER.glob("*.json"))]
    assert next(row for row in rows if row[0] == "metallb")[1:] == [
        "<none>", "13", "-", "-", "-", "-", "yes", "-", "yes", "-", "yes", "-", "-",
    ]  # fmt: skip


def test_wide_says_what_is_set() -> None:
    """Instead of yes."""
    row = next(line for line in _providers("-o", "wide").splitlines() if line.startswith("metallb "))
    assert row.split()[7:10] == ["loadBalancerIPs", "-", "address-pool"]


def test_one_of_them() -> None:
    """Its settings, then what the portable flags set; by an alias too, and several one after the other."""
    settings, intents, notes = _providers("metallb").split("\n\n")
    names = [line.split()[0] for line in settings.splitlines()]
    assert names[:3] == ["NAME", "prefix", "address-pool"]
    assert intents.startswith("FLAG ")
    assert "--lb-pool" in intents
    assert notes.startswith("NOTE\nAn address alone is not enough")
    assert _providers("eks") == _providers("aws")
    assert _providers("eks", "metallb") == f"{_providers('aws')}\n{_providers('metallb')}"


def test_one_of_them_wide() -> None:
    """With all that is known."""
    titles = _providers("aws", "-o", "wide").splitlines()[0]
    assert titles.split()[-5:] == ["KEY", "NEEDS", "EXCLUDES", "RESTRICTIONS", "SOURCE"]
    assert "service.beta.kubernetes.io/aws-load-balancer-scheme" in _providers("aws", "-o", "wide")


@pytest.mark.parametrize("words", [[], ["aws"], ["aws", "gke"]])
def test_documents(words: list[str]) -> None:
    """JSON and YAML say the same; one provider is an object, several are items."""
    read: Any = json.loads(_providers(*words, "-o", "json"))
    assert yaml.safe_load(_providers(*words, "-o", "yaml")) == read
    if len(words) == 1:
        assert read["name"] == "aws"
        assert next(one for one in read["settings"] if one["name"] == "scheme")["value"]["of"][0] == "internal"
    else:
        assert len(read["items"]) == (len(words) or len(Providers({}).all()))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["awz"], 'error: no load balancer provider is called "awz"; did you mean aws?'),
        (
            ["-o", "name"],
            'error: unable to match a printer suitable for the output format "name", allowed formats are: ',
        ),
    ],
)
def test_refused(words: list[str], said: str) -> None:
    """In kubectl's words."""
    code, out, err = svc_here("providers", *words)
    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_the_readme_has_the_table() -> None:
    """Made from the same files."""
    assert f"<!-- matrix -->\n{matrix_table()}<!-- end of matrix -->" in _README.read_text()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one provider."""
    (tmp_path / "acme.json").write_text(json.dumps(_OWN))
    return tmp_path


def test_a_provider_of_ones_own_is_one_file(own: Path) -> None:
    """Listed and used like ours, by its alias too."""
    assert "\nacme " in f"\n{_providers(own=str(own))}"
    done = svc(
        "expose", "-f", "tests/examples/my-app.yaml", "--dry-run=client", "-o", "json",
        "--lb", "acme-cloud", "--lb-scheme", "internal", KUBECTL_SVC_PROVIDERS=str(own),
    )  # fmt: skip
    assert json.loads(done.stdout)["metadata"]["annotations"] == {"lb.acme.example/exposure": "private"}


def test_one_of_ours_can_be_replaced(own: Path) -> None:
    """By a file of its name."""
    (own / "acme.json").rename(own / "aws.json")
    (own / "aws.json").write_text(json.dumps({**_OWN, "name": "aws"}))
    row = next(line for line in _providers(own=str(own)).splitlines() if line.startswith("aws "))
    assert row.split()[1:3] == ["acme-cloud", "1"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON: "),
        ("[]", "it is not a JSON object"),
        (json.dumps({**_OWN, "colour": 1, "shape": 2}), "the provider: colour is none of name, title, "),
        (json.dumps({**_OWN, "name": "acne"}), "it is the file of acme, and its name is acne"),
    ],
)
def test_a_file_that_is_none(content: str, said: str, own: Path) -> None:
    """Its path is named, and what is wrong with it."""
    (own / "acme.json").write_text(content)
    code, out, err = svc_here("providers", "acme", KUBECTL_SVC_PROVIDERS=str(own))
    assert (code, out) == (1, "")
    assert err.startswith(f"error: KUBECTL_SVC_PROVIDERS: {own}/acme.json: {said}")
    assert err.count("\n") == 1


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Whoever names one wants it read."""
    code, _, err = svc_here("providers", KUBECTL_SVC_PROVIDERS=str(tmp_path / "none"))
    assert (code, err) == (1, f"error: KUBECTL_SVC_PROVIDERS: {tmp_path}/none: No such file or directory\n")


# What the page of Alauda Container Platform about load balancer annotations has, by cloud.
_OF_ACP = {
    "eks": [
        ("service.beta.kubernetes.io/aws-load-balancer-type", "external"),
        ("service.beta.kubernetes.io/aws-load-balancer-nlb-target-type", "ip"),
        ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internet-facing"),
        ("service.beta.kubernetes.io/aws-load-balancer-ip-address-type", "dualstack"),
    ],
    "cce": [
        ("kubernetes.io/elb.class", "union"),
        ("kubernetes.io/elb.id", "6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e"),
        ("kubernetes.io/elb.autocreate", '{"type":"inner"}'),
        ("kubernetes.io/elb.subnet-id", "6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e"),
        ("kubernetes.io/elb.enterpriseID", "0"),
    ],
    "aks": [("service.beta.kubernetes.io/azure-load-balancer-internal", "true")],
    "gke": [("networking.gke.io/load-balancer-type", "Internal"), ("cloud.google.com/l4-rbs", "enabled")],
}


@pytest.mark.parametrize(
    ("provider", "key", "value"), [(name, *pair) for name, pairs in _OF_ACP.items() for pair in pairs]
)
def test_every_annotation_of_the_platforms_page(provider: str, key: str, value: str, programs: Programs) -> None:
    """By its key; and in YAML it is a text, quoted as kubectl quotes it."""
    needs = () if provider != "cce" or key.endswith((".id", ".autocreate")) else ("--lb-scheme", "internal")
    command = ("expose", "-f", "tests/examples/my-app.yaml", "--dry-run=client", "--lb", provider)
    setting = ("--lb-set", f"{key}={value}")
    done = svc(*command, *setting, *needs, "-o", "yaml")
    assert yaml.safe_load(done.stdout)["metadata"]["annotations"][key] == value, done.stderr
    service = json.loads(svc(*command, *setting, *needs, "-o", "json").stdout)
    assert printed(programs.kubectl, [service], *AS_GIVEN, "-o", "yaml")[0] == done.stdout
