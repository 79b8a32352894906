"""A server that answers as it is told, over plain TCP or TLS, and remembers what it was asked: for faults only."""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import ipaddress
import json
import socket
import ssl
import struct
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kubectl_svc.value import Value
from tests.access.listener import Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_NOW = dt.datetime.now(dt.timezone.utc)
_DAY = dt.timedelta(days=1)


class Answer(Value):
    """What one request gets: these bytes, and then "keep", "close", "reset" or "stall" (nothing more, ever).

    With "repeat" the bytes `again` follow until the client has hung up, each time after so many seconds of `pause`.
    """

    data: bytes = b""
    then: str = "keep"
    again: bytes = b""
    pause: float = 0


def answer(
    status: str = "200 OK",
    body: bytes = b"{}",
    headers: Sequence[tuple[str, str]] = (),
    *,
    kind: str = "application/json",
    then: str = "keep",
) -> Answer:
    """A whole HTTP answer."""
    fields = [("Content-Type", kind), ("Content-Length", str(len(body))), *headers]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    return Answer(data=f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body, then=then)


def event(said: str, found: Mapping[str, object]) -> bytes:
    """The line of one watch event."""
    return json.dumps({"type": said, "object": found}).encode() + b"\n"


def chunked(data: bytes, size: int = 1 << 16, last: bytes = b"0\r\n\r\n") -> bytes:
    """A body in chunks of at most `size` bytes; without its `last` one it goes on."""
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + last


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def stream(*lines: bytes, then: str = "stall") -> Answer:
    """An answer in these lines, which then goes on without a word ("stall"), is dropped, or ends ("keep")."""
    body = chunked(b"".join(lines), last=b"0\r\n\r\n" if then == "keep" else b"")
    return Answer(data=STREAM_HEAD + body, then=then)


class Asked(Value):
    """A request as it arrived; `name` is the server name that TLS asked for, `certificate` the client's common name."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    name: str = ""
    certificate: str = ""

    def headers_named(self, prefix: str) -> list[tuple[str, str]]:
        """The headers whose name starts so, sorted, names in lower case."""
        named = [(name.lower(), value) for name, value in self.headers]
        return sorted(header for header in named if header[0].startswith(prefix.lower()))


class Authority:
    """A certificate authority made for one test session."""

    def __init__(self, name: str = "servers-ca") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _common_name(name)
        self.certificate = _pem(self._sign(self._name, self._key, ca=True, expires=_NOW + _DAY))

    def issue(self, name: str, *alternatives: str, expired: bool = False) -> bytes:
        """Certificate and key in one PEM, for these DNS names and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        expires = _NOW - _DAY if expired else _NOW + _DAY
        certificate = self._sign(_common_name(name), key, alternatives=alternatives, expires=expires)
        return _pem(certificate) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )

    def _sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        expires: dt.datetime,
        alternatives: Sequence[str] = (),
        ca: bool = False,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder(subject_name=subject, issuer_name=self._name, public_key=key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW - 2 * _DAY)
            .not_valid_after(expires)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            # Python 3.13 asks for all that RFC 5280 does.
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(_usage(ca=ca), critical=True)
        )
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(map(_general_name, alternatives)), False)
        return builder.sign(self._key, hashes.SHA256())


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _common_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def tls_context(folder: Path, pair: bytes, clients: bytes = b"") -> ssl.SSLContext:
    """A server's TLS with this certificate and key; asks for client certificates of the authority `clients`."""
    file = folder / "server.pem"
    file.write_bytes(pair)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if clients:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(cadata=clients.decode())
    return context


class Server(Listener):
    """Every request gets the next answer, the last one again and again."""

    def __init__(
        self, answers: Sequence[Answer], context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.hung_up = threading.Event()
        self._answers = collections.deque(answers)
        self._context = context
        self._name = ""
        self._ending = threading.Event()
        if context is not None:
            context.sni_callback = self._note_name
        super().__init__(host)

    @property
    def url(self) -> str:
        """The base URL, without a path."""
        return f"{'https' if self._context else 'http'}://{self.address}"

    def next_answers(self, *answers: Answer) -> None:
        """Replaces the answers that are still to come."""
        self._answers = collections.deque(answers)

    def close(self) -> None:
        """Stops listening and ends all stalled connections."""
        self._ending.set()
        super().close()

    def _note_name(self, _socket: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self._name = name or ""

    def _serve(self, peer: socket.socket) -> None:
        self.connections += 1
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(self.hung_up.set)
            stack.callback(peer.close)
            connection = self._secured(peer)
            stack.callback(connection.close)
            self.ends.append(connection)
            while (asked := self._read(connection)) is not None:
                self.asked.append(asked)
                reply = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
                connection.sendall(reply.data)
                if reply.then == "stall":
                    self._ending.wait()
                while reply.then == "repeat" and not self._ending.wait(reply.pause):
                    connection.sendall(reply.again)
                if reply.then == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if reply.then != "keep":
                    return

    def _secured(self, peer: socket.socket) -> socket.socket:
        peer.settimeout(5)
        connection = self._context.wrap_socket(peer, server_side=True) if self._context else peer
        connection.settimeout(None)
        return connection

    def _read(self, connection: socket.socket) -> Asked | None:
        """The next request, or None when the client is gone or the server is to end."""
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(1 << 16)
            if not part:
                return None
            data += part
            if data.startswith(b"\x16\x03"):  # a TLS greeting gets its plain answer at once, as from Go's server
                return Asked(method="", target="", headers=(), body=data)
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("utf-8").split("\r\n")
        method, target, _ = first.split(" ")
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        while len(body) < length:
            body += connection.recv(1 << 16)
        return Asked(
            method=method,
            target=target,
            headers=headers,
            body=body,
            name=self._name,
            certificate=_client_name(connection),
        )


def _client_name(connection: socket.socket) -> str:
    """The common name of the client's certificate, or empty."""
    certificate = connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
    if not certificate:
        return ""
    subject = x509.load_der_x509_certificate(certificate).subject
    return str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@contextlib.contextmanager
def serve(*answers: Answer, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Server]:
    """A `Server` for the time of a with-block."""
    server = Server(answers or (answer(),), context, host)
    try:
        yield server
    finally:
        server.close()


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port
