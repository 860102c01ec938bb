"""Roles of every module, and who holds them."""

from typing import Final

from flask import Blueprint, Response, url_for
from flask_babel import gettext

from engine.definition.model import Role
from engine.runtime.organisation import Organisation
from engine.usecases.modules.describe import modules_in_force
from engine.usecases.people.save import administered
from engine.usecases.records.draft import offer
from web.present.wording import role_titles
from web.request import actor, language, workspace
from web.views.admin.people import PROJECTS
from web.views.rendering import Context, page

roles: Final = Blueprint("roles", __name__)


@roles.get("/admin/roles")
def show() -> Response:
    """By the module that declares them."""
    organisation = administered(workspace(), actor())
    titles = role_titles(workspace(), actor(), language())
    modules = modules_in_force(workspace(), actor())
    projects = dict(offer(workspace(), actor(), PROJECTS, "")) if any(each.key == "core" for each in modules) else {}
    built_in = Role(key="administrator", title="", at=modules[0].definition.at) if modules else None
    groups: list[tuple[str, tuple[Role, ...]]] = [(gettext("Built in"), (built_in,) if built_in else ())]
    groups += [(each.label(each.definition.title, language()), each.definition.roles) for each in modules]
    model = {
        "groups": [
            {"title": title, "roles": [_role(role, titles, organisation, projects) for role in declared]}
            for title, declared in groups
            if declared
        ]
    }
    return page("admin/roles.html", [{"title": gettext("Roles"), "url": ""}], roles=model)


def _role(role: Role, titles: dict[str, str], organisation: Organisation, projects: dict[str, str]) -> Context:
    holders = [
        {
            "name": person.name,
            "url": url_for("people.edit", login=person.login),
            "where": projects.get(each.project, each.project),
        }
        for person in organisation.people.values()
        for each in sorted(person.assignments)
        if each.role == role.key and person.active
    ]
    return {"title": titles[role.key], "key": role.key, "scope": role.scope, "holders": holders}
