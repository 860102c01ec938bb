"""Comparison and decision in SQL. `=`, membership and BLANK() answer TRUE or FALSE only, as they do in Python."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Text, and_, case, collate, false, func, literal, not_, or_, true
from sqlalchemy.sql.elements import Grouping

from engine.formula.tree import Kind
from engine.formula.typed import Apply, Read, Typed
from engine.store.sql.numbers import Number, Ratio
from engine.store.sql.operations.items import is_empty, is_item, lines_of
from engine.store.sql.translation import NUMBERS, TEXTS, Expression, InSQL, Translation, Untranslatable


def _compared(compare: Callable[[Any, Any], Any]) -> InSQL:
    def value(it: Translation, node: Apply) -> Expression:
        compared: Expression = compare(*_pair(it, node))
        return compared

    return InSQL(value=value)


def _pair(it: Translation, node: Apply) -> tuple[Expression, Expression]:
    """Two operands of the same kind, ready to be compared."""
    left, right = node.arguments
    kinds = {left.type.kind, right.type.kind}
    if kinds & NUMBERS:
        one, other = it.arithmetic.comparable(it.measured(left), it.measured(right))
        return one.expression, other.expression
    one_value, other_value = it.value(left), it.value(right)
    if not it.is_sqlite and Kind.TEXT in kinds:
        return collate(one_value, "C"), other_value
    return one_value, other_value


def _equal(it: Translation, node: Apply) -> Expression:
    left, right = node.arguments
    kinds = {left.type.kind, right.type.kind}
    if kinds & TEXTS:
        return _equal_texts(it, left, right)
    one, other = map(Grouping, _pair(it, node))  # or “a IS” and “NOT b” would become “a IS NOT b”
    if kinds & NUMBERS and any(isinstance(it.measured(each), Ratio) for each in node.arguments):
        blank = [not_(it.filled(each)) for each in node.arguments]
        return or_(and_(*blank), func.coalesce(one == other, false()))
    return one.is_not_distinct_from(other)


def _equal_texts(it: Translation, left: Typed, right: Typed) -> Expression:
    for known, other in ((left, right), (right, left)):
        if it.is_known(known):
            text = it.text(other)
            if sought := it.known(known):
                return and_(text == literal(sought, Text()), text.is_not(None))
            return or_(text.is_(None), text == "")
    one, two = (func.nullif(it.text(each), "") for each in (left, right))
    return one.is_not_distinct_from(two)


def _among(it: Translation, node: Apply) -> Expression:
    member, members = reversed(node.arguments) if node.arguments[0].type.is_list else node.arguments
    if it.is_known(members):
        ids = it.known(members) or ()
        if member.type.kind not in TEXTS:
            raise Untranslatable(node)
        assert isinstance(ids, tuple)
        text = it.text(member)
        return true() if "" in ids else and_(text.is_not(None), text.in_(ids))
    if not isinstance(members, Read):
        raise Untranslatable(members)
    if member.type.kind in TEXTS:
        return is_item(it, members.parts, func.nullif(it.text(member), "", type_=Text()))
    lines, rest = lines_of(it, members)
    item = lines.source.column(rest)
    if member.type.kind in NUMBERS:
        number = it.arithmetic.column(item.expression, item.scale)
        one, other = it.arithmetic.aligned(number, it.arithmetic.sure(it.number(member)))
        return lines.any(one.expression.is_not_distinct_from(other.expression))
    return lines.any(item.expression.is_not_distinct_from(it.value(member)))


def _blank(it: Translation, node: Apply) -> Expression:
    (argument,) = node.arguments
    if isinstance(argument, Read) and argument.type.is_list:
        return is_empty(it, argument.parts)
    if argument.type.is_list:
        raise Untranslatable(argument)
    if argument.type.kind in NUMBERS:
        return not_(it.filled(argument))
    if argument.type.kind in TEXTS:
        text = it.text(argument)
        return or_(text.is_(None), text == "")
    return it.value(argument).is_(None)


def _chosen(it: Translation, node: Apply) -> Expression:
    condition, *branches = node.arguments
    decided = it.value(condition)
    then, *otherwise = map(it.value, branches)
    return case((decided, then), *((not_(decided), each) for each in otherwise))


def _chosen_number(it: Translation, node: Apply) -> Number:
    condition, *branches = node.arguments
    decided = it.value(condition)
    then, otherwise = (*map(it.number, branches), it.arithmetic.constant(None))[:2]
    then, otherwise = it.arithmetic.aligned(then, otherwise)
    chosen = case((decided, then.expression), (not_(decided), otherwise.expression))
    return Number(chosen, then.scale, max(then.bound, otherwise.bound))


def _first(it: Translation, node: Apply) -> Expression:
    values = [it.value(each) for each in node.arguments]
    if node.type.kind in TEXTS:
        values = [func.nullif(each, "", type_=Text()) for each in values]
    return func.coalesce(*values)


def _first_number(it: Translation, node: Apply) -> Number:
    first, *others = map(it.number, node.arguments)
    for each in others:
        first, other = it.arithmetic.aligned(first, each)
        chosen = func.coalesce(first.expression, other.expression)
        first = Number(chosen, first.scale, max(first.bound, other.bound))
    return first


def _stops(goes_on: Callable[[Translation, Typed], Expression]) -> Callable[[Translation, Apply], Expression | None]:
    """When an operation fails that looks at its operands one by one, as long as it goes on behind each."""

    def fails(it: Translation, node: Apply) -> Expression | None:
        return _from(it, node.arguments)

    def _from(it: Translation, arguments: Sequence[Typed]) -> Expression | None:
        first, *rest = arguments
        behind = _from(it, rest) if rest else None
        if behind is not None:
            behind = and_(goes_on(it, first), behind)
        return it.either(it.fails(first), behind)

    return fails


def _is_not(answer: bool) -> Callable[[Translation, Typed], Expression]:  # noqa: FBT001 - an answer, not a switch
    """Whether a condition is the other answer, or unknown."""
    return lambda it, node: func.coalesce(it.value(node) != literal(answer), true())


def _is_unfilled(it: Translation, node: Typed) -> Expression:
    if node.type.kind in NUMBERS:
        return not_(it.filled(node))
    value = it.value(node)
    return or_(value.is_(None), value == "") if node.type.kind in TEXTS else value.is_(None)


def _choice_fails(it: Translation, node: Apply) -> Expression | None:
    condition, *branches = node.arguments
    decided = it.value(condition)
    whens = [decided, not_(decided)]
    failing = [it.fails(each) for each in branches]
    taken = [and_(when, each) for when, each in zip(whens, failing, strict=False) if each is not None]
    return it.either(it.fails(condition), *taken)


LOGIC: Final[Mapping[str, InSQL]] = {
    "less": _compared(operator.lt),
    "at_most": _compared(operator.le),
    "more": _compared(operator.gt),
    "at_least": _compared(operator.ge),
    "equal": InSQL(value=_equal),
    "among": InSQL(value=_among),
    "among_ids": InSQL(value=_among),
    "and": InSQL(value=lambda it, node: and_(*map(it.value, node.arguments)), fails=_stops(_is_not(False))),
    "or": InSQL(value=lambda it, node: or_(*map(it.value, node.arguments)), fails=_stops(_is_not(True))),
    "not": InSQL(value=lambda it, node: not_(*map(it.value, node.arguments))),
    "if": InSQL(value=_chosen, number=_chosen_number, fails=_choice_fails),
    "first": InSQL(value=_first, number=_first_number, fails=_stops(_is_unfilled)),
    "blank": InSQL(value=_blank),
    "state": InSQL(value=lambda it, _node: it.source.rows.c.state),
}
