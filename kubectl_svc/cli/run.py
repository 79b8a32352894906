"""One run of the program: argv and streams in, exit code out. The only place where errors become text and codes."""

from __future__ import annotations

from kubectl_svc.argv import read
from kubectl_svc.errors import InterruptedRunError, SvcError
from kubectl_svc.flags import COMMANDS
from kubectl_svc.output.console import Console
from kubectl_svc.output.messages import render_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    from kubectl_svc.access.session import Session
    from kubectl_svc.cli.override import Overrider
    from kubectl_svc.command_line import CommandLine
    from kubectl_svc.request import OverrideOptions, ServiceRequest

INTERRUPTED = 130  # what a shell reports of a program that SIGINT ended
BROKEN_PIPE = 141  # what a shell reports of a program that SIGPIPE ended, as kubectl is


def main(
    argv: Sequence[str], *, stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO, environ: Mapping[str, str]
) -> int:
    """Run one command line, without the program's name. Returns 0, or 1 after any error, as kubectl does.

    With --diff 1 stands for differences and 2 for errors (kubectl pkg/cmd/diff).
    """
    console = Console(stdin, stdout, stderr)
    failed = 2 if _asks_for_a_diff(argv) else 1
    try:
        line = read(argv, COMMANDS)
        failed = 2 if "diff" in line.declared and line.flag("diff") else 1
        return _run(line, console, environ)
    except InterruptedRunError as error:
        console.message(render_error(error))
        return INTERRUPTED
    except SvcError as error:
        console.message(render_error(error))
        return failed
    except BrokenPipeError:
        return BROKEN_PIPE


def _asks_for_a_diff(argv: Sequence[str]) -> bool:
    """Whether --diff stands among words of which no command line may be read."""
    words = argv[: argv.index("--")] if "--" in argv else argv
    return any(word in ("--diff", "--diff=true") for word in words)


def _run(line: CommandLine, console: Console, environ: Mapping[str, str]) -> int:
    """Returns 0, or 1 where differences were shown."""
    for notice in line.notices:
        console.message(f"{notice}\n")
    if line.help:
        _help(line, console, environ)
    elif line.command.name == "version":
        from kubectl_svc.cli.version import render_version

        console.result(render_version(line.text("output")))
    elif line.command.name == "completion":
        from kubectl_svc.cli.completion import read_script

        console.result(read_script(line.args, line.command.path))
    elif line.command.name == "providers":
        from kubectl_svc.cli.providers import render_providers

        console.result(render_providers(line.args, line.text("output"), environ))
    elif line.command.name == "status":
        return _show_statuses(line, console, environ)
    else:
        return _make_services(line, console, environ)
    return 0


def _help(line: CommandLine, console: Console, environ: Mapping[str, str]) -> None:
    from kubectl_svc.cli.usage import render_help

    console.result(render_help(line.command, console.columns(environ)))


def _show_statuses(line: CommandLine, console: Console, environ: Mapping[str, str]) -> int:
    from kubectl_svc.cli.status import show_statuses
    from kubectl_svc.status_request import read_status_request

    return show_statuses(read_status_request(line), environ, console)


def _make_services(line: CommandLine, console: Console, environ: Mapping[str, str]) -> int:
    # Each command loads its own.
    from kubectl_svc.cli.find import find_items
    from kubectl_svc.cli.report import Report
    from kubectl_svc.cli.work import work_through
    from kubectl_svc.output.printers import printer_for
    from kubectl_svc.request import read_request

    request = read_request(line, environ)
    overrider = _overrider(request.overrides, environ)
    for sentence in request.warnings:
        console.warn(sentence)
    printer = printer_for(request.output, request.sending, environ, console)
    report = Report(console, printer, request)
    if not request.needs_cluster:
        request = _with_load_balancer(request, None, environ, console)
        found = find_items(request, None, console, environ)
        work_through(found, request, None, overrider, report)
        return 0
    from kubectl_svc.access.session import open_session  # manifests need no cluster

    session = open_session(request, environ, console, report.hear)
    try:
        request = _with_load_balancer(request, session, environ, console)
        found = find_items(request, session, console, environ)
        work_through(found, request, session, overrider, report)
    finally:
        session.close()
    if request.warnings_as_errors and report.warning_count:
        raise SvcError(f"{report.warning_count} warning{'s' if report.warning_count > 1 else ''} received")
    return 1 if printer.differs else 0


def _with_load_balancer(
    request: ServiceRequest, session: Session | None, environ: Mapping[str, str], console: Console
) -> ServiceRequest:
    if request.load_balancer is None:
        return request
    from kubectl_svc.cli.load_balancer import with_load_balancer  # the plain job reads no provider's file

    return with_load_balancer(request, session, environ, console)


def _overrider(options: OverrideOptions, environ: Mapping[str, str]) -> Overrider | None:
    if not options.fragment:
        return None
    from kubectl_svc.cli.override import Overrider  # few Services need it

    return Overrider(options, environ)
