"""Publishing adds what is missing and never takes away what somebody may still need."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from engine.compile.build import compile_module
from engine.problems import Busy, DefinitionInvalid, Invalid
from engine.store import editions, records
from engine.store.session import Workspace
from engine.store.tables.migrate import prepare
from engine.store.tables.registry import NAME_BYTES
from tests.engine.store.builders import (
    MONEY,
    QUANTITY,
    TEXT,
    a_record,
    changed,
    files,
    group,
    lines,
    publish,
    read,
    reference,
    saved,
)

SYSTEM = {
    *("id", "number", "edition", "revision", "state", "status", "title", "shape", "run"),
    *("created_at", "created_by", "updated_at", "updated_by", "event_number", "event_hash"),
}


def columns(workspace: Workspace, table: str) -> set[str]:
    with workspace.read() as session:
        return {each["name"] for each in inspect(session.connection).get_columns(table)} - SYSTEM


def indexes(workspace: Workspace, table: str) -> dict[str, bool]:
    """Index → whether it is unique."""
    with workspace.read() as session:
        found = inspect(session.connection).get_indexes(table)
    return {str(each["name"]): bool(each["unique"]) for each in found}


def test_the_tables_can_be_read_by_people(workspace: Workspace) -> None:
    publish(workspace, "site", expense={"name": TEXT, "home": group(road=TEXT), "items": lines(amount=MONEY)})
    assert columns(workspace, "site__expense") == {"name", "home__road"}
    assert columns(workspace, "site__expense__items") == {"record_id", "row", "parent_row", "amount"}


def test_preparing_again_changes_nothing(workspace: Workspace) -> None:
    texts = files(item={"shelf": reference("shop/item"), "items": lines(code={**TEXT, "x-unique": True})})
    module = compile_module(read(texts), {})
    with workspace.write() as session:
        prepare(session.connection, module)
        before = editions.modules(session).registry
        prepare(session.connection, module)
        assert len(before.indexes("shop__item__items")) == 1


def test_a_property_never_takes_the_place_of_a_system_column(workspace: Workspace) -> None:
    names = ["id", "ID", "id_1", "number", "row", "record_id", "revision_1", "seen_id", "shape", "xmin", "Title"]
    values = {name: f"my {name}" for name in names}
    publish(workspace, item={**dict.fromkeys(names, TEXT), "items": lines(**dict.fromkeys(names, TEXT))})
    assert {"id_", "ID__", "number_", "row_", "xmin_", "Title_"} < columns(workspace, "shop__item")
    record = a_record(values={"items": [values]})
    saved(workspace, record)
    with workspace.write() as session:
        records.update_record(session, record, changed(record, **values, items=[values]))
        assert records.load(session, "shop/item", "r1").values == {**values, "items": [values]}


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=80)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(names=st.lists(NAMES, unique=True, max_size=8), inner=NAMES)
def test_whatever_properties_are_called_their_values_are_kept(
    workspace: Workspace, names: list[str], inner: str
) -> None:
    with workspace.write() as session:
        entity = f"e_{session.new_id().removeprefix('id-')}"
    long = "n" * 70
    names = [*names, "a__b", "A__B", long, long + "1", long.upper(), "Ｘ", "名" * 30, "%s", ":x", "a.b", 'q"q', "a/b~"]
    properties: dict[str, Any] = {**dict.fromkeys(names, TEXT), "a": group(b=TEXT, **{inner: lines(**{inner: TEXT})})}
    values = {name: str(position) for position, name in enumerate(names)} | {"a": {"b": "b", inner: [{inner: "x"}]}}
    values["a"] = {"b": "b", inner: [{inner: "x"}]} if inner != "b" else {"b": [{"b": "x"}]}
    publish(workspace, **{entity: properties})
    saved(workspace, a_record(f"shop/{entity}", edition=_newest(workspace), values=values))
    with workspace.read() as session:
        assert records.load(session, f"shop/{entity}", "r1").values == values
    kept = columns(workspace, f"shop__{entity}")
    assert len({each.casefold() for each in kept}) == len(kept)
    assert all(len(each.encode()) <= NAME_BYTES for each in kept)


def _newest(workspace: Workspace) -> int:
    with workspace.read() as session:
        return editions.edition(session, "shop").number


def test_entities_that_refer_to_each_other_in_a_circle_hold_each_other(workspace: Workspace) -> None:
    publish(
        workspace,
        a={"b": reference("shop/b"), "self": reference("shop/a"), "items": lines(b=reference("shop/b"))},
        b={"a": reference("shop/a")},
    )
    with workspace.read() as session:
        found = inspect(session.connection)
        targets = {
            table: {each["referred_table"] for each in found.get_foreign_keys(table)}
            for table in ("shop__a", "shop__b", "shop__a__items")
        }
    assert targets == {
        "shop__a": {"shop__a", "shop__b"},
        "shop__b": {"shop__a"},
        "shop__a__items": {"shop__a", "shop__b"},
    }


def test_a_reference_added_later_and_to_another_module_is_held_too(workspace: Workspace) -> None:
    publish(workspace, "core", project={"name": TEXT})
    publish(workspace, requires=("core",), item={"name": TEXT})
    publish(workspace, requires=("core",), item={"name": TEXT, "project": reference("core/project")})
    with workspace.read() as session:
        keys = inspect(session.connection).get_foreign_keys("shop__item")
    assert [each["referred_table"] for each in keys] == ["core__project"]


def test_a_removed_property_keeps_its_column_and_gets_it_back(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT, "note": TEXT})
    saved(workspace, a_record(values={"name": "a", "note": "old"}))
    publish(workspace, item={"name": TEXT})
    assert columns(workspace, "shop__item") == {"name", "note"}
    publish(workspace, item={"name": TEXT, "note": TEXT})
    assert columns(workspace, "shop__item") == {"name", "note"}


def test_a_changed_type_gets_another_column_and_older_records_keep_theirs(workspace: Workspace) -> None:
    publish(workspace, item={"amount": TEXT})
    saved(workspace, a_record(id="old", values={"amount": "a lot"}))
    publish(workspace, item={"amount": MONEY})
    saved(workspace, a_record(id="new", edition=2, values={"amount": Decimal("1.00")}))
    publish(workspace, item={"amount": QUANTITY})
    assert columns(workspace, "shop__item") == {"amount", "amount_", "amount__"}
    with workspace.read() as session:
        found = records.load_many(session, "shop/item", ["old", "new"])
    assert {key: each.values["amount"] for key, each in found.items()} == {"old": "a lot", "new": Decimal("1.00")}


def test_a_record_moves_to_the_next_edition_by_being_saved_under_it(workspace: Workspace) -> None:
    publish(workspace, item={"amount": TEXT, "items": lines(name=TEXT)})
    before = a_record(values={"amount": "12", "items": [{"name": "a"}]})
    saved(workspace, before)
    publish(workspace, item={"amount": MONEY, "parts": lines(name=TEXT)})
    after = a_record(edition=2, revision=2, values={"amount": Decimal("12.00"), "parts": [{"name": "a"}]})
    with workspace.write() as session:
        records.update_record(session, before, after)
        assert records.load(session, "shop/item", "r1") == after


def test_lines_left_behind_by_an_older_edition_do_not_come_back(workspace: Workspace) -> None:
    with_lines, without = {"name": TEXT, "items": lines(name=TEXT)}, {"name": TEXT}
    steps = [a_record(edition=number, revision=number, values={"name": "a"}) for number in (1, 2, 3)]
    steps[0] = a_record(values={"items": [{"name": "left behind"}]})
    for properties in (with_lines, without, with_lines):
        publish(workspace, item=properties)
    saved(workspace, steps[0])
    with workspace.write() as session:
        for before, after in pairwise(steps):
            records.update_record(session, before, after)
            assert records.load(session, "shop/item", "r1") == after


def test_going_back_to_an_older_text_still_reads_the_records_between(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    publish(workspace, item={"name": TEXT, "items": lines(name=TEXT), "note": TEXT})
    record = a_record(edition=2, values={"name": "a", "note": "b", "items": [{"name": "c"}]})
    saved(workspace, record)
    publish(workspace, item={"name": TEXT})
    with workspace.write() as session:
        assert records.load(session, "shop/item", "r1") == record
        records.update_record(session, record, changed(record, note="d"))
        assert records.load(session, "shop/item", "r1").values == {"note": "d"}


def test_what_is_to_be_unique_or_quick_to_find_gets_an_index(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT, "code": TEXT, "shelf": reference("shop/item")})
    assert indexes(workspace, "shop__item") == {
        "uq_shop__item_number": True,
        "ix_shop__item_created_by": False,
        "ix_shop__item_shelf": False,
    }
    publish(workspace, item={"name": {**TEXT, "x-index": True}, "code": {**TEXT, "x-unique": True}})
    assert indexes(workspace, "shop__item") == {
        "uq_shop__item_number": True,
        "ix_shop__item_created_by": False,
        "ix_shop__item_shelf": False,
        "ix_shop__item_name": False,
        "uq_shop__item_code": True,
    }


def test_what_need_not_be_unique_any_more_may_be_the_same(workspace: Workspace) -> None:
    unique = {**TEXT, "x-unique": True}
    publish(workspace, item={"code": unique})
    saved(workspace, a_record(id="r1", values={"code": "x"}))
    publish(workspace, item={"code": TEXT})
    saved(workspace, a_record(id="r2", values={"code": "x"}))
    with pytest.raises(DefinitionInvalid) as refusal:
        publish(workspace, item={"code": unique})
    assert [(each.code, each.file, each.pointer) for each in refusal.value.problems] == [
        ("edition.duplicates", "entities/item.json", "/properties/code")
    ]
    with workspace.write() as session:
        records.delete_record(session, a_record(id="r2"))
    publish(workspace, item={"code": unique})
    with pytest.raises(Invalid):
        saved(workspace, a_record(id="r2", values={"code": "x"}))


def test_who_cannot_publish_because_somebody_works_is_told_to_come_again(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    saved(workspace, a_record())
    with workspace.write() as session:
        records.load(session, "shop/item", "r1", lock=True)
        with pytest.raises(Busy):
            publish(workspace, item={"name": TEXT, "more": TEXT})
    assert columns(workspace, "shop__item") == {"name"}
    publish(workspace, item={"name": TEXT, "more": TEXT})


def test_a_refused_publication_leaves_no_trace(workspace: Workspace) -> None:
    publish(workspace, item={"code": TEXT})
    saved(workspace, *(a_record(id=each, values={"code": "x"}) for each in ("r1", "r2")))
    with pytest.raises(DefinitionInvalid):
        publish(workspace, item={"code": {**TEXT, "x-unique": True}, "more": TEXT}, shelf={"name": TEXT})
    assert columns(workspace, "shop__item") == {"code"}
    with workspace.read() as session:
        assert not inspect(session.connection).has_table("shop__shelf")
        assert editions.edition(session, "shop").number == 1
