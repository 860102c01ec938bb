"""Administration of departments and roles."""

import pytest

from engine.runtime.organisation import Department
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import organisation
from tests.web.views.conftest import Visit
from tests.web.views.visitor import Visitor, main_form, page_of

DEPARTMENTS = "/admin/departments"


def add(visitor: Visitor, key: str, **typed: str) -> None:
    visitor.submit(main_form(visitor.get(DEPARTMENTS)), {"key": key, "name": f"部门{key}", **typed}, status=303)


def department(workspace: Workspace, key: str) -> Department:
    return organisation(workspace).departments[key]


def test_a_department_stands_under_the_one_it_is_part_of(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin, below = visit("admin"), f"{tag}_b"
    add(admin, tag, head="keeper")
    add(admin, below, parent=tag)
    rows = [each for each in admin.get(DEPARTMENTS).all("li") if tag in each.text and "depth" in each["class"]]
    assert [each["class"] for each in rows] == ["depth-0", "depth-1"]
    assert "keeper" in rows[0].text
    assert department(workspace, below) == Department(key=below, name=f"部门{below}", parent=tag)


def test_a_department_is_changed_under_its_key(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin = visit("admin")
    add(admin, tag)
    page = admin.get(f"{DEPARTMENTS}?key={tag}")
    assert page.one(id="entry").text == f"部门{tag}"
    admin.submit(main_form(page), {"name": "新名称", "head": "vice"}, status=303)
    assert department(workspace, tag) == Department(key=tag, name="新名称", head="vice")


def test_every_mistake_is_told_at_its_input_and_in_the_summary(visit: Visit, workspace: Workspace) -> None:
    admin = visit("admin")
    typed = {"key": "Große Abteilung", "name": "", "parent": "nowhere", "head": "nobody"}
    page = page_of(admin.submit(main_form(admin.get(DEPARTMENTS)), typed, status=422))
    form = main_form(page)
    assert form.error_of("key")
    assert form.error_of("name")
    for name in ("parent", "head"):
        assert page.one(id=f"{name}-error").text
    targets = [each["href"] for each in page.one(class_="problems").all("a")]
    assert sorted(targets) == ["#head", "#key", "#name", "#parent"]
    assert form.fields["key"] == "Große Abteilung"
    assert "Große Abteilung" not in organisation(workspace).departments


def test_a_key_is_given_once(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin = visit("admin")
    add(admin, tag)
    page = page_of(admin.submit(main_form(admin.get(DEPARTMENTS)), {"key": tag, "name": "另一个"}, status=422))
    assert main_form(page).error_of("key") == f"There is a department “{tag}” already."
    assert main_form(page).fields["name"] == "另一个"
    assert department(workspace, tag).name == f"部门{tag}"


def test_no_department_is_part_of_itself(visit: Visit, workspace: Workspace, tag: str) -> None:
    admin, below = visit("admin"), f"{tag}_b"
    add(admin, tag)
    add(admin, below, parent=tag)
    for parent in (tag, below):
        form = main_form(admin.get(f"{DEPARTMENTS}?key={tag}"))
        page = page_of(admin.submit(form, {"parent": parent}, status=422))
        assert page.one(id="parent-error").text.startswith("A department cannot be part of itself")
    assert department(workspace, tag).parent == ""
    assert below in admin.get(DEPARTMENTS).text


def test_a_name_that_cannot_be_kept_is_refused(visit: Visit, tag: str) -> None:
    admin = visit("admin")
    for typed in ({"key": f"{tag}x", "name": "a\0b"}, {"key": f"{tag}\0", "name": "n"}):
        admin.submit(main_form(admin.get(DEPARTMENTS)), typed, status=422)


def test_a_department_that_is_not_there_is_a_new_one(visit: Visit) -> None:
    assert visit("admin").get(f"{DEPARTMENTS}?key=nowhere").one(id="entry").text == "New department"


def test_roles_name_those_who_hold_them_and_where(visit: Visit, project: object, tag: str) -> None:
    del project
    page = visit("admin").get("/admin/roles")
    rows = [each for each in page.all("li") if "project_manager" in each.text]
    assert f"经理{tag}" in rows[0].text
    assert f"项目{tag}" in rows[0].text
    assert "per project" in rows[0].text
    plant = page.one("section", aria_label="设备管理")
    assert "auditor" in next(each for each in plant.all("li") if "设备稽查" in each.text).texts


@pytest.mark.parametrize("path", [DEPARTMENTS, "/admin/roles", "/admin/modules"])
def test_only_administrators_see_how_the_company_is_made(visit: Visit, path: str) -> None:
    page = visit("clerk").get(path, status=403)
    assert "Only an administrator may do this." in page.one("main").text
    assert path not in str([each.get("href") for each in visit("clerk").get("/").all("a")])
    assert path in str([each.get("href") for each in visit("admin").get("/").all("a")])


def test_nobody_else_makes_departments(visit: Visit, workspace: Workspace, tag: str) -> None:
    visit("clerk").post(DEPARTMENTS, {"key": tag, "name": tag}, status=403)
    assert tag not in organisation(workspace).departments
