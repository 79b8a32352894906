"""Label selectors as the map that a Service can say: by apimachinery's rules, and never with a label that ends."""

from __future__ import annotations

import copy
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.workloads.custom_kinds import CUSTOM_KINDS
from kubectl_svc.workloads.kinds import KINDS
from kubectl_svc.workloads.lookup import Lookup
from kubectl_svc.workloads.selectors import FLEETING_LABELS, flat_selector, lasting, parse_selector
from tests.strategies import drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.control_plane.build import Programs

_KEYS = ("app", "tier", "in", "notin", "a.b/c", "x-y_z.1", *sorted(FLEETING_LABELS)[:3])
_VALUES = ("", "web", "in", "1", "a-b_c.d", "notin")
keys, values = st.sampled_from(_KEYS), st.sampled_from(_VALUES)
label_maps = st.dictionaries(keys, values, max_size=4)
expressions = st.fixed_dictionaries(
    {"key": keys, "operator": st.sampled_from(("In", "In", "In", "NotIn", "Exists", "DoesNotExist"))},
    optional={"values": st.lists(values, max_size=2, unique=True)},
)
selectors = st.fixed_dictionaries(
    {}, optional={"matchLabels": label_maps, "matchExpressions": st.lists(expressions, max_size=3)}
)


# --- the string form


@st.composite
def _spelled(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A selector in its string form as apimachinery reads it, and the map that it says; empty where none does."""
    terms: list[str] = []
    said: dict[str, str] = {}
    flat = True
    for key, value in draw(st.lists(st.tuples(keys, values), min_size=1, max_size=4)):
        operators = ["=", "==", "in", "in two", "!=", "notin", "exists", "exists not"]
        operator = draw(st.sampled_from((*operators[:3], *operators)))
        gap = draw(st.sampled_from(("", " ", "  ")))
        one = f"{gap}({gap}{value}{gap})"
        term = {
            "=": f"{key}{gap}={gap}{value}",
            "==": f"{key}{gap}=={gap}{value}",
            "in": f"{key} in{one}",
            "in two": f"{key} in (web,{gap}other)",
            "!=": f"{key}{gap}!={gap}{value}",
            "notin": f"{key} notin{one}",
            "exists": key,
            "exists not": f"!{key}",
        }[operator]
        flat = flat and operators.index(operator) < 3 and said.setdefault(key, value) == value
        terms.append(f"{gap}{term}{gap}")
    return ",".join(terms), said if flat else {}


@given(_spelled())
def test_a_string_says_the_map_that_its_terms_say(spelled: tuple[str, dict[str, str]]) -> None:
    """Equality terms count, in all three forms; any other term, or a contradiction, leaves nothing."""
    text, said = spelled
    assert parse_selector(text) == said


def test_kubectl_reads_the_strings_as_we_do(programs: Programs) -> None:
    """What it takes for terms of equality is the same map; what it cannot parse, and what is no equality, is none.

    `set selector` prints what apimachinery makes of its argument: the map, or else the expressions.
    """
    service = json.dumps({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {}})
    odd = st.text(st.sampled_from("ab=!(), \tin"), min_size=1, max_size=12)
    texts = [*drawn(_spelled().map(lambda spelled: spelled[0]), 30), *drawn(odd, 30), "a=b=c", "a=b c", "a in (b=c)"]
    for text in dict.fromkeys(texts):
        command = [programs.kubectl, "set", "selector", "--local", "-f", "-", "-o", "json", "--", text]
        done = subprocess.run(command, input=service, capture_output=True, text=True, check=False)
        ours = parse_selector(text)
        if done.returncode == 0:
            theirs = json.loads(done.stdout)["spec"].get("selector") or {}
            contradicts = ours == {} and len(theirs) < text.count("=")
            assert ours == theirs or contradicts, text
        elif "match expression" in done.stderr:
            terms = re.findall(r"\{(\S+) (\S+) \[(.*?)\]\}", done.stderr)
            alone = all(operator == "In" and " " not in inside for _, operator, inside in terms)
            assert alone or not ours, text
            assert not ours or {key: value for key, _, value in terms}.items() <= ours.items(), text
        else:
            assert ours == {}, f"{text!r}: {done.stderr}"


# --- LabelSelectors


@given(selectors, st.dictionaries(keys, st.sampled_from((*_VALUES, "other")), max_size=4))
def test_a_map_selects_what_its_label_selector_selects(selector: dict[str, Any], labels: dict[str, str]) -> None:
    """Pods by any labels; where no map can say it, there is none, and nothing is changed."""
    before = copy.deepcopy(selector)
    flat = flat_selector(selector)
    assert selector == before
    if flat:
        assert (flat.items() <= labels.items()) == _matches(selector, labels)
    else:
        terms = selector.get("matchExpressions") or []
        says_one = all(term["operator"] == "In" and len(term.get("values", ())) == 1 for term in terms)
        pairs = {*(selector.get("matchLabels") or {}).items(), *((t["key"], t["values"][0]) for t in terms if says_one)}
        assert not says_one or not pairs or len({key for key, _ in pairs}) < len(pairs)


def _matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """apimachinery meta/v1 `LabelSelectorAsSelector`, for the operators that are there."""
    judges: dict[str, Callable[[str, Sequence[str]], bool]] = {
        "In": lambda key, listed: labels.get(key) in listed,
        "NotIn": lambda key, listed: labels.get(key) not in listed,
        "Exists": lambda key, _: key in labels,
        "DoesNotExist": lambda key, _: key not in labels,
    }
    by_labels = all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())
    terms = selector.get("matchExpressions") or ()
    return by_labels and all(judges[term["operator"]](term["key"], term.get("values", ())) for term in terms)


# --- labels that end


@given(st.dictionaries(st.sampled_from((*_KEYS, *sorted(FLEETING_LABELS))), values))
def test_what_lasts_is_all_but_what_ends(labels: dict[str, str]) -> None:
    """In the same order, of the same values."""
    before = dict(labels)
    assert list(lasting(labels).items()) == [item for item in labels.items() if item[0] not in FLEETING_LABELS]
    assert labels == before


_AS_KUBECTL_DOES = {"Pod", "Service", "ReplicationController", "Deployment", "ReplicaSet"}  # Knative's Service: refused
_ROWS = [row for row in (*KINDS, *CUSTOM_KINDS) if row.kind not in _AS_KUBECTL_DOES]
_many = st.sampled_from((*_KEYS, *sorted(FLEETING_LABELS), "deployment", "job-name", "batch.kubernetes.io/job-name"))
_labels = st.dictionaries(_many, values, max_size=4)
_templates = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries({}, optional={"labels": _labels}),
        "spec": st.just({"containers": [{"name": "a", "ports": [{"containerPort": 80}]}]}),
    },
)
_label_selectors = st.fixed_dictionaries(
    {},
    optional={
        "matchLabels": _labels,
        "matchExpressions": st.lists(
            st.fixed_dictionaries(
                {"key": _many, "operator": st.sampled_from(("In", "Exists")), "values": st.lists(values, max_size=1)}
            ),
            max_size=2,
        ),
    },
)


@st.composite
def _manifests(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """A row, and a manifest of its kind with labels of every sort at every place where it may have some."""
    row = draw(st.sampled_from(_ROWS))
    template = draw(_templates)
    spec: dict[str, Any] = {
        "template": template,
        "jobTemplate": {"spec": {"template": template}},
        "virtualMachineTemplate": {"metadata": draw(_templates).get("metadata"), "spec": {"template": template}},
    }
    flat = row.kind == "DeploymentConfig"
    optional: dict[str, Any] = {
        "selector": draw(_labels if flat else _label_selectors),
        "manualSelector": draw(st.booleans()),
        "workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "other"},
    }
    spec |= {key: value for key, value in optional.items() if draw(st.booleans())}
    metadata = {"name": draw(st.sampled_from(("web", ""))), "labels": draw(_labels)}
    return row, {"apiVersion": f"{row.group}/v1", "kind": row.kind, "metadata": metadata, "spec": spec}


@given(_manifests(), _label_selectors)
def test_no_selector_that_we_derive_has_a_label_that_ends(
    made: tuple[Any, dict[str, Any]], referred: dict[str, Any]
) -> None:
    """Of any kind that kubectl does not expose, whatever stands in the manifest; and nothing is changed."""
    row, manifest = made
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "other"}}
    deployment["spec"] = {"selector": referred, "template": manifest["spec"]["template"]}
    read_deployment = next(each.read for each in KINDS if each.kind == "Deployment")
    lookup = Lookup(workload=lambda *_: read_deployment(deployment, Lookup()))
    before = copy.deepcopy((manifest, deployment))
    workload = row.read(manifest, lookup)
    assert not workload.selector.keys() & FLEETING_LABELS
    assert not (workload.selector and workload.no_selector)
    if row.kind == "DeploymentConfig":
        assert "deployment" not in workload.selector
    assert (manifest, deployment) == before
