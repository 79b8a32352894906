"""Documents of our own in JSON and YAML: what `-o json` and `-o yaml` print where no Kubernetes object is printed."""

from __future__ import annotations

import json

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def render_document(document: object, output: str) -> str:
    """The document as `json` or `yaml`, its fields in their own order."""
    if output == "json":
        return json.dumps(document, ensure_ascii=False, indent=4) + "\n"
    import yaml  # only this format needs it

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10**6))


def check_format(output: str, formats: Sequence[str]) -> None:
    """Raises SvcError, in kubectl's words, for a format that is none of these; empty is the usual one."""
    if output and output not in formats:
        raise SvcError(
            f"unable to match a printer suitable for the output format {quote(output)}, "
            f"allowed formats are: {','.join(formats)}"
        )
