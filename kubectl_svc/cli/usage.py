"""What `--help` prints, made from the declaration."""

from __future__ import annotations

from kubectl_svc.flags import COMMANDS, ROOT
from kubectl_svc.flags.model import GROUPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.flags.model import Command, Flag

_COLUMN = 30  # where descriptions begin
_NARROWEST = 24  # columns that a description gets even on a narrow terminal


def render_help(command: Command, width: int = 80) -> str:
    """The command's help, ending in a newline; `width` is the terminal's columns."""
    sections = [_fill(f"{command.short} {command.long}", width)]
    if command.examples:
        examples = "\n\n".join(f"  # {purpose}\n  {line}" for purpose, line in command.examples)
        sections.append(f"Examples:\n{examples}")
    sections.append(f"Usage:\n  {command.path} {command.usage}")
    if command.forms:
        (title, grammar), *forms = command.forms
        rows = [_row(f"  {form}", meaning, width) for form, meaning in forms]
        sections.append("\n".join((f"{title}:", f"  {grammar}", *rows)))
    if command == ROOT:
        rows = [_row(f"  {one.name}", one.short, width) for one in COMMANDS if one != ROOT]
        sections.append("\n".join(("Commands:", *rows)))
    sections.extend(_groups(command, width))
    return "\n\n".join(sections) + "\n"


def _groups(command: Command, width: int) -> Iterator[str]:
    for title in GROUPS:
        rows = [
            _row(_label(flag), _description(flag), width)
            for flag in command.flags
            if flag.group == title and flag.is_shown
        ]
        if rows:
            yield "\n".join((f"{title}:", *rows))


def _label(flag: Flag) -> str:
    """`  -o, --output FORMAT`; a value that may be left out stands in brackets."""
    shorthand = f"-{flag.shorthand}," if flag.shorthand else ""
    value = f" {flag.metavar}" if flag.metavar else ""
    if flag.metavar and flag.bare:
        value = f"[={flag.metavar}]"
    return f"  {shorthand:<3} --{flag.name}{value}"


def _description(flag: Flag) -> str:
    values = f" One of: {', '.join(flag.values)}." if flag.values else ""
    default = f" (default {flag.default})" if flag.default not in ("", "false") else ""
    return f"{flag.help}{values}{default}"


def _row(label: str, description: str, width: int) -> str:
    """A label and its description beside it, or below where the label is too long."""
    lines = _fill(description, max(width - _COLUMN, _NARROWEST)).split("\n")
    if len(label) + 2 > _COLUMN:
        lines.insert(0, "")
    beside, *below = lines
    return "\n".join((f"{label:<{_COLUMN}}{beside}".rstrip(), *(" " * _COLUMN + line for line in below)))


def _fill(text: str, width: int) -> str:
    from textwrap import fill  # imports re, which nothing but help needs

    return fill(text.strip(), width, break_long_words=False, break_on_hyphens=False)
