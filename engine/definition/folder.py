"""What stands where in a module's folder."""

import re
from typing import Final

#: Folder → kind of the JSON documents in it.
FOLDERS: Final = {
    "entities": "entity",
    "workflows": "workflow",
    "views": "view",
    "reports": "report",
    "prints": "print",
    "scenarios": "scenario",
    "samples": "samples",
}
#: File in the folder itself → its kind.
FILES: Final = {"module.json": "module", "permissions.json": "permissions"}

#: What `kind_of` answers for a file that is kept as text.
NOTES, TRANSLATION = "notes", "translation"

#: What a refused file could have been, as its sentence lists it.
ACCEPTED: Final = (*FILES, *(f"{folder}/<key>.json" for folder in FOLDERS), "translations/<locale>.po", "README.md")

_DOCUMENT: Final = re.compile(r"([a-z]+)/[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?\.json")
_TRANSLATION: Final = re.compile(r"translations/[a-z]{2,3}(?:_[A-Z][A-Za-z]+)?\.po")
_NOTES: Final = re.compile(r"[A-Z][A-Z_]*\.md")


def kind_of(path: str) -> str:
    """The kind of the file at a path inside the module, or "" when nothing belongs there."""
    if path in FILES:
        return FILES[path]
    if found := _DOCUMENT.fullmatch(path):
        return FOLDERS.get(found.group(1), "")
    if _TRANSLATION.fullmatch(path):
        return TRANSLATION
    return NOTES if _NOTES.fullmatch(path) else ""


def name_of(path: str) -> str:
    """The key a document at this path must have, or the locale of a translation."""
    return path.rpartition("/")[2].rpartition(".")[0]
