"""A malicious cluster, file or proxy: whatever it says comes out inert on a terminal and byte for byte in a pipe."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubectl_svc.output.console import visible
from tests.access.servers import answer, serve
from tests.svc import svc_here, svc_on_a_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.access.servers import Answer, Server
    from tests.control_plane.build import Programs

_WARNING = "\x1b[33;1mWarning:\x1b[0m "  # the only escapes that are ours
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# A line that begins at the margin and is none of these was faked. Log lines have lines below them, too.
_OUR_LINES = re.compile(
    r"error: |Error from server|Unable to connect|The (connection|request|S)|Warning: |hint: |\* |  |"  # ours
    r"[IWE]\d{4} |\t| >$|$"  # of the log; nothing
)
_FAKE = "service/web exposed"

_TRICKS = {
    "colour": "\x1b[31m",
    "cursor": "\x1b[2A\x1b[K",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;http://example.com\x1b\\here\x1b]8;;\x1b\\",
    "paste": "\x1b]52;c;cm0gLXJm\x07",
    "C1 CSI": "\u009b31m",
    "C1 OSC": "\u009d0;owned\u009c",
    "backspace": "web\b\b\bbad",
    "carriage return": f"\r{_FAKE}",
    "bell": "\a",
    "shift out": "\x0e",
    "delete": "\x7f",
    "NUL": "\0",
    "new line": f"\n{_FAKE}",
    "warning": "\nWarning: nothing to see",
    "blank lines": f"\n\n\n{_FAKE}\n",
    "CRLF": f"\r\n{_FAKE}",
    "vertical tab": f"\v{_FAKE}",
    "next line": f"\u0085{_FAKE}",
    "line separator": f"\u2028{_FAKE}",
    "paragraph separator": f"\u2029{_FAKE}",
    "right to left": "\u202egnp.exe",
    "left to right": "\u202a\u202b\u202c\u202d\u200e\u200f",
    "Arabic mark": "\u061c",
    "isolates": "\u2066a\u2067b\u2068c\u2069",
    "no width": "w\u200be\u200db\u200c\u2060\ufeff",
    "soft hyphen": "we\u00adb",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "annotation": "\ufff9a\ufffab\ufffb",
    "rich markup": "[bold red]x[/] :skull: [link=http://example.com]y[/link]",
}
_LEGITIMATE = {
    "accents": "Größe déjà vu",
    "combining": "e\u0301 \u0915\u094d\u0937",
    "CJK": "服务\u3000サービス 서비스",
    "right to left letters": "שירות خدمة",
    "emoji": "🚀 ❤️ 👍🏽 🇩🇪",
    "French": "attention\u00a0! 10\u202f%",
    "markup": "[bold]<b>x</b>[/]",
    "table": "a\tb",
}


def _assert_inert(written: str) -> None:
    """Nothing but printable characters, tabs, newlines and our own yellow warnings."""
    rest = written.replace(_WARNING, "")
    odd = {char for char in rest if unicodedata.category(char) in _UNPRINTABLE} - {"\n", "\t"}
    assert not odd, ascii(written)


def _assert_no_line_is_faked(errors: str) -> None:
    for line in errors.replace(_WARNING, "Warning: ").split("\n"):
        assert _OUR_LINES.match(line), ascii(errors)
        assert not line.startswith("Warning: nothing"), ascii(errors)


@pytest.mark.parametrize("text", _LEGITIMATE.values(), ids=_LEGITIMATE)
def test_what_people_write_stays_readable(text: str) -> None:
    """Text of every language reaches a terminal as it is."""
    assert visible(text) == text


def test_an_escape_is_gos() -> None:
    """What is not shown as itself is shown as kubectl quotes it."""
    assert visible("\x1b\r\b\x7f\x9b\u202e\U000e0041\udcff👩\u200d💻") == (
        r"\x1b\r\b\x7f\u009b\u202e\U000e0041\xff👩\u200d💻"
    )


# --- the places that text may come from


def _status(code: str, **fields: object) -> Answer:
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", **fields}
    return answer(code, json.dumps(status).encode())


def _workload(trick: str) -> dict[str, Any]:
    labels = {"app": f"web{trick}", f"key{trick}": "value"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"web{trick}", "labels": labels, "annotations": {f"a{trick}": trick}},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "a", "ports": [{"name": trick, "containerPort": 80}]}]},
            },
        },
    }


def _found(trick: str) -> Answer:
    return answer(body=json.dumps(_workload(trick)).encode())


def _created(trick: str, **spec: object) -> Answer:
    service = {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": "web", "annotations": {f"a{trick}": trick}, "labels": {"a": trick}},
        "spec": {"ports": [{"port": 80, "name": trick}], "selector": {"a": f"{trick} x"}, **spec},
    }
    return answer("201 Created", json.dumps(service).encode())


def _cause(trick: str) -> dict[str, str]:
    return {"field": f"spec{trick}", "message": f"bad{trick}"}


def _header(trick: str) -> str:
    return trick.translate({10: 32, 13: 32, 0: 32})


def _answers(trick: str) -> dict[str, list[Answer]]:
    """What a server may say, by where the trick stands."""
    plain = _found("")
    quoted = _header(trick).replace("\\", "\\\\").replace('"', '\\"')
    details = {"kind": f"Service{trick}", "name": f"web{trick}", "causes": [_cause(trick), _cause(f"2{trick}")]}
    return {
        "message": [plain, _status("403 Forbidden", reason="Forbidden", message=f"no{trick}")],
        "reason": [plain, _status("403 Forbidden", reason=f"No{trick}", message="no")],
        "unauthorized": [plain, _status("401 Unauthorized", reason="Unauthorized", message=f"no{trick}")],
        "exists": [plain, _status("409 Conflict", reason="AlreadyExists", message=f"no{trick}")],
        "no details": [plain, _status("422 Invalid", reason="Invalid", message=f"no{trick}")],
        "no causes": [plain, _status("422 Invalid", reason="Invalid", details={"kind": f"S{trick}", "name": trick})],
        "one cause": [plain, _status("422 Invalid", reason="Invalid", details={**details, "causes": [_cause(trick)]})],
        "causes": [plain, _status("422 Invalid", reason="Invalid", details=details)],
        "text": [plain, answer("500 Oops", f"no{trick}".encode(), kind="text/plain")],
        "forbidden text": [plain, answer("403 Forbidden", f"no{trick}".encode(), kind="text/plain")],
        "phrase": [plain, answer(f"418 {_header(trick)}", b"")],
        "redirect": [answer("302 Found", b"", [("Location", f"//x{_header(trick)}")])],
        "warning": [answer(body=plain.data.partition(b"\r\n\r\n")[2], headers=[("Warning", f'299 - "{quoted}"')])],
        "content type": [answer(body=b"x", kind=f"x/y{_header(trick)}")],
        "workload": [_found(trick), answer("201 Created", b"{}")],
        "Service": [plain, _created(trick)],
        "type error": [plain, _created(trick, ports=f"x{trick}")],
        "time": [answer(body=json.dumps({"metadata": {"name": "x", "creationTimestamp": f"x{trick}"}}).encode())],
        "IP family": [plain, _created(trick, type=f"A{trick}", clusterIP=trick)],
    }


_PLACES = sorted(_answers(""))
_ARGV = ("expose", "deployment", "web")


@pytest.fixture(scope="module")
def malicious() -> Iterator[Server]:
    """A server that answers what a test wants, over plain HTTP."""
    with serve() as server:
        yield server


@pytest.mark.parametrize("trick", _TRICKS.values(), ids=_TRICKS)
def test_a_malicious_cluster_on_a_pseudo_terminal(malicious: Server, trick: str) -> None:
    """Real terminals for each trick: for a refusal and its log, and for a Service."""
    malicious.next_answers(*_answers(trick)["message"])
    refusal = svc_on_a_terminal(*_ARGV, "-s", malicious.url, "-v=9")
    malicious.next_answers(*_answers(trick)["Service"])
    service = svc_on_a_terminal(*_ARGV, "-s", malicious.url, "-o", "json")
    assert "Error from server (Forbidden): no" in refusal
    assert '"kind": "Service"' in service
    _assert_inert(refusal + service)
    _assert_no_line_is_faked(refusal)


_HOSTILE = st.lists(
    st.sampled_from([*_TRICKS.values(), *_LEGITIMATE.values(), f"\n{_FAKE}\n", '"', "'", "\\", ": ", "- "])
    | st.text(max_size=4),
    max_size=3,
).map("".join)


def _assert_shows(shown: str, piped: str, form: str) -> None:
    """What a terminal shows is what a pipe has, escaped; a name is one line, whatever is in it."""
    if form in ("", "name"):
        assert shown.count("\n") <= 1
        shown, piped = shown.replace("\\n", "\n"), piped.replace("\\n", "\n")
    assert shown == visible(piped)


@settings(max_examples=300)
@given(
    place=st.sampled_from(_PLACES),
    trick=_HOSTILE,
    log=st.sampled_from([(), ("-v=9",)]),
    form=st.sampled_from(["", "yaml", "json", "kyaml", "name"]),
)
def test_whatever_a_server_says_is_inert(
    malicious: Server, place: str, trick: str, log: tuple[str, ...], form: str
) -> None:
    """On a terminal nothing but text, in which no line is faked; in a pipe the same text, unescaped."""
    argv = (*_ARGV, "-s", malicious.url, "--port", "80", *log, *(("-o", form) if form else ()))
    malicious.next_answers(*_answers(trick)[place])
    piped_code, piped, piped_errors = svc_here(*argv)
    malicious.next_answers(*_answers(trick)[place])
    code, shown, errors = svc_here(*argv, terminal=True)
    _assert_inert(shown)
    _assert_inert(errors)
    _assert_no_line_is_faked(errors)
    _assert_no_line_is_faked(piped_errors)
    assert code == piped_code
    _assert_shows(shown, piped, form)


@given(trick=_HOSTILE, form=st.sampled_from(["", "yaml", "json", "kyaml", "name"]))
def test_a_malicious_file_is_inert(tmp_path_factory: pytest.TempPathFactory, trick: str, form: str) -> None:
    """Names, kinds, labels and namespaces of a manifest, and everything that its errors quote."""
    path = tmp_path_factory.getbasetemp() / "malicious.json"
    whole = _workload(trick)
    documents = [
        whole,
        {**whole, "metadata": {**whole["metadata"], "namespace": f"n{trick}"}},
        {**whole, "kind": f"Deployment{trick}"},
        {**whole, "apiVersion": f"apps/v1{trick}"},
        {**whole, "spec": {**whole["spec"], "replicas": f"x{trick}"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{trick}"}},
    ]
    for document in documents:
        path.write_text(json.dumps(document))
        argv = ("expose", "-f", str(path), "--dry-run=client", *(("-o", form) if form else ()))
        for words in (argv, (*argv, "-n", "other")):
            _, piped, piped_errors = svc_here(*words)
            _, shown, errors = svc_here(*words, terminal=True)
            _assert_inert(shown)
            _assert_inert(errors)
            _assert_no_line_is_faked(errors)
            _assert_no_line_is_faked(piped_errors)
            _assert_shows(shown, piped, form)


@pytest.mark.parametrize("form", [(), ("-o", "name")], ids=["message", "name"])
def test_a_name_is_one_line_of_the_result(form: tuple[str, ...], tmp_path: Path) -> None:
    """On a terminal; in a pipe it is kubectl's, byte for byte."""
    path = tmp_path / "malicious.json"
    path.write_text(json.dumps(_workload(f"\n{_FAKE}\n")))
    argv = ("expose", "-f", str(path), "--dry-run=client", *form)
    assert len([line for line in svc_on_a_terminal(*argv).splitlines() if not line.startswith(_WARNING)]) == 1
    assert svc_here(*argv)[1].startswith(f"service/web\n{_FAKE}\n")


def test_a_template_prints_inert_text(programs: Programs, tmp_path: Path) -> None:
    """kubectl prints what the template asks for; the terminal gets it from us."""
    path = tmp_path / "pod.json"
    tricks = "".join(_TRICKS.values()).replace("\n", "")
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "labels": {"a": tricks}}}
    path.write_text(json.dumps(pod))
    argv = ("expose", "-f", str(path), "--port", "1", "--dry-run=client", "-o", "jsonpath={.spec.selector.a}")
    written = svc_on_a_terminal(*argv, KUBECTL_PATH=programs.kubectl)
    assert "owned" in written
    _assert_inert(written)


# --- help


@pytest.mark.parametrize("columns", ["0", "1", "7", "33", "54", "80", "200", "65535", "9" * 5000, "-3", "wide", "٣"])
def test_help_says_the_same_at_any_width(columns: str) -> None:
    """COLUMNS may hold anything, and terminals have every width."""
    written = svc_on_a_terminal("expose", "--help", COLUMNS=columns)
    assert written.split() == svc_here("expose", "--help")[1].split()


@pytest.mark.parametrize("columns", [0, 1, 40, 80, 1000])
def test_help_fits_its_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that does not say its width has 80 columns, and a narrow one gets lines of 54 at least."""
    monkeypatch.delenv("COLUMNS", raising=False)
    written = svc_on_a_terminal("expose", "--help", columns=columns)
    descriptions = [line for line in written.splitlines() if line.startswith((" " * 30, "  -"))]
    assert descriptions
    assert all(len(line) <= max(columns or 80, 54) or " " not in line[30:].strip() for line in descriptions)


# --- answers of a strange shape

_FIELDS = (
    *("kind", "apiVersion", "metadata", "spec", "status", "name", "labels", "selector", "matchLabels", "template"),
    *("containers", "ports", "containerPort", "reason", "message", "details", "causes", "field", "code"),
)
_HALF = st.sampled_from(["\ud800", "\udfff", "a\udc41", "\udc80"])  # JSON's escapes can say half a character
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | _HALF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=5),
    max_leaves=15,
)
_STATUSES = st.sampled_from(["200 OK", "201 Created", "404 Not Found", "409 Conflict", "422 Invalid", "500 Oops"])
_REASONS = st.sampled_from(["Invalid", "NotFound", "Forbidden", 5])


@given(status=_STATUSES, document=_JSON, reason=_REASONS)
def test_a_strange_answer_is_an_error_and_no_traceback(
    malicious: Server, status: str, document: object, reason: object
) -> None:
    """Any JSON, as the workload and as a refusal: the program ends with a line of its own."""
    if isinstance(document, dict) and not status.startswith("2"):
        document = {"kind": "Status", "status": "Failure", "reason": reason, **document}
    malicious.next_answers(
        answer(status, json.dumps(document).encode()), answer("404 Not Found"), answer("404 Not Found")
    )
    code, _, err = svc_here("expose", "deployment", "web", "-s", malicious.url, "--dry-run=client")
    assert code in (0, 1)
    assert bool(err) == bool(code)


@given(document=_JSON)
def test_a_strange_answer_to_the_creation_says_that_it_happened(malicious: Server, document: object) -> None:
    """The Service is there by then, so the error must not read as if it were not."""
    malicious.next_answers(_found(""), answer("201 Created", json.dumps(document).encode()))
    code, out, err = svc_here("expose", "deployment", "web", "-s", malicious.url)
    assert (code, bool(out), bool(err)) in ((0, True, False), (1, False, True))
    if "json: cannot unmarshal" in err or "parsing time" in err:
        assert err.startswith("error: the Service was created, but the server's answer cannot be read: ")
