"""What is known of providers, as rows for people and as documents for programs. Pure."""

from __future__ import annotations

from kubectl_svc.load_balancers.descriptions import describe
from kubectl_svc.load_balancers.model import INTENTS, SELECT
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from kubectl_svc.load_balancers.model import Case, Provider, Setting

INTENT_TITLES = tuple(intent.rpartition("=")[2].upper() for intent in INTENTS)
"""INTERNAL, PUBLIC, IP, INSTANCE, ADDRESS and so on: what the columns of the matrix are called."""
_NO = "-"


def matrix(providers: Sequence[Provider], *, wide: bool) -> tuple[list[str], list[list[str]]]:
    """Titles and rows: for each provider what it can do; wide, the settings that are written for it."""
    rows = [
        [one.name, ",".join(one.aliases), str(len(one.settings)), *(_cell(one, intent, wide) for intent in INTENTS)]
        for one in providers
    ]
    return ["NAME", "ALIASES", "SETTINGS", *INTENT_TITLES], rows


def _cell(provider: Provider, intent: str, wide: bool) -> str:
    if not provider.supports(intent):
        return _NO
    return ",".join(_names(provider.cases(intent))) if wide else "yes"


def _names(cases: Sequence[Case]) -> list[str]:
    return list(dict.fromkeys(name for case in cases for name in (*case.set, *case.defaults)))


def intent_table(provider: Provider) -> tuple[list[str], list[list[str]]]:
    """Titles and rows: what the portable flags mean for one provider, case by case."""
    rows = [
        [_flag(intent), _pairs(case.when), _pairs({**case.set, **case.defaults}) or _NO, case.note]
        for intent in (SELECT, *INTENTS)
        for case in provider.cases(intent)
    ]
    return ["FLAG", "WHEN", "SETS", "NOTE"], rows


def _flag(intent: str) -> str:
    name, _, word = intent.partition("=")
    return "--lb" if name == SELECT else f"--lb-{name} {word}".rstrip()


def _pairs(pairs: Any) -> str:
    return ",".join(f"{name}={value}" for name, value in pairs.items())


def setting_table(provider: Provider, *, wide: bool) -> tuple[list[str], list[list[str]]]:
    """Titles and rows: the settings of one provider; wide, with all that is known of each."""
    titles = ["NAME", "VALUES", "DEFAULT", "REMARKS", "MEANING"]
    more = ["KEY", "NEEDS", "EXCLUDES", "RESTRICTIONS", "SOURCE"]
    rows = [_setting_row(setting, wide=wide) for setting in provider.settings]
    return [*titles, *(more if wide else ())], rows


def _setting_row(setting: Setting, *, wide: bool) -> list[str]:
    row = [setting.name, describe(setting.value) if setting.value else "", setting.default]
    row += [",".join(_remarks(setting)), setting.meaning]
    if wide:
        needs = ",".join("|".join(need) for need in setting.needs)
        row += [setting.key, needs, ",".join(setting.excludes), setting.restrictions, setting.source]
    return row


def _remarks(setting: Setting) -> Iterator[str]:
    if setting.written_by:
        yield "read-only"
    if setting.creation_only:
        yield "creation"
    if setting.deprecated:
        yield "deprecated"
    if setting.unverified:
        yield "unverified"
    if setting.is_label:
        yield "label"
    yield from (f"{name}={value or 'unset'}" for name, value in setting.when.items())


def as_document(value: object) -> Any:
    """The provider as JSON: the members of its file, and the short names; empty ones are left out."""
    if isinstance(value, Value):
        fields = {name: as_document(getattr(value, name)) for name in value._fields}
        return {name: field for name, field in fields.items() if field not in ("", [], {}, False)}
    if isinstance(value, (tuple, list)):
        return [as_document(one) for one in value]
    if isinstance(value, dict):
        return {name: as_document(one) for name, one in value.items()}
    return value
