"""Which days are worked: Monday to Friday but for single days, counted without walking from day to day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate, pairwise

import msgspec

_SATURDAY = 6


class WorkingDays(msgspec.Struct, frozen=True):
    """A calendar of working days. Days are counted by their ordinals, 1 for 1 January of the year 1, a Monday."""

    #: Days that are not what their weekday says, in order.
    _exceptions: tuple[int, ...]
    #: By how much the exceptions before each, and at the end all, change the number of working days.
    _changes: tuple[int, ...]

    @classmethod
    def of(cls, off: Iterable[date], on: Iterable[date]) -> "WorkingDays":
        """Days off from Monday to Friday, and working days on weekends; what is neither of them is passed over."""
        exceptions = {day.toordinal(): -1 for day in off if day.isoweekday() < _SATURDAY}
        exceptions |= {day.toordinal(): 1 for day in on if day.isoweekday() >= _SATURDAY}
        return cls._but_for(exceptions)

    @classmethod
    def _but_for(cls, exceptions: Mapping[int, int]) -> "WorkingDays":
        ordinals = sorted(exceptions)
        return cls(tuple(ordinals), tuple(accumulate((exceptions[each] for each in ordinals), initial=0)))

    def without(self, off: Iterable[date]) -> "WorkingDays":
        """The same with further days off; those that are off already change nothing."""
        changes = (after - before for before, after in pairwise(self._changes))
        exceptions = dict(zip(self._exceptions, changes, strict=True))
        for day in {each for each in off if self.are(each)}:
            exceptions[day.toordinal()] = exceptions.get(day.toordinal(), 0) - 1
        return self._but_for(exceptions)

    def are(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.between(day, day) == 1

    def between(self, first: date, last: date) -> int:
        """How many there are from the first day to the last; both count. `last` is not before `first`."""
        return self._until(last.toordinal()) - self._until(first.toordinal() - 1)

    def later(self, day: date, number: int) -> date:
        """The `number`-th one behind the day, or before it for a negative number; for 0 the day itself.

        Raises `OverflowError` outside the years 1 to 9999.
        """
        if not number:
            return day
        start = day.toordinal()
        wanted = self._until(start) + number if number > 0 else self._until(start - 1) + number + 1
        if not 1 <= wanted <= self._until(date.max.toordinal()):
            raise OverflowError
        ordinals = range(1, date.max.toordinal() + 1)
        return date.fromordinal(ordinals[bisect_left(ordinals, wanted, key=self._until)])

    def _until(self, ordinal: int) -> int:
        """How many there are from the year 1 to that day."""
        weeks, days = divmod(ordinal, 7)
        return 5 * weeks + min(days, 5) + self._changes[bisect_right(self._exceptions, ordinal)]
