"""A Service as kubectl prints it in JSON: Go's encoder over the fields in the order given.

`go_service.as_service` puts the fields into kubectl's order. Source: Go encoding/json encode.go `appendString`;
cli-runtime pkg/printers/json.go; apimachinery runtime/serializer/json `Serializer.doEncode`.

Text that holds bytes which are not UTF-8 carries them as Python's surrogateescape does (U+DC80 to U+DCFF); Go prints
each as an escaped U+FFFD. Any other lone surrogate was read from JSON, where Go puts U+FFFD itself. A Service holds
integers only; a floating point number, which could stand in `fieldsV1` alone, prints as Python's repr.
"""

from __future__ import annotations

from kubectl_svc import json_bodies

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

_SURROGATE = "[\ud800-\udfff]"


def render(service: Mapping[str, object]) -> str:
    """One Service for `-o json`: four spaces of indent, a newline at the end. Several follow one another directly."""
    import json

    return _escaped(json.dumps(service, ensure_ascii=False, indent=4)) + "\n"


def encode_compact(service: Mapping[str, object]) -> str:
    """One Service on one line, with the newline that kubectl's codec ends it with.

    This is the text of the annotation `kubectl.kubernetes.io/last-applied-configuration`, newline included.
    """
    return _escaped(json_bodies.dumps(service)) + "\n"


def _escaped(text: str) -> str:
    """Go's escapes beyond those of the standard library; each such character can only stand inside a string."""
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    if text.isascii():
        return text
    import re  # most Services are in ASCII

    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return re.sub(_SURROGATE, _replacement, text)


def _replacement(surrogate: re.Match[str]) -> str:
    return "\\ufffd" if "\udc80" <= surrogate[0] <= "\udcff" else "\ufffd"
