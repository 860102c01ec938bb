"""What people who know Excel, programming or only their form get wrong, and what they are told."""

from typing import Final

import pytest

from engine.formula.errors import FormulaProblems
from engine.formula.formula import compile_formula
from engine.formula.parse import parse
from engine.problems import Problem
from tests.formula_scope import TableScope
from web.cli.speech import _catalogue

TYPES: Final = {
    "amount": "decimal",
    "tax_rate": "decimal",
    "count": "decimal",
    "name": "text",
    "flag": "boolean",
    "start": "date",
    "items": "record[]",
    "items.amount": "decimal[]",
    "items.quantity": "decimal[]",
    "project": "reference",
    "project.budget": "decimal",
    "项目": "text",
}
LABELS: Final = {
    "amount": "含税金额",
    "tax_rate": "税率",
    "count": "份数（份）",
    "start": "开工日期",
    "items": "明细",
    "quantity": "数量",
    "budget": "预算",
}


class Labelled(TableScope):
    """A scope whose fields have labels."""

    def known(self, parts: tuple[str, ...]) -> dict[str, str]:
        return {key: LABELS.get(key, "") for key in super().known(parts)}


SCOPE: Final = Labelled(TYPES)
LINE: Final = Labelled({**TYPES}, line={"quantity": "decimal", "price": "decimal"}, lines="items")


def told(text: str, scope: TableScope = SCOPE, language: str = "") -> list[tuple[str, str]]:
    """Of each mistake the piece of the text that is pointed at, and the sentence."""
    with pytest.raises(FormulaProblems) as caught:
        compile_formula(text, scope)
    translate = _catalogue(language).gettext if language else str
    return [
        (text[each.start : each.end], Problem(each.code, "", each.params).said(translate))
        for each in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        # Names.
        ("amout * 2", "amout", "There is no field “amout” here; known: amount, count, "),
        ("含税金额 * 2", "含税金额", "“含税金额” is what people read; in formulas this field is called amount."),
        ("含税金 * 2", "含税金", "There is no field “含税金” here; known: amount, "),
        ("份数（份） * 2", "份数", "“份数” is what people read; in formulas this field is called count."),
        ("明细.数量", "明细", "“明细” is what people read; in formulas this field is called items."),
        ("project.预算", "预算", "“预算” is what people read; in formulas this field is called budget."),
        ("amount.net", "net", "“amount” has no fields behind a dot."),
        (
            "quantity * 2",
            "quantity",
            "“quantity” is a column of line items: here it is items.quantity, and SUM(items.qu",
        ),
        (
            "数量 * 2",
            "数量",
            "“数量” is a column of line items: here it is items.quantity, and SUM(items.quantity), say,",
        ),
        ("SUMM(items.amount)", "SUMM", "There is no function “SUMM”; known: SUM, SUMIF"),
        ("VLOOKUP(name, items.amount)", "VLOOKUP", "Formulas do not know “VLOOKUP”; write LOOKUP(…)."),
        ("amount(1 + 2)", "amount", "“amount” is a field, no function; an operator is missing before the bracket."),
        ("start + TODAY", "TODAY", "“TODAY” is a function; its values follow in brackets: TODAY(…)."),
        ("IF(name = NULL, 1, 2)", "NULL", "Formulas do not know “NULL”: BLANK(…) asks whether there is nothing, "),
        ("flag = 是", "是", "Formulas do not know “是”; write TRUE."),
        # Signs.
        ("amount == 5", "==", "Formulas do not know “==”; write =."),
        ("amount != 5", "!=", "Formulas do not know “!=”; write <>."),
        ("amount >5 && flag", "&&", "Formulas do not know “&&”; write AND."),
        ("flag || flag", "||", "Formulas do not know “||”; write OR."),
        ("not flag", "not", "Formulas do not know “not”; write NOT(…)."),
        ("!flag", "!", "Formulas do not know “!”; write NOT(…)."),
        ("if flag then 1", "if", "Formulas do not know “if”; write IF(…, …, …)."),
        ("flag ? 1 : 2", "?", "Formulas do not know “?”; write IF(…, …, …)."),
        ("amount => 5", "=>", "Formulas do not know “=>”; write >=."),
        ("amount ≥ 5", "≥", "Formulas do not know “≥”; write >=."),
        ("amount × 2", "×", "Formulas do not know “×”; write *."),
        ("IF(flag; 1; 2)", ";", "Formulas do not know “;”; write ,."),
        ("IF(flag、1、2)", "、", "Formulas do not know “、”; write ,."),
        ("[amount] * 2", "[", "“[” means nothing in a formula: fields stand without brackets, calculations in ( )."),
        ("{amount} * 2", "{", "“{” means nothing in a formula: fields stand without brackets, calculations in ( )."),
        ("ＳUM(items.amount)", "Ｓ", "Formulas do not know “Ｓ”; write S."),
        ("¥5", "¥", "“¥” means nothing in a formula; text stands in double quotes."),
        # Brackets and commas.
        ("ROUND(amount * (1 + tax_rate), 2", "ROUND(", "Nothing closes the bracket of “ROUND(”: a “)” is missing."),
        ("ROUND(amount * (1 + tax_rate, 2)", "(", "Nothing closes the bracket of “(”: a “)” is missing."),
        ("(amount + 1)) * 2", ")", "This “)” closes nothing: a “(” is missing, or it is one too many."),
        ("SUM(amount,)", ")", "Unexpected “)”; expected a value."),
        ("amount *", "", "The formula ends too early; expected a value."),
        ("amount, count", ",", "Commas stand between the values that a function is given; this one is in none."),
        ("amount tax_rate", "tax_rate", "An operator or a comma is missing between “amount” and “tax_rate”."),
        ("IF(flag 1, 2)", "1", "An operator or a comma is missing between “flag” and “1”."),
        ("2(amount)", "(", "An operator or a comma is missing between “2” and “(”."),
        # Numbers and texts.
        ("amount > 1,000", "1,000", "Numbers stand without thousands separators: 1000 instead of 1,000."),
        ("amount + 1,234,567.5", "1,234,567.5", "Numbers stand without thousands separators: 1234567.5 instead of "),
        ("IF(amount > 1,000, 1, 2)", "1,000", "Numbers stand without thousands separators: 1000 instead of 1,000."),
        ("SUM(1,000)", "1,000", "Numbers stand without thousands separators: 1000 instead of 1,000."),
        ("IF(flag, 'a', 'b')", "'a'", 'Text stands in double quotes: "a".'),
        ("name = ‘甲’", "‘甲’", 'Text stands in double quotes: "甲".'),
        ('name = "a "b" c"', "b", "Text ends at a quote; one inside it is written twice, and & joins texts."),
        ('name & "x', '"x', "This text has no closing quote, or control characters in it; a quote inside is writ"),
        ("amount * 6 percent", "percent", "An operator or a comma is missing between “6” and “percent”."),
        # Types.
        ('amount > "5"', '"5"', "In quotes this is text; the number is written 5."),
        ('start > "2026-1-31"', '"2026-1-31"', "In quotes this is text; the date is written DATE(2026, 1, 31)."),
        ('amount = "a"', '"a"', "These cannot be compared: a number, and text."),
        ("name > 5", "5", "These cannot be compared: text, and a number."),
        ('IF(flag, 1, "a")', '"a"', "What IF gives must be of one kind: the first is a number, this is text."),
        ('name + "元"', "name", "Text cannot be added up; & joins texts."),
        ("items.amount * 2", "items.amount", "“items.amount” is a whole column; SUM, MIN, MAX, AVERAGE or COUNT mak"),
        ("IF(amount, 1, 2)", "amount", "Expected TRUE or FALSE, but this is a number."),
        ("ROUND()", "ROUND()", "ROUND takes 1–2 values, not 0."),
    ],
)
def test_a_mistake_is_told_with_what_was_meant(text: str, place: str, sentence: str) -> None:
    ((found, said), *_) = told(text)
    assert (found, said[: len(sentence)]) == (place, sentence)
    chinese = told(text, language="zh_CN")[0][1]
    assert chinese != said
    assert "{" not in chinese.replace("“{”", "")


def test_in_a_line_its_own_columns_are_named_alone() -> None:
    assert told("items.quantity * price", LINE)[0][1].endswith("and in the line itself it is called quantity.")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ROUND（amount＊（1＋tax_rate），2）", "ROUND(amount*(1+tax_rate),2)"),
        ("IF（flag，“是”，“否，（不）”）", 'IF(flag,"是","否，（不）")'),
        ("＝amount－６％", "=amount-6%"),
        ("amount＜＝１２．５", "amount<=12.5"),
        ("amount＜＞0", "amount<>0"),
        ("name＆＂a＂", 'name&"a"'),
        ('name = "（，）“”；＝"', 'name = "（，）“”；＝"'),
        ('name = "a""（"', 'name = "a""（"'),
        ("（amount／2）", "(amount/2)"),
    ],
)
def test_full_width_punctuation_is_read_as_what_it_stands_for(typed: str, meant: str) -> None:
    assert parse(typed) == parse(meant)
    compile_formula(typed, SCOPE)


def test_places_stay_where_they_are_behind_full_width_punctuation() -> None:
    assert told("SUM（items.amount，amout）")[0][0] == "amout"


@pytest.mark.parametrize("text", ["SUM(1,500)", "ROUND(amount,100)", "SUM(10,20,300)", "MAX(1, 000)"])
def test_numbers_that_a_function_takes_side_by_side_are_no_thousands(text: str) -> None:
    assert len(compile_formula(text, SCOPE).node.children) == text.count(",") + 1


@pytest.mark.parametrize(
    "text", ['"', "“", "＂amount", "“a“b", "“a”“b”", "（", "）", "，" * 50, "“" * 100, "1,000," * 300, "！？；："]
)
def test_full_width_punctuation_alone_is_refused(text: str) -> None:
    with pytest.raises(FormulaProblems):
        compile_formula(text, SCOPE)
