"""Trace → what is shown of it: labels for keys, values as their fields show them, nothing that says nothing. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final, Literal, TypeAlias

import msgspec
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.date import day_pattern
from engine.fields.field_type import Audience, Storage
from engine.formula.explain import Trace
from engine.formula.library.reference import localised
from engine.formula.tree import Kind, Value
from engine.formula.typed import Read
from engine.problems import Problem
from engine.runtime.access import Access
from engine.runtime.record import Record
from engine.usecases.records.explain import Explained
from engine.usecases.settling.sources import Sources

#: Items of a column that are shown one by one.
ROWS: Final = 20
#: Decimals of a number that comes out in between; more of them end in "…".
DECIMALS: Final = 10
_PRECISE: Final = Context(prec=200, rounding=ROUND_HALF_UP)


#: Whether there is a value, and else why there is none to be shown.
State: TypeAlias = Literal["value", "blank", "hidden", "unused", "failed"]


class Piece(msgspec.Struct, frozen=True):
    """A piece of a formula: with functions in the reader's words, or a field's label with its key."""

    text: str
    key: str = ""
    #: The text as it stands in the formula, where that is another one.
    written: str = ""


class Row(msgspec.Struct, frozen=True):
    """One of the values that were added up, counted or compared: of a line, or of another record."""

    #: Which one: the number of the line, or the record's number.
    number: str
    title: str
    value: str
    #: Where it can be explained in turn; "" when it is not computed.
    place: str = ""
    #: The other record whose it is.
    record: Record | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a formula with what came of it."""

    pieces: tuple[Piece, ...]
    state: State
    value: str = ""
    problem: Problem | None = None
    place: str = ""
    rows: tuple[Row, ...] = ()
    #: How many rows are not listed.
    more: int = 0
    #: How many rows the reader may not see.
    unseen: int = 0
    parts: tuple["Part", ...] = ()

    @property
    def text(self) -> str:
        """With labels."""
        return "".join(each.text for each in self.pieces)

    @property
    def code(self) -> str:
        """With keys, as it was written."""
        return "".join(each.key or each.written or each.text for each in self.pieces)


def tree_of(found: Explained, audience: Audience) -> Part | None:
    """The whole formula, or the rows of a rollup; None for what is typed.

    What a formula gives is shown as its field shows it, unless it still has to be rounded.
    """
    if found.sources is not None:
        return _rollup(found, found.sources, audience)
    trace = found.trace
    if trace is None:
        return None
    whole = _Telling(found, trace, audience).part(trace)
    is_kept = whole.state == "value" and not whole.rows and _as_kept(trace.value, found.field) == found.result
    return msgspec.structs.replace(whole, value=found.field.type.show(found.result, audience)) if is_kept else whole


def _rollup(found: Explained, sources: Sources, audience: Audience) -> Part:
    rollup, entity = sources.rollup, sources.entity
    titles, fields = [audience.label(entity.definition.title)], entity.fields
    for key in (*rollup.lines, *rollup.path):
        titles.append(audience.label(fields[key].definition.title) or key)
        fields = fields[key].fields
    named = Piece(".".join(titles), ".".join((entity.name, *rollup.lines, *rollup.path)))
    rows = tuple(
        Row(
            number=each.record.number,
            title=each.record.title if each.record.title != each.record.number else "",
            value=found.field.type.show(each.value, audience) if rollup.path else "",
            record=each.record,
        )
        for each in sources.listed
    )
    return Part(
        pieces=(_said(f"{rollup.measure.upper()}(", audience), named, Piece(")")),
        state="blank" if found.value is None else "value",
        value="" if found.value is None else found.field.type.show(found.value, audience),
        rows=rows,
        more=sources.more,
        unseen=sources.unseen,
    )


def _said(written: str, audience: Audience) -> Piece:
    """What stands between the names of a formula."""
    return Piece(localised(written), written=written) if audience.is_chinese else Piece(written)


class _Telling:
    """One walk over a trace."""

    def __init__(self, found: Explained, whole: Trace, audience: Audience) -> None:
        self._found, self._audience = found, audience
        #: (start, end) of each name in the formula → its label.
        self._labels = {(each.start, each.start + len(each.text)): self._label(each) for each in _walk(whole)}
        #: Ids that the formula reads → what they are shown as, for parts that give one of them.
        self._known: dict[str, str] = {}
        for each in _walk(whole):
            if each.read is not None and isinstance(each.value, str) and each.type.kind is Kind.REFERENCE:
                self._known[each.value] = self._shown_at(each.read, each.value)

    def part(self, trace: Trace) -> Part:
        if trace.is_unused:
            return Part(pieces=self._pieces(trace), state="hidden" if trace.is_hidden else "unused")
        parts = tuple(self.part(each) for each in _told_parts(trace))
        made = Part(pieces=self._pieces(trace), state=_state(trace, parts), problem=trace.problem)
        if made.state != "value":
            return msgspec.structs.replace(made, parts=parts)
        if trace.read is not None and isinstance(trace.value, tuple):
            return msgspec.structs.replace(made, **self._listed(trace.read, trace.value))
        shown, place = self._shown(trace), self._place(trace.read) if trace.read else ""
        return msgspec.structs.replace(made, value=shown, place=place, parts=parts)

    def _pieces(self, trace: Trace) -> tuple[Piece, ...]:
        """The part's text, cut where names stand in it; of a column that is only meant, its own name."""
        if trace.read is not None and not trace.is_hidden and _is_meant(trace.read, trace.text):
            return (Piece(self._label(trace, is_whole=True), ".".join(trace.read.parts)),)
        pieces: list[Piece] = []
        at, text = 0, trace.text
        for (start, end), label in sorted(self._labels.items()):
            begin, stop = start - trace.start, end - trace.start
            if label and at <= begin and stop <= len(text):
                pieces += [_said(text[at:begin], self._audience), Piece(label, text[begin:stop])]
                at = stop
        return tuple(each for each in (*pieces, _said(text[at:], self._audience)) if each.text)

    def _label(self, trace: Trace, *, is_whole: bool = False) -> str:
        """The label of a name, from the fields along it; "" for what is no name, is hidden or has no label.

        That of what stands in the formula, or of the whole path when more was meant.
        """
        if trace.read is None or trace.is_hidden:
            return ""
        path, along = self._found.path_of(trace.read), self._found.along[self._found.path_of(trace.read)]
        if not along:
            return ""
        written = path[len(path) - len(trace.read.parts) :]
        if _is_meant(trace.read, trace.text) and not is_whole:
            path, along, written = path[:-1], along[: len(path) - 1], written[:-1]
        titles = [self._audience.label(each.definition.title) for each in along]
        whole = [title or key for title, key in zip(titles, path, strict=False)] + list(path[len(along) :])
        return ".".join(whole[-len(written) :])

    def _shown(self, trace: Trace) -> str:
        """A single value, or the list that a function gives."""
        if isinstance(trace.value, tuple):
            return ", ".join(self._single(each) for each in trace.value[:ROWS]) + (
                "…" if len(trace.value) > ROWS else ""
            )
        return self._shown_at(trace.read, trace.value) if trace.read else self._single(trace.value)

    def _shown_at(self, read: Read, value: Value) -> str:
        """A value as the field that it was read from shows it."""
        field = self._found.field_of(read)
        if value is None:
            return ""
        if field is not None and field.type.storage not in {Storage.TABLE, Storage.COLUMNS}:
            raw = _as_kept(value, field)
            is_list = not isinstance(value, tuple) and field.type.storage is Storage.JSON and field.type.name != "json"
            return field.type.show([raw] if is_list else raw, self._audience)
        if read.parts[-1] == "created_by" and field is None:
            return self._audience.name("user", str(value))
        return self._single(value)

    def _single(self, value: Value) -> str:
        """A value that belongs to no field."""
        locale = self._audience.locale
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, Decimal):
            return _number(value, locale)
        if isinstance(value, datetime):
            pattern = f"{day_pattern(self._audience)} HH:mm"
            return format_datetime(value.astimezone(self._audience.zone), pattern, locale=locale)
        if isinstance(value, date):
            return format_date(value, day_pattern(self._audience), locale)
        return "…" if isinstance(value, Mapping) else self._known.get(str(value), str(value or ""))

    def _place(self, read: Read) -> str:
        """Where the value that was read is computed itself; "" when it is not, or stands in another record."""
        path, field = self._found.path_of(read), self._found.field_of(read)
        if field is None or not is_explained(field) or field.path != path:
            return ""
        around = self._found.place.split(".")[:-1] if read.found.in_line else []
        return ".".join((*around, *read.parts))

    def _listed(self, read: Read, values: Sequence[Value]) -> dict[str, Any]:
        """The rows of a column; several choices of one field stand in one line."""
        path, field = self._found.path_of(read), self._found.field_of(read)
        lines = self._lines(path)
        if lines is None or field is None or len(lines) != len(values):
            return {
                "value": ", ".join(self._shown_at(read, each) for each in values[:ROWS]),
                "more": max(0, len(values) - ROWS),
            }
        titled = _title_field(self._found.sight.entity.fields[path[0]], self._found.sight.access)
        computed = field.formula is not None and field.path == path
        rows = [
            Row(
                number=str(number),
                title=titled.type.show(line[titled.key], self._audience) if titled and titled.key in line else "",
                value=self._shown_at(read, value) if len(path) > 1 else "",
                place=f"{path[0]}.{number - 1}.{path[1]}" if computed else "",
            )
            for number, (line, value) in enumerate(zip(lines[:ROWS], values[:ROWS], strict=True), start=1)
        ]
        return {"rows": tuple(rows), "more": len(values) - len(rows)}

    def _lines(self, path: tuple[str, ...]) -> Sequence[Mapping[str, Json]] | None:
        """The record's own line items, when these or a column of them are read."""
        fields = self._found.sight.entity.fields
        if len(path) > 2 or path[0] not in fields or fields[path[0]].type.storage is not Storage.TABLE:  # noqa: PLR2004
            return None
        lines: Sequence[Mapping[str, Json]] = self._found.sight.values.get(path[0]) or ()
        return lines


def is_explained(field: CompiledField) -> bool:
    """Whether there is something to tell about how its value comes about."""
    return field.is_computed and not field.type.automatic


def _is_meant(read: Read, text: str) -> bool:
    """Whether it is a column that TIER reads of a table that stands in the formula."""
    return ".".join(read.parts) != text


def _walk(trace: Trace) -> Iterator[Trace]:
    yield trace
    for part in trace.parts:
        yield from _walk(part)


def _told_parts(trace: Trace) -> Iterator[Trace]:
    """The parts that say something: no constants, and of `a <> b` not that it is made of `a = b`."""
    for part in trace.parts:
        if (part.start, part.text) == (trace.start, trace.text):
            yield from _told_parts(part)
        elif not part.is_constant:
            yield part


def _state(trace: Trace, parts: Iterable[Part]) -> State:
    if trace.is_hidden:
        return "hidden"
    if trace.problem is not None or any(each.state == "failed" for each in parts):
        return "failed"
    return "blank" if trace.value in (None, "", ()) else "value"


def _title_field(lines: CompiledField, access: Access) -> CompiledField | None:
    """What tells the lines apart: the first column that is text, a choice or a reference."""
    telling = {"text", "choice", "reference"}
    return next(
        (each for each in lines.fields.values() if each.type.name in telling and access.of(each.path) != "hidden"), None
    )


def _as_kept(value: Value, field: CompiledField) -> Json:
    """A value that was calculated with, as records keep it."""
    match value:
        case Decimal() if field.type.storage is Storage.INTEGER:
            return int(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return [_as_kept(each, field) for each in value]
    return value


def _number(number: Decimal, locale: str) -> str:
    """Grouped; cut after some decimals, with a mark that there are more."""
    short = number.quantize(Decimal(1).scaleb(-DECIMALS), context=_PRECISE)
    if short == number:
        return format_decimal(number, locale=locale, decimal_quantization=False)
    return format_decimal(short.normalize(_PRECISE), locale=locale, decimal_quantization=False) + "…"
