"""From what is asked of a load balancer to what its provider reads: annotations, labels and fields of a Service.

Pure. Intents are turned into settings first, then each setting is checked and written under its key.
"""

from __future__ import annotations

from kubectl_svc.checks.addresses import family_of
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.load_balancers.model import FIELD, INTENTS, LABEL, SELECT, Setting, short_name
from kubectl_svc.load_balancers.values import decode_json, encode_json, json_field, nearest, read_value
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.load_balancer_options import LoadBalancerOptions
    from kubectl_svc.load_balancers.model import Case, Provider, Rule

_VALUE = "{value}"
_LONGEST_WORD = 200  # characters of a typed setting that a message repeats
# Those that other intents ask about come first.
_ASKING = ("scheme", "target", "address")
_ORDER = tuple(sorted(INTENTS, key=lambda intent: intent.startswith(_ASKING)))
_LIST_FIELDS = ("loadBalancerSourceRanges", "ipFamilies")
_NUMBER_FIELDS = ("healthCheckNodePort",)
_BOOLEAN_FIELDS = ("allocateLoadBalancerNodePorts", "publishNotReadyAddresses")


class Chosen(Value):
    """What a Service says to its load balancer's provider."""

    provider: Provider
    annotations: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()
    """Fields of ServiceSpec, with their values."""
    choices: Mapping[str, str] = {}
    """Settings that are written nowhere."""
    warnings: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    creation_only: tuple[str, ...] = ()
    """Settings among these that only work, or are only safe, when the load balancer is made."""


def choose(
    provider: Provider,
    options: LoadBalancerOptions,
    fields: Mapping[str, Any],
    providers: Callable[[], Sequence[Provider]],
) -> Chosen:
    """What is to be written for the options; `fields` are those of ServiceSpec that other flags set.

    Raises SvcError, in one line with the nearest right words, for a setting or value that the provider has not, for an
    intent that it cannot do (`providers()` are all of them, to name those that can), and for words that contradict.
    """
    return _Choice(provider, options, fields, providers).chosen()


class _Choice:
    def __init__(
        self,
        provider: Provider,
        options: LoadBalancerOptions,
        fields: Mapping[str, Any],
        providers: Callable[[], Sequence[Provider]],
    ) -> None:
        self._provider = provider
        self._options = options
        self._fields = {f"spec.{name}": _as_text(value) for name, value in fields.items()}
        self._providers = providers
        self._exact: dict[str, str] = {}  # by name: the key, where it was typed as a whole
        self._firm: dict[str, tuple[str, str]] = {}  # by name: value, and the words that ask for it
        self._weak: dict[str, tuple[str, str]] = {}
        self._warnings: list[str] = []
        self._hints: list[str] = []

    def chosen(self) -> Chosen:
        for name, value in self._options.settings:
            short = self._name_of(name)
            self._ask(short, self._spelled(short, value), f"--lb-set {_shown(f'{name}={value}')}")
        self._check_fields()
        for intent in _ORDER:
            if intent in self._options.intents:
                self._intend(intent, self._options.intents[intent])
        select = next((case for case in self._provider.cases(SELECT) if self._fits(case, "")), None)
        if select:
            self._take(select, "", f"--lb {self._provider.name}")
            self._hints += [select.note] if select.note else []
        return self._written()

    # --- from intents to settings

    def _intend(self, intent: str, text: str) -> None:
        flag = _flag(intent, text)
        for value, family in _parts(self._provider.cases(intent), text):
            cases = self._provider.cases(intent)
            # What is no address, a name or an id, is taken where the other addresses of IPv4 are.
            kinds = (family, "IPv4") if family == "" else (family,)
            fitting = [case for kind in kinds for case in cases if self._fits(case, kind)]
            case = fitting[0] if fitting else None
            if case is None or not case.is_possible:
                raise SvcError(self._impossible(intent, flag, case))
            self._take(case, value, flag)
            self._warnings += [f"{flag}: {case.note}"] if case.note else []

    def _take(self, case: Case, value: str, words: str) -> None:
        for name, template in case.set.items():
            self._ask(name, template.replace(_VALUE, value), words)
        for name, template in case.defaults.items():
            self._weak.setdefault(name, (template.replace(_VALUE, value), words))
            if self._is_pairs(name) and name in self._firm:
                typed, by = self._firm[name]
                self._firm[name] = _merged(self._weak[name][0], typed), by

    def _ask(self, name: str, value: str, words: str) -> None:
        known, by = self._firm.get(name, (value, words))
        if self._is_pairs(name):  # each of its keys is a setting by itself
            for key, one in _pairs(value).items():
                if _pairs(known).get(key, one) != one:
                    raise SvcError(f"{words} contradicts {by}: {key} cannot be both {one} and {_pairs(known)[key]}")
            value = _merged(known, value)
        elif known != value:
            raise SvcError(f"{words} contradicts {by}: {name} cannot be both {value} and {known}")
        self._firm[name] = value, by

    def _check_fields(self) -> None:
        """Raises SvcError for a field of the Service that another flag set, and that the provider does not take."""
        for setting in self._provider.settings:
            value = self._fields.get(setting.key) if setting.kind == FIELD else None
            if value is not None:
                self._read(setting, value, setting.key)

    def _is_pairs(self, name: str) -> bool:
        return any(one.name == name and one.value.get("type") == "pairs" for one in self._provider.settings)

    def _fits(self, case: Case, family: str) -> bool:
        return all(self._state(name, value == "", family) == value for name, value in case.when.items())

    def _state(self, name: str, only_set: bool, family: str = "") -> str:
        """What a setting says so far; its default where nothing is set, unless only that counts."""
        if name == "family":
            return family
        if name == "scheme":
            return self._options.scheme or self._typed_scheme()
        for given in (self._firm, self._weak):
            if name in given:
                return given[name][0]
        if name in self._fields:
            return self._fields[name]
        base = self._json_base(name)
        if base in self._firm:
            return _field_of(self._firm[base][0], name.removeprefix(f"{base}."))
        if any(other.startswith(f"{name}.") for other in (*self._firm, *self._weak)):
            return "{}"  # of which fields are set
        if only_set:
            return ""
        return next((setting.default for setting in self._provider.settings if setting.name == name), "")

    def _typed_scheme(self) -> str:
        """What --lb-scheme would have been for settings that were typed instead; empty where that is not known."""
        for intent in ("scheme=internal", "scheme=public"):
            for case in self._provider.cases(intent):
                values = case.set.items()
                if values and all(self._firm.get(name, ("", ""))[0] == value for name, value in values):
                    return intent.partition("=")[2]
        return ""

    def _impossible(self, intent: str, flag: str, case: Case | None) -> str:
        note = case.note if case else ""
        if not note and self._provider.supports(intent):
            return f"{flag}: {self._provider.name} cannot do that together with the other settings"
        if not note:
            able = [one.name for one in self._providers() if one.supports(intent)]
            return f"{flag}: {self._provider.name} has no setting for it; {', '.join(able) or 'nobody'} can do that"
        if self._provider.supports(intent):
            return f"{flag}: {self._provider.name} cannot do that here: {note}"
        able = [one.name for one in self._providers() if one.supports(intent)]
        return f"{flag}: {self._provider.name} cannot do that: {note} (those that can: {', '.join(able) or 'none'})"

    # --- from settings to what is written

    def _written(self) -> Chosen:
        values = {**self._weak, **self._firm}
        annotations: dict[str, str] = {}
        labels: dict[str, str] = {}
        fields: dict[str, Any] = {}
        choices: dict[str, str] = {}
        creation_only: list[str] = []
        for setting, name, value, words in self._settings(values):
            if setting.written_by:
                raise SvcError(f"{words}: {setting.name} is written by {setting.written_by}, and by nobody else")
            read = self._read(setting, value, words)
            if setting.unverified:
                self._warnings.append(f"{words}: {setting.name} is unverified: {setting.unverified}")
            if setting.deprecated and not setting.when:  # otherwise a choice asked for it
                self._warnings.append(f"{words}: {setting.name} is deprecated: {setting.deprecated}")
            if setting.creation_only:
                creation_only.append(setting.name)
            key = setting.key_of(name, self._provider.prefixes)
            if not setting.key:
                choices[setting.name] = read
            elif setting.kind == FIELD:
                self._set_field(fields, setting.field, read, words)
            else:
                (labels if setting.kind == LABEL else annotations)[key] = read
        return Chosen(
            provider=self._provider,
            annotations=tuple(annotations.items()),
            labels=tuple(labels.items()),
            fields=tuple(fields.items()),
            choices=choices,
            warnings=tuple(dict.fromkeys(self._warnings)),
            hints=tuple(self._hints),
            creation_only=tuple(creation_only),
        )

    def _settings(self, values: Mapping[str, tuple[str, str]]) -> Iterator[tuple[Setting, str, str, str]]:
        """Each setting once, with the name by which it was meant, its value and the words that asked for it."""
        whole = dict(values)
        for name, (value, words) in values.items():
            base = self._json_base(name)
            if base:
                del whole[name]
                document, asked = whole.get(base, ("{}", words))
                if self._field_in(base, document, name) is None:
                    whole[base] = (self._with_field(base, document, name, value, words), asked)
                elif name in self._firm and self._field_in(base, document, name) != value:
                    raise SvcError(f"{words} contradicts {asked}: {name} cannot be both {value} and something else")
        for name, (value, words) in whole.items():
            yield self._setting(name, words), name, value, words

    @staticmethod
    def _field_in(base: str, document: str, name: str) -> str | None:
        """What a JSON text says of a field; None where it says nothing."""
        try:
            fields = decode_json(document)
        except ValueError:
            return ""  # which is refused as a whole
        value = fields.get(name.removeprefix(f"{base}.")) if isinstance(fields, dict) else ""
        if isinstance(value, list):
            return ",".join(map(str, value))
        return value if value is None or isinstance(value, str) else encode_json(value)

    def _json_base(self, name: str) -> str:
        """The JSON setting of which this is a field."""
        for setting in self._provider.settings:
            if setting.value.get("type") == "json" and name.startswith(f"{setting.name}."):
                return setting.name
        return ""

    def _with_field(self, base: str, document: str, name: str, value: str, words: str) -> str:
        rules: Mapping[str, Rule] = self._setting(base, words).value.get("fields", {})
        field = name.removeprefix(f"{base}.")
        if field not in rules:
            raise SvcError(f"{words}: {base} has no field {quote(field)}{_meant(field, list(rules), f'{base}.')}")
        try:
            typed = decode_json(document)
            fields = {**(typed if isinstance(typed, dict) else {}), field: json_field(rules[field], value)}
        except ValueError as error:
            raise SvcError(f"{words}: {error}") from None
        return encode_json({one: fields[one] for one in (*rules, *fields) if one in fields})

    def _read(self, setting: Setting, value: str, words: str) -> str:
        try:
            return read_value(setting.value, value) if setting.value else value
        except ValueError as error:
            raise SvcError(f"{words}: {error}") from None

    def _set_field(self, fields: dict[str, Any], field: str, value: str, words: str) -> None:
        typed = self._fields.get(f"spec.{field}")
        if typed not in (None, value):
            raise SvcError(f"{words} contradicts another flag: spec.{field} cannot be both {value} and {typed}")
        if field in _LIST_FIELDS:
            fields[field] = value.split(",")
        elif field in _NUMBER_FIELDS:
            fields[field] = int(value)
        else:
            fields[field] = value == "true" if field in _BOOLEAN_FIELDS else value

    # --- names

    def _name_of(self, typed: str) -> str:
        """How the rest of this module calls what was typed: short, with the parts that are open filled in."""
        if self._json_base(typed):
            return typed
        prefixes = self._provider.prefixes
        for setting in self._provider.settings:
            key = setting.key_of(typed, prefixes)
            if key or typed == setting.name:
                short = short_name(key, prefixes) if "{" not in setting.key.rpartition("/")[0] else key
                if key == typed != short:
                    self._exact[short or setting.name] = key
                return short or setting.name
        part = "key" if "/" in typed else "name"
        close = _meant(typed, list(dict.fromkeys(getattr(setting, part) for setting in self._provider.settings)))
        raise SvcError(
            f"--lb-set {_shown(typed)}: {self._provider.name} has no setting {quote(typed)}{close}; "
            f"see kubectl svc providers {self._provider.name}"
        )

    def _spelled(self, name: str, value: str) -> str:
        """The value as cases know it; one that is wrong stays as it is, until it is known which setting is meant."""
        for setting in self._provider.settings:
            if setting.key_of(name, self._provider.prefixes):
                try:
                    return read_value(setting.value, value)
                except (ValueError, KeyError):
                    continue
        return value

    def _setting(self, name: str, words: str) -> Setting:
        """The setting that is meant where several share a name: the one whose conditions hold, else the plain one."""
        meant = [one for one in self._provider.settings if one.key_of(name, self._provider.prefixes)]
        if not meant and name.startswith("spec."):
            return Setting(name=name, key=name)  # a field that says what it says everywhere
        exact = [one for one in meant if one.key == self._exact.get(name)]
        fitting = [
            one
            for one in exact or meant
            if all(self._state(other, value == "") == value for other, value in one.when.items())
        ]
        if not fitting:
            wanted = " or ".join(" and ".join(f"{k}={v}" for k, v in one.when.items()) for one in exact or meant)
            raise SvcError(f"{words}: {name} is only for {wanted}")
        return max(fitting, key=lambda one: len(one.when))


def _meant(word: str, known: Sequence[str], prefix: str = "") -> str:
    close = [f"{prefix}{one}" for one in nearest(word, known)]
    return f"; did you mean {', '.join(close[:-1])}{' or ' if close[:-1] else ''}{close[-1]}?" if close else ""


def _flag(intent: str, text: str) -> str:
    """The intent as it was typed."""
    name, _, word = intent.partition("=")
    return f"--lb-{name} {word or text}".rstrip()


def _parts(cases: Sequence[Case], text: str) -> list[tuple[str, str]]:
    """The text, or where the provider tells families apart what there is of each, with its family."""
    if not any("family" in case.when for case in cases):
        return [(text, "")]
    return [
        (",".join(words), family)
        for family in ("IPv4", "IPv6", "")
        if (words := [word for word in text.split(",") if family_of(word) == family])
    ]


def _merged(pairs: str, others: str) -> str:
    """`KEY=VALUE,...` of both, the others' values where both have a key."""
    return ",".join({word.partition("=")[0].strip(): word.strip() for word in f"{pairs},{others}".split(",")}.values())


def _pairs(text: str) -> dict[str, str]:
    """`KEY=VALUE,...` by key."""
    return {key.strip(): value.strip() for key, _, value in (word.partition("=") for word in text.split(","))}


def _shown(text: str) -> str:
    """What was typed, as one line repeats it."""
    shown = text if text.isprintable() else quote(text)
    return shown if len(shown) <= _LONGEST_WORD else f"{shown[:_LONGEST_WORD]}..."


def _field_of(document: str, field: str) -> str:
    try:
        fields = decode_json(document)
    except ValueError:
        return ""
    value = fields.get(field, "") if isinstance(fields, dict) else ""
    return value if isinstance(value, str) else encode_json(value)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
