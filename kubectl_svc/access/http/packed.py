"""A body that came packed."""

from __future__ import annotations

import zlib

from kubectl_svc.access.http.http1 import MalformedBodyError, TooLargeError


def unpacked(body: bytes, longest: int) -> bytes:
    """What gzip has packed. Raises MalformedBodyError, and TooLargeError for more than `longest` bytes."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        unpacked = unpacker.decompress(body, longest + 1)
    except zlib.error:
        raise MalformedBodyError("gzip: invalid header") from None
    if len(unpacked) > longest:
        raise TooLargeError
    if not unpacker.eof:
        raise MalformedBodyError("unexpected EOF")
    return unpacked
