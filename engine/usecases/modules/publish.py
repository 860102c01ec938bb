"""Put a module in force: read, checked as a whole, laid beside what is there, remembered as the next edition."""

import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile

import msgspec

from engine.compile.build import Examined, compile_module, examine
from engine.compile.model import CompiledModule
from engine.definition.bundled import bundled
from engine.definition.model import Module
from engine.definition.read import MAX_FILES, read, read_folder
from engine.definition.write import write
from engine.problems import DefinitionInvalid, Malformed, Problem, refuse_if_any
from engine.store import editions, query
from engine.store.session import Edition, Session, Workspace
from engine.store.tables.plan import layouts_to_be
from engine.usecases.actor import Actor, administrator
from engine.usecases.modules.advice import advice
from engine.usecases.settling.anew import make_anew
from engine.usecases.settling.in_force import rollups_among, rollups_in_force

#: Bytes of all files of a module, unpacked; so that a small file cannot fill the memory.
MAX_UNPACKED: Final = 20_000_000


def publish(workspace: Workspace, actor: Actor | None, files: Mapping[str, bytes], *, note: str = "") -> Edition:
    """The module as the next edition; the same text again changes nothing. `DefinitionInvalid` with every problem.

    Without an actor it is the operator at the command line.
    """
    module = read(files)
    with workspace.write(actor.company if actor else None) as session:
        by = administrator(session, actor).login if actor else ""
        return publish_module(session, module, by=by, note=note)


def publish_module(session: Session, module: Module, *, by: str, note: str = "") -> Edition:
    """The same within a transaction: whoever requires the module must still fit it."""
    texts = write(module)
    if present := editions.is_in_force(session, module.key, texts):
        return present
    _check_circle(session, module)
    compiled = compile_module(module, editions.neighbours(session, module))
    rollups = rollups_in_force(session)
    edition = editions.publish(session, compiled, texts, by=by, note=note)
    _check_dependants(session)
    refuse_if_any(DefinitionInvalid, rollups_among(session)[1])
    make_anew(session, rollups)
    return edition


def unpacked(archive: bytes) -> Mapping[str, bytes]:
    """The files of a zipped module folder, whether it was zipped with its outermost folder or without."""
    try:
        with ZipFile(BytesIO(archive)) as opened:
            listed = [each for each in opened.infolist() if not each.is_dir()]
            if len(listed) > MAX_FILES or sum(each.file_size for each in listed) > MAX_UNPACKED:
                raise Malformed(Problem("bundle.too_large"))
            files = {each.filename.replace("\\", "/"): opened.read(each) for each in listed}
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Malformed(Problem("bundle.not_zip")) from error
    roots = [PurePosixPath(path).parent for path in files if PurePosixPath(path).name == "module.json"]
    root = min(roots, key=lambda each: len(each.parts), default=PurePosixPath())
    inside = {PurePosixPath(path): content for path, content in files.items()}
    return {path.relative_to(root).as_posix(): each for path, each in inside.items() if path.is_relative_to(root)}


def publish_folder(workspace: Workspace, folder: Path, *, note: str = "") -> Edition:
    """Publish the module in a folder, as the operator at the command line."""
    module = read_folder(folder)
    with workspace.write() as session:
        return publish_module(session, module, by="", note=note)


def check_folder(folder: Path) -> Examined:
    """Examine the module in a folder among the shipped ones. `DefinitionInvalid` when it cannot even be read."""
    module = read_folder(folder)
    around: dict[str, CompiledModule] = {}
    for shipped in shipped_modules():
        if shipped.key != module.key and (compiled := examine(shipped, around).module):
            around[shipped.key] = compiled
    examined = examine(module, around)
    if examined.module is None:
        return examined
    layouts = layouts_to_be([*around.values(), examined.module])
    return msgspec.structs.replace(examined, notes=(*examined.notes, *advice(layouts, examined.module)))


def advice_on(workspace: Workspace, key: str) -> tuple[Problem, ...]:
    """What could be better about the module in force."""
    with workspace.read() as session:
        return advice(query.layouts(session), editions.compiled(session, editions.edition(session, key)))


def installed(workspace: Workspace) -> tuple[Edition, ...]:
    """The editions in force."""
    with workspace.read() as session:
        return tuple(editions.modules(session).in_force.values())


def export(workspace: Workspace, key: str) -> Module:
    """The module in force, as its author wrote it."""
    with workspace.read() as session:
        return editions.compiled(session, editions.edition(session, key)).definition


def shipped_modules() -> tuple[Module, ...]:
    """The modules that come with this version, each after those it requires."""
    folders = sorted(each.parent for each in bundled("modules").glob("*/module.json"))
    return required_first(map(read_folder, folders))


def required_first(modules: Iterable[Module]) -> tuple[Module, ...]:
    """The modules, each after those of them that it requires."""
    found = {module.key: module for module in modules}
    ordered: dict[str, Module] = {}

    def place(key: str) -> None:
        for required in found[key].requires:
            if required in found and required not in ordered:
                place(required)
        ordered[key] = found[key]

    for key in found:
        place(key)
    return tuple(ordered.values())


def roll_back(workspace: Workspace, actor: Actor | None, module: str, number: int) -> Edition:
    """Publish an older edition's text again, as the newest."""
    with workspace.write(actor.company if actor else None) as session:
        by = administrator(session, actor).login if actor else ""
        texts = editions.files(session, editions.edition(session, module, number))
        older = read({path: text.encode() for path, text in texts.items()})
        return publish_module(session, older, by=by, note=f"= {number}")


def _check_circle(session: Session, module: Module) -> None:
    """Modules may not require each other in a circle."""
    waiting, seen = list(module.requires), set[str]()
    present = editions.modules(session).in_force
    while waiting:
        key = waiting.pop()
        if key == module.key:
            raise DefinitionInvalid(module.at.problem("module.circular", given=module.key))
        if key in present and key not in seen:
            seen.add(key)
            waiting.extend(editions.compiled(session, present[key]).definition.requires)


def _check_dependants(session: Session) -> None:
    """Compile every module in force: what they name in this one must still be there."""
    for edition in editions.modules(session).in_force.values():
        editions.compiled(session, edition)
