"""Words for states, actions, roles and events in the reader's language; what a module names itself, it words itself."""

from collections.abc import Mapping
from typing import Final

import msgspec
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from engine.compile.machine import DRAFT, REJECTED, START, WITHDRAWN
from engine.compile.model import CompiledEntity, CompiledModule
from engine.usecases.actor import Actor
from engine.usecases.deployment import Workspace
from engine.usecases.modules.describe import modules_in_force

#: How a status looks: neutral, info, success, warning, danger.
_TONES: Final[Mapping[str, str]] = {
    "draft": "neutral",
    "running": "info",
    "approved": "success",
    "rejected": "danger",
    "withdrawn": "neutral",
    "cancelled": "neutral",
    "revoked": "warning",
}
_STATES: Final = {
    DRAFT: _("Draft"),
    START: _("Returned"),
    REJECTED: _("Rejected"),
    WITHDRAWN: _("Withdrawn"),
}
ACTIONS: Final = {
    "submit": _("Submit"),
    "approve": _("Approve"),
    "reject": _("Reject"),
    "return": _("Return"),
    "resubmit": _("Resubmit"),
    "withdraw": _("Withdraw"),
}


class Tag(msgspec.Struct, frozen=True):
    """A status as people see it."""

    text: str
    tone: str
    kind: str = "tag"


class Wording:
    """Words of one module for one reader."""

    def __init__(self, module: CompiledModule, locale: str) -> None:
        self._module, self._locale = module, locale

    def label(self, text: str) -> str:
        """A label of the module."""
        return self._module.label(text, self._locale)

    def state(self, entity: CompiledEntity, key: str) -> str:
        """What the state is called."""
        if key in _STATES:
            return str(_STATES[key])
        state = entity.workflow.states.get(key) if entity.workflow else None
        return self.label(state.title or key) if state else key

    def status(self, entity: CompiledEntity, state: str, status: str) -> Tag | None:
        """The state with its tone; None for records that have none."""
        if not state:
            return None
        tone = "warning" if state == START else _TONES[status]
        return Tag(self.state(entity, state), tone)

    def action(self, entity: CompiledEntity, key: str) -> str:
        """What the button says; in a state where something is done rather than decided, approving is finishing."""
        for state in entity.workflow.states.values() if entity.workflow else ():
            for action in state.actions:
                if action.key == key:
                    return self.label(action.title or key)
        return str(ACTIONS.get(key, key))


def done_or_approve(entity: CompiledEntity, state: str) -> str:
    """What a button says for `approve` in this state."""
    return str(gettext("Done") if _is_handled(entity, state) else gettext("Approve"))


def was_approved(entity: CompiledEntity, state: str) -> str:
    """What the history says of `approve` in this state."""
    return str(gettext("finished it") if _is_handled(entity, state) else gettext("approved it"))


def _is_handled(entity: CompiledEntity, state: str) -> bool:
    """Whether something is done in this state rather than decided."""
    definition = entity.workflow.states.get(state) if entity.workflow else None
    return definition is not None and definition.type == "handle"


def role_titles(workspace: Workspace, actor: Actor, locale: str) -> dict[str, str]:
    """Role key → title, as the module that declares the role words it."""
    modules = modules_in_force(workspace, actor)
    titles = {"employee": gettext("Employee"), "administrator": gettext("Administrator")}
    for module in modules:
        titles |= {role.key: module.label(role.title, locale) for role in module.definition.roles}
    return titles
