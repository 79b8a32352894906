"""How a case of a table of set-ups is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubectl_svc.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.status.setups import Place

    Build = Callable[[Place], str]


class Case(Value):
    """A set-up and what is said of it. `build` makes it and gives the name of its Service."""

    name: str
    build: Build
    codes: tuple[str, ...] = ()
    """The diagnoses, in their order."""
    says: tuple[str, ...] = ()
    """What the first message holds; NAMESPACE and NAME stand for the place's namespace and label."""
    never: tuple[str, ...] = ()
    """What nothing of it holds."""
    is_reached: bool | None = False
    mends: bool = False
    """Whether the first command takes the first diagnosis away."""
    is_alone: bool = False
    """Whether the set-up needs a namespace in which there is nothing else."""


class Table:
    """Cases in the order in which they were written."""

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def case(
        self,
        *codes: str,
        says: Sequence[str] = (),
        never: Sequence[str] = (),
        is_reached: bool | None = False,
        mends: bool = False,
        is_alone: bool = False,
    ) -> Callable[[Build], Build]:
        """Adds the function as the set-up of a case."""

        def add(build: Build) -> Build:
            name = build.__name__.strip("_").replace("_", "-")
            self.cases.append(
                Case(
                    name=name, build=build, codes=codes, says=tuple(says), never=tuple(never), is_reached=is_reached,
                    mends=mends, is_alone=is_alone,
                )
            )  # fmt: skip
            return build

        return add
