"""Decision tables are edited like a sheet of a spreadsheet, and filled from one; saving publishes, or loses nothing."""

from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.records.create import create
from tests.web.cli.workbook import a_workbook
from tests.web.views.conftest import Visit
from tests.web.views.grids import RATES, Place, grid, typed
from tests.web.views.visitor import main_form, page_of


@pytest.fixture
def place(visit: Visit, workspace: Workspace, tag: str) -> Place:
    return Place(visit, workspace, tag)


def test_the_tables_of_a_module_are_listed_from_its_line(place: Place) -> None:
    (link,) = [
        each for each in place.admin.get("/admin/modules").all("a") if each.get("href").endswith(f"/{place.key}/tables")
    ]
    page = place.admin.get(link["href"])
    links = {each.text: each["href"] for each in page.one("main").all("a")}
    assert links == {
        "用工 › 单价": place.url(),
        "用工 › 档": place.url("field/work/size"),
        "用工 › 明细 › 份": place.url("field/work/items.share"),
        "用工审批 › 分档": place.url("choice/work/size"),
    }
    assert "工种, 工时 · 4 rows" in page.text
    assert "<b>点工</b>" in page.text


def test_a_module_without_tables_says_so(place: Place) -> None:
    assert "This module has no decision tables" in place.admin.get("/admin/modules/core/tables").text


def test_a_table_is_a_grid_of_what_is_written(place: Place) -> None:
    page = place.admin.get(place.url())
    assert grid(page) == [
        ["mason", ">= 9", "200"],
        ['"mason", "carpenter"', "", "180"],
        ["", "4, 6..7", "70"],
        ["", "", "130"],
    ]
    assert [(each["value"], each.text) for each in page.one("datalist").all("option")] == [
        ("mason", "泥工"),
        ("carpenter", "木工"),
    ]


def test_saving_publishes_the_next_edition_with_nothing_else_changed(place: Place) -> None:
    before, written = place.document(), place.table
    fields = typed(typed(place.fields(), "cell-1", 0, ">= 8"), "value", 3, "hours * 20")
    page = place.send(fields, "save", status=303)
    assert f"{place.key} is now in force as edition 2" in page.one(id="toasts").text
    rows = written["rows"]
    assert place.table["rows"] == [{"when": ["mason", ">= 8"], "value": "200"}, *rows[1:3], {"value": "hours * 20"}]
    assert {**place.document(), "properties": 0} == {**before, "properties": 0}
    assert place.table["rows"][1] == {"when": [["mason", "carpenter"]], "value": "180"}  # as it was written
    place.send(place.fields(), "save", status=303)
    assert "Edition 2" in place.admin.get("/admin/modules").text


def test_mistakes_are_told_at_their_cells_and_nothing_typed_is_lost(place: Place) -> None:
    fields = typed(typed(place.fields(), "cell-1", 0, ">= nine"), "value", 2, "70 +")
    fields = typed(fields, "cell-0", 0, "smith")
    page = place.send(fields, "save", status=422)
    assert grid(page)[0] == ["smith", ">= nine", "200"]
    assert grid(page)[2] == ["", "4, 6..7", "70 +"]
    wrong = {each["id"] for each in page.all("input") if each.get("aria-invalid") == "true"}
    assert wrong == {"cell-0-0", "cell-0-1"}
    assert "There is no field “nine”" in page.one(id="cell-0-1-error").text
    links = [(each["href"], each.text) for each in page.one(id="problems").all("a")]
    assert links == [("#cell-0-0", "Row 1 › 工种"), ("#cell-0-1", "Row 1 › 工时")]
    assert place.table == RATES
    page = place.send(typed(place.fields(), "value", 2, "70 +"), "save", status=422)
    assert page.one(id="value-2-error").text
    assert [each.text for each in page.one(id="problems").all("a")] == ["Row 3 › 单价"]


def test_gaps_and_lost_rows_are_told(place: Place) -> None:
    fields = place.fields()
    page = place.send(typed(fields, "cell-0", 3, "carpenter"), "save", status=422)
    assert "No row fits" not in page.text  # the second row has taken it
    assert "Row 4 never counts" in page.one(id="row-3").text
    assert page.one(id="row-3").classes == ["is-wrong"]
    page = place.send(
        typed(place.fields("field/work/size"), "cell-0", 0, "> 3"), "save", status=422, name="field/work/size"
    )
    assert "No row fits hours = 3" in page.one(id="problems").text


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("up-2", [0, 2, 1, 3]),
        ("up-0", [0, 1, 2, 3]),
        ("down-0", [1, 0, 2, 3]),
        ("down-3", [0, 1, 2, 3]),
        ("drop-1", [0, 2, 3]),
        ("drop-9", [0, 1, 2, 3]),
    ],
)
def test_rows_are_moved_and_removed_without_script(place: Place, do: str, order: list[int]) -> None:
    before = grid(place.admin.get(place.url()))
    page = place.send(place.fields(), do, status=200)
    assert grid(page) == [before[each] for each in order]
    assert place.table == RATES


def test_rows_and_columns_are_added_and_columns_removed_without_script(place: Place) -> None:
    page = place.send(place.fields(), "add", status=200)
    assert grid(page)[4] == ["", "", ""]
    others = [each["value"] for each in page.one("select", name="path").all("option")]
    assert others == ["size", "urgent", "team"]
    page = place.send(main_form(page).fields, "column", status=200, path="size")
    assert grid(page)[0] == ["mason", ">= 9", "", "200"]
    page = place.send(main_form(page).fields, "without-0", status=200)
    assert grid(page)[0] == [">= 9", "", "200"]
    assert main_form(page).fields.getlist("fields") == ["hours", "size"]
    fields = main_form(place.send(place.fields(), "without-1", status=200)).fields
    page = place.send(fields, "without-0", status=200)
    assert main_form(page).fields.getlist("fields") == ["trade"]


def test_moved_rows_keep_what_the_grid_does_not_show(place: Place) -> None:
    name = "choice/work/size"
    page = place.admin.get(place.url(name))
    targets = page.one("tbody").all("select")[0]
    assert [each.text for each in targets.all("option")] == ["", "主管", "done"]
    fields = typed(place.fields(name), "cell-0", 0, "> 10")
    place.send(fields, "save", status=303, name=name)
    rows = place.document("workflows/work.json")["states"]["size"]["table"]["rows"]
    assert rows == [{"key": "much", "title": "多", "when": ["> 10"], "to": "lead"}, {"to": "done"}]
    fields = typed(place.fields(name), "value", 0, "")
    assert "key" in place.send(fields, "save", status=422, name=name).one(id="problems").text


def test_a_table_in_line_items_reads_the_line_the_record_and_what_is_behind_references(place: Place) -> None:
    name = "field/work/items.share"
    page = place.admin.get(place.url(name))
    assert grid(page) == [["", "FALSE", "A", "1"], ["", "", "", "2"]]
    assert [each.text.split()[0] for each in page.one("thead").all("th")][1:5] == ["类", "急", "名称", "份"]
    offered = [each["value"] for each in page.one("select", name="path").all("option")]
    assert offered == ["trade", "hours", "rate", "size", "team"]
    place.send(typed(place.fields(name), "cell-2", 0, "B"), "save", status=303, name=name)
    columns = place.document()["properties"]["items"]["items"]["properties"]
    assert columns["share"]["x-table"]["rows"][0] == {"when": [None, [False], "B"], "value": "1"}


def test_a_column_that_is_no_field_is_told_at_its_head(place: Place) -> None:
    page = place.send(typed(place.fields(), "fields", 0, "trede"), "save", status=422)
    assert "There is no field “trede”" in page.one(id="column-trede").text


def test_records_made_before_are_pointed_out(place: Place, workspace: Workspace) -> None:
    create(workspace, Actor(login="admin"), f"{place.key}/work", {"trade": "mason", "hours": "9"})
    page = place.send(typed(place.fields(), "value", 0, "201"), "save", status=303)
    assert "Recompute" in page.one("main").text


def test_what_can_be_chosen_is_typed_as_people_call_it(place: Place) -> None:
    fields = typed(place.fields(), "cell-0", 0, " 泥工 ")
    place.send(typed(fields, "hit", 0, "first"), "save", status=303)
    assert place.table["rows"][0]["when"] == ["mason", ">= 9"]
    name = "field/work/size"
    place.send(typed(place.fields(name), "value", 0, "big"), "save", status=303, name=name)
    assert place.document()["properties"]["size"]["x-table"]["rows"] == [{"value": '"big"'}]


def test_the_way_of_counting_is_kept(place: Place) -> None:
    fields = typed(place.fields(), "hit", 0, "max")
    place.send(fields, "save", status=303)
    assert place.table["hit"] == "max"


@pytest.mark.parametrize("names", [("工种", "工时", "单价"), ("trade", "hours", "=")])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_fills_the_grid_and_nothing_is_published_before_saving(
    place: Place, names: tuple[str, ...], kind: str
) -> None:
    rows = [list(names), ["泥工", "1..4", "90"], ["", "> 4", "hours * 20"], ["", "", "0"]]
    content = a_workbook(rows) if kind == "xlsx" else "\r\n".join(",".join(row) for row in rows).encode("gb18030")
    page = place.send(place.fields(), "upload", status=200, file=(BytesIO(content), f"rates.{kind}"))
    assert grid(page) == [["泥工", "1..4", "90"], ["", "> 4", "hours * 20"], ["", "", "0"]]
    assert place.table == RATES
    place.send(main_form(page).fields, "save", status=303)
    assert place.table["rows"] == [
        {"when": ["mason", "1..4"], "value": "90"},
        {"when": [None, "> 4"], "value": "hours * 20"},
        {"value": "0"},
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xe5\xb7\xa5\xe7\xa7\x8d,colour\na,b", "There is no field for the column “colour”; known: 工种"),
        (b"", "names no columns"),
        (b"trade\n", ""),
        (None, ""),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(place: Place, content: bytes | None, words: str) -> None:
    fields = typed(place.fields(), "value", 0, "201")
    file = {"file": (BytesIO(content), "rates.csv")} if content is not None else {}
    page = place.send(fields, "upload", status=400, **file)
    assert words in page.one(id="problems").text or words == "names no columns"
    assert grid(page)[0] == ["mason", ">= 9", "201"]


def test_the_states_of_a_choice_stand_in_a_file_by_their_titles(place: Place) -> None:
    content = "工时,分档\n> 5,主管\n,done".encode()
    page = place.send(
        place.fields("choice/work/size"),
        "upload",
        status=200,
        name="choice/work/size",
        file=(BytesIO(content), "a.csv"),
    )
    assert main_form(page).fields.getlist("value") == ["lead", "done"]


def test_a_table_is_downloaded_and_can_be_uploaded_again(place: Place) -> None:
    answer = place.admin.open("GET", f"{place.url()}?csv=1", status=200)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{place.key}-field-work-rate.csv"'
    text = answer.data.decode("utf-8-sig")
    assert text.splitlines() == [
        "工种,工时,单价",
        "mason,>= 9,200",
        '"""mason"", ""carpenter""",,180',
        ',"4, 6..7",70',
        ",,130",
    ]
    page = place.send(place.fields(), "upload", status=200, file=(BytesIO(answer.data), "a.csv"))
    assert grid(page) == grid(place.admin.get(place.url()))


def test_what_spreadsheets_would_run_is_downloaded_as_text(place: Place) -> None:
    place.send(typed(place.fields(), "cell-1", 0, "= hours"), "save", status=303)
    answer = place.admin.open("GET", f"{place.url()}?csv=1", status=200)
    assert "mason, = hours,200" in answer.data.decode("utf-8-sig")


def test_who_comes_second_is_told_and_loses_nothing(place: Place) -> None:
    mine, theirs = typed(place.fields(), "value", 0, "201"), typed(place.fields(), "value", 0, "202")
    place.send(theirs, "save", status=303)
    page = place.send(mine, "save", status=409)
    assert "from edition 1 to 2" in page.one(id="problems").text
    assert grid(page)[0] == ["mason", ">= 9", "201"]
    place.send(main_form(page).fields, "save", status=409)
    assert place.table["rows"][0]["value"] == "202"


def test_a_table_that_is_too_large_to_check_is_published_with_a_word(place: Place) -> None:
    fields: MultiDict[str, str] = MultiDict(place.fields())
    for name, value in (("was", ""), ("cell-0", ""), ("value", "1")):
        fields.setlist(name, [value] * 160)
    fields.setlist("cell-1", [", ".join(str(row * 30 + each) for each in range(30)) for row in range(159)] + [""])
    page = place.send(fields, "save", status=303)
    assert "too large to be searched" in page.one(id="toasts").text
    assert len(place.table["rows"]) == 160


def test_only_administrators_see_and_change_tables(place: Place, visit: Visit) -> None:
    clerk = visit("clerk")
    for path in (place.url(), f"/admin/modules/{place.key}/tables"):
        clerk.get(path, status=403)
    clerk.post(place.url(), place.fields(), status=403)
    for path in (place.url("field/work/nothing"), "/admin/modules/nothing/tables"):
        place.admin.get(path, status=404)
    assert place.table == RATES


def test_a_broken_form_is_taken_as_far_as_it_goes(place: Place) -> None:
    sent = MultiDict(
        [
            ("fields", "trade"),
            ("was", "99"),
            ("value", "1"),
            ("was", "x"),
            ("value", "2"),
            ("do", "nonsense"),
            ("edition", "y"),
        ]
    )
    page = page_of(place.admin.post(place.url(), sent, status=409))
    assert grid(page) == [["", "1"], ["", "2"]]
