"""The order of records in a list, and the place in it where a page ended.

Blank values come last in every order, and of equals the newest come first.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Boolean, Column, ColumnElement, Integer, RowMapping, and_, false, literal, or_
from sqlalchemy.types import TypeEngine

from engine.compile.formulas.scope import SYSTEM
from engine.fields.field_type import Storage
from engine.problems import Malformed, Problem, nearest
from engine.store.sql import cursor
from engine.store.sql.paths import Nowhere, Source
from engine.store.tables.exact import DateText, Exact, Instant, InstantText

#: Of equals the newest first: ids sort by the time they were made.
_NEWEST: Final = "-id"
#: Of a column of integers.
_GREATEST: Final = 2**63 - 1


class Order:
    """An order of the rows of a source."""

    def __init__(self, source: Source, sort: tuple[str, ...]) -> None:
        """`sort` names paths, those with "-" in front from the greatest to the least; `Malformed` for unknown ones."""
        self._sort = sort
        self._keys = [_key(source, each, f"sort_{place}") for place, each in enumerate((*sort, _NEWEST))]

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """What has to be selected so that `cursor` can be written."""
        return tuple(each.expression.label(each.label) for each in self._keys)

    @property
    def clauses(self) -> tuple[ColumnElement[Any], ...]:
        """For ORDER BY."""
        return tuple(each.clause for each in self._keys)

    def cursor(self, row: RowMapping) -> str:
        """The place of a row."""
        return cursor.written([",".join(self._sort), *(row[each.label] for each in self._keys)])

    def after(self, place: str) -> ColumnElement[bool]:
        """Whether a row comes after the place; `Malformed` when that is no place in this order."""
        sort, *values = cursor.read(place, 1 + len(self._keys))
        if sort != ",".join(self._sort):
            raise cursor.nowhere()
        known = [each.value(given) for each, given in zip(self._keys, values, strict=True)]
        return or_(*self._beyond(known))

    def _beyond(self, values: list[Any]) -> Iterator[ColumnElement[bool]]:
        """After the place by the first value, or the same there and after it by the second, and so on."""
        same: list[ColumnElement[bool]] = []
        for key, value in zip(self._keys, values, strict=True):
            yield and_(*same, key.beyond(value))
            same.append(key.same(value))


class _Key(msgspec.Struct, frozen=True):
    """One of the values by which rows are ordered."""

    expression: ColumnElement[Any]
    down: bool
    label: str

    @property
    def clause(self) -> ColumnElement[Any]:
        """For ORDER BY; where nothing can be blank, nothing is said of it, so that an index in this order helps."""
        ordered = self.expression.desc() if self.down else self.expression.asc()
        is_always_there = isinstance(self.expression, Column) and not self.expression.nullable
        return ordered if is_always_there else ordered.nulls_last()

    def same(self, value: object) -> ColumnElement[bool]:
        """Whether a row has this value."""
        return self.expression.is_(None) if value is None else self.expression == self._literal(value)

    def beyond(self, value: object) -> ColumnElement[bool]:
        """Whether a row comes after this value; nothing comes after blank."""
        if value is None:
            return false()
        here = self._literal(value)
        return or_(self.expression < here if self.down else self.expression > here, self.expression.is_(None))

    def value(self, given: Any) -> Any:  # noqa: ANN401 - any JSON, and any value of a column
        """What the cursor says this value was; `Malformed` unless it can have been."""
        if given is None:
            return None
        try:
            return _read(self.expression.type, given)
        except (TypeError, ValueError):
            raise cursor.nowhere() from None

    def _literal(self, value: object) -> ColumnElement[Any]:
        return literal(value, self.expression.type)


def _read(type_: TypeEngine[Any], given: object) -> object:
    """What a JSON value stands for in a column of this type; `TypeError` or `ValueError` when it is nothing there."""
    match type_:
        case Instant():
            return cursor.moment(given)
        case InstantText():
            cursor.moment(given)
        case DateText():
            date.fromisoformat(cursor.text(given))
        case Exact():
            type_.units(given)
        case Boolean():
            if not isinstance(given, bool):
                raise TypeError
        case Integer():
            if type(given) is not int or abs(given) > _GREATEST:
                raise TypeError
        case _:
            cursor.text(given)
    return given


def _key(source: Source, wanted: str, label: str) -> _Key:
    path = wanted.removeprefix("-")
    try:
        found = source.column(tuple(path.split(".")))
    except Nowhere:
        found = None
    if found is None or (found.field and found.field.type.storage is Storage.JSON):
        known = nearest(path, (*source.fields, *SYSTEM))
        raise Malformed(Problem("list.sort", params={"given": path, "known": known}))
    return _Key(found.expression, wanted.startswith("-"), label)
