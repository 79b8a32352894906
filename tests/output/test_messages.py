"""Errors in kubectl's form, for what the differential tests cannot bring about on demand."""

from __future__ import annotations

import pytest

from kubectl_svc.errors import (
    AggregateError,
    ConfigError,
    InterruptedRunError,
    StatusError,
    SvcError,
    UnreachableError,
    UsageError,
)
from kubectl_svc.output.messages import EXISTS_HINT, NO_SOURCE, render_error

_NOT_FOUND = StatusError({"reason": "NotFound", "message": 'pods "x" not found'})
_LINES = "one\ntwo\n\nthree"
_SET_OFF = "one\n  two\n\n  three"
_CAUSES = [{"field": "spec.a", "message": "bad"}, {"field": "spec.b", "message": "worse"}]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        pytest.param(SvcError("plain"), "error: plain\n", id="our own"),
        pytest.param(SvcError("error: said once"), "error: said once\n", id="no second prefix"),
        pytest.param(
            UsageError("unknown flag: --x", "kubectl svc expose"),
            "error: unknown flag: --x\nSee 'kubectl svc expose --help' for usage.\n",
            id="usage",
        ),
        pytest.param(ConfigError(["one"]), "error: one\n", id="one configuration problem"),
        pytest.param(ConfigError(["one", "two"]), "Error in configuration: \n* one\n* two\n", id="several"),
        pytest.param(_NOT_FOUND, 'Error from server (NotFound): pods "x" not found\n', id="status"),
        pytest.param(StatusError({"message": "what"}), "Error from server: what\n", id="no reason"),
        pytest.param(
            StatusError({"reason": "Unauthorized", "message": "Unauthorized"}),
            "error: You must be logged in to the server (Unauthorized)\n",
            id="unauthorized",
        ),
        pytest.param(
            StatusError({"reason": "AlreadyExists", "message": 'services "a" already exists'}),
            f'Error from server (AlreadyExists): services "a" already exists\nhint: {EXISTS_HINT}\n',
            id="exists",
        ),
        pytest.param(
            StatusError({"reason": "Invalid", "details": {"kind": "Service", "name": "a", "causes": _CAUSES[:1]}}),
            'The Service "a" is invalid: spec.a: bad\n',
            id="one cause",
        ),
        pytest.param(
            StatusError({"reason": "Invalid", "details": {"kind": "Service", "name": "a", "causes": _CAUSES * 2}}),
            'The Service "a" is invalid: \n* spec.a: bad\n* spec.b: worse\n',
            id="several causes, each once",
        ),
        pytest.param(StatusError({"reason": "Invalid"}), "The request is invalid\n", id="invalid, nothing more"),
        pytest.param(
            StatusError({"reason": "Invalid", "message": "m", "details": {}}),
            "The request is invalid: m\n",
            id="message",
        ),
        pytest.param(
            UnreachableError("h:1", "connection refused", refused=True),
            "The connection to the server h:1 was refused - did you specify the right host or port?\n",
            id="refused",
        ),
        pytest.param(UnreachableError("h:1", "why"), "Unable to connect to the server: why\n", id="unreachable"),
        pytest.param(AggregateError([SvcError("alone")]), "error: alone\n", id="several that are one"),
        pytest.param(
            AggregateError(
                [SvcError("no answer"), SvcError('"b" is there'), SvcError("no answer"), SvcError("no answer")],
                [('Job "a"', "a"), ('Job "b"', "b"), ('Job "c"', "c"), ("", "")],
                "4 of 9 failed; 5 exposed",
            ),
            'no answer\n  of Job "a", Job "c"\n"b" is there\nno answer\nerror: 4 of 9 failed; 5 exposed\n',
            id="the same words of several objects",
        ),
        pytest.param(
            AggregateError([SvcError("no answer", ["ask again"])], [('Job "a"', "a")], "1 of 2 failed"),
            'error: no answer\n  of Job "a"\nhint: ask again\nerror: 1 of 2 failed\n',
            id="one of several objects",
        ),
        pytest.param(
            InterruptedRunError("interrupted: 1 exposed", AggregateError([SvcError("no answer")])),
            "error: no answer\nerror: interrupted: 1 exposed\n",
            id="what failed before Ctrl-C",
        ),
        pytest.param(
            AggregateError([SvcError("first"), _NOT_FOUND, AggregateError([SvcError("a"), SvcError("b")])]),
            'first\nError from server (NotFound): pods "x" not found\n[a, b]\n',
            id="several",
        ),
        pytest.param(SvcError(_LINES), f"error: {_SET_OFF}\n", id="lines that we quote"),
        pytest.param(StatusError({"message": _LINES}), f"Error from server: {_SET_OFF}\n", id="a server's lines"),
        pytest.param(
            UnreachableError("h:1", _LINES), f"Unable to connect to the server: {_SET_OFF}\n", id="lines of no answer"
        ),
        pytest.param(
            ConfigError([_LINES, "x"]), f"Error in configuration: \n* {_SET_OFF}\n* x\n", id="lines in a list"
        ),
        pytest.param(
            StatusError(
                {"reason": "Invalid", "details": {"kind": "a\nb", "causes": [{"field": "c", "message": _LINES}]}}
            ),
            f'The a\n  b "" is invalid: c: {_SET_OFF}\n',
            id="lines of a cause",
        ),
        pytest.param(
            AggregateError([SvcError(_LINES), _NOT_FOUND]),
            f'{_SET_OFF}\nError from server (NotFound): pods "x" not found\n',
            id="lines among several",
        ),
        pytest.param(SvcError(NO_SOURCE), f"error: {NO_SOURCE}\n", id="kubectl's own lines"),
    ],
)
def test_each_error_has_its_text(error: SvcError, text: str) -> None:
    """Prefix, sentence and newline, as kubectl's checkErr writes them."""
    assert render_error(error) == text
