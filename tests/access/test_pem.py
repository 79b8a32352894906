"""PEM as Go reads it, compared with Go's own reader."""

from __future__ import annotations

import base64
import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kubectl_svc.access.http.pem import Block, encode, read_blocks
from tests.access.go_urls import ask_go
from tests.access.servers import Authority

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.control_plane.build import Programs

_PIECES = (
    b"-----BEGIN A-----\n", b"-----END A-----\n", b"-----BEGIN B-----\r\n", b"-----END B-----\r\n",
    b"-----BEGIN A=====\n", b"-----END A:\n", b"-----BEGIN ", b"-----END ", b"A", b"\xff", b"-----", b"-",
    b"\n", b"\r\n", b"\r", b" ", b"\t", b"\v", b"#", b"Name: value\n", b":\n", b"\xef\xbb\xbf",
    b"YWJj\n", b"YWJj\r\n", b"YW Jj\n", b"YR==\n", b"YWI=", b"=", b"A===\n", b"====\n",
)  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=14).map(b"".join)
# Whole blocks with something between the lines, since chance makes few.
_BLOCKS = st.tuples(*(st.sampled_from(_PIECES) | st.just(b"") for _ in range(5))).map(
    lambda extra: b"%b-----BEGIN A-----%b\n%bYWJj\n%b-----END A-----%b\n" % extra
) | st.sampled_from(_PIECES).map(
    # The first line or the bytes of a block are something else.
    lambda piece: b"%bYWJj\n-----END A-----\n-----BEGIN A-----\n%b-----END A-----\n" % (piece, piece)
)


@settings(max_examples=60)
@given(texts=st.lists(st.lists(_TEXTS | _BLOCKS, min_size=1, max_size=3).map(b"".join), min_size=1, max_size=30))
@example(texts=[b"-----BEGIN A-----\n-----END A:\nYWJj\n-----END A-----\n-----BEGIN A-----\nYWJj\n-----END A-----\n"])
def test_blocks_are_read_as_in_go(texts: list[bytes], programs: Programs) -> None:
    """Types, bytes, whether there are headers, and whether something is left behind the last block."""
    questions = [{"PEM": text.decode("utf-8", "surrogateescape")} for text in texts]
    for text, answer in zip(texts, ask_go(programs.go_urls, questions), strict=True):
        theirs = [
            Block(
                type=base64.b64decode(block["Type"]).decode("utf-8", "surrogateescape"),
                content=base64.b64decode(block["Bytes"]),
                has_headers=block["HasHeaders"],
            )
            for block in json.loads(answer["Blocks"])
        ]
        ours, is_whole = read_blocks(text)

        assert [*map(_parts, ours)] == [*map(_parts, theirs)], text
        assert is_whole == (not answer["Left"]), text


@given(content=st.binary(max_size=200))
def test_what_is_written_is_read(content: bytes) -> None:
    """Block after block."""
    block = Block(type="SOME TYPE", content=content)

    assert read_blocks(encode("SOME TYPE", content) * 2) == ([block, block], True)


def test_a_certificate_is_written_as_others_do() -> None:
    """In lines of 64 characters, which every reader takes."""
    certificate = Authority().certificate
    (block,), _ = read_blocks(certificate)

    assert encode(block.type, block.content) == certificate


def test_content_is_not_shown() -> None:
    """It may be a private key."""
    assert "secret" not in repr(Block(type="PRIVATE KEY", content=b"secret"))


def _parts(block: Block) -> tuple[str, bytes, bool]:
    """All of a block: a failing test shows them."""
    return block.type, block.content, block.has_headers
