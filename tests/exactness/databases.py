"""Python against the databases: many formulas of a draw in one statement, over many records."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlalchemy.exc import DBAPIError

from engine.formula.errors import FormulaProblems
from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.store.sql.expression import Untranslatable
from tests.exactness import stock
from tests.exactness.expressions import expressions
from tests.exactness.stock import GRAMMAR, Draw, Given, Stock, draws
from tests.exactness.told import Differs, Tally, answer, rounds

#: Formulas of one draw.
FORMULAS: Final = 10


def likely(stocks: Sequence[Stock]) -> SearchStrategy[str]:
    """Formulas of every shape, most of them of those that a database can run by themselves."""
    facts = Facts(values={})

    def is_answered(text: str) -> bool:
        return any(_translates(each, each.formula(text), facts) for each in stocks)

    meant = GRAMMAR.only(cache(lambda shape: _compiles(stocks[0], GRAMMAR.simple(shape))))
    answered = meant.only(cache(lambda shape: is_answered(GRAMMAR.simple(shape))))
    return st.one_of(*[expressions(answered)] * 7, expressions(meant))


def _compiles(stock: Stock, text: str) -> bool:
    """Whether the formula may stand at a record: some stand in lines only."""
    try:
        stock.formula(text)
    except FormulaProblems:
        return False
    return True


def _translates(stock: Stock, formula: Formula, facts: Facts) -> bool:
    try:
        stock.translates(formula, facts)
    except Untranslatable:
        return False
    return True


class Comparison:
    """Python and some databases, until each has answered often enough."""

    def __init__(self, stocks: Sequence[Stock], cases: int) -> None:
        self.stocks, self.cases = stocks, cases
        self.asked = stocks
        self.tallies: Mapping[str, Tally] = {each.name: Tally() for each in stocks}

    def run(self, begin: int) -> None:
        """Compare; differences are in the tallies."""
        for differs in rounds(
            draws(likely(self.stocks), FORMULAS), self.compare, begin=begin, is_enough=self._is_enough, ends=Differs
        ):
            self.tallies[differs.engine].differences.append(str(differs))

    def _is_enough(self) -> bool:
        self.asked = [each for each in self.stocks if self.tallies[each.name].compared < self.cases]
        return not self.asked

    def compare(self, draw: Draw) -> None:
        """Ask everybody about one draw; raises `Differs`."""
        given = stock.given(draw)
        formulas = [
            self.stocks[0].formula(text) for text in dict.fromkeys(draw.texts) if _compiles(self.stocks[0], text)
        ]
        about = self.stocks[0].about(given)
        truth = {each.text: [answer(each, facts, stock.shown) for facts in about] for each in formulas}
        for each in self.asked:
            self._compare(each, given, formulas, truth, about)

    def _compare(
        self,
        stock: Stock,
        given: Given,
        formulas: Sequence[Formula],
        truth: Mapping[str, Sequence[str]],
        about: Sequence[Facts],
    ) -> None:
        tally = self.tallies[stock.name]
        answered = [each for each in formulas if _translates(stock, each, given.facts)]
        tally.drawn += len(formulas)
        if not answered:
            return
        stock.put(given)
        for formula, theirs in zip(answered, _answers(stock, given, answered), strict=True):
            for facts, mine, other in zip(about, truth[formula.text], theirs, strict=True):
                # What has no value has none in SQL either, where nobody can say why.
                if other != ("blank" if mine.startswith("fails") else mine):
                    raise Differs(stock.name, formula.text, _told(facts, formula), mine, other)
                tally.failing += mine.startswith("fails")
            tally.add(formula, len(about))


def _answers(stock: Stock, given: Given, formulas: Sequence[Formula]) -> list[list[str]]:
    """Of each formula what the database says; an error that it ends in is an answer too."""
    try:
        return stock.answers(given, formulas)
    except DBAPIError as error:
        if len(formulas) == 1:
            return [[f"error: {str(error.orig).splitlines()[0]}"] * len(given.cases)]
        return [_answers(stock, given, [each])[0] for each in formulas]


def _told(facts: Facts, formula: Formula) -> object:
    """Of the facts those that the formula reads."""
    wanted = {path[0] for path in formula.reads}
    told = {key: value for key, value in facts.values.items() if key in wanted}
    behind = {key: value for key, value in facts.references.items() if formula.through}
    return {"values": told, "references": behind, "now": facts.now, "today": facts.today, "state": facts.state}
