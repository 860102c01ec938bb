"""From what somebody sent to values that may be kept: accept, compute, hide, require, validate, hold to the rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec

from engine.compile.formulas.rollups import begun
from engine.compile.model import CompiledEntity, CompiledField, CompiledRule
from engine.compile.shape import walk
from engine.definition.model import Json
from engine.fields.field_type import Storage, Unreadable
from engine.formula.errors import FormulaFailed
from engine.formula.formula import Formula
from engine.formula.scope import Facts
from engine.formula.tree import Value
from engine.problems import Invalid, Problem, refuse_if_any
from engine.runtime.access import EVERYTHING, Access
from engine.runtime.record import Record, Values
from engine.runtime.values.accept import Locked, accept, is_blank, missing, unchanged
from engine.runtime.values.compute import compute, kept, places, words
from engine.runtime.values.failing import with_operands
from engine.runtime.values.links import links
from engine.runtime.world import World, facts

#: Fields that show each other settle in as many rounds as they stand behind one another; those that hide each other
#: never do.
MAX_ROUNDS: Final = 20


class Filled(msgspec.Struct, frozen=True):
    """Values, and everything that speaks against keeping them."""

    values: Values
    problems: tuple[Problem, ...]
    #: Rules of level "warn" that do not hold.
    warnings: tuple[Problem, ...] = ()

    def sound(self) -> Values:
        """The values when nothing speaks against them; else `Invalid`, with pointers into `{"values": …}`."""
        refuse_if_any(
            Invalid, (msgspec.structs.replace(each, pointer=f"/values{each.pointer}") for each in self.problems)
        )
        return self.values


def fill(entity: CompiledEntity, record: Record, given: Json, access: Access, *, world: World, actor: str) -> Filled:
    """The record's values after the patch. Every problem is reported, each at its own field and once.

    What `access` calls required must be filled as if the definition said so.
    """
    before = facts(entity, record, world, actor=actor)
    taken, refused = accept(
        entity.fields, given, record.values, access, locked=_lock(before), fresh=lambda lines: new_line(lines, before)
    )
    values, failures, hidden = settled(entity, before, taken)
    after = about(entity, before, values)
    problems = _once(
        (each for each in refused if not _is_result(entity.fields, given, values, each)),
        _broken_links(entity, record, world),
        (with_operands(entity, after, access, each) for each in failures),
        _not_shown(hidden, given),
        _missing(entity, after, access, hidden),
        entity.validator.problems(values),
    )
    broken = () if problems else tuple(broken_rules(entity.rules, after))
    return Filled(
        values,
        problems + tuple(problem for rule, problem in broken if rule.definition.level == "refuse"),
        tuple(problem for rule, problem in broken if rule.definition.level == "warn"),
    )


def defaults(entity: CompiledEntity, record: Record, world: World, actor: str) -> dict[str, Any]:
    """What a new record starts with."""
    return begun(entity.fields) | _starting(entity.fields, facts(entity, record, world, actor=actor, values={}))


def new_line(lines: CompiledField, reading: Facts) -> dict[str, Any]:
    """What a new line of these line items starts with; what is sent of it is laid over that."""
    return _starting(lines.fields, msgspec.structs.replace(reading, line={}))


def _starting(fields: Mapping[str, CompiledField], reading: Facts) -> dict[str, Any]:
    """What a new record or line starts with: `default` and `x-default` of every field that nobody computes.

    A default that has no value, or one that its field does not take, is none.
    """
    typed = {key: field for key, field in fields.items() if not field.is_computed}
    written = {key: field.definition.schema.get("default") for key, field in typed.items()}
    values, _ = accept(typed, {key: each for key, each in written.items() if each is not None}, {}, EVERYTHING)
    for key, field in typed.items():
        if field.default is not None:
            values[key] = _evaluated(field, field.default, reading)
    return {key: values[key] for key in typed if not is_blank(values.get(key))}


def _evaluated(field: CompiledField, formula: Formula, reading: Facts) -> Json:
    try:
        return kept(field, formula.evaluate(reading))
    except (FormulaFailed, Unreadable):
        return None


def titled(entity: CompiledEntity, record: Record, reading: Facts) -> str:
    """Title formula of the entity, else the record's number."""
    title: Value = None
    if entity.title is not None:
        with suppress(FormulaFailed):
            title = entity.title.evaluate(reading)
    return words(title) or record.number


def holds(condition: Formula, reading: Facts) -> bool:
    """Whether a condition about showing, requiring or changing is true; blank and failing count as not."""
    try:
        return condition.evaluate(reading) is True
    except FormulaFailed:
        return False


def _once(*stages: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems of all stages, but of a later one only where no earlier one has found any."""
    problems: list[Problem] = []
    for stage in stages:
        told = {each.pointer for each in problems}
        found = {(each.pointer, each.code): each for each in stage if not _is_told(each, told)}
        problems += found.values()
    return tuple(problems)


def _is_told(problem: Problem, told: Iterable[str]) -> bool:
    """Whether it is known that something is wrong there or around it; and what is wrong inside is not missing."""
    return _is_inside(problem.pointer, told) or (
        problem.code == "field.required" and any(_is_inside(each, [problem.pointer]) for each in told)
    )


def _lock(before: Facts) -> Locked:
    """Fields whose own condition makes them read-only, judged by the record as it is kept."""

    def locked(field: CompiledField, holder: Values) -> bool:
        if field.read_only_when is None:
            return False
        is_inside = len(field.path) > 1
        return holds(field.read_only_when, msgspec.structs.replace(before, line=holder) if is_inside else before)

    return locked


def settled(
    entity: CompiledEntity, before: Facts, taken: Values
) -> tuple[Values, tuple[Problem, ...], Mapping[str, CompiledField]]:
    """The computed values, the formulas that failed, and the fields that are not shown, by pointer.

    What is not shown has no value, and that may show or hide others.
    """
    found: Mapping[str, CompiledField] = {}
    for _ in range(MAX_ROUNDS):
        hidden = found
        values, failures = compute(entity, about(entity, before, taken), hidden)
        found = dict(_hidden(entity, about(entity, before, values)))
        if found.keys() == hidden.keys():
            break
    return values, failures, hidden


def _is_result(fields: Mapping[str, CompiledField], given: Json, values: Values, problem: Problem) -> bool:
    """Whether what was refused is a computed value that came out just like that."""
    steps = _steps(problem.pointer)
    path = tuple(step for step in steps if not step.isdigit())
    field = next((each for each in walk(fields) if each.path == path), None)
    if field is None or not field.is_computed:
        return False
    return unchanged(field, _at(given, steps), _at(values, steps))


def _broken_links(entity: CompiledEntity, record: Record, world: World) -> Iterator[Problem]:
    """Links that lead nowhere, but for those that were there before: people leave, and records stay true."""
    if world.broken_links:
        before = {link.id for link in links(entity.fields, record.values)}
        yield from (each for each in world.broken_links if each.params["given"] not in before)


def _not_shown(hidden: Mapping[str, CompiledField], given: Json) -> Iterator[Problem]:
    for pointer, field in hidden.items():
        if not field.is_computed and not is_blank(_at(given, _steps(pointer))):
            yield Problem("field.not_shown", pointer)


def _missing(
    entity: CompiledEntity, after: Facts, access: Access, hidden: Mapping[str, CompiledField]
) -> Iterator[Problem]:
    """Whatever is required and blank: by the definition, by a formula, or by the state for whoever acts in it."""
    values = {key: after.values[key] for key in entity.fields if key in after.values}
    needed = dict(_needed(entity, after))
    for path in (key for key, level in access.named.items() if level == "required"):
        needed |= dict.fromkeys(_asked_for(entity.fields, values, path.split(".")), True)
    needed = {pointer: need and not _is_inside(pointer, hidden) for pointer, need in needed.items()}
    yield from missing(entity.fields, values, needed | dict.fromkeys(hidden, False))
    for pointer, is_needed in needed.items():
        if is_needed and is_blank(_at(values, _steps(pointer))):
            yield Problem("field.required", pointer)


def _asked_for(
    fields: Mapping[str, CompiledField], values: Values, path: Sequence[str], pointer: str = ""
) -> Iterator[str]:
    """Where a path stands: in every line, and in a group even when nothing stands in it yet."""
    key, *rest = path
    field, here = fields.get(key), f"{pointer}/{key}"
    if field is None or not rest:
        yield here
    elif field.type.storage is Storage.TABLE:
        for place, row in enumerate(values.get(key, ())):
            yield from _asked_for(field.fields, row, rest, f"{here}/{place}")
    else:
        yield from _asked_for(field.fields, values.get(key) or {}, rest, here)


def _is_inside(pointer: str, others: Iterable[str]) -> bool:
    """Whether it is one of the others, or stands inside of what one of them points to."""
    return any(f"{pointer}/".startswith(f"{each}/") for each in others)


def about(entity: CompiledEntity, reading: Facts, values: Values) -> Facts:
    """The same facts about other values of the record."""
    columns = {key: value for key, value in reading.values.items() if key not in entity.fields}
    return msgspec.structs.replace(reading, values=columns | dict(values))


def _each(entity: CompiledEntity, reading: Facts) -> Iterator[tuple[CompiledField, Facts, str]]:
    """Every place of every field that a formula shows, hides or requires, with the facts as they are there."""
    for field in entity.conditional:
        for holder, pointer in places(dict(reading.values), field.path):
            yield field, reading if len(field.path) == 1 else msgspec.structs.replace(reading, line=holder), pointer


def _hidden(entity: CompiledEntity, reading: Facts) -> Iterator[tuple[str, CompiledField]]:
    """The fields whose own condition hides them, by pointer."""
    for field, here, pointer in _each(entity, reading):
        if field.visible is not None and not holds(field.visible, here):
            yield pointer, field


def _needed(entity: CompiledEntity, reading: Facts) -> Iterator[tuple[str, bool]]:
    """Where the need for a value depends on a formula: needed or not."""
    for field, here, pointer in _each(entity, reading):
        if field.required_when is not None:
            yield pointer, field.definition.required or holds(field.required_when, here)


def _at(values: Json, steps: Iterable[str]) -> Json:
    """What stands there in values that may be of any shape, or None."""
    for step in steps:
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list) and step.isdigit() and int(step) < len(values):
            values = values[int(step)]
        else:
            return None
    return values


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def broken_rules(rules: Iterable[CompiledRule], reading: Facts) -> Iterator[tuple[CompiledRule, Problem]]:
    """Rules that are false. A rule whose values are still blank says nothing."""
    for rule in rules:
        formula = rule.condition
        try:
            if formula.evaluate(reading) is not False:
                continue
            said = {}
            for formula in rule.values:
                said[formula.text] = words(formula.evaluate(reading))
        except FormulaFailed as failure:
            yield rule, failure.problem(formula.text)
        else:
            params = {**said, "message": rule.message}
            yield rule, Problem(f"rule.{rule.definition.key}", "", params, translations=rule.translations)
