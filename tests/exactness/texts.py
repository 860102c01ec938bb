"""Texts that are no formulas, or hardly, and records as odd as a database or a sender could make them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from engine.formula.library.functions import FUNCTIONS, OPERATORS
from engine.formula.library.reference import ALIASES
from tests.exactness.expressions import expressions
from tests.exactness.stock import CASE, GRAMMAR

_CORPUS: Final = Path(__file__).parents[1] / "engine/formula/escapes.txt"
_NAMES: Final = (
    *CASE,
    "items.a",
    "items.s",
    "items.d",
    "r.a",
    "r.above.above.s",
    "created_at",
    "id",
    "nobody",
    "a.a.a",
)
_LITERALS: Final = (
    *("0", "1", "-1", "2.50", "9" * 34, "9" * 35, "0." + "3" * 33, "1e9999999", "1E5", "5%", '"a"', '""', '"😀"'),
    *('">=1"', '"2026-02-30"', "TRUE", "FALSE", '"' + "a" * 500 + '"', '"' + '""' * 200 + '"'),
)
_SIGNS: Final = (
    *OPERATORS,
    "<>",
    "-",
    "(",
    ")",
    ",",
    " ",
    "\n",
    "\u3000",
    "=",
    '"',
    ".",
    "%",
    "（",
    "）",
    "，",
    "＋",
    "'",
)
_TRICKS: Final = (
    "\u202e",
    "\u200b",
    "\ufeff",
    "ﬁ",
    "İ",
    "ı",
    "ß",
    "а",
    "ＳＵＭ",
    "²",
    "٣",
    "\ud800",
    "\x00",
    "\x1b",
    "é",
    "́",
    "∞",
)
_CALLS: Final = tuple(f"{name}(" for name in (*FUNCTIONS, *ALIASES, "NOBODY"))
PIECES: Final = st.sampled_from((*_NAMES, *_LITERALS, *_SIGNS, *_TRICKS, *_CALLS))
FORMULAS: Final = expressions(GRAMMAR, depth=4)
_MANY: Final = st.sampled_from((1, 2, 5, 30, 63, 64, 65, 300, 1_000, 4_000, 200_000))


def corpus() -> tuple[str, ...]:
    """The kept attempts to get out of the language."""
    lines = (each for each in _CORPUS.read_text("utf-8").splitlines() if not each.startswith("#"))
    return tuple(_repeated(each) for each in lines)


def _repeated(line: str) -> str:
    times, _, text = line.removeprefix("*").partition(" ")
    return text * int(times) if line.startswith("*") and times.isdigit() else line


@st.composite
def _mutated(draw: DrawFn) -> str:
    """A formula in which a few places were cut, repeated or overwritten."""
    text = draw(FORMULAS)
    for _ in range(draw(st.integers(1, 4))):
        begin, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        middle = draw(st.sampled_from(("", text[begin:end] * 2)) | PIECES | st.text(max_size=3))
        text = text[:begin] + middle + text[end:]
    return text


@st.composite
def _nested(draw: DrawFn) -> str:
    """Something opened often and closed as often, or not."""
    opened, closed = draw(
        st.sampled_from(
            (
                *(
                    ("(", ")"),
                    ("-(", ")"),
                    ("IF(p,", ",1)"),
                    ("SUM(1,", ")"),
                    ("UPPER(", ")"),
                    ("s&(", ")"),
                    ('"', '"'),
                ),
                *(
                    ("NOT(", ")"),
                    ("CONCAT(s,", ",s)"),
                    ('SUBSTITUTE(s,"a",', ")"),
                    ("(1+", ")"),
                    ("a=(", ")"),
                    ("IF(", ""),
                ),
                *(("FILTER(items.a,items.a,", ")"), ("TIER(FILTER(items,items.a,", "),1)"), ("COALESCE(s,", ")")),
            )
        )
    )
    times = draw(_MANY)
    return opened * times + draw(FORMULAS | PIECES) + closed * draw(st.sampled_from((times, times, 0, times + 1)))


@st.composite
def _wide(draw: DrawFn) -> str:
    """A call of very many arguments, or a very long row of something."""
    if draw(st.booleans()):
        return draw(PIECES) * draw(_MANY)
    name = draw(st.sampled_from((*FUNCTIONS, *ALIASES)))
    arguments = draw(st.lists(FORMULAS | PIECES, min_size=1, max_size=3))
    return f"{name}({', '.join(arguments * draw(st.sampled_from((1, 2, 30, 150, 400))))})"


TEXTS: Final[SearchStrategy[str]] = st.one_of(
    FORMULAS,
    _mutated(),
    _nested(),
    _wide(),
    st.lists(PIECES, max_size=40).map("".join),
    st.text(st.characters(), max_size=60),
    st.sampled_from(corpus()),
)

_LONG: Final = ("a" * 32_767, "张" * 32_768, "a" * 20_000 + "b", " " * 100_000, "1" * 100_000, "<" + " " * 60_000 + "1")
_NUMBERS: Final = (
    *(
        Decimal("1234567890" * 4),
        Decimal("-0"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("-Infinity"),
    ),
    *(Decimal("1E+99"), Decimal("9" * 34 + "E+66"), Decimal("1E-99"), Decimal("1E+999999"), Decimal("1E-999999")),
    *(Decimal("1." + "3" * 60_000), 10**100_000, -(10**40), 0, 1, Decimal(7), Decimal("0.5"), 1.5, float("nan"), 1e308),
)
_DAYS: Final = (
    *("0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-W05-6", "-2026-01-01", "٢٠٢٦-01-01"),
    *(date(1, 1, 1), date(9999, 12, 31), datetime(2026, 1, 1, tzinfo=UTC), "2024-02-29"),
)
_MOMENTS: Final = (
    *(
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-01-01T25:00:00Z",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
    ),
    *(datetime(2026, 1, 1), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)),  # noqa: DTZ001
)
_OTHERS: Final = (
    None,
    True,
    False,
    "",
    "a",
    "t0",
    "\x00",
    "\ud800",
    [],
    {},
    [[]],
    {"a": {"a": {}}},
    ["a", None, 1, {}],
    b"a",
    object(),
)
#: Lists long enough to matter, made once.
_LINES: Final = (
    *((), None, [{}], [None], [1], "a", {"a": 1}, [{"a": Decimal("NaN"), "s": 1}]),
    [
        {"a": Decimal(number % 7), "s": "ab"[number % 2], "d": "2026-01-01", "b": number, "p": True}
        for number in range(6_000)
    ],
    [{"a": Decimal(1), "s": "张" * 9, "d": date(2026, 1, 1)}] * 30_000,
)


def _one_of(*pools: tuple[Any, ...]) -> SearchStrategy[Any]:
    """Mostly of the first pool."""
    first, *others = pools
    rest = tuple(value for pool in others for value in pool)
    return st.one_of(st.sampled_from(first), st.sampled_from(first), st.sampled_from((*rest, *_OTHERS)))


_NUMBER, _WORD = _one_of(_NUMBERS, _DAYS, _LONG), _one_of(_LONG, _NUMBERS, _DAYS)
_DAY, _MOMENT = _one_of(_DAYS, _MOMENTS, _NUMBERS), _one_of(_MOMENTS, _DAYS)
#: Values of a case that no form would let pass.
ODD: Final[SearchStrategy[Mapping[str, Any]]] = st.fixed_dictionaries(
    {
        **dict.fromkeys("abcf", _NUMBER),
        **dict.fromkeys("st", _WORD),
        **dict.fromkeys("pq", _one_of((True, False), _NUMBERS)),
        **dict.fromkeys("de", _DAY),
        **dict.fromkeys("mn", _MOMENT),
        "r": _one_of(("t0", "t1", "gone")),
        "u": _one_of(("li.na",)),
        "k": _one_of((["a"], ["a"] * 20_000, [None])),
        "items": _one_of(_LINES),
        "created_at": _MOMENT,
    }
)
