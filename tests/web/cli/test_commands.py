"""Companies, people and tokens from the command line, and how the command line speaks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.problems import Problem
from engine.usecases.clock import new_id, now
from engine.usecases.deployment import Deployment
from engine.usecases.people.sign_in import recognise, sign_in_with_password
from tests.company import PLANT, a_slug
from tests.web.cli.conftest import Run
from tests.web.cli.workbook import a_workbook


def said_of(code: str, **params: str) -> str:
    return str(Problem(code, "", params))


def deployment(url: str = "sqlite:///./var") -> Deployment:
    return Deployment(url, clock=now, new_id=new_id)


def test_workspaces_are_made_listed_and_deleted(run: Run, folder: Path) -> None:
    assert run("workspace", "list") == (0, [], [])
    assert run("workspace", "create", "beta", "--title", "乙公司") == (0, ["beta"], [])
    assert run("workspace", "create", "alpha", "--title", "甲公司", "--language", "en") == (0, ["alpha"], [])
    assert run("workspace", "list") == (0, ["alpha", "beta"], [])
    assert (folder / "var/alpha.db").is_file()
    assert run("workspace", "delete", "alpha", "--yes") == (0, [], [])
    assert run("workspace", "list") == (0, ["beta"], [])


def test_a_workspace_is_not_deleted_by_mistake(run: Run) -> None:
    run("workspace", "create", "beta", "--title", "乙公司")
    assert run("workspace", "delete", "beta", typing="n\n").status == 1
    assert run("workspace", "list").out == ["beta"]
    assert run("workspace", "delete", "beta", typing="y\n").status == 0
    assert run("workspace", "list").out == []


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("workspace", "create", "Beta", "--title", "x"), "workspace.slug: "),
        (("workspace", "create", "../x", "--title", "x"), "workspace.slug: "),
        (("workspace", "create", "acme", "--title", "x"), "workspace.taken: "),
        (
            ("workspace", "create", "mars", "--title", "x", "--zone", "Mars"),
            "workspace.zone: “Mars” is not a time zone",
        ),
        (("workspace", "delete", "beta", "--yes"), "workspace.unknown: "),
        (("user", "list", "--workspace", "beta"), "workspace.unknown: "),
        (("user", "add", "Li Na", "--name", "李娜"), "person.login: "),
        (
            ("user", "add", "li.na", "--name", "李娜", "--department", "x"),
            "department.unknown: There is no department “x”.",
        ),
        (("user", "add", "li.na", "--name", "李娜", "--manager", "x"), "user.unknown: "),
        (("user", "disable", "nobody"), "user.unknown: "),
        (("token", "issue", "nobody"), "user.unknown: "),
        (("module", "export", "nothing", "out"), "module.unknown: "),
        (("module", "rollback", "plant", "7"), "module.unknown: "),
        (("module", "test", "nothing"), "module.unknown: "),
    ],
)
def test_what_is_refused_is_a_line_on_standard_error(
    run: Run, company: str, arguments: tuple[str, ...], line: str
) -> None:
    said = run(*arguments)
    assert (said.status, said.out, len(said.err)) == (1, [], 1), company
    assert said.err[0].startswith(line)


@pytest.mark.parametrize(
    "arguments",
    [("fly",), ("module", "check", "nowhere"), ("user", "add"), ("workspace", "create", "x", "--titel", "y")],
)
def test_what_is_typed_wrong_is_a_line_on_standard_error(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert (said.status, said.out, len(said.err)) == (2, [], 1)


@pytest.mark.parametrize(
    "command",
    [
        "", "demo", "serve", "verify", "workspace", "workspace create", "workspace list", "workspace delete",
        "user", "user add", "user list", "user disable", "people", "people import", "token", "token issue",
        "module", "module check", "module install", "module list", "module export", "module diff", "module rollback",
        "module from-schema", "module test", "module recompute", "worker",
    ],
)  # fmt: skip
def test_every_command_explains_itself(run: Run, command: str) -> None:
    said = run(*command.split(), "--help")
    assert (said.status, said.err) == (0, [])
    assert any("Usage:" in each for each in said.out)


@pytest.mark.parametrize(
    ("settings", "is_chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "C"}, False),
        ({}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, True),
    ],
)
def test_it_speaks_the_language_of_the_system(
    run: Run, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], is_chinese: object
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    (line,) = run("workspace", "delete", "beta", "--yes").err
    assert line.startswith("workspace.unknown: ")
    assert ("一" <= line.partition(": ")[2][0] <= "龥") is is_chinese


def test_without_a_slug_it_must_be_clear_which_workspace_is_meant(run: Run, company: str) -> None:
    assert run("module", "list").out[0].startswith("plant\t1\t")
    run("workspace", "create", "beta", "--title", "乙公司")
    assert run("module", "list") == (1, [], [said_of("workspace.which", known="acme, beta")])
    assert run("module", "list", "--workspace", company).status == 0


def test_the_settings_are_read_from_a_file_beside_it(run: Run, folder: Path) -> None:
    (folder / ".env").write_text("DOUGONG_DATABASE=sqlite:///./elsewhere\n", encoding="utf-8")
    run("workspace", "create", "beta", "--title", "乙公司")
    assert (folder / "elsewhere/beta.db").is_file()


def test_people_are_added_changed_listed_and_disabled(run: Run, company: str) -> None:
    assert run("user", "add", "zhang", "--name", "张总", "--roles", "keeper, auditor") == (0, ["zhang"], [])
    added = run(
        "user", "add", "li.na", "--name", "李娜", "--manager", "zhang", "--password-stdin", typing="secret-12\n"
    )
    assert added.status == 0
    assert run("user", "list").out == ["li.na\t李娜\t\t", "zhang\t张总\t\tauditor,keeper"]
    workspace = deployment().workspace(company)
    assert sign_in_with_password(workspace, "li.na", "secret-12", address="")
    assert run("user", "add", "li.na", "--name", "李娜娜").status == 0
    assert sign_in_with_password(workspace, "li.na", "secret-12", address="")
    assert run("user", "disable", "li.na") == (0, ["li.na"], [])
    assert run("user", "list").out[0] == "li.na\t李娜娜\t\t\tleft"


def test_a_short_password_is_refused_and_nobody_is_added(run: Run, company: str) -> None:
    said = run("user", "add", "li.na", "--name", "李娜", "--password-stdin", typing="short\n")
    assert (said.status, [each.partition(":")[0] for each in said.err]) == (1, ["sign_in.short_password"])
    assert run("user", "list", "--workspace", company).out == []


def test_a_token_is_printed_once_and_opens_the_workspace(run: Run, company: str) -> None:
    run("user", "add", "li.na", "--name", "李娜")
    said = run("token", "issue", "li.na")
    assert (said.status, len(said.out), said.err) == (0, 1, [])
    slug, _, secret = said.out[0].partition(".")
    assert slug == company
    workspace = deployment().workspace(slug)
    assert recognise(workspace, "token", secret).login == "li.na"
    run("user", "disable", "li.na")
    run("user", "add", "li.na", "--name", "李娜")
    with pytest.raises(Exception, match="sign_in"):
        recognise(workspace, "token", secret)


CSV = """登录名,姓名,部门,上级,角色,负责部门
zhang,张总,工程部,,keeper,工程部
li.na,"李娜",工程部,zhang,"mechanic，auditor",
wang,王工,cost,zhang,,cost
"""
PEOPLE = ["li.na\t李娜\t{}\tauditor,mechanic", "wang\t王工\tcost\t", "zhang\t张总\t{}\tkeeper"]


def imported(run: Run, file: Path) -> list[str]:
    said = run("people", "import", file)
    assert said == (0, ["People: 3, departments: 2"], [])
    return run("user", "list").out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_people_come_from_a_csv_file(run: Run, company: str, folder: Path, encoding: str, delimiter: str) -> None:
    file = folder / "people.csv"
    file.write_bytes(CSV.replace(",", delimiter).replace("mechanic，", "mechanic ").encode(encoding))
    found = imported(run, file)
    department = found[0].split("\t")[2]
    assert found == [each.format(department) for each in PEOPLE], company


def test_people_come_from_a_workbook(run: Run, company: str, folder: Path) -> None:
    file = folder / "people.xlsx"
    rows = [line.replace('"', "").split(",") for line in CSV.replace("mechanic，", "mechanic ").splitlines()]
    file.write_bytes(a_workbook([*rows[:1], [], *rows[1:]]))
    found = imported(run, file)
    assert found == [each.format(found[0].split("\t")[2]) for each in PEOPLE], company


def test_people_come_from_a_json_file(run: Run, company: str, folder: Path) -> None:
    document = {
        "departments": [
            {"key": "site", "name": "工程部", "head": "zhang"},
            {"key": "cost", "name": "成本部", "parent": "site"},
        ],
        "people": [
            {"login": "zhang", "name": "张总", "department": "site", "roles": ["keeper"]},
            {
                "login": "li.na",
                "name": "李娜",
                "department": "site",
                "manager": "zhang",
                "roles": ["auditor", "mechanic"],
            },
            {"login": "wang", "name": "王工", "department": "cost", "roles": None},
        ],
    }
    file = folder / "people.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert imported(run, file) == [each.format("site") for each in PEOPLE], company
    file.write_text(json.dumps([{"login": "wang", "name": "王工", "department": "工程部"}]), encoding="utf-8")
    assert run("people", "import", file).out == ["People: 1, departments: 1"]
    assert run("user", "list").out[1] == "wang\t王工\tsite\t"


def test_who_is_there_already_keeps_what_the_file_does_not_say(run: Run, company: str, folder: Path) -> None:
    run("user", "add", "li.na", "--name", "李娜", "--roles", "keeper", "--password-stdin", typing="secret-12\n")
    file = folder / "people.csv"
    file.write_text("login,name\nli.na,李娜娜\n", encoding="utf-8")
    assert run("people", "import", file).status == 0
    assert run("user", "list").out == ["li.na\t李娜娜\t\tkeeper"]
    assert sign_in_with_password(deployment().workspace(company), "li.na", "secret-12", address="")


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        (
            "people.csv",
            "login,name,manager,roles\nLi Na,李娜,,\n,张总,,\nwang,,zhao,Keeper\nwang,王工,,\n",
            ["people.csv:5:1: person.twice: "],
        ),
        (
            "people.csv",
            "login,name,manager,roles\nLi Na,李娜,,\n,张总,,\nwang,,zhao,Keeper\n",
            [
                "people.csv:2:1: person.login: ",
                "people.csv:3:1: field.required: ",
                "people.csv:4:1: user.unknown: ",
                "people.csv:4:1: field.required: ",
                "people.csv:4:1: person.role: ",
            ],
        ),
        ("people.csv", "login,alter\nli,5\n", ["people.csv:1:1: table.column: "]),
        ("people.csv", "\n\n", ["people.csv:1:1: table.no_columns: "]),
        ("people.csv", "login,name\nli,李,娜\n", ["people.csv:2:1: table.too_many_cells: "]),
        ("people.csv", 'login,name\nli,"李\n', ["people.csv:2:1: table.unreadable: "]),
        ("people.xlsx", "no workbook", ["people.xlsx:1:1: table.unreadable: "]),
        ("people.txt", "x", ["people.txt:1:1: table.kind: "]),
        ("people.json", "{", ["people.json:1:1: json.ended: "]),
        ("people.json", "5", ["people.json:1:1: field.object: "]),
        ("people.json", '{"persons": []}', ["people.json:1:1: table.column: "]),
        ("people.json", '{"people": {}}', ["people.json:1:1: field.list: "]),
        ("people.json", "[\n5]", ["people.json:2:1: field.object: "]),
        ("people.json", '[\n{"login": "li", "name": 5}]', ["people.json:2:1: field.text: "]),
        ("people.json", '[\n{"login": "li", "age": "5"}]', ["people.json:2:1: table.column: "]),
        (
            "people.json",
            '{"people": [{"login": "li", "name": "李"}], "departments": [{"key": "x", "name": "X", "head": "zhao"}]}',
            ["people.json:1:1: user.unknown: "],
        ),
    ],
)
def test_mistakes_in_a_file_are_all_told_and_nobody_is_taken(
    run: Run, company: str, folder: Path, name: str, text: str, lines: list[str]
) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    said = run("people", "import", name)
    assert (said.status, said.out) == (1, [])
    assert len(said.err) == len(lines), said.err
    assert all(any(each.startswith(line) for each in said.err) for line in lines), said.err
    assert run("user", "list", "--workspace", company).out == []


def test_the_console_script_is_the_same(folder: Path) -> None:
    script = Path(sys.executable).with_name("dougong")
    said = subprocess.run([script, "workspace", "list"], cwd=folder, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.postgres
def test_the_same_on_postgres(run: Run, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUGONG_DATABASE", postgres_url)
    slug = a_slug()
    assert run("workspace", "create", slug, "--title", "滨江建设") == (0, [slug], [])
    try:
        assert run("workspace", "create", slug, "--title", "x").err[0].startswith("workspace.taken: ")
        assert slug in run("workspace", "list").out
        assert run("module", "install", PLANT, "--workspace", slug) == (0, ["plant 1"], [])
        assert run("module", "test", "plant", "--workspace", slug).status == 0
        assert run("user", "add", "li.na", "--name", "李娜", "--workspace", slug).status == 0
        assert run("token", "issue", "li.na", "--workspace", slug).out[0].startswith(f"{slug}.")
        assert run("verify", "--workspace", slug).status == 0
    finally:
        assert run("workspace", "delete", slug, "--yes").status == 0
    assert slug not in run("workspace", "list").out
