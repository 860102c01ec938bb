"""From what was sent to what is kept: every problem once and at its own field, then the rules of the form."""

from decimal import Decimal

import pytest

from engine.compile.model import CompiledEntity
from engine.definition.model import Json
from engine.problems import Invalid, Problem
from engine.runtime.access import EVERYTHING, Access
from engine.runtime.values.fill import Filled, fill
from tests.engine.definitions import (
    DATE,
    MONEY,
    NUMBER,
    PERSON,
    TEXT,
    YES,
    a_translation,
    an_entity,
    compiled,
    computed,
    group,
    lines,
    reference,
)
from tests.engine.runtime.stage import a_record, a_world

KIND = {"title": "Kind", "enum": ["travel", "other"]}


def filled(
    entity: CompiledEntity, given: Json, kept: Json = None, rights: Access = EVERYTHING, **world: Json
) -> Filled:
    return fill(entity, a_record(entity, kept), given, rights, world=a_world(**world), actor="lin")


def values(entity: CompiledEntity, given: Json, kept: Json = None, rights: Access = EVERYTHING, **world: Json) -> Json:
    """The values that can be kept."""
    return filled(entity, given, kept, rights, **world).sound()


def problems(
    entity: CompiledEntity, given: Json, kept: Json = None, rights: Access = EVERYTHING, **world: Json
) -> Json:
    found = filled(entity, given, kept, rights, **world).problems
    assert all(each.sentence for each in found)
    return [(each.code, each.pointer) for each in found]


def test_what_is_sound_is_computed_and_kept() -> None:
    entity = an_entity({"amount": MONEY, "total": computed("amount * 2")})
    assert values(entity, {"amount": "5"}) == {"amount": Decimal("5.00"), "total": Decimal("10.00")}
    assert values(entity, {}, {"amount": Decimal(1)}) == {"amount": Decimal(1), "total": Decimal("2.00")}


def test_a_refusal_points_into_what_was_sent_and_carries_everything() -> None:
    entity = an_entity({"amount": MONEY | {"minimum": 1}, "name": TEXT}, entity={"required": ["name"]})
    with pytest.raises(Invalid) as refusal:
        filled(entity, {"amount": "0", "nmae": 1}).sound()
    assert [(each.code, each.pointer) for each in refusal.value.problems] == [
        ("field.minimum", "/values/amount"),
        ("field.required", "/values/name"),
        ("field.unknown", "/values/nmae"),
    ]


FORM = an_entity(
    {
        "amount": MONEY | {"minimum": 1},
        "half": computed("amount / 0"),
        "items": lines(("price",), price=MONEY, name=TEXT | {"minLength": 2, "pattern": "^x"}) | {"minItems": 2},
        "any": {"title": "Any", "x-type": "json"},
        "person": PERSON,
    },
    entity={"required": ["amount", "items", "any", "person"]},
)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ["amount", "items", "any", "person"]),
        ({"amount": "x", "items": 5, "any": ["\x00"]}, ["amount", "items", "any/0", "person"]),
        ({"items": [5, {}]}, ["items/0", "amount", "any", "person", "items/1/price"]),
    ],
)
def test_what_could_not_be_read_is_not_missing_as_well(given: Json, found: list[str]) -> None:
    pointers = [pointer for _, pointer in problems(FORM, given)]
    assert sorted(pointers) == sorted(f"/{each}" for each in found)


def test_different_mistakes_in_one_field_are_all_told() -> None:
    given = {"amount": 5, "any": 1, "person": "lin", "items": [{"price": 1, "name": "y"}]}
    assert problems(FORM, given) == [
        ("formula.division_by_zero", "/half"),
        ("field.too_few", "/items"),
        ("field.pattern", "/items/0/name"),
        ("field.too_short", "/items/0/name"),
    ]


def test_a_broken_link_is_told_unless_something_else_is_wrong_there() -> None:
    broken = (Problem("user.unknown", "/person", {"given": "nobody", "known": ""}),)
    entity = an_entity({"person": PERSON, "name": TEXT}, entity={"required": ["person"]})
    assert problems(entity, {"person": "nobody"}, broken_links=broken) == [("user.unknown", "/person")]
    hidden = Access("edit", {"person": "hidden"})
    assert problems(entity, {"person": "nobody"}, rights=hidden, broken_links=broken)[0] == ("field.unknown", "/person")


def test_who_has_left_may_stay_where_they_stood() -> None:
    broken = (Problem("user.unknown", "/items/0/person", {"given": "wu", "known": ""}),)
    entity = an_entity({"items": lines(person=PERSON)})
    kept = {"items": [{"person": "lin"}, {"person": "wu"}]}
    assert values(entity, {"items": [{"person": "wu"}]}, kept, broken_links=broken) == {"items": [{"person": "wu"}]}
    assert problems(entity, {"items": [{"person": "wu"}]}, {}, broken_links=broken) == [
        ("user.unknown", "/items/0/person")
    ]


SHOWN = an_entity(
    {
        "kind": KIND,
        "reason": TEXT | {"x-visible": 'kind = "other"', "x-required": 'kind = "other"'},
        "more": TEXT | {"x-visible": "NOT(BLANK(reason))"},
        "count": computed("1", NUMBER) | {"x-visible": 'kind = "other"'},
        "counted": computed("NOT(BLANK(count))", YES),
        "site": group(("width",), width=NUMBER, sum=computed("width", NUMBER)) | {"x-visible": 'kind = "other"'},
        "items": lines(
            kind=KIND,
            why=TEXT | {"x-visible": 'kind = "other"', "x-required": "TRUE"},
            n=NUMBER | {"x-required": "n < 0"},
        ),
    },
    entity={"required": ["kind", "site"]},
)
OTHER = {"kind": "other", "reason": "because", "site": {"width": 3}}


def test_a_field_that_is_not_shown_has_no_value_and_needs_none() -> None:
    assert values(SHOWN, OTHER) == {**OTHER, "count": 1, "counted": True, "site": {"width": 3, "sum": 3}}
    assert values(SHOWN, {"kind": "travel"}, {**OTHER, "more": "x", "count": 1}) == {"kind": "travel", "counted": False}


def test_a_field_that_is_shown_is_needed_as_it_says() -> None:
    assert problems(SHOWN, {"kind": "other"}) == [("field.required", "/reason"), ("field.required", "/site")]
    assert problems(SHOWN, {"kind": "other", "reason": "x", "site": {}}) == [("field.required", "/site")]
    assert problems(SHOWN, {**OTHER, "site": {"sum": None}}) == [("field.required", "/site")]


def test_a_value_for_what_is_not_shown_is_refused() -> None:
    given = {"kind": "travel", "reason": "x", "more": "y", "site": {"width": 1}}
    assert problems(SHOWN, given) == [
        ("field.not_shown", "/reason"),
        ("field.not_shown", "/more"),
        ("field.not_shown", "/site"),
    ]
    assert values(SHOWN, {"kind": "travel", "reason": "", "site": None, "count": None}) == {
        "kind": "travel",
        "counted": False,
    }


def test_what_is_shown_by_a_field_that_is_not_shown_itself_is_not_shown_either() -> None:
    assert values(SHOWN, {**OTHER, "more": "x"})["more"] == "x"
    assert "more" not in values(SHOWN, {"kind": "travel"}, {"reason": "because", "more": "x"})


def test_what_appears_when_something_else_goes_keeps_what_was_sent() -> None:
    given = {
        "kind": KIND,
        "reason": TEXT | {"x-visible": 'kind = "other"'},
        "instead": TEXT | {"x-visible": "BLANK(reason)"},
    }
    kept = {"kind": "other", "reason": "because"}
    sent = {"kind": "travel", "instead": "x"}
    assert values(an_entity(given), sent, kept) == {"kind": "travel", "instead": "x"}


def test_lines_show_and_need_each_for_themselves() -> None:
    rows = [{"kind": "other"}, {"kind": "travel", "why": "x"}, {"kind": "other", "why": "x", "n": -1}, {"n": None}]
    assert problems(SHOWN, {**OTHER, "items": rows}) == [
        ("field.not_shown", "/items/1/why"),
        ("field.required", "/items/0/why"),
    ]
    good = [{"kind": "travel"}, {"kind": "other", "why": "x"}]
    assert values(SHOWN, {**OTHER, "items": good})["items"] == good


def test_fields_that_show_each_other_when_blank_come_to_an_end() -> None:
    given = {"a": TEXT | {"x-visible": "BLANK(b)"}, "b": TEXT | {"x-visible": "BLANK(a)"}}
    entity = an_entity(given)
    assert values(entity, {"a": "x"}) == {"a": "x"}
    assert filled(entity, {"a": "x", "b": "y"}) == filled(entity, {"a": "x", "b": "y"})


def test_a_condition_that_is_blank_or_fails_neither_shows_nor_requires() -> None:
    given = {
        "n": NUMBER,
        "a": TEXT | {"x-visible": "1 / n > 0"},
        "b": TEXT | {"x-required": "1 / n > 0"},
    }
    entity = an_entity(given)
    assert values(entity, {"n": 0}) == {"n": 0}
    assert problems(entity, {"n": 0, "a": "x"}) == [("field.not_shown", "/a")]
    assert problems(entity, {"n": 1}) == [("field.required", "/b")]


LOCKS = an_entity(
    {
        "done": YES,
        "name": TEXT | {"x-readonly": "done"},
        "given": TEXT | {"readOnly": True},
        "items": lines(done=YES, price=MONEY | {"x-readonly": "done"}),
    }
)


def test_a_field_locked_by_the_record_as_it_is_kept_cannot_be_changed() -> None:
    kept = {"done": True, "name": "old"}
    assert problems(LOCKS, {"name": "new"}, kept) == [("field.read_only", "/name")]
    assert problems(LOCKS, {"name": "new", "done": False}, kept) == [("field.read_only", "/name")]
    assert values(LOCKS, {"name": "old", "done": False}, kept) == {"done": False, "name": "old"}
    assert values(LOCKS, {"name": "new", "done": True}, {"done": False, "name": "old"})["name"] == "new"


def test_a_field_that_can_only_be_read_is_nobody_s_to_fill() -> None:
    assert problems(LOCKS, {"given": "x"}) == [("field.read_only", "/given")]
    assert values(LOCKS, {"given": "x"}, {"given": "x"}) == {"given": "x"}


def test_a_cell_is_locked_by_its_own_line() -> None:
    kept = {"items": [{"done": True, "price": Decimal("1.00")}, {"price": Decimal("1.00")}]}
    assert problems(LOCKS, {"items": [{"done": True, "price": 2}, {}]}, kept) == [("field.read_only", "/items/0/price")]
    assert values(LOCKS, {"items": [{}, {"price": 2}]}, kept)["items"][1]["price"] == 2


LINES = an_entity({"items": lines(price=MONEY, sum=computed("price * 2"))})
KEPT_LINES = {
    "items": [{"price": Decimal("1.00"), "sum": Decimal("2.00")}, {"price": Decimal("3.00"), "sum": Decimal("6.00")}]
}


@pytest.mark.parametrize(
    "rows",
    [
        [{"price": "3.00", "sum": "6.00"}],
        [{"price": "1.00", "sum": "2.00"}, {"price": "5.00", "sum": "6.00"}],
        [{"price": "7.00", "sum": "14.00"}, {}],
    ],
)
def test_a_computed_value_may_be_sent_as_it_was_or_as_it_comes_out(rows: Json) -> None:
    assert problems(LINES, {"items": rows}, KEPT_LINES) == []


def test_a_computed_value_cannot_be_sent_otherwise() -> None:
    given = {"items": [{"price": "3.00", "sum": "7.00"}]}
    assert problems(LINES, given, KEPT_LINES) == [("field.read_only", "/items/0/sum")]
    assert problems(an_entity({"a": computed("5")}), {"a": 5}) == []
    assert problems(an_entity({"a": computed("5")}), {"a": 6}) == [("field.read_only", "/a")]


def test_whoever_acts_must_fill_in_what_their_state_requires() -> None:
    entity = an_entity(
        {
            "kind": KIND,
            "note": TEXT | {"x-visible": 'kind = "other"', "x-required": "FALSE"},
            "site": group(width=NUMBER, name=TEXT),
            "items": lines(price=MONEY),
            "total": computed("1"),
        }
    )
    rights = Access(
        "read", {"note": "required", "site.width": "required", "items.price": "required", "created_by": "required"}
    )
    assert problems(entity, {}, {"kind": "other"}, rights)[:2] == [
        ("field.required", "/note"),
        ("field.required", "/site/width"),
    ]
    kept = {"kind": "travel", "items": [{"price": 1}, {}]}
    assert ("field.required", "/items/1/price") in problems(entity, {}, kept, rights)
    assert ("field.required", "/note") not in problems(entity, {}, kept, rights)
    assert ("field.required", "/items") in problems(entity, {}, {}, Access("read", {"items": "required"}))


BUDGET = compiled(key="core", others={"project": {"limit": MONEY}})


def ruled(
    level: str, condition: str = "amount <= 100", message: str = "Over by {amount - 100} on {day} ({name})."
) -> CompiledEntity:
    rule = {"key": "ceiling", "assert": condition, "level": level, "message": message}
    given = {"amount": MONEY, "day": DATE, "name": TEXT, "message": TEXT, "n": NUMBER}
    more = a_translation("fr", **{message: message.replace("Over", "Trop")})
    return an_entity(given, entity={"x-rules": [rule]}, more=more)


def test_a_rule_that_does_not_hold_refuses_in_its_own_words_with_the_values_in_them() -> None:
    result = filled(ruled("refuse"), {"amount": 150, "day": "2026-03-02"})
    (problem,) = result.problems
    assert (problem.code, problem.pointer) == ("rule.ceiling", "")
    assert problem.sentence == "Over by 50.00 on 2026-03-02 ()."
    assert problem.said(str, "fr") == "Trop by 50.00 on 2026-03-02 ()."
    assert result.warnings == ()
    with pytest.raises(Invalid) as refusal:
        result.sound()
    assert refusal.value.problems[0].pointer == "/values"


def test_a_rule_may_only_warn() -> None:
    result = filled(ruled("warn"), {"amount": 150})
    assert result.problems == ()
    assert [each.code for each in result.warnings] == ["rule.ceiling"]
    assert result.sound()["amount"] == 150


def test_a_rule_whose_values_are_blank_says_nothing() -> None:
    assert problems(ruled("refuse"), {}) == []
    assert problems(ruled("refuse"), {"amount": 100}) == []


def test_a_rule_that_cannot_be_judged_does_not_hold() -> None:
    assert problems(ruled("refuse", "1 / n > 0"), {"n": 0}) == [("formula.division_by_zero", "")]
    assert problems(ruled("refuse", message="{1 / n}"), {"n": 0, "amount": 150}) == [("formula.division_by_zero", "")]


def test_rules_are_asked_only_about_a_form_that_is_filled_in_well() -> None:
    assert problems(ruled("refuse"), {"amount": 150, "day": "soon"}) == [("field.date", "/day")]


def test_a_message_may_quote_a_field_that_is_called_like_itself() -> None:
    entity = ruled("refuse", message="{message} is {(message)}!")
    (problem,) = filled(entity, {"amount": 150, "message": "{name}"}).problems
    assert problem.sentence == "{name} is {name}!"


def test_rules_and_formulas_read_what_lies_behind_references_and_system_columns() -> None:
    rule = {"key": "limit", "assert": "amount <= project.limit", "message": "{project.limit}"}
    entity = an_entity(
        {"project": reference("core/project"), "amount": MONEY, "who": computed("created_by", PERSON)},
        entity={"x-rules": [rule]},
        neighbours={"core": BUDGET},
        module={"requires": {"core": ">=1"}},
    )
    references = {"p1": {"limit": Decimal(10)}}
    assert values(entity, {"project": "p1", "amount": 10}, references=references)["who"] == "lin"
    assert problems(entity, {"project": "p1", "amount": 11}, references=references) == [("rule.limit", "")]
