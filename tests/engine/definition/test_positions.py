import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.read import read
from engine.definition.text.positions import Position, locate, placed
from engine.problems import Problem
from tests.engine.definition.daywork import files

TEXT = """{
  "rows": [
    {"when": "amount > 5"},
    {"when": "说\\n\\"好\\" 😀\\ud83d\\ude00x > y", "a/b~c": 7}
  ]
}"""


@pytest.mark.parametrize(
    ("pointer", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("/rows", 0, (2, 11)),
        ("/rows/0/when", 0, (3, 14)),
        ("/rows/0/when", 7, (3, 22)),
        ("/rows/1/a~1b~0c", 0, (4, 54)),
        ("/rows/1/when", 1, (4, 16)),
        ("/rows/1/when", 2, (4, 18)),
        ("/rows/1/when", 6, (4, 24)),
        ("/rows/1/when", 7, (4, 25)),
        ("/rows/1/when", 8, (4, 37)),
        ("/rows/1/when", 99, (4, 42)),
        ("/rows/2", 0, (2, 11)),
        ("/rows/0/then/x", 3, (3, 5)),
        ("/nothing", 0, (1, 1)),
    ],
)
def test_a_pointer_and_an_offset_become_a_line_and_a_column(pointer: str, offset: int, place: tuple[int, int]) -> None:
    assert locate(TEXT, pointer, offset) == Position(*place)


@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), ascii_only=st.booleans(), data=st.data())
def test_an_offset_counts_characters_however_they_are_written(
    *, value: str, ascii_only: bool, data: st.DataObject
) -> None:
    text = json.dumps([value], ensure_ascii=ascii_only)
    offset = data.draw(st.integers(1, len(value)))
    column = locate(text, "/0", offset).column
    assert json.loads(text[1 : column - 1] + '"') == value[:offset]


def test_problems_get_the_place_in_their_file() -> None:
    module = read(files())
    found = list(
        placed(
            [
                Problem("field.unknown", "/x-rules/0/assert", file="entities/sheet.json", offset=8),
                Problem("definition.unknown_key", "/x-rules/0/assert", file="entities/sheet.json"),
                Problem("field.unknown", "/nothing", file="nowhere.json"),
                Problem("field.unknown", "/columns/0", file="views/sheet.mine.json", line=7, column=7),
                Problem("field.required", "/values/date"),
            ],
            module,
        )
    )
    lines = module.texts["entities/sheet.json"].splitlines()
    assert lines[found[0].line - 1][found[0].column - 1 :].startswith("TODAY()")
    assert lines[found[1].line - 1][found[1].column - 1 :].startswith('"assert"')
    assert [(each.line, each.column) for each in found[2:]] == [(0, 0), (7, 7), (0, 0)]
