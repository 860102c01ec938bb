"""Opens what a command works on, and lets go of it when the command has ended."""

from collections.abc import Callable
from typing import Any

import click

from engine.usecases.clock import new_id, now
from engine.usecases.deployment import Deployment, Workspace
from web.settings import settings


def deployment() -> Deployment:
    """The workspaces that the environment names."""
    made = Deployment(settings().database, clock=now, new_id=new_id)
    click.get_current_context().call_on_close(made.close)
    return made


def opened(slug: str) -> Workspace:
    """The workspace, or the only one when no slug is given."""
    return deployment().workspace(slug)


def workspace_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--workspace SLUG`."""
    option = click.option("--workspace", "slug", default="", help="Slug of the workspace; the only one by default.")
    return option(command)
