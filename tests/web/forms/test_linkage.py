"""The browser gets the formulas whose every value it has, and no value that this person may not see."""

from engine.runtime.access import EVERYTHING, Access
from tests.web import diary
from web.forms import form_class, linkage


def linked(access: Access = EVERYTHING) -> dict[str, object]:
    form = form_class(diary.entity(), access, diary.options)(values=diary.VALUES, audience=diary.AUDIENCE)
    return linkage(form, diary.facts())


def computed(link: dict[str, object]) -> list[str]:
    found = link["computed"]
    assert isinstance(found, list)
    return [each["path"] for each in found]


def test_formulas_come_in_the_order_in_which_they_can_be_computed() -> None:
    assert computed(linked()) == ["items.amount", "total", "with_tax"]


def test_conditions_come_by_the_path_of_their_field() -> None:
    link = linked()
    kind = {"op": "read", "path": ["kind"], "type": "text"}
    is_other = {"op": "equal", "of": [kind, {"op": "value", "value": "other"}]}
    assert link["visible"] == link["required"] == {"reason": is_other}


def test_columns_that_a_formula_adds_up_get_a_total() -> None:
    assert linked()["totals"] == ["items.amount"]


def test_a_formula_that_reads_something_hidden_is_left_to_the_server_with_all_that_follow_from_it() -> None:
    assert computed(linked(Access("edit", {"items.price": "hidden"}))) == []
    assert computed(linked(Access("edit", {"tax_rate": "hidden"}))) == ["items.amount", "total"]
    assert linked(Access("edit", {"kind": "hidden"}))["visible"] == {}


def test_hidden_values_do_not_leave_the_server_at_any_depth() -> None:
    access = Access("edit", {"items.price": "hidden", "contact.phone": "hidden", "leader": "hidden"})
    values = linked(access)["facts"]["values"]  # type: ignore[index]
    assert "leader" not in values
    assert values["contact"] == {"name": "陈静", "address": {"city": "杭州"}}
    assert {key for line in values["items"] for key in line} == {"name", "unit", "quantity", "amount"}


def test_the_moment_and_the_people_come_along() -> None:
    facts = linked()["facts"]
    assert isinstance(facts, dict)
    told = (facts["actor"], facts["today"], facts["zone"], facts["state"])
    assert told == ("zhou", "2026-10-31", "Asia/Shanghai", "draft")
    assert facts["values"]["number"] == "RZ-001"
