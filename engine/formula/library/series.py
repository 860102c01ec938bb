"""Series: records of an entity that follow each other, as the payments of one contract follow by their periods.

`PREVIOUS(contract, period).paid` is what the record before mine has paid, `RUNNING(amount, contract, period)` adds up
all amounts up to mine. The last field named gives the order, those before it are the same throughout a series.
"""

import msgspec

from engine.formula.errors import FormulaProblem
from engine.formula.tree import Call, Node, Path

PREVIOUS, RUNNING = "PREVIOUS", "RUNNING"


class Series(msgspec.Struct, frozen=True, order=True):
    """Which records follow each other."""

    #: Fields whose values are the same in all of them.
    by: tuple[str, ...]
    #: The field that they are ordered by.
    order: str
    #: Whether all the records before are read, and not the last of them alone.
    whole: bool = False

    @property
    def key(self) -> str:
        """What the records before stand under in `Facts.series`; and first in paths to them."""
        return f"{RUNNING if self.whole else PREVIOUS}({', '.join((*self.by, self.order))})"


def series_read(parts: tuple[str, ...]) -> Series | None:
    """The series that a path goes into; None when it is a path to something else."""
    name, opening, fields_ = parts[0].removesuffix(")").partition("(")
    if not opening:
        return None
    *by, order = fields_.split(", ")
    return Series(tuple(by), order, whole=name == RUNNING)


def spelled_out(name: str, call: Call) -> Node:
    """PREVIOUS as a path, RUNNING as a sum over one. Raises `FormulaProblem` for anything but names of fields."""
    if name == PREVIOUS:
        if not call.member:
            raise FormulaProblem("formula.no_member", call.start, call.end)
        return Path(parts=(_series(call, call.arguments).key, *call.member), start=call.start, end=call.end)
    column, *fields = call.arguments or (call,)
    if not isinstance(column, Path):
        raise FormulaProblem("formula.series_field", column.start, column.end)
    earlier = _series(call, tuple(fields), whole=True).key
    before = msgspec.structs.replace(column, parts=(earlier, *column.parts))
    return Call(function="SUM", arguments=(before, column), start=call.start, end=call.end)


def fields(name: str, call: Call) -> tuple[Node, ...]:
    """The fields that make the series."""
    return call.arguments if name == PREVIOUS else call.arguments[1:]


def _series(call: Call, fields: tuple[Node, ...], *, whole: bool = False) -> Series:
    if not fields:
        name = RUNNING if whole else PREVIOUS
        params = {"function": name, "expected": "≥ 2" if whole else "≥ 1", "given": str(len(call.arguments))}
        raise FormulaProblem("formula.argument_count", call.start, call.end, **params)
    names = []
    for each in fields:
        if not isinstance(each, Path) or len(each.parts) > 1:
            raise FormulaProblem("formula.series_field", each.start, each.end)
        names.append(each.parts[0])
    return Series(tuple(names[:-1]), names[-1], whole)
