import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.model import Json, Module
from engine.definition.read import read, read_folder
from engine.definition.text.json_text import parse_json
from engine.definition.write import WIDTH, write, write_document, write_folder
from tests.engine.definition.daywork import FOLDER, edited, files

DAYWORK, MODULE = read(files()), files()["module.json"]
EXAMPLE = Path(__file__).parents[4] / "shared" / "example-module"


def encoded(texts: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in texts.items()}


def test_the_canonical_text_of_a_module_is_the_one_in_its_folder() -> None:
    """The folder `daywork/` is also the picture of how definitions look."""
    assert encoded(write(read(files()))) == files()


@pytest.mark.skipif(not EXAMPLE.is_dir(), reason="the contract's example is not beside this checkout")
def test_the_example_of_the_contract_keeps_its_meaning() -> None:
    module = read_folder(EXAMPLE)
    again = read(encoded(write(module)))
    assert again.documents == module.documents
    assert write(again) == write(module)


def test_a_folder_is_written_as_it_was_read(tmp_path: Path) -> None:
    write_folder(read_folder(FOLDER), tmp_path / "a" / "daywork")
    assert write(read_folder(tmp_path / "a" / "daywork")) == write(read_folder(FOLDER))


def scrambled(value: Json, draw: st.DataObject) -> Json:
    """The same with the keys of every object in another order."""
    if isinstance(value, list):
        return [scrambled(each, draw) for each in value]
    if not isinstance(value, dict):
        return value
    names = draw.draw(st.permutations(sorted(value)))
    return {name: scrambled(value[name], draw) for name in names}


@given(st.data())
def test_writing_and_reading_again_changes_no_byte(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(DAYWORK.documents)))
    document = scrambled(DAYWORK.documents[path], data)
    text = json.dumps(document, default=float, ensure_ascii=data.draw(st.booleans()))
    once = write(read({"module.json": MODULE, path: text.encode()}))
    assert write(read(encoded(once))) == once


def test_keys_stand_in_the_order_that_means_something() -> None:
    scrambled_view = b'{"sort": ["-date"], "totals": {"days": "sum", "date": "max"}, "columns": ["days", "date"], '
    scrambled_view += b'"title": "A", "entity": "sheet", "key": "sheet.mine"}'
    assert write(read({**files(), "views/sheet.mine.json": scrambled_view}))["views/sheet.mine.json"] == (
        "{\n"
        '  "key": "sheet.mine",\n'
        '  "entity": "sheet",\n'
        '  "title": "A",\n'
        '  "columns": ["days", "date"],\n'
        '  "sort": ["-date"],\n'
        '  "totals": {"date": "max", "days": "sum"}\n'
        "}\n"
    )


def test_properties_and_states_keep_the_authors_order() -> None:
    document = {"key": "a", "title": "A", "type": "object", "properties": {"b": {}, "a": {}}}
    assert list(parse_json(write_document(document, "entities/a.json"))["properties"]) == ["b", "a"]


def test_annotations_of_foreign_schemas_stay_behind_what_is_known() -> None:
    document = {"z-note": 1, "a-note": {"y": 1, "x": 2}, "x-foreign": True, "title": "A", "key": "a"}
    assert write_document(document, "entities/a.json") == (
        '{\n  "x-foreign": true,\n  "key": "a",\n  "title": "A",\n  "z-note": 1,\n  "a-note": {"y": 1, "x": 2}\n}\n'
    )


@pytest.mark.parametrize("number", ["0.10", "12345678901234567.89", "1E+2", "-0.0", "7", "1e-7"])
def test_numbers_are_written_exactly(number: str) -> None:
    document = {"records": [{"id": "a", "entity": "a", "values": {"n": Decimal(number)}}]}
    text = write_document(document, "samples/a.json")
    written = parse_json(text)["records"][0]["values"]["n"]
    assert str(Decimal(written)) == str(Decimal(number))
    assert write_document(parse_json(text), "samples/a.json") == text


def test_text_is_not_escaped_without_need() -> None:
    document = {"records": [{"id": "a", "entity": "a", "values": {"n": '“好”\n"\\😀'}}]}
    assert '{"n": "“好”\\n\\"\\\\😀"}' in write_document(document, "samples/a.json")


#: Every label of the sheet, as it stands in the file.
LABELS = [
    line.split('"title": "')[1].split('"')[0]
    for line in files()["entities/sheet.json"].decode().splitlines()
    if line.count('"title": "') == 1
]


@given(st.sampled_from(LABELS), st.text("好a ", min_size=1, max_size=150))
def test_a_changed_label_changes_one_line(old: str, new: str) -> None:
    before = files()["entities/sheet.json"].decode()
    changed = edited("entities/sheet.json", f'"title": "{old}"', f'"title": "{new}"')
    after = write_document(parse_json(changed["entities/sheet.json"].decode()), "entities/sheet.json")
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    assert sum(left != right for left, right in pairs) == (old != new)


def test_lines_are_as_wide_as_they_may_be_and_not_wider() -> None:
    for text in write(read(files())).values():
        for line in text.splitlines():
            assert len(line) <= WIDTH or '"message"' in line, line


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab~/好", max_size=5), inner, max_size=4),
    max_leaves=30,
)


@given(st.dictionaries(st.text("abc"), VALUES, max_size=4))
def test_any_values_survive_the_layout(values: dict[str, Json]) -> None:
    document = {"records": [{"id": "a", "entity": "a", "values": values}]}
    text = write_document(document, "samples/a.json")
    assert json.loads(text) == document
    assert write_document(json.loads(text), "samples/a.json") == text


def test_other_texts_are_written_as_they_were_read() -> None:
    module: Module = read({**files(), "README.md": "点工\r\n".encode()})
    assert write(module)["README.md"] == "点工\r\n"
    assert write(module)["translations/en.po"] == files()["translations/en.po"].decode()
