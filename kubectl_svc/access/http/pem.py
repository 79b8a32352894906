"""PEM as Go reads it: OpenSSL takes texts that kubectl refuses, and stumbles over some that kubectl takes.

Pure. Source: encoding/pem `Decode`.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64

from kubectl_svc.value import Value

_BEGIN = b"-----BEGIN "
_END = b"\n-----END "
_DASHES = b"-----"
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Block(Value):
    """One block: the `type` of its first line, its bytes, and whether `Name: value` lines stand before those."""

    type: str
    content: bytes
    has_headers: bool = False

    def __repr__(self) -> str:
        """Without the content, which may be a key."""
        return f"Block(type={self.type!r})"


def read_blocks(data: bytes) -> tuple[list[Block], bool]:
    """All blocks that can be read, and whether the last one ends the text; everything between blocks is skipped."""
    blocks = []
    position = 0
    while (found := _next(data, position)) is not None:
        block, position = found
        blocks.append(block)
    return blocks, position == len(data)


def encode(kind: str, content: bytes) -> bytes:
    """A block as every reader takes it."""
    digits = b2a_base64(content, newline=False)
    lines = b"\n".join(digits[start : start + 64] for start in range(0, len(digits), 64))
    return b"-----BEGIN %b-----\n%b\n-----END %b-----\n" % (kind.encode(), lines, kind.encode())


def _next(data: bytes, position: int) -> tuple[Block, int] | None:
    """The first whole block from `position` on, and where the text goes on behind it."""
    while (end := data.find(_END, position)) >= 0:
        begin = data.rfind(_BEGIN, position, end)
        following = end + len(_END)
        if begin >= 0 and (begin == position or data[begin - 1 : begin] == b"\n"):
            block, following = _between(data, begin, end)
            if block is not None:
                return block, following
        position = following
    return None


def _between(data: bytes, begin: int, end: int) -> tuple[Block | None, int]:
    """The block that begins and ends there, or None, and from where on to look for the next one."""
    behind = end + len(_END)
    line, body = _line(data, begin + len(_BEGIN))
    if not line.endswith(_DASHES):
        return None, behind
    kind = line[: -len(_DASHES)]
    start = _behind_headers(data, body)
    if start > behind:
        return None, len(data)  # lines with a colon run on past the end of the block: Go reads no further
    has_headers = start > body
    if (has_headers and start > end) or not _is_end(data, behind, kind):
        return None, behind
    content = _decoded(data[start:end])
    if content is None:
        return None, behind
    block = Block(type=kind.decode("utf-8", "surrogateescape"), content=content, has_headers=has_headers)
    return block, _line(data, behind)[1]


def _line(data: bytes, start: int) -> tuple[bytes, int]:
    """The line from `start` on, without what ends it and without blanks before that, and where the next one starts."""
    end = data.find(b"\n", start)
    if end < 0:
        return data[start:].rstrip(b" \t"), len(data)
    return data[start:end].removesuffix(b"\r").rstrip(b" \t"), end + 1


def _behind_headers(data: bytes, start: int) -> int:
    """Where the lines with a colon are over."""
    while start < len(data):
        line, following = _line(data, start)
        if b":" not in line:
            break
        start = following
    return start


def _is_end(data: bytes, start: int, kind: bytes) -> bool:
    """Whether the last line of a block, from behind its `-----END ` on, is that of a block of this type."""
    return data.startswith(kind + _DASHES, start) and not _line(data, start + len(kind) + len(_DASHES))[0]


def _decoded(text: bytes) -> bytes | None:
    """The bytes, or None for what is no base64; `go_base64` would go on to find the byte at fault."""
    compact = text.translate(None, b" \t\r\n")
    digits = compact.rstrip(b"=")
    if len(compact) % 4 or len(compact) - len(digits) > 2 or digits.translate(None, _DIGITS):
        return None
    return a2b_base64(compact)
