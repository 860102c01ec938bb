"""What the browser needs to keep a form alive while somebody types: formulas as trees, and the values they read.

A convenience, never the guard: the engine computes and judges again. A formula that reads what this person may not see,
or what stands in other records, is left to the server.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.compile.formulas.scope import SYSTEM
from engine.compile.model import CompiledField
from engine.compile.shape import walk as walk_fields
from engine.definition.model import Json
from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.formula.tree import walk
from engine.formula.typed import Apply, Constant, Read, Typed, as_json
from web.forms.labelling import Labelled
from web.forms.record_form import RecordForm

Path = tuple[str, ...]


def linkage(form: RecordForm, facts: Facts) -> dict[str, Any]:
    """JSON for `<record-form>`. `facts` are those of the record as kept, with its system columns among the values."""
    known = _Known(form)
    fields = tuple(walk_fields(form.entity.fields))
    computed = [each for each in form.entity.order if each.formula is not None and known.learn(each, each.formula)]
    return {
        "computed": [_computed(form, each) for each in computed],
        "visible": _trees(fields, known, lambda each: each.visible),
        "required": _trees(fields, known, lambda each: each.required_when),
        "readonly": _trees(fields, known, lambda each: each.read_only_when),
        "totals": sorted({_dotted(path) for each in computed for path in _summed(each.formula)}),
        "facts": {
            "values": {key: facts.values.get(key) for key in SYSTEM}
            | _seen(form.entity.fields, facts.values, form.paths),
            "actor": facts.actor,
            "now": facts.now and facts.now.isoformat(),
            "today": facts.today and facts.today.isoformat(),
            "zone": str(facts.zone),
            "state": facts.state,
            "projects": sorted(facts.projects),
        },
    }


def _computed(form: RecordForm, field: CompiledField) -> dict[str, Any]:
    """A computed field: its formula as a tree whose parts say where they stand in the text, as people read it."""
    assert field.formula is not None
    words = form.labelled(field.formula.text, field.path)
    return {
        "path": _dotted(field.path),
        "type": field.type.name,
        "rounding": field.rounding and {"scale": field.rounding.scale, "mode": field.rounding.mode},
        "isRoundedLast": field.rounding is not None and field.rounding.is_last,
        "text": words.text,
        "tree": _placed(field.formula.node, as_json(field.formula.node), words),
    }


def _placed(node: Typed, tree: dict[str, Any], words: Labelled) -> dict[str, Any]:
    """The tree with the places of its parts; constants need none."""
    if isinstance(node, Constant):
        return tree
    if isinstance(node, Apply):
        tree = {**tree, "of": [_placed(*each, words) for each in zip(node.arguments, tree["of"], strict=True)]}
    return {**tree, "at": [words.at(node.start), words.at(node.end)]}


def _seen(fields: Mapping[str, CompiledField], values: Mapping[str, Json], paths: frozenset[Path]) -> dict[str, Json]:
    """The values without what this person may not see, at any depth."""
    seen = {}
    for key, field in fields.items():
        value = values.get(key)
        if value is None or field.path not in paths:
            continue
        if isinstance(value, Mapping) and field.fields:
            value = _seen(field.fields, value, paths)
        elif isinstance(value, Sequence) and field.fields:
            value = [_seen(field.fields, line, paths) for line in value]
        seen[key] = value
    return seen


class _Known:
    """The paths whose values the browser has."""

    def __init__(self, form: RecordForm) -> None:
        self._entity = form.entity
        computed = {each.path for each in form.entity.order if each.formula is not None}
        self._paths = {path for path in form.paths if path not in computed}

    def learn(self, field: CompiledField, formula: Formula) -> bool:
        """Whether the browser can compute the field; other formulas may read it then."""
        if field.path in self._paths or not self.suffices(field, formula):
            return False
        self._paths.add(field.path)
        return True

    def suffices(self, field: CompiledField, formula: Formula) -> bool:
        """Whether everything that a formula of this field reads is there."""
        return not formula.through and all(self._has(path) for path in _reads(field, formula))

    def _has(self, path: Path) -> bool:
        return path in self._paths or (path[0] in SYSTEM and path[0] not in self._entity.fields)


def _reads(field: CompiledField, formula: Formula) -> Iterator[Path]:
    for node, _ in walk(formula.node):
        if isinstance(node, Read):
            yield (*field.path[:-1], *node.parts) if node.found.in_line else node.parts


def _trees(
    fields: tuple[CompiledField, ...], known: _Known, formula_of: Callable[[CompiledField], Formula | None]
) -> dict[str, Any]:
    found = ((each, formula_of(each)) for each in fields)
    return {
        _dotted(each.path): as_json(fml.node) for each, fml in found if fml is not None and known.suffices(each, fml)
    }


def _summed(formula: Formula | None) -> Iterator[Path]:
    """Columns that the formula adds up; their sums are worth showing under them."""
    assert formula is not None
    for node, _ in walk(formula.node):
        if isinstance(node, Apply) and node.operation.name == "sum":
            yield from (each.parts for each in node.arguments if isinstance(each, Read))


def _dotted(path: Path) -> str:
    return ".".join(path)
