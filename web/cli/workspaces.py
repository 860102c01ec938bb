"""`dougong workspace`: companies."""

import click

from web.cli.opening import deployment
from web.cli.speech import gettext


@click.group()
def workspace() -> None:
    """Companies of this deployment."""


@workspace.command()
@click.argument("slug")
@click.option("--title", required=True, help="What the company is called.")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="Its time zone.")
@click.option("--language", type=click.Choice(["zh_CN", "en"]), default="zh_CN", show_default=True)
def create(slug: str, title: str, zone: str, language: str) -> None:
    """Make an empty workspace."""
    deployment().create(slug, title=title, zone=zone, language=language)
    click.echo(slug)


@workspace.command("list")
def list_all() -> None:
    """Every workspace."""
    for slug in deployment().slugs():
        click.echo(slug)


@workspace.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(slug: str, yes: bool) -> None:  # noqa: FBT001 - a flag of a command
    """Delete a workspace and everything in it."""
    if not yes:
        click.confirm(gettext("Everything in it will be gone. Delete it?"), abort=True, err=True)
    deployment().delete(slug)
