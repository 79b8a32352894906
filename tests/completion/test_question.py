"""What a TAB asks, by the words before the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_svc.completion.declared import answer_by_declaration
from kubectl_svc.completion.question import read_question

_WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "expose",
                "create",
                "status",
                "providers",
                "completion",
                "help",
                "--",
                "-",
                "",
                "-n",
                "-nlab",
                "-n=lab",
                "-oyaml",
            ),
            *(
                "--port",
                "--port=80",
                "--type",
                "--dry-run",
                "--dry-run=client",
                "--wrong",
                "--wrong=x",
                "deploy",
                "deploy/web",
            ),
            *("-A", "-Al", "-RA", "-f", "-fa.yaml", "--lb", "aws", "--lb-set", "x=y", "=", ":", "\N{BULLET}"),
        ]
    ),
    max_size=7,
)


@pytest.mark.parametrize(
    ("line", "command", "asked", "word", "args"),
    [
        ("", "", "", "", ()),
        ("exp", "", "", "exp", ()),
        ("expose ", "expose", "", "", ()),
        ("expose deploy web", "expose", "", "web", ("deploy",)),
        ("expose --por", "expose", "-", "--por", ()),
        ("expose -", "expose", "-", "-", ()),
        ("expose --port ", "expose", "port", "", ()),
        ("expose --port=8", "expose", "port", "8", ()),
        ("expose --dry-run ", "expose", "", "", ()),
        ("expose --dry-run=cl", "expose", "dry-run", "cl", ()),
        ("expose -n lab deploy ", "expose", "", "", ("deploy",)),
        ("expose -nla", "expose", "namespace", "la", ()),
        ("expose -n=la", "expose", "namespace", "la", ()),
        ("-n lab expose deploy ", "expose", "", "", ("deploy",)),
        ("expose -Rf ", "expose", "filename", "", ()),
        ("expose -- --po", "expose", "", "--po", ()),
        ("expose --wrong deploy ", "expose", "", "", ("deploy",)),
        ("status --dry_run", "status", "-", "--dry_run", ()),
        ("status --all_namespaces=", "status", "all-namespaces", "", ()),
    ],
)
def test_what_is_asked(line: str, command: str, asked: str, word: str, args: tuple[str, ...]) -> None:
    """A command, a flag ("-"), a flag's value or an argument; flags that stand alone take no word."""
    question = read_question(line.split(" "))
    found = question.flag.name if question.flag else "-" * question.asks_flag
    before = question.before
    assert (before.command.name, found, question.word, before.args) == (command, asked, word, args)


def test_what_was_typed_before() -> None:
    """In all spellings that pflag has for it."""
    line = "-n lab expose --port 80 -lx=y --port=81 -Rfa.yaml --dry_run=client --all -n=shop deploy "
    before = read_question(line.split(" ")).before
    typed = {"namespace": "shop", "labels": "x=y", "dry-run": "client", "all": "true", "recursive": "true"}
    assert {name: before.text(name) for name in typed} == typed
    assert (before.texts("port"), before.texts("filename")) == (("80", "81"), ("a.yaml",))


@given(_WORDS, st.text(max_size=6))
def test_any_words_are_taken(words: list[str], word: str) -> None:
    """Whatever is typed there is an answer, which begins with what is typed, or somebody else to ask."""
    question = read_question([*words, word])
    answer = answer_by_declaration(question)
    if answer is not None and not answer.directive & 8:
        assert all(one.word.startswith(question.lead + question.word) for one in answer.candidates)
