"""`dougong worker`: does the jobs of all workspaces, beside the web server or on a machine of its own."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from engine.usecases.clock import new_id
from engine.usecases.jobs.worker import Worker
from web.cli.opening import deployment

#: Seconds that the worker beside a server gets for the piece under way.
STOP_WAIT: Final = 10
#: Seconds between two looks whether the server is still there.
LOOK: Final = 1.0


@click.command()
@click.option("--workspace", "slugs", multiple=True, help="Slug of a workspace to serve; all by default.")
@click.option("--beside", type=int, default=0, hidden=True, help="Process id of a server to end with.")
def worker(slugs: tuple[str, ...], beside: int) -> None:
    """Do jobs until Ctrl-C or SIGTERM; the piece under way is finished."""
    made = Worker(deployment(), new_id(), slugs)
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: made.stop())
    if beside:
        threading.Thread(target=_end_with, args=(made, beside), daemon=True).start()
    made.run()


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker of its own process while a server runs: recomputing takes no time from those who wait for a page."""
    arguments = ["-c", "from web.cli import main; main()", "worker", "--beside", str(os.getpid())]
    process = subprocess.Popen([sys.executable, *arguments])  # noqa: S603 - our own program
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_WAIT)
        except subprocess.TimeoutExpired:
            # What it was at is rolled back, and done by the next one.
            process.kill()
            process.wait()


def _end_with(made: Worker, parent: int) -> None:
    """End when the server has gone without saying so."""
    while os.getppid() == parent:
        threading.Event().wait(LOOK)
    made.stop()
