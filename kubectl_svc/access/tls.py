"""TLS as client-go sets it up: only the cluster's own CA when one is named, our certificate from memory or a file."""

from __future__ import annotations

import os

from kubectl_svc.access.go_files import go_reason, read_file
from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl

    from kubectl_svc.access.connection import Connection


def client_context(connection: Connection) -> ssl.SSLContext:
    """What a TLS connection to this server needs: TLS 1.2 or later, its CA, our certificate.

    Raises SvcError in client-go's words for certificates that cannot be used.
    Source: client-go transport/transport.go `TLSConfigFor`.
    """
    import ssl  # 17 ms that a plain HTTP server need not cost

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    # As in Go: any certificate that is trusted ends the chain, and a name counts only as a subject alternative name.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.hostname_checks_common_name = False
    _trust(context, connection)
    if connection.client_certificate or connection.client_certificate_data:
        _identify(context, connection)
    return context


def _trust(context: ssl.SSLContext, connection: Connection) -> None:
    named = bool(connection.certificate_authority or connection.certificate_authority_data)
    if connection.insecure:
        if named:
            raise SvcError("specifying a root certificates file with the insecure flag is not allowed")
        import ssl

        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif named:
        _trust_only(context, connection.certificate_authority_data or read_file(connection.certificate_authority))
    else:
        context.load_default_certs()


def _trust_only(context: ssl.SSLContext, authorities: bytes) -> None:
    if not authorities:
        return  # an empty file trusts nobody
    import ssl

    failure = "unable to load root certificates: "
    if b"-----BEGIN " not in authorities:
        raise SvcError(f"{failure}unable to parse bytes as PEM block")
    try:
        context.load_verify_locations(cadata=authorities.decode("ascii", "ignore"))
    except (ssl.SSLError, ValueError):
        raise SvcError(f"{failure}no valid certificate authority data seen") from None


def _identify(context: ssl.SSLContext, connection: Connection) -> None:
    import ssl

    certificate = connection.client_certificate_data or read_file(connection.client_certificate)
    key = connection.client_key_data or read_file(connection.client_key)
    for content, name in ((certificate, "certificate"), (key, "key")):
        if b"-----BEGIN " not in content:
            raise SvcError(f"tls: failed to find any PEM data in {name} input")
    try:
        with _AsFile(certificate) as certificate_path, _AsFile(key) as key_path:
            # Without a password of ours OpenSSL would ask for that of an encrypted key, which client-go does not take.
            context.load_cert_chain(certificate_path, key_path, password=lambda: "none")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise SvcError("tls: private key does not match public key") from None
        raise SvcError("tls: failed to parse client certificate or key") from None
    except OSError as error:  # no room, no folder for temporary files, no /proc
        raise SvcError(f"tls: the client certificate cannot be handed to OpenSSL: {go_reason(error)}") from None


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
