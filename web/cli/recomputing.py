"""`dougong module recompute`: records brought to the formulas in force, or what would become of them."""

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from threading import Event

import click

from engine.definition.model import Json
from engine.problems import worded
from engine.usecases.clock import new_id
from engine.usecases.deployment import Workspace
from engine.usecases.jobs.worker import PAUSE
from engine.usecases.recompute.batch import Trouble
from engine.usecases.recompute.outdated import outdated_records
from engine.usecases.recompute.preview import LOOKED_AT, EntityChange, FieldChange, preview
from engine.usecases.recompute.start import Recomputing, recompute_now
from web.cli.opening import opened, workspace_option
from web.cli.speech import gettext, told


@click.command()
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@workspace_option
def recompute(key: str, slug: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of a command
    """Bring records to the formulas in force; exit status 1 when some had to be left as they are."""
    workspace = opened(slug)
    if dry_run:
        _show(workspace, key)
        return
    last = None
    for last in recompute_now(workspace, key, new_id(), lambda: _wait(PAUSE)):
        if last.progress:
            click.echo(f"{last.progress.done} / {max(last.progress.total, last.progress.done)}")
    sys.exit(_ended(last) if last else 0)


def say_what_is_outdated(workspace: Workspace, module: str) -> None:
    """A line about records that carry values of older formulas, where there are any."""
    if count := outdated_records(workspace, None, module):
        said = gettext("{count} records carry values of older formulas; what would change: {command}")
        click.echo(_worded(said, count=count, command=f"dougong module recompute {module} --dry-run"))


def _wait(seconds: float) -> None:
    """Leave the database to others for a moment."""
    Event().wait(seconds)


def _ended(last: Recomputing) -> int:
    """Say what has come of it; the exit status."""
    if last.problem:
        click.echo(told(last.problem), err=True)
        return 1
    progress = last.progress
    assert progress is not None
    said = gettext(
        "Changed: {changed}, unchanged: {unchanged}, left as they are: {refused}, in or after approval: {staying}"
    )
    unchanged = progress.done - progress.changed - progress.refused
    counts = {"changed": progress.changed, "refused": progress.refused, "staying": progress.staying}
    click.echo(_worded(said, unchanged=unchanged, **counts))
    _complain(progress.troubles, progress.refused)
    return 1 if progress.refused else 0


def _show(workspace: Workspace, module: str) -> None:
    """What would change, as a table with tabs between its columns."""
    found = preview(workspace, None, module, limit=LOOKED_AT)
    if not found.entities:
        click.echo(gettext("All records carry values of the formulas in force."))
    elif found.looked_at < found.drafts:
        said = gettext("Looked at the first {count} of {total} records.")
        click.echo(_worded(said, count=found.looked_at, total=found.drafts))
    for each in found.entities:
        _show_entity(each)


def _show_entity(change: EntityChange) -> None:
    said = gettext(
        "{entity}: {total} records of older formulas; {changed} would change, {refused} cannot be brought along, "
        "{staying} in or after approval stay"
    )
    counts = {"total": change.total, "changed": change.changed, "refused": change.refused, "staying": change.staying}
    click.echo(_worded(said, entity=change.entity.name, **counts))
    if change.fields:
        head = (gettext("field"), gettext("records"), gettext("before"), gettext("after"), gettext("difference"))
        click.echo("\t".join(head))
    for each in change.fields:
        for row in _rows(each):
            click.echo("\t".join(row))
    _complain(change.troubles, change.refused)


def _rows(change: FieldChange) -> Iterator[tuple[str, ...]]:
    """The field as a whole, then where it changes most."""
    yield ".".join(change.field.path), str(change.count), *_sides(change.before, change.after)
    for each in change.largest:
        yield f"  {each.label}", "", *_sides(each.before, each.after)


def _sides(before: Json, after: Json) -> tuple[str, str, str]:
    difference = ""
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        difference = f"{after - before:+f}"
    return _text(before), _text(after), difference


def _text(value: Json) -> str:
    if value is None:
        return "–"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _complain(troubles: Sequence[Trouble], count: int) -> None:
    """Why records are left as they are; of many, the first."""
    for trouble in troubles:
        for problem in trouble.problems:
            click.echo(f"{trouble.entity} {trouble.label}: {told(problem)}", err=True)
    if more := count - len(troubles):
        click.echo(_worded(gettext("… and {count} more"), count=more), err=True)


def _worded(said: str, **params: object) -> str:
    return worded(said, {key: str(value) for key, value in params.items()})
