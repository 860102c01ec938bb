from decimal import Decimal

import pytest

from engine.definition.model import Json
from tests.engine.fields.made import CHINESE, ENGLISH, made, refusal


@pytest.mark.parametrize(
    ("type_", "raw", "kept"),
    [
        ("money", "5200", "5200.00"),
        ("money", 5200, "5200.00"),
        ("money", Decimal("5200.5"), "5200.50"),
        ("money", "5200.500", "5200.50"),
        ("money", Decimal("1E+2"), "100.00"),
        ("money", "-0", "0.00"),
        ("money", Decimal("0E+400"), "0.00"),
        ("money", "-9999999999999999.99", "-9999999999999999.99"),
        ("quantity", "2.500000", "2.5"),
        ("quantity", Decimal("100.0"), "100"),
        ("quantity", "1E+2", "100"),
        ("quantity", "999999999999.999999", "999999999999.999999"),
        ("quantity", "+.5", "0.5"),
        ("quantity", "5.", "5"),
        ("percent", "0.0900", "0.09"),
        ("percent", 1, "1"),
        ("decimal", "0.000001", "0.000001"),
        ("decimal", Decimal("1E-6"), "0.000001"),
    ],
)
def test_an_exact_number_is_kept_in_one_form(type_: str, raw: Json, kept: str) -> None:
    value = made(type_).read(raw)
    assert isinstance(value, Decimal)
    assert str(value) == kept


@pytest.mark.parametrize(
    ("raw", "kept"), [(2, 2), (Decimal("2.0"), 2), ("2", 2), ("-2.00", -2), ("999999999999999999", 10**18 - 1)]
)
def test_an_integral_number_is_an_integer(raw: Json, kept: int) -> None:
    value = made("integer").read(raw)
    assert type(value) is int
    assert value == kept


@pytest.mark.parametrize(
    ("type_", "raw", "sentence"),
    [
        ("money", "1.005", "field.decimals: At most 2 decimal places; 1.005 has 3."),
        ("money", Decimal("1E-500"), "field.decimals: At most 2 decimal places; 1E-500 has 500."),
        ("quantity", "0.0000001", "field.decimals: At most 6 decimal places; 0.0000001 has 7."),
        ("percent", "0.00005", "field.decimals: At most 4 decimal places; 0.00005 has 5."),
        ("integer", Decimal("2.5"), "field.whole: Expected a whole number, not 2.5."),
        ("money", "1e16", "field.digits: At most 16 digits before the decimal point; 1e16 has 17."),
        ("money", Decimal("1E+500"), "field.digits: At most 16 digits before the decimal point; 1E+500 has 501."),
        ("quantity", 10**12, "field.digits: At most 12 digits before the decimal point; 1000000000000 has 13."),
        ("integer", 10**18, "field.digits: At most 18 digits before the decimal point; 1000000000000000000 has 19."),
        ("money", "1" * 41, f"field.digits: At most 16 digits before the decimal point; {'1' * 40}… has 41."),
    ],
)
def test_a_number_that_cannot_be_kept_exactly_is_refused(type_: str, raw: Json, sentence: str) -> None:
    assert refusal(made(type_), raw) == f"/f {sentence}"


@pytest.mark.parametrize("type_", ["money", "quantity", "percent", "decimal", "integer"])
@pytest.mark.parametrize(
    "raw",
    [True, "", "abc", "NaN", "Infinity", "-Infinity", Decimal("NaN"), Decimal("Infinity"), "1,300", "１２３", "٣",
     "1_000", " 1", "1\n", "0x10", "1e1000", "--1", ".", [], {}],
)  # fmt: skip
def test_what_is_no_number_is_refused(type_: str, raw: Json) -> None:
    assert refusal(made(type_), raw).startswith("/f field.number: ")


@pytest.mark.parametrize(
    ("type_", "text", "kept"),
    [
        ("money", "1,300.50", "1300.50"),
        ("money", " ￥1,300 ", "1300.00"),
        ("money", "¥ 1300元", "1300.00"),
        ("money", "-¥5", "-5.00"),
        ("money", "１，３００．５０", "1300.50"),
        ("money", "1 300\u00a0000.5", "1300000.50"),
        ("quantity", "−2.5", "-2.5"),
        ("integer", "１，２３４", "1234"),
        ("percent", "9%", "0.09"),
        ("percent", "９．２５％", "0.0925"),
        ("percent", "9 %", "0.09"),
        ("percent", "-3%", "-0.03"),
        ("percent", "0.5%", "0.005"),
        ("percent", "1,300%", "13"),
    ],
)
def test_a_number_is_understood_as_people_paste_it(type_: str, text: str, kept: str) -> None:
    typed = made(type_)
    assert str(typed.read(typed.typed(text, CHINESE))) == kept


@pytest.mark.parametrize(
    ("text", "kept"), [("9", "0.09"), ("0.09", "0.09"), ("1", "0.01"), ("-9", "-0.09"), ("0", "0")]
)
def test_a_percentage_without_its_sign_is_understood_as_excel_does(text: str, kept: str) -> None:
    percent = made("percent")
    assert str(percent.read(percent.typed(text, ENGLISH))) == kept


@pytest.mark.parametrize(
    ("type_", "text"),
    [("money", "1,30"), ("money", "1,3000"), ("percent", "9%%"), ("percent", "abc"), ("integer", "1 2")],
)
def test_a_number_that_could_be_another_is_not_guessed(type_: str, text: str) -> None:
    typed = made(type_)
    assert refusal(typed, typed.typed(text, CHINESE)).startswith("/f field.number: ")


@pytest.mark.parametrize(
    ("type_", "value", "shown"),
    [
        ("money", "1300.50", "1,300.50"),
        ("money", "0.00", "0.00"),
        ("money", "-1234567.89", "-1,234,567.89"),
        ("money", "9999999999999999.99", "9,999,999,999,999,999.99"),
        ("quantity", "1234.123456", "1,234.123456"),
        ("quantity", "2", "2"),
        ("decimal", "0.000001", "0.000001"),
        ("percent", "0.0925", "9.25%"),
        ("percent", "1.5", "150%"),
    ],
)
def test_an_exact_number_is_shown_with_all_its_decimals(type_: str, value: str, shown: str) -> None:
    assert made(type_).show(Decimal(value), CHINESE) == shown
    assert made(type_).show(Decimal(value), ENGLISH) == shown


@pytest.mark.parametrize(("value", "shown"), [(2026, "2026"), (-9999, "-9999"), (12345, "12,345")])
def test_an_integer_is_grouped_only_when_it_is_no_year(value: int, shown: str) -> None:
    assert made("integer").show(value, CHINESE) == shown


def test_x_scale_sets_the_decimals_of_a_decimal() -> None:
    assert refusal(made("decimal", x_scale=1), "0.25") == "/f field.decimals: At most 1 decimal places; 0.25 has 2."
    assert refusal(made("decimal", x_scale=0), "0.5") == "/f field.whole: Expected a whole number, not 0.5."
    assert made("decimal", x_scale=8).read("0.00000001") == Decimal("0.00000001")
    assert made("decimal", x_scale=8).scale == 8


@pytest.mark.parametrize(
    ("schema", "value", "written"),
    [
        ({"type_": "money"}, "5200.00", "5200.00"),
        ({"type_": "quantity"}, "100", "100"),
        ({"type_": "percent"}, "0.09", "0.09"),
        ({"type_": "decimal"}, "0.5", "0.5"),
        ({"type_": "decimal", "type": "number"}, "0.5", Decimal("0.5")),
        ({"type": "number"}, "0.5", Decimal("0.5")),
        ({"type": ["number", "null"]}, "0.5", Decimal("0.5")),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "0.5", Decimal("0.5")),
    ],
)
def test_exact_numbers_are_sent_as_text_unless_the_schema_promises_a_number(
    schema: dict[str, Json], value: str, written: Json
) -> None:
    sent = made(**schema).written(Decimal(value))
    assert sent == written
    assert type(sent) is type(written)


def test_limits_are_checked_on_the_number_and_noted_on_the_text() -> None:
    money = made("money", minimum=0, exclusiveMaximum=100)
    assert money.checked() == {"type": "number", "minimum": 0, "exclusiveMaximum": 100}
    assert money.schema() == {
        "title": "字段",
        "type": "string",
        "pattern": r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$",
        "x-minimum": 0,
        "x-exclusiveMaximum": 100,
    }
    assert made("decimal", x_scale=0).schema()["pattern"] == "^-?[0-9]{1,18}$"
    assert made(type="number", minimum=0).schema() == {"title": "字段", "type": "number", "minimum": 0}
    assert made("integer", maximum=9).schema() == {"title": "字段", "type": "integer", "maximum": 9}
