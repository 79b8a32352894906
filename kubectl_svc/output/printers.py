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
    from kubectl_svc.request import OutputOptions, SendingOptions

    Manifest = Mapping[str, Any]

# What a message says behind what was done.
DRY = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


class Printer:
    """Prints the Services of one command, in order."""

    differs = False
    """Whether a difference was printed; only diffs can say so."""

    def print(self, made: Made) -> None:
        """Take one more Service. Raises SvcError where kubectl cannot print it either."""
        raise NotImplementedError

    def finish(self) -> None:
        """Write what is left after the last Service. Raises SvcError for what cannot be printed."""


class _TextPrinter(Printer):
    """Writes each Service when it comes; what a format says between two of them is remembered here."""

    def __init__(self, write: Callable[[str], None], render: Callable[[Made], str], separator: str = "") -> None:
        self._write = write
        self._render = render
        self._separator = separator
        self._printed = 0

    def print(self, made: Made) -> None:
        lead = self._separator if self._printed else ""
        self._printed += 1
        try:
            text = self._render(made)
        except ValueError as error:
            self._write(lead)
            raise SvcError(str(error)) from None
        self._write(f"{lead}{text}")


class _TemplatePrinter(Printer):
    """Hands all Services to one kubectl at the end: its start costs more than all of the printing."""

    def __init__(self, write: Callable[[str], None], templates: Templates) -> None:
        self._write = write
        self._templates = templates
        self._documents: list[str] = []

    def print(self, made: Made) -> None:
        from kubectl_svc.output.go_json import encode_compact  # only this format needs it

        self._documents.append(encode_compact(made.service))

    def finish(self) -> None:
        if self._documents:
            printed, failure = self._templates.render(self._documents)
            self._write(printed)
            if failure:
                raise failure


def printer_for(
    output: OutputOptions, sending: SendingOptions, environ: Mapping[str, str], console: Console
) -> Printer:
    """The printer that was asked for; it prints to the console. With --diff it shows what would change.

    Raises SvcError for a template that kubectl cannot read. Each format's module is loaded only when it is used.
    """
    if sending.how == "diff":
        return _diff_printer(output, environ, console)
    if output.format == "template":
        return _TemplatePrinter(console.result, _read_template(output, environ))
    if output.format == "message":
        dry = DRY[sending.dry_run]
        return _TextPrinter(console.result_line, lambda made: f"{reference(made.service)} {made.done}{dry}")
    if output.format == "name":
        return _TextPrinter(console.result_line, lambda made: reference(made.service))
    render, separator = _rendering(output)
    return _TextPrinter(console.result, lambda made: render(made.service), separator)


def _diff_printer(output: OutputOptions, environ: Mapping[str, str], console: Console) -> Printer:
    """What would change, in the format that was asked for, or in YAML instead of a message."""
    from kubectl_svc.output import diff

    if output.format == "template":
        render = _template_format(output, environ)
    else:
        is_document = output.format not in ("message", "name")
        render, _ = _rendering(output if is_document else output.but(format="yaml"))
    if output.format == "name":
        return diff.ChangedNames(console, render)
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


def _rendering(output: OutputOptions) -> tuple[Callable[[Manifest], str], str]:
    """What renders a Service in its format, and what stands between two; managedFields only where asked for."""
    render, separator = _document_format(output.format)
    if output.show_managed_fields:
        return render, separator

    def render_others(service: Manifest) -> str:
        metadata = {key: value for key, value in service["metadata"].items() if key != "managedFields"}
        return render({**service, "metadata": metadata})

    return render_others, separator


def _document_format(name: str) -> tuple[Callable[[Manifest], str], str]:
    if name == "json":
        from kubectl_svc.output import go_json

        return go_json.render, ""
    if name == "yaml":
        from kubectl_svc.output import go_yaml

        return go_yaml.render, "---\n"
    from kubectl_svc.output import kyaml

    return kyaml.render, ""  # it writes the separator itself, before the first one too
