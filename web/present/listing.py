"""A list of records: columns, rows, phone cards, quick filters, pager."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from flask import url_for
from flask_babel import format_decimal, ngettext

from engine.compile.model import CompiledEntity, CompiledModule, CompiledView
from engine.fields.field_type import Audience, Storage
from engine.problems import Problem
from engine.runtime.record import Record
from engine.usecases.records.find import Found
from engine.usecases.sight import Sight
from web.present.addresses import address
from web.present.filters import PREFIX, field_at, offered, title_at
from web.present.reading import is_number
from web.present.timeline import moment
from web.present.wording import Wording
from web.words import sentence

#: Columns of a list that no view describes.
COLUMNS: Final = 6
#: Facts on a phone card.
FACTS: Final = 2
SIZES: Final = (20, 50, 100, 200)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the address of a list says."""

    view: str = ""
    text: str = ""
    sort: str = ""
    page: int = 1
    size: int = 50
    #: Name of a quick filter → value; ranges as `amount_from` and `amount_to`.
    filters: Mapping[str, str] = {}

    def url(self, base: str, **changes: Any) -> str:  # noqa: ANN401
        """The address with something changed; back on the first page unless a page is named."""
        changed = msgspec.structs.replace(self, **({"page": 1} | changes))
        query = {
            "view": changed.view,
            "q": changed.text,
            "sort": changed.sort,
            "page": changed.page if changed.page > 1 else "",
            "size": changed.size if changed.size != SIZES[1] else "",
            **{f"{PREFIX}{key}": value for key, value in changed.filters.items()},
        }
        kept = {key: value for key, value in query.items() if value}
        return f"{base}?{urlencode(kept)}" if kept else base


class Listing:
    """Presents the records found for what was asked."""

    def __init__(
        self,
        found: Found,
        view: CompiledView | None,
        asked: Asked,
        *,
        wording: Wording,
        audience: Audience,
        problems: Iterable[Problem] = (),
    ) -> None:
        """`problems` say why what was asked for could not be looked for."""
        self._found, self._view, self._asked = found, view, asked
        self._wording, self._audience, self._problems = wording, audience, problems
        entity = found.entity
        self._base = url_for("lists.show", module=entity.module, entity=entity.key)
        self._columns = (view.definition.columns if view else ()) or default_columns(entity)

    def model(self, views: Sequence[CompiledView], *, may_create: bool) -> dict[str, Any]:
        """Everything `list.html` calls `list`."""
        entity, asked = self._found.entity, self._asked
        title = self._view.definition.title if self._view else entity.definition.title
        new = url_for("records.new", module=entity.module, entity=entity.key) if may_create else None
        offers = self._view.definition.filters if self._view else ()
        filters = list(offered(entity, offers, asked.filters, self._wording))
        sums = list(self._sums())
        totals = [dict(sums).get(path, "") for path in self._columns]
        is_filtered = bool(asked.text or asked.filters)
        return {
            "title": self._wording.label(title),
            "url": self._base if not asked.view else f"{self._base}?view={asked.view}",
            "new_url": new,
            "export_url": None,
            "query": asked.text,
            "view": asked.view,
            "views": list(self._tabs(views)),
            "filters": filters,
            "chips": list(self._chips(filters)),
            "sort": asked.sort,
            "size": asked.size,
            "columns": [self._column(path) for path in self._columns],
            "rows": [self._row(*each) for each in zip(self._found.sights, self._found.colours, strict=True)],
            "totals": totals if any(totals) else None,
            "sums": [
                {"title": title_at(path, field_at(entity, path), self._wording), "text": text, "path": path}
                for path, text in sums
            ],
            "pager": self._pager(),
            "problems": list(self._wrong()),
            "empty": "" if self._found.sights else "filtered" if is_filtered else "no_data",
        }

    def _tabs(self, views: Sequence[CompiledView]) -> Iterator[dict[str, Any]]:
        for view in views:
            url = f"{self._base}?view={view.key}"
            yield {"title": self._wording.label(view.definition.title), "url": url, "is_current": view is self._view}

    def _column(self, path: str) -> dict[str, Any]:
        field = field_at(self._found.entity, path)
        current = self._asked.sort.split(",")[0]
        is_down = current == f"-{path}"
        is_sortable = field is None or field.type.storage not in {Storage.JSON, Storage.TABLE, Storage.COLUMNS}
        directions = {path: "ascending", f"-{path}": "descending"}
        return {
            "key": path,
            "title": title_at(path, field, self._wording),
            "is_number": field is not None and is_number(field),
            "sort_url": self._asked.url(self._base, sort=path if is_down else f"-{path}") if is_sortable else None,
            "direction": directions.get(current, ""),
        }

    def _sums(self) -> Iterator[tuple[str, str]]:
        """What stands at the foot of a column, by path."""
        measures = self._view.definition.totals if self._view else {}
        for path in sorted(self._found.totals, key=[*self._columns, *self._found.totals].index):
            value, field = self._found.totals[path], field_at(self._found.entity, path)
            if measures[path] == "count" or field is None:
                yield path, format_decimal(value)
            elif value is not None:
                yield path, field.type.show(value, self._audience)

    def _row(self, seen: Sight, colour: str) -> dict[str, Any]:
        cells = [self._cell(seen, path) for path in self._columns]
        return {"url": address(seen.record), "colour": colour, "cells": cells, "card": self._card(seen, cells)}

    def _cell(self, seen: Sight, path: str) -> dict[str, Any]:
        record = seen.record
        field = field_at(seen.entity, path)
        if path == "state" and field is None:
            tag = self._wording.status(seen.entity, record.state, record.status)
            return {"kind": "tag", "text": tag.text, "tone": tag.tone} if tag else {"kind": "text", "text": ""}
        if field is None:
            return {"kind": "text", "text": self._system(record, path)}
        if seen.access.of(field.path) == "hidden":
            return {"kind": "text", "text": ""}
        value = value_at(seen.values, path)
        text = "" if value is None else field.type.show(value, self._audience)
        return {"kind": "number" if is_number(field) else "text", "text": text}

    @cached_property
    def _amount(self) -> str:
        """The column that says how much: the first of money, else the first that is measured; "" when none does."""
        fields = {path: field_at(self._found.entity, path) for path in self._columns}
        money = (path for path, field in fields.items() if field and field.type.name == "money")
        measured = (path for path in self._columns if path in self._found.totals)
        return next(chain(money, measured), "")

    def _system(self, record: Record, path: str) -> str:
        value = getattr(record, path)
        if path.endswith("_at"):
            return moment(value, self._audience.zone)
        return self._audience.name("user", value) if path == "created_by" else str(value)

    def _card(self, seen: Sight, cells: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """A phone's view of the row: title, amount, status, and what else fits and is not told yet."""
        record, by_path = seen.record, dict(zip(self._columns, cells, strict=True))
        told = f"{record.title} {record.number}"
        facts = [
            (title_at(path, field_at(seen.entity, path), self._wording), cell["text"])
            for path, cell in by_path.items()
            if cell["kind"] == "text" and cell["text"] not in told
        ]
        return {
            "title": record.title or record.number or record.id,
            "aside": by_path[self._amount]["text"] if self._amount else "",
            "status": self._wording.status(seen.entity, record.state, record.status),
            "facts": facts[:FACTS],
        }

    def _chips(self, filters: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
        for each in filters:
            key = each["name"].removeprefix(PREFIX)
            names = [name for name in (key, f"{key}_from", f"{key}_to") if name in self._asked.filters]
            values = [dict(each["options"]).get(self._asked.filters[name], self._asked.filters[name]) for name in names]
            if names:
                rest = {key: value for key, value in self._asked.filters.items() if key not in names}
                yield {
                    "text": f"{each['title']}: {' – '.join(values)}",
                    "url": self._asked.url(self._base, filters=rest),
                }

    def _wrong(self) -> Iterator[dict[str, Any]]:
        for problem in self._problems:
            field = field_at(self._found.entity, problem.pointer.removeprefix(f"/{PREFIX}"))
            trail = [self._wording.label(field.definition.title)] if field else []
            yield {"message": sentence(problem), "trail": trail, "target": ""}

    def _pager(self) -> dict[str, Any]:
        asked, total = self._asked, self._found.total or 0
        last = max(1, -(-total // asked.size))
        text = ngettext(
            "%(total)s record · page %(page)s of %(last)s",
            "%(total)s records · page %(page)s of %(last)s",
            total,
            total=format_decimal(total),
            page=asked.page,
            last=last,
        )
        return {
            "text": text,
            "first": asked.url(self._base, page=1) if asked.page > 1 else "",
            "previous": asked.url(self._base, page=asked.page - 1) if asked.page > 1 else "",
            "next": asked.url(self._base, page=asked.page + 1) if asked.page < last else "",
            "last": asked.url(self._base, page=last) if asked.page < last else "",
            "sizes": [
                {"size": size, "url": asked.url(self._base, size=size), "is_current": size == asked.size}
                for size in SIZES
            ],
        }


def in_menu_order(module: CompiledModule, entity: CompiledEntity) -> tuple[CompiledView, ...]:
    """The views of an entity: those of the menu first, in its order."""
    place = {entry.view: number for number, entry in enumerate(module.definition.menu)}
    return tuple(sorted(entity.views, key=lambda view: place.get(view.key, len(place))))


def default_columns(entity: CompiledEntity) -> tuple[str, ...]:
    """Columns for a list that no view describes: the number, the first plain fields, the state."""
    plain = [
        key
        for key, each in entity.fields.items()
        if each.type.storage not in {Storage.JSON, Storage.TABLE, Storage.COLUMNS}
    ]
    number = ("number",) if entity.definition.number else ()
    state = ("state",) if entity.workflow else ()
    return (*number, *plain[:COLUMNS], *state)


def value_at(values: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401
    """The value at a dotted path, or None."""
    held: Any = values
    for key in path.split("."):
        held = held.get(key) if isinstance(held, Mapping) else None
    return held
