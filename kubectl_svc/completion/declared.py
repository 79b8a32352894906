"""What the declaration of commands and flags alone has to offer: no file, no cluster."""

from __future__ import annotations

from kubectl_svc.completion.answer import (
    FILE_ENDINGS,
    FILES,
    FOLDERS,
    KEEP_ORDER,
    NO_FILES,
    NOTHING,
    Answer,
    Candidate,
    offer,
)
from kubectl_svc.flags import COMMANDS, HELP_COMMAND, ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubectl_svc.completion.question import Question
    from kubectl_svc.flags.model import Flag

_MANIFESTS = (Candidate(word="json"), Candidate(word="yaml"), Candidate(word="yml"))  # as kubectl's -f


def answer_by_declaration(question: Question) -> Answer | None:
    """The answer, or None where more is to be looked at."""
    if question.flag is not None:
        return _value(question, question.flag)
    if question.asks_flag:
        return offer(question.word, _flags(question))
    line = question.before
    if line.command in (ROOT, HELP_COMMAND):
        words = [Candidate(word=one.name, about=one.short) for one in COMMANDS if one.name]
    elif line.command.words:
        words = [Candidate(word=one) for one in line.command.words]
    else:
        return None if line.command.arguments is None else NOTHING
    return NOTHING if line.args else offer(question.word, words)


def _flags(question: Question) -> Iterator[Candidate]:
    """Those that were not typed yet, or may be typed again; letters only where nothing but the dash is typed."""
    for flag in question.before.command.flags:
        if not flag.is_shown or (question.before.given(flag.name) and not flag.repeats):
            continue
        yield Candidate(word=f"--{flag.name}", about=flag.help)
        if flag.shorthand and question.word == "-":
            yield Candidate(word=f"-{flag.shorthand}", about=flag.help)


def _value(question: Question, flag: Flag) -> Answer | None:
    if flag.name == "filename":
        return Answer(candidates=_MANIFESTS, directive=FILE_ENDINGS)
    if flag.metavar in ("FILE", "TEMPLATE"):
        return Answer(directive=FILES)
    if flag.metavar == "DIR":
        return Answer(directive=FOLDERS)
    words = ("true", "false") if flag.type == "bool" else flag.values or flag.usual
    if not words:
        return None
    directive = NO_FILES | KEEP_ORDER if flag.usual else NO_FILES
    return offer(question.lead + question.word, _listed(question, words, flag), directive)


def _listed(question: Question, words: tuple[str, ...], flag: Flag) -> Iterator[Candidate]:
    """Values of a list stand behind the last comma, or behind the port that they are for, each once."""
    start = max(map(question.word.rfind, ",=")) + 1 if flag.repeats else 0
    lead = f"{question.lead}{question.word[:start]}"
    taken = {*question.word[:start].split(","), *question.before.texts(flag.name)} if flag.repeats else ()
    return (Candidate(word=f"{lead}{one}") for one in words if one not in taken)
