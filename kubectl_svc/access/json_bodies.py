"""Bodies of JSON, through the C module below `json`: importing `json` costs a regular expression engine.

`json` gives its work to the same scanner and the same encoder. What they do not take, whatever the reason, is `json`'s.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SPACE = " \t\n\r"
_CONSTANTS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


class _Scanning:
    """What the scanner asks of a `json.JSONDecoder`."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = _CONSTANTS.__getitem__


def loads(text: bytes) -> Any:
    """As `json.loads`, which also says what is wrong."""
    # An object in UTF-8, which neither UTF-16 nor UTF-32 can be taken for.
    if text[:1] == b"{" and text[1:2] != b"\0":
        try:
            from _json import make_scanner

            characters = text.decode("utf-8", "surrogatepass")
            value, end = make_scanner(_Scanning)(characters, 0)  # type: ignore[arg-type]  # attributes are all it takes
            if not characters[end:].strip(_SPACE):
                return value
        except Exception:  # noqa: BLE001, S110 - without `json`, the scanner cannot even say what is wrong
            pass
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
