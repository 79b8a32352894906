"""What values a rule takes, and what it says of others."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.load_balancers.descriptions import describe
from kubectl_svc.load_balancers.spelling import nearest
from kubectl_svc.load_balancers.values import TYPES, read_value

_RIGHT: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "boolean"}, "true", "true"),
    ({"type": "boolean"}, "False", "false"),
    ({"type": "word", "of": ["internal", "internet-facing"]}, "Internal", "internal"),
    ({"type": "text"}, "x y", "x y"),
    ({"type": "text", "max": 3}, "abc", "abc"),
    ({"type": "text", "pattern": "subnet-[a-z0-9]+", "says": "a subnet id"}, "subnet-1a", "subnet-1a"),
    ({"type": "text", "min": 0}, "", ""),
    ({"type": "integer", "min": 1, "max": 4000}, "4000", "4000"),
    ({"type": "integer", "also": ["traffic-port"]}, "traffic-port", "traffic-port"),
    ({"type": "address"}, "2001:db8::1", "2001:db8::1"),
    ({"type": "address", "family": "IPv4"}, "10.0.0.1", "10.0.0.1"),
    ({"type": "cidr"}, "10.0.0.0/8", "10.0.0.0/8"),
    ({"type": "uuid"}, "6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e", "6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e"),
    ({"type": "duration", "min": 30, "max": 300}, "1m30s", "1m30s"),
    ({"type": "name"}, "my-pool.v2", "my-pool.v2"),
    ({"type": "host"}, "WWW.example.com", "WWW.example.com"),
    ({"type": "port"}, "65535", "65535"),
    ({"type": "port", "names": True}, "http", "http"),
    ({"type": "url"}, "https://bucket/x", "https://bucket/x"),
    ({"type": "list", "of": {"type": "cidr"}}, "10.0.0.0/8, 2001:db8::/64", "10.0.0.0/8,2001:db8::/64"),
    ({"type": "list", "of": {"type": "address"}, "separator": " "}, "10.0.0.1  10.0.0.2", "10.0.0.1 10.0.0.2"),
    ({"type": "pairs"}, "a=b, c=d=e", "a=b,c=d=e"),
    ({"type": "pairs", "keys": {"x.enabled": {"type": "boolean"}}}, "x.enabled=True", "x.enabled=true"),
    ({"type": "pairs", "open": True, "keys": {"x.enabled": {"type": "boolean"}}}, "y.z=1", "y.z=1"),
    ({"type": "selector"}, "a=b,c in (d,e)", "a=b,c in (d,e)"),
    ({"type": "json"}, '{"any": [1]}', '{"any": [1]}'),
]
_WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "boolean"}, "yes", '"yes" is not true or false'),
    ({"type": "word", "of": ["internal", "internet-facing"]}, "interal",
     '"interal" is not internal or internet-facing; did you mean internal?'),
    ({"type": "word", "of": ["ROUND_ROBIN", "SOURCE_IP", "OTHER"]}, "source-ip",
     '"source-ip" is not one of ROUND_ROBIN, SOURCE_IP, OTHER; did you mean SOURCE_IP?'),
    ({"type": "word", "of": ["on"]}, "off", '"off" is not on'),
    ({"type": "text"}, "", "it may not be empty"),
    ({"type": "text", "max": 3}, "abcd", '"abcd" is too long: at most 3 characters'),
    ({"type": "text", "pattern": "subnet-[a-z0-9]+", "says": "a subnet id"}, "vpc-1", '"vpc-1" is not a subnet id'),
    ({"type": "integer", "min": 1, "max": 4000}, "4001", '"4001" is not a number from 1 to 4000'),
    ({"type": "integer", "min": 1}, "0x1", '"0x1" is not a number, at least 1'),
    ({"type": "integer", "also": ["traffic-port"]}, "x", '"x" is not a number, or traffic-port'),
    ({"type": "address", "family": "IPv4"}, "::1", '"::1" is not an IPv4 address'),
    ({"type": "address"}, "10.0.0", '"10.0.0" is not an IP address'),
    ({"type": "cidr"}, "10.0.0.0", '"10.0.0.0" is not a range of IP addresses such as 10.0.0.0/8'),
    ({"type": "uuid"}, "6a8f", '"6a8f" is not a UUID such as 6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e'),
    ({"type": "duration"}, "15", '"15" is not a time such as 15s or 1m30s'),
    ({"type": "duration", "min": 30, "max": 300}, "5m1s", '"5m1s" is not a time from 30s to 300s'),
    ({"type": "name"}, "My_Pool", '"My_Pool" is not a name: lower case letters, digits, - and . between them'),
    ({"type": "port"}, "http", '"http" is not a port from 1 to 65535'),
    ({"type": "port", "names": True}, "x" * 16, f'"{"x" * 16}" is not a port from 1 to 65535, or the name of one'),
    ({"type": "port"}, "65536", '"65536" is not a number from 1 to 65535'),
    ({"type": "url"}, "bucket/x", '"bucket/x" is not a URL such as https://host/path'),
    ({"type": "list", "of": {"type": "cidr"}}, "10.0.0.0/8,x",
     '"x" is not a range of IP addresses such as 10.0.0.0/8'),
    ({"type": "list", "of": {"type": "address"}, "max": 1}, "10.0.0.1,10.0.0.2",
     '"10.0.0.1,10.0.0.2" has 2: at most 1'),
    ({"type": "list", "of": {"type": "address"}, "one_each_family": True}, "10.0.0.1,10.0.0.2",
     '"10.0.0.1,10.0.0.2" has two addresses of one family'),
    ({"type": "pairs"}, "a", '"a" is not KEY=VALUE'),
    ({"type": "pairs", "keys": {"x.enabled": {"type": "boolean"}}}, "x.enabeld=true",
     '"x.enabeld" is none of its fields; did you mean x.enabled?: x.enabled'),
    ({"type": "pairs", "keys": {"x.enabled": {"type": "boolean"}}}, "x.enabled=1",
     'x.enabled: "1" is not true or false'),
    ({"type": "pairs", "open": True, "keys": {"x.enabled": {"type": "boolean"}}}, "x.enabeld=1",
     '"x.enabeld" is none of its fields; did you mean x.enabled?: x.enabled'),
    ({"type": "pairs", "open": True, "keys": {"x.enabled": {"type": "boolean"}}}, "x.enabled=1",
     'x.enabled: "1" is not true or false'),
    ({"type": "selector"}, "a in b", 'the provided selector "a in b" is not valid'),
    ({"type": "json"}, "{", '"{" is not JSON'),
    ({"type": "json"}, "[]", '"[]" is not a JSON object'),
    ({"type": "objects"}, "[]", '"[]" is not a JSON array of objects'),
]  # fmt: skip

_CREATED = {
    "type": "json",
    "fields": {
        "type": {"type": "word", "of": ["public", "inner"]},
        "size": {"type": "integer", "min": 1, "max": 2000, "json": "integer"},
        "zones": {"json": "array", "type": "text", "of": {"type": "text"}},
        "rules": {"json": "object", "type": "json", "fields": {"on": {"type": "boolean", "json": "boolean"}}},
    },
    "required": {"type": "", "size": "type=public"},
}


def test_every_type_is_tested() -> None:
    """Each kind of rule has a right and a wrong example here, or is JSON, below."""
    assert {rule["type"] for rule, *_ in _RIGHT} | {"objects"} == set(TYPES)
    assert {rule["type"] for rule, *_ in _WRONG} | {"host"} == set(TYPES)


@pytest.mark.parametrize(("rule", "text", "read"), _RIGHT)
def test_right(rule: dict[str, Any], text: str, read: str) -> None:
    """A right value is had in its own spelling, and right again."""
    assert read_value(rule, text) == read
    assert read_value(rule, read) == read
    assert describe(rule)


@pytest.mark.parametrize(("rule", "text", "problem"), _WRONG)
def test_wrong(rule: dict[str, Any], text: str, problem: str) -> None:
    """A wrong one is refused in one line with what would be right."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}") as refused:
        read_value(rule, text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"type": "inner"}, ""),
        ({"type": "public", "size": 5, "zones": ["a", "b"], "rules": {"on": True}}, ""),
        ({}, "it has no type, which is needed (public|inner)"),
        ({"type": "public"}, "it has no size, which type=public needs (1-2000)"),
        ({"type": "public", "size": "5"}, 'size: "5" is not an integer'),
        ({"type": "public", "size": True}, "size: true is not an integer"),
        ({"type": "public", "size": 2001}, 'size: "2001" is not a number from 1 to 2000'),
        ({"type": "outer"}, 'type: "outer" is not public or inner'),
        ({"tpye": "inner"}, '"tpye" is none of its fields; did you mean type?: type, size, zones, rules'),
        ({"type": "inner", "zones": "a"}, 'zones: "a" is not an array'),
        ({"type": "inner", "zones": [""]}, "zones: it may not be empty"),
        ({"type": "inner", "zones": [1]}, "zones: 1 is not a string"),
        ({"type": "PUBLIC"}, "it has no size, which type=public needs (1-2000)"),
        ({"type": "inner", "rules": {"on": "yes"}}, 'rules: on: "yes" is not a boolean'),
    ],
)
def test_json_field_by_field(document: dict[str, Any], problem: str) -> None:
    """Each field is of its JSON type and its rule, and none is missing that another one asks for."""
    texts = {"json": json.dumps(document), "objects": json.dumps([{"type": "inner"}, document])}
    for kind, text in texts.items():
        rule = {**_CREATED, "type": kind}
        if not problem:
            assert read_value(rule, text) == text
            continue
        with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
            read_value(rule, text)


def test_json_is_spelled_as_it_should_be() -> None:
    """Words in another case are put right, as everywhere; what is right stays as it was typed."""
    assert read_value(_CREATED, '{"type": "INNER"}') == '{"type":"inner"}'
    assert read_value(_CREATED, '{"type": "inner"}') == '{"type": "inner"}'


def test_in_few_words() -> None:
    """For a table, and for a mistake."""
    assert describe({"type": "integer", "also": ["auto"]}) == "number|auto"
    assert nearest("scheme", ["schema", "schemes", "themes"], 1) == ["schemes"]


def test_json_that_nests_too_deeply() -> None:
    """Is an error like any other."""
    with pytest.raises(ValueError, match="it nests too deeply"):
        read_value(_CREATED, "[" * 100_000)


@given(st.integers(), st.integers(), st.integers())
def test_integers(number: int, least: int, most: int) -> None:
    """A number is right exactly where it is within both ends."""
    rule = {"type": "integer", "min": least, "max": most}
    if least <= number <= most and abs(number) < 10**19:
        assert read_value(rule, str(number)) == str(number)
    else:
        with pytest.raises(ValueError, match="is not a number from"):
            read_value(rule, str(number))


@given(st.ip_addresses(), st.sampled_from(["IPv4", "IPv6", None]))
def test_addresses(address: Any, family: str | None) -> None:
    """An address is right exactly where it is of the family; IPv4 within IPv6 is neither."""
    mapped = getattr(address, "ipv4_mapped", None)
    own = "IPv4" if address.version == 4 or mapped else "IPv6"
    rule = {"type": "address", "family": family} if family else {"type": "address"}
    if mapped and family != "IPv6":
        with pytest.raises(ValueError, match="must not be an IPv4-mapped IPv6 address"):
            read_value(rule, str(address))
    elif family in (None, own):
        assert read_value(rule, str(address)) == str(address)
    else:
        with pytest.raises(ValueError, match=f"is not an {family} address"):
            read_value(rule, str(address))


@given(st.text(), st.sampled_from([rule for rule, *_ in _RIGHT]))
def test_any_text_is_read_or_refused_in_one_line(text: str, rule: dict[str, Any]) -> None:
    """Nothing that may be typed is a traceback."""
    problem = ""
    try:
        read = read_value(rule, text)
    except ValueError as error:
        problem = str(error)
    else:
        assert read_value(rule, read) == read
    assert "\n" not in problem
