"""The modules that come with the program: they compile, read well in both languages, and their stories hold."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Final

import pytest

from engine.compile.build import compile_module
from engine.compile.model import CompiledModule
from engine.compile.shape import walk
from engine.definition.folder import kind_of
from engine.definition.model import Json, Module, View
from engine.definition.write import write
from engine.runtime.values.compute import places
from engine.store.database import in_memory
from engine.store.session import Workspace
from engine.usecases.actor import Actor
from engine.usecases.demo import ADMIN, demo
from engine.usecases.deployment import Deployment, read_texts
from engine.usecases.modules.play import play, scenarios
from engine.usecases.modules.publish import publish_module, required_first, shipped_modules
from engine.usecases.people.save import organisation
from engine.usecases.records.find import Wish, find
from engine.usecases.records.inbox import count_open

#: A week after the last thing that happens in the samples.
NOW: Final = datetime(2026, 11, 27, 1, tzinfo=UTC)
#: Keys behind which stand words for people.
WORDS: Final = frozenset({"title", "description", "section", "message", "x-help"})
LABELLED: Final = frozenset({"module", "entity", "workflow", "view", "report", "print"})
MODULES: Final = {module.key: module for module in shipped_modules()}
STORIES: Final = [(key, path) for key, module in MODULES.items() for path in scenarios(module)]
VIEWS: Final = [(key, view.key) for key, module in MODULES.items() for view in module.views]


def _compiled() -> Mapping[str, CompiledModule]:
    compiled: dict[str, CompiledModule] = {}
    for module in required_first(MODULES.values()):
        compiled[module.key] = compile_module(module, compiled)
    return compiled


def _ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"


@pytest.fixture(scope="module")
def compiled() -> Mapping[str, CompiledModule]:
    return _compiled()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    url = f"sqlite:///{tmp_path_factory.mktemp('demo')}"
    workspace, _ = demo(Deployment(url, clock=lambda: NOW, new_id=_ids()))
    return workspace


def _view(module: str, key: str) -> View:
    return next(view for view in MODULES[module].views if view.key == key)


def _labels(value: Json, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _labels(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _labels(each)
    elif key in WORDS and isinstance(value, str):
        yield value


def _words(module: Module) -> set[str]:
    documents = (each for path, each in module.documents.items() if kind_of(path) in LABELLED)
    return {label for document in documents for label in _labels(document)}


def test_there_are_six_of_them() -> None:
    assert list(MODULES) == ["core", "cost_center", "day_labor", "funds", "handover", "progress_control"]


def test_each_compiles_and_asks_for_nothing_that_cannot_run_yet() -> None:
    assert set(_compiled()) == set(MODULES)


@pytest.mark.parametrize("key", MODULES)
def test_every_file_is_in_canonical_form(key: str) -> None:
    assert write(MODULES[key]) == dict(MODULES[key].texts)


@pytest.mark.parametrize("key", MODULES)
def test_every_label_is_translated_and_no_translation_is_left_over(key: str) -> None:
    assert set(MODULES[key].translations["en"]) == _words(MODULES[key])


@pytest.mark.parametrize("key", MODULES)
def test_a_translation_calculates_what_its_original_does_and_is_in_english(key: str) -> None:
    def formulas(text: str) -> list[str]:
        return sorted(re.findall(r"\{[^{}]+\}", text))

    for label, english in MODULES[key].translations["en"].items():
        assert formulas(english) == formulas(label), label
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", english), english


@pytest.mark.parametrize("key", MODULES)
def test_chinese_sentences_end_with_chinese_punctuation(key: str) -> None:
    for rule in (rule for entity in MODULES[key].entities for rule in entity.rules):
        assert rule.message.endswith("。")
        assert not re.search(r"[\u4e00-\u9fff][,;:?!()]", rule.message)


@pytest.mark.parametrize("key", MODULES)
def test_every_field_has_its_place_on_the_form(key: str) -> None:
    for entity in MODULES[key].entities:
        placed = [field for section in entity.layout for field in section.fields]
        assert sorted(placed) == sorted(field.key for field in entity.fields), entity.key


@pytest.mark.parametrize("key", MODULES)
def test_every_entity_has_a_list_and_somebody_who_may_read_and_create(key: str) -> None:
    module = MODULES[key]
    for entity in module.entities:
        assert any(view.entity == entity.key for view in module.views)
        verbs = {verb for grant in module.grants if grant.entity == entity.key for verb in grant.verbs}
        assert entity.key == "cost_code" or {"create", "read"} <= verbs


@pytest.mark.parametrize("key", MODULES)
def test_there_is_an_approval_and_every_refusal_needs_a_reason(key: str) -> None:
    approvals = [state for workflow in MODULES[key].workflows for state in workflow.states if state.type == "approval"]
    assert approvals
    assert all(state.requires == {"comment": "on_reject"} for state in approvals)


@pytest.mark.parametrize(("key", "view"), VIEWS)
def test_a_view_can_be_shown(key: str, view: str, compiled: Mapping[str, CompiledModule], company: Workspace) -> None:
    written = _view(key, view)
    shown = next(each for each in compiled[key].entities[written.entity].views if each.key == view)
    found = find(company, Actor(login=ADMIN), f"{key}/{written.entity}", Wish(view=shown, sort=written.sort))
    assert found.totals.keys() == written.totals.keys()
    assert len(found.colours) == len(found.sights)


@pytest.mark.parametrize(("key", "path"), STORIES)
def test_its_stories_hold(key: str, path: str) -> None:
    workspace = Workspace(key, in_memory(), clock=lambda: NOW, new_id=_ids(), reader=read_texts)
    with workspace.write() as session:
        session.found(title=key, zone="Asia/Shanghai", language="zh_CN")
        for module in dict.fromkeys(("core", key)):
            publish_module(session, MODULES[module], by="")
    assert [str(each) for each in play(scenarios(MODULES[key])[path], key, workspace).mismatches] == []


def test_each_module_tells_at_least_two_stories() -> None:
    assert all(len(scenarios(module)) >= 2 for module in MODULES.values())


def test_every_formula_gives_a_value_somewhere_in_the_demo(
    company: Workspace, compiled: Mapping[str, CompiledModule]
) -> None:
    blank = []
    for module in compiled.values():
        for entity in module.entities.values():
            found = find(company, Actor(login=ADMIN), entity.name, Wish(limit=500, lines=True))
            records = [dict(sight.record.values) for sight in found.sights]
            for field in (each for each in walk(entity.fields) if each.formula):
                holders = (holder for values in records for holder, _ in places(values, field.path))
                if not any(field.key in holder for holder in holders):
                    blank.append(f"{entity.name}.{'.'.join(field.path)}")
    assert blank == []


def test_everybody_in_the_demo_can_open_every_list_they_are_granted(
    company: Workspace, compiled: Mapping[str, CompiledModule]
) -> None:
    opened = [
        find(company, Actor(login=person.login), entity.name, Wish()).entity.name == entity.name
        for person in organisation(company).people.values()
        for module in compiled.values()
        for entity in module.entities.values()
        if any("read" in grant.verbs and person.holds(grant.role) for grant in entity.grants)
    ]
    assert all(opened)
    assert len(opened) > 100


def test_the_demo_leaves_work_for_everybody_who_decides(company: Workspace) -> None:
    waiting = {login: count_open(company, Actor(login=login)) for login in organisation(company).people}
    deciders = (
        *("wang_jingli", "zhao_zong", "chen_zong", "sun_chengben", "qian_caiwu", "zhou_chuna", "wu_zonggong"),
        *("zheng_shengchan", "xu_yusuan", "he_jianli", "lv_yunying", "qin_zhijian", "jiang_anquan", "yang_jingli"),
    )
    assert [login for login in deciders if not waiting[login]] == []
    assert waiting[ADMIN] == 0


def test_people_see_claims_of_their_own_and_of_the_projects_they_manage(company: Workspace) -> None:
    def claims(login: str) -> set[tuple[str, str]]:
        found = find(company, Actor(login=login), "cost_center/expense", Wish(limit=100, named=True))
        projects = found.names.others
        return {
            (each.record.created_by, projects["core/project", each.record.values["project"]]) for each in found.sights
        }

    assert {maker for maker, _ in claims("li_gong")} == {"li_gong"}
    assert {project for _, project in claims("wang_jingli")} == {"滨江一号院"}
    assert {project for _, project in claims("yang_jingli")} == {"城东产业园二期"}
    assert {project for _, project in claims("sun_chengben")} == {"滨江一号院", "城东产业园二期"}
    assert claims("he_jianli") == set()


def test_the_contract_sum_is_hidden_from_those_who_only_work_there(company: Workspace) -> None:
    def sees(login: str, field: str) -> bool:
        sights = find(company, Actor(login=login), "core/project", Wish()).sights
        return any(sight.access.of((field,)) != "hidden" for sight in sights)

    assert sees("li_gong", "name")
    assert not sees("li_gong", "contract_sum")
    assert sees("sun_chengben", "contract_sum")
