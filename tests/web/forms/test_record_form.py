"""A record form carries what was typed, letter by letter, and puts the engine's problems where they belong."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.problems import Problem, TooLarge
from engine.runtime.access import EVERYTHING, Access
from engine.runtime.values.accept import accept
from tests.engine.definitions import an_entity
from tests.web import diary
from web.forms import RecordForm, form_class
from web.forms.inputs import Cell, Many, Typed
from web.forms.nested import LinesField, ObjectField


def a_form(
    *posted: tuple[str, str], access: Access = EVERYTHING, values: Mapping[str, Json] | None = None
) -> RecordForm:
    made = form_class(diary.entity(), access, diary.options)
    return made(MultiDict(posted) if posted else None, values=values, audience=diary.AUDIENCE)


def a_line(number: int, **cells: str) -> tuple[tuple[str, str], ...]:
    named = ((f"items-{number}-{key}", text) for key, text in cells.items())
    return (("items", ""), (f"items-{number}-_row", ""), *named)


def test_kept_values_stand_in_the_inputs_as_people_edit_them() -> None:
    form = a_form(values=diary.VALUES)
    assert form["tax_rate"].text == "9%"
    assert form["started"].text == "2026-10-31 08:30"
    assert form["urgent"].is_ticked
    assert form["weather"].texts == ("sun", "wind")
    assert form["contact"].form["address"].form["city"].text == "杭州"
    assert form["items"].entries[1].form["quantity"].text == "1.7"
    assert form["items"].entries[1].form["amount"].shown == "7,021.00"


def test_what_was_typed_is_shown_again_as_it_was_typed() -> None:
    form = a_form(("tax_rate", " nine % "), ("date", "31/31"), *a_line(0, price="１,300.5x"))
    assert form["tax_rate"].text == " nine % "
    assert form["date"].text == "31/31"
    assert form["items"].entries[0].form["price"].text == "１,300.5x"


def test_typed_text_becomes_raw_values_by_field_type() -> None:
    form = a_form(("tax_rate", "9%"), ("kind", "other"), ("date", "2026年3月2日"), ("extra", '{"pump": 2}'))
    assert form.raw_values() == {"tax_rate": "0.09", "kind": "other", "date": "2026-03-02", "extra": {"pump": 2}}


def test_what_was_not_sent_is_not_touched_and_what_was_emptied_is_none() -> None:
    assert a_form(("reason", "  ")).raw_values() == {"reason": None}


def test_a_field_may_have_the_name_of_anything_that_forms_have() -> None:
    assert a_form(("data", "a"), ("errors", "b")).raw_values() == {"data": "a", "errors": "b"}


@pytest.mark.parametrize(("posted", "raw"), [([""], False), (["", "true"], True)])
def test_a_box_that_is_not_ticked_says_no(posted: list[str], raw: bool) -> None:  # noqa: FBT001
    assert a_form(*(("urgent", text) for text in posted)).raw_values() == {"urgent": raw}


def test_a_box_that_can_only_be_ticked_says_nothing_until_it_is() -> None:
    """Consent, for instance: its schema has `"enum": [true]`."""
    entity = an_entity({"consent": {"title": "Consent", "type": "boolean", "enum": [True]}})
    made = form_class(entity, EVERYTHING, diary.options)
    assert made(MultiDict([("consent", "")])).raw_values() == {"consent": None}
    assert made(MultiDict([("consent", ""), ("consent", "true")])).raw_values() == {"consent": True}


def test_several_choices_and_files_are_lists() -> None:
    form = a_form(("weather", ""), ("weather", "rain"), ("weather", "wind"), ("files", ""), ("files", "f1"))
    assert form.raw_values() == {"weather": ["rain", "wind"], "files": ["f1"]}


def test_no_choice_at_all_is_none() -> None:
    assert a_form(("weather", ""), ("files", "")).raw_values() == {"weather": None, "files": None}


def test_a_single_photo_is_the_one_taken_last() -> None:
    assert a_form(("photo", ""), ("photo", "f1"), ("photo", "f2")).raw_values() == {"photo": "f2"}


def test_nested_objects_are_nested() -> None:
    form = a_form(("contact-name", "陈静"), ("contact-phone", ""), ("contact-address-city", "杭州"))
    assert form.raw_values() == {"contact": {"name": "陈静", "phone": None, "address": {"city": "杭州"}}}


def test_an_object_in_which_nothing_is_left_is_none() -> None:
    assert a_form(("contact-name", ""), ("contact-address-city", " ")).raw_values() == {"contact": None}


def test_an_emptied_object_keeps_what_this_person_may_not_see() -> None:
    form = a_form(("contact-name", ""), access=Access("edit", {"contact.phone": "hidden"}))
    assert form.raw_values() == {"contact": {"name": None}}


def test_lines_come_in_the_order_of_their_numbers_without_the_blank_ones() -> None:
    form = a_form(*a_line(10, name="b"), *a_line(3), *a_line(2, name="a", quantity="1,300"))
    assert form.raw_values() == {"items": [{"name": "a", "quantity": "1300"}, {"name": "b"}]}


def test_lines_that_are_all_gone_are_none() -> None:
    assert a_form(("items", ""), values=diary.VALUES).raw_values() == {"items": None}


def test_lines_of_which_a_column_may_only_be_read_keep_their_places() -> None:
    access = Access("read", {"items.price": "edit"})
    posted = [("items", ""), *((f"items-{row}-price", text) for row, text in enumerate(("1", "", "3")))]
    form = a_form(*posted, access=access, values=diary.VALUES)
    assert not form["items"].may_change_rows
    assert form.raw_values() == {"items": [{"price": "1"}, {"price": None}, {"price": "3"}]}


def test_a_moved_line_still_shows_the_computed_value_it_had() -> None:
    form = a_form(("items", ""), ("items-0-_row", "2"), ("items-0-name", "土方开挖"), values=diary.VALUES)
    assert form["items"].entries[0].form["amount"].shown == "10,224.00"


def test_more_lines_than_the_definition_accepts_are_refused_before_any_is_made() -> None:
    with pytest.raises(TooLarge) as refused:
        a_form(*(each for number in range(3000) for each in a_line(number, name="x")))
    assert refused.value.problems == (Problem("field.too_many", "/items", {"limit": "20"}),)


def test_hidden_fields_are_absent_and_read_only_ones_are_text() -> None:
    access = Access("hidden", {"supplier": "read", "total": "edit"})
    form = a_form(("supplier", "s2"), ("total", "1"), access=access, values=diary.VALUES)
    assert [each.name for each in form] == ["supplier", "total"]
    assert form["supplier"].kind == form["total"].kind == "readonly"
    assert form["supplier"].shown == "宏达混凝土有限公司"
    assert form.raw_values() == {}


def test_a_field_may_be_required_by_definition_or_by_the_state() -> None:
    form = a_form(access=Access("edit", {"date": "required"}))
    assert [each.name for each in form if each.is_required] == ["supplier", "date", "items"]


def test_problems_stand_at_their_fields_and_in_the_summary_in_the_order_of_the_form() -> None:
    form = a_form(*a_line(0), *a_line(1, name="x", price="y"), ("contact-address-city", ""))
    form.place(
        Problem("field.required", pointer)
        for pointer in ("/contact/address/city", "/items", "/items/0/price", "/items/0/quantity", "/weather/3")
    )
    cell = form["items"].entries[1].form["quantity"]
    assert cell.errors == ["This is required."]
    assert [(each.trail, each.target) for each in form.summary] == [
        (("天气",), "weather"),
        (("明细",), "items"),
        (("明细", "2", "数量"), "items-1-quantity"),
        (("明细", "2", "单价"), "items-1-price"),
        (("现场联系人", "地址", "城市"), "contact-address-city"),
    ]


@pytest.mark.parametrize("pointer", ["", "/nothing", "/supplier"])
def test_a_problem_that_fits_no_field_goes_to_the_summary_alone(pointer: str) -> None:
    form = a_form(access=Access("edit", {"supplier": "hidden"}))
    form.place([Problem("field.required", pointer)])
    assert [(each.message, each.trail, each.target) for each in form.summary] == [("This is required.", (), "")]


def test_the_layout_orders_the_sections_and_forgets_nothing() -> None:
    form = a_form(access=Access("edit", {"files": "hidden", "photo": "hidden"}))
    assert [part.title for part in form.sections] == ["基本信息", "明细", ""]
    assert {field.name for part in form.sections for field in part.fields} == {field.name for field in form}


def test_a_picked_record_is_called_by_its_name() -> None:
    form = a_form(("supplier", "s2"), values=diary.VALUES)
    assert form["supplier"].picked == "天元劳务有限公司"


def test_what_is_too_much_to_list_is_looked_up() -> None:
    made = form_class(diary.entity(), EVERYTHING, lambda path: "/lookup/" + path[-1])
    form = made(MultiDict({"leader": "gone"}), values={**diary.VALUES, "supplier": "s3"}, audience=diary.AUDIENCE)
    assert form["supplier"].lookup == "/lookup/supplier"
    assert form["supplier"].picked == "恒基防水材料有限公司"
    assert form["leader"].picked == "gone"


def test_the_kept_values_come_back_unchanged() -> None:
    raw = a_form(*_posted(a_form(values=diary.VALUES)), values=diary.VALUES).raw_values()
    values, problems = accept(diary.entity().fields, raw, {}, EVERYTHING)
    assert problems == ()
    typed = {key: value for key, value in diary.VALUES.items() if key not in {"total", "with_tax", "items"}}
    assert {key: values[key] for key in typed} == typed
    assert values["items"] == [{key: line[key] for key in line if key != "amount"} for line in diary.VALUES["items"]]


def _posted(parts: Iterable[Cell]) -> Iterator[tuple[str, str]]:
    for each in parts:
        if isinstance(each, LinesField):
            yield each.name, ""
            for line in each.entries:
                yield f"{line.name}-_row", str(line.index)
                yield from _posted(line.form)
        elif isinstance(each, ObjectField):
            yield from _posted(each.form)
        elif isinstance(each, Many):
            yield from ((each.name, text) for text in ("", *each.texts))
        elif isinstance(each, Typed):
            yield each.name, each.text


def fresh(_lines: CompiledField) -> Mapping[str, Json]:
    return {"unit": "t", "quantity": Decimal(1)}


def a_form_with_defaults(*posted: tuple[str, str], kept: Json = None) -> LinesField:
    made = form_class(diary.entity(), EVERYTHING, diary.options)
    form = made(MultiDict(posted) if posted else None, values={"items": kept}, audience=diary.AUDIENCE, fresh=fresh)
    items: LinesField = form["items"]
    return items


def test_a_new_line_starts_with_its_defaults_and_counts_once_something_else_is_typed() -> None:
    items = a_form_with_defaults(*a_line(0, unit="t", quantity="1.0"), *a_line(1, unit="t", quantity="2"))
    assert items.pattern.form["unit"].text == "t"
    assert items.raw() == [{"unit": "t", "quantity": "2"}]


def test_what_was_emptied_in_a_new_line_stays_empty() -> None:
    items = a_form_with_defaults(*a_line(0, name="砂", unit="", quantity="1"))
    assert items.entries[0].form["unit"].text == ""
    assert items.raw() == [{"name": "砂", "unit": None, "quantity": "1"}]


def test_a_kept_line_gets_no_defaults_and_stays_even_if_it_has_nothing_else() -> None:
    kept = [{"unit": "t", "quantity": Decimal(1)}, {"name": "砂"}]
    items = a_form_with_defaults(kept=kept)
    assert [line.form["unit"].text for line in items.entries] == ["t", ""]
    posted = (("items", ""), ("items-0-_row", "0"), ("items-0-unit", "t"), ("items-0-quantity", "1"))
    assert a_form_with_defaults(*posted, kept=kept).raw() == [{"unit": "t", "quantity": "1"}]


@pytest.mark.parametrize(
    ("pointer", "known", "said"),
    [("/data", "data, reason", "data、说明"), ("/contact/phone", "name, phone", "姓名、电话")],
)
def test_fields_are_called_by_their_labels(pointer: str, known: str, said: str) -> None:
    form = a_form()
    form.place([Problem("field.one_of_required", pointer, {"known": known})])
    assert form.summary[0].message == f"Fill in at least one of these: {said}."
