"""Base64 as Go decodes it into []byte, and the byte at which it gives up. Source: encoding/base64 `StdEncoding`."""

from __future__ import annotations

from binascii import a2b_base64

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def decode_base64(text: str) -> bytes:
    """Standard base64 with padding; line breaks are skipped. Raises ValueError in Go's words, which name a byte."""
    compact = text.replace("\n", "").replace("\r", "")
    digits = compact.rstrip("=")
    if len(compact) % 4 or len(compact) - len(digits) > 2 or digits.strip(_DIGITS):
        raise ValueError(f"illegal base64 data at input byte {_error_at(text)}")
    return a2b_base64(text)


def _error_at(text: str) -> int:
    """Where Go's decoder gives up on text that is no base64."""
    significant = [(index, char) for index, char in enumerate(text) if char not in "\r\n"]
    for count, (index, char) in enumerate(significant):
        if char == "=" and count % 4 >= 2:
            return _padding_error(significant[count + 1 :], needed=3 - count % 4, end=len(text))
        if char not in _DIGITS:
            return index
    return len(text) - len(significant) % 4


def _padding_error(rest: list[tuple[int, str]], *, needed: int, end: int) -> int:
    """What is wrong after the first `=`: `needed` more must follow, and then nothing."""
    if len(rest) < needed:
        return end
    if needed and rest[0][1] != "=":
        return rest[0][0] - 1
    return rest[needed][0]
