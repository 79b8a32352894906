"""The output formats: a Service in, the text for standard output out."""

from __future__ import annotations

from kubectl_svc.errors import SvcError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from kubectl_svc.output.console import Console
    from kubectl_svc.output.templates import Templates
    from kubectl_svc.request import OutputOptions

    Manifest = Mapping[str, Any]

_DRY = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


class Printer:
    """Prints the Services of one command, in order; what a format says between two of them is remembered here."""

    def __init__(self, write: Callable[[str], None], render: Callable[[Manifest], str], separator: str = "") -> None:
        self._write = write
        self._render = render
        self._separator = separator
        self._printed = 0

    def print(self, service: Manifest) -> None:
        """Write one more Service. Raises SvcError where kubectl cannot print it either."""
        lead = self._separator if self._printed else ""
        self._printed += 1
        try:
            text = self._render(service)
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

        super().__init__(write, encode_compact)
        self._templates = templates
        self._documents: list[str] = []

    def print(self, service: Manifest) -> None:
        self._documents.append(self._render(service))

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
        from kubectl_svc.output.templates import Templates

        templates = Templates(output.template_words, environ)
        templates.check()
        return _TemplatePrinter(console.result, templates)
    if output.format == "message":
        done = f"{output.done}{_DRY[dry_run]}"
        return Printer(console.result_line, lambda service: f"service/{_name(service)} {done}")
    if output.format == "name":
        return Printer(console.result_line, lambda service: f"service/{_name(service)}")
    render, separator = _document_format(output.format)
    if output.show_managed_fields:
        return Printer(console.result, render, separator)
    return Printer(console.result, lambda service: render(_without_managed_fields(service)), separator)


def _document_format(name: str) -> tuple[Callable[[Manifest], str], str]:
    if name == "json":
        from kubectl_svc.output import go_json

        return go_json.render, ""
    if name == "yaml":
        from kubectl_svc.output import go_yaml

        return go_yaml.render, "---\n"
    from kubectl_svc.output import kyaml

    return kyaml.render, ""  # it writes the separator itself, before the first one too


def _name(service: Manifest) -> str:
    return service["metadata"].get("name") or "<unknown>"


def _without_managed_fields(service: Manifest) -> Manifest:
    metadata = {key: value for key, value in service["metadata"].items() if key != "managedFields"}
    return {**service, "metadata": metadata}
