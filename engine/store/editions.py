"""Published editions: remember one, find those in force, and give them back compiled, with their layouts."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import insert, select, update

from engine.compile.build import compile_module
from engine.compile.model import CompiledModule
from engine.definition.model import Module
from engine.problems import Problem, Unknown
from engine.store.session import Among, Edition, Modules, Session
from engine.store.tables.exact import canonical, digest, parsed
from engine.store.tables.layout import Layout, layout_of
from engine.store.tables.migrate import prepare
from engine.store.tables.registry import load_registry
from engine.store.tables.system_tables import EDITION

_COLUMNS = tuple(EDITION.c[each] for each in Edition.__struct_fields__)


def publish(session: Session, module: CompiledModule, files: Mapping[str, str], *, by: str, note: str = "") -> Edition:
    """Put the module in force as its next edition, with room for its records; the text in force again is a no-op.

    `files` are the canonical texts by path, from which `module` was compiled. Raises as `tables.migrate.prepare`.
    """
    session.alone()
    if present := is_in_force(session, module.key, files):
        return present
    text, known = canonical(files), modules(session)
    made = Edition(
        module=module.key,
        number=max((number for key, number in known.editions if key == module.key), default=0) + 1,
        digest=digest(text),
        in_force=True,
        note=note,
        published_at=session.now,
        published_by=by,
    )
    retire(session, module.key)
    session.connection.execute(insert(EDITION).values(text=text, **msgspec.structs.asdict(made)))
    prepare(session.connection, module)
    return made


def retire(session: Session, module: str) -> None:
    """Leave the module without an edition in force; its records stay what they are."""
    in_force = (EDITION.c.module == module) & EDITION.c.in_force
    session.connection.execute(update(EDITION).where(in_force).values(in_force=False))
    session.renew("modules_stamp")


def modules(session: Session) -> Modules:
    """Every edition, without its text, and where records are kept; from memory while nothing was published."""

    def load() -> Modules:
        rows = session.connection.execute(select(*_COLUMNS).order_by(EDITION.c.module, EDITION.c.number)).mappings()
        return Modules(tuple(Edition(**row) for row in rows), load_registry(session.connection))

    return session.workspace.modules.at(session.company.modules_stamp, load)


def edition(session: Session, module: str, number: int | None = None) -> Edition:
    """An edition by its number, or the one in force; `Unknown` when there is none."""
    known = modules(session)
    found = known.in_force.get(module) if number is None else known.editions.get((module, number))
    if found is None:
        raise Unknown(Problem("module.unknown", params={"given": module}))
    return found


def files(session: Session, edition: Edition) -> Mapping[str, str]:
    """The texts of an edition by path."""
    which = (EDITION.c.module == edition.module) & (EDITION.c.number == edition.number)
    text = session.connection.execute(select(EDITION.c.text).where(which)).scalar_one()
    found: Mapping[str, str] = parsed(text)
    return found


def compiled(session: Session, edition: Edition) -> CompiledModule:
    """The module of an edition, ready to run, among the modules that are in force now."""
    cache = modules(session).compiled
    key = (edition.module, edition.number)
    if key not in cache:
        kept = session.workspace.compiled.get(edition.digest)
        module = kept.module.definition if kept else session.workspace.reader(files(session, edition))
        around = neighbours(session, module)
        if kept is None or not kept.fits(around):
            kept = session.workspace.compiled[edition.digest] = Among(compile_module(module, around), around)
        cache[key] = kept.module
    return cache[key]


def is_in_force(session: Session, module: str, files: Mapping[str, str]) -> Edition | None:
    """The edition in force when its text is this one."""
    present = modules(session).in_force.get(module)
    return present if present and present.digest == digest(canonical(files)) else None


def neighbours(session: Session, module: Module) -> Mapping[str, CompiledModule]:
    """The modules in force that a module requires, as far as they are there."""
    in_force = modules(session).in_force
    return {key: compiled(session, in_force[key]) for key in module.requires if key in in_force}


def layout(session: Session, entity: str, number: int | None = None) -> Layout:
    """Where an edition, or the one in force, keeps the records of `module/entity`; `Unknown` when there is none."""
    module, _, key = entity.partition("/")
    found = edition(session, module, number)
    layouts = modules(session).layouts
    if (entity, found.number) not in layouts:
        definition = compiled(session, found).entities.get(key)
        if definition is None:
            raise Unknown(Problem("entity.unknown", params={"given": entity}))
        layouts[entity, found.number] = layout_of(modules(session).registry, definition, found.number)
    return layouts[entity, found.number]
