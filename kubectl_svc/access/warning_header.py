"""The Warning header of an answer, which a server or a proxy on the way may write: text in, texts out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def texts(header: str) -> Iterator[str]:
    """The texts of code 299 in a Warning header; what cannot be read ends it.

    Source: apimachinery util/net/http.go `ParseWarningHeader`.
    """
    while header:
        code, _, rest = header.strip().partition(" ")
        agent, _, rest = rest.partition(" ")
        text, rest = _quoted_string(rest)
        if text is None or not agent or not (len(code) == 3 and code.isascii() and code.isdigit()):
            return
        if rest.startswith('"'):
            _, closed, rest = rest[1:].partition('"')
            if not closed:
                return
            rest = rest.strip()
        if rest and not rest.startswith(","):
            return
        if any(char < " " or "\x7f" <= char <= "\x9f" or char == "\ufffd" for char in agent + text):
            return
        if code == "299" and text:
            yield text
        header = rest[1:].strip()


def _quoted_string(text: str) -> tuple[str | None, str]:
    """What stands in the quotes that `text` starts with, unescaped, and what follows; None if it has none."""
    if not text.startswith('"'):
        return None, ""
    content: list[str] = []
    escaped = False
    for index, char in enumerate(text[1:], start=2):
        if char in '"\\' and not escaped:
            if char == '"':
                return "".join(content), text[index:].strip()
            escaped = True
            continue
        content.append(char)
        escaped = False
    return None, ""
