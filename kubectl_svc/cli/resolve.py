"""Which resources the TYPE words of a command line mean.

Source: cli-runtime pkg/resource/builder.go (`mappingFor`, `ReplaceAliases`).
"""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.golang import quote
from kubectl_svc.workloads.kinds import BUILT_IN, find_resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubectl_svc.access.session import Session
    from kubectl_svc.workloads.model import Resource


def members_of(word: str, session: Session) -> Sequence[Resource]:
    """The resources that a category stands for; none where the word is no category."""
    return () if _built_in(word) else session.discovery.members(word)


def resolve_type(word: str, session: Session) -> Resource:
    """The resource that a TYPE means; only words that no built-in kind answers to cost a look at the server.

    Raises SvcError where it means none.
    """
    resource = _built_in(word) or session.discovery.find(word)
    if resource is None:
        raise SvcError(f"the server doesn't have a resource type {quote(word.partition('.')[0])}")
    return resource


def _built_in(word: str) -> Resource | None:
    return find_resource(word, BUILT_IN)
