"""What a meta-schema finds wrong with a document, as Problems that say what would be accepted."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from jsonschema import ValidationError

from engine.definition.document.meta_schema import errors_of, is_fine
from engine.definition.model import At, Json
from engine.problems import Problem, nearest

#: Keyword → the code of its problem; the limit fills the sentence.
LIMITS: Final[Mapping[str, str]] = {
    "minLength": "definition.too_short",
    "maxLength": "definition.too_long",
    "minItems": "definition.too_few",
    "maxItems": "definition.too_many",
    "minProperties": "definition.too_few",
    "minimum": "definition.too_small",
    "exclusiveMinimum": "definition.not_above",
    "maximum": "definition.too_large",
    "uniqueItems": "definition.repeated",
}

#: Characters of what was given that a sentence repeats.
SHOWN: Final = 60


def check_shape(kind: str, document: Json, file: str) -> tuple[Problem, ...]:
    """Every mistake in the shape of a document, as the meta-schema of its kind sees it."""
    if is_fine(kind, document):
        return ()
    problems = [each for error in errors_of(kind, document) for each in _worded(error, file)]
    misspelt: dict[str, list[str]] = defaultdict(list)
    for each in problems:
        if each.code == "definition.unknown_key":
            misspelt[each.pointer.rpartition("/")[0]].append(each.params["given"])
    return tuple(each for each in problems if not _is_misspelt(each, misspelt[each.pointer]))


def _is_misspelt(problem: Problem, unknown: list[str]) -> bool:
    """Whether what is missing is there under a similar name: one mistake, not two."""
    if problem.code == "definition.one_missing":
        return bool(unknown)
    return problem.code == "definition.missing_key" and bool(get_close_matches(problem.params["key"], unknown))


def _worded(error: ValidationError, file: str) -> Iterator[Problem]:
    at = At(file=file)
    for step in error.absolute_path:
        at /= step
    keyword, limit = str(error.validator), error.validator_value
    if keyword in LIMITS:
        yield at.problem(LIMITS[keyword], limit=str(limit))
    elif keyword in _WORDED:
        yield _WORDED[keyword](error, at)
    elif keyword == "additionalProperties":
        yield from _unknown_keys(error.instance, error.schema["properties"], at)
    elif all(isinstance(each, dict) and set(each) == {"required"} for each in limit):
        yield _one_of([key for each in limit for key in each["required"]], error.instance, at)
    else:
        yield from _nearest_branch(error, at, file)


def _choice(error: ValidationError, at: At) -> Problem:
    known = error.validator_value if error.validator == "enum" else [error.validator_value]
    given = _shown(error.instance)
    return at.problem("definition.choice", given=given, known=nearest(given, map(_shown, known)))


def _type(error: ValidationError, at: At) -> Problem:
    return at.problem("definition.type", given=_type_of(error.instance), known=_named([error.validator_value]))


def _pattern(error: ValidationError, at: At) -> Problem:
    return at.problem("definition.pattern", given=_shown(error.instance), **_expected(error.schema))


def _key_pattern(error: ValidationError, at: At) -> Problem:
    key: str = error.message
    return (at / key).problem("definition.key_pattern", given=_shown(key), **_expected(error.context[0].schema))


def _missing_key(error: ValidationError, at: At) -> Problem:
    key: str = error.message
    return at.problem("definition.missing_key", key=key)


def _lonely_key(error: ValidationError, at: At) -> Problem:
    key: str = error.message
    return (at / key).problem("definition.lonely_key", key=key, needed=", ".join(error.validator_value[key]))


_WORDED: Final[Mapping[str, Callable[[ValidationError, At], Problem]]] = {
    "enum": _choice,
    "const": _choice,
    "type": _type,
    "pattern": _pattern,
    "propertyNames": _key_pattern,
    "required": _missing_key,
    "dependentRequired": _lonely_key,
}


def _unknown_keys(given: Mapping[str, Json], properties: Iterable[str], at: At) -> Iterator[Problem]:
    free = [key for key in properties if key not in given and key != "$schema"]
    for key in given:
        if key not in properties:
            yield (at / key).problem("definition.unknown_key", given=_shown(key), known=nearest(key, free))


def _one_of(keys: list[str], given: Mapping[str, Json], at: At) -> Problem:
    if present := [key for key in keys if key in given]:
        return at.problem("definition.one_too_many", given=", ".join(present))
    return at.problem("definition.one_missing", known=", ".join(keys))


def _nearest_branch(error: ValidationError, at: At, file: str) -> Iterator[Problem]:
    """Of several alternatives, what is wrong with the one that was probably meant."""
    branches: dict[int | str, list[ValidationError]] = defaultdict(list)
    for inner in error.context:
        branches[inner.relative_schema_path[0]].append(inner)
    fitting = [errors for errors in branches.values() if not any(map(_is_about_type, errors))]
    if fitting:
        for inner in min(fitting, key=len):
            yield from _worded(inner, file)
    else:
        types = [inner.validator_value for inner in error.context if _is_about_type(inner)]
        yield at.problem("definition.type", given=_type_of(error.instance), known=_named(types))


def _is_about_type(error: ValidationError) -> bool:
    return error.validator == "type" and not error.relative_path


def _named(types: Iterable[Json]) -> str:
    """JSON's names of types, each once; an alternative may itself allow several."""
    return ", ".join(dict.fromkeys(name for each in types for name in ([each] if isinstance(each, str) else each)))


def _type_of(value: Json) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _expected(schema: Mapping[str, Json]) -> dict[str, str]:
    return {"pattern": schema["pattern"], "example": ", ".join(schema["examples"])}
