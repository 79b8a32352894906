"""The README's recipe for ACP, read as data: a command for each Service of the page and for each field of the form."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_README = Path(__file__).parents[2] / "README.md"
_HEADING = "\n## On Alauda Container Platform\n"
_CODE = re.compile(r"`([^`]*)`")


class FormRow(NamedTuple):
    """What is chosen in a field of the form, and by path what the command must make of the Service (None: not set)."""

    field: str
    value: str
    command: str
    gives: Mapping[str, Any]


def text() -> str:
    """The recipe as it stands in the README."""
    return _README.read_text()


def page_commands(readme: str) -> list[str]:
    """The commands of the page's Services, in the page's order."""
    rows, _ = _tables(readme)
    return [_command(row[1]) for row in rows]


def form_rows(readme: str) -> list[FormRow]:
    """The rows of the form's fields, in the form's order."""
    _, rows = _tables(readme)
    return [FormRow(field, value, _command(command), _gives(gives)) for field, value, command, gives in rows]


def words(command: str) -> list[str]:
    """What a shell hands to the plugin. A ValueError where the command is another's."""
    kubectl, svc, *argv = shlex.split(command)
    if (kubectl, svc) != ("kubectl", "svc"):
        raise ValueError(f"not a command of ours: {command}")
    return argv


def _tables(readme: str) -> list[list[list[str]]]:
    """The cells of the recipe's two tables, without their heads. A ValueError where there are not two."""
    section = f"\n{readme}".partition(_HEADING)[2].partition("\n## ")[0]
    page, form = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    return [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
        for table in (page, form)
    ]


def _command(cell: str) -> str:
    (command,) = _CODE.findall(cell)
    return str(command)


def _gives(cell: str) -> dict[str, Any]:
    pairs = (span.partition(": ") for span in _CODE.findall(cell))
    return {path: json.loads(value) for path, _, value in pairs}
