"""Services as nobody would write them: what the printers and the struct are compared with kubectl on."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
import unicodedata

import hypothesis
from hypothesis import strategies as st

from kubectl_svc.output import go_yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeVar

    T = TypeVar("T")

# Words that YAML 1.1, YAML 1.2 or goyaml's own rules take, or nearly take, for something else than a string.
LOOKALIKES = (
    "", "~", "null", "Null", "nULL", "y", "Y", "yes", "on", "ON", "oN", "n", "No", "off", "true", "True", "tRUE",
    "t", "F", "1", "+1", "-1", "0", "007", "08", "0o17", "0O8", "0x1F", "0X1g", "-0x1", "+0x8000000000000000",
    "0xffffffffffffffff", "0x10000000000000000", "-0x8000000000000000", "0b101", "0b2", "0b+1", "0b-1", "-0b1",
    "0b+", "1_000", "_1", "1__0_", "18446744073709551615", "18446744073709551616", "1" * 400, "1.", "1.5", ".5",
    "+.5", "-.5e3", ".", "..", ".5_0", "1e3", "1E+3", "1e", "1e999", "1e-999", "0x1p-2", "0x1p99999", "_.5", "_-5",
    "_inf", "inf", "-inf", "Infinity", "nan", "NaN", ".inf", "-.INF", "+.Inf", ".iNf", ".nan", ".NaN", "1:60",
    "1:59", "1:5:9", "-1:30.5", "190:20:30", "a:b", "12:30:45", "2001-1-1", "2001-02-29", "2000-02-29",
    "1900-02-29", "2001-13-1",
    "2001-1-32", "2001-1-1 ", "2001-1-1Z", "2001-1-1T1:1:1Z", "2001-1-1t1:1:1+01:00", "2001-1-1T1:1:1",
    "2001-1-1T1:1:1+25:00", "2001-1-1 1:1:1", "2001-1-1  1:1:1.5", "2001-1-1 24:0:0", "2001-1-1T1:1:1,5-24:60",
    "2001-12-14 21:59:43.10 -5", "<<", "=", "-", "--", "---", "--- a", "...", "-a", "- a", "?", "? a", "?a", ":",
    ": a", ":a", "a:", "a: b", "#", "a#b", "a #b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "[", "[]", "{}",
    "{a", "a, b", "'a'", '"a"', "it's", 'say "hi"', "\\", "\\n", "a\\", "</script>&", "${HOME}", "k=v", "tcp",
    "app.kubernetes.io/name", "exact", "exact0.",
    ".5__0", ".5e1_0", "._5", ".5_",
)  # fmt: skip

# Characters that some layer treats apart; those that kubectl cannot print are in `REFUSED`.
SPECIAL = (
    " \t\n\r\0\a\b\v\f\x1b\x1f\x85\xa0\xad\u1680\u2003\u2028\u2029\u3000\ufeff\ufffd\ue000\U0001f600\U00020000"
    "é½Ⅷ٣'\"\\:#-?,[]{}&*!|>%@`<=/._0159aZñ"
)
REFUSED = "\x7f\x80\x9f\ufffe\uffff"


def assigned() -> st.SearchStrategy[str]:
    """Characters on which every Python's Unicode and Go's agree: those of Unicode 3.2, and planes without any."""
    return st.one_of(
        st.characters(max_codepoint=0xFF, exclude_characters=REFUSED, exclude_categories=["Cc"]),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=REFUSED).filter(_is_old),
        st.sampled_from(SPECIAL),
    )


def _is_old(char: str) -> bool:
    return unicodedata.ucd_3_2_0.category(char) != "Cn" or 0x40000 <= ord(char) < 0xE0000


def texts() -> st.SearchStrategy[str]:
    """Strings that kubectl can print: look-alikes, long lines, blanks at every place, any character."""
    words = st.sampled_from(LOOKALIKES)
    return st.one_of(
        words,
        st.text(assigned(), max_size=12),
        st.text(st.sampled_from(SPECIAL), max_size=8),
        st.text(st.sampled_from("0123456789_.:-+eExXoObBT Z"), min_size=1, max_size=12),
        st.lists(st.one_of(words, st.text(assigned(), max_size=30)), min_size=5, max_size=40).map(" ".join),
        st.lists(words, min_size=2, max_size=4).map("\n".join),
        st.builds(
            lambda text, end: text + end, words, st.sampled_from(("\n", "\n\n", " ", "\t", "\u2028", "\u2029", "\x85"))
        ),
    ).filter(can_be_printed)


def can_be_printed(text: str) -> bool:
    """Whether no line of it, after a next line (U+0085), reads as the end of a document."""
    return not re.search("\x85(---|[.]{3})[ \x85]", text)


def keys() -> st.SearchStrategy[str]:
    """Keys that kubectl can print: no next lines, short enough to be read back."""
    near = st.text(st.sampled_from("a0129bZ.-/_é "), max_size=6)
    long = st.integers(120, 140).map("k".ljust)
    return st.one_of(near, near, texts(), long).filter(lambda key: "\x85" not in key and len(key) < 160)


def string_maps(*, max_size: int = 5) -> st.SearchStrategy[dict[str, str]]:
    """Maps whose keys have an order by goyaml's rule.

    Its comparison is not transitive (`a2`, `a10`, `a1b`): kubectl prints such keys in a random order, so there is
    nothing to compare with.
    """
    return st.dictionaries(keys(), texts(), max_size=max_size).filter(has_order)


def has_order(mapping: Mapping[str, object]) -> bool:
    """Whether no three of the keys come out in different orders for different orders of going in."""
    if not any(char.isdecimal() for key in mapping for char in key):
        return True
    return all(
        len({go_yaml.render(dict.fromkeys(order, "")) for order in itertools.permutations(three)}) == 1
        for three in itertools.combinations(mapping, 3)
    )


def mostly(usual: st.SearchStrategy[T], odd: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """Nine times in ten the usual: something odd often ends a run early, and then nothing else of it is compared."""
    return st.sampled_from((usual,) * 9 + (odd,)).flatmap(lambda chosen: chosen)


def seldom() -> st.SearchStrategy[bool]:
    """True one time in ten."""
    return mostly(st.just(False), st.just(True))


INT32 = st.one_of(st.integers(0, 65535), st.integers(-(1 << 31), (1 << 31) - 1))


def times() -> st.SearchStrategy[str]:
    """RFC 3339 times as Go reads them, loosely: hours of one digit, fractions, zones, the zero time."""
    return st.one_of(
        st.builds("{}T{:%H:%M:%S}Z".format, st.dates(dt.date(2, 1, 1)), st.times()),
        st.sampled_from(
            (
                "2024-02-29T1:02:03Z", "2024-12-31T23:59:59.999999999-24:60", "2024-01-01T00:00:00,5+05:30",
                "0001-01-01T00:00:00Z", "0001-01-01T01:00:00+01:00", "2024-03-01T00:30:00+01:00",
            )
        ),
    )  # fmt: skip


def services() -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects that the Go struct of a Service accepts, with fields unknown to it, nulls and empty values."""
    return _struct(
        {"spec": _spec(), "status": _status(), "data": st.just({"unknown": 1})},
        apiVersion=st.just("v1"),
        kind=st.just("Service"),
        metadata=_metadata(),
    )


def _metadata() -> st.SearchStrategy[dict[str, Any]]:
    owner = {name: texts() for name in ("apiVersion", "kind", "name", "uid")}
    managed = {name: texts() for name in ("manager", "operation", "apiVersion", "fieldsType", "subresource")}
    return _struct(
        {
            **{name: texts() for name in ("generateName", "selfLink", "uid", "resourceVersion", "namespace", "Labels")},
            "generation": st.integers(-(1 << 63), (1 << 63) - 1),
            "creationTimestamp": times(),
            "deletionTimestamp": times(),
            "deletionGracePeriodSeconds": st.integers(0, 1 << 40),
            "labels": string_maps(),
            "annotations": string_maps(),
            "ownerReferences": st.lists(_struct({**owner, "controller": st.booleans()}), max_size=2),
            "finalizers": st.lists(texts(), max_size=3),
            "managedFields": st.lists(
                _struct({**managed, "time": times(), "fieldsV1": st.just({"f:spec": {".": {}, 'k:{"p":"<"}': {}}})}),
                max_size=2,
            ),
        },
        name=texts().filter(bool),
    )


def _spec() -> st.SearchStrategy[dict[str, Any]]:
    port = _struct(
        {
            **{name: texts() for name in ("name", "protocol", "appProtocol")},
            "port": INT32,
            "targetPort": st.one_of(INT32, texts()),
            "nodePort": INT32,
        }
    )
    words = (
        "clusterIP", "type", "sessionAffinity", "loadBalancerIP", "externalName", "externalTrafficPolicy",
        "ipFamilyPolicy", "loadBalancerClass", "internalTrafficPolicy", "trafficDistribution", "ClusterIP",
    )  # fmt: skip
    lists = ("clusterIPs", "externalIPs", "loadBalancerSourceRanges", "ipFamilies")
    affinity = _struct({"clientIP": _struct({"timeoutSeconds": INT32})})
    return _struct(
        {
            **{name: texts() for name in words},
            **{name: st.lists(texts(), max_size=3) for name in lists},
            "ports": st.lists(port, max_size=3),
            "selector": string_maps(max_size=3),
            "healthCheckNodePort": INT32,
            "publishNotReadyAddresses": st.booleans(),
            "sessionAffinityConfig": affinity,
            "allocateLoadBalancerNodePorts": st.booleans(),
        }
    )


def _status() -> st.SearchStrategy[dict[str, Any]]:
    port = _struct({"port": INT32, "protocol": texts(), "error": texts()})
    ingress = _struct({**{name: texts() for name in ("ip", "hostname", "ipMode")}, "ports": st.lists(port, max_size=2)})
    condition = _struct(
        {
            **{name: texts() for name in ("type", "status", "reason", "message")},
            "observedGeneration": st.integers(0, 1 << 40),
            "lastTransitionTime": times(),
        }
    )
    balancer = _struct({"ingress": st.lists(ingress, max_size=2)})
    return _struct({"loadBalancer": balancer, "conditions": st.lists(condition, max_size=2)})


def _struct(
    optional: dict[str, st.SearchStrategy[Any]], **required: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of the optional fields, in any order, a few of them null."""
    fields = {
        name: st.one_of(strategy, strategy, strategy, st.none())
        for name, strategy in optional.items()
        if name not in required
    }
    return st.fixed_dictionaries(required, optional=fields).flatmap(_shuffled)


def _shuffled(mapping: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.permutations(sorted(mapping)).map(lambda order: {name: mapping[name] for name in order})


@functools.cache
def some_services() -> list[dict[str, Any]]:
    """A hundred of `services`, the same for every test of a run; nobody may change them."""
    return drawn(services(), 100)


def drawn(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """`count` examples at once, for a program that is slow to start and quick to answer; hypothesis keeps the seed."""
    examples: list[T] = []

    @hypothesis.settings(
        max_examples=count,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        database=None,
    )
    @hypothesis.given(strategy)
    def collect(example: T) -> None:
        examples.append(example)

    collect()
    return examples
