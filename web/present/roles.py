"""Roles in the reader's words."""

from flask_babel import gettext

from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.describe import modules_in_force


def role_titles(workspace: Workspace, actor: Actor, locale: str) -> dict[str, str]:
    """Role key → title, as the module that declares the role words it."""
    modules = modules_in_force(workspace, actor)
    titles = {"employee": gettext("Employee"), "administrator": gettext("Administrator")}
    for module in modules:
        titles |= {role.key: module.label(role.title, locale) for role in module.definition.roles}
    return titles
