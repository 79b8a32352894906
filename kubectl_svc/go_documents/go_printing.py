"""Values as Go prints them in error messages: as JSON, with %#v, and as the names of a JSON object's members.

Source: encoding/json encode.go, fmt, sigs.k8s.io/yaml (`convertToJSONableObject`).
"""

from __future__ import annotations

from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ODD_FLOATS = {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}
"""The floats that JSON does not have, by Python's name, as Go names them."""


def go_json(value: Any) -> str:
    """The value as json.Marshal prints it: compact, members in order of their names, HTML's characters escaped."""
    text = _json(value)
    for char in "<>&\u2028\u2029":  # they stand in strings alone
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _json(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return f"{{{','.join([f'{_quoted(name)}:{_json(value[name])}' for name in sorted(value)])}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _quoted(text: str) -> str:
    from json.encoder import encode_basestring  # only error messages need it

    return encode_basestring(text)


def go_syntax(value: Any) -> str:
    """The value as fmt's %#v prints what goyaml holds, but for keys: they have become strings."""
    if isinstance(value, dict):
        members = (f"{_go_element(name)}:{_go_element(value[name])}" for name in sorted(value, key=_go_rank))
        return f"map[interface {{}}]interface {{}}{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_element, value))}}}"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return hex(value)
    return "<nil>" if value is None else str(value)


def _go_element(value: Any) -> str:
    return "interface {}(nil)" if value is None else go_syntax(value)


def _go_rank(key: str | int | None) -> tuple[bool, str]:
    return key is not None, str(key)


def float_text(number: float) -> str:
    """As encoding/json prints a float64: the shortest digits, without exponent from 1e-6 up to 1e21."""
    text = repr(number).removesuffix(".0")
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    if 1e-6 <= abs(number) < 1e21:
        from decimal import Decimal  # hardly any number is that large or small

        return f"{Decimal(text):f}"
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}"


def float_name(number: float) -> str:
    """A float as the name of a member: strconv.FormatFloat(number, 'g', -1, 32), the infinite ones as YAML has them."""
    single = _as_float32(number)
    if repr(single) in ODD_FLOATS:
        return repr(single).replace("inf", ".inf").replace("nan", ".nan")
    texts = (f"{single:.{places}e}" for places in range(9))
    shortest = next(text for text in texts if _as_float32(float(text)) == single)
    exponent = int(shortest.partition("e")[2])
    return repr(float(shortest)).removesuffix(".0") if -4 <= exponent < 6 else shortest


def _as_float32(number: float) -> float:
    from ctypes import c_float  # hardly any key is a float

    return c_float(number).value
