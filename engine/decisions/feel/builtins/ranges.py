"""How points and ranges lie to each other (DMN 1.5 §10.3.4.8: Allen's relations)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.values.comparison import less
from engine.decisions.feel.values.ranges import Range


@dataclass(frozen=True, slots=True)
class Edge:
    """An end of a range: its value, or without limit (`beyond` -1 or 1); `included` when it belongs to the range."""

    value: Any
    included: bool
    beyond: int = 0

    def before(self, other: "Edge") -> bool:
        if self.beyond or other.beyond:
            return self.beyond < other.beyond
        return less(self.value, other.value) is True

    def at(self, other: "Edge") -> bool:
        return not self.before(other) and not other.before(self) and not self.beyond


@dataclass(frozen=True, slots=True)
class Span:
    """A range, or a point as the range of itself."""

    start: Edge
    end: Edge
    point: bool


Relation = Callable[[Span, Span], bool]


def _span(value: Any) -> Span:
    if value.__class__ is not Range:
        edge = Edge(value, True)
        return Span(edge, edge, True)
    open_start = value.low is None and value.form == "comparison"
    open_end = value.high is None and value.form == "comparison"
    return Span(
        Edge(value.low, value.low_included, -1 if open_start else 0),
        Edge(value.high, value.high_included, 1 if open_end else 0),
        False,
    )


def _comparable(one: Span, other: Span) -> bool:
    edges = [edge for edge in (one.start, one.end, other.start, other.end) if not edge.beyond]
    return all(less(edges[0].value, edge.value) is not None for edge in edges)


def _before(one: Span, other: Span) -> bool:
    apart = not (one.end.included and other.start.included)
    return one.end.before(other.start) or (apart and one.end.at(other.start))


def _meets(one: Span, other: Span) -> bool:
    return one.end.included and other.start.included and one.end.at(other.start)


def _reaches(one: Span, other: Span) -> bool:
    """The one ends in or after the start of the other."""
    return other.start.before(one.end) or _meets(one, other)


def _overlaps(one: Span, other: Span) -> bool:
    return _reaches(one, other) and _reaches(other, one)


def _starts_no_later(one: Span, other: Span) -> bool:
    fits = one.start.included or not other.start.included
    return one.start.before(other.start) or (fits and one.start.at(other.start))


def _ends_no_later(one: Span, other: Span) -> bool:
    fits = other.end.included or not one.end.included
    return one.end.before(other.end) or (fits and one.end.at(other.end))


def _overlaps_before(one: Span, other: Span) -> bool:
    wider = one.start.included and not other.start.included
    earlier = one.start.before(other.start) or (wider and one.start.at(other.start))
    return earlier and _reaches(one, other) and _ends_no_later(one, other)


def _includes(one: Span, other: Span) -> bool:
    return _starts_no_later(one, other) and _ends_no_later(other, one)


def _finishes(one: Span, other: Span) -> bool:
    same_end = one.end.at(other.end) and one.end.included == other.end.included
    return same_end and (one.point or _starts_no_later(other, one))


def _starts(one: Span, other: Span) -> bool:
    same_start = one.start.at(other.start) and one.start.included == other.start.included
    return same_start and (one.point or _ends_no_later(one, other))


def _coincides(one: Span, other: Span) -> bool:
    ends = one.start.at(other.start) and one.end.at(other.end)
    return ends and (one.start.included, one.end.included) == (other.start.included, other.end.included)


def _swapped(relation: Relation) -> Relation:
    return lambda one, other: relation(other, one)


POINTS, RANGES, POINT_RANGE, RANGE_POINT = (
    "point1: Any, point2: Any",
    "range1: range, range2: range",
    "point: Any, range: range",
    "range: range, point: Any",
)
RELATIONS: tuple[tuple[str, Relation, tuple[str, ...]], ...] = (
    ("before", _before, (RANGES, POINT_RANGE, RANGE_POINT, POINTS)),
    ("after", _swapped(_before), (RANGES, POINT_RANGE, RANGE_POINT, POINTS)),
    ("meets", _meets, (RANGES,)),
    ("met by", _swapped(_meets), (RANGES,)),
    ("overlaps", _overlaps, (RANGES,)),
    ("overlaps before", _overlaps_before, (RANGES,)),
    ("overlaps after", _swapped(_overlaps_before), (RANGES,)),
    ("finishes", _finishes, (RANGES, POINT_RANGE)),
    ("finished by", _swapped(_finishes), (RANGES, RANGE_POINT)),
    ("includes", _includes, (RANGES, RANGE_POINT)),
    ("during", _swapped(_includes), (RANGES, POINT_RANGE)),
    ("starts", _starts, (RANGES, POINT_RANGE)),
    ("started by", _swapped(_starts), (RANGES, RANGE_POINT)),
    ("coincides", _coincides, (RANGES, POINTS)),
)


def _related(relation: Relation, form: str) -> Callable[[Run, Any, Any], bool | None]:
    takes_ranges = [part.strip().endswith("range") for part in form.split(",")]

    def decide(run: Run, one: Any, other: Any) -> bool | None:
        if [value.__class__ is Range for value in (one, other)] != takes_ranges:
            return None
        first, second = _span(one), _span(other)
        return relation(first, second) if _comparable(first, second) else None

    return decide


for _name, _relation, _forms in RELATIONS:
    for _form in _forms:
        builtin(_name, _form, "boolean")(_related(_relation, _form))
