"""How deep a YAML text nests, beyond the depth at which libyaml gives up: goyaml reads ten times as deep.

Only what nests is looked at here. A text that is wrong in another way, too, is refused for its depth all the same.
"""

from __future__ import annotations

import re

DEEPEST = 10_000
"""Levels of brackets, and of indentation (go.yaml.in/yaml/v2 scannerc.go `max_flow_level`, `max_indents`)."""
LIBYAMLS_DEEPEST = 1_000
"""The same in libyaml since 0.2.6 (scanner.c `MAX_NESTING_LEVEL`)."""

# A quote begins a scalar only where one may begin.
_BRACKETS = re.compile(r"""(?<![^\s,\[\]{}:])(?:"(?:[^"\\]|\\.)*"|'[^']*')|(?<!\S)\#.*|([\[{])|[\]}]""")
_ITEM = re.compile(r"-(?: +|$)")


def too_deep_brackets(text: str, start: int) -> int | None:
    """The line, from 0, of the first bracket beyond the limit; None for none.

    `start` is where libyaml gave up: at the bracket after its last level.
    """
    depth = LIBYAMLS_DEEPEST
    for found in _BRACKETS.finditer(text, start):
        if found[1]:
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth > DEEPEST:
            return text.count("\n", 0, found.start())
        if not depth:
            break
    return None


def too_deep_indentation(text: str) -> int | None:
    """The line, from 0, of the first level of indentation beyond the limit; None for none."""
    indents = [-1]
    for number, line in enumerate(text.split("\n")):
        column = len(line) - len(line.lstrip(" "))
        if line[column : column + 1] in ("", "#"):
            continue
        while indents[-1] > column:
            indents.pop()
        while item := _ITEM.match(line, column):
            indents += [column] * (indents[-1] < column)
            column = item.end()
        indents += [column] * (indents[-1] < column and ":" in line[column:])
        if len(indents) > DEEPEST + 1:
            return number
    return None
