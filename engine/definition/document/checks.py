"""Everything about the shape of one document: its meta-schema first, then what no meta-schema can say."""

from collections.abc import Iterator
from typing import Final

from engine.definition.document.shape import check_shape
from engine.definition.folder import kind_of, name_of
from engine.definition.model import At, Json
from engine.problems import Problem

#: Kinds of documents whose key names their file.
KEYED: Final = frozenset({"entity", "workflow", "view", "report", "print"})
#: What must differ between the objects of a list.
IDENTITIES: Final = ("key", "const", "id")
#: Behind these keys stand values, in which nothing is ours.
VALUES: Final = frozenset({"values", "default", "const", "enum", "examples", "args", "expect"})


def check_document(document: Json, path: str) -> Iterator[Problem]:
    """Every mistake in the document that stands at `path` in its module."""
    kind = kind_of(path)
    if problems := check_shape(kind, document, path):
        yield from problems
        return
    if kind in KEYED and document["key"] != name_of(path):
        at = At(file=path, pointer="/key")
        yield at.problem("definition.key_is_not_file", given=document["key"], expected=name_of(path))
    yield from _check_inside(document, At(file=path))


def _check_inside(value: Json, at: At) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, each in value.items():
            # Among properties every key is a field's own.
            if key not in VALUES or at.pointer.endswith("/properties"):
                yield from _check_inside(each, at / key)
        if isinstance(value.get("fields"), list) and isinstance(value.get("rows"), list):
            yield from _check_table(value, at)
    elif isinstance(value, list):
        yield from _check_list(value, at)


def _check_list(items: list[Json], at: At) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for number, each in enumerate(items):
        yield from _check_inside(each, at / number)
        for identity in IDENTITIES:
            if isinstance(each, dict) and identity in each:
                mark = identity, repr(each[identity])
                if mark in seen:
                    yield (at / number / identity).problem("definition.duplicate", given=str(each[identity]))
                seen.add(mark)


def _check_table(table: dict[str, Json], at: At) -> Iterator[Problem]:
    """A row of a decision table has no more cells than there are fields."""
    width = len(table["fields"])
    for number, row in enumerate(table["rows"]):
        if isinstance(row, dict) and len(row.get("when", ())) > width:
            yield (at / "rows" / number / "when").problem("definition.too_many", limit=str(width))
