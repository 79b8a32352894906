"""The files that a `-f` word names: patterns matched, folders walked through (path/filepath `Walk`).

Source: cli-runtime pkg/resource builder.go (`expandIfFilePattern`, `Path`), visitor.go (`ExpandPathsToFileVisitors`).
"""

from __future__ import annotations

import os
import stat

from kubectl_svc.access.go_files import go_reason
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

EXTENSIONS = (".json", ".yaml", ".yml")


def expand_word(word: str) -> list[str]:
    """The paths that the word matches: itself where it exists. Raises SvcError where there are none."""
    try:
        os.stat(word)
    except FileNotFoundError:
        from kubectl_svc.access.glob import glob  # only patterns need it

        matches = glob(word)
        if not matches:
            raise SvcError(f"the path {quote(word)} does not exist") from None
        return matches
    except (OSError, ValueError):
        pass  # `list_files` says it
    return [word]


def list_files(path: str, *, recursive: bool) -> list[str]:
    """The path itself, or the manifests of a folder in the order of their names. Raises SvcError.

    A folder's subfolders count only when `recursive`; a link to a folder is not followed.
    """
    try:
        os.stat(path)
    except FileNotFoundError:
        raise SvcError(f"the path {quote(path)} does not exist") from None
    except (OSError, ValueError) as error:
        raise SvcError(f"the path {quote(path)} cannot be accessed: stat {path}: {go_reason(error)}") from None
    if not stat.S_ISDIR(os.lstat(path).st_mode):
        return [path]
    try:
        return [file for file in _walk(path, recursive=recursive, top=True) if file.endswith(EXTENSIONS)]
    except OSError as error:
        raise SvcError(f"error reading {quote(path)}: open {error.filename}: {go_reason(error)}") from None


def _walk(folder: str, *, recursive: bool, top: bool) -> Iterator[str]:
    names = sorted(os.listdir(folder), key=os.fsencode)  # a folder that cannot be read is an error, skipped or not
    if not (top or recursive):
        return
    for name in names:
        path = os.path.normpath(os.path.join(folder, name))
        if stat.S_ISDIR(os.lstat(path).st_mode):
            yield from _walk(path, recursive=recursive, top=False)
        else:
            yield path
