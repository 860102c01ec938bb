"""How a value comes about, as the lines of a terminal: indented, names by their keys with the labels behind them."""

from collections.abc import Callable, Iterator

from engine.fields.field_type import Audience
from engine.problems import Problem, worded
from engine.usecases.records.explain import Explained
from web.present.explaining.notes import notes_of, shown
from web.present.explaining.tree import Part, Row, tree_of

#: Blanks by which parts stand further in than what they are part of.
INDENT = "  "


def explain_lines(
    found: Explained, audience: Audience, gettext: Callable[[str], str], told: Callable[[Problem], str]
) -> Iterator[str]:
    """The value, then its formula, a line a part. `gettext` and `told` speak the reader's language."""
    field = found.field
    yield f"{audience.label(field.definition.title)} ({found.place}) = {shown(found, found.value, audience) or '—'}"
    if tree := tree_of(found, audience):
        yield from _Lines(gettext, told).of(tree, INDENT)
    yield from notes_of(found, audience, gettext)


class _Lines:
    def __init__(self, gettext: Callable[[str], str], told: Callable[[Problem], str]) -> None:
        self._gettext, self._told = gettext, told

    def of(self, part: Part, indent: str) -> Iterator[str]:
        gettext = self._gettext
        words = {
            "value": f"= {part.value}" if part.value else "",
            "blank": f"= {gettext('blank')}",
            "hidden": f"· {gettext('not visible to you')}",
            "unused": f"· {gettext('not needed here')}",
            "failed": f"! {self._told(part.problem)}" if part.problem else f"· {gettext('no value')}",
        }
        label = f" ({part.text})" if len(part.pieces) == 1 and part.pieces[0].key else ""
        yield f"{indent}{part.code}{label} {words[part.state]}".rstrip()
        further = indent + INDENT
        yield from (f"{further}{self._row(row)}" for row in part.rows)
        if part.more:
            yield further + worded(gettext("… and {count} more"), {"count": str(part.more)})
        if part.unseen:
            yield further + worded(gettext("… and {count} not visible to you"), {"count": str(part.unseen)})
        for each in part.parts:
            yield from self.of(each, further)

    @staticmethod
    def _row(row: Row) -> str:
        title = f" {row.title}" if row.title else ""
        return f"{row.number}{title}" + (f" = {row.value}" if row.value else "")
