"""The working days of China, as the State Council announces them: with holidays, and weekends that are worked for them.

A year is announced in the November before it. Until then, and before 2004, Monday to Friday are worked: plans reach
into years that nobody has announced, and a failure would stop them all.
"""

from typing import Final

from chinese_calendar.constants import holidays, workdays

from engine.formula.calendar.working_days import WorkingDays

CHINA: Final = WorkingDays.of(holidays, workdays)
