"""A foreign document as one schema of 2020-12: every keyword in its words, every reference written out.

What refers back to itself cannot be written out: it stays a reference, into the `$defs` of the document.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from engine.compile.validator import matcher
from engine.definition.model import Json
from engine.exchange.json_schema.drafts import Draft, Path, pointer_to
from engine.exchange.json_schema.references import Source, Target, on_a_loop
from engine.problems import Malformed, Problem, TooLarge, refuse_if_any

#: References to references can grow a small document beyond every measure.
MAX_SCHEMAS: Final = 100_000
#: Schemas within schemas; every step down costs the interpreter's stack several frames, here and at validation.
MAX_DEPTH: Final = 60

#: Keywords whose schemas are about the same value as the schema they stand in.
_IN_PLACE: Final = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"}
)
#: What an older draft's `$ref` leaves of its neighbours: they do not judge, but they tell people something.
_TELLING: Final = ("title", "description", "default", "examples", "writeOnly", "$comment")


class _Edge(NamedTuple):
    """One reference found inside a target."""

    target: Target
    is_in_place: bool


def inlined(document: Json, draft: Draft) -> Json:
    """The document in 2020-12, without references but those that lead back to themselves.

    Raises `Malformed` with every reference that cannot be followed, and `TooLarge`.
    """
    source = Source(document, draft)
    edges = _edges(source)
    circles = on_a_loop({here: [each.target for each in found if each.is_in_place] for here, found in edges.items()})
    refuse_if_any(Malformed, map(_circular, circles))
    loops = on_a_loop({here: [each.target for each in found] for here, found in edges.items()})
    return _Writer(source, loops).document()


def _circular(target: Target) -> Problem:
    pointer = pointer_to(target.path)
    return Problem("schema.circular", pointer, {"given": f"#{pointer}"})


def _edges(source: Source) -> Mapping[Target, list[_Edge]]:
    """What every target that can be reached from the root refers to."""
    found: dict[Target, list[_Edge]] = {}
    problems: dict[str, Problem] = {}
    todo = [source.root()]
    while todo:
        here = todo.pop()
        if here not in found:
            found[here] = list(_references_in(source, here, problems))
            todo += [each.target for each in found[here]]
    refuse_if_any(Malformed, problems.values())
    return found


def _references_in(
    source: Source, at: Target, problems: dict[str, Problem], *, is_in_place: bool = True
) -> Iterator[_Edge]:
    schema, draft = source.at(at.path), source.scope(at.path).draft
    if not isinstance(schema, dict):
        return
    try:
        for _, target in source.references(schema, at):
            yield _Edge(target, is_in_place)
    except Malformed as refused:
        problems |= {each.pointer: each for each in refused.problems}
    if draft.ref_stands_alone and "$ref" in schema:
        return
    problems |= {each.pointer: each for each in _patterns_of(schema, at.path)}
    for step, _ in draft.children(schema):
        if step[0] not in {"definitions", "$defs"}:
            inner = source.entered((*at.path, *step), at.anchors)
            in_place = is_in_place and step[0] in _IN_PLACE
            yield from _references_in(source, inner, problems, is_in_place=in_place)


def _patterns_of(schema: Mapping[str, Json], at: Path) -> Iterator[Problem]:
    """The patterns that cannot be matched: nothing is taken over that would not be judged."""
    if "pattern" in schema and not _is_pattern(schema["pattern"]):
        yield Problem("schema.pattern", pointer_to((*at, "pattern")), {"given": schema["pattern"]})
    for name in schema.get("patternProperties", ()):
        # Names of properties are matched by Python.
        if not _is_pattern(name, re.compile):
            yield Problem("schema.pattern", pointer_to((*at, "patternProperties", name)), {"given": name})


def _is_pattern(text: str, compiled: Callable[[str], object] = matcher) -> bool:
    try:
        compiled(text)
    except (ValueError, re.error):
        return False
    return True


class _Writer:
    """Writes schemas out, one walk over all that is reached."""

    def __init__(self, source: Source, loops: frozenset[Target]) -> None:
        self._source = source
        self._loops = loops
        self._count = 0
        #: Names of the schemas that lead back to themselves, in the order in which they were met.
        self._names: dict[Target, str] = {}

    def document(self) -> Json:
        """The whole document, with the definitions that it still refers to."""
        whole = self.schema(self._source.root(), is_root=True)
        definitions: dict[str, Json] = {}
        while len(definitions) < len(self._names):
            target, name = list(self._names.items())[len(definitions)]
            definitions[name] = self.schema(target)
        return {**whole, "$defs": definitions} if definitions else whole

    def schema(self, at: Target, depth: int = 0, *, is_root: bool = False) -> Json:
        """The schema at a target; `is_root` as long as it is about the whole document, which is always written out."""
        self._count += 1
        if self._count > MAX_SCHEMAS:
            raise TooLarge(Problem("schema.too_many", "", {"limit": str(MAX_SCHEMAS)}))
        if depth > MAX_DEPTH:
            raise TooLarge(Problem("schema.too_deep", pointer_to(at.path), {"limit": str(MAX_DEPTH)}))
        schema = self._source.at(at.path)
        if not isinstance(schema, dict):
            return schema
        draft = self._source.scope(at.path).draft
        referred = [self._referred(target, depth, is_root=is_root) for _, target in self._source.references(schema, at)]
        if referred and draft.ref_stands_alone:
            return _retold(referred[0], schema)

        def change(step: Path, _child: Json) -> Json:
            inner = self._source.entered((*at.path, *step), at.anchors)
            return self.schema(inner, depth + 1, is_root=is_root and step[0] in _IN_PLACE)

        return _together(draft.upgraded(schema, change), referred)

    def _referred(self, target: Target, depth: int, *, is_root: bool) -> Json:
        if is_root or target not in self._loops:
            return self.schema(target, depth + 1, is_root=is_root)
        if target not in self._names:
            self._names[target] = self._free_name(target)
        return {"$ref": f"#/$defs/{self._names[target]}"}

    def _free_name(self, target: Target) -> str:
        words = [step for step in target.path if isinstance(step, str)]
        name = re.sub(r"[^A-Za-z0-9]+", "_", words[-1]) if words else "root"
        while name in self._names.values():
            name += "_"
        return name


def _retold(referred: Json, beside: Mapping[str, Json]) -> Json:
    telling = {keyword: beside[keyword] for keyword in _TELLING if keyword in beside}
    if isinstance(referred, bool):
        return {**telling, "allOf": [referred]} if telling else referred
    return {**referred, **telling}


def _together(schema: dict[str, Json], referred: list[Json]) -> Json:
    """What a schema says, and what the schemas that it refers to say."""
    if len(referred) == 1 and not schema:
        return referred[0]
    return {**schema, "allOf": [*schema.get("allOf", ()), *referred]} if referred else schema
