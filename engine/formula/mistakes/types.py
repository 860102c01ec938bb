"""Values of the wrong type: what would fit there, in the words of whoever wrote the formula."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from engine.formula.errors import FormulaProblem
from engine.formula.tree import Kind, Type
from engine.formula.typed import Apply, Constant, Read, Typed
from engine.sentences import TYPE_WORDS

_COMPARISONS: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})
_TEXT: Final = Type(Kind.TEXT)
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
#: Digits between separators.
_GROUP: Final = 3


def wrong_type(
    function: str, arguments: Sequence[Typed | None], index: int, accepted: Iterable[Type]
) -> FormulaProblem:
    """Why the argument at `index` does not fit, where values of the types in `accepted` would."""
    wrong = arguments[index]
    assert wrong is not None  # what could not be read is told already
    others = [each for place, each in enumerate(arguments) if place != index and each is not None]
    start, end, given = wrong.start, wrong.end, TYPE_WORDS[str(wrong.type)]
    accepted = tuple(accepted)
    is_column = isinstance(wrong, Read) and wrong.type.is_list and len(wrong.parts) > 1
    if isinstance(wrong, Read) and is_column and Type(wrong.type.kind) in accepted:
        path = ".".join(wrong.parts)
        return FormulaProblem("formula.whole_column", start, end, given=path, column=wrong.parts[-1])
    if function in _COMPARISONS and index == 1 and others:
        return _compared(others[0], wrong)
    if function == "IF" and index == len(("condition", "one")) and arguments[1] is not None:
        expected = TYPE_WORDS[str(arguments[1].type)]
        return FormulaProblem("formula.branches", start, end, expected=expected, given=given)
    if function == "+" and _TEXT in {wrong.type, *(each.type for each in others)}:
        return FormulaProblem("formula.joined", start, end)
    words = dict.fromkeys(TYPE_WORDS[str(each)] for each in accepted)
    return FormulaProblem("formula.type", start, end, expected=" / ".join(words), given=given)


def grouped_number(arguments: Sequence[Typed | None], *, is_certain: bool) -> FormulaProblem | None:
    """A number with separators among the arguments, of which these would make two.

    `1,000` is certain to be one, because nobody writes 000; `1,500` is so where there are too many arguments.
    """
    for one, other in pairwise(arguments):
        group, before = _digits(other), _digits(one and _last(one))
        if one is None or other is None or other.start != one.end + 1 or before is None or group is None:
            continue
        is_group = other.end - other.start == _GROUP and group == group.to_integral()
        if is_group and not (is_certain and group >= 10 ** (_GROUP - 1)):
            meant = f"{before}{int(group):0{_GROUP}}"
            start = other.start - 1 - len(str(before))
            return FormulaProblem("formula.thousands", start, other.end, given=f"{before},{group:0>3}", meant=meant)
    return None


def _digits(node: Typed | None) -> Decimal | None:
    return node.value if isinstance(node, Constant) and isinstance(node.value, Decimal) else None


def _last(node: Typed) -> Typed:
    """The value that stands at the very end of a part."""
    while isinstance(node, Apply) and node.arguments and node.arguments[-1].end == node.end:
        node = node.arguments[-1]
    return node


def _compared(left: Typed, right: Typed) -> FormulaProblem:
    """Two values of which neither can be said to be less than, or as much as, the other."""
    for one, other in ((left, right), (right, left)):
        if isinstance(other, Constant) and isinstance(other.value, str):
            if one.type.kind is Kind.DECIMAL and _NUMBER.fullmatch(other.value.strip()):
                meant = other.value.strip()
                return FormulaProblem("formula.number_as_text", other.start, other.end, meant=meant)
            if one.type.kind is Kind.DATE and (day := _DAY.fullmatch(other.value.strip())):
                meant = f"DATE({', '.join(str(int(each)) for each in day.groups())})"
                return FormulaProblem("formula.date_as_text", other.start, other.end, meant=meant)
    expected, given = TYPE_WORDS[str(left.type)], TYPE_WORDS[str(right.type)]
    return FormulaProblem("formula.compared", right.start, right.end, expected=expected, given=given)
