"""How settings are called: by short names, by keys, and with a field of their JSON. Pure."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.load_balancers.model import short_name
from kubectl_svc.load_balancers.spelling import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_svc.load_balancers.model import Provider

_LONGEST_WORD = 200  # characters of a typed setting that a message repeats


def find_name(provider: Provider, typed: str) -> tuple[str, str]:
    """The short name of the setting that is meant, its open parts filled in; and the key, where that was typed.

    Raises SvcError, with the nearest names or keys, where the provider has no such setting.
    """
    if json_setting(provider, typed):
        return typed, ""
    for setting in provider.settings:
        key = setting.key_of(typed, provider.prefixes)
        if key or typed == setting.name:
            has_short = "{" not in setting.key.rpartition("/")[0]
            short = (short_name(key, provider.prefixes) if has_short else key) or setting.name
            return short, key if key == typed != short else ""
    part = "key" if "/" in typed else "name"
    close = did_you_mean(typed, list(dict.fromkeys(getattr(setting, part) for setting in provider.settings)))
    raise SvcError(
        f"--lb-set {shown(typed)}: {provider.name} has no setting {quote(shown(typed))}{close}; "
        f"see kubectl svc providers {provider.name}"
    )


def json_setting(provider: Provider, name: str) -> str:
    """The JSON setting of which the name is a field; empty for the name of a whole setting, or of none."""
    for setting in provider.settings:
        if setting.value.get("type") == "json" and name.startswith(f"{setting.name}."):
            return setting.name
    return ""


def shown(text: str) -> str:
    """What was typed, as one line repeats it."""
    words = text if text.isprintable() else quote(text)
    return words if len(words) <= _LONGEST_WORD else f"{words[:_LONGEST_WORD]}..."
