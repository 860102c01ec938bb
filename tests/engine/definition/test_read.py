from decimal import Decimal
from pathlib import Path

import pytest

from engine.definition.model import Action, At, Colour, Field, Module, Option, Selector, State
from engine.definition.read import MAX_BYTES, MAX_FILES, read, read_folder
from engine.problems import DefinitionInvalid
from tests.engine.definition.daywork import FOLDER, edited, files, problems

EXAMPLE = Path(__file__).parents[4] / "shared" / "example-module"

SHEET, WORKER, FLOW, MODULE = "entities/sheet.json", "entities/worker.json", "workflows/sheet.json", "module.json"
VIEW, RIGHTS, STORY, REPORT = (
    "views/sheet.mine.json",
    "permissions.json",
    "scenarios/sheet.json",
    "reports/monthly.json",
)


@pytest.fixture(scope="module")
def daywork() -> Module:
    return read_folder(FOLDER)


def field(module: Module, path: str) -> Field:
    entity, *keys = path.split(".")
    found = next(each for each in module.entities if each.key == entity)
    for key in keys:
        found = next(each for each in found.fields if each.key == key)
    return found


def state(module: Module, key: str) -> State:
    return next(each for each in module.workflows[0].states if each.key == key)


def test_a_module_is_read_with_everything_in_it(daywork: Module) -> None:
    assert (daywork.key, daywork.title, daywork.requires) == ("daywork", "点工", {"core": ">=1.0,<2"})
    assert [each.key for each in daywork.entities] == ["sheet", "worker"]
    assert [each.key for each in daywork.workflows] == ["sheet", "worker"]
    assert [each.scope for each in daywork.roles] == ["project", "company"]
    assert [each.view or each.report for each in daywork.menu] == ["sheet.mine", "worker.list", "monthly"]
    assert [each.key for each in (*daywork.reports, *daywork.prints)] == ["monthly", "sheet"]
    assert [each.required for each in daywork.scenarios] == [True]
    assert [each["id"] for each in daywork.samples[0].records] == ["w1", "s1"]
    assert daywork.views[0].colours == (Colour(when="days > 20", colour="red", at=At(file=VIEW, pointer="/colours/0")),)
    assert [each.entity for each in daywork.grants] == ["sheet", "sheet", "worker"]
    assert daywork.grants[0].verbs == {"create", "read", "update"}
    assert daywork.field_grants[0].access == "hidden"


@pytest.mark.skipif(not EXAMPLE.is_dir(), reason="the contract's example is not beside this checkout")
def test_the_example_of_the_contract_reads_without_a_problem() -> None:
    assert read_folder(EXAMPLE).key == "petty_cash"


def test_line_items_and_nested_objects_have_fields_that_know_where_they_stand(daywork: Module) -> None:
    hours = field(daywork, "sheet.lines.hours")
    assert hours.required
    assert hours.at == At(file=SHEET, pointer="/properties/lines/items/properties/hours")
    assert field(daywork, "sheet.place.zone").at.pointer == "/properties/place/properties/zone"


def test_a_reference_inside_the_document_is_written_out(daywork: Module) -> None:
    axis = field(daywork, "sheet.place.axis")
    assert (axis.title, axis.schema["maxLength"]) == ("轴线", 20)


def test_a_reference_that_leads_back_to_itself_is_left_as_it_is() -> None:
    looped = read(edited(SHEET, '"axis": {"title": "轴线", "type": "string", "maxLength": 20}', NODE))
    node = field(looped, "sheet.place.axis")
    assert [each.key for each in node.fields] == ["part"]
    assert field(looped, "sheet.place.axis.part").schema == {"$ref": "#/$defs/axis"}


NODE = '"axis": {"type": "object", "properties": {"part": {"$ref": "#/$defs/axis"}}}'


def test_references_cannot_make_a_small_document_grow_for_ever() -> None:
    doubled = ", ".join(
        f'"n{level}": {{"type": "object", "properties": {{'
        f'"a": {{"$ref": "#/$defs/n{level + 1}"}}, "b": {{"$ref": "#/$defs/n{level + 1}"}}}}}}'
        for level in range(40)
    )
    spoilt = edited(SHEET, '"axis": {"title": "轴线", "type": "string", "maxLength": 20}', f'{doubled}, "n40": {{}}')
    spoilt[SHEET] = spoilt[SHEET].replace(b"#/$defs/axis", b"#/$defs/n0")
    (problem,) = problems(spoilt)
    assert (problem.code, problem.file) == ("definition.too_many_fields", SHEET)


def test_options_come_from_constants_and_from_enumerations(daywork: Module) -> None:
    assert field(daywork, "worker.trade").options[0] == Option(value="carpenter", title="木工")
    assert field(daywork, "worker.skills").options[1] == Option(value="电工证", title="电工证")


def test_the_vocabulary_of_a_field_is_read(daywork: Module) -> None:
    visa, days = field(daywork, "sheet.visa"), field(daywork, "worker.days")
    assert (visa.required_when, visa.read_only_when) == ("claimable", 'STATE() = "settled"')
    assert field(daywork, "sheet.date").default == "TODAY()"
    assert field(daywork, "sheet.project").reference == "core/project"
    assert field(daywork, "worker.id_card").unique
    assert field(daywork, "worker.id_card").help == "18 位，末位可为 X"
    assert days.rest["x-rollup"]["of"] == "daywork/sheet"
    assert days.rest["x-scale"] == 1


def test_json_schemas_own_read_only_makes_a_field_read_only() -> None:
    module = read(edited(SHEET, '"zone": {"title": "分区",', '"zone": {"title": "分区", "readOnly": true,'))
    assert field(module, "sheet.place.zone").read_only_when == "TRUE"


def test_states_of_every_type_are_read(daywork: Module) -> None:
    types = [each.type for each in daywork.workflows[0].states]
    assert types == ["approval", "choice", "parallel", "call", "auto", "handle", "cc", "end", "end"]
    measure = state(daywork, "measure")
    assert measure.seats is not None
    assert measure.seats.who == (
        Selector(
            kind="role",
            value="foreman",
            at=At(file=FLOW, pointer="/states/measure/seats/who/0"),
            options={"in": "project"},
        ),
    )
    assert [each.kind for each in measure.seats.on_empty] == ["manager_of"]
    assert measure.seats.rest == {"self": "allow"}
    assert measure.on_reject == {"return": "start", "resubmit": "resume"}
    assert [each["key"] for each in measure.rest["timers"]] == ["nudge", "late", "later"]
    assert state(daywork, "both").rest["join"] == {"count": 2}


def test_a_life_cycle_state_has_its_buttons(daywork: Module) -> None:
    waiting = daywork.workflows[1].states[0]
    (enter,) = waiting.actions
    assert isinstance(enter, Action)
    assert (enter.key, enter.title, enter.when, enter.who[0].kind) == ("enter", "进场", "NOT(BLANK(id_card))", "role")
    assert waiting.on["enter"][0].to == "on_site"


def test_a_decision_table_becomes_ways_that_are_known_by_their_rows(daywork: Module) -> None:
    ways = state(daywork, "size").on["enter"]
    assert [(each.when, each.to) for each in ways] == [
        ("/states/size/table/rows/0", "both"),
        ("/states/size/table/rows/1", "both"),
        ("", "book"),
    ]
    assert ways[0].at.pointer == "/states/size/table/rows/0"
    assert ways[0].rest == {"title": "大额"}


def test_every_row_of_a_decision_table_has_a_cell_for_each_field(daywork: Module) -> None:
    table = state(daywork, "size").table
    assert table is not None
    assert (table.fields, table.hit) == (("days", "claimable"), "first")
    assert [(each.cells, each.is_default) for each in table.rows] == [
        ((">= 20", None), False),
        ((None, True), False),
        ((None, None), True),
    ]


@pytest.mark.parametrize("cells", ["[]", "[null, null]", '["", " - "]', '["-"]'])
def test_a_row_whose_cells_let_everything_pass_has_no_condition(cells: str) -> None:
    module = read(edited(FLOW, '[">= 20", null]', cells))
    assert state(module, "size").on["enter"][0].when == ""


def test_a_field_has_its_decision_table(daywork: Module) -> None:
    rate = next(field for entity in daywork.entities for field in entity.fields if field.key == "rate")
    assert rate.table is not None
    assert [(each.cells, each.value) for each in rate.table.rows] == [
        (("carpenter",), "260"),
        ((["steel"],), "240"),
        ((None,), "130"),
    ]
    assert rate.table.at.pointer == "/properties/rate/x-table"


def test_the_older_word_for_a_selector_means_the_same() -> None:
    module = read(edited(FLOW, '{"field": "project.lead_admin"}', '{"form_field": "project.lead_admin"}'))
    assert state(module, "told").rest["who"][0] == {"form_field": "project.lead_admin"}
    asked = read(edited(FLOW, '{"role": "foreman", "in": "project"}', '{"form_field": "project.lead_admin"}'))
    seats = state(asked, "measure").seats
    assert seats is not None
    assert (seats.who[0].kind, seats.who[0].value) == ("field", "project.lead_admin")


def test_numbers_are_exact(daywork: Module) -> None:
    lines = daywork.samples[0].records[1]["values"]["lines"]
    assert lines == [{"hours": "9.50"}, {"hours": Decimal("4.5")}]


def test_unfinished_and_guessed_translations_are_left_out(daywork: Module) -> None:
    assert daywork.translations == {"en": {"点工": "Daywork", "点工单": "Daywork sheet"}}


def test_what_may_be_left_out_has_its_defaults() -> None:
    module = read({MODULE: b'{"format": 1, "key": "daywork", "title": "\xe7\x82\xb9\xe5\xb7\xa5"}'})
    assert (module.version, module.language, module.roles, module.grants) == ("1.0.0", "zh_CN", (), ())


def test_notes_are_kept_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "module.json").write_bytes(files()[MODULE])
    (tmp_path / "README.md").write_text("点工", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"\xff")
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "a.json").symlink_to("/etc/hosts")
    assert read_folder(tmp_path).texts.keys() == {"README.md", "module.json"}


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionInvalid, match="is not a folder"):
        read_folder(tmp_path / "nothing")


def test_too_many_files_are_refused() -> None:
    (problem,) = problems({f"views/v{number}.json": b"" for number in range(MAX_FILES + 1)})
    assert problem.code == "definition.too_many_files"


def test_of_a_file_that_is_too_large_no_more_is_read_than_needed(tmp_path: Path) -> None:
    (tmp_path / "module.json").write_bytes(b" " * (MAX_BYTES + 10))
    with pytest.raises(DefinitionInvalid, match="larger than"):
        read_folder(tmp_path)


def test_foreign_keywords_are_kept_when_the_entity_says_so() -> None:
    foreign = '"x-foreign": true, "x-ui": {"width": 3}, "key": "worker"'
    spoilt = edited(WORKER, '"key": "worker"', foreign)
    spoilt[WORKER] = spoilt[WORKER].replace(b'"x-help"', b'"enumNames": [1], "x-hint"')
    module = read(spoilt)
    assert module.entities[1].schema["x-ui"] == {"width": 3}
    assert field(module, "worker.id_card").schema["x-hint"] == "18 位，末位可为 X"


def test_our_own_keywords_are_checked_in_foreign_schemas_too() -> None:
    spoilt = edited(WORKER, '"key": "worker"', '"x-foreign": true, "key": "worker"')
    spoilt[WORKER] = spoilt[WORKER].replace(b'"x-unique": true', b'"x-unique": "yes"')
    assert [each.code for each in problems(spoilt)] == ["definition.type"]


def test_foreign_enumerations_have_their_own_titles() -> None:
    spoilt = edited(WORKER, '"key": "worker"', '"x-foreign": true, "key": "worker"')
    names = '{"enum": ["焊工证", "电工证", "高处作业证"], "enumNames": ["焊工", "电工"]}'
    spoilt[WORKER] = spoilt[WORKER].replace('{"enum": ["焊工证", "电工证", "高处作业证"]}'.encode(), names.encode())
    assert [each.title for each in field(read(spoilt), "worker.skills").options] == ["焊工", "电工", "高处作业证"]


def test_a_key_that_is_missing_and_one_that_means_nothing_are_two_mistakes() -> None:
    found = problems(edited(SHEET, '"title": "点工单"', '"name": "点工单"'))
    assert [each.code for each in found] == ["definition.missing_key", "definition.unknown_key"]


def test_the_problems_of_all_files_come_together_in_order() -> None:
    spoilt = {**edited(SHEET, '"title": "点工单"', '"titel": "点工单"'), "views/lists.txt": b"", RIGHTS: b"[]"}
    del spoilt[MODULE]
    assert [(each.file, each.code) for each in problems(spoilt)] == [
        (SHEET, "definition.unknown_key"),
        (MODULE, "definition.missing_file"),
        (RIGHTS, "definition.type"),
        ("views/lists.txt", "definition.unknown_file"),
    ]


#: File, what stands there, what is written instead with » before the expected place; code, pointer, words that help.
REFUSED = [
    (SHEET, '"x-number"', '»"x-nummer"', "definition.unknown_key", "/x-nummer", "known: x-number"),
    (SHEET, '"x-index": true', '»"x-indx": true', "definition.unknown_key", "/properties/project/x-indx",
     "x-index"),
    (SHEET, '"maxLength": 500', '"maxLength": »"500"', "definition.type", "/properties/work/maxLength", "integer"),
    (SHEET, '"key": "sheet"', '"key": »"sheets"', "definition.key_is_not_file", "/key", "named “sheet”"),
    (SHEET, '"key": "sheet"', '"key": »"Sheet"', "definition.pattern", "/key", "as cost_center does"),
    (SHEET, '"key": "sheet"', '"key": »"sheet\\n"', "definition.pattern", "/key", "as cost_center does"),
    (SHEET, '"zone"', '»"zone 1"', "definition.key_pattern", "/properties/place/properties/zone 1", "firstName"),
    (SHEET, '"refuse"', '»"refus"', "definition.choice", "/x-rules/0/level", "known: refuse"),
    (SHEET, '"columns": 2', '"columns": »9', "definition.too_large", "/x-layout/0/columns", "is 4"),
    (SHEET, '"columns": 2', '"columns": »0', "definition.too_small", "/x-layout/0/columns", "is 1"),
    (SHEET, '["hours"]', '»["hours", "hours"]', "definition.repeated", "/properties/lines/items/required", "twice"),
    (SHEET, '"TODAY()"', '»""', "definition.too_short", "/properties/date/x-default", "At least 1"),
    (SHEET, '"date <= TODAY()"', '»"' + 4001 * "1" + '"', "definition.too_long", "/x-rules/0/assert",
     "At most 4000"),
    (WORKER, '"general"', '»"steel"', "definition.duplicate", "/properties/trade/oneOf/2/const", "steel"),
    (WORKER, '{"of": "daywork/sheet", "by": "leader", "sum": "days", ', '»{"of": "daywork/sheet", "by": "leader", ',
     "definition.one_missing", "/properties/days/x-rollup", "sum, min, max, average, first, last, any, count"),
    (WORKER, '{"of": "daywork/sheet",', '»{"count": true, "of": "daywork/sheet",', "definition.one_too_many",
     "/properties/days/x-rollup", "sum, count"),
    (WORKER, '["carpenter"]', '»["carpenter", 1]', "definition.too_many", "/properties/rate/x-table/rows/0/when",
     "most 1"),
    (WORKER, '"maxLength": 30', '"multipleOf": »0', "definition.not_above", "/properties/name/multipleOf",
     "above 0"),
    (FLOW, '"type": "cc"', '"type": »"approve"', "definition.choice", "/states/told/type", "known: approval"),
    (FLOW, '"after": "P3D"', '"after": »"3 days"', "definition.pattern", "/states/measure/timers/1/after",
     "P1D, PT30M"),
    (FLOW, '[{"call": "notify.owner"}]', "[»{}]", "definition.missing_key",
     "/states/both/regions/owner/states/ask/on/received/0/effects/0", "“call”"),
    (FLOW, '[{"role": "foreman", "in": "project"}]', '[{»"rol": "foreman"}]', "definition.unknown_key",
     "/states/measure/seats/who/0/rol", "known: role"),
    (FLOW, '[{"role": "foreman", "in": "project"}]', '[{"user": "lin", »"in": "project"}]', "definition.lonely_key",
     "/states/measure/seats/who/0/in", "together with role"),
    (FLOW, '[{"role": "foreman", "in": "project"}]', '[»{"user": "lin", "role": "foreman"}]',
     "definition.one_too_many", "/states/measure/seats/who/0", "user, role"),
    (FLOW, '"self": "allow"', '"self": "allow", "on_leaver": »1', "definition.choice",
     "/states/measure/seats/on_leaver", "known: manager, admin, drop"),
    (FLOW, '{"assign": [{"manager_of": "starter", "level": 1}]}', '»"admn"', "definition.choice",
     "/states/measure/seats/on_empty", "known: admin"),
    (FLOW, '{"assign": [{"manager_of": "starter", "level": 1}]}', "»7", "definition.type",
     "/states/measure/seats/on_empty", "Expected string, object, not number"),
    (FLOW, '{"assign": [{"manager_of": "starter", "level": 1}]}', '{"assign": »[]}', "definition.too_few",
     "/states/measure/seats/on_empty/assign", "At least 1"),
    (FLOW, '"num": 2, "den": 3', '»"num": 2', "definition.lonely_key",
     "/states/both/regions/cost/states/check/seats/threshold/num", "together with den"),
    (FLOW, '"key": "late", "after"', '"key": »"nudge", "after"', "definition.duplicate",
     "/states/measure/timers/1/key", "nudge"),
    (FLOW, '"initial": "check",', '»"inital": "check",', "definition.unknown_key",
     "/states/both/regions/cost/inital", "known: initial, when"),
    (MODULE, '"format": 1', '"format": »2', "definition.choice", "/format", "known: 1"),
    (MODULE, '">=1.0,<2"', '»"latest"', "definition.pattern", "/requires/core", "as >=1.0, >=1.0,<2 does"),
    (MODULE, '"report": "monthly"', '»"page": "monthly"', "definition.unknown_key", "/menu/2/page", "view, report"),
    (VIEW, '"list"', '»"lists"', "definition.choice", "/type", "known: list, kanban, gantt, calendar, pivot"),
    (VIEW, '"../../../../../schemas/view', '»"../../../../../schemas/report', "definition.pattern", "/$schema",
     "view.schema.json"),
    (RIGHTS, '"import"', '»"imports"', "definition.choice", "/entities/worker/0/verbs/3", "known: import"),
    (STORY, '{"after": "P1D"}', '»{"later": "P1D"}', "definition.one_missing", "/steps/2",
     "action, create, after, at"),
    (STORY, '{"after": "P1D"}', '{"after": "P1D", »"on": "s1"}', "definition.unknown_key", "/steps/2/on", "no key"),
    (REPORT, '"by": "month"', '"by": »"moon"', "definition.choice", "/rows/1/by", "known: month"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "code", "pointer", "words"), REFUSED)
def test_a_mistake_is_refused_with_its_place_and_what_would_be_accepted(
    path: str, old: str, new: str, code: str, pointer: str, words: str
) -> None:
    before = edited(path, old, new)[path].decode().split("»")[0]
    (problem,) = problems(edited(path, old, new.replace("»", "")))
    assert (problem.file, problem.code, problem.pointer) == (path, code, pointer)
    assert (problem.line, problem.column) == (before.count("\n") + 1, len(before.split("\n")[-1]) + 1)
    assert words in problem.sentence


@pytest.mark.parametrize(
    ("path", "data", "code", "line", "column"),
    [
        (VIEW, b'\xef\xbb\xbf{"key": 1}', "definition.byte_order_mark", 1, 1),
        (VIEW, b'{\n  "title": "\xe7\x82\xb9\xff"}', "definition.not_utf8", 2, 14),
        (VIEW, "{}".encode("utf-16"), "definition.not_utf8", 1, 1),
        (VIEW, b" " * (MAX_BYTES + 1), "definition.file_too_large", 1, 1),
        (VIEW, b"", "json.ended", 1, 1),
        ("translations/en.po", b'msgid "a"\nmsgstr "b\n', "definition.po_line", 2, 1),
        ("translations/en.po", b'msgid "a"\nmsgid "b"\n', "definition.po_line", 1, 1),
        ("translations/en.po", b'msgid ""\nmsgstr "POT-Creation-Date: soon\\n"\n', "definition.po_header", 1, 1),
        ("README.md", b"\xff", "definition.not_utf8", 1, 1),
        ("views/Sheet.json", b"{}", "definition.unknown_file", 1, 1),
        ("view/sheet.json", b"{}", "definition.unknown_file", 1, 1),
        ("translations/english.po", b"", "definition.unknown_file", 1, 1),
        ("views/../../module.json", b"{}", "definition.unknown_file", 1, 1),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(path: str, data: bytes, code: str, line: int, column: int) -> None:
    (problem,) = problems({**files(), path: data})
    assert (problem.file, problem.code, problem.line, problem.column) == (path, code, line, column)
    assert problem.sentence


def test_a_sentence_repeats_no_more_than_the_beginning_of_what_was_given() -> None:
    (problem,) = problems(edited(SHEET, '"key": "sheet"', f'"key": "{"X" * 5000}"'))
    assert len(problem.sentence) < 250


def test_a_problem_prints_as_one_line() -> None:
    (problem,) = problems(edited(SHEET, '"x-number"', '"x-nummer"'))
    assert str(problem).startswith(
        "entities/sheet.json:57:3: definition.unknown_key: There is no key “x-nummer” here; known: x-number, "
    )
    assert str(problem).endswith(" (/x-nummer)")
