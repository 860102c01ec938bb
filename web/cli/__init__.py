"""The command line, `dougong`. What goes wrong is a readable line each on standard error, and exit status 1."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from engine.problems import Refused
from web.cli.checking import verify
from web.cli.explaining import explain
from web.cli.modules import module
from web.cli.people import people, token, user
from web.cli.serving import demo, serve
from web.cli.speech import complain
from web.cli.working import worker
from web.cli.workspaces import workspace


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Dougong: forms and approvals from JSON modules."""


for command in (demo, serve, workspace, user, people, token, module, explain, verify, worker):
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; what is refused is said, not traced."""
    try:
        status = commands(arguments, standalone_mode=False)
    except Refused as refusal:
        complain(refusal)
        status = 1
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        status = error.exit_code
    except click.Abort:
        status = 1
    sys.exit(status or 0)
