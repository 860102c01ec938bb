"""Well-typed formulas, and forms for them, drawn by Hypothesis, so that what differs shrinks to its smallest form."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from engine.definition.model import Json
from tests.formula_expressions import DAYS, LEAVES, MOMENTS, NUMBERS, SHAPES, TEXTS

#: Kinds that a form can show.
KINDS: Final = ("decimal", "text", "boolean", "date", "datetime", "reference")
#: Of so many draws at a place inside, one is a leaf whatever the shapes are.
LEAF_IN: Final = 6
_PLACE: Final = re.compile(r"\{(\w+)\}")

#: A shape taken apart at its places: the text between them, and the kind of each.
Shape = tuple[tuple[str, ...], tuple[str, ...]]


class Grammar(NamedTuple):
    """What formulas of each kind are made of."""

    leaves: Mapping[str, tuple[str, ...]]
    shapes: Mapping[str, tuple[str, ...]]

    def only(self, is_wanted: Callable[[str], bool]) -> "Grammar":
        """The grammar without the shapes and leaves that are not wanted."""
        shapes = {kind: tuple(filter(is_wanted, each)) for kind, each in self.shapes.items()}
        return Grammar({kind: tuple(filter(is_wanted, each)) for kind, each in self.leaves.items()}, shapes)

    def simple(self, shape: str) -> str:
        """The shape with the first leaf of its kind at each place."""
        return _PLACE.sub(lambda place: self.leaves[place[1]][0], shape)


def _every_shape(kind: str, shapes: Sequence[str]) -> tuple[str, ...]:
    either = (f"IF({{boolean}}, {{{kind}}}, {{{kind}}})", f"IF({{boolean}}, {{{kind}}})")
    return (*shapes, *either, f"COALESCE({{{kind}}}, {{{kind}}})")


#: Every shape that random formulas have, and for every kind the choice between two.
EVERYTHING: Final = Grammar(LEAVES, {kind: _every_shape(kind, shapes) for kind, shapes in SHAPES.items()})


def expressions(grammar: Grammar, depth: int = 3) -> SearchStrategy[str]:
    """A formula of a kind that a form can show, so many shapes deep."""
    return st.sampled_from(KINDS).flatmap(_Drawing(grammar).of(depth))


class _Drawing:
    """Draws formulas of one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        self._leaves = {kind: st.sampled_from(leaves) for kind, leaves in grammar.leaves.items()}
        self._shapes = {kind: [_taken_apart(each) for each in shapes] for kind, shapes in grammar.shapes.items()}
        self._at = cache(self._strategy)

    def of(self, depth: int) -> Callable[[str], SearchStrategy[str]]:
        return lambda kind: self._at(kind, depth)

    def _strategy(self, kind: str, depth: int) -> SearchStrategy[str]:
        shapes, leaf = self._shapes[kind], self._leaves[kind]
        if depth == 0 or not shapes:
            return leaf
        plain = max(len(shapes) // LEAF_IN, 1)
        choice = st.integers(0, plain + len(shapes) - 1)

        @st.composite
        def node(draw: DrawFn) -> str:
            # Leaves come first, because that is where shrinking goes.
            number = draw(choice) - plain
            if number < 0:
                return draw(leaf)
            between, kinds = shapes[number]
            parts = [f"({draw(self._at(each, depth - 1))})" for each in kinds]
            return "".join(text for pair in zip(between, (*parts, ""), strict=True) for text in pair)

        return node()


def _taken_apart(shape: str) -> Shape:
    pieces = _PLACE.split(shape)
    return tuple(pieces[::2]), tuple(pieces[1::2])


def _one_of(*pool: Json) -> SearchStrategy[Json]:
    return st.sampled_from((None, *pool))


#: Any character that can be kept, many of them of the kind that goes wrong.
CHARACTERS: Final = st.sampled_from("aAbBzZ0 \u3000%_\\'\"张三ßǆΣİıée\u0301😀𠮷\uffff٣")
WORDS: Final = _one_of(*TEXTS) | st.text(CHARACTERS, max_size=5)
_DIGITS: Final = st.builds(lambda units, scale: f"{units}E-{scale}", st.integers(-(10**34), 10**34), st.integers(0, 40))
_AMOUNTS: Final = _one_of(*NUMBERS) | st.integers(-10_000, 10_000).map(lambda cents: f"{cents}E-2") | _DIGITS
_LINES: Final = st.lists(st.fixed_dictionaries({"a": _AMOUNTS, "d": _one_of(*DAYS), "s": WORDS}), max_size=4)
#: What a form may hold while somebody fills it in, right or wrong, as `tests.formula_scope.facts_of` takes it.
FORMS: Final[SearchStrategy[dict[str, Any]]] = st.fixed_dictionaries(
    {
        "values": st.fixed_dictionaries(
            {
                **dict.fromkeys("abc", _AMOUNTS),
                **dict.fromkeys("st", WORDS),
                **dict.fromkeys("pq", _one_of(True, False)),
                **dict.fromkeys("de", _one_of(*DAYS)),
                **dict.fromkeys("mn", _one_of(*MOMENTS)),
                "r": _one_of("p1", "p2"),
                "items": _LINES,
            }
        ),
        "references": st.fixed_dictionaries({"p1": st.fixed_dictionaries({"a": _AMOUNTS})}),
        "projects": st.sampled_from(([], ["p1"], [""], ["p2", "a"])),
        "actor": st.sampled_from(("", "p1")),
        "state": st.sampled_from(("", "a")),
        "now": st.sampled_from(MOMENTS[2:5]),
        "today": st.sampled_from(DAYS),
    }
)
