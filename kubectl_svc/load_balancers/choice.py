"""From what is asked of a load balancer to what its provider reads: annotations, labels and fields of a Service.

Pure. Intents become settings first (`asked`), then each setting is checked and written under its key.
"""

from __future__ import annotations

from kubectl_svc.checks.addresses import family_of
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.load_balancers.asked import Asked, field_of, with_field
from kubectl_svc.load_balancers.model import FIELD, INTENTS, LABEL, SELECT, Setting
from kubectl_svc.load_balancers.names import find_name, json_setting, shown
from kubectl_svc.load_balancers.spelling import did_you_mean
from kubectl_svc.load_balancers.values import json_field, read_value
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from kubectl_svc.load_balancer_options import LoadBalancerOptions
    from kubectl_svc.load_balancers.asked import Ask
    from kubectl_svc.load_balancers.model import Case, Provider, Rule

_VALUE = "{value}"
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
        self._providers = providers
        self._asked = Asked(provider, options.scheme, fields)
        self._keys: dict[str, str] = {}  # by name, where the key was typed
        self._warnings: list[str] = []
        self._hints: list[str] = []

    def chosen(self) -> Chosen:
        for typed, value in self._options.settings:
            name, self._keys[name] = find_name(self._provider, typed)
            self._asked.ask(name, self._spelled(name, value), f"--lb-set {shown(f'{typed}={value}')}")
        self._check_fields()
        for intent in _ORDER:
            if intent in self._options.intents:
                self._intend(intent, self._options.intents[intent])
        select = next((case for case in self._provider.cases(SELECT) if self._asked.fits(case, "")), None)
        if select:
            self._take(select, "", f"--lb {self._provider.name}")
            self._hints += [select.note] if select.note else []
        return self._written()

    def _spelled(self, name: str, value: str) -> str:
        """The value as cases know it; one that is wrong stays as it is, until it is known which setting is meant."""
        for setting in self._provider.settings:
            if setting.value and setting.key_of(name, self._provider.prefixes):
                try:
                    return read_value(setting.value, value)
                except ValueError:
                    continue
        return value

    def _check_fields(self) -> None:
        """Raises SvcError for a field of the Service that another flag set, and that the provider does not take."""
        for setting in self._provider.settings:
            if setting.kind == FIELD and setting.key in self._asked.fields:
                _read(setting, self._asked.fields[setting.key], setting.key)

    # --- from intents to settings

    def _intend(self, intent: str, text: str) -> None:
        flag = _flag(intent, text)
        cases = self._provider.cases(intent)
        for value, family in _by_family(cases, text):
            # What is no address, a name or an id, is taken where the other addresses of IPv4 are.
            kinds = (family,) if family else ("", "IPv4")
            case = next((case for kind in kinds for case in cases if self._asked.fits(case, kind)), None)
            if case is None or not case.is_possible:
                raise SvcError(f"{flag}: {self._provider.name} {self._impossible(intent, case)}")
            self._take(case, value, flag)
            self._warnings += [f"{flag}: {case.note}"] if case.note else []

    def _take(self, case: Case, value: str, words: str) -> None:
        for name, template in case.set.items():
            self._asked.ask(name, template.replace(_VALUE, value), words)
        for name, template in case.defaults.items():
            self._asked.suggest(name, template.replace(_VALUE, value), words)

    def _impossible(self, intent: str, case: Case | None) -> str:
        """Why, and who else can do it, or what to do instead."""
        note = case.note if case else ""
        if self._provider.supports(intent):
            return f"cannot do that here: {note}" if note else "cannot do that together with the other settings"
        able = ", ".join(one.name for one in self._providers() if one.supports(intent)) or "none"
        return (
            f"cannot do that: {note} (those that can: {able})" if note else f"has no setting for it; {able} can do that"
        )

    # --- from settings to what is written

    def _written(self) -> Chosen:
        annotations: dict[str, str] = {}
        labels: dict[str, str] = {}
        fields: dict[str, Any] = {}
        choices: dict[str, str] = {}
        settings = list(self._settings())
        for setting, name, ask in settings:
            if setting.written_by:
                raise SvcError(f"{ask.words}: {setting.name} is written by {setting.written_by}, and by nobody else")
            value = _read(setting, ask.value, ask.words)
            self._warnings += [f"{ask.words}: {setting.name} {remark}" for remark in _remarks(setting)]
            if not setting.key:
                choices[setting.name] = value
            elif setting.kind == FIELD:
                fields[setting.field] = self._field(setting.field, value, ask.words)
            else:
                key = setting.key_of(name, self._provider.prefixes)
                (labels if setting.kind == LABEL else annotations)[key] = value
        return Chosen(
            provider=self._provider,
            annotations=tuple(annotations.items()),
            labels=tuple(labels.items()),
            fields=tuple(fields.items()),
            choices=choices,
            warnings=tuple(dict.fromkeys(self._warnings)),
            hints=tuple(self._hints),
            creation_only=tuple(setting.name for setting, *_ in settings if setting.creation_only),
        )

    def _settings(self) -> Iterator[tuple[Setting, str, Ask]]:
        """Each setting once, JSON put together, with the name by which it was meant."""
        asked = self._asked.all()
        for name, ask in list(asked.items()):
            base = json_setting(self._provider, name)
            if base:
                del asked[name]
                asked[base] = self._with_field(base, asked.get(base), name, ask)
        for name, ask in asked.items():
            yield self._setting(name, ask.words), name, ask

    def _with_field(self, base: str, whole: Ask | None, name: str, ask: Ask) -> Ask:
        """The JSON setting with one more field; a field that is only needed gives way to one that is there."""
        field = name.removeprefix(f"{base}.")
        document = whole or ask.but(value="{}")
        said = field_of(document.value, field)
        if said is not None:
            if self._asked.is_firm(name) and said != ask.value:
                raise SvcError(
                    f"{ask.words} contradicts {document.words}: {name} cannot be both {ask.value} and {said}"
                )
            return document
        rules: Mapping[str, Rule] = self._setting(base, ask.words).value.get("fields", {})
        if field not in rules:
            close = did_you_mean(field, list(rules), prefix=f"{base}.")
            raise SvcError(f"{ask.words}: {base} has no field {quote(field)}{close}")
        try:
            value = json_field(rules[field], ask.value)
        except ValueError as error:
            raise SvcError(f"{ask.words}: {error}") from None
        return document.but(value=with_field(document.value, field, value, rules))

    def _field(self, field: str, value: str, words: str) -> Any:
        """The field's value in its JSON type. Raises SvcError where another flag set another one."""
        typed = self._asked.fields.get(f"spec.{field}", value)
        if typed != value:
            raise SvcError(f"{words} contradicts another flag: spec.{field} cannot be both {value} and {typed}")
        if field in _LIST_FIELDS:
            return value.split(",")
        if field in _NUMBER_FIELDS:
            return int(value)
        return value == "true" if field in _BOOLEAN_FIELDS else value

    def _setting(self, name: str, words: str) -> Setting:
        """The setting that is meant where several share a name: the one whose conditions hold, else the plain one."""
        meant = [one for one in self._provider.settings if one.key_of(name, self._provider.prefixes)]
        if not meant and name.startswith("spec."):
            return Setting(name=name, key=name)  # a field that says what it says everywhere
        exact = [one for one in meant if one.key == self._keys.get(name)] or meant
        fitting = [one for one in exact if self._asked.holds(one.when)]
        if not fitting:
            wanted = " or ".join(" and ".join(f"{other}={value}" for other, value in one.when.items()) for one in exact)
            raise SvcError(f"{words}: {name} is only for {wanted}")
        return max(fitting, key=lambda one: len(one.when))


def _read(setting: Setting, value: str, words: str) -> str:
    """The value in its own spelling. Raises SvcError for one that the setting has not."""
    try:
        return read_value(setting.value, value) if setting.value else value
    except ValueError as error:
        raise SvcError(f"{words}: {error}") from None


def _remarks(setting: Setting) -> Iterator[str]:
    """What there is to know of a setting before it is used."""
    if setting.unverified:
        yield f"is unverified: {setting.unverified}"
    if setting.deprecated and not setting.when:  # otherwise a choice asked for it
        yield f"is deprecated: {setting.deprecated}"


def _flag(intent: str, text: str) -> str:
    """The intent as it was typed."""
    name, _, word = intent.partition("=")
    return f"--lb-{name} {word or shown(text)}".rstrip()


def _by_family(cases: Sequence[Case], text: str) -> list[tuple[str, str]]:
    """The text; where the provider tells families apart, what there is of each, and its family."""
    if not any("family" in case.when for case in cases):
        return [(text, "")]
    return [
        (",".join(words), family)
        for family in ("IPv4", "IPv6", "")
        if (words := [word for word in text.split(",") if family_of(word) == family])
    ]
