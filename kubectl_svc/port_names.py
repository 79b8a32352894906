"""Names for ServicePorts. Pure.

A name that was typed stays; the others are kubectl's (pkg/cmd/expose `createService`), descriptive as on ACP's console,
or those that the containers declare.
"""

from __future__ import annotations

from kubectl_svc.port_words import APP_PROTOCOL_OF, LONGEST_NAME, is_port_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from kubectl_svc.service_ports import Port

_WORD_OF_APP_PROTOCOL = {value: word for word, value in APP_PROTOCOL_OF.items()}


def name_ports(ports: Sequence[Port], naming: str, *, keeps_names: bool) -> list[str]:
    """A name for each port, all different; a single port may have none, which is empty.

    `naming` is kubectl, descriptive or container, or empty: descriptive for longer words, kubectl's for plain ones,
    which keep the declared name where the ports are copied from a Service (`keeps_names`). A port whose declared name
    is missing, taken or none that the API takes is named as if nothing had been asked for.
    """
    names = [port.name for port in ports]
    taken = set(names)
    for index, port in enumerate(ports):
        declared = port.declared_name if _takes_declared(port, naming, keeps_names) else ""
        if not names[index] and declared not in taken and is_port_name(declared):
            names[index] = declared
            taken.add(declared)
    for index, port in enumerate(ports):
        if not names[index] and _is_descriptive(port, naming):
            names[index] = _free(_descriptive(port), taken)
            taken.add(names[index])
    for index, name in enumerate(_positional(ports)):
        if not names[index] and name:
            names[index] = _free(name, taken)  # not taken by this: among themselves they stay as kubectl makes them
    return names


def _takes_declared(port: Port, naming: str, keeps_names: bool) -> bool:
    return naming == "container" or (not naming and keeps_names and not port.is_longer)


def _is_descriptive(port: Port, naming: str) -> bool:
    return naming == "descriptive" or (naming != "kubectl" and port.is_longer)


def _descriptive(port: Port) -> str:
    """`http-80-8080`, `tcp-80-redis`: the protocol as it is spoken, the port and its target, as a name can hold them.

    Every kind of target that the API takes fits whole; what a file or --target-port says beyond that is cut to fit.
    """
    over_tcp = _WORD_OF_APP_PROTOCOL.get(port.app_protocol) if port.protocol == "TCP" else None
    name = f"{over_tcp or port.protocol}-{port.number}-{port.target}".lower()
    fitting = "".join(char if char.isascii() and char.isalnum() else "-" for char in name)
    return fitting.strip("-")[:LONGEST_NAME].rstrip("-")


def _positional(ports: Sequence[Port]) -> list[str]:
    """kubectl's names: none for a single port, else by position, and by protocol where one word has several."""
    protocols: dict[int, int] = {}
    for port in ports:
        protocols[port.position] = protocols.get(port.position, 0) + 1
    place = {position: index for index, position in enumerate(protocols, 1)}
    names = []
    for port in ports:
        name = f"port-{place[port.position]}" if len(ports) > 1 else ""
        names.append(f"{name}-{port.protocol.lower()}" if protocols[port.position] > 1 else name)
    return names


def _free(name: str, taken: Container[str]) -> str:
    """The name, or the first of `NAME-2`, `NAME-3`, ... that nobody has."""
    free, count = name, 1
    while free in taken:
        count += 1
        suffix = f"-{count}"
        free = name[: LONGEST_NAME - len(suffix)] + suffix
    return free
