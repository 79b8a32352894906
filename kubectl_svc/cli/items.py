"""What one command is about: the objects to expose, wherever they were found."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kubectl_svc.access.session import Session
    from kubectl_svc.errors import SvcError
    from kubectl_svc.workloads.model import Workload


class Item(Value):
    """One workload to expose; of a file, with its source and the namespace that its manifest names."""

    workload: Workload
    source: str = ""
    namespace: str = ""
    """Empty: the command's."""

    @property
    def name(self) -> str:
        """The workload's."""
        return self.workload.name

    @property
    def called(self) -> str:
        """How messages name it, where several are in question."""
        return f"{self.workload}" + (f" of namespace {self.namespace}" if self.namespace else "")


class Unread(Value):
    """An object on the server that is read when its turn comes."""

    called: str
    name: str
    """What a message must say so that it is clear which one is meant."""
    read: Callable[[Session], Item]
    """What it is, by way of this session. Raises SvcError where it cannot be exposed."""


class Found(Value):
    """What the sources came to, in order, as far as it is known before its turn comes."""

    entries: Iterable[Entry]
    several: bool
    count: int | None = None  # None: not known before the end
    unread: tuple[SvcError, ...] = ()  # documents of files that could not be read


if TYPE_CHECKING:
    Entry = Item | Unread | SvcError
