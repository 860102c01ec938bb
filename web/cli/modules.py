"""`dougong module`: check, install, list, export, compare, test, roll back, import definitions; recompute records."""

import sys
from pathlib import Path

import click

from engine.definition.diff import diff
from engine.definition.read import read_folder
from engine.definition.write import write_document, write_folder
from engine.exchange.json_schema import from_schema
from engine.problems import in_order
from engine.usecases.deployment import read_texts
from engine.usecases.modules.publish import advice_on, check_folder, export, installed, publish_folder, roll_back
from engine.usecases.modules.rehearse import play_all
from web.cli.opening import opened, workspace_option
from web.cli.recomputing import recompute, say_what_is_outdated
from web.cli.speech import gettext, told

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def module() -> None:
    """Module definitions."""


module.add_command(recompute)


@module.command()
@click.argument("path", type=FOLDER)
def check(path: Path) -> None:
    """Check a module folder: a line per problem, exit status 1 when there is any."""
    examined = check_folder(path)
    for problem in in_order(examined.problems):
        click.echo(told(problem), err=True)
    for problem in in_order((*examined.later, *examined.notes)):
        click.echo(f"{gettext('note')}: {told(problem)}", err=True)
    sys.exit(1 if examined.problems else 0)


@module.command()
@click.argument("path", type=FOLDER)
@workspace_option
def install(path: Path, slug: str) -> None:
    """Publish a module folder as the next edition."""
    workspace = opened(slug)
    edition = publish_folder(workspace, path)
    click.echo(f"{edition.module} {edition.number}")
    for problem in advice_on(workspace, edition.module):
        click.echo(f"{gettext('note')}: {told(problem)}", err=True)
    say_what_is_outdated(workspace, edition.module)


@module.command("list")
@workspace_option
def list_all(slug: str) -> None:
    """The modules in force with their editions."""
    for edition in installed(opened(slug)):
        click.echo(f"{edition.module}\t{edition.number}\t{edition.digest[:12]}\t{edition.published_at:%Y-%m-%d %H:%M}Z")


@module.command("export")
@click.argument("key")
@click.argument("folder", type=click.Path(path_type=Path))
@workspace_option
def export_module(key: str, folder: Path, slug: str) -> None:
    """Write the module in force into a folder, in canonical form."""
    write_folder(export(opened(slug), key), folder)
    click.echo(str(folder))


@module.command("diff")
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
def compare(old: Path, new: Path) -> None:
    """What changes from one folder to the other; "!" marks what breaks something."""
    for change in diff(read_folder(old), read_folder(new)):
        click.echo(f"{'!' if change.is_breaking else ' '} {change.said(gettext)}")


@module.command("rollback")
@click.argument("key")
@click.argument("edition", type=int)
@workspace_option
def rollback(key: str, edition: int, slug: str) -> None:
    """Publish an older edition again, as the newest."""
    workspace = opened(slug)
    published = roll_back(workspace, None, key, edition)
    click.echo(f"{published.module} {published.number}")
    say_what_is_outdated(workspace, key)


@module.command("from-schema")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, help="Key of the module and its entity.")
@click.argument("folder", type=click.Path(path_type=Path))
def import_schema(file: Path, key: str, folder: Path) -> None:
    """Make a module folder from somebody else's JSON Schema."""
    documents = from_schema(file.read_bytes(), key, file.name)
    texts = {path: text if isinstance(text, str) else write_document(text, path) for path, text in documents.items()}
    write_folder(read_texts(texts), folder)
    click.echo(str(folder))


@module.command("test")
@click.argument("key")
@workspace_option
def run_scenarios(key: str, slug: str) -> None:
    """Play the scenarios of a module in force; exit status 1 when one of them does not hold."""
    results = play_all(opened(slug), key)
    for result in results:
        click.echo(f"{'FAIL' if result.mismatches else 'ok'}  {result.title}")
        for mismatch in result.mismatches:
            click.echo(f"      {mismatch}", err=True)
    sys.exit(1 if any(result.mismatches for result in results) else 0)
