"""Records: small values that are compared, printed and matched by their fields; and `soonest`.

    class Joined(Record):
        room: str

    assert Joined("general") == Joined(room="general")

The standard library's `dataclasses` (through `inspect`) and `typing.NamedTuple` would do the
same and take longer to import than all of this package; a named tuple would also make
`Joined("x") == Left("x")` true.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, dataclass_transform
else:

    def dataclass_transform(**_):
        """Stand in for the decorator that only type checkers read (PEP 681)."""
        return lambda cls: cls


@dataclass_transform(eq_default=True, frozen_default=True)
class Record:
    """A value whose fields are its annotations, in order. Not to be changed once made."""

    __match_args__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        setattr(cls, "__match_args__", tuple(cls.__annotations__))  # noqa: B010

    def __init__(self, *values: Any, **named: Any) -> None:
        """Take the fields by position or name; one without a value needs a class default.

        Raises TypeError if a field is missing or unknown.
        """
        if named or len(values) != len(self.__match_args__):
            values = self._complete(values, named)
        self.__dict__.update(zip(self.__match_args__, values, strict=True))

    def _complete(self, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        names = self.__match_args__
        fields = dict(zip(names, values, strict=False)) | named
        for name in names:
            if name not in fields and not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} needs {name}")
        if len(values) > len(names) or not fields.keys() <= set(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
        return tuple(fields[name] if name in fields else getattr(self, name) for name in names)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self._fields()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._fields()))})"

    def _fields(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)


def soonest(*times: float | None) -> float | None:
    """Return the earliest of several times; None stands for never."""
    return min({*times} - {None}, default=None)  # type: ignore[type-var]
