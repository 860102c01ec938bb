"""Numbers of records: `FY-{YYYY}{MM}-{0000}` becomes FY-202611-0001, counted per month."""

import re
from datetime import date
from typing import Final

#: `{YYYY}`, `{YY}`, `{MM}`, `{DD}` of the day of creation, and one run of zeros as wide as the counter.
_PART: Final = re.compile(r"\{(YYYY|YY|MM|DD|0+)\}")

#: Of serial numbers whose field names no pattern.
PLAIN: Final = "{0000}"


def series(pattern: str, today: date) -> str:
    """The pattern with its dates filled in: records with the same one are counted together."""
    dates = {"YYYY": f"{today:%Y}", "YY": f"{today:%y}", "MM": f"{today:%m}", "DD": f"{today:%d}"}
    return _PART.sub(lambda part: dates.get(part[1], part[0]), pattern)


def numbered(counted: str, count: int) -> str:
    """The series with its counter filled in; a count wider than its zeros is written whole."""
    return _PART.sub(lambda part: str(count).zfill(len(part[1])), counted)


def is_pattern(pattern: str) -> bool:
    """Whether the pattern holds exactly one counter and no other braces."""
    counters = [part for part in _PART.findall(pattern) if part.startswith("0")]
    return len(counters) == 1 and not re.search(r"[{}]", _PART.sub("", pattern))
