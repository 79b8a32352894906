"""The grammar of --port: what each word says, that words are printed and read back, how wrong ones are refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kubectl_svc.errors import SvcError
from kubectl_svc.flags.service_flags import PORT_GRAMMAR, TRANSPORT_OF
from kubectl_svc.golang import quote
from kubectl_svc.port_words import APP_PROTOCOL_OF, PortWord, is_port_name, parse_ports

_LABEL = "abcdefghijklmnopqrstuvwxyz0123456789"
_NAMES = st.text(_LABEL + "-", min_size=1, max_size=63).filter(is_port_name)
_TARGET_NAMES = st.text(_LABEL + "-", min_size=1, max_size=15).filter(
    lambda text: is_port_name(text) and "--" not in text and not text.isdigit() and text.strip("0123456789-") != ""
)
_WORDS = st.builds(
    PortWord,
    port=st.integers(1, 65535),
    target=st.none() | st.integers(0, 65535) | _TARGET_NAMES,
    node_port=st.none() | st.integers(0, 65535),
    protocol=st.just("") | st.sampled_from(list(TRANSPORT_OF)),
    name=st.just("") | _NAMES,
)
# Texts near the grammar: its signs and letters, and what a shell or a paste may bring along.
_HOSTILE = st.text(
    st.sampled_from("=:/08953ahtpudc-,. \n\r\t\0\"'\\%é٣²K\u2028\u202e\udcff\U0001f600") | st.characters(), max_size=24
)


def _word(port: int, **parts: int | str) -> PortWord:
    return PortWord(port=port, **parts)  # type: ignore[arg-type]  # the table below gives each part its type


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("80:", _word(80), id="a port with nothing behind its colon"),
        pytest.param("80:8080", _word(80, target=8080), id="a target number"),
        pytest.param("80:web", _word(80, target="web"), id="a target name"),
        pytest.param("80:8a", _word(80, target="8a"), id="a target name that starts with a digit"),
        pytest.param("80:a-b-c", _word(80, target="a-b-c"), id="a target name with dashes"),
        pytest.param("80:abcdefghijklmno", _word(80, target="abcdefghijklmno"), id="a target name of 15"),
        pytest.param("80:0", _word(80, target=0), id="target 0"),
        pytest.param("80:8080:30080", _word(80, target=8080, node_port=30080), id="a node port"),
        pytest.param("80::30080", _word(80, node_port=30080), id="a node port and no target"),
        pytest.param("80::0", _word(80, node_port=0), id="node port 0"),
        pytest.param("80/udp", _word(80, protocol="udp"), id="a transport"),
        pytest.param("80/HTTP2", _word(80, protocol="http2"), id="an application protocol in capitals"),
        pytest.param("80:/Wss", _word(80, protocol="wss"), id="an empty target and a protocol"),
        pytest.param("web=80", _word(80, name="web"), id="a name"),
        pytest.param("9=80", _word(80, name="9"), id="a name of one digit"),
        pytest.param(f"{'x' * 63}=80", _word(80, name="x" * 63), id="a name of 63"),
        pytest.param("a--b=80", _word(80, name="a--b"), id="a name with two dashes"),
        pytest.param(
            "web=80:http:30080/https",
            _word(80, name="web", target="http", node_port=30080, protocol="https"),
            id="everything",
        ),
        pytest.param("1:65535:65535", _word(1, target=65535, node_port=65535), id="the ends of the ranges"),
        pytest.param("65535:", _word(65535), id="the highest port"),
        pytest.param("0080:08080:030080", _word(80, target=8080, node_port=30080), id="leading zeros"),
        pytest.param("0000000080:", _word(80), id="many leading zeros"),
    ],
)
def test_a_longer_word(text: str, word: PortWord) -> None:
    """Each part of the grammar, alone and together."""
    assert parse_ports((text,)) == (word,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(":8080", "PORT is missing", id="no port"),
        pytest.param("a=", "PORT is missing", id="a name alone"),
        pytest.param("/tcp", "PORT is missing", id="a protocol alone"),
        pytest.param("0:80", 'PORT "0" is not a number from 1 to 65535', id="port 0"),
        pytest.param("65536:80", 'PORT "65536" is not a number from 1 to 65535', id="a port too high"),
        pytest.param("100000:", 'PORT "100000" is not a number from 1 to 65535', id="a port of six digits"),
        pytest.param("8080800:", 'PORT "8080800" is not a number from 1 to 65535', id="a port of seven digits"),
        pytest.param("http:80", 'PORT "http" is not a number from 1 to 65535', id="a word for a port"),
        pytest.param(" 80:80", 'PORT " 80" is not a number from 1 to 65535', id="a blank before the port"),
        pytest.param("-80:80", 'PORT "-80" is not a number from 1 to 65535', id="a negative port"),
        pytest.param("+80:80", 'PORT "+80" is not a number from 1 to 65535', id="a sign"),
        pytest.param("٣:80", 'PORT "٣" is not a number from 1 to 65535', id="digits of another script"),
        pytest.param("80:65536", 'TARGET "65536" is not a number from 0 to 65535', id="a target too high"),
        pytest.param("80:Web", 'TARGET "Web" is neither a number nor', id="a capital in the target"),
        pytest.param("80:abcdefghijklmnop", 'TARGET "abcdefghijklmnop" is neither', id="a target name of 16"),
        pytest.param("80:a--b", 'TARGET "a--b" is neither', id="two dashes in the target"),
        pytest.param("80:-a", 'TARGET "-a" is neither', id="a dash first in the target"),
        pytest.param("80:a-", 'TARGET "a-" is neither', id="a dash last in the target"),
        pytest.param("80:8-0", 'TARGET "8-0" is neither', id="no letter in the target"),
        pytest.param("80:a_b", 'TARGET "a_b" is neither', id="a sign in the target"),
        pytest.param("80:8080:", "NODEPORT is missing", id="a second colon with nothing behind it"),
        pytest.param("80::", "NODEPORT is missing", id="two colons"),
        pytest.param("80:8080:a", 'NODEPORT "a" is not a number from 0 to 65535', id="a word for a node port"),
        pytest.param("80:8080:65536", 'NODEPORT "65536" is not', id="a node port too high"),
        pytest.param("80:1:2:3", 'NODEPORT "2:3" is not', id="three colons"),
        pytest.param("80/", "PROTOCOL is missing", id="a slash at the end"),
        pytest.param("80/icmp", 'PROTOCOL "icmp" is not one of tcp, udp, sctp, http,', id="another protocol"),
        pytest.param("80/tcp/udp", 'PROTOCOL "tcp/udp" is not one of', id="two protocols"),
        pytest.param("80/tcp:8080", 'PROTOCOL "tcp:8080" is not one of', id="a target behind the protocol"),
        pytest.param("=80", "NAME is missing", id="an equals sign first"),
        pytest.param("Web=80", 'NAME "Web" is not 1 to 63', id="a capital in the name"),
        pytest.param("a_b=80", 'NAME "a_b" is not 1 to 63', id="a sign in the name"),
        pytest.param("-a=80", 'NAME "-a" is not 1 to 63', id="a dash first in the name"),
        pytest.param("a-=80", 'NAME "a-" is not 1 to 63', id="a dash last in the name"),
        pytest.param("a=b=80", 'NAME "a=b" is not 1 to 63', id="two names"),
        pytest.param(f"{'x' * 64}=80", f'NAME "{"x" * 64}" is not 1 to 63', id="a name of 64"),
        pytest.param("a:b=80", 'PORT "a" is not a number', id="a name behind a colon"),
        pytest.param("80:a=b", 'TARGET "a=b" is neither', id="an equals sign in the target"),
    ],
)
def test_a_wrong_word_is_refused_by_the_part_that_is_wrong(text: str, problem: str) -> None:
    """The line quotes the word and the part, and says what a port is."""
    with pytest.raises(SvcError) as refusal:
        parse_ports((text,))
    message = str(refusal.value)
    assert message.startswith(f"--port {quote(text)}: {problem}")
    assert message.endswith(f"; a port is {PORT_GRAMMAR}")


@pytest.mark.parametrize(
    ("occurrences", "words"),
    [
        pytest.param((), (), id="none"),
        pytest.param(("",), (), id="an empty one, which is none to kubectl"),
        pytest.param(("80", "", "443"), ("80", "443"), id="an empty one among others"),
        pytest.param(("80,443",), ("80", "443"), id="a comma list"),
        pytest.param(("80,443:8443", "53/udp"), ("80", _word(443, target=8443), _word(53, protocol="udp")), id="both"),
        pytest.param(("80", "80,443", "443:8443"), ("80", "443", _word(443, target=8443)), id="said again"),
        pytest.param(("80,80",), ("80", "80"), id="twice in one, which kubectl sends"),
        pytest.param(("80,",), ("80", ""), id="a comma at the end, which kubectl refuses itself"),
        pytest.param((",",), ("", ""), id="a comma alone"),
        pytest.param(("http", "-1", " 80", "0x50"), ("http", "-1", " 80", "0x50"), id="plain words are not judged"),
    ],
)
def test_repetition_and_commas_are_alike(occurrences: tuple[str, ...], words: tuple[str | PortWord, ...]) -> None:
    """In the order typed; plain words stay as they are, because kubectl's reading of them comes later."""
    assert parse_ports(occurrences) == words


def test_only_the_first_wrong_word_is_named() -> None:
    """One line, however many are wrong."""
    with pytest.raises(SvcError, match=r'^--port "0:1": PORT'):
        parse_ports(("80,0:1,2:!",))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        pytest.param(_word(80), "80:", id="a bare port keeps its colon, or it would be plain"),
        pytest.param(_word(80, target=8080), "80:8080", id="a target"),
        pytest.param(_word(80, target=0), "80:0", id="target 0"),
        pytest.param(_word(80, node_port=0), "80::0", id="node port 0 and no target"),
        pytest.param(_word(80, protocol="udp"), "80/udp", id="a protocol"),
        pytest.param(_word(80, name="web"), "web=80", id="a name"),
        pytest.param(
            _word(80, name="web", target="http", node_port=30080, protocol="https"),
            "web=80:http:30080/https",
            id="everything",
        ),
    ],
)
def test_a_word_is_printed_in_its_shortest_form(word: PortWord, text: str) -> None:
    """Messages name a word so."""
    assert str(word) == text


@given(_WORDS)
def test_a_printed_word_is_read_back(word: PortWord) -> None:
    """Whatever a word can say, its text says."""
    assert parse_ports((str(word),)) == (word,)


@given(_WORDS, st.integers(0, 3), st.booleans())
def test_a_word_that_was_read_is_printed_canonically(word: PortWord, zeros: int, capitals: bool) -> None:
    """Zeros and capitals go; what is printed is read as the same and printed as the same."""
    name, equals, rest = str(word).rpartition("=")
    rest, slash, protocol = rest.partition("/")
    text = f"{name}{equals}{'0' * zeros}{rest}{slash}{protocol.upper() if capitals else protocol}"
    (read,) = parse_ports((text,))
    assert (read, str(read)) == (word, str(word))


@given(_HOSTILE | st.builds("{}{}".format, _WORDS, _HOSTILE) | st.builds("{}{}".format, _HOSTILE, _WORDS))
@example("²:80")
@example("80:²")
@example("9" * 5000 + ":")
@example("80:" + "9" * 5000)
@example("\n=80")
def test_every_text_is_read_or_refused_in_one_line(text: str) -> None:
    """No text ends in another exception, and a refusal quotes the part that is wrong, or says which one is missing."""
    try:
        words = parse_ports((text,))
    except SvcError as refusal:
        message = str(refusal)
        assert len(message.splitlines()) == 1
        assert message.isprintable()
        wrong = next(one for one in text.split(",") if _is_refused(one))
        assert message.startswith(f"--port {quote(wrong)}: ")
        part, _, problem = message.removeprefix(f"--port {quote(wrong)}: ").partition(" ")
        assert part in ("NAME", "PORT", "TARGET", "NODEPORT", "PROTOCOL")
        assert problem.startswith("is missing;") or _quoted_part(problem, wrong)
    else:
        assert [str(word) for word in words if isinstance(word, str)] == [
            word for word in text.split(",") if text and not set("=:/") & set(word)
        ]
        assert all(parse_ports((str(word),)) == (word,) for word in words if not isinstance(word, str))


def _is_refused(word: str) -> bool:
    try:
        parse_ports((word,))
    except SvcError:
        return True
    return False


def _quoted_part(problem: str, word: str) -> bool:
    """Whether the problem begins with a part of the word, in quotes."""
    return any(
        problem.startswith(f"{quote(word[start:end])} is n")
        for start in range(len(word))
        for end in range(start + 1, len(word) + 1)
    )


@given(st.text(max_size=70))
@example("a" * 63)
@example("a" * 64)
@example("a\n")
def test_a_port_name_is_an_rfc_1123_label(text: str) -> None:
    """apimachinery's IsDNS1123Label, in its own words: `[a-z0-9]([-a-z0-9]*[a-z0-9])?`, at most 63."""
    label = re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", text) is not None and len(text) <= 63
    assert is_port_name(text) == label


def test_every_protocol_stands_for_what_the_design_says() -> None:
    """TCP carries all that have an application protocol."""
    assert {word: (TRANSPORT_OF[word], APP_PROTOCOL_OF.get(word)) for word in TRANSPORT_OF} == {
        "tcp": ("TCP", None),
        "udp": ("UDP", None),
        "sctp": ("SCTP", None),
        "http": ("TCP", "http"),
        "https": ("TCP", "https"),
        "http2": ("TCP", "kubernetes.io/h2c"),
        "grpc": ("TCP", "grpc"),
        "ws": ("TCP", "kubernetes.io/ws"),
        "wss": ("TCP", "kubernetes.io/wss"),
    }
