"""What the parts do not tell: how the result is rounded, and that it was another when the record was kept."""

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final

from engine.compile.model import Rounding
from engine.definition.model import Json
from engine.fields.field_type import Audience
from engine.problems import worded
from engine.usecases.records.explain import Explained
from engine.usecases.settling.sources import LOOKED_AT, Sources


def _(sentence: str) -> str:
    """Mark a sentence for extraction by Babel."""
    return sentence


_ROUNDED: Final = {
    ROUND_HALF_UP: _("Rounded half up, decimal places kept: {places}. That gives {result}."),
    ROUND_HALF_EVEN: _("Rounded half to even, decimal places kept: {places}. That gives {result}."),
    ROUND_UP: _("Rounded up, decimal places kept: {places}. That gives {result}."),
    ROUND_DOWN: _("Rounded down, decimal places kept: {places}. That gives {result}."),
}
_LAST: Final = _("What is added up here is rounded only in the end.")
_OTHER: Final = _("This is from when the record was last saved; now the formula gives {result}.")
_WHERE: Final = _("Only what fulfils this counts: {condition}.")
_CUT: Final = _("There are more records than the {count} that were looked at here.")


def notes_of(found: Explained, audience: Audience, gettext: Callable[[str], str]) -> Iterator[str]:
    """Sentences in the reader's language, which `gettext` speaks."""
    field, trace = found.field, found.trace
    if found.sources is not None:
        yield from _of_rollup(found.sources, gettext)
    if trace is None or trace.value is None:
        return
    result = shown(found, found.result, audience) or "—"
    if isinstance(trace.value, Decimal) and isinstance(found.result, Decimal) and trace.value != found.result:
        rounding = field.rounding or Rounding(field.type.scale)
        yield worded(gettext(_ROUNDED[rounding.mode]), {"places": str(rounding.scale), "result": result})
    if field.rounding is not None and field.rounding.is_last:
        yield gettext(_LAST)
    if found.result != found.value:
        yield worded(gettext(_OTHER), {"result": result})


def _of_rollup(sources: Sources, gettext: Callable[[str], str]) -> Iterator[str]:
    if where := sources.rollup.where:
        yield worded(gettext(_WHERE), {"condition": where.text})
    if sources.is_cut:
        yield worded(gettext(_CUT), {"count": str(LOOKED_AT)})


def shown(found: Explained, value: Json, audience: Audience) -> str:
    """A value as the explained field shows it; "" when there is none, or more than one."""
    return "" if value is None or found.field.fields else found.field.type.show(value, audience)
