"""`make bench-exactness`: all of it, with the counts; exit 1 when engines differ, a text hurts or a rollup is wrong.

Options: --cases N and --operations N for each database, --browser-cases N, --texts N, --seed N, --only databases,fuzz.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from engine.store.database import databases, in_memory
from engine.usecases.attach import Folder
from tests.company import a_company, a_deployment
from tests.conftest import _found_postgres
from tests.engine.store.builders import a_workspace
from tests.exactness import browser
from tests.exactness import databases as in_databases
from tests.exactness.fuzz import Fuzz
from tests.exactness.operations import Works, publish
from tests.exactness.stock import Stock
from tests.exactness.told import Tally

MIB: Final = 2**20
#: `verify` is asked after each of these.
PARTS_OF_OPERATIONS: Final = 4
#: Growth of memory over the later three quarters of the texts that is no leak yet, in MiB: the allocator's.
GROWTH: Final = 32


def main() -> int:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="pairs of a formula and a record for each database")
    parser.add_argument("--browser-cases", type=int, default=10_000, help="pairs of a formula and a form")
    parser.add_argument("--texts", type=int, default=50_000, help="texts of the fuzzer")
    parser.add_argument("--operations", type=int, default=100_000, help="things done to records in each database")
    parser.add_argument("--seed", type=int, default=1, help="what Hypothesis begins with")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to run, separated by commas")
    given = parser.parse_args()
    found = [PARTS[each](given) for each in given.only.split(",")]
    print("\nnothing found" if all(found) else "\nFOUND SOMETHING, see above")
    return 0 if all(found) else 1


def compare_databases(given: argparse.Namespace) -> bool:
    """Python against SQLite and PostgreSQL."""
    begin = time.perf_counter()
    with ExitStack() as stack:
        stocks = [Stock(a_workspace(in_memory())), *stack.enter_context(_postgres())]
        comparison = in_databases.Comparison(stocks, given.cases)
        comparison.run(given.seed)
    for name, tally in comparison.tallies.items():
        _tell(f"Python and {name}", tally, "translated")
    print(f"  {time.perf_counter() - begin:.0f} s")
    if len(stocks) == 1:
        print(f"NOT COMPARED: PostgreSQL ({_found_postgres()[1]}; DOUGONG_TEST_DATABASE names another)")
    return len(stocks) > 1 and not any(each.differences for each in comparison.tallies.values())


@contextmanager
def _postgres() -> Iterator[list[Stock]]:
    url, _ = _found_postgres()
    if not url:
        yield []
        return
    everywhere, slug = databases(url), f"exactness_{os.getpid()}"
    database = everywhere.create(slug)
    try:
        yield [Stock(a_workspace(database))]
    finally:
        database.dispose()
        everywhere.delete(slug)


def compare_browser(given: argparse.Namespace) -> bool:
    """Python against the code of the browser."""
    if not browser.is_here():
        print("NOT COMPARED: the browser's code (no Node, or `make ready` has not run)")
        return False
    begin = time.perf_counter()
    with browser.browser() as asked:
        comparison = browser.Comparison(asked, given.browser_cases)
        comparison.run(given.seed)
    _tell("Python and the browser", comparison.tally, "run")
    print(f"  {time.perf_counter() - begin:.0f} s")
    return not comparison.tally.differences


def _tell(what: str, tally: Tally, done: str) -> None:
    share = tally.answered / tally.drawn if tally.drawn else 0
    print(f"\n{what}: {tally.compared} cases compared, {len(tally.differences)} differences")
    print(
        f"  {tally.drawn} formulas drawn, {tally.answered} {done} ({share:.0%}); without a value: {tally.failing} cases"
    )
    often = ", ".join(f"{name} {count}" for name, count in tally.operations.most_common())
    print(f"  cases by operation: {often}")
    for each in tally.differences:
        print(f"  DIFFERENCE {each}")


def fuzz(given: argparse.Namespace) -> bool:
    """Any text about any record."""
    begin = time.perf_counter()
    scope = Stock(a_workspace(in_memory())).scope()
    attempt = Fuzz(scope, given.texts // 4, is_timed=True)
    attempt.run(given.seed)
    early = _memory()
    attempt.texts = given.texts
    if not attempt.hurt:
        attempt.run(given.seed + 1_000_000)
    late = _memory()
    print(f"\nFuzz: {attempt.tried} texts, {len(attempt.hurt)} that hurt")
    print("  outcomes: " + ", ".join(f"{name} {count}" for name, count in attempt.outcomes.most_common()))
    print(f"  slowest: {attempt.slowest[0] * 1000:.1f} ms of CPU: {attempt.slowest[1]}")
    print(f"  memory after a quarter: {early:.0f} MiB, in the end: {late:.0f} MiB; {time.perf_counter() - begin:.0f} s")
    for each in attempt.hurt:
        print(f"  HURT {each}")
    if late - early > GROWTH:
        print(f"  HURT memory grows by {late - early:.0f} MiB")
    return not attempt.hurt and late - early <= GROWTH


def operate(given: argparse.Namespace) -> bool:
    """Random operations on SQLite and on PostgreSQL; then nothing may be wrong with what is kept."""
    url, reason = _found_postgres()
    with tempfile.TemporaryDirectory() as folder:
        found = _operations("SQLite", f"sqlite:///{folder}/var", Path(folder), given)
        if not url:
            print(f"NOT DONE: operations on PostgreSQL ({reason}; DOUGONG_TEST_DATABASE names another)")
        return bool(url) and _operations("PostgreSQL", url, Path(folder), given) and found


def _operations(name: str, url: str, folder: Path, given: argparse.Namespace) -> bool:
    begin = time.perf_counter()
    deployment = a_deployment(url)
    workspace = a_company(deployment, [])
    try:
        publish(workspace)
        works = Works(workspace, Folder(folder / "files"), given.seed)
        findings: list[str] = []
        for _ in range(PARTS_OF_OPERATIONS):
            works.operate(given.operations // PARTS_OF_OPERATIONS)
            findings = findings or works.findings()
    finally:
        deployment.delete(workspace.slug)
        deployment.close()
    done, refused = works.done.total(), works.refused.total()
    print(f"\nRollups on {name}: {done + refused} operations, {len(findings)} findings of verify")
    print(f"  {done} done: " + ", ".join(f"{what} {count}" for what, count in works.done.most_common()))
    print(f"  {refused} refused: " + ", ".join(f"{what} {count}" for what, count in works.refused.most_common()))
    print(f"  {time.perf_counter() - begin:.0f} s")
    for each in findings:
        print(f"  FOUND {each}")
    return not findings


def _memory() -> float:
    """MiB that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


#: What is run, in this order; each says whether nothing was found.
PARTS: Final[dict[str, Callable[[argparse.Namespace], bool]]] = {
    "databases": compare_databases,
    "browser": compare_browser,
    "fuzz": fuzz,
    "rollups": operate,
}

if __name__ == "__main__":
    sys.exit(main())
