"""The output formats: Services in, the text for standard output out."""

from __future__ import annotations

from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from kubectl_svc.output.console import Console
    from kubectl_svc.output.made import Made
    from kubectl_svc.output.templates import Templates
    from kubectl_svc.request import OutputOptions

    Manifest = Mapping[str, Any]

_DRY = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


class Printer:
    """Prints the Services of one command, in order; what a format says between two of them is remembered here."""

    differs = False
    """Whether a difference was printed; only diffs can say so."""

    def __init__(self, write: Callable[[str], None], render: Callable[[Made], str], separator: str = "") -> None:
        self._write = write
        self._render = render
        self._separator = separator
        self._printed = 0

    def print(self, made: Made) -> None:
        """Write one more Service. Raises SvcError where kubectl cannot print it either."""
        lead = self._separator if self._printed else ""
        self._printed += 1
        try:
            text = self._render(made)
        except ValueError as error:
            self._write(lead)
            raise SvcError(str(error)) from None
        self._write(f"{lead}{text}")

    def finish(self) -> None:
        """Write what is left after the last Service. Raises SvcError for what cannot be printed."""


class _TemplatePrinter(Printer):
    """Hands all Services to one kubectl at the end: its start costs more than all of the printing."""

    def __init__(self, write: Callable[[str], None], templates: Templates) -> None:
        from kubectl_svc.output.go_json import encode_compact  # only this format needs it

        super().__init__(write, lambda made: encode_compact(made.service))
        self._templates = templates
        self._documents: list[str] = []

    def print(self, made: Made) -> None:
        self._documents.append(self._render(made))

    def finish(self) -> None:
        if self._documents:
            printed, failure = self._templates.render(self._documents)
            self._write(printed)
            if failure:
                raise failure


def printer_for(output: OutputOptions, dry_run: str, environ: Mapping[str, str], console: Console) -> Printer:
    """The printer that was asked for; it prints to the console.

    Raises SvcError for a template that kubectl cannot read. Each format's module is loaded only when it is used.
    """
    if output.format == "template":
        return _TemplatePrinter(console.result, _read_template(output, environ))
    if output.format == "message":
        return Printer(console.result_line, lambda made: f"{reference(made.service)} {made.done}{_DRY[dry_run]}")
    if output.format == "name":
        return Printer(console.result_line, lambda made: reference(made.service))
    render, separator = document_format(output)
    return Printer(console.result, lambda made: render(made.service), separator)


def diff_printer_for(output: OutputOptions, environ: Mapping[str, str], console: Console) -> Printer:
    """The printer for --diff: what would change, in the format that was asked for, or in YAML instead of a message.

    Raises SvcError for a template that kubectl cannot read.
    """
    from kubectl_svc.output import diff

    if output.format == "template":
        render = _template_format(output, environ)
    else:
        render, _ = document_format(output.but(format="yaml") if output.format in ("message", "name") else output)
    if output.format == "name":
        return diff.ChangedNames(console, render, environ)
    if environ.get("KUBECTL_EXTERNAL_DIFF"):
        return diff.ExternalDiff(console, render, environ)
    return diff.UnifiedDiff(console, render, environ)


def reference(service: Manifest) -> str:
    """The Service as `-o name` prints it."""
    return f"service/{service['metadata'].get('name') or '<unknown>'}"


def _template_format(output: OutputOptions, environ: Mapping[str, str]) -> Callable[[Manifest], str]:
    """What has kubectl render one Service; unlike a `_TemplatePrinter`, alone: its text has an end of its own."""
    from kubectl_svc.output.go_json import encode_compact

    templates = _read_template(output, environ)

    def render(service: Manifest) -> str:
        printed, failure = templates.render((encode_compact(service),))
        if failure:
            raise failure
        return printed

    return render


def _read_template(output: OutputOptions, environ: Mapping[str, str]) -> Templates:
    from kubectl_svc.output.templates import Templates

    templates = Templates(output.template_words, environ)
    templates.check()
    return templates


def document_format(output: OutputOptions) -> tuple[Callable[[Manifest], str], str]:
    """What renders a Service as the format json, yaml or kyaml that was asked for, and what stands between two."""
    render, separator = _document_format(output.format)
    if output.show_managed_fields:
        return render, separator
    return lambda service: render(_without_managed_fields(service)), separator


def _document_format(name: str) -> tuple[Callable[[Manifest], str], str]:
    if name == "json":
        from kubectl_svc.output import go_json

        return go_json.render, ""
    if name == "yaml":
        from kubectl_svc.output import go_yaml

        return go_yaml.render, "---\n"
    from kubectl_svc.output import kyaml

    return kyaml.render, ""  # it writes the separator itself, before the first one too


def _without_managed_fields(service: Manifest) -> Manifest:
    metadata = {key: value for key, value in service["metadata"].items() if key != "managedFields"}
    return {**service, "metadata": metadata}
