"""People read formulas with labels in place of keys."""

import pytest

from engine.problems import Problem
from engine.runtime.access import EVERYTHING, Access
from tests.engine.definitions import MONEY, QUANTITY, an_entity, computed, group, lines
from tests.web import diary
from web.forms import RecordForm, form_class
from web.forms.linkage import linkage

ENTITY = an_entity(
    {
        "amount": {**MONEY, "title": "金额"},
        "sum": {**MONEY, "title": "合计"},
        "place": {**group(rate={**MONEY, "title": "费率"}), "title": "地点"},
        "share": computed('IF(amount > 0, sum / (amount - 5), LEN("amount"))'),
        "items": lines(amount={**MONEY, "title": "单行金额"}, count=QUANTITY, each=computed("amount / count")),
    }
)


def form(access: Access = EVERYTHING, **values: str) -> RecordForm:
    return form_class(ENTITY, access, diary.options)(values=values, audience=diary.AUDIENCE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sum / amount", "合计 / 金额"),
        ("SUM(items.amount, sum)", "SUM(Lines.单行金额, 合计)"),
        ('"amount" & amount & “sum”', '"amount" & 金额 & “sum”'),
        ("place.rate + place.nothing + nothing.amount", "地点.费率 + 地点.nothing + nothing.amount"),
        ("amount (1)", "amount (1)"),
        ("amounts + 1amount", "amounts + 1amount"),
    ],
)
def test_names_become_labels_and_nothing_else_does(text: str, shown: str) -> None:
    assert form().labelled(text, ("share",)).text == shown


def test_in_a_line_its_own_columns_come_first() -> None:
    assert form().labelled("amount / sum", ("items", "each")).text == "单行金额 / 合计"


def test_what_is_hidden_keeps_its_key() -> None:
    hidden = form(Access("edit", {"sum": "hidden"}))
    assert hidden.labelled("sum / amount", ("share",)).text == "sum / 金额"


def test_a_failure_is_placed_at_its_field_with_labels() -> None:
    made = form()
    params = {"part": "sum / (amount - 5)", "operands": "sum = 6, (amount - 5) = 0"}
    made.place([Problem("formula.division_by_zero", "/share", params)])
    (said,) = made["share"].errors
    assert said.endswith("in this part of the formula: 合计 / (金额 - 5), where 合计 = 6, (金额 - 5) = 0.")


def test_the_browser_knows_where_each_part_stands_in_the_words_of_the_form() -> None:
    made = linkage(form(), diary.facts({}))["computed"][0]

    def parts(tree: dict) -> list[str]:  # type: ignore[type-arg]
        own = [made["text"][slice(*tree["at"])]] if "at" in tree else []
        return own + [each for part in tree.get("of", ()) for each in parts(part)]

    assert made["text"] == 'IF(金额 > 0, 合计 / (金额 - 5), LEN("amount"))'
    assert parts(made["tree"]) == [
        made["text"],
        "金额 > 0",
        "金额",
        "合计 / (金额 - 5)",
        "合计",
        "(金额 - 5)",
        "金额",
        'LEN("amount")',
    ]
