"""Reading files, and saying in Go's words why one cannot be read (os.ReadFile, fs.PathError, syscall.Errno)."""

from __future__ import annotations

import errno
import os

from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 64 << 20
"""Bytes of a kubeconfig, certificate, key or token file; kubectl would read `/dev/zero` until memory is gone."""


def go_reason(error: OSError | ValueError) -> str:
    """The system's reason as Go spells it; a ValueError is Python's answer to a path with a zero byte."""
    if not isinstance(error, OSError):
        return "invalid argument"
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]


def read_problem(path: str, error: OSError | ValueError) -> str:
    """Why `path` could not be read: Go opens a folder like a file, and stumbles when it reads."""
    is_read = isinstance(error, IsADirectoryError) or getattr(error, "errno", None) == errno.EFBIG
    operation = "read" if is_read else "open"
    return f"{operation} {path}: {go_reason(error)}"


def contents(path: str) -> bytes:
    """The whole content. Raises OSError, also for a file that is too large, and ValueError for a path with a NUL."""
    with open(path, "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return data


def read_file(path: str) -> bytes:
    """The whole content. Raises SvcError."""
    try:
        return contents(path)
    except (OSError, ValueError) as error:
        raise SvcError(read_problem(path, error)) from None


def open_problem(path: str) -> str:
    """Why the file or folder cannot be opened; empty when it can."""
    try:
        os.close(os.open(path, os.O_RDONLY))
    except (OSError, ValueError) as error:
        return f"open {path}: {go_reason(error)}"
    return ""


def absolute(path: str, environ: Mapping[str, str]) -> str:
    """The path from the root on, without `.` and `..`: below PWD as the shell has it, links and all (os.Getwd)."""
    joined = path if os.path.isabs(path) else os.path.join(_working_folder(environ), path)
    return clean(joined)


def clean(path: str) -> str:
    """Without `.`, `..` and needless slashes (filepath.Clean); os.path.normpath keeps two at the beginning."""
    normal = os.path.normpath(path)
    return normal[1:] if normal.startswith("//") else normal


def _working_folder(environ: Mapping[str, str]) -> str:
    shown = environ.get("PWD", "")
    try:
        if os.path.isabs(shown) and os.path.samefile(shown, "."):
            return shown
    except (OSError, ValueError):
        pass
    return os.getcwd()
