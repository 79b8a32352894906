"""What is asked of a load balancer so far: by the user, by an intent, or because something else needs it. Pure.

A setting may be whole, or a field of a JSON setting (`elb.autocreate.type`); of one that holds pairs each pair is asked
for by itself.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.load_balancers.json_text import decode_json, encode_json
from kubectl_svc.load_balancers.names import json_setting
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from kubectl_svc.load_balancers.model import Case, Provider

_SCHEMES = ("scheme=internal", "scheme=public")


class Ask(Value):
    """A value for a setting, and the words of the command line that ask for it."""

    value: str
    words: str


class Asked:
    """The settings by name. What is needed besides gives way to what is asked for."""

    def __init__(self, provider: Provider, scheme: str, fields: Mapping[str, Any]) -> None:
        """`scheme` is what --lb-scheme says; `fields` are those of ServiceSpec that other flags set."""
        self.fields = {f"spec.{name}": _as_text(value) for name, value in fields.items()}
        self._provider = provider
        self._scheme = scheme
        self._firm: dict[str, Ask] = {}
        self._weak: dict[str, Ask] = {}

    def ask(self, name: str, value: str, words: str) -> None:
        """The setting shall have the value. Raises SvcError where other words asked for another one."""
        known = self._firm.get(name, Ask(value=value, words=words))
        if self._holds_pairs(name):
            others = pairs_of(known.value)
            for key, one in pairs_of(value).items():
                if others.get(key, one) != one:
                    raise SvcError(f"{words} contradicts {known.words}: {key} cannot be both {one} and {others[key]}")
            known = known.but(value=_merged(known.value, value))
        elif known.value != value:
            raise SvcError(f"{words} contradicts {known.words}: {name} cannot be both {value} and {known.value}")
        self._firm[name] = known

    def suggest(self, name: str, value: str, words: str) -> None:
        """The setting shall have the value where nobody asks for another one."""
        self._weak.setdefault(name, Ask(value=value, words=words))
        if self._holds_pairs(name) and name in self._firm:
            firm = self._firm[name]
            self._firm[name] = firm.but(value=_merged(self._weak[name].value, firm.value))

    def is_firm(self, name: str) -> bool:
        """Whether the setting was asked for, and not only needed."""
        return name in self._firm

    def all(self) -> dict[str, Ask]:
        """Every setting that there is a value for."""
        return {**self._weak, **self._firm}

    def fits(self, case: Case, family: str) -> bool:
        """Whether the case is meant for what is asked so far, and for addresses of this family."""
        return self.holds(case.when, family)

    def holds(self, when: Mapping[str, str], family: str = "") -> bool:
        """Whether settings have these values, or their defaults are these; an empty one stands for: not set."""
        return all(self._state(name, value == "", family) == value for name, value in when.items())

    def _state(self, name: str, only_set: bool, family: str) -> str:
        if name == "family":
            return family
        if name == "scheme":
            return self._scheme or self._typed_scheme()
        asked = self.all().get(name)
        if asked is not None:
            return asked.value
        if name in self.fields:
            return self.fields[name]
        base = json_setting(self._provider, name)
        if base in self._firm:
            return field_of(self._firm[base].value, name.removeprefix(f"{base}.")) or ""
        if any(other.startswith(f"{name}.") for other in self.all()):
            return "{}"  # of which fields are set
        if only_set:
            return ""
        return next((setting.default for setting in self._provider.settings if setting.name == name), "")

    def _typed_scheme(self) -> str:
        """What --lb-scheme would have been for settings that were typed instead; empty where that is not known."""
        for intent in _SCHEMES:
            for case in self._provider.cases(intent):
                asked = [name in self._firm and self._firm[name].value == value for name, value in case.set.items()]
                if asked and all(asked):
                    return intent.partition("=")[2]
        return ""

    def _holds_pairs(self, name: str) -> bool:
        return any(one.name == name and one.value.get("type") == "pairs" for one in self._provider.settings)


def pairs_of(text: str) -> dict[str, str]:
    """`KEY=VALUE,...` by key."""
    return {key.strip(): value.strip() for key, _, value in (word.partition("=") for word in text.split(","))}


def field_of(document: str, field: str) -> str | None:
    """What a JSON text says of a field, as it would be typed; None where it says nothing, or is no JSON."""
    try:
        fields = decode_json(document)
    except ValueError:
        return None
    value = fields.get(field) if isinstance(fields, dict) else None
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value if value is None or isinstance(value, str) else encode_json(value)


def with_field(document: str, field: str, value: object, order: Iterable[str]) -> str:
    """The JSON text with one more field, in that order; one that is no JSON object stays, to be refused as a whole."""
    try:
        fields = decode_json(document)
    except ValueError:
        return document
    if not isinstance(fields, dict):
        return document
    fields[field] = value
    return encode_json({one: fields[one] for one in (*order, *fields) if one in fields})


def _merged(pairs: str, others: str) -> str:
    """`KEY=VALUE,...` of both, the others' values where both have a key."""
    return ",".join({word.partition("=")[0].strip(): word.strip() for word in f"{pairs},{others}".split(",")}.values())


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
