"""Help and Typer's parameters against the declaration, and the app against the program."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from kubectl_svc.cli.app import app
from kubectl_svc.cli.usage import render_help
from kubectl_svc.flags import COMMANDS, EXPOSE, ROOT
from kubectl_svc.flags.model import GROUPS, HELP, Command
from tests.svc import run

every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name or "program")

# Typer's own copy of Click names its types otherwise than Click does.
TYPER_TYPES = {"bool": ("bool", "boolean"), "int32": ("int", "integer")}


def flag_rows(text: str) -> dict[str, str]:
    """The rows of a help text that begin with a flag, by its name, each with the lines below it."""
    rows: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith(("  -", "      --")):
            name = line.split("--", 1)[1].split()[0].split("[")[0]
            rows[name] = line
        elif line.startswith(" " * 30) and name:
            rows[name] += line
        else:
            name = ""
    return {name: " ".join(row.split()) for name, row in rows.items()}


@every_command
def test_help_shows_every_flag(command: Command) -> None:
    """Each declared flag has its row, with shorthand, placeholder, description, values and default; no other has."""
    rows = flag_rows(render_help(command))
    assert rows.keys() == {flag.name for flag in command.flags if not flag.deprecated and not flag.refused}
    for flag in command.flags:
        row = rows.get(flag.name, "")
        if flag.deprecated or flag.refused:
            continue
        assert row.startswith(f"-{flag.shorthand}, --{flag.name}" if flag.shorthand else f"--{flag.name}")
        assert flag.metavar in row.removesuffix(flag.help)
        assert " ".join(flag.help.split()) in row
        assert all(value in row for value in flag.values)
        assert (f"(default {flag.default})" in row) == (flag.default not in ("", "false"))


@every_command
@pytest.mark.parametrize("width", [20, 80, 200])
def test_help_keeps_to_the_width(command: Command, width: int) -> None:
    """Descriptions are wrapped at the terminal's width, down to a readable minimum."""
    lines = render_help(command, width).splitlines()
    described = [line for line in lines if line.startswith(" " * 30)]
    assert max(map(len, described), default=0) <= max(width, 54)


def test_help_groups_in_order() -> None:
    """Examples come before the flags, and the groups in their declared order."""
    lines = render_help(EXPOSE).splitlines()
    titles = [line.removesuffix(":") for line in lines if line and not line.startswith(" ") and line.endswith(":")]
    assert titles == ["Examples", "Usage", "Forms of --port", *GROUPS]


def test_program_help_lists_the_commands() -> None:
    """The program's own help names every command and what it does."""
    text = render_help(ROOT)
    assert all(f"  {command.name} " in text and command.short in text for command in COMMANDS if command.name)


@every_command
def test_typer_parameters_are_the_declared_flags(command: Command) -> None:
    """Typer knows each flag by name and shorthand, with its type and default, and nothing else."""
    program: Any = typer.main.get_command(app)
    described = program.commands[command.name] if command.name else program
    options = {option.opts[0]: option for option in described.params if option.param_type_name == "option"}
    declared = [flag for flag in command.flags if flag != HELP]
    assert options.keys() == {f"--{flag.name}" for flag in declared}
    for flag in declared:
        option = options[f"--{flag.name}"]
        assert option.opts[1:] == ([f"-{flag.shorthand}"] if flag.shorthand else [])
        assert option.secondary_opts == []
        assert (option.multiple, option.hidden) == (flag.repeats, bool(flag.deprecated or flag.refused))
        assert option.type.name in TYPER_TYPES.get(flag.type, ("str", "text"))
        assert option.help == flag.help
        if not flag.repeats:
            shown = "" if option.default is None else str(option.default).lower()
            assert shown == flag.default.lower()


@pytest.mark.parametrize(
    "argv",
    [
        ["expose", "--help"],
        ["-n", "x", "expose", "-hR"],
        ["help", "version"],
        [],
        ["expos"],
        ["-n", "x", "expose", "--bogus"],
        ["expose", "--save_config=x"],
        ["expose", "--record", "-h"],
    ],
    ids=" ".join,
)
def test_app_behaves_as_the_program(argv: list[str]) -> None:
    """A command line gives the same output and exit code through the Typer app and through the console script."""
    through_app = CliRunner().invoke(app, argv)
    program = run([sys.executable, "-m", "kubectl_svc", *argv])
    assert (through_app.stdout, through_app.stderr) == (program.stdout, program.stderr)
    assert through_app.exit_code == program.returncode


def test_help_is_a_result() -> None:
    """--help goes to standard output, with exit code 0, and speaks of `kubectl svc`."""
    answer = CliRunner().invoke(app, ["expose", "--help"])
    assert (answer.stdout, answer.stderr, answer.exit_code) == (render_help(EXPOSE), "", 0)
    assert "kubectl svc expose" in answer.stdout


def test_one_command_alone_reads_its_own_words() -> None:
    """A command taken out of the app parses with our reader as well."""
    program: Any = typer.main.get_command(app)
    with pytest.raises(SystemExit) as ended:
        program.commands["expose"].main(["-Z"], prog_name="expose")
    assert ended.value.code == 1
