"""What --diff prints, as the programs take it that read diffs, and as external programs are run for it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.errors import SvcError
from kubectl_svc.output.console import Console, visible
from kubectl_svc.output.diff import UnifiedDiff
from kubectl_svc.output.made import Made
from kubectl_svc.output.printers import printer_for
from kubectl_svc.request import OutputOptions, SendingOptions
from tests.control_plane.left_out import leave_out
from tests.svc import Terminal

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from kubectl_svc.output.printers import Printer
    from tests.control_plane.build import Programs

_DIFF = SendingOptions(how="diff", dry_run="server")
_HEAD = "--- LIVE/v1.Service.lab.web\n+++ MERGED/v1.Service.lab.web\n"
_COLOURS = re.compile(r"\033\[(?:0|1|31|32|36)m")
# What ends a line for Python, and only "\n" for diff; texts that look like a diff's own lines; ends without a newline.
_LINES = st.sampled_from(
    ("", "a", "b", "c", "-- a", "++ b", "@@ -1 +1 @@", "\\ No newline", "\r", "a\x0bb", "\x1b[31m", "\x85", "\u2028é")
)
_TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + end, st.lists(_LINES, max_size=12), st.sampled_from(("\n", ""))
)


def _service(port: int = 80, **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "lab", **metadata},
        "spec": {"ports": [{"port": port}]},
        "status": {"loadBalancer": {}},
    }


def _made(service: dict[str, Any], before: dict[str, Any] | None = None) -> Made:
    return Made(service=service, done="configured", before=before)


_CREATED = _made(_service())
_CHANGED = _made(_service(81), _service())
_UNCHANGED = _made(_service(), _service())


def _written(
    *several: Made, out: io.BytesIO | None = None, environ: dict[str, str] | None = None, **options: Any
) -> tuple[str, bool]:
    """Standard output, and whether it was different."""
    out = out or io.BytesIO()
    printer = printer_for(OutputOptions(**options), _DIFF, environ or {}, Console(io.BytesIO(), out, io.BytesIO()))
    for made in several:
        printer.print(made)
    printer.finish()
    return out.getvalue().decode(), printer.differs


def _text_diff(before: str, after: str, out: io.BytesIO, **environ: str) -> tuple[str, Printer]:
    """The diff of any two texts."""
    printer = UnifiedDiff(Console(io.BytesIO(), out, io.BytesIO()), lambda service: str(service["text"]), environ)
    metadata = {"name": "web", "namespace": "lab"}
    printer.print(_made({"metadata": metadata, "text": after}, {"metadata": metadata, "text": before}))
    return out.getvalue().decode(), printer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all examples: each writes over the one before."""
    return tmp_path_factory.mktemp("patch")


@pytest.fixture(scope="module")
def patch() -> str:
    """The program."""
    return shutil.which("patch") or leave_out("patch is not on PATH", os.environ)


@given(before=_TEXTS, after=_TEXTS)
def test_patch_makes_after_out_of_before(patch: str, folder: Path, before: str, after: str) -> None:
    """Whatever the lines are and however the texts end."""
    diff, printer = _text_diff(before, after, io.BytesIO())
    assert printer.differs == bool(diff) == (before != after)
    if not diff:
        return
    assert diff.startswith(f"{_HEAD}@@ ")
    old, new = folder / "old", folder / "new"
    old.write_bytes(before.encode())
    words = ("--binary", "--quiet", "--fuzz=0", "-o", new, old)
    subprocess.run([patch, *words], input=diff.encode(), check=True, cwd=folder)
    assert new.read_bytes() == after.encode()


@given(before=_TEXTS, after=_TEXTS)
def test_colours_are_all_that_a_terminal_gets_besides_text(before: str, after: str) -> None:
    """Each kind of line has its own; without them it is what a pipe gets, with all that could steer shown instead."""
    plain, _ = _text_diff(before, after, io.BytesIO())
    coloured, _ = _text_diff(before, after, Terminal())
    assert _COLOURS.sub("", coloured) == visible(plain)
    for number, line in enumerate(coloured.splitlines()):
        bare = _COLOURS.sub("", line)
        code = {"-": "31", "+": "32", "@": "36"}.get(bare[0]) if number >= 2 else "1"
        assert line == (f"\033[{code}m{bare}\033[0m" if code else bare)


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_colours_can_be_refused(environ: dict[str, str]) -> None:
    """Escapes for what could steer stay."""
    assert _text_diff("a\x1b\n", "b\n", Terminal(), **environ)[0] == f"{_HEAD}@@ -1 +1 @@\n-a\\x1b\n+b\n"


def test_an_empty_no_color_refuses_nothing() -> None:
    """https://no-color.org."""
    assert "\033[32m+b\033[0m\n" in _text_diff("a\n", "b\n", Terminal(), NO_COLOR="", TERM="xterm")[0]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(
            _made(_service(81, labels={"a": "b"}), _service()),
            f"{_HEAD}@@ -1,8 +1,10 @@\n apiVersion: v1\n kind: Service\n metadata:\n+  labels:\n+    a: b\n"
            "   name: web\n   namespace: lab\n spec:\n   ports:\n-  - port: 80\n+  - port: 81\n",
            id="changed",
        ),
        pytest.param(
            _CREATED,
            f"{_HEAD}@@ -0,0 +1,8 @@\n+apiVersion: v1\n+kind: Service\n+metadata:\n+  name: web\n+  namespace: lab\n"
            "+spec:\n+  ports:\n+  - port: 80\n",
            id="created",
        ),
        pytest.param(_UNCHANGED, "", id="unchanged"),
        pytest.param(_made({**_service(), "status": {"a": "b"}}, _service()), "", id="another status"),
        pytest.param(_made(_service(managedFields=[{"manager": "a"}]), _service()), "", id="another owner"),
    ],
)
def test_yaml_without_status_and_owners(made: Made, expected: str) -> None:
    """What the message format shows, and -o yaml."""
    for format_ in ("message", "yaml"):
        assert _written(made, format=format_) == (expected, expected != "")


def test_owners_when_they_are_asked_for() -> None:
    """--show-managed-fields."""
    shown, differs = _written(_made(_service(managedFields=[{"manager": "a"}]), _service()), show_managed_fields=True)
    assert differs
    assert "+  managedFields:\n+  - manager: a\n" in shown


@pytest.mark.parametrize(("name", "end"), [("json", ""), ("kyaml", ",")])
def test_other_documents(name: str, end: str) -> None:
    """Each in its own spelling."""
    shown, differs = _written(_CHANGED, format=name)
    assert differs
    changed = [line.replace(" ", "") for line in shown.splitlines() if line[0] in "-+"][2:]
    key = '"port"' if name == "json" else "port"
    assert [line.strip("{}[],-+") for line in changed] == [f"{key}:80", f"{key}:81"]
    assert end in shown


def test_names_of_what_would_change() -> None:
    """The external program is not for names."""
    several = (_CREATED, _UNCHANGED, _CHANGED)
    environ = {"KUBECTL_EXTERNAL_DIFF": "/nonexistent"}
    assert _written(*several, environ=environ, format="name") == ("service/web\nservice/web\n", True)
    assert _written(_UNCHANGED, format="name") == ("", False)


def test_templates(programs: Programs) -> None:
    """Through kubectl, each side by itself; what a template prints has no newline at its end unless it says so."""
    environ = {"KUBECTL_PATH": programs.kubectl}
    words = ("-o", "jsonpath={.spec.ports[0].port}", "--allow-missing-template-keys=true")
    expected = (
        f"{_HEAD}@@ -0,0 +1 @@\n+80\n\\ No newline at end of file\n"
        f"{_HEAD}@@ -1 +1 @@\n-80\n\\ No newline at end of file\n+81\n\\ No newline at end of file\n"
    )
    several = (_CREATED, _UNCHANGED, _CHANGED)
    assert _written(*several, environ=environ, format="template", template_words=words) == (expected, True)


def test_templates_that_fail(programs: Programs) -> None:
    """A bad one before anything is printed, one that does not fit when it meets the Service."""
    environ = {"KUBECTL_PATH": programs.kubectl}
    console = Console(io.BytesIO(), io.BytesIO(), io.BytesIO())
    with pytest.raises(SvcError, match="unclosed action"):
        printer_for(OutputOptions(format="template", template_words=("-o", "jsonpath={.x")), _DIFF, environ, console)
    words = ("-o", "jsonpath={.spec.none}", "--allow-missing-template-keys=false")
    printer = printer_for(OutputOptions(format="template", template_words=words), _DIFF, environ, console)
    with pytest.raises(SvcError, match="none is not found"):
        printer.print(_CREATED)


def test_what_kubectl_cannot_print() -> None:
    """Text that YAML cannot hold is the error of that Service, on whichever side it stands."""
    odd = _service(annotations={"a": "\x7f\ufffe"})
    for made in (_made(odd), _made(_service(), odd)):
        with pytest.raises(SvcError):
            _written(made)


@pytest.mark.parametrize("name", ["../../x", "a/b", "a\\b", "a\nb", "a\x00b", "\udc80"])
@pytest.mark.parametrize("program", ["", "true"], ids=["own", "external"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str, program: str) -> None:
    """Nothing is written outside of the folders, and no head of a diff has two lines."""
    environ = {"KUBECTL_EXTERNAL_DIFF": program, "TMPDIR": str(tmp_path), "PATH": os.environ["PATH"]}
    for service in (_service(name=name), _service(namespace=name)):
        with pytest.raises(SvcError, match="cannot be compared"):
            _written(_made(service), environ=environ, format="json")
    assert list(tmp_path.iterdir()) == []


class _External:
    """A program that reports its arguments, its standard input and what lies in the folders."""

    def __init__(self, tmp_path: Path, end: str = "exit 0") -> None:
        self.program, self._report, self.place = tmp_path / "prog", tmp_path / "report", tmp_path / "folders"
        self.place.mkdir()
        self.program.write_text(
            "#!/bin/sh\n"
            f'{{ echo "run $#"; for word; do echo "$word"; done; cat; cd "$1/.."; ls -l */*; tail -n +1 */*; }}'
            f' >> "{self._report}"\n{end}\n'
        )
        self.program.chmod(0o755)

    def run(self, *several: Made, words: str = "", **options: Any) -> bool:
        """Whether the program found differences. Its own folder for temporary files is empty afterwards."""
        environ = {**os.environ, "KUBECTL_EXTERNAL_DIFF": f"{self.program}{words}", "TMPDIR": str(self.place)}
        try:
            written, differs = _written(*several, environ=environ, **options)
        finally:
            assert list(self.place.iterdir()) == []
        assert written == ""
        return differs

    @property
    def report(self) -> str:
        """What the program wrote in all its runs; nothing where it was not run."""
        text = self._report.read_text() if self._report.exists() else ""
        return re.sub(r"(LIVE|MERGED)-\w+", r"\1", text.replace(str(self.place), "."))


def test_one_run_for_all_services(tmp_path: Path) -> None:
    """Both sides of each, an empty file where nothing was, also of one that does not change."""
    external = _External(tmp_path)
    assert not external.run(_UNCHANGED, _made(_service(name="new")), format="json")
    lines = external.report.splitlines()
    assert lines[:3] == ["run 2", "./LIVE", "./MERGED"]
    names = ["v1.Service.lab.new", "v1.Service.lab.web"]
    files = [f"{side}/{name}" for side in ("LIVE", "MERGED") for name in names]
    assert [line.split()[-1] for line in lines[3:7]] == files
    assert {line.split()[0].rstrip(".+") for line in lines[3:7]} == {"-rwx------"}
    texts = dict(re.findall(r"==> (\S+) <==\n(.*?)(?=\n==>|\Z)", external.report, re.DOTALL))
    assert list(texts) == files
    assert texts.pop("LIVE/v1.Service.lab.new") == ""
    assert {json.loads(text)["metadata"]["name"] for text in texts.values()} == {"new", "web"}
    assert "status" not in external.report


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        pytest.param(" -u -N --color=always", ["-u", "-N", "--color=always"], id="flags"),
        pytest.param(" a/b 'x' a.b ;id $HOME a_b é", [], id="more than a flag"),
        pytest.param("  -a  b ", ["-a", "b"], id="blanks"),
        pytest.param(" -a\n -b\t -c", ["-c"], id="other white space"),
    ],
)
def test_words_of_the_external_program(tmp_path: Path, words: str, kept: list[str]) -> None:
    """kubectl keeps some, behind the folders."""
    external = _External(tmp_path)
    external.run(_CHANGED, words=words)
    lines = external.report.splitlines()
    assert lines[: 3 + len(kept)] == [f"run {2 + len(kept)}", "./LIVE", "./MERGED", *kept]


@pytest.mark.parametrize(
    ("end", "differs"), [("exit 0", False), ("exit 1", True), pytest.param("kill -9 $$", True, id="signal")]
)
def test_the_program_decides(tmp_path: Path, end: str, differs: bool) -> None:
    """Its exit code alone; killed, it counts as in kubectl."""
    assert _External(tmp_path, end).run(_UNCHANGED) == differs


def test_the_program_fails(tmp_path: Path) -> None:
    """More than 1 is an error."""
    external = _External(tmp_path, "exit 3")
    with pytest.raises(SvcError) as raised:
        external.run(_CHANGED)
    assert str(raised.value) == f'failed to run "{external.program}": exit status 3'


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("no-such-program -u", "executable file not found in $PATH"),
        ("/no/such/program", "executable file not found in $PATH"),
        ("/", "executable file not found in $PATH"),
        (" diff", "exec: no command"),
    ],
)
def test_no_program(tmp_path: Path, command: str, reason: str) -> None:
    """kubectl's words."""
    environ = {**os.environ, "KUBECTL_EXTERNAL_DIFF": command, "TMPDIR": str(tmp_path)}
    with pytest.raises(SvcError) as raised:
        _written(_CHANGED, environ=environ)
    assert str(raised.value) == f'failed to run "{command.partition(" ")[0]}": {reason}'
    assert list(tmp_path.iterdir()) == []


def test_no_place_for_files(tmp_path: Path) -> None:
    """The line says where."""
    place = tmp_path / "gone"
    environ = {"KUBECTL_EXTERNAL_DIFF": "true", "TMPDIR": str(place)}
    with pytest.raises(SvcError, match=f"cannot write {place}/LIVE-.*: No such file or directory"):
        _written(_CHANGED, environ=environ)


def test_no_run_without_services(tmp_path: Path) -> None:
    """All of them failed, that is."""
    external = _External(tmp_path, "exit 1")
    assert not external.run()
    assert external.report == ""


def test_the_program_has_our_streams(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """For pagers and colours; but nothing to read, which may be a manifest."""
    external = _External(tmp_path, "echo result; echo complaint >&2")
    reader, writer = os.pipe()
    os.write(writer, b"typed")
    os.close(writer)
    stdin = os.dup(0)
    os.dup2(reader, 0)
    try:
        external.run(_CHANGED)
    finally:
        os.dup2(stdin, 0)
        os.close(stdin)
        os.close(reader)
    assert capfd.readouterr() == ("result\n", "complaint\n")
    assert "run 2" in external.report
    assert "typed" not in external.report
