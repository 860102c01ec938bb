"""Take one action of a record's workflow, or change nothing."""

from functools import partial
from typing import Final

import msgspec

from engine.fields.characters import read_text
from engine.fields.field_type import Unreadable
from engine.problems import Invalid, Problem, Refused
from engine.runtime.record import Decision
from engine.runtime.resolve import paths_read, resolve
from engine.store import events, records
from engine.store.session import Workspace
from engine.usecases.actor import Actor, ask_under, same_ask, twice_at_most
from engine.usecases.attach import attach_files
from engine.usecases.settling.series import with_series
from engine.usecases.settling.settle import hold, keep
from engine.usecases.sight import Sight, sight
from engine.usecases.world import Sent, world_for

#: Longest comment, in characters.
MAX_COMMENT: Final = 2000


def act(workspace: Workspace, actor: Actor, name: str, record_id: str, decision: Decision) -> Sight:
    """Resolve the decision under the record's own edition and remember it. Under the same key it happens once."""
    decision = msgspec.structs.replace(decision, comment=_comment(decision.comment))
    return twice_at_most(partial(_act, workspace, actor, name, record_id, decision), decision.key)


def _act(workspace: Workspace, actor: Actor, name: str, record_id: str, decision: Decision) -> Sight:
    with workspace.write(actor.company) as session:
        hold(session, name)
        asked = [name, record_id, decision.action, decision.values, decision.comment, decision.task, decision.args]
        ask = ask_under(actor, decision.key, asked)
        before, answered = (
            records.claim(session, name, record_id, ask)
            if ask
            else (records.load(session, name, record_id, lock=True), None)
        )
        if ask and answered:
            same_ask(ask, answered)
            return sight(session, actor, before)
        seen = sight(session, actor, before)
        entity = seen.entity
        paths = paths_read(entity, before, decision)
        sent = Sent(decision.values, actor.login, record_id) if decision.values else None
        world = world_for(session, entity, before.values, paths=paths, sent=sent)
        world = with_series(session, entity, before, world, decision.values)
        try:
            outcome = resolve(entity, before, decision, world)
        except Refused:
            if ask and (answered := events.answered(session, ask)):
                same_ask(ask, answered)
                return sight(session, actor, records.load(session, name, record_id))
            raise
        kept = keep(session, outcome, before=before, ask=ask)
        if decision.values:
            attach_files(session, entity, kept.record)
        return sight(session, actor, kept.record, world, warnings=kept.warnings)


def _comment(text: str) -> str:
    """What somebody says about it; `Invalid` when it cannot be kept."""
    try:
        said = read_text(text)
    except Unreadable as error:
        raise Invalid(error.problem("/comment")) from None
    if len(said) > MAX_COMMENT:
        raise Invalid(Problem("field.too_long", "/comment", {"limit": str(MAX_COMMENT)}))
    return said
