"""The watch over secrets: what the tests give away to the program, searched for in all that it writes."""

from __future__ import annotations

import base64
import os
import re
import urllib.parse
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SHORTEST = 8  # characters; shorter ones turn up by themselves
_FIELDS = "token|password|client-key-data|id-token|access-token|refresh-token|client-secret"
_IN_KUBECONFIG = re.compile(rf"""(?:{_FIELDS})["']?\s*:\s*["']?([^\s"',{{}}\[\]]+)""")
_IN_WORDS = re.compile(r"--(?:token|password)[= ](\S+)")
_IN_URL = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")


class Watch:
    """Counts the program's runs, as the interpreter reports them, and those whose output was searched."""

    def __init__(self) -> None:
        self.started = 0
        self.searched = 0
        self._planted: dict[str, list[str]] = {}  # a secret and all its forms

    def plant(self, secret: str) -> str:
        """Has every output searched for this secret from now on; the secret itself, to be used."""
        if len(secret) >= _SHORTEST:
            self._planted[secret] = list(_forms(secret))
        return secret

    def end_run(self, command: Sequence[str], environ: Mapping[str, str], *outputs: str) -> None:
        """Search what a process wrote, also for the credentials that its command line and kubeconfig held."""
        self.searched += _is_ours(command)
        self.search(*outputs, given=_given(command, environ))

    def search(self, *outputs: str, given: Sequence[str] = ()) -> None:
        """Raises AssertionError where an output shows a secret, in whatever form."""
        wanted = {**self._planted, **{secret: list(_forms(secret)) for secret in given}}
        for secret, forms in wanted.items():
            shown = [form for form in forms if any(form in output for output in outputs)]
            assert not shown, "\n".join((f"{shown} of the secret {secret!r} in the output:", *outputs))

    @property
    def unsearched(self) -> int:
        """How many runs were started past `tests.svc`."""
        return self.started - self.searched

    def note(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook (PEP 578): sees every process that the tests start, whoever starts it."""
        if event == "subprocess.Popen" and isinstance(words := arguments[1], (list, tuple)) and _is_ours(words):
            self.started += 1


def _is_ours(words: Sequence[object]) -> bool:
    """Whether the words run the program: itself, as kubectl's plugin, as a module, or from a shell."""
    path, *rest = map(str, words)
    name = os.path.basename(path)
    if name == "sh":
        return re.search("kubectl.svc", " ".join(rest)) is not None
    return name == "kubectl-svc" or (name == "kubectl" and rest[:1] == ["svc"]) or rest[:2] == ["-m", "kubectl_svc"]


def _given(command: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    line = " ".join(command)
    found = [*_IN_WORDS.findall(line), *_IN_URL.findall(line)]
    for path in environ.get("KUBECONFIG", "").split(os.pathsep):
        if path and Path(path).is_file():
            text = Path(path).read_bytes().decode("utf-8", "replace")
            found += _IN_KUBECONFIG.findall(text) + _IN_URL.findall(text)
    return [secret for secret in found if len(secret) >= _SHORTEST]


def _forms(secret: str) -> Iterator[str]:
    """The secret, and what it looks like in a URL, in base64 at any offset, and taken out of base64 line by line."""
    yield secret
    yield urllib.parse.quote(secret, safe="")
    for offset, beginning in enumerate((0, 2, 3)):
        encoded = base64.b64encode(bytes(offset) + secret.encode())
        yield encoded[beginning:-4].decode()
    try:
        decoded = base64.b64decode(secret, validate=True).decode("ascii")
    except ValueError:
        return
    yield from (line for line in decoded.splitlines() if len(line) >= _SHORTEST and not line.startswith("-----"))


WATCH = Watch()
TOKEN = WATCH.plant("planted-token-7c1d")
PASSWORD = WATCH.plant("planted-p@ssword/ f09a")
