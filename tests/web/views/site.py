"""Every page of a company whose people type markup wherever they can, for tests of all pages at once."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

import msgspec

from engine.runtime.organisation import Department
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.people.save import Entry, save_department, save_people
from engine.usecases.people.sign_in import set_common_password
from engine.usecases.records.create import create
from tests.web.views.conftest import Visit
from tests.web.views.pages import Element, read_page
from tests.web.views.visitor import FRAGMENT, PASSWORD, Sent, Visitor, main_form, page_of, upload

EVIL: Final = "<script>alert(1)</script>\"'&"
MACHINE: Final = "/m/plant/machine"
REPAIR: Final = "/m/plant/repair"
EXPENSE: Final = "/m/cost_center/expense"


class Site(msgspec.Struct, frozen=True):
    """Addresses that are only known once everything is made."""

    machine: str
    repair: str
    claim: str
    #: Login of who decides on the claim.
    boss: str


def furnish(workspace: Workspace, visit: Visit) -> Site:
    """Make records, people and a department whose every text is markup; say so in a comment, too."""
    save_department(workspace, None, Department(key="evil", name=EVIL, head="keeper"))
    project = create(workspace, Actor(login="admin"), "core/project", {"code": EVIL[:30], "name": EVIL}).record
    boss = Entry(login="boss_evil", name=EVIL, department="evil", roles=(f"project_manager@{project.id}", "keeper"))
    with workspace.write() as session:
        save_people(session, [boss])
        set_common_password(session, [boss.login], PASSWORD)
    keeper = visit(boss.login)
    form = main_form(keeper.get(f"{MACHINE}/new"))
    machine = keeper.submit(form, {"code": "evil", "name": EVIL, "keeper": boss.login}, status=303).location
    form = main_form(keeper.get(f"{REPAIR}/new"))
    file = upload(keeper, EVIL)
    typed: dict[str, str | list[str]] = {
        "machine": machine.rsplit("/", 1)[-1],
        **dict.fromkeys(("remark", "reason", "grade", "place-owner"), EVIL),
        "kind": "other",
        "hours": "2",
        "unit": "evil",
        "helper": boss.login,
        "extra": msgspec.json.encode({EVIL: EVIL}).decode(),
        "files": ["", file],
        "parts": "",
        "parts-0-_row": "",
        "parts-0-name": EVIL,
        "parts-0-quantity": "1",
        "parts-0-price": "2.5",
        "parts-0-supplier": EVIL,
    }
    repair = keeper.submit(form, typed, status=303).location
    form = main_form(keeper.get(f"{repair}/do/close"))
    keeper.submit(form, {"_comment": EVIL}, status=303)
    keeper.submit(main_form(keeper.get(f"{repair}/do/reopen")), {"_comment": EVIL}, status=303)
    keeper.submit(main_form(keeper.get(f"{repair}/edit")), {"remark": f"{EVIL}{EVIL}"}, status=303)
    items = [{"name": EVIL, "quantity": "1", "price": "3"}]
    values = {"project": project.id, "items": items, "reason": EVIL}
    made = create(workspace, Actor(login="clerk"), "cost_center/expense", values).record
    claim = f"{EXPENSE}/{made.id}"
    clerk = visit("clerk")
    clerk.submit(main_form(clerk.get(f"{claim}/do/submit")), {"_comment": EVIL}, status=303)
    return Site(machine, repair, claim, boss.login)


def addresses(site: Site) -> Mapping[str, tuple[str, ...]]:
    """Login → pages that this person may open."""
    task = site.claim.removeprefix("/m/")
    everybody = ("/", "/inbox", "/inbox?tab=done", "/inbox?tab=started", "/profile", "/search?q=%3Cscript", "/search")
    boss = (
        MACHINE,
        f"{MACHINE}?q=%3Cscript%3E",
        f"{MACHINE}/new",
        site.machine,
        f"{site.machine}/edit",
        REPAIR,
        f"{REPAIR}/new",
        site.repair,
        f"{site.repair}/edit",
        f"{site.repair}/explain?field=parts.0.amount",
        f"{site.repair}/explain?field=total",
        f"{site.repair}/delete",
        f"{site.repair}/do/close",
        f"{REPAIR}/new?like={site.repair.rsplit('/', 1)[-1]}",
        EXPENSE,
        f"{EXPENSE}/new",
        site.claim,
        f"{site.claim}/do/approve",
        f"{site.claim}/do/reject",
        f"{site.claim}/do/return",
        f"/inbox?record={task}",
    )
    admin = (
        *("/admin/people", "/admin/people/new", f"/admin/people/{site.boss}", "/admin/people?q=%3Cscript"),
        *("/admin/departments", "/admin/departments?key=evil", "/admin/roles", "/admin/modules"),
        "/admin/modules/plant/recompute",
        "/admin/modules/plant/tables",
    )
    return {"admin": (*everybody, *admin, MACHINE), site.boss: (*everybody, *boss), "clerk": (*everybody, EXPENSE)}


def refused(visitor: Visitor, login: str, site: Site) -> Iterator[tuple[str, Element]]:
    """Pages shown again after bad input."""
    wrong: list[tuple[str, Sent]] = []
    if login == "admin":
        wrong = [
            ("/admin/people/new", {"login": EVIL, "name": "", "password": EVIL, "role": EVIL}),
            ("/admin/departments", {"key": EVIL, "name": ""}),
        ]
    if login == site.boss:
        wrong = [
            (f"{MACHINE}/new", {"code": "", "name": EVIL, "value": EVIL}),
            (
                f"{site.repair}/edit",
                {"hours": EVIL, "date": EVIL, "extra": EVIL, "parts-0-quantity": EVIL, "kind": EVIL},
            ),
            (f"{site.claim}/do/reject", {"_comment": ""}),
        ]
    for path, typed in wrong:
        yield f"422 {path}", page_of(visitor.submit(main_form(visitor.get(path)), typed, status=422))
    if login == "admin":
        sent = {"csrf_token": visitor.token(), "bundle": (BytesIO(b"x"), EVIL)}
        answer = visitor.open("POST", "/admin/modules", status=422, data=sent, content_type="multipart/form-data")
        yield "422 /admin/modules", page_of(answer)
    form = next(each for each in visitor.get("/profile").one("main").all("form") if each["action"].endswith("password"))
    answer = visitor.submit(form, {"old": PASSWORD, "new": EVIL, "again": "x"}, status=422)
    yield "422 /profile/password", page_of(answer)


def pages(visitor: Visitor, login: str, site: Site) -> Iterator[tuple[str, Element]]:
    """Every page of a person, whole and as htmx gets it, with those of refusals and of what is not for them."""
    for path in addresses(site)[login]:
        yield path, visitor.get(path)
    for path in ("/inbox", MACHINE, f"{EXPENSE}/new"):
        if path in addresses(site)[login]:
            yield f"part of {path}", visitor.get(path, headers=FRAGMENT)
    yield from refused(visitor, login, site)
    yield "404", visitor.get("/nowhere/%3Cscript%3E", status=404)
    yield "404 record", visitor.get(f"{REPAIR}/%3Cscript%3Ealert(1)%3C/script%3E", status=404)
    yield "405", read_page(visitor.open("PUT", "/profile", status=405).text)
    yield "400", read_page(visitor.open("POST", "/profile", status=400).text)
    if login == "clerk":
        yield "403", visitor.get("/admin/people", status=403)
        yield "403 record", visitor.get(f"{site.claim}/edit", status=403)
