"""JSON as annotations hold it: one line of text. Pure; what the text must say is `values`' to know."""

from __future__ import annotations

import json

from kubectl_svc.golang import quote


def encode_json(document: object) -> str:
    """JSON on one line, without blanks."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def decode_json(text: str) -> object:
    """What the JSON says. Raises ValueError for a text that is none."""
    try:
        decoded: object = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{quote(text)} is not JSON: {error}") from None
    except RecursionError:
        raise ValueError("it is not JSON that anybody reads: it nests too deeply") from None
    return decoded
