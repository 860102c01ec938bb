"""Fields that change without anybody saving their record, because they depend on other records."""

from collections.abc import Iterable, Iterator, Mapping

from engine.compile.formulas.order import Path, formulas_of, reads
from engine.compile.model import CompiledField
from engine.compile.shape import walk
from engine.formula.library.series import Series, series_read
from engine.problems import Problem


def derived(fields: Mapping[str, CompiledField], order: Iterable[CompiledField]) -> frozenset[Path]:
    """Rollups, what reads earlier records of a series, and whatever is computed of these."""
    found = {field.path for field in walk(fields) if "x-rollup" in field.definition.schema}
    for field in order:
        conditions = (field.formula, field.visible)
        read = (path for each in conditions if each is not None for path, _ in reads(field.path[:-1], each))
        if any(series_read(path) or any(overlap(path, other) for other in found) for path in read):
            found.add(field.path)
    return frozenset(found)


def overlap(path: Path, other: Path) -> bool:
    """Whether one of the paths leads to the other's place, or into it."""
    return all(one == two for one, two in zip(path, other, strict=False))


def series_of(fields: Mapping[str, CompiledField]) -> tuple[Series, ...]:
    """The series that formulas of the fields read."""
    found = {series_read(path) for _, formula in formulas_of(fields) for path in formula.reads}
    return tuple(sorted(each for each in found if each is not None))


def check_series(fields: Mapping[str, CompiledField], changing: frozenset[Path]) -> Iterator[Problem]:
    """Series whose order would change under way."""
    for field in walk(fields):
        for path in field.formula.reads if field.formula is not None else ():
            series = series_read(path)
            for key in (*series.by, series.order) if series else ():
                if any(overlap((key,), each) for each in changing):
                    at = field.definition.at / "x-formula"
                    yield at.problem("formula.series_derived", given=key)
