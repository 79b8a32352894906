"""A provider of load balancers: its settings, what the portable intents mean there, and how it is recognized."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Rule = Mapping[str, Any]
    """What a value may be (`values`)."""

INTENTS = (
    "scheme=internal", "scheme=public", "target=ip", "target=instance", "address", "id", "pool", "subnet", "share",
    "proxy-protocol", "cross-zone",
)  # fmt: skip
"""What can be asked of every provider in the same words: the flags `--lb-...`, with their values if these are words."""
SELECT = "select"
"""What hands the Service to the provider's controller, whatever else is asked."""

ANNOTATION, LABEL, FIELD, CHOICE = "annotation", "label", "field", "choice"
_FIELD_PREFIX = "spec."
# What may stand in a key where it is open.
_PARTS = {"port": "[1-9][0-9]{0,4}", "protocol": "[A-Z_]+", "nad": "[a-z0-9-]+", "namespace": "[a-z0-9-]+"}


class Setting(Value):
    """One thing that a provider reads from a Service."""

    name: str
    """Short: the key after its slash, less the provider's usual prefix."""
    key: str = ""
    """An annotation's or label's key, or `spec.` and a field; `{port}` and the like stand for a part of it.

    Empty for a choice, which is written nowhere and decides which of other settings are.
    """
    is_label: bool = False
    value: Mapping[str, Any] = {}
    """The rule of its values (`values`)."""
    default: str = ""
    meaning: str = ""
    restrictions: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    """Conditions (`conditions`) that must all hold; of each tuple one is enough."""
    excludes: tuple[str, ...] = ()
    """Conditions of which none may hold."""
    value_needs: Mapping[str, tuple[tuple[str, ...], ...]] = {}
    """The same by value of the setting, or by one of a list or of pairs."""
    when: Mapping[str, str] = {}
    """Values of other settings with which this one is meant where several share a name."""
    creation_only: bool = False
    """Whether it only works, or is only safe, when the load balancer is made."""
    deprecated: str = ""
    """What to use instead."""
    unverified: str = ""
    """What no primary source confirms."""
    names_ports: bool = False
    """Whether its value names ports that the Service must have: `443,https` or `https:443,http:80`."""
    written_by: str = ""
    """The controller, where it is what writes the setting, and nobody else."""
    source: str = ""

    @property
    def kind(self) -> str:
        """One of annotation, label, field, choice."""
        if not self.key:
            return CHOICE
        if self.is_label:
            return LABEL
        return FIELD if self.key.startswith(_FIELD_PREFIX) else ANNOTATION

    def matches(self, key: str) -> bool:
        """Whether it is the setting of that key, or of one of them."""
        return _match(self.key, key) is not None

    def port_of(self, key: str) -> str:
        """The port that one of its keys is about; empty for keys that are about none."""
        return (_match(self.key, key) or {}).get("port", "")

    def key_of(self, name: str, prefixes: Sequence[str]) -> str:
        """The key that is meant by a name: the short one, the key after its slash, or the key; empty for another's.

        Where a part of the key is open, the name says it.
        """
        head, slash, tail = self.key.rpartition("/")
        shapes = (self.key,) if "{" in head else (short_name(self.key, prefixes), tail, self.key)
        for shape in dict.fromkeys(shapes):
            if shape and _match(shape, name) is not None:
                return name if shape == self.key else head + slash + tail.replace(shape, name)
        return name if name == self.name and not self.key else ""

    @property
    def field(self) -> str:
        """The field of ServiceSpec, of a setting that is one."""
        return self.key.removeprefix(_FIELD_PREFIX)


class Case(Value):
    """What an intent means where `when` holds; without anything to set it is not possible, and `note` says why."""

    when: Mapping[str, str] = {}
    """Values of settings, and of `scheme` (internal, public) and `family` (IPv4, IPv6); the empty one: not set."""
    set: Mapping[str, str] = {}
    """Settings, or fields of JSON settings, by name; `{value}` stands for what was typed."""
    defaults: Mapping[str, str] = {}
    """The same, for what is needed besides, and may be typed otherwise."""
    note: str = ""
    """Why it is not possible, and what to do instead; or what to know of it."""

    @property
    def is_possible(self) -> bool:
        """Whether the provider has a setting for it."""
        return bool(self.set or self.defaults)


class Evidence(Value):
    """By what a provider is recognized; each part may be empty."""

    provider_ids: tuple[str, ...] = ()
    """Beginnings of a node's `spec.providerID`; `uuid` stands for nothing but a UUID, which says little by itself."""
    node_labels: tuple[str, ...] = ()
    """Keys of node labels, `KEY=VALUE` of one value; `*` at the end stands for anything."""
    resources: tuple[str, ...] = ()
    """`PLURAL.GROUP` of resources that the server has, or a whole group `*.GROUP`."""
    objects: tuple[str, ...] = ()
    """`PLURAL.GROUP` of resources of which there must be an object; a controller that has none does nothing."""
    needs: tuple[str, ...] = ()
    """Resources as above of which one must be there besides, because cloud nodes alone have no such controller."""
    missing: str = ""
    """What is to be said where none of `needs` is there."""
    sets: tuple[Mapping[str, Any], ...] = ()
    """A `resource` as above or the beginning of a `provider_id`, and what to `set` where it is there: the last counts.
    """
    images: tuple[Mapping[str, Any], ...] = ()
    """Controllers whose version decides: `selector` of their Deployments, `image`, `below` a version, what to `set`.

    `otherwise` is set where such a controller is seen, and none is older.
    """


class Provider(Value):
    """All that is known of one provider."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    """Beginnings of keys, after the slash, that short names leave out; the first that fits."""
    sources: Mapping[str, str] = {}
    """What the sources of settings stand for."""
    notes: tuple[str, ...] = ()
    """What to know that belongs to no single setting."""
    intents: Mapping[str, tuple[Case, ...]] = {}
    settings: tuple[Setting, ...] = ()
    excludes: tuple[str, ...] = ()
    """Conditions that no Service for it may meet: its controller would leave the Service alone."""
    evidence: Evidence = Evidence()

    def cases(self, intent: str) -> tuple[Case, ...]:
        """What the intent means, the first case that fits counts; none where the provider does not know it."""
        return self.intents.get(intent, ())

    def supports(self, intent: str) -> bool:
        """Whether there is a case in which the provider can do what is meant."""
        return any(case.is_possible for case in self.cases(intent))


def _match(shape: str, text: str) -> Mapping[str, str] | None:
    """What stands in the shape's open parts in the text; None where the text is not of that shape."""
    if "{" not in shape:
        return {} if text == shape else None
    import re  # hardly any key has open parts

    pattern = re.escape(shape)
    for part, filling in _PARTS.items():
        pattern = pattern.replace(re.escape(f"{{{part}}}"), f"(?P<{part}>{filling})")
    matched = re.fullmatch(pattern, text)
    return matched and matched.groupdict()


def read_provider(document: Mapping[str, Any]) -> Provider:
    """The provider of a document that `schema.find_problems` has nothing against."""
    intents = document.get("intents", {})
    return Provider(
        **{
            **document,
            "aliases": tuple(document.get("aliases", ())),
            "prefixes": tuple(document.get("prefixes", ())),
            "notes": tuple(document.get("notes", ())),
            "excludes": tuple(document.get("excludes", ())),
            "intents": {name: tuple(Case(**case) for case in cases) for name, cases in intents.items()},
            "settings": tuple(_read_setting(setting, document.get("prefixes", ())) for setting in document["settings"]),
            "evidence": _read_evidence(document.get("evidence", {})),
        }
    )


def short_name(key: str, prefixes: Sequence[str]) -> str:
    """What a key is called: what follows its slash, less the first of the prefixes that fits.

    A key with an open part before the slash has no shorter name.
    """
    head, _, name = key.rpartition("/")
    if "{" in head:
        return key
    prefix = next((prefix for prefix in prefixes if name.startswith(prefix) and name != prefix), "")
    return name.removeprefix(prefix)


def _read_setting(document: Mapping[str, Any], prefixes: Sequence[str]) -> Setting:
    by_value = {value: _read_needs(needs) for value, needs in document.get("value_needs", {}).items()}
    read = {
        "needs": _read_needs(document.get("needs", ())),
        "value_needs": by_value,
        "excludes": tuple(document.get("excludes", ())),
    }
    given = {**document, **read}
    return Setting(**{"name": short_name(document.get("key", ""), prefixes), **given})


def _read_needs(needs: Sequence[str | Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple((need,) if isinstance(need, str) else tuple(need) for need in needs)


def _read_evidence(document: Mapping[str, Any]) -> Evidence:
    lists = {name: tuple(words) for name, words in document.items() if isinstance(words, list)}
    return Evidence(**{**document, **lists})
