"""A scope made of a table of types, for tests: reads paths the way the browser does."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from engine.definition.model import Json
from engine.formula.numbers import plain
from engine.formula.scope import Facts, Found
from engine.formula.tree import Kind, Type, Value

Types = Mapping[str, str]


class TableScope:
    """Paths of a record, and of a line that is looked at first, each with its type as `as_json` writes it.

    The labels of a choice stand behind its type: `text red=红色 blue=蓝色`.
    """

    has_series = True

    def __init__(self, types: Types, line: Types | None = None, lines: str = "") -> None:
        """`lines` is the path of the list whose line that is; what stands in it has one value for each line."""
        self._types = types
        self._line = line or {}
        self._lines = lines

    def find(self, parts: tuple[str, ...]) -> Found | None:
        path = ".".join(parts)
        if path in self._line:
            return self._found(self._line[path], parts, in_line=True)
        if path not in self._types:
            return None
        of_siblings = len(parts) > 1 and ".".join(parts[:-1]) == self._lines
        return msgspec.structs.replace(self._found(self._types[path], parts), of_siblings=of_siblings)

    def known(self, parts: tuple[str, ...]) -> Mapping[str, str]:
        paths = [tuple(path.split(".")) for path in (*self._line, *self._types)]
        wrong = next((index for index in range(len(parts)) if not self.find(parts[: index + 1])), len(parts))
        return {path[wrong]: "" for path in paths if len(path) > wrong and path[:wrong] == parts[:wrong]}

    @staticmethod
    def _found(written: str, parts: tuple[str, ...], *, in_line: bool = False) -> Found:
        kind, *options = written.split()
        type_ = type_of(kind)

        def read(facts: Facts) -> Json:
            value: Json = facts.line if in_line else facts.values
            for part in parts:
                value = _step(value, part, facts)
            return _kept(value) if type_.kind is Kind.DECIMAL else value

        return Found(type_, read, in_line, labels=tuple((each.split("=")[0], each.split("=")[1]) for each in options))


def type_of(written: str) -> Type:
    """`decimal` or `decimal[]` as a type."""
    return Type(Kind(written.removesuffix("[]")), is_list=written.endswith("[]"))


def facts_of(written: Mapping[str, Any]) -> Facts:
    """Facts as test cases write them: dates as text, the rest by name."""
    given = dict(written)
    if "now" in given:
        given["now"] = datetime.fromisoformat(given["now"])
    if "today" in given:
        given["today"] = date.fromisoformat(given["today"])
    if "zone" in given:
        given["zone"] = ZoneInfo(given["zone"])
    given["projects"] = frozenset(given.get("projects", ()))
    return Facts(**{"values": {}} | given)


def shown(value: Value) -> Json:
    """A result as test cases write it: numbers without trailing zeros, everything exact as text."""
    if isinstance(value, tuple):
        return [shown(item) for item in value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _step(value: Json, key: str, facts: Facts) -> Json:
    if isinstance(value, list):
        deeper = [_step(line, key, facts) for line in value]
        return [item for each in deeper for item in (each if isinstance(each, list) else [each])]
    group = facts.references.get(value) if isinstance(value, str) else value
    return group.get(key) if isinstance(group, Mapping) else None


def _kept(value: Json) -> Json:
    """Decimal strings as records keep them: `Decimal`."""
    if isinstance(value, list):
        return [_kept(item) for item in value]
    return Decimal(value) if isinstance(value, str) else value
