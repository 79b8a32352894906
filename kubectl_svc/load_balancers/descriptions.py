"""What a rule's values may be, in a few words for a table or a message. Pure; whether one is right says `values`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kubectl_svc.load_balancers.model import Rule


def describe(rule: Rule) -> str:
    """What the values may be, for a table: `internal|internet-facing`, `1-4000`, `CIDR,...`."""
    kind: str = rule["type"]
    own = _DESCRIPTIONS[kind](rule) if kind in _DESCRIPTIONS else kind
    return "|".join((own, *filter(None, rule.get("also", ()))))


def _span(rule: Rule, unit: str = "") -> str:
    least, most = rule.get("min"), rule.get("max")
    if least is None and most is None:
        return ""
    return f"{'' if least is None else least}-{'' if most is None else most}{unit}"


_DESCRIPTIONS: Mapping[str, Callable[[Rule], str]] = {
    "boolean": lambda _: "true|false",
    "word": lambda rule: "|".join(map(str, rule["of"])),
    "text": lambda rule: str(rule.get("says") or (f"text, at most {rule['max']}" if "max" in rule else "text")),
    "integer": lambda rule: _span(rule) or "number",
    "address": lambda rule: f"{rule.get('family', 'IP')} address",
    "cidr": lambda _: "CIDR",
    "uuid": lambda _: "UUID",
    "duration": lambda rule: f"time {_span(rule, 's')}".rstrip(),
    "port": lambda rule: "port or its name" if rule.get("names") else "port",
    "url": lambda _: "URL",
    "list": lambda rule: f"{describe(rule['of'])}{rule.get('separator', ',')}...",
    "pairs": lambda rule: "KEY=VALUE,... of " + ",".join(rule["keys"]) if rule.get("keys") else "KEY=VALUE,...",
    "selector": lambda _: "label selector",
    "json": lambda rule: "JSON of " + ",".join(rule["fields"]) if rule.get("fields") else "JSON",
    "objects": lambda rule: "JSON array of " + ",".join(rule["fields"]) if rule.get("fields") else "JSON array",
}
