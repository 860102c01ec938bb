"""Joining texts and taking them apart, in SQL. A character is a code point in both databases, too.

SQLite knows letters of ASCII only, and no patterns; where more would be needed, a doubt is raised.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import pairwise
from typing import Final

from sqlalchemy import ColumnElement, Integer, Text, and_, case, cast, func, literal, not_, or_

from engine.formula.operations.text import BLANKS, MAX_TEXT, TO_LOWER, TO_UPPER
from engine.formula.tree import Kind, walk
from engine.formula.typed import MAX_CHARACTERS, Apply, Read, Typed
from engine.store.sql.operations.integers import not_whole, whole
from engine.store.sql.translation import TEXTS, Expression, InSQL, Translation, Untranslatable

#: More characters than any text has.
_MOST: Final = 10**9
_GAP: Final = 3


#: Operations that go through their first text, character by character.
_SEARCHING: Final = frozenset({"upper", "lower", "trim", "substitute", "contains"})
#: So many can go through the longest text that was put together before the characters of an evaluation run out.
_FEW: Final = MAX_CHARACTERS // MAX_TEXT


def searches_in(node: Typed) -> int:
    """How many texts a formula goes through."""
    return sum(isinstance(each, Apply) and each.operation.name in _SEARCHING for each, _ in walk(node))


def _searched(it: Translation, node: Apply) -> Expression:
    """The text that is gone through; longer ones than most are left to Python when there are others."""
    text = it.value(node.arguments[0])
    if it.searches > _FEW:
        raise Untranslatable(node)
    if it.searches > 1 and isinstance(node.arguments[0], Read):
        it.doubts.append(_length(text) > MAX_TEXT)
    return text


def _exhausts(it: Translation, node: Apply) -> Expression | None:
    """Whether going through the only text is too much already."""
    too_long = _length(it.value(node.arguments[0])) > MAX_CHARACTERS
    return it.either(*map(it.fails, node.arguments), too_long)


def _length(text: Expression) -> Expression:
    return func.length(text, type_=Integer())


def _written(it: Translation, node: Typed) -> Expression:
    """A single value as joining writes it, NULL when it is blank."""
    kind = node.type.kind
    if node.type.is_list or kind not in _WRITING:
        raise Untranslatable(node)
    return _WRITING[kind](it, node)


def _number(it: Translation, node: Typed) -> Expression:
    number = it.arithmetic.sure(it.number(node))
    if not it.is_sqlite:
        return cast(func.trim_scale(number.expression), Text())
    units = number.expression
    if not number.scale:
        return cast(units, Text())
    sign = case((units < 0, "-"), else_="")
    size, unit = it.arithmetic.magnitude(units), 10**number.scale
    digits = func.printf(f"%0{number.scale}d", size % unit)
    text = sign.concat(cast(size // unit, Text())).concat(".").concat(digits)
    return func.rtrim(func.rtrim(text, "0"), ".", type_=Text())


def _moment(it: Translation, node: Typed) -> Expression:
    text = cast(it.value(node), Text()) if it.is_sqlite else func.to_char(it.value(node), 'YYYY-MM-DD"T"HH24:MI:SS.US')
    shortest = func.rtrim(func.rtrim(func.substr(text, 1, 26), "0"), ".", type_=Text())
    return shortest.concat("Z")


def _day(it: Translation, node: Typed) -> Expression:
    day = it.value(node)
    return cast(day, Text()) if it.is_sqlite else func.to_char(day, "YYYY-MM-DD", type_=Text())


def _truth(it: Translation, node: Typed) -> Expression:
    value = it.value(node)
    return case((value, "TRUE"), (not_(value), "FALSE"))


_WRITING: Final[Mapping[Kind, Callable[[Translation, Typed], Expression]]] = {
    **dict.fromkeys(TEXTS, lambda it, node: it.value(node)),
    Kind.DECIMAL: _number,
    Kind.DATETIME: _moment,
    Kind.DATE: _day,
    Kind.BOOLEAN: _truth,
}


def _join(it: Translation, node: Apply) -> Expression:
    texts: Iterable[Expression] = (
        func.coalesce(_written(it, each), literal("", Text()), type_=Text()) for each in node.arguments
    )
    return reduce(ColumnElement.concat, texts)


def _too_long(it: Translation, node: Apply) -> Expression | None:
    """An operation that fails when its own result is too long."""
    return it.either(*map(it.fails, node.arguments), _length(it.value(node)) > MAX_TEXT)


def _part(least: Sequence[int], taken: Callable[..., Expression]) -> InSQL:
    """LEFT, RIGHT or MID; `least` says how little each of the numbers may be, those left out are 1."""

    def value(it: Translation, node: Apply) -> Expression:
        text, *numbers = node.arguments
        counts = [whole(it, each, -1, _MOST) for each in numbers] or [literal(1, Integer())]
        kept = [case((each < 0, 0), else_=each) for each in counts]
        return taken(it, it.value(text), *kept)

    def fails(it: Translation, node: Apply) -> Expression | None:
        numbers = node.arguments[1:]
        little = [whole(it, each, -1, _MOST) < limit for each, limit in zip(numbers, least, strict=False)]
        bad = [each for each in map(partial(not_whole, it), numbers) if each is not None]
        there = [it.filled(each) for each in node.arguments]
        wrong = and_(*there, or_(*little, *bad)) if numbers else None
        return it.either(_too_long(it, node), wrong)

    return InSQL(value=value, fails=fails)


def _right(_it: Translation, text: Expression, count: Expression) -> Expression:
    start = _length(text) - count + 1
    return func.substr(text, case((start < 1, 1), else_=start), type_=Text())


def _cased(name: str, letters: Mapping[int, str]) -> InSQL:
    known = {code: other for code, other in letters.items() if chr(code) != other}
    ours, theirs = "".join(map(chr, known)), "".join(known.values())
    beyond = "*[" + "".join(_ranges(sorted(code for code in known if code > 127))) + "]*"  # noqa: PLR2004 - ASCII

    def value(it: Translation, node: Apply) -> Expression:
        text = _searched(it, node)
        if not it.is_sqlite:
            return func.translate(text, literal(ours), literal(theirs), type_=Text())
        it.doubts.append(text.bool_op("GLOB")(literal(beyond)))
        return func.upper(text, type_=Text()) if name == "upper" else func.lower(text, type_=Text())

    return InSQL(value=value, fails=_too_long)


def _ranges(codes: Sequence[int]) -> Iterator[str]:
    """The characters as ranges of a pattern, those few between them too."""
    first = codes[0]
    for code, following in pairwise((*codes, codes[-1] + _GAP + 1)):
        if following - code > _GAP:
            yield f"{chr(first)}-{chr(code)}"
            first = following


def _trim(it: Translation, node: Apply) -> Expression:
    text = _searched(it, node)
    if not it.is_sqlite:
        return func.btrim(func.regexp_replace(text, f"([{BLANKS}])[{BLANKS}]+", r"\1", "g"), BLANKS, type_=Text())
    trimmed = func.trim(text, BLANKS, type_=Text())
    it.doubts.append(trimmed.bool_op("GLOB")(literal(f"*[{BLANKS}][{BLANKS}]*")))
    return trimmed


def _substitute(it: Translation, node: Apply) -> Expression:
    """Nothing where it would be too long, so that it does not fill the memory."""
    texts = [_searched(it, node), *map(it.value, node.arguments[1:])]
    return case((not_(_would_be(*texts) > MAX_TEXT), func.replace(*texts, type_=Text())))


def _would_be(text: Expression, old: Expression, new: Expression) -> Expression:
    """Length of a text in which one part is replaced by another."""
    shorter = _length(text) - _length(func.replace(text, old, literal("", Text()), type_=Text()))
    count = func.coalesce(shorter // func.nullif(_length(old), 0, type_=Integer()), 0, type_=Integer())
    return _length(text) + count * (_length(new) - _length(old))


def _substitute_fails(it: Translation, node: Apply) -> Expression | None:
    texts = [it.value(each) for each in node.arguments]
    return it.either(_exhausts(it, node), _would_be(*texts) > MAX_TEXT)


def _contains(it: Translation, node: Apply) -> Expression:
    text, part = _searched(it, node), it.value(node.arguments[1])
    return (func.instr(text, part) if it.is_sqlite else func.strpos(text, part)) > 0


def _starts_with(it: Translation, node: Apply) -> Expression:
    text, part = map(it.value, node.arguments)
    return func.substr(text, 1, _length(part), type_=Text()) == part


TEXT: Final[Mapping[str, InSQL]] = {
    "join": InSQL(value=_join, fails=_too_long),
    "length": InSQL(number=lambda it, node: it.arithmetic.whole(_length(it.value(node.arguments[0])), _MOST)),
    "left": _part((0,), lambda _it, text, count: func.substr(text, 1, count, type_=Text())),
    "right": _part((0,), _right),
    "mid": _part((1, 0), lambda _it, text, start, count: func.substr(text, start, count, type_=Text())),
    "upper": _cased("upper", TO_UPPER),
    "lower": _cased("lower", TO_LOWER),
    "trim": InSQL(value=_trim, fails=_too_long),
    "substitute": InSQL(value=_substitute, fails=_substitute_fails),
    "contains": InSQL(value=_contains, fails=_exhausts),
    "starts_with": InSQL(value=_starts_with),
}
