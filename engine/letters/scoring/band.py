"""BAND: points by interval of numbers or dates, or by level (domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.letters.scoring import expr
from engine.letters.scoring.exact import HUNDRED, ZERO, number, result, show
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Facts, Score, Terms, unscored
from engine.letters.scoring.units import converted, start

Place = Decimal | date
"""Where a value lies on the scale of the bands."""


@dataclass(frozen=True)
class Band:
    """An interval and what it is worth: a number or a FEEL expression over A, T, lo and hi; None is no edge."""

    low: Place | None
    high: Place | None
    worth: Any
    low_closed: bool = True
    high_closed: bool = False

    def holds(self, place: Any) -> bool:
        if self.low is not None and (place < self.low or (place == self.low and not self.low_closed)):
            return False
        return self.high is None or place < self.high or (place == self.high and self.high_closed)

    def shown(self) -> str:
        left = "(−∞" if self.low is None else f"{'[' if self.low_closed else '('}{show(self.low)}"
        right = "+∞)" if self.high is None else f"{show(self.high)}{']' if self.high_closed else ')'}"
        return f"{left}, {right}"


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """What the band around the actual value is worth. A value in a gap stays unscored and says so."""
    if facts.actual is None:
        return unscored("actual")
    if levels := terms.params.get("levels"):
        return _level(terms, facts, levels)
    place = _place(facts.actual, terms)
    found = next((band for band in read(terms) if band.holds(place)), None)
    if found is None:
        return unscored("band")
    return _worth(terms, facts, found, place)


def read(terms: Terms) -> list[Band]:
    """The bands of an item in their order; the first that holds counts.

    A band is `{lo, hi, value, lo_closed, hi_closed}`, `[lo, hi, value]` or `["<=03-31", value]`; `edges` (`(lo,hi]`)
    sets the default edges, which are `[lo,hi)`; a band whose edges are equal is that one value.
    Raises InvalidInput(`score.bands_missing`, `score.band`).
    """
    given = terms.params.get("bands", terms.params.get("rows"))
    if not given or isinstance(given, Mapping):
        raise InvalidInput("score.bands_missing", "the method BAND needs its bands: enter them")
    edges = str(terms.params.get("edges", "[lo,hi)")).strip()
    default = (edges.startswith("["), edges.endswith("]"))
    return [_band(entry, default, terms) for entry in given]


def _band(entry: Any, default: tuple[bool, bool], terms: Terms) -> Band:
    if isinstance(entry, Mapping):
        low, high = _edge(entry.get("lo"), terms), _edge(entry.get("hi"), terms)
        closed = bool(entry.get("lo_closed", default[0])), bool(entry.get("hi_closed", default[1]))
        return Band(low, high, entry.get("value"), *closed)
    if len(entry) == 2:
        return _compared(str(entry[0]).strip(), entry[1], terms)
    if len(entry) != 3:
        raise InvalidInput("score.band", f"{entry!r} is no band: write lo, hi, value", band=str(entry))
    low, high = _edge(entry[0], terms), _edge(entry[1], terms)
    if low is not None and low == high:
        return Band(low, high, entry[2], True, True)
    return Band(low, high, entry[2], *default)


def _compared(text: str, value: Any, terms: Terms) -> Band:
    sign = next((sign for sign in ("<=", ">=", "≤", "≥", "<", ">", "=") if text.startswith(sign)), None)
    if sign is None:
        raise InvalidInput("score.band", f"{text!r} is no band: write <=5, >03-31 …", band=text)
    edge = _edge(text.removeprefix(sign).strip(), terms)
    if sign in {"<=", "≤", "<"}:
        return Band(None, edge, value, True, sign != "<")
    if sign in {">=", "≥", ">"}:
        return Band(edge, None, value, sign != ">", False)
    return Band(edge, edge, value, True, True)


def _edge(value: Any, terms: Terms) -> Place | None:
    return None if value is None or value == "" else _place(value, terms)


def _place(value: Any, terms: Terms) -> Place:
    """A value on the scale: a number, or with `by: date` a day; `03-31` takes its year from `params.year`."""
    if terms.params.get("by") != "date":
        return number(value, "actual")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        return date.fromisoformat(text if len(text) > 5 else f"{int(terms.params.get('year', 1)):04d}-{text}")
    except ValueError:
        raise InvalidInput("score.date", f"{text!r} is no day: write 2026-03-31 or 03-31", value=text) from None


def _level(terms: Terms, facts: Facts, levels: Mapping[str, Any]) -> Score:
    given = str(facts.actual).strip()
    if given not in levels:
        known = "、".join(map(str, levels))
        raise InvalidInput("score.level", f"{given!r} is no level of the item: {known}", level=given, known=known)
    worths = {str(name): number(value, "levels") for name, value in levels.items()}
    # levels that end at the item's weight are points of the letter, whatever the rule forgot to say
    in_letter = "score_unit" not in terms.params and terms.weight != HUNDRED and max(worths.values()) == terms.weight
    points = worths[given] * HUNDRED / terms.weight if in_letter else converted(worths[given], terms)
    return Score(points, f"{given} → {result(points)}", "level")


def _worth(terms: Terms, facts: Facts, band: Band, place: Place) -> Score:
    text = f"{show(place)} ∈ {band.shown()}"
    if isinstance(band.worth, str) and not _is_number(band.worth):
        names = {"lo": band.low, "hi": band.high}
        value, told = expr.value(
            terms, facts, band.worth, {key: edge for key, edge in names.items() if edge is not None}
        )
        text += f" → {told}"
    else:
        value = number(band.worth, "value")
    points = converted(value, terms)
    if points < 0 and not terms.signed:  # a negative worth is a deduction from what the item starts with
        points = start(terms) + points
    return Score(points, f"{text} → {result(points)}", "band")


def _is_number(text: str) -> bool:
    try:
        number(text)
    except InvalidInput:
        return False
    return True


@dataclass(frozen=True)
class Fault:
    """A place where the bands are silent (`gap`) or speak twice (`overlap`), with a value that shows it."""

    code: str
    example: str


def faults(terms: Terms) -> list[Fault]:
    """Gaps and overlaps between the bands, each with an example value; levels have none."""
    if terms.params.get("levels"):
        return []
    bands = read(terms)
    edges = sorted({edge for band in bands for edge in (band.low, band.high) if edge is not None})
    found = []
    for place in _samples(edges):
        count = sum(band.holds(place) for band in bands)
        if count != 1 and not (count > 1 and terms.params.get("rows")):  # rows are read from the top on purpose
            found.append(Fault("gap" if count == 0 else "overlap", show(place)))
    return found


def _samples(edges: list[Any]) -> list[Any]:
    if not edges:
        return []
    if isinstance(edges[0], date):
        return edges
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return sorted([edges[0] - HUNDRED, *edges, *between, edges[-1] + HUNDRED], key=lambda place: place - ZERO)
