"""Inline client keys on their way into OpenSSL, which takes them from files only: nobody else can read those."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.access.servers import Authority
from tests.control_plane.kubeconfig import inline, write_kubeconfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

# Reads a kubeconfig and builds the TLS context as a request would, under a umask that hides nothing by itself. What is
# opened for writing under a name is noted, and what it is when it goes.
_PROGRAM = """
import json, os, resource, stat, sys, tempfile
from kubectl_svc.access.kubeconfig import Kubeconfig
from kubectl_svc.access.tls import client_context
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
    assert list(removed.values()) == [["0o600", True]] * 2
    assert (changed, left) == ([], [])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["kubeconfig"]


def test_no_part_of_a_key_stays_on_a_full_disk(tmp_path: Path) -> None:
    """A file that could not be written to its end is removed as well."""
    pem = Authority().issue("jane")
    failure, written, removed, _, left = _watched(_kubeconfig(tmp_path, pem, pem), tmp_path, _WITHOUT_MEMFD, _FULL_DISK)

    assert failure == "SvcError"
    assert (list(removed), left) == (written, [])
