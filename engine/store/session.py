"""One company's workspace in this process, and a session: one transaction on its database, at one moment.

What a process keeps in memory — compiled modules, layouts, the people — is right as long as a stamp in the workspace's
one row is the same. That row comes along with the query that says who is asking, so looking costs no statement.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from typing import Final, Generic, Literal, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, insert, select, update

from engine.compile.formulas.rollups import Rollups
from engine.compile.model import CompiledModule
from engine.definition.model import Module
from engine.runtime.organisation import Organisation
from engine.store.database import reading, writing
from engine.store.tables.layout import Layout
from engine.store.tables.registry import Registry
from engine.store.tables.system_tables import WORKSPACE

T = TypeVar("T")


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """The workspace's one row."""

    title: str
    #: IANA time zone, for TODAY() and for people's eyes.
    zone: str
    #: Base language of the company: "zh_CN" or "en".
    language: str
    modules_stamp: str
    people_stamp: str


#: The workspace's row, labelled so that it can come along with any query.
COMPANY: Final[tuple[ColumnElement[str], ...]] = tuple(
    WORKSPACE.c[each].label(f"company_{each}") for each in Company.__struct_fields__
)


def company_of(row: RowMapping) -> Company:
    """The company in a row that has the `COMPANY` columns."""
    return Company(**{each: row[f"company_{each}"] for each in Company.__struct_fields__})


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One published, immutable, numbered text of a module."""

    module: str
    number: int
    digest: str
    in_force: bool
    note: str
    published_at: datetime
    published_by: str


class Among(msgspec.Struct, frozen=True):
    """A compiled module, and the modules it was compiled among."""

    module: CompiledModule
    around: Mapping[str, CompiledModule]

    def fits(self, around: Mapping[str, CompiledModule]) -> bool:
        """Whether these are the same, so that it need not be compiled again."""
        return self.around.keys() == around.keys() and all(self.around[key] is each for key, each in around.items())


class Modules:
    """What is known about the published modules under one stamp; what is compiled is added as it is asked for."""

    def __init__(self, editions: tuple[Edition, ...], registry: Registry) -> None:
        """Every edition, and where their records are kept."""
        self.editions = {(each.module, each.number): each for each in editions}
        self.in_force = {each.module: each for each in editions if each.in_force}
        self.registry = registry
        #: (module, edition) → compiled against the modules in force.
        self.compiled: dict[tuple[str, int], CompiledModule] = {}
        #: ("module/entity", edition) → layout.
        self.layouts: dict[tuple[str, int], Layout] = {}
        #: Those between the entities in force, once somebody has asked for them.
        self.rollups: Rollups | None = None


class Kept(Generic[T]):
    """The newest value of something that changes with a stamp."""

    def __init__(self) -> None:
        self._held: tuple[str, T] | None = None

    def at(self, stamp: str, load: Callable[[], T]) -> T:
        """The value at this stamp; loaded when another one, or none, is held."""
        held = self._held
        if held is None or held[0] != stamp:
            held = self._held = (stamp, load())
        return held[1]


class Workspace:
    """One company, as this process knows it; its threads share it."""

    def __init__(
        self,
        slug: str,
        database: Engine,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        reader: Callable[[Mapping[str, str]], Module],
    ) -> None:
        """`reader` reads the files of a published edition."""
        self.slug = slug
        self.database = database
        self.clock = clock
        self.new_id = new_id
        self.reader = reader
        #: Digest of an edition's text → the module compiled; holds while what it requires is the same.
        self.compiled: dict[str, Among] = {}
        self.modules: Kept[Modules] = Kept()
        self.organisation: Kept[Organisation] = Kept()

    def at(self, moment: datetime) -> "Workspace":
        """The same workspace, whose clock stands at this moment."""
        other = copy(self)
        other.clock = lambda: moment
        return other

    @contextmanager
    def read(self, company: Company | None = None) -> Iterator["Session"]:
        """A session that only reads; `company`, when another session has just seen it, saves a statement."""
        with reading(self.database) as connection:
            yield Session(self, connection, company)

    @contextmanager
    def write(self, company: Company | None = None) -> Iterator["Session"]:
        """A session whose changes are all kept when the block ends, and none when an error leaves it."""
        with writing(self.database) as connection:
            yield Session(self, connection, company)


class Session:
    """One transaction, at one moment."""

    def __init__(self, workspace: Workspace, connection: Connection, company: Company | None = None) -> None:
        self.workspace = workspace
        self.connection = connection
        #: Aware, UTC; taken once.
        self.now = workspace.clock().astimezone(UTC)
        self._company = company

    def new_id(self) -> str:
        """An id that nothing has yet; later ones sort after earlier ones."""
        return self.workspace.new_id()

    @property
    def company(self) -> Company:
        """The workspace's row; asked for when no query has brought it along."""
        if self._company is None:
            self._company = company_of(self.connection.execute(select(*COMPANY)).mappings().one())
        return self._company

    @company.setter
    def company(self, company: Company) -> None:
        self._company = company

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A part of the session that can be refused without the rest: what it has changed is undone on an error."""
        with self.connection.begin_nested():
            yield

    def found(self, *, title: str, zone: str, language: str) -> None:
        """Write the row of a workspace that has just been created."""
        self.company = Company(
            title=title, zone=zone, language=language, modules_stamp=self.new_id(), people_stamp=self.new_id()
        )
        self.connection.execute(insert(WORKSPACE).values(msgspec.structs.asdict(self.company)))

    def change_company(self, *, title: str, zone: str, language: str) -> None:
        """Change what the company is called, and where and in which language it works."""
        self._update({"title": title, "zone": zone, "language": language})

    def alone(self) -> None:
        """Wait for every session that changes modules or people, see what it did, and let later ones wait."""
        self.company = company_of(self.connection.execute(select(*COMPANY).with_for_update()).mappings().one())

    def renew(self, stamp: Literal["modules_stamp", "people_stamp"]) -> None:
        """Say that the modules, or the people, have changed."""
        self._update({stamp: self.new_id()})

    def _update(self, values: Mapping[str, str]) -> None:
        row = self.connection.execute(update(WORKSPACE).values(values).returning(*COMPANY)).mappings().one()
        self.company = company_of(row)
