"""`kubectl svc providers`: what load balancers there are, and what each can be told."""

from __future__ import annotations

import json

from kubectl_svc.access.providers import Providers
from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.load_balancers.tables import as_document, intent_table, matrix, setting_table
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
    if output and output not in FORMATS:
        raise SvcError(
            f"unable to match a printer suitable for the output format {quote(output)}, "
            f"allowed formats are: {','.join(FORMATS)}"
        )
    catalogue = Providers(environ)
    providers = [catalogue.find(name) for name in names] or catalogue.all()
    if output in ("json", "yaml"):
        documents = [as_document(provider) for provider in providers]
        return _document(documents[0] if len(names) == 1 else {"items": documents}, output)
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


def _document(document: object, output: str) -> str:
    if output == "json":
        return json.dumps(document, ensure_ascii=False, indent=4) + "\n"
    import yaml  # only this format needs it

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10**6))
