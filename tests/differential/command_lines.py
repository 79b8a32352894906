"""Words for `kubectl expose` in every spelling that pflag takes, right and wrong."""

from __future__ import annotations

from hypothesis import strategies as st

from kubectl_svc.flags import EXPOSE
from tests.strategies import mostly, seldom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    _Words = st.SearchStrategy[str]

_COUNTED = {"port", "external-ip", "cluster-ip"}  # each counts every time with us
_SHORTHANDS = {flag.name: flag.shorthand for flag in EXPOSE.flags}
_BARE = {flag.name for flag in EXPOSE.flags if flag.bare}

# \udcff: a byte that is not UTF-8.
_any = st.text("aé中 =,:/'\"\\#-+.019_%<&\u2028\udcff", max_size=5)


def _words(usual: Sequence[str], odd: Sequence[str], more: st.SearchStrategy[str] | None = None) -> _Words:
    """Mostly what a client dry run takes, right or wrong; now and then what ends it, or anything."""
    ending = st.sampled_from(odd) if odd else st.nothing()
    return mostly(st.sampled_from(usual), ending if more is None else ending | more)


_LABELS = _words(
    (
        "a=b",
        "a=b,c=1e3",
        "y=y,on=off",
        "a=",
        " a = b ",
        "a!=b",
        '"a=b"',
        "'a'='b'",
        "a=b,a=c",
        "a=<&>",
        "a=" + "x" * 64,
        "",
    ),
    ("a", "=b", "a=b,", ",", "a=b=c", "a in (b)", "!a", "a==b"),
    _any,
)
_BOOLS = _words(("true", "false", "1", "0", "T", "FALSE"), ("yes", ""))

SERVICE_FLAGS: dict[str, _Words] = {
    "port": _words(
        ("80", "443", "80,443", "53", "53,80", "080", "+1", "-1", "0", "70000", "4294967376", ""),
        ("x", "1,", " 80", "1_0"),
        st.text("0123456789,+-_ x", max_size=6),
    ),
    "target-port": _words(
        ("80", "http", "1e3", "+5", "99999999999", "-1", "0", "", "é", "n0", "0x10", "2147483648", "a b"), (), _any
    ),
    "protocol": _words(("TCP", "UDP", "SCTP", ""), ("Wrong", "é")),
    "type": _words(("ClusterIP", "NodePort", "LoadBalancer", "ExternalName", ""), ("X", "1")),
    "selector": _LABELS,
    "labels": _LABELS,
    "name": _words(("other", "a.b", "1e3", "y", ""), ("Bad_Name", "a/b", "x" * 70, "é", "-"), _any),
    "cluster-ip": _words(("None", "10.0.77.9", ""), ("x", "10.9.0.1", "::1", "none.")),
    "external-ip": _words(
        ("192.0.2.1", "2001:db8::1", ""), ("x", "::ffff:1.2.3.4", "127.0.0.1", "192.0.2.1,192.0.2.2")
    ),
    "load-balancer-ip": _words(("192.0.2.2", ""), ("x",)),
    "session-affinity": _words(("None", "ClientIP", ""), ("X",)),
}
OTHER_FLAGS: dict[str, _Words] = {
    "output": _words(
        (
            "yaml",
            "json",
            "kyaml",
            "name",
            "",
            "YAML",
            "Name",
            "jsonpath={.spec}",
            "jsonpath={.spec.ports[*].port}",
            "jsonpath-as-json={.metadata}",
            "go-template={{.metadata.name}}",
            "jsonpath={.nothing}",
        ),
        ("wide", "xml", "go-template={{", "go-template", "jsonpath", "custom-columns=N:.metadata.name"),
    ),
    "template": _words(("{{.kind}}", ""), ("{{", "{.kind}")),
    "allow-missing-template-keys": _BOOLS,
    "show-managed-fields": _BOOLS,
    "save-config": _BOOLS,
    "record": _BOOLS,
    "recursive": _BOOLS,
    "field-manager": _words(("me", "a b"), ("", "x" * 129)),
    "namespace": _words(("default", "", "kube-system"), ("a/b", "é")),
    "disable-compression": _BOOLS,
    "v": _words(("0", "1"), ("x", "")),
}
# `EXPLICIT` stands for the test's own namespace: nothing is made in any other.
ONLINE_FLAGS: dict[str, _Words] = {
    "dry-run": _words(("client", "server", "none"), ("true", "false", "wrong", "")),
    "warnings-as-errors": _BOOLS,
    "match-server-version": _BOOLS,
    "request-timeout": _words(("30s", "0", "10", "1m"), ("x", "")),
    "namespace": _words(("EXPLICIT", ""), ("missing", "a/b")),
    "as": _words(("",), ("nobody", "system:anonymous")),
}

# What --override-type takes, and fragments of that type. Of each at most one thing is wrong: of two, kubectl tells in
# the order of Go's maps. No other kind that anybody knows, which we refuse on purpose.
_OBJECTS = (
    '{"spec":{"type":"NodePort"}}',
    '{"spec":{"clusterIP":"None","sessionAffinity":"ClientIP"}}',
    '{"spec":{"ports":[{"port":81,"targetPort":"x","name":"a"},{"port":82,"name":"b"}]}}',
    '{"spec":{"selector":null}}',
    '{"spec":{"selector":{"a":"b","app":null}},"x":1}',
    '{"metadata":{"name":"renamed","labels":{"a":"1e3","app":null}}}',
    '{"metadata":{"annotations":{"a":"<&>é","kubernetes.io/change-cause":"x"}}}',
    '{"metadata":{"namespace":"there"}}',
    '{"metadata":null}',
    '{"kind":"Service","apiVersion":"v1","status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.3"}]}}}',
    "{}",
    "",
)
_BAD_OBJECTS = ("{", "[]", "1", "a: b", '{"kind":"Foo"}', '{"spec":{"ports":"x"}}', '{"metadata":{"name":5}}')
_FRAGMENTS: dict[str, _Words] = {
    "merge": _words((*_OBJECTS, "null"), _BAD_OBJECTS),
    "strategic": _words(
        (
            *_OBJECTS,
            '{"spec":{"ports":[{"$patch":"replace"},{"port":81}]}}',
            '{"spec":{"$retainKeys":["ports","type"],"type":"NodePort"}}',
            '{"metadata":{"labels":{"$patch":"delete"}}}',
        ),
        (*_BAD_OBJECTS, '{"spec":{"$patch":"wrong"}}'),
    ),
    "json": _words(
        (
            '[{"op":"add","path":"/spec/type","value":"NodePort"}]',
            '[{"op":"add","path":"/spec/ports/-","value":{"port":81,"name":"a"}}]',
            '[{"op":"copy","from":"/metadata/name","path":"/spec/externalName"}]',
            '[{"op":"replace","path":"/metadata/name","value":"renamed"}]',
            '[{"op":"test","path":"/kind","value":"Service"},{"op":"remove","path":"/spec/selector"}]',
            "[]",
            "",
        ),
        (
            "{}",
            "[",
            "[1]",
            '[{"op":"Add","path":"/x"}]',
            '[{"op":"remove","path":"/x"}]',
            '[{"op":"remove","path":"/kind"}]',
        ),
    ),
}


@st.composite
def overrides(draw: st.DrawFn) -> list[list[str]]:
    """One time in three what changes the Service that the other flags make; now and then a type that does not fit."""
    if draw(st.integers(0, 2)):
        return []
    kind = draw(st.sampled_from(sorted(_FRAGMENTS)))
    typed = draw(_words((kind,), ("", "X", *_FRAGMENTS)))
    groups = [draw(spelled("overrides", draw(_FRAGMENTS[kind])))]
    return groups if kind == typed == "merge" else [*groups, draw(spelled("override-type", typed))]


@st.composite
def flags(draw: st.DrawFn, choices: dict[str, _Words], max_size: int = 4) -> list[list[str]]:
    """Some of the flags with values, each as the words that spell it; some of them again."""
    groups = []
    taken: set[str] = set()
    for name in draw(st.lists(st.sampled_from(tuple(choices)), max_size=max_size)):
        if name not in taken or (name not in _COUNTED and draw(st.booleans())):
            groups.append(draw(spelled(name, draw(choices[name]))))
            taken.add(name)
    return groups


@st.composite
def spelled(draw: st.DrawFn, name: str, value: str) -> list[str]:
    """One of the ways to write a flag with its value."""
    long = f"--{name.replace('-', '_') if draw(seldom()) else name}"
    spellings = [[f"{long}={value}"]]
    if name in _BARE:
        spellings.append([long])
    else:
        spellings.append([long, value])
    letter = _SHORTHANDS.get(name)
    if letter:
        spellings.append([f"-{letter}={value}"])
        if name in _BARE:
            spellings.append([f"-{letter}"])
        else:
            spellings += [[f"-{letter}", value], *([[f"-{letter}{value}"]] if value else [])]
    return draw(st.sampled_from(spellings))


@st.composite
def command_lines(draw: st.DrawFn, groups: list[list[str]], arguments: Sequence[str] = ()) -> list[str]:
    """The groups in any order, the arguments in their own anywhere among them; now and then behind `--`."""
    groups = list(draw(st.permutations(groups)))
    if draw(seldom()):
        return [*(word for group in groups for word in group), "--", *arguments]
    places = sorted(draw(st.lists(st.integers(0, len(groups)), min_size=len(arguments), max_size=len(arguments))))
    for place, argument in reversed(list(zip(places, arguments, strict=True))):
        groups.insert(place, [argument])
    return [word for group in groups for word in group]
