"""The working days of China as the browser's code has them; `python -m tests.formula_calendar` writes them anew.

To be done, and committed, with every new version of the library that knows them.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from chinese_calendar.constants import holidays, workdays

FILE: Final = Path(__file__).parents[1] / "web" / "assets" / "formula" / "calendar" / "china.ts"
_HEAD: Final = """\
// The exceptions of China's calendar; `python -m tests.formula_calendar` has written them, and a test compares them.

/** Year → days off from Monday to Friday, and working days on weekends: month and day of each. */
export const EXCEPTIONS: Readonly<Record<string, readonly [off: string, on: string]>> = {
"""


def text() -> str:
    """The file as it should be."""
    off = [day for day in holidays if day.isoweekday() < 6]
    on = [day for day in workdays if day.isoweekday() >= 6]
    years = sorted({day.year for day in (*off, *on)})
    return _HEAD + "".join(f'  "{year}": ["{_of(year, off)}", "{_of(year, on)}"],\n' for year in years) + "};\n"


def _of(year: int, days: Iterable[date]) -> str:
    return " ".join(f"{day:%m%d}" for day in sorted(days) if day.year == year)


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
