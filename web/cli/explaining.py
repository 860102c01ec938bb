"""`dougong explain`: how a value of a record comes about."""

from zoneinfo import ZoneInfo

import click

from engine.fields.field_type import Audience
from engine.usecases.records.explain import explain_to
from web.cli.opening import opened, workspace_option
from web.cli.speech import gettext, language, told
from web.present.explaining.lines import explain_lines


@click.command()
@click.argument("entity", metavar="MODULE.ENTITY")
@click.argument("record", metavar="ID_OR_NUMBER")
@click.argument("field")
@click.option("--as", "login", default="", help="Login of whoever is to see it; nothing is hidden without.")
@workspace_option
def explain(entity: str, record: str, field: str, login: str, slug: str) -> None:
    """Show how a value comes about: each part of its formula, in a line of items as items.0.amount."""
    workspace = opened(slug)
    found, company, module = explain_to(workspace, login, entity.replace(".", "/", 1), record, field)
    locale = language()
    audience = Audience(
        locale=locale, zone=ZoneInfo(company.zone), label=lambda text: module.label(text, locale), name=found.names.of
    )
    for line in explain_lines(found, audience, gettext, told):
        click.echo(line)
