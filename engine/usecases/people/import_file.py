"""Take people from a file: who they are, their departments and who heads them; all of them, or with every mistake none.

Who is there already is changed where the file says something; nobody is removed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import Final, NamedTuple

import msgspec

from engine.definition.model import Json
from engine.definition.text.json_text import parse_json
from engine.definition.text.positions import locate
from engine.exchange.tables import Row, read_csv, read_xlsx
from engine.problems import Invalid, Malformed, Problem, Refused, nearest, refuse_if_any
from engine.runtime.canonical import digest
from engine.runtime.organisation import Department, Organisation
from engine.store.people import directory
from engine.store.session import Workspace
from engine.usecases.people.save import KEY, Entry, department_mistakes, entry_of, keep_an_administrator, save_people

#: What a column may be called → what it says.
COLUMNS: Final[Mapping[str, str]] = {
    "login": "login", "登录名": "login", "账号": "login",
    "name": "name", "姓名": "name",
    "department": "department", "部门": "department",
    "manager": "manager", "上级": "manager", "主管": "manager",
    "roles": "roles", "角色": "roles",
    "head_of": "head_of", "负责部门": "head_of",
}  # fmt: skip
#: What a .json file can say of a department.
DEPARTMENT: Final = ("key", "name", "parent", "head")
#: What may stand between several roles, or departments, in one cell.
_BETWEEN: Final = str.maketrans(dict.fromkeys(",;，；、\n", " "))


class Imported(NamedTuple):
    """How many there were in the file."""

    people: int
    departments: int


class _File(NamedTuple):
    """What a file says of people, and of departments beside those that people name."""

    people: tuple[Row, ...]
    departments: tuple[Row, ...] = ()


def import_people(workspace: Workspace, content: bytes, name: str) -> Imported:
    """Take everybody in the file, whose name says what it is: .xlsx, .csv or .json."""
    with _in_file(name):
        file = _read(content, PurePath(name).suffix.lower())
        with workspace.write() as session:
            known = directory.organisation(session)
            units = _Units(known, file)
            directory.save_departments(session, units.all.values())
            keep_an_administrator(known, save_people(session, _entries(file, known, units)))
            known = directory.organisation(session)
            refuse_if_any(Invalid, (each for unit in units.headed() for each in department_mistakes(unit, known)))
            directory.save_departments(session, units.headed())
    return Imported(len(file.people), len(units.named))


@contextmanager
def _in_file(name: str) -> Iterator[None]:
    """Whatever is refused inside stands in the file of this name."""
    try:
        yield
    except Refused as refusal:
        placed = (msgspec.structs.replace(each, file=name, line=each.line or 1, column=1) for each in refusal.problems)
        raise type(refusal)(*placed) from None


def _read(content: bytes, suffix: str) -> _File:
    if suffix == ".json":
        return _from_json(content)
    if suffix not in {".csv", ".xlsx"}:
        raise Malformed(Problem("table.kind", "", {"given": suffix, "known": ".xlsx, .csv, .json"}))
    return _File(_columns(read_csv(content) if suffix == ".csv" else read_xlsx(content)))


def _columns(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows by our names of their columns."""
    given = dict.fromkeys(column for row in rows for column in row.cells)
    unknown = [each for each in given if each.lower() not in COLUMNS]
    refuse_if_any(Invalid, (_unknown_column(each, COLUMNS) for each in unknown))
    return tuple(Row(row.line, {COLUMNS[key.lower()]: text for key, text in row.cells.items()}) for row in rows)


def _unknown_column(given: str, known: Mapping[str, str] | tuple[str, ...], line: int = 1) -> Problem:
    return Problem("table.column", "", {"given": given, "known": nearest(given, known)}, line=line)


def _from_json(content: bytes) -> _File:
    """A list of people, or an object with lists of `people` and `departments`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(Problem("json.not_utf8", "", {"given": str(error.start)})) from error
    document = parse_json(text)
    if isinstance(document, list):
        return _File(tuple(_objects(document, "", text, tuple(COLUMNS.values()))))
    if not isinstance(document, Mapping):
        raise Invalid(Problem("field.object"))
    refuse_if_any(Invalid, (_unknown_column(each, _File._fields) for each in document if each not in _File._fields))
    found = tuple(_objects(document.get("people", []), "/people", text, tuple(COLUMNS.values())))
    return _File(found, tuple(_objects(document.get("departments", []), "/departments", text, DEPARTMENT)))


def _objects(listed: Json, pointer: str, text: str, known: tuple[str, ...]) -> Iterator[Row]:
    """The objects of a list as rows; a list of texts in one becomes one text with blanks."""
    if not isinstance(listed, list):
        raise Invalid(Problem("field.list", pointer, {"given": str(listed)[:40]}, line=locate(text, pointer).line))
    for place, each in enumerate(listed):
        here = f"{pointer}/{place}"
        line = locate(text, here).line
        if not isinstance(each, Mapping):
            raise Invalid(Problem("field.object", here, line=line))
        refuse_if_any(Invalid, (_unknown_column(key, known, line) for key in each if key not in known))
        cells = {key: " ".join(value) if _is_texts(value) else value for key, value in each.items() if value}
        wrong = (key for key, value in cells.items() if not isinstance(value, str))
        refuse_if_any(
            Invalid,
            (Problem("field.text", f"{here}/{key}", {"given": str(each[key])[:40]}, line=line) for key in wrong),
        )
        yield Row(line, cells)


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


class _Units:
    """The departments after the file; one that is only named by somebody is made, too."""

    def __init__(self, known: Organisation, file: _File) -> None:
        self.all = dict(known.departments)
        self._keys = {each.name: each.key for each in known.departments.values()}
        #: Keys of those that the file names.
        self.named: dict[str, None] = {}
        self._heads: dict[str, str] = {}
        for row in file.departments:
            said = {key: row.cells[key] for key in ("name", "parent") if key in row.cells}
            key = row.cells.get("key", "")
            self.all[key] = msgspec.structs.replace(self.all.get(key, Department(key=key, name=key)), **said)
            self._keys[self.all[key].name] = key
            self.named[key] = None
            if head := row.cells.get("head"):
                self._heads[key] = head
        for row in file.people:
            for each in row.cells.get("head_of", "").translate(_BETWEEN).split():
                self._heads[self.key(each)] = row.cells.get("login", "")
            self.key(row.cells.get("department", ""))

    def key(self, written: str) -> str:
        """The key of the department that somebody names by key or by name."""
        if not written:
            return ""
        key = written if written in self.all else self._keys.get(written, "")
        if not key:
            key = written if KEY.fullmatch(written) else f"d_{digest(written)[:8]}"
            self.all[key] = Department(key=key, name=written)
            self._keys[written] = key
        self.named[key] = None
        return key

    def headed(self) -> list[Department]:
        """Those that the file names, with their heads."""
        return [
            msgspec.structs.replace(self.all[key], head=self._heads.get(key, self.all[key].head)) for key in self.named
        ]


def _entries(file: _File, known: Organisation, units: _Units) -> list[Entry]:
    logins = [row.cells.get("login", "") for row in file.people]
    twice = [row for place, row in enumerate(file.people) if logins[place] in logins[:place] and logins[place]]
    refuse_if_any(
        Invalid, (Problem("person.twice", "/login", {"given": row.cells["login"]}, line=row.line) for row in twice)
    )
    return [_entry(row, known, units) for row in file.people]


def _entry(row: Row, known: Organisation, units: _Units) -> Entry:
    """Who is there already, or somebody new, with what the row says."""
    login = row.cells.get("login", "")
    present = known.people.get(login)
    said: dict[str, Json] = {key: row.cells[key] for key in ("name", "manager") if key in row.cells}
    if "department" in row.cells:
        said["department"] = units.key(row.cells["department"])
    if "roles" in row.cells:
        said["roles"] = tuple(row.cells["roles"].translate(_BETWEEN).split())
    entry = entry_of(present) if present else Entry(login=login, name="")
    return msgspec.structs.replace(entry, line=row.line, **said)
