"""The form of one record: sections to draw, raw values to submit, and places for what the engine finds wrong."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
from wtforms.meta import DefaultMeta

from engine.compile.model import CompiledEntity, CompiledField
from engine.definition.model import Json
from engine.fields.field_type import Audience
from engine.problems import Problem
from web.forms.inputs import Cell, Posted
from web.forms.labelling import Labelled, labelled
from web.forms.nested import Parts, Unbound

Fresh: TypeAlias = Callable[[CompiledField], Mapping[str, Json]]


class Complaint(msgspec.Struct, frozen=True):
    """A line of the summary above a form that was refused."""

    message: str
    #: Labels from the form down to the field; empty when the form as a whole is meant.
    trail: tuple[str, ...] = ()
    #: Id of the element to go to; "" when nothing on the page is meant.
    target: str = ""


class FormSection(msgspec.Struct, frozen=True):
    """A part of the form; an untitled one holds what the layout does not name."""

    title: str
    columns: int
    fields: tuple[Cell, ...]


class _Meta(DefaultMeta):  # type: ignore[misc] # WTForms is untyped
    # The application guards every post with one token; a record may have a field of any name.
    csrf = False
    # Messages come from the engine.
    locales = False

    def __init__(self, audience: Audience, fresh: Fresh) -> None:
        self.audience, self.fresh = audience, fresh


class RecordForm(Parts):
    """Made by `form_class` for one entity and the rights of one person."""

    entity: ClassVar[CompiledEntity]
    unbound: ClassVar[Unbound]
    #: Paths of everything that this person may see.
    paths: ClassVar[frozenset[tuple[str, ...]]]

    def __init__(
        self,
        formdata: Posted = None,
        *,
        values: Mapping[str, Json] | None = None,
        audience: Audience | None = None,
        fresh: Fresh = lambda _lines: {},
    ) -> None:
        """`formdata` as posted, `values` as kept; a field that was not posted shows the kept value.

        `fresh` says what a new line of line items starts with. Raises `TooLarge` when more lines are posted than the
        definition ever accepts.
        """
        audience = audience or Audience(locale="en", zone=ZoneInfo("UTC"))
        super().__init__(self.unbound, meta=_Meta(audience, fresh))
        self.summary: list[Complaint] = []
        self.process(formdata, data=values or {})

    @property
    def sections(self) -> tuple[FormSection, ...]:
        """Sections in the order of the layout, without those that are empty for this person."""
        label = self.meta.audience.label
        named = [
            FormSection(label(part.title), part.columns, tuple(self[key] for key in part.fields if key in self))
            for part in self.entity.layout
        ]
        placed = {key for part in self.entity.layout for key in part.fields}
        rest = tuple(field for key, field in self._fields.items() if key not in placed)
        return tuple(part for part in (*named, FormSection("", 2, rest)) if part.fields)

    def raw_values(self) -> dict[str, Json]:
        """What was sent of what may be changed, as raw JSON for the engine; blank is None."""
        return self.raw()

    def place(self, problems: Iterable[Problem], say: Callable[[Problem], str] = lambda each: each.sentence) -> None:
        """Put every problem at its field and, in the order of the form, into the summary; `say` words it."""
        for problem in sorted(problems, key=self._place):
            message = say(self._with_labels(problem))
            found = self.find(_keys(problem.pointer))
            if found is None:
                self.summary.append(Complaint(message))
                continue
            field, trail = found
            field.errors.append(message)
            self.summary.append(Complaint(message, trail, field.id))

    def _with_labels(self, problem: Problem) -> Problem:
        """People know fields by their labels, not by their keys."""
        if problem.failing:
            path = tuple(key for key in _keys(problem.pointer) if not key.isdecimal())
            failing = {name: self.labelled(text, path).text for name, text in problem.failing.items()}
            return msgspec.structs.replace(problem, params={**problem.params, **failing})
        if problem.code != "field.one_of_required":
            return problem
        fields = self.entity.fields
        for key in _keys(problem.pointer)[:-1]:
            fields = fields[key].fields if key in fields else fields
        audience: Audience = self.meta.audience
        labels = [audience.label(fields[key].definition.title) for key in problem.params["known"].split(", ")]
        known = ("、" if audience.is_chinese else ", ").join(labels)
        return msgspec.structs.replace(problem, params={**problem.params, "known": known})

    def labelled(self, text: str, path: tuple[str, ...]) -> Labelled:
        """A formula of the field at the path in the words of the form; what is hidden keeps its key."""
        audience: Audience = self.meta.audience
        around, fields = [self.entity.fields], self.entity.fields
        for key in path[:-1]:
            fields = fields[key].fields if key in fields else {}
            around.insert(0, fields)
        return labelled(
            text, around, lambda field: audience.label(field.definition.title) if field.path in self.paths else ""
        )

    def _place(self, problem: Problem) -> tuple[int, ...]:
        """Where the problem stands in the form, level by level; what stands nowhere comes first."""
        order = [field.short_name for part in self.sections for field in part.fields]
        fields, place = self.entity.fields, []
        for key in _keys(problem.pointer):
            place.append(int(key) if key.isdecimal() else order.index(key) if key in order else -1)
            if key in fields:
                fields = fields[key].fields
                order = [*fields]
        return tuple(place)


def _keys(pointer: str) -> list[str]:
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
