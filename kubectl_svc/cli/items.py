"""What one command is about: the objects to expose, wherever they were found."""

from __future__ import annotations

from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubectl_svc.errors import SvcError
    from kubectl_svc.workloads.model import Workload


class Item(Value):
    """One workload to expose; of a file, with its source and the namespace that its manifest names."""

    workload: Workload
    source: str = ""
    namespace: str = ""
    """Empty: the command's."""


class Found(Value):
    """What the sources came to, in order: live objects are read when their turn comes, files all at once."""

    items: Iterable[Item | SvcError]
    several: bool
    unread: tuple[SvcError, ...] = ()  # documents of files that could not be read
