"""The Typer app, made from the declaration: `kubectl_svc.cli.app:app`.

It is there for those who look at the program as a Typer app (embedding, documentation, `CliRunner`). Its parameters
describe the flags; the words of a command line are read by our own reader, because kubectl's grammar is not Click's.
The console script does without this module: importing Typer costs more than the whole job.
"""

from __future__ import annotations

import inspect
import os
import sys
from keyword import iskeyword
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from kubectl_svc.cli.usage import render_help
from kubectl_svc.flags import COMMANDS, ROOT
from kubectl_svc.flags.model import HELP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kubectl_svc.flags.model import Command, Flag

_TYPES = {
    "string": str,
    "strings": list[str],
    "stringArray": list[str],
    "stringSlice": list[str],
    "bool": bool,
    "int32": int,
    "modules": str,
    "duration": str,
}
_HELP_FLAGS = {"help_option_names": [f"-{HELP.shorthand}", f"--{HELP.name}"]}


class _OwnGrammar:
    """Leaves the words to the command's body, in `ctx.args`, and shows our help."""

    name: str | None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.args = list(args)
        return args

    def format_help(self, _ctx: Any, formatter: Any) -> None:
        command = next((command for command in COMMANDS if command.name == self.name), ROOT)
        formatter.write(render_help(command))


class _Program(_OwnGrammar, TyperGroup):
    """`kubectl-svc`: its body runs every command line, so that words before the command's name are read too."""


class _Command(_OwnGrammar, TyperCommand):
    """One command, for those who take it out of the program."""


def _typer_app() -> typer.Typer:
    built = typer.Typer(
        name="kubectl-svc",
        help=ROOT.short,
        context_settings=_HELP_FLAGS,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    built.callback(cls=_Program, invoke_without_command=True)(_body(ROOT))
    for command in COMMANDS:
        if command != ROOT:
            register = built.command(command.name, cls=_Command, help=command.short, context_settings=_HELP_FLAGS)
            register(_body(command))
    return built


def _body(command: Command) -> Callable[..., None]:
    """The function that Typer takes parameters from and calls."""

    def run(ctx: typer.Context, **_described: object) -> None:
        from kubectl_svc.cli.run import main  # looking at the app needs none of it

        words = [command.name, *ctx.args] if command.name else ctx.args
        code = main(
            words,
            stdin=sys.stdin.buffer,
            stdout=sys.stdout.buffer,
            stderr=sys.stderr.buffer,
            environ=os.environ,
        )
        raise typer.Exit(code)

    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [context, *_parameters(command)]
    run.__dict__["__signature__"] = inspect.Signature(parameters)  # what inspect looks for first
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _parameters(command: Command) -> Iterator[inspect.Parameter]:
    if command.name and command.arguments != 0:
        argument = typer.Argument(metavar="ARGS", help=command.usage)
        yield _parameter("args", Annotated[list[str] | None, argument], None)
    for flag in command.flags:
        if flag != HELP:
            yield _parameter(_python_name(flag), Annotated[_TYPES[flag.type], _option(flag)], _default(flag))


def _parameter(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _python_name(flag: Flag) -> str:
    name = flag.name.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


def _option(flag: Flag) -> Any:
    names = [f"--{flag.name}", *([f"-{flag.shorthand}"] if flag.shorthand else [])]
    return typer.Option(
        *names, help=flag.help, metavar=flag.metavar or None, hidden=not flag.is_shown, rich_help_panel=flag.group
    )


def _default(flag: Flag) -> object:
    if flag.repeats:
        return ()
    if flag.type == "int32" and not flag.default:
        return None
    return flag.default == "true" if flag.type == "bool" else _TYPES[flag.type](flag.default)


app = _typer_app()
