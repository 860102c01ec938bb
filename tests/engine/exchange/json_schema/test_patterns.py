"""Patterns and alternatives of others, as the engine judges them."""

from tests.engine.exchange.json_schema.importing import imported


def test_patterns_that_look_around_are_matched() -> None:
    form = imported({"properties": {"ssn": {"type": "string", "pattern": "^(?!000)[0-9]{9}$"}}})
    assert form.judged({"ssn": "123456789"}) == ()
    assert [(each.code, each.pointer) for each in form.judged({"ssn": "000456789"})] == [("field.pattern", "/ssn")]


def test_patterns_that_look_back_are_matched() -> None:
    form = imported({"properties": {"twice": {"type": "string", "pattern": "^(.+)\\1$"}}})
    assert form.judged({"twice": "abab"}) == ()
    assert form.judged({"twice": "abac"})


def test_text_that_takes_too_many_steps_does_not_match() -> None:
    form = imported({"properties": {"a": {"type": "string", "pattern": "^(?=(a|aa)+\\1b)"}}})
    assert [each.code for each in form.judged({"a": "a" * 5000})] == ["field.pattern"]


def test_an_alternative_that_is_never_true_is_no_way_out() -> None:
    form = imported({"properties": {"a": {"type": "string", "anyOf": [False, {"minLength": 3}]}}})
    assert form.judged({"a": "long"}) == ()
    assert [each.pointer for each in form.judged({"a": "x"})] == ["/a"]
