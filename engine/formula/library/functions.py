"""Every operator and function, with the types it takes and gives. To add one, add it to the tuple.

Checking settles on an overload by the types of the arguments, and with it on the operation that runs.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from engine.formula.calendar import clock
from engine.formula.calendar import operations as calendar
from engine.formula.operations import arithmetic, dates, facts, lists, logic, matching, money, shares, text
from engine.formula.tree import Kind, Type
from engine.formula.typed import Operation


class Overload(msgspec.Struct, frozen=True, kw_only=True):
    """One list of types that a function takes, and what it does with them."""

    #: For each parameter the types that may stand there.
    takes: tuple[tuple[Type, ...], ...]
    gives: Type
    operation: Operation
    #: How many parameters at the end may be left out.
    optional: int = 0
    #: Whether the last parameter may be given again and again.
    repeats: bool = False

    def fits_count(self, count: int) -> bool:
        """Whether so many arguments may be given."""
        return len(self.takes) - self.optional <= count and (self.repeats or count <= len(self.takes))

    def at(self, index: int) -> tuple[Type, ...]:
        """The types that may stand at the place; the last one's when it repeats."""
        return self.takes[min(index, len(self.takes) - 1)]


class Function(msgspec.Struct, frozen=True):
    """An operator or a function, by the name that stands in formulas."""

    name: str
    overloads: tuple[Overload, ...]

    @property
    def counts(self) -> str:
        """How many arguments it takes, as sentences say it."""
        least = min(len(each.takes) - each.optional for each in self.overloads)
        if any(each.repeats for each in self.overloads):
            return f"≥ {least}"
        most = max(len(each.takes) for each in self.overloads)
        return str(least) if least == most else f"{least}–{most}"


def _one(*kinds: Kind) -> tuple[Type, ...]:
    return tuple(map(Type, kinds))


def _many(*kinds: Kind) -> tuple[Type, ...]:
    return tuple(Type(kind, is_list=True) for kind in kinds)


def _takes(operation: Operation, gives: Kind, *takes: Kind | tuple[Type, ...], optional: int = 0) -> Overload:
    types = tuple(_one(each) if isinstance(each, Kind) else each for each in takes)
    return Overload(takes=types, gives=Type(gives), operation=operation, optional=optional)


def _folds(operation: Operation, gives: Kind, *kinds: Kind) -> Overload:
    return Overload(takes=(_one(*kinds) + _many(*kinds),), gives=Type(gives), operation=operation, repeats=True)


_DECIMAL, _TEXT, _BOOLEAN, _REFERENCE = Kind.DECIMAL, Kind.TEXT, Kind.BOOLEAN, Kind.REFERENCE
_DATE, _DATETIME, _DURATION = Kind.DATE, Kind.DATETIME, Kind.DURATION
_SINGLE: Final = (_DECIMAL, _TEXT, _BOOLEAN, _DATE, _DATETIME, _DURATION, _REFERENCE)
_ORDERED: Final = (_DECIMAL, _TEXT, _DATE, _DATETIME, _DURATION)
_WRITTEN: Final = _one(_TEXT, _DECIMAL, _BOOLEAN, _DATE, _DATETIME, _REFERENCE)
_IDS: Final = _one(_REFERENCE, _TEXT)
_DAYS: Final = (Type(_DATE), Type(_DATE, is_list=True))


def _compares(name: str, operation: Operation) -> Function:
    return Function(name, tuple(_takes(operation, _BOOLEAN, kind, kind) for kind in _ORDERED))


def _joins(name: str) -> Function:
    return Function(name, (Overload(takes=(_WRITTEN,), gives=Type(_TEXT), operation=text.JOIN, repeats=True),))


def _extreme(name: str, operation: Operation) -> Function:
    return Function(name, tuple(_folds(operation, kind, kind) for kind in (_DECIMAL, _DATE, _DATETIME)))


def _decides(name: str, operation: Operation) -> Function:
    takes = (_one(_BOOLEAN),)
    return Function(name, (Overload(takes=takes, gives=Type(_BOOLEAN), operation=operation, repeats=True),))


def _first_of(kind: Kind) -> Overload:
    return Overload(takes=(_one(kind),), gives=Type(kind), operation=logic.FIRST, repeats=True)


def _matches(equal: Operation, compared: Operation, *folded: tuple[Type, ...]) -> Iterable[Overload]:
    """A column, what its items are to equal, and the column that is folded; without it, numbers are folded themselves.

    Numbers may also be compared, by text such as ">=100".
    """
    numbers = _many(_DECIMAL)
    for kind in _SINGLE:
        criterion = _IDS if kind is _REFERENCE else _one(kind)
        optional = len(folded) if kind is _DECIMAL else 0
        yield _takes(equal, _DECIMAL, _many(kind), criterion, *folded, optional=optional)
    yield _takes(compared, _DECIMAL, numbers, _TEXT, *folded, optional=len(folded))


def _fits() -> Iterable[Overload]:
    """Which items of a column fit a criterion; the same criteria as of SUMIF."""
    for kind in _SINGLE:
        criterion = _IDS if kind is _REFERENCE else _one(kind)
        yield _listed(matching.FITS, _BOOLEAN, _many(kind), criterion)
    yield _listed(matching.FITS_COMPARED, _BOOLEAN, _many(_DECIMAL), _one(_TEXT))


def _looks_up() -> Iterable[Overload]:
    """Numbers and days are found in the band they lie in, everything else by being equal."""
    for key in (_DECIMAL, _DATE, _DATETIME, _TEXT, _BOOLEAN, _REFERENCE):
        operation = matching.BAND if key in {_DECIMAL, _DATE, _DATETIME} else matching.LOOKUP
        sought = _IDS if key is _REFERENCE else _one(key)
        yield from (_takes(operation, kind, sought, _many(key), _many(kind)) for kind in _SINGLE)


def _listed(operation: Operation, gives: Kind, *takes: tuple[Type, ...], repeats: bool = False) -> Overload:
    return Overload(takes=takes, gives=Type(gives, is_list=True), operation=operation, repeats=repeats)


def _labels() -> Iterable[Overload]:
    """Of one choice, and of each in a column or of several choices."""
    for kind in (_TEXT, _DECIMAL):
        yield _takes(text.LABEL, _TEXT, kind)
        yield _listed(text.LABEL, _TEXT, _many(kind))


def _equal() -> Iterable[Overload]:
    """One kind with itself, ids also with text; a value with a list asks whether it is one of the items."""
    yield from (_takes(logic.EQUAL, _BOOLEAN, kind, kind) for kind in _SINGLE if kind is not _REFERENCE)
    yield _takes(logic.EQUAL, _BOOLEAN, _REFERENCE, _IDS)
    yield _takes(logic.EQUAL, _BOOLEAN, _TEXT, _REFERENCE)
    for kind in _SINGLE:
        operation = logic.AMONG_IDS if kind is _REFERENCE else logic.AMONG
        singles = _IDS if kind is _REFERENCE else _one(kind)
        yield _takes(operation, _BOOLEAN, singles, _many(kind))
        yield _takes(operation, _BOOLEAN, _many(kind), singles)


_OPERATORS: Final = (
    Function(
        "+",
        (
            _takes(arithmetic.ADD, _DECIMAL, _DECIMAL, _DECIMAL),
            _takes(dates.ADD_DAYS, _DATE, _DATE, _DECIMAL),
            _takes(dates.ADD_TIME, _DATETIME, _DATETIME, _DURATION),
            _takes(dates.ADD_DURATIONS, _DURATION, _DURATION, _DURATION),
        ),
    ),
    Function(
        "-",
        (
            _takes(arithmetic.SUBTRACT, _DECIMAL, _DECIMAL, _DECIMAL),
            _takes(dates.SUBTRACT_DAYS, _DATE, _DATE, _DECIMAL),
            _takes(dates.DAYS_BETWEEN, _DECIMAL, _DATE, _DATE),
            _takes(dates.ELAPSED, _DURATION, _DATETIME, _DATETIME),
            _takes(dates.SUBTRACT_TIME, _DATETIME, _DATETIME, _DURATION),
            _takes(dates.SUBTRACT_DURATIONS, _DURATION, _DURATION, _DURATION),
        ),
    ),
    Function("*", (_takes(arithmetic.MULTIPLY, _DECIMAL, _DECIMAL, _DECIMAL),)),
    Function("/", (_takes(arithmetic.DIVIDE, _DECIMAL, _DECIMAL, _DECIMAL),)),
    Function("%", (_takes(arithmetic.PERCENT, _DECIMAL, _DECIMAL),)),
    _joins("&"),
    Function("=", tuple(_equal())),
    Function("fits", tuple(_fits())),
    _compares("<", logic.LESS),
    _compares("<=", logic.AT_MOST),
    _compares(">", logic.MORE),
    _compares(">=", logic.AT_LEAST),
)
#: What stands before its operand and not behind or between.
NEGATION: Final = Function("-", (_takes(arithmetic.NEGATE, _DECIMAL, _DECIMAL),))

_FUNCTIONS: Final = (
    Function("IF", tuple(_takes(logic.IF, kind, _BOOLEAN, kind, kind, optional=1) for kind in _SINGLE)),
    _decides("AND", logic.AND),
    _decides("OR", logic.OR),
    Function("NOT", (_takes(logic.NOT, _BOOLEAN, _BOOLEAN),)),
    Function("COALESCE", tuple(_first_of(kind) for kind in _SINGLE)),
    Function("BLANK", (_takes(logic.BLANK, _BOOLEAN, _one(*Kind) + _many(*Kind)),)),
    Function("SUM", (_folds(lists.SUM, _DECIMAL, _DECIMAL),)),
    Function("COUNT", (_folds(lists.COUNT, _DECIMAL, *Kind),)),
    _extreme("MIN", lists.MIN),
    _extreme("MAX", lists.MAX),
    Function("AVERAGE", (_folds(lists.AVERAGE, _DECIMAL, _DECIMAL),)),
    Function("SUMIF", tuple(_matches(matching.SUM_IF, matching.SUM_IF_COMPARED, _many(_DECIMAL)))),
    Function("COUNTIF", tuple(_matches(matching.COUNT_IF, matching.COUNT_IF_COMPARED))),
    Function("AVERAGEIF", tuple(_matches(matching.AVERAGE_IF, matching.AVERAGE_IF_COMPARED, _many(_DECIMAL)))),
    Function(
        "FILTER",
        tuple(
            _listed(matching.FILTER, kind, _many(kind), _many(_BOOLEAN), repeats=True)
            for kind in (*_SINGLE, Kind.RECORD)
        ),
    ),
    Function("LOOKUP", tuple(_looks_up())),
    Function("ROUND", (_takes(arithmetic.ROUND, _DECIMAL, _DECIMAL, _DECIMAL, optional=1),)),
    *(
        Function(name, (_takes(operation, _DECIMAL, _DECIMAL, _DECIMAL, optional=1),))
        for name, operation in (
            ("ROUNDUP", arithmetic.ROUND_UP),
            ("ROUNDDOWN", arithmetic.ROUND_DOWN),
            ("ROUND_EVEN", arithmetic.ROUND_EVEN),
        )
    ),
    Function("MROUND", (_takes(arithmetic.TO_STEP, _DECIMAL, _DECIMAL, _DECIMAL),)),
    Function("ABS", (_takes(arithmetic.ABS, _DECIMAL, _DECIMAL),)),
    Function("TAX_NET", (_takes(money.TAX_NET, _DECIMAL, _DECIMAL, _DECIMAL, _DECIMAL, optional=1),)),
    Function("TAX_AMOUNT", (_takes(money.TAX_AMOUNT, _DECIMAL, _DECIMAL, _DECIMAL, _DECIMAL, optional=1),)),
    Function(
        "TIER",
        (
            _takes(shares.TIER, _DECIMAL, _many(_DECIMAL), _many(_DECIMAL), _DECIMAL),
            # Spelled out before anybody asks for its operation.
            _takes(shares.TIER, _DECIMAL, _many(Kind.RECORD), _DECIMAL),
        ),
    ),
    Function("ALLOCATE", (_takes(shares.ALLOCATE, _DECIMAL, _DECIMAL, _many(_DECIMAL), _DECIMAL, optional=1),)),
    Function("RMB_UPPER", (_takes(money.RMB_UPPER, _TEXT, _DECIMAL),)),
    _joins("CONCAT"),
    Function("LEN", (_takes(text.LENGTH, _DECIMAL, _TEXT),)),
    Function("LEFT", (_takes(text.LEFT, _TEXT, _TEXT, _DECIMAL, optional=1),)),
    Function("RIGHT", (_takes(text.RIGHT, _TEXT, _TEXT, _DECIMAL, optional=1),)),
    Function("MID", (_takes(text.MID, _TEXT, _TEXT, _DECIMAL, _DECIMAL),)),
    Function("UPPER", (_takes(text.UPPER, _TEXT, _TEXT),)),
    Function("LOWER", (_takes(text.LOWER, _TEXT, _TEXT),)),
    Function("TRIM", (_takes(text.TRIM, _TEXT, _TEXT),)),
    Function("SUBSTITUTE", (_takes(text.SUBSTITUTE, _TEXT, _TEXT, _TEXT, _TEXT),)),
    Function("CONTAINS", (_takes(text.CONTAINS, _BOOLEAN, _TEXT, _TEXT),)),
    Function("STARTS_WITH", (_takes(text.STARTS_WITH, _BOOLEAN, _TEXT, _TEXT),)),
    Function("LABEL", tuple(_labels())),
    Function("DATE", (_takes(dates.DATE, _DATE, _DECIMAL, _DECIMAL, _DECIMAL),)),
    Function(
        "DAYS",
        (
            _takes(dates.DAYS_BETWEEN, _DECIMAL, _DATE, _DATE),
            _takes(dates.DAYS_ELAPSED, _DECIMAL, _DATETIME, _DATETIME),
        ),
    ),
    Function("YEAR", (_takes(dates.YEAR, _DECIMAL, _DATE),)),
    Function("QUARTER", (_takes(dates.QUARTER, _DECIMAL, _DATE),)),
    Function("MONTH", (_takes(dates.MONTH, _DECIMAL, _DATE),)),
    Function("DAY", (_takes(dates.DAY, _DECIMAL, _DATE),)),
    Function("WEEKDAY", (_takes(dates.WEEKDAY, _DECIMAL, _DATE),)),
    Function("EDATE", (_takes(dates.MONTHS_LATER, _DATE, _DATE, _DECIMAL),)),
    Function("EOMONTH", (_takes(dates.END_OF_MONTH, _DATE, _DATE, _DECIMAL),)),
    Function("MONTHS", (_takes(dates.MONTHS_BETWEEN, _DECIMAL, _DATE, _DATE),)),
    Function("DATEVALUE", (_takes(dates.DATE_OF_TEXT, _DATE, _TEXT),)),
    Function("QUARTER_START", (_takes(calendar.QUARTER_START, _DATE, _DATE, _DECIMAL, optional=1),)),
    Function("QUARTER_END", (_takes(calendar.QUARTER_END, _DATE, _DATE, _DECIMAL, optional=1),)),
    Function("WORKDAY", (_takes(calendar.WORKING_DAY, _DATE, _DATE, _DECIMAL, _DAYS, optional=1),)),
    Function("NETWORKDAYS", (_takes(calendar.WORKING_DAYS, _DECIMAL, _DATE, _DATE, _DAYS, optional=1),)),
    Function("IS_WORKDAY", (_takes(calendar.IS_WORKING_DAY, _BOOLEAN, _DATE),)),
    Function("DATE_UPPER", (_takes(calendar.DATE_UPPER, _TEXT, _DATE),)),
    Function("DATE_OF", (_takes(clock.DATE_OF, _DATE, _DATETIME),)),
    Function("HOUR", (_takes(clock.HOUR, _DECIMAL, _DATETIME), _takes(clock.HOUR_OF_TIME, _DECIMAL, _TEXT))),
    Function("MINUTE", (_takes(clock.MINUTE, _DECIMAL, _DATETIME), _takes(clock.MINUTE_OF_TIME, _DECIMAL, _TEXT))),
    Function("DATETIME", (_takes(clock.MOMENT, _DATETIME, _DATE, _TEXT),)),
    Function("TIMEVALUE", (_takes(clock.SINCE_MIDNIGHT, _DURATION, _TEXT),)),
    Function("HOURS_BETWEEN", (_takes(clock.HOURS_BETWEEN, _DECIMAL, _TEXT, _TEXT),)),
    Function(
        "DURATION",
        (
            _takes(clock.DURATION, _DURATION, _DECIMAL, _DECIMAL, optional=1),
            _takes(clock.DURATION_OF_TEXT, _DURATION, _TEXT),
        ),
    ),
    Function("HOURS", (_takes(clock.HOURS, _DECIMAL, _DURATION),)),
    Function("MINUTES", (_takes(clock.MINUTES, _DECIMAL, _DURATION),)),
    Function("TODAY", (_takes(facts.TODAY, _DATE),)),
    Function("NOW", (_takes(facts.NOW, _DATETIME),)),
    Function("ME", (_takes(facts.ME, _REFERENCE),)),
    Function("STATE", (_takes(facts.STATE, _TEXT),)),
    Function("PROJECT", (Overload(takes=(), gives=Type(_REFERENCE, is_list=True), operation=facts.PROJECT),)),
)

OPERATORS: Final[Mapping[str, Function]] = {each.name: each for each in _OPERATORS}
FUNCTIONS: Final[Mapping[str, Function]] = {each.name: each for each in _FUNCTIONS}
