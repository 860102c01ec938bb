"""The fields that hold fields: nested objects and line items, at any depth."""

from collections.abc import Mapping, Sequence

from wtforms import FieldList
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.utils import unset_value

from engine.definition.model import Json
from engine.problems import Problem, TooLarge
from web.forms.inputs import Bound, Cell, Posted

#: Hidden input of every line: it exists although all its cells are empty; its value is where the line stood before.
ROW = "_row"
#: Stands for the number of a line in the pattern from which the browser makes new ones.
PATTERN = "__row__"
#: Lines accepted when the definition names no `maxItems`; keeps one request from costing seconds.
MAX_LINES = 500

#: Key of a property → its field, not yet bound to a form.
Unbound = Mapping[str, UnboundField]


class Parts(BaseForm):  # type: ignore[misc] # WTForms is untyped
    """Fields side by side. `BaseForm`, because property keys such as `data` or `errors` must not become attributes."""

    def find(self, keys: Sequence[str]) -> tuple[Cell, tuple[str, ...]] | None:
        """The field nearest to a JSON Pointer, and the labels on the way; None when the first key is not here."""
        if not keys or keys[0] not in self:
            return None
        found: tuple[Cell, tuple[str, ...]] = self[keys[0]].find(keys[1:])
        return found

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything."""
        return all(each.is_blank for each in self)

    def raw(self) -> dict[str, Json]:
        """What may be changed here and was sent, as raw JSON."""
        return {key: field.raw() for key, field in self._fields.items() if field.posted}


class ObjectField(Cell):
    """A nested object."""

    form: Parts

    def __init__(self, *, unbound: Unbound, is_whole: bool, **bound: Bound) -> None:
        """`unbound` are the fields of its properties; `is_whole` when all of them may be changed."""
        super().__init__(**bound)
        self._unbound = unbound
        self._is_whole = is_whole

    def process(self, formdata: Posted, data: Json = unset_value, extra_filters: object = None) -> None:  # noqa: ARG002
        """Give every property its part."""
        self.object_data = data if isinstance(data, Mapping) else {}
        self.form = Parts(self._unbound, prefix=self.name + "-", meta=self.meta)
        self.form.process(formdata, data=self.object_data)
        self.posted = any(each.posted for each in self.form)

    def post_process(self, formdata: Posted = None) -> None:
        """Nothing is derived from other fields."""

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything in it."""
        return self.form.is_blank

    def raw(self) -> Json:
        """The object; None when nothing is in it, unless parts of it are out of this person's reach."""
        return None if self.is_blank and self._is_whole else self.form.raw()

    def find(self, keys: Sequence[str]) -> tuple[Cell, tuple[str, ...]]:
        """The property, or the object itself."""
        inner = self.form.find(keys)
        return (self, (self.title,)) if inner is None else (inner[0], (self.title, *inner[1]))


class Line(ObjectField):
    """One line item."""

    def process(self, formdata: Posted, data: Json = unset_value, extra_filters: object = None) -> None:
        """A line that is not kept yet starts with its defaults."""
        is_kept = data is not unset_value and bool(data)
        self._fresh: Mapping[str, Json] = {} if is_kept else self.meta.fresh(self.compiled)
        super().process(formdata, data if is_kept else self._fresh, extra_filters)

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything in it; what it started with nobody has typed."""
        return all(each.is_blank or each.holds(self._fresh.get(key)) for key, each in self.form._fields.items())

    @property
    def number(self) -> int:
        """Counted from one, as people count."""
        return int(self.index) + 1

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Columns that fit into a cell of a table."""
        return tuple(each for each in self.form if each.kind not in {"lines", "object", "json"})

    @property
    def below(self) -> tuple[Cell, ...]:
        """Columns that need a row of their own under the line."""
        return tuple(each for each in self.form if each.kind in {"lines", "object", "json"})


class LinesField(Cell, FieldList):  # type: ignore[misc] # WTForms is untyped
    """Line items, posted as `items-0-price`."""

    def __init__(self, *, unbound: Unbound, is_whole: bool, **bound: Bound) -> None:
        """`unbound` are the fields of the columns; `is_whole` when all of them may be changed."""
        compiled = bound["compiled"]
        line = UnboundField(Line, unbound=unbound, is_whole=is_whole, compiled=compiled)
        super().__init__(unbound_field=line, **bound)
        #: Whether lines may be added, removed and moved. Where some column is out of reach, the engine patches the
        #: others in their places.
        self.may_change_rows = is_whole
        self.limit = int(compiled.definition.schema.get("maxItems", MAX_LINES))

    def process(self, formdata: Posted, data: Json = unset_value, extra_filters: object = None) -> None:  # noqa: ARG002
        """Take the posted lines in the order of their numbers, each with the kept line it came from."""
        kept = data if isinstance(data, Sequence) else ()
        self.object_data = kept
        self.entries: list[Line] = []
        self.last_index = -1
        self.posted = formdata is not None and self.name in formdata
        if formdata is None or not self.posted:
            for line in kept:
                self._add_entry(None, line)
            return
        indices = sorted(set(self._extract_indices(self.name, formdata)))
        if len(indices) > self.limit:
            pointer = "/" + "/".join(self.compiled.path)
            raise TooLarge(Problem("field.too_many", pointer, {"limit": str(self.limit)}))
        for index in indices:
            origin = formdata.get(f"{self.name}-{index}-{ROW}", "")
            self._add_entry(formdata, _kept(kept, origin), index=index)
        self._compact_indices()

    def post_process(self, formdata: Posted = None) -> None:
        """Nothing is derived from other fields."""

    @property
    def pattern(self) -> Line:
        """A blank line with `PATTERN` in the place of its number."""
        line = self.unbound_field.bind(form=self._form, name=f"{self.name}-{PATTERN}", _meta=self.meta)
        line.index = 0
        line.process(None, unset_value)
        return line  # type: ignore[no-any-return]

    @property
    def filled(self) -> tuple[Line, ...]:
        """The lines that the engine sees and counts from 0: those with something in them."""
        return tuple(each for each in self.entries if not (self.may_change_rows and each.is_blank))

    @property
    def is_blank(self) -> bool:
        """Whether no line has anything in it."""
        return not self.filled

    def raw(self) -> Json:
        """The lines that have something in them; None when there are none."""
        return [line.form.raw() for line in self.filled] or None

    def find(self, keys: Sequence[str]) -> tuple[Cell, tuple[str, ...]]:
        """The cell, the line, or the lines as a whole."""
        filled = self.filled
        if not keys or not keys[0].isdigit() or int(keys[0]) >= len(filled):
            return self, (self.title,)
        line = filled[int(keys[0])]
        inner = line.form.find(keys[1:])
        place = (self.title, str(line.number))
        return (line, place) if inner is None else (inner[0], (*place, *inner[1]))


def _kept(lines: Sequence[Json], origin: str) -> Json:
    return lines[int(origin)] if origin.isdigit() and int(origin) < len(lines) else unset_value
