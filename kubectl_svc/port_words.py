"""One port as it is typed: `[NAME=]PORT[:[TARGET][:NODEPORT]][/PROTOCOL]`.

Pure. A word without `=`, `:` and `/` is plain, and kubectl's to read.
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.flags.service_flags import PORT_GRAMMAR, TRANSPORT_OF
from kubectl_svc.golang import quote
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

APP_PROTOCOL_OF = {
    "http": "http", "https": "https", "grpc": "grpc",
    "http2": "kubernetes.io/h2c", "ws": "kubernetes.io/ws", "wss": "kubernetes.io/wss",
}  # fmt: skip
"""PROTOCOL, in lower case, and the `appProtocol` that it stands for (IANA's names; KEP-3726 for kubernetes.io/)."""

LONGEST_NAME = 63
"""Characters of a ServicePort's name (apimachinery util/validation `DNS1123LabelMaxLength`)."""

HIGHEST_PORT = 65535

_LONGEST_TARGET = 15  # of a container port (IANA service name)
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")


class PortWord(Value):
    """A longer word. What it leaves open is None or empty; a target or node port of 0 leaves it to the API.

    `port` is 1 to 65535, `target` 0 to 65535 or an IANA service name, `node_port` 0 to 65535, `protocol` a key of
    TRANSPORT_OF, `name` an RFC 1123 label.
    """

    port: int
    target: int | str | None = None
    node_port: int | None = None
    protocol: str = ""
    name: str = ""

    def __str__(self) -> str:
        """The word as it is typed."""
        name = f"{self.name}=" if self.name else ""
        target = "" if self.target is None else f"{self.target}"
        node_port = "" if self.node_port is None else f":{self.node_port}"
        # A word with nothing but its number would be plain, so its separator stays.
        target = f":{target}" if target or node_port or not (name or self.protocol) else ""
        protocol = f"/{self.protocol}" if self.protocol else ""
        return f"{name}{self.port}{target}{node_port}{protocol}"


def parse_ports(occurrences: Sequence[str]) -> tuple[str | PortWord, ...]:
    """The ports of all occurrences of --port, commas and repetition alike; plain words as they are.

    Raises SvcError for a longer word, naming the part that is wrong.
    """
    words: list[str] = []
    for text in filter(None, occurrences):
        before = set(words)  # what an earlier --port says is not said again; within one, kubectl counts it twice
        words += [word for word in text.split(",") if word not in before]
    return tuple(map(_parse_port, words))


def is_port_name(text: str) -> bool:
    """Whether the API takes it as a ServicePort's name (apimachinery util/validation `IsDNS1123Label`)."""
    if not 1 <= len(text) <= LONGEST_NAME or "-" in (text[0], text[-1]):
        return False
    return (_LETTERS | _DIGITS | {"-"}).issuperset(text)


def _parse_port(word: str) -> str | PortWord:
    if not any(sign in word for sign in "=:/"):
        return word
    try:
        return _longer(word)
    except ValueError as problem:
        raise SvcError(f"--port {quote(word)}: {problem}; a port is {PORT_GRAMMAR}") from None


def _longer(word: str) -> PortWord:
    """Raises ValueError that begins with the name of the part that is wrong."""
    rest, slash, protocol = word.partition("/")
    start, *more = rest.split(":", 2)
    name, equals, port = start.rpartition("=")
    return PortWord(
        name=_name(name) if equals else "",
        port=_number("PORT", port, lowest=1),
        target=parse_target(more[0]) if more and more[0] else None,
        node_port=_number("NODEPORT", more[1]) if len(more) > 1 else None,
        protocol=parse_protocol(protocol) if slash else "",
    )


def _number(part: str, text: str, lowest: int = 0) -> int:
    if not text:
        raise ValueError(f"{part} is missing")
    significant = text.lstrip("0") or "0"
    is_short = _DIGITS.issuperset(significant) and len(significant) <= len(str(HIGHEST_PORT))
    if not is_short or not lowest <= int(significant) <= HIGHEST_PORT:
        raise ValueError(f"{part} {quote(text)} is not a number from {lowest} to {HIGHEST_PORT}")
    return int(significant)


def _name(text: str) -> str:
    if not text:
        raise ValueError("NAME is missing")
    if not is_port_name(text):
        raise ValueError(
            f"NAME {quote(text)} is not 1 to {LONGEST_NAME} lower-case letters, digits and '-', "
            "a letter or digit first and last"
        )
    return text


def parse_target(text: str) -> int | str:
    """A number, or a name as the API takes it (apimachinery util/validation `IsValidPortName`).

    Raises ValueError that begins with TARGET.
    """
    if _DIGITS.issuperset(text):
        return _number("TARGET", text)
    if len(text) > _LONGEST_TARGET or not is_port_name(text) or "--" in text or _LETTERS.isdisjoint(text):
        raise ValueError(
            f"TARGET {quote(text)} is neither a number nor the name of a container port, which is 1 to "
            f"{_LONGEST_TARGET} lower-case letters, digits and single '-', a letter among them"
        )
    return text


def parse_protocol(text: str) -> str:
    """The word in lower case. Raises ValueError that begins with PROTOCOL."""
    if not text:
        raise ValueError("PROTOCOL is missing")
    if text.lower() not in TRANSPORT_OF:
        raise ValueError(f"PROTOCOL {quote(text)} is not one of {', '.join(TRANSPORT_OF)}")
    return text.lower()
