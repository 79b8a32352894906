"""What reaches a terminal, and what a pipe."""

from __future__ import annotations

import io
import os
import pty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.output.console import Console, visible


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    """Newline and tab aside; printable text is not touched."""
    shown = visible(text)
    assert all(char in "\n\t" or not (ord(char) < 32 or 127 <= ord(char) < 160) for char in shown)
    if text.isprintable():
        assert shown == text


def test_a_pipe_gets_the_text_as_it_is() -> None:
    """Programs read it, and kubectl changes nothing either."""
    out, err = io.BytesIO(), io.BytesIO()
    console = Console(io.BytesIO(), out, err)
    console.warn("a\x1b[31mb")
    console.message("é\x07\n")
    console.result("\udcff")
    assert err.getvalue() == "Warning: a\x1b[31mb\né\x07\n".encode()
    assert out.getvalue() == b"\xff"


@pytest.mark.skipif(not hasattr(pty, "openpty"), reason="pseudo-terminals are a thing of POSIX")
def test_a_terminal_gets_escapes_and_a_yellow_warning() -> None:
    """Text from a cluster cannot steer the terminal."""
    reader, writer = pty.openpty()
    with open(writer, "wb", buffering=0) as terminal:
        Console(io.BytesIO(), io.BytesIO(), terminal).warn("a\x1b[31mb")
        assert os.read(reader, 100) == b"\x1b[33;1mWarning:\x1b[0m a\\x1b[31mb\r\n"
    os.close(reader)
