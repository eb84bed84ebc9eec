"""Where no rule of a table answers, and where several do, each with an example input."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.decisions.dmn.cells import Axis, Cell, axis_key, cell_of
from engine.decisions.dmn.tables import ANYTHING, InputColumn, Table
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.expression import compile_text
from engine.decisions.feel.values.calendar import Date, date_of_number
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths
from engine.decisions.feel.values.types import FeelType

MAX_NODES = 20_000
MAX_FOUND = 5
KIND_OF_TYPE = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "days and time duration": DaysDuration,
    "years and months duration": YearsMonths,
}


@dataclass(frozen=True)
class Spot:
    """An example input (one value for each column; None is any value) and the rules from 0 that match there."""

    example: tuple[Any, ...]
    rules: tuple[int, ...]


@dataclass(frozen=True)
class Area:
    """A stretch of one column where the same rules match: an example value, and those rules as bits."""

    example: Any
    rules: int


@dataclass
class Coverage:
    """What a walk over all combinations of areas found. `complete` is False when there were too many."""

    gaps: list[Spot]
    overlaps: list[Spot]
    first_hits: int
    matched: int
    complete: bool


def coverage(table: Table) -> Coverage | None:
    """The gaps and overlaps of a table; None when a cell is no constant test, so that nothing is certain."""
    columns = []
    for column, described in zip(table.inputs, table.box.inputs, strict=True):
        areas = _areas(column, described.values)
        if areas is None:
            return None
        columns.append(areas)
    found = Coverage([], [], 0, 0, True)
    _Walk(columns, found).visit(0, table.everything, ())
    return found


class _Walk:
    """Depth first through the columns; the same rules in the same column are looked at once."""

    def __init__(self, columns: list[list[Area]], found: Coverage) -> None:
        self.columns = columns
        self.found = found
        self.seen: set[tuple[int, int]] = set()

    def visit(self, at: int, rules: int, example: tuple[Any, ...]) -> None:
        if (at, rules) in self.seen:
            return
        self.seen.add((at, rules))
        if len(self.seen) > MAX_NODES:
            self.found.complete = False
            return
        if not rules:
            self._note(self.found.gaps, example, rules)
        elif at == len(self.columns):
            self._end(rules, example)
        else:
            for area in self.columns[at]:
                self.visit(at + 1, rules & area.rules, (*example, area.example))

    def _end(self, rules: int, example: tuple[Any, ...]) -> None:
        self.found.first_hits |= rules & -rules
        self.found.matched |= rules
        if rules & (rules - 1):
            self._note(self.found.overlaps, example, rules)

    def _note(self, into: list[Spot], example: tuple[Any, ...], rules: int) -> None:
        padded = example + (None,) * (len(self.columns) - len(example))
        if len(into) < MAX_FOUND:
            into.append(Spot(padded, tuple(at for at in range(rules.bit_length()) if rules >> at & 1)))


def _areas(column: InputColumn, allowed: str) -> list[Area] | None:
    """The areas of a column over the type of its constants; one area when every cell accepts anything."""
    cells = column.index.cells
    known = [cell for cell in cells if cell is not None]
    if len(known) < len(cells):
        return None
    kinds = {piece.kind for cell in known for piece in cell.pieces}
    if not kinds and all(cell.accepts_all for cell in known):
        return [Area(None, column.index.everything)]
    kind = KIND_OF_TYPE.get(column.wanted.kind) or (kinds.pop() if len(kinds) == 1 else None)
    if kind is None:
        return None
    limits = _limits(allowed, column.wanted)
    if limits is False:
        return None
    return _of_kind(kind, known, limits if isinstance(limits, Cell) else None)


def _limits(allowed: str, wanted: FeelType) -> Cell | bool | None:
    """The allowed values as a cell; None without any, False when they are no constants."""
    if allowed in ANYTHING:
        return False if wanted.allowed is not None else None
    try:
        return cell_of(compile_text(allowed, unary=True).node) or False
    except FeelError:
        return False


def _of_kind(kind: type, cells: list[Cell], limits: Cell | None) -> list[Area]:
    axis = Axis(kind, [*cells, *([limits] if limits else [])])
    accepted = [axis.accepted(cell) for cell in cells]
    inside = axis.accepted(limits) if limits else axis.full
    areas: dict[int, Area] = {}
    for position, example in _examples(axis):
        if inside >> position & 1:
            rules = sum(1 << rule for rule, positions in enumerate(accepted) if positions >> position & 1)
            areas.setdefault(rules, Area(example, rules))
    return list(areas.values())


def _examples(axis: Axis) -> Iterator[tuple[int, Any]]:
    """For each position that exists a value that lies there, constants before the gaps between them."""
    keys = axis.keys
    for at, key in enumerate(keys):
        yield 2 * at + 1, _value(axis.kind, key)
    for at in range(len(keys) + 1):
        low, high = keys[at - 1] if at else None, keys[at] if at < len(keys) else None
        found = _GAPS[axis.kind](low, high)
        if found is not None and axis_key(found) not in keys:
            yield 2 * at, found


def _value(kind: type, key: Any) -> Any:
    if kind is Date:
        return date_of_number(key)
    return kind(key) if kind in (DaysDuration, YearsMonths) else key


def _number_between(low: Any, high: Any) -> Any:
    if low is None:
        return Decimal(0) if high is None else high - 1
    return low + 1 if high is None or high - low > 1 else (low + high) / 2


def _text_between(low: Any, high: Any) -> Any:
    """Some other text: only the one after all constants is told, since it stands for them all."""
    if high is not None:
        return None
    return "…" if low is None else low + "…"


def _whole_between(low: Any, high: Any) -> int | None:
    if low is None:
        return 0 if high is None else int(high) - 1
    return int(low) + 1 if high is None or high - low > 1 else None


def _boolean_left(low: Any, high: Any) -> Any:
    if low is None and high is None:
        return True
    if low is None:
        return False if high is True else None
    return True if high is None and low is False else None


def _made(kind: type, made: Any) -> Any:
    return None if made is None else _value(kind, made)


_GAPS: dict[type, Any] = {
    Decimal: _number_between,
    str: _text_between,
    bool: _boolean_left,
    Date: lambda low, high: _made(Date, _whole_between(low, high)),
    DaysDuration: lambda low, high: _made(DaysDuration, _whole_between(low, high)),
    YearsMonths: lambda low, high: _made(YearsMonths, _whole_between(low, high)),
}
