"""Modules from the command line: checked, installed, listed, exported, compared, rolled back, played, imported."""

import json
import shutil
from pathlib import Path

import pytest

from tests.company import PLANT
from tests.web.cli.conftest import Run

FORM = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "Visit",
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "maxLength": 20}, "guests": {"type": "integer", "minimum": 0}},
}


@pytest.fixture
def copy(folder: Path) -> Path:
    """The module in a folder where it may be spoiled."""
    shutil.copytree(PLANT, folder / "plant")
    return folder / "plant"


def edited(copy: Path, path: str, old: str, new: str) -> None:
    file = copy / path
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_module_without_mistakes_is_checked_in_silence(run: Run) -> None:
    assert run("module", "check", PLANT) == (0, [], [])


def test_every_mistake_is_a_line_with_its_place(run: Run, copy: Path) -> None:
    edited(copy, "entities/repair.json", '"assert": "hours <= 24"', '"assert": "hourz <= 24"')
    edited(copy, "permissions.json", '"rows": "keeper = ME()"', '"rows": "keeper = 1"')
    edited(copy, "workflows/repair.json", '[{"to": "dropped"}]', '[{"to": "lost"}]')
    said = run("module", "check", copy)
    assert (said.status, said.out) == (1, [])
    places = [(file, int(line), int(column)) for file, line, column, _ in (each.split(":", 3) for each in said.err)]
    assert places == sorted(places)
    assert {file for file, _, _ in places} == {"entities/repair.json", "permissions.json", "workflows/repair.json"}
    line, column = (int(each) for each in said.err[0].split(":")[1:3])
    text = (copy / "entities/repair.json").read_text(encoding="utf-8").splitlines()[line - 1]
    assert text[column - 1 :].startswith('"hourz')
    assert said.err[0].split(": ")[1] == "formula.unknown_field"
    assert said.err[0].endswith("(/x-rules/0/assert)")


def test_what_could_not_be_checked_is_noted_and_is_no_mistake(run: Run, copy: Path) -> None:
    rows = [{"when": [", ".join(str(row * 30 + each) for each in range(30))], "value": "1"} for row in range(160)]
    table = {"fields": ["size"], "rows": [*rows, {"value": "0"}]}
    fields = {"size": {"type": "integer"}, "rank": {"type": "integer", "x-table": table}}
    entity = {"key": "large", "title": "Large", "type": "object", "properties": fields}
    (copy / "entities/large.json").write_text(json.dumps(entity), encoding="utf-8")
    said = run("module", "check", copy)
    assert (said.status, said.out) == (0, [])
    assert [each.split(": ")[0] for each in said.err] == ["note"]
    assert "decision_table.unchecked" in said.err[0]


def test_what_databases_leave_to_python_is_noted_when_checking_and_when_installing(
    run: Run, company: str, copy: Path
) -> None:
    edited(copy, "permissions.json", '"rows": "keeper = ME()"', '"rows": "LEN(RMB_UPPER(value)) > 4"')
    noted = [each for each in run("module", "check", copy).err if "filter.untranslatable" in each]
    (said,) = noted
    file, line, column = said.removeprefix("note: ").split(":")[:3]
    text = (copy / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert text[int(column) - 1 :].startswith("RMB_UPPER(value)")
    installed = run("module", "install", copy, "--workspace", company)
    assert (installed.status, installed.out) == (0, ["plant 2"])
    assert said in installed.err


@pytest.mark.parametrize(
    ("path", "content", "place"),
    [
        ("entities/repair.json", b'{"key": "repair",}', "entities/repair.json:1:17: json.trailing_comma: "),
        ("entities/repair.json", b"\xff", "entities/repair.json:1:1: definition.not_utf8: "),
        ("entities/repair.json", b"[1]", "entities/repair.json:1:1: definition."),
        ("notes.txt", b"x", "notes.txt:1:1: definition.unknown_file: "),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    run: Run, copy: Path, path: str, content: bytes, place: str
) -> None:
    (copy / path).write_bytes(content)
    said = run("module", "check", copy)
    assert (said.status, said.out) == (1, [])
    assert said.err[0].startswith(place)


def test_a_folder_without_a_module_is_told(run: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    said = run("module", "check", "empty")
    assert (said.status, said.err[0].split(": ")[1]) == (1, "definition.missing_file")


def test_a_module_is_installed_once_and_again_when_it_has_changed(run: Run, company: str, copy: Path) -> None:
    assert run("module", "install", copy) == (0, ["plant 1"], []), company
    edited(copy, "entities/machine.json", '"title": "原值"', '"title": "原始价值"')
    assert run("module", "install", copy) == (0, ["plant 2"], [])
    (listed,) = run("module", "list").out
    assert listed.split("\t")[:2] == ["plant", "2"]


def test_nothing_is_installed_of_a_module_with_mistakes(run: Run, company: str, copy: Path) -> None:
    edited(copy, "entities/repair.json", '"assert": "hours <= 24"', '"assert": "hourz <= 24"')
    said = run("module", "install", copy)
    assert (said.status, said.out, len(said.err)) == (1, [], 1), company
    assert said.err[0].startswith("entities/repair.json:")
    assert run("module", "list").out[0].split("\t")[:2] == ["plant", "1"]


def test_a_module_whose_neighbour_is_missing_is_not_installed(run: Run, company: str) -> None:
    shipped = Path(__file__).parents[3] / "modules"
    said = run("module", "install", shipped / "cost_center")
    assert said.status == 1, company
    assert any(each.startswith("module.json:") and "module.undefined" in each for each in said.err)
    assert run("module", "install", shipped / "core").out == ["core 1"]
    assert run("module", "install", shipped / "cost_center").out == ["cost_center 1"]
    assert [each.split("\t")[0] for each in run("module", "list").out] == ["core", "cost_center", "plant"]


def test_what_is_exported_and_installed_again_is_the_same_to_the_byte(run: Run, company: str, folder: Path) -> None:
    assert run("module", "export", "plant", "one") == (0, ["one"], [])
    assert files(folder / "one") == files(PLANT)
    run("workspace", "create", "beta", "--title", "乙公司")
    assert run("module", "install", "one", "--workspace", "beta").out == ["plant 1"]
    assert run("module", "install", "one", "--workspace", company).out == ["plant 1"]
    run("module", "export", "plant", "two", "--workspace", "beta")
    assert files(folder / "two") == files(folder / "one")


def test_what_differs_is_told_and_what_breaks_is_marked(run: Run, copy: Path) -> None:
    assert run("module", "diff", PLANT, copy) == (0, [], [])
    edited(copy, "entities/machine.json", '"title": "原值"', '"title": "原始价值"')
    edited(
        copy,
        "entities/machine.json",
        '    "keeper": {"title": "保管人", "x-type": "user"}\n',
        '    "maker": {"title": "厂家", "type": "string"}\n',
    )
    edited(copy, "permissions.json", '"rows": "keeper = ME()"', '"rows": "created_by = ME()"')
    said = run("module", "diff", PLANT, copy)
    assert (said.status, said.err) == (0, [])
    assert len(said.out) == 4
    assert [each[0] for each in said.out if "keeper" in each and "ME()" not in each] == ["!"]
    assert all(each[:2] in {"! ", "  "} for each in said.out)


def test_an_older_edition_comes_back_as_the_newest(run: Run, company: str, copy: Path, folder: Path) -> None:
    edited(copy, "entities/machine.json", '"title": "原值"', '"title": "原始价值"')
    run("module", "install", copy)
    assert run("module", "rollback", "plant", "1") == (0, ["plant 3"], []), company
    run("module", "export", "plant", "out")
    assert files(folder / "out") == files(PLANT)
    assert run("module", "rollback", "plant", "3") == (0, ["plant 3"], [])


def test_scenarios_are_played(run: Run, company: str, copy: Path) -> None:
    assert run("module", "test", "plant") == (0, ["ok  关闭须填工时"], []), company
    edited(copy, "scenarios/close.json", '"total": "3.00"', '"total": "4.00"')
    run("module", "install", copy)
    said = run("module", "test", "plant")
    assert (said.status, said.out) == (1, ["FAIL  关闭须填工时"])
    assert len(said.err) == 1
    assert "4.00" in said.err[0]
    assert "3.00" in said.err[0]


def test_a_foreign_schema_becomes_a_module_that_installs(run: Run, company: str, folder: Path) -> None:
    (folder / "visit.json").write_text(json.dumps(FORM), encoding="utf-8")
    assert run("module", "from-schema", "visit.json", "--key", "visit", "made") == (0, ["made"], []), company
    assert run("module", "check", "made") == (0, [], [])
    assert run("module", "install", "made").out == ["visit 1"]


def test_what_is_wrong_with_a_foreign_schema_is_told(run: Run, folder: Path) -> None:
    (folder / "visit.json").write_text(json.dumps({**FORM, "required": "name"}), encoding="utf-8")
    said = run("module", "from-schema", "visit.json", "--key", "visit", "made")
    assert (said.status, said.out) == (1, [])
    assert said.err[0].startswith("visit.json:1:")
    assert run("module", "from-schema", "visit.json", "--key", "Visit", "made").status == 1
    assert not (folder / "made").exists()
