"""The base of every value that travels between the steps: immutable, comparable by content, cheap to define.

A dataclass says the same, but importing `dataclasses` costs a third of the start of a bare interpreter; type checkers
see a `Value` as a frozen dataclass all the same (PEP 681). Modules that define values use
`from __future__ import annotations`, so a field's annotation is never evaluated.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, dataclass_transform

    from typing_extensions import Self
else:

    def dataclass_transform(**_facts):
        return lambda decorated: decorated


class _ValueType(type):
    """Turns the annotations of a class body into slots and its assignments into defaults."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _ValueType:
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        body["__slots__"] = fields
        created = super().__new__(mcs, name, bases, body)
        inherited = tuple(field for base in reversed(created.__mro__[1:]) for field in getattr(base, "__slots__", ()))
        type.__setattr__(created, "_fields", inherited + fields)
        # A slot's own setter, because __setattr__ refuses.
        setters = tuple((field, getattr(created, field).__set__) for field in dict.fromkeys(inherited + fields))
        type.__setattr__(created, "_setters", setters)
        type.__setattr__(created, "_defaults", {**getattr(bases[0], "_defaults", {}), **defaults} if bases else {})
        return created


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Value(metaclass=_ValueType):
    """A record of named fields: built by keyword, never changed, equal when its fields are equal.

    Raises TypeError for a missing or unknown field and AttributeError for an attempt to change one.
    """

    if TYPE_CHECKING:
        _fields: tuple[str, ...]
        _defaults: dict[str, Any]
        _setters: tuple[tuple[str, Callable[[object, object], None]], ...]

    def __init__(self, **given: Any) -> None:
        values = self._defaults | given
        for field, put in self._setters:
            if field not in values:
                raise TypeError(f"{type(self).__name__} needs a value for {field!r}")
            put(self, values[field])
        if len(values) != len(self._setters):
            unknown = next(field for field in given if field not in self._fields)
            raise TypeError(f"{type(self).__name__} has no field {unknown!r}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, field) == getattr(other, field) for field in self._fields)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, field) for field in self._fields)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{field}={getattr(self, field)!r}' for field in self._fields)})"

    def but(self, **changed: Any) -> Self:
        """The same value with some fields replaced."""
        return type(self)(**{field: getattr(self, field) for field in self._fields} | changed)
