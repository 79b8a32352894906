"""Writing an auth-provider's new tokens into the kubeconfig that it came from, everything else in it as it was.

The file is read as kubectl reads it and written so that every reader of YAML finds the same values: unlike kubectl's
own writer, which loses or changes some texts (next lines, `<<`). Comments are lost, as with kubectl.
Source: client-go tools/clientcmd/config.go (`persister`, `ModifyConfig`), loader.go (`lockFile`).
"""

from __future__ import annotations

import contextlib
import os
import stat

import yaml

from kubectl_svc.access.go_files import go_reason
from kubectl_svc.access.kubeconfig.file import read
from kubectl_svc.go_documents.plain_yaml import read_document
from kubectl_svc.yaml_words import IN_LOWER_CASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from kubectl_svc.access.connection import AuthProvider

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml's, where PyYAML was built with it
_NEVER_FOLDED = 1 << 30  # columns


def persist(provider: AuthProvider) -> None:
    """Writes the provider's configuration into its kubeconfig file: all of it or nothing, with the mode that it had.

    Raises ValueError. A user that is no longer there is not written, as in kubectl.
    """
    try:
        if _rewritten(provider) is None:  # without a lock, which kubectl also takes only to write
            return
        with _locked(provider.file):
            new = _rewritten(provider)
            if new is not None:
                _replace(os.path.realpath(provider.file), new)
    except OSError as error:
        problem = f"open {error.filename}: {go_reason(error)}"
    except ValueError as error:
        problem = str(error)
    else:
        return
    raise ValueError(f"could not persist new tokens: {problem}")


def _rewritten(provider: AuthProvider) -> bytes | None:
    """What the file shall hold; None where there is nothing to change. Raises OSError, and ValueError as `read`."""
    try:
        with open(provider.file, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return None
    try:
        read(data)  # what kubectl takes has the shape that follows
    except ValueError as error:
        raise ValueError(f'error loading config file "{provider.file}": {error}') from None
    document = (read_document(data) if data else None) or {}
    users = _with_new_tokens(document.get("users") or [], provider)
    return None if users is None else _as_yaml({**document, "users": users})


def _with_new_tokens(users: list[Any], provider: AuthProvider) -> list[Any] | None:
    """The users with the provider's configuration in the first one of its name, if that is news for an auth-provider.

    Aliases may have two users share their parts, so those are copied, not changed.
    """
    for place, entry in enumerate(users):
        if _name(entry) == provider.user:
            user = (entry or {}).get("user") or {}
            if user.get("auth-provider") is None:
                return None
            changed = {**user, "auth-provider": {**user["auth-provider"], "config": dict(provider.config)}}
            return None if changed == user else [*users[:place], {**entry, "user": changed}, *users[place + 1 :]]
    return None


def _name(entry: dict[str, Any] | None) -> str:
    """A null counts as an empty name, in place of the entry too."""
    return (entry or {}).get("name") or ""


def _replace(path: str, content: bytes) -> None:
    """Puts the content into the file's place at once, with its mode and, where that is allowed, its owner."""
    before = os.stat(path)
    new = f"{path}.{os.getpid()}.new"
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            with contextlib.suppress(PermissionError):  # ours is then the stricter owner
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
        os.replace(new, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)
        raise


@contextlib.contextmanager
def _locked(path: str) -> Iterator[None]:
    """kubectl and we do not write at the same time."""
    lock = f"{path}.lock"
    os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0))
    try:
        yield
    finally:
        os.unlink(lock)


# --- YAML


def _as_yaml(document: dict[str, Any]) -> bytes:
    """The document in the block style that people know of kubeconfigs, in ASCII, keys in the order given."""
    text: str = yaml.emit(_events(document), Dumper=_Dumper, width=_NEVER_FOLDED)
    return text.encode("ascii")


def _events(document: dict[str, Any]) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    yield from _value(document)
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _value(value: Any) -> Iterator[yaml.Event]:
    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=False)
        for name, member in value.items():
            yield _text(name)
            yield from _value(member)
        yield yaml.MappingEndEvent()
    elif isinstance(value, list):
        yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False)
        for item in value:
            yield from _value(item)
        yield yaml.SequenceEndEvent()
    elif isinstance(value, str):
        yield _text(value)
    else:
        text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        yield yaml.ScalarEvent(None, None, (True, True), text)


def _text(text: str) -> yaml.ScalarEvent:
    """A text that any YAML may take for something else, or writes with other characters, stands in quotes."""
    is_word = text[:1].isalpha() or text[:1] == "/"
    is_plain = is_word and text.isascii() and text.isprintable() and text.lower() not in IN_LOWER_CASE
    return yaml.ScalarEvent(None, None, (True, True), text, style=None if is_plain else '"')
