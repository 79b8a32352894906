"""What a setting's value may go on with, for whoever is typing it. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.load_balancers.model import Rule


def offered_values(rule: Rule, typed: str) -> Iterator[str]:
    """The words that a value of the rule (`values`) may be, as far as they are known; of a list behind what is `typed`.

    The last word of a list is replaced, those before it stay, and are not offered again.
    """
    kind = rule.get("type")
    if kind == "boolean":
        yield from ("true", "false")
    elif kind == "word":
        yield from rule["of"]
    elif kind == "list":
        separator = rule.get("separator", ",")
        before, found, word = typed.rpartition(separator)
        taken = before.split(separator)
        yield from (before + found + one for one in offered_values(rule["of"], word) if one not in taken)
    elif kind == "pairs":
        before, found, pair = typed.rpartition(",")
        key, equals, value = pair.partition("=")
        keys = rule.get("keys", {})
        if equals:
            yield from (
                (f"{before}{found}{key}={one}" for one in offered_values(keys[key], value)) if key in keys else ()
            )
        else:
            taken = [each.partition("=")[0] for each in before.split(",")]
            yield from (f"{before}{found}{one}=" for one in keys if one not in taken)
