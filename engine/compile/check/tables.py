"""Whether the rows of a decision table leave gaps, overlap, or are never reached, each with an example.

The values of every column are cut into pieces at the constants of its cells, so that every cell lets a piece through
as a whole or not at all; what is representable counts, so that `<= 499999.99` and `>= 500000` leave no gap in an
amount. Cells that compare with something else than constants may fit or not; nothing is said that depends on them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from engine.compile.check.domains import Domain, Fit, domain
from engine.compile.formulas.compiler import Formulas
from engine.compile.formulas.tables import ReadTable
from engine.problems import Problem

#: Rows that are looked at, over all combinations of pieces; about a second.
MAX_STEPS: Final = 300_000
#: Gaps that are told of one table; who closes them sees the next.
MAX_GAPS: Final = 3
_ONE_ROW: Final = frozenset({"first", "unique"})


def check_table(read: ReadTable, formulas: Formulas, *, is_rounded: bool = True) -> None:
    """Add what is wrong to the problems, or to the notes that the table is too large to tell.

    `is_rounded`: whether the table reads numbers as they are kept.
    """
    cells = zip(*(line.cells for line in read.lines), strict=True)
    domains = []
    for column, tests in zip(read.columns, cells, strict=True):
        if (found := domain(column, tests, is_rounded=is_rounded)) is not None:
            domains.append(found)
    search = _Search(read, domains)
    if len(domains) == len(read.columns) and search.run():
        formulas.problems.extend(search.problems())
    else:
        formulas.notes.append(read.table.at.problem("decision_table.unchecked"))


#: Rows that may still fit, in order, each with what is known of it so far.
_Alive = tuple[tuple[int, Fit], ...]


class _Search:
    """Goes through the columns, keeping only the rows that may still fit; alike situations are looked at once."""

    def __init__(self, read: ReadTable, domains: Sequence[Domain]) -> None:
        self._read, self._domains = read, domains
        self._is_one_row = read.table.hit in _ONE_ROW
        self._default = len(read.lines) - 1 if read.lines[-1].row.is_default else None
        self._seen: set[tuple[int, bool, _Alive]] = set()
        self._left = MAX_STEPS
        self._reached: set[int] = set()
        self._gaps: list[str] = []
        self._overlaps: dict[tuple[int, int], str] = {}

    def run(self) -> bool:
        """Look at every combination; whether there were few enough of them."""
        rows = tuple((number, Fit.YES) for number in range(len(self._read.lines)))
        self._visit(0, rows, (), is_blank=False)
        return self._left >= 0

    def problems(self) -> Iterator[Problem]:
        """What has been found."""
        at = self._read.table.at
        if self._is_one_row:
            for example in self._gaps:
                yield at.problem("decision_table.gap", example=example)
        if self._read.table.hit == "unique":
            for (one, other), example in self._overlaps.items():
                place = at / "rows" / other
                yield place.problem("decision_table.overlap", row=str(one + 1), other=str(other + 1), example=example)
        for number, line in enumerate(self._read.lines):
            # A last row for everything else does no harm where nothing is left.
            if number not in self._reached and number != self._default:
                yield line.row.at.problem("decision_table.unreachable", row=str(number + 1))

    def _visit(self, column: int, alive: _Alive, example: tuple[str, ...], *, is_blank: bool) -> None:
        key = column, is_blank, alive
        if not alive:
            self._note_gap(column, example, is_blank=is_blank)
            return
        if self._left < 0 or key in self._seen:
            return
        self._seen.add(key)
        if column == len(self._domains):
            self._conclude(alive, example)
            return
        for piece in self._domains[column].pieces:
            self._left -= len(alive) + 1
            rows = ((number, min(fit, piece.fits[number])) for number, fit in alive)
            told = (*example, f"{self._read.columns[column].path} = {piece.example}")
            left = tuple((number, fit) for number, fit in rows if fit is not Fit.NO)
            self._visit(column + 1, left, told, is_blank=is_blank or piece.is_blank)

    def _note_gap(self, column: int, example: tuple[str, ...], *, is_blank: bool) -> None:
        """No row is left, whatever the columns from this one on say. It is a gap when all values are there."""
        if not is_blank and len(self._gaps) < MAX_GAPS:
            rest = (each.pieces[0].example for each in self._domains[column:])
            others = zip(self._read.columns[column:], rest, strict=True)
            self._gaps.append(", ".join((*example, *(f"{each.path} = {value}" for each, value in others))))

    def _conclude(self, alive: _Alive, example: tuple[str, ...]) -> None:
        """What follows where all columns are settled."""
        if self._read.table.hit == "unique":
            self._note_overlaps(alive, example)
        for number, fit in alive:
            if fit in {Fit.YES, Fit.MAYBE}:
                self._reached.add(number)
            if self._is_one_row and fit in {Fit.YES, Fit.UNKNOWN}:
                break

    def _note_overlaps(self, alive: _Alive, example: tuple[str, ...]) -> None:
        fitting = [number for number, fit in alive if fit is Fit.YES and number != self._default]
        self._left -= len(fitting) ** 2
        for place, one in enumerate(fitting):
            for other in fitting[place + 1 :]:
                self._overlaps.setdefault((one, other), ", ".join(example))
                # It is told there; the row is not lost to another one as well.
                self._reached.add(other)
