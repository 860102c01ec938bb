"""`dougong verify`: whether everything that is kept fits together."""

import sys

import click

from engine.usecases.attach import Folder
from engine.usecases.verify import verify as walk_through
from web.cli.opening import opened, workspace_option
from web.cli.speech import gettext, told
from web.settings import settings


@click.command()
@workspace_option
def verify(slug: str) -> None:
    """Check histories, references, tasks, formulas and files: a line per finding, exit status 1 when there is any."""
    found = 0
    for problem in walk_through(opened(slug), Folder(settings().files)):
        click.echo(told(problem), err=True)
        found += 1
    if found:
        sys.exit(1)
    click.echo(gettext("Everything fits together."))
