"""What every function is for, with an example that is run: docs/functions.md is made of this.

`python -m tests.formula_reference` writes the page anew. The Chinese name of a function means the same in a formula.
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One function."""

    name: str
    #: Accepted in its place.
    chinese: str
    #: Its arguments as the page shows them.
    arguments: str
    about: str
    #: A formula that reads nothing, and its value as a form shows it.
    example: str
    gives: str

    @property
    def call(self) -> str:
        """`ROUND(x, places)`."""
        return f"{self.name}({self.arguments})"


#: Subject → its functions, in the order of the page.
SUBJECTS: Final[Mapping[str, tuple[Entry, ...]]] = {
    "Deciding": (
        Entry(
            "IF", "如果", "condition, then, else", "one of the two; without `else`, blank", 'IF(3 > 2, "a", "b")', "a"
        ),
        Entry("AND", "且", "…", "whether all hold", "AND(TRUE, 1 = 2)", "FALSE"),
        Entry("OR", "或", "…", "whether one holds", "OR(TRUE, 1 = 2)", "TRUE"),
        Entry("NOT", "非", "x", "whether it does not hold", "NOT(1 = 2)", "TRUE"),
        Entry("BLANK", "为空", "x", "whether nothing is filled in", 'BLANK("")', "TRUE"),
        Entry("COALESCE", "首个非空", "a, b, …", "the first that is filled in", 'COALESCE("", "b")', "b"),
    ),
    "Adding up": (
        Entry("SUM", "求和", "…", "of columns, values, or both; of nothing, 0", "SUM(1.10, 2.20)", "3.3"),
        Entry("COUNT", "计数", "…", "how many are filled in", 'COUNT(1, "", "x")', "2"),
        Entry("MIN", "最小", "…", "the least number or day", "MIN(3, 2)", "2"),
        Entry("MAX", "最大", "…", "the greatest number or day", "MAX(3, 2)", "3"),
        Entry("AVERAGE", "平均", "…", "of nothing, blank", "AVERAGE(1, 2)", "1.5"),
        Entry(
            "SUMIF",
            "条件求和",
            "column, criterion, numbers",
            'over lines whose column equals the criterion or fits text such as `">=100"`; else of the column itself',
            'SUMIF(items.kind, "a", items.amount)',
            "30",
        ),
        Entry(
            "COUNTIF",
            "条件计数",
            "column, criterion",
            "how many lines there are of them",
            'COUNTIF(items.amount, ">=20")',
            "2",
        ),
        Entry(
            "AVERAGEIF",
            "条件平均",
            "column, criterion, numbers",
            "their average; of none, blank",
            'AVERAGEIF(items.kind, "a", items.amount)',
            "15",
        ),
    ),
    "Lines and tables": (
        Entry(
            "FILTER",
            "筛选",
            "values, column, criterion, …",
            "those whose lines fit, criteria as of SUMIF, any number of them; for SUM, COUNT and their kin",
            'SUM(FILTER(items.amount, items.kind, "a", items.amount, ">10"))',
            "20",
        ),
        Entry(
            "LOOKUP",
            "查找",
            "value, keys, results",
            "the result beside the greatest key that is not above a number or day, beside the first equal key of"
            " anything else; else blank",
            "LOOKUP(25, items.amount, items.kind)",
            "a",
        ),
        Entry(
            "TIER",
            "分档累进",
            "table, x",
            "each part of `x` at the rate of the band it lies in; the table's first column of numbers are lower bounds,"
            " the second rates; or `TIER(bounds, rates, x)`",
            "TIER(bands, 25)",
            "225",
        ),
        Entry(
            "PREVIOUS",
            "上一期",
            "field, …, order",
            "a field of the record before this one among those with the same fields, in the order of the last;"
            " records that were rejected, withdrawn or cancelled are passed over",
            "PREVIOUS(contract, period).paid",
            "70",
        ),
        Entry(
            "RUNNING",
            "累计",
            "column, field, …, order",
            "the sum of a field over this record and all before it, in such a series",
            "RUNNING(paid, contract, period)",
            "120",
        ),
        Entry(
            "ALLOCATE",
            "分摊",
            "total, weights, places",
            "in the formula of a line: its share of the total by its weight among all lines, so that the shares add up",
            "ALLOCATE(100, items.amount)",
            "16.67",
        ),
    ),
    "Numbers": (
        Entry(
            "ROUND",
            "四舍五入",
            "x, places",
            "half away from zero; negative places stand before the point",
            "ROUND(2.345, 2)",
            "2.35",
        ),
        Entry("ROUND_EVEN", "四舍六入", "x, places", "half to the even digit", "ROUND_EVEN(2.345, 2)", "2.34"),
        Entry("ROUNDUP", "向上舍入", "x, places", "away from zero", "ROUNDUP(2.01)", "3"),
        Entry("ROUNDDOWN", "向下舍入", "x, places", "towards zero", "ROUNDDOWN(2.99)", "2"),
        Entry(
            "MROUND", "按倍数舍入", "x, step", "to the nearest multiple, half away from zero", "MROUND(7.3, 0.5)", "7.5"
        ),
        Entry("ABS", "绝对值", "x", "without its sign", "ABS(-3.5)", "3.5"),
    ),
    "Money": (
        Entry(
            "TAX_NET",
            "不含税金额",
            "gross, rate, places",
            "the price without its tax",
            "TAX_NET(2769130.01, 11%)",
            "2494711.72",
        ),
        Entry(
            "TAX_AMOUNT",
            "税额",
            "gross, rate, places",
            "what is left of the price",
            "TAX_AMOUNT(2769130.01, 11%)",
            "274418.29",
        ),
        Entry("RMB_UPPER", "大写金额", "x", "in capital numerals", "RMB_UPPER(1680.32)", "壹仟陆佰捌拾元零叁角贰分"),
    ),
    "Text": (
        Entry("CONCAT", "连接", "…", "one text behind the other, as `&` does", 'CONCAT("A", 1)', "A1"),
        Entry(
            "LABEL",
            "选项名称",
            "choice",
            "the label of a choice in the module's own language, whoever reads it; of several choices or a column each",
            'LABEL(colour) & "-" & 1',
            "红色-1",
        ),
        Entry("LEN", "长度", "text", "how many characters", 'LEN("𠮷a")', "2"),
        Entry("LEFT", "左截取", "text, count", "its first characters", 'LEFT("2026-01", 4)', "2026"),
        Entry("RIGHT", "右截取", "text, count", "its last characters", 'RIGHT("2026-01", 2)', "01"),
        Entry(
            "MID",
            "中间截取",
            "text, start, count",
            "characters from a place on, counted from 1",
            'MID("2026-01", 3, 2)',
            "26",
        ),
        Entry("UPPER", "转大写", "text", "in capitals", 'UPPER("c30")', "C30"),
        Entry("LOWER", "转小写", "text", "in small letters", 'LOWER("C30")', "c30"),
        Entry(
            "TRIM",
            "去空格",
            "text",
            "no blanks at its ends, one of each run inside",
            'TRIM("  a   b ")',
            "a b",
        ),
        Entry(
            "SUBSTITUTE",
            "替换",
            "text, old, new",
            "with every `old` replaced",
            'SUBSTITUTE("a-b-c", "-", "/")',
            "a/b/c",
        ),
        Entry(
            "CONTAINS", "包含", "text, part", "whether the part stands in it", 'CONTAINS("混凝土C30", "C30")', "TRUE"
        ),
        Entry("STARTS_WITH", "开头是", "text, part", "whether it begins so", 'STARTS_WITH("HT-2026", "HT")', "TRUE"),
    ),
    "Days": (
        Entry("TODAY", "今天", "", "the day in the company's time zone", "TODAY()", "2026-03-02"),
        Entry("NOW", "现在", "", "the moment", "NOW()", "2026-03-02T04:00:00Z"),
        Entry(
            "DATE", "日期", "year, month, day", "that day; fails when there is none", "DATE(2026, 2, 28)", "2026-02-28"
        ),
        Entry("DATEVALUE", "转日期", "text", "the day of a text", 'DATEVALUE("2026-01-31")', "2026-01-31"),
        Entry(
            "DAYS",
            "天数",
            "end, start",
            "from start to end; of two moments with decimals",
            "DAYS(DATE(2026, 3, 1), DATE(2026, 2, 1))",
            "28",
        ),
        Entry(
            "MONTHS",
            "月数",
            "end, start",
            "the most months that EDATE can add to `start` without passing `end`",
            "MONTHS(DATE(2026, 3, 31), DATE(2026, 1, 31))",
            "2",
        ),
        Entry(
            "EDATE",
            "加月",
            "day, months",
            "so many months later, at most at the month's end",
            "EDATE(DATE(2026, 1, 31), 1)",
            "2026-02-28",
        ),
        Entry(
            "EOMONTH",
            "月末",
            "day, months",
            "the last day of the month so many months later",
            "EOMONTH(DATE(2026, 1, 15), 1)",
            "2026-02-28",
        ),
        Entry("YEAR", "年", "day", "its year", "YEAR(DATE(2026, 1, 31))", "2026"),
        Entry("MONTH", "月", "day", "1 to 12", "MONTH(DATE(2026, 1, 31))", "1"),
        Entry("DAY", "日", "day", "1 to 31", "DAY(DATE(2026, 1, 31))", "31"),
        Entry("QUARTER", "季度", "day", "1 to 4", "QUARTER(DATE(2026, 5, 1))", "2"),
        Entry("WEEKDAY", "星期", "day", "1 for Monday to 7 for Sunday", "WEEKDAY(DATE(2026, 3, 2))", "1"),
        Entry(
            "QUARTER_START",
            "季初",
            "day, quarters",
            "the first day of its quarter, or of the one so many quarters later",
            "QUARTER_START(DATE(2026, 5, 20))",
            "2026-04-01",
        ),
        Entry(
            "QUARTER_END",
            "季末",
            "day, quarters",
            "the last day of it",
            "QUARTER_END(DATE(2026, 5, 20), 1)",
            "2026-09-30",
        ),
        Entry(
            "DATE_UPPER",
            "大写日期",
            "day",
            "in capital numerals, as cheques have it",
            "DATE_UPPER(DATE(2026, 1, 15))",
            "贰零贰陆年零壹月壹拾伍日",
        ),
    ),
    "Working days": (
        Entry(
            "WORKDAY",
            "工作日",
            "day, count, off",
            "the working day so many behind the day, before it when negative; `off` is a column of further days off",
            "WORKDAY(DATE(2025, 9, 30), 1)",
            "2025-10-09",
        ),
        Entry(
            "NETWORKDAYS",
            "工作日天数",
            "from, to, off",
            "how many there are, both ends counted; negative when `to` is the earlier one",
            "NETWORKDAYS(DATE(2025, 9, 26), DATE(2025, 10, 10))",
            "6",
        ),
        Entry(
            "IS_WORKDAY",
            "是工作日",
            "day",
            "whether it is one; of years not announced yet, Monday to Friday are",
            "IS_WORKDAY(DATE(2025, 9, 28))",
            "TRUE",
        ),
    ),
    "Hours": (
        Entry(
            "HOURS_BETWEEN",
            "时段小时数",
            "from, to",
            "of two times of day; a `to` before `from` is one of the next day",
            'HOURS_BETWEEN("22:00", "06:30")',
            "8.5",
        ),
        Entry(
            "DATE_OF",
            "日期部分",
            "moment",
            "its day in the company's time zone",
            'DATE_OF(DATETIME(DATE(2026, 3, 2), "23:30"))',
            "2026-03-02",
        ),
        Entry(
            "HOUR", "小时", "moment or time", "0 to 23, of a moment in the company's time zone", 'HOUR("22:30")', "22"
        ),
        Entry("MINUTE", "分钟", "moment or time", "0 to 59", 'MINUTE("22:30")', "30"),
        Entry(
            "DATETIME",
            "日期时间",
            "day, time",
            "the moment at which the company's clocks show that",
            'DATETIME(DATE(2026, 3, 2), "23:30")',
            "2026-03-02T15:30:00Z",
        ),
        Entry(
            "DURATION",
            "时长",
            "hours, minutes",
            "a length of time; also of text such as `PT8H30M`",
            "HOURS(DURATION(8, 30))",
            "8.5",
        ),
        Entry(
            "TIMEVALUE",
            "时间值",
            "time",
            "a time of day as the length since midnight",
            'HOURS(TIMEVALUE("08:30"))',
            "8.5",
        ),
        Entry(
            "HOURS",
            "小时数",
            "length",
            "a length of time in hours, such as the difference of two moments",
            'HOURS(DURATION("P1DT12H"))',
            "36",
        ),
        Entry("MINUTES", "分钟数", "length", "the same in minutes", "MINUTES(DURATION(1.5))", "90"),
    ),
    "Around the record": (
        Entry("ME", "当前用户", "", "whoever asks", "ME()", "li_gong"),
        Entry("STATE", "当前状态", "", "the state of the record", "STATE()", "draft"),
        Entry("PROJECT", "我的项目", "", "the projects in which the asker holds the role", '"p1" = PROJECT()', "TRUE"),
    ),
}
ENTRIES: Final = tuple(entry for entries in SUBJECTS.values() for entry in entries)
#: Chinese name → name.
ALIASES: Final[Mapping[str, str]] = {entry.chinese: entry.name for entry in ENTRIES}
_CHINESE: Final[Mapping[str, str]] = {entry.name: entry.chinese for entry in ENTRIES}
#: A text, which stays as it is, or a name before its bracket.
_CALLED: Final = re.compile(r'"(?:""|[^"])*"|[A-Za-z_]+(?=\s*\()')


def localised(text: str) -> str:
    """A formula, or a piece of one, with the Chinese names of its functions; it means the same."""
    return _CALLED.sub(lambda name: _CHINESE.get(name[0].upper(), name[0]), text)
