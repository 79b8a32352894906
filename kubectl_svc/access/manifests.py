"""Manifests from files, folders, URLs and standard input, as `-f` names them, and from what kustomize builds for `-k`.

Source: cli-runtime pkg/resource builder.go (`FilenameParam`), visitor.go (`FileVisitor`, `URLVisitor`) and
kustomizevisitor.go.
"""

from __future__ import annotations

from kubectl_svc.access.files import EXTENSIONS, expand_word, list_files
from kubectl_svc.access.go_files import go_reason
from kubectl_svc.errors import AggregateError, SvcError
from kubectl_svc.go_documents import read_json_documents
from kubectl_svc.go_documents.typed import read_objects
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, BinaryIO

    from kubectl_svc.kubectl import Kubectl

_STDIN = "-"
_BLOCK = 1 << 16  # bytes read at once: most files


class Document(Value):
    """One object of a file: as much of it as `go_documents.typed.read_objects` keeps.

    `source` is its file, its URL, STDIN, or the folder of the kustomization.
    """

    manifest: Mapping[str, Any]
    source: str


def find_files(filenames: Sequence[str], recursive: bool) -> list[str]:
    """The files to read, in order: patterns matched, folders listed; URLs and `-` stay.

    Raises SvcError, or AggregateError for several words that name nothing to read.
    """
    files: list[str] = []
    problems: list[SvcError] = []
    for word in filenames:
        if word == _STDIN:
            if _STDIN in files:
                problems.append(SvcError("standard input cannot be used for multiple arguments"))
            files.append(word)
        elif _is_url(word):
            _add_url(word, files, problems)
        else:
            _add_files(word, recursive, files, problems)
    if problems:
        raise problems[0] if len(problems) == 1 else AggregateError(problems)
    return files


def _is_url(word: str) -> bool:
    return word.startswith(("http://", "https://"))


def _add_url(word: str, files: list[str], problems: list[SvcError]) -> None:
    from kubectl_svc.access.http.urls import source_of  # files need no network

    try:
        source_of(word)
    except SvcError as error:
        problems.append(error)
    else:
        files.append(word)


def _add_files(word: str, recursive: bool, files: list[str], problems: list[SvcError]) -> None:
    try:
        paths = expand_word(word)
    except SvcError as error:
        problems.append(error)
        return
    for path in paths:
        try:
            files += list_files(path, recursive=recursive)
        except SvcError as error:
            problems.append(error)
    if not files and not problems:
        recognized = f"recognized file extensions are [{' '.join(EXTENSIONS)}]"
        problems.append(SvcError(f"error reading [{' '.join(paths)}]: {recognized}"))


def read_documents(paths: Sequence[str], stdin: BinaryIO, environ: Mapping[str, str]) -> Iterator[Document | SvcError]:
    """The objects of the files, in order, one at a time; lists are taken apart.

    The environment may name proxies for URLs. What cannot be read comes as a SvcError in kubectl's words: an object of
    a wrong kind or type costs itself alone, a fault of syntax the rest of its file.
    """
    for path in paths:
        if _is_url(path):
            yield from _behind_url(path, environ)
        else:
            yield from _objects(_blocks(path, stdin), "STDIN" if path == _STDIN else path, is_file=True)


def build_documents(folder: str, kubectl: Kubectl, note: Callable[[str], None]) -> Iterator[Document | SvcError]:
    """The objects that `kubectl kustomize` makes of a kustomization, as `read_documents` gives those of files.

    `folder` may be whatever kustomize takes: a folder, or a repository's URL. What it remarks on standard error, in
    whole lines, goes to `note`.
    """
    outcome = kubectl.run("kustomize", "--", folder)
    if outcome.notes:
        note(outcome.notes)
    if outcome.failure:
        yield outcome.failure
    else:
        yield from _objects([outcome.output], folder, is_file=False)


def _behind_url(url: str, environ: Mapping[str, str]) -> Iterator[Document | SvcError]:
    from kubectl_svc.access.http.urls import read_url, source_of  # files need no network

    try:
        text = read_url(url, environ)
    except SvcError as error:
        yield error
    else:
        yield from _objects([text], source_of(url), is_file=False)


def _objects(blocks: Iterable[bytes], source: str, *, is_file: bool) -> Iterator[Document | SvcError]:
    try:
        for document in read_json_documents(blocks, is_file=is_file):
            for found in read_objects(document, source):
                yield found if isinstance(found, SvcError) else Document(manifest=found, source=source)
    except ValueError as error:
        yield SvcError(f"error parsing {source}: {error}")
    except MemoryError:
        yield SvcError(f"error parsing {source}: too large for the memory that there is")
    except SvcError as error:
        yield error


def _blocks(path: str, stdin: BinaryIO) -> Iterator[bytes]:
    """The file as it is read. Raises SvcError where it cannot be opened and ValueError where it cannot be read."""
    if path == _STDIN:
        yield from _read(stdin, "/dev/stdin")
        return
    with _open(path) as file:
        yield from _read(file, path)


def _open(path: str) -> BinaryIO:
    try:
        return open(path, "rb")
    except IsADirectoryError as error:  # a link to a folder: Go opens it and stumbles later
        raise ValueError(f"read {path}: {go_reason(error)}") from None
    except OSError as error:
        raise SvcError(f"open {path}: {go_reason(error)}") from None


def _read(file: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        while block := file.read(_BLOCK):
            yield block
    except OSError as error:
        raise ValueError(f"read {name}: {go_reason(error)}") from None
