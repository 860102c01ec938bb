"""Random formulas that are well typed, and random facts for them, out of any `random.Random`."""

import re
from random import Random
from typing import Any, Final

from engine.definition.model import Json
from tests.formula_scope import TableScope

#: What formulas may name, and its type.
TYPES: Final = {
    "a": "decimal",
    "b": "decimal",
    "c": "decimal",
    "s": "text",
    "t": "text",
    "k": "text a=甲 b=乙",
    "p": "boolean",
    "q": "boolean",
    "d": "date",
    "e": "date",
    "m": "datetime",
    "n": "datetime",
    "r": "reference",
    "r.a": "decimal",
    "items": "record[]",
    "items.a": "decimal[]",
    "items.b": "decimal[]",
    "items.d": "date[]",
    "items.s": "text[]",
    "items.k": "text[] a=甲 b=乙",
}
SCOPE: Final = TableScope(TYPES, lines="items")
NUMBERS: Final = (
    *("0", "-0.00", "1", "-1", "2", "3", "0.5", "2.50", "-2.5", "0.005", "1.005", "12345678.90", "7E+40", "1E-38"),
    *("9999999999999999999999999999999999", "0.3333333333333333333333333333333333", "1E+99", "-9.99E+98", "NaN"),
)
TEXTS: Final = ("", "a", "b", "ab", "A", "张三", "😀", "\uffff", "5", "TRUE", "a　 B ", "ßǆΣ𠮷", "2024-02-29", "22:30")
DAYS: Final = ("0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "2026-01-31", "2026-03-01", "9999-12-31")
MOMENTS: Final = (
    *("0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2026-03-01T00:30:00+08:00", "2026-02-28T16:30:00Z"),
    *("2026-02-28T16:30:00.5Z", "9999-12-31T23:59:59Z"),
)
LEAVES: Final = {
    "decimal": ("a", "b", "c", "r.a", "0", "1", "2.5", "100", "0.01"),
    "text": ("s", "t", '""', '"a"', '"😀"', "STATE()"),
    "boolean": ("p", "q", "TRUE", "FALSE"),
    "date": ("d", "e", "TODAY()", "DATE(2026, 1, 31)"),
    "datetime": ("m", "n", "NOW()"),
    "duration": ("(m - n)", "(NOW() - m)"),
    "reference": ("r", "ME()"),
}
#: How a formula of a kind is put together of formulas of kinds.
SHAPES: Final = {
    "decimal": (
        *("{decimal} + {decimal}", "{decimal} - {decimal}", "{decimal} * {decimal}", "{decimal} / {decimal}"),
        *("-{decimal}", "({decimal})%", "ABS({decimal})", "ROUND({decimal}, 2)", "ROUND({decimal}, {decimal})"),
        *("ROUNDUP({decimal}, 1)", "ROUNDDOWN({decimal}, -1)", "ROUND_EVEN({decimal}, 2)", "MROUND({decimal}, 0.05)"),
        *("SUMIF(items.s, {text}, items.a)", "COUNTIF(items.a, {decimal})", "AVERAGEIF(items.d, {date}, items.a)"),
        *('COUNTIF(items.a, ">" & {decimal})', "SUMIF(items.a, {text})", "AVERAGEIF(items.a, {text})"),
        *("SUM(FILTER(items.a, items.s, {text}))", "COUNT(FILTER(items, items.a, {text}, items.d, {date}))"),
        *("MAX(FILTER(items.a, items.a, {decimal}, items.s, {text}))", "LOOKUP({decimal}, items.a, items.a)"),
        *("LOOKUP({date}, items.d, items.a)", "LOOKUP({text}, items.s, items.a)"),
        *("ALLOCATE({decimal}, items.a)", "ALLOCATE({decimal}, items.b, {decimal})"),
        *(
            "TIER(items, {decimal})",
            "TIER(items.b, items.a, {decimal})",
            "TIER(FILTER(items, items.s, {text}), {decimal})",
        ),
        *("TAX_NET({decimal}, 0.13)", "TAX_AMOUNT({decimal}, {decimal})", "COALESCE({decimal}, {decimal})"),
        *("ROUND({decimal}, -1)", "SUM(items.a, {decimal})", "SUM(items.a)", "AVERAGE({decimal}, items.a)"),
        *("MIN({decimal}, items.a)", "MAX({decimal}, {decimal})", "COUNT(items.s, {text}, {decimal}, items)"),
        *("{date} - {date}", "DAYS({date}, {date})", "DAYS({datetime}, {datetime})"),
        *("LEN({text})", "LEN({text} & {text})", "MONTHS({date}, {date})", "WEEKDAY({date})"),
        *("HOUR({datetime})", "MINUTE({datetime})", "HOUR({text})", 'HOURS_BETWEEN({text}, "06:00")'),
        *("HOURS({duration})", "MINUTES({duration})"),
        *("NETWORKDAYS({date}, {date})", "NETWORKDAYS(WORKDAY({date}, 9), {date}, items.d)"),
        *("YEAR({date})", "MONTH({date})", "DAY({date})", "QUARTER({date})"),
    ),
    "text": (
        "RMB_UPPER({decimal})",
        "DATE_UPPER({date})",
        "LABEL(k)",
        "COALESCE({text}, {text}, {text})",
        "{text} & {decimal}",
        "CONCAT({boolean}, {date}, {reference})",
        "{datetime} & {text}",
        *("LEFT({text})", "LEFT({text}, {decimal})", "RIGHT({text}, LEN({text}))", "RIGHT({text}, 1)"),
        *("MID({text}, 2, {decimal})", "MID({text} & {text}, {decimal}, 3)", "UPPER({text})", "LOWER({text})"),
        *("LOOKUP({decimal}, items.a, items.s)", "LOOKUP({text}, items.s, items.s)"),
        *("TRIM({text} & {text})", "SUBSTITUTE({text}, {text}, {text})", 'SUBSTITUTE({text} & {text}, "a", {text})'),
    ),
    "boolean": (
        *("{decimal} < {decimal}", "{decimal} >= {decimal}", "{decimal} = {decimal}", "{decimal} <> {decimal}"),
        *(
            "{text} <= {text}",
            "{text} > {text}",
            "{text} = {text}",
            "{date} < {date}",
            "{date} <> {date}",
            '{date} >= "2026-01-31"',
        ),
        *("{datetime} >= {datetime}", "{datetime} = {datetime}", "{duration} < {duration}", "{duration} = {duration}"),
        *("{reference} = {reference}", "{reference} = {text}", "{reference} = PROJECT()", "{text} <> PROJECT()"),
        *("{decimal} = FILTER(items.a, items.s, {text})", "{text} = FILTER(items.s, items.a, {decimal})"),
        *("{text} = items.s", "{decimal} = items.a", "items.d <> {date}", "{boolean} = {boolean}"),
        *("AND({boolean}, {boolean}, {boolean})", "OR({boolean}, {boolean})", "NOT({boolean})"),
        *("BLANK({decimal})", "BLANK({text})", "BLANK(items)", "BLANK({date})"),
        "IS_WORKDAY({date})",
        "{text} = LABEL(items.k)",
        *("CONTAINS({text} & {text}, {text})", "STARTS_WITH({text}, LEFT({text}))"),
    ),
    "date": (
        "{date} + ROUND({decimal})",
        "{date} - 1",
        "{date} + {decimal}",
        "DATE(2026, {decimal}, 1)",
        "MAX({date}, items.d)",
        *("LOOKUP({date}, items.d, items.d)", "MIN(FILTER(items.d, items.s, {text}))"),
        *("EDATE({date}, {decimal})", "EDATE({date}, MONTHS({date}, {date}))", "EOMONTH({date}, {decimal})"),
        "DATE_OF({datetime})",
        *("WORKDAY({date}, {decimal})", "WORKDAY({date}, -3)", "WORKDAY({date}, ROUND({decimal}))"),
        *("QUARTER_START({date})", "QUARTER_END({date}, {decimal})"),
        *("EOMONTH({date}, -1)", 'DATEVALUE({date} & "")', "DATEVALUE({text})"),
    ),
    "datetime": (
        "{datetime} + {duration}",
        "{datetime} - {duration}",
        "MIN({datetime}, {datetime})",
        'DATETIME({date}, "22:30")',
        "DATETIME({date}, {text})",
    ),
    "duration": (
        "{datetime} - {datetime}",
        "({duration}) + ({duration})",
        "({duration}) - ({duration})",
        "DURATION({decimal}, 30)",
        "DURATION({text})",
        "TIMEVALUE({text})",
    ),
    "reference": ("IF({boolean}, {reference}, {reference})",),
}


def formula(random: Random, kind: str, depth: int = 4) -> str:
    """A formula of the kind."""
    if depth == 0 or random.random() < 0.1:
        return random.choice(LEAVES[kind])
    shape = random.choice((*SHAPES[kind], f"IF({{boolean}}, {{{kind}}}, {{{kind}}})", f"({{{kind}}})"))
    return re.sub(r"\{(\w+)\}", lambda part: f"({formula(random, part[1], depth - 1)})", shape)


def any_formula(random: Random) -> str:
    """A formula of a kind that a form can show."""
    return formula(random, random.choice(("decimal", "text", "boolean", "date", "reference")))


def any_facts(random: Random) -> dict[str, Any]:
    """Facts as cases write them; anything may be missing."""

    def one(pool: tuple[Any, ...]) -> Json:
        return random.choice((None, *pool))

    def line() -> dict[str, Any]:
        return {"a": one(NUMBERS), "b": one(NUMBERS), "d": one(DAYS), "s": one(TEXTS), "k": one(("a", "gone"))}

    values = {
        **{key: one(NUMBERS) for key in "abc"},
        **{key: one(TEXTS) for key in "st"},
        "k": one(("a", "b", "gone")),
        **{key: one((True, False)) for key in "pq"},
        **{key: one(DAYS) for key in "de"},
        **{key: one(MOMENTS) for key in "mn"},
        "r": one(("p1", "p2")),
        "items": [line() for _ in range(random.randint(0, 4))],
    }
    return {
        "values": values,
        "references": {"p1": {"a": one(NUMBERS)}},
        "place": random.randint(0, 3),
        "projects": random.choice(([], ["p1"], [""], ["p2", "a"])),
        "actor": random.choice(("", "p1")),
        "state": random.choice(("", "a")),
        "now": random.choice(MOMENTS[2:5]),
        "today": random.choice(DAYS),
        "zone": random.choice(("UTC", "Asia/Shanghai", "America/New_York")),
    }
