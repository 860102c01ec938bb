"""Published text does not change; what is in memory is right as long as nobody has published."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.problems import Busy, Unknown
from engine.store import editions, records
from engine.store.session import Kept, Workspace
from tests.engine.store.builders import (
    NOON,
    TEXT,
    a_record,
    files,
    group,
    publish,
    publish_in,
    read,
    reference,
    saved,
    undone,
)


def test_an_edition_remembers_who_published_what_and_when(workspace: Workspace) -> None:
    made = publish(workspace, item={"name": TEXT})
    assert (made.module, made.number, made.in_force, made.published_by) == ("shop", 1, True, "admin")
    assert made.published_at > NOON
    with workspace.read() as session:
        assert editions.edition(session, "shop") == made
        assert editions.edition(session, "shop", 1) == made
        assert editions.files(session, made) == files(item={"name": TEXT})


def test_the_text_in_force_again_is_no_new_edition(workspace: Workspace) -> None:
    first = publish(workspace, item={"name": TEXT})
    with workspace.read() as session:
        stamp = session.company.modules_stamp
    assert publish(workspace, item={"name": TEXT}) == first
    with workspace.read() as session:
        assert session.company.modules_stamp == stamp


def test_going_back_is_publishing_the_older_text_again(workspace: Workspace) -> None:
    numbers = [publish(workspace, item=each).number for each in ({"name": TEXT}, {"code": TEXT}, {"name": TEXT})]
    assert numbers == [1, 2, 3]
    with workspace.read() as session:
        known = editions.modules(session)
        assert [each.in_force for each in known.editions.values()] == [False, False, True]
        assert known.editions["shop", 1].digest == known.editions["shop", 3].digest


def test_a_retired_module_has_no_edition_in_force_and_keeps_its_records(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    saved(workspace, a_record())
    with workspace.write() as session:
        editions.retire(session, "shop")
        with pytest.raises(Unknown):
            editions.edition(session, "shop")
        assert editions.layout(session, "shop/item", 1).edition == 1
    assert publish(workspace, item={"name": TEXT}).number == 2
    with workspace.read() as session:
        assert records.load(session, "shop/item", "r1") == a_record()


def test_another_process_sees_what_was_published(workspace: Workspace) -> None:
    other = Workspace(
        "test", workspace.database, clock=workspace.clock, new_id=workspace.new_id, reader=workspace.reader
    )
    publish(workspace, item={"name": TEXT})
    with other.read() as session:
        assert set(editions.layout(session, "shop/item").entity.fields) == {"name"}
    publish(workspace, item={"code": TEXT})
    with other.read() as session:
        assert set(editions.layout(session, "shop/item").entity.fields) == {"code"}


def test_what_was_not_published_after_all_is_forgotten(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})
    with undone(workspace) as session:
        publish_in(session, files(item={"code": TEXT}))
        assert set(editions.layout(session, "shop/item").entity.fields) == {"code"}
    with workspace.read() as session:
        assert set(editions.layout(session, "shop/item").entity.fields) == {"name"}
    publish(workspace, item={"size": TEXT})
    with workspace.read() as session:
        assert set(editions.layout(session, "shop/item", 2).entity.fields) == {"size"}


def test_a_module_is_compiled_among_those_it_requires(workspace: Workspace) -> None:
    publish(workspace, "core", project={"name": TEXT})
    texts = files(requires=("core", "gone"), item={"project": reference("core/project")})
    with workspace.read() as session:
        assert set(editions.neighbours(session, read(texts))) == {"core"}


def test_a_layout_is_built_once(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT, "place": group(road=TEXT)})
    with workspace.read() as session:
        first = editions.layout(session, "shop/item")
    with workspace.read() as session:
        assert editions.layout(session, "shop/item") is first


def test_two_who_publish_at_once_take_turns(workspace: Workspace) -> None:
    begin = threading.Barrier(2)

    def attempt(properties: dict[str, Any]) -> int:
        begin.wait(timeout=30)
        while True:
            try:
                return publish(workspace, item=properties).number
            except Busy:
                continue

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, [{"name": TEXT}, {"code": TEXT}])) == [1, 2]


def test_records_are_saved_while_a_module_is_published(workspace: Workspace) -> None:
    publish(workspace, item={"name": TEXT})

    def save(number: int) -> None:
        saved(workspace, a_record(id=f"r{number}", values={"name": str(number)}))

    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(save, number) for number in range(30)]
        publish(workspace, item={"name": {**TEXT, "x-index": True}, "code": TEXT})
        for each in done:
            each.result()
    with workspace.read() as session:
        assert len(records.load_many(session, "shop/item", [f"r{number}" for number in range(30)])) == 30


def test_a_kept_value_is_loaded_when_its_stamp_changes() -> None:
    kept: Kept[int] = Kept()
    loads = iter(range(9))
    assert [kept.at(stamp, lambda: next(loads)) for stamp in "aabba"] == [0, 0, 1, 1, 2]
