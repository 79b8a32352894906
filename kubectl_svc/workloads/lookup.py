"""What surrounds an object and says more of it: pods that run, objects it refers to. Readers ask, who knows answers."""

from __future__ import annotations

from kubectl_svc.errors import SvcError
from kubectl_svc.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from kubectl_svc.workloads.model import Reference, Resource, Workload


def _nobody_knows(*_asked: object) -> SvcError:
    return SvcError("no cluster was asked")


class Lookup(Value):
    """Whom a reader may ask about the surroundings of its object. As it stands nobody knows: a manifest, no cluster.

    Every answer may be a SvcError instead, which says why it is not to be had; nothing is raised.
    """

    selects: bool = True
    """Whether a selector is wanted of the object; where one was typed nobody need be asked for another."""
    workload: Callable[[Reference], Workload | SvcError] = _nobody_knows
    """Another object of the same namespace, read without asking further: one that can be exposed, or a PodTemplate."""
    pods: Callable[[str], Sequence[Mapping[str, Any]] | SvcError] = _nobody_knows
    """The pods of the namespace that a label selector, in its string form, selects."""
    has_pods: Callable[[str], bool | SvcError] = _nobody_knows
    """Whether there are any."""
    everywhere: Callable[[Resource], Sequence[Mapping[str, Any]] | SvcError] = _nobody_knows
    """The objects of a resource in all namespaces."""
    scale: Callable[[], Mapping[str, Any] | SvcError] = _nobody_knows
    """The object's own scale subresource (autoscaling/v1 `Scale`)."""
