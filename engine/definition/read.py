"""Files of a module → `Module`, or every problem in all of them.

Only shape is judged here: text, JSON, the meta-schemas, keys given twice. Whether it can run, `engine.compile` says.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from engine.definition.document.checks import check_document
from engine.definition.folder import ACCEPTED, NOTES, TRANSLATION, kind_of
from engine.definition.model import Json, Module
from engine.definition.nouns.modules import module_from
from engine.definition.text.json_text import parse_json
from engine.definition.text.positions import placed, position
from engine.definition.translations import read_translations
from engine.problems import DefinitionInvalid, Malformed, Problem, nearest, refuse_if_any

#: Bytes of a file. The largest module written by people has files of some 100 kB.
MAX_BYTES: Final = 2_000_000
#: Files of a module; so that nobody reads a whole disk by mistake.
MAX_FILES: Final = 2_000


def read_folder(path: Path) -> Module:
    """The module in a folder; hidden files and links are left alone. Raises `DefinitionInvalid` with every problem."""
    if not path.is_dir():
        raise DefinitionInvalid(Problem("definition.no_folder", "", {"given": path.as_posix()}))
    found = (each for each in path.rglob("*") if each.is_file() and not each.is_symlink())
    inside = ((each.relative_to(path), each) for each in found)
    visible = ((name, each) for name, each in inside if not any(part.startswith(".") for part in name.parts))
    return read({name.as_posix(): _start_of(each) for name, each in islice(visible, MAX_FILES + 1)})


def read(files: Mapping[str, bytes]) -> Module:
    """The module whose files these are, by path inside it. Raises `DefinitionInvalid` with every problem."""
    if len(files) > MAX_FILES:
        raise DefinitionInvalid(Problem("definition.too_many_files", "", {"limit": str(MAX_FILES)}))
    problems = list(_misplaced(files))
    texts: dict[str, str] = {}
    documents: dict[str, Json] = {}
    translations: dict[str, Mapping[str, str]] = {}
    for path in sorted(path for path in files if kind_of(path)):
        with _collecting(problems, path):
            text = texts[path] = _text(files[path])
            if kind_of(path) == TRANSLATION:
                translations[Path(path).stem] = read_translations(text)
            elif kind_of(path) != NOTES:
                document = documents[path] = parse_json(text)
                problems += placed(check_document(document, path), texts)
    refuse_if_any(DefinitionInvalid, problems)
    try:
        return module_from(documents, texts, translations)
    except DefinitionInvalid as refused:
        raise DefinitionInvalid(*placed(refused.problems, texts)) from None


def _misplaced(files: Mapping[str, bytes]) -> Iterator[Problem]:
    if "module.json" not in files:
        yield Problem("definition.missing_file", "", {"given": "module.json"}, file="module.json", line=1, column=1)
    for path in files:
        if not kind_of(path):
            yield Problem(
                "definition.unknown_file", "", {"known": nearest(path, ACCEPTED)}, file=path, line=1, column=1
            )


@contextmanager
def _collecting(problems: list[Problem], path: str) -> Iterator[None]:
    """Adds what is refused inside to the problems, with the file."""
    try:
        yield
    except Malformed as error:
        problems += (msgspec.structs.replace(each, file=path) for each in error.problems)


def _text(data: bytes) -> str:
    """The bytes as UTF-8, or `Malformed`."""
    if len(data) > MAX_BYTES:
        raise Malformed(Problem("definition.file_too_large", "", {"limit": str(MAX_BYTES)}, line=1, column=1))
    if data.startswith(b"\xef\xbb\xbf"):
        raise Malformed(Problem("definition.byte_order_mark", line=1, column=1))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = position(before, len(before))
        given = {"given": f"0x{data[error.start]:02x}"}
        raise Malformed(Problem("definition.not_utf8", "", given, line=line, column=column)) from error


def _start_of(file: Path) -> bytes:
    """The content, but not much more of it than is accepted."""
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
