"""Typical command lines, with TAB at every word and within words: what the program itself offers, in every shell."""

from __future__ import annotations

import os
import re

import pytest

from kubectl_svc.completion.answer import FILE_ENDINGS, FOLDERS, NO_FILES, NO_SPACE
from tests.control_plane.cluster import comes_and_goes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.completion.answer import Answer
    from tests.shells.shell import Shell
    from tests.shells.stand import Stand

_LINES = (
    "expose deployment web --port 80:http --type NodePort -n default",
    "expose deploy/web --port=80:http --name=web-public",
    "expose deploy web-admin --lb aws --lb-set scheme=internal --lb-scheme internal",
    "expose -f web.json --dry-run=client -o yaml",
    "expose deployment web --selector-key app.kubernetes.io/name --container server --target-port metrics",
    "expose deployment web --context arn:aws:eks:eu-1:7:cluster/shop --session-affinity=ClientIP",
    "expose deployment web --port 80:http/grpc,443:metrics --app-protocol kubernetes.io/h2c -owide",
    "create web --external-name example.com -l tier=front --timeout 30s",
    "status web -o wide -l tier=front",
    "providers aws azure -o yaml",
)


def _cuts(line: str, *, within: bool) -> Iterator[tuple[list[str], str]]:
    """The words before each word of the line, and as much of that one as is typed when TAB is pressed.

    That is nothing and all up to a mark, and where it is to be `within` words, half of it and all as well.
    """
    words = line.split(" ")
    for number, word in enumerate(words):
        behind_marks = (found.end() for found in re.finditer("[=:/]", word))
        halves = {(len(word) + 1) // 2, len(word)} if within else set()
        for length in sorted({0, *halves, *behind_marks}):
            yield words[:number], word[:length]


def _becomes(shell: Shell, word: str, answer: Answer) -> str:
    """What TAB makes of a word."""
    found = _whole_words(word, answer)
    if not found:
        return word
    if len(found) > 1:
        return max(os.path.commonprefix(found), word, key=len)  # noqa: RUF071 - of words, not of paths
    blank = not answer.directive & NO_SPACE and found[0][-1] not in shell.no_blank_after
    return found[0] + " " * blank


def _whole_words(word: str, answer: Answer) -> list[str]:
    """Of `--flag=value` the program says only the value."""
    flag = word[: word.index("=") + 1] if word.startswith("-") and "=" in word else ""
    return [flag + one.word for one in answer.candidates]


def _lasting(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without the namespaces of tests, which come and go."""
    return tuple(word for word in words if not comes_and_goes(word))


@pytest.mark.parametrize("program", ["kubectl-svc", "kubectl svc"])
@pytest.mark.parametrize("line", _LINES)
def test_tab_at_every_word(shell: Shell, stand: Stand, line: str, program: str) -> None:
    """The shell has the program's candidates, and the line becomes what they have in common."""
    wrong = []
    for before, word in _cuts(line, within=program == "kubectl-svc"):
        answer = stand.answer(*before, word)
        if answer.directive & (FILE_ENDINGS | FOLDERS) or not (answer.candidates or answer.directive & NO_FILES):
            continue  # files: another test
        if program == "kubectl svc" and shell.name == "bash" and "," in word:
            continue  # lost in kubectl's own script: another test
        start = " ".join((program, *before, ""))
        seen = shell.press_tab(start + word)
        offered = tuple(sorted(one.removeprefix(shell.piece(word)) for one in _whole_words(word, answer)))
        wanted = (start + _becomes(shell, word, answer), _lasting(offered), "" if not offered else seen.printed)
        if (seen.line, _lasting(seen.words), seen.printed) != wanted:
            wrong.append((start + word, seen, wanted))
    assert wrong == []
