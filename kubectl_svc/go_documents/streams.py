"""A file as it comes, block by block: its bytes as UTF-8, its JSON text, its YAML documents.

Source: apimachinery pkg/util/yaml decoder.go (`YAMLReader`, `LineReader`), golang.org/x/text encoding/unicode
(`BOMOverride`).
"""

from __future__ import annotations

import codecs

from kubectl_svc.go_documents.limits import LARGEST, LARGEST_WIDE, MOST_VALUES, TOO_MANY_VALUES, TooMuchError, too_large

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ANY_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"  # unicode.IsSpace, with the next line
ANY_SPACE += "".join(map(chr, range(0x2000, 0x200B)))

_LONGEST_MARK = 3  # bytes
_SEPARATOR = b"\n---"
_LOOKED_AT = 1 << 16  # characters in which most faults show, before more is read
_BEFORE_VALUES = ",[{"  # one of them stands before every value, and in texts they are rare


def with_beginning(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in blocks, the first of them of `size` bytes at least unless the file is shorter."""
    blocks = iter(blocks)
    beginning = b""
    for block in blocks:
        beginning += block
        if len(beginning) >= size:
            break
    yield beginning
    yield from blocks


def as_utf8(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The text as UTF-8 without a byte order mark; a mark of UTF-16 says that it is that.

    Bytes that are no text become U+FFFD, but behind UTF-8's own mark they stay, for the YAML reader to refuse.
    """
    blocks = with_beginning(blocks, _LONGEST_MARK)
    beginning = next(blocks)
    if beginning.startswith(codecs.BOM_UTF8):
        yield beginning.removeprefix(codecs.BOM_UTF8)
        yield from blocks
        return
    is_utf16 = beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if is_utf16 else "utf-8")("replace")
    yield decoder.decode(beginning).encode()
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def as_text(blocks: Iterable[bytes]) -> Iterator[str]:
    """The characters of UTF-8, U+FFFD for what is none."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for block in blocks:
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


class JsonStream:
    """The text of a stream of JSON values as far as it was needed, less what lies behind."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks = blocks
        self.text = next(blocks)
        self.dropped = 0
        """Bytes that lie behind."""

    def may_go_on(self, start: int) -> bool:
        """Whether the value at `start`, which is not right as far as the text goes, may only be incomplete."""
        if start == len(self.text):
            return True
        from kubectl_svc.go_documents.json_syntax import find_error  # hardly any value is that large

        return not find_error(self.text[start : start + _LOOKED_AT], 0).offset

    def grow(self, start: int) -> bool:
        """Drops what stands before `start` and reads about as much as is left; false where the stream has ended.

        Raises TooMuchError where it is too much for one value.
        """
        text = self.text[start:]
        limit = LARGEST if text.isascii() else LARGEST_WIDE
        if len(text) > limit:
            raise too_large(limit)
        more = 0
        parts = [text]
        for block in self._blocks:
            parts.append(block)
            more += len(block)
            if more > len(text) or len(text) + more > limit:
                break
        if not more:
            return False
        self.dropped += len(self.text[:start].encode())
        self.text = "".join(parts)
        if len(self.text) > MOST_VALUES and sum(map(self.text.count, _BEFORE_VALUES)) > MOST_VALUES:
            raise TooMuchError(TOO_MANY_VALUES)
        return True

    def rest(self, start: int) -> Iterator[bytes]:
        """All from `start` on, as UTF-8."""
        yield self.text[start:].encode()
        for block in self._blocks:
            yield block.encode()


def yaml_chunks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The text between separators, each line ended by a newline (`YAMLReader`).

    A separator before any text stays the first line of what follows: kubectl counts it.
    Raises ValueError for a line that goes on after `---`; what stands before it is lost with it, as in kubectl.
    Raises TooMuchError for a text that is too large, unless its beginning is something that YAML does not allow.
    """
    held = bytearray()
    searched = 0
    for block in _with_unix_lines(blocks):
        held += block
        while (at := _separator(held, searched)) >= 0 and (end := held.find(b"\n", at)) >= 0:
            words = held[at + 3 : end].decode(errors="replace").strip(ANY_SPACE)
            if words and not words.startswith("#"):
                raise ValueError(f"invalid Yaml document separator: {words}")
            searched = end
            if at:
                yield bytes(held[:at])
                del held[: end + 1]
                searched = 0
        if len(held) > LARGEST:
            _refuse(bytes(held[:_LOOKED_AT]))
        searched = max(at - 1, 0) if at >= 0 else max(len(held) - len(_SEPARATOR), searched)
    if held:
        yield bytes(held)


def _with_unix_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines that end in a newline alone, the last one too."""
    held = last = b""
    for block in blocks:
        text = held + block
        held = b"\r" if text.endswith(b"\r") else b""  # its newline may be in the next block
        text = text.removesuffix(b"\r").replace(b"\r\n", b"\n")
        last = text[-1:] or last
        yield text
    if held or last not in (b"", b"\n"):
        yield held + b"\n"


def _separator(text: bytearray, start: int) -> int:
    """Where the first line begins that begins with `---`, at or after the newline at `start`; -1 for none."""
    if not start and text.startswith(b"---"):
        return 0
    at = text.find(_SEPARATOR, start)
    return at + 1 if at >= 0 else -1


def _refuse(beginning: bytes) -> None:
    from kubectl_svc.go_documents.yaml_values import check_characters  # costs the import of yaml

    check_characters(beginning)
    raise too_large(LARGEST)
