"""The program itself: `kubectl-svc`, `kubectl svc`, `python -m kubectl_svc`. The only place that exits."""

from __future__ import annotations

import gc
import os
import sys

_INTERRUPTED = 130  # as `run.INTERRUPTED`

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, Literal, NoReturn, TextIO


def main() -> NoReturn:
    """Run the command line of this process and end it.

    The process lives for milliseconds: collecting garbage and taking the interpreter down in order would only add to
    them, so neither is done. Nothing is lost, because every write is flushed at once.
    """
    gc.disable()
    try:
        from kubectl_svc.cli import run  # after the collector is off, and inside the guard

        code = run.main(
            sys.argv[1:],
            stdin=_binary(sys.stdin, "rb"),
            stdout=_binary(sys.stdout, "wb"),
            stderr=_binary(sys.stderr, "wb"),
            environ=os.environ,
        )
    except KeyboardInterrupt:  # which may come before anything else is there
        code = _INTERRUPTED
    os._exit(code)


def complete() -> NoReturn:
    """`kubectl_complete-svc`: what kubectl asks when TAB is pressed behind `kubectl svc` (plugin_completion.go)."""
    sys.argv[1:1] = ["__complete"]
    main()


def _binary(stream: TextIO | None, mode: Literal["rb", "wb"]) -> BinaryIO:
    """The bytes below a standard stream; a stream that the caller closed reads and writes nothing."""
    return stream.buffer if stream is not None else open(os.devnull, mode)


if __name__ == "__main__":
    main()
