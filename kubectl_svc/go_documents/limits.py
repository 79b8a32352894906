"""How much one document, and one file, may ask of this machine: a clear line instead of a swap storm.

kubectl has no such limits: it reads `/dev/zero` until the memory is gone. What it accepts in practice stays far below:
a List of 10,000 Deployments is 17 MB of YAML or 39 MB of indented JSON, with less than a million values. A document at
these limits costs some hundreds of MiB and about ten seconds.
"""

from __future__ import annotations

LARGEST = 64 << 20
"""Bytes of a YAML document, characters of a JSON one."""
LARGEST_WIDE = LARGEST // 2
"""Characters of a JSON document that is not all ASCII: Python may need four bytes for each."""
MOST_VALUES = 1_500_000
"""Members of objects and items of arrays in one document, those that aliases repeat aside."""
MOST_DOCUMENTS = 100_000
"""In one file: what kubectl would take minutes for, and a stream without end for ever."""

TOO_MANY_VALUES = f"too large: it holds more than {MOST_VALUES:,} values"
TOO_MANY_DOCUMENTS = f"more than {MOST_DOCUMENTS:,} documents in one file"


class TooMuchError(ValueError):
    """A document that kubectl might read, but not we; the sentence completes `the document is`."""


def too_large(limit: int) -> TooMuchError:
    """The refusal of a document with more bytes or characters than `limit`."""
    return TooMuchError(f"larger than {limit >> 20} MiB, the most that is read at once")
