"""`dougong serve` and `dougong demo`: the web server."""

import os
import socket
from itertools import groupby

import click
from granian import Granian
from granian.constants import Interfaces

from engine.problems import Conflict, Malformed, Problem
from engine.runtime.organisation import Organisation
from engine.usecases import demo as demo_company
from web.cli.opening import deployment
from web.cli.working import worker_beside

BIND = "127.0.0.1:8000"
#: Seconds that a worker gets to finish its requests. Ctrl-C reaches it twice, from the terminal and from the main
#: process, and then it does not always end by itself.
STOP_WAIT = 3
#: Requests that one worker answers at once, on a machine that has the cores.
THREADS = 8


@click.command()
@click.option("--bind", default=BIND, show_default=True, metavar="HOST:PORT")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(bind: str, workers: int) -> None:
    """Serve every workspace of this deployment."""
    _run(_free(bind), workers)


@click.command()
@click.option("--bind", default=BIND, show_default=True, metavar="HOST:PORT")
@click.option("--no-serve", is_flag=True, help="Make the demo company and stop.")
@click.option("--reset", is_flag=True, help="Begin anew.")
def demo(bind: str, no_serve: bool, reset: bool) -> None:  # noqa: FBT001 - flags of a command
    """Make the demo company, print its logins, and serve it."""
    address = None if no_serve else _free(bind)
    _, organisation = demo_company.demo(deployment(), reset=reset)
    click.echo(_logins(organisation))
    if address is not None:
        click.echo(f"\nhttp://{bind}\n")
        _run(address, 1)


def _logins(organisation: Organisation) -> str:
    """One login per role: who holds it, and the password."""
    held = sorted(
        (each.role, person.login, person.name) for person in organisation.people.values() for each in person.assignments
    )
    lines = [f"{'login':<16}{'password':<16}{'role':<20}name"]
    for role, people in groupby(held, key=lambda each: each[0]):
        _, login, name = next(people)
        lines.append(f"{login:<16}{demo_company.PASSWORD:<16}{role:<20}{name}")
    return "\n".join(lines)


def _free(bind: str) -> tuple[str, int]:
    """Host and port, at which nothing is served yet: a second server would quietly share them with the first."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdecimal():
        raise Malformed(Problem("serve.address", "", {"given": bind}))
    try:
        socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except (OSError, OverflowError) as error:
        raise Conflict(Problem("serve.taken", "", {"given": bind, "reason": str(error)})) from error
    return host, int(port)


def _run(address: tuple[str, int], workers: int) -> None:
    """Serve until Ctrl-C, with a worker beside the server."""
    host, port = address
    server = Granian(
        "web.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=min(THREADS, 2 * (os.cpu_count() or 1)),
        workers_kill_timeout=STOP_WAIT,
    )
    with worker_beside():
        server.serve()
