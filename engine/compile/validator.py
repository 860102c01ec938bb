"""Validates whole records against the JSON Schema keywords of their entity, and words what it finds as Problems.

`jsonschema` gives the verdict, with the corrections that exact numbers need; `jsonschema-rs` says quickly that a record
is fine, which is what happens nearly always. Field types have already brought every value into its normal form.
"""

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs
import referencing
from jsonschema import Draft202012Validator, ValidationError, validators

from engine.definition.model import Json
from engine.problems import Problem, nearest

#: A quotient beyond this many digits is no longer decided: nothing people enter comes near.
MAX_DIGITS: Final = 40
_EXACT: Final = Context(prec=2 * MAX_DIGITS)
#: Steps back that a pattern with look-around or back references may take; a person's pattern needs some hundred.
MAX_BACKTRACKS: Final = 100_000

#: Keyword → (problem code, parameter that names the limit).
LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "minimum": ("field.minimum", "limit"),
    "maximum": ("field.maximum", "limit"),
    "exclusiveMinimum": ("field.above", "limit"),
    "exclusiveMaximum": ("field.below", "limit"),
    "multipleOf": ("field.multiple", "limit"),
    "minLength": ("field.too_short", "limit"),
    "maxLength": ("field.too_long", "limit"),
    "minItems": ("field.too_few", "limit"),
    "maxItems": ("field.too_many", "limit"),
    "pattern": ("field.pattern", "pattern"),
    "format": ("field.format", "format"),
    "const": ("field.const", "value"),
}
#: Stands for the keyword where the schema of a property is `false`.
_ABSENT: Final = "absent"


class Validator:
    """Finds everything wrong with the values of a record."""

    def __init__(self, schema: Mapping[str, Json]) -> None:
        """Raises `ValueError` when this is no schema of 2020-12."""
        self._quick = jsonschema_rs.validator_for(dict(schema), validate_formats=True, offline=True)
        self._thorough = _RecordValidator(schema, registry=referencing.Registry())

    def problems(self, values: Mapping[str, Json]) -> tuple[Problem, ...]:
        """Every mistake with the pointer of its field; empty when the values fit."""
        if self._quick.is_valid(values):
            return ()
        errors = self._thorough.iter_errors(values)
        found = {(each.pointer, each.code): each for error in errors for each in _worded(error)}
        return tuple(found[key] for key in sorted(found))


def _worded(error: ValidationError) -> Iterator[Problem]:
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.absolute_path)
    keyword, limit = str(error.validator), error.validator_value
    if keyword in {"anyOf", "oneOf"} and error.context:
        yield from _branches(error, pointer)
    elif keyword in {"required", "dependentRequired"}:
        wanted = (
            limit
            if keyword == "required"
            else [key for given in limit if given in error.instance for key in limit[given]]
        )
        yield from (Problem("field.required", f"{pointer}/{key}") for key in wanted if key not in error.instance)
    elif keyword == "enum":
        yield Problem("field.choice", pointer, {"known": nearest(str(error.instance), map(str, limit))})
    elif keyword in LIMITS:
        code, name = LIMITS[keyword]
        yield Problem(code, pointer, {name: str(limit)})
    elif keyword == "uniqueItems":
        yield Problem("field.repeated", pointer)
    elif keyword == _ABSENT:
        yield Problem("field.not_shown", pointer)
    else:
        yield Problem("field.keyword", pointer, {"keyword": keyword})


def _branches(error: ValidationError, pointer: str) -> Iterator[Problem]:
    """Of several alternatives: the ways out when each lacks a field, else what is wrong with the nearest one."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context:
        # What the schema `false` refuses has no path.
        branch = inner.relative_schema_path[0] if inner.relative_schema_path else -1
        branches.setdefault(branch, []).append(inner)
    if all(each.validator == "required" and not each.relative_path for each in error.context):
        names = dict.fromkeys(key for errors in branches.values() for key in errors[0].validator_value)
        for key in names:
            yield Problem("field.one_of_required", f"{pointer}/{key}", {"known": ", ".join(names)})
        return
    best = min(branches.values(), key=len)
    for inner in best:
        yield from _worded(inner)


def _multiple_of(_validator: Any, step: Json, value: Json, _schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return
    number, unit = Decimal(value), Decimal(str(step))
    if abs(number.adjusted() - unit.adjusted()) > MAX_DIGITS or _EXACT.remainder_near(number, unit) != 0:
        yield ValidationError(f"{value} is not a multiple of {step}")


def _pattern(_validator: Any, pattern: str, value: Json, _schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, str) and not matcher(pattern).is_valid(value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any,  # noqa: ANN401
    patterns: Mapping[str, Json],
    value: Json,
    _schema: Json,
) -> Iterator[ValidationError]:
    for pattern, schema in patterns.items() if isinstance(value, Mapping) else ():
        for key in filter(matcher(pattern).is_valid, value):
            yield from validator.descend(value[key], schema, path=key, schema_path=pattern)


def _additional_properties(
    validator: Any,  # noqa: ANN401
    schema: Json,
    value: Json,
    around: Mapping[str, Json],
) -> Iterator[ValidationError]:
    if isinstance(value, Mapping):
        matchers = [matcher(pattern) for pattern in around.get("patternProperties", ())]
        for key in value:
            if key not in around.get("properties", ()) and not any(each.is_valid(key) for each in matchers):
                yield from _property(validator, key, value[key], schema)


def _properties(
    validator: Any,  # noqa: ANN401
    properties: Mapping[str, Json],
    value: Json,
    _schema: Json,
) -> Iterator[ValidationError]:
    for key, schema in properties.items() if isinstance(value, Mapping) else ():
        if key in value:
            yield from _property(validator, key, value[key], schema)


def _property(validator: Any, key: str, value: Json, schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    """What is wrong with one property. Of what the schema `false` refuses, jsonschema would not say where it is."""
    if schema is False:
        yield ValidationError(f"{key!r} must not be there", validator=_ABSENT, path=(key,))
    else:
        yield from validator.descend(value, schema, path=key, schema_path=key)


def _format(_validator: Any, name: str, value: Json, _schema: Json) -> Iterator[ValidationError]:  # noqa: ANN401
    if isinstance(value, str) and not _formatted(name).is_valid(value):
        yield ValidationError(f"{value!r} is not a {name}")


@lru_cache(maxsize=256)
def _formatted(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)


@lru_cache(maxsize=4096)
def matcher(pattern: str) -> jsonschema_rs.Draft202012Validator:
    """Matches as the browser does; raises ValueError for what is no pattern.

    In linear time, unless the pattern looks around or back: then text that takes too many steps does not match.
    """
    schema = {"type": "string", "pattern": pattern}
    try:
        return jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions())
    except ValueError:
        limited = jsonschema_rs.FancyRegexOptions(backtrack_limit=MAX_BACKTRACKS)
        return jsonschema_rs.Draft202012Validator(schema, pattern_options=limited)


def _is_whole(_checker: Any, value: Json) -> bool:  # noqa: ANN401
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


_RecordValidator: Final = validators.extend(
    Draft202012Validator,
    validators={
        "multipleOf": _multiple_of,
        "pattern": _pattern,
        "format": _format,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "properties": _properties,
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)
