"""The house keeps its shape: which way imports point, what a start may load, where things may be written."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kubectl_svc.access.http.openssl import IS_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = Path(__file__).parents[1] / "kubectl_svc"
_MODULES = sorted(_PACKAGE.rglob("*.py"))

# Each layer may import from those above it in this list, and from itself.
_LAYERS = (
    ("", "value", "errors", "golang", "json_bodies", "yaml_words"),
    ("csv_record", "custom_types", "flags", "label_selectors", "labels", "pflag", "port_words", "targets"),
    ("go_base64", "go_service", "go_structs", "go_time", "go_types", "type_meta"),
    ("argv", "command_line", "workloads"),
    ("load_balancer_options", "service_options"),
    ("completion", "waiting"),
    ("request", "declared_ports", "port_names", "service_ports"),
    ("status_request",),
    ("derive", "checks", "go_documents", "ownership"),
    ("load_balancers", "reachability"),
    ("json_patch", "overrides"),
    ("kubectl",),
    ("output",),
    ("access",),
    ("cli",),
    ("own_modules",),
    ("__main__",),
)
# What the pure core never touches: files, sockets, processes, clocks, the environment.
_IMPURE = {"os", "socket", "ssl", "subprocess", "time", "http", "sys", "io", "shutil", "tempfile"}
_PURE = {name for layer in _LAYERS[:11] for name in layer}
# Standard library and third-party modules that no one-shot command may load.
_TOO_SLOW = (
    "kubernetes", "rich", "pydantic", "requests", "urllib3", "typer", "click", "dataclasses", "typing", "inspect",
    "pathlib", "logging", "importlib.metadata", "concurrent.futures",
)  # fmt: skip


def _name(path: Path) -> str:
    return ".".join(path.relative_to(_PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def _layer(module: str) -> int:
    top = module.partition(".")[0]
    return next(number for number, names in enumerate(_LAYERS) if top in names)


def _imports(path: Path) -> Iterator[str]:
    """Every module that the file names in an import, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", _MODULES, ids=_name)
def test_imports_point_one_way(path: Path) -> None:
    """No module imports from a layer behind its own."""
    own = _layer(_name(path))
    ours = [name.removeprefix("kubectl_svc").lstrip(".") for name in _imports(path) if name.startswith("kubectl_svc")]
    assert [name for name in ours if _layer(name) > own and not _is_type_only(path, name)] == []


def _is_type_only(path: Path, module: str) -> bool:
    """Whether every import of the module stands under TYPE_CHECKING, where it costs and couples nothing."""
    guarded = [
        node
        for block in ast.walk(ast.parse(path.read_text()))
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
    ]
    everywhere = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    name = f"kubectl_svc.{module}"
    return sum(node.module == name for node in guarded) == sum(node.module == name for node in everywhere)


@pytest.mark.parametrize("path", [path for path in _MODULES if _name(path).partition(".")[0] in _PURE], ids=_name)
def test_the_core_is_pure(path: Path) -> None:
    """No file, socket, process, clock or environment is within reach of the core."""
    assert {name.partition(".")[0] for name in _imports(path)} & _IMPURE == set()


@pytest.mark.parametrize("path", _MODULES, ids=_name)
def test_annotations_are_never_evaluated(path: Path) -> None:
    """Every module with code starts with the import that `Value` and a fast start rest on."""
    body = ast.parse(path.read_text()).body
    code = [node for node in body if not isinstance(node, (ast.Expr, ast.Assign))]
    assert not code or (isinstance(code[0], ast.ImportFrom) and code[0].module == "__future__")


@pytest.mark.parametrize("path", _MODULES, ids=_name)
def test_only_the_console_writes(path: Path) -> None:
    """Nobody prints: results and messages go through `output.console`."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert "print" not in {func.id for func in calls if isinstance(func, ast.Name)}


@pytest.mark.parametrize("program", ["kubectl_complete-svc", "oc_complete-svc"])
def test_what_tab_starts_imports_nothing_else(program: str) -> None:
    """It starts us and no more; `#!python` is the line that installers put their Python into."""
    script = _PACKAGE.parent / "packaging" / "scripts" / program
    assert script.read_text() == "#!python\nfrom kubectl_svc.__main__ import complete\n\ncomplete()\n"


_LB_FLAGS = "kubectl_svc.flags.load_balancer_flags"  # all that a command without --lb has of load balancers
# Modules of which a plain job needs nothing but what the C modules below them have, and what they import.
_BELOW_WHICH_IS_C = (
    "ssl", "socket", "json", "re", "enum", "collections", "functools", "contextlib", "selectors", "base64",
)  # fmt: skip
_FOR_WAITING = {f"kubectl_svc.access.{name}" for name in ("watch", "watches", "watch_events", "http.lines")}
_MANIFEST = _PACKAGE.parent / "tests" / "examples" / "my-app.yaml"


@pytest.mark.parametrize(
    ("argv", "also_forbidden"),
    [
        pytest.param(["version"], ("yaml", "json", "ssl", "re"), id="version"),
        pytest.param(["expose", "--help"], ("yaml", "json", "ssl"), id="help"),
        pytest.param(["expose", "--wrong"], ("yaml", "json", "ssl", "re"), id="unknown flag"),
        pytest.param(
            ["expose", "-f", str(_MANIFEST), "--dry-run=client", "-o", "yaml"],
            ("yaml", "re", "json", "ssl", "socket", "http.client", "subprocess"),
            id="offline",
        ),
        pytest.param(
            ["__complete", "expose", "--"],
            ("yaml", "re", "json", "ssl", "socket", "signal", "functools", "contextlib", "kubectl_svc.cli.lookups"),
            id="TAB on flags",
        ),
        pytest.param(
            ["__complete", "expose", "dep"],
            (
                "yaml",
                "re",
                "json",
                "ssl",
                "socket",
                "signal",
                "functools",
                "contextlib",
                "kubectl_svc.access.session",
                "kubectl_svc.workloads",
            ),
            id="TAB on kinds",
        ),
        pytest.param(
            ["__complete", "expose", "svc", "-s", "https://127.0.0.1:1", "--token", "x", ""],
            ("yaml", "re", "json", "ssl", "socket", "signal", "functools", "contextlib"),
            id="TAB on names",
        ),
        pytest.param(
            ["expose", "deployment", "web", "-s", "https://127.0.0.1:1", "--token", "x"],
            ("yaml", "http.client", "email", "subprocess", "tempfile", *(_BELOW_WHICH_IS_C if IS_KNOWN else ())),
            id="online",
        ),
    ],
)
def test_a_start_loads_only_what_it_needs(argv: list[str], also_forbidden: tuple[str, ...]) -> None:
    """One-shot commands stay clear of everything that costs more than it gives."""
    program = (
        "import os, sys\n"
        "before = set(sys.modules)\n"
        "from kubectl_svc import __main__\n"
        "os._exit = lambda code: print(*set(sys.modules) - before)\n"
        f"sys.argv[1:] = {argv!r}\n"
        "__main__.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True, env={"HOME": "/nonexistent"}
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "kubectl_svc.flags" in loaded
    assert loaded & {*_TOO_SLOW, *also_forbidden} == set()
    assert loaded & _FOR_WAITING == set()
    assert [name for name in loaded if "load_balancer" in name or "providers" in name] == [_LB_FLAGS]
