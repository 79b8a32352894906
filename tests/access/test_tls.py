"""Certificates and keys: read as kubectl reads them, and handed to OpenSSL in files that nobody else can read."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

import pytest
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from kubectl_svc.access.http.pem import encode, read_blocks
from tests.access.servers import Authority
from tests.control_plane.kubeconfig import inline, write_kubeconfig
from tests.differential.programs import run_kubectl, run_svc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    from tests.control_plane.cluster import Cluster
    from tests.differential.programs import Outcome

    _Change = Callable[[bytes], bytes]

# Reads a kubeconfig and builds the TLS context as a request would, under a umask that hides nothing by itself. What is
# opened for writing under a name is noted, and what it is when it goes.
_PROGRAM = """
import json, os, resource, stat, sys, tempfile
from kubectl_svc.access.kubeconfig.chooser import Kubeconfig
from kubectl_svc.access.http.tls import client_context
from kubectl_svc.request import ClusterFlags

written, removed, changed = [], {}, []

def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.append(os.fsdecode(args[0]))
    elif event in ("os.remove", "os.rename"):
        with open(args[0], "rb") as file:
            removed[args[0]] = oct(stat.S_IMODE(os.stat(args[0]).st_mode)), b"PRIVATE KEY" in file.read()
    elif event in ("os.chmod", "os.chown", "os.link", "os.symlink"):
        changed.append(event)

os.umask(0)
tempfile.gettempdir()  # looks for a folder that can be written to, once
for lesson in sys.argv[2:]:
    exec(lesson)
connection = Kubeconfig(ClusterFlags(kubeconfig=sys.argv[1]), {}, "").connection()
sys.addaudithook(watch)
failure = ""
try:
    client_context(connection)
except Exception as error:
    failure = type(error).__name__
left = [path for path in written if os.path.exists(path)]
print(json.dumps([failure, written, removed, changed, left]))
"""
_WITHOUT_MEMFD = "if hasattr(os, 'memfd_create'): del os.memfd_create"
_FULL_DISK = """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
"""


def _kubeconfig(folder: Path, certificate: bytes, key: bytes) -> str:
    user = {"client-certificate-data": inline(certificate), "client-key-data": inline(key)}
    return write_kubeconfig(folder / "kubeconfig", {"server": "https://127.0.0.1:1"}, user)


def _watched(
    kubeconfig: str, folder: Path, *lessons: str
) -> tuple[str, list[str], dict[str, Any], list[str], list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, kubeconfig, *lessons],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(folder)},
    )
    failure, written, removed, changed, left = json.loads(done.stdout)
    return failure, written, removed, changed, left


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files without a name")
def test_inline_keys_stay_in_memory(tmp_path: Path) -> None:
    """On Linux no file with a name is written."""
    pem = Authority().issue("jane")

    assert _watched(_kubeconfig(tmp_path, pem, pem), tmp_path) == ("", [], {}, [], [])


@pytest.mark.parametrize("matching", [True, False], ids=["accepted", "refused"])
def test_inline_keys_in_private_files(matching: bool, tmp_path: Path) -> None:
    """Elsewhere each file is its owner's alone from the start, and gone when OpenSSL has read it or refused it."""
    authority = Authority()
    certificate, key = authority.issue("jane"), authority.issue("jane")
    path = _kubeconfig(tmp_path, certificate, certificate if matching else key)
    failure, written, removed, changed, left = _watched(path, tmp_path, _WITHOUT_MEMFD)

    assert failure == ("" if matching else "SvcError")
    assert sorted(removed) == sorted(written)
    assert sorted(removed.values()) == [["0o600", False], ["0o600", True]]  # the certificate without the key, the key
    assert (changed, left) == ([], [])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["kubeconfig"]


def test_no_part_of_a_key_stays_on_a_full_disk(tmp_path: Path) -> None:
    """A file that could not be written to its end is removed as well."""
    pem = Authority().issue("jane")
    failure, written, removed, _, left = _watched(_kubeconfig(tmp_path, pem, pem), tmp_path, _WITHOUT_MEMFD, _FULL_DISK)

    assert failure == "SvcError"
    assert (list(removed), left) == (written, [])


_OTHER = Authority()
_OTHER_KEY = encode("EC PRIVATE KEY", read_blocks(_OTHER.issue("x"))[0][1].content)


def _indented(pem: bytes) -> bytes:
    return b"".join(b"  " + line for line in pem.splitlines(keepends=True))


def _retyped(pem: bytes, kind: str) -> bytes:
    """The first block under another type."""
    return encode(kind, read_blocks(pem)[0][0].content)


def _with_headers(pem: bytes) -> bytes:
    first, rest = pem.split(b"\n", 1)
    return first + b"\nFoo: bar\n\n" + rest


def _without_end(pem: bytes) -> bytes:
    return pem[: pem.index(b"-----END")]


def _cut(pem: bytes) -> bytes:
    """A block whose bytes end too soon."""
    (block, *_), _ = read_blocks(pem)
    return encode(block.type, block.content[:-20])


def _longer(pem: bytes) -> bytes:
    """A block whose bytes go on behind the end."""
    (block, *_), _ = read_blocks(pem)
    return encode(block.type, block.content + b"\0")


def _spoilt(pem: bytes) -> bytes:
    """A block of the right length that holds something else."""
    (block, *_), _ = read_blocks(pem)
    return encode(block.type, block.content[:12] + b"\xff" * (len(block.content) - 12))


def _commented(pem: bytes) -> bytes:
    first, rest = pem.split(b"\n", 1)
    return first + b"\n# a line of its own\n" + rest


def _on_one_line(pem: bytes) -> bytes:
    (block, *_), _ = read_blocks(pem)
    return b"-----BEGIN CERTIFICATE-----\n%b\n-----END CERTIFICATE-----" % base64.b64encode(block.content)


def _with_windows_lines(pem: bytes) -> bytes:
    return pem.replace(b"\n", b"\r\n")


def _key_as(form: serialization.PrivateFormat, kind: str = "", password: bytes = b"") -> _Change:
    """The same key written in another form, under another type where one is given."""

    def written(pem: bytes) -> bytes:
        text = _written(serialization.load_pem_private_key(pem, None), form, password)
        return _retyped(text, kind) if kind else text

    return written


def _written(key: PrivateKeyTypes, form: serialization.PrivateFormat, password: bytes = b"") -> bytes:
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, locked)


def _only(content: bytes) -> _Change:
    """This in place of what was there."""
    return lambda _: content


_PKCS8, _TRADITIONAL = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL
_PARAMETERS = encode("EC PARAMETERS", b"\x06\x08*\x86H\xce=\x03\x01\x07")

# What becomes of the certificate of a good pair, and whether kubectl can log in with it.
_CERTIFICATES: dict[str, tuple[_Change, bool]] = {
    "good": (bytes, True),
    "empty": (_only(b""), False),
    "blank": (_only(b"\n"), False),
    "key": (_only(_OTHER_KEY), False),
    "two keys": (_only(_OTHER_KEY * 2), False),
    "key first": (lambda pem: _OTHER_KEY + pem, True),
    "no END": (_without_end, False),
    "indented": (_indented, False),
    "BOM": (lambda pem: b"\xef\xbb\xbf" + pem, False),
    "text around": (lambda pem: b"Certificate:\n" + pem + b"end", True),
    "Windows lines": (_with_windows_lines, True),
    "no line end": (bytes.rstrip, True),
    "one line": (_on_one_line, True),
    "typing error": (lambda pem: _retyped(pem, "CERTIFICBTE"), False),
    "trusted certificate": (lambda pem: _retyped(pem, "TRUSTED CERTIFICATE"), False),
    "X509 certificate": (lambda pem: _retyped(pem, "X509 CERTIFICATE"), False),
    "two wrong types": (lambda pem: _retyped(pem, "A") + _retyped(pem, "B"), False),
    "no UTF-8 in the type": (lambda pem: _retyped(pem, "XX").replace(b"XX", b"\xff\xfe"), False),
    "headers": (_with_headers, True),
    "commented": (_commented, False),
    "cut": (_cut, False),
    "longer": (_longer, False),
    "empty block": (_only(encode("CERTIFICATE", b"")), False),
    "another behind": (lambda pem: pem + _OTHER.certificate, True),
    "another first": (lambda pem: _OTHER.certificate + pem, False),
}
# The same of the key.
_KEYS: dict[str, tuple[_Change, bool]] = {
    "blank": (_only(b"\n"), False),
    "certificate": (_only(_OTHER.certificate), False),
    "two certificates": (_only(_OTHER.certificate * 2), False),
    "certificate first": (lambda pem: _OTHER.certificate + pem, True),
    "another key behind": (lambda pem: pem + _OTHER_KEY, True),
    "RSA": (_only(_written(rsa.generate_private_key(65537, 2048), _PKCS8)), False),
    "Ed25519": (_only(_written(ed25519.Ed25519PrivateKey.generate(), _PKCS8)), False),
    "another's": (_only(_OTHER_KEY), False),
    "another curve": (_only(_written(ec.generate_private_key(ec.SECP384R1()), _PKCS8)), False),
    "encrypted": (_key_as(_PKCS8, password=b"none"), False),
    "encrypted of old": (_key_as(_TRADITIONAL, password=b"none"), False),
    "PKCS#8": (_key_as(_PKCS8), True),
    "SEC 1": (_key_as(_TRADITIONAL), True),
    "SEC 1 as PKCS#8": (_key_as(_TRADITIONAL, "PRIVATE KEY"), True),
    "PKCS#8 as RSA": (_key_as(_PKCS8, "RSA PRIVATE KEY"), True),
    "unknown kind": (lambda pem: _retyped(pem, "MY PRIVATE KEY"), True),
    "kind without a blank": (lambda pem: _retyped(pem, "MYPRIVATE KEY"), False),
    "public": (lambda pem: _retyped(pem, "EC PUBLIC KEY"), False),
    "EC parameters first": (lambda pem: _PARAMETERS + pem, True),
    "EC parameters alone": (_only(_PARAMETERS), False),
    "headers": (_with_headers, True),
    "Windows lines": (_with_windows_lines, True),
    "cut": (_cut, False),
    "spoilt": (_spoilt, False),
    "empty block": (_only(encode("PRIVATE KEY", b"")), False),
    "no END": (_without_end, False),
}


@pytest.mark.parametrize("kept", ["inline", "files"])
@pytest.mark.parametrize(
    "case", [*(("certificate", name) for name in _CERTIFICATES), *(("key", name) for name in _KEYS)], ids=": ".join
)
def test_a_pair_is_taken_as_kubectl_takes_it(
    case: tuple[str, str], kept: str, stage: Cluster, env: dict[str, str], tmp_path: Path
) -> None:
    """What kubectl logs in with, we log in with; the rest is refused in its words."""
    part, name = case
    change, is_good = (_CERTIFICATES if part == "certificate" else _KEYS)[name]
    cluster, known = _entries(stage.certificate_kubeconfig)
    user: dict[str, str] = {}
    for field in ("certificate", "key"):
        content = base64.b64decode(known[f"client-{field}-data"])
        user |= _kept(tmp_path, kept, f"client-{field}", change(content) if field == part else content)
    theirs, ours = _both(write_kubeconfig(tmp_path / "kubeconfig", cluster, user, stage.namespace), env, tmp_path)

    assert ours == theirs
    assert ("NotFound" in theirs.error) == is_good


# What becomes of the authority's certificate, and whether kubectl trusts the server then.
_AUTHORITIES: dict[str, tuple[_Change, bool]] = {
    "good": (bytes, True),
    "broken block first": (lambda ca: _cut(_OTHER.certificate) + ca, True),
    "no base64 first": (lambda ca: _commented(_OTHER.certificate) + ca, True),
    "spoilt first": (lambda ca: _spoilt(_OTHER.certificate) + ca, True),
    "broken block last": (lambda ca: ca + _spoilt(_OTHER.certificate) + b"junk", True),
    "key first": (lambda ca: _OTHER.issue("x") + ca, True),
    "another first": (lambda ca: _OTHER.certificate + ca, True),
    "twice": (lambda ca: ca * 2, True),
    "longer one first": (lambda ca: _longer(ca) + ca, True),
    "no END first": (lambda ca: _without_end(_OTHER.certificate) + ca, True),
    "no UTF-8 around": (lambda ca: b"\xff\n" + ca + b"\xff", True),
    "headers and a good one": (lambda ca: _with_headers(_OTHER.certificate) + ca, True),
    "headers": (_with_headers, False),
    "headers and junk": (lambda ca: _with_headers(ca) + b"junk", False),
    "longer": (_longer, False),
    "commented": (_commented, False),
    "indented": (_indented, False),
    "BOM": (lambda ca: b"\xef\xbb\xbf" + ca, False),
    "no END": (_without_end, False),
    "trusted certificate": (lambda ca: _retyped(ca, "TRUSTED CERTIFICATE"), False),
    "X509 certificate": (lambda ca: _retyped(ca, "X509 CERTIFICATE"), False),
    "cut": (_cut, False),
    "empty block": (_only(encode("CERTIFICATE", b"")), False),
    "another's": (_only(_OTHER.certificate), False),
    "DER": (lambda ca: read_blocks(ca)[0][0].content, False),
    "blank": (_only(b"\n"), False),
}


@pytest.mark.parametrize("kept", ["inline", "files"])
@pytest.mark.parametrize("name", _AUTHORITIES)
def test_authorities_are_read_as_kubectl_reads_them(
    name: str, kept: str, stage: Cluster, env: dict[str, str], tmp_path: Path
) -> None:
    """A certificate that cannot be read is skipped; without any left both say the same."""
    change, is_trusted = _AUTHORITIES[name]
    cluster, user = _entries(stage.kubeconfig)
    blocks, _ = read_blocks(base64.b64decode(cluster.pop("certificate-authority-data")))
    authority = encode("CERTIFICATE", blocks[-1].content)  # the authority behind the server's own certificate
    cluster |= _kept(tmp_path, kept, "certificate-authority", change(authority))
    theirs, ours = _both(write_kubeconfig(tmp_path / "kubeconfig", cluster, user, stage.namespace), env, tmp_path)

    assert ours == theirs
    assert ("NotFound" in theirs.error) == is_trusted


def _entries(kubeconfig: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The cluster and the user of a kubeconfig."""
    with open(kubeconfig, encoding="utf-8") as file:
        content = yaml.safe_load(file)
    return content["clusters"][0]["cluster"], content["users"][0]["user"]


def _kept(folder: Path, kept: str, field: str, content: bytes) -> dict[str, str]:
    """The entry of a kubeconfig that holds this, inline or as the name of a file."""
    if kept == "inline":
        return {f"{field}-data": inline(content)}
    (folder / field).write_bytes(content)
    return {field: str(folder / field)}


def _both(kubeconfig: str, env: dict[str, str], folder: Path) -> tuple[Outcome, Outcome]:
    """What kubectl and we do with this kubeconfig; there is no such Deployment on the server."""
    environ = {**env, "KUBECONFIG": kubeconfig}
    argv = ["deployment", "missing", "--port=80"]
    return run_kubectl(env["KUBECTL_PATH"], argv, environ, folder), run_svc(argv, environ, folder)
