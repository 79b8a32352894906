"""`kubectl svc providers`: what load balancers there are, and what each can be told."""

from __future__ import annotations

from kubectl_svc.access.providers import Providers
from kubectl_svc.load_balancers.tables import as_document, intent_table, matrix, setting_table
from kubectl_svc.output.documents import check_format, render_document
from kubectl_svc.output.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubectl_svc.load_balancers.model import Provider

FORMATS = ("json", "yaml", "wide")


def render_providers(names: Sequence[str], output: str, environ: Mapping[str, str]) -> str:
    """All providers with their intents, or the settings of those that are named; in the format, or as columns.

    Raises SvcError for an unknown name or format, and for a data file that cannot be read.
    """
    check_format(output, FORMATS)
    catalogue = Providers(environ)
    providers = [catalogue.find(name) for name in names] or catalogue.all()
    if output in ("json", "yaml"):
        documents = [as_document(provider) for provider in providers]
        return render_document(documents[0] if len(names) == 1 else {"items": documents}, output)
    if not names:
        return _text(render_table(*matrix(providers, wide=output == "wide")))
    return "\n".join(_described(provider, wide=output == "wide") for provider in providers)


def _described(provider: Provider, *, wide: bool) -> str:
    intents = render_table(*intent_table(provider))
    settings = render_table(*setting_table(provider, wide=wide))
    notes = render_table(["NOTE"], [[note] for note in provider.notes])
    tables = (settings, intents, notes) if provider.notes else (settings, intents)
    return "\n".join(map(_text, tables))


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
