"""Manifests of workloads as nobody would write them, and as a server takes them; and files that hold them."""

from __future__ import annotations

import json
import re
import string
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from tests.strategies import has_order, keys, mostly, seldom, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Manifest = dict[str, Any]

KINDS = {
    "Deployment": "apps/v1", "ReplicaSet": "apps/v1", "ReplicationController": "v1", "Pod": "v1", "Service": "v1",
}  # fmt: skip
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "in", "")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JUNK: tuple[Any, ...] = (None, "", {}, [], 0, 1.5, True, "x", ["x", "y"], {"a": "b"})

_label_words = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=5)
_label_keys = st.sampled_from(("app", "app.kubernetes.io/name", "y", "tier", "a10", "a2", "1e3"))
_label_values = st.sampled_from(("web", "1e3", "y", "on", "null", "0x1", "1_000", "2001-01-01", "")) | _label_words
_tame_labels = st.dictionaries(_label_keys, _label_values, max_size=4).filter(has_order)
# Half a surrogate pair, which JSON and YAML can escape, is no character to Go.
_wild_texts = mostly(texts(), st.builds("{}{}{}".format, texts(), st.sampled_from("\ud83d\ude00"), texts()))
# Commas and equals signs are for `_one_label`: kubectl tells of them in the order of Go's maps.
_wild_labels = st.dictionaries(
    keys().filter(lambda key: key and not set(key) & set(",=")),
    _wild_texts.filter(lambda text: not set(text) & set(",=")),
    max_size=4,
).filter(has_order)
_one_label = st.dictionaries(
    st.sampled_from(("", "a", "a=b", "a,b")), st.sampled_from(("b,c=d", "b=c", "", ",", "=")), max_size=1
)
labels = mostly(_tame_labels.filter(bool) | _wild_labels, _one_label)

# A Service's name has 63 bytes: the cut may go through a character.
_long_names = st.builds(
    str.__add__, st.integers(56, 63).map("x".__mul__), st.text("é中😀a.\u0301", min_size=1, max_size=6)
)
names = st.one_of(
    st.just("web"),
    st.sampled_from(
        ("a.b", "1e3", "y", "", "null", "x_y", "a/b", "a b", "<&>", "-", "%s", "x" * 63, "x" * 64, "x" * 300)
    ),
    _wild_texts,
    _long_names,
)

_numbers: st.SearchStrategy[int | None] = st.one_of(st.integers(1, 65535), st.sampled_from((53, 80, 443)))
_odd_numbers = st.sampled_from((None, 0, -1, 65536, 70000, (1 << 31) - 1, -(1 << 31)))
_protocols = st.sampled_from((*_PROTOCOLS, None))
_odd_protocols = st.sampled_from((None, "", "tcp", "Wrong", "TCP/UDP", "TCP,UDP", "x y", "é", "/", ","))


@st.composite
def _ports(draw: st.DrawFn, *, wild: bool, size: int) -> list[Manifest]:
    """Container ports, from half of `size` on; no number twice with one protocol."""
    numbers, protocols = _numbers, _protocols
    if wild and draw(seldom()):
        numbers |= _odd_numbers
    if wild and draw(seldom()):
        protocols |= _odd_protocols
    pairs = draw(
        st.lists(
            st.tuples(numbers, protocols),
            min_size=size // 2,
            max_size=size,
            unique_by=lambda pair: (pair[0] or 0, pair[1] or "TCP"),
        ).filter(lambda pairs: sum(_is_refused(protocol) for _, protocol in pairs) <= 1)
    )
    ports = []
    for index, (number, protocol) in enumerate(pairs):
        port: Manifest = {}
        if number is not None or draw(st.booleans()):
            port["containerPort"] = number
        if protocol is not None or (wild and draw(st.booleans())):
            port["protocol"] = protocol
        if draw(st.booleans()):
            port["name"] = f"n{index}"
        if wild and draw(seldom()):
            port["hostPort"] = draw(st.none() | st.integers(0, 70000))
        ports.append(port)
    return ports


def _is_refused(protocol: str | None) -> bool:
    """Whether kubectl refuses it; of two such it tells in the order of a map."""
    return bool({*(protocol or "")} & {*",/"})


@st.composite
def _pod_specs(draw: st.DrawFn, *, wild: bool) -> Manifest:
    """Containers that share out the ports, beside others whose ports are no concern of a Service."""
    ports = draw(_ports(wild=wild, size=draw(st.sampled_from((0, 2, 2, 2, 2, 3, 4, 4, 6, 40)))))
    count = 0 if wild and draw(seldom()) else draw(st.integers(1, 3))
    containers: list[Manifest] = [{"name": f"c{index}", "image": "a"} for index in range(count)]
    for port in ports if containers else ():
        containers[draw(st.integers(0, count - 1))].setdefault("ports", []).append(port)
    spec: Manifest = {"containers": containers}
    if draw(seldom()):
        aside = {"name": "aside", "image": "a", "ports": [{"containerPort": 81, "name": "aside"}]}
        spec["initContainers"] = [{**aside, "restartPolicy": "Always"} if draw(st.booleans()) else aside]
    if wild and draw(seldom()):
        spec["ephemeralContainers"] = [{"name": "look", "ports": [{"containerPort": 82}]}]
    return spec


@st.composite
def _label_selectors(draw: st.DrawFn, match: dict[str, str]) -> Manifest:
    """A LabelSelector. No `In` with one value: that is a selector with us."""
    selector: Manifest = {"matchLabels": match}
    if draw(seldom()):
        expression = st.fixed_dictionaries(
            {"key": _label_keys, "operator": st.sampled_from(_OPERATORS)},
            optional={"values": st.none() | st.lists(texts(), max_size=3).filter(lambda values: len(values) != 1)},
        )
        selector["matchExpressions"] = draw(st.lists(expression, max_size=2))
    return selector


@st.composite
def _service_specs(draw: st.DrawFn, selector: dict[str, str]) -> Manifest:
    """Ports as kubectl copies them: without names, the target the same as the port."""
    ports = []
    for number, protocol in draw(
        st.lists(
            st.tuples(_numbers, st.sampled_from((*_PROTOCOLS, None, ""))),
            min_size=1,
            max_size=4,
            unique_by=lambda pair: (pair[0], pair[1] or "TCP"),
        )
    ):
        port: Manifest = {"port": number, **({} if protocol is None else {"protocol": protocol})}
        target = draw(st.sampled_from(("missing", "same", "null", "zero")))
        if target != "missing":
            port["targetPort"] = {"same": number, "null": None, "zero": 0}[target]
        ports.append(port)
    without: Manifest = {}
    return {
        "ports": ports,
        **draw(mostly(st.just({"selector": selector}), st.sampled_from(({"selector": None}, without)))),
    }


@st.composite
def wild_workloads(draw: st.DrawFn) -> Manifest:
    """One that only a file can hold."""
    kind = draw(st.sampled_from(tuple(KINDS)))
    selector = draw(labels)
    metadata: Manifest = {"name": draw(names)}
    if draw(st.booleans()):
        metadata["labels"] = draw(labels)
    if draw(seldom()):
        metadata["annotations"] = draw(st.dictionaries(keys(), texts(), max_size=3))
    if kind == "Pod":
        spec = draw(_pod_specs(wild=True))
    elif kind == "Service":
        spec = draw(_service_specs(selector))
    else:
        template = {"metadata": {"labels": selector}, "spec": draw(_pod_specs(wild=True))}
        of_labels = kind != "ReplicationController"
        spec = {"selector": draw(_label_selectors(selector)) if of_labels else selector, "template": template}
    manifest = {"apiVersion": KINDS[kind], "kind": kind, "metadata": metadata, "spec": spec}
    if draw(seldom()):
        _spoil(manifest, draw)
    return manifest


def _spoil(manifest: Manifest, draw: st.DrawFn) -> None:
    """Puts something else in the place of one piece of the manifest."""
    parent, key = draw(st.sampled_from(list(_places(manifest, manifest["kind"]))))
    parent[key] = draw(st.sampled_from(_JUNK))


def _places(node: Any, kind: str) -> Iterator[tuple[Any, Any]]:
    """What may be spoilt: not the ports, which stay without doubles, nor what kubectl dies of."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        if key in ("ports", "name"):
            continue
        if kind != "ReplicationController" or key not in ("spec", "template"):
            yield node, key
        yield from _places(value, kind)


@st.composite
def valid_workloads(draw: st.DrawFn, kinds: Sequence[str] = tuple(KINDS)) -> Manifest:
    """One that a server takes, under the name `web`."""
    kind = draw(st.sampled_from(kinds))
    selector = {"app": "web", **draw(_tame_labels)}
    metadata: Manifest = {"name": "web", "labels": draw(_tame_labels)}
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": draw(_pod_specs(wild=False))}
    if kind == "Service":
        number = draw(_numbers)
        port = {"port": number, "protocol": draw(st.sampled_from(_PROTOCOLS))}
        spec: Manifest = {"selector": draw(mostly(st.just(selector), st.just({}))), "ports": [port]}
        return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}
    template = {"metadata": {"labels": selector}, "spec": draw(_pod_specs(wild=False))}
    if kind == "ReplicationController":
        spec = {"replicas": 0, "selector": selector, "template": template}
    else:
        match: Manifest = {"matchLabels": selector}
        if draw(seldom()):
            match["matchExpressions"] = [{"key": "app", "operator": "In", "values": [selector["app"], "other"]}]
        if draw(seldom()):
            match = {"matchExpressions": [{"key": "app", "operator": "Exists"}]}
        spec = {"replicas": 0, "selector": match, "template": template}
    return {"apiVersion": KINDS[kind], "kind": kind, "metadata": metadata, "spec": spec}


class _PlainWords(yaml.SafeDumper):
    """Writes every string without quotes that may stand so: whoever reads it decides what it is."""


_PlainWords.yaml_implicit_resolvers = {}


@st.composite
def written(draw: st.DrawFn, manifest: Manifest) -> str:
    """The text of a file with the manifest: JSON, or YAML in one of its many ways."""
    form = draw(mostly(st.sampled_from(("json", "yaml")), st.just("plain words")))
    if form == "json":
        text = json.dumps(manifest, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from((None, 2))))
        return _SURROGATES.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    flow = draw(st.sampled_from((None, False, True)))
    text = yaml.dump(
        manifest,
        Dumper=_PlainWords if form == "plain words" else yaml.SafeDumper,
        default_style=None if form == "plain words" else draw(st.sampled_from((None, None, "'", '"', "|", ">"))),
        default_flow_style=flow,
        width=draw(st.sampled_from((20, 80, 1 << 20))),
        allow_unicode=draw(st.booleans()),
        sort_keys=False,
        explicit_start=not flow and draw(st.booleans()),
    )
    return draw(mostly(st.just(""), st.sampled_from(("# a comment\n", "---\n---\n", "null\n---\n")))) + text


@st.composite
def kustomizations(draw: st.DrawFn, resource: str) -> str:
    """A kustomization of one file, with some of the transformers that change what a Service is made of."""
    pairs = st.dictionaries(_label_keys, _label_values.filter(bool), min_size=1, max_size=2)
    found = draw(
        st.fixed_dictionaries(
            {"resources": st.just([resource])},
            optional={
                "namePrefix": st.sampled_from(("my-", "1-")),
                "nameSuffix": st.sampled_from(("-x", ".y")),
                "namespace": mostly(st.just("here"), st.just("there")),
                "labels": st.lists(
                    st.fixed_dictionaries(
                        {"pairs": pairs},
                        optional={name: st.booleans() for name in ("includeSelectors", "includeTemplates")},
                    ),
                    min_size=1,
                    max_size=2,
                ),
                "commonAnnotations": pairs,
            },
        )
    )
    return json.dumps(found)
