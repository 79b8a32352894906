"""Which words of the command line made a field what it is, as they were typed."""

from __future__ import annotations

from kubectl_svc.flags.model import KUBECTL
from kubectl_svc.flags.service_flags import EXPOSE_FLAGS
from kubectl_svc.port_words import APP_PROTOCOL_OF, PortWord
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubectl_svc.checks.model import Subject

# Kinds that kubectl exposes itself, by apiVersion and kind.
_KUBECTL_KINDS = {
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "ReplicationController"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "ReplicaSet"),
}
# Flags that say a field of ServiceSpec, or of metadata, besides those that name it themselves (`Flag.field`).
_FLAGS_OF = {
    "type": ("type",),
    "clusterIPs": ("headless", "cluster-ip"),
    "externalIPs": ("external-ip",),
    "externalName": ("external-name",),
    "sessionAffinity": ("session-affinity", "session-affinity-timeout"),
    "sessionAffinityConfig": ("session-affinity-timeout",),
    "selector": ("selector", "selector-key", "selector-from", "per-replica"),
    "ports": ("port",),
    "metadata.name": ("name",),
    "metadata.labels": ("labels",),
    "metadata.annotations": ("annotation",),
}
_IMPLY_A_TYPE = ("node-port", "external-name")
# The flag that says a field of a ServicePort where the port's own word leaves it open.
_FLAG_OF_ALL_PORTS = {
    "name": "port-naming",
    "protocol": "protocol",
    "targetPort": "target-port",
    "appProtocol": "app-protocol",
    "nodePort": "node-port",
}


class TypedWords(Value):
    """Words of the command line that say one field."""

    text: str
    is_new: bool = False
    """Whether kubectl has no such words."""
    overrides: bool = False
    """Whether `--overrides` said it, whatever the other words are."""


def typed_for(subject: Subject, fields: Iterable[str]) -> list[TypedWords]:
    """The words for each field: of ServiceSpec, `metadata.NAME`, or of a port, such as `spec.ports[0].port`.

    A field that was derived, or left to the server, has none.
    """
    found = (_of_a_port(field, subject) if field.startswith("spec.ports[") else _of(field, subject) for field in fields)
    return list(dict.fromkeys(filter(None, found)))


def takes_part(subject: Subject, words: Iterable[TypedWords]) -> bool:
    """Whether anything that kubectl does not have takes part: one of the words, or what is exposed.

    `--overrides` is kubectl's: what it says is never ours to refuse.
    """
    words = list(words)
    if any(each.overrides for each in words):
        return False
    kind = (subject.workload.api_version, subject.workload.kind)
    return kind not in _KUBECTL_KINDS or any(each.is_new for each in words)


def combined(words: Iterable[TypedWords]) -> str:
    """The words as the beginning of a sentence about them; empty where there are none."""
    first, *others = [each.text for each in words] or [""]
    return f"{first} cannot be combined with {' and '.join(others)}" if others else first


def _of(field: str, subject: Subject) -> TypedWords | None:
    if _is_overridden(subject, field):
        return TypedWords(text="--overrides", overrides=True)
    names = tuple(flag.name for flag in EXPOSE_FLAGS if flag.field == field) or _FLAGS_OF[field]
    typed = [name for name in names if name in subject.flags]
    if typed or field != "type":
        return _flags(typed, subject)
    words = [word for word in subject.options.ports.words if isinstance(word, PortWord) and word.node_port is not None]
    if words and subject.type == "NodePort":
        return _port_word(words[0])
    return _flags([name for name in _IMPLY_A_TYPE if name in subject.flags], subject)


def _of_a_port(path: str, subject: Subject) -> TypedWords | None:
    port, _, leaf = path.rpartition(".")
    if _is_overridden(subject, "ports"):
        return TypedWords(text="--overrides", overrides=True)
    number = dict(subject.ports)[port].get("port")
    plain: list[str] = []
    for word in subject.options.ports.words:
        if isinstance(word, PortWord):
            if word.port == number and _says(word, leaf):
                return _port_word(word)
        elif word.strip().lstrip("+") == str(number):
            plain.append(word)
    flag = _FLAG_OF_ALL_PORTS.get(leaf, "")
    if flag in subject.flags:
        return _flags([flag], subject)
    # A plain word says its target, too.
    return _port_word(plain[0]) if plain and leaf in ("port", "targetPort") else None


def _says(word: PortWord, leaf: str) -> bool:
    if leaf == "appProtocol":
        return word.protocol in APP_PROTOCOL_OF
    if leaf == "protocol":
        return bool(word.protocol)
    said = {"name": word.name or None, "targetPort": word.target, "nodePort": word.node_port}
    return said.get(leaf, word.port) is not None


def _is_overridden(subject: Subject, field: str) -> bool:
    """Whether an override changed the field, or the field that stands for it."""
    top, _, name = field.rpartition(".")
    before, after = (document.get(top or "spec") or {} for document in (subject.derived, subject.service))
    names = ("clusterIP", "clusterIPs") if name == "clusterIPs" else (name,)
    return any(before.get(one) != after.get(one) for one in names)


def _flags(names: list[str], subject: Subject) -> TypedWords | None:
    if not names:
        return None
    groups = {flag.name: flag.group for flag in EXPOSE_FLAGS}
    text = " ".join(subject.flags[name] for name in names)
    return TypedWords(text=text, is_new=any(groups[name] != KUBECTL for name in names))


def _port_word(word: str | PortWord) -> TypedWords:
    return TypedWords(text=f"--port {word}", is_new=isinstance(word, PortWord))
