"""A trace as people read it: labels, values as their fields show them, and nothing of what they may not see."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.definition.model import Json
from engine.fields.field_type import Audience
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.publish import publish
from engine.usecases.records.create import create
from engine.usecases.records.explain import Explained, explain_value
from engine.usecases.records.save import save
from tests.company import a_company, a_deployment
from tests.engine.usecases.test_publish import reference, small
from web.present.explaining.lines import explain_lines
from web.present.explaining.notes import notes_of, shown
from web.present.explaining.tree import Part, tree_of

ADMIN = Actor(login="admin")


def money(title: str, formula: str = "", **more: Json) -> dict[str, Json]:
    return {"title": title, "x-type": "money", **({"x-formula": formula} if formula else {}), **more}


ORDER = small(
    "order",
    amount=money("合同金额"),
    count={"title": "份数", "type": "integer"},
    rate={"title": "税率", "x-type": "percent"},
    day={"title": "签订日期", "x-type": "date"},
    kind={"title": "类别", "oneOf": [{"const": "a", "title": "甲类"}, {"const": "b", "title": "乙类"}]},
    skills={"title": "工种", "type": "array", "uniqueItems": True, "items": {"enum": ["焊工", "电工"]}},
    who={"title": "负责人", "x-type": "user"},
    before=reference("order/order"),
    part={"title": "每份", "x-type": "decimal", "x-formula": "amount / count"},
    net=money("不含税", "ROUND(amount / (1 + rate), 2)"),
    share=money("三分之一", "amount / 3"),
    ratio={"title": "比率", "x-type": "decimal", "x-formula": "1 + amount / before.count"},
    due={"title": "到期日", "x-type": "date", "x-formula": "day + 30"},
    text={"title": "说明", "type": "string", "x-formula": 'IF(kind <> "b", kind & "/" & who, "")'},
    many={"title": "有焊工", "type": "boolean", "x-formula": 'skills = "焊工"'},
    earlier=money("上期金额", "before.amount"),
    last={"title": "上期", "x-type": "reference", "x-reference": "order/order", "x-formula": "before"},
    lines={
        "title": "明细",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "name": {"title": "名称", "type": "string"},
                "price": {"title": "单价", "x-type": "decimal"},
                "sum": money("金额", "price * 1"),
            },
        },
    },
    bands={
        "title": "分档",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "kind": {"title": "档别", "type": "string"},
                "start": {"title": "起点", "x-type": "decimal"},
                "price": {"title": "档价", "x-type": "decimal"},
            },
        },
    },
    tiered=money("分档计价", "TIER(bands, amount)"),
    picked=money("甲档合计", 'SUM(FILTER(bands.price, bands.kind, "甲"))'),
    lines_count={"title": "行数", "type": "integer", "x-formula": "COUNT(lines)"},
    sum=money("合计", "SUM(lines.sum)"),
    exact=money("精确合计", "SUM(lines.sum)", **{"x-rounding": {"scale": 2, "order": "sum_then_round"}}),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    deployment = a_deployment(f"sqlite:///{tmp_path}/var")
    made = a_company(deployment, [])
    publish(made, ADMIN, ORDER)
    yield made
    deployment.close()


def audience(found: Explained, locale: str = "zh_CN") -> Audience:
    return Audience(locale=locale, zone=ZoneInfo("Asia/Shanghai"), name=found.names.of)


def found(workspace: Workspace, place: str, **values: Any) -> Explained:  # noqa: ANN401
    made = create(workspace, ADMIN, "order/order", values).record
    return explain_value(workspace, ADMIN, "order/order", made.id, place, named=True)


def told(explained: Explained, locale: str = "zh_CN") -> Part:
    tree = tree_of(explained, audience(explained, locale))
    assert tree is not None
    return tree


def parts(of: Part) -> Iterator[Part]:
    yield of
    for each in of.parts:
        yield from parts(each)


def values(of: Part) -> dict[str, str]:
    return {each.text: each.value or each.state for each in parts(of)}


def notes(of: Explained) -> list[str]:
    return [*notes_of(of, audience(of), str)]


def test_parts_are_told_with_labels_and_values_as_their_fields_show_them(workspace: Workspace) -> None:
    part = told(found(workspace, "net", amount="1234567.8", rate="0.09"))
    assert values(part) == {
        "四舍五入(合同金额 / (1 + 税率), 2)": "1,132,631.01",
        "合同金额 / (1 + 税率)": "1,132,631.0091743119…",
        "合同金额": "1,234,567.80",
        "(1 + 税率)": "1.09",
        "税率": "9%",
    }
    assert [each.code for each in parts(part)][2:] == ["amount", "(1 + rate)", "rate"]
    assert [(each.text, each.key) for each in part.pieces if each.key] == [("合同金额", "amount"), ("税率", "rate")]


@pytest.mark.parametrize(("locale", "day"), [("zh_CN", "2026-04-01"), ("en", "1 Apr 2026")])
def test_days_are_told_as_the_reader_writes_them(workspace: Workspace, locale: str, day: str) -> None:
    part = told(found(workspace, "due", day="2026-03-02"), locale)
    assert part.value == day


def test_choices_and_people_are_told_by_their_names_and_what_was_not_needed_as_such(workspace: Workspace) -> None:
    explained = found(workspace, "text", kind="a", who="keeper")
    part = told(explained)
    assert values(part)["类别"] == "甲类"
    assert values(part)['类别 <> "b"'] == "TRUE"
    assert values(part)["负责人"] == "keeper"
    assert values(told(found(workspace, "text", kind="b")))['类别 & "/" & 负责人'] == "unused"


def test_a_table_of_bands_is_told_by_its_two_columns(workspace: Workspace) -> None:
    bands = [{"start": "0", "price": "2"}, {"start": "10", "price": "1"}]
    part = told(found(workspace, "tiered", amount="15", bands=bands))
    assert (part.text, part.code, part.value) == ("分档累进(分档, 合同金额)", "TIER(bands, amount)", "25.00")
    columns = [(each.text, each.code, [row.value for row in each.rows]) for each in part.parts]
    assert columns == [
        ("分档.起点", "bands.start", ["0", "10"]),
        ("分档.档价", "bands.price", ["2", "1"]),
        ("合同金额", "amount", []),
    ]


def test_which_lines_a_filter_takes_is_told_line_by_line(workspace: Workspace) -> None:
    bands = [{"kind": "甲", "price": "2"}, {"kind": "乙", "price": "5"}, {"kind": "甲", "price": "1"}]
    part = told(found(workspace, "picked", bands=bands))
    assert values(part)['筛选(分档.档价, 分档.档别, "甲")'] == "2, 1"
    assert values(part)['分档.档别, "甲"'] == "TRUE, FALSE, TRUE"


def test_several_choices_stand_in_one_line(workspace: Workspace) -> None:
    assert values(told(found(workspace, "many", skills=["焊工", "电工"])))["工种"] == "焊工, 电工"


def test_a_reference_is_told_by_the_title_of_its_record_and_not_by_its_id(workspace: Workspace) -> None:
    before = create(workspace, ADMIN, "order/order", {"amount": "5"}).record
    explained = found(workspace, "last", before=before.id)
    title = explained.names.of("order/order", before.id)
    assert told(explained).value == title
    assert told(found(workspace, "earlier", before=before.id)).text == "Reference.合同金额"


def test_what_is_blank_or_fails_is_said_at_the_part(workspace: Workspace) -> None:
    part = told(found(workspace, "net", rate="0.1"))
    assert (part.state, values(part)["合同金额"]) == ("blank", "blank")


def test_a_failure_is_told_at_the_innermost_part_and_further_out_that_there_is_no_value(workspace: Workspace) -> None:
    before = create(workspace, ADMIN, "order/order", {"count": 2}).record
    after = create(workspace, ADMIN, "order/order", {"before": before.id, "amount": "6"}).record
    save(workspace, ADMIN, "order/order", before.id, {"count": 0}, revision=before.revision)
    explained = explain_value(workspace, ADMIN, "order/order", after.id, "ratio", named=True)
    assert [(each.code, each.state, each.problem and each.problem.code) for each in parts(told(explained))] == [
        ("1 + amount / before.count", "failed", None),
        ("amount / before.count", "failed", "formula.division_by_zero"),
        ("amount", "value", None),
        ("before.count", "value", None),
    ]
    assert [*explain_lines(explained, audience(explained), str, str)][:3] == [
        "比率 (ratio) = 4",
        "  1 + amount / before.count · no value",
        "    amount / before.count ! formula.division_by_zero: Division by zero.",
    ]


def test_a_column_is_told_line_by_line_with_the_way_to_each(workspace: Workspace) -> None:
    lines = [{"name": "钢筋", "price": "1"}, {"name": "水泥", "price": "2"}]
    part = told(found(workspace, "sum", lines=lines))
    column = part.parts[0]
    assert (part.value, column.text) == ("3.00", "明细.金额")
    assert [(row.number, row.title, row.value, row.place) for row in column.rows] == [
        ("1", "钢筋", "1.00", "lines.0.sum"),
        ("2", "水泥", "2.00", "lines.1.sum"),
    ]
    counted = told(found(workspace, "lines_count", lines=lines)).parts[0]
    assert [(row.title, row.value) for row in counted.rows] == [("钢筋", ""), ("水泥", "")]


def test_of_a_long_column_the_first_lines_are_told_and_how_many_more_there_are(workspace: Workspace) -> None:
    column = told(found(workspace, "sum", lines=[{"price": "1"}] * 25)).parts[0]
    assert (len(column.rows), column.more) == (20, 5)


def test_what_is_rounded_last_adds_up_what_is_not_rounded(workspace: Workspace) -> None:
    explained = found(workspace, "exact", lines=[{"price": "0.004"}, {"price": "0.004"}])
    assert explained.value == explained.result
    assert [row.value for row in told(explained).parts[0].rows] == ["0.00", "0.00"]
    assert told(explained).value == "0.008"
    assert notes(explained) == [
        "Rounded half up, decimal places kept: 2. That gives 0.01.",
        "What is added up here is rounded only in the end.",
    ]


def test_a_result_that_its_field_rounds_says_so(workspace: Workspace) -> None:
    explained = found(workspace, "share", amount="100")
    assert told(explained).value == "33.3333333333…"
    assert notes(explained) == ["Rounded half up, decimal places kept: 2. That gives 33.33."]


def test_a_value_that_would_be_another_today_says_so(workspace: Workspace) -> None:
    before = create(workspace, ADMIN, "order/order", {"amount": "5"}).record
    after = create(workspace, ADMIN, "order/order", {"before": before.id}).record
    save(workspace, ADMIN, "order/order", before.id, {"amount": "7"}, revision=before.revision)
    explained = explain_value(workspace, ADMIN, "order/order", after.id, "earlier", named=True)
    assert notes(explained) == ["This is from when the record was last saved; now the formula gives 7.00."]
    assert shown(explained, explained.value, audience(explained)) == "5.00"


def test_a_terminal_shows_keys_with_the_labels_behind_them(workspace: Workspace) -> None:
    explained = found(workspace, "net", amount="109", rate="0.09")
    assert [*explain_lines(explained, audience(explained), str, str)] == [
        "不含税 (net) = 100.00",
        "  ROUND(amount / (1 + rate), 2) = 100.00",
        "    amount / (1 + rate) = 100",
        "      amount (合同金额) = 109.00",
        "      (1 + rate) = 1.09",
        "        rate (税率) = 9%",
    ]
