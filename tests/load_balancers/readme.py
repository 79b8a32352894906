"""The README's table of providers, made from the data files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubectl_svc.access.providers import Providers
from kubectl_svc.load_balancers.model import INTENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubectl_svc.load_balancers.model import Provider


def matrix_table() -> str:
    """A row for each portable flag and provider pair would be long: a row for each provider, a column for each flag."""
    titles = ["Provider", *(f"`{flag}`" for flag in map(_flag, INTENTS)), "settings"]
    rows = [_cells(provider) for provider in Providers({}).all()]
    return "".join(f"{_row(cells)}\n" for cells in (titles, ["---"] * len(titles), *rows))


def _flag(intent: str) -> str:
    name, _, word = intent.partition("=")
    return f"{name} {word}".rstrip()


def _cells(provider: Provider) -> list[str]:
    aliases = f" ({', '.join(provider.aliases)})" if provider.aliases else ""
    can = ["yes" if provider.supports(intent) else "" for intent in INTENTS]
    return [f"`{provider.name}`{aliases}", *can, str(len(provider.settings))]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
