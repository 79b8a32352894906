"""The ServicePorts of one Service, from what was typed and what the workload declares.

Pure. A plain word, and a number that is derived, go kubectl's way (kubectl pkg/cmd/expose/expose.go `createService`);
a longer word says more, and what it leaves open is looked up for its target.
"""

from __future__ import annotations

from kubectl_svc.declared_ports import Declared
from kubectl_svc.errors import SvcError
from kubectl_svc.flags.service_flags import TRANSPORT_OF
from kubectl_svc.golang import atoi, listed, quote
from kubectl_svc.port_names import name_ports
from kubectl_svc.port_words import (
    APP_PROTOCOL_OF,
    LONGEST_NAME,
    PortWord,
    parse_protocol,
    parse_target,
)
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kubectl_svc.service_options import PortOptions
    from kubectl_svc.workloads.model import Workload


class Port(Value):
    """A ServicePort, all but a name that is not typed."""

    word: str | PortWord
    """What it comes from: a plain word, typed or derived, or a longer one."""
    position: int = 0
    """Of its word, from 1; the protocols of one word share it."""
    name: str = ""
    """As it is typed."""
    number: int
    protocol: str
    target: int | str = ""
    """Empty: left open, until `_completed`."""
    node_port: int = 0
    app_protocol: str = ""
    declared_name: str = ""
    """Of the container port behind it, or of the port that is copied."""

    @property
    def is_longer(self) -> bool:
        """Whether it comes from a longer word, which is ours to read."""
        return isinstance(self.word, PortWord)


def service_ports(words: Sequence[str | PortWord], workload: Workload, options: PortOptions) -> list[dict[str, Any]]:
    """The ServicePorts of the words, in order.

    Raises SvcError, in kubectl's words for what is kubectl's, for words that are no ports or contradict each other,
    and for options that mean a port which is not there.
    """
    declared = Declared(workload, options)
    ports: list[Port] = []
    for position, word in enumerate(words, 1):
        if isinstance(word, PortWord):
            found = _longer_ports(word, declared, options)
        else:
            found = _plain_ports(word, declared, options)
        ports += [_completed(port.but(position=position), declared) for port in found]
    ports = _with_app_protocols(_with_node_port(_once(ports), options.node_port), dict(options.app_protocols))
    is_derived = not options.words
    names = name_ports(ports, options.naming, keeps_names=workload.keeps_ports or (is_derived and workload.keeps_names))
    return [_manifest(port, name) for port, name in zip(ports, names, strict=True)]


def _plain_ports(word: str, declared: Declared, options: PortOptions) -> list[Port]:
    """One port for each protocol: the typed one, else all that are declared for the word.

    Words are compared as text, as kubectl does: `080` is port 80 but not a declared one.
    """
    number = _port_number(word)
    protocols = [options.protocol] if options.protocol else declared.protocols.get(word, ["TCP"])
    return [
        Port(word=word, number=number, protocol=protocol, target=_int_or_string(options.target_port))
        for protocol in dict.fromkeys(protocols)
    ]


def _port_number(word: str) -> int:
    """The number that kubectl sends, as Go's int32(int) cuts it. Raises SvcError for a word that is none."""
    try:
        number = atoi(word)
    except ValueError as error:
        raise SvcError(str(error)) from None
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def _int_or_string(word: str) -> int | str:
    """A target port: a number within int32, else a name, which may be empty (apimachinery util/intstr `Parse`)."""
    try:
        return atoi(word, bits=32)
    except ValueError:
        return word


def _longer_ports(word: PortWord, declared: Declared, options: PortOptions) -> list[Port]:
    """One port for each protocol: the word's own, else the typed one, else all that are declared for the target."""
    word = _filled(word, options)
    target = "" if word.target is None else word.target or word.port  # 0 is the port, as the API takes it
    if word.protocol:
        protocols = [TRANSPORT_OF[word.protocol]]
    else:
        protocols = [port.protocol for port in declared.behind(word.port, target)] or ["TCP"]
    protocols = list(dict.fromkeys(protocols))
    return [
        Port(
            word=word,
            name=_typed_name(word, protocol, protocols),
            number=word.port,
            protocol=protocol,
            target=target,
            node_port=word.node_port or 0,
            app_protocol=APP_PROTOCOL_OF.get(word.protocol, ""),
        )
        for protocol in protocols
    ]


def _filled(word: PortWord, options: PortOptions) -> PortWord:
    """The word with what --target-port and --protocol say of that which it leaves open.

    Raises SvcError for what cannot be a part of the word; plain words leave it to the server.
    """
    try:
        if word.target is None and options.target_port:
            word = word.but(target=parse_target(options.target_port))
    except ValueError as problem:
        raise SvcError(f"--target-port: {problem}") from None
    try:
        if not word.protocol and options.protocol:
            word = word.but(protocol=parse_protocol(options.protocol))
    except ValueError as problem:
        raise SvcError(f"--protocol: {problem}") from None
    return word


def _typed_name(word: PortWord, protocol: str, protocols: Sequence[str]) -> str:
    """The word's NAME; `NAME-udp` and `NAME-tcp` where several ports come of it, as kubectl tells them apart."""
    if not word.name or len(protocols) == 1:
        return word.name
    suffix = f"-{protocol.lower()}"
    return word.name[: LONGEST_NAME - len(suffix)] + suffix


def _completed(port: Port, declared: Declared) -> Port:
    """The port with what is declared of it. The source of a copy passes on all that was not typed."""
    if declared.keeps_ports:
        source = declared.source(port.number, port.protocol)
        speaks = source.app_protocol if source.protocol == port.protocol else ""
        return port.but(
            target=(source.target or port.number) if port.target == "" else port.target,
            app_protocol=port.app_protocol or speaks,
            declared_name=source.name,
        )
    target = port.number if port.target == "" else port.target
    names = [one.name for one in declared.behind(port.number, target) if one.protocol == port.protocol]
    return port.but(target=target, declared_name=next(iter(names), ""))


def _once(ports: Sequence[Port]) -> list[Port]:
    """The ports without repetitions of a longer word.

    Raises SvcError for two that are at odds; plain words are the server's to judge, as in kubectl.
    """
    kept: list[Port] = []
    first: dict[tuple[int, str], Port] = {}
    names: dict[str, Port] = {}
    for port in ports:
        twin = first.setdefault((port.number, port.protocol), port)
        if twin is not port and (isinstance(port.word, PortWord) or isinstance(twin.word, PortWord)):
            if twin.but(word=port.word, position=port.position) != port:
                both = f"--port {twin.word} and --port {port.word} both say port {port.number}/{port.protocol}"
                raise SvcError(f"{both}, which a Service has once: leave one of them out")
            continue
        namesake = names.setdefault(port.name, port) if port.name else port
        if namesake is not port:
            both = f"--port {namesake.word} and --port {port.word} are both called {port.name}"
            raise SvcError(f"{both}, and a Service's ports have different names")
        kept.append(port)
    return kept


def _with_node_port(ports: list[Port], node_port: int | None) -> list[Port]:
    """The ports of the single number with the node port of --node-port. Raises SvcError where it has no such place."""
    if node_port is None:
        return ports
    numbers = list(dict.fromkeys(port.number for port in ports))
    if len(numbers) != 1:
        has = f"ports {', '.join(map(str, numbers))}: say it of one of them" if numbers else "no port: say one"
        raise SvcError(f"--node-port {node_port} is for a Service with a single port, and this one has {has} "
                       f"as --port PORT:TARGET:{node_port}")  # fmt: skip
    for port in ports:
        if port.node_port not in (0, node_port):
            raise SvcError(f"--node-port {node_port}: --port {port.word} says {port.node_port}")
    return [port.but(node_port=node_port) for port in ports]


def _with_app_protocols(ports: list[Port], typed: Mapping[str, str]) -> list[Port]:
    """The ports with the application protocols of --app-protocol.

    Raises SvcError for a port that there is not, and for one that is said to speak two.
    """
    if not typed:
        return ports
    if not ports:
        raise SvcError(f"--app-protocol {listed(typed.values())}: the Service has no ports")
    own: dict[int, str] = {}
    called = _ports_by_call(ports)
    for key in filter(None, typed):
        places = next((names[key] for names in called if key in names), None)
        word = quote(f"{key}={typed[key]}")
        if places is None:
            numbers = ", ".join(dict.fromkeys(str(port.number) for port in ports))
            raise SvcError(f"--app-protocol {word}: the Service has no such port, only {numbers}")
        for place in places:
            other = own.setdefault(place, _spoken(ports[place]) or typed[key])
            if other != typed[key]:
                raise SvcError(f"--app-protocol {word}: port {ports[place].number} is said to speak {quote(other)} too")
    general = typed.get("", "")
    return [
        port.but(app_protocol=own.get(place) or _spoken(port) or general or port.app_protocol)
        for place, port in enumerate(ports)
    ]


def _ports_by_call(ports: Sequence[Port]) -> tuple[dict[str, list[int]], ...]:
    """Places of the ports by what --app-protocol may call them: by NAME before number before declared name."""
    typed: dict[str, list[int]] = {}
    numbers: dict[str, list[int]] = {}
    declared: dict[str, list[int]] = {}
    for place, port in enumerate(ports):
        for name in {port.name, port.word.name if isinstance(port.word, PortWord) else ""} - {""}:
            typed.setdefault(name, []).append(place)
        numbers.setdefault(str(port.number), []).append(place)
        if port.declared_name:
            declared.setdefault(port.declared_name, []).append(place)
    return typed, numbers, declared


def _spoken(port: Port) -> str:
    """The application protocol that the port's own word says."""
    return APP_PROTOCOL_OF.get(port.word.protocol, "") if isinstance(port.word, PortWord) else ""


def _manifest(port: Port, name: str) -> dict[str, Any]:
    return {
        **({"name": name} if name else {}),
        "protocol": port.protocol,
        **({"appProtocol": port.app_protocol} if port.app_protocol else {}),
        "port": port.number,
        "targetPort": port.target,
        **({"nodePort": port.node_port} if port.node_port else {}),
    }
