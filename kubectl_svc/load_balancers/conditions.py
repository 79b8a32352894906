"""What a setting needs and excludes, asked of a finished Service.

A condition is a setting's short name, `spec.` and a field, or a JSON setting's name with `.` and a field: alone it
holds where that is set; with `=VALUE|VALUE` where it, or its default, is one of these; with `~TEXT` where it contains
the text. Pure.
"""

from __future__ import annotations

from kubectl_svc.load_balancers.json_text import decode_json, encode_json
from kubectl_svc.load_balancers.model import FIELD, LABEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from kubectl_svc.load_balancers.model import Provider, Setting

_FIELD_DEFAULTS = {
    "externalTrafficPolicy": "Cluster",
    "allocateLoadBalancerNodePorts": "true",
    "ipFamilyPolicy": "SingleStack",
    "sessionAffinity": "None",
}  # core/v1 defaults.go, and what the API server fills in for a LoadBalancer


def find_problems(
    provider: Provider,
    service: Mapping[str, Any],
    choices: Mapping[str, str],
    unchecked: Collection[str] = (),
) -> list[str]:
    """A sentence for each need that the Service does not meet, and for each two settings that exclude each other.

    `choices` are the values of the settings that are written nowhere; of annotations with `unchecked` keys nothing is
    asked, though they may be what another setting needs.
    """
    told = _Told(provider, service, choices)
    ignored = [f"it would ignore a Service with {_words(one)}" for one in provider.excludes if told.holds(one)]
    checked = [one for one in told.settings() if not any(one.matches(key) for key in unchecked)]
    return [*ignored, *(sentence for setting in checked for sentence in _problems_of(setting, told))]


def _problems_of(setting: Setting, told: _Told) -> Iterator[str]:
    by_value = (
        (f"{setting.name}={value}", need)
        for value in _values(setting, told.value_of(setting))
        for need in setting.value_needs.get(value, ())
    )
    for name, need in (*((setting.name, need) for need in setting.needs), *by_value):
        if not any(told.holds(condition) for condition in need):
            yield f"{name} needs {' or '.join(map(_words, need))}"
    for condition in setting.excludes:
        if told.holds(condition):
            yield f"{setting.name} cannot be combined with {_words(condition)}"
    for port in told.ports_named_by(setting):
        if port not in told.ports:
            yield f"{setting.name} names the port {port}, and the Service has {', '.join(told.ports) or 'none'}"


def _values(setting: Setting, value: str) -> list[str]:
    """The value, and of a list or of pairs each part by itself."""
    parts = value.split(",") if setting.value.get("type") in ("list", "pairs") else []
    return list(dict.fromkeys((value, *(part.strip() for part in parts))))


def _words(condition: str) -> str:
    if "~" in condition:
        name, _, text = condition.partition("~")
        return f"{name} with {text}"
    name, equals, values = condition.partition("=")
    return f"{name}={values.replace('|', ' or ')}" if values else f"no {name}" if equals else name


class _Told:
    """What a Service says to its provider."""

    def __init__(self, provider: Provider, service: Mapping[str, Any], choices: Mapping[str, str]) -> None:
        metadata = service.get("metadata") or {}
        self._provider = provider
        self._annotations: Mapping[str, str] = metadata.get("annotations") or {}
        self._labels: Mapping[str, str] = metadata.get("labels") or {}
        self._spec: Mapping[str, Any] = service.get("spec") or {}
        self._choices = choices
        ports = [(str(port.get("port", "")), port.get("name")) for port in self._spec.get("ports") or ()]
        self.ports = list(dict.fromkeys(word for port in ports for word in port if word))
        """Numbers and names of the Service's ports."""

    def ports_named_by(self, setting: Setting) -> list[str]:
        """The ports that a setting's keys are about, and those that its value names."""
        keys = [port for key in self._annotations if (port := setting.port_of(key))]
        value = self.value_of(setting) if setting.names_ports else ""
        return [*keys, *(word.rpartition(":")[2].strip() for word in value.split(",") if word)]

    def settings(self) -> list[Setting]:
        """Those of the provider that the Service has; of two with one key, the one that is meant."""
        meant: dict[str, Setting] = {}
        for setting in self._provider.settings:
            fits = all(self.holds(f"{name}={value}") for name, value in setting.when.items())
            if self._own(setting) is not None and fits:
                other = meant.get(setting.key or setting.name)
                if other is None or len(setting.when) > len(other.when):
                    meant[setting.key or setting.name] = setting
        return list(meant.values())

    def value_of(self, setting: Setting) -> str:
        """What the Service says of it, which is one of `settings`."""
        return self._own(setting) or ""

    def holds(self, condition: str) -> bool:
        """Whether the condition is true of the Service."""
        if "~" in condition:
            name, _, text = condition.partition("~")
            return any(text in value for value in (*self._all(name), self._value(name, default=True) or ""))
        name, equals, values = condition.partition("=")  # without values: not set
        value = self._value(name, default=bool(equals))
        return (value or "") in values.split("|") if equals else value is not None

    def _value(self, name: str, *, default: bool) -> str | None:
        if name.startswith("spec."):
            return self._field(name.removeprefix("spec."), default=default)
        for setting in self._provider.settings:
            if setting.name == name:
                own = self._own(setting)
                if own is not None:
                    return own
        for setting in self._provider.settings:  # a field of its JSON
            if name.startswith(f"{setting.name}."):
                return _json_value(self._own(setting), name.removeprefix(f"{setting.name}."))
        if not default:
            return None
        return next((setting.default for setting in self._provider.settings if setting.name == name), None)

    def _all(self, name: str) -> list[str]:
        """Every value of a setting whose key is open."""
        open_keys = [one for one in self._provider.settings if one.name == name and "{" in one.key]
        return [value for one in open_keys for key, value in self._annotations.items() if one.matches(key)]

    def _own(self, setting: Setting) -> str | None:
        if not setting.key:
            return self._choices.get(setting.name)
        if setting.kind == FIELD:
            return self._field(setting.field, default=False)
        given = self._labels if setting.kind == LABEL else self._annotations
        if "{" not in setting.key:
            return given.get(setting.key)
        return next((value for key, value in given.items() if setting.matches(key)), None)

    def _field(self, name: str, *, default: bool) -> str | None:
        value = self._spec.get(name)
        if value in (None, "", []):
            return _FIELD_DEFAULTS.get(name) if default else None
        if isinstance(value, list):
            return ",".join(map(str, value))
        return str(value).lower() if isinstance(value, bool) else str(value)


def _json_value(text: str | None, field: str) -> str | None:
    try:
        document = decode_json(text or "{}")
    except ValueError:
        return None
    value = document.get(field) if isinstance(document, dict) else None
    return value if value is None or isinstance(value, str) else encode_json(value)
