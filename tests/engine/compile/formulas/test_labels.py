"""LABEL shows what a form offers to choose, in the language that the module is written in."""

from typing import Any, Final

import pytest

from engine.definition.model import Json
from engine.formula.errors import FormulaProblems
from engine.formula.formula import compile_formula
from engine.formula.scope import Facts
from engine.problems import DefinitionInvalid
from engine.runtime.values.compute import compute
from tests.engine.definitions import MONEY, TEXT, YES, compiled, computed, group, lines, reference
from tests.formula_scope import TableScope

KIND: Final = {"title": "类别", "oneOf": [{"const": "road", "title": "公路"}, {"const": "bridge", "title": "桥梁"}]}
LEVEL: Final = {"title": "级别", "oneOf": [{"const": 1, "title": "一级"}, {"const": 2, "title": "二级"}]}
MIXED: Final = {"title": "混合", "oneOf": [{"const": 1, "title": "一"}, {"const": "a", "title": "甲"}]}
SKILLS: Final = {
    "title": "工种",
    "type": "array",
    "uniqueItems": True,
    "items": {"oneOf": [{"const": "weld", "title": "焊工"}]},
}
PLAIN: Final = {"title": "Plain", "enum": ["red", "blue"]}
CORE: Final = compiled(key="core", others={"project": {"kind": KIND, "parent": reference("core/project")}})
TYPED: Final = {
    "kind": KIND,
    "level": LEVEL,
    "mixed": MIXED,
    "skills": SKILLS,
    "plain": PLAIN,
    "name": TEXT,
    "amount": MONEY,
    "paid": YES,
    "project": reference("core/project"),
    "site": group(kind=KIND),
}


def a_claim(**properties: Any) -> Any:  # noqa: ANN401
    everything = {**TYPED, **properties}
    return compiled(everything, neighbours={"core": CORE}, module={"requires": {"core": ">=1"}}).entities["claim"]


def values(given: dict[str, Json], references: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    found, problems = compute(a_claim(**properties), Facts(values=given, references=references or {}))
    assert problems == ()
    return dict(found)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("LABEL(kind)", "桥梁"),
        ('CONCAT(LABEL(kind), " ", amount)', "桥梁 5200"),
        ("选项名称(kind)", "桥梁"),
        ("LABEL(level)", "二级"),
        ("LABEL(plain)", "red"),
        ("LABEL(site.kind)", "公路"),
        ("LABEL(project.kind)", "公路"),
        ("LABEL(project.parent.kind)", "桥梁"),
        ('IF("焊工" = LABEL(skills), "yes", "no")', "yes"),
    ],
)
def test_a_title_shows_what_people_have_chosen(formula: str, expected: str) -> None:
    given = {"kind": "bridge", "level": 2, "amount": 5200, "plain": "red", "skills": ["weld"], "project": "p"}
    references = {"p": {"kind": "road", "parent": "q"}, "q": {"kind": "bridge"}}
    found = values({**given, "site": {"kind": "road"}}, references, label=computed(formula, TEXT))
    assert found["label"] == expected


def test_each_line_shows_its_own_choice_or_that_of_the_record() -> None:
    columns = {
        "kind": {**KIND, "oneOf": [{"const": "road", "title": "道路"}]},
        "project": reference("core/project"),
        "own": computed("LABEL(kind)", TEXT),
        "rank": computed("LABEL(level)", TEXT),
        "theirs": computed("LABEL(project.kind)", TEXT),
    }
    found = values(
        {"level": 1, "items": [{"kind": "road", "project": "p"}, {}]},
        {"p": {"kind": "bridge"}},
        items=lines(**columns),
        roads=computed('COUNTIF(LABEL(items.kind), "道路") & ""', TEXT),
    )
    first, second = found["items"]
    assert (first["own"], first["rank"], first["theirs"]) == ("道路", "一级", "桥梁")
    assert (second.get("own"), second["rank"], second.get("theirs")) == (None, "一级", None)
    assert found["roads"] == "1"


def test_what_cannot_be_chosen_any_more_is_shown_as_it_is_kept() -> None:
    assert values({"kind": "tunnel"}, label=computed("LABEL(kind)", TEXT))["label"] == "tunnel"


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("LABEL(name)", "formula.no_choice"),
        ("LABEL(UPPER(kind))", "formula.no_choice"),
        ('LABEL("road")', "formula.no_choice"),
        ("LABEL(amount)", "formula.no_choice"),
        ("LABEL(state)", "formula.no_choice"),
        ("LABEL(mixed)", "formula.type"),
        ("LABEL(paid)", "formula.type"),
        ("LABEL(project)", "formula.type"),
        ("LABEL(kind, level)", "formula.argument_count"),
    ],
)
def test_only_a_choice_has_labels(formula: str, code: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        a_claim(label=computed(formula, TEXT))
    assert [each.code for each in refused.value.problems] == [code]


def test_the_mistake_is_pointed_at() -> None:
    with pytest.raises(FormulaProblems) as caught:
        compile_formula('"x" & LABEL(name)', TableScope({"name": "text"}))
    assert [(each.start, each.end) for each in caught.value.problems] == [(12, 16)]
