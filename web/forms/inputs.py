"""The single fields of a form: one value, typed by a person or only shown.

Fields are WTForms fields without validators and filters: they keep what was posted, letter by letter, and hand it to
the field type as raw JSON. What is wrong with it comes back from the engine and is put into `errors`.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.utils import unset_value

from engine.compile.model import CompiledField
from engine.definition.model import Json
from engine.fields.choice import Choice
from engine.fields.field_type import Audience, Unreadable
from engine.fields.json import same
from engine.fields.multi_choice import MultiChoice

#: A posted form.
Posted: TypeAlias = "MultiDict[str, str] | None"
#: What WTForms hands to a field: its name, id, form and meta.
Bound: TypeAlias = Any


class Choices(msgspec.Struct, frozen=True):
    """What a person may pick from: all of it, or an address that finds it."""

    items: tuple[tuple[str, str], ...] = ()
    lookup: str = ""


class Cell(Field):  # type: ignore[misc] # WTForms is untyped
    """What every field of a record form knows about itself."""

    def __init__(self, *, compiled: CompiledField, is_required: bool = False, **bound: Bound) -> None:
        """`bound` comes from WTForms."""
        super().__init__(**bound)
        self.compiled = compiled
        #: Whether it is always required; `x-required` is shown by the browser as formulas decide.
        self.is_required = is_required
        self.errors: list[str] = []
        #: Whether the browser sent this field at all; an input that is invisible by formula is not sent.
        self.posted = False

    @property
    def audience(self) -> Audience:
        """For whom the form is drawn."""
        audience: Audience = self.meta.audience
        return audience

    @property
    def title(self) -> str:
        """Label in the reader's language."""
        return self.audience.label(self.compiled.definition.title)

    @property
    def help(self) -> str:
        """Help text in the reader's language; "" when there is none."""
        text = self.compiled.definition.help
        return self.audience.label(text) if text else ""

    @property
    def path(self) -> str:
        """Keys from the entity down, without row numbers: what the browser's formulas call it."""
        return ".".join(self.compiled.path)

    @property
    def kind(self) -> str:
        """Name of the macro in `fields.html` that draws it."""
        return self.compiled.type.widget

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        raise NotImplementedError

    def raw(self) -> Json:
        """What was typed, as raw JSON; None when blank."""
        raise NotImplementedError

    def holds(self, value: Json) -> bool:
        """Whether what was typed is this value."""
        try:
            return value is not None and same(self.compiled.type.read(self.raw()), value)
        except Unreadable:
            return False

    def find(self, keys: Sequence[str]) -> "tuple[Cell, tuple[str, ...]]":  # noqa: ARG002 - nothing is further in
        """The field nearest to a JSON Pointer that goes on with `keys`, and the labels on the way to it."""
        return self, (self.title,)


class Shown(Cell):
    """A value that is read but not changed here; computed values are refreshed by the browser."""

    def process(self, formdata: Posted, data: Json = unset_value, extra_filters: object = None) -> None:  # noqa: ARG002
        """Take the kept value; what somebody posts in its name is not looked at."""
        self.object_data = None if data is unset_value else data

    @property
    def kind(self) -> str:
        """Drawn as text, not as a grey input."""
        return "readonly"

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return "" if self.object_data is None else self.compiled.type.show(self.object_data, self.audience)

    @property
    def is_blank(self) -> bool:
        """Nobody typed it, so it never makes a line count as filled."""
        return True

    def raw(self) -> Json:
        """Never sent."""
        return None


class Typed(Cell):
    """One value in one input: text, number, date, choice, person, reference and the like."""

    def __init__(self, *, choices: Choices | None = None, **bound: Bound) -> None:
        """`choices` for people, departments and references; other choices stand in the definition."""
        super().__init__(**bound)
        self.text = ""
        self._choices = choices

    def process(self, formdata: Posted, data: Json = unset_value, extra_filters: object = None) -> None:  # noqa: ARG002
        """Take the posted text, or the kept value as text."""
        self.object_data = None if data is unset_value else data
        texts = _sent(formdata, self.name)
        self.posted = bool(texts)
        if texts:
            self.text = texts[-1]
        elif self.object_data is not None:
            self.text = self.compiled.type.edited(self.object_data, self.audience)

    @property
    def is_blank(self) -> bool:
        """Spaces are nothing."""
        return not self.text.strip()

    def raw(self) -> Json:
        """The text as the field type reads it."""
        return None if self.is_blank else self.compiled.type.typed(self.text, self.audience)

    @property
    def lookup(self) -> str:
        """Address that finds what can be picked; "" when `options` has everything."""
        return self._choices.lookup if self._choices else ""

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """What can be picked, as (text of the value, label)."""
        if self._choices is not None:
            return self._choices.items
        choice = self.choice
        return tuple(
            (choice.edited(each.value, self.audience), self.audience.label(each.title)) for each in choice.options
        )

    @property
    def choice(self) -> Choice:
        """The type of one value, where the author lists what may be chosen."""
        found = self.compiled.type
        found = found.choice if isinstance(found, MultiChoice) else found
        assert isinstance(found, Choice)
        return found

    @property
    def picked(self) -> str:
        """Label of what is picked; "" when nothing is, or when the text names nothing known."""
        if self.is_blank:
            return ""
        if (known := dict(self.options).get(self.text)) is not None:
            return known
        kept, type_ = self.object_data, self.compiled.type
        is_kept = kept is not None and self.text == type_.edited(kept, self.audience)
        if is_kept:
            return type_.show(kept, self.audience)
        # Ids of people and records are their own text; one that names nothing stays what it is.
        return type_.show(self.text, self.audience) if self.lookup else self.text


class Flag(Typed):
    """A check box. A hidden empty input of the same name says that it was there and is not ticked."""

    @property
    def is_ticked(self) -> bool:
        """Whether the box is ticked."""
        return self.text.strip().lower() == "true"

    @property
    def is_blank(self) -> bool:
        """A box that is not ticked says no more than an empty input."""
        return not self.is_ticked

    def raw(self) -> Json:
        """True or False: a box has two answers. Only where no is none of them, an empty box says nothing."""
        may_be_no = False in self.compiled.definition.schema.get("enum", (False,))
        return self.is_ticked if self.is_ticked or may_be_no else None


class Many(Typed):
    """Several values under one name: choices, files, photos. A hidden empty input says that it was there."""

    is_single = False

    def __init__(self, **bound: Bound) -> None:
        """`bound` comes from WTForms."""
        super().__init__(**bound)
        #: Text of every value.
        self.texts: tuple[str, ...] = ()

    def process(self, formdata: Posted, data: Json = unset_value, extra_filters: object = None) -> None:  # noqa: ARG002
        """Take every posted value but the empty marker."""
        self.object_data = None if data is unset_value else data
        texts = _sent(formdata, self.name)
        self.posted = bool(texts)
        if texts:
            self.texts = tuple(filter(None, texts))
        elif self.object_data is not None:
            self.texts = tuple(map(self._edited, self.object_data))

    @property
    def is_blank(self) -> bool:
        """Whether none is given."""
        return not self.texts

    def raw(self) -> Json:
        """The values; an option that is no text in the definition is none here either."""
        if isinstance(self.compiled.type, MultiChoice):
            return [self.choice.typed(text, self.audience) for text in self.texts] or None
        return list(self.texts) or None

    def _edited(self, value: Json) -> str:
        is_choice = isinstance(self.compiled.type, MultiChoice)
        return self.choice.edited(value, self.audience) if is_choice else str(value)

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of every attachment."""
        return tuple((text, self.audience.name("file", text)) for text in self.texts)


class OneFile(Many):
    """An attachment where the definition allows only one."""

    is_single = True

    def process(self, formdata: Posted, data: Json = unset_value, extra_filters: object = None) -> None:
        """A single id is kept, not a list of ids."""
        kept = unset_value if data in (None, unset_value) else [data]
        super().process(formdata, kept, extra_filters)

    def raw(self) -> Json:
        """The id uploaded last."""
        return self.texts[-1] if self.texts else None


def _sent(formdata: Posted, name: str) -> list[str]:
    return [] if formdata is None else formdata.getlist(name)
