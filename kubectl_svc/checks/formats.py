"""The forms that names, labels, ports and addresses may have, and what the API server says of others.

Each function returns the server's complaints, none for a value that is right. No regular expressions: their engine
costs a start more than all checks together.
Source: apimachinery pkg/util/validation/validation.go and ip.go, pkg/api/validate/content.
"""

from __future__ import annotations

_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_ENDS = _LOWER | _DIGITS
_LABEL_ENDS = _ENDS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LABEL_SIGNS = _LABEL_ENDS | frozenset("-_.")
LABEL_LENGTH = 63  # bytes of an RFC 1123 label, of a label's name and of its value
_SUBDOMAIN_LENGTH = 253  # bytes
_PORT_NAME_LENGTH = 15  # bytes
HIGHEST_PORT = 65535

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_ALPHANUMERIC = "and must start and end with an alphanumeric character"
_KEY_SIGNS = f"must consist of alphanumeric characters, '-', '_' or '.', {_ALPHANUMERIC}"
_NAME_EXAMPLES = f"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_KEY}')"


def dns_label(value: str) -> list[str]:
    """An RFC 1123 label: the name of a Service or of its ports (`IsDNS1123Label`)."""
    problems = _too_long(value, LABEL_LENGTH)
    if _is_label(value):
        return problems
    if _is_subdomain(value):
        return [*problems, "must not contain dots"]
    return [
        *problems,
        f"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', {_ALPHANUMERIC} "
        f"(e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')",
    ]


def dns_subdomain(value: str, unit: str = "characters") -> list[str]:
    """An RFC 1123 subdomain: the host of an ExternalName, the prefix of a label's key (`IsDNS1123Subdomain`)."""
    problems = _too_long(value, _SUBDOMAIN_LENGTH, unit)
    if _is_subdomain(value):
        return problems
    return [
        *problems,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
        f"{_ALPHANUMERIC} (e.g. 'example.com', regex used for validation is '{_LABEL}(\\.{_LABEL})*')",
    ]


def qualified_name(value: str) -> list[str]:
    """A key of a label or annotation, an application protocol, a class of load balancers (`IsQualifiedName`)."""
    prefix, *rest = value.split("/")
    if len(rest) > 1:
        return [
            f"a valid label key {_KEY_SIGNS} {_NAME_EXAMPLES} with an optional DNS subdomain prefix and '/' "
            "(e.g. 'example.com/MyName')"
        ]
    name = rest[0] if rest else prefix
    problems = []
    if rest and not prefix:
        problems.append("prefix part must be non-empty")
    elif rest:
        problems += [f"prefix part {problem}" for problem in dns_subdomain(prefix, "bytes")]
    if not name:
        problems.append("name part must be non-empty")
    problems += [f"name part {problem}" for problem in _too_long(name, LABEL_LENGTH, "bytes")]
    if not _is_key(name):
        problems.append(f"name part {_KEY_SIGNS} {_NAME_EXAMPLES}")
    return problems


def label_value(value: str) -> list[str]:
    """The value of a label (`IsValidLabelValue`)."""
    problems = _too_long(value, LABEL_LENGTH, "bytes")
    if not value or _is_key(value):
        return problems
    return [
        *problems,
        f"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
        f"{_ALPHANUMERIC} (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '({_KEY})?')",
    ]


def port_name(value: str) -> list[str]:
    """The name of a container port (`IsValidPortName`)."""
    problems = _too_long(value, _PORT_NAME_LENGTH)
    if not value or not (_ENDS | {"-"}).issuperset(value):
        problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if _LOWER.isdisjoint(value):
        problems.append("must contain at least one letter (a-z)")
    if "--" in value:
        problems.append("must not contain consecutive hyphens")
    if value and "-" in (value[0], value[-1]):
        problems.append("must not begin or end with a hyphen")
    return problems


def port_number(value: int) -> list[str]:
    """The number of a port (`IsValidPortNum`)."""
    return [] if 1 <= value <= HIGHEST_PORT else [f"must be between 1 and {HIGHEST_PORT}, inclusive"]


def _too_long(value: str, most: int, unit: str = "characters") -> list[str]:
    """It is bytes that count, whatever the server calls them."""
    length = len(value.encode("utf-8", "surrogateescape"))
    return [f"must be no more than {most} {unit}"] if length > most else []


def _is_label(value: str) -> bool:
    ends = bool(value) and value[0] in _ENDS and value[-1] in _ENDS
    return ends and (_ENDS | {"-"}).issuperset(value)


def _is_subdomain(value: str) -> bool:
    return all(map(_is_label, value.split(".")))


def _is_key(value: str) -> bool:
    ends = bool(value) and value[0] in _LABEL_ENDS and value[-1] in _LABEL_ENDS
    return ends and _LABEL_SIGNS.issuperset(value)
