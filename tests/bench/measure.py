"""Two ways of doing the same work, timed in turn: CPU seconds of this process, medians, one ratio.

What others do on the machine meanwhile falls on both alike; where there is a database server, its time is left out.
"""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeAlias

Work: TypeAlias = Callable[[], object]
Clock: TypeAlias = Callable[[], float]


def seconds(work: Work, clock: Clock = time.process_time) -> float:
    """How long it took, in CPU seconds of this process unless another clock is given."""
    gc.collect()
    started = clock()
    work()
    return clock() - started


def heading(left: str, right: str) -> None:
    """Above the lines of `show`."""
    print(f"{'':<46}{left:>12}{right:>14}{'ratio':>9}")


def compare(name: str, left: Work, right: Work, *, rounds: int, times: int, clock: Clock = time.process_time) -> None:
    """Run both in turn, `times` calls at a time, and print the medians; the ratio is the median over the rounds."""
    for work in (left, right):
        work()
    each = repeated(left, times), repeated(right, times)
    show(name, [tuple(seconds(work, clock) / times for work in each) for _ in range(rounds)])


def show(name: str, pairs: Sequence[tuple[float, ...]], *, note: str = "") -> None:
    """Print the medians of pairs of seconds, and the median of their ratios."""
    ratio = statistics.median(one / other for one, other in pairs)
    one, other = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"{name:<46}{one:9.3f} ms{other:11.3f} ms{ratio:8.2f} ×{note}", flush=True)


def repeated(work: Work, times: int) -> Work:
    """The work, several times."""

    def many() -> None:
        for _ in range(times):
            work()

    return many
