"""`dougong user`, `dougong people` and `dougong token`: people and their access."""

import sys
from pathlib import Path

import click
import msgspec

from engine.problems import Problem, Unknown, worded
from engine.usecases.people.import_file import import_people
from engine.usecases.people.save import Entry, entry_of, organisation, save_person
from engine.usecases.people.sign_in import issue_token
from web.cli.opening import opened, workspace_option
from web.cli.speech import gettext


@click.group()
def user() -> None:
    """People."""


@user.command()
@click.argument("login")
@click.option("--name", required=True)
@click.option("--roles", default="", help="Keys with commas between; key@project for one project.")
@click.option("--department", default="")
@click.option("--manager", default="", help="Login of the manager.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@workspace_option
def add(**given: str) -> None:
    """Add a person, or change one."""
    password = sys.stdin.readline().rstrip("\n") if given["password_stdin"] else None
    entry = Entry(
        login=given["login"],
        name=given["name"],
        department=given["department"],
        manager=given["manager"],
        roles=tuple(role.strip() for role in given["roles"].split(",") if role.strip()),
        password=password,
    )
    save_person(opened(given["slug"]), None, entry)
    click.echo(entry.login)


@user.command("list")
@workspace_option
def list_all(slug: str) -> None:
    """Everybody: login, name, department, roles."""
    for _, person in sorted(organisation(opened(slug)).people.items()):
        entry = entry_of(person)
        left = "" if person.active else f"\t{gettext('left')}"
        click.echo(f"{entry.login}\t{entry.name}\t{entry.department}\t{','.join(entry.roles)}{left}")


@user.command()
@click.argument("login")
@workspace_option
def disable(login: str, slug: str) -> None:
    """Somebody has left: no more access, no new tasks."""
    workspace = opened(slug)
    person = organisation(workspace).people.get(login)
    if person is None:
        raise Unknown(Problem("user.unknown", "", {"given": login}))
    save_person(workspace, None, msgspec.structs.replace(entry_of(person), active=False))
    click.echo(login)


@click.group()
def people() -> None:
    """Many people at once."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workspace_option
def import_all(file: Path, slug: str) -> None:
    """Take people and departments from a .xlsx, .csv or .json file: all of them, or with every mistake none."""
    imported = import_people(opened(slug), file.read_bytes(), str(file))
    said = gettext("People: {people}, departments: {departments}")
    click.echo(worded(said, {key: str(value) for key, value in imported._asdict().items()}))


@click.group()
def token() -> None:
    """Access for programs."""


@token.command()
@click.argument("login")
@workspace_option
def issue(login: str, slug: str) -> None:
    """Print a new API token of the person; it is shown this once."""
    click.echo(issue_token(opened(slug), login))
