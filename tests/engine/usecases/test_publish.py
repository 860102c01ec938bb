"""Putting modules in force: as a whole, in place, or not at all."""

import json
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from engine.problems import DefinitionInvalid, Malformed, NotAllowed, Unknown
from engine.usecases.actor import Actor
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.modules.publish import MAX_UNPACKED, advice_on, export, installed, publish, roll_back, unpacked
from engine.usecases.records.create import create
from engine.usecases.records.find import Wish, find
from tests.company import PLANT, a_company
from tests.engine.usecases.refusals import refused

Files = Mapping[str, bytes]
ADMIN = Actor(login="admin")


def plant() -> dict[str, bytes]:
    return {path.relative_to(PLANT).as_posix(): path.read_bytes() for path in PLANT.rglob("*") if path.is_file()}


def changed(path: str, *replaced: tuple[str, str]) -> dict[str, bytes]:
    files = plant()
    text = files[path].decode()
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return {**files, path: text.encode()}


def small(key: str, requires: Mapping[str, str] = {}, **properties: Any) -> Files:  # noqa: ANN401
    """A module with one entity of its own name."""
    module = {"format": 1, "key": key, "title": key, "version": "1.0.0", "language": "zh_CN", "requires": requires}
    entity = {"key": key, "title": key, "type": "object", "properties": properties}
    permissions = {"entities": {key: [{"role": "employee", "verbs": ["create", "read", "update"]}]}}
    documents = {"module.json": module, f"entities/{key}.json": entity, "permissions.json": permissions}
    return {path: json.dumps(document).encode() for path, document in documents.items()}


def reference(entity: str) -> dict[str, str]:
    return {"title": "Reference", "x-type": "reference", "x-reference": entity}


TEXT = {"title": "Text", "type": "string"}


def in_force(workspace: Workspace) -> dict[str, int]:
    return {each.module: each.number for each in installed(workspace)}


def test_the_same_text_again_changes_nothing(workspace: Workspace) -> None:
    assert publish(workspace, ADMIN, plant()).number == 1
    assert in_force(workspace) == {"plant": 1}


def test_another_text_is_the_next_edition(workspace: Workspace) -> None:
    files = changed("entities/machine.json", ("原值", "原始价值"))
    edition = publish(workspace, ADMIN, files, note="改名")
    assert (edition.number, edition.published_by, edition.note) == (2, "admin", "改名")
    assert export(workspace, "plant").entities[0].fields[2].title == "原始价值"


def test_going_back_publishes_the_older_text_again(workspace: Workspace) -> None:
    publish(workspace, ADMIN, changed("entities/machine.json", ("原值", "原始价值")))
    assert roll_back(workspace, ADMIN, "plant", 1).number == 3
    assert export(workspace, "plant").texts["entities/machine.json"] == plant()["entities/machine.json"].decode()
    with refused(Unknown, "module.unknown"):
        roll_back(workspace, ADMIN, "plant", 7)


def test_only_an_administrator_publishes(workspace: Workspace) -> None:
    keeper = Actor(login="keeper")
    with refused(NotAllowed, "permission.administrator"):
        publish(workspace, keeper, changed("entities/machine.json", ("原值", "原始价值")))
    with refused(NotAllowed, "permission.administrator"):
        roll_back(workspace, keeper, "plant", 1)
    assert in_force(workspace) == {"plant": 1}


def test_a_record_keeps_the_edition_it_began_under(workspace: Workspace) -> None:
    keeper = Actor(login="keeper")
    old = create(workspace, keeper, "plant/machine", {"code": "A", "name": "塔吊", "value": "5"})
    files = changed(
        "entities/machine.json",
        (
            '    "value": {"title": "原值", "x-type": "money", "minimum": 0},\n',
            '    "maker": {"title": "厂家", "type": "string"},\n',
        ),
    )
    permissions = files["permissions.json"].decode().replace('"field": "value"', '"field": "maker"')
    publish(workspace, ADMIN, {**files, "permissions.json": permissions.encode()})
    new = create(workspace, keeper, "plant/machine", {"code": "B", "name": "电梯", "maker": "徐工"})
    found = find(workspace, keeper, "plant/machine", Wish(sort=("code",))).sights
    assert [(each.record.edition, sorted(each.values)) for each in found] == [
        (1, ["code", "name", "value"]),
        (2, ["code", "maker", "name"]),
    ]
    assert (old.record.edition, new.record.edition) == (1, 2)


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        ('RMB_UPPER(cost) <> "壹元整"', ["RMB_UPPER(cost)"]),
        ('AND(urgent, ROUND(hours, count) = 3, RMB_UPPER(cost) = "x")', ["count", "RMB_UPPER(cost)"]),
        ("AND(urgent, SUM(parts.amount) > 100, ROUND(hours, 0) = 3, hours / 3 > 1)", []),
        ("machine.value * 1000000000000 * cost * hours > 1", []),
    ],
)
def test_what_the_databases_leave_to_python_is_said_at_its_place(
    workspace: Workspace, rows: str, parts: list[str]
) -> None:
    files = changed("permissions.json", ("OR(urgent, machine.keeper = ME())", json.dumps(rows)[1:-1]))
    assert publish(workspace, ADMIN, files).number == 2
    advice = advice_on(workspace, "plant")
    assert [(each.code, each.file, each.params["part"]) for each in advice] == [
        ("filter.untranslatable", "permissions.json", part) for part in parts
    ]
    for each in advice:
        assert each.pointer.endswith("/rows")
        line = files["permissions.json"].decode().splitlines()[each.line - 1]
        assert line[each.column - 1 :].lstrip('"').startswith(each.params["part"])


def test_so_is_that_of_the_filter_of_a_view(workspace: Workspace) -> None:
    files = changed(
        "views/machine.list.json", ('"title": "设备",', '"title": "设备", "filter": "BLANK(RMB_UPPER(value))",')
    )
    publish(workspace, ADMIN, files)
    (advice,) = advice_on(workspace, "plant")
    assert (advice.code, advice.file, advice.pointer) == (
        "filter.untranslatable",
        "views/machine.list.json",
        "/filter",
    )


def test_of_a_module_that_databases_can_answer_there_is_nothing_to_say(workspace: Workspace) -> None:
    assert advice_on(workspace, "plant") == ()


def test_a_module_needs_its_neighbours(workspace: Workspace) -> None:
    with refused(DefinitionInvalid, "module.undefined /requires/shop", "entity.undefined /properties/item/x-reference"):
        publish(workspace, ADMIN, small("order", {"shop": ">=1.0"}, item=reference("shop/shop")))
    assert in_force(workspace) == {"plant": 1}


def test_modules_do_not_require_each_other_in_a_circle(workspace: Workspace) -> None:
    publish(workspace, ADMIN, small("shop", name=TEXT))
    publish(workspace, ADMIN, small("order", {"shop": ">=1.0"}, item=reference("shop/shop")))
    with refused(DefinitionInvalid, "module.circular"):
        publish(workspace, ADMIN, small("shop", {"order": ">=1.0"}, name=TEXT))
    with refused(DefinitionInvalid, "module.circular"):
        publish(workspace, ADMIN, small("alone", {"alone": ">=1.0"}, name=TEXT))
    assert in_force(workspace) == {"plant": 1, "shop": 1, "order": 1}


def test_whoever_requires_a_module_must_still_fit_it(workspace: Workspace) -> None:
    publish(workspace, ADMIN, small("shop", name=TEXT))
    order = small("order", {"shop": ">=1.0"}, item=reference("shop/shop"), of={**TEXT, "x-formula": "item.name"})
    publish(workspace, ADMIN, order)
    with refused(DefinitionInvalid, "formula.unknown_field /properties/of/x-formula"):
        publish(workspace, ADMIN, small("shop", label=TEXT))
    assert in_force(workspace) == {"plant": 1, "shop": 1, "order": 1}
    made = create(workspace, ADMIN, "shop/shop", {"name": "锤子"}).record
    assert create(workspace, ADMIN, "order/order", {"item": made.id}).values["of"] == "锤子"


def test_companies_have_their_own_editions(deployment: Deployment, workspace: Workspace) -> None:
    other = a_company(deployment, ["plant"])
    publish(workspace, ADMIN, changed("entities/machine.json", ("原值", "原始价值")))
    assert (in_force(workspace), in_force(other)) == ({"plant": 2}, {"plant": 1})
    deployment.delete(other.slug)


def zipped(files: Files, folder: str = "") -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(folder + path, content)
    return buffer.getvalue()


@pytest.mark.parametrize("folder", ["", "plant/", "some/where/plant/"])
def test_a_zip_holds_a_module_with_or_without_its_folder(folder: str) -> None:
    assert unpacked(zipped(plant(), folder)) == plant()


def test_what_is_no_zip_of_a_module_is_refused() -> None:
    good = zipped(plant())
    for wrong in (b"", b"PK", b"x" * 1000, good[:-40], good[: len(good) // 2]):
        with refused(Malformed, "bundle.not_zip"):
            unpacked(wrong)
    with refused(Malformed, "bundle.too_large"):
        unpacked(zipped({"module.json": bytes(MAX_UNPACKED + 1)}))
    with refused(Malformed, "bundle.too_large"):
        unpacked(zipped({f"entities/e{number}.json": b"" for number in range(2001)}))


def test_no_damage_to_a_zip_is_an_accident() -> None:
    good = zipped(plant())
    for place in range(0, len(good), 101):
        spoiled = good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :]
        with suppress(Malformed):
            unpacked(spoiled)
