"""Cells that test against constants, as sets of positions on the axis of all constants of their column.

A column with k constants of one type has 2k + 1 positions: 2i + 1 is the i-th constant, 2i the gap before it.
The same sets make a table fast (one look-up per column) and show its gaps and overlaps.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.decisions.feel.syntax import Comparison, In, Interval, ListOf, Literal, Negation, Node, NotIn
from engine.decisions.feel.values.arithmetic import negate
from engine.decisions.feel.values.calendar import Date
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths

INDEXED = (Decimal, str, bool, Date, DaysDuration, YearsMonths)


@dataclass(frozen=True)
class Piece:
    """Values from `low` to `high` (None is without limit), of one type; `other` is everything but `low`."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool
    other: bool = False

    @property
    def kind(self) -> type:
        return type(self.high if self.low is None else self.low)


@dataclass(frozen=True)
class Cell:
    """What a cell accepts: any value, or the pieces, or (negated) everything else."""

    pieces: tuple[Piece, ...] = ()
    accepts_all: bool = False
    negated: bool = False


def cell_of(node: Node) -> Cell | None:
    """The cell's pieces; None when it needs names, functions or other types and must be evaluated."""
    if isinstance(node, Literal) and node.value is True:
        return Cell(accepts_all=True)
    tests = node.tests if isinstance(node, NotIn) else node
    if not isinstance(tests, In):
        return None
    pieces: list[Piece] = []
    for test in tests.tests:
        found = _pieces(test)
        if found is None:
            return None
        pieces.extend(found)
    return Cell(tuple(pieces), negated=isinstance(node, NotIn))


def _pieces(test: Node) -> tuple[Piece, ...] | None:
    """Empty for the literal null."""
    if isinstance(test, Literal) and test.value is None:
        return ()
    value = _constant(test)
    if value is not None:
        return (Piece(value, value, True, True),)
    read = _READERS.get(test.__class__)
    return read(test) if read else None


def _interval(test: Interval) -> tuple[Piece, ...] | None:
    low, high = _constant(test.low), _constant(test.high)
    if low is None or high.__class__ is not low.__class__ or isinstance(low, bool):
        return None
    return (Piece(low, high, test.low_included, test.high_included),)


def _listed(test: ListOf) -> tuple[Piece, ...] | None:
    found = [_pieces(item) for item in test.items]
    if not found or any(not part for part in found):
        return None
    return tuple(piece for part in found if part for piece in part)


def _compared(test: Comparison) -> tuple[Piece, ...] | None:
    value = _constant(test.operand)
    if value is None:
        return None
    if test.operator in ("=", "!="):
        return (Piece(value, value, True, True, other=test.operator == "!="),)
    if isinstance(value, bool):
        return None
    included = test.operator.endswith("=")
    if test.operator.startswith("<"):
        return (Piece(None, value, False, included),)
    return (Piece(value, None, included, False),)


_READERS: dict[type[Node], Callable[[Any], tuple[Piece, ...] | None]] = {
    Comparison: _compared,
    Interval: _interval,
    ListOf: _listed,
}


def _constant(node: Node) -> Any:
    if isinstance(node, Literal) and isinstance(node.value, INDEXED):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        return negate(node.operand.value)
    return None


class Axis:
    """The constants of one type in a column, in order."""

    def __init__(self, kind: type, cells: list[Cell]) -> None:
        self.kind = kind
        keys = {axis_key(end) for cell in cells for piece in cell.pieces if piece.kind is kind for end in _ends(piece)}
        self.keys = sorted(keys)
        self.size = 2 * len(self.keys) + 1
        self.full = (1 << self.size) - 1

    def position(self, value: Any) -> int:
        """Where a value of the axis' type lies."""
        key = axis_key(value)
        at = bisect_left(self.keys, key)
        return 2 * at + 1 if at < len(self.keys) and self.keys[at] == key else 2 * at

    def accepted(self, cell: Cell) -> int:
        """The positions that the cell accepts, as bits."""
        if cell.accepts_all:
            return self.full
        bits = 0
        for piece in cell.pieces:
            if piece.kind is self.kind:
                bits |= self._bits(piece)
            elif cell.negated:
                return 0  # comparing with another type is null, and not(null) is no match
        return self.full & ~bits if cell.negated else bits

    def _bits(self, piece: Piece) -> int:
        if piece.other:
            return self.full & ~(1 << self.position(piece.low))
        first = 0 if piece.low is None else self.position(piece.low) + (not piece.low_included)
        last = self.size - 1 if piece.high is None else self.position(piece.high) - (not piece.high_included)
        return ((1 << (last - first + 1)) - 1) << first if last >= first else 0


def axis_key(value: Any) -> Any:
    """What orders the constants: the value itself, or the number behind it."""
    kind = value.__class__
    if kind is Date:
        return value.day_number
    if kind is DaysDuration:
        return value.nanos
    return value.months if kind is YearsMonths else value


def _ends(piece: Piece) -> Iterator[Any]:
    for end in (piece.low, piece.high):
        if end is not None:
            yield end
