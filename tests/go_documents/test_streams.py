"""Files come in blocks of any size: what is read does not depend on where they are cut."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.go_documents import read_json_documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS = st.sampled_from([
    b"a: b\n", b"---\n", b"---\r\n", b"\r\n", b"\r", b"\n", b"--- # c\n", b"--- x\n", b"--", b"{", b"}", b'{"a": 1}',
    b'{"a": "\\u00e9"}', b"12", b"3 ", b'"', b"\xc3\xa9", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"a\0", b"x" * 5000,
])  # fmt: skip
_FILES = st.lists(_PARTS, max_size=8).map(b"".join)


def _outcome(blocks: Iterable[bytes], *, is_file: bool) -> list[object]:
    found: list[object] = []
    try:
        found += ((document.value, document.text()) for document in read_json_documents(blocks, is_file=is_file))
    except ValueError as error:
        found.append(str(error))
    return found


@given(data=_FILES, cuts=st.lists(st.integers(0, 6000), max_size=6), is_file=st.booleans())
def test_cuts(*, data: bytes, cuts: list[int], is_file: bool) -> None:
    """Blocks of any sizes hold the same documents, and the same fault, as the whole."""
    places = sorted({0, *(cut % (len(data) + 1) for cut in cuts), len(data)})
    blocks = [data[start:end] for start, end in itertools.pairwise(places)]
    assert _outcome(blocks, is_file=is_file) == _outcome([data], is_file=is_file)


@given(data=_FILES)
def test_single_bytes(data: bytes) -> None:
    """Nothing is lost or found at the edge of a byte."""
    assert _outcome((bytes([byte]) for byte in data), is_file=True) == _outcome([data], is_file=True)
