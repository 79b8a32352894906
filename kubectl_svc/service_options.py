"""What the command line says of the Service itself, each word in the API's own spelling.

Pure: text in, `ServiceOptions` out. kubectl's own words pass as they are where kubectl leaves them to the server.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.flags.service_flags import SERVICE_TYPES, SESSION_AFFINITIES, TRANSPORTS
from kubectl_svc.golang import parse_duration, quote
from kubectl_svc.port_words import HIGHEST_PORT, PortWord, parse_ports
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from kubectl_svc.command_line import CommandLine

_PLATFORM_KEYS = {"acp": ("project.cpaas.io/name", "service.cpaas.io/name")}
_LONGEST_TIMEOUT = 86400  # seconds of session affinity (core/v1 `MaxClientIPServiceAffinitySeconds`)


class PortOptions(Value):
    """What the ServicePorts shall say; empty or None means: derive it, or leave it to the server."""

    words: tuple[str | PortWord, ...] = ()
    """Plain words as typed, longer ones read."""
    target_port: str = ""
    protocol: str = ""
    node_port: int | None = None
    app_protocols: tuple[tuple[str, str], ...] = ()
    """Pairs: the number or name of a port, or nothing for all others; the value."""
    naming: str = ""
    """kubectl, descriptive or container; empty: as each word's form asks."""
    containers: tuple[str, ...] = ()


class ServiceOptions(Value):
    """What the Service shall say; empty means: derive it, or leave it to the server."""

    name: str = ""
    type: str = ""
    ports: PortOptions = PortOptions()
    selector: str = ""
    selector_keys: tuple[str, ...] = ()
    labels: str = ""
    annotations: tuple[tuple[str, str], ...] = ()
    owner: bool = False
    per_replica: bool = False
    external_name: str = ""
    cluster_ips: tuple[str, ...] = ()
    external_ips: tuple[str, ...] = ()
    load_balancer_ip: str = ""
    session_affinity: str = ""
    affinity_seconds: int | None = None
    more_labels: tuple[tuple[str, str], ...] = ()
    """Labels beside those, of which the load balancer's provider reads something."""
    fields: tuple[tuple[str, Any], ...] = ()
    """Fields of ServiceSpec that flags set by themselves (`Flag.field`), with their values."""


def read_service_options(line: CommandLine) -> ServiceOptions:
    """What the flags of `expose` or `create` say of the Service.

    Raises SvcError for a value that no flag of ours can mean, and for two that contradict each other.
    """
    _refuse_contradictions(line)
    return ServiceOptions(
        name=line.text("name"),
        type=_api_word(line.text("type"), SERVICE_TYPES),
        ports=_read_ports(line),
        selector=line.text("selector"),
        selector_keys=(*_list(line, "selector-key"), *_platform_keys(line)),
        labels=line.text("labels"),
        annotations=tuple(map(_annotation, line.texts("annotation"))),
        owner=line.flag("owner"),
        per_replica=line.flag("per-replica"),
        external_name=line.text("external-name"),
        cluster_ips=_cluster_ips(line),
        external_ips=_once(_filled(line.texts("external-ip"))),
        load_balancer_ip=line.text("load-balancer-ip"),
        session_affinity=_api_word(line.text("session-affinity"), SESSION_AFFINITIES),
        affinity_seconds=_affinity_seconds(line.text("session-affinity-timeout")),
        fields=tuple(_fields(line)),
    )


def _refuse_contradictions(line: CommandLine) -> None:
    """What cannot be said as one Service, whatever the server."""
    if line.text("external-name"):
        for name in ("selector", "selector-key", "selector-from", "per-replica"):
            if _says(line, name):
                raise SvcError(
                    f"--external-name cannot be combined with --{name}: a Service that stands for a host selects no "
                    "pods"
                )
    for name in ("selector-key", "selector-from", "per-replica"):
        if _says(line, "selector") and _says(line, name):
            raise SvcError(f"--selector cannot be combined with --{name}: each says which pods the Service selects")
    for name in ("selector-key", "selector-from"):
        if _says(line, "per-replica") and _says(line, name):
            raise SvcError(f"--per-replica cannot be combined with --{name}: each Service selects its own pod")
    if line.flag("headless"):
        address = next((address for address in _cluster_ips(line) if address != "None"), "")
        if address:
            raise SvcError(f"--headless cannot be combined with --cluster-ip {address}: a headless Service has none")
    if line.text("session-affinity-timeout") and line.text("session-affinity").lower() == "none":
        raise SvcError("--session-affinity-timeout cannot be combined with --session-affinity None: nothing would last")


def _says(line: CommandLine, name: str) -> bool:
    """Whether the flag was typed and says something."""
    if line.declared[name].type == "bool":
        return line.flag(name)
    return any(line.texts(name))


def _read_ports(line: CommandLine) -> PortOptions:
    return PortOptions(
        words=parse_ports(line.texts("port")),
        target_port=line.text("target-port"),
        protocol=_api_word(line.text("protocol"), TRANSPORTS),
        node_port=_node_port(line, "node-port") if line.given("node-port") else None,
        app_protocols=_app_protocols(_list(line, "app-protocol")),
        naming=_own_word(line, "port-naming"),
        containers=_list(line, "container"),
    )


def _node_port(line: CommandLine, name: str) -> int:
    number = line.number(name)
    if not 0 <= number <= HIGHEST_PORT:
        raise SvcError(f"--{name} {number}: not a number from 0 to {HIGHEST_PORT}")
    return number


def _list(line: CommandLine, name: str) -> tuple[str, ...]:
    """The words of all occurrences, each once: commas and line ends separate them, blanks around them do not count."""
    words = (word.strip() for text in line.texts(name) for line_of in text.splitlines() for word in line_of.split(","))
    return _once(_filled(tuple(words)))


def _app_protocols(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Each port's value; no port stands for all that have none of their own."""
    values: dict[str, str] = {}
    for word in words:
        port, equals, value = word.rpartition("=")
        if not value or (equals and not port):
            raise SvcError(f"--app-protocol {quote(word)}: not [PORT=]VALUE")
        if values.setdefault(port, value) != value:
            which = f"port {quote(port)}" if port else "every port"
            raise SvcError(f"--app-protocol says both {quote(values[port])} and {quote(value)} of {which}")
    return tuple(values.items())


def _cluster_ips(line: CommandLine) -> tuple[str, ...]:
    """The addresses, `None` among them; --headless is short for that."""
    typed = tuple(_api_word(address, ("None",)) for address in _filled(line.texts("cluster-ip")))
    return _once(typed) or (("None",) if line.flag("headless") else ())


def _platform_keys(line: CommandLine) -> tuple[str, ...]:
    platform = _own_word(line, "selector-from")
    return _PLATFORM_KEYS[platform] if platform else ()


def _annotation(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not key or not equals:
        raise SvcError(f"--annotation {quote(word)}: not KEY=VALUE")
    return key, value


def _affinity_seconds(text: str) -> int | None:
    """Seconds of a Go duration or a plain number, 1 to 86400; None where nothing was typed."""
    if not text:
        return None
    try:
        nanoseconds = int(text) * 10**9 if text.isascii() and text.isdigit() else parse_duration(text.lower())
    except ValueError:
        raise SvcError(f"--session-affinity-timeout {quote(text)}: not a time such as 90s, 10m, 1h30m or 600") from None
    seconds, rest = divmod(nanoseconds, 10**9)
    if rest or not 1 <= seconds <= _LONGEST_TIMEOUT:
        raise SvcError(f"--session-affinity-timeout {quote(text)}: not whole seconds from 1s to 24h")
    return seconds


def _fields(line: CommandLine) -> Iterator[tuple[str, Any]]:
    """The fields that flags set by themselves, as far as these say something."""
    for flag in line.command.flags:
        if not flag.field or not line.given(flag.name):
            continue
        if flag.type == "bool":
            yield flag.field, line.flag(flag.name)
        elif flag.type == "int32":
            yield flag.field, _node_port(line, flag.name)
        elif flag.repeats:
            words = [_api_word(word, flag.values) for word in _list(line, flag.name)]
            if words:
                yield flag.field, list(dict.fromkeys(words))
        elif line.text(flag.name):
            yield flag.field, _api_word(line.text(flag.name), flag.values)


def _own_word(line: CommandLine, name: str) -> str:
    """One of the words that we give a meaning ourselves, in any case, or nothing."""
    known = line.declared[name].values
    word = _api_word(line.text(name), known)
    if word and word not in known:
        raise SvcError(f"--{name} {quote(word)}: not one of {', '.join(known)}")
    return word


def _filled(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word)


def _once(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _api_word(word: str, known: Sequence[str]) -> str:
    """The API's own spelling of a word that was typed in another case; a word that it does not know stays."""
    folded = word.lower()
    return next((api_word for api_word in known if api_word.lower() == folded), word)
