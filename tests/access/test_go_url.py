"""URLs as Go reads them, compared with net/url itself."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.access.http import go_url
from tests.access.go_urls import ask_go

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.control_plane.build import Programs

_PIECES = (
    "http://", "https://", "HTTP://", "ftp:", "//", "/", ":", "@", "?", "#", "%", "%41", "%zz", "%25", "%c3%bc", "[",
    "]", "[::1]", "[fe80::1%25eth0]", "[1.2.3.4]", "..", ".", "a", "user", "80", "65536", "x.yaml", " ", "é", "+", "*",
    "<", '"', "&", "=", "~", "!", ";", ",", "\x7f", "\\", "^",
)  # fmt: skip
_texts = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
_hosts = st.sampled_from(("h", "h:1", "[::1]", "u:p@h", "u@h:2", "é"))
_paths = st.lists(st.sampled_from(("/", ".", "..", "a", "b%20", "%2f", " ", "é", "?q=1", "#f")), max_size=8).map(
    "".join
)
_urls = st.builds(lambda host, path: f"http://{host}/{path}", _hosts, _paths)


@given(text=_texts | _urls)
@example(text="http://user:secret@host/")
@example(text="https://[::1]:6443/a?b#c")
@example(text="http://a:b:c/")
def test_urls_are_read_as_go_reads_them(text: str, programs: Programs) -> None:
    """Parts, password and faults are those of url.Parse."""
    (told,) = ask_go(programs.go_urls, [{"URL": text}])
    read = _read(text)
    if isinstance(read, str):
        assert _same_fault(read, told["Error"])
        return
    assert told["Error"] == ""
    if read.host:  # of the others nothing can be asked
        assert (read.redacted, read.target) == (told["Redacted"], told["Target"])
        assert (read.hostname, read.port) == (told["Hostname"], told["Port"])
        assert (read.username or "", read.password or "") == (told["Username"], told["Password"])


def _read(text: str) -> go_url.Url | str:
    """The URL, or what is wrong with it."""
    try:
        return go_url.parse(text)
    except ValueError as error:
        return str(error)


def _same_fault(ours: str, theirs: str) -> bool:
    """Go shows passwords in what it cannot read, and says more of an address that is none."""
    if "xxxxx" in ours:
        return bool(theirs)
    return re.sub(r'(ParseAddr\(".*"\)).*', r"\1", ours) == re.sub(r'(ParseAddr\(".*"\)).*', r"\1", theirs)


@given(base=_urls, reference=_texts | _paths | _urls)
@example(base="http://h/a/b", reference="../..//c")
@example(base="http://h/a#f", reference="//")
def test_references_lead_where_go_goes(base: str, reference: str, programs: Programs) -> None:
    """A redirect's Location is read against the URL that it came from."""
    (told,) = ask_go(programs.go_urls, [{"URL": base, "Reference": reference}])
    read = _read(reference)
    if isinstance(read, str):
        assert told["Error"]
        return
    assert told["Error"] == ""
    target = go_url.parse(base).resolve(read)
    if reference and target.host:
        assert target.redacted == told["Resolved"]


@given(password=st.text(st.sampled_from("pw:/@%?[] "), min_size=1).map(lambda text: f"sesame{text}open"))
def test_no_password_is_shown(password: str) -> None:
    """Whether the URL can be read or not."""
    shown = repr(_read(f"https://user:{password}@host:80/path"))

    assert "sesame" not in shown
    assert "open" not in shown.replace("open@", "")
