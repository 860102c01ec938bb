"""Names that nothing has: fields by their labels, columns outside of their lines, functions of other languages."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Final

from engine.formula.errors import FormulaProblem
from engine.formula.library.functions import FUNCTIONS
from engine.formula.library.reference import ALIASES
from engine.formula.scope import Scope
from engine.formula.tree import Kind, Path, Type
from engine.problems import nearest

#: What other programs call it → the function that does the like here.
_ELSEWHERE: Final = {
    "IFS": "IF",
    "SWITCH": "IF",
    "VLOOKUP": "LOOKUP",
    "HLOOKUP": "LOOKUP",
    "XLOOKUP": "LOOKUP",
    "SUMIFS": "FILTER",
    "COUNTIFS": "FILTER",
    "AVERAGEIFS": "FILTER",
    "CONCATENATE": "CONCAT",
    "TEXTJOIN": "CONCAT",
    "ISBLANK": "BLANK",
    "ISEMPTY": "BLANK",
    "ISNULL": "BLANK",
    "IFNULL": "COALESCE",
    "NVL": "COALESCE",
    "IFERROR": "COALESCE",
    "AVG": "AVERAGE",
    "MEAN": "AVERAGE",
    "COUNTA": "COUNT",
    "LENGTH": "LEN",
    "SUBSTR": "MID",
    "SUBSTRING": "MID",
    "DATEDIF": "DAYS",
    "DATEDIFF": "DAYS",
    "CEIL": "CEILING",
    "TRUNC": "ROUNDDOWN",
    "POW": "POWER",
}
_TRUTH: Final = {"YES": "TRUE", "NO": "FALSE", "是": "TRUE", "否": "FALSE", "真": "TRUE", "假": "FALSE"}
_NOTHING: Final = frozenset({"NULL", "NONE", "NIL", "EMPTY", "BLANK", "NA", "空", "空值"})
_LINES: Final = Type(Kind.RECORD, is_list=True)


def unknown_field(path: Path, scope: Scope) -> FormulaProblem:
    """Why there is nothing at the path, and what may have been meant."""
    wrong = next(index for index in range(len(path.parts)) if not scope.find(path.parts[: index + 1]))
    start = path.end - len(".".join(path.parts[wrong:]))
    given, known = path.parts[wrong], scope.known(path.parts)
    end = start + len(given)
    if not known:
        return FormulaProblem("formula.no_fields", start, end, given=".".join(path.parts[:wrong]))
    if labelled := _labelled(given, known):
        return FormulaProblem("formula.label", start, end, given=given, known=labelled)
    if len(path.parts) == 1:
        if column := _column(given, scope, known):
            return FormulaProblem("formula.column", start, end, given=given, known=column)
        if found := _word(given, start, end, known):
            return found
    return FormulaProblem("formula.unknown_field", start, end, given=given, known=_likely(given, known))


def unknown_function(name: str, start: int, scope: Scope, others: Collection[str]) -> FormulaProblem:
    """Why there is no such function, and which may have been meant; `name` is in capitals."""
    end, known = start + len(name), (*FUNCTIONS, *others, *ALIASES)
    fields = scope.known(("",))
    if named := next((key for key in fields if key.upper() == name), ""):
        return FormulaProblem("formula.field_as_function", start, end, given=named)
    if labelled := _labelled(name, fields) or _labelled_with_brackets(name, fields):
        return FormulaProblem("formula.label", start, end, given=name, known=labelled)
    if (meant := _ELSEWHERE.get(name)) and meant in known:
        return FormulaProblem("formula.meant", start, end, given=name, meant=f"{meant}(…)")
    close = get_close_matches(name, known, n=3, cutoff=0.6)
    return FormulaProblem(
        "formula.unknown_function", start, end, given=name, known=", ".join(close) or nearest(name, known)
    )


def _labelled(given: str, known: Mapping[str, str]) -> str:
    """The keys of the fields with this label."""
    return ", ".join(key for key, label in known.items() if label.casefold() == given.casefold())


def _labelled_with_brackets(given: str, known: Mapping[str, str]) -> str:
    """The keys of the fields whose label is this with something in brackets behind it."""
    begun = tuple(f"{given}{bracket}".casefold() for bracket in "(（")
    return ", ".join(key for key, label in known.items() if label.casefold().startswith(begun))


def _column(given: str, scope: Scope, known: Mapping[str, str]) -> str:
    """The path of a column of line items with this key or label."""
    for key in known:
        if (lines := scope.find((key,))) and lines.type == _LINES:
            columns = scope.known((key, ""))
            for column, label in columns.items():
                if given in {column, label} and scope.find((key, column)):
                    return f"{key}.{column}"
    return ""


def _word(given: str, start: int, end: int, known: Mapping[str, str]) -> FormulaProblem | None:
    """A word that is no field but means something elsewhere, unless a field is written nearly so."""
    name = given.upper()
    if name in _NOTHING:
        return FormulaProblem("formula.nothing", start, end, given=given)
    if meant := _TRUTH.get(name):
        return FormulaProblem("formula.meant", start, end, given=given, meant=meant)
    if (name in FUNCTIONS or name in ALIASES) and not get_close_matches(given, known, cutoff=0.8):
        return FormulaProblem("formula.function_as_name", start, end, given=given)
    return None


def _likely(given: str, known: Mapping[str, str]) -> str:
    """The known names, those first whose key or label is written nearly so."""
    labels: dict[str, str] = {label: key for key, label in known.items() if label}
    by_label = [labels[each] for each in get_close_matches(given, labels, n=3, cutoff=0.6)]
    by_key = get_close_matches(given, known, n=3, cutoff=0.6)
    first = list(dict.fromkeys(by_key + by_label))
    return nearest(given, (*first, *known)) if by_key else nearest("", (*first, *known))
