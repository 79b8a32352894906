"""What a provider's data file may say: asked of all of ours by a test, and of a user's own when it is read. Pure."""

from __future__ import annotations

import re
from itertools import chain

from kubectl_svc.load_balancers.model import INTENTS, SELECT, read_provider
from kubectl_svc.load_balancers.values import JSON_TYPES, TYPES, read_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from kubectl_svc.load_balancers.model import Provider, Rule

_TEXT, _TEXTS, _FLAG, _WORDS = "a text", "a list of texts", "true or false", "an object of texts"
_LISTS = "an object of lists of texts and lists of texts"
_OBJECT, _OBJECTS, _NEEDS = "an object", "a list of objects", "a list of texts and lists of texts"

_PROVIDER = {
    "name": _TEXT, "title": _TEXT, "aliases": _TEXTS, "prefixes": _TEXTS, "sources": _WORDS, "notes": _TEXTS,
    "intents": _OBJECT, "settings": _OBJECTS, "excludes": _TEXTS, "evidence": _OBJECT,
}  # fmt: skip
_SETTING = {
    "name": _TEXT, "key": _TEXT, "is_label": _FLAG, "value": _OBJECT, "default": _TEXT, "meaning": _TEXT,
    "restrictions": _TEXT, "needs": _NEEDS, "value_needs": _LISTS, "excludes": _TEXTS, "when": _WORDS,
    "creation_only": _FLAG, "names_ports": _FLAG,
    "deprecated": _TEXT, "unverified": _TEXT, "written_by": _TEXT, "source": _TEXT,
}  # fmt: skip
_CASE = {"when": _WORDS, "set": _WORDS, "defaults": _WORDS, "note": _TEXT}
_EVIDENCE = {
    "provider_ids": _TEXTS, "node_labels": _TEXTS, "resources": _TEXTS, "objects": _TEXTS, "needs": _TEXTS,
    "missing": _TEXT, "sets": _OBJECTS, "images": _OBJECTS,
}  # fmt: skip
_SETS = {"resource": _TEXT, "provider_id": _TEXT, "set": _WORDS}
_IMAGE = {"selector": _TEXT, "image": _TEXT, "below": _TEXT, "set": _WORDS, "otherwise": _WORDS}
_NUMBER, _WORDS_OR_RULE = "a number", "a list of texts or an object"
_RULE = {
    "type": _TEXT, "also": _TEXTS, "of": _WORDS_OR_RULE, "min": _NUMBER, "max": _NUMBER, "pattern": _TEXT,
    "says": _TEXT, "family": _TEXT, "label": _FLAG, "names": _FLAG, "separator": _TEXT, "keys": _OBJECT,
    "fields": _OBJECT, "required": _WORDS, "json": _TEXT, "one_each_family": _FLAG, "open": _FLAG, "meaning": _TEXT,
    "default": _TEXT, "restrictions": _TEXT, "source": _TEXT, "unverified": _TEXT,
}  # fmt: skip
_ONE_OF = {"type": (*TYPES,), "family": ("IPv4", "IPv6"), "separator": (",", ";", " "), "json": (*JSON_TYPES,)}
_OTHER_WHEN = ("scheme", "family")


def find_problems(document: object) -> list[str]:
    """A sentence for each thing that is wrong with the file; none for one that `read_provider` reads."""
    if not isinstance(document, dict):
        return ["it is not a JSON object"]
    shape = list(_shape_problems(document))
    return shape or list(_meaning_problems(read_provider(document)))


def _shape_problems(document: Mapping[str, Any]) -> Iterator[str]:
    yield from _parts("the provider", document, _PROVIDER, ("name", "title", "settings"))
    settings, intents = document.get("settings"), document.get("intents", {})
    for index, setting in enumerate(settings if isinstance(settings, list) else ()):
        where = f"settings[{index}]" + (f" ({setting.get('key')})" if isinstance(setting, dict) else "")
        yield from _parts(where, setting, _SETTING, ())
        if isinstance(setting, dict):
            if not setting.get("key") and not setting.get("name"):
                yield f"{where} has neither a key nor a name"
            if "value" in setting or not setting.get("written_by"):
                yield from _rule_problems(f"{where}.value", setting.get("value"))
    for name, cases in intents.items() if isinstance(intents, dict) else ():
        if name not in (*INTENTS, SELECT):
            yield f"intents: {name} is none of {', '.join((SELECT, *INTENTS))}"
        if not isinstance(cases, list):
            yield f"intents.{name} is not a list"
            continue
        for index, case in enumerate(cases):
            yield from _parts(f"intents.{name}[{index}]", case, _CASE, ())
    evidence = document.get("evidence", {})
    if isinstance(evidence, dict):
        yield from _parts("evidence", evidence, _EVIDENCE, ())
        for name, parts, required in (
            ("sets", _SETS, ("set",)),
            ("images", _IMAGE, ("selector", "image", "below", "set")),
        ):
            ones = evidence.get(name)
            for index, one in enumerate(ones if isinstance(ones, list) else ()):
                yield from _parts(f"evidence.{name}[{index}]", one, parts, required)
                if isinstance(one, dict) and not re.fullmatch(r"\d+(\.\d+)*", str(one.get("below", "0"))):
                    yield f"evidence.{name}[{index}].below is no version"


def _parts(where: str, value: object, known: Mapping[str, str], required: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is not an object"
        return
    for name, part in value.items():
        if name not in known:
            yield f"{where}: {name} is none of {', '.join(known)}"
        elif not _is(part, known[name]):
            yield f"{where}.{name} is not {known[name]}"
    for name in required:
        if name not in value:
            yield f"{where} has no {name}"


def _is(value: object, what: str) -> bool:
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return {
        _TEXT: isinstance(value, str),
        _TEXTS: texts,
        _FLAG: isinstance(value, bool),
        _WORDS: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
        _NUMBER: isinstance(value, int) and not isinstance(value, bool),
        _WORDS_OR_RULE: texts or isinstance(value, dict),
        _LISTS: isinstance(value, dict) and all(_is(one, _NEEDS) for one in value.values()),
        _OBJECT: isinstance(value, dict),
        _OBJECTS: isinstance(value, list) and all(isinstance(one, dict) for one in value),
        _NEEDS: isinstance(value, list) and all(isinstance(one, str) or _is(one, _TEXTS) for one in value),
    }[what]


def _rule_problems(where: str, rule: object) -> Iterator[str]:
    if not isinstance(rule, dict):
        yield f"{where} is not an object"
        return
    wrong = list(_parts(where, rule, _RULE, ("type",)))
    wrong += [
        f"{where}: the {part} {rule[part]} is none of {', '.join(known)}"
        for part, known in _ONE_OF.items()
        if isinstance(rule.get(part), str) and rule[part] not in known
    ]
    if wrong:
        yield from wrong
        return
    kind = rule["type"]
    if kind == "word" and not (_is(rule.get("of"), _TEXTS) and rule["of"]):
        yield f"{where}: a word needs the list `of` words"
    yield from _pattern_problems(where, rule)
    yield from _inner_problems(where, rule)


def _pattern_problems(where: str, rule: Rule) -> Iterator[str]:
    if "pattern" in rule:
        if "says" not in rule:
            yield f"{where}: a pattern needs what it `says`"
        try:
            re.compile(rule["pattern"])
        except re.error as error:
            yield f"{where}: {error}"


def _inner_problems(where: str, rule: Rule) -> Iterator[str]:
    """Of the rules within a rule."""
    if rule["type"] == "list" or rule.get("json") == "array":
        yield from _rule_problems(f"{where}.of", rule.get("of"))
    for part in ("keys", "fields"):
        for name, one in rule.get(part, {}).items():
            yield from _rule_problems(f"{where}.{part}.{name}", one)
    for name in rule.get("required", {}):
        if name not in rule.get("fields", {}):
            yield f"{where}: the required {name} is no field"


def _meaning_problems(provider: Provider) -> Iterator[str]:
    """What names something that is not there."""
    for setting in provider.settings:
        where = setting.key or setting.name
        if setting.default and setting.value and not _takes(setting.value, setting.default):
            yield f"{where}: the default {setting.default} is no value of it"
        needs = (*setting.needs, *chain(*setting.value_needs.values()))
        for condition in (*chain(*needs), *setting.excludes):
            name = re.split("[=~]", condition)[0]
            if not _knows(provider, name):
                yield f"{where}: {name} is no setting"
        yield from (
            f"{where}.value_needs: {value} is no value of it"
            for value in setting.value_needs
            if not _takes(setting.value, value)
        )
        yield from _unknown_when(provider, where, setting.when)
    for part in ("key", "name"):
        given = [
            (getattr(setting, part), tuple(sorted(setting.when.items())))
            for setting in provider.settings
            if getattr(setting, part)
        ]
        yield from (
            f"the {part} {one[0]} is there twice" for one in sorted({one for one in given if given.count(one) > 1})
        )
    for intent, cases in provider.intents.items():
        for index, case in enumerate(cases):
            where = f"intents.{intent}[{index}]"
            yield from _unknown_when(provider, where, case.when)
            for name, value in {**case.set, **case.defaults}.items():
                if not _knows(provider, name):
                    yield f"{where}: {name} is no setting"
                elif "{value}" not in value and not _takes_somewhere(provider, name, value):
                    yield f"{where}: {value} is no value of {name}"
            if not case.is_possible and not case.note:
                yield f"{where} says neither what it sets nor why it is not possible"


def _unknown_when(provider: Provider, where: str, when: Mapping[str, str]) -> Iterator[str]:
    for name in when:
        if name not in _OTHER_WHEN and not _knows(provider, name):
            yield f"{where}.when: {name} is no setting"


def _knows(provider: Provider, name: str) -> bool:
    if name.startswith("spec."):
        return True
    return any(name == setting.name or _field_rule(setting.name, setting.value, name) for setting in provider.settings)


def _takes_somewhere(provider: Provider, name: str, value: str) -> bool:
    rules = [setting.value for setting in provider.settings if setting.name == name]
    rules += [rule for one in provider.settings if (rule := _field_rule(one.name, one.value, name))]
    return not rules or any(_takes(rule, value) for rule in rules)


def _field_rule(setting: str, rule: Rule, name: str) -> Rule | None:
    """The rule of a field of a JSON setting that is called so."""
    if not name.startswith(f"{setting}."):
        return None
    fields: Mapping[str, Rule] = rule.get("fields", {})
    return fields.get(name.removeprefix(f"{setting}."))


def _takes(rule: Rule, value: str) -> bool:
    try:
        read_value(rule.get("of", rule) if rule.get("json") == "array" else rule, value)
    except ValueError:
        return False
    return True
