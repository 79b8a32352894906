"""TLS as client-go sets it up: only the cluster's own CA when one is named, our certificate from memory or a file."""

from __future__ import annotations

import os

from kubectl_svc.access.connection import address
from kubectl_svc.access.go_files import go_reason, read_file
from kubectl_svc.access.http.openssl import client_side
from kubectl_svc.access.http.pem import encode, read_blocks
from kubectl_svc.errors import SvcError, UnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ssl import _SSLContext

    from kubectl_svc.access.connection import Connection

# What a DER private key holds behind its version, and how OpenSSL wants it called; Go goes by the content alone.
_KEY_TYPES = {0x02: "RSA PRIVATE KEY", 0x04: "EC PRIVATE KEY", 0x30: "PRIVATE KEY"}
_MISMATCHES = {
    "KEY_VALUES_MISMATCH": "tls: private key does not match public key",
    "KEY_TYPE_MISMATCH": "tls: private key type does not match public key type",
    "NO_CERTIFICATE_ASSIGNED": "tls: private key type does not match public key type",
}
_MALFORMED = "x509: malformed certificate"


def client_context(connection: Connection) -> _SSLContext:
    """What a TLS connection to this server needs: TLS 1.2 or later, its CA, our certificate.

    Raises SvcError in client-go's words for certificates that cannot be used: UnreachableError for ours where
    certificate and key are both files, since client-go loads those when it connects.
    Source: client-go transport/transport.go `TLSConfigFor`.
    """
    context = client_side()
    _trust(context, connection)
    if connection.client_certificate or connection.client_certificate_data:
        _identify(context, connection)
    return context


def _trust(context: _SSLContext, connection: Connection) -> None:
    named = bool(connection.certificate_authority or connection.certificate_authority_data)
    if connection.insecure:
        if named:
            raise SvcError("specifying a root certificates file with the insecure flag is not allowed")
        context.check_hostname = False
        context.verify_mode = 0  # ssl.CERT_NONE
    elif named:
        _trust_only(context, connection.certificate_authority_data or read_file(connection.certificate_authority))
    else:
        context.set_default_verify_paths()


def _trust_only(context: _SSLContext, authorities: bytes) -> None:
    """Trusts every certificate that can be read (crypto/x509 `AppendCertsFromPEM`). Raises SvcError without any."""
    if not authorities:
        return  # an empty file trusts nobody
    blocks, is_whole = read_blocks(authorities)
    certificates = [block.content for block in blocks if block.type == "CERTIFICATE" and not block.has_headers]
    problems = [_add_authority(context, certificate) for certificate in certificates]
    if "" in problems:
        return
    # Source: client-go transport/transport.go `createErrorParsingCAData`.
    if problems:
        problem = f"failed to parse certificate: {problems[0]}"
    elif is_whole:
        problem = "no valid certificate authority data seen"
    else:
        problem = "unable to parse bytes as PEM block"
    raise SvcError(f"unable to load root certificates: {problem}")


def _add_authority(context: _SSLContext, certificate: bytes) -> str:
    """Trusts a DER certificate; why it cannot be read, else empty."""
    from _ssl import SSLError

    problem = _certificate_problem(certificate)
    if not problem:
        try:
            context.load_verify_locations(cadata=certificate)
        except SSLError:
            problem = _MALFORMED
    return problem


def _identify(context: _SSLContext, connection: Connection) -> None:
    certificate = connection.client_certificate_data or read_file(connection.client_certificate)
    key = connection.client_key_data or read_file(connection.client_key)
    try:
        _load_pair(context, _certificates(certificate), _private_key(key))
    except ValueError as error:
        if connection.client_certificate_data or connection.client_key_data:
            raise SvcError(str(error)) from None
        raise UnreachableError(address(connection.server).authority, str(error)) from None


def _certificates(text: bytes) -> list[bytes]:
    """Our certificate and those that lead to its authority, as DER (crypto/tls `X509KeyPair`). Raises ValueError."""
    blocks, _ = read_blocks(text)
    certificates = [block.content for block in blocks if block.type == "CERTIFICATE"]
    if certificates:
        return certificates
    types = [block.type for block in blocks]
    if not types:
        raise ValueError("tls: failed to find any PEM data in certificate input")
    if len(types) == 1 and types[0].endswith("PRIVATE KEY"):
        raise ValueError(
            "tls: failed to find certificate PEM data in certificate input, but did find a private key; "
            "PEM inputs may have been switched"
        )
    raise ValueError(
        'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following '
        f"types: [{' '.join(types)}]"
    )


def _private_key(text: bytes) -> bytes:
    """Our key as DER (crypto/tls `X509KeyPair`). Raises ValueError."""
    blocks, _ = read_blocks(text)
    for block in blocks:
        if block.type == "PRIVATE KEY" or block.type.endswith(" PRIVATE KEY"):
            return block.content
    types = [block.type for block in blocks]
    if not types:
        raise ValueError("tls: failed to find any PEM data in key input")
    if types == ["CERTIFICATE"]:
        raise ValueError("tls: found a certificate rather than a key in the PEM for the private key")
    raise ValueError(
        'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of '
        f"the following types: [{' '.join(types)}]"
    )


def _load_pair(context: _SSLContext, certificates: list[bytes], key: bytes) -> None:
    """Hands certificates and key to OpenSSL. Raises ValueError in Go's words where it refuses them."""
    from _ssl import SSLError

    problem = _certificate_problem(certificates[0])
    if problem:
        raise ValueError(problem)
    chain = b"".join(encode("CERTIFICATE", certificate) for certificate in certificates)
    try:
        with _AsFile(chain) as chain_path, _AsFile(encode(_key_type(key), key)) as key_path:
            # Without a password of ours OpenSSL would ask for that of an encrypted key, which client-go does not take.
            context.load_cert_chain(chain_path, key_path, password=lambda: "none")
    except SSLError as error:
        raise ValueError(_pair_problem(error.reason or "", certificates)) from None
    except OSError as error:  # no room, no folder for temporary files, no /proc
        raise ValueError(f"tls: the client certificate cannot be handed to OpenSSL: {go_reason(error)}") from None


def _pair_problem(reason: str, certificates: list[bytes]) -> str:
    """What Go says of a pair that OpenSSL refuses for this reason."""
    if reason in _MISMATCHES:
        return _MISMATCHES[reason]
    if reason.endswith(("_TOO_SMALL", "_TOO_WEAK")):  # Go is not as strict
        return f"tls: OpenSSL refuses the client certificate: {reason.lower().replace('_', ' ')}"
    # OpenSSL tells no bad certificate from a bad key.
    elsewhere = client_side()
    problems = [_add_authority(elsewhere, certificate) for certificate in certificates]
    return next(filter(None, problems), "tls: failed to parse private key")


def _certificate_problem(certificate: bytes) -> str:
    """What is wrong with the outer shape of a DER certificate, in the words of crypto/x509; empty for nothing."""
    _, end = _sequence(certificate)
    if end > len(certificate):
        return _MALFORMED
    return "x509: trailing data" if end < len(certificate) else ""


def _key_type(key: bytes) -> str:
    """The PEM type of a DER private key (crypto/tls `parsePrivateKey`). Raises ValueError for what is none."""
    start, _ = _sequence(key)
    version, holds = key[start : start + 2], key[start + 3 : start + 4]
    if version != b"\x02\x01" or not holds or holds[0] not in _KEY_TYPES:
        raise ValueError("tls: failed to parse private key")
    return _KEY_TYPES[holds[0]]


def _sequence(der: bytes) -> tuple[int, int]:
    """Where the content of a DER SEQUENCE starts and ends; an end beyond the bytes for what is no whole one."""
    if len(der) < 2 or der[0] != 0x30:
        return 0, len(der) + 1
    if der[1] < 0x80:
        return 2, 2 + der[1]
    start = 2 + (der[1] & 0x7F)
    return start, start + int.from_bytes(der[2:start], "big")


class _AsFile:
    """A path to read `content` from while the with-block lasts: Python takes certificates from files only.

    In memory where the system can (Linux), else a file with mode 0600 that is gone at the end.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __enter__(self) -> str:
        self._path = ""
        try:
            self._descriptor = os.memfd_create("client-certificate")
        except (AttributeError, OSError):  # not Linux, or a sandbox that forbids it
            import tempfile

            self._descriptor, self._path = tempfile.mkstemp()
        try:
            with open(self._descriptor, "wb", closefd=False) as file:
                file.write(self._content)
        except BaseException:  # a full disk, Ctrl-C: no part of a key stays behind
            self.__exit__()
            raise
        return self._path or f"/proc/self/fd/{self._descriptor}"

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
        if self._path:
            os.unlink(self._path)
