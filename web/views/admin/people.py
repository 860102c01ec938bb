"""Administration of people: who they are, where they work, which roles they hold."""

import re
from http import HTTPStatus
from typing import Any, Final

import msgspec
from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext, ngettext

from engine.problems import Invalid, Problem, Unknown
from engine.runtime.organisation import Organisation, Person
from engine.usecases.people.save import Entry, administered, declared_roles, entry_of, save_person
from engine.usecases.records.draft import offer
from web.present.wording import role_titles
from web.request import actor, language, workspace
from web.views.rendering import Context, block, gone_to, is_fragment, page, told

people: Final = Blueprint("people", __name__)
#: Lines a page.
SIZE: Final = 50
PROJECTS: Final = "core/project"
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


@people.get("/admin/people")
def show() -> Response:
    """Everybody, by name or login."""
    organisation, text = administered(workspace(), actor()), request.args.get("q", "").strip().lower()
    found = [each for each in organisation.people.values() if text in each.login or text in each.name.lower()]
    found.sort(key=lambda each: (not each.active, each.name))
    number = request.args.get("page", "1")
    here = max(1, int(number)) if _NUMBER.fullmatch(number) else 1
    titles = role_titles(workspace(), actor(), language())
    model = {
        "query": request.args.get("q", ""),
        "url": url_for("people.show"),
        "new_url": url_for("people.new"),
        "rows": [_row(each, organisation, titles) for each in found[(here - 1) * SIZE : here * SIZE]],
        "pager": {
            "text": ngettext("%(num)s person", "%(num)s people", len(found)),
            "previous": url_for("people.show", q=text, page=here - 1) if here > 1 else "",
            "next": url_for("people.show", q=text, page=here + 1) if here * SIZE < len(found) else "",
        },
    }
    if is_fragment():
        return block("admin/people.html", "results", people=model)
    return page("admin/people.html", _trail(), people=model)


def _row(person: Person, organisation: Organisation, titles: dict[str, str]) -> Context:
    unit = organisation.departments.get(person.department)
    return {
        "url": url_for("people.edit", login=person.login),
        "login": person.login,
        "name": person.name,
        "department": unit.name if unit else person.department,
        "roles": sorted({titles.get(each.role, each.role) for each in person.assignments}),
        "is_active": person.active,
    }


@people.get("/admin/people/new")
def new() -> Response:
    """A blank person."""
    return _form(Entry(login="", name=""), is_new=True)


@people.post("/admin/people/new")
def add() -> Response:
    """Keep a new person."""
    entry = _sent(Entry(login=request.form.get("login", "").strip(), name=""))
    if entry.login in administered(workspace(), actor()).people:
        return _form(entry, is_new=True, problems=(Problem("person.taken", "/login", {"given": entry.login}),))
    return _keep(entry, is_new=True)


@people.get("/admin/people/<login>")
def edit(login: str) -> Response:
    """One person."""
    return _form(_known(login), is_new=False)


@people.post("/admin/people/<login>")
def change(login: str) -> Response:
    """Keep what was changed about a person."""
    return _keep(_sent(_known(login)), is_new=False)


def _known(login: str) -> Entry:
    person = administered(workspace(), actor()).people.get(login)
    if person is None:
        raise Unknown(Problem("user.unknown", "", {"given": login}))
    return entry_of(person)


def _sent(before: Entry) -> Entry:
    """The person as the form says; what stands in no form stays as it was."""
    form = request.form
    return msgspec.structs.replace(
        before,
        name=form.get("name", "").strip(),
        department=form.get("department", ""),
        manager=form.get("manager", ""),
        active="active" not in form or "true" in form.getlist("active"),
        roles=tuple(dict.fromkeys(form.getlist("role"))),
        password=form.get("password") or None,
    )


def _keep(entry: Entry, *, is_new: bool) -> Response:
    if is_new:
        # Without a password they could not sign in; at the command line they may get one later.
        entry = msgspec.structs.replace(entry, password=entry.password or "")
    try:
        save_person(workspace(), actor(), entry)
    except Invalid as refusal:
        return _form(entry, is_new=is_new, problems=refusal.problems)
    flash(gettext("Saved"), "success")
    return gone_to(url_for("people.show"))


def _form(entry: Entry, *, is_new: bool, problems: tuple[Problem, ...] = ()) -> Response:
    organisation = administered(workspace(), actor())
    title = gettext("New person") if is_new else organisation.people[entry.login].name
    roles = _roles(entry)
    errors, summary = told(problems, _labels(is_new=is_new))
    model: dict[str, Any] = {
        "title": title,
        "url": request.path,
        "back_url": url_for("people.show"),
        "login": entry.login,
        "is_new": is_new,
        "name": entry.name,
        "department": entry.department,
        "departments": [("", "—"), *((each.key, each.name) for each in organisation.departments.values())],
        "manager": entry.manager,
        "managers": [("", "—"), *((each.login, each.name) for each in organisation.people.values() if each.active)],
        "roles": roles,
        "other_roles": _unlisted(entry, roles),
        "is_active": entry.active,
        "errors": errors,
        "problems": summary,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return page("admin/person.html", [*_trail(), {"title": title, "url": ""}], status=status, person=model)


def _labels(*, is_new: bool) -> dict[str, str]:
    return {
        "login": gettext("Login"),
        "name": gettext("Full name"),
        "department": gettext("Department"),
        "manager": gettext("Manager"),
        "password": gettext("Password") if is_new else gettext("New password"),
        "roles": gettext("Roles"),
    }


def _roles(entry: Entry) -> list[Context]:
    titles = role_titles(workspace(), actor(), language())
    declared = declared_roles(workspace(), actor())
    projects = offer(workspace(), actor(), PROJECTS, "") if "project_manager" in declared else ()
    return [
        {
            "key": role.key,
            "title": titles[role.key],
            "scope": role.scope,
            "is_held": role.key in entry.roles,
            "projects": [(identity, name, f"{role.key}@{identity}" in entry.roles) for identity, name in projects],
        }
        for role in declared.values()
        if role.key != "employee"
    ]


def _unlisted(entry: Entry, listed: list[Context]) -> list[str]:
    """Roles that are held although the form lists them not: of modules not installed yet, of projects long over."""
    offered = {role["key"] for role in listed}
    offered |= {f"{role['key']}@{identity}" for role in listed for identity, _, _ in role["projects"]}
    return [each for each in entry.roles if each not in offered]


def _trail() -> list[Context]:
    return [{"title": gettext("People"), "url": url_for("people.show")}]
