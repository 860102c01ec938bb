"""A day-labour sheet by decision tables, from a firm's rules: nine hours are a day, evenings count by when they end.

Until 22:30 it is half a day more, until midnight one, until two o'clock one and a half, through the night two; slack
work counts half. What must come out stands in a sheet worked out by hand.
"""

from decimal import Decimal
from typing import Any, Final

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.formula.explain import explain
from engine.formula.scope import Facts
from engine.runtime.values.compute import compute
from tests.engine.definitions import MONEY, QUANTITY, TEXT, YES, an_entity, computed, lines

RATES: Final = {"杂工": 130, "泥工": 180, "架工": 200, "钢筋工": 240, "木工": 260}


def table(fields: str, *rows: tuple[Json, ...]) -> dict[str, Any]:
    """Cells from left to right, behind them the value."""
    return {"fields": fields.split(), "rows": [{"when": list(row[:-1]), "value": row[-1]} for row in rows]}


def a_sheet() -> CompiledEntity:
    evenings = table(
        "overnight until past_six",
        (True, None, None, "2"),
        (None, '""', None, "0"),
        (None, None, "<= 4.5", "0.5"),
        (None, None, "<= 6", "1"),
        (None, None, "<= 8", "1.5"),
        (None, None, None, "2"),
    )
    rates = {**table("trade", *((trade, str(rate)) for trade, rate in RATES.items())), "hit": "unique"}
    columns = {
        "trade": {"title": "工种", "enum": [*RATES]},
        "hours": QUANTITY,
        "until": {"title": "加班至", "x-type": "time"},
        "overnight": YES,
        "is_slack": YES,
        "past_six": computed('HOURS_BETWEEN("18:00", until)', QUANTITY),
        "evening": {**QUANTITY, "x-table": evenings},
        "share": {**QUANTITY, "x-table": table("is_slack", (True, "0.5"), (None, "1"))},
        "days": computed("ROUND((hours / 9 + evening) * share, 1)", QUANTITY),
        "rate": {**MONEY, "x-table": rates},
        "amount": computed("days * rate"),
    }
    totals = {
        "days": computed("SUM(items.days)", QUANTITY),
        "amount": computed("SUM(items.amount)"),
        "words": computed("RMB_UPPER(amount)", TEXT),
    }
    return an_entity({"items": lines(**columns), **totals})


def row(trade: str, hours: str, until: str = "", **more: bool) -> dict[str, Any]:
    return {"trade": trade, "hours": Decimal(hours), **({"until": until} if until else {}), **more}


SHEET: Final = (
    (row("杂工", "9", "22:00"), "1.5", "195"),
    (row("泥工", "9", "23:40"), "2", "360"),
    (row("架工", "4.5"), "0.5", "100"),
    (row("钢筋工", "9", "01:30"), "2.5", "600"),
    (row("木工", "0", overnight=True), "2", "520"),
    (row("杂工", "9", is_slack=True), "0.5", "65"),
)


def test_the_sheet_comes_out_as_worked_by_hand() -> None:
    values, problems = compute(a_sheet(), Facts(values={"items": [given for given, _, _ in SHEET]}))
    assert problems == ()
    found = [(each["days"], each["amount"]) for each in values["items"]]
    assert found == [(Decimal(days), Decimal(amount)) for _, days, amount in SHEET]
    assert (values["days"], values["amount"], values["words"]) == (
        Decimal("9.0"),
        Decimal("1840.00"),
        "壹仟捌佰肆拾元整",
    )


def test_the_month_of_a_trade_is_added_up_from_its_lines() -> None:
    values, _ = compute(a_sheet(), Facts(values={"items": [given for given, _, _ in SHEET]}))
    month = {trade: [each for each in values["items"] if each["trade"] == trade] for trade in RATES}
    assert {trade: sum(each["amount"] for each in rows) for trade, rows in month.items()} == {
        "杂工": 260, "泥工": 360, "架工": 100, "钢筋工": 600, "木工": 520,
    }  # fmt: skip


def test_an_evening_is_explained_by_the_row_that_counted() -> None:
    column = a_sheet().fields["items"].fields["evening"].formula
    assert column is not None
    line = {"until": "23:40", "past_six": Decimal("5.67")}
    trace = explain(column, Facts(values={}, line=line))
    assert trace.value == 1
    inner = trace.parts[2].parts[2].parts[2]
    assert [(each.text, each.value, each.is_unused) for each in inner.parts[:2]] == [
        ("past_six <= 6", True, False),
        ("1", 1, False),
    ]
