"""Moments by the clocks of a zone, in Python and in the browser, through every change of clocks."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.model import Json
from engine.formula.formula import compile_formula
from engine.formula.scope import Facts
from engine.formula.typed import as_json
from tests.engine.formula.test_browser_twin import NODE, node
from tests.formula_scope import TableScope, facts_of, shown

SCOPE: Final = TableScope({"m": "datetime", "n": "datetime", "from": "text", "to": "text"})
#: With and without changes of clocks, at full hours and between them.
ZONES: Final = ("UTC", "Asia/Shanghai", "Asia/Kolkata", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe")
FORMULAS: Final = (
    'DATE_OF(m) & " " & HOUR(m) & ":" & MINUTE(m)',
    'DATETIME(DATE_OF(m), RIGHT("0" & HOUR(m), 2) & ":" & RIGHT("0" & MINUTE(m), 2)) & ""',
    'DATETIME(DATE_OF(m), "02:15") & ""',
)
MOMENTS: Final = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)).map(lambda each: each.replace(tzinfo=UTC))  # noqa: DTZ001
CLOCKS: Final = st.times().map(lambda each: f"{each:%H:%M}")


def value(formula: str, facts: Facts) -> Json:
    return compile_formula(formula, SCOPE).evaluate(facts)


@given(MOMENTS, st.sampled_from(ZONES))
def test_what_the_clocks_show_is_the_moment_or_one_at_which_they_showed_the_same_before(
    moment: datetime, zone: str
) -> None:
    at = moment.replace(second=0, microsecond=0)
    back = datetime.fromisoformat(value(FORMULAS[1], Facts(values={"m": at}, zone=ZoneInfo(zone))))
    assert back <= at
    assert back.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(CLOCKS, CLOCKS)
def test_hours_there_and_back_make_a_day_or_nothing(start: str, end: str) -> None:
    facts = Facts(values={"from": start, "to": end})
    there_and_back = value("HOURS_BETWEEN(from, to) + HOURS_BETWEEN(to, from)", facts)
    assert round(there_and_back, 20) == (0 if start == end else 24)


@given(MOMENTS, MOMENTS)
def test_a_length_of_time_is_read_and_made_again(moment: datetime, other: datetime) -> None:
    facts = Facts(values={"m": moment, "n": other})
    assert value("DURATION(HOURS(m - n)) = m - n", facts) is True
    assert value("DURATION(0, MINUTES(m - n)) = m - n", facts) is True


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_the_browser_has_the_same_clocks() -> None:
    random = Random(20261122)
    asked, mine = [], []
    for _ in range(700):
        moment = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(48 * 365 * 24 * 60))
        facts = {"values": {"m": moment.isoformat()}, "zone": random.choice(ZONES)}
        for text in FORMULAS:
            formula = compile_formula(text, SCOPE)
            asked.append([as_json(formula.node), facts])
            mine.append({"expect": shown(formula.evaluate(facts_of(facts)))})
    result = node("tests/vectors/outcome.ts", given=json.dumps(asked))
    assert result.returncode == 0, result.stderr
    answers = json.loads(result.stdout)
    assert [each for each in zip(asked, mine, answers, strict=True) if each[1] != each[2]] == []
