"""One piece of the job that brings records to the formulas in force: some records, in the transaction of the job."""

from typing import Final

import msgspec

from engine.problems import Problem, Refused
from engine.runtime.record import Record
from engine.store import editions, records
from engine.store.jobs import Job
from engine.store.session import Session
from engine.usecases.modules.in_force import entity_named
from engine.usecases.recompute.outdated import made_anew, outdated
from engine.usecases.settling.above import lock_above
from engine.usecases.settling.settle import hold, keep

#: Kind of the jobs.
KIND: Final = "recompute"
#: Records in one transaction: few enough that nobody waits long for their locks.
BATCH: Final = 50
#: Records that are named when they cannot be brought along; all of them are counted.
NAMED: Final = 100


class Trouble(msgspec.Struct, frozen=True):
    """A record that cannot be brought along, and why."""

    #: "module/entity".
    entity: str
    record_id: str
    label: str
    problems: tuple[Problem, ...]


class Part(msgspec.Struct, frozen=True):
    """The records of one entity."""

    #: "module/entity".
    entity: str
    editions: tuple[int, ...]


class Progress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far the job has come."""

    #: To which the records are brought.
    edition: int
    #: What is still to be done, the first under way.
    parts: tuple[Part, ...]
    #: Records when it began.
    total: int
    #: Id of the last record of the first part that was looked at.
    after: str = ""
    #: Records looked at.
    done: int = 0
    #: Of these, records some of whose values have changed.
    changed: int = 0
    #: Of these, records that had to be left as they are.
    refused: int = 0
    #: Records of runs, which stay what was decided about.
    staying: int = 0
    troubles: tuple[Trouble, ...] = ()


def progress_of(job: Job) -> Progress | None:
    """How far a job has come; None before its first piece."""
    return msgspec.convert(job.progress, Progress) if job.progress else None


def recompute_batch(session: Session, job: Job) -> tuple[object, bool]:
    """Bring the next records along; the progress, and whether that was all. Published meanwhile, it begins anew."""
    module = str(job.payload["module"])
    edition = editions.edition(session, module).number
    progress = progress_of(job)
    if progress is None or progress.edition != edition:
        progress = _beginning(session, module, edition)
    if progress.parts:
        progress = _batch(session, progress)
    return msgspec.to_builtins(progress), not progress.parts


def _beginning(session: Session, module: str, edition: int) -> Progress:
    found = outdated(session, module)
    return Progress(
        edition=edition,
        parts=tuple(Part(each.entity.name, each.editions) for each in found if each.drafts),
        total=sum(each.drafts for each in found),
        staying=sum(each.staying for each in found),
    )


def _batch(session: Session, progress: Progress) -> Progress:
    part, *others = progress.parts
    ids = records.drafts_of(session, part.entity, part.editions, after=progress.after, limit=BATCH)
    hold(session, part.entity)
    # All of them and then all that hangs on them, as everybody locks: in the order of the batch it would be a deadlock.
    lock_above(session, records.load_many(session, part.entity, ids, lock=True).values())
    found = [_one(session, part, each, progress.edition) for each in ids]
    troubles = [each for each in found if isinstance(each, Trouble)]
    is_last = len(ids) < BATCH
    return msgspec.structs.replace(
        progress,
        parts=tuple(others) if is_last else progress.parts,
        after="" if is_last else ids[-1],
        done=progress.done + len(ids),
        changed=progress.changed + found.count(True),
        refused=progress.refused + len(troubles),
        troubles=(*progress.troubles, *troubles)[:NAMED],
    )


def _one(session: Session, part: Part, record_id: str, edition: int) -> bool | Trouble:
    """Whether values of the record have changed, or why it stays as it is.

    It is loaded by itself, because what was done to another one may have changed it, as a rollup does.
    """
    before = records.load_many(session, part.entity, [record_id]).get(record_id)
    if before is None or before.edition not in part.editions or before.status != "draft":
        # Deleted, or sent in, since it was looked for.
        return False
    try:
        with session.apart():
            outcome = made_anew(session, entity_named(session, part.entity), before, edition)
            keep(session, outcome, before=before)
    except Refused as refusal:
        return Trouble(part.entity, record_id, label(before), refusal.problems)
    return has_changed(before, outcome.record)


def has_changed(before: Record, after: Record) -> bool:
    """Whether anything that people see of it is another one."""
    return (before.values, before.title) != (after.values, after.title)


def label(record: Record) -> str:
    """What people call the record."""
    return " ".join(dict.fromkeys(filter(None, (record.number, record.title)))) or record.id
