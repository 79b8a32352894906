"""`kubectl svc completion`: the scripts that teach shells TAB."""

from __future__ import annotations

import os

from kubectl_svc.errors import ArgumentsError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "completion", "scripts")
_ENDINGS = {"bash": "bash", "zsh": "zsh", "fish": "fish", "powershell": "ps1"}


def read_script(args: Sequence[str], command_path: str) -> str:
    """The script for the one shell that the arguments name.

    Raises ArgumentsError, in kubectl's words (kubectl pkg/cmd/completion), for any other arguments.
    """
    if not args:
        raise ArgumentsError("Shell not specified.", command_path)
    if len(args) > 1:
        raise ArgumentsError("Too many arguments. Expected only the shell type.", command_path)
    if args[0] not in _ENDINGS:
        raise ArgumentsError(f"Unsupported shell type {quote(args[0])}.", command_path)
    with open(os.path.join(_FOLDER, f"kubectl-svc.{_ENDINGS[args[0]]}"), encoding="utf-8") as script:
        return script.read()
