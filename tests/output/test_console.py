"""What reaches a terminal, and what a pipe."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.output.console import Console, visible
from tests.svc import Terminal

if TYPE_CHECKING:
    import pytest

_ANY_TEXT = st.text(st.characters(), max_size=20)  # halves of characters, too
_WARNING = b"\x1b[33;1mWarning:\x1b[0m "


@given(_ANY_TEXT)
def test_nothing_but_text_is_left(text: str) -> None:
    """Newlines and tabs aside; printable text is not touched, and nothing is lost."""
    shown = visible(text)
    assert all(char in "\n\t" or unicodedata.category(char)[0] != "C" for char in shown)
    assert not {"\u2028", "\u2029"}.intersection(shown)
    if text.isprintable():
        assert shown == text
    assert visible(shown) == shown


@given(st.text())
def test_a_pipe_gets_the_text_as_it_is(text: str) -> None:
    """Programs read it, and kubectl changes nothing either; a warning's further lines are set off, as everywhere."""
    out, err = io.BytesIO(), io.BytesIO()
    console = Console(io.BytesIO(), out, err)
    console.result(text)
    console.message(text)
    assert (out.getvalue(), err.getvalue()) == (text.encode(), text.encode())
    console.warn(f"x{text}".replace("\n", "") + "\ny")
    assert err.getvalue().endswith("{}\n  y\n".format(text.replace("\n", "")).encode())


@given(_ANY_TEXT)
def test_a_terminal_gets_escapes_and_yellow_warnings(text: str) -> None:
    """Text from a cluster cannot steer the terminal, nor begin a line at its margin."""
    out, err = Terminal(), Terminal()
    console = Console(io.BytesIO(), out, err)
    console.result(text)
    assert out.getvalue().decode() == visible(text)
    console.warn(f"x{text}")
    first, *more = err.getvalue().removeprefix(_WARNING).decode().removesuffix("\n").split("\n")
    assert first.startswith("x")
    assert all(line[:2] in ("", "  ") for line in more)
    assert b"\x1b" not in err.getvalue().removeprefix(_WARNING)


def test_bytes_that_are_no_text_leave_as_they_came() -> None:
    """A file's bytes, that is; half a character, which JSON's escapes can write, is U+FFFD as in Go."""
    out = io.BytesIO()
    Console(io.BytesIO(), out, io.BytesIO()).result("\udcff\ud800\udc41é")
    assert out.getvalue() == b"\xff" + "\ufffd\ufffdé".encode()


def test_what_is_waited_for_is_written_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once each, and never on a terminal that is dumb."""
    monkeypatch.setenv("TERM", "xterm")
    stderr = Terminal()
    console = Console(io.BytesIO(), io.BytesIO(), stderr)
    for text in ("a (1s)", "a (1s)", "a (2s)"):
        console.show_wait(text)
    assert stderr.getvalue().count(b"a (1s)") == stderr.getvalue().count(b"a (2s)") == 1
    monkeypatch.setenv("TERM", "dumb")
    before = stderr.getvalue()
    console.show_wait("b")
    assert stderr.getvalue() == before
