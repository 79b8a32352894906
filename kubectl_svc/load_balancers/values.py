"""What a setting's value may be, and what is wrong with another one.

A rule is a JSON object: `type` is one of `TYPES`, and what else it may say stands with each of them. Any rule may have
`also`, a list of words that are right beside it. Pure.
"""

from __future__ import annotations

from kubectl_svc.checks.addresses import ambiguity, family_of, is_range
from kubectl_svc.checks.formats import HIGHEST_PORT, dns_label, dns_subdomain, port_name
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import parse_duration, quote
from kubectl_svc.label_selectors import parse_label_selector
from kubectl_svc.load_balancers.descriptions import describe
from kubectl_svc.load_balancers.json_text import decode_json, encode_json
from kubectl_svc.load_balancers.spelling import alternatives, did_you_mean, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from kubectl_svc.load_balancers.model import Rule

_ALIKE = 0.85  # of 1: so much alike that one is the other mistyped
_UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
JSON_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def read_value(rule: Rule, text: str) -> str:
    """The value in its own spelling: words may be typed in any case.

    Raises ValueError with what is wrong with it, and what would be right, for one that the rule has not.
    """
    also: Sequence[str] = rule.get("also", ())
    if text in also:
        return text
    try:
        return TYPES[rule["type"]](rule, text)
    except ValueError as error:
        more = f", or {alternatives([word or 'nothing' for word in also])}" if also else ""
        raise ValueError(f"{error}{more}") from None


def _boolean(_rule: Rule, text: str) -> str:
    """`true` or `false`."""
    return _word({"of": ("true", "false")}, text)


def _word(rule: Rule, text: str) -> str:
    """One of the words `of`."""
    known: Sequence[str] = rule["of"]
    spelled = next((word for word in known if word.lower() == text.lower()), None)
    if spelled is not None:
        return spelled
    hint = did_you_mean(text, known, 1) if len(known) > 1 else ""
    which = f"one of {', '.join(known)}" if len(known) > 2 else alternatives(known)
    raise ValueError(f"{quote(text)} is not {which}{hint}")


def _text(rule: Rule, text: str) -> str:
    """Any text of `min` (1) to `max` characters, or of the regular expression `pattern`, which `says` describes."""
    if len(text) < rule.get("min", 1):
        raise ValueError("it may not be empty" if not text else f"{quote(text)} is too short: at least {rule['min']}")
    if "max" in rule and len(text) > rule["max"]:
        raise ValueError(f"{quote(text)} is too long: at most {rule['max']} characters")
    if "pattern" in rule and not _matches(rule["pattern"], text):
        raise ValueError(f"{quote(text)} is not {rule['says']}")
    return text


def _integer(rule: Rule, text: str) -> str:
    """A whole number from `min` to `max`, each of which may be left out."""
    least, most = rule.get("min"), rule.get("max")
    if _matches("-?(0|[1-9][0-9]{0,18})", text):
        number = int(text)
        if (least is None or number >= least) and (most is None or number <= most):
            return text
    raise ValueError(f"{quote(text)} is not {_a_number(least, most)}")


def _matches(pattern: str, text: str) -> bool:
    import re  # words and booleans do without

    return re.fullmatch(pattern, text) is not None


def _a_number(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"a number from {least} to {most}"
    if least is not None:
        return f"a number, at least {least}"
    return "a number" if most is None else f"a number, at most {most}"


def _address(rule: Rule, text: str) -> str:
    """An IP address, of the `family` IPv4 or IPv6 where that is said."""
    family = rule.get("family")
    if family_of(text) not in ((family,) if family else ("IPv4", "IPv6")):
        raise ValueError(f"{quote(text)} is not an {family or 'IP'} address")
    if ambiguity(text):
        raise ValueError(f"{quote(text)}: {ambiguity(text)}")
    return text


def _cidr(rule: Rule, text: str) -> str:
    """A range of addresses, of the `family` IPv4 or IPv6 where that is said."""
    family = rule.get("family")
    if not is_range(text) or family_of(text.partition("/")[0]) not in ((family,) if family else ("IPv4", "IPv6")):
        raise ValueError(f"{quote(text)} is not a range of {family or 'IP'} addresses such as {_EXAMPLES[family]}")
    return text


_EXAMPLES = {None: "10.0.0.0/8", "IPv4": "10.0.0.0/8", "IPv6": "2001:db8::/64"}


def _uuid(_rule: Rule, text: str) -> str:
    """A UUID."""
    if not _matches(_UUID, text):
        raise ValueError(f"{quote(text)} is not a UUID such as 6a8f0a0e-5f0e-4b5e-9c7a-2f1d3b4c5d6e")
    return text


def _duration(rule: Rule, text: str) -> str:
    """A Go duration such as `15s`, of `min` to `max` seconds."""
    least, most = rule.get("min", 0), rule.get("max")
    try:
        seconds = parse_duration(text) / 10**9
    except ValueError:
        raise ValueError(f"{quote(text)} is not a time such as 15s or 1m30s") from None
    if text == "0" or seconds < least or (most is not None and seconds > most):
        span = f"from {least}s to {most}s" if most is not None else f"of at least {least}s, such as 15s"
        raise ValueError(f"{quote(text)} is not a time {span}")
    return text


def _name(rule: Rule, text: str) -> str:
    """A name of a Kubernetes object: an RFC 1123 subdomain, or a `label`."""
    if dns_label(text) if rule.get("label") else dns_subdomain(text):
        raise ValueError(f"{quote(text)} is not a name: lower case letters, digits, - and . between them")
    return text


def _host(_rule: Rule, text: str) -> str:
    """A host name."""
    if dns_subdomain(text.lower()):
        raise ValueError(f"{quote(text)} is not a host name such as www.example.com")
    return text


def _port(rule: Rule, text: str) -> str:
    """A port from 1 to 65535, or with `names` the name of one."""
    if text.isascii() and text.isdigit():
        return _integer({"min": 1, "max": HIGHEST_PORT}, text)
    if not rule.get("names") or port_name(text):
        what = "a port from 1 to 65535" + (", or the name of one" if rule.get("names") else "")
        raise ValueError(f"{quote(text)} is not {what}")
    return text


def _url(_rule: Rule, text: str) -> str:
    """An http or https address."""
    if not _matches(r"https?://[^\s/]+(/\S*)?", text):
        raise ValueError(f"{quote(text)} is not a URL such as https://host/path")
    return text


def _list(rule: Rule, text: str) -> str:
    """Values of the rule `of`, `min` (1) to `max` of them, between them `separator` (a comma)."""
    separator = rule.get("separator", ",")
    words = [word.strip() for word in (text.split() if separator == " " else text.split(separator))]
    if len(words) < rule.get("min", 1):
        raise ValueError(f"{quote(text)} has {len(words)}: at least {rule.get('min', 1)} are needed")
    if len(words) > rule.get("max", len(words)):
        raise ValueError(f"{quote(text)} has {len(words)}: at most {rule['max']}")
    if rule.get("one_each_family") and len({":" in word for word in words}) < len(words):
        raise ValueError(f"{quote(text)} has two addresses of one family")
    of: Rule = rule["of"]
    return str(separator).join(read_value(of, word) for word in words)


def _pairs(rule: Rule, text: str) -> str:
    """`KEY=VALUE,...`; of the rules `keys` where it names them, the value of a key by its rule.

    Where it is `open`, there are other keys too, but none that looks like one of these.
    """
    keys: Mapping[str, Rule] = rule.get("keys", {})
    pairs = []
    for word in text.split(","):
        key, equals, value = word.strip().partition("=")
        if not (key and equals):
            raise ValueError(f"{quote(word)} is not KEY=VALUE")
        if keys and key not in keys and not (rule.get("open") and not nearest(key, list(keys), 1, _ALIKE)):
            raise ValueError(f"{_unknown(key, list(keys))}")
        try:
            pairs.append(f"{key}={read_value(keys[key], value) if key in keys else value}")
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from None
    return ",".join(pairs)


def _selector(_rule: Rule, text: str) -> str:
    """A label selector."""
    try:
        parse_label_selector(text)
    except SvcError as error:
        raise ValueError(str(error)) from None
    return text


def _json(rule: Rule, text: str) -> str:
    """A JSON object with the `fields`; `required` ones are there always, or where a condition `FIELD=VALUE` holds.

    A field's rule says as `json` which JSON type it has: string, integer, boolean, array (of `of`), object.
    """
    document = decode_json(text)
    if not isinstance(document, dict):
        raise ValueError(f"{quote(text)} is not a JSON object")
    return _as_typed(text, document, _read_fields(rule, document))


def _objects(rule: Rule, text: str) -> str:
    """A JSON array of such objects."""
    documents = decode_json(text)
    if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents) or not documents:
        raise ValueError(f"{quote(text)} is not a JSON array of objects")
    return _as_typed(text, documents, [_read_fields(rule, document) for document in documents])


def _as_typed(text: str, typed: object, read: object) -> str:
    """The text as it was typed, where all in it is spelled as it should be."""
    return text if read == typed else encode_json(read)


def _read_fields(rule: Rule, document: Mapping[str, Any]) -> dict[str, Any]:
    fields: Mapping[str, Rule] = rule.get("fields", {})
    unknown = next((name for name in document if fields and name not in fields), None)
    if unknown is not None:
        raise ValueError(_unknown(unknown, list(fields)))
    read = {name: _read_field(name, fields[name], value) if fields else value for name, value in document.items()}
    for name in _missing_fields(rule, read):
        raise ValueError(f"it has no {name}, which {_why(rule['required'][name])} ({describe(fields[name])})")
    return read


def _missing_fields(rule: Rule, document: Mapping[str, Any]) -> list[str]:
    """The required fields that the object of a JSON rule has not."""
    required: Mapping[str, str] = rule.get("required", {})
    return [name for name, condition in required.items() if name not in document and _holds(condition, document)]


def _holds(condition: str, document: Mapping[str, Any]) -> bool:
    name, _, value = condition.partition("=")
    return not condition or document.get(name) == value


def _why(condition: str) -> str:
    return f"{condition} needs" if condition else "is needed"


def _read_field(name: str, rule: Rule, value: object) -> object:
    kind = rule.get("json", "string")
    if not isinstance(value, JSON_TYPES[kind]) or (kind == "integer" and isinstance(value, bool)):
        raise ValueError(f"{name}: {encode_json(value)} is not {'an' if kind[0] in 'aio' else 'a'} {kind}")
    if isinstance(value, list):
        return [_read_field(name, {"json": "string", **rule["of"]}, item) for item in value]
    try:
        if isinstance(value, dict):
            return _read_fields(rule, value)
        read = read_value(rule, value if isinstance(value, str) else encode_json(value))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    return read if isinstance(value, str) else value


def json_field(rule: Rule, text: str) -> object:
    """What a field of a JSON value is, typed by itself: of an array its items, with commas. Raises as `read_value`."""
    kind = rule.get("json", "string")
    if kind == "array":
        return [read_value(rule["of"], word.strip()) for word in text.split(",")]
    if kind == "object":
        return decode_json(_json(rule, text))
    read = read_value(rule, text)
    return decode_json(read) if kind in ("integer", "boolean") else read


def _unknown(name: str, known: Sequence[str]) -> str:
    return f"{quote(name)} is none of its fields{did_you_mean(name, known, 1)}: {', '.join(known)}"


TYPES: Mapping[str, Callable[[Rule, str], str]] = {
    "boolean": _boolean,
    "word": _word,
    "text": _text,
    "integer": _integer,
    "address": _address,
    "cidr": _cidr,
    "uuid": _uuid,
    "duration": _duration,
    "name": _name,
    "host": _host,
    "port": _port,
    "url": _url,
    "list": _list,
    "pairs": _pairs,
    "selector": _selector,
    "json": _json,
    "objects": _objects,
}
"""What checks a value, by the `type` of its rule."""
