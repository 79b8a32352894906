"""JSON texts as values: Go's grammar, Go's answer to duplicate names, numbers that keep their text.

Source: encoding/json (`Decoder`, `Unmarshal`).
"""

from __future__ import annotations

from kubectl_svc.json_bodies import raw_decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from typing_extensions import Self

TOO_DEEP = "nested too deeply to be read"

_SPACE = " \t\n\r"
_WINDOW = 4096  # characters looked at together: space may be long, and so may be what follows
_LONGEST_INTEGER = 64  # digits, far beyond any Go integer; Python refuses thousands


class Number(float):
    """A JSON number that is no plain integer; `str` gives its text."""

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


def parse_json(text: str) -> Any:
    """The value of a JSON text that is known to be right."""
    return struct_reader()(text, after_space(text, 0))[0]


def read_json(text: str) -> Any:
    """The one JSON value that the text is (encoding/json `Unmarshal`); of two members of one name the last counts.

    Bytes that are not UTF-8, as surrogateescape keeps them, and halves of surrogate pairs become U+FFFD.
    Raises ValueError in Go's words for what is no JSON, and RecursionError for a depth that Python cannot follow.
    """
    if not text.isascii():
        import re  # most that is read is in ASCII

        text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    start = after_space(text, 0)
    try:
        value, stop = _reader(dict)(text, start)
        value = without_lone_surrogates(value) if "\\u" in text else value
    except ValueError:
        stop = 0
    if not stop or after_space(text, stop) < len(text):
        from kubectl_svc.go_documents.json_syntax import find_text_error  # only a failure needs it

        raise ValueError(find_text_error(text, start))
    return value


def struct_reader() -> Callable[[str, int], tuple[Any, int]]:
    """Reads the value at a place of a text, as Go fills a struct from it; gives the place behind it too.

    Raises ValueError for what is no JSON, and RecursionError for a depth that Python cannot follow.
    """
    return _reader(_object)


def after_space(text: str, at: int, space: str = _SPACE) -> int:
    """The place behind the white space at `at`."""
    while window := text[at : at + _WINDOW]:
        rest = window.lstrip(space)
        at += len(window) - len(rest)
        if rest:
            break
    return at


def without_lone_surrogates(value: Any) -> Any:
    """The value with U+FFFD for each escape that is half of a pair (encoding/json `unquote`)."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {without_lone_surrogates(name): without_lone_surrogates(item) for name, item in value.items()}
    return value


def _reader(make_object: Callable[[list[tuple[str, Any]]], Any]) -> Callable[[str, int], tuple[Any, int]]:
    """`raw_decode` with Go's grammar (no NaN, no Infinity); `make_object` makes an object of its members."""
    return raw_decoder(
        object_pairs_hook=make_object, parse_float=Number, parse_int=_integer, parse_constant=_no_constant
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object as Go fills a struct from it, where a name may come twice."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    members = {}
    for name, value in pairs:
        members[name] = _decoded_over(members[name], value) if name in members else value
    return members


def _decoded_over(before: Any, value: Any) -> Any:
    """What Go holds after it decoded `value` over `before`: structs, maps and items are filled up, not replaced."""
    if isinstance(before, dict) and isinstance(value, dict):
        both = {name: _decoded_over(before[name], item) for name, item in value.items() if name in before}
        return {**before, **value, **both}
    if isinstance(before, list) and isinstance(value, list):
        return [_decoded_over(*pair) for pair in zip(before, value, strict=False)] + value[len(before) :]
    return value


def _integer(text: str) -> int | Number:
    return int(text) if len(text) <= _LONGEST_INTEGER else Number(text)


def _no_constant(name: str) -> None:
    raise ValueError(name)
