"""The reader of argv against the real pflag and cobra (tests/tools/pflag), on command lines of every kind."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.argv import read
from kubectl_svc.errors import ArgumentsError, SvcError, UsageError
from kubectl_svc.flags import COMMANDS, EXPOSE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kubectl_svc.command_line import CommandLine
    from tests.control_plane.build import Programs


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def decode(base64: str | None) -> str:
    return b64decode(base64 or "").decode("utf-8", "surrogateescape")


class Pflag:
    """The Go program: one question and one answer a line."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._send(
            [
                {
                    "name": command.name,
                    "arguments": command.arguments,
                    "flags": [{field: getattr(flag, field) for field in DECLARED_FIELDS} for flag in command.flags],
                }
                for command in COMMANDS
            ]
        )

    def read(self, argv: Sequence[str]) -> dict[str, Any]:
        self._send([b64encode(encode(word)).decode() for word in argv])
        assert self._process.stdout
        answer = json.loads(self._process.stdout.readline())
        if answer["Error"]:
            error = decode(answer["Error"])
            return {"error": error.removesuffix("\n") if SUGGESTS in error else error, "see": answer["See"]}
        notices = decode(answer["Notices"]).split("\n")[:-1]
        if answer["Help"]:
            return {"help for": answer["Command"], "notices": notices}
        return {
            "command": answer["Command"],
            "notices": notices,
            "args": [decode(arg) for arg in answer["Args"] or ()],
            "written": [(one["Name"], decode(one["Value"])) for one in answer["Written"] or ()],
            "values": {
                name: [decode(value) for value in values]
                for name, values in (answer["Values"] or {}).items()
                if TYPES[name] not in REWRITTEN
            },
        }

    def _send(self, message: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()


SUGGESTS = "\nDid you mean this?\n"
DECLARED_FIELDS = ("name", "shorthand", "type", "default", "bare", "deprecated", "refused", "classified")
TYPES = {flag.name: flag.type for command in COMMANDS for flag in command.flags}
REWRITTEN = ("int32", "modules", "duration")  # Go shows their values in a form of its own: `written` has them as typed


def our_reading(argv: Sequence[str]) -> dict[str, Any]:
    try:
        line = read(argv, COMMANDS)
    except (UsageError, ArgumentsError) as error:
        return {"error": str(error), "see": error.command}
    except SvcError as error:  # kubectl's version gives no advice
        return {"error": str(error), "see": "kubectl svc version"}
    if line.help:
        return {"help for": line.command.name, "notices": list(line.notices)}
    names = [name for name in line.declared if line.given(name) and TYPES[name] not in REWRITTEN]
    return {
        "command": line.command.name,
        "notices": list(line.notices),
        "args": list(line.args),
        "written": list(line.written),
        "values": {name: our_values(line, name) for name in names},
    }


def our_values(line: CommandLine, name: str) -> list[str]:
    return [str(line.flag(name)).lower()] if TYPES[name] == "bool" else list(line.texts(name))


@pytest.fixture(scope="module")
def pflag(programs: Programs) -> Iterator[Pflag]:
    with subprocess.Popen([programs.pflag_reader], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Pflag(process)
        assert process.stdin
        process.stdin.close()


NAMES = [flag.name for flag in EXPOSE.flags]
LETTERS = [flag.shorthand for flag in EXPOSE.flags if flag.shorthand]

# Which of the further characters are printable changes with Unicode's version: Go's is not Python's.
characters = st.characters(min_codepoint=1, max_codepoint=0x17F) | st.sampled_from("中😀\u2028\ufeff\ufffd")
raw_bytes = st.binary(max_size=5).filter(lambda raw: 0 not in raw)
anything = st.text(characters, max_size=6) | raw_bytes.map(lambda raw: raw.decode("utf-8", "surrogateescape"))
csv = st.text('a",\n\r é', max_size=10)
plain = ["web", "80", "true", "F", "yaml", "a,b", "1h30m", "5", "-1", "+7", "99999999999", "a=2,b*=1"]
values = st.one_of(st.sampled_from(plain), csv, anything)
names = st.sampled_from(NAMES) | st.sampled_from(NAMES).map(lambda name: name.replace("-", "_"))
letters = st.sampled_from(LETTERS)
words = st.one_of(
    values,
    names.map("--{}".format),
    st.builds("--{}={}".format, names, values),
    letters.map("-{}".format),
    st.builds("-{}{}".format, letters, values),
    st.builds("-{}={}".format, letters, values),
    st.lists(letters | st.sampled_from("ZRhé='\"\x7f") | st.just("test."), max_size=4).map("".join).map("-{}".format),
    st.sampled_from(["--", "-", "", "--=", "---x", "--unknown", "--no=x", "-test.v", "--test.v", "--help", "-h"]),
    st.sampled_from(["expose", "create", "version", "help", "EXPOSE", "expos", "creat", "ver", "hel"]),
    anything.map("-{}".format),
    anything.map("--{}".format),
)
flag_with_value = st.tuples(names.map("--{}".format) | letters.map("-{}".format), values).map(list)
groups = st.lists(flag_with_value | words.map(lambda word: [word]), max_size=6)
lines = st.one_of(
    st.lists(words, max_size=6),
    groups.map(lambda groups: ["expose", *(word for group in groups for word in group)]),
    groups.map(lambda groups: ["create", *(word for group in groups for word in group)]),
)


@given(lines)
@example(["--help", "expose", "web"])
@example(["-n", "x", "expose", "web", "--", "--port"])
@example(["expose", "--record", "--record=false", "--token=secret", "-hR"])
@example(["expose", "-f", '"a""b",c', "-f", "d"])
@example(["help", "expose", "x"])
@example(["help", "a`b", "c"])
@example(["help", "a\x7fb"])
@example(["version", "a", "b"])
@example(["-é", "expose", "web"])
@example(["expose", "-Rtest.v", "web"])
@example(["create", "web", "--node-port=30080", "--health-check-node-port", "+7"])
@example(["create", "web", "--node-port=0x50"])
@example(["create", "--owner=false", "--name=a", "b", "c"])
@example(["create", "--headless", "-l", "a=b"])
@example(["create", "a", "b"])
@example(["expose", "web", "--app-protocol", '"80=a,b"', "--annotation", "a=b,c=d", "--annotation", "e="])
@example(["expsoe"])
@example(["ex"])
def test_reads_as_cobra_and_pflag(pflag: Pflag, argv: list[str]) -> None:
    """Any command line gives what cobra and pflag give: command, arguments, values, order, notices or the error."""
    assert our_reading(argv) == pflag.read(argv)


@given(csv)
def test_reads_file_names_as_pflag(pflag: Pflag, text: str) -> None:
    """A value of -f is the CSV record, or the error of encoding/csv, that pflag sees."""
    argv = ["expose", f"--filename={text}"]
    assert our_reading(argv) == pflag.read(argv)


def test_secrets_stay_inside() -> None:
    """A token is read, but neither recorded nor part of the value's text."""
    line = read(["expose", "--token=hunter2", "--password", "hunter2"], COMMANDS)
    assert line.text("token") == line.text("password") == "hunter2"
    assert line.written == (("token", "CLASSIFIED"), ("password", "CLASSIFIED"))
    assert "hunter2" not in repr(line)


def test_repeated_flags() -> None:
    """The three accumulating flags keep every word as typed, other strings the last."""
    line = read(
        ["expose", "--port", "80,81", "--port=", "--cluster-ip=a", "--type=x", "--type=y", "-la=b", "--labels=c=d"],
        COMMANDS,
    )
    assert line.texts("port") == ("80,81", "")
    assert line.texts("cluster-ip") == ("a",)
    assert line.texts("external-ip") == ()
    assert (line.text("external-ip"), line.text("type"), line.text("labels")) == ("", "y", "c=d")


def test_defaults() -> None:
    """A flag that was not typed has its declared value and is not given."""
    line = read(["expose"], COMMANDS)
    assert (line.text("dry-run"), line.flag("allow-missing-template-keys"), line.number("v")) == ("none", True, 0)
    assert line.texts("filename") == ()
    assert not line.given("dry-run")
    with pytest.raises(KeyError):
        line.text("bogus")


def test_program_alone_shows_help() -> None:
    """Without a command, global flags or not, there is only help."""
    for argv in ([], ["-n", "x"], ["--", "expose"]):
        line = read(argv, COMMANDS)
        assert (line.command, line.help) == (ROOT, True)
