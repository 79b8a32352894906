"""The program itself: `kubectl-svc`, `kubectl svc`, `python -m kubectl_svc`. The only place that exits."""

from __future__ import annotations

import gc
import os
import sys

_ASKS = ("__complete", "__completeNoDesc")  # what shells type, as cobra's scripts: with and without descriptions
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
        from kubectl_svc.own_modules import load_fast

        load_fast()
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # which may come before anything else is there
        code = _INTERRUPTED
    os._exit(code)


def complete() -> NoReturn:
    """`kubectl_complete-svc`: what kubectl asks when TAB is pressed behind `kubectl svc` (plugin_completion.go)."""
    sys.argv[1:1] = [_ASKS[0]]
    main()


def _run(argv: list[str]) -> int:
    # After the collector is off, and inside the guard.
    if argv and argv[0] in _ASKS:
        from kubectl_svc.cli.complete import complete_words

        return complete_words(argv[1:], os.environ, described=argv[0] == _ASKS[0])
    from kubectl_svc.cli import run

    return run.main(
        argv,
        stdin=_binary(sys.stdin, "rb"),
        stdout=_binary(sys.stdout, "wb"),
        stderr=_binary(sys.stderr, "wb"),
        environ=os.environ,
    )


def _binary(stream: TextIO | None, mode: Literal["rb", "wb"]) -> BinaryIO:
    """The bytes below a standard stream; a stream that the caller closed reads and writes nothing."""
    return stream.buffer if stream is not None else open(os.devnull, mode)


if __name__ == "__main__":
    main()
