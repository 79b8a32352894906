"""A Service as kubectl prints it in YAML.

Nearly every Service is plain: words and numbers that YAML writes as they are. Those are written here; at the first text
that is not plain, libyaml writes the Service. Importing it takes ten times as long as printing.
"""

from __future__ import annotations

from kubectl_svc.output.yaml_order import in_order
from kubectl_svc.yaml_words import IN_LOWER_CASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_WORD = _LETTERS | _DIGITS | frozenset("_./-:")
_LONGEST_KEY = 100  # characters; far longer ones stand behind `?`


class _NotPlainError(Exception):
    """libyaml must write it."""


def render(service: Mapping[str, object]) -> str:
    """One Service for `-o yaml`, with a newline at the end; between several stands the line `---`.

    Keys are sorted as goyaml sorts them. Raises ValueError, in kubectl's words, for text that kubectl cannot print, and
    SvcError when libyaml is needed and PyYAML was built without it.
    """
    lines: list[str] = []
    try:
        _write_mapping(service, "", lines)
    except _NotPlainError:
        from kubectl_svc.output import libyaml  # costs the import of yaml

        return libyaml.render(service)
    return "\n".join((*lines, ""))


def _write_mapping(mapping: Mapping[str, Any], indent: str, lines: list[str]) -> None:
    if not mapping:
        raise _NotPlainError
    for key in in_order(mapping):
        if len(key) > _LONGEST_KEY:
            raise _NotPlainError
        _write_value(f"{indent}{_word(key)}:", mapping[key], indent, lines)


def _write_value(label: str, value: Any, indent: str, lines: list[str]) -> None:
    """The value behind its key, or below it; lists are not indented further than their key."""
    if isinstance(value, dict) and value:
        lines.append(label)
        _write_mapping(value, f"{indent}  ", lines)
    elif isinstance(value, list) and value:
        lines.append(label)
        for item in value:
            _write_item(item, indent, lines)
    else:
        lines.append(f"{label} {_scalar(value)}")


def _write_item(item: Any, indent: str, lines: list[str]) -> None:
    if isinstance(item, dict):
        start = len(lines)
        _write_mapping(item, f"{indent}  ", lines)
        lines[start] = f"{indent}- {lines[start].lstrip(' ')}"
    elif isinstance(item, list):
        raise _NotPlainError
    else:
        lines.append(f"{indent}- {_scalar(item)}")


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _word(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if value == {}:
        return "{}"
    raise _NotPlainError


def _word(text: str) -> str:
    """The text, if YAML writes and reads it back as it is."""
    if not text or not _WORD.issuperset(text) or text[-1] == ":":
        raise _NotPlainError
    first = text[0]
    if first in _LETTERS or first == "/":
        if text.lower() in IN_LOWER_CASE:
            raise _NotPlainError
        return text
    # No number and no time has two dots or four hyphens: those are addresses, versions and UIDs.
    if first in _DIGITS and (text.count(".") > 1 or text.count("-") > 3):
        return text
    raise _NotPlainError
