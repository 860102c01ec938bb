"""A name must mean something: the two checks that all others are made of."""

from collections.abc import Iterable, Iterator, Mapping

from engine.compile.formulas.scope import SYSTEM
from engine.compile.model import CompiledField
from engine.definition.model import At
from engine.problems import Problem


def check_name(what: str, at: At, given: str, known: Iterable[str]) -> Iterator[Problem]:
    """The name is one of those that are known."""
    if given not in known:
        yield at.undefined(what, given, known)


def check_path(at: At, path: str, fields: Mapping[str, CompiledField]) -> Iterator[Problem]:
    """A field, a field inside an object or a column of line items; or, at the top, a system column."""
    here = fields
    for depth, key in enumerate(path.split(".")):
        if key not in here:
            if not (depth == 0 and path in SYSTEM):
                yield from check_name("field", at, key, here)
            return
        here = here[key].fields
