"""A company for tests above the store: its modules, people and a clock, on SQLite or on PostgreSQL.

Its module `plant` (folder `plant/`) has fields of nearly every type, rules, grants by row and field, and a life cycle;
`core` and `cost_center` are the shipped ones.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from engine.definition.model import Module
from engine.definition.read import read_folder
from engine.usecases.clock import new_id
from engine.usecases.deployment import Deployment, Workspace
from engine.usecases.modules.publish import publish_module, shipped_modules
from engine.usecases.people.save import Entry, save_people

PLANT: Final = Path(__file__).parent / "plant"
#: 12:00 in Shanghai.
NOON: Final = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
#: Login → roles.
PEOPLE: Final = {
    "admin": ("administrator",),
    "keeper": ("keeper",),
    "mechanic": ("mechanic",),
    "another": ("mechanic",),
    "auditor": ("auditor",),
    "clerk": (),
    "vice": ("vice_president",),
}
_SLUGS = count()
_RUN: Final = secrets.token_hex(5)


def a_slug() -> str:
    """A name that no other test uses, of this run, of one beside it, or of one that left something on the server."""
    return f"c{_RUN}_{next(_SLUGS)}"


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """A clock that gains a hundredth of a second at each look."""
    ticks = count()
    return lambda: start + next(ticks) * timedelta(milliseconds=10)


@cache
def modules() -> tuple[Module, ...]:
    """The modules that tests use, each after those it requires."""
    shipped = {each.key: each for each in shipped_modules()}
    return shipped["core"], shipped["cost_center"], read_folder(PLANT)


def a_deployment(url: str) -> Deployment:
    """The workspaces behind an address, with the tests' clock."""
    return Deployment(url, clock=ticking(), new_id=new_id)


def a_company(deployment: Deployment, wanted: Iterable[str] = ("core", "cost_center", "plant")) -> Workspace:
    """A workspace with modules and people."""
    workspace = deployment.create(a_slug(), title="滨江建设")
    with workspace.write() as session:
        for module in modules():
            if module.key in wanted:
                publish_module(session, module, by="")
        save_people(session, [Entry(login=login, name=login, roles=roles) for login, roles in PEOPLE.items()])
    return workspace
