"""Ctrl-C before the program has begun."""

from __future__ import annotations

import sys

from tests.svc import run

_PROGRAM = """
import builtins
from kubectl_svc import __main__
load = builtins.__import__
def press(name, *rest):
    if name == "kubectl_svc.cli":
        raise KeyboardInterrupt
    return load(name, *rest)
builtins.__import__ = press
__main__.main()
"""


def test_an_interrupt_while_the_program_loads() -> None:
    """It ends without a word, as kubectl does."""
    done = run([sys.executable, "-c", _PROGRAM])
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
