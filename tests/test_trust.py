"""What never happens: a secret in an error, a traceback over a strange answer, text that steers the terminal."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.cli.run import main
from tests.access.servers import answer, serve
from tests.svc import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.access.servers import Server

_SECRET = "hunter2"  # noqa: S105 - the tests look for it
_BROKEN_KUBECONFIGS = [
    "token: !!int {secret}",
    "token: {{{secret}: x}}",
    "? {{token: {secret}}}\n: x",
    "? [{secret}]\n: x",
    "~: {secret}",
    "users: [{{name: a, user: {{token: [{secret}]}}}}]",
    "users: [{{name: a, user: {{password: {{a: {secret}}}}}}}]",
    "users: [{{name: a, user: {{client-key-data: {secret}!}}}}]",
    "users: [{{name: a, user: {{token: {secret}}}}}, {{name: a, user: {{token: {secret}}}}}]",
    "users: {secret}",
    "{secret}",
    "a: b: {secret}",
    'users: [{{name: a, user: {{token: "{secret}}}}}]',
    "<<: {secret}",
]


def _run(*argv: str, environ: dict[str, str] | None = None) -> tuple[int, str, str]:
    out, err = io.BytesIO(), io.BytesIO()
    code = main(argv, stdin=io.BytesIO(), stdout=out, stderr=err, environ={"HOME": "/nonexistent", **(environ or {})})
    return code, out.getvalue().decode(), err.getvalue().decode()


@pytest.mark.parametrize("config", _BROKEN_KUBECONFIGS)
def test_a_broken_kubeconfig_keeps_its_secrets(config: str, tmp_path: Path) -> None:
    """Whatever is wrong with it, the error does not repeat what may be a token; kubectl does."""
    path = tmp_path / "config"
    path.write_text(config.format(secret=_SECRET))
    code, out, err = _run("expose", "deployment", "web", "-v=9", environ={"KUBECONFIG": str(path)})
    assert (code, out) == (1, "")
    assert err
    assert _SECRET not in err


@pytest.mark.parametrize(
    "server", ["https://user:{}@a b", "https://user:{} x@host", "user:{}@host/path", "https://{}@"]
)
def test_a_password_in_the_servers_url_is_not_repeated(server: str) -> None:
    """A URL that cannot be used is named without its user."""
    code, _, err = _run("expose", "deployment", "web", "-s", server.format(_SECRET), "-v=9")
    assert code == 1
    assert _SECRET not in err


@pytest.fixture(scope="module")
def strange() -> Iterator[Server]:
    """A server that answers what a test wants, over plain HTTP."""
    with serve() as server:
        yield server


_FIELDS = (
    *("kind", "apiVersion", "metadata", "spec", "status", "name", "labels", "selector", "matchLabels", "template"),
    *("containers", "ports", "containerPort", "reason", "message", "details", "causes", "field", "code"),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_FIELDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)
_STATUSES = st.sampled_from(["200 OK", "201 Created", "404 Not Found", "409 Conflict", "422 Invalid", "500 Oops"])
_REASONS = st.sampled_from(["Invalid", "NotFound", "Forbidden", 5])


@given(status=_STATUSES, document=_JSON, reason=_REASONS)
def test_a_strange_answer_is_an_error_and_no_traceback(
    strange: Server, status: str, document: object, reason: object
) -> None:
    """Any JSON, as the workload and as a refusal: the program ends with a line of its own."""
    if isinstance(document, dict) and not status.startswith("2"):
        document = {"kind": "Status", "status": "Failure", "reason": reason, **document}
    strange.next_answers(
        answer(status, json.dumps(document).encode()), answer("404 Not Found"), answer("404 Not Found")
    )
    code, _, err = _run("expose", "deployment", "web", "-s", strange.url, "--dry-run=client")
    assert code in (0, 1)
    assert bool(err) == bool(code)


_WEB = {
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"spec": {"containers": [{"ports": [{"containerPort": 80}]}]}},
    },
}


@given(document=_JSON)
def test_a_strange_answer_to_the_creation_says_that_it_happened(strange: Server, document: object) -> None:
    """The Service is there by then, so the error must not read as if it were not."""
    strange.next_answers(answer(body=json.dumps(_WEB).encode()), answer("201 Created", json.dumps(document).encode()))
    code, out, err = _run("expose", "deployment", "web", "-s", strange.url)
    assert (code, bool(out), bool(err)) in ((0, True, False), (1, False, True))
    if "json: cannot unmarshal" in err or "parsing time" in err:
        assert err.startswith("error: the Service was created, but the server's answer cannot be read: ")


def _on_a_terminal(*argv: str) -> bytes:
    """What the program writes to a terminal that says nothing of its size."""
    reader, writer = pty.openpty()
    with open(writer, "wb", buffering=0) as terminal:
        subprocess.run(
            [PROGRAM, *argv],
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            check=False,
        )
    written = b""
    try:
        while part := os.read(reader, 1 << 16):
            written += part
    except OSError:
        pass  # Linux says EIO at the end of a terminal that nobody writes to any more
    os.close(reader)
    return written


def test_help_on_a_terminal_without_a_size() -> None:
    """Some report no columns at all."""
    written = _on_a_terminal("expose", "--help")
    assert b"Usage:" in written
    assert b"Traceback" not in written


def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Neither through the result nor through an error or warning."""
    name = "web\x1b]0;t\x07\x9b31m"
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"a": "b"}}, "spec": {}}
    (tmp_path / "pod.json").write_text(json.dumps(pod))
    for argv in (["--port", "1"], ["--port", "1", "-o", "json"], ["--port", "0", "-o", "name"], ["-n", "x"]):
        written = _on_a_terminal("expose", "-f", str(tmp_path / "pod.json"), "--dry-run=client", *argv)
        assert b"web" in written or b"port" in written
        assert not {b"\x1b]", b"\x07", b"\x9b", b"\xc2\x9b"} & {
            written[i : i + n] for n in (1, 2) for i in range(len(written))
        }
