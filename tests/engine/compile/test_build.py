"""A module is checked as a whole: every mistake is found and placed, or the module is built."""

import pytest

from engine.compile.build import compile_module, examine
from engine.definition.read import read
from engine.problems import DefinitionInvalid
from tests.engine.compile.refusals import later, problems
from tests.engine.definitions import (
    END,
    MONEY,
    TEXT,
    a_module,
    a_translation,
    approval,
    compiled,
    computed,
    files,
    reference,
    user,
)

STATES = {"lead": approval(*user("lin")), "done": END}


def test_a_module_without_mistakes_is_built() -> None:
    module = compiled({"name": TEXT}, states=STATES)
    assert module.key == "shop"
    assert list(module.entities) == ["claim"]
    claim = module.entities["claim"]
    assert (claim.key, claim.name) == ("claim", "shop/claim")
    assert claim.workflow is not None
    assert set(claim.workflow.states) == {"lead", "done"}


def test_labels_are_translated_where_there_is_a_translation() -> None:
    module = compiled({"name": TEXT}, more=a_translation("en", Text="Words"))
    assert module.label("Text", "en") == "Words"
    assert module.label("Text", "fr") == "Text"
    assert module.label("Other", "en") == "Other"


def test_every_mistake_in_every_file_is_told_at_once_and_nothing_is_built() -> None:
    given = files(
        {"name": TEXT, "total": computed("amuont + 1")},
        entity={"x-title": "nmae"},
        states={"lead": approval({"role": "chief"}, passed="nowhere"), "done": END},
        views={"claim.list": {"columns": ["name", "nmae"]}},
        permissions={"entities": {"claim": [{"role": "boss", "verbs": ["read"]}]}},
    )
    examined = examine(read(given), {})
    assert examined.module is None
    assert [(each.code, each.file, each.line > 1) for each in examined.problems] == [
        ("state.undefined", "workflows/claim.json", True),
        ("role.undefined", "workflows/claim.json", True),
        ("workflow.no_end", "workflows/claim.json", True),
        ("workflow.unreachable", "workflows/claim.json", True),
        ("role.undefined", "permissions.json", True),
        ("field.undefined", "views/claim.list.json", True),
        ("formula.unknown_field", "entities/claim.json", True),
        ("formula.unknown_field", "entities/claim.json", True),
    ]
    with pytest.raises(DefinitionInvalid) as refusal:
        compile_module(read(given), {})
    assert len(refusal.value.problems) == len(examined.problems)


def test_what_cannot_run_yet_is_told_apart_and_keeps_the_module_from_being_published() -> None:
    states = {"first": {"type": "wait", "after": "P1D", "on": {"elapsed": [{"to": "done"}]}}, "done": END}
    assert problems({"rate": MONEY}, states=states) == []
    assert later({"rate": MONEY}, states=states)[0] == ("definition.later", "workflows/claim.json", '"wait"')
    with pytest.raises(DefinitionInvalid):
        compiled({"rate": MONEY}, states=states)


def test_a_required_module_must_be_there() -> None:
    assert problems(module={"requires": {"cora": ">=1.0"}}, neighbours={"core": compiled(key="core")}) == [
        ("module.undefined", "module.json", '">=1.0"')
    ]


def test_only_entities_of_required_modules_can_be_referred_to() -> None:
    core = compiled(key="core")
    given = {"claim": reference("core/claim")}
    assert problems(given, neighbours={"core": core}) == [("entity.undefined", "entities/claim.json", '"core/claim"')]
    assert problems(given, neighbours={"core": core}, module={"requires": {"core": ">=1.0"}}) == []


def test_roles_are_the_built_in_ones_its_own_and_those_of_the_modules_it_requires() -> None:
    core = compiled(key="core", module={"roles": [{"key": "cashier", "title": "Cashier"}]})
    module = a_module(module={"requires": {"core": ">=1.0"}, "roles": [{"key": "clerk", "title": "Clerk"}]})
    assert list(compile_module(module, {"core": core}).roles) == ["employee", "administrator", "cashier", "clerk"]
    assert list(compile_module(module, {"core": core, "other": compiled(key="other")}).roles) == [
        "employee",
        "administrator",
        "cashier",
        "clerk",
    ]


@pytest.mark.parametrize(
    ("entity", "code", "shown"),
    [
        ({"x-workflow": "clam"}, "workflow.undefined", '"clam"'),
        ({"x-number": "NO-{000}-{000}"}, "number.pattern", '"NO-{000}-{000}"'),
        ({"x-number": "NO-{000}-{YYY}"}, "number.pattern", '"NO-{000}-{YYY}"'),
    ],
)
def test_an_entity_names_a_workflow_and_a_pattern_that_are_there(entity: dict[str, str], code: str, shown: str) -> None:
    assert problems(entity=entity) == [(code, "entities/claim.json", shown)]


def test_a_workflow_belongs_to_the_entity_that_names_it_and_is_named_by_it() -> None:
    found = problems(states=STATES, others={"other": {"name": TEXT}}, workflow={"entity": "other"})
    assert found == [
        ("workflow.other_entity", "entities/claim.json", '"claim"'),
        ("workflow.not_used", "workflows/claim.json", '"other"'),
    ]
    assert problems(states=STATES, workflow={"entity": "clam"}) == [
        ("workflow.other_entity", "entities/claim.json", '"claim"'),
        ("entity.undefined", "workflows/claim.json", '"clam"'),
    ]
