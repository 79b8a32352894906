"""Manifests from files, folders and standard input, as `-f` names them.

Source: cli-runtime pkg/resource builder.go (`FilenameParam`) and visitor.go (`FileVisitor`).
"""

from __future__ import annotations

from kubectl_svc.access.files import EXTENSIONS, expand_word, go_reason, list_files
from kubectl_svc.errors import AggregateError, SvcError
from kubectl_svc.go_documents import read_json_documents
from kubectl_svc.go_documents.typed import read_objects
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, BinaryIO

_STDIN = "-"


class Document(Value):
    """One object of a file: as much of it as `go_documents.typed.read_objects` keeps. `source` is its file or STDIN."""

    manifest: Mapping[str, Any]
    source: str


def find_files(filenames: Sequence[str], recursive: bool) -> list[str]:
    """The files to read, in order: patterns matched, folders listed; `-` stays.

    Raises SvcError, or AggregateError for several words that name nothing to read.
    """
    files: list[str] = []
    problems: list[SvcError] = []
    for word in filenames:
        if word == _STDIN:
            if _STDIN in files:
                problems.append(SvcError("standard input cannot be used for multiple arguments"))
            files.append(word)
        elif word.startswith(("http://", "https://")):
            problems.append(SvcError(f"cannot read {word}: URLs come with a later version; use a file or '-f -'"))
        else:
            _add_files(word, recursive, files, problems)
    if problems:
        raise problems[0] if len(problems) == 1 else AggregateError(problems)
    return files


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


def read_documents(paths: Sequence[str], stdin: BinaryIO) -> Iterator[Document | SvcError]:
    """The objects of the files, in order, one at a time; lists are taken apart.

    What cannot be read comes as a SvcError in kubectl's words: an object of a wrong kind or type costs itself alone, a
    fault of syntax the rest of its file.
    """
    for path in paths:
        source = "STDIN" if path == _STDIN else path
        try:
            for document in read_json_documents(stdin.read() if path == _STDIN else _read_file(path)):
                for found in read_objects(document, source):
                    yield found if isinstance(found, SvcError) else Document(manifest=found, source=source)
        except ValueError as error:
            yield SvcError(f"error parsing {source}: {error}")
        except SvcError as error:
            yield error


def _read_file(path: str) -> bytes:
    """Raises SvcError where the file cannot be opened and ValueError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except IsADirectoryError as error:  # a link to a folder: Go opens it and stumbles later
        raise ValueError(f"read {path}: {go_reason(error)}") from None
    except OSError as error:
        raise SvcError(f"open {path}: {go_reason(error)}") from None
