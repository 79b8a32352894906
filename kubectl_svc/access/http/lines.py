"""A body that is read line by line while it comes in. Pure."""

from __future__ import annotations

from kubectl_svc.access.http.http1 import TooLargeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def lines(parts: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """The lines of which the parts consist, without their ends; those without anything but white space are left out.

    The last one need not have an end. Raises TooLargeError for a line of more than `longest` bytes.
    """
    begun = bytearray()
    for part in parts:
        *whole, rest = part.split(b"\n")
        for end in whole:
            if line := _grown(begun, end, longest).strip():
                yield bytes(line)
            begun.clear()
        _grown(begun, rest, longest)
    if line := begun.strip():
        yield bytes(line)


def _grown(begun: bytearray, end: bytes, longest: int) -> bytearray:
    begun += end
    if len(begun) > longest:
        raise TooLargeError
    return begun
