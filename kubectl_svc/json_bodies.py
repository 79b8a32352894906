"""JSON through the C module below `json`: importing `json` itself costs a regular expression engine.

`json` gives its work to the same scanner and the same encoder. What they do not take, whatever the reason, is `json`'s.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    RawDecode = Callable[[str, int], tuple[Any, int]]

_SPACE = " \t\n\r"
_CONSTANTS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


class _Hooks:
    """What the scanner asks of a `json.JSONDecoder`."""

    strict = True
    object_hook = None

    def __init__(
        self,
        object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
        parse_float: Callable[[str], Any] = float,
        parse_int: Callable[[str], Any] = int,
        parse_constant: Callable[[str], Any] = _CONSTANTS.__getitem__,
    ) -> None:
        self.object_pairs_hook = object_pairs_hook
        self.parse_float = parse_float
        self.parse_int = parse_int
        self.parse_constant = parse_constant


def raw_decoder(**hooks: Any) -> RawDecode:
    """As `json.JSONDecoder(**hooks).raw_decode`, which also says what is wrong."""

    def raw_decode(text: str, at: int) -> tuple[Any, int]:
        try:
            from _json import make_scanner

            found: tuple[Any, int] = make_scanner(_Hooks(**hooks))(text, at)  # type: ignore[arg-type]  # attributes do
        except Exception:  # noqa: BLE001 - without `json`, the scanner cannot even say what is wrong
            import json

            return json.JSONDecoder(**hooks).raw_decode(text, at)
        return found

    return raw_decode


def loads(text: bytes) -> Any:
    """As `json.loads`."""
    # An object in UTF-8, which neither UTF-16 nor UTF-32 can be taken for.
    if text[:1] == b"{" and text[1:2] != b"\0":
        characters = text.decode("utf-8", "surrogatepass")
        value, end = raw_decoder()(characters, 0)
        if not characters[end:].strip(_SPACE):
            return value
    import json

    return json.loads(text)


def dumps(document: Any) -> str:
    """As `json.dumps` in its shortest form, with characters beyond ASCII as they are."""
    try:
        from _json import encode_basestring, make_encoder

        encode = make_encoder({}, _refuse, encode_basestring, None, ":", ",", False, False, True)
        return "".join(encode(document, 0))
    except Exception:  # noqa: BLE001 - see above
        import json

        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _refuse(value: object) -> object:
    raise TypeError(value)
