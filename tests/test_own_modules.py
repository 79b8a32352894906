"""Modules that are loaded without the import system are what it makes of them, and never old ones."""

from __future__ import annotations

import compileall
import json
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_PACKAGE = Path(__file__).parents[1] / "kubectl_svc"
_PROGRAM = """
import json, os, sys
from kubectl_svc import own_modules
if {fast}:
    own_modules.load_fast()
from kubectl_svc.checks import judge
from kubectl_svc import golang
ours = {{name: module for name, module in sys.modules.items() if name.startswith("kubectl_svc.")}}
names = ("__file__", "__cached__", "__package__", "__path__", "__doc__", "__name__")
facts = {{
    name: [*(getattr(module, each, None) for each in names), module.__spec__.origin, module.__loader__.path]
    for name, module in ours.items()
}}
source = golang.__loader__.get_source(golang.__name__)
print(json.dumps([facts, golang.quote.__code__.co_filename, golang.__doc__, source]))
print(*{{type(module.__loader__).__module__ for module in ours.values()}}, file=sys.stderr)
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A compiled copy of the package, as installers leave it."""
    copy = tmp_path / "kubectl_svc"
    shutil.copytree(_PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert compileall.compile_dir(copy, quiet=1)
    return tmp_path


def _loaded(folder: Path, *options: str, fast: bool = True, **environ: str) -> tuple[Any, bool]:
    """What the modules say of themselves, and whether any was loaded fast."""
    done = subprocess.run(
        [sys.executable, *options, "-c", _PROGRAM.format(fast=fast)],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout), "kubectl_svc.own_modules" in done.stderr.split()


def test_they_are_what_python_makes_of_them(copied: Path) -> None:
    """Whatever a module says of itself."""
    slow, is_fast = _loaded(copied, fast=False)
    assert not is_fast
    assert _loaded(copied) == (slow, True)


@pytest.mark.parametrize(("more", "seconds"), [("", 5), ("more", 0)], ids=["another time", "another size"])
def test_what_has_changed_is_read_anew(more: str, seconds: int, copied: Path) -> None:
    """A compiled file counts as long as its source has the same size and the same time."""
    source = copied / "kubectl_svc" / "golang.py"
    before, text = source.stat(), source.read_text()
    source.write_text(f'"""X{more}{text[4:]}')
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns + seconds * 10**9))
    facts, is_fast = _loaded(copied)
    assert is_fast
    assert facts[2].startswith(f"X{more}")


def test_what_is_not_compiled_is_left_to_python(copied: Path) -> None:
    """Whether there is nothing, or something that another Python or another way of compiling has left."""
    slow, _ = _loaded(copied, fast=False)
    compiled = copied / "kubectl_svc" / "__pycache__"
    source = str(copied / "kubectl_svc" / "golang.py")
    py_compile.compile(source, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    assert _loaded(copied) == (slow, True)
    target = next(compiled.glob("golang.*"))
    for content in (b"", target.read_bytes()[:10], b"\0" * 100):
        target.write_bytes(content)
        assert _loaded(copied) == (slow, True)
    for folder in list(copied.rglob("__pycache__")):
        shutil.rmtree(folder)
    assert _loaded(copied) == (slow, False)


def test_pythons_own_ways_count(copied: Path, tmp_path: Path) -> None:
    """Optimized code and folders for compiled files are Python's business."""
    assert not _loaded(copied, "-O")[1]
    assert not _loaded(copied, PYTHONPYCACHEPREFIX=str(tmp_path / "elsewhere"))[1]


def test_what_was_moved_knows_where_it_is(copied: Path, tmp_path: Path) -> None:
    """Compiled files say where they were compiled; tracebacks tell where they are."""
    moved = tmp_path / "moved"
    shutil.move(copied / "kubectl_svc", moved / "kubectl_svc")
    slow, _ = _loaded(moved, fast=False)
    assert _loaded(moved) == (slow, True)
    assert slow[1] == str(moved / "kubectl_svc" / "golang.py")
