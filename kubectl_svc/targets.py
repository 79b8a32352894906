"""Which objects the command line names: `TYPE NAME...`, `TYPE/NAME...`, `TYPE,TYPE NAME...`.

Pure. Source: cli-runtime pkg/resource/builder.go (`ResourceTypeOrNameArgs`, `visitByName`, `visitorResult`).
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class NamedTarget(Value):
    """One object by the type and the name that were typed."""

    type_word: str
    name: str


class Named(Value):
    """The objects that the arguments name, or the types alone where no name was typed."""

    objects: tuple[NamedTarget, ...] = ()
    types: tuple[str, ...] = ()
    one_type: bool = False  # `TYPE NAME...`: the word stands for one type, never for a category such as `all`


def parse_targets(arguments: Sequence[str]) -> Named:
    """The objects that the arguments name, in order.

    Raises SvcError, in kubectl's words, for mixed and malformed forms.
    """
    words = _each_type_with_each_name(arguments)
    slashed = [word for word in words if "/" in word]
    if slashed:
        if len(slashed) < len(words):
            raise SvcError(
                "there is no need to specify a resource type as a separate argument when passing arguments in "
                "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of "
                "'kubectl get resource resource/<resource_name>'"
            )
        return Named(objects=tuple(map(_split, words)))
    if not words:
        return Named()
    types = _unique(words[0].split(","))
    return Named(
        objects=tuple(NamedTarget(type_word=types[0], name=name) for name in words[1:]), types=types, one_type=True
    )


def _each_type_with_each_name(arguments: Sequence[str]) -> list[str]:
    """`a,b c` is `a/c b/c`; anything else is left as it is."""
    if len(arguments) >= 2:
        types = _unique(arguments[0].split(","))
        if len(types) > 1:
            return [f"{type_word}/{name}" for type_word in types for name in arguments[1:]]
    return list(arguments)


def _split(word: str) -> NamedTarget:
    parts = word.split("/")
    if len(parts) != 2:
        raise SvcError("arguments in resource/name form may not have more than one slash")
    type_word, name = parts
    if not type_word or not name or len(_unique(type_word.split(","))) != 1:
        raise SvcError("arguments in resource/name form must have a single resource and name")
    return NamedTarget(type_word=type_word, name=name)


def _unique(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
