"""What stands against publishing a module, as (code, file, the text it points at)."""

import re
from collections.abc import Mapping
from typing import Any

from engine.compile.build import examine
from engine.compile.model import CompiledModule
from engine.definition.model import Json
from engine.definition.read import read
from engine.definition.text.positions import position
from engine.problems import Problem
from engine.sentences import SENTENCES
from tests.engine.definitions import files

#: Characters of the text behind the place that a test names.
Found = tuple[str, str, str]


def problems(properties: Json = None, **given: Json) -> list[Found]:
    """Every mistake in the module, with what stands at its line and column, up to the end of that line."""
    return _found("problems", properties, given)


def later(properties: Json = None, **given: Json) -> list[Found]:
    """Everything in the module that this version does not run yet."""
    return _found("later", properties, given)


def _found(what: str, properties: Json, given: dict[str, Any]) -> list[Found]:
    neighbours: Mapping[str, CompiledModule] = given.pop("neighbours", {})
    texts = files(properties, **given)
    found: tuple[Problem, ...] = getattr(examine(read(texts), neighbours), what)
    assert all({*re.findall(r"\{([a-z_]+)\}", SENTENCES[each.code])} <= set(each.params) for each in found)
    return [(each.code, each.file, _shown(texts[each.file].decode(), each)) for each in found]


def _shown(text: str, problem: Problem) -> str:
    places = (place for place in range(len(text)) if position(text, place) == (problem.line, problem.column))
    return text[next(places) :].partition("\n")[0].rstrip(",")
