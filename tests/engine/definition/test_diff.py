from collections.abc import Callable

import pytest

from engine.definition.diff import Change, diff
from engine.definition.elements import Element, element_of
from engine.definition.read import read
from engine.sentences import SENTENCES
from tests.engine.definition.daywork import edited, files

SHEET, WORKER, FLOW, MODULE = "entities/sheet.json", "entities/worker.json", "workflows/sheet.json", "module.json"


def changes(path: str, old: str, new: str) -> tuple[Change, ...]:
    return diff(read(files()), read(edited(path, old, new)))


def test_the_same_text_has_no_differences() -> None:
    assert diff(read(files()), read(files())) == ()


#: What is changed; the sentence, and whether it breaks something.
CHANGED = [
    (SHEET, '"title": "工作内容"', '"title": "内容"',
     "Field “内容” (sheet.work): title was 工作内容 and is now 内容.", False),
    (SHEET, '"maxLength": 500', '"maxLength": 900',
     "Field “工作内容” (sheet.work): maxLength was 500 and is now 900.", False),
    (SHEET, '"maxLength": 500', '"maxLength": 90',
     "Field “工作内容” (sheet.work): maxLength was 500 and is now 90.", True),
    (SHEET, '"maxLength": 500', '"maxLength": 500, "minLength": 1',
     "Field “工作内容” (sheet.work): minLength was – and is now 1.", True),
    (SHEET, '      "maxLength": 500,\n', "", "Field “工作内容” (sheet.work): maxLength was 500 and is now –.", False),
    (SHEET, '"exclusiveMinimum": 0', '"exclusiveMinimum": -1',
     "Field “工时” (sheet.lines.hours): exclusiveMinimum was 0 and is now -1.", False),
    (SHEET, '"exclusiveMinimum": 0', '"exclusiveMinimum": 1',
     "Field “工时” (sheet.lines.hours): exclusiveMinimum was 0 and is now 1.", True),
    (SHEET, '"minItems": 1,', '"minItems": 0,', "Field “明细” (sheet.lines): minItems was 1 and is now 0.", False),
    (SHEET, '"x-index": true', '"x-index": false',
     "Field “项目” (sheet.project): x-index was true and is now false.", False),
    (SHEET, '"x-rounding": "round_then_sum"', '"x-rounding": "sum_then_round"',
     "Field “合计工日” (sheet.days): x-rounding was round_then_sum and is now sum_then_round.", False),
    (SHEET, '"x-reference": "core/project"', '"x-reference": "core/site"',
     "Field “项目” (sheet.project): x-reference was core/project and is now core/site.", True),
    (SHEET, '"title": "日期", "x-type": "date"', '"title": "日期", "x-type": "datetime"',
     "Field “日期” (sheet.date): x-type was date and is now datetime.", True),
    (SHEET, '"required": ["hours"]', '"required": []',
     "Field “工时” (sheet.lines.hours): required was true and is now –.", False),
    (SHEET, '["project", "date", "lines"]', '["project", "date", "lines", "leader"]',
     "Field “班组长” (sheet.leader): required was – and is now true.", True),
    (SHEET, '"assert": "date <= TODAY()"', '"assert": "date = TODAY()"',
     "Rule “one_day” (sheet.one_day): assert was date <= TODAY() and is now date = TODAY().", False),
    (SHEET, '"key": "one_day"', '"key": "same_day"',
     "Rule “one_day” (sheet.one_day) is gone. | Rule “same_day” (sheet.same_day) is new.", False),
    (SHEET, '        "zone": {"title": "分区", "type": "string"},\n', "",
     "Field “分区” (sheet.place.zone) is gone.", True),
    (SHEET, '"zone": {', '"block": {"title": "楼栋"}, "zone": {', "Field “楼栋” (sheet.place.block) is new.",
     False),
    (WORKER, '"x-unique": true', '"x-unique": false',
     "Field “身份证号” (worker.id_card): x-unique was true and is now false.", False),
    (WORKER, '"maxLength": 30', '"maxLength": 30, "x-unique": true',
     "Field “姓名” (worker.name): x-unique was – and is now true.", True),
    (WORKER, ', "x-multiple": true', "", "Field “照片” (worker.photo): x-multiple was true and is now –.", True),
    (WORKER, ',\n        {"const": "general", "title": "杂工"}', "",
     "Option “杂工” (worker.trade.general) is gone.", True),
    (WORKER, '"title": "杂工"', '"title": "普工"',
     "Option “普工” (worker.trade.general): title was 杂工 and is now 普工.", False),
    (WORKER, '"焊工证", ', "", "Option “焊工证” (worker.skills.焊工证) is gone.", True),
    (WORKER, '"焊工证", "电工证"', '"电工证", "焊工证"',
     "Option “电工证” (worker.skills.电工证) has moved from place 2 to place 1.", False),
    (WORKER, '"x-workflow": "worker"', '"x-workflow": "sheet"',
     "Entity “工人” (worker): x-workflow was worker and is now sheet.", True),
    (FLOW, '"type": "handle"', '"type": "approval"',
     "State “劳资处理” (sheet.sign): type was handle and is now approval.", True),
    (FLOW, '"outcome": "rejected"', '"outcome": "cancelled"',
     "State “不予签认” (sheet.refused): outcome was rejected and is now cancelled.", False),
    (FLOW, '"dedupe": "consecutive"', '"dedupe": "once"',
     "Workflow “点工签认” (sheet): settings.dedupe was consecutive and is now once.", False),
    (FLOW, '"mode": "sequential"', '"mode": "all"',
     "State “劳资处理” (sheet.sign): seats.mode was sequential and is now all.", False),
    (FLOW, '"repeat": "P1D"', '"repeat": "P2D"',
     "Timer “nudge” (sheet.measure.nudge): repeat was P1D and is now P2D.", False),
    (FLOW, '"on": {"joined": [{"to": "pay"}]}', '"on": {"joined": [{"to": "book"}]}',
     "Way out “joined.pay” (sheet.both.joined.pay) is gone. | Way out “joined.book” (sheet.both.joined.book) is new.",
     False),
    (FLOW, '"when": "claimable",', '"when": "NOT(claimable)",',
     "Branch “owner” (sheet.both.owner): when was claimable and is now NOT(claimable).", False),
    (FLOW, '"title": "成本部"', '"title": "成本中心"',
     "State “成本中心” (sheet.both.cost.check): title was 成本部 and is now 成本中心.", False),
    ("workflows/worker.json", '"title": "退场"', '"title": "离场"',
     "Action “离场” (worker.on_site.leave): title was 退场 and is now 离场.", False),
    ("views/sheet.mine.json", '"created_by = ME()"', '"days > 0"',
     "View “我的点工单” (sheet.mine): filter was created_by = ME() and is now days > 0.", False),
    ("reports/monthly.json", '"chart": "bar"', '"chart": "line"',
     "Report “点工月报” (monthly): chart was bar and is now line.", False),
    ("prints/sheet.json", '"paper": "A5"', '"paper": "A4"', "Print “点工单” (sheet): paper was A5 and is now A4.",
     False),
    ("scenarios/sheet.json", '"required": true', '"required": false',
     "Scenario “当日开单，施工员签认后入账” (sheet): required was true and is now false.", False),
    ("samples/sheets.json", '"trade": "steel"', '"trade": "general"',
     "Sample “w1” (w1): values.trade was steel and is now general.", False),
    ("permissions.json", '"rows": "created_by = ME()"', '"rows": "project = PROJECT()"',
     "Permission “sheet.employee” (sheet.employee): rows was created_by = ME() and is now project = PROJECT().",
     False),
    ("permissions.json", '"access": "hidden"', '"access": "read"',
     "Field permission “worker.id_card.foreman” (worker.id_card.foreman): access was hidden and is now read.",
     False),
    (MODULE, '"scope": "project"', '"scope": "company"',
     "Role “施工员” (foreman): scope was project and is now company.", True),
    (MODULE, '"version": "1.0.0"', '"version": "1.1.0"',
     "Module “点工” (daywork): version was 1.0.0 and is now 1.1.0.", False),
    (MODULE, '"title": "工人", "view"', '"title": "工友", "view"',
     "Menu entry “工友” (worker.list): title was 工人 and is now 工友.", False),
    ("translations/en.po", '"Daywork sheet"', '"Day sheet"',
     "Translation “en” (en): 点工单 was Daywork sheet and is now Day sheet.", False),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "sentences", "is_breaking"), CHANGED)
def test_a_change_is_told_in_sentences(path: str, old: str, new: str, sentences: str, *, is_breaking: bool) -> None:
    found = changes(path, old, new)
    assert " | ".join(each.sentence for each in found) == sentences
    assert any(each.is_breaking for each in found) == is_breaking


FIELD = '"work": {'


@pytest.mark.parametrize(
    ("added", "is_breaking"),
    [
        ('"new": {"title": "新", "type": "string"}', True),
        ('"new": {"title": "新", "type": "string", "default": ""}', False),
        ('"new": {"title": "新", "type": "string", "x-default": "ME()"}', False),
        ('"new": {"title": "新", "type": "string", "x-formula": "work"}', False),
    ],
)
def test_a_new_required_field_breaks_records_that_cannot_have_it(added: str, *, is_breaking: bool) -> None:
    changed = edited(SHEET, FIELD, f"{added}, {FIELD}")
    changed[SHEET] = changed[SHEET].replace(b'["project", "date", "lines"]', b'["project", "date", "lines", "new"]')
    (change,) = diff(read(files()), read(changed))
    assert (change.kind, change.path, change.is_breaking) == ("added", ("sheet", "new"), is_breaking)


def test_what_is_inside_something_new_or_gone_is_not_told_again() -> None:
    with_worker, without = files(), files()
    del without[WORKER]
    gone = diff(read(with_worker), read(without))
    assert [each.sentence for each in gone] == ["Entity “工人” (worker) is gone."]
    assert [each.is_breaking for each in gone] == [True]
    assert [each.kind for each in diff(read(without), read(with_worker))] == ["added"]


def test_a_definition_that_fields_share_breaks_them_too() -> None:
    found = changes(SHEET, '"maxLength": 20}', '"maxLength": 10}')
    assert [(each.sentence, each.is_breaking) for each in found] == [
        ("Entity “点工单” (sheet): $defs.axis.maxLength was 20 and is now 10.", False),
        ("Field “轴线” (sheet.place.axis): maxLength was 20 and is now 10.", True),
    ]


def test_only_what_left_its_place_has_moved() -> None:
    lines = files()[SHEET].decode().splitlines(keepends=True)
    (at,) = (number for number, line in enumerate(lines) if line.startswith('    "project": {'))
    moved = [*lines[:at], *lines[at + 1 : at + 3], lines[at], *lines[at + 3 :]]
    (change,) = diff(read(files()), read({**files(), SHEET: "".join(moved).encode()}))
    assert change.sentence == "Field “项目” (sheet.project) has moved from place 1 to place 3."
    assert not change.is_breaking


def test_the_order_of_keys_and_the_layout_of_the_text_mean_nothing() -> None:
    changed = edited(SHEET, '"title": "日期", "x-type": "date"', '"x-type":    "date",\n "title": "日期"')
    assert diff(read(files()), read(changed)) == ()


def test_an_attribute_that_is_given_as_null_differs_from_one_that_is_not() -> None:
    assert [each.attribute for each in changes(SHEET, '"title": "分区"', '"title": "分区", "default": null')] == [
        "default"
    ]


def test_elements_that_look_alike_are_counted() -> None:
    double = '"elapsed": [{"to": "#done"}, {"to": "#done"}, {"to": "#done"}]'
    found = changes(FLOW, '"elapsed": [{"to": "#done"}]', double)
    assert [each.path[-1] for each in found] == ["elapsed.#done#2", "elapsed.#done#3"]


def walked(element: Element, visit: Callable[[Element], None]) -> None:
    visit(element)
    for part in element.parts:
        walked(part, visit)


def test_every_kind_of_element_has_its_word() -> None:
    seen: set[str] = set()
    walked(element_of(read(files())), lambda element: seen.add(element.what))
    assert {f"noun.{what}" for what in seen} == {code for code in SENTENCES if code.startswith("noun.")}
