"""What changed between two texts of a module, element by element, and what of it breaks records or callers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias

import msgspec

from engine.definition.elements import Element, element_of
from engine.definition.model import Json, Module
from engine.definition.write import flat
from engine.problems import worded
from engine.sentences import SENTENCES

#: Elements whose place among their neighbours means something.
ORDERED: Final = ("menu_entry", "field", "option", "section", "state", "action", "way", "sample")

#: Elements that records or other modules hold on to.
HELD: Final = frozenset({"entity", "field", "option", "workflow", "state", "region", "role"})
#: Attributes whose every change breaks what was made before.
FIXED: Final = {
    "field": frozenset(
        {"type", "x-type", "x-reference", "x-multiple", "items.type", "items.x-type", "items.x-reference"}
    ),
    "state": frozenset({"type"}),
    "entity": frozenset({"x-workflow"}),
    "workflow": frozenset({"entity"}),
    "role": frozenset({"scope"}),
}
#: Limits of a field: those that may only grow, those that may only shrink, and those that may only go.
UPPER: Final = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "x-scale"})
LOWER: Final = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems"})
STRICT: Final = frozenset(
    {
        "required",
        "x-unique",
        "pattern",
        "format",
        "const",
        "multipleOf",
        "uniqueItems",
        "x-formula",
        "x-rollup",
        "x-table",
    }
)
#: Attributes that fill a required field by themselves.
FILLED: Final = frozenset({"default", "x-default", "x-formula", "x-rollup", "x-table"})


Kind: TypeAlias = Literal["added", "removed", "changed", "moved"]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. Like a `Problem` it is data: a code and what the sentence about it needs to say."""

    kind: Kind
    #: field, state, role …; `noun.<what>` in `engine.sentences` has the word for it.
    what: str
    #: Keys from the module's documents down to the element.
    path: tuple[str, ...]
    title: str
    #: Of a change: which attribute; before and after are its values, None where it is not given. Of a move they are
    #: places, counted from 1.
    attribute: str = ""
    before: Json = None
    after: Json = None
    #: Whether records made before, or programs that use them, may no longer fit.
    is_breaking: bool = False

    @property
    def code(self) -> str:
        """Key of the sentence in `engine.sentences`."""
        return f"change.{self.kind}"

    @property
    def params(self) -> Mapping[str, str]:
        """Fills the placeholders; `what` is the code of a word and translated on its own."""
        return {
            "what": f"noun.{self.what}",
            "path": ".".join(self.path),
            "title": self.title,
            "attribute": self.attribute,
            "before": _shown(self.before),
            "after": _shown(self.after),
        }

    @property
    def sentence(self) -> str:
        """The English sentence."""
        return self.said(str)

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language into which our own words are translated."""
        params = self.params
        return worded(translate(SENTENCES[self.code]), {**params, "what": translate(SENTENCES[params["what"]])})


def diff(old: Module, new: Module) -> tuple[Change, ...]:
    """Every difference, from the top down; what is inside something added or removed is not listed again."""
    return tuple(_compared(element_of(old), element_of(new), ()))


def _compared(old: Element, new: Element, path: tuple[str, ...]) -> Iterator[Change]:
    for name in dict.fromkeys((*old.attributes, *new.attributes)):
        before, after = old.attributes.get(name), new.attributes.get(name)
        if before != after or (name in old.attributes) != (name in new.attributes):
            change = _change("changed", new, path or (new.key,), is_breaking=_breaks(new.what, name, before, after))
            yield msgspec.structs.replace(change, attribute=name, before=before, after=after)
    before_parts, after_parts = ({(each.what, each.key): each for each in side.parts} for side in (old, new))
    for key, each in before_parts.items():
        if key not in after_parts:
            yield _change("removed", each, (*path, each.key), is_breaking=each.what in HELD)
    for key, each in after_parts.items():
        if key in before_parts:
            yield from _compared(before_parts[key], each, (*path, each.key))
        else:
            yield _change("added", each, (*path, each.key), is_breaking=_demands(each))
    for what in ORDERED:
        order = [key for key in before_parts if key[0] == what and key in after_parts]
        yield from _moved(order, [each for key, each in after_parts.items() if key in order], path)


def _moved(order: Sequence[tuple[str, str]], elements: Sequence[Element], path: tuple[str, ...]) -> Iterator[Change]:
    """Of elements that both texts have, as few as explain why they are no longer in the old order."""
    present = [(each.what, each.key) for each in elements]
    blocks = SequenceMatcher(None, order, present, autojunk=False).get_matching_blocks()
    stayed = {key for block in blocks for key in present[block.b : block.b + block.size]}
    for place, (key, each) in enumerate(zip(present, elements, strict=True), 1):
        if key not in stayed:
            change = _change("moved", each, (*path, each.key))
            yield msgspec.structs.replace(change, before=order.index(key) + 1, after=place)


def _change(kind: Kind, element: Element, path: tuple[str, ...], *, is_breaking: bool = False) -> Change:
    return Change(kind=kind, what=element.what, path=path, title=element.title, is_breaking=is_breaking)


def _breaks(what: str, name: str, before: Json, after: Json) -> bool:
    if what != "field":
        return name in FIXED.get(what, ())
    if name in UPPER or name in LOWER:
        if before is None or after is None:
            return after is not None
        return bool(after < before if name in UPPER else after > before)
    return name in FIXED["field"] or (name in STRICT and bool(after))


def _demands(added: Element) -> bool:
    """Whether it is a field that records made before do not have and must."""
    return added.what == "field" and "required" in added.attributes and FILLED.isdisjoint(added.attributes)


def _shown(value: Json) -> str:
    return value if isinstance(value, str) else "–" if value is None else flat(value)
