"""The three engines compared, and texts tried, at a small size; `make bench-exactness` does both in full."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from engine.definition.model import Json
from engine.formula.formula import Formula
from engine.formula.scope import Facts, Found
from engine.formula.tree import Kind, Type
from engine.store.database import databases, in_memory
from tests.engine.store.builders import a_workspace
from tests.exactness import browser
from tests.exactness import databases as in_databases
from tests.exactness.fuzz import Fuzz, Hurt
from tests.exactness.stock import Given, Stock

#: Where Hypothesis begins; another number is another test.
SEED = 20_261_122
needs_node = pytest.mark.skipif(not browser.is_here(), reason="needs node")


@pytest.fixture(scope="module")
def shelf() -> Stock:
    return Stock(a_workspace(in_memory()))


@pytest.fixture(scope="module")
def shelf_on_postgres(postgres_url: str) -> Iterator[Stock]:
    everywhere, slug = databases(postgres_url), f"exactness_{os.getpid()}"
    database = everywhere.create(slug)
    try:
        yield Stock(a_workspace(database))
    finally:
        database.dispose()
        everywhere.delete(slug)


def compared(stock: Stock, cases: int) -> None:
    comparison = in_databases.Comparison([stock], cases)
    comparison.run(SEED)
    tally = comparison.tallies[stock.name]
    assert tally.differences == []
    assert tally.compared >= cases


def test_sqlite_agrees_with_python(shelf: Stock) -> None:
    compared(shelf, 1_000)


@pytest.mark.postgres
def test_postgresql_agrees_with_python(shelf_on_postgres: Stock) -> None:
    compared(shelf_on_postgres, 1_000)


@needs_node
def test_the_browser_agrees_with_python() -> None:
    with browser.browser() as asked:
        comparison = browser.Comparison(asked, 500)
        comparison.run(SEED)
    assert comparison.tally.differences == []
    assert comparison.tally.compared >= 500


def test_no_text_hurts(shelf: Stock) -> None:
    attempt = Fuzz(shelf.scope(), 300, is_timed=False)
    attempt.run(SEED)
    assert attempt.hurt == []
    assert attempt.tried >= 300


class Confused(Stock):
    """A database that takes one text for another."""

    def answers(self, given: Given, formulas: Sequence[Formula]) -> list[list[str]]:
        return [["'a'" if each == "'b'" else each for each in row] for row in super().answers(given, formulas)]


def test_a_difference_is_told_with_the_smallest_formula() -> None:
    comparison = in_databases.Comparison([Confused(a_workspace(in_memory()))], 100_000)
    comparison.run(SEED)
    (told,) = comparison.tallies["sqlite"].differences
    formula, python, sqlite, _ = told.splitlines()
    assert formula in {'"b"', "s", "t"}
    assert (python, sqlite) == ("  python: 'b'", "  sqlite: 'a'")


class Reading:
    """A scope of one field, read in a way of the test's."""

    def __init__(self, read: Callable[[Facts], Json]) -> None:
        self._found = Found(Type(Kind.DECIMAL), read)

    def find(self, parts: tuple[str, ...]) -> Found | None:
        return self._found if parts == ("a",) else None

    def known(self, _parts: tuple[str, ...]) -> dict[str, str]:
        return {"a": ""}


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (lambda _: Path(os.devnull).read_bytes() and None, "'open'"),
        (lambda facts: facts.values.get("b") and None, "has read ['b']"),
    ],
)
def test_what_reaches_past_the_record_is_noticed(read: Callable[[Facts], Json], found: str) -> None:
    with pytest.raises(Hurt) as caught:
        Fuzz(Reading(read), 1, is_timed=False).attempt(("a", {"a": 1}))
    assert found in str(caught.value)
